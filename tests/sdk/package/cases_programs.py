# SPDX-License-Identifier: Apache-2.0
"""cases_programs.py - cases of cases.py: programs that are started."""

import asyncio
import os
import pty
import subprocess

from case import LEAF, case, forked, from_fd, holding, leaf, native, script


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
