# SPDX-License-Identifier: Apache-2.0
"""The custom context example of the SDK's documents. What downstream_task adds is worked out by programs that
know nothing of Python: leaf.c, a shell tool, and one behind `env -i xargs`.

Each reports the action and the increment that it sees; a task fails that sees another in one of them.
"""

import asyncio
import os
import subprocess

import flyte

env = flyte.TaskEnvironment(name="custom_context")

LEAF = os.environ["work"] + "/leaf"
REPORT = 'echo "$("$1" get action.name) $("$1" get custom_context.increment)"'
FLYTECTX = os.environ["flytectx"]
PROGRAMS = [
    [LEAF],
    ["sh", "-c", REPORT, "sh", FLYTECTX],
    ["sh", "-c", 'echo "$1" | env -i xargs -I {} sh -c "$2" sh {}', "sh", FLYTECTX, REPORT],
]


def increment_of(reports: list[str]) -> int:
    ctx = flyte.ctx()
    expected = f"{ctx.action.name} {ctx.custom_context['increment']}"
    if any(report.strip() != expected for report in reports):
        raise ValueError(f"{expected!r} here, there {reports}")
    return int(reports[0].split()[1])


async def start(program: list[str]) -> str:
    process = await asyncio.create_subprocess_exec(*program, stdout=subprocess.PIPE)
    return (await process.communicate())[0].decode()


@env.task
async def downstream_task(x: int) -> int:
    return x + increment_of(await asyncio.gather(*map(start, PROGRAMS)))


@env.task
def downstream_sync(x: int) -> int:
    return x + increment_of([subprocess.run(program, capture_output=True, text=True).stdout for program in PROGRAMS])


@env.task
async def main(x: int) -> int:
    vals = []
    for i in range(3):
        with flyte.custom_context(increment=str(i)):
            vals.append(await downstream_task(x))
    return sum(vals)


@env.task
async def main_side_by_side(x: int) -> int:
    calls = []
    for i in range(3):
        with flyte.custom_context(increment=str(i)):
            calls += [asyncio.create_task(downstream_task(x + i)), asyncio.create_task(downstream_sync.aio(x + i))]
    return sum(await asyncio.gather(*calls))


@env.task
def main_sync(x: int) -> int:
    vals = []
    for i in range(3):
        with flyte.custom_context(increment=str(i)):
            vals.append(downstream_sync(x))
    return sum(vals)


@env.task
async def sub_actions() -> list[str]:
    """Three programs side by side as sub-actions: by their increments it is clear which of them is which."""
    calls = []
    for i in range(3):
        with flyte.custom_context(increment=str(i)):
            calls.append(asyncio.create_task(start([FLYTECTX, "run", "--sub-action", "--", LEAF])))
    return [report.strip() for report in await asyncio.gather(*calls)]
