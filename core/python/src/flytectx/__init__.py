# SPDX-License-Identifier: Apache-2.0
"""flytectx - the context of a Flyte task, from Python to native code and back.

Where libflytectx.so is preloaded, Python and native code see the same context: what
flyte.custom_context() and flyte.group() enter is what programs and threads start with that Python
starts, however it starts them; and flyte.ctx() in a thread, or in a Python program that a native
one has started, is what native code sees there. The wheel has a start-up file, by which this
happens of itself as soon as a program imports flyte. Without the preload it changes nothing.

Without the SDK, current() is the context here, custom_context() enters keys, capture() and attach()
hand a context to a thread or process of a pool that is not followed; status() says what is.
"""

TYPE_CHECKING = False  # of typing, whose import takes longer than all of ours
if TYPE_CHECKING:
    from flytectx._context import Action as Action
    from flytectx._scopes import Captured as Captured
    from flytectx._context import Context as Context
    from flytectx._scopes import attach as attach
    from flytectx._scopes import capture as capture
    from flytectx._context import current as current
    from flytectx._scopes import custom_context as custom_context
    from flytectx._status import Follower as Follower
    from flytectx._status import Status as Status
    from flytectx._status import preload as preload
    from flytectx._status import status as status
    from flytectx._version import __version__ as __version__

_places = {
    **dict.fromkeys(("Follower", "Status", "preload", "status"), "_status"),
    **dict.fromkeys(("Action", "Context", "current"), "_context"),
    **dict.fromkeys(("Captured", "attach", "capture", "custom_context"), "_scopes"),
    "__version__": "_version",
}
__all__ = [
    "Action",
    "Captured",
    "Context",
    "Follower",
    "Status",
    "__version__",
    "attach",
    "capture",
    "current",
    "custom_context",
    "install",
    "preload",
    "status",
]


def install() -> bool:
    """Connect flyte's contexts with the preload's; import flyte for it. Once is enough.

    False where there is nothing to connect: no preload, or one that is switched off; and where it
    can't be done: in subinterpreters, in CPython without its lock, in other Pythons. status() says.
    """
    from flytectx import _install

    return _install.install()


def __getattr__(name: str) -> object:
    if name not in _places:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return globals().setdefault(name, getattr(import_module(f"flytectx.{_places[name]}"), name))


def __dir__() -> "list[str]":
    return sorted({*globals(), *__all__})
