# SPDX-License-Identifier: Apache-2.0
"""A worker of a launcher: which rank it is, and the context in its main thread, in another thread,
and in a program that it starts with a cleaned environment."""

import ctypes
import os
import subprocess
import sys
import threading


def context():
    """What flyte_ctx() says here, by the symbol that the preload exports."""
    process = ctypes.CDLL(None)
    if not hasattr(process, "flyte_ctx"):
        return "absent"
    process.flyte_ctx.restype = ctypes.c_void_p
    return "known" if process.flyte_ctx() else "unknown"


def report(directory):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(context()))
    thread.start()
    thread.join()
    reporter = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reporter")
    child = subprocess.run([reporter], env={}, stdout=subprocess.PIPE, check=True)
    rank = [os.environ.get(name, "-") for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE")]
    line = f"{'/'.join(rank)} {context()} {seen[0]} {child.stdout.decode().strip()}\n"
    # A file each: what workers print, their launcher mixes.
    with open(os.path.join(directory, rank[0]), "w") as to:
        to.write(line)


if __name__ == "__main__":
    report(sys.argv[1])
