#!/usr/bin/env python3
"""Functions of other rows (shift, diff, cum_, rolling_, rank, row_index) with and without over, against exact Python.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/windows.py --minutes 5 [--seed 1] [--case 1234]

The oracle sums fractions and takes windows anew for every row. Columns of integers at the ends of their types, decimals,
floats with NaN, both zeros and infinities, texts; keys with nulls, NaN and both zeros, which are one key. Frames are whole
or concats. A total that does not fit its type must be refused, and only such a one.
"""
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

INTS = {"i8": (-128, 127), "i32": (-2**31, 2**31 - 1), "i64": (-2**63, 2**63 - 1), "u8": (0, 255), "u64": (0, 2**64 - 1)}
DECIMALS = ["decimal(5,2)", "decimal(18,0)", "decimal(19,3)", "decimal(38,0)", "decimal(38,10)", "decimal(7,7)"]
KINDS = [*INTS, *DECIMALS, "f64", "f64", "plain f64", "plain f64", "str", "bool"]
RANKS = ["average", "min", "max", "dense", "first"]
REFUSED = "refused"
decimal.getcontext().prec = 100


# ---- columns -----------------------------------------------------------------------------------------------------------
def scale_of(kind):
    """(digits, digits after the point) of a decimal type."""
    return tuple(map(int, kind[8:-1].split(",")))


def value(rng, kind, few):
    if kind in INTS:
        low, high = INTS[kind]
        return rng.choice([0, 1, 2, 3]) if few else rng.choice([low, high, 0, 1, rng.randint(max(low, -100), min(high, 100))])
    if kind in DECIMALS:
        digits, scale = scale_of(kind)
        most = 10**digits - 1
        number = rng.choice([0, 1, -1, most if rng.random() < 0.1 else 7, rng.randint(-min(most, 10**6), min(most, 10**6))])
        return Decimal(number).scaleb(-scale)
    if kind == "f64":
        return rng.choice([0.0, -0.0, math.nan, 1.0, 2.0] if few else [0.0, -0.0, math.nan, math.inf, -math.inf, 1e16, 1.0,
                                                                      rng.gauss(0, 10), float(rng.randint(-5, 5))])
    if kind == "plain f64":
        return rng.choice([0.0, 1.0, 2.0] if few else [0.0, 1.5, rng.gauss(0, 10), float(rng.randint(-5, 5))])
    return rng.random() < 0.5 if kind == "bool" else \
        rng.choice(["", "a", "b", "ab", "longer than twelve bytes", "longer than twelve bytez", "é"])


def is_nan(x):
    return isinstance(x, float) and x != x


def key_of(x):
    return "nan" if is_nan(x) else None if x is None else (x + 0.0 if isinstance(x, float) else x,)


# ---- rules: what a column of one group becomes ----------------------------------------------------------------------------
def limited(kind):
    """Whether a total fits, for the type that totals of the kind have."""
    if kind in INTS:
        low, high = INTS["u64" if kind == "u64" else "i64"]
    elif kind in DECIMALS:
        high = Decimal(10)**(38 - scale_of(kind)[1]) - Decimal(1).scaleb(-scale_of(kind)[1])
        low = -high
    else:
        return lambda x: x
    return lambda x: x if x is None or low <= x <= high else REFUSED


def running(kind, op):
    def rule(x):
        out, total, fits = [], None, limited(kind)
        for v in x:
            total = total if v is None else v if total is None else op(total, v)
            out.append(None if v is None else fits(total))
        return out
    return rule


def nan_or(op):
    return lambda a, b: math.nan if is_nan(a) or is_nan(b) else op(a, b)


def total(values):
    """Of floats correctly rounded; what is not finite decides in the order that it comes."""
    if not isinstance(values[0], float):
        return sum(values)
    odd = [v for v in values if not math.isfinite(v)]
    return sum(odd) if odd else float(sum(map(Fraction, values)))


def mean(kind, n):
    def rule(values):
        s = total(values)
        if kind in DECIMALS:
            places = scale_of(kind)[1]
            scale = max(places, 6)
            m = Decimal(round(Fraction(s) / n * 10**scale))             # the sum must fit 128 bits as well
            return m.scaleb(-scale) if abs(m) < 10**38 and abs(s.scaleb(places)) < 2**127 else REFUSED
        return s / n if isinstance(s, float) and not math.isfinite(s) else float(sum(map(Fraction, values)) / n)
    return rule


def rolling(n, rule):
    def rolled(x):
        windows = [x[max(i - n + 1, 0):i + 1] for i in range(len(x))]
        return [None if len(w) < n or None in w else rule(w) for w in windows]
    return rolled


def extreme(op):
    return lambda values: math.nan if any(map(is_nan, values)) else op(values)


def shifted(n):
    return lambda x: [x[i - n] if 0 <= i - n < len(x) else None for i in range(len(x))]


def difference(kind, n):
    fits = limited("i64" if kind in INTS and kind != "u64" else kind)
    return lambda x: [None if a is None or b is None else fits(a - b) for a, b in zip(x, shifted(n)(x))]


def ranked(method):
    def rule(x):
        order = sorted((i for i in range(len(x)) if x[i] is not None), key=lambda i: (is_nan(x[i]), 0 if is_nan(x[i]) else x[i]))
        out, start, dense = [None] * len(x), 0, 0
        while start < len(order):
            end = start
            while end < len(order) and key_of(x[order[end]]) == key_of(x[order[start]]):
                end += 1
            dense += 1
            for place in range(start, end):
                out[order[place]] = {"average": (start + 1 + end) / 2, "min": start + 1, "max": end, "dense": dense,
                                     "first": place + 1}[method]
            start = end
        return out
    return rule


def question(rng, kind):
    """(expression, rule, whether the last bits may differ)."""
    n, width, real = rng.choice([1, 1, 2, -1, -3, 0, 100]), rng.choice([1, 2, 3, 7, 100]), "f64" in kind
    questions = [(f"shift(x, {n})", shifted(n), False), ("row_index()", lambda x: list(range(len(x))), False),
                 ("cum_count(x)", lambda x: [sum(v is not None for v in x[:i + 1]) for i in range(len(x))], False)]
    if kind != "bool":
        questions += [(f"rank(x, '{method}')", ranked(method), False) for method in RANKS]
    if kind not in ("str", "bool"):
        questions += [
            ("cum_sum(x)", running(kind, lambda a, b: a + b), real), (f"diff(x, {n})", difference(kind, n), real),
            ("cum_min(x)", running(kind, nan_or(min)), False), ("cum_max(x)", running(kind, nan_or(max)), False),
            (f"rolling_sum(x, {width})", rolling(width, lambda v: limited(kind)(total(v))), real),
            (f"rolling_mean(x, {width})", rolling(width, mean(kind, width)), True),
            (f"rolling_min(x, {width})", rolling(width, extreme(min)), False),
            (f"rolling_max(x, {width})", rolling(width, extreme(max)), False)]
    return rng.choice(questions)


# ---- one case ----------------------------------------------------------------------------------------------------------
def same(a, b, near):
    if a is None or b is None:
        return a is b
    if is_nan(a) or is_nan(b):
        return is_nan(a) and is_nan(b)
    if near and isinstance(b, float) and math.isfinite(b) and math.isfinite(a):
        return abs(Fraction(a) - Fraction(b)) <= (abs(Fraction(b)) + 1) / 10**12
    return a == b and (type(a) is type(b) or isinstance(a, Decimal))


def table(rng, kind, n):
    few = rng.random() < 0.5 or n > 200
    columns = {"x": [None if rng.random() < 0.15 else value(rng, kind, few) for _ in range(n)], "h": [i % 3 for i in range(n)]}
    keys = rng.choice([["", "a", "b", None], [0.0, -0.0, math.nan, 1.0, None]])
    columns["g"] = [rng.choice(keys) for _ in range(n)]
    return columns, {"x": kind.split()[-1], "h": "i32", "g": "str" if keys[0] == "" else "f64"}


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    said = ""
    try:
        kind, n = rng.choice(KINDS), rng.choice([0, 1, 2, 3, 10, 64, 65, 200, 1025]) if rows is None else rows
        columns, kinds = table(rng, kind, n)
        expression, rule, near = question(rng, kind)
        over = rng.choice(["", "g", "g, h", "()"])
        said = f"{expression} {'over' if over else ''} {f'({over})' if ',' in over else over}"
        groups = {}
        for i, (g, h) in enumerate(zip(columns["g"], columns["h"])):
            groups.setdefault((key_of(g) if "g" in over else 0, h if "h" in over else 0), []).append(i)
        wanted = [None] * n
        for places in groups.values():
            for i, v in zip(places, rule([columns["x"][i] for i in places])):
                wanted[i] = v
        frame = lf.DataFrame(columns, schema=kinds, context=lf.Context(threads=rng.choice([1, 3])))
        if rng.random() < 0.4:
            cut = rng.randint(0, n)
            frame = lf.concat([frame.slice(0, cut), frame.slice(cut, n - cut)])
        try:
            ours = frame.with_(f"r = {said}")["r"].to_list()
        except lf.FrameError as error:
            if error.code != "overflow" or REFUSED not in wanted:
                raise
            counts["refused"] += 1
            return None
        counts[expression.split("(")[0]] += 1
        if REFUSED in wanted:
            raise Differs(f"row {wanted.index(REFUSED)} does not fit and is {ours[wanted.index(REFUSED)]}")
        for i, (a, b) in enumerate(zip(ours, wanted)):
            if not same(a, b, near):
                raise Differs(f"row {i}: {a!r} and {b!r}, x is {columns['x'][max(i - 3, 0):i + 1]}")
    except Differs as found:
        return f"case {seed}: {said} of {kind}, {n} rows: {found}"
    except Exception:
        return f"case {seed}: {said} of {kind}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: lengths next to thresholds"))
