# SPDX-License-Identifier: Apache-2.0
"""Runs a command as the leader of a terminal's session; the terminal goes when the file `go` is there."""
import os
import pty
import select
import signal
import sys

pid, master = pty.fork()
if pid == 0:
    # These tests may run under nohup themselves.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.execvp(sys.argv[1], sys.argv[1:])
while not os.path.exists("go"):
    if select.select([master], [], [], 0.05)[0]:
        try:
            os.write(2, os.read(master, 4096))
        except OSError:  # The command has ended.
            break
os.close(master)
_, status = os.waitpid(pid, 0)
sys.exit(0 if os.WIFSIGNALED(status) else 1)
