# SPDX-License-Identifier: Apache-2.0
"""What elastic launchers do: workers by multiprocessing's spawn, each with its rank."""

import multiprocessing
import os
import sys

import worker

WORKERS = 2


def work(rank, directory):
    os.environ.update(RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE=str(WORKERS))
    worker.report(directory)


if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=work, args=(rank, sys.argv[1])) for rank in range(WORKERS)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    sys.exit(max(each.exitcode for each in workers))
