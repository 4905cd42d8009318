"""What every engine's process does: load outside the clock, run each row twice, print a line of JSON a run.

    python polars_rows.py groupby DIR 1e7 2 [row …]

An engine is a module with load(task, directory, n, threads) -> state, rows(task) -> {name: function of the state that
materialises an answer}, shape(answer) -> (rows, columns), total(answer, column) -> the sum of a column of numbers, or
(length of all texts, largest text), value(answer, column, position), and forget(answer) where Python's own way does not.
Loading follows db-benchmark: texts may become categories or enums, numbers take 32 bits where they fit. A row that fails
prints its error, and the next one runs.
BENCH_SLOW: the second run is left out when the first took so many seconds. BENCH_VARIANT: of the table.
"""
import json
import os
import re
import resource
import sys
import time

# Columns whose sums identify an answer, by row of the benchmark; "@column" is its value at a third of the rows, which
# tells an order.
CHECKS = {
    "g1": ["v1"], "g2": ["v1"], "g3": ["v1", "v3"], "g4": ["v1", "v2", "v3"], "g5": ["v1", "v2", "v3"],
    "g6": ["median", "sd"], "g7": ["range"], "g8": ["v3"], "g9": ["r2"], "g10": ["v3", "n"],
    "filter": ["v1", "v2", "v3"], "filter_few": ["v1", "v2", "v3"], "sort_float": ["v1", "v2", "v3", "@v3"],
    "sort_two": ["v1", "v2", "v3", "@id6", "@v3"], "sort_text": ["v1", "v2", "v3", "@id3"], "top_k": ["v1", "v2", "v3", "@v3"],
    "distinct": [], "arith": ["y"], "conditional": ["y"], "text_equal": ["v1"], "text_contains": ["v1"], "text_upper": ["u"],
    "describe": [],
    "j1": ["v1", "v2"], "j2": ["v1", "v2"], "j3": ["v1", "v2"], "j4": ["v1", "v2"], "j5": ["v1", "v2"],
    "extract": ["u"], "substring": ["u"], "lower": ["u"], "parse_time": ["u"], "fill_null": ["v"], "concat": ["seq", "v"],
    "concat_sum": ["s"],
    "sort_nearly": ["seq", "v", "@seq"],
    "read": ["v1", "v2", "v3"], "read_gzip": ["v1", "v2", "v3"], "read_quoted": ["v1", "v2", "v3"],
    "read_numbers": ["v1", "v2", "v3"], "read_texts": ["id3"], "read_wide": ["c0", "c1", "c198"], "write": [],
}
READS = [name for name in CHECKS if name.startswith("read")]


def wants(row):
    """Whether this process is to measure a row; what only other rows need is not loaded."""
    return not sys.argv[5:] or row in sys.argv[5:]


def short(n):
    return f"{n:.0e}".replace("e+0", "e").replace("e+", "e")


def paths(task, directory, n):
    """The files of a task, by role."""
    name, variant = short(float(n)), os.environ.get("BENCH_VARIANT", "1e2_0_0")
    if task == "join":
        _, kind = variant.split("_", 1)                            # missing values, sorted
        sizes = {"left": "NA", "small": short(n / 1e6), "medium": short(n / 1e3), "big": name}
        return {role: os.path.join(directory, f"J1_{name}_{size}_{kind}.csv") for role, size in sizes.items()}
    if task == "clean":
        return {"left": os.path.join(directory, f"T1_{name}.csv")}
    table = f"G1_{name}_{variant}"
    if task == "groupby":
        return {"left": os.path.join(directory, table + ".csv")}
    return {"read": os.path.join(directory, table + ".csv"), "read_gzip": os.path.join(directory, table + ".csv.gz"),
            **{f"read_{kind}": os.path.join(directory, f"{table}_{kind}.csv") for kind in ("quoted", "numbers", "texts")},
            "read_wide": os.path.join(directory, f"W1_{name}.csv"),
            "write": os.path.join(directory, f"written_{os.getpid()}.csv")}


def cpu_seconds():
    """Of all threads of this process."""
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def memory_mb(which):
    """VmRSS (now) or VmHWM (the most since forget_peak) of this process."""
    with open("/proc/self/status") as status:
        return int(re.search(which + r":\s+(\d+)", status.read()).group(1)) // 1024


def memory_of_machine():
    """MB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20


def forget_peak():
    """The kernel's peak begins again at what is in use now (proc(5), clear_refs 5)."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass                                     # then the peak is that of the process so far


def say(**line):
    print(json.dumps(line), flush=True)


def check_of(engine, answer, shape, wanted):
    found = []
    for column in wanted:
        if column[0] == "@":
            found.append(engine.value(answer, column[1:], shape[0] // 3))
        else:
            total = engine.total(answer, column)
            found += total if isinstance(total, tuple) else [total]
    return found


def remove_written(state):
    """Outside the clock: freeing half a gigabyte of a disk takes longer than of the page cache."""
    if isinstance(state, dict) and os.path.exists(state.get("write", "")):
        os.remove(state["write"])


def measure(engine, state, name, run, attempt):
    forget_peak()
    before = memory_mb("VmRSS")
    began, cpu_began = time.perf_counter(), cpu_seconds()
    answer = run(state)
    shape = engine.shape(answer)
    seconds, cpu, ended = time.perf_counter() - began, cpu_seconds() - cpu_began, time.monotonic()
    peak = memory_mb("VmHWM")
    say(row=name, run=attempt, seconds=round(seconds, 6), cpu=round(cpu, 6), rows=shape[0], columns=shape[1],
        check=check_of(engine, answer, shape, CHECKS[name]), before_mb=before, peak_mb=peak, ended=round(ended, 3))
    if hasattr(engine, "forget"):
        engine.forget(answer)
    remove_written(state)
    return seconds


def main(engine):
    task, directory, n, threads = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    slow = float(os.environ.get("BENCH_SLOW", "30"))
    began = time.perf_counter()
    state = engine.load(task, directory, n, threads)
    say(loaded=round(time.perf_counter() - began, 3), mb=memory_mb("VmRSS"))
    for name, run in engine.rows(task).items():
        if not wants(name):
            continue
        say(begins=name)
        try:
            if measure(engine, state, name, run, 1) <= slow:
                measure(engine, state, name, run, 2)
        except Exception as error:               # whatever an engine raises ends this row only
            say(row=name, error=f"{type(error).__name__}: {error}".splitlines()[0][:200])
