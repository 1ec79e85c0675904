# SPDX-License-Identifier: Apache-2.0
"""threads.py - threads that Python code makes, and executors."""

import _thread
import asyncio
import concurrent.futures
import multiprocessing.pool
import queue
import threading

import flyte
from flyte.syncify import syncify

import observe
from routes import KEPT, route

THREAD = "a thread has its creator's context; where Python has none of its own, flyte.ctx() shows that"
SUBMIT = "work has the context of who submits it"
STEP = "each step of a task has the native context of its own"
OWN = "the SDK's, in Python"


def thread_says(make):
    seen = []
    thread = make(lambda: seen.append(observe.python()))
    thread.start()
    thread.join()
    return seen


@route("threads", "`threading.Thread`", THREAD)
def thread():
    return thread_says(lambda work: threading.Thread(target=work))


@route("threads", "`threading.Timer`", THREAD)
def timer():
    return thread_says(lambda work: threading.Timer(0, work))


@route("threads", "a subclass of Thread", THREAD)
def subclass():
    class Worker(threading.Thread):
        def __init__(self, work):
            super().__init__(daemon=True)
            self.work = work

        def run(self):
            self.work()

    return thread_says(Worker)


@route("threads", "`_thread.start_new_thread`", THREAD)
def start_new_thread():
    seen = queue.Queue()
    _thread.start_new_thread(lambda: seen.put(observe.python()), ())
    return seen.get(timeout=300)


@route("threads", "a thread of a thread", THREAD)
def thread_of_thread():
    seen = []
    thread_says(lambda work: threading.Thread(target=lambda: seen.extend(thread_says(
        lambda inner: threading.Thread(target=inner)))))
    return seen


@route("threads", "C code in a thread", THREAD)
def native_in_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(observe.native()))
    thread.start()
    thread.join()
    return seen


@route("threads", "a thread that outlives its scope", THREAD)
def outlives():
    seen, go = queue.Queue(), threading.Event()

    def work():
        go.wait(30)
        seen.put(observe.python())

    with flyte.custom_context(increment="2"):
        threading.Thread(target=work).start()
    with flyte.custom_context(increment="3"):
        go.set()
        return seen.get(timeout=300)


@route("threads", "a queue's worker, started in the scope", THREAD)
def worker():
    work, seen = queue.Queue(), queue.Queue()
    threading.Thread(target=lambda: [seen.put(one()) for one in iter(work.get, None)]).start()
    with flyte.custom_context(increment="3"):  # of who puts, and not the worker's
        work.put(observe.python)
        work.put(None)
    return seen.get(timeout=300)


@route("executors", "`ThreadPoolExecutor.submit`", SUBMIT)
def submit():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(observe.python).result()


@route("executors", "`ThreadPoolExecutor.map`", SUBMIT)
def mapped():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda _: observe.python(), range(4)))


@route("executors", "one worker, who served another scope", SUBMIT)
def another_scope():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with flyte.custom_context(increment="other", more="1"):
            pool.submit(observe.python).result()
        return pool.submit(observe.python).result()


@route("executors", "C code in a worker", SUBMIT)
def native_in_worker():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with flyte.custom_context(increment="other"):
            pool.submit(observe.native).result()
        return pool.submit(observe.native).result()


@route("executors", "a program started by a worker", SUBMIT)
def program_in_worker():
    import subprocess

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with flyte.custom_context(increment="other"):
            pool.submit(observe.python).result()
        return pool.submit(subprocess.check_output, [observe.LEAF], env={}, text=True).result()


@route("executors", "`multiprocessing.pool.ThreadPool`, made in another scope", SUBMIT)
def thread_pool():
    with flyte.custom_context(increment="other"):
        pool = multiprocessing.pool.ThreadPool(2)
    with pool:
        return pool.map(lambda _: observe.python(), range(4))


@route("executors", "`loop.run_in_executor`", SUBMIT)
async def run_in_executor():
    return await asyncio.get_running_loop().run_in_executor(None, observe.python)


@route("executors", "C code by `loop.run_in_executor`", SUBMIT)
async def native_in_executor():
    return await asyncio.get_running_loop().run_in_executor(None, observe.native)


@route("executors", "`run_in_executor` of two tasks at once", SUBMIT)
async def two_tasks():
    loop, executor = asyncio.get_running_loop(), concurrent.futures.ThreadPoolExecutor(1)

    async def other():
        with flyte.custom_context(increment="other"):
            for _ in range(10):
                await loop.run_in_executor(executor, observe.python)

    async def this():
        return [await loop.run_in_executor(executor, observe.python) for _ in range(10)]

    seen, _ = await asyncio.gather(this(), other())
    executor.shutdown()
    return seen


@route("executors", "`asyncio.to_thread`", OWN, upstream=KEPT)
async def to_thread():
    return await asyncio.to_thread(observe.python)


@route("executors", "C code by `asyncio.to_thread`", SUBMIT)
async def native_to_thread():
    return await asyncio.to_thread(observe.native)


@route("coroutines", "`asyncio.create_task`", OWN, upstream=KEPT)
async def create_task():
    async def work():
        await asyncio.sleep(0)
        return observe.python()

    return await asyncio.create_task(work())


@route("coroutines", "C code in one of two tasks", STEP)
async def native_in_tasks():
    async def other():
        with flyte.custom_context(increment="other"):
            for _ in range(20):
                await asyncio.sleep(0)

    async def this():
        seen = []
        for _ in range(20):
            await asyncio.sleep(0)
            seen.append(observe.native())
        return seen

    _, seen, _ = await asyncio.gather(other(), this(), other())
    return seen


@route("coroutines", "a thread started by one of two tasks", THREAD)
async def thread_of_task():
    async def other():
        with flyte.custom_context(increment="other"):
            for _ in range(20):
                await asyncio.sleep(0)

    async def this():
        await asyncio.sleep(0)
        return thread_says(lambda work: threading.Thread(target=work))

    _, seen, _ = await asyncio.gather(other(), this(), other())
    return seen


@syncify
async def syncified():
    return observe.python(), observe.native()


@route("coroutines", "`flyte.syncify`", OWN, upstream=KEPT)
def syncify_python():
    return syncified()[0]


@route("coroutines", "C code by `flyte.syncify`", STEP)
def syncify_native():
    return syncified()[1]


@route("coroutines", "`asyncio.run_coroutine_threadsafe`", OWN, upstream=KEPT)
def threadsafe():
    async def work():
        return observe.python()

    loop = asyncio.new_event_loop()
    runner = threading.Thread(target=loop.run_forever)
    runner.start()
    try:
        return asyncio.run_coroutine_threadsafe(work(), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        runner.join()
        loop.close()
