# SPDX-License-Identifier: Apache-2.0
"""limits.py - which tables report knows, what they are called, and what their limits are."""

PEERS = ("libeatmydata1", "libfakeroot", "libfaketime", "libuid-wrapper", "libsocket-wrapper",
         "torsocks")
VARIANTS = ("again", "empty", "flytectx", "scope") + PEERS
TITLES = {"again": "nothing again: the noise", "empty": "empty .so",
          "scope": "flytectx, in a scope"}

# Beside nothing: name of the tables, heading, limit of the ratio on glibc, below every peer too.
RATIOS = (
    ("exec", "exec of a short program", 1.04, True),
    ("fork", "fork and wait", None, False),
    ("spawn", "posix_spawn and wait", None, False),
    ("thread", "create and join", 1.03, False),
    ("make", "make -j2", 1.01, False),
    ("processor", "make -j2, processor time", None, False),
)
# Above nothing, in KiB: name, heading, limit.
MEMORY = (
    ("private", "private, at start", 24),
    ("shared", "shared, at start", None),
    ("used-private", "private, used", 24),
    ("used-shared", "shared, used", None),
)
# Beside the runtime's own: name of the table, heading with the limit.
REGIONS = (
    ("region-gnu", "region of two threads, GNU OpenMP, at most 1.12"),
    ("region-llvm", "region of two threads, LLVM OpenMP, at most 1.03"),
    ("python-step", "Python package, a step of asyncio, to be 1.3"),
    ("python-scope", "Python package, a scope entered and left, to be 1.5"),
    ("python-submit", "Python package, work for a thread pool, to be 1.2"),
)
# Column, limit in ns.
SCOPES = (("enter 10", 150), ("enter 1000", 1500), ("lookup 1000", 150))
SCALING = (
    ("environment", "more variables", "posix_spawn and wait"),
    ("keys", "keys", "posix_spawn and wait"),
    ("threads", "threads alive", "create and join"),
    ("tree", "levels", "tree of processes, each of which starts two"),
)


# What checkpoints do: name of the tables, heading, what ours is beside: cp, python, or of other clients the
# one that is best; limit of the time of ours beside that, of the processor time, and what the inverse of
# the time is to reach.
TRANSFERS = (
    ("file-save", "save of a file", ("cp",), 1.2, None, None),
    ("memory-save", "save of a file, in memory", ("cp",), None, None, None),
    ("directory-save", "save of a directory", ("python",), None, None, 15),
    ("directory-load", "load of a directory", ("python",), None, None, 3),
    ("s3-save", "save to S3", ("rclone", "aws"), 1.1, 0.5, None),
    ("s3-load", "load from S3", ("rclone", "aws"), 1.1, 0.5, None),
)
PEAK = 128  # MiB
TOOLS = {"cp": "cp and sync", "python": "Python's tarfile", "aws": "awscli"}


def verdict(figure, limit, is_least=False):
    """`over` (or `under`) by the median; unsure where the limit is within the interval."""
    said = ["over"] if figure.median > limit else []
    if is_least:
        said = ["under"] if figure.median < limit else []
    if figure.low <= limit <= figure.high:
        said.append("unsure")
    return ", ".join(said)


def requirements(measured):
    """(What, figure, unit, limit) of every limit whose table is there."""
    for name, heading, limit, below_peers in RATIOS:
        table = measured.get(f"{name}-glibc")
        if not table or limit is None:
            continue
        yield f"{heading}, beside nothing", table.ratio("flytectx"), "x", limit
        if "scope" in table.columns:
            yield f"{heading} in a scope, beside nothing", table.ratio("scope"), "x", limit
        for peer in PEERS:
            if below_peers and peer in table.columns:
                yield f"{heading}, beside {peer}", table.ratio("flytectx", peer), "x", 1
    for libc in "glibc", "musl":
        table = measured.get(f"exec-{libc}")
        if table:
            yield (f"exec of a short program above the empty .so, {libc}",
                   table.difference("flytectx", "empty", 1e3), "us", 8)
        for name, heading, limit in MEMORY:
            table = measured.get(f"{name}-{libc}")
            if table and limit:
                yield (f"memory {heading}, above nothing, {libc}",
                       table.difference("flytectx", scale=1024), "KiB", limit)
        table = measured.get(f"scopes-{libc}")
        for column, limit in SCOPES if table else ():
            yield f"{column.replace(' ', ', keys: ')}, {libc}", table.plain(column), "ns", limit


def transfers(measured):
    """(What, figure, unit, limit or None, whether that is the least) of checkpoints."""
    def best(name, others):
        table = measured[name]
        return min(others, key=lambda other: table.plain(other).median)

    for name, heading, others, most, most_cpu, least in TRANSFERS:
        if name not in measured:
            continue
        for suffix, kind, limit in ("", "time", most), ("-cpu", "processor time", most_cpu):
            other = best(name + suffix, others)
            yield (f"{heading}: {kind}, beside " + " or ".join(TOOLS.get(x, x) for x in others),
                   measured[name + suffix].ratio("flytectx", other), "x", limit, False)
        if least:
            yield (f"{heading}: time of {TOOLS[others[0]]}, beside ours",
                   measured[name].ratio(others[0], "flytectx"), "x", least, True)
        yield (f"{heading}: peak of memory", measured[f"{name}-peak"].plain("flytectx"), "MiB",
               PEAK, False)
    if "directory-size" in measured:
        yield ("a directory's size, beside Python's tarfile",
               measured["directory-size"].ratio("flytectx", "python"), "x", None, False)
