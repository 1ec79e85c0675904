# SPDX-License-Identifier: Apache-2.0
"""case.py - what the cases of cases.py share: what is seen, and of what is started."""

import ctypes
import os
import subprocess
import threading

import flyte

LEAF = os.environ["LEAF"]
native = ctypes.CDLL(os.environ["NATIVE"])  # gives up the lock for each call
holding = ctypes.PyDLL(os.environ["NATIVE"])  # keeps it
CALLBACK = ctypes.CFUNCTYPE(None)
for library in native, holding:
    library.here.restype = library.in_pthread.restype = library.in_popen.restype = ctypes.c_char_p

# Beside a case stands what is seen with the module, and what without it.
cases = []
with_module = os.environ["CASES"] == "with"


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


def in_thread(function):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(function()))
    thread.start()
    thread.join()
    return seen[0]
