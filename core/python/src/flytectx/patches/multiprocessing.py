# SPDX-License-Identifier: Apache-2.0
"""multiprocessing: pools, whose work has the context of what submits it; and its fork server.

That is older than the context that a process of it is to have. Those of fork have it in memory,
those of spawn in their environment.
"""

import functools

from flytectx import _errors, _follow, _work
from flytectx.patches import Follower, expect

follower = Follower("multiprocessing", "CPython 3.10 to 3.14")

_METHODS = ("apply_async", "imap", "imap_unordered", "_map_async")


class _Context:
    """Pickled with a Process, of whose child it becomes the context when it is unpickled."""

    def __init__(self, fields):
        self.fields = fields

    def __reduce__(self):
        return _work.adopt, (self.fields,)


def _wrap_launch(launch):
    @functools.wraps(launch)
    def _launch(self, process_obj):
        with _errors.of_ours_ignored:
            _, owner = _follow.capture()
            process_obj._flytectx = _Context(_work.fields_of(owner))
        try:
            return launch(self, process_obj)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        finally:
            process_obj.__dict__.pop("_flytectx", None)

    return _launch


def _wrap_method(method):
    """They take the function by name, too, and callbacks by name or place."""
    names = method.__code__.co_varnames[1 : method.__code__.co_argcount]

    @functools.wraps(method)
    def wrapped(self, *args, **kwargs):
        with _errors.of_ours_ignored:
            given = dict(zip(names, args)) | kwargs
            for name in ("func", "callback", "error_callback"):
                if given.get(name) is not None:
                    given[name] = _work.Work(given[name])
            if len(args) <= len(names):
                args, kwargs = (), given
        try:
            return method(self, *args, **kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    return wrapped


def _change_pool(module):
    for name in _METHODS:
        expect(getattr(module.Pool, name), "self", "func")
        follower.replace(module.Pool, name, _wrap_method)


def _change_server(module):
    expect(module.Popen._launch, "self", "process_obj")
    follower.replace(module.Popen, "_launch", _wrap_launch)


def install():
    follower.when_imported("multiprocessing.pool", _change_pool)
    follower.when_imported("multiprocessing.popen_forkserver", _change_server)
