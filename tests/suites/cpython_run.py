#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cpython_run - runs modules of CPython's own tests, one after the other in this process.

    cpython_run RESULTS WHERE LOG MODULE...

A line `MODULE.Class.test<tab>result` a test goes to RESULTS: pass, skip, fail or error. At the end
this process starts WHERE, which reports to LOG that this very process has the preload.
"""
import subprocess
import sys
import unittest
from test import support

# What takes gigabytes or another machine is left out.
RESOURCES = ["cpu", "subprocess", "walltime"]


class Results(unittest.TestResult):
    """Of a test with subtests the last result that is not a pass counts."""

    def __init__(self, path):
        super().__init__()
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.result = None

    def startTest(self, test):
        super().startTest(test)
        self.result = "pass"

    def stopTest(self, test):
        super().stopTest(test)
        self.write(test, self.result)

    def write(self, test, result):
        self.file.write(f"{test.id().removeprefix('test.')}\t{result}\n")

    def note(self, test, result):
        self.result = result
        if not isinstance(test, unittest.TestCase):  # setUpModule, setUpClass
            self.write(test, result)

    def addSkip(self, test, reason):
        self.note(test, "skip")

    def addFailure(self, test, err):
        self.note(test, "fail")
        print(self._exc_info_to_string(err, test), file=sys.stderr)

    def addError(self, test, err):
        self.note(test, "error")
        print(self._exc_info_to_string(err, test), file=sys.stderr)

    def addSubTest(self, test, subtest, err):
        if err:
            self.addFailure(test, err)

    def addExpectedFailure(self, test, err):
        self.note(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self.note(test, "unexpected success")


def main(path, where, log, *modules):
    support.use_resources = RESOURCES
    results = Results(path)
    for module in modules:
        unittest.defaultTestLoader.loadTestsFromName(f"test.{module}").run(results)
    subprocess.run([where, log, " ".join(modules)], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
