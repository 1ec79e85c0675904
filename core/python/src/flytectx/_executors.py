# SPDX-License-Identifier: Apache-2.0
"""Pools: work has the context of whoever submits it, whatever the worker was started in."""

import functools
import sys

from flytectx import _imports
from flytectx._work import Work


def _wrap(submit):
    @functools.wraps(submit)
    def wrapped(self, function, /, *args, **kwargs):
        return submit(self, Work(function), *args, **kwargs)

    return wrapped


def _change_threads(module):
    module.ThreadPoolExecutor.submit = _wrap(module.ThreadPoolExecutor.submit)


def _change_interpreters(module):
    """Their work is for an interpreter that has nothing of ours, and may be what can't be pickled."""
    submit = sys.modules["concurrent.futures.thread"].ThreadPoolExecutor.submit
    module.InterpreterPoolExecutor.submit = submit.__wrapped__


def _change_processes(module):
    module.ProcessPoolExecutor.submit = _wrap(module.ProcessPoolExecutor.submit)


def _wrap_pool(method):
    """multiprocessing's take the function by name, too."""

    @functools.wraps(method)
    def wrapped(self, func, *args, **kwargs):
        return method(self, Work(func), *args, **kwargs)

    return wrapped


def _change_pool(module):
    for name in ("apply_async", "imap", "imap_unordered", "_map_async"):
        setattr(module.Pool, name, _wrap_pool(getattr(module.Pool, name)))


def install():
    _imports.when_imported("concurrent.futures.thread", _change_threads)
    _imports.when_imported("concurrent.futures.process", _change_processes)
    _imports.when_imported("concurrent.futures.interpreter", _change_interpreters)
    # joblib's, in its own copy and as it is.
    _imports.when_imported("joblib.externals.loky.process_executor", _change_processes)
    _imports.when_imported("loky.process_executor", _change_processes)
    _imports.when_imported("multiprocessing.pool", _change_pool)
