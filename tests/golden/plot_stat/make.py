#!/usr/bin/env python3
"""Writes stat.txt: boxes, lines, smooth curves, densities and bin widths of random values.

    python3 tests/golden/plot_stat/make.py > tests/golden/plot_stat/stat.txt

Oracles: NumPy (percentile, polyfit, the two widths of histogram_bin_edges "auto"), statsmodels' lowess, SciPy's gaussian_kde
with the bandwidth of R's nrd0; versions in the first line. A line: kind | arguments | values … | results; numbers as
hexadecimal doubles.
"""
import random
from fractions import Fraction
from math import floor, log2, log10

import numpy as np
import scipy
import statsmodels
from scipy.stats import gaussian_kde
from statsmodels.nonparametric.smoothers_lowess import lowess


def text(values):
    return " ".join(float(v).hex() for v in values)


def sample(rng, n):
    kind = rng.randrange(4)
    if kind == 0:
        return [rng.gauss(50, 10) for _ in range(n)]
    if kind == 1:
        return [rng.lognormvariate(3, 1) for _ in range(n)]
    if kind == 2:
        return [rng.uniform(-1, 1) for _ in range(n)]
    return [round(rng.gauss(0, 3), 1) for _ in range(n)]


def box(values):
    v = np.sort(values)
    q1, median, q3 = np.percentile(v, [25, 50, 75])
    inside = v[(v >= q1 - 1.5 * (q3 - q1)) & (v <= q3 + 1.5 * (q3 - q1))]
    return [q1, median, q3, inside[0], inside[-1], len(v) - len(inside)]


def nice(x):
    """The step 1, 2, 2.5, 5 × 10^k nearest to x in proportion; a tie goes down."""
    k = floor(log10(x)) - 1
    steps = [Fraction(s, 10) * Fraction(10) ** (k + i) for i in range(4) for s in (10, 20, 25, 50)]
    return min(steps, key=lambda s: (abs(log10(x) - log10(s)), s))


def width(values):
    q1, q3 = np.percentile(values, [25, 75])
    freedman = 2 * (q3 - q1) / np.cbrt(len(values))
    sturges = (max(values) - min(values)) / (log2(len(values)) + 1)
    return nice(min(freedman, sturges) if freedman > 0 else sturges)


def density(values, grid):
    v = np.array(values)
    sd, iqr = v.std(ddof=1), np.subtract(*np.percentile(v, [75, 25])) / 1.34
    band = 0.9 * (min(sd, iqr) if iqr > 0 else sd) * len(v) ** -0.2
    return gaussian_kde(v, bw_method=band / sd)(grid)


def main():
    rng = random.Random(3)
    print(f"# NumPy {np.__version__}, SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}")
    for _ in range(40):
        v = sample(rng, rng.randint(1, 60))
        print(f"box | | {text(v)} | {text(box(v))}")
    for _ in range(40):
        v = sample(rng, rng.randint(20, 60)) + [rng.random() / 7]      # never all whole
        print(f"width | | {text(v)} | {text([width(v)])}")
    for _ in range(20):
        n = rng.randint(3, 30)
        x = [1.7e9 + rng.uniform(0, 86400) for _ in range(n)]
        y = [3 - 2e-4 * (a - 1.7e9) + rng.gauss(0, 1) for a in x]
        centred = np.array(x) - 1.7e9                                   # exact; polyfit itself loses digits at 1.7e9
        slope, _ = np.polyfit(centred, y, 1)
        r2 = np.corrcoef(centred, y)[0, 1] ** 2
        print(f"line | {text(x)} | {text(y)} | {text([slope, np.mean(y), r2])}")
    for _ in range(12):
        n = rng.randint(12, 40)
        x = sorted(rng.uniform(0, 10) for _ in range(n))
        y = [np.sin(a) + rng.gauss(0, 0.3) + (5 if rng.random() < 0.05 else 0) for a in x]
        share, robust = rng.choice([0.3, 0.5, 2 / 3]), rng.choice([0, 3])
        fitted = lowess(y, x, frac=share, it=robust, delta=0, return_sorted=False)
        print(f"smooth | {text([share, robust])} {text(x)} | {text(y)} | {text(fitted)}")
    for _ in range(12):
        v = sample(rng, rng.randint(10, 60))
        low, high = min(v) - np.std(v), max(v) + np.std(v)
        print(f"density | {text([low, high])} | {text(v)} | {text(density(v, np.linspace(low, high, 9)))}")


main()
