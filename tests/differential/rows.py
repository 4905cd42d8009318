#!/usr/bin/env python3
"""Which rows, and in which order: sort, distinct, head and tail by groups, filter, concat, drop_null, against plain Python.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/rows.py --minutes 5 [--seed 1] [--case 1234]

Columns of every type, with NaN, both zeros, infinities and the ends of the types among their values, and nulls in
patterns, which run.py leaves out where other engines mean something else by them. The oracle works on lists of row
numbers with rules of its own: numbers, then NaN, then null, in both directions; NaN and both zeros are one key;
conditions have three values. Frames are whole, slices, concats, results of filters and of joins; the bits must be those
of the oracle's rows, for any number of threads.
"""
import math
import random
import sys
import traceback

import joins
import libframe as lf
import numpy as np
import polars as pl

import cases
from typed import INTS, TYPES, Differs, nulls, values

LENGTHS = [0, 1, 2, 3, 63, 64, 65, 200, 511, 1000, 1000, 4097, 8193, 33_000, 70_000]
OPERATORS = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
             ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}


def table(rng, g, n):
    kinds = {f"c{i}": rng.choice(TYPES) for i in range(rng.randint(1, 4))}
    return pl.DataFrame([nulls(g, rng, values(g, rng, kind, n).alias(name)) for name, kind in kinds.items()]), kinds


# ---- rules -------------------------------------------------------------------------------------------------------------
def sort_step(rng, data, kinds):
    names = rng.sample(sorted(kinds), rng.randint(1, len(kinds)))
    down, first = {name: rng.random() < 0.5 for name in names}, rng.random() < 0.3
    rows = list(range(len(data)))
    for name in reversed(names):
        keys = joins.plain_keys(data[name])
        if not first:
            rows = stable(rows, keys, down[name])
        else:
            rows = [r for r in rows if keys[r] is None] + stable([r for r in rows if keys[r] is not None], keys, down[name])
    by = ", ".join(f"{name} {'desc' if down[name] else 'asc'}" for name in names)
    cut = rng.choice([None, None, 0, 1, 7, 100])
    steps = lf.Steps().sort(by, nulls_first=first)
    if cut is not None:
        end = rng.choice(["head", "tail"])
        steps, rows = getattr(steps, end)(cut), rows[:cut] if end == "head" else rows[max(len(rows) - cut, 0):]
    return f"sort({by!r}, nulls_first={first}), cut {cut}", lambda v: v.pipe(steps), rows


def stable(rows, keys, down):
    """Values, then NaN, then null; rows of equal keys stay in order."""
    plain = sorted((r for r in rows if keys[r] is not None and keys[r] is not joins.NAN), key=keys.__getitem__, reverse=down)
    return plain + [r for r in rows if keys[r] is joins.NAN] + [r for r in rows if keys[r] is None]


def row_keys(data, names):
    return list(zip(*(joins.plain_keys(data[name]) for name in names))) if names else []


def distinct_step(rng, data, kinds):
    names, keep = rng.sample(sorted(kinds), rng.randint(1, len(kinds))), rng.choice(["first", "last", "none"])
    seen = {}
    for row, key in enumerate(row_keys(data, names)):
        seen.setdefault(key, []).append(row)
    rows = sorted(r[0] if keep == "first" else r[-1] for r in seen.values() if keep != "none" or len(r) == 1)
    return f"distinct({names}, {keep})", lambda v: v.distinct(names, keep=keep), rows


def head_by_step(rng, data, kinds):
    names, n, name = rng.sample(sorted(kinds), rng.choice([1, 1, 2]) if len(kinds) > 1 else 1), rng.choice([0, 1, 2, 3, 5, 100]), \
        rng.choice(["head", "tail"])
    said, rows, steps = "", list(range(len(data))), lf.Steps()
    if rng.random() < 0.5:                              # planned together with what follows
        text, truth = condition(rng, data, kinds, 1)
        rows = [row for row in rows if truth[row] is True]
        steps = steps.filter(text)
        said = f"filter({text!r}), "
    if rng.random() < 0.6:
        key, down = rng.choice(sorted(kinds)), rng.random() < 0.5
        order = joins.plain_keys(data[key])
        rows = stable(rows, order, down)
        steps = steps.sort(f"{key} {'desc' if down else 'asc'}")
        said += f"sort {key} {down}, "
    steps = getattr(steps, name)(n, by=names)
    groups = {}
    keys = row_keys(data, names)
    for place, row in enumerate(rows):
        groups.setdefault(keys[row], []).append(place)
    kept = sorted(p for places in groups.values() for p in (places[:n] if name == "head" else places[max(len(places) - n, 0):]))
    return f"{said}{name}({n}, by={names})", lambda v: v.pipe(steps), [rows[p] for p in kept]


def drop_null_step(rng, data, kinds):
    names = rng.sample(sorted(kinds), rng.randint(1, len(kinds)))
    how = rng.choice(["any", "all", "least"])
    least = {"any": len(names), "all": 1}.get(how, rng.randint(0, len(names)))
    counts = sum((data[name].is_not_null().cast(pl.Int64) for name in names), pl.Series([0] * len(data), dtype=pl.Int64))
    rows = (counts >= least).arg_true().to_list()
    options = {"min_valid": least} if how == "least" else {"how": how}
    return f"drop_null({names}, {options})", lambda v: v.drop_null(names, **options), rows


# ---- conditions --------------------------------------------------------------------------------------------------------
def literal(rng, kind, column):
    """(text, value) of a literal that is compared with a column, or None."""
    if kind not in (*INTS, "f32", "f64", "str", "cat"):
        return None
    some = [v for v in column.head(50).to_list() if v is not None]
    if kind in INTS or kind in ("f32", "f64"):
        own = rng.choice(some) if some else 0
        x = rng.choice([own, own, 0, 1, -1, 100, 2.5, 1e30, -2**63 + 1, 2**63 - 1, 300, 70_000, 5_000_000_000, -0.5])
        if isinstance(x, float) and not math.isfinite(x):
            x = 0.25
        return repr(x), x
    x = rng.choice(some) if some else "v1"
    return "'" + x + "'", x


def comparison(rng, data, kinds):
    """(text, list of True, False or None)."""
    name = rng.choice(sorted(kinds))
    kind, column = kinds[name], data[name]
    if rng.random() < 0.25:
        negated = rng.random() < 0.5
        return f"{name} is {'not ' if negated else ''}null", [x != negated for x in column.is_null().to_list()]
    if kind == "bool":
        return name, column.to_list()
    same = [other for other in sorted(kinds) if other != name and alike(kinds[other], kind)]
    operator = rng.choice(sorted(OPERATORS))
    if same and rng.random() < 0.5:
        other = rng.choice(same)
        text, right = other, comparable(data[other])
    else:
        found = literal(rng, kind, column)
        if not found:
            return f"{name} is null", column.is_null().to_list()
        text, right = found[0], [found[1]] * len(data)
    compare = OPERATORS[operator]
    return f"{name} {operator} {text}", [None if a is None or b is None else compare(a, b)
                                         for a, b in zip(comparable(column), right)]


def comparable(column):
    if column.dtype.is_float() or column.dtype.is_integer():
        return column.to_list()
    return joins.plain_keys(column)


def alike(a, b):
    number = {*INTS, "f32", "f64"}
    return a == b or (a in number and b in number) or {a, b} <= {"str", "cat"}


def both(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


def either(a, b):
    return True if a is True or b is True else None if a is None or b is None else False


def condition(rng, data, kinds, depth):
    if not depth or rng.random() < 0.25:
        return comparison(rng, data, kinds)
    how = rng.choice(["and", "or", "not"])
    left, a = condition(rng, data, kinds, depth - 1)
    if how == "not":
        return f"not ({left})", [None if x is None else not x for x in a]
    right, b = condition(rng, data, kinds, depth - 1)
    return f"({left}) {how} ({right})", list(map(both if how == "and" else either, a, b))


def filter_step(rng, data, kinds):
    text, truth = condition(rng, data, kinds, 3)
    return f"filter({text!r})", lambda v: v.filter(text), [row for row, x in enumerate(truth) if x is True]


STEPS = [sort_step, sort_step, distinct_step, head_by_step, head_by_step, drop_null_step, filter_step, filter_step]


# ---- one case ----------------------------------------------------------------------------------------------------------
def run_case(seed, counts, rows):
    rng = random.Random(seed)
    kinds, said = {}, ""
    try:
        g = np.random.default_rng(rng.getrandbits(64))
        data, kinds = table(rng, g, rng.choice(LENGTHS) if rows is None else rows)
        step = rng.choice(STEPS)
        said, ask, expected = step(rng, data, kinds)
        columns = [data[name].gather(pl.Series(expected, dtype=pl.UInt32)) for name in data.columns]
        first = None
        for threads in rng.sample([1, 2, 5], 2):
            frame, way = joins.as_frame(rng, g, data, lf.Context(threads=threads))
            ours = ask(frame)
            first = ours if first is None else first
            try:
                joins.compare(ours.to_polars(), data.columns, columns)
            except Differs as found:
                raise Differs(f"{threads} threads, {way}: {found}") from found
            if not ours.equals(first):
                raise Differs(f"{threads} threads, {way}: other bits than before")
            counts[step.__name__] += 1
    except Differs as found:
        return f"case {seed}: {len(data)} rows of {kinds}: {said}\n    {found}"
    except Exception:
        return f"case {seed}: {kinds}: {said}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: lengths next to thresholds"))
