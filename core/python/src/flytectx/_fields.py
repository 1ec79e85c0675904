# SPDX-License-Identifier: Apache-2.0
"""A context as plain values, which can be pickled: between the struct and Python's TaskContext."""

import ctypes

from flytectx import _native

_texts = [name for name, kind in _native.TaskContext._fields_ if kind is ctypes.c_char_p]
_values = ["mode", "interactive_mode", "disable_run_cache", "in_trace", "run_start_time"]


def of_native(address):
    """The fields of a context that somebody holds; strings are bytes."""
    context = _native.TaskContext.from_address(address)
    fields = {name: getattr(context, name) for name in _texts + _values}
    for name in ("action", "task_action"):
        action = getattr(context, name)
        fields[name] = {part: getattr(action, part) for part, _ in action._fields_}
    pairs = context.custom_context
    fields["custom_context"] = [(pair.key, pair.value) for pair in pairs.items[: pairs.count]]
    return fields


def make_native(fields):
    """A Reference on a new context with these fields; on none where it can't be made."""
    made = _new(fields, fields["custom_context"])
    # Too large for a carrier, perhaps: at least the task is right.
    return _native.Reference(made or _new(fields, []))


def _new(fields, custom_context):
    context = _native.TaskContext(size=ctypes.sizeof(_native.TaskContext))
    for name in _texts + _values:
        setattr(context, name, fields[name])
    for name in ("action", "task_action"):
        setattr(context, name, _native.Action(**fields[name]))
    pairs = (_native.Pair * len(custom_context))(*custom_context)
    context.custom_context = _native.Pairs(len(pairs), pairs)
    return _native.new(context)
