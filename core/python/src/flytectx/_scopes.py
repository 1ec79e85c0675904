# SPDX-License-Identifier: Apache-2.0
"""Scopes without the SDK, and contexts that are handed on to threads and processes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from flytectx._context import is_connected

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


class Scope:
    """A Context in the package's own ContextVar, where there is no flyte. It is entered once."""

    _flytectx: Any = None  # what _follow.entered() keeps there

    def __init__(self, reference: Any) -> None:
        from flytectx import _known

        self._flytectx_known = known = _known.Fixed(reference)
        self._flytectx_answer = self._flytectx_state = known.state

    def __enter__(self) -> Scope:
        from flytectx import _follow, _source

        (*tokens,) = map(_source.own.set, (self,))  # in C up to the list
        self._tokens = tokens
        try:
            _follow.entered(self)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        from flytectx import _follow, _source

        local = _follow.local
        try:
            for token in self._tokens:
                _source.own.reset(token)
        finally:  # as in patches/flyte.py
            own, thread = self._flytectx, local.own
            if own is not None and own[0] is thread and thread.context is self:
                _, was, base, before, _ = own
                slot = thread.slot
                now, slot[0] = slot[0], before.scope
                thread.context, thread.base, self._flytectx = was, base, None
                _follow.left(own, now)
            else:
                _follow.left_elsewhere(self, own)


def _enter(make: Callable[[], Any]) -> Any:
    """What make() returns, entered; None where there is nothing to enter."""
    from flytectx import _errors

    manager = None
    if is_connected():
        with _errors.of_ours_ignored:
            manager = make()
    if manager is not None:
        manager.__enter__()
    return manager


class _Entering:
    """A context manager, with and without `async`, and a decorator. Each `with` is a new scope."""

    def __init__(self) -> None:
        self._entered: list[Any] = []

    def _make(self) -> Any:
        raise NotImplementedError

    def _again(self) -> _Entering:
        raise NotImplementedError

    def __enter__(self) -> None:
        self._entered.append(_enter(self._make))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        manager = self._entered.pop()
        if manager is not None:
            manager.__exit__(kind, error, traceback)

    async def __aenter__(self) -> None:
        self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, traceback)

    def __call__(self, function: F) -> F:
        if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
            raise TypeError("a generator enters its scopes itself, and leaves them before it yields")
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped(*args: Any, **kwargs: Any) -> Any:
                with self._again():
                    return await function(*args, **kwargs)
        else:

            @functools.wraps(function)
            def wrapped(*args: Any, **kwargs: Any) -> Any:
                with self._again():
                    return function(*args, **kwargs)

        return cast(F, wrapped)


class CustomContext(_Entering):
    """What custom_context() returns."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        super().__init__()
        self._pairs = pairs

    def _again(self) -> CustomContext:
        return CustomContext(self._pairs)

    def _make(self) -> Any:
        from flytectx import _follow, _source

        context, owner = _follow.capture()
        if _source.variable is not _source.own:
            task = context.data.task_context
            if task is None:
                return None
            custom_context = {**task.custom_context, **self._pairs}
            return context.replace_task_context(task.replace(custom_context=custom_context))
        address = _follow.reference_of(owner).address
        return _scope_of(address, self._pairs) if address else None


def _scope_of(address: Any, pairs: Mapping[str, str]) -> Scope | None:
    from flytectx import _fields

    fields = _fields.of_native(address)
    given = {key.encode(*_HOW): value.encode(*_HOW) for key, value in pairs.items()}
    fields["custom_context"] = list((dict(fields["custom_context"]) | given).items())
    reference = _fields.make_native(fields)
    return None if reference is None else Scope(reference)


_HOW = ("utf-8", "surrogateescape")


def custom_context(**context: str) -> CustomContext:
    """Enter these keys: `with`, `async with`, or a decorator of a function or coroutine function.

    As flyte.custom_context(), which it is where the program has imported flyte. Outside of a task,
    or without the preload, nothing happens.
    """
    for key, value in context.items():
        if not isinstance(value, str):
            raise TypeError(f"custom_context() takes strings; {key} is a {type(value).__name__}")
    return CustomContext(context)


class Captured:
    """The context of the place where capture() was called; it can be pickled."""

    def __init__(self, context: Any, owner: Any) -> None:
        self._context = context
        self._owner = owner

    def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function in this context."""
        if self._owner is None:
            return function(*args, **kwargs)
        from flytectx import _errors, _follow

        try:
            return cast(R, _follow.run_in(self._context, self._owner, function, args, kwargs))
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    def __reduce__(self) -> tuple[Any, ...]:
        if self._owner is None:
            return _arrived, (None,)
        from flytectx import _work

        return _arrived, (_work.fields_of(self._owner),)


def _arrived(fields: Any) -> Captured:
    if not is_connected():
        return Captured(None, None)
    from flytectx import _source, _work

    return Captured(_source.default, _work.reference_of(fields))


def capture() -> Captured:
    """The context here, for attach() or run() on another thread or in another process."""
    if not is_connected():
        return Captured(None, None)
    from flytectx import _errors, _follow

    with _errors.of_ours_ignored:
        return Captured(*_follow.capture())
    return Captured(None, None)


class Attached(_Entering):
    """What attach() returns."""

    def __init__(self, captured: Captured) -> None:
        super().__init__()
        self._captured = captured

    def _again(self) -> Attached:
        return Attached(self._captured)

    def _make(self) -> Any:
        from flytectx import _fields, _follow, _source

        context, owner = self._captured._context, self._captured._owner
        if owner is None:
            return None
        reference = _follow.reference_of(owner)
        if _source.variable is _source.own:
            return Scope(reference)
        from flytectx import _tasks

        kind = type(context) if context is not _source.default else _source.default.__class__.__mro__[1]
        if context is not _source.default and not isinstance(context, Scope):
            return kind(context.data)
        if not reference.address:
            return kind(_source.default._data)
        task = _tasks.task_of(_fields.of_native(reference.address))
        return kind(_source.default._data.replace(task_context=task))


def attach(captured: Captured) -> Attached:
    """Enter what capture() has returned: `with`, `async with`, or a decorator."""
    return Attached(captured)
