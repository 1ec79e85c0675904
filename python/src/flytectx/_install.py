# SPDX-License-Identifier: Apache-2.0
"""Connects what the other modules do, once."""

_installed = None


def install():
    global _installed
    if _installed is None:
        _installed = _connect()
    return _installed


def _connect():
    from flytectx import _native

    if not _native.is_there():
        return False
    from flytectx import _executors, _follow, _inherit, _multiprocessing, _provider, _starts

    if not _provider.register():
        return False
    _inherit.install()
    _follow.install()
    _starts.install()
    _executors.install()
    _multiprocessing.install()
    return True
