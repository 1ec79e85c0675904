# SPDX-License-Identifier: Apache-2.0
"""programs_wrong.py - programs of programs.py in which something goes wrong."""

import ctypes
import signal
import sys

import flyte
from flyte._context import Context, ContextData, root_context_var
from flyte.models import ActionID

from program import entered, holding, leaf, program, task


@program
def a_context_that_is_none():
    class Broken:
        pass

    root_context_var.set(Broken())
    print(holding.in_pthread().decode(), leaf())
    root_context_var.set(Context(ContextData(task_context=task(action=ActionID(name="")))))
    print(holding.in_pthread().decode(), leaf())
    root_context_var.set(flyte._context.Context(ContextData()))
    with entered():
        flyte.ctx().custom_context["scope"] = Unequal()
        print(holding.in_pthread().decode(), leaf())
    broken = task()
    object.__setattr__(broken, "raw_data_path", 1)
    with Context(ContextData(task_context=broken)):
        print(holding.in_pthread().decode(), leaf())


class Unequal:
    def __eq__(self, other):
        raise ValueError


class Alarm(Exception):
    pass


@program
def exceptions_of_signal_handlers():
    """None is lost, whatever the preload asks for meanwhile."""
    armed, raised, caught = False, 0, 0

    def handle(*_):
        nonlocal armed, raised
        if armed:
            armed, raised = False, raised + 1
            raise Alarm

    signal.signal(signal.SIGALRM, handle)
    with entered() as context:
        answers = [context, *(context.replace_task_context(task()) for _ in range(50))]
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        number = 0
        while raised < 200:
            number += 1
            token = root_context_var.set(answers[number % len(answers)])
            try:
                armed = True
                holding.in_pthread()
                armed = False
            except Alarm:
                caught += 1
            root_context_var.reset(token)
        signal.setitimer(signal.ITIMER_REAL, 0)
    print("all" if raised == caught else f"{caught} of {raised}")


@program
def deep_recursion():
    """Where nothing can be called any more, nothing is asked, and nothing said of it."""

    def deeper(depth):
        holding.in_pthread()
        try:
            return deeper(depth + 1)
        except RecursionError:
            holding.in_pthread()
            raise

    with entered():
        try:
            deeper(0)
        except RecursionError:
            print(holding.in_pthread().decode(), leaf())


@program
def tracing():
    """A debugger sees no function of ours where C code starts something."""
    events = []
    with entered():
        holding.in_pthread()
        sys.setprofile(lambda frame, event, argument: events.append((event, frame.f_code.co_name)))
        holding.in_pthread()
        sys.setprofile(None)
    print([event for event in events if event[0] == "call"])


@program
def a_pending_error():
    """A start in the middle of a failure leaves the failure alone."""
    fail = ctypes.cast(ctypes.pythonapi.PyErr_SetString, ctypes.c_void_p)
    with entered():
        try:
            holding.start_failing(fail, ctypes.py_object(KeyError))
        except KeyError as error:
            print(error)


@program
def blocked_signals():
    """The preload does not ask here; what was entered is current all the same."""
    with entered():
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
        print(leaf(), holding.in_pthread().decode())
