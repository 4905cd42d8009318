"""What a row of data costs as tables grow: where it gets dearer and why, where a call costs more than its few rows, and how
rivals stand there.

A knee is where a row of data takes KNEE times as long at ten times the rows. Its causes are derived, not told: from the sizes
of the tables, columns and answers in floors.py against the caches of this machine, from the fresh pages that the best run was
seen to take, from the time it was seen to wait for a file. Beside them stands how much the floor grows, which knows what this
machine's caches cost; where nothing of that is found, the page says so.
"""
import collections
import pathlib

import charts
import floors
from engines import OURS
from entries import GOAL_BEST, cell_of
from figures import amount, power_of_ten, ratio, size, table
from protocol import CHECKS

KNEE = 1.5             # so much more nanoseconds a row at ten times the rows has a name
DEAR = 2.0             # so much more than at a larger size: a call's own cost, or a way that does not suit few rows
WAITS = 0.25           # so much more of the time of a larger file's reading went by without computing
MATTERS = 0.1          # a table hit by fewer of the rows, pages that cost less of the difference: not a cause
RECORDS = 1 << 18      # of groups: ops/tally.c, MOST_SLOTS
CACHES = pathlib.Path("/sys/devices/system/cpu/cpu0/cache")


def caches(directory=CACHES):
    """[(name, bytes)] of the data caches, the smallest first, as the kernel says."""
    found = []
    for index in sorted(directory.glob("index*")):
        kind, level, size = ((index / name).read_text().strip() for name in ("type", "level", "size"))
        if kind != "Instruction":
            found.append((f"L{level}", int(size[:-1]) << {"K": 10, "M": 20}[size[-1]]))
    return sorted(found, key=lambda cache: cache[1])


def best_of(lines, bound):
    """The line of the best run that counts, None if there is none."""
    best = cell_of(lines, bound).best
    return next((line for line in lines if line.get("seconds") == best), None)


def curves_of(measured, bound):
    """(task, row, threads, engine) -> rows -> line of the best run, where there are two sizes or more."""
    lines = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in measured:
        if line["kind"] == "time" and line["variant"] == "1e2_0_0":
            lines[line["task"], line["row"], line["threads"], line["engine"]][line["n"]].append(line)
    best = {key: {n: best_of(of_n, bound) for n, of_n in sorted(by_n.items())} for key, by_n in lines.items()}
    best = {key: {n: line for n, line in by_n.items() if line and line.get("seconds")} for key, by_n in best.items()}
    return {key: by_n for key, by_n in best.items() if len(by_n) > 1}


def ns(line):
    """Nanoseconds a row of data."""
    return line["seconds"] / line["n"] * 1e9


def knees(by_n):
    """Pairs of lines, of one size and the next."""
    lines = list(by_n.values())
    return [(small, large) for small, large in zip(lines, lines[1:]) if ns(large) > KNEE * ns(small)]


def dear_sizes(by_n):
    """[(rows, seconds a call more than its rows cost at the cheapest larger size)], where those are most of it."""
    lines = list(by_n.values())
    cheapest = [(small, min(map(ns, lines[i + 1:]))) for i, small in enumerate(lines[:-1])]
    return [(small["n"], small["seconds"] - least * small["n"] * 1e-9) for small, least in cheapest if ns(small) > DEAR * least]


def fastest_rivals(curves, task, row, threads):
    """rows -> seconds of the fastest other engine there."""
    found = collections.defaultdict(list)
    for (of_task, of_row, used, engine), by_n in curves.items():
        if (of_task, of_row, used) == (task, row, threads) and engine != OURS:
            for n, line in by_n.items():
                found[n].append(line["seconds"])
    return {n: min(seconds) for n, seconds in found.items()}


# ---- causes -----------------------------------------------------------------------------------------------------------------

def left(before, after, levels):
    """The largest cache that held at least half of something before and does not hold it after, None if there is none."""
    return next((level for level in reversed(levels) if before <= 2 * level[1] and after > max(level[1], 2 * before)), None)


def tables_that_left(small, large, n, threads, levels):
    """Tables of which each thread has its own share the last cache; the others are private."""
    for (_, before, kind), (times, after, _) in zip(small.random, large.random):
        own = 1 if kind == floors.READ else threads
        shared = [(name, room / own if (name, room) == levels[-1] else room) for name, room in levels]
        level = left(before, after, shared)
        if level and times >= MATTERS * n:
            grown = f"grow from {amount(before)} to {amount(after)} and leave" if own > 1 and level == shared[-1] else \
                f"grows from {amount(before)} to {amount(after)} and leaves"
            who = f"{own} tables" if own > 1 and level == shared[-1] else "a table"
            yield f"{who} {grown} the {level[0]} of {size(dict(levels)[level[0]])}"


def groups_that_are_dealt(small, large):
    """Of so many groups the engine deals rows into parts first (docs/performance.md): a pass more."""
    for (_, before, kind), (_, after, _) in zip(small.random, large.random):
        if kind.startswith("record") and before <= RECORDS * 8 * int(kind[-1]) < after:
            yield f"more than {RECORDS:,} groups: rows are dealt into parts first"


def streams_that_left(small, large, levels):
    """What is read and written in order costs the same from every cache but not from memory."""
    before, after = (work.read + work.write + work.copied for work in (small, large))
    level = left(before, after, levels[-1:])
    if level:
        yield f"columns and answer of {amount(after)} leave the {level[0]} of {size(level[1])}"


def fresh_pages(small, large, machine):
    """What the process grew by in its best run was cleared by the kernel first."""
    fresh = [max(line.get("peak_mb", 0) - line.get("before_mb", 0), 0) * 2.0**20 for line in (small, large)]
    before, after = (taken / machine["touch_huge_gb_s"] / line["n"] for taken, line in zip(fresh, (small, large)))
    if after - before > MATTERS * (ns(large) - ns(small)):
        yield f"{amount(fresh[1])} of fresh pages, {after - before:.1f} ns a row more"


def keys_that_grew(small, large, n_small, n_large):
    """Tuples that are dealt carry the keys: more words a row, more tuples."""
    if large.tuples / n_large > 1.01 * small.tuples / n_small:
        yield "the keys put together no longer fit a word of 8 bytes"


def columns_that_widened(small, large, n_small, n_large):
    """Codes of two bytes become four, texts that hardly repeat in the first rows are views."""
    before, after = small.read / n_small, large.read / n_large
    if after > 1.2 * before > 0:
        yield f"its columns take {after:.0f} bytes a row, no longer {before:.0f}"


def waits(line):
    """The part of its threads' time that a run did not compute."""
    return 1 - line.get("cpu", 0) / (line["seconds"] * line["threads"])


def files_that_left(small, large, work, foreign, memory):
    """A file that no longer stays in memory is waited for; so is a CPU that others use, which says nothing."""
    if work.copied and (large["foreign"] or 0) <= foreign and waits(large) > waits(small) + WAITS:
        yield (f"a file of {amount(work.copied)} does not stay in {amount(memory)} of memory: "
               f"{waits(large):.0%} of the time goes by waiting")


def causes(small, large, machine, levels, foreign, memory):
    """Sentences."""
    work = [floors.work_of(line["task"], line["row"], line["n"], line["variant"]) for line in (small, large)]
    found = []
    if all(work) and levels:
        found += keys_that_grew(*work, small["n"], large["n"])
        found += columns_that_widened(*work, small["n"], large["n"])
        found += tables_that_left(*work, large["n"], large["threads"], levels)
        found += groups_that_are_dealt(*work)
        found += streams_that_left(*work, levels)
        found += files_that_left(small, large, work[1], foreign, memory)
    if machine:
        found += fresh_pages(small, large, machine)
    return list(dict.fromkeys(found)) or ["no table, column or page of it leaves a level: not explained"]


def floor_grows(small, large, machine):
    """By what the floor of a row of data grows, None without a floor."""
    said = [floors.floor(machine, line["task"], line["row"], line["n"], line["variant"]) for line in (small, large) if machine]
    return said[1][0] / large["n"] / (said[0][0] / small["n"]) if len(said) == 2 and all(said) else None


# ---- the section ------------------------------------------------------------------------------------------------------------

def in_order(curves):
    return sorted(curves.items(), key=lambda item: (list(CHECKS).index(item[0][1]), item[0][2]))


def knee_lines(o, ours, machines, levels, memory):
    for (_, row, threads, _), by_n in in_order(ours):
        machine = next((m for m in machines if m["threads"] == threads), None)
        for small, large in knees(by_n):
            grows = floor_grows(small, large, machine)
            noisy = " ~" if any((line["foreign"] or 0) > o.foreign for line in (small, large)) else ""
            yield [row, str(threads), f"{power_of_ten(small['n'])} → {power_of_ten(large['n'])}",
                   f"{ns(small):.2f} → {ns(large):.2f}{noisy}", f"{ns(large) / ns(small):.1f} ×",
                   f"{grows:.1f} ×" if grows else "–", "; ".join(causes(small, large, machine, levels, o.foreign, memory))]


def curve_lines(ours, curves, sizes):
    for (task, row, threads, _), by_n in in_order(ours):
        alone, largest = curves.get((task, row, 1, OURS), {}), max(by_n)
        gain = f"{alone[largest]['seconds'] / by_n[largest]['seconds']:.2f}" if threads > 1 and largest in alone else ""
        said = ", ".join(f"{power_of_ten(small['n'])} → {power_of_ten(large['n'])}" for small, large in knees(by_n))
        dear = ", ".join(f"{power_of_ten(n)}: {1e6 * more:,.0f} µs" for n, more in dear_sizes(by_n))
        costs = (f"{ns(by_n[n]):.2f}" if n in by_n else "–" for n in sizes)
        yield [row, str(threads), *costs, gain, said or "none", dear or "none"]


def rival_lines(ours, curves, sizes, threads):
    """Our time over the fastest other engine's, by size."""
    for (task, row, used, _), by_n in in_order(ours):
        rivals = fastest_rivals(curves, task, row, threads) if used == threads else {}
        if rivals:
            yield [row, *(ratio(by_n[n]["seconds"] / rivals[n], GOAL_BEST) if n in by_n and n in rivals else "–" for n in sizes)]


def section(o, measured, machines, memory):
    curves = curves_of(measured, o.foreign)
    ours = {key: by_n for key, by_n in curves.items() if key[3] == OURS}
    if not ours:
        return
    sizes = sorted({n for by_n in ours.values() for n in by_n})
    most = max(key[2] for key in ours)
    yield from ("", "## Growth", "", f"libframe's nanoseconds a row of data, and how much faster {most} threads are than one at "
                f"the largest size. A knee is where a row of data takes more than {KNEE} times as long at ten times the rows. "
                f"`dear at` is where it takes more than {DEAR:.0f} times as long as in a larger table, and how much longer than "
                "its rows alone such a call takes.", "")
    head = ["row", "threads", *map(power_of_ten, sizes), "gain", "knees at", "dear at"]
    yield from table(head, curve_lines(ours, curves, sizes))
    if lines := list(rival_lines(ours, curves, sizes, most)):
        yield from ("", f"Our time over that of the fastest other engine measured at that size, {most} threads each:", "")
        yield from table(["row", *map(power_of_ten, sizes)], lines)
    if name := charts.growth(o, curves, most):
        yield from ("", f"![Nanoseconds a row by number of rows](results/{name})")
    levels = caches()
    if lines := list(knee_lines(o, ours, machines, levels, memory)):
        yield from ("", "### The knees", "", "Why, from what each row must move (`compare/floors.py`), this machine's caches ("
                    + ", ".join(f"{name} {size(room)}" for name, room in levels) + "), and the pages the process took while it "
                    "ran. `floor` is how much dearer a row of data must get by what the machine was measured to do; where ours "
                    "grows by more, the engine takes another way or keeps more than it must.", "")
        yield from table(["row", "threads", "rows", "ns a row", "ours", "floor", "why"], lines)
