# SPDX-License-Identifier: Apache-2.0
"""Which ContextVar says what Python's Context is here: the package's own, or flyte's.

The own one is used as long as the program has not imported flyte. A Context of either has what it
is known as in `_flytectx_known`.
"""

import contextvars



class _Nothing:
    """What the own one has where nothing was entered."""


nothing = _Nothing()
own: "contextvars.ContextVar[object]" = contextvars.ContextVar("flytectx", default=nothing)

variable = own
default = nothing  # its value where nothing was entered
_listeners = []


def use(other, default_value):
    """From now on contexts are those of another variable."""
    global variable, default
    # What has entered nothing has what it had before, where another's is followed that is over.
    default_value._flytectx_answer = nothing._flytectx_answer
    default_value._flytectx_state = nothing._flytectx_state
    variable, default = other, default_value
    for listener in _listeners:
        listener()


def when_changed(listener):
    _listeners.append(listener)
