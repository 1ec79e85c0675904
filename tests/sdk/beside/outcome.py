# SPDX-License-Identifier: Apache-2.0
"""What the SDK reads of an error document: `outcome.py FILE [whole | sdk]`; `outcome.py numbers`: its definition."""

import asyncio
import sys

from flyteidl2.core import execution_pb2


def numbers():
    for message in (execution_pb2.ErrorDocument, execution_pb2.ContainerError):
        for field in message.DESCRIPTOR.fields:
            print(message.DESCRIPTOR.name, field.name, field.number)
    print(*sorted(execution_pb2.ContainerError.Kind.items(), key=lambda item: item[1]))
    print(execution_pb2.ExecutionError.USER)


def document(path, shown):
    read = execution_pb2.ErrorDocument()
    with open(path, "rb") as file:
        read.ParseFromString(file.read())
    error = read.error
    kind = execution_pb2.ContainerError.Kind.Name(error.kind)
    print(error.code, kind, execution_pb2.ExecutionError.ErrorKind.Name(error.origin), len(error.message))
    print(error.message[:shown])


def by_the_sdk(path):
    from flyte._internal.runtime import convert, io

    error = asyncio.run(io.load_error(path))
    raised = convert.convert_error_to_native(error)
    print(type(raised).__name__, raised.code, str(raised)[:80])


if sys.argv[1] == "numbers":
    numbers()
elif len(sys.argv) == 2:
    document(sys.argv[1], 80)
elif sys.argv[2] == "whole":
    document(sys.argv[1], None)
else:
    by_the_sdk(sys.argv[1])
