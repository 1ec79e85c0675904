# SPDX-License-Identifier: Apache-2.0
"""routes.py - the routes by which a task starts work, and what each of them is to show.

A route is a function that starts something and returns what was seen there (observe.py). It is called
in a task, inside of a group and of a custom context: what is seen is to be just that.
"""

import dataclasses
import inspect
import os

import flyte

import observe

KEPT, LOST = "kept", "lost"
SCOPE = {"increment": "2", "team": "genomics"}


@dataclasses.dataclass
class Route:
    case: str
    name: str
    function: object
    upstream: str  # what is seen without flytectx
    now: str  # and with it
    how: str


found = []


def route(case, name, how, upstream=LOST, now=KEPT):
    def note(function):
        found.append(Route(case, name, function, upstream, now, how))
        return function

    return note


def by_field(text):
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def verdict(seen, expected):
    """kept, lost, or the fields that are not the starter's."""
    if isinstance(seen, list):
        said = sorted({verdict(one, expected) for one in seen})
        return " and ".join(said) or "nothing"
    if seen == expected:
        return KEPT
    if seen == "none\n":
        return LOST
    there, here = by_field(seen), by_field(expected)
    if not there:
        return f"nothing but {seen!r}"
    names = sorted({name.split(".")[0] for name in {**there, **here} if there.get(name) != here.get(name)})
    return "differs: " + ", ".join(names) if names else "differs: order"


def report(one, seen, expected):
    with open(os.environ["SDK_RESULTS"], "a", encoding="utf-8") as results:
        said = verdict(seen, expected)
        results.write("\t".join((one.case, one.name, one.upstream, one.now, said, one.how)) + "\n")
        if os.environ.get("SDK_VERBOSE") and said not in (KEPT, LOST):
            print(f"--- {one.name}: {said}\n{expected}---\n{seen}", flush=True)


def failure(error):
    return f"{type(error).__name__}: {error}".replace("\n", " ").replace("\t", " ")


def look(one):
    """What a route shows; what it raises is shown too."""
    try:
        return one.function()
    except Exception as error:
        return failure(error)


def run():
    """The plain routes, each in a scope of its own."""
    for one in found:
        if not inspect.iscoroutinefunction(one.function):
            with flyte.group("shard"), flyte.custom_context(**SCOPE):
                expected = observe.python()
                seen = look(one)
            report(one, seen, expected)


async def run_async():
    """Those that are coroutines."""
    for one in found:
        if inspect.iscoroutinefunction(one.function):
            with flyte.group("shard"), flyte.custom_context(**SCOPE):
                expected = observe.python()
                try:
                    seen = await one.function()
                except Exception as error:
                    seen = failure(error)
            report(one, seen, expected)


def run_elsewhere():
    """In a process that something else has started: SDK_EXPECTED says what the task is."""
    with open(os.environ["SDK_EXPECTED"], encoding="utf-8") as file:
        expected = file.read()
    for one in found:
        report(one, look(one), expected)
