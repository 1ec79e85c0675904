# SPDX-License-Identifier: Apache-2.0
"""local.py - flyte.run() on a machine of one's own: a parent, its child, and a retry."""

import os
import subprocess

import flyte

import observe
import routes
from routes import KEPT, Route, report

env = flyte.TaskEnvironment(name="local")
OWN = "the SDK's, in Python"
FOLLOWS = "the thread's native context follows the SDK's"
START = "each start hands on the thread's context"


def program():
    return subprocess.check_output([observe.LEAF], env={}, text=True)


def say(name, how, expected, seen, upstream=routes.LOST, now=KEPT):
    report(Route("local runs", name, None, upstream, now, how), seen, expected)


@env.task
def child(number: int) -> list[str]:
    return [observe.python(), observe.native(), program()]


@flyte.trace
async def traced(number: int) -> list[str]:
    return [observe.python(), observe.native(), program()]


attempts = []


@env.task(retries=2)
def fails_twice() -> int:
    attempts.append(flyte.ctx().attempt_number)
    if len(attempts) < 3:
        raise RuntimeError("not yet")
    return len(attempts)


@env.task
async def tracing() -> int:
    python, native, started = await traced(1)
    if "in_trace: true" not in python:
        raise ValueError("it is no trace")
    say("C code in a trace", FOLLOWS, python, native)
    say("a program of a trace", START, python, started)
    return 0


@env.task
def parent() -> int:
    here = observe.python()
    say("C code in the parent", FOLLOWS,
        here, observe.native())
    say("a program of the parent", START, here, program())
    with flyte.custom_context(**routes.SCOPE), flyte.group("shard"):
        scope = observe.python()
        python, native, started = child(1)
        say("`custom_context` and `run_start_time` of a child", OWN, fields(scope), fields(python), upstream=KEPT)
        say("C code in a child", FOLLOWS, python, native)
        say("a program of a child", START, python, started)
    tracing()
    fails_twice()
    say("attempt_number of a retry", "the SDK sets no FLYTE_ATTEMPT_NUMBER; `flytectx run --retries` does",
        "attempt_number: [0, 1, 2]\n", f"attempt_number: {attempts}\n",
        upstream="differs: attempt_number", now="differs: attempt_number")
    return 0


def fields(text):
    """Those that a child has of its parent."""
    return "".join(line for line in text.splitlines(True)
                   if line.startswith(("custom_context.", "run_start_time:", "mode:", "version:")))


if __name__ == "__main__":
    directory = os.environ["TMPDIR"] + "/local"
    runner = flyte.with_runcontext(mode="local", name="train", custom_context={"increment": "1"},
                                   raw_data_path=directory + "/raw")
    runner._metadata_path = directory  # what the SDK's function for users has no argument for
    runner.run(parent)
