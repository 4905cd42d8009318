"""Signals: the first one ends the work, waits for pipes too, and leaves no half of a file."""
import os
import signal
import subprocess
import time

import pytest


def handles_interrupts(pid):
    """Whether a process has its handler of SIGINT in place by now."""
    with open(f"/proc/{pid}/status") as status:
        caught = next(line for line in status if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1


@pytest.mark.parametrize("words", ["count -", "- --csv", "analyze -", "describe pipe", "analyze pipe"])
def test_one_interrupt_ends_the_wait_for_a_pipe(frame_command, tmp_path, words):
    """Nobody writes and nobody closes the pipe: the signal alone ends the command."""
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDWR)
    reader = subprocess.Popen([frame_command, *words.split()], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, cwd=tmp_path, text=True)
    reader.stdin.write("a\n1\n")
    reader.stdin.flush()
    while reader.poll() is None and not handles_interrupts(reader.pid):
        time.sleep(0.01)
    reader.send_signal(signal.SIGINT)
    assert reader.wait(timeout=600) == 130
    assert reader.stderr.read().endswith(": cancelled\n")
    os.close(held)


def has_open(pid, path):
    links = [f"/proc/{pid}/fd/{name}" for name in os.listdir(f"/proc/{pid}/fd")]
    return str(path) in [os.readlink(link) for link in links if os.path.lexists(link)]


def reading_a_pipe(command, folder, number, disposition):
    """A command that waits for rows of a pipe, which is held open, and was told beforehand what to do with a signal."""
    os.mkfifo(folder / "pipe")
    held = os.open(folder / "pipe", os.O_RDWR)
    os.write(held, b"a\n1\n")
    reader = subprocess.Popen([command, "pipe", "-o", "o.csv"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder,
                              text=True, preexec_fn=lambda: signal.signal(number, disposition))
    while reader.poll() is None and not (handles_interrupts(reader.pid) and has_open(reader.pid, folder / "pipe")):
        time.sleep(0.01)                    # a pipe without a reader forgets what was written when its writer is gone
    return reader, held


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_half_of_a_file(frame_command, tmp_path, number):
    reader, held = reading_a_pipe(frame_command, tmp_path, number, signal.SIG_DFL)
    reader.send_signal(number)
    assert reader.wait(timeout=60) == 130
    assert reader.stderr.read().endswith(": cancelled\n")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    os.close(held)


def test_a_signal_that_was_to_be_ignored_is(frame_command, tmp_path):
    reader, held = reading_a_pipe(frame_command, tmp_path, signal.SIGHUP, signal.SIG_IGN)
    reader.send_signal(signal.SIGHUP)
    os.close(held)                                                   # the end of the rows
    assert reader.wait(timeout=60) == 0, reader.stderr.read()
    assert (tmp_path / "o.csv").read_text() == "a\n1\n"


# With threads, one of them may be the one that writes to the closed pipe.
@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("show", ["--csv", "--json", "--rows 100000"])
def test_a_closed_pipe_is_no_error_message(frame_command, tmp_path, threads, show):
    (tmp_path / "long.csv").write_text("x\n" + "\n".join(map(str, range(100000))) + "\n")
    for _ in range(5):
        writer = subprocess.Popen([frame_command, "long.csv", *show.split(), "--threads", str(threads)], cwd=tmp_path,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        assert len(writer.stdout.read(1)) == 1           # the rest is more than a pipe holds
        writer.stdout.close()
        assert writer.stderr.read() == b"" and writer.wait(timeout=600) == -signal.SIGPIPE
