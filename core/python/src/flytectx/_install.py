# SPDX-License-Identifier: Apache-2.0
"""Connects what the other modules do, once."""

import sys

_installed = None


def install():
    global _installed
    if _installed is None:
        _installed = _connect()
    return _installed


def _has_one_lock():
    """What the provider relies on, and the functions of CPython that it asks with."""
    is_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    return sys.implementation.name == "cpython" and is_enabled()


def _connect():
    if not _has_one_lock():
        return False
    try:
        from flytectx import _native
    except ImportError:  # no ctypes: a subinterpreter of its own lock, a Python without libffi
        return False

    if not _native.is_there():
        return False
    from flytectx import _executors, _follow, _inherit, _multiprocessing, _provider
    from flytectx import _restored, _starts, _uvloop

    if not _provider.register():
        return False
    _inherit.install()
    _follow.install()
    _starts.install()
    _executors.install()
    _multiprocessing.install()
    _restored.install()
    _uvloop.install()
    return True
