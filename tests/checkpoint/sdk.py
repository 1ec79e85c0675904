# SPDX-License-Identifier: Apache-2.0
"""The SDK's own checkpoint, on a local object.

    sdk.py save PATH OBJECT         a file or a directory
    sdk.py bytes TEXT OBJECT
    sdk.py load OBJECT DESTINATION  what it loads becomes DESTINATION; prints none where it is None
"""

import shutil
import sys

from flyte import Checkpoint

what, first, second = sys.argv[1:]
if what == "load":
    checkpoint = Checkpoint(second + ".unused", first)
    loaded = checkpoint.load_sync()
    if loaded is None:
        print("none")
    else:
        shutil.move(str(loaded), second)
        checkpoint.path.mkdir(exist_ok=True)
else:
    Checkpoint(second).save_sync(first.encode() if what == "bytes" else first)
