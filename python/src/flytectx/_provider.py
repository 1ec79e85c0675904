# SPDX-License-Identifier: Apache-2.0
"""What the preload asks for the context of a thread that is about to start something.

It asks in the middle of whatever C code runs there, with Python's lock held. So the answer is put
together of functions that are written in C themselves: no bytecode runs, and hence no signal
handler (whose exception would be lost), no other thread, no tracing. Only a Context that was never
entered, and is seen for the first time, takes a function in Python.
"""

import atexit
import ctypes
import operator
import os
from itertools import repeat

from flyte._context import root_context_var

from flytectx import _known, _native
from flytectx._known import DEFAULT

_KEPT = 256
_nothing = repeat(None).__next__
_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_void_p)


class _Provider(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("ask", _FUNCTION),
        ("running", ctypes.c_void_p),
        ("own", ctypes.c_void_p),
        ("instance", ctypes.c_void_p),
        ("of_instance", ctypes.c_void_p),
        ("pending", ctypes.c_void_p),
    ]


class _Answers(dict):
    """By Context: a function that returns the address of its native context."""

    def __missing__(self, context):
        try:
            return _add(context)
        except Exception:
            return _nothing


class _IfFresh(dict):
    """True: the address, for as long as the custom context is what it was."""

    def __init__(self, context, known):
        super().__init__({True: known.reference.address})
        self.context = context
        self.known = known

    def __missing__(self, _):
        try:
            return _add(self.context)()
        except Exception:
            return None


_answers = _Answers({DEFAULT: _nothing})


def _add(context):
    known = _known.of_context(context)
    if known is None:
        return _nothing
    if len(_answers) > _KEPT:
        _answers.clear()
        _answers[DEFAULT] = _nothing
    is_fresh = map(known.task.custom_context.__eq__, repeat(known.snapshot))
    _answers[context] = map(_IfFresh(context, known).__getitem__, is_fresh).__next__
    return _answers[context]


def forget(context):
    _answers.pop(context, None)


def _make_ask():
    """In Python: lambda: _answers[root_context_var.get()]()"""
    contexts = map(root_context_var.get, repeat(DEFAULT))
    functions = map(_answers.__getitem__, contexts)
    return map(operator.methodcaller("__call__"), functions).__next__


def _address_of(*names):
    for name in names:
        try:
            return ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
        except AttributeError:
            pass
    return None


def _make_provider():
    provider = _Provider(
        size=ctypes.sizeof(_Provider),
        ask=_FUNCTION(_make_ask()),
        running=_address_of("PyThreadState_GetUnchecked", "_PyThreadState_UncheckedGet"),
        own=_address_of("PyGILState_GetThisThreadState"),
        instance=_address_of("PyInterpreterState_Get"),
        of_instance=_native.interpreter(),
        pending=_address_of("PyErr_Occurred"),
    )
    # For ever: a thread without the lock may be looking at it while Python ends.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(provider))
    return ctypes.addressof(provider)


def register():
    """False where the preload takes none."""
    address = _make_provider()
    if _native.provider_set(address) != 0:
        return False
    os.register_at_fork(after_in_child=lambda: _native.provider_set(address))
    atexit.register(_native.provider_set, None)
    return True
