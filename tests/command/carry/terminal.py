# SPDX-License-Identifier: Apache-2.0
"""terminal.py COMMAND... - runs it in a foreground group of a terminal of its own: ^Z stops it, it goes
on where it is asked to, and ^C ends it. Prints what its parent was told."""

import os
import pty
import signal
import sys
import time

master, slave = pty.openpty()
pid = os.fork()
if pid == 0:
    os.close(master)
    os.login_tty(slave) if hasattr(os, "login_tty") else None
    if not hasattr(os, "login_tty"):
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in range(3):
            os.dup2(slave, fd)
    # The leader of a session is in an orphaned group, which no ^Z stops: the command has one of its own.
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv(sys.argv[1], sys.argv[1:])
    told = os.fdopen(int(os.environ["TOLD"]), "w")
    for _ in range(3):
        _, status = os.waitpid(child, os.WUNTRACED | os.WCONTINUED)
        if os.WIFSTOPPED(status):
            print("stopped", os.WSTOPSIG(status), file=told, flush=True)
            os.kill(child, signal.SIGCONT)
        elif os.WIFCONTINUED(status):
            print("continued", file=told, flush=True)
        else:
            print("ended", status, file=told, flush=True)
            break
    os._exit(0)

os.close(slave)


def said(text, seen=b""):
    while text not in seen:
        seen += os.read(master, 1000)
    return seen


said(b"pid ")
os.write(master, b"\x1a")
said(b"heard 18")
time.sleep(0.1)
os.write(master, b"\x03")
os.waitpid(pid, 0)
