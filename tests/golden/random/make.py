#!/usr/bin/env python3
"""Writes random.txt: what numpy.random.RandomState draws, for src/frame/base/mt19937.c.

    python3 tests/golden/random/make.py > tests/golden/random/random.txt

Oracle: the NumPy named in the first line. Each line: what is drawn, the seed (a + b: an array), then the values.
"""
import numpy as np

SEEDS = [0, 1, 42, 4294967295, [1, 2, 3], [0], [2**32 - 1] * 700]


def line(what, seed, values):
    name = "+".join(map(str, seed[:3])) + f"x{len(seed)}" if isinstance(seed, list) else str(seed)
    print(what, name, *values)


print(f"# numpy {np.__version__}")
for seed in SEEDS:
    line("u32", seed, np.random.RandomState(seed).randint(0, 2**32, 8, dtype=np.int64))
    line("random", seed, [float(x).hex() for x in np.random.RandomState(seed).random_sample(5)])
    line("normal", seed, [float(x).hex() for x in np.random.RandomState(seed).standard_normal(5)])
    line("randint", seed, np.random.RandomState(seed).randint(-3, 1000, 12))
    line("randint_wide", seed, np.random.RandomState(seed).randint(-2**62, 2**62, 5))
    line("permutation", seed, np.random.RandomState(seed).permutation(23))
late = np.random.RandomState(7)
late.random_sample(100_000)
line("late", 7, late.permutation(10))
