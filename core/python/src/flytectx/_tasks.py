# SPDX-License-Identifier: Apache-2.0
"""The fields of flyte's TaskContext, and a TaskContext of them.

SDKs differ in the fields that it has: what one lacks is not read from there, nor given to it.
"""

import dataclasses
import functools
from datetime import datetime, timedelta, timezone
from weakref import WeakValueDictionary

from flyte import models
from flyte.models import ActionID, RawDataPath, TaskContext

from flytectx._native import MODES

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# Classes that old SDKs lack.
CheckpointPaths = getattr(models, "CheckpointPaths", None)
GroupData = getattr(models, "GroupData", None)
PathRewrite = getattr(models, "PathRewrite", None)

_NAMES = {field.name for field in dataclasses.fields(TaskContext) if field.init}

# By id, the reports that were made here: of tasks that came from outside of this process, and of
# all that are made of those.
_reports: "WeakValueDictionary[int, object]" = WeakValueDictionary()


def _encode(text):
    return None if text is None else str.encode(text, "utf-8", "surrogateescape")


def pairs_of(custom_context):
    """Strings, and what has a plain text; the rest is nothing for other programs."""
    pairs = []
    for key, value in custom_context.items():
        try:
            if type(value) in (int, float, bool):
                value = repr(value)
            if isinstance(key, str) and key and isinstance(value, str):
                pairs.append((_encode(key), _encode(value)))
        except ValueError:  # half of a surrogate pair, too many digits
            pass
    return pairs


def _decode(text):
    return None if text is None else text.decode("utf-8", "surrogateescape")


def _path(text):
    """As the SDK reads it: the pod of a first attempt has two quotes for what it has not."""
    return (text or "").strip().strip('"') or None


def _nanoseconds(time):
    if time is None:
        return 0
    if time.tzinfo is None:
        time = time.replace(tzinfo=timezone.utc)
    return (time - _EPOCH) // timedelta(microseconds=1) * 1000


@functools.lru_cache(64)
def _action_fields(action):
    return {
        name: _encode(getattr(action, name))
        for name in ("name", "run_name", "project", "domain", "org")
    }


def fields_of(task, in_trace):
    """All but the custom context."""

    def of(name, default=None):
        return getattr(task, name, default)

    raw, checkpoints, group = task.raw_data_path, of("checkpoint_paths"), of("group_data")
    if checkpoints is None:  # as SDKs before 2.1.9 had them
        checkpoints = of("checkpoints")
    rewrite = getattr(raw, "path_rewrite", None)
    return {
        "action": _action_fields(task.action),
        "task_action": _action_fields(of("task_action") or task.action),
        "version": _encode(task.version),
        "input_path": _encode(of("input_path")),
        "output_path": _encode(of("output_path")),
        "run_base_dir": _encode(of("run_base_dir")),
        "raw_data_path": _encode(raw and raw.path),
        "old_prefix": _encode(rewrite and rewrite.old_prefix),
        "new_prefix": _encode(rewrite and rewrite.new_prefix),
        "checkpoint_path": _encode(_path(checkpoints and checkpoints.checkpoint_path)),
        "prev_checkpoint_path": _encode(_path(checkpoints and checkpoints.prev_checkpoint_path)),
        "group": _encode(group and group.name) or None,
        "mode": MODES.index(of("mode")) if of("mode") in MODES else 0,
        "interactive_mode": bool(of("interactive_mode")),
        "disable_run_cache": bool(of("disable_run_cache")),
        "in_trace": bool(in_trace),
        "run_start_time": _nanoseconds(of("run_start_time")),
    }


def _action(fields):
    return ActionID(**{name: _decode(text) for name, text in fields.items()})


def _raw_data_path(fields):
    old, new = _decode(fields["old_prefix"]), _decode(fields["new_prefix"])
    path = _decode(fields["raw_data_path"]) or ""
    if not old or not new or PathRewrite is None:
        return RawDataPath(path=path)
    return RawDataPath(path=path, path_rewrite=PathRewrite(old_prefix=old, new_prefix=new))


def _checkpoint_paths(fields):
    checkpoint, previous = _decode(fields["checkpoint_path"]), _decode(fields["prev_checkpoint_path"])
    if CheckpointPaths is None or not (checkpoint or previous):
        return None
    return CheckpointPaths(prev_checkpoint_path=previous, checkpoint_path=checkpoint)


def _carried(fields):
    """What both sides know of a TaskContext."""
    group, start = _decode(fields["group"]), fields["run_start_time"]
    checkpoints = _checkpoint_paths(fields)
    carried = {
        "action": _action(fields["action"]),
        "task_action": _action(fields["task_action"]),
        "version": _decode(fields["version"]) or "",
        "input_path": _decode(fields["input_path"]),
        "output_path": _decode(fields["output_path"]) or "",
        "run_base_dir": _decode(fields["run_base_dir"]) or "",
        "raw_data_path": _raw_data_path(fields),
        "checkpoint_paths": checkpoints,
        "checkpoints": checkpoints,
        "group_data": GroupData(group) if group and GroupData is not None else None,
        "mode": MODES[fields["mode"]] or "remote",
        "interactive_mode": fields["interactive_mode"],
        "disable_run_cache": fields["disable_run_cache"],
        "run_start_time": _EPOCH + timedelta(microseconds=start // 1000),
        "custom_context": {_decode(key): _decode(value) for key, value in fields["custom_context"]},
    }
    return {name: value for name, value in carried.items() if name in _NAMES}


def task_of(fields, relative=None):
    """A TaskContext of these fields; what they lack, report and data, is that of a relative."""
    carried = _carried(fields)
    if relative is not None:
        return relative.replace(**carried)
    from flyte.report import Report

    # A trace writes to the report of its task.
    report = Report(name=_decode(fields["task_action"]["name"]))
    _reports[id(report)] = report
    return TaskContext(report=report, **carried)


def is_inherited(task):
    return _reports.get(id(task.report)) is task.report
