#!/usr/bin/env python3
"""Writes joins.json: which left rows polars keeps in semi and anti joins, and which pairs of rows it makes in full joins, with
their keys. DuckDB must agree where nulls do not match.

    bench-venv/bin/python tests/golden/joins/make.py > tests/golden/joins/joins.json

Oracles: polars and DuckDB, versions in the file. Small tables of random keys: integers dense and sparse, floats with NaN,
texts, bools, two keys at once; nulls on neither, one or both sides; keys that repeat; sides without rows. A row is told by
its number. polars promises no order unless asked, so it is asked for the left's, and in full joins for the right's behind it;
of DuckDB the rows are compared as a set.
"""
import json
import random

import duckdb
import polars as pl

KEYS = {
    "dense": lambda r: r.randrange(6),
    "sparse": lambda r: r.randrange(6) * 10**15 - 2 * 10**15,
    "float": lambda r: r.choice([0.5, -1.25, 1e300, float("nan"), 7.0]),
    "text": lambda r: r.choice(["", "a", "b", "a text longer than a view", "a text longer than a vieW"]),
    "bool": lambda r: r.random() < 0.5,
}
TYPES = {"dense": pl.Int64, "sparse": pl.Int64, "float": pl.Float64, "text": pl.String, "bool": pl.Boolean}


def column(r, kind, n, share):
    return pl.Series([None if r.random() < share else KEYS[kind](r) for _ in range(n)], dtype=TYPES[kind])


def side(r, kinds, n, share, number):
    columns = {f"k{i}": column(r, kind, n, share) for i, kind in enumerate(kinds)}
    return pl.DataFrame(columns | {number: pl.Series(range(n), dtype=pl.Int64)})


def kept(left, right, on, how, nulls_match):
    rows = left.join(right, on=on, how=how, nulls_equal=nulls_match, maintain_order="left")["i"].to_list()
    if not nulls_match:
        theirs = duckdb.sql(f"select i from left_ {how} join right_ using ({', '.join(on)}) order by i")
        assert [row[0] for row in theirs.fetchall()] == rows
    return rows


def paired(left, right, on, nulls_match):
    full = left.join(right, on=on, how="full", coalesce=True, nulls_equal=nulls_match, maintain_order="left_right")
    rows = [[text(v) for v in row] for row in full.select("i", "j", *on).rows()]
    if not nulls_match:
        theirs = duckdb.sql(f"select i, j, {', '.join(on)} from left_ full join right_ using ({', '.join(on)})")
        assert sorted(map(repr, rows)) == sorted(repr([text(v) for v in row]) for row in theirs.fetchall())
    return rows


def text(value):
    return "NaN" if value != value else value


def main():
    r = random.Random(20261128)
    cases = []
    for kinds in (["dense"], ["sparse"], ["float"], ["text"], ["bool"], ["dense", "text"], ["sparse", "float"]):
        for n, m in ((0, 4), (5, 0), (1, 1), (9, 3), (20, 12)):
            for shares in ((0, 0), (0.3, 0), (0.3, 0.3)):
                left, right = side(r, kinds, n, shares[0], "i"), side(r, kinds, m, shares[1], "j")
                on = [f"k{i}" for i in range(len(kinds))]
                duckdb.register("left_", left.to_arrow())
                duckdb.register("right_", right.to_arrow())
                answers = {f"{how}{' nulls_match' * nulls}": kept(left, right, on, how, nulls)
                           for how in ("semi", "anti") for nulls in (False, True)}
                full = {f"full{' nulls_match' * nulls}": paired(left, right, on, nulls) for nulls in (False, True)}
                cases.append({"kinds": kinds, "left": [[text(v) for v in left[k].to_list()] for k in on],
                              "right": [[text(v) for v in right[k].to_list()] for k in on], "kept": answers, "paired": full})
    lines = ",\n".join(json.dumps(case) for case in cases)
    print(f'{{"oracles": "polars {pl.__version__}, DuckDB {duckdb.__version__}", "cases": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
