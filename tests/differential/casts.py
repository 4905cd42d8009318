#!/usr/bin/env python3
"""Casts between types, the four ways to ask for them, against exact Python.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/casts.py --minutes 5 [--seed 1] [--case 1234]

What a value becomes is computed from docs/types.md with integers, fractions and Decimal; what does not fit is null in
try_cast and in cast with errors = coerce, the row that the error of a strict cast names, and a reject with errors =
reject. Values sit at the ends of both types; texts are numbers, nearly numbers and none. Moments go out to text and to
integers and must come back as what they were.
"""
import decimal
import math
import random
import re
import struct
import sys
import traceback
import warnings
from decimal import Decimal

import libframe as lf
import moments

import cases
from typed import Differs

INTS = {f"{sign}{bits}": (-2**(bits - 1), 2**(bits - 1) - 1) if sign == "i" else (0, 2**bits - 1)
        for sign in "iu" for bits in (8, 16, 32, 64)}
DECIMALS = ["decimal(5,2)", "decimal(18,0)", "decimal(18,9)", "decimal(38,0)", "decimal(38,38)", "decimal(20,3)"]
TYPES = [*INTS, "f32", "f64", "bool", *DECIMALS, "str"]
TEXTS = [" 12 ", "+5", "-0", "", "x", "1.5", "12.50", "-0.005", "0.015", "0x10", "٣", "99999999999999999999", "00012", "1 2",
         "-9223372036854775809", "18446744073709551616", "1_000", "- 5", "+", "-", ".", " ", ".5", "5.", "\t7\n", "9" * 38,
         "9" * 39, "0." + "9" * 40]
NONE = "does not fit"
decimal.getcontext().prec = 800


def as_f32(x):
    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def scale_of(kind):
    return tuple(map(int, kind[8:-1].split(",")))


# ---- values ------------------------------------------------------------------------------------------------------------
def value(rng, kind):
    if rng.random() < 0.05:
        return None
    if kind in INTS:
        low, high = INTS[kind]
        return rng.choice([low, high, 0, 1, high - 1, low + 1, rng.randint(max(low, -300), min(high, 300)), min(high, 2**24 + 1),
                           rng.randint(low, high), min(high, 2**53 + 1), min(high, 2**63 - 1024)])
    if kind in ("f32", "f64"):
        x = rng.choice([0.0, -0.0, 0.5, 1.5, 2.5, math.nan, math.inf, -math.inf, 127.9, 128.0, -128.9, -129.0, 255.99, 256.0,
                        2.0**31, 2.0**32, 2.0**63, -2.0**63, 2.0**64, 2.0**63 - 1024, 1e308, 5e-324, 3.4028235677973366e38,
                        0.125, 0.375, 1e18, 1e37, -1e38, 0.005, 0.015, 1.005, rng.uniform(-1000, 1000), rng.uniform(-1e20, 1e20)])
        return as_f32(x) if kind == "f32" else x
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "str":
        return rng.choice(TEXTS) if rng.random() < 0.7 else str(rng.randint(-300, 2**64))
    digits, scale = scale_of(kind)
    most = 10**digits - 1
    number = rng.choice([0, 1, -1, most, -most, 5 * 10**max(scale - 1, 0), rng.randint(-most, most), rng.randint(-999, 999)])
    return Decimal(max(-most, min(most, number))).scaleb(-scale)


# ---- the oracle --------------------------------------------------------------------------------------------------------
def to_integer(v, source, target):
    low, high = INTS[target]
    if source == "str":
        text = v.strip(" \t\n\r\f\v")
        v = int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else math.nan
    if isinstance(v, float) and not math.isfinite(v):
        return NONE
    return int(v) if low <= int(v) <= high else NONE


def to_float(v, source, target):
    """Integers must be exact, floats are rounded, and no number becomes infinite."""
    if source in INTS:
        x = as_f32(v) if target == "f32" else float(v)
        return x if math.isfinite(x) and int(x) == v else NONE
    if source.startswith("decimal"):
        return float(v) if target == "f64" else Ellipsis
    x = as_f32(v) if target == "f32" else float(v)
    return NONE if math.isinf(x) and not math.isinf(v) else x


def to_decimal(v, source, target):
    digits, scale = scale_of(target)
    if source == "str":
        text = v.strip(" \t\n\r\f\v")
        if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
            return Ellipsis
        v = Decimal(text)
    if isinstance(v, float) and not math.isfinite(v):
        return NONE
    x = Decimal(v).quantize(Decimal(1).scaleb(-scale), rounding=decimal.ROUND_HALF_EVEN)
    if source == "str" and x != v:
        return NONE                                                     # more decimals than the type has
    return x if abs(x) < Decimal(10)**(digits - scale) else NONE


def expected(v, source, target):
    """The value, NONE, or ... where it is not decided here."""
    if v is None:
        return None
    if source == target:
        return v
    if target in INTS:
        return to_integer(v, source, target)
    if target.startswith("decimal"):
        return to_decimal(v, source, target)
    if target == "str" and source not in ("f32", "f64"):
        return {True: "true", False: "false"}[v] if source == "bool" else format(v, "f") if isinstance(v, Decimal) else str(v)
    if source == "str" or target == "str":
        return Ellipsis
    if target == "bool":
        return NONE if isinstance(v, float) and math.isnan(v) else v != 0
    return to_float(v, source, target)


def same(a, b):
    if b is Ellipsis:
        return True
    if isinstance(a, float) and isinstance(b, float):
        return struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b)
    return a is b or (a == b and (type(a) is type(b)))


# ---- the ways to ask ---------------------------------------------------------------------------------------------------
def numbers(rng, counts, n):
    source, target = rng.choice(TYPES), rng.choice(TYPES)
    x = [value(rng, source) for _ in range(n)]
    frame = lf.DataFrame({"x": x}, schema={"x": source}, context=lf.Context(threads=rng.choice([1, 3])))
    wanted = [expected(v, source, target) for v in x]
    ours = frame.with_(f"y = try_cast(x, '{target}')")["y"]
    counts[f"to {target.split('(')[0]}"] += 1
    if ours.dtype != target:
        raise Differs(f"{source} → {target}: the type is {ours.dtype}")
    ours = ours.to_list()
    for v, a, b in zip(x, ours, wanted):
        if not same(a, None if isinstance(b, str) and b == NONE else b):
            raise Differs(f"{source} → {target}: {v!r} is {a!r}, not {b!r}")
    failed = [i for i, (v, a) in enumerate(zip(x, ours)) if v is not None and a is None]
    other_ways(frame, target, ours, failed)


def other_ways(frame, target, ours, failed):
    coerced = frame.cast(f"x: {target}", errors="coerce")
    if not all(map(same, coerced["x"].to_list(), ours)):
        raise Differs(f"{frame.schema} → {target}: coerce gives another column")
    try:
        frame.cast(f"x: {target}")
        row = None
    except lf.FrameError as error:
        row = error.row
    if row != (failed[0] if failed else None):
        raise Differs(f"{frame.schema} → {target}: row {row} is refused, not {failed[:1]}")
    kept = frame.cast(f"x: {target}", errors="reject")
    left = [a for i, a in enumerate(ours) if i not in set(failed)]
    if len(kept.rejects) != len(failed) or not all(map(same, kept["x"].to_list(), left)) or len(kept) != len(left):
        raise Differs(f"{frame.schema} → {target}: {len(kept)} kept and {len(kept.rejects)} rejects, not {len(failed)}")


def times(rng, counts, n):
    """Through text, integers and finer units, and back."""
    unit, zone = rng.choice(sorted(moments.PER_SECOND)), rng.choice(["", "", ", UTC", ", Europe/Berlin", ", America/New_York"])
    kind = rng.choice([f"datetime[{unit}{zone}]", "date", f"duration[{unit}]", f"time[{unit}]"])
    per_day = 86_400 * moments.PER_SECOND[unit]
    make = {"da": lambda: moments.random_day(rng) if kind == "date" else moments.random_tick(rng, unit),
            "du": lambda: moments.random_span(rng, unit), "ti": lambda: rng.randint(0, per_day - 1)}[kind[:2]]
    ticks = [None if rng.random() < 0.05 else make() for _ in range(n)]
    frame = lf.DataFrame({"x": ticks}, schema={"x": "i64"}).cast({"x": kind})
    ways = ["str", "i64", "cat"]
    if kind == "date":
        ways += ["datetime[s]", "datetime[ms]"]
    way = rng.choice(ways)
    counts[f"{kind[:4]} by {way[:4]}"] += 1
    back = frame.cast({"x": way}).cast({"x": kind}).cast("x: i64")["x"].to_list()
    for i, (a, b) in enumerate(zip(back, ticks)):
        if a != b:
            raise Differs(f"{kind} → {way} → {kind}: {b} came back as {a}, "
                          f"by {frame.slice(i, 1).cast({'x': 'str'})['x'].to_list()}")


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", lf.FrameWarning)            # of fractions that are cut
            rng.choice([numbers, numbers, times])(rng, counts, rng.choice([1, 64, 65, 200]) if rows is None else rows)
    except Differs as found:
        return f"case {seed}: {found}"
    except Exception:
        return f"case {seed}: {traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: 1 to 200"))
