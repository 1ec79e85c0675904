# SPDX-License-Identifier: Apache-2.0
"""greenlet, and so gevent and eventlet: each greenlet has contextvars of its own.

A thread's tracer of greenlets is called after each switch. It is set where a thread first enters a
Context, and calls the one that was there.
"""

import sys

from flytectx import _errors, _follow
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


def _change(module):
    module.gettrace, module.settrace, module.GREENLET_USE_CONTEXT_VARS
    _follow.watch_greenlets = watch
    follower.calls_at_undo(lambda: setattr(_follow, "watch_greenlets", None))


def install():
    follower.when_imported("greenlet", _change)
