"""Pivots and melts have the columns and cells that polars and pandas give: tests/golden/pivots/make.py, which names the
versions."""
import json
import pathlib

import pytest

lf = pytest.importorskip("libframe")
GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "pivots" / "pivots.json").read_text(encoding="utf-8"))


def table(case):
    columns = {name: [row[i] for row in case["table"]["rows"]] for i, name in enumerate(case["table"]["columns"])}
    return lf.DataFrame(columns, schema=dict(zip(columns, [*case["kinds"], "i64", "f64"])))


def same(frame, expected):
    rows = [list(row) for row in frame.rows()]
    assert frame.columns == expected["columns"]
    assert len(rows) == len(expected["rows"])
    for mine, theirs in zip(rows, expected["rows"]):
        assert mine == pytest.approx(theirs, rel=1e-12, abs=1e-12)


def test_pivots_are_those_of_the_oracles():
    assert len(GOLDEN["cases"]) == 50
    for case in GOLDEN["cases"]:
        frame = table(case)
        for name, expected in case["pivots"].items():
            how, value = name.split()
            same(frame.pivot("r", "c", values=value, agg=how, naming="k_{column}"), expected)
            same(frame.pivot("r", "c", agg={"x": f"{how}({value})"}, naming="k_{column}"), expected)


def test_margins_are_those_of_the_oracles():
    assert sum(len(case["margins"]) for case in GOLDEN["cases"]) > 250
    for case in GOLDEN["cases"]:
        for name, expected in case["margins"].items():
            how, value = name.split()
            same(table(case).pivot("r", "c", values=value, agg=how, margins=True, naming="k_{column}"), expected)


def test_shares_are_those_of_the_oracles():
    for case in GOLDEN["cases"]:
        for of, expected in case["shares"].items():
            same(table(case).pivot("r", "c", agg="size()", normalize=of, fill=0.0, naming="k_{column}"), expected)


def test_melts_are_those_of_the_oracles():
    for case in GOLDEN["cases"]:
        for drop, expected in case["melts"].items():
            same(table(case).melt(["r", "c"], ["w", "v"], drop_nulls=drop == "True"), expected)


def test_what_was_pivoted_comes_back_by_a_melt():
    for case in GOLDEN["cases"]:
        frame = table(case).distinct("r, c").select("r, c, v")
        wide = frame.pivot("r", "c", values="v", naming="{column}", sort=True)
        if not len(frame):
            continue
        long = wide.melt("r", variable="c", drop_nulls=True, value="v").cast({"c": "str"}).sort("r, c")
        back = frame.cast({"c": "str"}).fill_null("c", "null").drop_null("v").sort("r, c")
        assert [tuple(row) for row in long.rows()] == [tuple(row) for row in back.rows()]
