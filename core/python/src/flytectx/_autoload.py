# SPDX-License-Identifier: Apache-2.0
"""Imported by flytectx.pth when Python starts in a task: waits for the program to import flyte."""

from flytectx import _imports


def _install(_module):
    from flytectx import _install

    _install.install()


_imports.when_imported("flyte._context", _install)
