# SPDX-License-Identifier: Apache-2.0
"""Changes to modules that may not be imported yet, and need not be for our sake."""

import sys

_waiting = {}  # by name: what to call with the module
_finder = None


class _Finder:
    """Goes before the others. Without importlib.util: that takes longer than all of ours."""

    def find_spec(self, name, path=None, target=None):
        change = _waiting.pop(name, None)
        if change is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                break
        if spec is not None and hasattr(spec.loader, "exec_module"):
            # The spec is made for this import alone, and so may be its loader.
            spec.loader = _Loader(spec.loader, change)
        return spec


class _Loader:
    """The module's own loader, which then hands the module to who has waited for it."""

    def __init__(self, loader, change):
        self._loader = loader
        self._change = change

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        # As if we had never been there: what looks for sources looks at the loader.
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._change(module)


def when_imported(name, change):
    """Call change(module) now, or when somebody has imported it."""
    global _finder
    module = sys.modules.get(name)
    if module is not None and not getattr(module.__spec__, "_initializing", False):
        change(module)
        return
    _waiting[name] = change
    if _finder is None:
        _finder = _Finder()
        sys.meta_path.insert(0, _finder)
