# SPDX-License-Identifier: Apache-2.0
"""opentelemetry: what Python starts in a span that records is in the trace of that span.

The native context of the start has traceparent and tracestate of the span in its custom context,
flyte's own has not: what OpenTelemetry has for a process stays its own there. Threads have none, as
OpenTelemetry gives them none.
"""

import sys
from functools import partial

from flytectx import _errors, _fields, _follow, _known, _source
from flytectx.patches import Follower, Moved
from flytectx.patches import os as starts

follower = Follower("opentelemetry", "opentelemetry-api 1.4 and newer")

_KEYS = (b"traceparent", b"tracestate")


def _carrier_of(span):
    from opentelemetry.trace import set_span_in_context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {}
    TraceContextTextMapPropagator().inject(carrier, set_span_in_context(span))
    return [(key.encode(), value.encode()) for key, value in carrier.items()]


def _known_with(owner, pairs):
    """What is known of the same context with these pairs; None outside of a task."""
    address = _follow.reference_of(owner).address
    if not address:
        return None
    fields = _fields.of_native(address)
    kept = [pair for pair in fields["custom_context"] if pair[0] not in _KEYS]
    fields["custom_context"] = kept + pairs
    reference = _fields.make_native(fields)
    return None if reference is None else _known.Fixed(reference)


def _context_with(context, known):
    """Shows Python what `context` shows it, and native code what is `known`."""
    if _source.variable is _source.own:
        from flytectx._scopes import Scope

        return Scope(known.reference)
    kind = type(context)
    if context is _source.default:
        kind = kind.__mro__[1]
    traced = kind(context.data)
    traced._flytectx_known = known
    traced._flytectx_answer = traced._flytectx_state = known.state
    return traced


def _traced():
    """A Context with the span that is current here, and what it is known as; None without one."""
    with _errors.of_ours_ignored:
        span = sys.modules["opentelemetry.trace"].get_current_span()
        if span.is_recording():
            context, owner = _follow.capture()
            known = _known_with(owner, _carrier_of(span))
            if known is not None:
                return _context_with(context, known), known
    return None


def _call(found, original, /, *args, **kwargs):
    try:
        return _follow.run_in(*found, original, args, kwargs)
    except BaseException as error:
        _errors.hide_frame(error)
        raise


def _choice(original, usual):
    """A property, as that of patches/os.py: it has `usual` where there is no span."""

    def choose(front):
        found = _traced()
        return usual.fget(front) if found is None else partial(_call, found, original)

    return property(choose)


def _change(module):
    for name in ("get_current_span", "set_span_in_context"):
        if not callable(getattr(module, name, None)):
            raise Moved(f"opentelemetry.trace has no {name}")
    follower.calls_at_undo(lambda: starts.choose_with(None))
    starts.choose_with(_choice)


def install():
    follower.when_imported("opentelemetry.trace", _change)
