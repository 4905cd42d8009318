#!/usr/bin/env python3
"""Arrow arrays of every type and layout that pyarrow makes, into a frame and out again, against their own values.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/arrow.py --minutes 5 [--seed 1] [--case 1234]

Every width, unit and zone; dictionaries with nulls among their values and indices of every width, views, large and fixed
sizes, run-end encoded, lists and structs in each other; empty, all null, sliced, in chunks, in chunks of nothing. What is
taken must say the same values, as a list and as Arrow again, whole, sliced, filtered and put below itself; what is not
taken must be refused by name.
"""
import datetime
import decimal
import math
import random
import sys
import traceback

import libframe as lf
import pyarrow as pa

import cases

UNITS = ["s", "ms", "us", "ns"]
LENGTHS = [0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 200, 1025]
TEXTS = ["", "a", "twelve bytes", "thirteen byte", "ä", "日本", "🙂 and more than twelve", "\x00", "x" * 300, " "]


# ---- types and values --------------------------------------------------------------------------------------------------
def simple(rng):
    u = rng.choice(UNITS)
    return rng.choice([
        pa.null(), pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
        pa.float16(), pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.string_view(), pa.binary(),
        pa.large_binary(), pa.binary_view(), pa.binary(rng.choice([0, 1, 5, 16])), pa.date32(), pa.date64(), pa.time32("s"),
        pa.time32("ms"), pa.time64("us"), pa.time64("ns"), pa.timestamp(u), pa.timestamp(u, rng.choice(["UTC", "Asia/Tokyo",
                                                                                                        "+05:30"])),
        pa.duration(u), pa.decimal128(rng.choice([1, 9, 18, 38]), rng.choice([0, 0, 1])), pa.decimal128(38, 38),
        pa.decimal32(7, 2), pa.decimal64(15, 3), pa.decimal256(30, 4), pa.decimal256(70, 4)])


def any_type(rng, depth=0):
    others = ["list", "large", "fixed", "struct", "dictionary", "dictionary", "runs", "view", "map"]
    kind = rng.choice(["simple"] * (6 if depth == 0 else 3) + (others if depth < 2 else []))
    if kind == "dictionary":
        return pa.dictionary(rng.choice([pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32()]),
                             rng.choice([pa.string(), pa.large_string(), pa.string(), pa.int64(), pa.float64(), pa.date32()]))
    if kind == "runs":
        ends = rng.choice([pa.int16(), pa.int32(), pa.int64()])
        return pa.run_end_encoded(ends, rng.choice([pa.int64(), pa.string(), pa.bool_()]))
    if kind == "struct":
        return pa.struct([(f"f{i}", any_type(rng, depth + 1)) for i in range(rng.choice([0, 1, 2, 3]))])
    if kind == "map":
        return pa.map_(pa.string(), any_type(rng, 2))
    if kind in ("list", "large", "view"):
        return {"list": pa.list_, "large": pa.large_list, "view": pa.list_view}[kind](any_type(rng, depth + 1))
    return pa.list_(any_type(rng, depth + 1), rng.choice([0, 1, 3])) if kind == "fixed" else simple(rng)


def number(rng, low, high):
    return rng.choice([low, high, 0 if low <= 0 else low, rng.randint(low, high), min(high, 7)])


def value(rng, t):
    if pa.types.is_null(t):
        return None
    if pa.types.is_boolean(t):
        return rng.random() < 0.5
    if pa.types.is_integer(t):
        bits, signed = t.bit_width, pa.types.is_signed_integer(t)
        return number(rng, -2**(bits - 1) if signed else 0, 2**(bits - signed) - 1)
    if pa.types.is_float16(t):
        return rng.choice([0.0, -0.0, 1.5, 65504.0, -math.inf, 5.960464477539063e-08])
    if pa.types.is_floating(t):
        return rng.choice([0.0, -0.0, math.inf, 1.5, -2.0**100, rng.randint(-99, 99) / 4])
    if pa.types.is_string(t) or pa.types.is_large_string(t) or t == pa.string_view():
        return rng.choice(TEXTS)
    if pa.types.is_fixed_size_binary(t):
        return rng.randbytes(t.byte_width)
    if pa.types.is_binary(t) or pa.types.is_large_binary(t) or t == pa.binary_view():
        return rng.choice(TEXTS).encode()
    if pa.types.is_date(t):
        return datetime.date.fromordinal(rng.choice([1, 3_652_059, 719_163, rng.randint(1, 3_652_059)]))
    if pa.types.is_time(t):
        return datetime.time(rng.randint(0, 23), rng.randint(0, 59), rng.choice([0, 59]))
    if pa.types.is_timestamp(t):
        most = 9 * 10**9 if t.unit == "ns" else 60 * 10**9
        at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=rng.randint(-most, most))
        return at.replace(tzinfo=datetime.timezone.utc) if t.tz else at
    if pa.types.is_duration(t):
        return datetime.timedelta(seconds=number(rng, -10**9, 10**9))
    if pa.types.is_decimal(t):
        most = 10**min(t.precision, 60) - 1
        return decimal.Decimal(number(rng, -most, most)).scaleb(-t.scale, decimal.Context(prec=80))
    if pa.types.is_dictionary(t) or pa.types.is_run_end_encoded(t):
        return value(rng, t.value_type)
    if pa.types.is_struct(t):
        return {t.field(i).name: maybe(rng, t.field(i).type) for i in range(t.num_fields)}
    if pa.types.is_map(t):
        return [(name, maybe(rng, t.item_type)) for name in rng.sample(TEXTS[:6], rng.choice([0, 1, 3]))]
    n = t.list_size if pa.types.is_fixed_size_list(t) else rng.choice([0, 1, 2, 5])
    return [maybe(rng, t.value_type) for _ in range(n)]


def maybe(rng, t):
    return None if rng.random() < 0.15 else value(rng, t)


# ---- arrays ------------------------------------------------------------------------------------------------------------
def array(rng, t, n):
    share = rng.choice([0, 0, 0.2, 0.9, 1])
    data = [None if rng.random() < share else value(rng, t) for _ in range(n)]
    if pa.types.is_dictionary(t):
        pool = pa.array(rng.sample([value(rng, t.value_type), None, value(rng, t.value_type)], 3), t.value_type)
        codes = pa.array([None if x is None else rng.randrange(3) for x in data], t.index_type)
        return pa.DictionaryArray.from_arrays(codes, pool)
    if pa.types.is_run_end_encoded(t):
        data = [x for x in data for _ in range(3)][:n]
        return pa.compute.run_end_encode(pa.array(data, t.value_type), run_end_type=t.run_end_type)
    return pa.array(data, t)


def cut(rng, x):
    """A part of a longer array: at an offset, of bits as well."""
    start = rng.randint(0, len(x))
    return x.slice(start, rng.randint(0, len(x) - start)) if rng.random() < 0.5 else x


def column(rng, t, n):
    parts = [array(rng, t, rng.choice([n, n + 70]))] if rng.random() < 0.5 else \
        [cut(rng, array(rng, t, rng.choice(LENGTHS))) for _ in range(rng.choice([0, 1, 2, 4]))]
    return pa.chunked_array(parts, t)


# ---- comparing ---------------------------------------------------------------------------------------------------------
def plain(x):
    """One way to say a value: what libframe has one type for is one."""
    if isinstance(x, float):
        return "nan" if x != x else (x, math.copysign(1, x))
    if isinstance(x, dict):
        return {name: plain(v) for name, v in x.items()}
    if isinstance(x, list):
        return [list(map(plain, v)) if isinstance(v, tuple) else plain(v) for v in x]
    if isinstance(x, tuple):
        return list(map(plain, x))
    if isinstance(x, datetime.datetime) and x.tzinfo:
        return "at", x.astimezone(datetime.timezone.utc)
    return x


def pairs(x, t):
    """A map's pairs as our list of structs says them."""
    if x is None:
        return None
    if pa.types.is_map(t):
        return [{"key": k, "value": pairs(v, t.item_type)} for k, v in x]
    if pa.types.is_struct(t):
        return {t.field(i).name: pairs(x[t.field(i).name], t.field(i).type) for i in range(t.num_fields)}
    return [pairs(v, t.value_type) for v in x] if isinstance(x, list) else x


class Differs(Exception):
    pass


def must_be(what, ours, theirs):
    ours, theirs = [plain(x) for x in ours], [plain(x) for x in theirs]
    if len(ours) != len(theirs):
        raise Differs(f"{what}: {len(ours)} and {len(theirs)} rows")
    for i, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            raise Differs(f"{what}: row {i} is {a!r} and should be {b!r}")


def compare(rng, frame, expected, counts):
    out = pa.table(frame)["x"]
    out.validate(full=True)
    must_be("as arrow", out.to_pylist(), expected)
    must_be("as a list", frame["x"].to_list(), expected)
    n = len(expected)
    a = rng.randint(0, n)
    b = rng.randint(a, n)
    part = pa.table(frame.slice(a, b - a))["x"]
    part.validate(full=True)
    must_be("of a slice", part.to_pylist(), expected[a:b])
    kept = frame.with_("i__ = row_index()").filter("i__ % 3 != 1")
    must_be("of a filter", pa.table(kept)["x"].to_pylist(), [x for i, x in enumerate(expected) if i % 3 != 1])
    twice = pa.table(lf.concat([frame.slice(a, b - a), frame]))["x"]
    twice.validate(full=True)
    must_be("below itself", twice.to_pylist(), expected[a:b] + expected)
    if not lf.DataFrame(pa.table(frame)).equals(frame):
        raise Differs("taken again, it is another frame")
    counts["compared"] += 1


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    t = "no type"
    try:
        t = any_type(rng)
        try:
            x = column(rng, t, rng.choice(LENGTHS) if rows is None else rows)
            x.validate(full=True)               # of null structs it may make codes of an empty dictionary
            expected = [pairs(v, t) for v in x.to_pylist()]
        except (pa.ArrowException, NotImplementedError, ValueError):
            counts["pyarrow has none"] += 1
            return None
        try:
            frame = lf.DataFrame(pa.table({"x": x}), context=lf.Context(threads=rng.choice([1, 3])))
        except lf.FrameError as error:
            counts["refused"] += 1
            counts[f"refused: {t}"[:70]] += 1
            if error.code not in ("unsupported", "type", "value", "overflow", "limit"):
                raise
            return None
        compare(rng, frame, expected, counts)
    except Differs as found:
        return f"case {seed}: {t}: {found}"
    except Exception:
        return f"case {seed}: {t}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every column; default: lengths next to thresholds"))
