# SPDX-License-Identifier: Apache-2.0
"""trace_task.py - a task with Flyte's OpenTelemetry plugin, and programs that continue its trace.

    trace_task.py            the task; prints what is wrong, and how many programs were right
    trace_task.py continue   a program with the SDK of OpenTelemetry: its trace, and its span's parent

The other program is trace_child.c, which reads the carrier itself. CHILD is its path.
"""

import os
import subprocess
import sys

from opentelemetry import trace
from opentelemetry.propagate import extract
from opentelemetry.sdk.trace import TracerProvider

CLEAN = ["env", "-i"]


def continue_trace():
    # As OpenTelemetry's carriers in an environment are read: names are upper case there.
    context = extract({name.lower(): value for name, value in os.environ.items()})
    span = TracerProvider().get_tracer("child").start_span("child", context=context)
    print(f"{span.get_span_context().trace_id:032x} {span.parent.span_id if span.parent else 0:016x}")


if sys.argv[1:] == ["continue"]:
    continue_trace()
    sys.exit()

import flyte  # noqa: E402
import flyteplugins.otel  # noqa: E402

provider = TracerProvider()
flyteplugins.otel.init(tracer_provider=provider)
environment = flyte.TaskEnvironment(name="traces")
programs = {"python": [sys.executable, __file__, "continue"], "c": [os.environ["CHILD"]]}
right = 0


def programs_continue(where, span):
    global right
    context = span.get_span_context()
    expected = f"{context.trace_id:032x} {context.span_id:016x}\n"
    for name, command in programs.items():
        for start in ([], CLEAN):
            seen = subprocess.run([*start, *command], stdout=subprocess.PIPE, text=True, check=False).stdout
            if seen == expected:
                right += 1
            else:
                print(f"{where}, {' '.join([*start, name])}: {seen}, not {expected}", flush=True)


@environment.task
def train() -> None:
    task_span = trace.get_current_span()
    programs_continue("the task's span", task_span)
    with provider.get_tracer("user").start_as_current_span("inner") as inner:
        programs_continue("a span of the user's", inner)
    programs_continue("the task's span again", task_span)
    if inner.get_span_context().trace_id != task_span.get_span_context().trace_id:
        print("the plugin's trace is not the task's")


@environment.task
def main() -> None:
    programs_continue("the parent's span", trace.get_current_span())
    train()
    print(right)


flyte.init()
flyte.with_runcontext(mode="local").run(main)
