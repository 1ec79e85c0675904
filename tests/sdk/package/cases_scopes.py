# SPDX-License-Identifier: Apache-2.0
"""cases_scopes.py - cases of cases.py: scopes, and contexts that nobody enters."""

import contextvars
import os
import subprocess

import flyte
from flyte._context import internal_ctx, root_context_var

from case import CALLBACK, case, from_fd, holding, in_thread, leaf, native, script, with_module


# --- contexts that nobody enters ---


@case("native")
def a_context_that_was_only_set():
    def inside():
        root_context_var.set(context)
        return from_fd(lambda fd: os.posix_spawn("/bin/sh", script(fd), os.environ))

    context = internal_ctx()
    with flyte.custom_context(scope="other"):
        return contextvars.copy_context().run(inside)


@case("native", "set set set python python")
def copied_contexts_leave_nothing_behind():
    def inside():
        return [leaf(), holding.in_pthread().decode(), in_thread(leaf)]

    with flyte.custom_context(scope="set"):
        copy = contextvars.copy_context()
    seen = [*copy.run(inside), native.here().decode(), leaf()]
    return " ".join(seen) if with_module else seen[0]


@case("native", "changed changed")
def a_custom_context_that_is_changed_in_place():
    with flyte.custom_context(scope="python"):
        flyte.ctx().custom_context["scope"] = "changed"
        return " ".join([leaf(), holding.in_pthread().decode()]) if with_module else leaf()



# --- scopes ---


@case("native native native", "inner outer python")
def nested_scopes():
    seen = []
    with flyte.custom_context(scope="outer"):
        with flyte.custom_context(scope="inner"):
            seen.append(leaf())
        seen.append(leaf())
    return " ".join([*seen, leaf()])


@case("", "pears")
def a_group():
    with flyte.group("pears"):
        return subprocess.run(
            [os.environ["FLYTECTX"], "get", "group"], stdout=subprocess.PIPE, text=True
        ).stdout.strip()


@case("python c", "python c c python")
def a_scope_of_native_code_is_newer():
    seen = []

    def inside():
        seen.append(leaf())
        seen.append(native.in_pthread().decode())

    library_scope = native.in_scope
    before = leaf() if with_module else "python"
    assert library_scope(b"c", CALLBACK(inside)) == 0
    return " ".join([before, *seen, leaf()] if with_module else [before, seen[0]])


@case("native", "deeper c")
def a_scope_of_python_in_one_of_native_code():
    seen = []

    def inside():
        with flyte.custom_context(scope="deeper"):
            seen.append(leaf())
        seen.append(leaf())

    assert native.in_scope(b"c", CALLBACK(inside)) == 0
    return " ".join(seen) if with_module else "native"


@case("native", "3 -")
def a_value_that_is_no_string():
    with flyte.custom_context(scope=3):
        number = leaf()
    with flyte.custom_context(scope=object()):
        return f"{number} {leaf()}" if with_module else number


@case("native", "-")
def a_custom_context_that_is_too_large():
    with flyte.custom_context(much="x" * 100000):
        return leaf()


@case("native", "python native")
def a_program_that_is_to_have_nothing():
    seen = leaf()
    assert leaf(env={"FLYTECTX_PROPAGATE": "0"}) == "none"
    return f"{seen} native" if with_module else seen
