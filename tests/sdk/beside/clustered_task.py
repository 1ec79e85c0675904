# SPDX-License-Identifier: Apache-2.0
"""A clustered task: what the SDK knows of its place, and what a program below it does; `seen` has both."""

import os
import subprocess

import flyte

environment = flyte.TaskEnvironment(name="clustered")
NAMES = ("rank", "local_rank", "world_size", "local_world_size", "node_rank", "nnodes", "master_addr",
         "master_port", "restart_attempt")


@environment.task
async def main() -> None:
    flytectx, context = os.environ["flytectx"], flyte.ctx()
    told = subprocess.run(
        [flytectx, "run", "--name", "a0", "--outputs-path", context.output_path, "--",
         flytectx, "fail", "Diverged", "loss is nan"], capture_output=True, text=True, check=False)
    with open(os.environ["seen"], "w") as file:
        for name in NAMES:
            got = subprocess.run([flytectx, "get", name], capture_output=True, text=True, check=False).stdout.strip()
            file.write(f"{name} {getattr(context, name)} {got}\n")
        file.write(told.stderr)
