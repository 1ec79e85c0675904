# SPDX-License-Identifier: Apache-2.0
"""flyte_ctx.h for Python: its structs, and the functions of the preload."""

import ctypes
from ctypes import POINTER, Structure, c_bool, c_char_p, c_int, c_int64, c_size_t, c_void_p


class Action(Structure):
    _fields_ = [(name, c_char_p) for name in ("name", "run_name", "project", "domain", "org")]


class Pair(Structure):
    _fields_ = [("key", c_char_p), ("value", c_char_p)]


class Pairs(Structure):
    _fields_ = [("count", c_size_t), ("items", POINTER(Pair))]


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
        ("custom_context", Pairs),
    ]


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
provider_set = _function("flytectx_provider_set", c_int, c_void_p)
provider_enter = _function("flytectx_provider_enter", c_void_p)
provider_leave = _function("flytectx_provider_leave", None, c_void_p)


def is_there():
    """Is there a preload that knows providers, and is this the interpreter that it may ask?"""
    return provider_set is not None and interpreter() == _main_interpreter()


def interpreter():
    return _state_function("PyInterpreterState_Get")()


def _main_interpreter():
    return _state_function("PyInterpreterState_Main")()


def _state_function(name):
    return ctypes.PYFUNCTYPE(c_void_p)((name, _pythonapi))


class Reference:
    """A reference on a context, or on none; given back with the object."""

    __slots__ = ("address", "_release")

    def __init__(self, address):
        self.address = address
        self._release = release  # module globals may be gone before the last reference

    def __del__(self):
        if self.address:
            self._release(self.address)


def hold(address):
    return Reference(retain(address))


def make_current(address):
    """Make a context that somebody holds the current one; None is the one outside of tasks."""
    release(swap(retain(address)))
