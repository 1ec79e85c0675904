# SPDX-License-Identifier: Apache-2.0
"""spans.py - what programs that Python starts know of the span that is current there.

Prints what is wrong, and how many starts were right. With an argument: without flyte.
"""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import threading

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

import flytectx

if len(sys.argv) == 1:
    import flyte
else:
    flytectx.current()  # connects it
FLYTECTX = os.environ["FLYTECTX"]
SHOW = f"echo ${{TRACEPARENT-unset}} $({FLYTECTX} get custom_context.traceparent)"
right = 0


def from_fd(start):
    read, write = os.pipe()
    os.set_inheritable(write, True)
    pid = start(f"exec >/dev/fd/{write}; {SHOW}")
    os.close(write)
    with os.fdopen(read) as stream:
        text = stream.read()
    if pid:
        os.waitpid(pid, 0)
    return text


def forked(command):
    pid = os.fork()
    if pid == 0:
        os.execv("/bin/sh", ["sh", "-c", command])
    return pid


async def by_asyncio():
    process = await asyncio.create_subprocess_shell(SHOW, stdout=subprocess.PIPE)
    return (await process.communicate())[0].decode()


def by_run(**options):
    return subprocess.run(["sh", "-c", SHOW], stdout=subprocess.PIPE, text=True, check=True, **options).stdout


starts = {
    "run": by_run,
    "a clean environment": lambda: by_run(env={}),
    "preexec_fn": lambda: by_run(preexec_fn=int),
    "posix_spawn of subprocess": lambda: by_run(close_fds=False),
    "popen": lambda: os.popen(SHOW).read(),
    "system": lambda: from_fd(lambda command: os.system(command)),
    "posix_spawn": lambda: from_fd(lambda text: os.posix_spawn("/bin/sh", ["sh", "-c", text], {})),
    "spawnve": lambda: from_fd(lambda text: os.spawnve(os.P_NOWAIT, "/bin/sh", ["sh", "-c", text], {})),
    "fork and exec": lambda: from_fd(forked),
    "asyncio": lambda: asyncio.run(by_asyncio()),
}


def expect(name, expected, seen):
    global right
    if seen == expected:
        right += 1
    else:
        print(f"{name}: {seen}, not {expected}", flush=True)


def each(expected):
    for name, start in starts.items():
        expect(name, [expected, expected], start().split())


def of(span):
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def in_thread(function):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(function()))
    thread.start()
    thread.join()
    return seen[0]


def keys():
    context = flytectx.current()
    return sorted(context.custom_context)


def main():
    tracer = TracerProvider().get_tracer("spans")
    before = keys()
    expect("no span", ["unset"], by_run().split())
    with tracer.start_as_current_span("outer") as outer:
        each(of(outer))
        with flytectx.custom_context(k="scope"), tracer.start_as_current_span("inner") as inner:
            each(of(inner))
            get = [FLYTECTX, "get", "custom_context.k"]
            expect("the rest", "scope\n", subprocess.run(get, stdout=subprocess.PIPE, text=True).stdout)
            environment = {"TRACEPARENT": of(outer)}
            expect("the caller's own", of(outer), by_run(env=environment).split()[0])
            expect("flyte's own", before, keys())
            expect("a thread", before, in_thread(keys))
            expect("a thread's program", ["unset"], in_thread(by_run).split())
        expect("after it", [of(outer)] * 2, by_run().split())
        with multiprocessing.get_context("fork").Pool(1) as pool:
            expect("a pool by fork", [of(outer)] * 2, pool.apply(by_run).split())
        token = otel_context.attach(trace.set_span_in_context(trace.INVALID_SPAN))
        expect("an invalid span", ["unset"], by_run().split())
        otel_context.detach(token)
    expect("after all", ["unset"], by_run().split())
    expect("its own context", before, keys())
    states = {follower.name: follower.state for follower in flytectx.status().followers}
    print(right, states["opentelemetry"], "flyte" in sys.modules)


if __name__ == "__main__":
    main()
