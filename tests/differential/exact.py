#!/usr/bin/env python3
"""Aggregates of integers, decimals, dates, texts and floats, in group and over, against fractions of Python.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/exact.py --minutes 5 [--seed 1] [--case 1234]

What polars cannot be asked in aggregates.py: decimals of any scale up to 38 digits, sums and means of integers at the ends
of 64 bits, quantiles by every interpolation (nearest takes the even index of two), NaN and infinities with and without
skipnan, min_count, ddof. Means, medians and quantiles of decimals are rounded half to even at six places or the column's.
"""
import datetime
import decimal
import math
import random
import sys
import traceback
from decimal import Decimal
from fractions import Fraction

import libframe as lf

import cases
from typed import Differs
from windows import is_nan, key_of, scale_of

KINDS = ["f64", "plain f64", "plain f64", "i64", "u64", "i8", "bool", "decimal(5,2)", "decimal(18,4)", "decimal(38,0)",
         "decimal(30,8)", "date", "str"]
LIMITS = {"i64": (-2**63, 2**63 - 1), "i8": (-2**63, 2**63 - 1), "u64": (0, 2**64 - 1)}
decimal.getcontext().prec = 120


def value(rng, kind):
    if kind == "f64":
        return rng.choice([0.0, -0.0, 1.0, 2.5, math.nan, math.inf, -math.inf, rng.gauss(0, 1)])
    if kind == "plain f64":
        return rng.choice([0.0, 1.0, 2.5, rng.gauss(0, 1), 1e8 + rng.random(), -3.0])
    if kind == "i64":
        return rng.choice([0, 1, 2, -5, 2**63 - 1, -2**63, rng.randint(-9, 9)])
    if kind == "u64":
        return rng.choice([0, 1, 2**64 - 1, 2**63, 7])
    if kind == "i8":
        return rng.randint(-128, 127)
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "date":
        return datetime.date(1970, 1, 1) + datetime.timedelta(rng.choice([0, 1, 2, -1, 20_000, rng.randint(-9999, 9999)]))
    if kind == "str":
        return rng.choice(["", "a", "b", "é", "longer than twelve bytes"])
    digits, scale = scale_of(kind)
    return Decimal(rng.choice([0, 1, -1, 5, 10**digits - 1, -10**digits + 1, rng.randint(-999, 999)])).scaleb(-scale)


# ---- the oracle: rules of the values of a group that are not null -------------------------------------------------------
def rounded(kind, x):
    """A fraction as the column's mean is: a decimal of six places or more, else a float."""
    if not kind.startswith("decimal"):
        return float(x)
    places = max(6, scale_of(kind)[1])
    return Decimal(round(x * 10**places)).scaleb(-places)


def total(kind, values):
    odd = [v for v in values if isinstance(v, float) and not math.isfinite(v)]
    return sum(odd) if odd else float(sum(map(Fraction, values))) if "f64" in kind else sum(values)


def mean(kind, values):
    s = total(kind, values)
    return s if isinstance(s, float) and not math.isfinite(s) else rounded(kind, sum(map(Fraction, values)) / len(values))


def spread(kind, values, ddof, root):
    if len(values) <= ddof:
        return None
    if "f64" in kind and not all(map(math.isfinite, values)):
        return math.nan
    middle = sum(map(Fraction, values)) / len(values)
    variance = float(sum((Fraction(v) - middle)**2 for v in values) / (len(values) - ddof))
    return math.sqrt(variance) if root else variance


def quantile(kind, values, q, how):
    values = sorted(values)
    place = q * (len(values) - 1)
    low = math.floor(place)
    high, share = min(low + 1, len(values) - 1), Fraction(place - low)
    if how == "nearest":
        low = high = low if share < 0.5 or (share == 0.5 and low % 2 == 0) else high
    if share == 0 or how == "lower":
        high = low
    if how == "higher":
        low = high
    share = Fraction(1, 2) if how == "midpoint" else share
    if any(isinstance(values[i], float) and math.isinf(values[i]) for i in (low, high)):
        return values[low] if low == high else Ellipsis                # between infinities: not decided here
    return rounded(kind, Fraction(values[low]) + (Fraction(values[high]) - Fraction(values[low])) * share)


def mode(values):
    often = {}
    for v in values:
        often.setdefault(key_of(v), []).append(v)
    most = [v[0] for v in often.values() if len(v) == max(map(len, often.values()))]
    return min((v for v in most if not is_nan(v)), default=math.nan)


def question(rng, kind):
    """(expression, rule of the group's values, what it is of none, whether the last bits may differ)."""
    q, how, ddof = rng.choice([0, 0.25, 0.5, 0.3, 1, 0.9, rng.random()]), rng.choice(
        ["linear", "lower", "higher", "midpoint", "nearest"]), rng.choice([0, 1, 2])
    least, real = rng.choice([0, 1, 3]), "f64" in kind

    def unless_nan(rule):
        return lambda v: math.nan if any(map(is_nan, v)) else rule(v)
    questions = [("count(x{})", len, 0, 0), ("nunique(x{})", lambda v: len(set(map(key_of, v))), 0, 0),
                 ("min(x{})", unless_nan(min), None, 0), ("max(x{})", unless_nan(max), None, 0),
                 ("first(x{})", lambda v: v[0], None, 0), ("last(x{})", lambda v: v[-1], None, 0), ("mode(x{})", mode, None, 0)]
    if kind == "bool":
        questions += [("sum(x)", sum, 0, 0), ("mean(x)", lambda v: mean(kind, v), None, 0), ("any(x)", any, False, 0),
                      ("all(x)", all, True, 0)]
    if kind not in ("date", "str", "bool"):
        wide = kind.startswith("decimal") or kind in ("i64", "u64")     # moments of huge numbers are those of their doubles
        questions += [
            (f"sum(x, min_count = {least}{{}})", lambda v: total(kind, v) if len(v) >= least else None,
             None if least else 0, 1e-12 * real),
            ("mean(x{})", lambda v: unless_nan(lambda w: mean(kind, w))(v), None, 1e-12),
            ("median(x{})", unless_nan(lambda v: quantile(kind, v, 0.5, "linear")), None, 1e-12 * real),
            (f"quantile(x, {q}, '{how}'{{}})", unless_nan(lambda v: quantile(kind, v, q, how)), None, 1e-11),
            (f"var(x, {ddof}{{}})", lambda v: spread(kind, v, ddof, False), None, 1e-5 if wide else 1e-6),
            (f"std(x, {ddof}{{}})", lambda v: spread(kind, v, ddof, True), None, 1e-5 if wide else 1e-6)]
    return rng.choice(questions)


# ---- one case ----------------------------------------------------------------------------------------------------------
def too_large(kind, x):
    """What may be refused: a total beyond its type, and anything of 38 digits, whose sums leave them."""
    if kind.startswith("decimal"):
        return kind.startswith("decimal(38") or (x is not None and len(Decimal(x).as_tuple().digits) > 38)
    low, high = LIMITS.get(kind, (-math.inf, math.inf))
    return x is not None and isinstance(x, int) and not low <= x <= high


def same(a, b, near):
    if b is Ellipsis:
        return True
    if a is None or b is None or is_nan(a) or is_nan(b):
        return a is b or (is_nan(a) and is_nan(b))
    if near and isinstance(b, float) and math.isfinite(b) and math.isfinite(a):
        return abs(Fraction(a) - Fraction(b)) <= Fraction(near) * max(abs(Fraction(b)), Fraction(1, 10**9))
    return a == b


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    said = ""
    try:
        kind, n = rng.choice(KINDS), rng.choice([1, 2, 3, 5, 40, 300]) if rows is None else rows
        groups = [rng.choice([None, "a", "b", "c"]) for _ in range(n)]
        x = [None if rng.random() < 0.2 else value(rng, kind) for _ in range(n)]
        text, rule, of_none, near = question(rng, kind)
        skip = "{}" in text and rng.random() < 0.3
        text, over = text.format(", skipnan = true" if skip else ""), rng.random() < 0.4
        said = f"{text}{' over g' if over else ''} of {kind}"
        frame = lf.DataFrame({"g": groups, "x": x}, schema={"g": "str", "x": kind.split()[-1]})
        if rng.random() < 0.3:
            cut = rng.randint(0, n)
            frame = lf.concat([frame.slice(0, cut), frame.slice(cut, n - cut)])
        wanted = {}
        for g in set(groups):
            values = [v for v, h in zip(x, groups) if h == g and v is not None and not (skip and is_nan(v))]
            wanted[g] = rule(values) if values else of_none
        try:
            result = frame.with_(f"r = {text} over g") if over else frame.group("g", f"r = {text}")
        except lf.FrameError as error:
            if error.code == "overflow" and any(too_large(kind, v) for v in wanted.values()):
                counts["refused"] += 1
                return None
            raise
        counts[text.split("(")[0]] += 1
        for g, ours in zip(result["g"].to_list(), result["r"].to_list()):
            if not same(ours, wanted[g], near):
                raise Differs(f"group {g}: {ours!r} and {wanted[g]!r} of "
                              f"{[v for v, h in zip(x, groups) if h == g][:8]}")
    except Differs as found:
        return f"case {seed}: {said}: {found}"
    except Exception:
        return f"case {seed}: {said}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: 1 to 300"))
