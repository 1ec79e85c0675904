# SPDX-License-Identifier: Apache-2.0
"""Contexts that flyte and its plugins restore from a file or a variable, with fields left out.

A notebook's kernel, and a debugger in the pod of a task, are told by hand which action they are of.
Where the process is of that action anyway, it has all fields; what was left out is taken from there.
"""

import functools
import sys
from dataclasses import replace

from flyte._context import internal_ctx, root_context_var

from flytectx import _imports

_OPTIONAL = ("input_path", "checkpoint_paths", "group_data", "custom_context")


def _left_out(task, inherited):
    fields = {name: getattr(inherited, name) for name in _OPTIONAL if not getattr(task, name)}
    # Where it was left out it is the time of now; it is one and the same for an action.
    fields["run_start_time"] = inherited.run_start_time
    raw, other = task.raw_data_path, inherited.raw_data_path
    if raw.path == other.path and raw.path_rewrite is None:
        fields["raw_data_path"] = replace(raw, path_rewrite=other.path_rewrite)
    return fields


def _complete(restore):
    @functools.wraps(restore)
    def wrapped(*args, **kwargs):
        inherited = internal_ctx().data.task_context
        result = restore(*args, **kwargs)
        context = root_context_var.get()
        task = context.data.task_context
        if task is None or inherited is None or task is inherited or task.action != inherited.action:
            return result
        completed = task.replace(**_left_out(task, inherited))
        context.replace_task_context(completed).__enter__()  # for good, as what it completes
        return completed if result is task else result

    return wrapped


def _change_interactive(module):
    original = module.load_interactive_ctx
    module.load_interactive_ctx = _complete(original)
    flyte = sys.modules["flyte"]
    if getattr(flyte, "load_interactive_ctx", None) is original:
        flyte.load_interactive_ctx = module.load_interactive_ctx


def _change_notebook(module):
    module.initialize_context = _complete(module.initialize_context)


def install():
    _imports.when_imported("flyte._interactive_run_context", _change_interactive)
    _imports.when_imported("flyteplugins.papermill._setup", _change_notebook)
