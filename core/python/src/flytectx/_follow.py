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


class _NoBase:
    """Of a thread that follows nothing: its provider has nothing to say."""

    address = 0


no_base = _NoBase()


class _Thread:
    """What is known of a thread. `base` was current there before `context` was followed."""

    __slots__ = ("context", "base", "slot", "last", "lent", "kept", "inherited", "greenlets")

    def __init__(self):
        self.context = None  # that is followed
        self.base = no_base  # a Reference, or what has one
        self.slot = None
        self.last = None  # reference that hold() has made
        self.lent = 0  # steps that go on: their scopes are in the slot without a reference of its own
        self.kept = []  # References that are given back after these
        self.inherited = None  # see patches/flyte.py
        self.greenlets = False  # are they followed here?


class _Local(_real_local()):
    """A plain object for each thread: to look for it takes as long as three of its attributes."""

    own = _Thread()  # of threads that have none yet; nothing is put there


local = _Local()
watch_greenlets = None  # a function of patches/greenlet.py, once there are greenlets


def this_thread():
    """What is known of this thread, which has a slot from now on."""
    thread = local.own
    if thread.slot is None:
        thread = _Thread()
        thread.slot = _native.new_slot()
        local.own = thread
    return thread


def hold(thread, slot):
    """A Reference on what is current: the last one, if that is the same."""
    last = thread.last
    if last is None or last.scope != slot[0]:
        thread.last = last = _native.hold(slot)
    return last


def drop(thread, scope):
    """Give back a reference that a thread's slot had, perhaps one that was lent to it.

    Its owner is one short until that is settled, and it may be the last one.
    """
    if thread.lent:
        thread.kept.append(_native.Reference(scope + _native.distance, scope))
    else:
        _native.release(scope + _native.distance)


def settle(thread, lent, left):
    """What was lent to a slot is not there any more: something else was left behind in it.

    With the one that was lent went a reference that its owner still has; with the other came one.
    """
    _native.retain(lent + _native.distance)
    drop(thread, left)
    if not thread.lent:
        thread.kept.clear()


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
    thread = local.own
    if thread.slot is None:
        thread = this_thread()
    slot = thread.slot
    known = _known_of(context)
    base = thread.base
    if known is None:
        if base is no_base:
            thread.context = context
            return
        owner, base = base, no_base
    else:
        owner = known
        if base is no_base:
            base = hold(thread, slot)
    _native.retain(owner.address)
    before, slot[0] = slot[0], owner.scope
    thread.context, thread.base = context, base
    drop(thread, before)


def follow_quietly(context):
    with _errors.of_ours_ignored:
        follow(context)


# --- with statements ---


def entered(context):
    """Follow a Context that Python has entered."""
    thread = local.own
    if thread.slot is None:
        thread = this_thread()
    if watch_greenlets is not None and not thread.greenlets:
        watch_greenlets(thread)
    slot = thread.slot
    was, base = thread.context, thread.base
    known = _known.of_context(context, getattr(was, "_flytectx_known", None), slot[0])
    before = thread.last
    if before is None or before.scope != slot[0]:
        before = hold(thread, slot)
    if known is None:
        owner, inner = before if base is no_base else reference_of(base), no_base
    else:
        owner, inner = known.reference, before if base is no_base else base
    if not owner.spare:  # it is in a slot already
        _native.retain(owner.address)
    # No call from here on, hence no signal handler. The slot's reference on what was before is kept
    # for its return.
    owner.spare = False
    context._flytectx = thread, was, base, before, owner
    slot[0] = owner.scope
    thread.context, thread.base = context, inner


def left(own, now):
    """What is to be done for a scope that was left: `now` was in the slot."""
    owner = own[4]
    if now == owner.scope and not owner.spare:
        owner.spare = True
    else:
        drop(own[0], now)


def left_elsewhere(context, own):
    """It was entered on another thread, or in another step, or not at all."""
    context._flytectx = None
    if own is not None:
        drop(own[0], own[3].scope)
    follow_quietly(here())


def agree():
    """Follow what Python has here, where a signal handler has ended an enter or an exit."""
    context = here()
    if context is not local.own.context:
        follow_quietly(context)


# --- steps, and work of others ---


def step(context, function, *args):
    """One of many that take turns on this thread: it has `context`, and between them the loop its own.

    patches/asyncio.py has the usual cases written out.
    """
    thread = local.own
    if thread.slot is None:
        thread = this_thread()
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
    slot = thread.slot
    before = slot[0]
    known = None if context is None else getattr(context, "_flytectx_known", None) or _quiet(context)
    if known is not None:
        scope, inner = known.scope, base if base is not no_base else hold(thread, slot)
    else:
        scope, inner = before if base is no_base else base.scope, no_base
    try:
        thread.lent += 1
        thread.context, thread.base = context, inner
        slot[0] = scope
        return function(*args)
    except BaseException as error:
        _errors.hide_frame(error)
        raise
    finally:
        now, slot[0] = slot[0], before
        thread.context, thread.base = was, base
        thread.lent -= 1
        if now != scope:
            settle(thread, scope, now)


def _quiet(context):
    with _errors.of_ours_ignored:
        return _known.of_context(context)
    return None


def capture():
    """What work that this thread hands to another is to have: a Context, and what owns a native one."""
    context = _source.variable.get()
    if context is not _source.default:
        known = getattr(context, "_flytectx_known", None)
        if known is None or known.state is None or known.state() == _known.ASK:
            known = _quiet(context)
        if known is not None:
            return context, known
    thread = local.own
    if thread.slot is None:
        thread = this_thread()
    slot = thread.slot
    last = thread.last
    if last is None or last.scope != slot[0]:
        last = hold(thread, slot)
    return context, last


def reference_of(owner):
    return getattr(owner, "reference", owner)


def run_in(context, owner, function, args, kwargs):
    """Call a function with what capture() has returned; then this thread has its own again."""
    thread = local.own
    if thread.slot is None:
        thread = this_thread()
    slot = thread.slot
    variable = _source.variable
    was, base = thread.context, thread.base
    scope = owner.scope
    inside, inner = context, owner
    if context is _source.default:
        inside, inner = None, no_base
    tokens = ()
    before = slot[0]
    try:
        thread.lent += 1
        thread.context, thread.base = inside, inner
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
        thread.lent -= 1
        for token in tokens:
            variable.reset(token)
        if now != scope:
            settle(thread, scope, now)


def is_strayed():
    """Is it another's that is followed here, of a Context.run() that is over?"""
    thread = local.own
    if thread.slot is None:
        thread = this_thread()
    known = getattr(thread.context, "_flytectx_known", None)
    return (
        thread.base is not no_base
        and known is not None
        and known.scope == thread.slot[0]
        and here() is None
    )


def inherited():
    """The address of the native context for what has entered none."""
    return local.own.base.address if is_strayed() else _native.current()
