# SPDX-License-Identifier: Apache-2.0
"""Contexts without the SDK: what is current here. Scopes are in _scopes.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, cast


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


def is_connected() -> bool:
    from flytectx import _install

    return _install.connect() is None


def current() -> Context | None:
    """The context here, of flyte's scopes too; None outside of a task, or without the preload."""
    if not is_connected():
        return None
    from flytectx import _errors, _fields, _follow

    with _errors.of_ours_ignored:
        _, owner = _follow.capture()
        address = _follow.reference_of(owner).address
        return _context_of(_fields.of_native(address)) if address else None
    return None
