# SPDX-License-Identifier: Apache-2.0
"""reused.py - a container that runs one action after the other, and two at once.

    reused.py INPUTS OUTPUTS RAW BASE

Its variables name the first action it was made for. The entrypoint of such containers calls run_task()
for each, with who it is as arguments (flyte._internal.runtime.rusty).
"""

import asyncio
import subprocess
import sys

import flyte
from flyte._internal.controllers import create_controller
from flyte._internal.runtime.rusty import run_task

import observe
from routes import Route, report, verdict

env = flyte.TaskEnvironment(name="reused")
HOW = "the SDK's context counts, not the container's variables"
both_began, began, said = asyncio.Event(), [], []


async def program():
    child = await asyncio.create_subprocess_exec(observe.LEAF, stdout=subprocess.PIPE, env={})
    return (await child.communicate())[0].decode()


@env.task
async def action(module: str) -> int:
    expected = observe.python()
    if f"action.name: {flyte.ctx().action.name}\n" not in expected or "action.name: a0\n" in expected:
        raise ValueError("the action is another one")
    name = flyte.ctx().action.name
    if name != "b1":
        began.append(name)
        if len(began) == 2:
            both_began.set()
        await both_began.wait()
    said.append((expected, [await program(), await program()], observe.native()))
    return 0


def tell(what):
    """One row for what all actions have said: that of one who said something else than it should, if there is one."""
    for name, place in (("a program", 1), ("C code", 2)):
        worst = max(said, key=lambda one: verdict(one[place], one[0]) not in ("lost", "kept"))
        report(Route("reused containers", f"{what}: {name}", None, "lost", "kept", HOW), worst[place], worst[0])
    said.clear()


async def main(inputs, outputs, raw, base):
    controller = create_controller("local")

    def run(name):
        return run_task(action, controller, "local", "genomics", "development", "r8", name, raw, outputs, base, "v4",
                        input_path=inputs)

    await run("b1")
    tell("one action")
    await asyncio.gather(run("b2"), run("b3"))
    tell("two at once")


flyte.init()
asyncio.run(main(*sys.argv[1:]))
