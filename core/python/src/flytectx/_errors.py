# SPDX-License-Identifier: Apache-2.0
"""A context that can't be carried, for want of memory say, is no failure of the program.

But what a signal handler raises is, wherever it strikes.
"""


class _Ignored:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, Exception):
            return False
        while traceback.tb_next is not None:
            traceback = traceback.tb_next
        return traceback.tb_frame.f_globals.get("__name__", "").startswith("flytectx.")


of_ours_ignored = _Ignored()
