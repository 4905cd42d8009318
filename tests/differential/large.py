#!/usr/bin/env python3
"""Long frames through one step at a time, libframe against polars and DuckDB, for as long as you like.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/large.py --minutes 5 [--seed 1] [--case 1234]

What run.py does to short frames, on 10^5 to 4 million rows: enough for the ways that only long frames take. Keys of few
values and of nearly as many as there are rows, dense and sparse ones, short and long texts, columns that are sorted,
nearly sorted or one value; whole frames, slices, and concats that nobody has put together yet, under one to four
threads. Each answer is compared with polars', row by row where the order is specified, with DuckDB's as a bag of rows,
and with that of the same step on one thread and on a frame in one piece, which must be the same bits; some are also
written as CSV and read back, by us and by polars. A case that differs is printed with its seed; --case runs it again.
"""
import os
import random
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(__file__))

import duckdb
import libframe as lf
import numpy as np
import polars as pl
import verbs

import cases

KINDS = {"i64": pl.Int64, "f64": pl.Float64, "str": pl.String, "bool": pl.Boolean, "date": pl.Date,
         "datetime[us]": pl.Datetime("us")}
ALLOWED = {"overflow", "value", "limit"}
AGGREGATES = {
    "sum": lambda c: c.sum(), "mean": lambda c: c.mean(), "min": lambda c: c.min(), "max": lambda c: c.max(),
    "count": lambda c: c.count(), "nunique": lambda c: c.drop_nulls().n_unique(), "median": lambda c: c.median(),
    "std": lambda c: c.std(), "first": lambda c: c.drop_nulls().first(), "last": lambda c: c.drop_nulls().last(),
}


# ---- frames ------------------------------------------------------------------------------------------------------------
def numbers(rng, g, n, distinct):
    """n integers of so many values: dense, sparse, negative, wide, or crowded at one of them."""
    x = g.integers(0, max(distinct, 1), n)
    shape = rng.choice(["dense", "dense", "offset", "sparse", "wide", "crowded"])
    if shape == "offset":
        return x - distinct // 2
    if shape == "sparse":
        return x * rng.choice([3, 1000, 10**6 + 3])
    if shape == "wide":
        return x.astype(np.int64) * (2**40 // max(distinct, 1)) - 2**39
    return np.where(g.random(n) < 0.7, 1, x) if shape == "crowded" else x


def order(rng, g, x):
    """The values as they are, sorted, nearly sorted, in steps, or falling."""
    how, n = rng.choice(["any"] * 5 + ["sorted", "nearly", "steps", "falling"]), len(x)
    if how == "any" or not n:
        return x
    x = np.sort(x)
    if how == "nearly":
        at = g.integers(0, n, max(n // 200, 1))
        x[at] = x[np.clip(at + g.integers(-1000, 1000, len(at)), 0, n - 1)]
    return np.roll(x, n // 3) if how == "steps" else x[::-1].copy() if how == "falling" else x


def column(rng, g, kind, n):
    distinct = rng.choice([1, 2, 9, 100, 3000, 60_000, 300_000, max(n // 2, 1), 4 * n + 1, 0])
    x = order(rng, g, numbers(rng, g, n, distinct) if distinct else g.permutation(n) * rng.choice([1, 1_000_003]))
    if kind == "f64":
        values = pl.Series(x / rng.choice([1, 4, 1024]))
    elif kind == "str":
        form = rng.choice(["id{}", "{}", "a text that is longer than a view: {}", "ä {} é", "{} x"])
        values = pl.select(pl.format(form, pl.Series(x))).to_series()
    elif kind == "bool":
        values = pl.Series(x % 2 == 0)
    elif kind == "date":
        values = pl.Series((x % 80_000 - 20_000).astype(np.int32)).cast(pl.Date)
    elif kind == "datetime[us]":
        values = pl.Series(x * 977_000 % (8 * 10**16)).cast(pl.Datetime("us"))
    else:
        values = pl.Series(x)
    values = values.cast(KINDS[kind])
    share = rng.choice([0, 0, 0, 0.01, 0.3])
    return values.zip_with(pl.Series(g.random(n) >= share), pl.Series([None], dtype=KINDS[kind]).new_from_index(0, n)) \
        if share else values


def length(rng):
    return rng.choice([100_000, 262_144, 300_000, 600_000, 1_048_577, 1_500_000, 2_500_000, 4_000_000])


def table(rng, n, prefix=""):
    g = np.random.default_rng(rng.getrandbits(64))
    kinds = {"k": rng.choice(["i64", "i64", "str", "f64", "date"])}
    for i in range(rng.randint(1, 3)):
        kinds[f"{prefix}{'abc'[i]}"] = rng.choice(["i64", "i64", "f64", "f64", "str", "bool", "date", "datetime[us]"])
    return pl.DataFrame({name: column(rng, g, kind, n) for name, kind in kinds.items()}), kinds


def as_frame(rng, data, context):
    """The table in one piece, as a slice of a longer one, or as a concat of parts that lie where they are."""
    n, way = len(data), rng.choice(["whole", "slice", "parts", "parts"])
    if way == "slice":
        more = pl.concat([data.tail(1000), data, data.head(77)])
        return lf.DataFrame(more, context=context).slice(min(1000, n), n), way
    if way == "parts":
        cuts = sorted({0, n, *(rng.randint(0, n) for _ in range(rng.randint(1, 4)))})
        parts = [lf.DataFrame(data[a:b], context=context) for a, b in zip(cuts, cuts[1:])]
        return lf.concat(parts) if len(parts) > 1 else parts[0], f"{len(parts)} parts"
    return lf.DataFrame(data, context=context), way


# ---- steps that short frames do not have -------------------------------------------------------------------------------
def join_step(rng, data, kinds, context):
    """A right side whose keys are drawn from the left ones and beyond, unique or repeated a little."""
    n = rng.choice([1000, 70_000, 300_000])
    keys = data["k"].drop_nulls()
    g = np.random.default_rng(rng.getrandbits(64))
    if not len(keys):
        return None
    some = keys.gather(g.integers(0, len(keys), n))
    some = some.unique(maintain_order=True) if rng.random() < 0.6 else some
    often = some.value_counts().join(keys.value_counts(name="left"), on="k")
    if (often["count"].cast(pl.Float64) * often["left"]).sum() > 6e6:
        some = some.unique(maintain_order=True)                         # would explode
    right = pl.DataFrame({"k": some, "r": pl.Series(g.integers(0, 99, len(some))), "s": some.cast(pl.String)})
    held, how = lf.DataFrame(right, context=context), rng.choice(["inner", "left"])
    names = ", ".join(f't."{name}"' for name in kinds) + ", r.r, r.s"
    step = verbs.Step(f"join({len(some)} rows, {how})", lambda v: v.join(held, "k", how=how), ordered=("polars",), right=held,
                      polars=lambda d: d.join(right, on="k", how=how, maintain_order="left_right"),
                      duckdb=lambda con: con.sql(f"SELECT {names} FROM t {how.upper()} JOIN r USING (k)"))
    return step


def group_step(rng, data, kinds, context):
    keys = rng.sample(sorted(kinds), min(len(kinds), rng.choice([1, 1, 2, 3])))
    aggs, approximate = {}, []
    for i in range(rng.randint(1, 4)):
        name = rng.choice(sorted(kinds))
        number = kinds[name] in ("i64", "f64")
        what = rng.choice(sorted(AGGREGATES) if number else ["count", "first", "last", "nunique"] +
                          (["min", "max"] if kinds[name] != "bool" else []))
        aggs[f"g{i}"] = (f"{what}({name})", AGGREGATES[what](pl.col(name)))
        if what in ("sum", "mean", "std", "median"):
            approximate.append(f"g{i}")
    aggs["n__"] = ("size()", pl.len().cast(pl.Int64))
    text, sort = "; ".join(f"{name} = {a[0]}" for name, a in aggs.items()), rng.random() < 0.3

    def polars(d):
        grouped = d.group_by(keys, maintain_order=True).agg(**{name: a[1] for name, a in aggs.items()})
        return grouped.sort(keys, nulls_last=True, maintain_order=True) if sort else grouped
    return verbs.Step(f"group({keys}, {text!r}, sort={sort})", lambda v: v.group(keys, text, sort=sort), ordered=("polars",),
                      approximate=approximate, polars=polars)


def best_step(rng, data, kinds, context):
    """The first rows of a sort, of all or of each group: planned together."""
    key, by = rng.choice(sorted(kinds)), rng.choice(sorted(kinds))
    n, down, each = rng.choice([1, 2, 10, 1000]), rng.random() < 0.5, rng.random() < 0.5
    steps = lf.Steps().sort(f"{key} {'desc' if down else 'asc'}")
    steps = steps.head(n, by=by) if each else steps.head(n)

    def polars(d):
        d = d.sort(key, descending=down, nulls_last=True, maintain_order=True)
        return d.filter(pl.int_range(pl.len()).over(by) < n) if each else d.head(n)
    return verbs.Step(f"sort({key}, down={down}).head({n}, by={by if each else None})", lambda v: v.pipe(steps),
                      ordered=("polars",), polars=polars)


def rank_step(rng, data, kinds, context):
    numbers_ = [name for name, kind in kinds.items() if kind in ("i64", "f64")]
    if not numbers_:
        return None
    name, by = rng.choice(numbers_), rng.choice(sorted(kinds))
    what, of = rng.choice([("rank", lambda c: c.rank("average")), ("median", lambda c: c.median()),
                           ("sum", lambda c: c.sum()), ("max", lambda c: c.max())])
    return verbs.Step(f"with_(w = {what}({name}) over {by})", lambda v: v.with_(f"w = {what}({name}) over {by}"),
                      ordered=("polars",), approximate=["w"], polars=lambda d: d.with_columns(w=of(pl.col(name)).over(by)))


def random_step(rng, data, kinds, context):
    own = rng.choice([join_step, join_step, group_step, group_step, best_step, rank_step, None, None, None])
    while True:
        step = own(rng, data, kinds, context) if own else rng.choice(verbs.STEPS)(rng, kinds)
        if step:
            return step
        own = group_step


# ---- comparing ---------------------------------------------------------------------------------------------------------
def plain(data):
    """Of two engines' types for one thing, one."""
    casts = {name: pl.String for name, kind in data.schema.items() if isinstance(kind, (pl.Categorical, pl.Enum))}
    casts |= {name: pl.Int64 for name, kind in data.schema.items() if kind.is_integer() and kind != pl.Int64}
    casts |= {name: pl.Int64 for name, kind in data.schema.items() if isinstance(kind, pl.Decimal)}
    return data.cast(casts)


def differs(a, b, approximate):
    """The rows where two columns differ."""
    if a.dtype != b.dtype and b.dtype == pl.Int64 and a.dtype == pl.Float64:
        b = b.cast(pl.Float64)
    if a.dtype != b.dtype:
        return pl.Series([True] * len(a))
    same = a.eq_missing(b)
    if a.dtype == pl.Float64 and approximate:
        near = (a - b).abs() <= 1e-9 * a.abs() + 1e-6
        same = same | near.fill_null(False)
    return ~same


def difference(ours, theirs, ordered, approximate):
    if ours.columns != theirs.columns:
        return f"names {ours.columns} and {theirs.columns}"
    if len(ours) != len(theirs):
        return f"{len(ours)} and {len(theirs)} rows"
    ours, theirs = plain(ours), plain(theirs)
    if not ordered:
        exact = [name for name in ours.columns if name not in approximate]
        ours, theirs = (d.sort(exact + list(approximate), nulls_last=True) for d in (ours, theirs))
    for name in ours.columns:
        wrong = differs(ours[name], theirs[name], name in approximate)
        if wrong.any():
            row = wrong.arg_true()[0]
            return (f"{wrong.sum()} rows of {name} ({ours[name].dtype}, {theirs[name].dtype}), the first {row}: "
                    f"{ours[name][row]!r} and {theirs[name][row]!r}")
    return None


class Differs(Exception):
    pass


def compare(step, data, ours, counts):
    for engine, how in step.run.items():
        if engine == "pandas" or (engine == "duckdb" and len(data) > 1_000_000):
            continue
        try:
            if engine == "polars":
                theirs = how(data)
            else:
                con = duckdb.connect()
                con.execute("SET threads = 2")
                con.register("t", data.to_arrow())
                if step.right is not None:
                    con.register("r", step.right.to_polars().to_arrow())
                theirs = pl.from_arrow(how(con).to_arrow_table())
        except Exception as error:
            counts[f"{engine} failed"] += 1
            counts[f"{engine} failed: {step.text.split('(')[0]}: {type(error).__name__} {str(error)[:60]}"] += 1
            continue
        found = difference(ours, theirs, engine == "polars" and engine in step.ordered, step.approximate)
        counts[engine] += 1
        if found:
            raise Differs(f"{engine}: {found}")


def through_csv(frame, counts):
    """What we write we read, and so does polars."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        frame.write_csv(file.name)
        if not lf.read_csv(file.name, schema=frame.schema, header=True, sep=",").equals(frame):
            raise Differs("what was written is not what is read")
        found = lf.read_csv(file.name, header=True, sep=",", strings_as_cat=True)
        theirs = pl.read_csv(file.name, schema={n: KINDS.get(t, pl.String) for n, t in frame.schema.items()})
        counts["csv"] += 1
        wrong = difference(frame.to_polars(), theirs, True, [])
        if wrong:
            raise Differs(f"polars reads other rows than we wrote: {wrong}")
        for name, kind in found.schema.items():
            if kind == "str":
                raise Differs(f"column {name} was asked for as cat and is {kind}")


def refused(rng, step, frame):
    """The answer, or None where the step is refused for a reason that data may have."""
    try:
        return step.lf(frame)
    except lf.FrameError as error:
        if error.code not in ALLOWED:
            raise
        return None


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    text, way, kinds = "", "", {}
    try:
        threads = rng.choice([1, 2, 3, 4])
        context = lf.Context(threads=threads)
        data, kinds = table(rng, rows or length(rng))
        frame, way = as_frame(rng, data, context)
        step = random_step(rng, data, kinds, context)
        text = step.text
        ours = refused(rng, step, frame)
        if ours is None:
            counts["refused"] += 1
            return None
        other = refused(rng, step, lf.DataFrame(data, context=lf.Context(threads=1 if threads > 1 else 2)))
        if other is None or not other.equals(ours):
            raise Differs("another number of threads, or a frame in one piece, gives another answer")
        compare(step, data, ours.to_polars(), counts)
        if rng.random() < 0.2:
            through_csv(ours, counts)
    except Differs as found:
        return f"case {seed}: {threads} threads, {way}, {len(data)} rows of {kinds}\n    {text}: {found}"
    except Exception:
        return f"case {seed}: {way}, {kinds}, {text}: {traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: from 10^5 to 4 million"))
