# SPDX-License-Identifier: Apache-2.0
"""context.py - the context of a Flyte task in Python, by ctypes.

    python3 context.py CMD [ARG...]

Runs CMD with an empty environment, outside of a scope and inside one.
"""
import asyncio
import ctypes
import subprocess
import sys
import threading


class ActionId(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p)
                for name in ("name", "run_name", "project", "domain", "org")]


class Pair(ctypes.Structure):
    _fields_ = [("key", ctypes.c_char_p), ("value", ctypes.c_char_p)]


class PairList(ctypes.Structure):
    _fields_ = [("count", ctypes.c_size_t), ("items", ctypes.POINTER(Pair))]


class TaskContext(ctypes.Structure):
    """struct flyte_task_context; all of it, so that its members are where they are in C."""
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("action", ActionId),
        ("task_action", ActionId),
        ("version", ctypes.c_char_p),
        ("input_path", ctypes.c_char_p),
        ("output_path", ctypes.c_char_p),
        ("run_base_dir", ctypes.c_char_p),
        ("raw_data_path", ctypes.c_char_p),
        ("old_prefix", ctypes.c_char_p),
        ("new_prefix", ctypes.c_char_p),
        ("checkpoint_path", ctypes.c_char_p),
        ("prev_checkpoint_path", ctypes.c_char_p),
        ("group", ctypes.c_char_p),
        ("mode", ctypes.c_int),
        ("interactive_mode", ctypes.c_bool),
        ("disable_run_cache", ctypes.c_bool),
        ("in_trace", ctypes.c_bool),
        ("run_start_time", ctypes.c_int64),
        ("custom_context", PairList),
    ]


library = ctypes.CDLL(None, use_errno=True)  # the preload is in every process: nothing to load
try:
    library.flyte_ctx.restype = ctypes.POINTER(TaskContext)
    library.flytectx_custom_context_get.restype = ctypes.c_char_p
    library.flytectx_custom_context_enter.restype = ctypes.c_size_t
    library.flytectx_custom_context_enter.argtypes = [ctypes.POINTER(Pair), ctypes.c_size_t]
    library.flytectx_context_exit.argtypes = [ctypes.c_size_t]
except AttributeError:
    library = None  # no preload


def text(value):
    return value.decode() if value is not None else None


def current():
    """The current context, or None outside a task. Read it before its scope ends."""
    found = library.flyte_ctx() if library else None
    return found.contents if found else None


def custom_context():
    context = current()
    pairs = context.custom_context if context else PairList()
    return {text(pairs.items[i].key): text(pairs.items[i].value) for i in range(pairs.count)}


class Scope:
    """with Scope(increment="2"): what is started inside has it."""

    def __init__(self, **pairs):
        self.pairs = (Pair * len(pairs))(*[(key.encode(), value.encode())
                                           for key, value in pairs.items()])
        self.token = 1  # FLYTE_TOKEN_NONE

    def __enter__(self):
        if library:
            self.token = library.flytectx_custom_context_enter(self.pairs, len(self.pairs))
        if not self.token:
            error = ctypes.get_errno()
            raise OSError(error, "can't enter the custom context")
        return self

    def __exit__(self, *_):
        if library:
            library.flytectx_context_exit(self.token)


def child():
    return subprocess.run(sys.argv[1:], env={}, stdout=subprocess.PIPE, text=True,
                          check=False).stdout.strip() or None


def in_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(custom_context().get("increment")))
    thread.start()
    thread.join()
    return seen[0]


async def in_coroutines():
    """Both run on one thread: a scope that is open across an await is seen by the other one."""
    entered, seen = asyncio.Event(), []

    async def one():
        with Scope(increment="3"):
            entered.set()
            await asyncio.sleep(0)

    async def other():
        await entered.wait()
        seen.append(custom_context().get("increment"))

    await asyncio.gather(one(), other())
    return seen[0]


def show(where):
    print(f"{where}: {custom_context().get('increment')}, a thread {in_thread()}, "
          f"a child {child()}", flush=True)


if not current():
    print("outside a task")
    sys.exit()
print(text(current().action.name), "size", current().size >= ctypes.sizeof(TaskContext))
show("outside")
try:
    with Scope(increment="2", team="genomics"):
        show("inside")
        raise KeyError
except KeyError:
    show("after")
try:
    with Scope(increment="x" * 100000):
        pass
except OSError as error:
    print("too large:", error.errno)
print("another coroutine:", asyncio.run(in_coroutines()))
