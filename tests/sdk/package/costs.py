# SPDX-License-Identifier: Apache-2.0
"""costs.py - what the package adds, in microseconds: of each figure the least of many rounds.

    flytectx run -- python tests/sdk/package/costs.py
    PYTHONPATH=site-packages flytectx run -- python -S tests/sdk/package/costs.py     without the package

NATIVE is native.c. What a row takes without the package is what Python takes by itself.
"""

import asyncio
import ctypes
import gc
import os
import subprocess
import sys
import time

import flyte
from flyte._context import Context, ContextData
from flyte.models import ActionID, RawDataPath, TaskContext
from flyte.report import Report

holding = ctypes.PyDLL(os.environ["NATIVE"])


def least(function, batch, rounds):
    shortest = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(batch):
            function()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest / batch * 1e6


def show(name, function, batch, rounds, each=1):
    print(f"{name:40} {least(function, batch, rounds) / each:8.2f}", flush=True)


def scope():
    with flyte.custom_context(increment="2"):
        pass


async def steps():
    for _ in range(100):
        await asyncio.sleep(0)


async def steps_in_scope():
    with flyte.custom_context(increment="2"):
        await steps()


async def two_tasks():
    await asyncio.gather(steps_in_scope(), steps_in_scope())


def show_provider():
    from flytectx import _native

    show("a question to the provider", lambda: _native.provider_leave(_native.provider_enter()), 50, 3000)


def main():
    gc.disable()
    task = TaskContext(
        action=ActionID(name="a0", run_name="run", project="project", domain="domain", org="org"),
        version="v1",
        raw_data_path=RawDataPath(path="s3://raw"),
        output_path="s3://out",
        run_base_dir="s3://base",
        report=Report(name="a0"),
        custom_context={"increment": "1", "team": "genomics"},
    )
    with Context(ContextData(task_context=task)):
        if "flytectx._provider" in sys.modules:
            show_provider()
        show("a pthread, with the lock", holding.in_pthread, 10, 1500)
        show("subprocess.run of /bin/true", lambda: subprocess.run(["/bin/true"], check=True), 1, 300)
        show("a scope, entered and left", scope, 10, 1500)
        show("flyte.ctx()", flyte.ctx, 50, 3000)
        show("a step of asyncio", lambda: asyncio.run(steps()), 1, 300, 100)
        show("a step of one of two tasks in scopes", lambda: asyncio.run(two_tasks()), 1, 300, 200)
    show("flyte.ctx() in the native context", flyte.ctx, 50, 3000)


main()
