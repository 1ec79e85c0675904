#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""raw_container - runs the Python of docs/howto/raw-container.md with the real SDK.

    raw_container.py WORK TOP

Checks the images, and leaves in WORK what the backend would start: raw-container.json, whose args and env
./containers gives to the image of the page, with the runs directory as /runs. Prints TAP lines.
"""

import asyncio
import contextlib
import io
import json
import os
import re
import sys

import flyte
from flyte._internal.imagebuild.docker_builder import DockerImageBuilder
from flyte._internal.runtime.convert import convert_from_native_to_inputs
from flyte._internal.runtime.io import upload_inputs
from flyte._internal.runtime.task_serde import get_proto_task
from flyte.models import SerializationContext

work, top = sys.argv[1:]
sys.path.insert(0, f"{top}/tests/sdk/pod")
import backend  # noqa: E402 pylint: disable=wrong-import-position

failed, results = False, 0


def ok(name, expected, got):
    global failed, results
    results += 1
    if expected == got:
        print(f"ok - {name}")
        return
    failed = True
    print(f"not ok - {name}\n# expected: {expected}\n# got:      {got}")


def blocks(mark):
    with open(f"{top}/docs/howto/raw-container.md", encoding="utf-8") as file:
        return re.findall(rf"^```{mark}\n(.*?)^```", file.read(), re.M | re.S)


def execute(text):
    """A block as a module of its own, beside the page's Dockerfile. Python itself may be in /usr/local."""
    text = text.replace('"/usr/local"', f'"{work}/installed/usr/local"')
    os.makedirs(f"{work}/task", exist_ok=True)
    with open(f"{work}/task/Dockerfile", "w", encoding="utf-8") as file:
        file.write(blocks("dockerfile")[0])
    names = {"__file__": f"{work}/task/step.py", "__name__": "step"}
    exec(compile(text, names["__file__"], "exec"), names)  # pylint: disable=exec-used
    return names


def dockerfile_of(image):
    """What the SDK's builder makes of an image in layers, as far as it gets without an engine."""
    os.environ["FLYTE_DOCKER_BUILDKIT_BUILDER_NAME"] = "none"  # it would look for one
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        asyncio.run(DockerImageBuilder()._build_image(image, push=False, dry_run=True))
    return output.getvalue()


def check_layers(image):
    text = dockerfile_of(image)
    packages = re.findall(r"apt-get install -y --no-install-recommends\s+(.*)", text)[-1].split()
    page = re.search(r"FROM debian:12-slim\nRUN .*install -y (.*)", blocks("dockerfile")[0])[1].split()
    ok("the image in layers has the packages of the Dockerfile", page, packages)
    copies = {(os.path.basename(source), target) for source, target in re.findall(r"^COPY --chown=flyte:flyte (\S+) (\S+)$", text, re.M)}
    ok("and the user who owns what is copied", True, 0 < text.find("useradd") < text.find("COPY --chown=flyte"))
    ok("and its files", {("flytectx", "/usr/local/bin/"), ("libflytectx.so", "/usr/local/lib/"),
                         ("libflytectx-checkpoint.so.1", "/usr/local/lib/")}, copies)


def leave_pod(task):
    container = get_proto_task(task, SerializationContext(
        version="v1", project="flytesnacks", domain="development", org="local")).container
    ok("the image is the Dockerfile's", "ghcr.io/acme/step:", container.image[:18])
    attempt = backend.Attempt("/runs/bucket/rzx4", 1, 2)
    inputs = asyncio.run(convert_from_native_to_inputs(
        task.native_interface, samples=3, custom_context={"increment": "1"}))
    path = f"{work}{attempt.input}"
    os.makedirs(os.path.dirname(path))
    asyncio.run(upload_inputs(inputs, path))
    pod = {
        "args": backend.render(container.args, attempt, "2026-08-21T16:44:32Z", {"samples": "3"}),
        "env": backend.environment(container, attempt, "/runs/bucket/rzx4"),
    }
    with open(f"{work}/raw-container.json", "w", encoding="utf-8") as file:
        json.dump(pod, file)


def main():
    flyte.init()
    task, layers = (execute(text) for text in blocks("python"))
    leave_pod(task["step"])
    check_layers(layers["image"])
    print(f"1..{results}")
    sys.exit(failed)


main()
