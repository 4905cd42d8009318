"""What every engine's process does: load outside the clock, run each row twice, print a line of JSON a run.

    python polars_rows.py groupby DIR 1e7 2 [row …]

An engine is a module with load(task, directory, n, threads) -> state, rows(task) -> {name: function of the state that
materialises an answer}, and describe(answer) -> (rows, columns, {column: sum}). Loading follows db-benchmark: texts may
become categories or enums, numbers take 32 bits where they fit.
"""
import json
import os
import resource
import sys
import time

# Columns whose sums identify an answer, by row of the benchmark.
CHECKS = {
    "g1": ["v1"], "g2": ["v1"], "g3": ["v1", "v3"], "g4": ["v1", "v2", "v3"], "g5": ["v1", "v2", "v3"],
    "g6": ["median", "sd"], "g7": ["range"], "g8": ["v3"], "g9": ["r2"], "g10": ["v3", "n"],
    "filter": ["v1", "v2", "v3"], "filter_few": ["v1", "v2", "v3"], "sort_float": ["v1", "v2", "v3"],
    "sort_two": ["v1", "v2", "v3"], "sort_text": ["v1", "v2", "v3"], "top_k": ["v1", "v2", "v3"], "distinct": [],
    "arith": ["y"], "conditional": ["y"], "text_equal": ["v1"], "text_contains": ["v1"], "text_upper": [], "describe": [],
    "j1": ["v1", "v2"], "j2": ["v1", "v2"], "j3": ["v1", "v2"], "j4": ["v1", "v2"], "j5": ["v1", "v2"],
    "read": ["v1", "v2", "v3"], "read_gzip": ["v1", "v2", "v3"], "read_quoted": ["v1", "v2", "v3"],
    "read_numbers": ["v1", "v2", "v3"], "read_texts": [], "write": [],
}


def short(n):
    return f"{n:.0e}".replace("e+0", "e").replace("e+", "e")


def paths(task, directory, n):
    """The files of a task, by role."""
    name = short(float(n))
    if task == "join":
        sizes = {"left": "NA", "small": short(n / 1e6), "medium": short(n / 1e3), "big": name}
        return {role: os.path.join(directory, f"J1_{name}_{size}_0_0.csv") for role, size in sizes.items()}
    table = f"G1_{name}_{os.environ.get('BENCH_VARIANT', '1e2_0_0')}"
    if task == "groupby":
        return {"left": os.path.join(directory, table + ".csv")}
    return {"read": os.path.join(directory, table + ".csv"), "read_gzip": os.path.join(directory, table + ".csv.gz"),
            **{f"read_{kind}": os.path.join(directory, f"{table}_{kind}.csv") for kind in ("quoted", "numbers", "texts")},
            "write": os.path.join(directory, f"written_{os.getpid()}.csv")}


def cpu_seconds():
    """Of all threads of this process."""
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(engine):
    task, directory, n, threads = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    wanted = sys.argv[5:]
    state = engine.load(task, directory, n, threads)
    for name, run in engine.rows(task).items():
        if wanted and name not in wanted:
            continue
        for attempt in (1, 2):
            began, cpu_began = time.perf_counter(), cpu_seconds()
            answer = run(state)
            shape = engine.shape(answer)
            seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu_began
            check = [engine.total(answer, column) for column in CHECKS[name]]
            print(json.dumps({"row": name, "run": attempt, "seconds": round(seconds, 6), "cpu": round(cpu, 6), "rows": shape[0],
                              "columns": shape[1], "check": check, "peak_mb": peak_mb()}), flush=True)
            del answer
