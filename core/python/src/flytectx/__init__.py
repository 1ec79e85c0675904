# SPDX-License-Identifier: Apache-2.0
"""flytectx - the context of a Flyte task, from Python to native code and back.

Where libflytectx.so is preloaded, install() makes both see the same: what flyte.custom_context()
and flyte.group() enter is what programs and threads start with that Python starts, however it
starts them; and flyte.ctx() in a thread, or in a Python program that a native one has started, is
what native code sees there. Without the preload it changes nothing.

The wheel has a flytectx.pth, by which this happens of itself as soon as a program imports flyte.
"""

__all__ = ["install"]
__version__ = "0.1.0"


def install() -> bool:
    """Connect flyte's contexts with the preload's; import flyte for it. Once is enough.

    False where there is nothing to connect: no preload, or one that is switched off; and where it
    can't be done: in subinterpreters, in CPython without its lock, in other Pythons.
    """
    from flytectx import _install

    return _install.install()
