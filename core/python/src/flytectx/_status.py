# SPDX-License-Identifier: Apache-2.0
"""What is connected here, and what is off and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Follower:
    """Something that is patched: asyncio, trio, flyte."""

    name: str
    state: str  # "waiting" for its import, "in place", "gave up", "off"
    why: str
    knows: str  # the versions that this package was made for


@dataclass(frozen=True)
class Status:
    """The state of the package in this process."""

    version: str
    preload: str | None
    connected: bool
    flyte: bool
    why: str
    followers: tuple[Follower, ...]

    def __str__(self) -> str:
        lines = [
            f"flytectx {self.version}",
            f"preload: {self.preload or 'none'}",
            f"connected: {'yes' if self.connected else 'no'}{self.why and ', ' + self.why}",
        ]
        for follower in self.followers:
            why = follower.why and f", {follower.why}"
            lines.append(f"{follower.name}: {follower.state}{why}")
        return "\n".join(lines)


def preload() -> str | None:
    """The path of the preload in this process; None where there is none."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            for line in maps:
                path = line.rstrip("\n").partition("/")[2]
                if path.rpartition("/")[2].startswith("libflytectx.so"):
                    return "/" + path
    except OSError:
        pass
    return None


def status() -> Status:
    """What is connected here, and what is off and why. It connects nothing that is not."""
    from flytectx import _autoload, _install, patches
    from flytectx._version import __version__

    _autoload.catch_up()
    why = _install.prepare()
    followers = tuple(
        Follower(name, found.state, found.why, found.knows) for name, found in patches.table.items()
    )
    connected = why is None and _install.is_patched()
    flyte = any(found.name == "flyte" and found.state == patches.IN_PLACE for found in followers)
    if why is None and not connected:
        why = "nothing has asked for it: the program has not imported flyte"
    return Status(__version__, preload(), connected, flyte, why or "", followers)
