"""Threads, forks and Ctrl-C."""
import os
import pathlib
import signal
import subprocess
import threading
import time

import libframe as lf
import pytest

PACKAGE = pathlib.Path(lf.__file__)
# Clang's allocator of the address sanitizer (14) does not take its locks before a fork: a child made while another thread
# has one waits for it forever (seen: all threads of the child in aligned_alloc of the sanitizer).
not_in_asan = pytest.mark.skipif("asan" in str(PACKAGE), reason="the sanitizer's allocator may be locked in the child")
ROWS = 3_000_000


@pytest.fixture(scope="module")
def large():
    frame = lf.DataFrame({"i": range(100_000)})
    return lf.concat([frame] * (ROWS // 100_000)).with_("a = (i * 7919) % 1000003; b = concat('t', a)")


@pytest.fixture(autouse=True)
def interruptible():
    """A shell starts what runs in the background with SIGINT ignored; then nothing here would ever be interrupted."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Striker:
    """A process that sends SIGINT so many seconds after `go`: a thread would wait for the GIL, which the work may hold."""

    def __init__(self, seconds):
        self.process = subprocess.Popen(["sh", "-c", f"read go; sleep {seconds}; kill -INT {os.getpid()}"],
                                        stdin=subprocess.PIPE, bufsize=0)

    def go(self):
        self.process.stdin.write(b"\n")

    def join(self):
        self.process.communicate()


def expect_interrupt(work, seconds=0.02):
    """The work, or, where it was faster than the signal, the wait after it, ends in KeyboardInterrupt."""
    striker = Striker(seconds)
    with pytest.raises(KeyboardInterrupt):
        striker.go()
        work()
        time.sleep(600)
    striker.join()


def test_work_runs_without_the_gil(large):
    """Another thread goes on counting while a sort runs; where nobody gave it a CPU meanwhile, the next sort is watched."""
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    during = []
    while len(during) < 100 and max(during, default=0) <= 5:
        before = counted[0]
        large.sort("a, i")
        during.append(counted[0] - before)
    stop.set()
    counter.join()
    assert max(during) > 5


def test_an_interrupt_stops_work_and_nothing_else(large):
    steps, context, few = lf.Steps("head 1"), large.context, large.head(3)
    for work in (lambda: large.sort("b, i desc"), lambda: large.group("b, i", "n = size()"),
                 lambda: large.pipe("sort b | distinct b, i | sort -i")):
        expect_interrupt(work)
        assert large.head(2)["i"].to_list() == [0, 1]           # frames made before work on
        assert len(large.filter("i == 5")) == ROWS // 100_000
        assert large.pipe(steps).shape == (1, 3) and large.head(3).join(few, "i").shape == (3, 5)
        assert len(large.head(1).concat(others=[few, few])) == 7 and few.to_pylist()[2]["i"] == 2
        assert context is large.context and len(lf.DataFrame({"x": [1]}, context=context).sort("x")) == 1
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_handled_lets_the_work_end(large):
    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
    try:
        striker = Striker(0.02)
        striker.go()
        assert large.sort("a desc, i").head(1)["a"].to_list() == large.group(agg="most = max(a)")["most"].to_list()
        striker.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [1]


def test_an_interrupt_spares_the_work_of_other_threads(large):
    results, failures = [], []

    def work():
        try:
            results.append(large.sort("b, i").shape)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    expect_interrupt(lambda: large.sort("b, i desc"))
    for thread in threads:
        thread.join()
    assert failures == [] and results == [(ROWS, 3)] * 3


def test_a_reader_of_a_silent_pipe_is_interrupted(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR)
    expect_interrupt(lambda: lf.read_csv(path), 0.05)
    os.close(end)


def test_a_scan_works_after_an_interrupt(large, tmp_path):
    large.head(300_000).write_csv(tmp_path / "l.csv")
    scan = lf.scan_csv(tmp_path / "l.csv")
    expect_interrupt(lambda: scan.sort("b, i").group("b, i", "n = size()").collect(), 0.01)
    assert scan.head(1).collect()["i"].to_list() == [0]


def test_a_job_runs_after_an_interrupt(large, tmp_path):
    large.head(3).write_csv(tmp_path / "l.csv")
    job = lf.Steps.from_job(f'format = "libframe job"\nversion = 1\nreader = 1\ninput = \'read_csv("{tmp_path}/l.csv")\'\n'
                            '\n[[step]]\nverb = "head"\nn = 2\n')
    expect_interrupt(lambda: large.sort("b, i desc"))
    assert job.run().shape == (2, 3)


def test_turning_rows_into_values_is_interrupted(large):
    for work in (lambda: large["i"].to_list(), lambda: lf.DataFrame({"x": range(10**8)}), lambda: large.to_pylist()):
        expect_interrupt(work)


def test_ignored_interrupts_stay_ignored(python):
    assert python("""
import libframe as lf, os, signal, threading
signal.signal(signal.SIGINT, signal.SIG_IGN)
frame = lf.DataFrame({"i": range(300_000)})
threading.Timer(0.01, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
for _ in range(20): frame = frame.sort("i", descending=True)
print(len(frame), signal.getsignal(signal.SIGINT) == signal.SIG_IGN)
""") == "300000 True\n"


def test_many_threads_on_the_same_frames(large):
    small = large.head(50_000)
    expected = {"f": small.filter("a > 500000").shape, "g": small.group("b", "n = size()").shape,
                "s": small.sort("a").tail(1)["a"].to_list()}
    wrong = []

    def work(seed):
        for i in range(12):
            try:
                got = {"f": lambda: small.filter("a > 500000").shape, "g": lambda: small.group("b", "n = size()").shape,
                       "s": lambda: small.sort("a").tail(1)["a"].to_list()}["fgs"[(i + seed) % 3]]()
                if got != expected["fgs"[(i + seed) % 3]]:
                    wrong.append(got)
                small["b"][i], lf.DataFrame({"x": [i]}), repr(small)
                with pytest.raises(KeyError):
                    small.filter("nothing == 1")
            except BaseException as error:
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_child_works_on(large):
    most = large.sort("a")["a"][-1]       # the pool is running
    children = []
    for i in range(4):
        child = os.fork()
        if child == 0:
            good = large.sort("a desc").head(1)["a"].to_list() == [most] and len(large.group("b", "n = size()")) > 0
            os._exit(0 if good else 1)
        children.append(child)
        large.filter("a > 5")
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4


@not_in_asan
def test_forks_while_threads_work(python):
    """Child processes made in the middle of other threads' work; the parent and they go on."""
    assert python("""
import libframe as lf, os, threading
frame = lf.DataFrame({"i": range(200_000)})
stop = threading.Event()
def work():
    while not stop.is_set(): frame.with_("j = i * 2").sort("j desc")
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
bad = 0
for _ in range(10):
    child = os.fork()
    if child == 0:
        os._exit(0 if len(frame.filter("i < 10").sort("i desc")) == 10 else 1)
    bad += os.waitpid(child, 0)[1] != 0
stop.set()
for thread in threads: thread.join()
print(bad)
""", PYTHONWARNINGS="ignore") == "0\n"


@not_in_asan
def test_a_child_made_during_work_can_be_interrupted(python):
    assert python("""
import libframe as lf, os, signal, threading, time
frame = lf.DataFrame({"i": range(300_000)})
children = []
def fork():
    time.sleep(0.05)
    child = os.fork()
    if child == 0:
        try:
            threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
            while True: frame.sort("i desc")
        except KeyboardInterrupt:
            os._exit(0 if frame.head(1)["i"].to_list() == [0] else 2)
        os._exit(1)
    children.append(child)
thread = threading.Thread(target=fork)
thread.start()
while thread.is_alive(): frame.sort("i desc")
print(os.waitpid(children[0], 0)[1])
""", PYTHONWARNINGS="ignore") == "0\n"


def test_multiprocessing_takes_frames(python):
    assert python("""
import libframe as lf, multiprocessing
def total(frame): return frame.group("", "s = sum(i)")["s"][0]
frame = lf.DataFrame({"i": range(1000)})
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(sum(pool.map(total, [frame[:500], frame[500:]])))
""") == "499500\n"
