# SPDX-License-Identifier: Apache-2.0
"""routes_threads.py - the routes of routes.py that are threads, pools and loops of events."""
import asyncio
import ctypes
import multiprocessing
import subprocess
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from routes_common import clear, command, report, where


def threads():
    def work():
        report("threading")
        subprocess.run(where("child of a thread", "", str(threading.get_native_id())), env={},
                       check=True)

    started = [threading.Thread(target=work) for _ in range(8)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    with ThreadPoolExecutor(4) as pool:
        print(sum(pool.map(lambda i: subprocess.call(where("child of a pool"), env={}), range(20))))


class Pair(ctypes.Structure):
    _fields_ = [("key", ctypes.c_char_p), ("value", ctypes.c_char_p)]


def scopes():
    """Threads in scopes of their own, entered by ctypes. Without the preload there are none."""
    this = ctypes.CDLL(None)
    barrier = threading.Barrier(4)

    def work(name):
        token = None
        if hasattr(this, "flytectx_custom_context_enter"):
            this.flytectx_custom_context_enter.restype = ctypes.c_size_t
            this.flytectx_context_exit.argtypes = [ctypes.c_size_t]
            pair = Pair(b"increment", name.encode())
            token = this.flytectx_custom_context_enter(ctypes.byref(pair), ctypes.c_size_t(1))
        barrier.wait()
        report("in scope " + name, "increment=" + name)
        for _ in range(10):
            subprocess.run(where("child of " + name, "increment=" + name,
                                 str(threading.get_native_id())), env={}, check=True)
        if token is not None:
            assert token and this.flytectx_context_exit(token) == 0

    started = [threading.Thread(target=work, args=(name,)) for name in "CDEF"]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    report("after the scopes")


def child_process(number):
    report("multiprocessing")
    subprocess.run(where("child of it"), env={}, check=True)
    return number * number


def multiprocessing_by(method):
    context = multiprocessing.get_context(method)
    started = [context.Process(target=child_process, args=(number,)) for number in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    print([process.exitcode for process in started])
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        print(list(pool.map(child_process, range(4))))


def multiprocessing_fork():
    multiprocessing_by("fork")


def multiprocessing_spawn():
    clear()
    multiprocessing_by("spawn")


def multiprocessing_forkserver():
    clear()
    multiprocessing_by("forkserver")


def multiprocessing_pool():
    clear()
    with multiprocessing.Pool(3) as pool:
        print(pool.map(child_process, range(8), chunksize=1))


def in_future(label, number):
    """Reports, and starts a child that says which thread began it."""
    report(label)
    return subprocess.call(where("child of " + label, "", str(threading.get_native_id())),
                           env={}) + number


def futures():
    with ThreadPoolExecutor(3) as pool:
        print([future.result() for future in [pool.submit(in_future, "a thread", number)
                                              for number in range(8)]])
    for method in ("fork", "forkserver"):
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            print(list(pool.map(child_process, range(3))))
    with ThreadPoolExecutor(2) as pool, ProcessPoolExecutor(1) as one:
        print(pool.submit(one.submit, child_process, 3).result().result())


def asynchronous():
    async def work():
        started = [await asyncio.create_subprocess_exec(*where("asyncio"), env={})
                   for _ in range(5)]
        return [await process.wait() for process in started]

    print(asyncio.run(work()))


def asynchronous_forms():
    async def work():
        shell = await asyncio.create_subprocess_shell(
            command("shell") + "; cat; exit 3", env={}, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE)
        print(await shell.communicate(b"in"), shell.returncode)
        long = await asyncio.create_subprocess_exec(
            "sh", "-c", command("long") + "; echo; exec sleep 60", env={},
            stdout=asyncio.subprocess.PIPE)
        await long.stdout.readline()
        long.terminate()
        print(await long.wait())
        print(await asyncio.gather(asyncio.to_thread(in_future, "to_thread", 1),
                                   asyncio.to_thread(in_future, "to_thread", 2)))

    asyncio.run(work())
