# SPDX-License-Identifier: Apache-2.0
"""Which of flyte's TaskContexts is which native context.

A TaskContext is frozen, so it is known by its identity; but its custom_context is a dict, which a
program may change in place: what that was is kept beside, and compared. The last few that were
used are kept, with a reference on the native one, so that no address comes to stand for another.
"""

from collections import OrderedDict
from weakref import WeakValueDictionary

from flyte._context import Context, root_context_var
from contextvars import Context as _Empty

from flytectx import _fields, _native, _tasks

# What every thread has that has entered nothing: one object for all.
DEFAULT: Context = _Empty().run(root_context_var.get)

_KEPT = 64
_by_task: "OrderedDict[tuple[int, bool], Known]" = OrderedDict()
_by_address: "dict[int, Known]" = {}

# The last one of each action, for what the native context does not have: its report, its data.
_relatives: "WeakValueDictionary[tuple, object]" = WeakValueDictionary()


class Known:
    __slots__ = ("task", "in_trace", "reference", "snapshot")

    def __init__(self, task, in_trace, reference):
        self.task = task
        self.in_trace = in_trace
        self.reference = reference
        self.snapshot = dict(task.custom_context)

    def is_fresh(self):
        return self.snapshot == self.task.custom_context


def _keep(known):
    _by_task[id(known.task), known.in_trace] = known
    _by_address[known.reference.address] = known
    while len(_by_task) > _KEPT:
        try:
            _, old = _by_task.popitem(last=False)
        except KeyError:  # another thread was faster
            return
        if _by_address.get(old.reference.address) is old:
            del _by_address[old.reference.address]


def _use(known):
    try:
        _by_task.move_to_end((id(known.task), known.in_trace))
    except KeyError:
        _keep(known)
    return known


def of_context(context):
    """The native context of a Context that was entered; None where it has no task."""
    data = context._data
    task = data.task_context
    if task is None or context is DEFAULT:
        return None
    known = _by_task.get((id(task), data.in_trace))
    if known is not None and known.task is task and known.is_fresh():
        return _use(known)
    return _make(task, data.in_trace)


def _make(task, in_trace):
    reference = _fields.make_native(_tasks.fields_of(task, in_trace))
    if not reference.address:
        return None
    known = Known(task, in_trace, reference)
    _keep(known)
    _relatives[_family(_tasks.fields_of(task, False))] = task
    return known


def of_native(address):
    """The TaskContext of a native context that is current here: the same where it came from here."""
    known = _by_address.get(address)
    if known is not None:
        return _use(known)
    reference = _native.hold(address)
    fields = _fields.of_native(address)
    task = _tasks.task_of(fields, _relatives.get(_family(fields)))
    known = Known(task, fields["in_trace"], reference)
    _keep(known)
    return known


def _family(fields):
    action = fields["task_action"]
    return action["project"], action["domain"], action["run_name"], action["name"]
