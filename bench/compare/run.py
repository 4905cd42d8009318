#!/usr/bin/env python3
"""The comparison: make bench [ROWS=1e7] [ENGINES=...] [TASKS=...].

Makes the data, runs every engine in a process of its own (one after the other, the same number of threads, repeated), checks
every answer against the published sums, and writes bench/RESULTS.md: for each row the best time of each engine, ours as a
multiple of the fastest rival's, misses first. What was measured is kept in build/bench-data/measured-*.jsonl, so a run that
was stopped goes on where it was; `--fresh` begins again.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from protocol import short  # noqa: E402

OURS = "libframe"
ENGINES = [OURS, "polars", "duckdb", "datafusion", "datatable", "pandas"]
TASKS = ["groupby", "join", "csv"]
NOISY = 1.5            # foreign load per core above which a run is repeated


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=1e7)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--repeats", type=int, default=2, help="processes per engine and task")
    parser.add_argument("--variant", default="1e2_0_0", help="K, missing values, sorted: 1e1_0_0, 1e2_5_0, 1e2_0_1")
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    parser.add_argument("--output", default=ROOT / "bench" / "RESULTS.md", type=pathlib.Path)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--timeout", type=float, default=900, help="seconds a process may take")
    return parser.parse_args()


# ---- data ---------------------------------------------------------------------------------------------------------------

def column_range(source, target, first, last, quote=False):
    """Some of the columns of a file, texts in quotes if asked."""
    with open(source) as lines, open(target, "w") as out:
        for number, line in enumerate(lines):
            cells = line.rstrip("\n").split(",")[first:last]
            if quote and number:
                cells = [f'"{cell}"' if i < 3 and cell else cell for i, cell in enumerate(cells)]
            out.write(",".join(cells) + "\n")


def make_data(o, task):
    data = o.build / "bench-data"
    data.mkdir(exist_ok=True)
    make = o.build / "bin" / "make-dbbench"
    table = f"G1_{short(o.rows)}_{o.variant}"
    if task == "join":
        if not (data / f"J1_{short(o.rows)}_NA_0_0.csv").exists():
            subprocess.run([make, "j1", str(o.rows), data], check=True)
        return data
    source = data / f"{table}.csv"
    if not source.exists():
        subprocess.run([make, "g1", str(o.rows), *o.variant.split("_"), data], check=True)
    if task == "csv":
        made = {"numbers": (3, 9, False), "texts": (0, 3, False), "quoted": (0, 9, True)}
        for kind, (first, last, quote) in made.items():
            target = data / f"{table}_{kind}.csv"
            if not target.exists():
                column_range(source, target, first, last, quote)
        if not (packed := data / f"{table}.csv.gz").exists():
            with open(packed, "wb") as out:
                subprocess.run(["gzip", "-c", "-6", source], stdout=out, check=True)
    return data


# ---- engines --------------------------------------------------------------------------------------------------------------

def environment(o):
    venv = o.build / "bench-venv"
    if not (venv / "bin" / "python").exists():
        subprocess.run([shutil.which("python3", path="/usr/bin") or sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin" / "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    return venv / "bin" / "python"


def command(o, engine, task, data, python):
    words = [task, str(data), short(o.rows), str(o.threads)]
    if engine == OURS:
        return [o.build / "bin" / "bench-rows", *words]
    if engine == "datatable":
        return ["Rscript", HERE / "datatable_rows.R", *words]
    return [python, HERE / f"{engine}_rows.py", *words]


def others_load():
    """What the machine did before a run: the load of the last minute, per core."""
    return os.getloadavg()[0] / os.cpu_count()


def run_engine(o, engine, task, data, python):
    """Measurements of one process, and the reason why it ended early if it did."""
    load = others_load()
    try:
        done = subprocess.run(list(map(str, command(o, engine, task, data, python))), capture_output=True, text=True,
                              timeout=o.timeout, env={**os.environ, "BENCH_VARIANT": o.variant, "PYTHONPATH": str(HERE)})
        text, reason = done.stdout, None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no message"])[-1]
    except subprocess.TimeoutExpired as expired:
        text, reason = (expired.stdout or b"").decode(), f"stopped after {o.timeout:.0f} s"
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [{**line, "engine": engine, "task": task, "load": round(load, 2)} for line in found], reason


# ---- answers --------------------------------------------------------------------------------------------------------------

def near(a, b):
    """Equal to the digits that are published: three decimals, or nine digits."""
    return a is None or b is None or abs(float(a) - float(b)) <= max(6e-4, 2e-9 * abs(float(a)))


def wrong_answers(o, measured):
    """A sentence for each answer that is not the published one, or, where none is published, not the others'."""
    goldens = json.loads((HERE / "goldens.json").read_text()).get(short(o.rows), {})
    known = {**goldens.get(o.variant, {}), **goldens.get("join", {})}
    wrong, first = [], {}
    for line in measured:
        answer = [line["rows"], *line["check"]]
        wanted = known.get(line["row"]) or first.setdefault(line["row"], answer)
        if line["row"] in ("describe", "text_upper", "write"):
            continue
        if len(answer) != len(wanted) or not all(near(a, b) for a, b in zip(wanted, answer)):
            wrong.append(f"{line['engine']} {line['row']}: {answer} instead of {wanted}")
    return sorted(set(wrong))


# ---- results --------------------------------------------------------------------------------------------------------------

def cpu_name():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def versions(o, python):
    pinned = (HERE / "requirements.txt").read_text().splitlines()
    found = [line.replace("==", " ") for line in pinned if line and not line.startswith("#") and "numpy" not in line]
    ours = subprocess.run([o.build / "bin" / "frame", "--version"], capture_output=True, text=True).stdout.strip()
    return ", ".join([ours.replace("frame ", "libframe "), *found])


def summary(measured):
    """(task, row) -> engine -> times, and the peak of memory of each."""
    times, peak = collections.defaultdict(lambda: collections.defaultdict(list)), collections.defaultdict(int)
    for line in measured:
        times[line["task"], line["row"]][line["engine"]].append(line["seconds"])
        peak[line["task"], line["engine"]] = max(peak[line["task"], line["engine"]], line["peak_mb"])
    return times, peak


def cell(seconds):
    return f"{1000 * min(seconds):.1f} ({1000 * statistics.median(seconds):.0f})" if seconds else "–"


def table_of(task, times, engines):
    """Rows of one task, worst ratio first."""
    rows = []
    for (row_task, row), by_engine in times.items():
        if row_task != task or OURS not in by_engine:
            continue
        rivals = [min(by_engine[e]) for e in engines if e != OURS and by_engine.get(e)]
        ratio = min(by_engine[OURS]) / min(rivals) if rivals else None
        rows.append((ratio if ratio is not None else -1, row, by_engine))
    lines = ["| row | ratio | " + " | ".join(engines) + " |", "|---|---:|" + "---:|" * len(engines)]
    for ratio, row, by_engine in sorted(rows, key=lambda r: -r[0]):
        said = f"**{ratio:.2f}**" if ratio > 0.5 else f"{ratio:.2f}"
        lines.append(f"| {row} | {said if ratio >= 0 else '–'} | " + " | ".join(cell(by_engine.get(e)) for e in engines) + " |")
    for name, rows_wanted in (("sum g1–g10", [f"g{i}" for i in range(1, 11)]), ("sum j1–j5", [f"j{i}" for i in range(1, 6)])):
        if all((task, row) in times for row in rows_wanted):
            sums = {e: sum(min(times[task, row][e]) for row in rows_wanted) for e in engines
                    if all(times[task, row].get(e) for row in rows_wanted)}
            best = min((value for engine, value in sums.items() if engine != OURS), default=None)
            said = f"{sums[OURS] / best:.2f}" if best and OURS in sums else "–"
            cells = [cell([sums[e]]) if e in sums else "–" for e in engines]
            lines.append(f"| **{name}** | **{said}** | " + " | ".join(cells) + " |")
    return lines


def results(o, measured, ended, wrong, python, engines):
    times, peak = summary(measured)
    loads = [line["load"] for line in measured]
    lines = ["# The comparison", "",
             "Written by `make bench`; do not edit. Milliseconds: the best of all runs, the median in brackets. `ratio` is ours",
             "over the fastest rival's; above 0.5 it is in bold: there we have not reached our goal. Loading is not timed except",
             "in the rows that read. Answers are checked in every run against the sums db-benchmark publishes.", "",
             f"- {datetime.date.today()}, {cpu_name()}, {o.threads} threads, {short(o.rows)} rows, variant {o.variant}",
             f"- {versions(o, python)}",
             f"- load of the machine per core before the runs: median {statistics.median(loads):.2f}, worst {max(loads):.2f}"
             + (": **noisy**, only ratios within one row mean something" if max(loads) > NOISY else "")]
    lines += [f"- **wrong answer**: {text}" for text in wrong]
    lines += [f"- {engine} ended early in {task}: {reason}" for engine, task, reason in ended]
    for task in dict.fromkeys(line["task"] for line in measured):
        lines += ["", f"## {task}", "", *table_of(task, times, engines), "",
                  "Peak memory, MB: " + ", ".join(f"{e} {peak[task, e]:,}" for e in engines if peak.get((task, e)))]
    o.output.write_text("\n".join(lines) + "\n")


def main():
    o = options()
    engines = [e for e in o.engines.split(",") if e != "datatable" or shutil.which("Rscript")]
    python = environment(o) if set(engines) - {OURS, "datatable"} else None
    kept = o.build / "bench-data" / f"measured-{short(o.rows)}-{o.variant}-{o.threads}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    if o.fresh:
        kept.unlink(missing_ok=True)
    done = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    ended = []
    for task in o.tasks.split(","):
        data = make_data(o, task)
        for repeat in range(o.repeats):
            for engine in engines:
                if any(d["engine"] == engine and d["task"] == task and d["repeat"] == repeat for d in done) \
                        or (engine == "datatable" and task == "csv"):
                    continue
                found, reason = run_engine(o, engine, task, data, python)
                print(f"{task} {engine} {repeat + 1}: {len(found)} runs" + (f", {reason}" if reason else ""), flush=True)
                if reason and repeat == 0:
                    ended.append((engine, task, reason))
                found = [{**line, "repeat": repeat} for line in found]
                done += found
                with open(kept, "a") as out:
                    out.writelines(json.dumps(line) + "\n" for line in found)
    measured = [line for line in done if line["task"] in o.tasks.split(",") and line["engine"] in engines]
    wrong = wrong_answers(o, measured)
    results(o, measured, ended, wrong, python, engines)
    print(f"wrote {o.output}")
    return 1 if any(text.startswith(OURS) for text in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
