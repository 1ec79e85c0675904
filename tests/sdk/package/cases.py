# SPDX-License-Identifier: Apache-2.0
"""cases.py with|without - what is seen of a context of flyte's where something was started.

In a process whose native context has scope=native, and in a task that the SDK runs. Each case
returns what it has seen; beside it stands what that is with the module, and what without it: where
upstream loses the context. LEAF and NATIVE are leaf.c and native.c, NATIVE_LLVM is that by clang.
"""

import asyncio
import sys

import flyte

import cases_programs  # noqa: F401, each adds its cases
import cases_threads  # noqa: F401
import cases_pools  # noqa: F401
import cases_scopes  # noqa: F401
from case import cases, with_module

env = flyte.TaskEnvironment(name="cases")


@env.task
def in_a_sync_task(name: str) -> str:
    return by_name[name]()


@env.task
async def in_an_async_task(name: str) -> str:
    with flyte.custom_context(scope="python"):
        function = by_name[name]
        if asyncio.iscoroutinefunction(function):
            return await function()
        return function()


by_name = {function.__name__: function for function, _, _ in cases}


def run(name):
    runner = flyte.with_runcontext(mode="local", custom_context={"scope": "python"})
    if asyncio.iscoroutinefunction(by_name[name]):
        return [runner.run(in_an_async_task, name=name).outputs()[0]]
    return [runner.run(task, name=name).outputs()[0] for task in (in_a_sync_task, in_an_async_task)]


def main():
    failed, results = False, 0
    for function, without, module in cases:
        name = function.__name__.replace("_", " ")
        expected = module if with_module else without
        for seen in run(function.__name__):
            right = seen == expected
            results += 1
            failed = failed or not right
            what = f"{name}: {expected}" if with_module else f"{name}: {expected} without the module"
            print(f"{'ok' if right else 'not ok'} - {what}", flush=True)
            if not right:
                print(f"# got: {seen}", flush=True)
    print(f"1..{results}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
