# SPDX-License-Identifier: Apache-2.0
"""A context as plain values, which can be pickled: between the preload's struct and Python."""

import ctypes

from flytectx import _native

_texts = [name for name, kind in _native.TaskContext._fields_ if kind is ctypes.c_char_p]
_values = ["mode", "interactive_mode", "disable_run_cache", "in_trace", "run_start_time"]


def of_native(address):
    """The fields of a context that is held; strings are bytes."""
    context = _native.TaskContext.from_address(address)
    fields = {name: getattr(context, name) for name in _texts + _values}
    for name in ("action", "task_action"):
        action = getattr(context, name)
        fields[name] = {part: getattr(action, part) for part, _ in action._fields_}
    count, pairs = context.pair_count, context.pairs
    fields["custom_context"] = (
        [(pair.key, pair.value) for pair in (_native.Pair * count).from_address(pairs)]
        if count
        else []
    )
    return fields


def task_name_of(action):
    """The name of the task with this action: it is nowhere in flyte's TaskContext."""
    address = _native.current()
    if not address:
        return None
    context = _native.TaskContext.from_address(address)
    here = context.task_action
    is_same = here.name == action["name"] and here.run_name == (action["run_name"] or here.run_name)
    return context.task_name if is_same else None


def template_of(fields):
    """The struct of these fields, without a custom context."""
    context = _native.TaskContext(size=_native.SIZE)
    for name in _texts + _values:
        setattr(context, name, fields[name])
    for name in ("action", "task_action"):
        setattr(context, name, _native.Action(**fields[name]))
    return context


def make(template, custom_context):
    """A Reference on a new context; None where it can't be made.

    One whose custom context is too large for a carrier has none: at least the task is right.
    """
    address = _new(template, custom_context) or _new(template, [])
    return _native.made(address) if address else None


def make_native(fields):
    return make(template_of(fields), fields["custom_context"])


def _new(template, custom_context):
    context = _native.TaskContext.from_buffer_copy(template)  # other threads have the same template
    texts = [text for pair in custom_context for text in pair]
    array = (ctypes.c_char_p * len(texts))(*texts)
    context.pair_count = len(texts) // 2
    context.pairs = ctypes.addressof(array)
    return _native.new(context)


def make_near(custom_context):
    """The same of what is current, with these in its custom context, too."""
    texts = [text for pair in custom_context for text in pair]
    array = (ctypes.c_char_p * len(texts))(*texts)
    address = _native.new_pairs(ctypes.addressof(array), len(custom_context))
    return _native.made(address) if address else None
