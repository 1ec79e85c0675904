# SPDX-License-Identifier: Apache-2.0
"""Starts of programs of which the preload learns too late to ask.

subprocess uses vfork(), in whose child nobody may be asked, and os.system() gives up Python's lock
first. So it is asked here.
"""

import functools
import os
import sys

import _posixsubprocess

from flytectx import _native


def _wrap(start):
    @functools.wraps(start)
    def wrapped(*args, **kwargs):
        before = _native.provider_enter()
        try:
            return start(*args, **kwargs)
        finally:
            _native.provider_leave(before)

    return wrapped


def install():
    original = _posixsubprocess.fork_exec
    _posixsubprocess.fork_exec = _wrap(original)
    # It is bound there, where it was imported already.
    subprocess = sys.modules.get("subprocess")
    if getattr(subprocess, "_fork_exec", None) is original:
        subprocess._fork_exec = _posixsubprocess.fork_exec
    os.system = _wrap(os.system)
