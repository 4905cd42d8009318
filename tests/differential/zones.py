#!/usr/bin/env python3
"""Clocks that are put forward and back: functions of zoned datetimes against Python's zoneinfo, around real transitions.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/zones.py --minutes 5 [--seed 1] [--case 1234]

Each case takes a zone and nine years, finds the instants at which its offset changes, and asks about instants and clock
times close to them. What libframe decides where a clock shows a time twice or never (docs/expressions.md): the offset the
moment had if it can stay, days begin the first time, a time left out becomes the first one after it.
"""
import datetime
import functools
import random
import sys
import traceback
import zoneinfo

import libframe as lf

import cases
from typed import Differs

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia",
         "America/Sao_Paulo", "Europe/Dublin", "Asia/Tehran", "Africa/Monrovia", "America/St_Johns", "Antarctica/Troll",
         "Europe/London", "Asia/Gaza", "Pacific/Kwajalein", "America/Caracas", "Asia/Pyongyang", "America/Havana", "UTC"]
UTC, DAY, SECOND = datetime.timezone.utc, datetime.timedelta(days=1), datetime.timedelta(seconds=1)
YEARS = [1905, 1940, 1965, 1975, 1990, 2005, 2015, 2020, 2036, 2060]


# ---- the oracle ----------------------------------------------------------------------------------------------------------
def clock_at(instant, zone):
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def instants_of(wall, zone):
    """The instants at which the clock shows it, in order: none, one or two."""
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(x for x in both if clock_at(x, zone) == wall)


def first_after(wall, zone):
    """Of a time that the clock leaves out: the instant at which it is put forward."""
    low, high = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = high.astimezone(zone).utcoffset()
    while high - low > datetime.timedelta(microseconds=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
    return high


def placed(wall, zone, offset=None):
    """The instant of a clock time that was computed; offset: the one it had before."""
    found = instants_of(wall, zone)
    same = [x for x in found if x.astimezone(zone).utcoffset() == offset]
    return (same or found or [first_after(wall, zone)])[0]


@functools.lru_cache(None)
def transitions(name, year):
    zone, found, day = zoneinfo.ZoneInfo(name), [], datetime.datetime(year, 1, 1, tzinfo=UTC)
    while day.year < year + 9:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            low, high = day, day + DAY
            while high - low > SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset() \
                    else (low, middle)
            found.append(high)
        day += DAY
    return found or [datetime.datetime(year, 6, 1, tzinfo=UTC)]


def moved_month(wall, months):
    index = 12 * wall.year + wall.month - 1 + months
    following = datetime.datetime((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return wall.replace(year=index // 12, month=index % 12 + 1, day=min(wall.day, (following - DAY).day))


def midnight(wall, **parts):
    return wall.replace(hour=0, minute=0, second=0, microsecond=0, **parts)


def begins(unit):
    """When the day, week, month, quarter or year of a clock time begins."""
    return {"d": midnight, "week": lambda w: midnight(w) - w.weekday() * DAY, "month": lambda w: midnight(w, day=1),
            "quarter": lambda w: midnight(w, day=1, month=(w.month - 1) // 3 * 3 + 1),
            "year": lambda w: midnight(w, day=1, month=1)}[unit]


def following(unit, start):
    return {"d": start + DAY, "week": start + 7 * DAY}.get(unit) or moved_month(
        start, {"month": 1, "quarter": 3, "year": 12}[unit])


def within_hour(wall, minutes):
    """Down to a multiple of minutes that divide the hour, or of hours that divide the day."""
    at = wall.hour * 60 + wall.minute
    return midnight(wall) + datetime.timedelta(minutes=at // minutes * minutes)


# ---- questions: (expression of z, the datetime in the zone, function of the instant and the zone) ------------------------
def question(rng):
    n, unit, minutes = rng.choice([1, -1, 3, 7, -30]), rng.choice(["d", "week", "month", "quarter", "year"]), \
        rng.choice([5, 15, 30, 60])

    def moved(change):
        return lambda t, zone: placed(change(clock_at(t, zone)), zone, t.astimezone(zone).utcoffset())

    def floor(t, zone):
        return placed(begins(unit)(clock_at(t, zone)), zone)

    def ceil(t, zone):                # whenever the clock shows a beginning, also the second time, or left one out
        start = begins(unit)(clock_at(t, zone))
        after = following(unit, start)
        return min(x for x in (*instants_of(start, zone), placed(start, zone), *instants_of(after, zone), placed(after, zone))
                   if x >= t)
    return rng.choice([
        ("wall_time(z)", clock_at), ("hour(z)", lambda t, zone: clock_at(t, zone).hour), ("to_zone(z, 'UTC')", lambda t, zone: t),
        ("minute(z)", lambda t, zone: clock_at(t, zone).minute), ("date(z)", lambda t, zone: clock_at(t, zone).date()),
        ("time(z)", lambda t, zone: clock_at(t, zone).time()), ("weekday(z)", lambda t, zone: clock_at(t, zone).weekday()),
        ("day_of_year(z)", lambda t, zone: clock_at(t, zone).timetuple().tm_yday),
        ("isoweek(z)", lambda t, zone: clock_at(t, zone).isocalendar()[1]),
        ("z + duration '1d'", lambda t, zone: t + DAY), ("z - duration '90min'", lambda t, zone: t - 5400 * SECOND),
        ("strftime(z, '%Y-%m-%d %H:%M:%S')", lambda t, zone: clock_at(t, zone).strftime("%Y-%m-%d %H:%M:%S")),
        (f"add_days(z, {n})", moved(lambda w: w + n * DAY)), (f"add_weeks(z, {n})", moved(lambda w: w + 7 * n * DAY)),
        (f"add_months(z, {n})", moved(lambda w: moved_month(w, n))),
        (f"add_years(z, {n})", moved(lambda w: moved_month(w, 12 * n))),
        (f"floor(z, '{unit}')", floor), (f"floor(z, '{unit}')", floor), (f"ceil(z, '{unit}')", ceil),
        (f"floor(z, '{minutes}min')", moved(lambda w: within_hour(w, minutes))),
    ])


def localized(rng):
    policy = rng.choice(["null", "earliest", "latest", "shift"])

    def expected(wall, zone):
        found = instants_of(wall, zone)
        if policy == "null":
            return found[0] if len(found) == 1 else None
        if len(found) == 2 and policy == "shift":
            return Ellipsis
        return (found or [first_after(wall, zone)])[-1 if policy == "latest" else 0]
    return policy, expected


# ---- one case ------------------------------------------------------------------------------------------------------------
def near(rng, moments):
    return rng.choice(moments) + rng.choice([0, 0, 1, -1, 59, 1800, 3599, 3600, 3601, 7200, -3600, -3599, -1800,
                                             rng.randint(-10_000, 10_000), rng.randint(-10**6, 10**6)]) * SECOND \
        + datetime.timedelta(microseconds=rng.choice([0, 0, 1, 999_999]))


def plain(x):
    return x.astimezone(UTC) if isinstance(x, datetime.datetime) and x.tzinfo else x


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    said = ""
    try:
        name, year = rng.choice(ZONES), rng.choice(YEARS)
        zone, n = zoneinfo.ZoneInfo(name), rng.choice([1, 20, 200]) if rows is None else rows
        instants = [near(rng, transitions(name, year)) for _ in range(n)]
        if rng.random() < 0.2:
            policy, expected = localized(rng)
            inputs = [clock_at(t, zone) + rng.choice([0, 0, 1800, 3600, -3600, -1800]) * SECOND for t in instants]
            said = f"localize(w, '{name}', '{policy}')"
        else:
            said, expected = question(rng)
            inputs = instants
        frame = lf.DataFrame({"w": inputs}).with_(f"z = to_zone(w, '{name}')" if inputs is instants else "z = w")
        wanted = [expected(x, zone) for x in inputs]
        if Ellipsis in wanted:                          # of two instants 'shift' takes neither
            try:
                frame.with_(f"r = {said}")
            except lf.FrameError as error:
                if error.row != wanted.index(Ellipsis):
                    raise Differs(f"row {error.row} is refused, not {wanted.index(Ellipsis)}") from error
                counts["refused"] += 1
                return None
            raise Differs(f"row {wanted.index(Ellipsis)} is not refused: {inputs[wanted.index(Ellipsis)]}")
        counts[said.split("(")[0]] += 1
        for x, a, b in zip(inputs, frame.with_(f"r = {said}")["r"].to_list(), wanted):
            if plain(a) != plain(b):
                raise Differs(f"{x} ({plain(x).astimezone(zone) if x.tzinfo else x}): {a} and {b}")
    except Differs as found:
        return f"case {seed}: {said} in {name}: {found}"
    except Exception:
        return f"case {seed}: {said}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: 1 to 200"))
