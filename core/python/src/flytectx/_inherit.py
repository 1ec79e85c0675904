# SPDX-License-Identifier: Apache-2.0
"""flyte's default Context, that of whoever has entered none, shows what native code sees there.

So flyte.ctx() in a thread that was started in a context has that context; the very same object,
where Python had made it.
"""

from flyte._context import Context

from flytectx import _follow, _known
from flytectx._known import DEFAULT
from flytectx._tasks import INHERITED


class _Inheriting(Context):
    @property
    def data(self):
        address = _follow.inherited()
        if not address:
            return self._data
        return _known.of_native(address).data


def _has_controller():
    from flyte._internal.controllers import get_controller

    try:
        return get_controller() is not None
    except RuntimeError:
        return False


def _is_task_context(self):
    """Whether calling a task submits it: in the process of a task, not in those that it started.

    Those have no controller. Without this a call would fail there that is plain Python otherwise.
    """
    task = self.data.task_context
    return task is not None and (INHERITED not in task.data or _has_controller())


def install():
    DEFAULT.__class__ = _Inheriting
    Context.is_task_context = _is_task_context
