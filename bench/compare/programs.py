"""Whole programs, from fork to exit: how soon each engine is there, and `frame analyze`."""
import os
import resource
import shutil
import subprocess
import time

RUNS = 20


def own_peak():
    """A child begins as a copy of this process: the kernel's peak of a small program is ours, not its own."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def once(command, environment, directory):
    """(seconds, peak of memory in MB or None)"""
    began = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, env=environment, cwd=directory)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    said = process.stderr.read().decode().strip()
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command[0]}: {said.splitlines()[-1] if said else process.returncode}")
    return round(seconds, 6), used.ru_maxrss / 1024 if used.ru_maxrss > own_peak() else None


def programs(o):
    """(name, command, runs, environment)"""
    tools, rivals = o.build / "bin", o.build / "bench-venv" / "bin" / "python"
    python = shutil.which("python3", path="/usr/bin") or "python3"
    ours = {**os.environ, "PYTHONPATH": str((o.build / "python").resolve())}
    small = o.data / "sales_data.csv"
    big = o.data / f"sales_{o.rows:.0f}.csv"
    yield "C program that groups three rows (bench-start)", [tools / "bench-start"], RUNS, None
    yield "frame --version", [tools / "frame", "--version"], RUNS, None
    yield "frame head, a file of 50,000 rows", [tools / "frame", "head", small], RUNS, None
    yield "python3 -c pass", [python, "-c", "pass"], RUNS, None
    yield "python3 -c 'import libframe'", [python, "-c", "import libframe"], RUNS, ours
    if rivals.exists():
        for module in ("polars", "duckdb", "datafusion", "pandas"):
            if module in o.engines:
                yield f"python3 -c 'import {module}'", [rivals, "-c", f"import {module}"], RUNS, None
    if "datatable" in o.engines:
        yield "Rscript -e 'library(data.table)'", ["Rscript", "-e", "library(data.table)"], RUNS // 2, None
    yield "frame analyze, 50,000 rows", [tools / "frame", "analyze", small], 5, None
    yield "frame analyze with page, charts, files", [tools / "frame", "analyze", small, "-o", "report"], 5, None
    if big.exists():
        yield f"frame analyze, {o.rows:,.0f} rows", [tools / "frame", "analyze", big], 3, None


def make_tables(o):
    if not (o.data / "sales_data.csv").exists():
        subprocess.run([o.build / "bin" / "make-datasets", o.data], check=True, stdout=subprocess.DEVNULL)
    big = o.data / f"sales_{o.rows:.0f}.csv"
    if not big.exists():
        half = big.with_suffix(".half")
        with open(half, "wb") as out:
            subprocess.run([o.build / "bin" / "make-sales", f"{o.rows:.0f}"], check=True, stdout=out)
        half.replace(big)


def measure(o, done, keep):
    """The programs that are not done, one after the other."""
    make_tables(o)
    work = o.data / "programs"
    work.mkdir(exist_ok=True)
    for name, command, runs, environment in programs(o):
        if name in done:
            continue
        once(command, environment, work)                           # the files are in the page cache
        found = [once(command, environment, work) for _ in range(runs)]
        keep({"kind": "program", "name": name, "seconds": [seconds for seconds, _ in found],
              "peak_mb": max((mb for _, mb in found if mb), default=None)})
    shutil.rmtree(work, ignore_errors=True)
