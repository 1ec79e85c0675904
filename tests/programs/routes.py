# SPDX-License-Identifier: Apache-2.0
"""routes.py - each way in which a python program starts processes and threads.

    python3 routes.py ROUTE WHERE LOG LIBREPORT

Prints what is the same in every run. All of ROUTE is in the function of that name, here or in routes_threads.py.
"""
import os
import pty
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True

import routes_threads  # pylint: disable=wrong-import-position
from routes_common import WHERE, clear, command, report, where  # pylint: disable=wrong-import-position


def run():
    print(subprocess.run(where("run"), check=False).returncode)


def run_empty():
    print(subprocess.run(where("run"), env={}, check=False).returncode)


def run_shell_empty():
    done = subprocess.run(command("shell") + "; echo out; exit 7", shell=True, env={},
                          capture_output=True, check=False)
    print(done.returncode, done.stdout)


def run_session():
    print(subprocess.run(where("session"), env={}, start_new_session=True, cwd="/",
                         preexec_fn=clear, check=False).returncode)


def run_many_variables():
    env = {f"V{i}": "x" * 100 for i in range(1500)}
    print(subprocess.run(where("many"), env=env, check=False).returncode)


def run_missing():
    for name in ("/nowhere/at/all", "no_such_command_here", "/etc/passwd"):
        try:
            subprocess.run([name], env={}, check=False)
        except OSError as error:
            print(type(error).__name__, error.errno)


def run_forms():
    """The older functions, with a shell and without; what they make of failures."""
    print(subprocess.call(where("call"), env={}), subprocess.check_call(where("check_call"), env={}),
          subprocess.check_output(where("check_output"), env={}, text=True))
    print(subprocess.getoutput(command("getoutput") + "; echo out"),
          subprocess.getstatusoutput(command("getstatusoutput") + "; exit 3"))
    with subprocess.Popen(["sh", "-c", command("Popen") + "; cat"], env={}, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        print(process.communicate("in"))
    with subprocess.Popen(["other name", *where("executable")[1:]], executable=WHERE, env={},
                          umask=0o27, pass_fds=(0,)) as process:
        print(process.wait())
    with subprocess.Popen(["sh", "-c", command("timeout") + "; echo; exec sleep 60"], env={},
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            process.kill()
        print(process.wait())


def run_spawned():
    """With these options subprocess calls posix_spawn, and without them vfork and exec."""
    for use in (True, False):
        subprocess._USE_POSIX_SPAWN = use
        print(subprocess.run(where("spawned"), env={}, close_fds=False, check=False).returncode)


def run_signals():
    """What a child has of signals, and how it ends by each."""
    wanted = ["grep", "-E", "^(Sig(Blk|Ign|Cgt)|NoNewPrivs|Seccomp):", "/proc/self/status"]
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    for restore in (True, False):
        for env in (None, {}):
            print(subprocess.check_output(wanted, env=env, restore_signals=restore, text=True))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR2})
    print([subprocess.call(["sh", "-c", f"kill -{number} $$"], env={})
           for number in (1, 2, 6, 9, 11, 12, 13, 14, 15)])


def run_descriptors():
    """A child has those that are passed on, and no other."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        print(subprocess.check_output(["sh", "-c", command("descriptors") + f"; echo x >&{writing}; "
                                       "exec ls /proc/self/fd"], env={}, pass_fds=(writing,)))
        os.close(writing)
        print(stream.read())


def pipes():
    first = subprocess.Popen(["sh", "-c", command("first") + "; echo in"], env={},
                             stdout=subprocess.PIPE)
    print(subprocess.run(["sh", "-c", command("second") + "; cat"], env={}, stdin=first.stdout,
                         stdout=subprocess.PIPE, check=False).stdout)
    print(first.wait())


def system_cleared():
    clear()
    print(os.system(command("system")), os.system("exit 3"), os.system("kill -9 $$"))


def system_signals():
    """While system() waits, SIGINT and SIGQUIT are ignored; the child has them as they were."""
    clear()
    print(os.system("kill -INT $PPID; kill -QUIT $PPID; echo here; exit 2"))
    print(os.system("kill -INT $$"), os.system("kill -QUIT $$"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(os.system("kill -INT $$; echo still here"))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    except KeyboardInterrupt:
        print("interrupted")


def system_child_ignored():
    clear()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print(os.system(command("ignored")), os.system("exit 4"))


def system_child_handled():
    """The handler runs after system(), which has taken the child's status."""
    clear()
    seen = []
    signal.signal(signal.SIGCHLD, lambda *_: seen.append(1))
    print(os.system(command("handled") + "; exit 5"), len(seen))


def system_in_threads():
    clear()
    with ThreadPoolExecutor(8) as pool:
        print(sorted(pool.map(lambda i: os.system(command("concurrent") + f"; exit {i}"),
                              range(64))))
    print(signal.getsignal(signal.SIGINT) is signal.default_int_handler,
          signal.pthread_sigmask(signal.SIG_BLOCK, []))


def popen_in_threads():
    """A pipe that leaked into another child would keep that stream from ending."""
    clear()
    with ThreadPoolExecutor(8) as pool:
        print(list(pool.map(lambda i: os.popen(command("concurrent") + f"; echo {i}").read(),
                            range(64))))


def popen_cleared():
    clear()
    with os.popen(command("popen") + "; echo out") as stream:
        print(stream.read())


def fork():
    pid = os.fork()
    if not pid:
        report("child")
        clear()
        os.system(command("grandchild"))
        os._exit(4)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def fork_exec():
    for function, arguments in ((os.execve, (WHERE, where("execve"), {})),
                                (os.execv, (WHERE, where("execv"))),
                                (os.execvp, (WHERE, where("execvp"))),
                                (os.execvpe, (WHERE, where("execvpe"), {}))):
        pid = os.fork()
        if not pid:
            if function in (os.execv, os.execvp):
                clear()
            function(*arguments)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def posix_spawn():
    for spawn in (os.posix_spawn, os.posix_spawnp):
        for env in ({}, os.environ):
            pid = spawn(WHERE, where("spawn"), env)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def posix_spawn_attributes():
    actions = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_CLOSE, 2)]
    pid = os.posix_spawn(WHERE, where("file actions"), {}, file_actions=actions)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", command("attributes") + "; kill -TERM $$; exit 3"],
                         {}, setpgroup=0, setsigmask=[signal.SIGTERM], setsigdef=[signal.SIGINT])
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def spawn_family():
    print(os.spawnv(os.P_WAIT, WHERE, where("spawnv")),
          os.spawnve(os.P_WAIT, WHERE, where("spawnve"), {}),
          os.spawnvpe(os.P_WAIT, WHERE, where("spawnvpe"), {}))
    pid = os.spawnle(os.P_NOWAIT, WHERE, *where("spawnle"), {})
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def all_of(descriptor):
    """What a terminal gives until its other side is closed, which it reports as EIO."""
    text = b""
    try:
        while more := os.read(descriptor, 1000):
            text += more
    except OSError:
        pass
    return text


def pty_fork():
    pid, descriptor = pty.fork()
    if not pid:
        report("on a terminal")
        clear()
        os.execv("/bin/sh", ["sh", "-c", command("exec") + "; tty | tr -d 0-9; exit 5"])
    print(all_of(descriptor), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def pty_spawn():
    clear()
    for label in ("spawn", "again"):
        print(os.waitstatus_to_exitcode(
            pty.spawn(["sh", "-c", command(label) + "; test -t 0 && echo terminal; exit 6"])))


if __name__ == "__main__":
    (globals().get(sys.argv[1]) or getattr(routes_threads, sys.argv[1]))()
