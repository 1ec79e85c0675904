# SPDX-License-Identifier: Apache-2.0
"""The thread's native context follows the Context that Python has there.

So native code which runs without Python's lock, and can ask nobody, sees what Python sees: at each
enter and exit of a Context, and at each step of an event loop, which runs many tasks on one thread.
What the thread had before it followed anything, its base, comes back with the last exit.

A Context is flyte's or the package's own (_source.py). Where a signal handler may raise, that is at
each call, either all of a change is done or none of it stays.
"""

import _thread as _thread_module

from flytectx import _errors, _known, _native, _source


def _real_local():
    """The type of CPython's own thread-local data, also where gevent has put its own in its place."""
    local = _thread_module._local
    if local.__module__ == "_thread":
        return local
    return next(
        kind
        for kind in object.__subclasses__()
        if kind.__name__ == "_local" and kind.__module__ == "_thread"
    )


class _State(_real_local()):
    """Of a thread. `base` is the reference that was current before `context` was followed."""

    context = None  # that is followed
    base = None
    base_address = 0  # for the provider
    slot = None
    last = None  # reference that hold() has made
    inherited = None  # see patches/flyte.py
    greenlets = False  # are they followed here?


state = _State()
watch_greenlets = None  # a function of patches/greenlet.py, once there are greenlets


def slot_of(thread):
    """This thread's slot; the first time is the one to look for greenlets, too."""
    thread.slot = slot = _native.new_slot()
    return slot


def _hold(thread, slot):
    """A Reference on what is current: the last one, if that is the same."""
    last = thread.last
    if last is None or last.scope != slot[0]:
        thread.last = last = _native.hold(slot)
    return last


def _known_of(context):
    if context is None:
        return None
    known = getattr(context, "_flytectx_known", None)
    return known if known is not None else _known.of_context(context)


def here():
    """The Context that is Python's here; None where it has entered none."""
    context = _source.variable.get()
    return None if context is _source.default else context


def follow(context):
    """Make this thread's native context that of `context`, for good."""
    thread = state
    slot = thread.slot or slot_of(thread)
    known = _known_of(context)
    base = thread.base
    owner = known or base
    if owner is None:
        thread.context = context
        return
    if known is None:
        base = None
    elif base is None:
        base = _hold(thread, slot)
    _native.retain(owner.address)
    before, slot[0] = slot[0], owner.scope
    thread.context, thread.base = context, base
    thread.base_address = base.address or 0 if base is not None else 0
    _native.release_scope(before)


def follow_quietly(context):
    with _errors.of_ours_ignored:
        follow(context)


# --- with statements ---


def entered(context):
    """Follow a Context that Python has entered."""
    thread = state
    if watch_greenlets is not None and not thread.greenlets:
        watch_greenlets(thread)
    slot = thread.slot or slot_of(thread)
    was, base = thread.context, thread.base
    known = _known.of_context(context, getattr(was, "_flytectx_known", None), slot[0])
    before = thread.last
    if before is None or before.scope != slot[0]:
        before = _hold(thread, slot)
    owner = known or base or before
    inner = None if known is None else base or before
    context._flytectx = own = slot, was, base, before
    try:
        _native.retain(owner.address)
        inner_address = 0 if inner is None else inner.address or 0
        now, slot[0] = slot[0], owner.scope
        thread.context, thread.base, thread.base_address = context, inner, inner_address
        _native.release_scope(now)
    except BaseException:  # of a signal handler
        if thread.context is context:
            _leave(thread, own)
        raise


def _leave(thread, own):
    """Exactly what was before: native code may have entered a scope of its own on top."""
    slot, was, base, before = own
    try:
        _native.retain(before.address)
    finally:
        now, slot[0] = slot[0], before.scope
        thread.context, thread.base = was, base
        thread.base_address = base.address or 0 if base is not None else 0
        _native.release_scope(now)


def left(context):
    """It may have been entered on another thread, or in another step."""
    thread = state
    own = context.__dict__.pop("_flytectx", None)
    if own is not None and own[0] is thread.slot and thread.context is context:
        _leave(thread, own)
    else:
        follow_quietly(here())


# --- steps, and work of others ---


def step(context, function, *args):
    """One of many that take turns on this thread: it has `context`, and between them the loop its own."""
    thread = state
    was = thread.context
    if context is was:
        try:
            return function(*args)
        except BaseException as error:
            _errors.hide_frame(error)
            raise
        finally:
            if thread.context is not was:  # it has entered or left something
                follow_quietly(was)
    base = thread.base
    slot = thread.slot or slot_of(thread)
    before = slot[0]
    known = None if context is None else getattr(context, "_flytectx_known", None) or _quiet(context)
    if known is not None:
        outer = base or _hold(thread, slot)
        scope, address = known.scope, outer.address or 0
    else:
        outer = None
        scope, address = before if base is None else base.scope, 0
    outside = thread.base_address
    try:
        thread.context, thread.base = context, outer
        thread.base_address = address
        slot[0] = scope
        return function(*args)
    except BaseException as error:
        _errors.hide_frame(error)
        raise
    finally:
        now, slot[0] = slot[0], before
        thread.context, thread.base = was, base
        thread.base_address = outside
        if now != scope:
            _native.settle(scope, now)


def _quiet(context):
    with _errors.of_ours_ignored:
        return _known.of_context(context)
    return None


def capture():
    """What work that this thread hands to another is to have: a Context, and what owns a native one."""
    context = _source.variable.get()
    if context is not _source.default:
        known = getattr(context, "_flytectx_known", None)
        if known is None or known.answer() == _known.ASK:
            known = _quiet(context)
        if known is not None:
            return context, known
    thread = state
    slot = thread.slot or slot_of(thread)
    last = thread.last
    if last is None or last.scope != slot[0]:
        last = _hold(thread, slot)
    return context, last


def reference_of(owner):
    return getattr(owner, "reference", owner)


def run_in(context, owner, function, args, kwargs):
    """Call a function with what capture() has returned; then this thread has its own again."""
    thread = state
    slot = thread.slot or slot_of(thread)
    variable = _source.variable
    was, base, outside = thread.context, thread.base, thread.base_address
    inside = None if context is _source.default else context
    scope = owner.scope
    outer = address = None
    if inside is not None:
        outer = reference_of(owner)
        address = outer.address
    tokens = ()
    before = slot[0]
    try:
        thread.context, thread.base = inside, outer
        thread.base_address = address or 0
        slot[0] = scope
        if variable.get() is not context:
            (*tokens,) = map(variable.set, (context,))  # in C up to the list
        return function(*args, **kwargs)
    except BaseException as error:
        _errors.hide_frame(error)
        raise
    finally:
        now, slot[0] = slot[0], before
        thread.context, thread.base = was, base
        thread.base_address = outside
        for token in tokens:
            variable.reset(token)
        if now != scope:
            _native.settle(scope, now)


def is_strayed():
    """Is it another's that is followed here, of a Context.run() that is over?"""
    thread = state
    known = getattr(thread.context, "_flytectx_known", None)
    return (
        thread.base is not None
        and known is not None
        and known.scope == thread.slot[0]
        and here() is None
    )


def inherited():
    """The address of the native context for what has entered none."""
    return state.base.address if is_strayed() else _native.current()
