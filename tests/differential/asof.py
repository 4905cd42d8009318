#!/usr/bin/env python3
"""Asof joins of every type of ordered key, against bisection in plain Python.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/asof.py --minutes 5 [--seed 1] [--case 1234]

Keys of one type on both sides: whole numbers of any width up to their ends, floats with NaN, infinities and both zeros,
decimals, dates, moments, times and durations, with nulls; alone and behind one key that is equal, of which there are few or
many; sides of no rows, in order or not. Numbers are exact here, so ties and tolerances are. The frames joined are whole,
slices, concats or what filters and joins left; other numbers of threads must give the same bits.
"""
import bisect
import math
import random
import sys
import traceback

import joins
import libframe as lf
import numpy as np
import polars as pl

import cases
from typed import INTS, Differs, nulls, values

LENGTHS = [0, 1, 2, 3, 63, 64, 65, 511, 1000, 1000, 4097, 33_000, 66_000]
KINDS = [*INTS, "f64", "f64", "f32", "decimal", "date", "datetime[us]", "datetime[ns]", "datetime[us, UTC]", "duration[ms]", "time"]
NS = {"date": 86_400 * 10**9, "time": 1, "us": 1000, "ms": 1_000_000, "ns": 1}


def exact(series):
    """Numbers that can be subtracted; None for what has no place in an order."""
    if series.dtype.is_float():
        return [None if v is None or math.isnan(v) else v for v in series.to_list()]
    if series.dtype == pl.Time or series.dtype.is_temporal():
        return series.to_physical().to_list()
    return series.to_list()


def key(rng, g, kind, n, span):
    x = values(g, rng, kind, n) if span is None else joins.of_kind(kind, pl.Series(g.integers(0, span, n)), "{}", 1) \
        if kind not in INTS and kind not in ("f32", "f64") else pl.Series(g.integers(0, span, n)).cast(
            INTS.get(kind, pl.Float32 if kind == "f32" else pl.Float64))
    x = x.alias("t")
    return nulls(g, rng, x.sort() if rng.random() < 0.6 else x)


def distance(a, b):
    return 0 if a == b else abs(a - b)


def found(left, right, way):
    """The row of the right for each of the left: (group, key) of both."""
    groups = {}
    for row, (group, t) in enumerate(right):
        if t is not None:
            groups.setdefault(group, []).append((t, row))
    for rows in groups.values():
        rows.sort()
    out = []
    for group, t in left:
        rows = groups.get(group, [])
        if t is None or not rows:
            out.append(None)
            continue
        first, behind = bisect.bisect_left(rows, (t, -1)), bisect.bisect_left(rows, (t, math.inf))
        before, after = (first - 1, behind) if way["no_exact"] else (behind - 1, first)
        if way["direction"] == "nearest" and first < behind and not way["no_exact"]:
            after = before
        wanted = [i for i, ways in ((before, ("backward", "nearest")), (after, ("forward", "nearest")))
                  if way["direction"] in ways and 0 <= i < len(rows)]
        best = min(wanted, key=lambda i: distance(rows[i][0], t), default=None)
        if best is not None and way["reach"] is not None and distance(rows[best][0], t) > way["reach"]:
            best = None
        out.append(None if best is None else rows[best][1])
    return out


def tolerance(kind, series, reach):
    if reach is None or kind in INTS or kind in ("f32", "f64", "decimal"):
        return reach
    return f"{reach * NS[kind if kind in NS else series.dtype.time_unit]}ns"


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    said = ""
    try:
        g = np.random.default_rng(rng.getrandbits(64))
        n, m = (rng.choice(LENGTHS) if rows is None else rows for _ in range(2))
        kind, span = rng.choice(KINDS), rng.choice([None, 1, 5, 100])
        columns = [key(rng, g, kind, length, span) for length in (n, m)]
        n_groups = rng.choice([1, 1, 2, 50, max(n, 1)])
        groups = [nulls(g, rng, pl.Series("k", g.integers(0, n_groups, length))) for length in (n, m)]
        left, right = (pl.DataFrame([k, t, pl.Series(name, range(len(t)), dtype=pl.Int64)])
                       for k, t, name in zip(groups, columns, "ij"))
        way = {"direction": rng.choice(["backward", "forward", "nearest"]), "no_exact": rng.random() < 0.3,
               "reach": rng.choice([None, None, 0, 1, 3])}
        by = n_groups > 1 or rng.random() < 0.2
        wanted = found(*(list(zip(k.to_list() if by else [0] * len(t), exact(t))) for k, t in zip(groups, columns)), way) \
            if not by else found(*([(k, t if k is not None else None) for k, t in zip(one.to_list(), exact(two))]
                                   for one, two in zip(groups, columns)), way)
        said = f"{n} and {m} rows of {kind}, {n_groups} groups, {way}"
        first = None
        for threads in rng.sample([1, 2, 3, 5], 2):
            context = lf.Context(threads=threads)
            (a, way_a), (b, way_b) = joins.as_frame(rng, g, left, context), joins.as_frame(rng, g, right, context)
            ours = a.join(b, "k, t" if by else "t", how="asof", direction=way["direction"], no_exact=way["no_exact"],
                          tolerance=tolerance(kind, columns[0], way["reach"]))
            first = ours if first is None else first
            if ours["j"].to_list() != wanted or ours["i"].to_list() != list(range(n)):
                at = next(i for i, (x, y) in enumerate(zip(ours["j"].to_list(), wanted)) if x != y)
                raise Differs(f"{threads} threads, {way_a} and {way_b}: row {at}: {ours['j'][at]}, expected {wanted[at]}")
            if not ours.equals(first):
                raise Differs(f"{threads} threads, {way_a} and {way_b}: other bits than before")
            counts["compared"] += 1
    except Differs as found_out:
        return f"case {seed}: {said}\n    {found_out}"
    except Exception:
        return f"case {seed}: {said}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of both frames; default: lengths next to thresholds"))
