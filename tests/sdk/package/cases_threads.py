# SPDX-License-Identifier: Apache-2.0
"""cases_threads.py - cases of cases.py: threads of Python and of native code, and OpenMP."""

import ctypes
import os
import threading

import flyte

from case import CALLBACK, case, holding, in_thread, leaf, native, scope


@case("none")
def a_thread():
    return in_thread(scope)


@case("native")
def a_program_of_a_thread():
    return in_thread(leaf)


@case("False", "True")
def the_task_context_of_a_thread_is_the_very_same():
    task = flyte.ctx()
    return str(in_thread(lambda: flyte.ctx() is task))


@case("none", "python+")
def a_scope_in_a_thread_extends_it():
    def extend():
        with flyte.custom_context(more="+"):
            return "".join(flyte.get_custom_context().values()) or "none"

    return in_thread(extend)


@case("none")
def a_thread_that_outlives_the_scope():
    go, seen = threading.Event(), []
    with flyte.custom_context(scope="python"):
        thread = threading.Thread(target=lambda: (go.wait(), seen.append(scope())))
        thread.start()
    with flyte.custom_context(scope="later"):
        go.set()
        thread.join()
    return seen[0]


@case("none")
def a_timer():
    seen = []
    timer = threading.Timer(0, lambda: seen.append(scope()))
    timer.start()
    timer.join()
    return seen[0]


@case("native")
def native_code_of_a_thread():
    return in_thread(native.here).decode()


@case("native")
def a_pthread():
    return native.in_pthread().decode()


@case("native")
def a_pthread_that_is_started_with_the_lock():
    return holding.in_pthread().decode()


@case("native")
def native_code():
    return native.here().decode()


@case("none")
def python_in_a_pthread():
    seen = []
    native.call_in_pthread(CALLBACK(lambda: seen.append(scope())))
    return seen[0]


@case("native")
def a_program_of_python_in_a_pthread():
    seen = []
    native.call_in_pthread(CALLBACK(lambda: seen.append(leaf())))
    return seen[0]


@case("0", "2")
def a_region_of_openmp():
    return str(native.in_region(b"python"))


@case("0", "2")
def a_region_of_openmp_with_the_lock():
    return str(holding.in_region(b"python"))


@case("0", "2")
def a_region_of_openmp_by_llvm():
    return str(ctypes.CDLL(os.environ["NATIVE_LLVM"]).in_region(b"python"))


@case("0", "2")
def a_region_of_openmp_by_llvm_with_the_lock():
    return str(ctypes.PyDLL(os.environ["NATIVE_LLVM"]).in_region(b"python"))
