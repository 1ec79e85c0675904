# SPDX-License-Identifier: Apache-2.0
"""processes.py - processes that run Python of the task: os.fork, multiprocessing, and what trainers make of it."""

import concurrent.futures
import multiprocessing
import os
import subprocess

import cloudpickle
import flyte

import observe
from routes import KEPT, route

FORK = "a fork child has it in memory, Python's and C's"
SPAWN = "each start hands on the thread's context; flyte.ctx() shows it"
SERVED = "the fork server has another context; the Process that it is handed brings its own"
SUBMIT = "work has the context of who submits it"


def program():
    return subprocess.check_output([observe.LEAF], env={}, text=True)


def put(queue, look):
    queue.put(look())


def process_says(method, look=observe.python):
    context = multiprocessing.get_context(method)
    queue = context.SimpleQueue()
    process = context.Process(target=put, args=(queue, look))
    process.start()
    seen = queue.get()
    process.join()
    return seen


def pool_says(method, look=observe.python):
    with flyte.custom_context(increment="other"):
        pool = multiprocessing.get_context(method).Pool(2)
    with pool:
        return [pool.apply(look) for _ in range(4)]


def executor_says(method, look=observe.python):
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        with flyte.custom_context(increment="other"):
            pool.submit(look).result()
        return pool.submit(look).result()


@route("processes", "`os.fork`", "the SDK's, in Python", upstream=KEPT)
def fork():
    return observe.in_child(lambda: os.write(1, observe.python().encode()))


@route("processes", "C code after `os.fork`", FORK)
def fork_native():
    return observe.in_child(lambda: os.write(1, observe.native().encode()))


@route("processes", "`multiprocessing.Process` by fork", "the SDK's, in Python", upstream=KEPT)
def process_fork():
    return process_says("fork")


@route("processes", "C code in a `Process` by fork", FORK)
def process_fork_native():
    return process_says("fork", observe.native)


@route("processes", "`multiprocessing.Process` by spawn", SPAWN)
def process_spawn():
    return process_says("spawn")


@route("processes", "C code in a `Process` by spawn", SPAWN)
def process_spawn_native():
    return process_says("spawn", observe.native)


@route("processes", "a program of a `Process` by spawn", SPAWN)
def process_spawn_program():
    return process_says("spawn", program)


@route("processes", "`multiprocessing.Process` by forkserver", SERVED)
def process_forkserver():
    with flyte.custom_context(increment="other"):
        process_says("forkserver")  # the server is of another scope
    return process_says("forkserver")


@route("processes", "C code in a `Process` by forkserver", SERVED)
def process_forkserver_native():
    return process_says("forkserver", observe.native)


@route("processes", "a program of a `Process` by forkserver", SERVED)
def process_forkserver_program():
    return process_says("forkserver", program)


@route("processes", "`multiprocessing.Pool` by fork, made in another scope", SUBMIT, upstream="differs: custom_context")
def pool_fork():
    return pool_says("fork")


@route("processes", "`multiprocessing.Pool` by spawn, made in another scope", SUBMIT)
def pool_spawn():
    return pool_says("spawn")


@route("processes", "`ProcessPoolExecutor` by fork", SUBMIT, upstream="differs: custom_context")
def executor_fork():
    return executor_says("fork")


@route("processes", "`ProcessPoolExecutor` by spawn", SUBMIT)
def executor_spawn():
    return executor_says("spawn")


@route("processes", "`ProcessPoolExecutor` by forkserver", SUBMIT)
def executor_forkserver():
    return executor_says("forkserver")


@route("processes", "C code of a `ProcessPoolExecutor` by spawn", SUBMIT)
def executor_native():
    return executor_says("spawn", observe.native)


def elastic_worker(queue, task, look):
    """What plugins/pytorch does in each worker: the context comes pickled, by hand, and is installed again."""
    from flyte._context import internal_ctx

    with internal_ctx().replace_task_context(cloudpickle.loads(task)):
        queue.put(cloudpickle.loads(look)())


def elastic_says(look):
    from flyte._context import internal_ctx

    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    task = cloudpickle.dumps(internal_ctx().data.task_context)
    workers = [context.Process(target=elastic_worker, args=(queue, task, cloudpickle.dumps(look)))
               for _ in range(2)]
    for worker in workers:
        worker.start()
    seen = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    return seen


@route("elastic workers", "Python", "the plugin's: it pickles the context for each worker", upstream=KEPT)
def elastic():
    return elastic_says(observe.python)


@route("elastic workers", "C code", "the thread's native context follows the SDK's")
def elastic_native():
    return elastic_says(observe.native)


@route("elastic workers", "a thread of a C library", "a thread has its creator's context")
def elastic_native_thread():
    return elastic_says(observe.native_thread)


@route("elastic workers", "a program", "each start hands on the thread's context")
def elastic_program():
    return elastic_says(program)
