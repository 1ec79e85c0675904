# SPDX-License-Identifier: Apache-2.0
"""Which native context is which Context of Python's.

A Context, of flyte's or of the package's own, keeps what it is known as. Its task is frozen, but
the custom context of that is a dict, which a program may change in place: what it was is kept
beside, and compared.

Nothing here holds a task: what a program has dropped is gone, with its report and its workspace.
"""

from itertools import chain, repeat
from operator import is_not
from weakref import WeakValueDictionary, ref

from flytectx import _fields, _native

_tasks = None  # the module, once flyte is followed: without it nothing imports flyte

# What a Context answers where Python has to be asked: nothing is known of it, or it has changed.
ASK = -1

# The last task of each action, for what the native context does not have: its report, its data.
_relatives: "WeakValueDictionary[tuple, object]" = WeakValueDictionary()


def _unchanged(before, live):
    """An iterator, whose each next step says if a dict has the keys and values of another.

    Made of functions in C, as _provider.py says why. It compares identities: the comparison of
    values might be the program's.
    """
    was = tuple(map(id, chain(before, before.values())))
    objects = map(chain, repeat(live), repeat(live.values()))
    return map(was.__eq__, map(tuple, map(map, repeat(id), objects)))


class Known:
    """What a task is known as."""

    __slots__ = (
        "task",
        "in_trace",
        "reference",
        "address",
        "scope",
        "snapshot",
        "state",
        "template",
        "near",
        "shown",
        "__weakref__",
    )

    def __init__(self, task, in_trace, reference, template):
        self.task = ref(task)
        self.in_trace = in_trace
        self.reference = reference
        self.address, self.scope = reference.address, reference.scope
        self.snapshot = task.custom_context.copy()  # what is alive keeps its identity
        self.template = template
        self.state = self.near = self.shown = None

    def make_state(self, task):
        """Its address, each time that it is called, or ASK once its custom context has changed."""
        states = {True: self.address, "of": (self.reference, self.snapshot)}
        unchanged = _unchanged(self.snapshot, task.custom_context)
        self.state = map(states.get, unchanged, repeat(ASK)).__next__


def of_context(context, near=None, here=None):
    """What a Context is known as; None where it has no task.

    `near`: one that may be like it; `here`: the scope that is current. The provider has an answer
    from now on, and Python a state.
    """
    known = getattr(context, "_flytectx_known", None)
    if known is not None:
        if known.state is None:
            known.make_state(context._data.task_context)
            context._flytectx_state = known.state
        if known.state() != ASK:
            return known
        del context._flytectx_state
    data = context._data
    task = data.task_context
    if task is None:
        return None
    known = _of_task(task, getattr(data, "in_trace", False), near, here)
    if known is not None:
        context._flytectx_known = known
        context._flytectx_answer = known.reference.answer
    return known


ask = repeat(ASK).__next__


class Fixed:
    """What a context of the package's own is known as."""

    __slots__ = ("reference", "address", "scope", "state")

    def __init__(self, reference):
        self.reference = reference
        self.address, self.scope = reference.address, reference.scope
        self.state = repeat(reference.address or 0).__next__

    def task(self):
        """None: no other is made from it."""


class _Template:
    """A struct without a custom context: what most scopes change is that alone."""

    __slots__ = ("in_trace", "struct")


def _is_near(task, in_trace, near):
    """Is the custom context all in which it differs? The fields have the same order in each task."""
    other = near.task()
    if other is None or near.template.in_trace != in_trace:
        return False
    mine, others = task.__dict__, other.__dict__
    return (
        sum(map(is_not, mine.values(), others.values())) == 1
        and len(mine) == len(others)
        and mine["custom_context"] is not others["custom_context"]
    )


def _template_of(task, in_trace):
    fields = _tasks.fields_of(task, in_trace)
    fields["task_name"] = _fields.task_name_of(fields["task_action"])
    template = _Template()
    template.in_trace = in_trace
    template.struct = _fields.template_of(fields)
    _relatives[family_of(fields)] = task
    return template


def _make_near(task, near):
    """From what is current on this thread, which is what `near` is known as."""
    before, now = near.snapshot, task.custom_context
    # The one that was made last: scopes are entered in loops. It has strings alone.
    if near.near is not None and near.near[0] == now:
        found = _native.known_at.get(near.near[1].address)
        if found is None or found() is None:
            return near.near[1]
    if not before.keys() <= now.keys():
        return None
    changed = {key: value for key, value in now.items() if before.get(key) is not value}
    pairs = _tasks.pairs_of(changed)
    if len(pairs) != len(changed) or not pairs:
        return None
    reference = _fields.make_near(pairs)
    if reference is not None and {str}.issuperset(map(type, now.values())):
        near.near = now.copy(), reference
    return reference


def _of_task(task, in_trace, near, here):
    reference = None
    if near is not None and _is_near(task, in_trace, near):
        template = near.template
        reference = _make_near(task, near) if near.scope == here else None
    else:
        template = _template_of(task, in_trace)
    if reference is None:
        reference = _fields.make(template.struct, _tasks.pairs_of(task.custom_context))
        if reference is None:
            return None
    known = Known(task, in_trace, reference, template)
    _native.known_at[reference.address] = ref(known)
    return known


def at(address):
    """What Python has made and still has, of which this is the native context; or None."""
    found = _native.known_at.get(address)
    known = found() if found is not None else None
    return known if known is not None and known.task() is not None else None


def relative_of(fields):
    return _relatives.get(family_of(fields))


def family_of(fields):
    action = fields["task_action"]
    return action["project"], action["domain"], action["run_name"], action["name"]
