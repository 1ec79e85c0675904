# SPDX-License-Identifier: Apache-2.0
"""Work for another thread or process: a function with the context of what has submitted it.

In another process there may be no flyte, and it is not imported for this.
"""

import sys

from flytectx import _errors, _fields, _native


class Function:
    """Looks like the function that it calls."""

    __slots__ = ("__wrapped__",)

    def __getattr__(self, name):
        return getattr(self.__wrapped__, name)

    def __repr__(self):
        return repr(self.__wrapped__)


class Work(Function):
    __slots__ = ("context", "owner")

    def __init__(self, function):
        from flytectx import _follow

        self.__wrapped__ = function
        self.context, self.owner = _follow.capture()

    def __call__(self, /, *args, **kwargs):
        from flytectx import _follow

        try:
            return _follow.run_in(self.context, self.owner, self.__wrapped__, args, kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise

    def __reduce__(self):
        return Carried, (fields_of(self.owner), self.__wrapped__)


class Carried(Function):
    """The same where it has arrived in another process."""

    __slots__ = ("fields",)

    def __init__(self, fields, function):
        self.fields = fields
        self.__wrapped__ = function

    def __reduce__(self):
        return Carried, (self.fields, self.__wrapped__)

    def __call__(self, /, *args, **kwargs):
        try:
            follow, reference = _ready(self.fields)
            if follow is None:
                return self.__wrapped__(*args, **kwargs)
            from flytectx import _source

            return follow.run_in(_source.default, reference, self.__wrapped__, args, kwargs)
        except BaseException as error:
            _errors.hide_frame(error)
            raise


def _ready(fields):
    """What runs in a context, and the context; None where it can't be carried."""
    with _errors.of_ours_ignored:
        if _connect():
            from flytectx import _follow

            return _follow, reference_of(fields)
    return None, None


def _connect():
    from flytectx import _install

    return _install.prepare() is None


def fields_of(owner):
    from flytectx import _follow

    reference = _follow.reference_of(owner)
    return _fields.of_native(reference.address) if reference.address else None


def reference_of(fields):
    made = _fields.make_native(fields) if fields else None
    if made is None:
        from flytectx import _follow

        made = _native.outside(_follow.this_thread().slot)
    return made


def adopt(fields):
    """For good. It is called in a process that may have imported nothing else of ours, nor flyte."""
    with _errors.of_ours_ignored:
        if _connect():
            reference = reference_of(fields)
            _native.release(_native.swap(_native.retain(reference.address)))
