# SPDX-License-Identifier: Apache-2.0
"""observe.py - what Python, and C code below it, see of a task's context.

All of them say it in the same words: a line `name: value` for each field that is set, as `flytectx show`
has them; "none" outside of tasks.
"""

import ctypes
import os

LEAF = os.environ["SDK_LEAF"]  # the program, and with .so the library
FLYTECTX = os.environ["SDK_FLYTECTX"]
SIZE = 1 << 17


def _path(value):
    """A checkpoint path is unset where the SDK counts it as unset: blank, or two quotes."""
    return (value or "").strip().strip('"') or None


def _action(prefix, action):
    for name in ("name", "run_name", "project", "domain", "org"):
        yield f"{prefix}.{name}", getattr(action, name)


def _time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def fields(task, in_trace):
    yield from _action("action", task.action)
    yield from _action("task_action", task.task_action)
    for name in ("version", "input_path", "output_path", "run_base_dir"):
        yield name, getattr(task, name)
    yield "raw_data_path.path", task.raw_data_path.path
    if rewrite := task.raw_data_path.path_rewrite:
        yield "raw_data_path.path_rewrite.old_prefix", rewrite.old_prefix
        yield "raw_data_path.path_rewrite.new_prefix", rewrite.new_prefix
    if paths := task.checkpoint_paths:
        yield "checkpoint_paths.checkpoint_path", _path(paths.checkpoint_path)
        yield "checkpoint_paths.prev_checkpoint_path", _path(paths.prev_checkpoint_path)
    yield "group", task.group_data and task.group_data.name
    yield "mode", task.mode
    yield "run_start_time", task.run_start_time and _time(task.run_start_time)
    yield "interactive_mode", "true" if task.interactive_mode else None
    yield "disable_run_cache", "true" if task.disable_run_cache else None
    yield "in_trace", "true" if in_trace else None
    for key, value in task.custom_context.items():
        yield f"custom_context.{key}", value


def python():
    """What flyte.ctx() says here."""
    import flyte
    from flyte._context import internal_ctx

    task = flyte.ctx()
    if not task:
        return "none\n"
    found = fields(task, internal_ctx().is_in_trace())
    return "".join(f"{name}: {value}\n" for name, value in found if value is not None)


def shown(text):
    """The same of what `flytectx show` says."""
    lines = [line for line in text.splitlines(True) if not line.startswith("attempt_number:")]
    return "".join(lines) or "none\n"


_library = None


def library():
    global _library
    if _library is None:
        _library = ctypes.CDLL(LEAF + ".so")
    return _library


def _ask(function):
    text = ctypes.create_string_buffer(SIZE)
    function(text, ctypes.c_size_t(SIZE))
    return text.value.decode()


def native():
    """What C code says here."""
    return _ask(library().describe)


def native_thread():
    """What C code says in a thread that it has made itself."""
    return _ask(library().describe_in_thread)


def native_region(count=4):
    """What the threads of OpenMP say: a list."""
    texts = ctypes.create_string_buffer(SIZE * count)
    if library().describe_in_region(texts, ctypes.c_size_t(SIZE), count) != count:
        return ["no region"]
    return [texts[i * SIZE:(i + 1) * SIZE].split(b"\0")[0].decode() for i in range(count)]


def native_callback():
    """What Python says in a thread that C code has made."""
    seen = []
    callback = ctypes.CFUNCTYPE(None)(lambda: seen.append(python()))
    library().call_in_thread(callback)
    return seen


def native_contextual_run():
    return _ask(library().describe_after_contextual_run)


def in_child(work):
    """What a fork child that calls `work` writes to its standard output."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(writing, 1)
            work()
        finally:
            os._exit(127)
    os.close(writing)
    with open(reading, encoding="utf-8") as seen:
        text = seen.read()
    os.waitpid(child, 0)
    return text


if __name__ == "__main__":
    print(python(), end="")
