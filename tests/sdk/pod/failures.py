#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""failures - a ContainerTask of the real SDK says why it fails (SPEC 6.1, 6.2, 6.5). Prints TAP lines.

    failures.py BUILD WORK STORE        STORE: a directory, or a bucket that FLYTE_AWS_* open

The SDK serialises the task; backend.py does what Flyte's executor and copilot do around its container,
as flyteorg/flyte has them; the SDK raises what they leave.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import flyte
from flyte._internal.runtime.convert import convert_error_to_native
from flyte._internal.runtime.io import error_path, load_error
from flyte._internal.runtime.task_serde import get_proto_task
from flyte.extras import ContainerTask
from flyte.models import SerializationContext
from flyteidl2.core.execution_pb2 import ContainerError, ErrorDocument

import backend

build, work, store = sys.argv[1:4]
failed, results = False, 0
where = "in s3" if store.startswith("s3://") else "local"
TEXT = "no column x: zażółć"
FAIL = f'flytectx fail BadInput "{TEXT}" || exit; '
OUTPUTS = Path(work, "outputs")


def ok(name, expected, got):
    global failed, results
    results += 1
    if expected == got:
        print(f"ok - {where}: {name}")
        return
    failed = True
    print(f"not ok - {where}: {name}\n# expected: {expected!r}\n# got:      {got!r}")


class Pod:
    """One attempt: the container of the task as the SDK serialises it, and how it has ended."""

    def __init__(self, number, options, script, outputs=None, there=True):
        has_outputs = {"outputs": outputs, "output_data_dir": OUTPUTS} if outputs else {}
        task = ContainerTask(name="step", image="debian:12-slim", command=["flytectx", "run", *options, "--"],
                             arguments=["sh", "-c", script],
                             env_vars={"FLYTECTX_RAW_OUTPUTS": str(OUTPUTS)}, **has_outputs)
        environment = flyte.TaskEnvironment.from_task("environment", task)
        context = SerializationContext(version="v7", project="flytesnacks", domain="development", org="local")
        wire = get_proto_task(task, context)
        self.attempt = backend.Attempt(f"{store}/failures-{number}", 1, 2)
        self.directory = Path(wire.container.data_config.output_path) if outputs else None
        OUTPUTS.exists() and subprocess.run(["rm", "-r", OUTPUTS], check=True)
        if self.directory and there:
            self.directory.mkdir()
        # The cluster gives its containers the store's variables, or its tools see no store.
        cluster = {name: value for name, value in os.environ.items() if name.startswith("FLYTE_AWS_")}
        env = backend.environment(wire.container, self.attempt, store, cluster=cluster)
        env = {"PATH": f"{build}:/usr/local/bin:/usr/bin:/bin", **env}
        ended = subprocess.run(backend.render(wire.container.args, self.attempt), env=env, cwd=work,
                               capture_output=True, text=True, timeout=600, check=False)
        self.status, self.said = ended.returncode, ended.stderr
        del environment

    def verdict(self):
        """What the executor makes of it."""
        document = None
        try:
            data = asyncio.run(self.read())
        except FileNotFoundError:
            data = None
        if data is not None:
            document = ErrorDocument.FromString(data).error
        return backend.verdict(self.status, document, ContainerError.RECOVERABLE)

    async def read(self):
        path = error_path(self.attempt.output)
        if not await flyte.storage.exists(path):
            raise FileNotFoundError(path)
        return b"".join([piece async for piece in flyte.storage.get_stream(path)])

    def raised(self):
        """What the SDK raises in the task that waits for this one."""
        error = convert_error_to_native(asyncio.run(load_error(error_path(self.attempt.output))))
        return type(error).__name__, error.code, str(error)


def to_store():
    options = ["--outputs-path", "{{.outputPrefix}}"]
    # A cleaned environment has no access to a store.
    clean = 'env -i PATH="$PATH" ' if where == "local" else ""
    pod = Pod(1, options, f"{clean}{FAIL} exit 0")
    ok("fail: permanent, with its message", ("permanent", "BadInput", TEXT), pod.verdict())
    ok("fail: the SDK raises it", ("RuntimeUserError", "BadInput", TEXT), pod.raised())
    ok("fail: no line on stderr", "", pod.said)
    pod = Pod(2, options, FAIL.replace("fail", "fail --recoverable"))
    ok("fail --recoverable: may be tried again", ("retryable", "BadInput", TEXT), pod.verdict())
    pod = Pod(3, [*options, "--report-errors"], "echo lost >&2; exit 7")
    text = "sh: exit status 7\nlost"
    ok("--report-errors: its status and its last words", ("retryable", "CommandFailed", text), pod.verdict())
    ok("--report-errors: the SDK raises it", ("RuntimeUserError", "CommandFailed", text), pod.raised())
    pod = Pod(4, [*options, "--report-errors"], FAIL + "exit 7")
    ok("--report-errors: the container's own word counts", ("permanent", "BadInput", TEXT), pod.verdict())
    pod = Pod(5, [*options, "--report-errors"], "exit 0")
    ok("--report-errors: success", ("success", "", ""), pod.verdict())


def to_copilot():
    outputs = {"y": int}
    user = f"User Error: BadInput: {TEXT}"
    options = ["--outputs-path", "{{.outputPrefix}}"]
    pod = Pod(11, options, FAIL, outputs)
    ok("outputs: the copilot hears it", user, backend.copilot(pod.directory, outputs))
    ok("outputs: and the store", ("permanent", "BadInput", TEXT), pod.verdict())
    pod = Pod(12, [], FAIL, outputs)
    ok("outputs, no output path: the copilot hears it", (user, 0, ""),
       (backend.copilot(pod.directory, outputs), pod.status, pod.said))
    pod = Pod(13, ["--outputs-path", f"{build}/flytectx/none"], FAIL, outputs)
    ok("outputs, a store that can't be written: the copilot hears it", (user, 0, ""),
       (backend.copilot(pod.directory, outputs), pod.status, pod.said))
    attempts = Path(work, "attempts")
    pod = Pod(14, ["--retries", "3", "--raw-data-path", f"{work}/raw"], f"echo x >>{attempts}; {FAIL} exit 7", outputs)
    ok("outputs: run --retries obeys", (user, 7, "x\n"),
       (backend.copilot(pod.directory, outputs), pod.status, attempts.read_text() if attempts.exists() else pod.said))
    pod = Pod(15, [], FAIL.replace("fail", "fail --recoverable"), outputs)
    ok("outputs, no output path: the copilot has no word for recoverable",
       (1, "flytectx: error.pb: the task has no output path: No data available\n", []),
       (pod.status, pod.said, os.listdir(pod.directory)))
    pod = Pod(16, [], FAIL.replace("BadInput", "Bad,Input"), outputs)
    ok("outputs: bad input leaves nothing", (1, []), (pod.status, os.listdir(pod.directory)))
    pod = Pod(17, [*options, "--report-errors"], "exit 7", outputs)
    ok("outputs: --report-errors leaves the status, the copilot would write that outputs lack",
       ("retryable", "Error", "exit code (7)"), pod.verdict())
    pod = Pod(18, [], f"echo 3 >{OUTPUTS}/y", outputs)
    ok("outputs: success", (None, 0), (backend.copilot(pod.directory, outputs), pod.status))


flyte.init(**({"storage": flyte.storage.S3.auto()} if where == "in s3" else {}))
to_store()
if where == "local":
    to_copilot()
print(f"1..{results}")
sys.exit(failed)
