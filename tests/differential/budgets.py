#!/usr/bin/env python3
"""Steps on long frames with less memory than they want: the answer, or an error that names the step and the bytes.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/budgets.py --minutes 5 [--seed 1] [--case 1234]

Each step of large.py is run with plenty of memory, then with shares of what it took at its peak. What is refused must say
which step wanted how much, and leave nothing behind: no bytes in use, no file half written. What is not refused must be
the same bits. Frames are read from memory, put together late, or read from a CSV file under the same limit.
"""
import gc
import os
import random
import re
import sys
import tempfile
import traceback

import libframe as lf
import pyarrow as pa

import cases
import large
from typed import Differs

NAMES_STEP = re.compile(r"^[a-z_]+: .*\b\d+ (bytes|rows)|^[a-z_]+: .*memory", re.S)


def within(frame, bytes_):
    """The frame under a context of its own; what it holds itself counts elsewhere, but for what it takes to move it."""
    return frame.with_context(lf.Context(threads=frame.context.threads, memory_bytes=bytes_ + 4096))


def refusal(do):
    """What was said, or None: (message, result)."""
    try:
        return None, do()
    except (lf.FrameError, MemoryError, pa.ArrowInvalid) as error:
        if getattr(error, "code", "memory") not in ("limit", "memory") or "bytes" not in str(error):
            raise
        return str(error), None


def run_tight(frame, step, bytes_, expected):
    """Whether the step was refused, or the columns that it had left to be made later."""
    tight = within(frame, bytes_)
    before = tight.context.live_bytes
    said, answer = refusal(lambda: step(tight))
    if said and bytes_ > 1_000 and not NAMES_STEP.match(said):       # with less the message itself has no room
        raise Differs(f"{bytes_} bytes: the message does not say what wanted how much: {said}")
    if answer is not None:
        if not answer.equals(expected):
            raise Differs(f"{bytes_} bytes: another answer")
        said = refusal(answer.to_arrow)[0]
    del answer
    gc.collect()
    if tight.context.live_bytes > before + 4096:
        raise Differs(f"{bytes_} bytes, {said}: {tight.context.live_bytes - before} bytes are still in use")
    return said


def csv_within(frame, counts, rng):
    """Written and read with less memory than that takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, rng.choice(["t.csv", "t.csv.gz"]))
        frame.write_csv(path)
        whole = lf.read_csv(path, header=True, sep=",", context=lf.Context(threads=2))
        peak = whole.context.peak_bytes
        for share in (0.02, 0.2, 0.5, 0.8, 0.95):
            context = lf.Context(threads=rng.choice([1, 2, 3]), memory_bytes=int(peak * share) + 1)
            said, back = refusal(lambda: lf.read_csv(path, header=True, sep=",", context=context))
            if not said and not back.equals(whole):
                raise Differs("another frame is read with less memory")
            counts["read refused" if said else "read"] += 1
            del back
            gc.collect()
            if context.live_bytes > 4096:
                raise Differs(f"read_csv within {share} of its peak leaves {context.live_bytes} bytes")
            again = os.path.join(folder, "again.csv")
            said = refusal(lambda: within(frame, int(len(frame) * share)).write_csv(again))[0]
            counts["write refused" if said else "written"] += 1
            if not said:
                os.unlink(again)
            if os.listdir(folder) != [os.path.basename(path)]:
                raise Differs(f"a refused write leaves {os.listdir(folder)}")


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    text, kinds, way = "", {}, ""
    try:
        context = lf.Context(threads=rng.choice([1, 2, 3]))
        data, kinds = large.table(rng, rows or rng.choice([1000, 20_000, 100_000, 300_000]))
        frame, way = large.as_frame(rng, data, context)
        step = large.random_step(rng, data, kinds, context)
        text = step.text
        before = context.live_bytes
        expected = large.refused(rng, step, frame)
        if expected is None:
            return None
        expected.to_arrow()
        wanted = max(context.peak_bytes - before, 1000)
        for share in (0, 0.01, 0.1, 0.3, 0.6, 0.9):
            said = run_tight(frame, step.lf, int(wanted * share), expected)
            counts["refused" if said else "answered"] += 1
        if rng.random() < 0.3:
            csv_within(frame, counts, rng)
    except Differs as found:
        return f"case {seed}: {way}, {len(data)} rows of {kinds}\n    {text}: {found}"
    except Exception:
        return f"case {seed}: {way}, {kinds}, {text}: {traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: from 10^3 to 300,000"))
