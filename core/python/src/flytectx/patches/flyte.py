# SPDX-License-Identifier: Apache-2.0
"""flyte's Contexts: followed from their enter to their exit; the default one shows the native one.

So flyte.ctx() in a thread that was started in a context has that context; the very same object,
where Python has made it and still has it.
"""

import atexit
import functools
from contextvars import Context as Empty
from weakref import WeakValueDictionary

from flyte._context import Context, ContextData, root_context_var

from flytectx import _errors, _fields, _follow, _known, _native, _source, _tasks
from flytectx.patches import Follower, Moved

follower = Follower("flyte", "flyte 2.0 and newer")

# What every thread has that has entered nothing: one object for all.
DEFAULT = Empty().run(root_context_var.get)


class _Shown:
    """What the default Context shows of a native context."""

    __slots__ = ("address", "data", "reference", "__weakref__")

    def __init__(self, address, task, in_trace, reference):
        self.address = address
        self.reference = reference
        data = {"task_context": task}
        if hasattr(DEFAULT._data, "in_trace"):
            data["in_trace"] = in_trace
        self.data = DEFAULT._data.replace(**data)


# Threads that see the same one have the same objects, as long as any of them has them.
_shown: "WeakValueDictionary[int, _Shown]" = WeakValueDictionary()


def _show(address):
    known = _known.at(address)
    if known is not None:
        # Python's own: it is kept by its Context, not by the thread.
        if known.shown is None:
            known.shown = _Shown(address, known.task(), known.in_trace, None)
        return known.shown
    shown = _shown.get(address)
    if shown is None:
        reference = _native.hold(_follow.this_thread().slot)
        if reference.address != address:  # strayed: its base holds it
            reference = _follow.this_thread().base
        fields = _fields.of_native(address)
        task = _tasks.task_of(fields, _known.relative_of(fields))
        shown = _shown[address] = _Shown(address, task, fields["in_trace"], reference)
    _follow.this_thread().inherited = shown
    return shown


class _Inheriting(Context):
    @property
    def data(self):
        with _errors.of_ours_ignored:
            address = _follow.inherited()
            if address:
                shown = _follow.this_thread().inherited
                if shown is None or shown.address != address:
                    shown = _show(address)
                return shown.data
        return self._data


_Inheriting.__name__, _Inheriting.__qualname__ = Context.__name__, Context.__qualname__
_Inheriting.__module__ = Context.__module__


def _has_controller():
    from flyte._internal.controllers import get_controller

    try:
        return get_controller() is not None
    except RuntimeError:
        return False


def _is_task_context(original):
    @functools.wraps(original)
    def is_task_context(self):
        # Calling a task submits it in the process of a task, not in those that it started: these
        # have no controller, and a call that is plain Python otherwise would fail.
        if not original(self):
            return False
        return not _tasks.is_inherited(self.data.task_context) or _has_controller()

    return is_task_context


def _wrap_enter(enter):
    @functools.wraps(enter)
    def __enter__(self):
        outer = root_context_var.get()
        try:
            result = enter(self)
        except BaseException as error:
            _errors.hide_frame(error)
            if root_context_var.get() is self:
                root_context_var.set(outer)
            raise
        try:
            _follow.entered(self)
        except BaseException as error:
            if not _errors.is_ignored(error):  # a signal handler's: `with` does not call __exit__
                self.__exit__(type(error), error, error.__traceback__)
                raise
        return result

    return __enter__


def _leave_again(context):
    """A signal handler has ended an exit, perhaps before anything was left."""
    if root_context_var.get() is context:
        try:
            root_context_var.reset(context._token)
        except (RuntimeError, TypeError, ValueError):  # it is used, or another's
            pass
    _follow.agree()


def _wrap_exit(leave):
    local = _follow.local

    @functools.wraps(leave)
    def __exit__(self, *exception):
        failed = False
        try:
            return leave(self, *exception)
        except BaseException as error:
            failed = True  # it may be entered still
            _errors.hide_frame(error)
            raise
        finally:
            # Exactly what was before: native code may have entered a scope of its own on top. No
            # call before it is done, hence no signal handler.
            own, thread = self._flytectx, local.own
            if own is not None and own[0] is thread and thread.context is self:
                _, was, base, before, _ = own
                slot = thread.slot
                now, slot[0] = slot[0], before.scope
                thread.context, thread.base, self._flytectx = was, base, None
                _follow.left(own, now)
            else:
                _follow.left_elsewhere(self, own)
            if failed:
                _leave_again(self)

    return __exit__


def _wrap_async_enter(enter):
    @functools.wraps(enter)
    async def __aenter__(self):
        outer = root_context_var.get()
        try:
            result = await enter(self)
        except BaseException as error:
            _errors.hide_frame(error)
            if root_context_var.get() is self:
                root_context_var.set(outer)
            raise
        try:
            _follow.entered(self)
        except BaseException as error:
            if _errors.is_ignored(error):
                return result
            await self.__aexit__(type(error), error, error.__traceback__)
            raise
        return result

    return __aenter__


def _wrap_async_exit(leave):
    local = _follow.local

    @functools.wraps(leave)
    async def __aexit__(self, *exception):
        failed = False
        try:
            return await leave(self, *exception)
        except BaseException as error:
            failed = True  # it may be entered still
            _errors.hide_frame(error)
            raise
        finally:
            # Exactly what was before: native code may have entered a scope of its own on top. No
            # call before it is done, hence no signal handler.
            own, thread = self._flytectx, local.own
            if own is not None and own[0] is thread and thread.context is self:
                _, was, base, before, _ = own
                slot = thread.slot
                now, slot[0] = slot[0], before.scope
                thread.context, thread.base, self._flytectx = was, base, None
                _follow.left(own, now)
            else:
                _follow.left_elsewhere(self, own)
            if failed:
                _leave_again(self)

    return __aexit__


def _try():
    """One context there and back: with an SDK whose insides have moved nothing is connected."""
    _known._tasks = _tasks
    fields = dict.fromkeys(_fields._texts, b"x") | dict.fromkeys(_fields._values, 0)
    action = dict.fromkeys(("name", "run_name", "project", "domain", "org"), b"x")
    fields |= {"action": action, "task_action": action, "custom_context": [(b"k", b"v")]}
    fields |= {"mode": 1, "new_prefix": b"y"}
    task = _tasks.task_of(fields)
    context = Context(ContextData(task_context=task))
    known = _known.of_context(context)
    if known is None or context._flytectx_known is not known:
        raise Moved("a TaskContext of this SDK is not understood")
    back = _tasks.task_of(_fields.of_native(known.reference.address), task)
    if back.custom_context != {"k": "v"} or back.action != task.action:
        raise Moved("a TaskContext of this SDK does not come back")
    _tasks.is_inherited(task)


def _forget():
    _follow.this_thread().inherited = None


def _change():
    _try()
    Context._flytectx = None  # what _follow.entered() keeps there
    follower.calls_at_undo(lambda: delattr(Context, "_flytectx"))
    follower.replace(Context, "__enter__", _wrap_enter)
    follower.replace(Context, "__exit__", _wrap_exit)
    follower.replace(Context, "__aenter__", _wrap_async_enter)
    follower.replace(Context, "__aexit__", _wrap_async_exit)
    follower.replace(Context, "is_task_context", _is_task_context)
    # What is shown in the main thread goes before the modules do that its finalizers need.
    atexit.register(_forget)
    follower.calls_at_undo(lambda: atexit.unregister(_forget))
    _source.use(root_context_var, DEFAULT)
    follower.calls_at_undo(lambda: _source.use(_source.own, _source.nothing))
    DEFAULT.__class__ = _Inheriting
    follower.calls_at_undo(lambda: setattr(DEFAULT, "__class__", Context))
    _follow.follow_quietly(_follow.here())


def install():
    follower.apply(_change)
