# SPDX-License-Identifier: Apache-2.0
"""The fields of flyte's TaskContext, and a TaskContext of them."""

import functools
from datetime import datetime, timedelta, timezone

from flyte.models import ActionID, CheckpointPaths, GroupData, PathRewrite, RawDataPath, TaskContext

from flytectx._native import MODES

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# In a TaskContext's data, and so in all that are made of it: it came from outside of this process.
INHERITED = "__flytectx_inherited__"


def _encode(text):
    return None if text is None else text.encode("utf-8", "surrogateescape")


def _pairs(custom_context):
    """Strings, and what has a plain text; the rest is nothing for other programs."""
    for key, value in custom_context.items():
        try:
            if type(value) in (int, float, bool):
                value = repr(value)
            if isinstance(key, str) and key and isinstance(value, str):
                yield _encode(key), _encode(value)
        except ValueError:  # half of a surrogate pair, too many digits
            pass


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
    raw, rewrite = task.raw_data_path, getattr(task.raw_data_path, "path_rewrite", None)
    checkpoints = task.checkpoint_paths
    return {
        "action": _action_fields(task.action),
        "task_action": _action_fields(task.task_action or task.action),
        "version": _encode(task.version),
        "input_path": _encode(task.input_path),
        "output_path": _encode(task.output_path),
        "run_base_dir": _encode(task.run_base_dir),
        "raw_data_path": _encode(raw and raw.path),
        "old_prefix": _encode(rewrite and rewrite.old_prefix),
        "new_prefix": _encode(rewrite and rewrite.new_prefix),
        "checkpoint_path": _encode(_path(checkpoints and checkpoints.checkpoint_path)),
        "prev_checkpoint_path": _encode(_path(checkpoints and checkpoints.prev_checkpoint_path)),
        "group": _encode(task.group_data and task.group_data.name) or None,
        "mode": MODES.index(task.mode) if task.mode in MODES else 0,
        "interactive_mode": bool(task.interactive_mode),
        "disable_run_cache": bool(task.disable_run_cache),
        "in_trace": bool(in_trace),
        "run_start_time": _nanoseconds(task.run_start_time),
        "custom_context": list(_pairs(task.custom_context)),
    }


def _action(fields):
    return ActionID(**{name: _decode(text) for name, text in fields.items()})


def _raw_data_path(fields):
    old, new = _decode(fields["old_prefix"]), _decode(fields["new_prefix"])
    rewrite = PathRewrite(old_prefix=old, new_prefix=new) if old and new else None
    return RawDataPath(path=_decode(fields["raw_data_path"]) or "", path_rewrite=rewrite)


def _carried(fields):
    """What both sides know of a TaskContext."""
    checkpoint, previous = _decode(fields["checkpoint_path"]), _decode(fields["prev_checkpoint_path"])
    group, start = _decode(fields["group"]), fields["run_start_time"]
    return {
        "action": _action(fields["action"]),
        "task_action": _action(fields["task_action"]),
        "version": _decode(fields["version"]) or "",
        "input_path": _decode(fields["input_path"]),
        "output_path": _decode(fields["output_path"]) or "",
        "run_base_dir": _decode(fields["run_base_dir"]) or "",
        "raw_data_path": _raw_data_path(fields),
        "checkpoint_paths": CheckpointPaths(
            prev_checkpoint_path=previous, checkpoint_path=checkpoint
        )
        if checkpoint or previous
        else None,
        "group_data": GroupData(group) if group else None,
        "mode": MODES[fields["mode"]] or "remote",
        "interactive_mode": fields["interactive_mode"],
        "disable_run_cache": fields["disable_run_cache"],
        "run_start_time": _EPOCH + timedelta(microseconds=start // 1000),
        "custom_context": {_decode(key): _decode(value) for key, value in fields["custom_context"]},
    }


def task_of(fields, relative=None):
    """A TaskContext of these fields; what they lack, report and data, is that of a relative."""
    carried = _carried(fields)
    if relative is not None:
        return relative.replace(**carried)
    from flyte.report import Report

    name = carried["task_action"].name  # a trace writes to the report of its task
    return TaskContext(report=Report(name=name), data={INHERITED: True}, **carried)
