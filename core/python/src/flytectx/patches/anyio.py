# SPDX-License-Identifier: Apache-2.0
"""anyio's worker threads on asyncio, which Starlette and FastAPI use, too."""

import functools

from flytectx import _errors
from flytectx.patches import Follower, Moved, parameters
from flytectx.patches.concurrent_futures import _work as work_of

follower = Follower("anyio", "anyio 4")


def _wrap(method):
    function = method.__func__
    if parameters(function)[:3] != ("cls", "func", "args"):
        raise Moved("run_sync_in_worker_thread() takes other arguments")

    @functools.wraps(function)
    async def run_sync_in_worker_thread(cls, func, args, *more, **options):
        try:
            return await function(cls, work_of(func), args, *more, **options)
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    return classmethod(run_sync_in_worker_thread)


def _change(module):
    follower.replace(module.AsyncIOBackend, "run_sync_in_worker_thread", _wrap)


def install():
    follower.when_imported("anyio._backends._asyncio", _change)
