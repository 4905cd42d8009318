"""bench/RESULTS.md from what was measured: the misses first, then every row, memory, growth, start-up, the machine."""
import collections
import dataclasses
import datetime
import math
import platform
import re
import statistics
import subprocess

import charts
import floors
from answers import wrong_answers
from engines import ENGINES, HERE, OURS
from protocol import CHECKS, short

GOAL_BEST, GOAL_FLOOR = 0.5, 2.0       # ours to the fastest rival, ours to the floor
SUMS = {"g1–g10": [f"g{i}" for i in range(1, 11)], "j1–j5": [f"j{i}" for i in range(1, 6)]}
KNEE = 1.5                             # so much more nanoseconds a row at ten times the rows has a name
FIGURES = {"write_gb_s": "write, GB/s", "copy_gb_s": "copy, GB/s", "touch_4k_gb_s": "first touch, 4 KiB pages, GB/s",
           "touch_huge_gb_s": "first touch, huge pages, GB/s", "fma_gflop_s": "fused multiply-add, Gflop/s",
           "add_gop_s": "integer additions and xors, Gop/s", "partition_ns": "partition by 10 bits, ns a tuple"}
TITLES = {"groupby": "One table", "join": "Joins", "clean": "Cleaning", "csv": "CSV"}


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


@dataclasses.dataclass
class Entry:
    """One row of the benchmark."""
    task: str
    row: str
    cells: dict
    floor: float = None
    kind: str = ""

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

    def goal(self):
        """Seconds that would reach both goals."""
        best, _ = self.rival()
        limits = [GOAL_BEST * best] if best else []
        return min(limits + ([GOAL_FLOOR * self.floor] if self.floor else []), default=None)

    def distance(self):
        """Our time over the one that reaches both goals; a row without a time of ours is infinitely far."""
        goal = self.goal()
        return math.inf if self.ours is None else self.ours / goal if goal else 0.0

    def misses(self):
        return self.distance() > 1


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


# ---- numbers ----------------------------------------------------------------------------------------------------------------

def ms(seconds):
    """Three digits where they say something: 0.35, 3.5, 35.1, 351."""
    if seconds is None:
        return "–"
    value = 1000 * seconds
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def ratio(value, goal=None):
    if value is None:
        return "–"
    said = f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return f"**{said}**" if goal and value > goal else said


def cell_text(cell):
    if cell is None or not cell.times:
        return cell.error.split(":")[0] if cell and cell.error else "–"
    return f"{ms(cell.best)} ({ms(statistics.median(cell.times))})" + (" ~" if cell.noisy else "")


def table(head, rows):
    """Markdown; columns after the first are numbers."""
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


# ---- sections ---------------------------------------------------------------------------------------------------------------

def missed(rows):
    if not rows:
        yield from ("## Misses", "", "No row was measured yet.")
        return
    lost = sorted((e for e in rows if e.misses()), key=Entry.distance, reverse=True)
    yield f"## Misses: {len(lost)} of {len(rows)} rows"
    yield ""
    if not any(e.goal() for e in rows):
        yield "Neither other engines nor the machine were measured: there is nothing to miss."
        return
    if not lost:
        yield f"None: every row is within {GOAL_FLOOR:.0f} × its floor and {GOAL_BEST} × the fastest rival."
        return
    yield (f"A row misses when it takes more than {GOAL_BEST} × the fastest rival's time or more than {GOAL_FLOOR:.0f} × the "
           "hardware's floor. `too slow by` is our time over the one that reaches both goals.")
    yield ""
    yield from table(["row", "too slow by", "ours, ms", "goal, ms", "ours / best", "best rival", "ours / floor", "floor, ms"],
                     [[e.row, f"{ratio(e.distance())} ×" if e.ours else "no figure", ms(e.ours), ms(e.goal()),
                       ratio(e.to_best(), GOAL_BEST), f"{e.rival()[1] or '–'} {ms(e.rival()[0])}",
                       ratio(e.to_floor(), GOAL_FLOOR), ms(e.floor) + (" (estimate)" if e.kind == "estimate" else "")]
                      for e in lost])


def sums(rows, engines):
    by_row = {e.row: e for e in rows}
    for name, wanted in SUMS.items():
        if not all(row in by_row for row in wanted):
            continue
        totals = {}
        for engine in engines:
            cells = [by_row[row].cells.get(engine) for row in wanted]
            if all(cell and cell.times for cell in cells):
                totals[engine] = sum(cell.best for cell in cells)
        best = min((value for engine, value in totals.items() if engine != OURS), default=None)
        floor = sum(by_row[row].floor or 0 for row in wanted)
        ours = totals.get(OURS)
        yield [f"**sum {name}**", ratio(ours / best if best and ours else None, GOAL_BEST),
               ratio(ours / floor if floor and ours else None, GOAL_FLOOR), ms(floor or None),
               *(ms(totals.get(engine)) for engine in engines)]


def task_table(rows):
    engines = [e for e in ENGINES if any(e in entry.cells for entry in rows)]
    lines = [[e.row, ratio(e.to_best(), GOAL_BEST), ratio(e.to_floor(), GOAL_FLOOR),
              ms(e.floor) + ("*" if e.kind == "estimate" else ""), *(cell_text(e.cells.get(engine)) for engine in engines)]
             for e in rows]
    yield from table(["row", "ours / best", "ours / floor", "floor", *engines], [*lines, *sums(rows, engines)])


def settings_section(o, rows, title, pictures):
    for task in dict.fromkeys(e.task for e in rows):
        part = [e for e in rows if e.task == task]
        yield from ("", f"## {TITLES[task]}{title}", "")
        yield from task_table(part)
        if pictures and (name := charts.times(o, task, TITLES[task], part)):
            yield from ("", f"![{TITLES[task]}: milliseconds by row and engine](results/{name})")


def peaks(measured, n, threads):
    """(task, row) -> engine -> (peak of the process, of that what the row itself added), MB."""
    found = collections.defaultdict(dict)
    for line in measured:
        if line["kind"] == "memory" and (line["n"], line["threads"]) == (n, threads) and "peak_mb" in line:
            found[line["task"], line["row"]][line["engine"]] = line["peak_mb"], max(0, line["peak_mb"] - line["before_mb"])
    return found


def memory_section(measured, n, threads):
    found = peaks(measured, n, threads)
    if not found:
        return
    engines = [e for e in ENGINES if any(e in by_engine for by_engine in found.values())]
    yield from ("", "## Memory", "", "Peak of a fresh process that loads the table and runs the row once, in MB; in brackets, what "
                "the row added to what was loaded. `ratio` is ours over the leanest other engine's.", "")
    lines = []
    for (_, row), by_engine in found.items():
        others = [peak for engine, (peak, _) in by_engine.items() if engine != OURS]
        said = ratio(by_engine[OURS][0] / min(others), GOAL_BEST) if others and OURS in by_engine else "–"
        lines.append([row, said, *(f"{by_engine[e][0]:,} ({by_engine[e][1]:,})" if e in by_engine else "–" for e in engines)])
    yield from table(["row", "ratio", *engines], lines)


def growth_of(measured, bound):
    """(task, row, threads, engine) -> rows -> best seconds, where there are two sizes or more."""
    times = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in measured:
        if line["kind"] == "time" and line["variant"] == "1e2_0_0":
            times[line["task"], line["row"], line["threads"], line["engine"]][line["n"]].append(line)
    best = {key: {n: cell_of(lines, bound).best for n, lines in sorted(by_n.items())} for key, by_n in times.items()}
    best = {key: {n: value for n, value in by_n.items() if value is not None} for key, by_n in best.items()}
    return {key: by_n for key, by_n in best.items() if len(by_n) > 1}


def knees(by_n):
    """Where the time of a row of data grows by more than KNEE from one size to the next."""
    sizes = list(by_n)
    for small, large in zip(sizes, sizes[1:]):
        before, after = by_n[small] / small * 1e9, by_n[large] / large * 1e9
        if after > KNEE * before:
            yield f"{short(small)} → {short(large)}: {before:.1f} → {after:.1f}"


def growth_section(o, measured):
    curves = growth_of(measured, o.foreign)
    ours = {key: by_n for key, by_n in curves.items() if key[3] == OURS}
    if not ours:
        return
    sizes = sorted({n for by_n in ours.values() for n in by_n})
    most = max(key[2] for key in ours)
    yield from ("", "## Growth", "", f"libframe's nanoseconds a row of data, and how much faster {most} threads are than one at "
                f"the largest size. A knee is where a row of data takes more than {KNEE} times as long at ten times the rows: a "
                "table has left a cache.", "")
    lines = []
    for (task, row, threads, _), by_n in sorted(ours.items(), key=lambda item: (list(CHECKS).index(item[0][1]), item[0][2])):
        alone = curves.get((task, row, 1, OURS), {})
        largest = max(by_n)
        gain = f"{alone[largest] / by_n[largest]:.2f}" if threads > 1 and largest in alone else ""
        lines.append([row, str(threads), *(f"{by_n[n] / n * 1e9:.2f}" if n in by_n else "–" for n in sizes), gain,
                      "; ".join(knees(by_n)) or "none"])
    yield from table(["row", "threads", *(short(n) for n in sizes), "gain", "knees, ns a row"], lines)
    if name := charts.growth(o, curves, most):
        yield from ("", f"![Nanoseconds a row by number of rows](results/{name})")


def programs_section(measured):
    found = [line for line in measured if line["kind"] == "program"]
    if not found:
        return
    yield from ("", "## Start-up and whole programs", "", "From fork to exit, milliseconds, and the peak of memory.", "")
    last = {line["name"]: line for line in found}
    yield from table(["program", "median", "least", "MB", "runs"],
                     [[name, ms(statistics.median(line["seconds"])), ms(min(line["seconds"])),
                       f"{line['peak_mb']:.0f}" if line["peak_mb"] else "small", str(len(line["seconds"]))]
                      for name, line in last.items()])


def machine_section(o, machines, rows):
    if not machines:
        return
    yield from ("", "## The machine", "", "Measured by `bench-roofline` in the same run; the floors above are made of these.", "")
    head = ["", *(f"{m['threads']} thread{'s' if m['threads'] > 1 else ''}" for m in machines)]
    lines = [[f"read {size(bytes_)}, GB/s", *(f"{m['read_gb_s'][i][1]:.1f}" for m in machines)]
             for i, (bytes_, _) in enumerate(machines[0]["read_gb_s"])]
    for kind, said in (("read", "random read"), ("update", "random update")):
        lines += [[f"{said}, table of {size(bytes_)}, ns", *(f"{m[f'random_{kind}_ns'][i][1]:.2f}" for m in machines)]
                  for i, (bytes_, _) in enumerate(machines[0][f"random_{kind}_ns"])]
    for key, said in FIGURES.items():
        lines.append([said, *(f"{m[key]:.1f}" for m in machines)])
    yield from table(head, lines)
    if name := charts.distances(o, rows):
        yield from ("", f"![Our time over the floor, by row](results/{name})")


def size(bytes_):
    return f"{bytes_ >> 20} MiB" if bytes_ >= 1 << 20 else f"{bytes_ >> 10} KiB"


# ---- the page ---------------------------------------------------------------------------------------------------------------

def cpu_name():
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor()


def said_by(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def versions(o, engines):
    pinned = (HERE / "requirements.txt").read_text().splitlines()
    found = [line.replace("==", " ") for line in pinned if line and not line.startswith("#") and "numpy" not in line]
    if "datatable" in engines:
        found.append("data.table " + said_by("Rscript", "-e", "cat(as.character(packageVersion('data.table')))"))
    commit = said_by("git", "rev-parse", "--short=10", "HEAD")
    ours = said_by(o.build / "bin" / "frame", "--version").replace("frame ", "libframe ")
    return ", ".join([ours + (f" ({commit})" if commit else ""), *found])


def noise(o, measured):
    seen = [line["foreign"] for line in measured if line.get("foreign") is not None]
    if not seen:
        return "not seen"
    over = sum(value > o.foreign for value in seen)
    return (f"median {statistics.median(seen):.0%} of the CPUs, worst {max(seen):.0%}; {over} of {len(seen)} runs above "
            f"{o.foreign:.0%}, which count only where a row has no quieter one (`~`)")


def told(error):
    """Without the directories of this machine."""
    return re.sub(r"(?<![\w:])/\S*/", "", error)


def head(o, measured, n, threads):
    engines = {line["engine"] for line in measured if "engine" in line}
    yield from ("# The comparison", "", "Written by `make bench`; do not edit. How it measures and what each row is: "
                "[README.md](README.md).", "",
                f"- {datetime.date.today()}, {cpu_name()}, {threads} thread{'s' if threads > 1 else ''} on as many CPUs for every "
                f"engine, {short(n)} rows, Linux {platform.release().split('-')[0]}",
                f"- {versions(o, engines)}",
                f"- load by other processes during the runs: {noise(o, measured)}")
    wrong = wrong_answers([line for line in measured if line["kind"] == "time"])
    checked = sum("check" in line for line in measured)
    yield f"- answers: {checked} runs checked, " + (f"{len(wrong)} wrong" if wrong else "all right")
    yield from (f"- **wrong answer**: {text}" for text in wrong)
    failed = sorted({f"{line['engine']} {line['row']} ({short(line['n'])}, {line['threads']} threads): {told(line['error'])}"
                     for line in measured if line.get("error", "–") != "–"})
    yield from (f"- no figure: {text}" for text in failed)


def page(o, measured, machines):
    """The lines of RESULTS.md; draws its charts beside it."""
    n, threads = o.rows, o.threads
    machine = next((m for m in machines if m["threads"] == threads), None)
    rows = entries(measured, n, o.variants[0], threads, machine, o.foreign)
    yield from head(o, measured, n, threads)
    yield ""
    yield from missed(rows)
    yield from ("", "In the tables below times are milliseconds: the best run, the median in brackets; `~` marks rows without a "
                "quiet run, `*` floors that are estimates; a ratio in bold misses its goal.")
    yield from settings_section(o, rows, "", True)
    for variant in o.variants[1:]:
        others = entries(measured, n, variant, threads, machine, o.foreign)
        yield from settings_section(o, others, f", variant {variant}", False)
    yield from memory_section(measured, n, threads)
    yield from growth_section(o, measured)
    yield from programs_section(measured)
    yield from machine_section(o, machines, rows)


def write(o, measured, machines):
    o.pictures.mkdir(parents=True, exist_ok=True)
    o.output.write_text("\n".join(page(o, measured, machines)) + "\n")
