#!/usr/bin/env python3
"""Writes asof.json: which right row pandas.merge_asof finds for each left row, backward, forward and nearest, with and without
equal keys, within a tolerance and in any distance, alone and by a key that is equal.

    bench-venv/bin/python tests/golden/asof/make.py > tests/golden/asof/asof.json

Oracle: pandas, version in the file; polars must agree backward and forward. (Of two that are equally near polars takes the
one behind, pandas the one before.) Small tables of random keys, sorted, as pandas demands: integers with and without repeats,
floats, days, moments. A row is told by its number; keys are written as numbers of their unit.
"""
import json
import random

import numpy as np
import pandas as pd
import polars as pl

TICKS = {"i64": "int64", "f64": "float64", "date": "datetime64[s]", "datetime[us]": "datetime64[us]"}
A_TICK = {"date": 86_400, "datetime[us]": 1}


def times(r, kind, n, span):
    numbers = sorted(r.randrange(span) for _ in range(n))
    return [x / 4 for x in numbers] if kind == "f64" else numbers


def frame(kind, numbers, groups, number):
    ticks = np.array([x * A_TICK.get(kind, 1) for x in numbers], dtype="float64" if kind == "f64" else "int64")
    return pd.DataFrame({"t": ticks.astype(TICKS[kind]), "k": pd.Series(groups, dtype="str"), number: range(len(numbers))})


def reach(kind, x):
    if kind in A_TICK:
        return pd.Timedelta(x * A_TICK[kind], "s" if kind == "date" else "us")
    return x / 4 if kind == "f64" else x


def answer(left, right, kind, by, way):
    direction, exact, tolerance = way
    joined = pd.merge_asof(left, right.rename(columns={"k": "k" if by else "other"}), on="t", by="k" if by else None,
                           direction=direction, allow_exact_matches=exact,
                           tolerance=None if tolerance is None else reach(kind, tolerance))
    rows = [None if pd.isna(j) else int(j) for j in joined["j"]]
    if direction != "nearest" and len(left) and len(right):
        theirs = pl.from_pandas(left).join_asof(
            pl.from_pandas(right), on="t", by="k" if by else None, strategy=direction, allow_exact_matches=exact,
            tolerance=None if tolerance is None else reach(kind, tolerance) if kind not in A_TICK
            else reach(kind, tolerance).to_pytimedelta(), check_sortedness=False)
        assert theirs["j"].to_list() == rows, (left, right, way)
    return rows


def main():
    r = random.Random(20261128)
    ways = [(d, exact, tolerance) for d in ("backward", "forward", "nearest") for exact in (True, False)
            for tolerance in (None, 0, 3)]
    cases = []
    for kind in TICKS:
        for n, m in ((0, 4), (5, 0), (1, 1), (9, 4), (12, 15)):
            for span in (12, 60):
                left, right = times(r, kind, n, span), times(r, kind, m, span)
                groups = [[r.choice("abc") for _ in range(length)] for length in (n, m)]
                frames = frame(kind, left, groups[0], "i"), frame(kind, right, groups[1], "j")
                found = [{"direction": way[0], "exact": way[1], "tolerance": way[2], "by": by,
                          "rows": answer(*frames, kind, by, way)} for way in ways for by in (False, True)]
                cases.append({"kind": kind, "left": left, "right": right, "groups": groups, "found": found})
    lines = ",\n".join(json.dumps(case) for case in cases)
    print(f'{{"oracles": "pandas {pd.__version__}, polars {pl.__version__}", "cases": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
