"""How long `frame analyze` takes, whole process: python3 bench/bench_analyze.py build [--runs N] [--big] [--ydata PYTHON]

Reports the median of the runs' wall and CPU time and the largest peak of memory, for the sample of 50,000 rows (printed, and
with all output files) and, with --big, for 10,000,000 rows (528 MB, made by make-sales). --ydata names a Python with
ydata-profiling, which then makes its page of the same files. The load of the machine is printed: on a busy one only CPU time
means something.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


def once(command, directory):
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    if status:
        sys.exit(f"{' '.join(map(str, command))}: {process.stderr.read().decode()}")
    process.stderr.close()
    process.returncode = 0
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def report(name, command, runs, directory):
    results = [once(command, directory) for _ in range(runs)]
    wall, cpu = (statistics.median(r[i] for r in results) for i in (0, 1))
    print(f"{name:44} {wall:8.2f} s {cpu:8.2f} s CPU {max(r[2] for r in results):8.0f} MB   ({runs} runs)", flush=True)


YDATA = """
import sys, pandas
from ydata_profiling import ProfileReport
ProfileReport(pandas.read_csv(sys.argv[1]), minimal=sys.argv[3] == "minimal", progress_bar=False).to_file(sys.argv[2])
"""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--big", action="store_true")
    options.add_argument("--ydata")
    asked = options.parse_args()
    frame = (asked.build / "bin" / "frame").resolve()
    subprocess.run(["cmake", "--build", asked.build, "--target", "make_sales"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        subprocess.run([asked.build / "bin" / "make-datasets", directory], check=True)
        print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
        sales = directory / "sales_data.csv"
        report("50,000 rows, printed", [frame, "analyze", sales], asked.runs, directory)
        report("50,000 rows, with page, charts, files", [frame, "analyze", sales, "-o", "report"], asked.runs, directory)
        if asked.ydata:
            for kind in ("minimal", "full"):
                report(f"50,000 rows, ydata-profiling, {kind}", [asked.ydata, "-c", YDATA, sales, "page.html", kind], 1, directory)
        if asked.big:
            big = directory / "big.csv"
            with open(big, "wb") as out:
                subprocess.run([asked.build / "bin" / "make-sales", "10000000"], check=True, stdout=out)
            report("10,000,000 rows, printed", [frame, "analyze", big], asked.runs, directory)
            report("10,000,000 rows, with page, charts, files", [frame, "analyze", big, "-o", "report"], 1, directory)


if __name__ == "__main__":
    main()
