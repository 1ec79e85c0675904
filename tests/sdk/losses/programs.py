# SPDX-License-Identifier: Apache-2.0
"""programs.py - programs that a task starts: C with flyte_ctx.h, flytectx, and Python with the SDK."""

import asyncio
import os
import pty
import subprocess
import sys
import tempfile
import threading

import flyte

import observe
from routes import route

START = "each start hands on the thread's context"
SHOW = [observe.FLYTECTX, "show"]
PYTHON = [sys.executable, observe.__file__]
# All that a child gets of the environment, where a route empties it: flytectx is what brings the rest.
EMPTY = {}


def output(arguments, **options):
    return subprocess.run(arguments, stdout=subprocess.PIPE, text=True, check=False, **options).stdout


def through_file(start):
    """What a start wrote to a file: `start` gets its path."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "seen")
        start(path)
        with open(path, encoding="utf-8") as seen:
            return seen.read()


def from_terminal(descriptor):
    text = b""
    try:
        while more := os.read(descriptor, 4096):
            text += more
    except OSError:  # EIO is how a terminal ends
        pass
    return text.decode().replace("\r\n", "\n")


@route("programs", "`subprocess.run`", START)
def run():
    return output([observe.LEAF])


@route("programs", "`subprocess.run` with an empty environment", START)
def run_empty():
    return output([observe.LEAF], env=EMPTY)


@route("programs", "`subprocess.run(shell=True)`", START)
def run_shell():
    return output(f"env -i {observe.LEAF}", shell=True)


@route("programs", "`subprocess.run(close_fds=False)`", START)
def run_keeping():
    return output([observe.LEAF], close_fds=False, env=EMPTY)


@route("programs", "`subprocess.run(preexec_fn=...)`", START)
def run_preexec():
    return output([observe.LEAF], preexec_fn=lambda: None, env=EMPTY)


@route("programs", "`subprocess.run` in a thread", START)
def run_in_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(output([observe.LEAF], env=EMPTY)))
    thread.start()
    thread.join()
    return seen


@route("programs", "`subprocess.run` after a scope has ended", START)
def run_after_scope():
    with flyte.custom_context(increment="other"):
        output([observe.LEAF])
    return output([observe.LEAF])


@route("programs", "`flytectx show`", START)
def show():
    return observe.shown(output(SHOW, env=EMPTY, stderr=subprocess.DEVNULL))


@route("programs", "`flytectx get custom_context.increment`", START)
def get():
    said = output([observe.FLYTECTX, "get", "custom_context.increment"], env=EMPTY, stderr=subprocess.DEVNULL)
    return observe.python() if said == "2\n" else "none\n"


@route("programs", "Python with the SDK", START + "; flyte.ctx() shows it")
def python():
    return output(PYTHON)


@route("programs", "Python with the SDK, by a shell", START + "; flyte.ctx() shows it")
def python_by_shell():
    return output(["sh", "-c", f"{' '.join(PYTHON)}; true"])


@route("programs", "`os.system`", START)
def system():
    return through_file(lambda path: os.system(f"{observe.LEAF} >{path}"))


@route("programs", "`os.popen`", START)
def popen():
    return os.popen(f"env -i {observe.LEAF}").read()


@route("programs", "`os.posix_spawn`", START)
def posix_spawn():
    def start(path):
        actions = [(os.POSIX_SPAWN_OPEN, 1, path, os.O_WRONLY | os.O_CREAT, 0o600)]
        os.waitpid(os.posix_spawn(observe.LEAF, [observe.LEAF], EMPTY, file_actions=actions), 0)

    return through_file(start)


@route("programs", "`os.posix_spawnp`", START)
def posix_spawnp():
    def start(path):
        actions = [(os.POSIX_SPAWN_OPEN, 1, path, os.O_WRONLY | os.O_CREAT, 0o600)]
        os.waitpid(os.posix_spawnp("env", ["env", "-i", observe.LEAF], os.environ, file_actions=actions), 0)

    return through_file(start)


@route("programs", "`os.fork` and `os.execv`", START)
def fork_execv():
    return observe.in_child(lambda: os.execv(observe.LEAF, [observe.LEAF]))


@route("programs", "`os.fork` and `os.execve`", START)
def fork_execve():
    return observe.in_child(lambda: os.execve(observe.LEAF, [observe.LEAF], EMPTY))


@route("programs", "`os.fork` and `os.execlp`", START)
def fork_execlp():
    return observe.in_child(lambda: os.execlp("env", "env", "-i", observe.LEAF))


@route("programs", "`os.fork`, a scope in the child, and `os.execv`", START)
def fork_scope_execv():
    def child():
        with flyte.custom_context(increment="2"):
            os.execv(observe.LEAF, [observe.LEAF])

    with flyte.custom_context(increment="other"):
        return observe.in_child(child)


@route("programs", "`os.spawnv`", START)
def spawnv():
    return through_file(lambda path: os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", f"{observe.LEAF} >{path}"]))


@route("programs", "`os.spawnlpe`", START)
def spawnlpe():
    return through_file(lambda path: os.spawnlpe(
        os.P_WAIT, "sh", "sh", "-c", f"{observe.LEAF} >{path}", {"PATH": os.environ["PATH"]}))


@route("programs", "`pty.fork`", START)
def pty_fork():
    child, terminal = pty.fork()
    if child == 0:
        os.execve(observe.LEAF, [observe.LEAF], EMPTY)
    text = from_terminal(terminal)
    os.waitpid(child, 0)
    os.close(terminal)
    return text


@route("programs", "`pty.spawn`", START)
def pty_spawn():
    return through_file(lambda path: pty.spawn(
        ["sh", "-c", f"{observe.LEAF} >{path}"], lambda descriptor: os.read(descriptor, 1024), lambda _: b""))


@route("programs", "`asyncio.create_subprocess_exec`", START)
async def subprocess_exec():
    child = await asyncio.create_subprocess_exec(observe.LEAF, stdout=subprocess.PIPE, env=EMPTY)
    return (await child.communicate())[0].decode()


@route("programs", "`asyncio.create_subprocess_shell`", START)
async def subprocess_shell():
    child = await asyncio.create_subprocess_shell(f"env -i {observe.LEAF}", stdout=subprocess.PIPE)
    return (await child.communicate())[0].decode()


@route("programs", "a program of each of two asyncio tasks", START)
async def two_tasks():
    async def start():
        await asyncio.sleep(0)
        child = await asyncio.create_subprocess_exec(observe.LEAF, stdout=subprocess.PIPE, env=EMPTY)
        return (await child.communicate())[0].decode()

    async def other():
        with flyte.custom_context(increment="other"):
            return await start()

    _, seen, _ = await asyncio.gather(other(), start(), other())
    return seen


@route("programs", "Python with the SDK, by asyncio", START + "; flyte.ctx() shows it")
async def python_by_asyncio():
    child = await asyncio.create_subprocess_exec(*PYTHON, stdout=subprocess.PIPE)
    return (await child.communicate())[0].decode()
