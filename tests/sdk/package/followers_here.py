# SPDX-License-Identifier: Apache-2.0
"""followers_here - what the programs of followers.py share: the modules, and the contexts seen here."""

import collections
import concurrent.futures
import gc
import inspect
import logging
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import traceback
import types
import warnings
import weakref
from importlib.machinery import PathFinder

name = sys.argv[1]


class Finder:
    """Asks all others, as the package's does."""

    def find_spec(self, module, path=None, target=None):
        if module != "flyte._context":
            return None
        found = (finder.find_spec(module, path, target) for finder in sys.meta_path if finder is not self)
        return next(filter(None, found), None)


class Direct:
    """Imports without the finders that it stands before, as typeguard's and beartype's hooks."""

    def find_spec(self, module, path=None, target=None):
        return PathFinder.find_spec(module, path, target) if module == "flyte._context" else None


def forbid(event, _):
    if event.startswith("ctypes"):
        raise RuntimeError("forbidden")


if name == "forbidden_ctypes":
    sys.addaudithook(forbid)
if name == "another_finder":
    sys.meta_path.insert(0, Finder())
if name == "finder_before_ours":
    sys.meta_path.insert(0, Direct())
if name == "eventlet":
    warnings.simplefilter("ignore")
    import eventlet

    eventlet.monkey_patch()
if name == "gevent":
    from gevent import monkey

    monkey.patch_all()
if name != "without_the_sdk":
    import flyte
    from flyte._context import Context, ContextData, internal_ctx, root_context_var
import flytectx

FLYTECTX = os.environ["FLYTECTX"]


def child():
    command = [FLYTECTX, "get", "custom_context.k"]
    return subprocess.run(command, env={}, stdout=subprocess.PIPE, text=True).stdout.strip()


def native():
    import ctypes

    get = ctypes.CDLL(None).flytectx_custom_context_get
    get.restype = ctypes.c_char_p
    return (get(b"k") or b"-").decode()


def look():
    return flyte.get_custom_context().get("k", "-"), native(), child()


def is_agreed(expected, seen):
    return seen == (expected,) * 3
