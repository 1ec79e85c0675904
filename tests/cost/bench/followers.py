# SPDX-License-Identifier: Apache-2.0
"""followers.py NAME ROUNDS - what the Python package adds to a step, a scope, a submit.

Two processes in the same task measure in turns: one without the package, one with it. Prints a table of
ns, a column for each; --measure NAME is such a process, which does a batch for each line that it reads.
"""

import os
import subprocess
import sys
import sysconfig
import time


def step(count):
    import asyncio

    async def steps():
        start = time.perf_counter_ns()
        for _ in range(count):
            await asyncio.sleep(0)
        return time.perf_counter_ns() - start

    return asyncio.run(steps())


def timed(function, count):
    start = time.perf_counter_ns()
    for _ in range(count):
        function()
    return time.perf_counter_ns() - start


def measure(name):
    import concurrent.futures

    import flyte
    from flyte._context import internal_ctx
    from flyte.models import ActionID, RawDataPath, TaskContext
    from flyte.report import Report

    def scope():
        with flyte.custom_context(increment="2"):
            pass

    pool = concurrent.futures.ThreadPoolExecutor(1)
    batches = {
        "step": lambda: step(1000) / 1000,
        "scope": lambda: timed(scope, 200) / 200,
        "submit": lambda: timed(lambda: pool.submit(int).result(), 200) / 200,
    }
    task = TaskContext(
        action=ActionID(name="a0", run_name="run"),
        version="v1",
        raw_data_path=RawDataPath(path="s3://raw"),
        output_path="s3://out",
        run_base_dir="s3://base",
        report=Report(name="a0"),
    )
    with internal_ctx().replace_task_context(task):
        batches[name]()
        for _ in sys.stdin:
            print(batches[name](), flush=True)


def start(name, options, environment):
    command = [sys.executable, *options, __file__, "--measure", name]
    return subprocess.Popen(
        command, env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def ask(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def main(name, rounds):
    # Without .pth files nothing of the package is loaded.
    without = start(name, ["-S"], {"PYTHONPATH": sysconfig.get_path("purelib")})
    processes = without, start(name, [], {})
    print("nothing\tpackage")
    for _ in range(rounds):
        print("\t".join(map(ask, processes)), flush=True)
    for process in processes:
        process.stdin.close()
    sys.exit(any([process.wait() for process in processes]))


if sys.argv[1] == "--measure":
    measure(sys.argv[2])
else:
    main(sys.argv[1], int(sys.argv[2]))
