# SPDX-License-Identifier: Apache-2.0
"""program.py - what the programs of programs.py share."""

import ctypes
import os
import subprocess

import flyte
from flyte._context import Context, ContextData
from flyte.models import ActionID, RawDataPath, TaskContext
from flyte.report import Report

LEAF = os.environ["LEAF"]
native = ctypes.CDLL(os.environ["NATIVE"])
holding = ctypes.PyDLL(os.environ["NATIVE"])
for library in native, holding:
    library.here.restype = library.in_pthread.restype = ctypes.c_char_p

programs = {}


def program(function):
    programs[function.__name__] = function
    return function


def leaf():
    return subprocess.run([LEAF], stdout=subprocess.PIPE, text=True).stdout.strip()


def scope():
    return flyte.get_custom_context().get("scope", "-") if flyte.ctx() else "none"


def task(**fields):
    given = dict(
        action=ActionID(name="a1", run_name="run", project="project", domain="domain", org="org"),
        version="v1",
        raw_data_path=RawDataPath(path="s3://raw"),
        output_path="s3://out",
        run_base_dir="s3://base",
        report=Report(name="a1"),
        custom_context={"scope": "python"},
    )
    return TaskContext(**{**given, **fields})


def entered(**fields):
    return Context(ContextData(task_context=task(**fields)))
