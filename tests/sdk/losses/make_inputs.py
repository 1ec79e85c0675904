# SPDX-License-Identifier: Apache-2.0
"""make_inputs.py - the inputs.pb of a task of tasks.py, as a control plane writes it: MODULE FILE"""

import asyncio
import sys

import tasks
from flyte._internal.runtime.convert import convert_from_native_to_inputs

module, path = sys.argv[1:]
inputs = asyncio.run(convert_from_native_to_inputs(
    tasks.plain.native_interface, module, custom_context={"increment": "1", "team": "none"}))
with open(path, "wb") as file:
    file.write(inputs.proto_inputs.SerializeToString())
