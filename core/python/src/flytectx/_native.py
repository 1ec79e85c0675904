# SPDX-License-Identifier: Apache-2.0
"""flyte_ctx.h for Python: its struct, the functions of the preload, and a thread's slot.

The slot is where the preload keeps the scope of a thread, the one machine word that says which
context is current there. Python reads and writes it as an item of a memoryview: in C, at once, so
that no signal handler comes between, and in a tenth of the time of a call.

A *scope* is what a slot holds, an *address* that of the struct which flyte_ctx() returns. They
are a fixed distance apart, but for the scope of the process.
"""

import ctypes
from ctypes import POINTER, Structure, c_bool, c_char_p, c_int, c_int64, c_size_t, c_void_p
from itertools import repeat


class Action(Structure):
    _fields_ = [(name, c_char_p) for name in ("name", "run_name", "project", "domain", "org")]


class Pair(Structure):
    _fields_ = [("key", c_char_p), ("value", c_char_p)]


class TaskContext(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("action", Action),
        ("task_action", Action),
        ("version", c_char_p),
        ("input_path", c_char_p),
        ("output_path", c_char_p),
        ("run_base_dir", c_char_p),
        ("raw_data_path", c_char_p),
        ("old_prefix", c_char_p),
        ("new_prefix", c_char_p),
        ("checkpoint_path", c_char_p),
        ("prev_checkpoint_path", c_char_p),
        ("group", c_char_p),
        ("mode", c_int),
        ("interactive_mode", c_bool),
        ("disable_run_cache", c_bool),
        ("in_trace", c_bool),
        ("run_start_time", c_int64),
        ("pair_count", c_size_t),
        ("pairs", c_void_p),
        ("task_name", c_char_p),
    ]


SIZE = ctypes.sizeof(TaskContext)
MODES = (None, "local", "remote", "hybrid")

_preload = ctypes.CDLL(None)
_pythonapi = ctypes.pythonapi


def _function(name, result, *arguments):
    """A function of the preload, which gives back at once: it is called with the lock held."""
    try:
        address = ctypes.cast(getattr(_preload, name), c_void_p).value
    except AttributeError:
        return None
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


current = _function("flyte_ctx", c_void_p)
retain = _function("flytectx_ctx_retain", c_void_p, c_void_p)
release = _function("flytectx_ctx_release", None, c_void_p)
swap = _function("flytectx_ctx_swap", c_void_p, c_void_p)
new = _function("flytectx_ctx_new", c_void_p, POINTER(TaskContext))
new_pairs = _function("flytectx_ctx_new_pairs", c_void_p, c_void_p, c_size_t)
slot_of_thread = _function("flytectx_ctx_slot", c_void_p)
provider_set = _function("flytectx_provider_set", c_int, c_void_p)
provider_enter = _function("flytectx_provider_enter", c_void_p)
provider_leave = _function("flytectx_provider_leave", None, c_void_p)


def why_not():
    """Why this interpreter can't be connected with the preload; None where it can."""
    if current is None:
        return "no preload"
    if provider_set is None or slot_of_thread is None or new_pairs is None:
        return "the preload is of another version"
    if interpreter() != _state_function("PyInterpreterState_Main")():
        return "a subinterpreter"
    return _find_distance()


def interpreter():
    return _state_function("PyInterpreterState_Get")()


def _state_function(name):
    return ctypes.PYFUNCTYPE(c_void_p)((name, _pythonapi))


# --- slots ---

distance = 0  # from a scope to its address


def new_slot():
    """This thread's slot.

    The thread takes part in the preload's bookkeeping from its first swap() on.
    """
    word = (c_size_t * 1).from_address(slot_of_thread())
    release(swap(retain(current())))
    return memoryview(word).cast("B").cast("N")


def _find_distance():
    """Learn how scopes and addresses belong together, by a context of its own; why they don't."""
    global distance
    address = new(TaskContext(size=SIZE, action=Action(name=b"flytectx")))
    if not address:
        return "the preload makes no context"
    if TaskContext.from_address(address).size < SIZE:
        release(address)
        return "the preload has a smaller struct than the package"
    slot = new_slot()
    before = swap(address)
    scope, seen = slot[0], current()
    swap(before)
    release(address)
    distance = address - scope
    is_found = seen == address and 0 < distance < 4096
    return None if is_found else "the preload is of another version"


class Reference:
    """A reference on a context, or on none; given back with the object."""

    __slots__ = ("address", "scope", "spare", "_release")

    def __init__(self, address, scope):
        self.spare = False  # has it another, which it gives to a slot and gets back?
        self._release = release  # module globals may be gone before the last reference
        self.scope = scope
        self.address = address

    def __del__(self):
        address = getattr(self, "address", None)  # __init__ may have been interrupted
        if address:
            self._release(address)
            if self.spare:
                self._release(address)


class Made(Reference):
    """One on a context that was made here."""

    __slots__ = ("answer",)  # of the provider, see _provider.py

    def __del__(self):
        address = getattr(self, "address", None)
        if address:
            known_at.pop(address, None)
            self._release(address)
            if self.spare:
                self._release(address)


known_at = {}  # by address, a weakref to what was made of each, see _known.py


def hold(slot):
    """A Reference on what is current in this thread, whose slot it is."""
    address, scope = current(), slot[0]
    retain(address)
    return Reference(address, scope)


def made(address):
    """The owner of a new context."""
    reference = Made(address, address - distance)
    reference.answer = repeat(address).__next__
    retain(address)
    reference.spare = True
    return reference


def outside(slot):
    """A Reference on the context outside of tasks."""
    before = swap(retain(None))
    scope = slot[0]
    release(swap(before))
    return Reference(None, scope)
