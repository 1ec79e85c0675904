# SPDX-License-Identifier: Apache-2.0
"""uvloop runs many tasks on one thread as asyncio's loops do, by handles that are not asyncio's.

So what it is to call is wrapped where it is handed over.
"""

import functools

from flytectx import _errors, _follow, _source
from flytectx.patches import Follower
from flytectx.patches.asyncio import wrap_eager

follower = Follower("uvloop", "uvloop 0.17 to 0.22")


class _Step:
    """A callback, in the Context of the contextvars that it is called in."""

    __slots__ = ("__wrapped__",)

    def __init__(self, callback):
        self.__wrapped__ = callback

    def __call__(self, /, *args):
        context = _source.variable.get()
        return _follow.step(None if context is _source.default else context, self.__wrapped__, *args)

    def __repr__(self):
        return repr(self.__wrapped__)

    def __getattr__(self, name):
        return getattr(self.__wrapped__, name)


def _wrap(position, name):
    """Each takes the callback by this name, too."""

    def wrap(call):
        @functools.wraps(call)
        def wrapped(self, *args, **kwargs):
            if name in kwargs:
                kwargs[name] = _Step(kwargs[name])
            elif len(args) > position:
                args = (*args[:position], _Step(args[position]), *args[position + 1 :])
            try:
                return call(self, *args, **kwargs)
            except BaseException as error:
                _errors.hide_frame(error)
                raise

        return wrapped

    return wrap


def _change(module):
    loop = module.Loop
    follower.replace(loop, "create_task", wrap_eager)
    for name in ("call_soon", "call_soon_threadsafe"):
        follower.replace(loop, name, _wrap(0, "callback"))
    for name in ("call_later", "call_at"):
        follower.replace(loop, name, _wrap(1, "callback"))


def install():
    follower.when_imported("uvloop", _change)
