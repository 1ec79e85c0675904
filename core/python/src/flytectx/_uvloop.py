# SPDX-License-Identifier: Apache-2.0
"""uvloop runs many tasks on one thread as asyncio's loops do, by handles that are not asyncio's.

So what it is to call is wrapped where it is handed over.
"""

import functools

from flyte._context import root_context_var

from flytectx import _follow, _imports


def _step(callback, *args):
    return _follow.step(root_context_var.get(), callback, *args)


def _wrap_soon(call):
    @functools.wraps(call)
    def wrapped(self, callback, *args, **kwargs):
        return call(self, _step, callback, *args, **kwargs)

    return wrapped


def _wrap_later(call):
    @functools.wraps(call)
    def wrapped(self, delay, callback, *args, **kwargs):
        return call(self, delay, _step, callback, *args, **kwargs)

    return wrapped


def _wrap_at(call):
    @functools.wraps(call)
    def wrapped(self, when, callback, *args, **kwargs):
        return call(self, when, _step, callback, *args, **kwargs)

    return wrapped


def _change(module):
    loop = module.Loop
    loop.create_task = _follow.wrap_create_task(loop.create_task)
    for name in ("call_soon", "call_soon_threadsafe"):
        setattr(loop, name, _wrap_soon(getattr(loop, name)))
    # Each by the names of its arguments.
    loop.call_later = _wrap_later(loop.call_later)
    loop.call_at = _wrap_at(loop.call_at)


def install():
    _imports.when_imported("uvloop", _change)
