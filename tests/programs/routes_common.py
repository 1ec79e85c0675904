# SPDX-License-Identifier: Apache-2.0
"""routes_common.py - what the routes of routes.py share: commands that report, and reports."""
import ctypes
import os
import sys

WHERE, LOG, LIBRARY = sys.argv[2:5] if len(sys.argv) > 4 else ("", "", "")


def where(label, *more):
    return [WHERE, LOG, label, *more]


def command(label):
    return " ".join(where(label))


def report(label, expected=None):
    """A report of this very thread, through the weak symbols of flyte_ctx.h."""
    expected = expected.encode() if expected else None
    assert ctypes.CDLL(LIBRARY).report(LOG.encode(), label.encode(), expected, 0) == 0


def clear():
    os.environ.clear()
    for name in ("FLYTE_CTX", "LD_PRELOAD"):
        os.unsetenv(name)
