#!/usr/bin/env python3
"""Functions of expressions over random values, against Python's own and against themselves in other shapes.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/functions.py --minutes 5 [--seed 1] [--case 1234]

Each call is computed over a column in one piece, over a slice of a longer one, over a concat, over its categories, with
other numbers of threads, and row by row in Python where Python has the function. Regular expressions are compared with the
same behind an empty look-ahead, which only PCRE2 reads. Texts: empty, as long as a view holds and one byte more or less,
of several bytes a character; numbers at the ends of their types; dates from the year 1 to 9999.
"""
import calendar
import ctypes
import datetime
import math
import random
import re
import sys
import traceback

import libframe as lf

import cases

LENGTHS = [0, 1, 2, 7, 63, 64, 65, 100, 1023, 1025, 4097, 16_385, 65_537]
PARTS = ["a", "b", "-", "12", "0", "é", "日本", "🙂", " ", ".", "id=", "xyz", "ß", "A", "Z", ",", "abcdefghijkl", "\n", "_",
         "e\u0301",
         "ÿ", "\t", "007", "'", "(", "ſ", "İ", "\u00a0"]


def text(rng):
    how = rng.random()
    if how < 0.1:
        return ""
    if how < 0.35:
        n = rng.choice([10, 11, 12, 13, 14, 15, 16, 17, 31, 32, 33, 63, 64, 65])
        return "".join(rng.choices("ab-0 1,.", k=n))
    return "".join(rng.choices(PARTS, k=rng.choice([1, 2, 3, 5, 8, 20])))


def integer(rng):
    return rng.choice([0, 1, -1, 2, 127, -128, 255, 2**15, 2**31, -2**31, 2**53 + 1, 2**63 - 1,
                       -2**63]) if rng.random() < 0.3 \
        else rng.randint(-1000, 1000)


def real(rng):
    return rng.choice([0.0, -0.0, math.nan, math.inf, -math.inf, 1e308, 5e-324, 0.5, 1.5, 2.5, -0.5, 2.0**53, 1e16]) \
        if rng.random() < 0.3 else rng.choice([rng.gauss(0, 100), round(rng.gauss(0, 100), 2), float(rng.randint(-50, 50))])


def date(rng):
    return datetime.date.fromordinal(rng.randint(1, datetime.date.max.toordinal())) if rng.random() < 0.5 else \
        datetime.date(rng.randint(1890, 2040), rng.choice([1, 2, 3, 12]), rng.choice([1, 28]))


def moment(rng):
    day = date(rng)
    return datetime.datetime(day.year, day.month, day.day, rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59),
                             rng.choice([0, 0, 500_000, 999_999, rng.randint(0, 999_999)]))


MAKERS = {"str": text, "i64": integer, "f64": real, "date": date, "datetime[us]": moment}


def column(rng, kind, n):
    pool = [MAKERS[kind](rng) for _ in range(rng.choice([1, 3, 40, 400]))]
    nulls = rng.choice([0, 0, 0.1, 0.5, 1])
    return [None if rng.random() < nulls else rng.choice(pool) for _ in range(n)]


def quoted(x):
    return "'" + "".join({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t"}.get(c, c) for c in x) + "'"


# ---- texts: (expression of s, what Python gives) -----------------------------------------------------------------------
def simple_lower(s):
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in s)


def text_call(rng):
    part, by = rng.choice([*PARTS, "ab", "", "a"]), rng.choice(["", "x", "é", "longer than twelve"])
    a, b, width = rng.randint(-6, 6), rng.randint(-20, 20), rng.choice([0, 1, 5, 12, 13, 40])
    fill, chars = rng.choice([" ", ".", "é", "0"]), rng.choice(["a", "ab", " ", "0é", "-"])
    p, q = quoted(part), quoted(by)
    calls = [
        ("len(s)", len), ("bytes(s)", lambda s: len(s.encode())), ("reverse(s)", lambda s: s[::-1]),
        (f"contains(s, {p})", lambda s: part in s), (f"startswith(s, {p})", lambda s: s.startswith(part)),
        (f"endswith(s, {p})", lambda s: s.endswith(part)), (f"find(s, {p})", lambda s: s.find(part)),
        (f"rfind(s, {p})", lambda s: s.rfind(part)),
        (f"strip(s, {quoted(chars)})", lambda s: s.strip(chars)), (f"lstrip(s, {quoted(chars)})", lambda s: s.lstrip(chars)),
        (f"rstrip(s, {quoted(chars)})", lambda s: s.rstrip(chars)),
        (f"remove_prefix(s, {p})", lambda s: s.removeprefix(part)),
        (f"remove_suffix(s, {p})", lambda s: s.removesuffix(part)),
        (f"slice(s, {a})", lambda s: s[a:]), (f"slice(s, {a}, {b})", lambda s: s[a:b]),
        (f"left(s, {abs(b)})", lambda s: s[:abs(b)]), (f"right(s, {abs(b)})", lambda s: s[-abs(b):] if b else ""),
        (f"get(s, {a})", lambda s: s[a] if -len(s) <= a < len(s) else None),
        (f"repeat(s, {abs(a)})", lambda s: s * abs(a)), (f"concat(s, {q})", lambda s: s + by),
        (f"concat({q}, s, s)", lambda s: by + s + s),
        (f"ljust(s, {width}, {quoted(fill)})", lambda s: s + fill * (width - len(s))),
        (f"rjust(s, {width}, {quoted(fill)})", lambda s: fill * (width - len(s)) + s),
        (f"zfill(s, {width})", lambda s: s.zfill(width)), ("isascii(s)", str.isascii),
        ("s is null", None), ("hash(s)", None), ("title(s)", None), ("capitalize(s)", None), ("swapcase(s)", None),
        ("lower(s)", None), ("upper(s)", None), ("strip(s)", None), ("ord(s)", lambda s: ord(s[0]) if s else None),
        (f"center(s, {width})", None), ("isdigit(s)", None), ("isalpha(s)", None), ("isspace(s)", None),
        ("isdecimal(s)", None), ("isnumeric(s)", None), ("isalnum(s)", None), ("isupper(s)", None), ("islower(s)", None),
        ("try_strptime(s, '%d.%m.%Y')", None), ("try_parse_date(s)", None), ("try_parse_datetime(s)", None),
        ("is_in(s, ['a', ''])", lambda s: s in ("a", "")), ("chr(ord(s))", lambda s: s[0] if s else None),
        ("s + s", lambda s: s + s), (f"s == {p}", lambda s: s == part), (f"s < {p}", lambda s: s < part),
        (f"s >= {p}", lambda s: s >= part), (f"s in ({p}, {q}, 'a')", lambda s: s in (part, by, "a")),
        (f"s if contains(s, 'a') else {q}", None),
        (f"coalesce(s, {q})", None), (f"nullif(s, {p})", lambda s: None if s == part else s),
        (f"replace(slice(s, 1, 9), {quoted(part or 'a')}, {q})", lambda s: s[1:9].replace(part or "a", by)),
        (f"bytes(strip(slice(s, {a}, {b}), {quoted(chars)}))", lambda s: len(s[a:b].strip(chars).encode())),
    ]
    if part:
        calls += [(f"replace(s, {p}, {q})", lambda s: s.replace(part, by)),
                  (f"replace_first(s, {p}, {q})", lambda s: s.replace(part, by, 1)),
                  (f"count(s, {p})", lambda s: s.count(part)),
                  (f"split_part(s, {p}, {abs(a)})",
                   lambda s: s.split(part)[abs(a)] if abs(a) < len(s.split(part)) else None),
                  (f"list_len(split(s, {p}))", lambda s: len(s.split(part))),
                  (f"list_get(split(s, {p}), {a})",
                   lambda s: (lambda parts: parts[a] if -len(parts) <= a < len(parts) else None)(s.split(part))),
                  (f"join(split(s, {p}), {q})", lambda s: by.join(s.split(part)))]
    return rng.choice(calls)


# ---- patterns: (expression of s, the same for PCRE2 alone) -------------------------------------------------------------
ATOMS = ["a", "b", "-", "[0-9]", r"\d", r"\w", r"\s", "[a-z]", "[A-Za-z_]", "[^,]", "[^-]", ",", r"\.", "id=", ".",
         "[ab]", "é", "[^a]",
         "[^0-9]", " ", "[0-9a-f]", r"\D", r"\W", "x", r"\S", "日", "[^é]", r"\t"]
COUNTS = ["", "", "", "+", "*", "?", "{2}", "{1,3}", "{2,}", "+?", "*?", "{0,2}", "++", "{12}", "{0}"]


def pattern(rng):
    parts = []
    for _ in range(rng.randint(1, 5)):
        one = "".join(rng.choice(ATOMS) + rng.choice(COUNTS) for _ in range(rng.randint(1, 2)))
        how = rng.random()
        parts.append(f"({one})" if how < 0.35 else f"(?:{one})" if how < 0.4 else one)
    whole = "".join(parts)
    return ("^" if rng.random() < 0.1 else "") + whole + ("$" if rng.random() < 0.1 else "")


def pattern_call(rng):
    p = pattern(rng)
    groups = re.compile(r"\((?!\?)").findall(p)
    which = rng.randint(0, len(groups))
    makers = [lambda e: f"extract(s, {quoted(e)}, {which})", lambda e: f"matches(s, {quoted(e)})",
              lambda e: f"count_regex(s, {quoted(e)})",
              lambda e: f"fullmatch(s, {quoted(e)})",
              lambda e: f"replace_regex(s, {quoted(e)}, {quoted('<' + chr(92) + str(which) + '>')})"]
    made = rng.choice(makers)
    return made(p), made("(?=)" + p)


# ---- numbers -----------------------------------------------------------------------------------------------------------
def whole(op):
    def checked(i, j):
        x = op(i, j)
        return OverflowError if x is not None and not -2**63 <= x < 2**63 else x
    return checked


def whole_float(op):
    return lambda x, y: math.copysign(float(op(x)), x) if math.isfinite(x) else x


LIBM = ctypes.CDLL("libm.so.6")


def libm(name, n_args=1):
    """A function of C, which answers where Python's math raises."""
    function = getattr(LIBM, name)
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * n_args
    return function


NEAR = {"exp(x)", "log(x)", "sin(x)", "cos(x)"}            # by our own loops, at most one double beside the C library's
C_FUNCTIONS = ["exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
               "tanh"]


def shifted(i, n, left):
    """Null for a shift out of range; to the left an error where bits are lost."""
    if not 0 <= n <= 63:
        return None
    return whole(lambda i, n: i << n)(i, n) if left else i >> n


def number_call(rng):
    c = rng.choice([1, 2, 3, 10, -7, 64, 1000, 7, -1, 255])
    d = rng.choice([0.5, 1.1, -3.0, 100.0, 0.1])
    ints = [("i + j", whole(lambda i, j: i + j)), ("i - j", whole(lambda i, j: i - j)), ("i * j", whole(lambda i, j: i * j)),
            (f"i * ({c})", whole(lambda i, j: i * c)), ("i // j", whole(lambda i, j: i // j if j else None)),
            ("i % j", whole(lambda i, j: i % j if j else None)), (f"i // ({c})", whole(lambda i, j: i // c)),
            (f"i % ({c})", whole(lambda i, j: i % c)), ("i == j", lambda i, j: i == j), ("i < j", lambda i, j: i < j),
            ("i >= j", lambda i, j: i >= j), (f"i between {-abs(c)} and {abs(c)}", lambda i, j: -abs(c) <= i <= abs(c)),
            (f"i in ({c}, 0, 1)", lambda i, j: i in (c, 0, 1)), ("bit_and(i, j)", lambda i, j: i & j),
            ("bit_or(i, j)", lambda i, j: i | j),
            ("bit_xor(i, j)", lambda i, j: i ^ j), ("bit_not(i)", lambda i, j: ~i), ("abs(i)", whole(lambda i, j: abs(i))),
            ("-i", whole(lambda i, j: -i)), ("least(i, j)", None), ("greatest(i, j)", None), ("i if i > j else j", None),
            ("wrap_add(i, j)", lambda i, j: (i + j + 2**63) % 2**64 - 2**63),
            ("wrap_sub(i, j)", lambda i, j: (i - j + 2**63) % 2**64 - 2**63),
            (f"bit_left(i, {c})", lambda i, j: shifted(i, c, True)), (f"bit_right(i, {c})", lambda i, j: shifted(i, c, False)),
            ("bit_right(i, j)", lambda i, j: shifted(i, j, False)), ("xor(i > 0, j > 0)", lambda i, j: (i > 0) != (j > 0)),
            ("wrap_mul(i, j)", lambda i, j: (i * j + 2**63) % 2**64 - 2**63),
            ("bit_count(i)", lambda i, j: (i & (2**64 - 1)).bit_count()), ("sign(i)", lambda i, j: (i > 0) - (i < 0)),
            ("i ** 2", whole(lambda i, j: i**2)), ("i < 1.5", lambda i, j: i < 1.5),
            ("i == 9007199254740992.0", lambda i, j: i == 2**53),
            ("cast(i, 'str')", lambda i, j: str(i)), ("try_cast(i, 'i8')", lambda i, j: i if -128 <= i < 128 else None),
            ("try_cast(i, 'u32')", lambda i, j: i if 0 <= i < 2**32 else None),
            ("concat(i, ':', j)", lambda i, j: f"{i}:{j}"),
            ("i / j", lambda i, j: (float(i) / float(j) if j else math.nan if not i else math.copysign(math.inf, i))),
            ("clip(i, -5, j)", None), ("i * i + j > 10 or i < 0 and j > 5", None), ("try_cast(i, 'f64')", None)]
    reals = [("x + y", lambda x, y: x + y), ("x - y", lambda x, y: x - y), ("x * y", lambda x, y: x * y),
             (f"x * {d} + y", lambda x, y: x * d + y),
             (f"x / {d}", lambda x, y: x / d), (f"(x - y) * (x + {d})", lambda x, y: (x - y) * (x + d)),
             ("x < y", lambda x, y: x < y),
             ("x == y", lambda x, y: x == y), ("x != y", lambda x, y: x != y), ("x >= y", lambda x, y: x >= y),
             ("-x", lambda x, y: -x),
             ("abs(x)", lambda x, y: abs(x)), ("floor(x)", whole_float(math.floor)),
             ("ceil(x)", whole_float(math.ceil)), ("round(x)", whole_float(round)),
             ("round(x, 2)", None), ("round(x, -2)", None), ("is_nan(x)", lambda x, y: math.isnan(x)),
             ("is_finite(x)", lambda x, y: math.isfinite(x)),
             ("nan_to_null(x)", lambda x, y: None if math.isnan(x) else x),
             ("sqrt(x)", lambda x, y: math.nan if x < 0 or math.isnan(x) else math.sqrt(x)),
             ("x if x > y else y", None), ("x ** 2", None), ("x // y", None), ("x % y", None),
             (f"x between -1 and {abs(d)}", lambda x, y: -1 <= x <= abs(d)), ("cast(x, 'str')", None),
             ("try_cast(x, 'i64')", lambda x, y: int(x) if math.isfinite(x) and -2**63 <= int(x) < 2**63 else None),
             ("x * y + x * y - x / 2 + 1", lambda x, y: x * y + x * y - x / 2 + 1),
             ("x > 0 and y < 3 and x * y < 100", None),
             ("is_infinite(x)", lambda x, y: math.isinf(x)), ("hypot(x, y)", lambda x, y: libm("hypot", 2)(x, y)),
             ("atan2(x, y)", lambda x, y: libm("atan2", 2)(x, y)), ("cbrt(x)", None), ("pow(x, y)", None), ("log(x, 3)", None),
             ("degrees(x)", None), ("radians(x)", None),
             ("greatest(x, y)", None), ("clip(x, -2, 5)", None), ("trunc(x)", whole_float(math.trunc))]
    reals += [(f"{name}(x)", lambda x, y, do=libm(name): do(x)) for name in C_FUNCTIONS]
    text_, do = rng.choice(ints + reals)
    return text_, do, "ij" if (text_, do) in ints else "xy"


# ---- dates -------------------------------------------------------------------------------------------------------------
def month_end(d):
    return d.replace(day=calendar.monthrange(d.year, d.month)[1])


def add_months(d, n):
    month = d.year * 12 + d.month - 1 + n
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise LookupError
    return d.replace(year=year, month=month + 1, day=min(d.day, calendar.monthrange(year, month + 1)[1]))


def date_call(rng):
    n = rng.choice([0, 1, -1, 12, 25, -40])
    calls = [(f"{part}(d)", lambda d, part=part: getattr(d, part)) for part in ("year", "month", "day")]
    calls += [("quarter(d)", lambda d: (d.month + 2) // 3), ("weekday(d)", lambda d: d.weekday()),
              ("isoweekday(d)", lambda d: d.isoweekday()),
              ("isoweek(d)", lambda d: d.isocalendar()[1]), ("isoyear(d)", lambda d: d.isocalendar()[0]),
              ("day_of_year(d)", lambda d: d.timetuple().tm_yday), ("days_in_month(d)", lambda d: month_end(d).day),
              ("is_leap_year(d)", lambda d: calendar.isleap(d.year)),
              ("is_month_end(d)", lambda d: month_end(d).day == d.day),
              ("month_name(d)", lambda d: calendar.month_name[d.month]),
              ("day_name(d)", lambda d: calendar.day_name[d.weekday()]),
              ("year_month(d)", lambda d: f"{d.year:04}-{d.month:02}"),
              ("year_quarter(d)", lambda d: f"{d.year:04}Q{(d.month + 2) // 3}"),
              ("is_weekend(d)", lambda d: d.weekday() > 4), (f"add_months(d, {n})", lambda d: add_months(d, n)),
              ("epoch(d)", None), ("cast(d, 'str')", None), ("is_year_end(d)", lambda d: (d.month, d.day) == (12, 31)),
              ("is_quarter_start(d)", lambda d: d.day == 1 and d.month % 3 == 1),
              ("strftime(d, '%d.%m.%Y')", lambda d: f"{d.day:02}.{d.month:02}.{d.year:04}"),
              ("make_date(year(d), month(d), day(d))", lambda d: datetime.date(d.year, d.month, d.day)),
              ("parse_date(strftime(d, '%Y-%m-%d'))", lambda d: datetime.date(d.year, d.month, d.day)),
              ("strptime(strftime(d, '%d.%m.%Y'), '%d.%m.%Y')", lambda d: datetime.date(d.year, d.month, d.day)),
              ("is_quarter_end(d)", lambda d: month_end(d).day == d.day and d.month % 3 == 0),
              ("strftime(d, '%j %y %b %a %B %A')", None), ("d < '2000-01-01'", None)]
    stamps = [("month_start(d)", lambda d: d.replace(day=1)), ("month_end(d)", month_end),
              ("year_start(d)", lambda d: d.replace(month=1, day=1)),
              ("year_end(d)", lambda d: d.replace(month=12, day=31)),
              ("quarter_start(d)", lambda d: d.replace(month=(d.month - 1) // 3 * 3 + 1, day=1)),
              (f"add_years(d, {n})", lambda d: add_months(d, 12 * n))]
    times = [("hour(d)", lambda d: d.hour), ("minute(d)", lambda d: d.minute), ("second(d)", lambda d: d.second),
             ("microsecond(d)", lambda d: d.microsecond),
             ("millisecond(d)", lambda d: d.microsecond // 1000), ("date(d)", lambda d: d.date()),
             ("time(d)", lambda d: d.time()),
             ("cast(d, 'date')", lambda d: d.date()), ("parse_datetime(cast(d, 'str'))", lambda d: d),
             ("from_epoch(epoch(d, 'us'), 'us')", lambda d: d), ("nanosecond(d)", lambda d: d.microsecond * 1000),
             ("total_seconds(d - datetime '1970-01-01 00:00') * 1000000 == epoch(d, 'us')", None),
             ("floor(d, 'h')", lambda d: d.replace(minute=0, second=0, microsecond=0)),
             ("floor(d, 'd')", lambda d: d.replace(hour=0, minute=0, second=0, microsecond=0)),
             ("cast(d, 'datetime[s]')", lambda d: d.replace(microsecond=0))]
    kind = rng.choice(["date", "datetime[us]"])
    return *rng.choice(calls + (stamps if kind == "date" else times)), kind


# ---- running -----------------------------------------------------------------------------------------------------------
class Differs(Exception):
    pass


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b) or math.isnan(a) and math.isnan(b)
    return type(a) is type(b) and a == b


def attempt(do):
    try:
        return do()
    except lf.FrameError as error:
        return f"{error.code}: {error.message}"


def frames(rng, columns, schema):
    n = len(next(iter(columns.values())))
    yield "whole", lf.DataFrame(columns, schema=schema, context=lf.Context(threads=rng.choice([1, 2])))
    yield "3 threads", lf.DataFrame(columns, schema=schema, context=lf.Context(threads=rng.choice([3, 7])))
    longer = {name: x[-5:] + x + x[:3] for name, x in columns.items()}
    yield "slice", lf.DataFrame(longer, schema=schema).slice(min(5, n), n)
    cut = rng.randint(0, n)
    context = lf.Context(threads=2)
    yield f"concat at {cut}", lf.concat([lf.DataFrame({k: x[a:b] for k, x in columns.items()}, schema=schema,
                                                      context=context)
                                         for a, b in ((0, cut), (cut, n))])
    if schema.get("s") == "str":
        yield "categories", lf.DataFrame(columns, schema=schema).cast({"s": "cat"})


def evaluate(frame, expression, way):
    if way == "filtered":
        return frame.filter(expression)
    return frame.with_(f"r = {expression}").select("r")


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    expression = ""
    try:
        n = rows if rows is not None else rng.choice(LENGTHS)
        what = rng.choice(["text", "text", "pattern", "pattern", "number", "date"])
        twin, python, names = None, None, "s"
        if what == "text":
            expression, python = text_call(rng)
            schema = {"s": "str"}
        elif what == "pattern":
            expression, twin = pattern_call(rng)
            schema = {"s": "str"}
        elif what == "number":
            expression, python, names = number_call(rng)
            schema = {name: "i64" if names == "ij" else "f64" for name in names}
        else:
            expression, python, kind = date_call(rng)
            schema, names = {"d": kind}, "d"
        columns = {name: column(rng, kind, n) for name, kind in schema.items()}
        if rng.random() < 0.3 and names == "ij":
            columns = {name: [None if x is None else max(-100, min(100, x)) for x in c] for name, c in columns.items()}
        first, ours = None, None
        for way, frame in frames(rng, columns, schema):
            answer = attempt(lambda: evaluate(frame, expression, ""))
            if way == "categories" and not isinstance(answer, str) and answer.dtypes == ["cat"]:
                answer = answer.cast({"r": "str"})
            if first is None:
                first, ours = way, answer
            elif not (answer == ours if isinstance(answer, str) or isinstance(ours, str) else answer.equals(ours)):
                a, b = (x if isinstance(x, str) else x["r"].to_list() for x in (ours, answer))
                if isinstance(a, list) and isinstance(b, list):
                    at = next((i for i in range(len(a)) if not same(a[i], b[i])), None)
                    a, b = (f"row {at}: {x[at]!r}" if at is not None else x[:3] for x in (a, b))
                if what == "text" and way == "categories" and isinstance(a, str) and isinstance(b, str):
                    raise Differs(f"{first} {a} and {way} {b}")
                raise Differs(f"{first} gives {a}, {way} {b}")
        counts[what] += 1
        if isinstance(ours, str):
            counts["refused " + ours[:70]] += 1
        if twin:
            other = attempt(lambda: evaluate(lf.DataFrame(columns, schema=schema), twin, ""))
            if isinstance(ours, str) or isinstance(other, str):
                if isinstance(ours, str) != isinstance(other, str):
                    raise Differs(f"{ours if isinstance(ours, str) else 'fine'} but "
                                  f"{twin}: {other if isinstance(other, str) else 'fine'}")
            elif not other.equals(ours):
                a, b = ours["r"].to_list(), other["r"].to_list()
                at = next(i for i in range(len(a)) if not same(a[i], b[i]))
                raise Differs(f"row {at} {columns['s'][at]!r}: {a[at]!r}, PCRE2 {b[at]!r}")
        if python:
            expected = []
            for row in zip(*columns.values()):
                try:
                    missing = any(x is None for name, x in zip(columns, row) if re.search(rf"\b{name}\b", expression))
                    expected.append(None if missing else python(*(0 if x is None else x for x in row)))
                except LookupError:
                    return None
            if OverflowError in expected:
                if not isinstance(ours, str) or not ours.startswith("overflow"):
                    raise Differs(f"row {expected.index(OverflowError)} overflows, but "
                                  f"{ours if isinstance(ours, str) else 'no error'}")
                return None
            if isinstance(ours, str):
                raise Differs(f"refused: {ours}")
            got = ours["r"].to_list()
            for at, (a, b) in enumerate(zip(got, expected)):
                if expression in NEAR and a is not None and b is not None and a in (math.nextafter(b, -math.inf),
                                                                                    math.nextafter(b, math.inf)):
                    continue
                if not same(float(a) if isinstance(b, float) and a is not None else a,
                            b) and not (a == b and type(a) in (int, bool) and type(b) in (int, bool)):
                    raise Differs(f"row {at} {[c[at] for c in columns.values()]!r}: {a!r}, Python {b!r}")
            counts["python"] += 1
    except Differs as found:
        return f"case {seed}: {n} rows, {expression}\n    {found}"
    except Exception:
        return f"case {seed}: {expression}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: some lengths"))
