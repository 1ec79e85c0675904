# SPDX-License-Identifier: Apache-2.0
"""asyncio: each step of a task, and each callback, has the Context of its own contextvars."""

import functools

from flytectx import _errors, _follow, _source
from flytectx.patches import Follower, expect

follower = Follower("asyncio", "CPython 3.10 to 3.14")


def wrap_eager(create):
    """A task that starts eagerly stops in the middle of its scopes."""

    @functools.wraps(create)
    def create_task(*args, **kwargs):
        before = _follow.local.own.context
        try:
            return create(*args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        finally:
            if _follow.local.own.context is not before:
                _follow.follow_quietly(_follow.here())

    return create_task


def _wrap_step(run):
    """_follow.step(), written out: this is what costs at each step of a program."""
    local, no_base, hold, settle = _follow.local, _follow.no_base, _follow.hold, _follow.settle
    variable = _source.variable

    def use_source():
        nonlocal variable
        variable = _source.variable

    @functools.wraps(run)
    def _run(self):
        context = self._context.get(variable)
        thread = local.own
        was = thread.context
        slot = thread.slot
        try:
            if context is was and slot is not None:
                try:
                    return run(self)
                finally:
                    if thread.context is not was:  # it has entered or left something
                        _follow.follow_quietly(was)
            known = getattr(context, "_flytectx_known", None)
            if known is None or slot is None:
                return _follow.step(context, run, self)
            base, before, scope = thread.base, slot[0], known.scope
            if base is no_base:
                inner = thread.last
                if inner is None or inner.scope != before:
                    inner = hold(thread, slot)
                thread.base = inner
            try:
                thread.lent += 1
                thread.context = context
                slot[0] = scope
                return run(self)
            finally:
                now, slot[0] = slot[0], before
                thread.context, thread.base = was, base
                thread.lent -= 1
                if now != scope:
                    settle(thread, scope, now)
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    _source.when_changed(use_source)
    return _run


def _change_events(module):
    expect(module.Handle._run, "self")
    follower.replace(module.Handle, "_run", _wrap_step)


def _change_loop(module):
    expect(module.BaseEventLoop.create_task, "self", "coro")
    follower.replace(module.BaseEventLoop, "create_task", wrap_eager)


def _change_tasks(module):
    """From 3.12 on; asyncio has it by that name too."""
    if not hasattr(module, "eager_task_factory"):
        return
    import asyncio

    original = module.eager_task_factory
    replaced = follower.replace(module, "eager_task_factory", wrap_eager)
    if getattr(asyncio, "eager_task_factory", None) is original:
        follower.replace(asyncio, "eager_task_factory", lambda _: replaced)
    create = follower.replace(module, "create_eager_task_factory", _wrap_factory)
    if hasattr(asyncio, "create_eager_task_factory"):
        follower.replace(asyncio, "create_eager_task_factory", lambda _: create)


def _wrap_factory(make):
    @functools.wraps(make)
    def create_eager_task_factory(*args, **kwargs):
        return wrap_eager(make(*args, **kwargs))

    return create_eager_task_factory


def install():
    follower.when_imported("asyncio.events", _change_events)
    follower.when_imported("asyncio.base_events", _change_loop)
    follower.when_imported("asyncio", lambda module: _change_tasks(module.tasks))
