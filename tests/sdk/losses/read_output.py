# SPDX-License-Identifier: Apache-2.0
"""read_output.py - the text that a task has left in outputs.pb: FILE"""

import sys

from flyteidl2.task import common_pb2

with open(sys.argv[1], "rb") as file:
    outputs = common_pb2.Outputs.FromString(file.read())
print(outputs.literals[0].value.scalar.primitive.string_value, end="")
