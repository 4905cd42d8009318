#!/usr/bin/env python3
"""Every aggregate over every type, at the lengths and numbers of groups where the ways change, against polars.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/aggregates.py --minutes 5 [--seed 1] [--case 1234]

One key (whole numbers dense or wide, floats, texts short or long, dates, bools, categories) of a number of groups next to
a threshold, one or two values of any type with a pattern of nulls (none, few, many, the whole of some groups, all), nan
and zeros of both signs among the floats, the ends of the range among the integers. Each aggregate that has a meaning for
the type is asked for with options drawn at random, in `group` and with `over`; the answer is compared with polars', and
with the same bits under other numbers of threads, of a slice and of a concat.
"""
import datetime
import random
import sys
import traceback

import libframe as lf
import numpy as np
import polars as pl

import cases
from typed import INTS, Differs, TYPES, attempt, hole, plain, same, values, variants

LENGTHS = [0, 1, 2, 3, 63, 64, 65, 255, 1000, 1023, 1024, 1025, 4096, 16_385, 65_535, 65_536, 65_537, 131_071, 131_072,
           131_073, 262_145, 1_048_575, 1_048_577]
GROUPS = [1, 2, 3, 4, 5, 16, 17, 255, 256, 257, 1000, 4095, 4097, 65_535, 65_536, 65_537, 131_072, 131_073, 0]
INTERPOLATIONS = ["linear", "lower", "higher", "midpoint", "nearest"]


# ---- columns -----------------------------------------------------------------------------------------------------------
def key_column(g, rng, n, groups):
    x = g.permutation(n) if not groups else g.integers(0, groups, n)
    if not groups and n and rng.random() < 0.7:                    # all but a few are alone
        x[g.integers(0, n, rng.choice([1, 2, 7, 100, n // 100]))] = x[g.integers(0, n)]
        x[g.integers(0, n, 5)] = x[g.integers(0, n, 5)]
    how = rng.choice(["any", "any", "sorted", "blocks", "first"])
    if how == "sorted":
        x = np.sort(x)
    elif how == "blocks" and n:
        x = np.roll(np.sort(x), n // 3)
    elif how == "first" and n:
        x = np.where(g.random(n) < 0.9, x[0], x)
    kind = rng.choice(["i64", "i64", "wide", "i32", "u8", "f64", "str", "long", "date", "bool", "cat", "u64", "two"])
    x = pl.Series("k", x, dtype=pl.Int64)
    if kind == "wide":
        x = x * (2**62 // max(n, 1)) - 2**61
    elif kind == "i32":
        x = x.cast(pl.Int32)
    elif kind == "u8":
        x = (x % 256).cast(pl.UInt8)
    elif kind == "u64":
        x = x.cast(pl.UInt64) + 2**63
    elif kind == "f64":
        x = x / 4
    elif kind == "bool":
        x = x % 2 == 0
    elif kind == "date":
        x = (x - 1000).cast(pl.Int32).cast(pl.Date)
    elif kind in ("str", "long", "cat"):
        form = "a key longer than a view {} é" if kind == "long" else "k{}"
        x = pl.select(pl.format(form, x)).to_series()
        x = x.cast(pl.Categorical) if kind == "cat" else x
    return hole(g, x.alias("k"), rng.choice([0, 0, 0.001, 0.2])), kind


def value_column(g, rng, name, kind, n, key):
    x = values(g, rng, kind, n).alias(name)
    share = rng.choice([0, 0, 0.001, 0.1, 0.9, 1, "groups", "half"])
    if share == "groups":
        keep = (key.hash() % 3 != 0).fill_null(False)
        return pl.select(pl.when(keep).then(x).alias(name)).to_series()
    if share == "half":
        return pl.select(pl.when(pl.Series(np.arange(n) >= n // 2)).then(x).alias(name)).to_series()
    return hole(g, x, share)


# ---- aggregates: (text, polars expression, is approximate) -------------------------------------------------------------
def aggregate(rng, name, kind, other):
    number, real = kind in INTS or kind in ("f32", "f64"), kind in ("f32", "f64")
    col = pl.col(name)
    choices = ["size", "count", "nunique", "first", "last"]
    if kind not in ("binary",):
        choices += ["min", "max", "mode"]
    if number:
        choices += ["sum", "mean", "median", "quantile", "var", "std", "sem", "skew", "kurt", "prod"] * 2
        choices += ["cov", "corr"] if other else []
    if kind == "bool":
        choices += ["any", "all", "sum", "mean", "var"] * 2
    if kind == "decimal":
        choices += ["sum", "min"] * 2
    if kind.startswith("duration"):
        choices += ["sum", "median"] * 2
    what = rng.choice(choices)
    skip = real and what not in ("size", "cov", "corr") and rng.random() < 0.4
    x = col.fill_nan(None) if skip else col
    wide = x.cast(pl.Float64) if number or kind == "bool" else x
    option = ", skipnan = true" if skip else ""
    if what == "size":
        return "size()", pl.len(), False
    if what == "count":
        return f"count({name}{option})", x.count(), False
    if what == "nunique":
        return f"nunique({name}{option})", (x + 0.0 if real else x).drop_nulls().n_unique(), False
    if what in ("first", "last"):
        return f"{what}({name}{option})", getattr(x.drop_nulls(), what)(), False
    if what in ("min", "max"):
        if kind == "cat":
            x = x.cast(pl.String)
        return f"{what}({name}{option})", getattr(x, f"nan_{what}" if real else what)(), False
    if what == "mode":
        if kind == "cat":
            x = x.cast(pl.String)
        x = x + 0.0 if real else x
        return f"mode({name}{option})", x.drop_nulls().mode().sort().first(), False
    if what == "sum":
        if kind in INTS and kind[0] == "u":
            return f"sum({name}{option})", x.cast(pl.Int128).sum(), False
        if kind in INTS or kind == "bool":
            return f"sum({name}{option})", x.cast(pl.Int128).sum(), False
        least = rng.choice([0, 0, 1, 3])
        option += f", min_count = {least}" if least else ""
        total = (x.cast(pl.Float64) if real else x).sum()
        return f"sum({name}{option})", pl.when(x.count() >= least).then(total), True
    if what == "prod":
        return f"prod({name}{option})", wide.product() if real else None, True
    if what == "mean":
        return f"mean({name}{option})", wide.mean(), True
    if what == "median":
        half = wide.quantile(0.5, "midpoint") if number else x.median()     # polars' median of -inf and 1 is nan
        return f"median({name}{option})", half, True
    if what == "quantile":
        q, how = rng.choice([0, 0.1, 0.25, 0.5, 0.95, 1]), rng.choice(INTERPOLATIONS)
        if how == "nearest":
            how = "lower"
        return f"quantile({name}, {q}, '{how}'{option})", wide.quantile(q, how), True
    if what in ("var", "std", "sem"):
        ddof = rng.choice([1, 1, 0, 2])
        option += f", ddof = {ddof}" if ddof != 1 else ""
        e = wide.var(ddof) if what == "var" else wide.std(ddof)
        if what == "sem":
            e = e / x.count().sqrt()
        return f"{what}({name}{option})", pl.when(x.count() > ddof).then(e), True
    if what in ("skew", "kurt"):
        return f"{what}({name}{option})", None, True
    if what in ("any", "all"):
        return f"{what}({name})", getattr(x, what)(), False
    a, b = col.cast(pl.Float64), pl.col(other).cast(pl.Float64)
    both = a.is_not_null() & b.is_not_null()
    if what == "cov":
        return f"cov({name}, {other})", pl.cov(a.filter(both), b.filter(both), ddof=1), True
    return f"corr({name}, {other})", None, True


# ---- comparing ---------------------------------------------------------------------------------------------------------
def compare(text, ours, theirs, near, scale):
    a, b = plain(ours), plain(theirs)
    if a.dtype == pl.Null or b.dtype == pl.Null:
        if a.null_count() != len(a) or b.null_count() != len(b):
            raise Differs(f"{text}: types {ours.dtype} and {theirs.dtype}")
        return
    if a.dtype != b.dtype:
        if a.dtype == pl.Float64 or b.dtype == pl.Float64:
            a, b = a.cast(pl.Float64), b.cast(pl.Float64)
        else:
            raise Differs(f"{text}: types {ours.dtype} and {theirs.dtype}")
    same = a.eq_missing(b)
    if a.dtype == pl.Float64 and near:
        same = same | ((a - b).abs() <= 1e-9 * a.abs() + 1e-11 * scale).fill_null(False)
    if a.dtype.is_temporal() and near:
        same = same | ((a.to_physical() - b.to_physical()).abs() <= 1).fill_null(False)
    if not same.all():
        row = (~same).arg_true()[0]
        raise Differs(f"{text}: {(~same).sum()} of {len(a)} rows, the first {row}: {ours[row]!r} and {theirs[row]!r}")


def scale_of(data, name):
    x = data[name]
    if not x.dtype.is_numeric() or not len(x):
        return 1.0
    m = x.cast(pl.Float64).fill_nan(None).replace(float("inf"), None).replace(float("-inf"), None).abs().max()
    return 1.0 + (m or 0.0) * max(1.0, m or 0.0)


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    said = ""
    try:
        n = rows if rows is not None else rng.choice(LENGTHS)
        g = np.random.default_rng(rng.getrandbits(64))
        groups = rng.choice(GROUPS)
        key, key_kind = key_column(g, rng, n, groups)
        kinds = {"a": rng.choice(TYPES), "b": rng.choice(TYPES)}
        columns = [key] + [value_column(g, rng, name, kind, n, key) for name, kind in kinds.items()]
        keys = ["k"]
        if key_kind == "two":
            columns.append(pl.Series("k2", g.integers(0, rng.choice([2, 300, 70_000]), n)))
            keys.append("k2")
        data = pl.DataFrame(columns)
        aggs = {}
        numbers = [x for x, kind in kinds.items() if kind in INTS or kind in ("f32", "f64")]
        for i in range(rng.randint(1, 5)):
            name = rng.choice(sorted(kinds))
            other = next((x for x in numbers if x != name), None)
            aggs[f"g{i}"] = (*aggregate(rng, name, kinds[name], other), name, other)
        text, sort = "; ".join(f"{x} = {a[0]}" for x, a in aggs.items()), rng.random() < 0.3
        by = rng.choice([keys, keys, keys, []])
        over = rng.random() < 0.3
        said = f"{n} rows, {groups} groups of {key_kind}, {kinds}, by={by} sort={sort} over={over}: {text}"
        if over:
            place = f"({', '.join(by)})"
            steps = "; ".join(f"{x} = {a[0]} over {place}" for x, a in aggs.items() if a[0] != "size()" or True)
            ask = lambda v: v.with_(steps)
        else:
            ask = lambda v: v.group(by, text, sort=sort)
        first, ours = None, None
        for way, frame in variants(rng, data, n):
            answer = attempt(lambda: ask(frame))
            if first is None:
                first, ours = way, answer
            elif not same(ours, answer):
                raise Differs(f"{first} and {way} differ: {ours if isinstance(ours, str) else ''} "
                              f"{answer if isinstance(answer, str) else ''}")
        if isinstance(ours, str):
            counts["refused"] += 1
            counts["refused: " + ours[:40]] += 1
            total_too_large(ours, aggs, data, by)
            return None
        ours = ours.to_polars()
        for name, (one, e, near, column, other) in aggs.items():
            if e is None:
                counts["same bits only"] += 1
                continue
            if over:
                theirs = data.select(e.over(by).alias(name)) if by else data.select(e.alias(name))
                if not by:
                    theirs = pl.select(theirs[name].new_from_index(0, n) if n else theirs[name].clear())
            elif by:
                theirs = data.group_by(by, maintain_order=True).agg(e.alias(name))
                if sort:
                    theirs = theirs.with_columns(pl.col(pl.Categorical).cast(pl.String)).sort(by, nulls_last=True)
                for one_key in by:
                    compare(f"key {one_key}", ours[one_key], theirs[one_key], False, 1)
            else:
                theirs = data.select(e.alias(name))
            if len(theirs) != len(ours):
                raise Differs(f"{len(ours)} rows and {len(theirs)}")
            scale = scale_of(data, column) * (scale_of(data, other) if "cov" in one else 1)
            compare(one, ours[name], theirs[name], near, scale)
            counts["compared"] += 1
    except Differs as found:
        return f"case {seed}: {said}\n    {found}"
    except pl.exceptions.PolarsError as error:
        counts["polars failed"] += 1
        counts[f"polars failed: {str(error)[:70]}"] += 1
    except Exception:
        return f"case {seed}: {said}\n{traceback.format_exc()}"
    return None


def total_too_large(message, aggs, data, by):
    """A sum may be refused only where some sum is too large for its type."""
    if not message.startswith("overflow") or any("prod" in a[0] or "duration" in str(data.schema[a[3]]).lower()
                                                  for a in aggs.values()):
        return
    for one, e, near, column, other in aggs.values():
        if one.startswith("sum") and e is not None and data.schema[column].is_integer():
            totals = (data.group_by(by).agg(s=e) if by else data.select(s=e))["s"].cast(pl.Float64)
            high = 2.0**64 if data.schema[column].is_unsigned_integer() else 2.0**63
            if len(totals) and totals.abs().max() >= high * (1 - 1e-12):
                return
    raise Differs(f"refused without need: {message}")


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: lengths next to thresholds"))
