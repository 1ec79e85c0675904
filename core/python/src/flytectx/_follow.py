# SPDX-License-Identifier: Apache-2.0
"""The thread's native context follows the Context that flyte has there.

So native code which runs without Python's lock, and can ask nobody, sees what Python sees: at each
enter and exit of a Context, and at each step of an asyncio task, of which one thread runs many.
What the thread had before it followed anything, its base, comes back with the last exit.
"""

import functools
import threading

from flyte._context import Context, root_context_var

from flytectx import _errors, _imports, _known, _native
from flytectx._known import DEFAULT


class _Thread(threading.local):
    context = DEFAULT  # that is followed
    base = None  # a Reference, while there is one


_thread = _Thread()


def _follow(context, native=None):
    """Make this thread's native context that of `context`; now it is `native`, if that is known."""
    known = None if context is DEFAULT else _known.of_context(context)
    if known is not None:
        if _thread.base is None:
            _thread.base = native or _native.hold(_native.current())
        _thread.context = context
        _native.make_current(known.reference.address)
    elif _thread.base is not None:
        _native.make_current(_thread.base.address)
        _thread.context, _thread.base = context, None
    else:
        _thread.context = context


def follow_quietly(context, native=None):
    with _errors.of_ours_ignored:
        _follow(context, native)


def _enter(context):
    """Follow it from here on; what is returned is for _leave()."""
    native = _native.hold(_native.current())
    own = _thread.context, _thread.base, native
    try:
        follow_quietly(context, native)
    except BaseException:  # of a signal handler
        _leave(own)
        raise
    return own


def _leave(own):
    """Exactly what was before: native code may have entered a scope of its own on top."""
    context, base, native = own
    try:
        _native.make_current(native.address)
    except BaseException:  # of a signal handler: another's context must not stay
        _native.make_current(native.address)
        raise
    finally:
        _thread.context, _thread.base = context, base


def capture():
    """What work that this thread hands to another is to have: a Context, and a native one."""
    context = root_context_var.get()
    known = None if context is DEFAULT else _known.of_context(context)
    return context, known.reference if known else _native.hold(_native.current())


def run_in(context, native, function, args, kwargs):
    """Call a function with what capture() has returned; then this thread has its own again."""
    own = _enter(DEFAULT)
    _native.make_current(native.address)
    _thread.base = None
    token = None
    try:
        if root_context_var.get() is not context:
            token = root_context_var.set(context)
        follow_quietly(context)
        return function(*args, **kwargs)
    finally:
        if token is not None:
            root_context_var.reset(token)
        _leave(own)


def _is_strayed():
    """Is it another's that is followed here, of a Context.run() that is over: a trio task's, say?"""
    known = _thread.context.__dict__.get("_flytectx_known")
    return (
        _thread.base is not None
        and known is not None
        and known.reference.address == _native.current()
        and root_context_var.get() is DEFAULT
    )


def inherited():
    """The native context for whoever has entered none."""
    return _thread.base.address if _is_strayed() else _native.current()


def start(function, *args, **kwargs):
    """By Python itself; where the provider would have nothing to say, what is another's would do."""
    if not _is_strayed():
        return function(*args, **kwargs)
    own = _enter(DEFAULT)
    try:
        return function(*args, **kwargs)
    finally:
        _leave(own)


def wrap_create_task(create):
    """A task that starts eagerly stops in the middle of its scopes."""

    @functools.wraps(create)
    def create_task(self, *args, **kwargs):
        before = _thread.context
        try:
            return create(self, *args, **kwargs)
        finally:
            if _thread.context is not before:
                follow_quietly(root_context_var.get())

    return create_task


def _entered(context):
    context._flytectx = threading.get_ident(), _enter(context)


def _left(context):
    """It may have been entered elsewhere, or in another step."""
    thread, own = context.__dict__.pop("_flytectx", (None, None))
    if thread == threading.get_ident() and _thread.context is context:
        _leave(own)
    else:
        follow_quietly(root_context_var.get())


def _wrap_enter(enter):
    @functools.wraps(enter)
    def __enter__(self):
        result = enter(self)
        _entered(self)
        return result

    return __enter__


def _wrap_exit(leave):
    @functools.wraps(leave)
    def __exit__(self, *exception):
        try:
            return leave(self, *exception)
        finally:
            _left(self)

    return __exit__


def _wrap_async_enter(enter):
    @functools.wraps(enter)
    async def __aenter__(self):
        result = await enter(self)
        _entered(self)
        return result

    return __aenter__


def _wrap_async_exit(leave):
    @functools.wraps(leave)
    async def __aexit__(self, *exception):
        try:
            return await leave(self, *exception)
        finally:
            _left(self)

    return __aexit__


def step(context, function, *args):
    """One of many that take turns on this thread: it has `context`, and between them the loop its own."""
    own = None if context is _thread.context else _enter(context)
    try:
        return function(*args)
    finally:
        if own is not None:
            _leave(own)
        elif context is not _thread.context:  # it has entered or left something
            follow_quietly(context)


def _wrap_step(run):
    @functools.wraps(run)
    def _run(self):
        return step(self._context.get(root_context_var, DEFAULT), run, self)

    return _run


def _change_events(module):
    module.Handle._run = _wrap_step(module.Handle._run)


def _change_loop(module):
    loop = module.BaseEventLoop
    loop.create_task = wrap_create_task(loop.create_task)


def install():
    Context.__enter__ = _wrap_enter(Context.__enter__)
    Context.__exit__ = _wrap_exit(Context.__exit__)
    Context.__aenter__ = _wrap_async_enter(Context.__aenter__)
    Context.__aexit__ = _wrap_async_exit(Context.__aexit__)
    _imports.when_imported("asyncio.events", _change_events)
    _imports.when_imported("asyncio.base_events", _change_loop)
    follow_quietly(root_context_var.get())
