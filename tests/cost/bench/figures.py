# SPDX-License-Identifier: Apache-2.0
"""figures - medians, and how sure they are, of the tables that scripts/bench measures.

A table has a column a variant and a line a round. What is compared is compared within the rounds: the
median of the rounds' own ratios or differences, for a machine that is slower for a while is that
for all variants of a round.
"""
from pathlib import Path


class Figure:
    """The median of some values, their quartiles, and the ends of its 95 % interval: the values
    whose ranks are 0.98 roots of their number above and below it, whatever their distribution."""

    def __init__(self, values):
        values = sorted(values)
        count = len(values)
        reach = 0.98 * count ** 0.5
        self.median = values[count // 2]
        self.quartiles = values[count // 4], values[count * 3 // 4]
        self.low = values[max(0, int(count / 2 - reach))]
        self.high = values[min(count - 1, int(count / 2 + reach))]

        # Of fewer values not even the least and the greatest enclose it so surely.
        self.doubt = (self.high - self.low) / 2 if count >= 6 else None


class Table:
    """Columns by name. Of two columns of one name the first counts."""

    def __init__(self, path):
        lines = [line.split("\t") for line in path.read_text().splitlines()]
        self.columns = {}
        for name, *values in zip(*lines):
            self.columns.setdefault(name, [float(value) for value in values])
        self.rounds = len(lines) - 1

    def plain(self, name, scale=1):
        return Figure(value / scale for value in self.columns[name])

    def ratio(self, name, base="nothing"):
        return Figure(a / b for a, b in zip(self.columns[name], self.columns[base]))

    def difference(self, name, base="nothing", scale=1):
        return Figure((a - b) / scale for a, b in zip(self.columns[name], self.columns[base]))


def tables(folder):
    """Every table of a folder by its name, and why a variant has no column: (LIBC, VARIANT)."""
    found, unloadable = {}, {}
    for path in sorted(Path(folder).iterdir()):
        if path.name.startswith("unloadable-"):
            libc, variant = path.name.removeprefix("unloadable-").split("-", 1)
            symbol = path.read_text().removesuffix(": symbol not found\n").rpartition(" ")[2]
            unloadable[libc, variant] = symbol
        else:
            found[path.name] = Table(path)
    return found, unloadable
