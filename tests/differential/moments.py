#!/usr/bin/env python3
"""Dates, datetimes and durations of every unit against whole numbers of Python, which have no ends and no rounding.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/moments.py --minutes 5 [--seed 1] [--case 1234]

Days from far before the year 1 to far after 9999, ticks at the ends of 64 bits, durations of other units than the moments
beside them. The oracle counts days by the proleptic Gregorian calendar and ticks as integers; where an answer does not fit
its type libframe must refuse, and only there. Types of results are checked too; texts must read back as what they were.
"""
import operator
import random
import sys
import traceback
from fractions import Fraction

import libframe as lf

import cases
from typed import Differs

PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "week": 604_800}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
LOW, HIGH = -2**63, 2**63 - 1
REFUSED = "refused"


# ---- the calendar, in days since 1970-01-01 ----------------------------------------------------------------------------
def days(year, month, day):
    """Of the first of a month the leap days before it are counted; a year begins in March, so that they end it."""
    year, month = year - (month <= 2), (month - 3) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 1 - 719_468


def civil(day):
    """(year, month, day): the year is guessed, then put right by the days that it begins with."""
    year = 1970 + day * 400 // 146_097
    while days(year, 1, 1) > day:
        year -= 1
    while days(year + 1, 1, 1) <= day:
        year += 1
    month = max(m for m in range(1, 13) if days(year, m, 1) <= day)
    return year, month, day - days(year, month, 1) + 1


def month_of(index):
    """The first day of the month so many months after January of the year 0."""
    return days(index // 12, index % 12 + 1, 1)


def moved(day, months):
    year, month, of_month = civil(day)
    first = 12 * year + month - 1 + months
    return min(month_of(first) + of_month - 1, month_of(first + 1) - 1)


def iso(day):
    thursday = day - (day + 3) % 7 + 3
    year = civil(thursday)[0]
    return year, (thursday - days(year, 1, 1)) // 7 + 1


def is_leap(year):
    return days(year + 1, 1, 1) - days(year, 1, 1) == 366


PARTS = {                                       # of a day and its (year, month, day)
    "year": lambda d, c: c[0], "month": lambda d, c: c[1], "day": lambda d, c: c[2], "quarter": lambda d, c: (c[1] + 2) // 3,
    "weekday": lambda d, c: (d + 3) % 7, "isoweekday": lambda d, c: (d + 3) % 7 + 1, "isoyear": lambda d, c: iso(d)[0],
    "isoweek": lambda d, c: iso(d)[1], "day_of_year": lambda d, c: d - days(c[0], 1, 1) + 1,
    "days_in_month": lambda d, c: moved(days(c[0], c[1], 1), 1) - days(c[0], c[1], 1), "is_leap_year": lambda d, c: is_leap(c[0]),
    "is_month_start": lambda d, c: c[2] == 1, "is_month_end": lambda d, c: civil(d + 1)[2] == 1,
    "is_quarter_start": lambda d, c: c[2] == 1 and c[1] % 3 == 1, "is_weekend": lambda d, c: (d + 3) % 7 > 4,
    "is_quarter_end": lambda d, c: civil(d + 1)[2] == 1 and c[1] % 3 == 0, "is_year_start": lambda d, c: c[1:] == (1, 1),
    "is_year_end": lambda d, c: c[1:] == (12, 31)}
EDGES = {"month_start": (1, 0), "month_end": (1, 1), "quarter_start": (3, 0), "quarter_end": (3, 1), "year_start": (12, 0),
         "year_end": (12, 1)}                   # months of the period, and whether its end is meant


# ---- random moments ----------------------------------------------------------------------------------------------------
def random_day(rng):
    how = rng.random()
    if how < 0.3:
        return rng.choice([-1, 0, 1, days(1, 1, 1), days(1, 1, 1) - 1, days(0, 1, 1), days(0, 2, 29), days(9999, 12, 31),
                           days(10_000, 1, 1), days(-400, 2, 29), days(2000, 2, 29), days(1900, 2, 28), days(2100, 3, 1)])
    if how < 0.6:
        return days(rng.randint(1960, 2040), rng.choice([1, 2, 3, 12]), rng.choice([1, 2, 27, 28])) + rng.randint(0, 3)
    return rng.randint(days(1, 1, 1), days(9999, 12, 31)) if how < 0.9 else rng.randint(-10**7, 10**7)


def random_tick(rng, unit):
    per = PER_SECOND[unit]
    if unit == "ns" and rng.random() < 0.1:
        return rng.choice([HIGH, HIGH - 1, LOW, LOW + 1])
    while True:
        rest = rng.choice([0, 0, -1, 1, per - 1, per // 2, 43_200 * per, 43_200 * per + 1, 1800 * per * rng.randint(0, 47),
                           per * rng.randint(0, 86_399), rng.randint(0, 86_400 * per - 1)])
        tick = random_day(rng) * 86_400 * per + rest
        if LOW <= tick <= HIGH:
            return tick


def random_span(rng, unit):
    per = PER_SECOND[unit]
    return rng.choice([0, 1, -1, 2, 3, 86_400 * per, -86_400 * per, HIGH, LOW, rng.randint(-10**6, 10**6) * per,
                       rng.randint(-10**6, 10**6), rng.randint(-10**12, 10**12)])


# ---- questions: (expression, type of the answer or None, names of its columns, function of their numbers) ----------------
def fits(number):
    return number if number is None or LOW <= number <= HIGH else REFUSED


def part(rng, unit):
    name, per_day = rng.choice(sorted(PARTS)), 86_400 * PER_SECOND[unit]
    if rng.random() < 0.5:
        return f"{name}(d)", None, "d", lambda d: PARTS[name](d, civil(d))
    return f"{name}(t)", None, "t", lambda t: PARTS[name](t // per_day, civil(t // per_day))


def clock(rng, unit):
    per, other = PER_SECOND[unit], rng.choice(sorted(PER_SECOND))
    return rng.choice([
        ("hour(t)", None, "t", lambda t: t // (3600 * per) % 24), ("minute(t)", None, "t", lambda t: t // (60 * per) % 60),
        ("second(t)", None, "t", lambda t: t // per % 60), ("millisecond(t)", None, "t", lambda t: t % per * 10**3 // per),
        ("microsecond(t)", None, "t", lambda t: t % per * 10**6 // per), ("date(t)", "date", "t", lambda t: t // (86_400 * per)),
        ("nanosecond(t)", None, "t", lambda t: t % per * 10**9 // per),
        (f"epoch(t, '{other}')", "i64", "t", lambda t: fits(t * PER_SECOND[other] // per)),
        (f"cast(t, 'datetime[{other}]')", f"datetime[{other}]", "t", lambda t: fits(t * PER_SECOND[other] // per))])


def edge(rng, unit):
    name = rng.choice(sorted(EDGES))
    months, is_end = EDGES[name]

    def expected(day):
        year, month, _ = civil(day)
        first = (12 * year + month - 1) // months * months
        return month_of(first + months) - 1 if is_end else month_of(first)
    return f"{name}(d)", "date", "d", expected


def rounding(rng, unit):
    """To multiples of a unit: weeks begin on Mondays, months are counted from January of the year 0."""
    name, many = rng.choice("dttt"), rng.choice([1, 1, 1, 2, 3, 5, 7, 15, 30, 90, 100, 6, 12])
    size = rng.choice(["d", "week", *MONTHS] if name == "d" else [*SECONDS, *MONTHS])
    how, per_day = rng.choice(["floor", "ceil", "round"]), 1 if name == "d" else 86_400 * PER_SECOND[unit]

    def ends(x):
        if size in MONTHS:
            year, month, _ = civil(x // per_day)
            first = (12 * year + month - 1) // (MONTHS[size] * many) * (MONTHS[size] * many)
            return month_of(first) * per_day, month_of(first + MONTHS[size] * many) * per_day
        step, origin = SECONDS[size] * many * per_day // 86_400, -3 * per_day if size == "week" else 0
        low = (x - origin) // step * step + origin
        return low, low + step

    def expected(x):
        low, high = ends(x)
        if how == "round":                      # a tie goes to the even multiple, which periods of months do not number
            if x - low == high - x:
                return None
            return fits(low if x - low < high - x else high)
        return fits(low if how == "floor" or x == low else high)
    return f"{how}({name}, '{many if many > 1 else ''}{size}')", None, name, expected


def adding(rng, unit):
    n, name = rng.choice([0, 1, -1, 12, 25, -40, 400, -5000, 100_000]), rng.choice("td")
    function, each = rng.choice([("add_days", None), ("add_weeks", None), ("add_months", 1), ("add_quarters", 3),
                                 ("add_years", 12)])
    per_day = 1 if name == "d" else 86_400 * PER_SECOND[unit]

    def expected(x):
        day, rest = divmod(x, per_day)
        day = moved(day, n * each) if each else day + n * (7 if "week" in function else 1)
        return fits(day * per_day + rest)
    return f"{function}({name}, {n})", None, name, expected


def arithmetic(rng, unit, span, other):
    """Two columns in the finer of their units; what does not fit 64 bits there is refused."""
    p, q, r = PER_SECOND[unit], PER_SECOND[span], PER_SECOND[other]

    def finer(op, left, right):
        fine = max(left, right)

        def expected(x, y):
            x, y = fits(x * fine // left), fits(y * fine // right)
            return REFUSED if REFUSED in (x, y) else fits(op(x, y))
        return expected, next(name for name, per in PER_SECOND.items() if per == fine)

    def whole(op):
        return lambda x, y: op(x, y) if y else None
    questions = []
    for text, names, op, left, right, kind in [
            ("a + b", "ab", operator.add, q, r, "duration"), ("a - b", "ab", operator.sub, q, r, "duration"),
            ("a % b", "ab", whole(operator.mod), q, r, "duration"), ("a // b", "ab", whole(operator.floordiv), q, r, None),
            ("t + a", "ta", operator.add, p, q, "datetime"), ("t - a", "ta", operator.sub, p, q, "datetime"),
            ("a + t", "at", operator.add, q, p, "datetime"), ("t - u", "tu", operator.sub, p, r, "duration")]:
        expected, fine = finer(op, left, right)
        questions.append((text, f"{kind}[{fine}]" if kind else "i64", names, expected))
    for sign, op in [("<", operator.lt), ("<=", operator.le), ("==", operator.eq), ("!=", operator.ne)]:
        questions += [(f"a {sign} b", "bool", "ab", lambda x, y, op=op: op(x * r, y * q)),
                      (f"t {sign} u", "bool", "tu", lambda x, y, op=op: op(x * r, y * p)),
                      (f"t {sign} d", "bool", "td", lambda x, y, op=op: op(x, y * 86_400 * p))]
    return rng.choice([
        *questions, ("a * i", f"duration[{span}]", "ai", lambda x, y: fits(x * y)),
        ("i * a", f"duration[{span}]", "ia", lambda x, y: fits(x * y)),
        ("a // i", f"duration[{span}]", "ai", lambda x, y: fits(x // y) if y else None),
        ("d + a", f"datetime[{span}]", "da", lambda x, y: fits(x * 86_400 * q + y)),
        ("d - e", "duration[s]", "de", lambda x, y: (x - y) * 86_400),
        ("-a", f"duration[{span}]", "a", lambda x: fits(-x)), ("abs(a)", f"duration[{span}]", "a", lambda x: fits(abs(x))),
        ("days(a)", "i64", "a", lambda x: x // (86_400 * q)),
        ("total_seconds(a)", "f64", "a", lambda x: float(Fraction(x, q)))])


def text(rng, unit):
    kind, name = rng.choice([(f"datetime[{unit}]", "t"), ("date", "d")])
    return f"try_cast(cast({name}, 'str'), '{kind}')", kind, name, lambda x: x


QUESTIONS = [part, clock, edge, rounding, rounding, rounding, adding, text]


# ---- one case ----------------------------------------------------------------------------------------------------------
def table(rng, n):
    """({name: numbers}, {name: type}): moments t and u, dates d and e, durations a and b, numbers i."""
    unit, span, other = (rng.choice(sorted(PER_SECOND)) for _ in range(3))
    makers = {"t": lambda: random_tick(rng, unit), "u": lambda: random_tick(rng, other), "d": lambda: random_day(rng),
              "e": lambda: random_day(rng), "a": lambda: random_span(rng, span), "b": lambda: random_span(rng, other),
              "i": lambda: rng.choice([0, 1, -1, 2, 3, 7, -10, 10**6])}
    columns = {name: [None if rng.random() < 0.05 else make() for _ in range(n)] for name, make in makers.items()}
    kinds = {"t": f"datetime[{unit}]", "u": f"datetime[{other}]", "d": "date", "e": "date", "a": f"duration[{span}]",
             "b": f"duration[{other}]", "i": "i64"}
    return columns, kinds, (unit, span, other)


def answer(frame, expression):
    """(type, numbers), or what was said."""
    try:
        result = frame.with_("r = " + expression)
    except lf.FrameError as error:
        if error.code not in ("overflow", "value"):
            raise
        return str(error).split("\n")[0], None
    kind = result.schema["r"]
    return kind, (result.cast("r: i64") if kind.startswith(("date", "time", "duration")) else result)["r"].to_list()


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    expression = ""
    try:
        columns, kinds, units = table(rng, rng.choice([1, 2, 5, 70]) if rows is None else rows)
        question = rng.choice([*QUESTIONS, arithmetic, arithmetic])
        expression, kind, names, expected = arithmetic(rng, *units) if question is arithmetic else question(rng, units[0])
        wanted = [None if None in x else expected(*x) for x in zip(*(columns[name] for name in names))]
        frame = lf.DataFrame(columns, schema=dict.fromkeys(columns, "i64")).cast(kinds)
        said, ours = answer(frame, expression)
        counts[question.__name__] += 1
        if ours is None:
            counts["refused"] += 1
            beside_null = [expected(*(y or 0 for y in x)) for x in zip(*(columns[name] for name in names)) if None in x]
            if REFUSED not in wanted + beside_null:     # units are made equal before the operator sees that a side is null
                raise Differs(f"refused: {said}")
            return None
        if kind and said != kind:
            raise Differs(f"the type is {said}, not {kind}")
        for row, (a, b) in enumerate(zip(ours, wanted)):
            is_tie = expression.startswith("round") and b is None
            if (a != b or type(a) is not type(b)) and not is_tie:
                raise Differs(f"row {row} of {[columns[name][row] for name in names]}: {a} and {b}")
    except Differs as found:
        return f"case {seed}: {expression} of {kinds}: {found}"
    except Exception:
        return f"case {seed}: {expression}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: 1 to 70"))
