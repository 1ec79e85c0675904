# SPDX-License-Identifier: Apache-2.0
"""plain.py NAME - programs that print the same in a task, with -X dev -W error, as outside of one."""

import asyncio
import concurrent.futures
import multiprocessing
import os
import subprocess
import sys
import threading
import traceback

import flyte


def scope():
    return flyte.custom_context(k="scope")


def threads():
    seen = []
    with scope():
        several = [threading.Thread(target=seen.append, args=(number,)) for number in range(8)]
        for thread in several:
            thread.start()
        for thread in several:
            thread.join()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            print(sorted(seen), list(pool.map(abs, range(-3, 0))), pool)
        threading.Timer(0, print, ("timer",)).start()


def programs():
    with scope():
        print(subprocess.run(["echo", "run"], stdout=subprocess.PIPE, check=True))
        print(subprocess.run(["cat"], input=b"text", stdout=subprocess.PIPE, env={}, check=True).stdout)
        print(subprocess.run(["pwd"], stdout=subprocess.PIPE, cwd="/", preexec_fn=int, check=True).stdout)
        print(os.system("exit 3"), os.popen("echo popen").read(), os.waitpid(os.posix_spawnp("true", ["true"], {}), 0)[1])
        for start in os.system, os.execv, subprocess.Popen, os.posix_spawn:
            try:
                start()
            except TypeError as error:
                print(error)


def loops():
    async def step(number):
        async with scope():
            await asyncio.sleep(0)
            return number

    async def main():
        # On a busy machine a step may take longer than the tenth of a second that -X dev warns of.
        asyncio.get_running_loop().slow_callback_duration = 1000
        process = await asyncio.create_subprocess_exec("echo", "of a loop", stdout=subprocess.PIPE)
        print(await process.communicate(), await asyncio.to_thread(abs, -1))
        print(await asyncio.gather(*map(step, range(5))))
        asyncio.get_running_loop().call_soon(fail)
        try:
            await asyncio.wait_for(asyncio.sleep(9), 0.01)
        except asyncio.TimeoutError:
            print("in time")

    asyncio.run(main())


def processes():
    for method in "fork", "spawn", "forkserver":
        context = multiprocessing.get_context(method)
        with scope(), context.Pool(1) as pool:
            print(pool.map(abs, [-1]), pool.apply_async(abs, (-2,), callback=print).get())
        process = context.Process(target=print, args=(method,))
        process.start()
        process.join()
        print(process.exitcode)
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        print(pool.submit(abs, -3).result())


def fail():
    raise ValueError("wrong")


def exceptions():
    started = threading.Thread(target=fail)
    started.start()
    started.join()
    pool = concurrent.futures.ThreadPoolExecutor(1)
    future = pool.submit(fail)
    future.add_done_callback(lambda _: fail())
    pool.shutdown()
    for function in started.start, future.result, lambda: os.execv("/missing", ["x"]), lambda: pool.submit(fail):
        try:
            with scope():
                function()
        except Exception:
            traceback.print_exc()
    with scope():
        fail()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
