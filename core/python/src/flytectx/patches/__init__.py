# SPDX-License-Identifier: Apache-2.0
"""The followers: a module for each thing that is patched, named after it.

Each has a Follower in the table, which knows what it has replaced, can undo it, and says whether it
is in place. One whose module is not what it knows gives up alone, with nothing of it left behind.
"""

from flytectx import _autoload

WAITING, IN_PLACE, GAVE_UP, OFF = "waiting", "in place", "gave up", "off"

table = {}  # by name


class Moved(Exception):
    """What is to be replaced is not what this package knows."""


class Follower:
    """Replaces attributes of modules and classes, each once."""

    def __init__(self, name, knows):
        self.name = name
        self.knows = knows  # versions, for people
        self.state = OFF
        self.why = ""
        self._undo = []
        table[name] = self

    def when_imported(self, module, change):
        """Call change(module) when it is imported."""
        if self.state == OFF:
            self.state = WAITING
        _autoload.when_imported(module, lambda found: self.apply(change, found))

    def apply(self, change, *arguments):
        """All of a change or nothing."""
        done = len(self._undo)
        try:
            change(*arguments)
        except BaseException as error:  # another version, another's module of that name
            self._undo_from(done)
            if not isinstance(error, Exception):
                raise
            self.state, self.why = GAVE_UP, f"{type(error).__name__}: {error}"
        else:
            if self.state != GAVE_UP:
                self.state = IN_PLACE

    def replace(self, owner, name, wrap):
        """owner.name = wrap(owner.name), unless that was done; a Moved where it has none."""
        try:
            original = vars(owner)[name]
        except KeyError:
            try:
                original = getattr(owner, name)
            except AttributeError:
                raise Moved(f"{getattr(owner, '__name__', owner)} has no {name}") from None
        if getattr(original, "_flytectx_follower", None) is not None:
            return original
        replaced = wrap(original)
        try:
            getattr(replaced, "__func__", replaced)._flytectx_follower = self.name
        except AttributeError:
            pass
        setattr(owner, name, replaced)
        self._undo.append((owner, name, original, replaced))
        return replaced

    def calls_at_undo(self, function):
        self._undo.append((None, None, function, None))

    def undo(self):
        self._undo_from(0)
        if self.state != GAVE_UP:
            self.state = OFF

    def _undo_from(self, done):
        while len(self._undo) > done:
            owner, name, original, replaced = self._undo.pop()
            if owner is None:
                original()
            elif vars(owner).get(name) is replaced:  # not by another's, on top of ours
                setattr(owner, name, original)


def parameters(function):
    """Names of a Python function's parameters; a Moved where it is none."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        raise Moved(f"{function!r} is no Python function")
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def expect(function, *names):
    """Does it begin with these parameters?"""
    found = parameters(function)
    if found[: len(names)] != names:
        raise Moved(f"{getattr(function, '__qualname__', function)} takes {', '.join(found)}")
