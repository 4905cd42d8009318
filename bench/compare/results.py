"""bench/RESULTS.md from what was measured: misses, every row, larger tables, memory, growth, start-up, the machine."""
import collections
import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

import charts
import growth
from answers import wrong_answers
from engines import ENGINES, HERE, OURS
from entries import GOAL_BEST, GOAL_FLOOR, cell_text, entries
from figures import ms, power_of_ten, ratio, size, table
from protocol import memory_of_machine, short

SUMS = {"g1–g10": [f"g{i}" for i in range(1, 11)], "j1–j5": [f"j{i}" for i in range(1, 6)]}
FIGURES = {"write_gb_s": "write, GB/s", "copy_gb_s": "copy, GB/s", "touch_4k_gb_s": "first touch, 4 KiB pages, GB/s",
           "touch_huge_gb_s": "first touch, huge pages, GB/s", "fma_gflop_s": "fused multiply-add, Gflop/s",
           "add_gop_s": "integer additions and xors, Gop/s", "partition_ns": "partition by 10 bits, ns a tuple"}
SIZED = {"read_gb_s": "read {}, GB/s", "random_read_ns": "random read, table of {}, ns",
         "random_update_ns": "random update, table of {}, ns",
         **{f"record_{n}_ns": f"row into a record of {n} word{'s' if n > 1 else ''}, table of {{}}, ns" for n in (1, 2, 3)}}
GOALS = (f"The goals are {GOAL_BEST} × the fastest rival's time in group-by, join, sort, filter and CSV, and {GOAL_FLOOR:.0f} × "
         "the hardware's floor in every row whose floor is not an estimate. A row slower than a rival misses whatever it is. "
         "`too slow by` is our time over the one that reaches the goals of the list.")
TITLES = {"groupby": "One table", "join": "Joins", "clean": "Cleaning", "csv": "CSV"}


# ---- sections ---------------------------------------------------------------------------------------------------------------

def missed_table(rows, gated):
    lost = sorted(rows, key=lambda e: e.distance(gated), reverse=True)
    yield from table(["row", "too slow by", "ours, ms", "goal, ms", "ours / best", "best rival", "ours / floor", "floor, ms"],
                     [[e.label, f"{ratio(e.distance(gated))} ×" if e.ours else "no figure", ms(e.ours), ms(e.goal(gated)),
                       ratio(e.to_best(), GOAL_BEST), f"{e.rival()[1] or '–'} {ms(e.rival()[0])}",
                       ratio(e.to_floor(), GOAL_FLOOR), ms(e.floor) + (" (estimate)" if e.kind == "estimate" else "")]
                      for e in lost])


def missed(rows, title="Misses", explained=True):
    """First the goals that were set, then those that are only reported (entries.py); every row that misses is in one list."""
    if not rows:
        yield from (f"## {title}", "", "No row was measured yet.")
        return
    lost = [e for e in rows if e.misses()]
    reported = [e for e in rows if e.misses(gated=False) and not e.misses()]
    yield from (f"## {title}: {len(lost)} of {len(rows)} rows", "")
    if not any(e.goal(gated=False) for e in rows):
        yield "Neither other engines nor the machine were measured: there is nothing to miss."
        return
    if explained:
        yield from (GOALS, "")
    yield from missed_table(lost, True) if lost else ["None."]
    if reported:
        yield from ("", f"**Only reported: {len(reported)} more**, by an estimated floor or a rival that sets no goal.", "")
        yield from missed_table(reported, False)


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


def spread(machine, key, i):
    return f"{machine['spread'][key][i]:.2f} ×"


def machine_section(o, machines, rows):
    if not machines:
        return
    yield from ("", "## The machine", "", "Measured by `bench-roofline` in the same run; the floors above are made of these: the "
                "best of several passes, at both ends of the run. `spread` is the worst pass over the best.", "")
    head = ["", *(text for m in machines for text in (f"{m['threads']} thread{'s' if m['threads'] > 1 else ''}", "spread"))]
    lines = []
    for key, said in SIZED.items():
        for i, (bytes_, _) in enumerate(machines[0].get(key, [])):
            digits = 1 if key == "read_gb_s" else 2
            lines.append([said.format(size(bytes_)), *(text for m in machines
                                                       for text in (f"{m[key][i][1]:.{digits}f}", spread(m, key, i)))])
    for key, said in FIGURES.items():
        lines.append([said, *(text for m in machines for text in (f"{m[key]:.1f}", spread(m, key, 0)))])
    yield from table(head, lines)
    if name := charts.distances(o, rows):
        yield from ("", f"![Our time over the floor, by row](results/{name})")


# ---- the page ---------------------------------------------------------------------------------------------------------------

VECTORS = {"avx512_vbmi2": "AVX-512", "avx2": "AVX2", "sse4_2": "SSE4.2"}      # the best comes first


def cpu_name(info=None, caches=None):
    """Its name, the widest of the vectors our kernels are built for, the largest cache."""
    said = {}
    for line in (info or pathlib.Path("/proc/cpuinfo").read_text()).splitlines():
        key, _, value = line.partition(":")
        said.setdefault(key.strip(), value.strip())
    flags = said.get("flags", "").split()
    caches = growth.caches() if caches is None else caches
    parts = [said.get("model name") or platform.processor(), next((VECTORS[f] for f in VECTORS if f in flags), ""),
             f"{caches[-1][0]} {size(caches[-1][1])}" if caches else ""]
    return ", ".join(part for part in parts if part)


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


def processes(measured):
    """In how many processes a row of each engine ran at most: the best of more runs is a little better."""
    most = {}
    for line in measured:
        if line["kind"] == "time":
            most[line["engine"]] = max(most.get(line["engine"], 0), line["repeat"] + 1)
    by_count = {}
    for engine, count in most.items():
        by_count.setdefault(count, []).append(engine)
    return ", ".join(f"{'up to ' * (count > 1)}{count} ({', '.join(sorted(by_count[count]))})"
                     for count in sorted(by_count, reverse=True))


def told(error):
    """Without the directories of this machine."""
    return re.sub(r"(?<![\w:])/\S*/", "", error)


def head(o, measured, n, threads):
    engines = {line["engine"] for line in measured if "engine" in line}
    manual = os.path.relpath(HERE.parent / "README.md", o.output.parent)
    yield from ("# The comparison", "", "Written by `make bench`; do not edit. How it measures and what each row is: "
                f"[README.md]({manual}).", "",
                f"- {datetime.date.today()}, {cpu_name()}, {threads} thread{'s' if threads > 1 else ''} on as many CPUs for every "
                f"engine, {short(n)} rows, Linux {platform.release().split('-')[0]}",
                f"- {versions(o, engines)}",
                f"- load by other processes during the runs: {noise(o, measured)}",
                f"- processes a row ran in, twice in each: {processes(measured)}")
    wrong = wrong_answers([line for line in measured if line["kind"] == "time"])
    checked = sum("check" in line for line in measured)
    yield f"- answers: {checked} runs checked, " + (f"{len(wrong)} wrong" if wrong else "all right")
    yield from (f"- **wrong answer**: {text}" for text in wrong)
    failed = sorted({f"{line['engine']} {line['row']} ({short(line['n'])}, {line['threads']} threads): {told(line['error'])}"
                     for line in measured if line.get("error", "–") != "–"})
    yield from (f"- no figure: {text}" for text in failed)


def larger_sections(o, larger, machine):
    """What runs with more rows found: the engines that finish, the rows that were asked for."""
    for n, lines in sorted(larger.items()):
        rows = entries(lines, n, o.variants[0], o.threads, machine, o.foreign)
        if not rows:
            continue
        loaded = {line["engine"]: line["loaded_mb"] for line in lines if line.get("loaded_mb") and line["task"] == "groupby"}
        yield from ("", f"## {power_of_ten(n)} rows", "", f"The same rows, from `make bench ROWS={short(n)}`, on "
                    f"{memory_of_machine() / 1024:.0f} GB of memory" + (", of which the table takes " if loaded else "")
                    + ", ".join(f"{mb / 1024:.1f} GB in {engine}" for engine, mb in loaded.items()) + ".", "")
        yield from demoted(missed(rows, f"Misses at {power_of_ten(n)} rows", False))
        yield from demoted(settings_section(o, rows, f", {power_of_ten(n)} rows", False))


def demoted(lines):
    """Headings one level lower."""
    return (f"#{text}" if text.startswith("## ") else text for text in lines)


def page(o, measured, machines, larger):
    """The lines of RESULTS.md; draws its charts beside it. `larger`: rows -> what runs with so many measured."""
    n, threads = o.rows, o.threads
    machine = next((m for m in machines if m["threads"] == threads), None)
    rows = entries(measured, n, o.variants[0], threads, machine, o.foreign)
    yield from head(o, measured + [line for lines in larger.values() for line in lines], n, threads)
    others = {variant: entries(measured, n, variant, threads, machine, o.foreign) for variant in o.variants[1:]}
    for variant, of_variant in others.items():
        for e in of_variant:
            e.variant = variant
    yield ""
    yield from missed(rows + [e for of_variant in others.values() for e in of_variant])
    yield from ("", "In the tables below times are milliseconds: the best run, the median in brackets; `~` marks rows without a "
                "quiet run, `*` floors that are estimates; a ratio in bold misses its goal.")
    yield from settings_section(o, rows, "", True)
    for variant, of_variant in others.items():
        yield from settings_section(o, of_variant, f", variant {variant}", False)
    yield from larger_sections(o, larger, machine)
    yield from memory_section(measured, n, threads)
    yield from growth.section(o, measured, machines, memory_of_machine() * 2**20)
    yield from programs_section(measured)
    yield from machine_section(o, machines, rows)


def write(o, measured, machines, larger):
    o.pictures.mkdir(parents=True, exist_ok=True)
    o.output.write_text("\n".join(page(o, measured, machines, larger)) + "\n")
