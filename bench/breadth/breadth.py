#!/usr/bin/env python3
"""The wider comparison: make bench-breadth [BREADTH='--rows 1e6 --only texts,rolling'].

Some hundred operations that are no rows of the benchmark, by way of the Python modules of libframe and polars by turns in
one process, each answer compared. Ours is handed to pyarrow within its time, so that each column is made; polars' lazy
answers come from the quicker of its two engines. Shown are the least wall and CPU times; on a busy machine the CPU times
tell more. --output writes a page, what is slower than polars first.
"""
import argparse
import datetime
import os
import pathlib
import resource
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=3e6)
    parser.add_argument("--only", default="", metavar="WORDS", help="operations whose kind or name has one of these words")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--output", type=pathlib.Path, help="default: print only")
    return parser.parse_args()


def use_the_environment_of_the_benchmark():
    """Go on in the Python that has polars, which make bench makes, too."""
    venv = o.build / "bench-venv"
    if pathlib.Path(sys.prefix).resolve() != venv.resolve():
        engines.environment(o)
        os.execv(venv / "bin" / "python", [venv / "bin" / "python", *sys.argv])


o = options()
os.environ["POLARS_MAX_THREADS"] = os.environ["FRAME_THREADS"] = str(o.threads)
sys.path[:0] = [str(HERE), str(o.build / "python"), str(ROOT / "bench" / "compare")]

import engines  # noqa: E402

use_the_environment_of_the_benchmark()

import operations  # noqa: E402  (the number of threads is read at import)
import polars as pl  # noqa: E402
import results  # noqa: E402
import tables  # noqa: E402
from polars.testing import assert_frame_equal  # noqa: E402

FOREIGN = 0.1          # part of the CPUs that others may use before a row is called noisy


def used():
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def clocked(run):
    """(answer, wall seconds, CPU seconds)"""
    wall, cpu = time.perf_counter(), used()
    answer = run()
    return answer, time.perf_counter() - wall, used() - cpu


def ways(operation, theirs):
    """How polars may do it."""
    answer = operation.theirs(theirs)
    if not isinstance(answer, pl.LazyFrame):
        return [lambda: operation.theirs(theirs)]
    return [lambda: operation.theirs(theirs).collect(), lambda: operation.theirs(theirs).collect(engine="streaming")]


def differs(operation, ours, theirs):
    """What is different in the answers, or ''."""
    mine = pl.from_arrow(ours)
    if operation.check == operations.HEIGHT or mine.height != theirs.height:
        same_height = mine.height == theirs.height or operation.kind == "whole table"
        return "" if same_height else f"{mine.height} rows, polars {theirs.height}"
    if mine.width != theirs.width:
        return f"columns {mine.columns}, polars {theirs.columns}"
    mine.columns = theirs.columns
    mine = mine.with_columns([pl.col(name).cast(pl.String) for name, kind in mine.schema.items() if kind == pl.Categorical])
    try:
        assert_frame_equal(mine, theirs, check_dtypes=False, check_row_order=operation.check == operations.SAME, rel_tol=1e-9,
                           abs_tol=1e-9)
    except AssertionError as difference:
        return " ".join(str(difference).split())[:200]
    return ""


def measure(operation, ours, theirs):
    """The operation by turns → its line of the page."""
    busy, began, spent = engines.busy_ticks(), time.perf_counter(), used()
    mine, rival = [], []
    for turn in range(o.turns):
        answer, *times = clocked(lambda: operation.ours(ours).to_arrow())
        mine.append(times)
        for way in ways(operation, theirs):
            other, *times = clocked(way)
            rival.append(times)
            if turn == 0 and (difference := differs(operation, answer, other)):
                return {"kind": operation.kind, "name": operation.name, "wrong": difference}
            del other
        del answer
    elapsed = time.perf_counter() - began
    foreign = ((engines.busy_ticks() - busy) / engines.TICK - (used() - spent)) / elapsed / os.cpu_count()
    wall, cpu = (min(column) for column in zip(*mine))
    other_wall, other_cpu = (min(column) for column in zip(*rival))
    return {"kind": operation.kind, "name": operation.name, "wall": wall, "cpu": cpu, "other_wall": other_wall,
            "other_cpu": other_cpu, "ratio": wall / other_wall, "noisy": foreign > FOREIGN}


def ms(seconds):
    return f"{1e3 * seconds:,.1f}" if seconds < 1 else f"{1e3 * seconds:,.0f}"


def row(line):
    ratio = f"**{line['ratio']:.2f}**" if line["ratio"] > 1 else f"{line['ratio']:.2f}"
    return (f"| {line['kind']} | {line['name']} | {ratio}{' ~' if line['noisy'] else ''} | {ms(line['wall'])} | "
            f"{ms(line['other_wall'])} | {ms(line['cpu'])} | {ms(line['other_cpu'])} |")


def page(lines):
    """Markdown: where polars is quicker first, each part the farthest first."""
    good = sorted((line for line in lines if "ratio" in line), key=lambda line: -line["ratio"])
    slower, half = [sum(line["ratio"] > bound for line in good) for bound in (1, 0.5)]
    wrong = [f"{line['name']}: {line['wrong']}" for line in lines if "wrong" in line]
    readme = os.path.relpath(HERE.parent / "README.md", o.output.resolve().parent) if o.output else "bench/README.md"
    head = ["# The wider comparison", "",
            f"Written by `make bench-breadth`; do not edit. What it is: [README.md]({readme}).", "",
            f"- {datetime.date.today()}, {results.cpu_name()}, {o.threads} threads, {o.rows:,.0f} rows, polars {pl.__version__}",
            f"- {len(good)} operations: {slower} slower than polars, {half - slower} more above half of its time",
            "- answers: " + ("; ".join(wrong) or "all the same"), "",
            "Milliseconds, the least of the turns; `~` beside other load.", "",
            "| kind | operation | ours / polars | ours | polars | our CPU | polars' CPU |", "|---|---|---:|---:|---:|---:|---:|"]
    return "\n".join([*head, *map(row, good), ""])


def main():
    ours, theirs = tables.both(int(o.rows))
    words = [word for word in o.only.split(",") if word]
    lines = []
    for operation in operations.OPERATIONS:
        if words and not any(word in f"{operation.kind} {operation.name}" for word in words):
            continue
        line = measure(operation, ours, theirs)
        print(row(line) if "ratio" in line else f"WRONG {line['name']}: {line['wrong']}", flush=True)
        lines.append(line)
    if o.output:
        o.output.write_text(page(lines))
        print(f"wrote {o.output}")
    return any("wrong" in line for line in lines)


if __name__ == "__main__":
    sys.exit(main())
