#!/usr/bin/env python3
"""What a call from Python costs beside the work it asks for: pipes of one step on three rows.

    PYTHONPATH=build/python /usr/bin/python3 bench/bench_python.py

Prints microseconds a call, the best of many short rounds. Not run by any test. The budget for a one-step pipe is 20 µs.
"""
import timeit

import libframe as lf

FRAME = lf.DataFrame({"a": [1, 2, 3], "s": ["x", "y", "z"]})
STEPS = lf.Steps("head 1")
CALLS = {
    'df.head(1)': lambda: FRAME.head(1),
    'df.pipe(steps of one)': lambda: FRAME.pipe(STEPS),
    'df.pipe("head 1")': lambda: FRAME.pipe("head 1"),
    'df.select("a")': lambda: FRAME.select("a"),
    'df.sort("a")': lambda: FRAME.sort("a"),
    'df.filter("a > 1")': lambda: FRAME.filter("a > 1"),
    'df.filter("a > $1", 1)': lambda: FRAME.filter("a > $1", 1),
    'df.with_("b = a + 1")': lambda: FRAME.with_("b = a + 1"),
    'df.group("s", "n = size()")': lambda: FRAME.group("s", "n = size()"),
    'df["a"]': lambda: FRAME["a"],
    'df["a"].to_list()': lambda: FRAME["a"].to_list(),
    'df[1:]': lambda: FRAME[1:],
    'DataFrame of three rows': lambda: lf.DataFrame({"a": [1, 2, 3], "s": ["x", "y", "z"]}),
}


def main():
    for name, call in CALLS.items():
        best = min(timeit.repeat(call, number=50, repeat=300)) / 50       # short rounds: other programs do not show
        print(f"{name:32} {best * 1e6:7.1f} µs")


if __name__ == "__main__":
    main()
