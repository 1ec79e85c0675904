# SPDX-License-Identifier: Apache-2.0
"""Processes that a fork server starts: it is older than the context that they are to have.

Those of fork have it in memory, those of spawn in their environment.
"""

import functools

from flytectx import _follow, _imports, _work


class _Context:
    """Pickled with a Process, of whose child it becomes the context when it is unpickled."""

    def __init__(self, fields):
        self.fields = fields

    def __reduce__(self):
        return _work.adopt, (self.fields,)


def _wrap(launch):
    @functools.wraps(launch)
    def _launch(self, process_obj):
        _, native = _follow.capture()
        process_obj._flytectx = _Context(_work.fields_of(native))
        try:
            return launch(self, process_obj)
        finally:
            del process_obj._flytectx

    return _launch


def _change(module):
    module.Popen._launch = _wrap(module.Popen._launch)


def install():
    _imports.when_imported("multiprocessing.popen_forkserver", _change)
