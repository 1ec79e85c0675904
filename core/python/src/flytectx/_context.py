# SPDX-License-Identifier: Apache-2.0
"""Contexts without the SDK: what is current, scopes, and contexts that are handed on."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import Any, Generic, Literal, ParamSpec, TypeVar, cast, overload

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Action:
    """Which action of which run."""

    name: str
    run_name: str | None = None
    project: str | None = None
    domain: str | None = None
    org: str | None = None


@dataclass(frozen=True)
class Context:
    """The context of a task, as native code sees it. Nothing in it changes."""

    action: Action
    task_action: Action
    custom_context: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    version: str | None = None
    input_path: str | None = None
    output_path: str | None = None
    run_base_dir: str | None = None
    raw_data_path: str | None = None
    checkpoint_path: str | None = None
    prev_checkpoint_path: str | None = None
    mode: Literal["local", "remote", "hybrid"] | None = None
    interactive_mode: bool = False
    disable_run_cache: bool = False
    in_trace: bool = False
    run_start_time_ns: int = 0
    task_name: str | None = None


_TEXTS = (
    "group",
    "version",
    "input_path",
    "output_path",
    "run_base_dir",
    "raw_data_path",
    "checkpoint_path",
    "prev_checkpoint_path",
    "task_name",
)
_SAME = ("interactive_mode", "disable_run_cache", "in_trace")


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "surrogateescape")


def _action_of(fields: dict[str, bytes | None]) -> Action:
    texts = {name: _text(value) for name, value in fields.items()}
    return Action(**(texts | {"name": texts["name"] or ""}))  # type: ignore[arg-type]


def _context_of(fields: dict[str, Any]) -> Context:
    from flytectx._native import MODES

    pairs = {_text(key): _text(value) for key, value in fields["custom_context"]}
    return Context(
        action=_action_of(fields["action"]),
        task_action=_action_of(fields["task_action"]),
        custom_context=MappingProxyType(cast("dict[str, str]", pairs)),
        mode=cast(Any, MODES[fields["mode"]]),
        run_start_time_ns=fields["run_start_time"],
        **{name: _text(fields[name]) for name in _TEXTS},
        **{name: fields[name] for name in _SAME},
    )


def _is_connected() -> bool:
    from flytectx import _install

    return _install.connect() is None


def current() -> Context | None:
    """The context here, of flyte's scopes too; None outside of a task, or without the preload."""
    if not _is_connected():
        return None
    from flytectx import _errors, _fields, _follow

    with _errors.of_ours_ignored:
        _, owner = _follow.capture()
        address = _follow.reference_of(owner).address
        return _context_of(_fields.of_native(address)) if address else None
    return None


class Scope:
    """A Context in the package's own ContextVar, where there is no flyte. It is entered once."""

    def __init__(self, reference: Any) -> None:
        from flytectx import _known

        self._flytectx_known = known = _known.Fixed(reference)
        self._flytectx_answer = known.answer

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

        try:
            for token in self._tokens:
                _source.own.reset(token)
        finally:
            _follow.left(self)


def _enter(make: Callable[[], Any]) -> Any:
    """What make() returns, entered; None where there is nothing to enter."""
    from flytectx import _errors

    manager = None
    if _is_connected():
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


class Captured(Generic[P]):
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


def _arrived(fields: Any) -> Captured[Any]:
    if not _is_connected():
        return Captured(None, None)
    from flytectx import _source, _work

    return Captured(_source.default, _work.reference_of(fields))


def capture() -> Captured[Any]:
    """The context here, for attach() or run() on another thread or in another process."""
    if not _is_connected():
        return Captured(None, None)
    from flytectx import _errors, _follow

    with _errors.of_ours_ignored:
        return Captured(*_follow.capture())
    return Captured(None, None)


class Attached(_Entering):
    """What attach() returns."""

    def __init__(self, captured: Captured[Any]) -> None:
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


def attach(captured: Captured[Any]) -> Attached:
    """Enter what capture() has returned: `with`, `async with`, or a decorator."""
    return Attached(captured)
