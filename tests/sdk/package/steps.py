# SPDX-License-Identifier: Apache-2.0
"""steps.py with|without STEPS - many asyncio tasks on one thread, each in scopes of its own.

At each of its steps a task starts something, or asks native code, and compares what is seen there
with its own scope. What another task has must never be seen.
"""

import asyncio
import contextvars
import random
import subprocess
import sys

import flyte
from case import LEAF, holding, in_thread, leaf, native, scope, with_module

TASKS = 50


async def by_asyncio():
    process = await asyncio.create_subprocess_exec(LEAF, stdout=subprocess.PIPE)
    return (await process.communicate())[0].decode().strip()


async def by_thread():
    return await asyncio.to_thread(lambda: native.here().decode())


async def by_executor():
    return await asyncio.get_running_loop().run_in_executor(None, lambda: native.in_pthread().decode())


def plain(function):
    async def call():
        return function()

    return call


# How often: starting a program takes a hundred times as long as starting a thread.
ways = {
    plain(scope): 20,
    plain(lambda: native.here().decode()): 100,
    plain(lambda: native.in_pthread().decode()): 60,
    plain(lambda: holding.in_pthread().decode()): 40,
    plain(lambda: in_thread(lambda: native.here().decode())): 20,
    plain(lambda: in_thread(scope)): 10,
    plain(leaf): 1,
    plain(lambda: leaf(env={})): 1,
    by_asyncio: 1,
    by_thread: 10,
    by_executor: 10,
}


async def look(chance, expected, count):
    seen = await chance.choices(list(ways), list(ways.values()))[0]()
    count["right" if seen == expected else "lost" if seen == "native" else "foreign"] += 1


async def work(number, steps, count):
    chance = random.Random(number)
    own = f"task{number}"
    with flyte.custom_context(scope=own):
        while steps > 0:
            await asyncio.sleep(0)
            await look(chance, own, count)
            inner = f"{own}.{steps}"
            with flyte.custom_context(scope=inner):
                await look(chance, inner, count)
                await asyncio.sleep(0)
                await look(chance, inner, count)
                with flyte.group("group"):
                    await asyncio.sleep(0)
                    await look(chance, inner, count)
            steps -= 4


async def outside(steps, count):
    """A task that has no context of its own: it sees that of the process."""
    while steps > 0:
        await asyncio.sleep(0)
        seen = [native.here().decode(), native.in_pthread().decode()]
        count["foreign"] += seen != ["native"] * 2
        steps -= 1


env = flyte.TaskEnvironment(name="steps")


@env.task
async def main_task(steps: int) -> dict[str, int]:
    count = {"right": 0, "lost": 0, "foreign": 0}
    each = steps // TASKS
    tasks = [asyncio.create_task(work(number, each, count)) for number in range(TASKS)]
    empty = contextvars.Context()
    tasks.append(empty.run(asyncio.get_running_loop().create_task, outside(each, count)))
    await asyncio.gather(*tasks)
    return count


def main():
    steps = int(sys.argv[1])
    runner = flyte.with_runcontext(mode="local", custom_context={"scope": "python"})
    count = runner.run(main_task, steps=steps).outputs()[0]
    if with_module:
        right = count == {"right": count["right"], "lost": 0, "foreign": 0} and count["right"] >= steps
        what = f"{TASKS} tasks of asyncio, {count['right']} steps: each sees its own scope"
    else:
        right = count["lost"] > 0
        what = f"tasks of asyncio lose their scopes without the module: {count['lost']} steps"
    print(f"{'ok' if right else 'not ok'} - {what}")
    print("1..1")
    if not right:
        print(f"# {count}")
    sys.exit(not right)


if __name__ == "__main__":
    main()
