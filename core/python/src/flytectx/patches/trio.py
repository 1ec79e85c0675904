# SPDX-License-Identifier: Apache-2.0
"""trio: steps of its tasks, by an Instrument; and what runs in its worker threads."""

import functools

from flytectx import _errors, _follow, _source
from flytectx.patches import Follower, Moved, parameters
from flytectx.patches.concurrent_futures import _work as work_of

follower = Follower("trio", "trio 0.22 and newer")


def _make_steps(instrument):
    class Steps(instrument):
        """One for a run: one thread, which runs one task at a time."""

        def before_task_step(self, task):
            with _errors.of_ours_ignored:
                self.outer = _follow.here()
                context = task.context.get(_source.variable)
                if context is not _follow.local.own.context:
                    _follow.follow(None if context is _source.default else context)

        def after_task_step(self, task):
            if _follow.local.own.context is not self.outer:
                _follow.follow_quietly(self.outer)

    return Steps


def _wrap_setup(steps):
    def wrap(setup):
        names = parameters(setup)
        if "instruments" not in names:
            raise Moved("setup_runner() takes no instruments")
        position = names.index("instruments")

        @functools.wraps(setup)
        def setup_runner(*args, **kwargs):
            if "instruments" in kwargs:
                kwargs["instruments"] = [*kwargs["instruments"], steps()]
            else:
                args = (*args[:position], [*args[position], steps()], *args[position + 1 :])
            try:
                return setup(*args, **kwargs)
            except BaseException as error:
                _errors.hide_frame(error)
                raise

        return setup_runner

    return wrap


def _wrap_thread(run):
    @functools.wraps(run)
    async def wrapped(sync_fn, *args, **options):
        try:
            return await run(work_of(sync_fn), *args, **options)
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    return wrapped


def _change(module):
    follower.replace(module._core._run, "setup_runner", _wrap_setup(_make_steps(module.abc.Instrument)))
    original = module.to_thread.run_sync
    threads = module._threads
    replaced = follower.replace(threads, "to_thread_run_sync", _wrap_thread)
    if module.to_thread.run_sync is original:
        follower.replace(module.to_thread, "run_sync", lambda _: replaced)


def install():
    follower.when_imported("trio", _change)
