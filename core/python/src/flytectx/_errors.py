# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in the package is no failure of the program's.

A context that can't be carried, for want of memory or with an SDK of another version, is one less
that is followed. What a signal handler raises is the program's, wherever it strikes.
"""

import sys


def _code_of(handler):
    """What a signal handler of Python's runs, if that is Python."""
    handler = getattr(handler, "func", handler)  # functools.partial
    handler = getattr(handler, "__func__", handler)
    code = getattr(handler, "__code__", None)
    return code or getattr(getattr(type(handler), "__call__", None), "__code__", None)


def is_ours(error):
    """No signal handler has a frame in it."""
    signal = sys.modules.get("signal") or sys.modules.get("_signal")
    if signal is None:
        return True
    handlers = {_code_of(signal.getsignal(number)) for number in range(1, signal.NSIG)} - {None}
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code in handlers:
            return False
        traceback = traceback.tb_next
    return True


def is_ignored(error):
    return isinstance(error, Exception) and is_ours(error)


class _Ignored:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        return is_ignored(error)


of_ours_ignored = _Ignored()


def hide_frame(error):
    """Take the frame that has caught the exception out of its traceback, before `raise`.

    A program's traceback then has the frames that it has without the package. CPython 3.10 keeps
    the frame all the same.
    """
    error.__traceback__ = error.__traceback__.tb_next
