#!/usr/bin/env python3
"""The comparison: make bench [ROWS=1e7] [BENCH='--engines libframe,polars …'].

Runs every engine in processes of its own, one after the other, on the same CPUs, checks every answer, measures what the
machine can do beside it, and writes bench/RESULTS.md with its charts in bench/results (other ROWS than 1e7:
build/bench-results). bench/README.md says how. What was measured is kept in build/bench-data/measured-ROWS.jsonl, so a run
that was stopped goes on where it was; `--fresh` begins again, `--again libframe` measures one engine again, in the stages, tasks
and rows of the run, and keeps the rest. What runs with more rows measured is a section of the page of fewer.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
import engines  # noqa: E402
import entries  # noqa: E402
import floors  # noqa: E402
import programs  # noqa: E402
import results  # noqa: E402
import tables  # noqa: E402
import warm  # noqa: E402
from engines import ENGINES, OURS  # noqa: E402
from protocol import CHECKS, memory_of_machine, short  # noqa: E402

TASKS = ["groupby", "join", "clean", "csv"]
STAGES = ["tables", "roofline", "time", "programs", "growth", "memory", "variants"]
MEASURING = ["time", "programs", "growth", "memory", "variants"]     # stages whose figures are an engine's
CONTENDS = 2.0         # a rival that took longer than this multiple of the fastest one is not measured again
# What of each task is run on other variants of the table, for the growth curves, and on how many threads.
VARIANT_ROWS = {"groupby": [f"g{i}" for i in range(1, 11)], "join": [f"j{i}" for i in range(1, 6)]}
VARIANTS = ["1e2_0_0", "1e1_0_0", "2e0_0_0", "1e2_0_1", "1e2_5_0"]
GROWTH = {"groupby": ["g1", "g3", "g5", "g6", "g10", "filter", "sort_float", "text_contains"], "join": ["j2", "j5"],
          "csv": ["read"]}
GROWTH_ROWS = ["1e4", "1e5", "1e6", "1e7"]
FEW, FEW_REPEATS = 1e5, 3               # up to so many rows a run is short, and its best is found in more processes
FRONT = [OURS, "polars", "duckdb"]      # where there is no time for every engine
SMALL = 5e6            # rows below which a run is to take two minutes, not half an hour
BIG = 5e7              # rows from which only the rows themselves are measured by default: loading alone takes minutes
LEAST_JOIN = 1e6       # rows: db-benchmark's smallest side has a millionth of them


def rows_of(task):
    """The rows of a task, in order."""
    groups = {"join": lambda row: row[0] == "j", "clean": lambda row: row in CLEAN, "csv": lambda row: row[:4] in ("read", "writ")}
    return [row for row in CHECKS if (groups[task](row) if task in groups else not any(g(row) for g in groups.values()))]


CLEAN = ("extract", "substring", "lower", "parse_time", "fill_null", "concat", "concat_sum", "sort_nearly")


def words(text):
    return [word for word in text.split(",") if word]


def options(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=1e7)
    parser.add_argument("--engines", type=words, default=ENGINES)
    parser.add_argument("--tasks", type=words, default=TASKS)
    parser.add_argument("--only", type=words, default=[], metavar="ROWS", help="these rows of the tasks, e.g. g1,g2")
    parser.add_argument("--stages", type=words, help=f"of {','.join(STAGES)} (not by default: memory below 5e6 rows, what follows "
                        "time from 5e7 on); empty: only write the page")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--repeats", type=int, default=2, help="processes per engine and task")
    parser.add_argument("--variants", type=words, help="K, missing values, sorted; the first is the page's main one; default at "
                        f"1e7 rows all: {','.join(VARIANTS)}, else the first")
    parser.add_argument("--variant-engines", type=words, default=FRONT, help="for all variants but the first")
    parser.add_argument("--foreign", type=float, default=0.1, help="part of the CPUs others may use before a run counts as noisy")
    parser.add_argument("--retries", type=int, default=2, help="how often noisy rows are measured again")
    parser.add_argument("--row-limit", type=float, default=60, help="seconds for a row; beyond 1e7 rows longer in proportion")
    parser.add_argument("--load-limit", type=float, default=300, help="seconds for loading; likewise")
    parser.add_argument("--slow", type=float, default=30, help="no second run of a row that took so many seconds")
    parser.add_argument("--memory-limit", type=float, default=0.9 * memory_of_machine(), help="MB a process may take")
    parser.add_argument("--memory-engines", type=words, default=FRONT, help="in the memory stage")
    parser.add_argument("--growth-rows", type=words, default=None, help=f"default: {','.join(GROWTH_ROWS)}, up to --rows; "
                        "1e8 wants 24 GB")
    parser.add_argument("--growth-engines", type=words, default=FRONT)
    parser.add_argument("--growth-threads", type=words, default=None, help="default: 1 and --threads")
    parser.add_argument("--larger", type=words, default=["1e8"], help="ROWS of other runs that get a section of the page")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, help="where tables are made and read, default build/bench-data: 1e8 rows "
                        "take 16 GB, those of clean and csv 25 more")
    parser.add_argument("--tables", type=pathlib.Path, help="a directory where tables lie already: those are linked")
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no process after so many, but write the page")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured with these --rows")
    parser.add_argument("--again", type=words, default=[], metavar="ENGINES", help="forget what this run's stages measured "
                        "of some engines; failed: rows that have no figure")
    return settled(parser.parse_args(arguments))


def settled(o):
    """Options that follow from others."""
    o.engines = [e for e in o.engines if e != "datatable" or shutil.which("Rscript")]
    o.memory_engines = [e for e in o.memory_engines if e in o.engines]
    o.variant_engines = [e for e in o.variant_engines if e in o.engines]
    o.growth_engines = [e for e in o.growth_engines if e in o.engines]
    o.tasks = [task for task in o.tasks if task != "join" or o.rows >= LEAST_JOIN]
    o.variants = VARIANTS if o.variants == ["all"] else o.variants or (VARIANTS if SMALL <= o.rows < BIG else VARIANTS[:1])
    if o.stages is None:
        few = STAGES[:STAGES.index("time") + 1]
        o.stages = few if o.rows >= BIG else [stage for stage in STAGES if stage != "memory" or o.rows >= SMALL]
    o.kept = o.build / "bench-data"
    o.data = o.data or o.kept
    default = ROOT / "bench" if short(o.rows) == "1e7" else o.build / "bench-results"
    o.output = o.output or default / "RESULTS.md"
    o.pictures = o.output.parent / "results"
    sizes = o.growth_rows or GROWTH_ROWS
    o.growth_rows = [n for n in map(float, sizes) if o.growth_rows or n <= o.rows]
    o.larger = list(map(float, o.larger))
    o.growth_threads = [int(t) for t in o.growth_threads or dict.fromkeys(["1", str(o.threads)])]
    unknown = set(o.stages) - set(STAGES) | set(o.tasks) - set(TASKS) | set(o.engines) - set(ENGINES)
    if unknown := unknown | set(o.again) - {*o.engines, "failed"}:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}")
    return o


class Store:
    """What was measured, one line of JSON each, in a file that only grows."""

    def __init__(self, path):
        self.path = path
        self.lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def keep(self, lines):
        self.lines += lines
        with open(self.path, "a") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)

    def forget(self, is_forgotten):
        self.lines = [line for line in self.lines if not is_forgotten(line)]
        half = self.path.with_suffix(".half")
        half.write_text("".join(json.dumps(line) + "\n" for line in self.lines))
        half.replace(self.path)

    def rows_done(self, job):
        return {line["row"] for line in self.lines if "row" in line and all(line.get(key) == job[key] for key in job)}

    def by_row(self, kind, task, variant, n, threads):
        """row -> engine -> lines"""
        found = collections.defaultdict(lambda: collections.defaultdict(list))
        for line in self.lines:
            if (line["kind"], line.get("task"), line.get("variant"), line.get("n"), line.get("threads")) == \
                    (kind, task, variant, n, threads):
                found[line["row"]][line["engine"]].append(line)
        return found


BEGAN = time.monotonic()


def tell(text):
    print(f"{time.monotonic() - BEGAN:6.0f} s  {text}", flush=True)


def store_of(o, n):
    return Store(o.kept / f"measured-{short(n)}.jsonl")


class OutOfTime(Exception):
    pass


def check_time(o):
    if time.monotonic() - BEGAN > 60 * o.minutes:
        raise OutOfTime


def wanted(o, rows):
    return [row for row in rows if not o.only or row in o.only]


# ---- stages -----------------------------------------------------------------------------------------------------------------

def job_of(o, kind, task, engine, repeat, variant=None, n=None, threads=None):
    return {"kind": kind, "task": task, "variant": variant or o.variants[0], "n": n or o.rows, "threads": threads or o.threads,
            "engine": engine, "repeat": repeat}


def do(o, store, job, rows):
    """The rows of a job that are not done yet."""
    done = store.rows_done(job)
    left = [row for row in wanted(o, rows) if row not in done]
    if job["engine"] == "datatable" and job["task"] == "csv" or not left:
        return
    check_time(o)
    tables.make_tables(o, job["task"], job["n"], job["variant"], left)
    before = len(store.lines)
    if job["kind"] == "memory":
        for row in left:
            engines.run_job(o, job, [row], store.keep)
    else:
        engines.run_job(o, job, left, store.keep)
    new = store.lines[before:]
    said = [f"{line['row']}: {line['error']}" for line in new if line.get("error", "–") != "–"]
    tell(f"{job['kind']} {job['task']} {short(job['n'])} {job['variant']} {job['threads']}T {job['engine']} {job['repeat'] + 1}: "
         f"{len({line['row'] for line in new})} rows" + ("; " + "; ".join(said) if said else ""))


def contenders(o, found):
    """engine -> rows where it is ours or near the fastest rival."""
    wanted = collections.defaultdict(list)
    for row, by_engine in found.items():
        best = {engine: entries.cell_of(lines, o.foreign).best for engine, lines in by_engine.items()}
        rivals = [value for engine, value in best.items() if engine != OURS and value]
        for engine, value in best.items():
            if value and (engine == OURS or value <= CONTENDS * min(rivals)):
                wanted[engine].append(row)
    return wanted


def noisy(o, found, wanted):
    """Of the contenders, the rows that no quiet run was seen of."""
    return {engine: rows for engine in wanted
            if (rows := [row for row in wanted[engine] if entries.cell_of(found[row][engine], o.foreign).noisy])}


def time_tasks(o, store, tasks, variant, chosen):
    """Every engine once; then ours and those near the fastest again; then what was noisy, up to --retries times."""
    def seen(task):
        return store.by_row("time", task, variant, o.rows, o.threads)
    for task, rows in tasks.items():
        for engine in chosen:
            do(o, store, job_of(o, "time", task, engine, 0, variant), rows)
    for repeat in range(1, o.repeats):
        for task in tasks:
            for engine, again in contenders(o, seen(task)).items():
                do(o, store, job_of(o, "time", task, engine, repeat, variant), again)
    for repeat in range(o.repeats, o.repeats + o.retries):
        for task in tasks:
            for engine, again in noisy(o, seen(task), contenders(o, seen(task))).items():
                do(o, store, job_of(o, "time", task, engine, repeat, variant), again)


def make_all_tables(o, _):
    """So that nothing is made between measurements; each stage makes what is missing, too."""
    for task in o.tasks:
        tables.make_tables(o, task, o.rows, o.variants[0], wanted(o, rows_of(task)))
    for variant in o.variants[1:]:
        for task, rows in variant_rows(o, variant).items():
            tables.make_tables(o, task, o.rows, variant, wanted(o, rows))
    if "programs" in o.stages:
        programs.make_tables(o)


def is_roofline(line):
    return line["kind"] == "roofline" and all(map(floors.is_known, line["machines"]))


def warm_up(o):
    """Before the first figure of a run, once: warm.py says why."""
    if set(o.stages) & {"roofline", *MEASURING}:
        size = int(min(warm.PART * warm.free_memory(), o.memory_limit * 2**20))
        rate = warm.touch_elsewhere(size)
        tell(f"touched {size / 1e9:.1f} GB of free memory, {rate / 1e9:.1f} GB/s")


def roofline(o, store, quiet_runs=1):
    """Again, up to --retries times, while others load the machine."""
    for _ in range(quiet_runs + o.retries):
        kept = [line["foreign"] for line in store.lines if is_roofline(line)]
        if sum(load <= o.foreign for load in kept) >= quiet_runs or len(kept) >= quiet_runs + o.retries:
            return
        check_time(o)
        began, busy, used = time.monotonic(), engines.busy_ticks(), sum(os.times()[:4])
        said = subprocess.run([o.build / "bin" / "bench-roofline", str(o.threads)], check=True, capture_output=True, text=True)
        spent = sum(os.times()[:4]) - used
        foreign = ((engines.busy_ticks() - busy) / engines.TICK - spent) / (time.monotonic() - began) / os.cpu_count()
        store.keep([{"kind": "roofline", "n": o.rows, "machines": json.loads(said.stdout), "foreign": round(max(0.0, foreign), 3)}])
        tell(f"roofline, foreign load {foreign:.0%}")


def times(o, store):
    time_tasks(o, store, {task: rows_of(task) for task in o.tasks}, o.variants[0], o.engines)


def variant_rows(o, variant):
    """Tables of joins have no K."""
    others = {task: rows for task, rows in VARIANT_ROWS.items() if task in o.tasks}
    return {task: rows for task, rows in others.items() if task != "join" or not variant.endswith("_0_0")}


def variants(o, store):
    for variant in o.variants[1:]:
        time_tasks(o, store, variant_rows(o, variant), variant, o.variant_engines)


def memory(o, store):
    """A fresh process for each row, which runs it once."""
    slow, o.slow = o.slow, 0
    for task in o.tasks:
        for engine in o.memory_engines:
            do(o, store, job_of(o, "memory", task, engine, 0), rows_of(task))
    o.slow = slow


def growth_of(o, store, task, rows, n, threads):
    for engine in o.growth_engines:
        for repeat in range(FEW_REPEATS if n <= FEW else 1):
            do(o, store, job_of(o, "time", task, engine, repeat, n=n, threads=threads), rows)


def growth(o, store):
    for n in o.growth_rows:
        for threads in o.growth_threads:
            for task, rows in GROWTH.items():
                if task in o.tasks and (task != "join" or n >= LEAST_JOIN):
                    growth_of(o, store, task, rows, n, threads)


def run_programs(o, store):
    done = {line["name"] for line in store.lines if line["kind"] == "program" and line["n"] == o.rows}

    def keep(line):
        store.keep([{**line, "n": o.rows}])
        tell(f"{line['name']}: {1000 * min(line['seconds']):.1f} ms")
    programs.measure(o, done, keep)


def of_page(o, lines):
    return [line for line in lines if line.get("engine") in {None, *o.engines}]


def larger_runs(o):
    """rows -> what runs with more rows than this one measured."""
    found = {n: of_page(o, store_of(o, n).lines) for n in o.larger if n > o.rows}
    return {n: lines for n, lines in found.items() if lines}


def measures(o, stage, line):
    """Would this stage measure the line again?  A stage that sees the figures of another one, growth those of time, leaves them."""
    kind, task, row, engine = line["kind"], line.get("task"), line.get("row"), line.get("engine")
    if stage == "programs":
        return kind == "program"
    if kind != ("memory" if stage == "memory" else "time") or task not in o.tasks or o.only and row not in o.only:
        return False
    place = line["variant"] == o.variants[0], line["n"] == o.rows, line["threads"] == o.threads
    if stage == "growth":
        return (place[0] and not all(place) and engine in o.growth_engines and row in GROWTH.get(task, [])
                and line["n"] in o.growth_rows and line["threads"] in o.growth_threads)
    if stage == "variants":
        return (all(place[1:]) and line["variant"] in o.variants[1:] and engine in o.variant_engines
                and row in variant_rows(o, line["variant"]).get(task, []))
    return all(place) and engine in (o.memory_engines if stage == "memory" else o.engines)


def is_again(o, line):
    """--again forgets a line of its engines, or one that failed, if a stage of this run measures it."""
    engine = OURS if line["kind"] == "program" else line.get("engine")
    named = engine in o.again or "error" in line and "failed" in o.again
    return named and any(measures(o, stage, line) for stage in MEASURING if stage in o.stages)


DO = {"tables": make_all_tables, "roofline": roofline, "time": times, "programs": run_programs, "growth": growth,
      "memory": memory, "variants": variants}


def main():
    o = options()
    for directory in (o.data, o.kept, o.output.parent):
        directory.mkdir(parents=True, exist_ok=True)
    store = store_of(o, o.rows)
    if o.fresh:
        store.forget(lambda line: True)
    if o.again:
        store.forget(lambda line: is_again(o, line))
    if set(o.engines) - {OURS, "datatable"}:
        engines.environment(o)
    try:
        for stage in STAGES:
            if stage == "roofline":
                warm_up(o)                             # behind the tables, which are made in files
            if stage in o.stages:
                DO[stage](o, store)
        if "roofline" in o.stages:
            roofline(o, store, 2)                  # at the other end of the run: floors are of the best of both
    except (OutOfTime, KeyboardInterrupt) as stopped:
        tell(f"stopped ({type(stopped).__name__}); the same command goes on where it was")
    page, larger = of_page(o, store.lines), larger_runs(o)
    machines = floors.best_machines([line["machines"] for line in store.lines if is_roofline(line)])
    results.write(o, page, machines, larger)
    tell(f"wrote {o.output}")
    wrong = results.wrong_answers([line for lines in (page, *larger.values()) for line in lines if line["kind"] == "time"])
    return 1 if any(text.startswith(OURS) for text in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
