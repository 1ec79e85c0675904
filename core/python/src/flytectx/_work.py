# SPDX-License-Identifier: Apache-2.0
"""Work for another thread or process: a function with the context of whoever has submitted it.

In another process there may be no flyte, and it is not imported for this.
"""

import sys

from flytectx import _fields, _native


class Work:
    __slots__ = ("function", "context", "native")

    def __init__(self, function):
        from flytectx import _follow

        self.function = function
        self.context, self.native = _follow.capture()

    def __call__(self, /, *args, **kwargs):
        from flytectx import _follow

        return _follow.run_in(self.context, self.native, self.function, args, kwargs)

    def __reduce__(self):
        return Carried, (fields_of(self.native), self.function)


class Carried:
    """The same where it has arrived in another process."""

    def __init__(self, fields, function):
        self.fields = fields
        self.function = function

    def __call__(self, /, *args, **kwargs):
        if not _native.is_there():
            return self.function(*args, **kwargs)
        native = native_of(self.fields)
        follow = sys.modules.get("flytectx._follow")
        if follow is not None:
            return follow.run_in(follow.DEFAULT, native, self.function, args, kwargs)
        before = _native.Reference(_native.swap(_native.retain(native.address)))
        try:
            return self.function(*args, **kwargs)
        finally:
            _native.make_current(before.address)


def fields_of(native):
    return _fields.of_native(native.address) if native.address else None


def native_of(fields):
    return _fields.make_native(fields) if fields else _native.Reference(None)


def adopt(fields):
    """For good. It is called in a process that may have imported nothing else of ours, nor flyte."""
    if _native.is_there():
        native = native_of(fields)  # holds it until the thread does
        _native.make_current(native.address)
