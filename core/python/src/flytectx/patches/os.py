# SPDX-License-Identifier: Apache-2.0
"""Starts by Python itself: os.fork and its like, os.system, subprocess, threads.

The preload asks at each start, but only C code can answer it: where the Context here was set and
never entered, or its custom context was changed in place, Python has to be asked before. And where
the preload learns of a start too late to ask, it is told here: subprocess uses vfork(), in whose
child nobody may be asked, and os.system() gives up Python's lock first.

What stands in for a builtin has no frame of its own where there is nothing to do, which is nearly
always: the call finds the original behind a property that is made of C functions. So warnings,
tracebacks and debuggers see what they see without it. It is an object, since a function would be
bound where it is kept in a class.
"""

import operator
import os
import posix
import sys
import threading
from functools import partial
from itertools import repeat, starmap

import _posixsubprocess

from flytectx import _errors, _follow, _known, _native, _provider, _source
from flytectx.patches import Follower

follower = Follower("os", "CPython 3.10 to 3.14")

_ASKED = ("posix_spawn", "posix_spawnp", "fork", "forkpty", "execv", "execve")
_STARTS_PROGRAM = {"posix_spawn", "posix_spawnp", "execv", "execve", "system", "fork_exec"}
_STARTS_THREAD = ("_start_joinable_thread", "_start_new_thread")  # from 3.13 on; before
_ONCE = ((),)

_choose = None  # a function of patches/opentelemetry.py, once there are spans
_renewals = []  # of the fronts: each has its choice made anew


def _make_ready():
    """Have an answer ready for this thread's Context, which may have been set, not entered."""
    with _errors.of_ours_ignored:
        context = _follow.here()
        if context is not None:
            _known.of_context(context)


class _Told:
    """A function at whose call the preload can't ask: what it would be answered is current meanwhile."""

    __slots__ = ("function",)

    def __init__(self, function):
        self.function = function

    def __call__(self, /, *args, **kwargs):
        before = []
        try:
            # In C up to the list: no signal handler comes between the call and its result.
            before.extend(starmap(_native.provider_enter, _ONCE))
            return self.function(*args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        finally:
            for scope in before:
                _native.provider_leave(scope)


def _choice(original, other):
    """A property: the original, where what is current here is what Python says, or nothing.

    That is found in C. Else the answer is made ready first, and it is the other.
    """

    def make_ready():
        _make_ready()
        return other

    current = starmap(_native.current, repeat(()))
    is_right = map(operator.contains, zip(repeat(0), current), _provider.answers("_flytectx_state"))
    functions = map({True: repeat(original).__next__}.get, is_right, repeat(make_ready))
    return property(partial(next, map(operator.methodcaller("__call__"), functions)))


def _front_of(original, other):
    def get(self, name):
        return getattr(original, name)

    name = original.__name__
    namespace = {
        "__slots__": (),
        "__call__": _choice(original, other),
        "__getattr__": get,
        "__class__": property(lambda self: type(original)),
        "__module__": property(lambda self: original.__module__),
        "__doc__": property(lambda self: original.__doc__),
        "__dir__": lambda self: dir(original),
        "__repr__": lambda self: repr(original),
        "__reduce__": lambda self: name,
        "_flytectx_follower": follower.name,
    }
    kind = type(name, (), namespace)

    def renew():
        usual = _choice(original, other)
        kind.__call__ = _choose(original, usual) if _choose and name in _STARTS_PROGRAM else usual

    _source.when_changed(renew)
    _renewals.append(renew)
    return kind()


def choose_with(choose):
    """Starts of programs call what choose(original, its usual choice), a property, has; None: as usual."""
    global _choose
    _choose = choose
    for renew in _renewals:
        renew()


def _ready(original):
    return _front_of(original, original)


def _told(original):
    return _front_of(original, _Told(original))


def _replace_in_os(name, wrap):
    original = getattr(os, name)
    front = follower.replace(os, name, wrap)
    if front is original:
        return
    follower.replace(posix, name, lambda _: front)  # where pickle looks for it
    if original in os.supports_fd:
        os.supports_fd.add(front)
        follower.calls_at_undo(lambda: os.supports_fd.discard(front))


def _change_subprocess(front, original):
    """It is bound there, where it was imported already."""
    subprocess = sys.modules.get("subprocess")
    if getattr(subprocess, "_fork_exec", None) is original:
        follower.replace(subprocess, "_fork_exec", lambda _: front)


def _change():
    for name in _ASKED:
        _replace_in_os(name, _ready)
    _replace_in_os("system", _told)
    follower.replace(threading, next(name for name in _STARTS_THREAD if hasattr(threading, name)), _ready)
    original = _posixsubprocess.fork_exec
    _change_subprocess(follower.replace(_posixsubprocess, "fork_exec", _told), original)


def install():
    follower.apply(_change)
