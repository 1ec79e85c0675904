# SPDX-License-Identifier: Apache-2.0
"""What the SDK's remote controller calls the sub-actions of random calls, and where it puts them.

    names.py CALLS SEED INPUT EXPECTED

INPUT gets a call a line for names.c, its fields divided by tabs: attempt, base directory, parent, task
hash, input hash, group. EXPECTED gets what names.c is to print: sequence, name, path.

All is done by the SDK's own code: the controller's sequence, the name, the path. A new TaskContext
begins an attempt, as there.
"""

import random
import sys

from flyte._internal.controllers.remote._controller import RemoteController
from flyte._internal.runtime.convert import generate_sub_action_id_and_output_path
from flyte.models import ActionID, GroupData, RawDataPath, TaskContext
from flyte.report import Report

# What calls of one task are made of: few, so that many are the same; and what is hard to divide.
PIECES = ["a", "th", "ih", ":", "-", "1", "x:y", "y", "", "grp", "ü", "日本", " ", "=", "/", "+", "a" * 70]


def text(source: random.Random, least: int) -> str:
    while True:
        made = "".join(source.choice(PIECES) for _ in range(source.randint(least, 3)))
        if len(made) >= least:
            return made


def name(source: random.Random) -> str:
    return "".join(source.choice("abc019-") for _ in range(source.randint(1, 30)))


def context(parent: str, base: str) -> TaskContext:
    return TaskContext(
        action=ActionID(name=parent, run_name="r", project="p", domain="d", org="o"),
        version="v",
        raw_data_path=RawDataPath(path=""),
        output_path="",
        run_base_dir=base,
        report=Report(name=parent),
    )


def in_group(tctx: TaskContext, group: str) -> TaskContext:
    return tctx.replace(group_data=GroupData(group)) if group else tctx


def call(tctx: TaskContext, task_hash: str, input_hash: str, group: str) -> str:
    tctx = in_group(tctx, group)
    sequence = RemoteController.generate_task_call_sequence(
        None, f"{task_hash}:{input_hash}", tctx, tctx.group_data.name if tctx.group_data else None
    )
    action, path = generate_sub_action_id_and_output_path(tctx, task_hash, input_hash, sequence)
    return f"{sequence}\t{action.name}\t{path}"


def main() -> None:
    calls, source = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    contexts: dict[tuple, TaskContext] = {}
    parents = [name(source) for _ in range(8)]
    bases = ["s3://bucket/run/", "/base", "relative/base"]
    kinds = [(text(source, 1), text(source, 0), text(source, 0)) for _ in range(calls // 4)]
    with open(sys.argv[3], "w") as wanted, open(sys.argv[4], "w") as expected:
        for _ in range(calls):
            where = (source.randint(0, 2), source.choice(bases), source.choice(parents))
            kind = source.choice(kinds[:20] if source.random() < 0.5 else kinds)
            tctx = contexts.setdefault(where, context(where[2], where[1]))
            print(*where, *kind, sep="\t", file=wanted)
            print(call(tctx, *kind), file=expected)


if __name__ == "__main__":
    main()
