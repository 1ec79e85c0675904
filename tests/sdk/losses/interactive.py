# SPDX-License-Identifier: Apache-2.0
"""interactive.py - a shell or debugger in the pod of a task, before and after it asks for the context.

    interactive.py write INPUTS OUTPUTS RAW BASE  what a0 leaves in debug mode, with the arguments of test_losses
    interactive.py look
"""

import os
import subprocess
import sys

import flyte

import observe
import routes
from routes import route

SHELL = "`flytectx run --inputs` around the shell: its processes have the context"


@route("interactive pods", "Python, nothing called", SHELL)
def before():
    return observe.python()


@route("interactive pods", "a program", SHELL)
def program():
    return subprocess.check_output([observe.LEAF], env={}, text=True)


@route("interactive pods", "Python after `flyte.load_interactive_ctx()`",
       "what the file leaves out is that of the process; interactive_mode is on by intent",
       upstream="differs: custom_context, interactive_mode", now="differs: interactive_mode")
def after():
    flyte.load_interactive_ctx(os.path.join(os.environ["SDK_POD"], ".flyte/run_context.json"))
    return observe.python()


def write(inputs, outputs, raw, base):
    """The SDK writes it from the arguments that a0 has got."""
    from flyte._interactive_run_context import write_interactive_run_context

    write_interactive_run_context({
        "inputs": inputs, "outputs_path": outputs, "version": "v3", "run_base_dir": base, "raw_data_path": raw,
        "checkpoint_path": f"{outputs}/checkpoint", "prev_checkpoint": '""', "name": "a0", "run_name": "r7",
        "run_start_time": "2026-01-02T03:04:05Z", "project": "genomics", "domain": "development", "org": "local",
        "resolver": "flyte._internal.resolvers.default.DefaultTaskResolver",
        "resolver_args": ["mod", "tasks", "instance", "own"],
    }, os.environ["SDK_POD"])


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(*sys.argv[2:])
    else:
        routes.run_elsewhere()
