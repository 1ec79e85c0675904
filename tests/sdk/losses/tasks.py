# SPDX-License-Identifier: Apache-2.0
"""tasks.py - the tasks that a0 runs. Each takes the name of a module with routes."""

import importlib
import os

import flyte

import observe
import routes

env = flyte.TaskEnvironment(name="sdk")


@env.task
def plain(module: str) -> int:
    importlib.import_module(module)
    routes.run()
    return len(routes.found)


@env.task
async def coroutine(module: str) -> int:
    importlib.import_module(module)
    await routes.run_async()
    return len(routes.found)


@env.task
def own(module: str) -> str:
    """What the task itself sees, and what has become of it in C code."""
    return observe.python() + routes.verdict(observe.native(), observe.python())


@env.task
def expected(module: str) -> str:
    """The same, for processes that something else starts: routes.run_elsewhere()."""
    with open(os.environ["SDK_EXPECTED"], "w", encoding="utf-8") as file:
        file.write(observe.python())
    return module


@env.task
def raises(module: str) -> str:
    raise ValueError(f"the task of {module} can't go on")
