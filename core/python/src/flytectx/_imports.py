# SPDX-License-Identifier: Apache-2.0
"""Changes to modules that may not be imported yet, and need not be for our sake."""

import sys

_waiting = {}  # by name: what to call with the module
_finder = None


class _Finder:
    """Goes before the others. Without importlib.util: that takes longer than all of ours."""

    def find_spec(self, name, path=None, target=None):
        if name not in _waiting:
            return None
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
            _apply(_waiting.pop(name), module)


def _apply(change, module):
    """It may be a module of another's, or of another version, to which the change does not fit."""
    from flytectx import _errors

    with _errors.of_ours_ignored:
        change(module)


def when_imported(name, change):
    """Call change(module) now, or when somebody has imported it."""
    global _finder
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    if module is not None and not getattr(spec, "_initializing", False):
        _apply(change, module)
        return
    _waiting[name] = change
    if _finder is None:
        _finder = _Finder()
        sys.meta_path.insert(0, _finder)
