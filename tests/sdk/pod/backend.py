# SPDX-License-Identifier: Apache-2.0
"""backend - what Flyte's backend makes of a task's container: its arguments, its environment, its paths.

Templates are filled in in arguments alone, never in the environment. Each is a regular expression that
takes '.' and '$', blanks and any case; what has no value stays as it is.
"""

import re


class Attempt:
    """The paths of one attempt. `number` counts from 1, as the paths of Flyte 2 do."""

    def __init__(self, base, number, version):
        self.number, self.version = number, version
        bucket, _, rest = base.rpartition("/")
        if version == 2:
            self.inputs = f"{base}/a0"
            place = f"{bucket}/7f/{rest}/a0/%d"
            self.output = self.raw = place % number
            before = place % (number - 1)
        else:
            self.inputs = f"{base}/n0/data"
            self.output = f"{base}/n0/data/{number - 1}"
            self.raw = f"{bucket}/x5/f3a9-n0-{number - 1}"
            before = f"{base}/n0/data/{number - 2}"
        self.input = f"{self.inputs}/inputs.pb"
        self.checkpoint = f"{self.output}/_flytecheckpoints"
        self.prev_checkpoint = f"{before}/_flytecheckpoints" if number > 1 else ""

    def templates(self):
        return {
            "Input": self.input,
            "OutputPrefix": self.output,
            "InputPrefix": self.inputs,
            "RawOutputDataPrefix": self.raw,
            # Two quotes, so that there is a word.
            "PrevCheckpointPrefix": self.prev_checkpoint or '""',
            "CheckpointOutputPrefix": self.checkpoint,
            "PerRetryUniqueKey": f"f3a9_n0_{self.number - 1}",
            "Namespace": "flytesnacks-development",
        }


def render(args, attempt, run_start_time=None, inputs=None):
    """The arguments of the container. Only Flyte 2 knows a start, in one spelling."""
    rendered = []
    for arg in args:
        if run_start_time:
            arg = arg.replace("{{.runStartTime}}", run_start_time)
        for name, value in attempt.templates().items():
            arg = re.sub(r"(?i){{\s*[\.$]%s\s*}}" % name, lambda _, value=value: value, arg)
        arg = re.sub(r"(?i){{\s*[\.$]Inputs\.([^}\s]+)\s*}}", lambda found: (inputs or {})[found[1]], arg)
        rendered.append(arg)
    return rendered


def environment(container, attempt, run_base, user=None, cluster=None):
    """The pod's variables, in the order in which they are set: of two of a name the last one counts."""
    execution = "rzx4" if attempt.version == 2 else "f3a9"
    pod = [(pair.key, pair.value) for pair in container.env]
    if attempt.version == 1:
        pod += [("FLYTE_INTERNAL_EXECUTION_WORKFLOW", "flytesnacks:development:train.wf")]
    pod += [
        ("FLYTE_INTERNAL_EXECUTION_ID", execution),
        ("FLYTE_INTERNAL_EXECUTION_PROJECT", "flytesnacks"),
        ("FLYTE_INTERNAL_EXECUTION_DOMAIN", "development"),
        ("_F_PN", f"{execution}-n0-{attempt.number - 1}"),
        ("FLYTE_ATTEMPT_NUMBER", str(attempt.number - 1)),
    ]
    for prefix in ("FLYTE_INTERNAL_TASK", "FLYTE_INTERNAL"):
        pod += [(f"{prefix}_{name}", value) for name, value in (
            ("PROJECT", "flytesnacks"), ("DOMAIN", "development"), ("NAME", "step"), ("VERSION", "v7"))]
    if attempt.version == 1:
        pod += [("_F_L_MIN_SIZE_MB", "10"), ("_F_L_MAX_SIZE_MB", "1000")]
    own = {"ACTION_NAME": "a0", "RUN_NAME": execution, "_U_RUN_BASE": run_base, "_U_ORG_NAME": "local"}
    if attempt.version == 2:
        # Those of a user can't override these four.
        pod += list({**(user or {}), **own}.items())
    else:
        pod += list((user or {}).items())
    pod += list((cluster or {}).items())
    return dict(pod)


def verdict(status, document, recoverable):
    """What the executor makes of a container that has ended, and of its error document (or None).

    It reads that of a container that has ended with 0, before its outputs. Another status is the user's
    failure, and may be tried again.
    """
    if status:
        return "retryable", "Error", f"exit code ({status})"
    if document is None:
        return "success", "", ""
    return "retryable" if document.kind == recoverable else "permanent", document.code, document.message


def copilot(directory, outputs):
    """Why the copilot fails the task of a container that has ended; None: it uploads its outputs."""
    error = directory / "_ERROR"
    if error.exists():
        if error.stat().st_size > 1 << 20:
            return "error file too large"
        return f"User Error: {error.read_text(encoding='utf-8')}"
    for name in outputs:
        if not (directory / name).exists():
            return f"{name} is not there"
    return None
