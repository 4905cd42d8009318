"""Running an engine's process: rows one by one, each with a time limit; what else the machine did meanwhile.

A process that is stopped, or dies, loses the row it was at; the rows behind it run in a fresh process. Every line of
measurement gets `foreign`: the part of the CPUs that went to other processes while the row ran, from /proc/stat less what the
engine used itself, sampled every 50 ms and seen over at least 0.3 s.
"""
import bisect
import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
OURS = "libframe"
ENGINES = [OURS, "polars", "duckdb", "datafusion", "datatable", "pandas"]
TICK = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
LIMITED_AT = 1e7       # rows that --row-limit and --load-limit are meant for; more may take longer in proportion
WINDOW = 0.3           # seconds over which foreign load is seen at least: a tick of the kernel's clock is 10 ms


def busy_ticks():
    """Of all CPUs since the start: user, nice, system, interrupts, and what the hypervisor took (steal)."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return user + nice + system + irq + softirq + steal


def process_ticks(pid):
    """Of a process, all its threads, and its children that have ended."""
    with open(f"/proc/{pid}/stat") as stat:
        return sum(map(int, stat.read().rpartition(")")[2].split()[11:15]))


class Watch(threading.Thread):
    """Samples the machine and the process; kills the process when it takes more memory than allowed."""

    def __init__(self, process, limit_mb):
        super().__init__(daemon=True)
        self.process, self.limit_mb, self.samples, self.over = process, limit_mb, [], False

    def run(self):
        while self.process.poll() is None:
            try:
                used = process_ticks(self.process.pid)
                with open(f"/proc/{self.process.pid}/statm") as statm:
                    memory = int(statm.read().split()[1]) * PAGE_MB
            except (OSError, ValueError):        # it has just ended
                break
            self.samples.append((time.monotonic(), busy_ticks() - used - sum(os.times()[:2]) * TICK))
            if memory > self.limit_mb:
                self.over = True
                end(self.process)
            time.sleep(0.05)

    def foreign(self, began, ended):
        """The part of all CPUs that others used between two times, None if nobody looked."""
        times = [at for at, _ in self.samples]
        middle, half = (began + ended) / 2, max(ended - began, WINDOW) / 2
        first = max(bisect.bisect_right(times, middle - half) - 1, 0)
        last = min(bisect.bisect_left(times, middle + half), len(times) - 1)
        if last <= first:
            return None
        (began, before), (ended, after) = self.samples[first], self.samples[last]
        return round(max(0.0, (after - before) / TICK / (ended - began) / os.cpu_count()), 3)


def end(process):
    """The process and what it started: they are a group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def command(o, job, rows):
    words = [job["task"], str(o.data), f"{job['n']:.0f}", str(job["threads"]), *rows]
    if job["engine"] == OURS:
        return [str(o.build / "bin" / "bench-rows"), *words]
    if job["engine"] == "datatable":
        return ["Rscript", str(HERE / "datatable_rows.R"), *words]
    return [str(o.build / "bench-venv" / "bin" / "python"), str(HERE / f"{job['engine']}_rows.py"), *words]


def start(o, job, rows, errors):
    """Pinned to as many CPUs as it may use threads; every library that could start more is told so."""
    threads = str(job["threads"])
    cpus = sorted(os.sched_getaffinity(0))[:job["threads"]]
    told = {name: threads for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS",
                                       "RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "TOKIO_WORKER_THREADS",
                                       "R_DATATABLE_NUM_THREADS", "FRAME_THREADS")}
    environment = {**os.environ, **told, "BENCH_VARIANT": job["variant"], "BENCH_KIND": job.get("kind", "time"),
                   "PYTHONPATH": str(HERE), "BENCH_SLOW": str(o.slow)}
    return subprocess.Popen(command(o, job, rows), stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True,
                            env=environment, preexec_fn=lambda: os.sched_setaffinity(0, cpus))


def pump(stream, lines):
    for line in stream:
        lines.put(line)
    lines.put(None)


class Stopped(Exception):
    pass


def listen(o, process, watch, n, found):
    """Reads lines until the process ends; Stopped says at which row, and why, it was stopped or died."""
    lines, more = queue.Queue(), max(1, n / LIMITED_AT)
    threading.Thread(target=pump, args=(process.stdout, lines), daemon=True).start()
    current, limit = None, o.load_limit * more
    while True:
        try:
            line = lines.get(timeout=limit)
        except queue.Empty:
            raise Stopped(current, f"stopped after {limit:.0f} s" + ("" if current else " of loading")) from None
        if line is None:
            break
        if not line.startswith("{"):
            continue
        line = json.loads(line)
        if "begins" in line:
            current, limit = line["begins"], o.row_limit * more
        elif "row" in line:
            found.append({**line, "at": time.monotonic()})
        elif "loaded" in line:
            found.append(line)
    process.wait()
    if watch.over:
        raise Stopped(current, f"stopped above {o.memory_limit:.0f} MB")
    if process.returncode < 0:
        raise Stopped(current, f"died of signal {-process.returncode}")
    if not any("loaded" in line for line in found):
        raise Stopped(None, "loading failed")


def one_process(o, job, rows):
    """(lines measured, row at which it ended or None, reason or None)"""
    found, row, reason = [], None, None
    with tempfile.TemporaryFile("w+") as errors:
        process = start(o, job, rows, errors)
        watch = Watch(process, o.memory_limit)
        watch.start()
        try:
            listen(o, process, watch, job["n"], found)
        except Stopped as stopped:
            row, reason = stopped.args
            errors.seek(0)
            said = [line for line in errors.read().strip().splitlines() if line]
            reason += f": {said[-1][:160]}" if said and not reason.startswith("stopped") else ""
        finally:
            end(process)
            process.wait()
            watch.join()
    for line in found:
        if "seconds" in line:
            ended = line.get("ended") or line["at"]
            line["foreign"] = watch.foreign(ended - line["seconds"], ended)
        line.pop("at", None)
    return found, row, reason


def run_job(o, job, rows, keep):
    """All rows of a job, in as many processes as it takes; keep(lines) stores what each process found."""
    left = list(rows)
    while left:
        found, row, reason = one_process(o, job, left)
        lines = [{**job, **line} for line in found if "row" in line]
        seen = {line["row"] for line in lines}
        if reason and row is None:                                   # it never got as far as a row
            lines += [{**job, "row": name, "error": reason} for name in left if name not in seen]
            left = []
        elif reason and row not in seen:
            lines.append({**job, "row": row, "error": reason})
            seen.add(row)
        if not reason:                                               # a row that the engine does not have
            lines += [{**job, "row": name, "error": "–"} for name in left if name not in seen]
        loaded = next((line for line in found if "loaded" in line), {})
        keep([{**line, "load_seconds": loaded.get("loaded"), "loaded_mb": loaded.get("mb")} for line in lines])
        left = [name for name in left if name not in seen] if reason else []


def environment(o):
    """The Python with the other engines, made at the first call."""
    venv = o.build / "bench-venv"
    wanted, stamp = (HERE / "requirements.txt").read_text(), venv / "installed.txt"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not (venv / "bin" / "python").exists():
        subprocess.run([shutil.which("python3", path="/usr/bin") or sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin" / "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    stamp.write_text(wanted)
