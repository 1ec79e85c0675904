#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pods - a ContainerTask of the real SDK, from its definition to what its tools see. Prints TAP lines.

    pods.py BUILD WORK STORE [v1]       STORE: a directory, or a bucket that FLYTE_AWS_* open

The SDK serialises the task and writes its inputs; backend.py does what the backend does with them; the
container is a process with the pod's variables and nothing else. Its tools are a shell and leaf.c.
"""

import asyncio
import os
import subprocess
import sys

import flyte
from flyte._internal.runtime.convert import KICKOFF_TIME_INPUT_ARG_CONTEXT_KEY, convert_from_native_to_inputs
from flyte._internal.runtime.io import load_inputs, upload_inputs
from flyte._internal.runtime.task_serde import get_proto_task
from flyte.extras import ContainerTask
from flyte.models import SerializationContext
from flyteidl2.core import literals_pb2
from flyteidl2.task import common_pb2
from google.protobuf.message import DecodeError

import backend

build, work, store = sys.argv[1:4]
failed, results = False, 0
CONTEXT = {"team": "ml", "note": 'ünïcode "and" $HOME {{.input}}', "empty": "", "line": "a\nb"}
START = "2026-08-21T16:44:32Z"
# The cluster gives its containers the store's variables, or its tools see no store.
CLUSTER = {"_U_INSECURE": "true", "_U_USE_ACTIONS": "1"}
CLUSTER.update({name: value for name, value in os.environ.items() if name.startswith("FLYTE_AWS_")})

# In each the tools say where they are, once more with a cleaned environment; then the checkpoint of the
# attempt before is read, and a new one left.
SCRIPT = """
leaf || exit
env -i $(command -v leaf) >$1.cleaned
flytectx get custom_context.team || echo "no team: $?"
if path=$(flytectx checkpoint load); then cat "$path"; else echo "no checkpoint: $?"; fi
echo "left by attempt $(flytectx get attempt_number)" | flytectx checkpoint save -
exit $2
"""


def ok(name, expected, got):
    global failed, results
    results += 1
    if expected == got:
        print(f"ok - {name}")
        return
    failed = True
    print(f"not ok - {name}")
    for what, text in (("expected", expected), ("got", got)):
        print("\n".join(f"# {what}: {line}" for line in str(text).splitlines() or [""]))


def make_task(options):
    task = ContainerTask(
        name="step", image="debian:12-slim", inputs={"x": int, "status": int},
        command=["flytectx", "run", *options, "--", "sh", "-c", SCRIPT, "sh"],
        arguments=[f"{work}/output", "{{.inputs.status}}"],
        env_vars={"OMP_NUM_THREADS": "2", "FLYTE_ATTEMPT_NUMBER": "9", "FLYTECTX_WORKSPACE": f"{work}/workspace"})
    # The environment keeps hold of the task, and has to be kept itself.
    task.environment_of_test = flyte.TaskEnvironment.from_task("environment", task)
    return task


def container_of(task):
    context = SerializationContext(version="v7", project="flytesnacks", domain="development", org="local")
    return get_proto_task(task, context).container


def make_inputs(task, context, version):
    """What the SDK starts an action with; of Flyte 1 it is a map of literals, without a context."""
    inputs = asyncio.run(convert_from_native_to_inputs(
        task.native_interface, x=3, status=4, custom_context=context))
    # As a trigger adds it.
    inputs.proto_inputs.context.append(
        literals_pb2.KeyValuePair(key=KICKOFF_TIME_INPUT_ARG_CONTEXT_KEY, value="when"))
    if version == 1:
        literals = literals_pb2.LiteralMap(
            literals={literal.name: literal.value for literal in inputs.proto_inputs.literals})
        inputs = type(inputs)(common_pb2.Inputs.FromString(literals.SerializeToString()))
    return inputs


def upload(inputs, path):
    if "://" not in path:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    asyncio.run(upload_inputs(inputs, path))


def run(args, env):
    env = {"PATH": f"{build}:{work}:/usr/local/bin:/usr/bin:/bin", **env}
    return subprocess.run(args, env=env, cwd=work, capture_output=True, text=True, timeout=600, check=False)


def leaf_says(attempt, base, context, start, options):
    v2 = attempt.version == 2
    said = {
        "name": "a0" if v2 else "f3a9",
        "run_name": "rzx4" if v2 else "f3a9",
        "project": "flytesnacks",
        "domain": "development",
        "org": "local" if v2 else "-",
        "version": "v7",  # where no option gives it, the variables of the pod do
        "input_path": attempt.input,
        "output_path": attempt.output,
        "run_base_dir": base if v2 else "-",
        "raw_data": attempt.raw,
        "checkpoint": attempt.checkpoint,
        "prev_checkpoint": attempt.prev_checkpoint or "-",
        "remote": "yes",
        "run_start_time": start,
        "attempt": str(attempt.number - 1),
        "rewritten": f"{work}/mount/data",
        **{f"custom_context.{key}": value for key, value in context.items()},
    }
    return "".join(f"{name}={value}\n" for name, value in said.items())


def attempts(name, options, version=2, warning=""):
    """Two attempts of one action: the first fails with status 4."""
    base = f"{store}/{name.replace(' ', '-')}"
    task = make_task(options)
    container = container_of(task)
    ok(f"{name}: the SDK leaves the command as it is", ["flytectx", "run", *options], list(container.args)[:2 + len(options)])
    for number in (1, 2):
        attempt = backend.Attempt(base, number, version)
        if number == 1:
            upload(make_inputs(task, CONTEXT, version), attempt.input)
        # What the SDK itself reads there is what its tasks would see.
        context = asyncio.run(load_inputs(attempt.input)).context
        args = backend.render(container.args, attempt, START if version == 2 else None, {"status": "4"})
        user = {"_F_PATH_REWRITE": f"s3://public->{work}/mount"}
        if version == 2:
            user["ACTION_NAME"] = "of the user"
        env = backend.environment(container, attempt, base, user=user, cluster=CLUSTER)
        pod = run(args, env)
        said = leaf_says(attempt, base, context, START if version == 2 else "1970-01-01T00:00:00Z", options)
        what = f"{name}: attempt {number}"
        before = "no checkpoint: 3\n" if number == 1 else "left by attempt 0\n"
        team = "ml\n" if context else "no team: 3\n"
        ok(f"{what}: what the tools see", said + team + before, pod.stdout)
        ok(f"{what}: warnings", warning, pod.stderr)
        ok(f"{what}: its status is the command's", 4, pod.returncode)
        with open(f"{work}/output.cleaned", encoding="utf-8") as file:
            ok(f"{what}: also with a cleaned environment", said, file.read())
        ok(f"{what}: the SDK loads the checkpoint", f"left by attempt {number - 1}\n", load_by_sdk(attempt))


def load_by_sdk(attempt):
    checkpoint = flyte.Checkpoint(f"{attempt.checkpoint}.next", attempt.checkpoint)
    path = checkpoint.load_sync()
    return path.read_text() if path else None


def every_cut():
    """The SDK's reader and ours take and refuse the same beginnings of a message."""
    task = make_task(["--inputs", "{{.input}}"])
    whole = make_inputs(task, {"team": "ml", "key": "värde"}, 2).proto_inputs.SerializeToString()
    different = []
    for cut in range(len(whole) + 1):
        with open(f"{work}/cut.pb", "wb") as file:
            file.write(whole[:cut])
        try:
            context = asyncio.run(load_inputs(f"{work}/cut.pb")).context
            expected = (0, "".join(f"custom_context.{key}: {value}\n" for key, value in context.items()))
        except DecodeError:
            expected = (125, "")
        got = run(["flytectx", "run", "--name", "a0", "--mode", "remote", "--inputs", f"{work}/cut.pb", "--",
                   "sh", "-c", "flytectx show | grep ^custom; exit 0"], {})
        if expected != (got.returncode, got.stdout):
            different.append((cut, expected, got))
    ok(f"cut at each of its {len(whole)} bytes: read and refused as by the SDK", [], different)


def prefixes(name):
    """--inputs with the prefix, and optional inputs that are not there."""
    task = make_task(["--inputs", "{{.inputPrefix}}"])
    attempt = backend.Attempt(f"{store}/{name}", 1, 2)
    upload(make_inputs(task, CONTEXT, 2), attempt.input)
    env = backend.environment(container_of(task), attempt, store, cluster=CLUSTER)
    for option, where, expected in (
            ("--inputs={{.inputPrefix}}", attempt, (0, f"{attempt.input}\nml\n")),
            ("--inputs={{.input}}", backend.Attempt(f"{store}/absent", 1, 2), (125, "")),
            ("--inputs-optional --inputs={{.input}}", backend.Attempt(f"{store}/absent", 1, 2), (0, f"{store}/absent/a0/inputs.pb\n"))):
        args = backend.render(["flytectx", "run", *option.split(), "--", "sh", "-c",
                               "flytectx get input_path; flytectx get custom_context.team; exit 0"], where)
        pod = run(args, env)
        ok(f"{name}: {option}, {'there' if where is attempt else 'absent'}", expected, (pod.returncode, pod.stdout))
        ok(f"{name}: {option}, {'there' if where is attempt else 'absent'}: lines on stderr",
           0 if where is attempt else 1, len(pod.stderr.splitlines()))


def main():
    if store.startswith("s3://"):
        flyte.init(storage=flyte.storage.S3.auto())
    else:
        flyte.init()
    os.makedirs(f"{work}/mount", exist_ok=True)
    where = "in s3" if store.startswith("s3://") else "local"
    plain = ["--inputs", "{{.input}}", "--outputs-path", "{{.outputPrefix}}", "--version", "v7",
             "--raw-data-path", "{{.rawOutputDataPrefix}}", "--checkpoint-path", "{{.checkpointOutputPrefix}}",
             "--prev-checkpoint", "{{.prevCheckpointPrefix}}", "--run-start-time", "{{.runStartTime}}"]
    # Each of the backend's spellings; what only the SDK knows how to ask for stays unfilled.
    odd = ["-i", "{{ .INPUT }}", "--outputs-path={{$outputprefix}}", "-r", "{{\t$RawOutputDataPrefix }}",
           "-c", "{{ .checkpointOutputPrefix}}", "-p{{$PREVCHECKPOINTPREFIX }}", "--run-start-time={{.runStartTime}}",
           "--name", "{{.actionName}}", "--run-name={{ .runName }}"]
    unfilled = "".join(f"flytectx: --{name}: counts as not given, nobody has filled in {template}\n"
                       for name, template in (("name", "{{.actionName}}"), ("run-name", "{{ .runName }}")))
    attempts(f"Flyte 2 {where}", plain)
    attempts(f"Flyte 2 {where} oddly spelt", odd, warning=unfilled)
    attempts(f"Flyte 1 {where}", plain, version=1,
             warning="flytectx: --run-start-time: counts as not given, nobody has filled in {{.runStartTime}}\n")
    prefixes(f"prefix-{where.replace(' ', '-')}")
    if where == "local":
        every_cut()
    print(f"1..{results}")
    sys.exit(failed)


main()
