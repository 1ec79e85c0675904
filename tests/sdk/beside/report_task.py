# SPDX-License-Identifier: Apache-2.0
"""A task whose report is Python's or a program's below it: what the program says is in `native`."""

import os
import subprocess

import flyte
import flyte.report

environment = flyte.TaskEnvironment(name="reports")


@environment.task(report=True)
async def main() -> None:
    if os.environ["order"] == "first":
        await flyte.report.replace.aio("<p>by Python</p>", do_flush=True)
    output = flyte.ctx().output_path
    told = subprocess.run(
        [os.environ["flytectx"], "run", "--name", "a0", "--outputs-path", output, "--",
         os.environ["flytectx"], "report", os.environ["report_file"]],
        capture_output=True, text=True, check=False)
    with open(f"{output}/../native", "w") as file:
        file.write(f"{told.returncode}\n{told.stderr}")
