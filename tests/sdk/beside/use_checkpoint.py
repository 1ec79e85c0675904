# SPDX-License-Identifier: Apache-2.0
"""The checkpoint example of the SDK's documents, as a task; use_checkpoint.c and use_checkpoint.sh do the same.

Each attempt goes on where the one before was: two steps further, and then it fails, until there have been
`n_iterations`. What it keeps is a line "INDEX TRAIL", the trail having a letter for each step: p for Python.
That is saved as bytes; or as a directory with the line in the file `state` and a file for each step below
`steps`.
"""

import pathlib

import flyte

env = flyte.TaskEnvironment(name="checkpoint")


def read(path: pathlib.Path | None) -> tuple[int, str]:
    if not path:
        return 0, ""
    index, _, trail = (path / "state" if path.is_dir() else path).read_text().partition(" ")
    return int(index), trail


def save(checkpoint: flyte.Checkpoint, index: int, trail: str, form: str) -> None:
    state = f"{index} {trail}"
    if form == "bytes":
        checkpoint.save_sync(state.encode())
        return
    (checkpoint.path / "steps").mkdir(exist_ok=True)
    (checkpoint.path / "steps" / str(index)).touch()
    (checkpoint.path / "state").write_text(state)
    checkpoint.save_sync(checkpoint.path)


@env.task(retries=3)
def use_checkpoint(n_iterations: int, form: str) -> int:
    checkpoint = flyte.ctx().checkpoint
    start, trail = read(checkpoint.load_sync())
    for index in range(start, min(start + 2, n_iterations)):
        trail += "p"
        save(checkpoint, index + 1, trail, form)
    if start + 2 < n_iterations:
        raise RuntimeError(f"stopped after step {start + 2}")
    return n_iterations
