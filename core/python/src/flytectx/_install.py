# SPDX-License-Identifier: Apache-2.0
"""Connects Python with the preload, once: first all is imported and looked at, then it is patched."""

import sys
from _thread import allocate_lock

_lock = allocate_lock()
_prepared = False
_why = None
_patched = False
_flyte = None  # is it connected?


def _has_one_lock():
    """What the provider relies on, and the functions of CPython that it asks with."""
    is_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    return sys.implementation.name == "cpython" and is_enabled()


def _look():
    if sys.implementation.name != "cpython":
        return "not CPython"
    if not _has_one_lock():
        return "CPython without its lock"
    try:
        from flytectx import _native
    except Exception as error:  # a subinterpreter of its own lock, a Python without libffi, an audit
        return f"no ctypes: {type(error).__name__}: {error}"
    try:
        return _native.why_not()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def prepare():
    """Why there is nothing to connect with; None where there is."""
    global _prepared, _why
    if not _prepared:
        why = _look()
        with _lock:
            if not _prepared:
                _prepared, _why = True, why
    return _why


def _patch():
    from flytectx import _provider
    from flytectx.patches import anyio, asyncio, concurrent_futures, greenlet
    from flytectx.patches import multiprocessing, opentelemetry, os, trio, uvloop

    if not _provider.register():
        return "the preload takes no provider"
    # Of threads that are greenlets it is the first.
    for module in greenlet, os, asyncio, uvloop, concurrent_futures, multiprocessing, anyio, trio:
        module.install()
    opentelemetry.install()
    return None


def connect():
    """Contexts of the package's own, without flyte. Why they can't be; None where they are."""
    global _patched, _why
    why = prepare()
    if why is not None or _patched:
        return why
    with _lock:
        if not _patched:
            try:
                _why = _patch()
            except Exception as error:
                _why = f"{type(error).__name__}: {error}"
            _patched = True  # not where a signal handler has raised: what is patched is marked
    return _why


def _connect_flyte():
    from flytectx.patches import IN_PLACE, flyte, flyte_restored

    flyte.install()
    if flyte.follower.state == IN_PLACE:
        flyte_restored.install()
    return flyte.follower.state == IN_PLACE


def install():
    """Those of flyte too, which is imported for it."""
    global _flyte
    if connect() is not None:
        return False
    if _flyte is None:
        import flyte._context  # noqa: F401 - its own failure is the caller's

        with _lock:
            if _flyte is None:
                try:
                    _flyte = _connect_flyte()
                except Exception as error:
                    _flyte = False
                    _say(error)
    return _flyte


def _say(error):
    from flytectx.patches import GAVE_UP, Follower, table

    follower = table.get("flyte") or Follower("flyte", "")
    follower.state, follower.why = GAVE_UP, f"{type(error).__name__}: {error}"


def is_patched():
    return _patched and _why is None
