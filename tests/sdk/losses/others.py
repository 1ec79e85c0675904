# SPDX-License-Identifier: Apache-2.0
"""others.py - other people's event loops and pools."""

import asyncio
import subprocess

import flyte
import joblib
import uvloop

import observe
from routes import KEPT, route


def in_uvloop(look):
    """What one of two tasks of a uvloop sees, while the other is in another scope."""

    async def other():
        with flyte.custom_context(increment="other"):
            for _ in range(20):
                await asyncio.sleep(0)

    async def this():
        seen = []
        for _ in range(20):
            await asyncio.sleep(0)
            seen.append(await look())
        return seen

    async def both():
        return (await asyncio.gather(other(), this(), other()))[1]

    loop = uvloop.new_event_loop()
    try:
        return loop.run_until_complete(both())
    finally:
        loop.close()


async def program():
    child = await asyncio.create_subprocess_exec(observe.LEAF, stdout=subprocess.PIPE, env={})
    return (await child.communicate())[0].decode()


@route("others", "uvloop: a task", "the SDK's, in Python", upstream=KEPT)
def uvloop_python():
    async def look():
        return observe.python()

    return in_uvloop(look)


@route("others", "uvloop: a program of a task", "each start hands on the thread's context")
def uvloop_program():
    return in_uvloop(program)


@route("others", "uvloop: C code in a task", "each step of a task has the native context of its own")
def uvloop_native():
    async def look():
        return observe.native()

    return in_uvloop(look)


@route("others", "uvloop: `run_in_executor`", "work has the context of who submits it")
def uvloop_executor():
    async def look():
        return await asyncio.get_running_loop().run_in_executor(None, observe.python)

    return in_uvloop(look)


def in_joblib(look, **options):
    """What workers see that have served another scope before."""
    with joblib.parallel_config(n_jobs=2, **options):
        with flyte.custom_context(increment="other"):
            joblib.Parallel()(joblib.delayed(look)() for _ in range(4))
        return joblib.Parallel()(joblib.delayed(look)() for _ in range(4))


@route("others", "joblib: processes", "work has the context of who submits it")
def joblib_processes():
    return in_joblib(observe.python)


@route("others", "joblib: threads", "work has the context of who submits it")
def joblib_threads():
    return in_joblib(observe.python, backend="threading")
