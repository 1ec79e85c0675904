# SPDX-License-Identifier: Apache-2.0
"""Starts by Python itself.

Before each the thread's Context gets its answer ready. And where the preload learns of a start too
late to ask, it is asked here: subprocess uses vfork(), in whose child nobody may be asked, and
os.system() gives up Python's lock first.
"""

import functools
import os
import posix
import sys
import threading
from itertools import starmap

import _posixsubprocess

from flytectx import _errors, _follow, _native, _provider

_ASKED = ("posix_spawn", "posix_spawnp", "fork", "forkpty", "execv", "execve")
_ONCE = ((),)


def _wrap(start):
    @functools.wraps(start)
    def wrapped(*args, **kwargs):
        with _errors.of_ours_ignored:
            _provider.refresh()
        return _follow.start(start, *args, **kwargs)

    return wrapped


def _wrap_asking(start):
    @functools.wraps(start)
    def wrapped(*args, **kwargs):
        with _errors.of_ours_ignored:
            _provider.refresh()
        before = []
        try:
            # In C up to the list: no signal handler comes between the call and its result.
            before.extend(starmap(_native.provider_enter, _ONCE))
            return _follow.start(start, *args, **kwargs)
        finally:
            for scope in before:
                _native.provider_leave(scope)

    return wrapped


def _replace_in_os(name, wrap):
    original = getattr(os, name)
    wrapped = wrap(original)
    setattr(os, name, wrapped)
    setattr(posix, name, wrapped)  # where pickle looks for it
    if original in os.supports_fd:
        os.supports_fd.add(wrapped)


def install():
    for name in _ASKED:
        _replace_in_os(name, _wrap)
    _replace_in_os("system", _wrap_asking)
    threading.Thread.start = _wrap(threading.Thread.start)
    original = _posixsubprocess.fork_exec
    _posixsubprocess.fork_exec = _wrap_asking(original)
    # It is bound there, where it was imported already.
    subprocess = sys.modules.get("subprocess")
    if getattr(subprocess, "_fork_exec", None) is original:
        subprocess._fork_exec = _posixsubprocess.fork_exec
