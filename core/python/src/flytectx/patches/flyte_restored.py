# SPDX-License-Identifier: Apache-2.0
"""Contexts that flyte and its plugins restore from a file or a variable, with fields left out.

A notebook's kernel, and a debugger in the pod of a task, are told by hand which action they are of.
Where the process is of that action anyway, it has all fields; what was left out is taken from there.
"""

import functools
import sys
from dataclasses import replace

from flyte._context import internal_ctx, root_context_var

from flytectx import _errors
from flytectx.patches import Follower

follower = Follower("flyte restored", "flyte 2.0 and newer, flyteplugins-papermill")

_OPTIONAL = ("input_path", "checkpoint_paths", "group_data", "custom_context")


def _left_out(task, inherited):
    fields = {
        name: getattr(inherited, name)
        for name in _OPTIONAL
        if hasattr(task, name) and not getattr(task, name)
    }
    # Where it was left out it is the time of now; it is one and the same for an action.
    if hasattr(task, "run_start_time"):
        fields["run_start_time"] = inherited.run_start_time
    raw, other = task.raw_data_path, inherited.raw_data_path
    if raw.path == other.path and getattr(raw, "path_rewrite", other) is None:
        fields["raw_data_path"] = replace(raw, path_rewrite=other.path_rewrite)
    return fields


def _completed(inherited):
    """The task that was restored, and it with what was left out; None where that is another's."""
    context = root_context_var.get()
    task = context.data.task_context
    if task is None or inherited is None or task is inherited or task.action != inherited.action:
        return None
    completed = task.replace(**_left_out(task, inherited))
    context.replace_task_context(completed).__enter__()  # for good, as what it completes
    return task, completed


def _complete(restore):
    @functools.wraps(restore)
    def wrapped(*args, **kwargs):
        inherited = internal_ctx().data.task_context
        try:
            result = restore(*args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        with _errors.of_ours_ignored:
            found = _completed(inherited)
            if found is not None and result is found[0]:
                return found[1]
        return result

    return wrapped


def _change_interactive(module):
    original = module.load_interactive_ctx
    replaced = follower.replace(module, "load_interactive_ctx", _complete)
    flyte = sys.modules["flyte"]
    if getattr(flyte, "load_interactive_ctx", None) is original:
        follower.replace(flyte, "load_interactive_ctx", lambda _: replaced)


def _change_notebook(module):
    follower.replace(module, "initialize_context", _complete)


def install():
    follower.when_imported("flyte._interactive_run_context", _change_interactive)
    follower.when_imported("flyteplugins.papermill._setup", _change_notebook)
