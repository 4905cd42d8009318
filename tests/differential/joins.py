#!/usr/bin/env python3
"""Joins of every type of key, and what is done with their results before anybody has looked at them, against plain Python.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/joins.py --minutes 5 [--seed 1] [--case 1234]

Keys of one to three columns, of types that may differ between the sides where types.md lets them (whole numbers of any
width with floats, texts with categories, dates with datetimes), dense, sparse or spread over all of their type, unique or
repeated, with NaN, both zeros and infinities, with nulls in patterns; sides of no rows; names that clash, suffixes,
validate, max_rows, indicator. The oracle looks every left row up in a dict, and in full joins lists the right rows that were
not found, with keys of two types in the one that types.md names. The frames joined are whole, slices, concats,
or results of filters and joins that nobody has put together; other numbers of threads must give the same bits. Then the
frames are given up, and steps on the result as it is must say what they say of a copy of it.
"""
import gc
import math
import os
import random
import sys
import tempfile
import traceback

import libframe as lf
import numpy as np
import polars as pl

import cases
from typed import INTS, TYPES, Differs, attempt, nulls, same, values

SHORT = [0, 1, 2, 3, 7, 63, 64, 65, 200, 511, 1000]
LENGTHS = [0, 1, 2, 3, 63, 64, 65, 1000, 2049, 8191, 8193, 65_535, 65_536, 65_537, 131_073, 200_000]
MOST_ROWS = 400_000                                 # of a result, as numbers; keys of few values (bool) may make more
MOST_PAIRS = 3_000_000                              # and of those no more are looked at
FAMILIES = [list(INTS), list(INTS), ["i64"], [*INTS, "f32", "f64"], ["f64"], ["f32", "f64"], ["str"], ["str", "cat"], ["cat"],
            ["binary"], ["bool"], ["date"], ["date", "datetime[us]", "datetime[ms]"], ["datetime[us]", "datetime[ns]"],
            ["datetime[us, UTC]"], ["time"], ["duration[us]", "duration[ms]"], ["decimal"], ["list"]]
NAN = object()                                      # NaN as a key: one, and no number
UNITS = {"ns": 1, "us": 1000, "ms": 1_000_000}


# ---- keys --------------------------------------------------------------------------------------------------------------
def whole_numbers(rng, x, kinds):
    """One meaning of the numbers x of both sides: they fit the types, or come round at their ends."""
    low = max((-2**(int(k[1:]) - 1) if k[0] == "i" else 0) for k in kinds if k in INTS)
    high = min((2**(int(k[1:]) - (k[0] == "i")) - 1) for k in kinds if k in INTS)
    step, offset = rng.choice([1, 1, 1, 3, 1000, 10**6 + 3, 2**40 + 1]), rng.choice([0, 0, low, -50, high - 5, 2**31 - 3])
    span = high - low + 1
    return [np.array([(int(v) * step + offset - low) % span + low for v in np.unique(one)], dtype=object)[
        np.unique(one, return_inverse=True)[1]] if len(one) else np.array([], dtype=object) for one in x]


def real_numbers(rng, g, x):
    part = rng.choice([1, 1, 2, 4])
    special = rng.choice([[], [], [math.nan], [0.0, -0.0], [math.inf, -math.inf, math.nan], [2.0**53, 2.0**63, -2.0**63]])
    out = []
    for one in x:
        one = one / part
        if special and len(one):
            one = np.where(g.random(len(one)) < 0.1, g.choice(np.array(special), len(one)), one)
        out.append(one)
    return out


def key_pair(rng, g, x):
    """Of numbers of both sides, a key column of each: equal where the numbers are."""
    family = rng.choice(FAMILIES)
    kinds = [rng.choice(family), rng.choice(family)]
    ints, reals = [k for k in kinds if k in INTS], [k for k in kinds if k in ("f32", "f64")]
    if len(ints) == 2:
        return kinds, [pl.Series(v.tolist(), dtype=INTS[k]) for v, k in zip(whole_numbers(rng, x, kinds), kinds)]
    if ints or reals:
        numbers = real_numbers(rng, g, x)
        most = min([2**(int(k[1:]) - (k[0] == "i")) for k in ints] + [2**53])
        return kinds, [pl.Series((one % most).astype(np.int64) if k in INTS else v,
                                 dtype=INTS.get(k, pl.Float32 if k == "f32" else pl.Float64))
                       for one, v, k in zip(x, numbers, kinds)]
    form = rng.choice(["{}", "id{}", "a text that is longer than a view: {}", "ä {} é", "{} of them, at the beginning"])
    return kinds, [of_kind(k, pl.Series(one, dtype=pl.Int64), form, rng_step) for k, one, rng_step
                   in zip(kinds, x, [rng.choice([1, 977])] * 2)]


def of_kind(kind, x, form, step):
    if kind in ("str", "cat", "binary"):
        texts = pl.select(pl.format(form, x)).to_series()
        return texts.cast({"str": pl.String, "cat": pl.Categorical, "binary": pl.Binary}[kind])
    if kind == "bool":
        return x % 2 == 0
    if kind == "list":
        return pl.DataFrame({"x": x, "y": x % 3}).select(pl.concat_list("x", "y"))["x"]
    if kind == "decimal":
        return x.cast(pl.Decimal(18, 0)).cast(pl.Decimal(20, 2))
    day = (x * step) % 80_000 - 20_000
    if kind == "date":
        return day.cast(pl.Int32).cast(pl.Date)
    if kind == "time":
        return (x * step * 1_000_000 % (86_400 * 10**9)).cast(pl.Time)
    unit = kind.split("[")[1][:2]
    ticks = day * 86_400_000 * (1_000_000 // UNITS[unit])
    return ticks.cast(pl.Duration(unit) if kind[:2] == "du" else pl.Datetime(unit, "UTC" if "UTC" in kind else None))


def plain_keys(series):
    """Values that are equal where a join says so."""
    kind = series.dtype
    if kind == pl.Date or isinstance(kind, (pl.Datetime, pl.Duration)):
        ticks = 86_400 * 10**9 if kind == pl.Date else UNITS[kind.time_unit]
        return [None if v is None else v * ticks for v in series.to_physical().to_list()]
    if kind.is_float():
        return [NAN if v is not None and math.isnan(v) else v for v in series.to_list()]
    if isinstance(kind, pl.List):
        return [None if v is None else tuple(v) for v in series.to_list()]
    return (series.cast(pl.String) if isinstance(kind, pl.Categorical) else series).to_list()


# ---- two frames --------------------------------------------------------------------------------------------------------
def draw(rng, g, n, distinct, unique):
    if unique:
        x = g.permutation(max(n, distinct))[:n]
    elif rng.random() < 0.15:
        x = np.where(g.random(n) < 0.8, 0, g.integers(0, distinct, n))
    else:
        x = g.integers(0, distinct, n)
    return np.sort(x) if rng.random() < 0.2 else x


def rows_of(left, right):
    """How many pairs of the same number there are, at most."""
    a, b = np.unique(left, return_counts=True), dict(zip(*np.unique(right, return_counts=True)))
    return sum(int(n) * int(b.get(v, 0)) for v, n in zip(*a))


def sides(rng, g, rows):
    n = [rng.choice(LENGTHS if rng.random() < 0.3 else SHORT) if rows is None else rows for _ in range(2)]
    distinct = rng.choice([1, 2, 5, 100, 255, 256, 257, 3000, 65_536, max(n), max(n) * 4, 10**6])
    distinct = max(distinct, 1)
    numbers = [draw(rng, g, n[0], distinct, rng.random() < 0.3), draw(rng, g, n[1], distinct, rng.random() < 0.6)]
    if rng.random() < 0.3:
        numbers[1] = numbers[1] + distinct // 2
    if rows_of(*numbers) > MOST_ROWS:
        numbers[1] = np.unique(numbers[1])
    columns, on = ({}, {}), []
    apart = rng.random() < 0.3
    n_keys = rng.choice([1, 1, 1, 2, 3])
    for i in range(n_keys):
        # the first numbers make all keys of a row, so that more keys match no more rows than one
        part = numbers if i == 0 or rng.random() < 0.5 else [one % rng.choice([2, 300]) for one in numbers]
        kinds, pair = key_pair(rng, g, part)
        names = (f"k{i}", f"q{i}" if apart else f"k{i}")
        on.append(names)
        for side in (0, 1):
            columns[side][names[side]] = nulls(g, rng, pair[side].alias(names[side]))
    for side in (0, 1):
        for i in range(rng.choice([0, 1, 2, 4])):
            name = rng.choice([f"{'ab'[side]}{i}", f"{'ab'[side]}{i}", f"v{i}", f"v{i}_x"])
            if name not in columns[side]:
                columns[side][name] = nulls(g, rng, values(g, rng, rng.choice(TYPES), len(numbers[side])).alias(name))
    return [pl.DataFrame(c) for c in columns], on


# ---- keys of a full join ------------------------------------------------------------------------------------------------
def common_type(a, b):
    """By docs/types.md."""
    if a == b:
        return a
    if a.is_integer() and b.is_integer():
        signed = a.is_signed_integer() or b.is_signed_integer()
        bits = max(size_of(t) * (2 if signed and not t.is_signed_integer() else 1) for t in (a, b))
        return next(t for t in INTS.values() if t.is_signed_integer() == signed and size_of(t) == min(bits, 64))
    if a.is_numeric() and b.is_numeric():
        small = all(t == pl.Float32 or t.is_integer() and size_of(t) <= 16 for t in (a, b))
        return pl.Float32 if small else pl.Float64
    if pl.String in (a, b):
        return pl.String
    if pl.Date in (a, b):
        return a if b == pl.Date else b
    return min((a, b), key=lambda t: UNITS[t.time_unit])


def size_of(kind):
    return int(str(kind).removeprefix("U").removeprefix("Int"))


def cannot_be_common(left, right, on, united):
    """Does an unsigned key have a number that i64 has not?"""
    for a, b in on:
        kinds = left[a].dtype, right[b].dtype
        if (a == b or united) and kinds[0] != kinds[1] and common_type(*kinds) == pl.Int64 and pl.UInt64 in kinds:
            most = (left[a] if kinds[0] == pl.UInt64 else right[b]).max()
            if most is not None and most >= 2**63:
                return True
    return False


# ---- the oracle --------------------------------------------------------------------------------------------------------
def pairs_of(left, right, on, how, nulls_match):
    """Rows of both sides, in the order of the result, None: none; of more than MOST_PAIRS the first."""
    keys = [list(zip(*(plain_keys(frame[names[side]]) for names in on))) for side, frame in enumerate((left, right))]
    where = {}
    for row, key in enumerate(keys[1]):
        if nulls_match or None not in key:
            where.setdefault(key, []).append(row)
    rows = ([], [])
    for row, key in enumerate(keys[0]):
        found = where.get(key, ()) if nulls_match or None not in key else ()
        if how in ("semi", "anti"):
            found = (None,) if bool(found) == (how == "semi") else ()
        if not found and how in ("left", "full"):
            found = (None,)
        rows[0].extend([row] * len(found))
        rows[1].extend(found)
        if len(rows[0]) > MOST_PAIRS:
            break
    if how == "full":
        seen = set(rows[1])
        rest = [row for row in range(len(right)) if row not in seen]
        rows[0].extend([None] * len(rest))
        rows[1].extend(rest)
    return rows, [len(set(k)) == len(k) for k in keys]


def expected(left, right, on, options, rows):
    """(names, columns); names may repeat."""
    shared = {a: b for a, b in on if a == b or "on" in options}
    if options["how"] in ("semi", "anti"):
        kept = pl.Series(rows[0], dtype=pl.UInt32)
        return left.columns, [left[name].gather(kept) for name in left.columns]
    suffixes = options.get("left_suffix", "_x"), options.get("right_suffix", "_y")
    take = [pl.Series(rows[0], dtype=pl.UInt32), pl.Series(rows[1], dtype=pl.UInt32)]
    names, columns = [], []
    for side, (frame, other) in enumerate(((left, right.drop(shared.values())), (right, left))):
        for name in frame.columns:
            if side and name in shared.values():
                continue
            is_key = not side and name in shared
            names.append(name + suffixes[side] if name in other.columns and not is_key else name)
            if options["how"] == "full" and is_key:
                theirs = right[shared[name]]
                kind = common_type(left[name].dtype, theirs.dtype)
                a, b = left[name].cast(kind).gather(take[0]), theirs.cast(kind).gather(take[1])
                columns.append(a.zip_with(take[0].is_not_null(), b).alias(name))
            else:
                columns.append(frame[name].gather(take[side]))
    if options.get("indicator"):
        names.append("_merge")
        says = ["left_only" if j is None else "right_only" if i is None else "both" for i, j in zip(*rows)]
        columns.append(pl.Series(says, dtype=pl.String))
    return names, columns


def fitting(a, b):
    """Both columns in one type that keeps all bits."""
    if isinstance(b.dtype, (pl.Categorical, pl.Enum)) or isinstance(a.dtype, (pl.Categorical, pl.Enum)):
        return a.cast(pl.String), b.cast(pl.String)
    if b.dtype.is_float() and a.dtype == b.dtype:
        bits = np.int32 if b.dtype == pl.Float32 else np.int64
        return tuple(pl.select(pl.when(one.is_not_null()).then(pl.Series(one.fill_null(0).to_numpy().view(bits)))).to_series()
                     for one in (a, b))
    return a, b


def compare(ours, names, columns):
    if ours.columns != names:
        raise Differs(f"names {ours.columns}, expected {names}")
    if len(ours) != (len(columns[0]) if columns else 0):
        raise Differs(f"{len(ours)} rows, expected {len(columns[0])}")
    for name, theirs in zip(names, columns):
        a, b = fitting(ours[name], theirs)
        if a.dtype != b.dtype:
            raise Differs(f"{name}: types {a.dtype}, expected {b.dtype}")
        wrong = ~a.eq_missing(b)
        if wrong.any():
            row = wrong.arg_true()[0]
            a, b = a.to_physical(), b.to_physical()                 # years beyond those that Python has
            raise Differs(f"{name}: {wrong.sum()} of {len(a)} rows, the first {row}: {a[row]!r}, expected {b[row]!r}")


# ---- frames that nobody has put together -------------------------------------------------------------------------------
def cut_up(rng, data, context):
    cuts = sorted({0, len(data), *(rng.randint(0, len(data)) for _ in range(3))})
    return lf.concat([lf.DataFrame(data[a:b], context=context) for a, b in zip(cuts, cuts[1:])] or
                     [lf.DataFrame(data, context=context)])


def sifted(rng, g, data, context, by_join):
    """The rows of a longer frame that a filter or a join keeps: more than half of them."""
    n = len(data)
    keep = np.sort(g.permutation(n + n // 2)[:n])
    place = pl.Series(np.full(n + n // 2, -1))
    place[keep] = np.arange(n) if n else []
    mixed = data[place.set(place < 0, 0).cast(pl.UInt32)] if n else data
    longer = lf.DataFrame(mixed.with_columns(stays__=(place >= 0).cast(pl.Int8)), context=context)
    if not by_join:
        return longer.filter("stays__ == 1").drop("stays__")
    kept = longer.join(lf.DataFrame({"stays__": [1]}, schema={"stays__": "i8"}, context=context), "stays__")
    return kept.drop("stays__")


def as_frame(rng, g, data, context):
    way = rng.choice(["whole", "whole", "slice", "parts", "filter", "join"])
    if way == "slice":
        longer = pl.concat([data.tail(min(len(data), 77)), data, data.head(5)])
        return lf.DataFrame(longer, context=context).slice(min(len(data), 77), len(data)), way
    if way == "parts":
        return cut_up(rng, data, context), way
    if way in ("filter", "join"):
        return sifted(rng, g, data, context, way == "join"), way
    return lf.DataFrame(data, context=context), way


# ---- what is done with a result ----------------------------------------------------------------------------------------
def later_step(rng, frame):
    names, types = frame.columns, frame.schema
    name = rng.choice(names)
    others = "".join(f", `{x}` desc" for x in rng.sample(names, len(names))[:2] if x != name)
    numbers = [x for x in names if types[x] in ("i8", "i16", "i32", "i64", "u8", "u16", "u32", "f32", "f64")]
    number = rng.choice(numbers) if numbers else None
    quoted = f"`{name}`"
    n, at = rng.choice([0, 1, 64, 1000, 70_000]), rng.randint(-3, max(len(frame), 1))
    plainly = not types[name].startswith("list")
    steps = [("filter", lambda v: v.filter(f"{quoted} is not null")), ("filter", lambda v: v.filter(f"{quoted} is null")),
             ("head", lambda v: v.head(n)), ("tail", lambda v: v.tail(n)), ("slice", lambda v: v.slice(at, n)),
             ("select", lambda v: v.select([name])), ("concat", lambda v: v.concat(v)),
             ("sort", lambda v: v.sort(f"{quoted}{others}")), ("distinct", lambda v: v.distinct([name])),
             ("head by", lambda v: v.head(2, by=[name])), ("sort.head", lambda v: v.sort(f"{quoted} desc").head(7)),
             ("size", lambda v: v.group([name], "n__ = size()")), ("rename", lambda v: v.rename({name: "new__"})),
             ("with", lambda v: v.with_(f"w__ = {quoted} is null")), ("drop_null", lambda v: v.drop_null([name])),
             ("forward", lambda v: v.fill_null([name], method="forward"))]
    if number:
        more = [f"{what}(`{number}`)" for what in ("mean", "min", "max", "count", "std", "first", "median")]
        agg = "; ".join(f"g{i} = {a}" for i, a in enumerate(rng.sample(more, 3)))
        steps += [("group", lambda v: v.group([], agg)), ("group by", lambda v: v.group([name], agg)),
                  ("with", lambda v: v.with_(f"w__ = `{number}` * 0.5 + 1")), ("filter", lambda v: v.filter(f"`{number}` > 3")),
                  ("rank", lambda v: v.with_(f"w__ = rank(`{number}`)"))] * 2
    if not plainly:
        steps = [s for s in steps if s[0] in ("filter", "head", "tail", "slice", "select", "rename", "with")]
    return rng.choice(steps)


def cells(rng, frame):
    """Some columns as other readers of a frame see them."""
    name = rng.choice(frame.columns)
    how = rng.choice(["list", "print", "csv", "arrow", "describe"])
    if how == "list" and not frame.schema[name].startswith(("time", "datetime[ns", "duration[ns")):       # Python's have us
        try:
            return frame[name].to_list()
        except OverflowError:                                           # and years 1 to 9999
            pass
    if how in ("print", "list"):
        return frame.to_string(7)
    if how == "describe":
        return frame.select([name]).describe().to_string(99)
    if how == "arrow":
        return frame.select([name]).to_arrow().to_pylist() if not frame.schema[name].startswith("f") else None
    if any(t.startswith(("binary", "list")) for t in frame.schema.values()):
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.csv")
        frame.write_csv(path)
        with open(path, "rb") as file:
            return file.read()


def chain(rng, frame, copy, counts):
    """One to three steps on a result and on a copy of it, at once and step by step."""
    said, todo, late, now = [], [], frame, copy
    for _ in range(rng.randint(1, 3)):
        if not now.columns:
            break
        name, step = later_step(rng, now)
        said.append(name)
        todo.append(step)
        state = rng.getstate()
        late, now = attempt(lambda: step(late)), attempt(lambda: step(now))
        counts[f"later {name}"] += 1
        if not same(late, now):
            raise Differs(f"{said} of the result and of a copy differ: {late}\n{now}")
        if isinstance(now, str):
            return
    steps = lf.Steps()
    for step in todo:
        if "concat" in said:
            break
        steps = step(steps)
    planned = frame.pipe(steps) if "concat" not in said else late
    if not planned.equals(now):
        raise Differs(f"{said} at once and one after the other differ: {planned}\n{now}")
    if now.columns:
        state = rng.getstate()
        one = cells(rng, late)
        rng.setstate(state)
        two = cells(rng, now)
        if one != two and not (isinstance(one, list) and repr(one) == repr(two)):
            raise Differs(f"{said}: what is read differs: {str(one)[:300]} and {str(two)[:300]}")


# ---- one case ----------------------------------------------------------------------------------------------------------
def random_options(rng, on, left, right):
    options = {"how": rng.choice(["inner", "left", "semi", "anti", "full", "full"])}
    if rng.random() < 0.4:
        options["nulls_match"] = True
    if rng.random() < 0.3:
        options["indicator"] = True
    if rng.random() < 0.3:
        options["left_suffix"] = rng.choice(["", "_l", "_x"])
    if rng.random() < 0.3:
        options["right_suffix"] = rng.choice(["", "_r", "_x"])
    if rng.random() < 0.2:
        options["validate"] = rng.choice(["one_to_one", "one_to_many", "many_to_one", "many_to_many"])
    if rng.random() < 0.1:
        options["max_rows"] = rng.choice([0, 1, 100, 10_000])
    same_names = all(a == b for a, b in on)
    if same_names and {a for a, _ in on} == set(left.columns) & set(right.columns) and rng.random() < 0.3:
        if [a for a, _ in on] == [c for c in left.columns if c in right.columns]:
            return options
    if same_names and rng.random() < 0.7:
        return options | {"on": [a for a, _ in on]}
    if rng.random() < 0.5:
        return options | {"on": dict(on)}
    return options | {"left_on": [a for a, _ in on], "right_on": [b for _, b in on]}


def refusal(left, right, on, options, rows, unique, names):
    """The code of the error that the join must be refused with, or None."""
    how = options.get("validate", "many_to_many")
    if options["how"] in ("semi", "anti") and {"indicator", "left_suffix", "right_suffix"} & set(options):
        return "argument"
    if not unique[0] and how in ("one_to_one", "one_to_many") or not unique[1] and how in ("one_to_one", "many_to_one"):
        return "value"
    if len(rows[0]) > options.get("max_rows", len(rows[0])):
        return "limit"
    if options["how"] == "full" and cannot_be_common(left, right, on, "on" in options):
        return "value"
    return "value" if len(set(names)) < len(names) else None


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    said = ""
    try:
        g = np.random.default_rng(rng.getrandbits(64))
        (left, right), on = sides(rng, g, rows)
        options = random_options(rng, on, left, right)
        found, unique = pairs_of(left, right, on, options["how"], options.get("nulls_match"))
        said = f"{len(left)} rows of {dict(left.schema)}, {len(right)} of {dict(right.schema)}, {options}"
        if len(found[0]) > MOST_PAIRS:
            counts["too many rows"] += 1
            return None
        if options["how"] == "full" and cannot_be_common(left, right, on, "on" in options):
            names, columns = [], []
        else:
            names, columns = expected(left, right, on, options, found)
        wanted = refusal(left, right, on, options, found, unique, names)
        first = None
        for threads in rng.sample([1, 2, 3, 5], 2):
            context = lf.Context(threads=threads)
            (a, way_a), (b, way_b) = as_frame(rng, g, left, context), as_frame(rng, g, right, context)
            way = f"{threads} threads, {way_a} and {way_b}"
            try:
                ours = a.join(b, **options)
            except lf.FrameError as error:
                if error.code != wanted:
                    raise Differs(f"{way}: refused: {error.code}: {error}, expected {wanted}") from error
                counts[f"refused {error.code}"] += 1
                continue
            if wanted:
                raise Differs(f"{way}: not refused ({wanted})")
            if rng.random() < 0.5:
                del a, b
                gc.collect()
            first = ours if first is None else first
            if rng.random() < 0.5 or first is not ours:
                compare(ours.to_polars(), names, columns)
                counts["compared"] += 1
                if not ours.equals(first):
                    raise Differs(f"{way}: other bits than before")
            else:
                copy = lf.DataFrame(dict(zip(names, columns)), context=context)
                copy = copy.cast({"_merge": "cat"}) if options.get("indicator") else copy
                chain(rng, ours, copy, counts)
                counts["chains"] += 1
    except Differs as found:
        return f"case {seed}: {said}\n    {found}"
    except Exception:
        return f"case {seed}: {said}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of both frames; default: lengths next to thresholds"))
