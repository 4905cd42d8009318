#!/usr/bin/env python3
"""Writes linear.txt: the best labellings of Talbot, Lin and Hanrahan (2010) for 200 intervals.

    python3 tests/golden/ticks/make.py > tests/golden/ticks/linear.txt

Oracle: the paper's definition, by brute force in exact rational arithmetic (Python 3 fractions): every labelling is scored,
nothing is rounded. With cover and inside nothing is skipped (j = 1), there
are at most m + max(2, m / 2) labels, and with inside coverage weighs .05. Of equal scores the first in the order of the paper's loops (j, q, k, z, start).
A line: low high count fit | score n first step second-best, where fit is free, cover or inside, and second-best is the score of
the best labelling with other labels (equal: a tie, where a program may choose either).
"""
import random
from fractions import Fraction as F
from math import floor, ceil, log10

Q = [F(1), F(5), F(2), F(5, 2), F(4), F(3)]
WEIGHTS = {"free": [F(1, 4), F(1, 5), F(1, 2), F(1, 20)], "cover": [F(1, 4), F(1, 5), F(1, 2), F(1, 20)],
           "inside": [F(1, 4), F(1, 20), F(1, 2), F(1, 20)]}


def score(W, low, high, m, qi, j, k, start, step_unit):
    first, last = start * step_unit, (start + j * (k - 1)) * step_unit
    zero = first <= 0 <= last and start % j == 0
    simplicity = 1 - F(qi, len(Q) - 1) - j + zero
    tenth = (high - low) / 10
    coverage = 1 - ((high - last) ** 2 + (low - first) ** 2) / (2 * tenth ** 2)
    got, want = F(k - 1) / (last - first), F(m - 1) / (max(last, high) - min(first, low))
    density = 2 - max(got / want, want / got)
    return W[0] * simplicity + W[1] * coverage + W[2] * density + W[3]


def labellings(W, low, high, m, j, most):
    """(score, first, step, n) of every labelling of a skip whose labels are not ridiculous."""
    for qi, q in enumerate(Q):
        for k in range(2, most + 1):
            z0 = ceil(log10((high - low) / (k + 1) / (j * q)))
            for z in range(z0 - 1, z0 + 4):
                unit = q * F(10) ** z
                step = unit * j
                if step * (k - 1) > 30 * (high - low):
                    continue
                for start in range(floor(high / step) * j - (k - 1) * j, ceil(low / step) * j + 1):
                    yield score(W, low, high, m, qi, j, k, start, unit), start * unit, step, k


def fits(low, high, fit, first, step, k):
    last = first + step * (k - 1)
    if fit == "cover":
        return first <= low and last >= high
    return fit == "free" or (first >= low and last <= high)


def best(low, high, m, fit):
    W = WEIGHTS[fit]
    most = 3 * m + 2 if fit == "free" else m + max(2, m // 2)
    top = None
    seen = {}
    for j in range(1, 2 if fit != "free" else 100):
        if top and W[0] * (2 - j) + W[1] + W[2] + W[3] < top[0]:
            break
        for s, first, step, k in labellings(W, low, high, m, j, most):
            if not fits(low, high, fit, first, step, k):
                continue
            key = first, step, k
            seen[key] = max(s, seen.get(key, s))
            if top is None or s > top[0]:
                top = s, first, step, k
    second = max((s for key, s in seen.items() if key != top[1:]), default=F(-10))
    return top, second


def text(x):
    """A fraction with a finite decimal as <digits>e<exponent>."""
    exponent = 0
    while x.denominator != 1:
        x *= 10
        exponent -= 1
    return f"{x.numerator}e{exponent}"


def intervals():
    yield from [("0", "1"), ("0", "100"), ("-1", "1"), ("0.1", "0.9"), ("3", "97"), ("0", "97"), ("-17.5", "4"), ("1990", "2024"),
                ("98.7", "101.3"), ("0", "1234567"), ("1e15", "1000000000000064"), ("-3e-7", "8e-7"), ("2.5", "7.5"), ("99", "101")]
    rng = random.Random(1)
    for i in range(186):
        a, b = rng.uniform(-1, 1), rng.uniform(-1, 1)
        scale = 10 ** rng.randint(-6, 8)
        digits = rng.choice([1, 2, 3, 6])
        low, high = sorted((float(f"{a:.{digits}g}"), float(f"{b:.{digits}g}")))
        if low == high:
            high += 1
        yield f"{low * scale:.6g}", f"{high * scale:.6g}"


def main():
    print("# low high count fit | score n first step second")
    for i, (a, b) in enumerate(intervals()):
        m = [5, 4, 7, 10, 3, 2][i % 6]
        fit = ["free", "cover", "inside"][i // 2 % 3]
        if a == b:
            continue
        (s, first, step, k), second = best(F(a), F(b), m, fit)
        print(f"{a} {b} {m} {fit} | {float(s):.15g} {k} {text(first)} {text(step)} {float(second):.15g}")


main()
