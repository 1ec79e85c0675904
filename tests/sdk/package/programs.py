# SPDX-License-Identifier: Apache-2.0
"""programs.py NAME - programs of their own, judged by what they print, on stderr too, and how they end."""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from datetime import datetime, timezone

# Also where Python leaves the folder of a script out: python -I, runpy.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import flyte
from flyte._context import internal_ctx, root_context_var
from flyte.models import ActionID, CheckpointPaths, GroupData, PathRewrite, RawDataPath

from program import LEAF, entered, holding, leaf, native, program, programs, scope

import programs_wrong  # noqa: F401, it adds its programs

# --- the other way: Python below a native program ---


@program
def child():
    """Started by a native program."""
    with flyte.custom_context(more="child"):
        print(scope(), leaf(), sorted(flyte.get_custom_context()))


FIELDS = dict(
    action=ActionID(name="a1-trace", run_name="run", project="project", domain="domain", org="org"),
    task_action=ActionID(name="a1", run_name="run", project="project", domain="domain", org="org"),
    raw_data_path=RawDataPath(path="s3://raw", path_rewrite=PathRewrite("s3://raw", "/mnt/raw")),
    input_path="s3://in",
    group_data=GroupData("group"),
    checkpoint_paths=CheckpointPaths(prev_checkpoint_path="s3://old", checkpoint_path="s3://new"),
    mode="hybrid",
    interactive_mode=True,
    disable_run_cache=True,
    run_start_time=datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=timezone.utc),
    custom_context={"scope": "python", "empty": "", "utf-8": "zażółć \udc80", "=": " "},
)


def text_of(context):
    names = sorted({*FIELDS, "version", "output_path", "run_base_dir"})
    return repr([(name, getattr(context, name)) for name in names] + [context.report.name])


@program
def all_fields():
    """What a Python program below has is what this one has entered."""
    with entered(**FIELDS), internal_ctx().replace_task_context(flyte.ctx()) as context:
        seen = subprocess.run(
            ["env", "-i", sys.executable, *options(), __file__, "show_fields"],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={"LEAF": LEAF, "NATIVE": os.environ["NATIVE"]},
        )
        expected = text_of(context.data.task_context)
    print("equal" if seen.stdout == expected + "\n" else f"{seen.stdout!r}\n{expected!r}")


def options():
    """env -i leaves no variables; the program needs these two."""
    code = "import os, runpy, sys; os.environ.update(LEAF=sys.argv[1], NATIVE=sys.argv[2]); sys.argv = sys.argv[3:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    return ["-X", "utf8", "-c", code, LEAF, os.environ["NATIVE"]]


@program
def show_fields():
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(text_of(flyte.ctx()))


@program
def calls_below():
    """A task is a function in a program that has no controller, a scope more or less."""
    environment = flyte.TaskEnvironment(name="below")

    @environment.task
    def double(number: int) -> int:
        return 2 * number

    print(double(1), end=" ")
    with flyte.custom_context(scope="below"):
        print(double(2), scope(), leaf())


# --- processes ---


@program
def after_fork():
    with entered():
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            seen = []
            with flyte.custom_context(scope="child"):
                thread = threading.Thread(target=lambda: seen.extend([scope(), leaf()]))
                thread.start()
                thread.join()
                print(*seen, holding.in_pthread().decode(), scope(), leaf())
            print(scope(), leaf())
            sys.exit(0)
        status = os.waitpid(pid, 0)[1]
        print(status, scope(), leaf())


@program
def fork_of_a_step():
    """A process that is forked in a step of asyncio goes on in its scope."""
    import asyncio

    async def step():
        with flyte.custom_context(scope="step"):
            await asyncio.sleep(0)
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                print(scope(), native.here().decode(), leaf(), flush=True)
                os._exit(0)
            os.waitpid(pid, 0)

    with entered():
        asyncio.run(step())


# --- the end ---


def forever():
    with contextlib.suppress(Exception), flyte.custom_context(scope="daemon"):
        while True:
            holding.in_pthread()
            threading.Thread(target=scope).start()
            subprocess.run(["true"])


@program
def the_end():
    scope()  # imports
    atexit.register(lambda: print(scope(), leaf()))
    context = entered()
    context.__enter__()
    for _ in range(4):
        threading.Thread(target=forever, daemon=True).start()
    threading.Thread(target=lambda: print(scope(), flush=True)).start()
    for _ in range(20):
        leaf()
    sys.stderr = None  # what daemon threads say of an interpreter that is gone


@program
def many_scopes():
    """Ten times as many take no more memory."""

    def enter(count):
        for number in range(count):
            with flyte.custom_context(scope=f"{number}" * 100):
                holding.in_pthread()
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    with entered():
        before = enter(2000)
        after = enter(20000)
    print("no more" if after - before < 2000 else f"{after - before} KiB more")


def subinterpreters_of(version):
    """The module, and how to ask for one that shares the lock, and for one that does not."""
    if version >= (3, 13):
        import _interpreters

        return _interpreters, {"config": "legacy"}, {"config": "isolated"}
    import _xxsubinterpreters

    return _xxsubinterpreters, {"isolated": False}, {"isolated": True}


@program
def subinterpreters():
    """They are not asked, and see what the thread has."""
    interpreters, shared, own = subinterpreters_of(sys.version_info)
    begin = f"import os, sys, threading; sys.path[:] = {sys.path!r}\n"
    start = f"""
os.waitpid(os.posix_spawn({LEAF!r}, ["leaf"], os.environ), 0)
for _ in range(10):
    thread = threading.Thread(target=len, args=("",))
    thread.start()
    thread.join()
"""
    end = "import flytectx; print(flytectx.install(), flush=True)"
    with entered():
        sys.stdout.flush()
        for options, code in (shared, begin + start + end), (own, begin + end):
            interpreter = interpreters.create(**options)
            interpreters.run_string(interpreter, code)
            interpreters.destroy(interpreter)
        print(scope(), leaf(), holding.in_pthread().decode())


@program
def seen():
    import flytectx

    print(flytectx.install(), scope(), type(root_context_var.get()).__name__)


programs[sys.argv[1]]()
