# SPDX-License-Identifier: Apache-2.0
"""notebook.py - a task that is a notebook: a0 runs `task`, whose kernel runs look()."""

import os
import subprocess
import threading

import flyte
from flyteplugins.papermill import NotebookTask

import observe
import routes
from routes import route

env = flyte.TaskEnvironment(name="notebooks")
# The plugin writes what has run beside it.
task = NotebookTask(name="notebook", notebook_path=os.environ["SDK_POD"] + "/notebook.ipynb", task_environment=env,
                    inputs={"module": str}, progress_bar=False)

PLUGIN = "the plugin hands the kernel some fields; those that it leaves out are those of the kernel's process"
KERNEL = "the kernel is a child of the task"
SOME = "differs: checkpoint_paths, custom_context, input_path, raw_data_path, run_start_time"


@route("notebooks", "a cell", PLUGIN, upstream=SOME)
def cell():
    return observe.python()


@route("notebooks", "a thread of a cell", PLUGIN)
def thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(observe.python()))
    thread.start()
    thread.join()
    return seen


@route("notebooks", "C code in a cell", KERNEL)
def native():
    return observe.native()


@route("notebooks", "a program of a cell", KERNEL)
def program():
    return subprocess.check_output([observe.LEAF], env={}, text=True)


def look():
    routes.run_elsewhere()
