# SPDX-License-Identifier: Apache-2.0
"""greenlet, and so gevent and eventlet: each greenlet has contextvars of its own.

A thread's tracer of greenlets is called after each switch. It is set where a thread first enters a
Context, and calls the one that was there. What these start in place of a thread has the Context of
its start, as a thread has.
"""

import _thread
import functools
import sys
import threading

from flytectx import _errors, _follow, _source, _work
from flytectx.patches import Follower

follower = Follower("greenlet", "greenlet 1.0 and newer")


class _Tracer:
    __slots__ = ("previous",)

    def __init__(self, previous):
        self.previous = previous

    def __call__(self, event, args):
        if self.previous is not None:
            self.previous(event, args)
        if event == "switch" or event == "throw":
            context = _follow.here()
            if context is not _follow.local.own.context:
                _follow.follow_quietly(context)


def watch(thread):
    """Follow this thread's greenlets."""
    module = sys.modules.get("greenlet")
    if module is None or thread.greenlets:
        return
    with _errors.of_ours_ignored:
        if not module.GREENLET_USE_CONTEXT_VARS or follower.state != "in place":
            return
        if not isinstance(module.gettrace(), _Tracer):
            module.settrace(_Tracer(module.gettrace()))
        thread.greenlets = True


class _Begun(_work.Function):
    """What a thread that is a greenlet runs, in contextvars of its own."""

    __slots__ = ("context",)
    __module__ = property(lambda self: self.__wrapped__.__module__)  # which eventlet looks at

    def __init__(self, context, function):
        self.context, self.__wrapped__ = context, function

    def __call__(self, /, *args, **kwargs):
        try:
            with _errors.of_ours_ignored:
                _source.variable.set(self.context)
                _follow.follow(self.context)
            return self.__wrapped__(*args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise


def _wrap_start(start):
    @functools.wraps(start)
    def wrapped(function, *args, **kwargs):
        context = _follow.here()
        if context is not None:
            function = _Begun(context, function)
        return start(function, *args, **kwargs)

    return wrapped


def _change_threads(module):
    """Also where it is in the place of CPython's already."""
    for name in ("start_new_thread", "start_new", "start_joinable_thread"):
        original = getattr(module, name, None)
        if original is not None:
            replaced = follower.replace(module, name, _wrap_start)
            for owner, patched in (_thread, name), (threading, f"_{name}"):
                if getattr(owner, patched, None) is original:
                    follower.replace(owner, patched, lambda _: replaced)


def _change(module):
    module.gettrace, module.settrace, module.GREENLET_USE_CONTEXT_VARS
    _follow.watch_greenlets = watch
    follower.calls_at_undo(lambda: setattr(_follow, "watch_greenlets", None))


def install():
    follower.when_imported("greenlet", _change)
    follower.when_imported("gevent.thread", _change_threads)
    follower.when_imported("eventlet.green.thread", _change_threads)
