# SPDX-License-Identifier: Apache-2.0
"""cases_pools.py - cases of cases.py: executors, pools and processes of Python."""

import asyncio
import concurrent.futures
import contextvars
import multiprocessing
import multiprocessing.pool

import flyte

from case import case, leaf, native, scope, with_module


@case("none")
def an_executor():
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        return executor.submit(scope).result()


old_executor = concurrent.futures.ThreadPoolExecutor(1)


@case("none", "python native python")
def an_executor_follows_who_submits():
    first = old_executor.submit(scope).result()
    outside = contextvars.Context().run(lambda: old_executor.submit(scope).result())
    # What has no context of its own is of whoever runs it.
    assert outside == first
    with flyte.custom_context(scope="native"):
        second = old_executor.submit(scope).result()
    seen = [first, second, old_executor.submit(scope).result()]
    return " ".join(seen) if "none" not in seen else "none"


@case("native")
def a_program_of_an_executor():
    return old_executor.submit(leaf).result()


@case("native")
def native_code_of_an_executor():
    return old_executor.submit(native.in_pthread).result().decode()


@case("none")
def map_of_an_executor():
    return list(old_executor.map(lambda _: scope(), [0]))[0]


@case("none")
async def run_in_executor():
    return await asyncio.get_running_loop().run_in_executor(None, scope)


@case("python")
async def to_thread():
    return await asyncio.to_thread(scope)


@case("native")
async def native_code_of_to_thread():
    return (await asyncio.to_thread(native.in_pthread)).decode()


@case("none")
def a_process_pool():
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, context) as executor:
        with flyte.custom_context(scope="first"):
            executor.submit(scope).result()
        return executor.submit(scope).result() if with_module else "none"


@case("native")
def a_process_pool_of_spawn():
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, context) as executor:
        with flyte.custom_context(scope="first"):
            executor.submit(leaf).result()
        return executor.submit(leaf).result()


@case("native")
def a_pool_of_processes():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        with flyte.custom_context(scope="first"):
            pool.apply(leaf)
        return pool.map(leaf_of, [0])[0]


def leaf_of(_):
    return leaf()


@case("none")
def a_pool_of_threads():
    with multiprocessing.pool.ThreadPool(1) as pool:
        return pool.apply(scope)


def child(queue):
    queue.put((scope(), leaf()))


def a_process(method):
    context = multiprocessing.get_context(method)
    queue = context.SimpleQueue()
    process = context.Process(target=child, args=(queue,))
    process.start()
    seen = queue.get()
    process.join()
    return " ".join(seen)


@case("python native", "python python")
def a_process_by_fork():
    return a_process("fork")


@case("none native", "python python")
def a_process_by_spawn():
    return a_process("spawn")


@case("none native", "python python")
def a_process_by_a_fork_server():
    with flyte.custom_context(scope="first"):
        a_process("forkserver")
    return a_process("forkserver")
