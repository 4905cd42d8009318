#!/usr/bin/env python3
"""Constants in expressions mean what the same value in a column means, alone, on either side and in lists.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/literals.py --minutes 5 [--seed 1] [--case 1234]

What is constant is folded, narrowed, read as a date or looked up in a table of its own; a column takes none of these ways.
So libframe is its own oracle: `x in [a, b]` must be `x == a or x == b`, `x < a` must be `a > x`, and a function of x and a
constant must be the function of x and a column that holds it. Columns of every type with the ends of their ranges, beside
constants that they hold, that they do not hold, and that lie between their values.
"""
import math
import random
import sys
import traceback

import libframe as lf

import cases
from typed import Differs

UNITS = ["s", "ms", "us", "ns"]
NUMBERS = ["0", "1", "-1", "127", "128", "300", "1.5", "0.1", "1.0", "0.10", "1.50", "1e0", "-128", "9007199254740993", "7",
           "9007199254740992.0", "18446744073709551615", "9223372036854775808", "999.999", "16777217", "2", "-0.0"]
CONSTANTS = {
    "number": NUMBERS, "text": ["''", "'a'", "'1'", "'2024-01-01'", "'b'"], "truth": ["true", "false"],
    "moment": ["'2024-01-01'", "'2024-01-01 10:00'", "'2024-01-01 00:00:00.5'", "'2024-01-01 10:00:00.000000001'",
               "'9999-12-31'", "'0001-01-01'", "date '2024-01-01'", "datetime '2024-01-01 10:00'", "date '9999-12-31'",
               "datetime '2024-01-01 00:00:00.5'", "'2024-01-01 00:00:00.000'"],
    "time": ["'10:00'", "time '10:00'", "'10:00:00.5'", "'23:59:59'"],
    "duration": ["duration '1d'", "duration '1h'", "duration '0.5s'", "duration '24h'", "duration '1ns'"]}
FUNCTIONS = ["coalesce(x, {a})", "fill_null(x, {a})", "nullif(x, {a})", "least(x, {a})", "greatest({a}, x)",
             "clip(x, {a}, {b})", "x if x == {a} else {b}", "x if x is null else {a}", "when(x > {a}, {b}, x)",
             "x between {a} and {b}", "x >= {a} and x <= {b}", "coalesce(null, x, {a})", "x + {a}", "{a} - x", "x * {a}",
             "x // {a}", "{a} // x", "x % {a}", "{a} % x", "x / {a}", "{a} / x", "x in ({a}, {b})", "x not in ({a}, {b})",
             "x in ({a}, null)", "x == {a}", "{a} < x", "x is null or x != {a}"]
MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def columns():
    """{type: values that lie near the constants}; moments and decimals as texts."""
    out = {"f32": [0.0, 0.1, 1.0, 1.5, None, math.nan, 2.0**24], "bool": [True, False, None],
           "f64": [0.0, -0.0, 0.1, 1.0, 1.5, 2.0**53, 2.0**63, None, math.nan, math.inf],
           "str": ["", "a", "1", "2024-01-01", None, "true"], "cat": ["", "a", "1", "2024-01-01", None],
           "decimal(5,2)": ["1.00", "0.10", "1.50", "-1.00", "999.99", None],
           "decimal(38,0)": ["1", "0", "9007199254740993", "18446744073709551616", None],
           "date": ["2024-01-01", "1970-01-01", "9999-12-31", "0001-01-01", None]}
    for bits in (8, 16, 32, 64):
        out[f"i{bits}"] = [0, 1, 100, 127, None, -1, 2**(bits - 1) - 1, -2**(bits - 1)]
        out[f"u{bits}"] = [0, 1, 100, 127, None, 2**bits - 1]
    out["i64"] += [2**53, 2**53 + 1]
    out["u64"] += [2**53 + 1, 2**63]
    for unit in UNITS:
        far = [] if unit == "ns" else ["9999-12-31 00:00:00", "0001-01-01 00:00:00"]
        out[f"datetime[{unit}]"] = ["2024-01-01 00:00:00", "2024-01-01 10:00:00", "1970-01-01 00:00:00", None, *far]
        out[f"datetime[{unit}, Europe/Berlin]"] = ["2024-01-01T00:00:00Z", "2024-01-01 09:00:00Z", "2023-12-31 23:00:00Z",
                                                   None]
        out[f"time[{unit}]"] = ["00:00:00", "10:00:00", "23:59:59", None]
        out[f"duration[{unit}]"] = [86_400, 3600, 0, None]
    return out


def family(kind):
    for name, starts in {"text": ("str", "cat"), "truth": ("bool",), "moment": ("date",), "time": ("time",),
                         "duration": ("duration",)}.items():
        if kind.startswith(starts):
            return name
    return "number"


def frame_of(kind, values):
    if kind.startswith("duration"):
        return lf.DataFrame({"x": values}, schema={"x": "i64"}).cast("x: duration[s]").cast({"x": kind})
    if family(kind) in ("moment", "time") or kind.startswith("decimal"):
        return lf.DataFrame({"x": values}, schema={"x": "str"}).cast({"x": kind})
    return lf.DataFrame({"x": values}, schema={"x": kind})


FRAMES = {kind: frame_of(kind, values) for kind, values in columns().items()}


# ---- answers -----------------------------------------------------------------------------------------------------------
def plain(x):
    """Equal where the values are: NaN is itself, a date is its midnight, units are not seen."""
    if isinstance(x, str) and x[4:5] == "-" and ":" in x:
        x = x.rstrip("0").rstrip(".") if "." in x else x
        return x.removesuffix(" 00:00:00")
    return "nan" if isinstance(x, float) and x != x else x


def answer(frame, expression):
    """The values, or None where the question is refused."""
    try:
        result = frame.with_(f"r = {expression}")
        if result.schema["r"].startswith(("date", "duration")):         # as texts, which also hold what Python does not
            result = result.cast("r: str")
        return list(map(plain, result["r"].to_list()))
    except lf.FrameError:
        return None


def typed(text, kind):
    """What the constant is read as beside the type, said so that a column has it."""
    if kind.startswith("decimal") and "." in text:
        digits = len(text.strip("-")) - 1
        return f"cast('{text}', 'decimal({digits},{len(text.split('.')[1])})')"
    if not text.startswith("'") or family(kind) not in ("moment", "time"):
        return text
    if family(kind) == "time":
        return f"cast({text}, 'time[us]')"
    moment = f"cast({text}, 'datetime[ns]')" if len(text) > 28 else f"parse_datetime({text})"
    return f"localize({moment}, 'Europe/Berlin')" if "Berlin" in kind else moment


# ---- questions: (what is asked, answer, answer the long way) ------------------------------------------------------------
def listed(rng, frame, kind):
    items = [rng.choice([*CONSTANTS[family(kind)], "null"]) for _ in range(rng.choice([1, 1, 2, 3, 18]))]
    if all(x == "null" for x in items):
        items.append(rng.choice(CONSTANTS[family(kind)]))
    text, ways = f"x in [{', '.join(items)}]", " or ".join(f"x == {x}" for x in items)
    if rng.random() < 0.3:
        text, ways = text.replace(" in ", " not in "), f"not ({ways})"
    return text, answer(frame, text), answer(frame, ways)


def mirrored(rng, frame, kind):
    sign, a = rng.choice(sorted(MIRRORED)), rng.choice(CONSTANTS[family(kind)])
    return f"x {sign} {a}", answer(frame, f"x {sign} {a}"), answer(frame, f"{a} {MIRRORED[sign]} x")


def of_columns(rng, frame, kind):
    a, b = (rng.choice(CONSTANTS[family(kind)]) for _ in range(2))
    text = rng.choice(FUNCTIONS)
    if kind == "f32" and family(kind) == "number":      # beside f32 a constant is an f32, a column of f64 is not
        text = rng.choice(["x is null or is_nan(x)", "coalesce(x, {a}) is null"])
    beside = frame.with_(f"a = {typed(a, kind)}; b = {typed(b, kind)}")
    return text.format(a=a, b=b), answer(frame, text.format(a=a, b=b)), answer(beside, text.format(a="a", b="b"))


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    try:
        kind, ask = rng.choice(sorted(FRAMES)), rng.choice([listed, mirrored, of_columns])
        said, one, other = ask(rng, FRAMES[kind], kind)
        counts[ask.__name__] += 1
        if one is None or other is None:
            counts["refused"] += 1
            counts[f"refused one way: {ask.__name__}"] += (one is None) != (other is None)
        elif one != other:
            raise Differs(f"{one} and {other}")
    except Differs as found:
        return f"case {seed}: {kind}: {said}: {found}"
    except Exception:
        return f"case {seed}: {traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "no meaning here"))
