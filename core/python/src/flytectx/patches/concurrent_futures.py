# SPDX-License-Identifier: Apache-2.0
"""concurrent.futures, and loky: work has the context of what submits it, whatever started the worker.

So has a callback of a future that of what has added it: joblib submits most of its work from these.
"""

import functools

from flytectx import _errors, _follow
from flytectx._work import Work
from flytectx.patches import Follower, expect

follower = Follower("concurrent.futures", "CPython 3.10 to 3.14")
loky = Follower("loky", "loky 3, also joblib's")


def _wrap_item(init):
    """An item of a ThreadPoolExecutor keeps beside its function what that is to have."""

    @functools.wraps(init)
    def __init__(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self._flytectx = _follow.capture()

    return __init__


def _wrap_run(run):
    @functools.wraps(run)
    def wrapped(self, *args):
        context, owner = getattr(self, "_flytectx", None) or _follow.capture()  # it may be older
        return _follow.run_in(context, owner, run, (self, *args), {})

    return wrapped


def _change_threads(module):
    expect(module._WorkItem.run, "self")
    follower.replace(module._WorkItem, "__init__", _wrap_item)
    follower.replace(module._WorkItem, "run", _wrap_run)


def _wrap_submit(submit):
    @functools.wraps(submit)
    def wrapped(self, fn, /, *args, **kwargs):
        try:
            return submit(self, _work(fn), *args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    return wrapped


def _work(function):
    with _errors.of_ours_ignored:
        return Work(function)
    return function


def _wrap_add(add):
    @functools.wraps(add)
    def add_done_callback(self, fn):
        return add(self, _work(fn))

    return add_done_callback


def _change_futures(module):
    expect(module.Future.add_done_callback, "self", "fn")
    follower.replace(module.Future, "add_done_callback", _wrap_add)


def _change_processes(owner):
    def change(module):
        owner.replace(module.ProcessPoolExecutor, "submit", _wrap_submit)

    return change


def install():
    follower.when_imported("concurrent.futures._base", _change_futures)
    follower.when_imported("concurrent.futures.thread", _change_threads)
    follower.when_imported("concurrent.futures.process", _change_processes(follower))
    # joblib's, in its own copy and as it is.
    loky.when_imported("joblib.externals.loky.process_executor", _change_processes(loky))
    loky.when_imported("loky.process_executor", _change_processes(loky))
