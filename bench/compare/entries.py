"""What was measured of each row, and which goals it misses.

Two goals: half of the fastest rival's time, twice the hardware's floor. The first was set for rows of group-by, join, sort,
filter and CSV, the second for every row whose floor is not an estimate: these are gated. Other misses are only reported; but
being slower than a rival is a miss of any row.
"""
import collections
import dataclasses
import math
import re
import statistics

import figures
import floors
from engines import ENGINES, OURS
from protocol import CHECKS

GOAL_BEST, GOAL_FLOOR = 0.5, 2.0       # ours to the fastest rival, ours to the floor


@dataclasses.dataclass
class Cell:
    """What one engine did in one row: the runs that count, whether none of them was quiet, or why there are none."""
    times: list
    noisy: bool
    error: str

    @property
    def best(self):
        return min(self.times, default=None)


def cell_of(lines, bound):
    """Runs beside which the machine was quiet count, or all of them when none was."""
    runs = [line for line in lines if "seconds" in line]
    calm = [line for line in runs if line["foreign"] is None or line["foreign"] <= bound]
    error = next((line["error"] for line in lines if "error" in line), "")
    return Cell([line["seconds"] for line in calm or runs], bool(runs) and not calm, "" if runs else error)


def is_set_for(task, row):
    """Whether half of the fastest rival's time was set as the goal of a row: of group-by, join, sort, filter and CSV."""
    return task in ("join", "csv") or re.fullmatch(r"g\d+|filter.*|sort.*|top_k", row) is not None


@dataclasses.dataclass
class Entry:
    """One row of the benchmark."""
    task: str
    row: str
    cells: dict
    floor: float = None
    kind: str = ""
    variant: str = ""                  # of the table, where it is not the page's main one

    @property
    def label(self):
        return f"{self.row}, {self.variant}" if self.variant else self.row

    @property
    def ours(self):
        return self.cells[OURS].best if OURS in self.cells else None

    def rival(self):
        """(seconds, engine) of the fastest other engine."""
        found = [(cell.best, engine) for engine, cell in self.cells.items() if engine != OURS and cell.times]
        return min(found, default=(None, None))

    def to_best(self):
        best, _ = self.rival()
        return self.ours / best if best and self.ours else None

    def to_floor(self):
        return self.ours / self.floor if self.floor and self.ours else None

    def is_slower(self):
        """Than a rival."""
        return (self.to_best() or 0) > 1

    def limits(self, gated):
        """Seconds that reach each goal that was set, or those of every goal."""
        best, _ = self.rival()
        beats = best and (not gated or is_set_for(self.task, self.row) or self.is_slower())
        bounds = self.floor and (not gated or self.kind == "model")
        return ([GOAL_BEST * best] if beats else []) + ([GOAL_FLOOR * self.floor] if bounds else [])

    def goal(self, gated=True):
        """Seconds that would reach all those goals."""
        return min(self.limits(gated), default=None)

    def distance(self, gated=True):
        """Our time over the one that reaches all those goals; a row without a time of ours is infinitely far."""
        goal = self.goal(gated)
        return math.inf if self.ours is None else self.ours / goal if goal else 0.0

    def misses(self, gated=True):
        return self.distance(gated) > 1


def entries(measured, n, variant, threads, machine, bound):
    """The rows of one setting, in the order of the benchmark."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in measured:
        if line["kind"] == "time" and (line["n"], line["variant"], line["threads"]) == (n, variant, threads):
            found[line["task"], line["row"]][line["engine"]].append(line)
    order = list(CHECKS)
    rows = []
    for (task, row), by_engine in sorted(found.items(), key=lambda item: order.index(item[0][1])):
        entry = Entry(task, row, {engine: cell_of(by_engine[engine], bound) for engine in ENGINES if engine in by_engine})
        if machine:
            entry.floor, entry.kind = floors.floor(machine, task, row, n, variant) or (None, "")
        rows.append(entry)
    return rows


def cell_text(cell):
    if cell is None or not cell.times:
        return cell.error.split(":")[0] if cell and cell.error else "–"
    return f"{figures.ms(cell.best)} ({figures.ms(statistics.median(cell.times))})" + (" ~" if cell.noisy else "")
