# SPDX-License-Identifier: Apache-2.0
"""native.py - C code in the task's process, and threads that Python knows nothing of."""

import ctypes

import flyte

import observe
from routes import route

CODE = "the thread's native context follows the SDK's"
THREAD = "a thread has its creator's context"
REGION = "a region has the context of who submits it"


@route("C code", "a C function", CODE)
def function():
    return observe.native()


@route("C code", "after a scope has ended", CODE)
def after_scope():
    with flyte.custom_context(increment="other"):
        observe.native()
    return observe.native()


@route("C code", "a coroutine's C function", CODE)
async def in_coroutine():
    return observe.native()


@route("C code", "a thread of a C library", THREAD)
def thread():
    return observe.native_thread()


@route("C code", "a thread of a C library that holds the GIL", THREAD)
def thread_with_gil():
    # PyDLL keeps the GIL: the library itself must not wait for Python.
    library = ctypes.PyDLL(observe.LEAF + ".so")
    text = ctypes.create_string_buffer(observe.SIZE)
    library.describe_in_thread(text, ctypes.c_size_t(observe.SIZE))
    return text.value.decode()


@route("C code", "Python in a thread of a C library", THREAD)
def callback():
    return observe.native_callback()


@route("C code", "threads of OpenMP", REGION)
def region():
    return observe.native_region()


@route("C code", "threads of OpenMP, whose pool served another scope", REGION)
def region_of_pool():
    with flyte.custom_context(increment="other"):
        observe.native_region()
    return observe.native_region()


@route("contextual_run", "`flyte_contextual_run()` of C", "it undoes what the function leaves entered")
def contextual_run():
    return observe.native_contextual_run()


@route("contextual_run", "`flyte._context.contextual_run` of an async function",
       "the SDK's own: the function's body runs in the context of who awaits it",
       upstream="differs: custom_context", now="differs: custom_context")
async def contextual_run_of_sdk():
    from flyte._context import contextual_run as run, internal_ctx, root_context_var

    async def leaves_entered():
        inner = internal_ctx()
        task = inner.data.task_context
        root_context_var.set(inner.replace_task_context(task.replace(custom_context={"increment": "left"})))

    before = root_context_var.get()
    try:
        await run(leaves_entered)
        return observe.python()
    finally:
        root_context_var.set(before)
