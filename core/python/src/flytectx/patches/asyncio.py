# SPDX-License-Identifier: Apache-2.0
"""asyncio: each step of a task, and each callback, has the Context of its own contextvars."""

import functools

from flytectx import _errors, _follow, _native, _source
from flytectx.patches import Follower, expect

follower = Follower("asyncio", "CPython 3.10 to 3.14")


def wrap_eager(create):
    """A task that starts eagerly stops in the middle of its scopes."""

    @functools.wraps(create)
    def create_task(*args, **kwargs):
        before = _follow.state.context
        try:
            return create(*args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        finally:
            if _follow.state.context is not before:
                _follow.follow_quietly(_follow.here())

    return create_task


def _wrap_step(run):
    """_follow.step(), written out: this is what costs at each step of a program."""
    thread, slot_of, step = _follow.state, _follow.slot_of, _follow.step

    @functools.wraps(run)
    def _run(self):
        context = self._context.get(_source.variable)
        was = thread.context
        if context is was:
            try:
                return run(self)
            except BaseException as error:
                _errors.hide_frame(error)
                raise
            finally:
                if thread.context is not was:  # it has entered or left something
                    _follow.follow_quietly(was)
        base = thread.base
        known = getattr(context, "_flytectx_known", None)
        if known is None or base is None:
            try:
                return step(context, run, self)
            except BaseException as error:
                _errors.hide_frame(error)
                raise
        slot = thread.slot or slot_of(thread)
        scope = known.scope
        before = slot[0]
        try:
            thread.context = context
            slot[0] = scope
            return run(self)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        finally:
            now, slot[0] = slot[0], before
            thread.context = was
            if thread.base is not base:
                thread.base, thread.base_address = base, base.address or 0
            if now != scope:
                _native.settle(scope, now)

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
