# SPDX-License-Identifier: Apache-2.0
"""cases.py with|without - what is seen of a context of flyte's where something was started.

In a process whose native context has scope=native, and in a task that the SDK runs. Each case
returns what it has seen; beside it stands what that is with the module, and what without it: where
upstream loses the context. LEAF and NATIVE are leaf.c and native.c, NATIVE_LLVM is that by clang.
"""

import asyncio
import concurrent.futures
import contextvars
import ctypes
import multiprocessing
import multiprocessing.pool
import os
import pty
import subprocess
import sys
import threading

import flyte
from flyte._context import internal_ctx, root_context_var

LEAF = os.environ["LEAF"]
native = ctypes.CDLL(os.environ["NATIVE"])  # gives up the lock for each call
holding = ctypes.PyDLL(os.environ["NATIVE"])  # keeps it
CALLBACK = ctypes.CFUNCTYPE(None)
for library in native, holding:
    library.here.restype = library.in_pthread.restype = library.in_popen.restype = ctypes.c_char_p

cases = []


def case(without, module="python"):
    def add(function):
        cases.append((function, without, module))
        return function

    return add


def leaf(**options):
    return subprocess.run([LEAF], stdout=subprocess.PIPE, text=True, check=True, **options).stdout.strip()


def scope():
    """What Python sees."""
    return flyte.get_custom_context().get("scope", "-") if flyte.ctx() else "none"


def from_fd(start):
    """What is written by what start(fd) starts; it returns the process to wait for."""
    read, write = os.pipe()
    os.set_inheritable(write, True)
    pid = start(write)
    os.close(write)
    with os.fdopen(read) as stream:
        text = stream.read().strip()
    os.waitpid(pid, 0)
    return text


def script(fd):
    return ["sh", "-c", f"exec {LEAF} >/dev/fd/{fd}"]


def forked(function):
    def start(fd):
        pid = os.fork()
        if pid == 0:
            os.dup2(fd, 1)
            try:
                function()
            finally:
                os._exit(1)
        return pid

    return from_fd(start)


# --- programs ---


@case("native")
def a_program():
    return leaf()


@case("native")
def a_program_with_a_clean_environment():
    return leaf(env={})


@case("native")
def a_program_by_fork():
    return leaf(preexec_fn=lambda: None)


@case("native")
def a_program_by_posix_spawn_of_subprocess():
    return leaf(close_fds=False)


@case("native")
def a_program_by_a_shell():
    return subprocess.getoutput(LEAF)


@case("native")
def a_program_of_a_program():
    return subprocess.getoutput(f"env -i sh -c 'env -i {LEAF} | cat'")


@case("native")
def os_system():
    def start(fd):
        os.system(f"{LEAF} >/dev/fd/{fd}")
        return os.posix_spawn("/bin/true", ["true"], os.environ)

    return from_fd(start)


@case("native")
def os_popen():
    with os.popen(LEAF) as stream:
        return stream.read().strip()


@case("native")
def os_posix_spawn():
    return from_fd(lambda fd: os.posix_spawn("/bin/sh", script(fd), os.environ))


@case("native")
def os_spawnv():
    return from_fd(lambda fd: os.spawnv(os.P_NOWAIT, "/bin/sh", script(fd)))


@case("native")
def os_fork_and_exec():
    return forked(lambda: os.execv(LEAF, ["leaf"]))


@case("native")
def a_program_of_a_fork():
    return forked(lambda: (subprocess.run([LEAF], env={}), os._exit(0)))


@case("native")
def pty_fork():
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(LEAF, ["leaf"])
    text = os.read(fd, 100).decode().strip()
    os.waitpid(pid, 0)
    os.close(fd)
    return text


@case("native")
async def asyncio_subprocess():
    process = await asyncio.create_subprocess_exec(LEAF, stdout=asyncio.subprocess.PIPE)
    return (await process.communicate())[0].decode().strip()


@case("native")
def popen_of_a_c_library():
    return holding.in_popen(LEAF.encode()).decode()


@case("native")
def popen_of_a_c_library_without_the_lock():
    return native.in_popen(LEAF.encode()).decode()


# --- threads ---


def in_thread(function):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(function()))
    thread.start()
    thread.join()
    return seen[0]


@case("none")
def a_thread():
    return in_thread(scope)


@case("native")
def a_program_of_a_thread():
    return in_thread(leaf)


@case("False", "True")
def the_task_context_of_a_thread_is_the_very_same():
    task = flyte.ctx()
    return str(in_thread(lambda: flyte.ctx() is task))


@case("none", "python+")
def a_scope_in_a_thread_extends_it():
    def extend():
        with flyte.custom_context(more="+"):
            return "".join(flyte.get_custom_context().values()) or "none"

    return in_thread(extend)


@case("none")
def a_thread_that_outlives_the_scope():
    go, seen = threading.Event(), []
    with flyte.custom_context(scope="python"):
        thread = threading.Thread(target=lambda: (go.wait(), seen.append(scope())))
        thread.start()
    with flyte.custom_context(scope="later"):
        go.set()
        thread.join()
    return seen[0]


@case("none")
def a_timer():
    seen = []
    timer = threading.Timer(0, lambda: seen.append(scope()))
    timer.start()
    timer.join()
    return seen[0]


@case("native")
def native_code_of_a_thread():
    return in_thread(native.here).decode()


@case("native")
def a_pthread():
    return native.in_pthread().decode()


@case("native")
def a_pthread_that_is_started_with_the_lock():
    return holding.in_pthread().decode()


@case("native")
def native_code():
    return native.here().decode()


@case("none")
def python_in_a_pthread():
    seen = []
    native.call_in_pthread(CALLBACK(lambda: seen.append(scope())))
    return seen[0]


@case("native")
def a_program_of_python_in_a_pthread():
    seen = []
    native.call_in_pthread(CALLBACK(lambda: seen.append(leaf())))
    return seen[0]


@case("0", "2")
def a_region_of_openmp():
    return str(native.in_region(b"python"))


@case("0", "2")
def a_region_of_openmp_with_the_lock():
    return str(holding.in_region(b"python"))


@case("0", "2")
def a_region_of_openmp_by_llvm():
    return str(ctypes.CDLL(os.environ["NATIVE_LLVM"]).in_region(b"python"))


@case("0", "2")
def a_region_of_openmp_by_llvm_with_the_lock():
    return str(ctypes.PyDLL(os.environ["NATIVE_LLVM"]).in_region(b"python"))


# --- pools ---


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


# --- contexts that nobody enters ---


@case("native")
def a_context_that_was_only_set():
    def inside():
        root_context_var.set(context)
        return from_fd(lambda fd: os.posix_spawn("/bin/sh", script(fd), os.environ))

    context = internal_ctx()
    with flyte.custom_context(scope="other"):
        return contextvars.copy_context().run(inside)


@case("native", "set set set python python")
def copied_contexts_leave_nothing_behind():
    def inside():
        return [leaf(), holding.in_pthread().decode(), in_thread(leaf)]

    with flyte.custom_context(scope="set"):
        copy = contextvars.copy_context()
    seen = [*copy.run(inside), native.here().decode(), leaf()]
    return " ".join(seen) if with_module else seen[0]


@case("native", "changed changed")
def a_custom_context_that_is_changed_in_place():
    with flyte.custom_context(scope="python"):
        flyte.ctx().custom_context["scope"] = "changed"
        return " ".join([leaf(), holding.in_pthread().decode()]) if with_module else leaf()


# --- scopes ---


@case("native native native", "inner outer python")
def nested_scopes():
    seen = []
    with flyte.custom_context(scope="outer"):
        with flyte.custom_context(scope="inner"):
            seen.append(leaf())
        seen.append(leaf())
    return " ".join([*seen, leaf()])


@case("", "pears")
def a_group():
    with flyte.group("pears"):
        return subprocess.run(
            [os.environ["FLYTECTX"], "get", "group"], stdout=subprocess.PIPE, text=True
        ).stdout.strip()


@case("python c", "python c c python")
def a_scope_of_native_code_is_newer():
    seen = []

    def inside():
        seen.append(leaf())
        seen.append(native.in_pthread().decode())

    library_scope = native.in_scope
    before = leaf() if with_module else "python"
    assert library_scope(b"c", CALLBACK(inside)) == 0
    return " ".join([before, *seen, leaf()] if with_module else [before, seen[0]])


@case("native", "deeper c")
def a_scope_of_python_in_one_of_native_code():
    seen = []

    def inside():
        with flyte.custom_context(scope="deeper"):
            seen.append(leaf())
        seen.append(leaf())

    assert native.in_scope(b"c", CALLBACK(inside)) == 0
    return " ".join(seen) if with_module else "native"


@case("native", "3 -")
def a_value_that_is_no_string():
    with flyte.custom_context(scope=3):
        number = leaf()
    with flyte.custom_context(scope=object()):
        return f"{number} {leaf()}" if with_module else number


@case("native", "-")
def a_custom_context_that_is_too_large():
    with flyte.custom_context(much="x" * 100000):
        return leaf()


@case("native", "python native")
def a_program_that_is_to_have_nothing():
    seen = leaf()
    assert leaf(env={"FLYTECTX_PROPAGATE": "0"}) == "none"
    return f"{seen} native" if with_module else seen


# --- the run ---

env = flyte.TaskEnvironment(name="cases")


@env.task
def in_a_sync_task(name: str) -> str:
    return by_name[name]()


@env.task
async def in_an_async_task(name: str) -> str:
    with flyte.custom_context(scope="python"):
        function = by_name[name]
        if asyncio.iscoroutinefunction(function):
            return await function()
        return function()


by_name = {function.__name__: function for function, _, _ in cases}


def run(name):
    runner = flyte.with_runcontext(mode="local", custom_context={"scope": "python"})
    if asyncio.iscoroutinefunction(by_name[name]):
        return [runner.run(in_an_async_task, name=name).outputs()[0]]
    return [runner.run(task, name=name).outputs()[0] for task in (in_a_sync_task, in_an_async_task)]


def main():
    failed, results = False, 0
    for function, without, module in cases:
        name = function.__name__.replace("_", " ")
        expected = module if with_module else without
        for seen in run(function.__name__):
            right = seen == expected
            results += 1
            failed = failed or not right
            what = f"{name}: {expected}" if with_module else f"{name}: {expected} without the module"
            print(f"{'ok' if right else 'not ok'} - {what}", flush=True)
            if not right:
                print(f"# got: {seen}", flush=True)
    print(f"1..{results}", flush=True)
    sys.exit(failed)


with_module = os.environ["CASES"] == "with"
if __name__ == "__main__":
    main()
