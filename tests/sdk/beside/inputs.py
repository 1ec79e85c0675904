# SPDX-License-Identifier: Apache-2.0
"""Writes the inputs.pb of a task as the SDK does, custom context included.

    inputs.py MODULE TASK FILE KEY=VALUE... -- CUSTOM=VALUE...

Values of inputs that look like numbers are.
"""

import asyncio
import importlib
import pathlib
import sys

from flyte._internal.runtime import convert

module, task, file, *rest = sys.argv[1:]
middle = rest.index("--")
inputs = {key: int(value) if value.isdigit() else value for key, _, value in (pair.partition("=") for pair in rest[:middle])}
custom = {key: value for key, _, value in (pair.partition("=") for pair in rest[middle + 1 :])}
interface = getattr(importlib.import_module(module), task).native_interface
made = asyncio.run(convert.convert_from_native_to_inputs(interface, custom_context=custom, **inputs))
pathlib.Path(file).write_bytes(made.proto_inputs.SerializeToString(deterministic=True))
