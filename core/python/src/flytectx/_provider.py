# SPDX-License-Identifier: Apache-2.0
"""What the preload asks for the context of a thread that is about to start something.

It asks in the middle of whatever C code runs there, with Python's lock held. So the answer is put
together of functions that are written in C themselves: no bytecode runs, and hence no signal
handler, whose exception would be lost, no other thread, no tracing; before CPython 3.12 but for what
the garbage collector finalizes, which may run at any allocation. Each Context has its answer ready
since it was entered, or since Python was last about to start something with it (refresh).
"""

import atexit
import ctypes
import operator
import os
from array import array
from itertools import repeat

from flyte._context import root_context_var

from flytectx import _known, _native
from flytectx._known import DEFAULT

class _Provider(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t)] + [
        (name, ctypes.c_void_p)
        for name in (
            "ask",
            "argument",
            "answer",
            "finish",
            "recover",
            "running",
            "own",
            "instance",
            "of_instance",
            "pending",
        )
    ]


def _make_question(to):
    """An iterator, whose each next step does

    to[0] = getattr(root_context_var.get(), "_flytectx_answer", lambda: 0)()
    """
    contexts = map(root_context_var.get, repeat(DEFAULT))
    nothing = repeat(0).__next__
    functions = map(getattr, contexts, repeat("_flytectx_answer"), repeat(nothing))
    answers = map(operator.methodcaller("__call__"), functions)
    return map(to.__setitem__, repeat(0), answers)


def refresh():
    """Have an answer ready for this thread's Context, which may have been set, not entered."""
    context = root_context_var.get()
    if context is not DEFAULT:
        _known.of_context(context)


def _address_of(*names):
    for name in names:
        try:
            return ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
        except AttributeError:
            pass
    return None


def _make_provider():
    answer = array("Q", [0])
    question = _make_question(answer)
    provider = _Provider(
        size=ctypes.sizeof(_Provider),
        ask=_address_of("PyIter_Next"),
        argument=id(question),
        answer=answer.buffer_info()[0],
        finish=_address_of("Py_DecRef"),
        recover=_address_of("PyErr_Clear"),
        running=_address_of("PyThreadState_GetUnchecked", "_PyThreadState_UncheckedGet"),
        own=_address_of("PyGILState_GetThisThreadState"),
        instance=_address_of("PyInterpreterState_Get"),
        of_instance=_native.interpreter(),
        pending=_address_of("PyErr_Occurred"),
    )
    # For ever: a thread without the lock may be looking at it while Python ends.
    for kept in provider, question, answer:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))
    return ctypes.addressof(provider)


def register():
    """False where the preload takes none."""
    address = _make_provider()
    if _native.provider_set(address) != 0:
        return False
    os.register_at_fork(after_in_child=lambda: _native.provider_set(address))
    atexit.register(_native.provider_set, None)
    return True
