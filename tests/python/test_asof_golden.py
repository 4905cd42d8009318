"""Asof joins find the rows that pandas.merge_asof finds, in whatever order the left rows come (tests/golden/asof/make.py,
which names the versions)."""
import datetime as dt
import json
import pathlib
import random

import pytest

lf = pytest.importorskip("libframe")
GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "asof" / "asof.json").read_text(encoding="utf-8"))
UNITS = {"date": dt.timedelta(days=1), "datetime[us]": dt.timedelta(microseconds=1)}


def key(kind, number):
    if kind == "date":
        return dt.date(1970, 1, 1) + number * UNITS[kind]
    return dt.datetime(1970, 1, 1) + number * UNITS[kind] if kind in UNITS else number


def side(case, which, number):
    values = {"k": case["groups"][which], "t": [key(case["kind"], x) for x in case[("left", "right")[which]]]}
    values[number] = list(range(len(values["k"])))
    return lf.DataFrame(values, schema={"k": "str", "t": case["kind"], number: "i64"})


def tolerance(kind, steps):
    if steps is None:
        return None
    return steps * UNITS[kind] if kind in UNITS else steps / 4 if kind == "f64" else steps


@pytest.mark.parametrize("direction", ["backward", "forward", "nearest"])
def test_rows_are_those_of_the_oracle(direction):
    r = random.Random(3)
    assert len(GOLDEN["cases"]) == 40
    for case in GOLDEN["cases"]:
        left, right = side(case, 0, "i"), side(case, 1, "j")
        shuffled = left.sample(fraction=1.0, shuffle=True, seed=r.randrange(100)) if len(left) else left
        for found in (f for f in case["found"] if f["direction"] == direction):
            options = {"how": "asof", "direction": direction, "no_exact": not found["exact"],
                       "tolerance": tolerance(case["kind"], found["tolerance"])}
            on = "k, t" if found["by"] else "t"
            joined = left.join(right, on, **options)
            assert joined["j"].to_list() == found["rows"], (case, found)
            assert shuffled.join(right, on, **options).sort("i").equals(joined), (case, found)
