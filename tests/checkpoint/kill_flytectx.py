# SPDX-License-Identifier: Apache-2.0
"""Kills flytectx at any point of its snapshots of a busy tool (SPEC 4.17): no process stays stopped, and
whatever was saved is of one moment.

	kill_flytectx.py FLYTECTX WRITER COUNT      in an empty directory; prints TAP
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

flytectx, writer, count = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
signals = [signal.SIGKILL, signal.SIGSEGV, signal.SIGXFSZ]
STOP = 2.5  # seconds, with what a busy machine adds to two

# A tool of several processes: one writes, one starts children all the time.
tool = 'echo $$ >pids.new; (while :; do /bin/true; done) & echo $! >>pids.new; mv pids.new pids; exec "$0" write d ../never'


def state(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def below(pids):
    found = set(pids)
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    if int(file.read().rpartition(")")[2].split()[1]) in found:
                        found.add(int(name))
            except OSError:
                pass
    return found


def one(number, home, results):
    directory = os.path.join(home, "d")
    os.makedirs(directory)
    environment = dict(os.environ, FLYTECTX_WORKSPACE=os.path.join(home, "ws"))
    run = subprocess.Popen([flytectx, "run", "--name", "t", "--checkpoint-dir", "d", "-c", "object",
                            "--checkpoint-every", "0.05", "--", "sh", "-c", tool, writer],
                           cwd=home, env=environment, stderr=subprocess.DEVNULL)
    while not os.path.exists(os.path.join(home, "pids")):
        time.sleep(0.01)
    with open(os.path.join(home, "pids")) as file:
        pids = [int(line) for line in file]
    time.sleep(0.1 + random.random() * 0.9)
    number_of_signal = signals[number % len(signals)]
    os.kill(run.pid, number_of_signal)
    run.wait()
    end = time.monotonic() + STOP
    stopped = None
    while time.monotonic() < end:
        stopped = [pid for pid in below(pids) if state(pid) == "T"]
        if not stopped:
            break
        time.sleep(0.02)
    # Still so a moment later: no snapshot goes on without its flytectx.
    time.sleep(0.1)
    stopped = stopped or [pid for pid in below(pids) if state(pid) == "T"]
    if stopped:
        results.append(f"{signal.Signals(number_of_signal).name}: {len(stopped)} processes stay stopped")
    for pid in below(pids):
        try:
            os.kill(pid, signal.SIGKILL)
            os.kill(pid, signal.SIGCONT)
        except OSError:
            pass
    saved = os.path.join(home, "object")
    if os.path.exists(saved):
        look = os.path.join(home, "look")
        os.makedirs(look)
        if subprocess.run(["tar", "xzf", saved, "-C", look], stderr=subprocess.DEVNULL).returncode:
            results.append("what was saved is no archive")
        answer = subprocess.run([writer, "check", look], capture_output=True, text=True)
        if answer.returncode:
            results.append("what was saved is torn: " + answer.stdout.strip())
        results.saved += 1


class Results(list):
    saved = 0
    next = 0
    lock = threading.Lock()


def work(results):
    while True:
        with results.lock:
            number = results.next
            results.next += 1
        if number >= count:
            return
        home = os.path.abspath(f"kill-{number}")
        try:
            one(number, home, results)
        except Exception as problem:  # pylint: disable=broad-except
            results.append(f"kill {number}: {problem!r}")
        # The guard may still be at work on what it has seen.
        for _ in range(20):
            shutil.rmtree(home, ignore_errors=True)
            if not os.path.exists(home):
                break
            time.sleep(0.05)


results = Results()
threads = [threading.Thread(target=work, args=(results,)) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{'not ok' if results else 'ok'} - {count} kills of flytectx over its snapshots: no process stays stopped, nothing is torn")
for line in results[:20]:
    print("# " + line)
print(f"{'ok' if results.saved else 'not ok'} - there were snapshots before the kill, {results.saved} times")
print("1..2")
sys.exit(bool(results))
