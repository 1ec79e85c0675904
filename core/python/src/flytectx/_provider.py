# SPDX-License-Identifier: Apache-2.0
"""What the preload asks for the context of a thread that is about to start something.

It asks in the middle of whatever C code runs there, with Python's lock held. So the answer is put
together of functions that are written in C themselves: no bytecode runs, and hence no signal
handler, whose exception would be lost, no other thread, no tracing; before CPython 3.12 but for what
the garbage collector finalizes, which may run at any allocation. Each Context has its answer ready
since it was entered, or since Python was last about to start something with it (patches/os.py).
"""

import atexit
import ctypes
import operator
import os
from array import array
from itertools import repeat

from flytectx import _follow, _known, _native, _source


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


def answers(name):
    """An iterator in C, whose each next step is what Python says here:

    getattr(variable.get(), name, lambda: ASK)()

    That is an address; 0: nothing, what is current stays; _known.ASK: Python has to be asked. By
    the name of _flytectx_state it is not of a custom context that has changed.
    """
    contexts = map(_source.variable.get, repeat(_source.default))
    functions = map(getattr, contexts, repeat(name), repeat(_known.ask))
    return map(operator.methodcaller("__call__"), functions)


def _make_question(to):
    """An iterator in C, whose each next step puts an address there, or 0."""
    return map(to.__setitem__, repeat(0), map(max, answers("_flytectx_answer"), repeat(0)))


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


_address = None


def _set():
    _native.provider_set(_address)


def _make_new():
    global _address
    if _address is not None:
        _address = _make_provider()
        _set()


def _end():
    global _address
    _address = None
    _set()


def register():
    """False where the preload takes none."""
    global _address
    if _address is not None:
        return True
    inherited = map(operator.attrgetter("own.base.address"), repeat(_follow.local)).__next__
    _source.nothing._flytectx_answer = _source.nothing._flytectx_state = inherited
    address = _make_provider()
    if _native.provider_set(address) != 0:
        return False
    _address = address
    _source.when_changed(_make_new)
    os.register_at_fork(after_in_child=_set)
    atexit.register(_end)
    return True
