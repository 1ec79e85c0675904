# SPDX-License-Identifier: Apache-2.0
"""Which of flyte's TaskContexts is which native context.

A TaskContext is frozen, so it is known by its identity; but its custom_context is a dict, which a
program may change in place: what that was is kept beside, and compared. A Context keeps what it is
known as. The last few that were used are kept here, for threads that are still in a context which
nobody else has any more; each with a reference, so that no address comes to stand for another.
"""

from collections import OrderedDict
from contextvars import Context as _Empty
from itertools import chain, repeat
from weakref import WeakValueDictionary

from flyte._context import Context, root_context_var

from flytectx import _errors, _fields, _native, _tasks

# What every thread has that has entered nothing: one object for all.
DEFAULT: Context = _Empty().run(root_context_var.get)

_KEPT = 64
_by_address: "OrderedDict[int, Known]" = OrderedDict()

# The last one of each action, for what the native context does not have: its report, its data.
_relatives: "WeakValueDictionary[tuple, object]" = WeakValueDictionary()


def _unchanged(live):
    """An iterator, whose each next step says if a dict has the keys and values that it has now.

    Made of functions in C, as _provider.py says why. It compares identities: the comparison of
    values might be the program's.
    """
    was = tuple(map(id, chain(live, live.values())))
    objects = map(chain, repeat(live), repeat(live.values()))
    return map(was.__eq__, map(tuple, map(map, repeat(id), objects)))


class Known:
    __slots__ = ("task", "in_trace", "reference", "snapshot", "is_fresh", "answer", "_data")

    def __init__(self, task, in_trace, reference):
        self.task = task
        self.in_trace = in_trace
        self.reference = reference
        self.snapshot = dict(task.custom_context)  # what is alive keeps its identity
        is_fresh = _unchanged(task.custom_context)
        self.is_fresh = is_fresh.__next__
        # The provider's: the address, as long as the custom context is what it was, else 0.
        # Whoever has it has all that it speaks of.
        answers = {True: reference.address, "of": (reference, self.snapshot)}
        self.answer = map(answers.get, is_fresh, repeat(0)).__next__
        self._data = None

    @property
    def data(self):
        """What the default Context shows of it."""
        if self._data is None:
            self._data = DEFAULT._data.replace(task_context=self.task, in_trace=self.in_trace)
        return self._data


def _keep(known):
    _by_address[known.reference.address] = known
    if len(_by_address) > _KEPT:
        try:
            _by_address.popitem(last=False)
        except KeyError:  # other threads were faster
            pass
    return known


def of_context(context):
    """The native context of a Context that was entered; None where it has no task."""
    known = context.__dict__.get("_flytectx_known")
    if known is not None and known.is_fresh():
        return known
    data = context._data
    if data.task_context is None or context is DEFAULT:
        return None
    known = _of_task(data.task_context, data.in_trace)
    context._flytectx_known = known
    if known is not None:
        context._flytectx_answer = known.answer
    return known


def _of_task(task, in_trace):
    with _errors.of_ours_ignored:
        fields = _tasks.fields_of(task, in_trace)
        reference = _fields.make_native(fields)
        if reference.address:
            _relatives[_family(fields)] = task
            return _keep(Known(task, in_trace, reference))
    return None


def of_native(address):
    """The TaskContext of a native context that is current here: the same where it came from here."""
    known = _by_address.get(address)
    if known is not None:
        try:
            _by_address.move_to_end(address)
        except KeyError:  # dropped meanwhile
            _keep(known)
        return known
    reference = _native.hold(address)
    fields = _fields.of_native(address)
    task = _tasks.task_of(fields, _relatives.get(_family(fields)))
    return _keep(Known(task, fields["in_trace"], reference))


def _family(fields):
    action = fields["task_action"]
    return action["project"], action["domain"], action["run_name"], action["name"]
