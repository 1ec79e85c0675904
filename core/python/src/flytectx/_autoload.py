# SPDX-License-Identifier: Apache-2.0
"""What Python does when it starts in a task: it waits for the program to import flyte.

And changes to other modules that may not be imported yet, and need not be for our sake.
"""

import os
import sys
from _thread import get_ident

_OF_A_TASK = ("FLYTE_CTX", "ACTION_NAME", "FLYTE_INTERNAL_EXECUTION_ID")
_waiting = {}  # by name: what to call with the module, none of which raises
_searches = set()  # that are going on: another finder may ask all finders, too
_finder = None


class _Finder:
    """Goes before the others. Without importlib.util: that takes longer than all of ours."""

    def find_spec(self, name, path=None, target=None):
        catch_up()
        search = get_ident(), name
        if name not in _waiting or search in _searches:
            return None
        _searches.add(search)
        try:
            return self._find(name, path, target)
        finally:
            _searches.discard(search)

    def _find(self, name, path, target):
        for finder in sys.meta_path:
            # Old ones have none.
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                break
        else:
            return None
        if hasattr(spec.loader, "exec_module"):
            # The spec is made for this import alone, and so may be its loader.
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader:
    """The module's own loader, which then hands the module to who has waited for it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        # As if we had never been there: what looks for sources looks at the loader.
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        # Not before: who has asked for the spec may import it later, or have a copy of its own.
        name = module.__spec__.name
        if name in _waiting and sys.modules.get(name) is module:
            _hand_over(name, module)


def _hand_over(name, module):
    for change in _waiting.pop(name, ()):
        change(module)


def _is_whole(module):
    spec = getattr(module, "__spec__", None)
    return module is not None and not getattr(spec, "_initializing", False)


def catch_up():
    """Finders that others have put before ours may import without asking it: the next import notices."""
    for name in _waiting.keys() & sys.modules.keys():
        module = sys.modules.get(name)
        if _is_whole(module):
            _hand_over(name, module)


def when_imported(name, change):
    """Call change(module) now, or when somebody has imported it."""
    global _finder
    module = sys.modules.get(name)
    if _is_whole(module):
        change(module)
        return
    _waiting.setdefault(name, []).append(change)
    if _finder is None:
        _finder = _Finder()
        sys.meta_path.insert(0, _finder)


def start():
    """The entry point of flytectx.start (PEP 829), and what flytectx.pth calls. It never raises."""
    try:
        environment = os.environ
        is_preloaded = "libflytectx" in environment.get("LD_PRELOAD", "")
        if is_preloaded or any(name in environment for name in _OF_A_TASK):
            if _install not in _waiting.get("flyte._context", ()):  # site may read a .pth twice
                when_imported("flyte._context", _install)
    except Exception:
        pass


def _install(_module):
    try:
        from flytectx import _install

        _install.install()
    except Exception:
        pass
