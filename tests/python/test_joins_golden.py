"""Semi and anti joins keep the rows that polars and DuckDB keep, full joins make their rows: tests/golden/joins/make.py,
which names the versions."""
import json
import pathlib

import pytest

lf = pytest.importorskip("libframe")
GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "joins" / "joins.json").read_text(encoding="utf-8"))
TYPES = {"dense": "i64", "sparse": "i64", "float": "f64", "text": "str", "bool": "bool"}


def side(columns, kinds, number):
    values = {f"k{i}": [float("nan") if v == "NaN" else v for v in column] for i, column in enumerate(columns)}
    types = {f"k{i}": TYPES[kind] for i, kind in enumerate(kinds)}
    return lf.DataFrame(values | {number: list(range(len(columns[0])))}, schema=types | {number: "i64"})


@pytest.mark.parametrize("answer", ["semi", "anti", "semi nulls_match", "anti nulls_match"])
def test_rows_are_those_of_the_oracles(answer):
    how, nulls_match = answer.split()[0], answer.endswith("nulls_match")
    assert len(GOLDEN["cases"]) > 100
    for case in GOLDEN["cases"]:
        left, right = side(case["left"], case["kinds"], "i"), side(case["right"], case["kinds"], "j")
        kept = left.join(right, [f"k{i}" for i in range(len(case["kinds"]))], how=how, nulls_match=nulls_match)
        assert kept.columns == left.columns
        assert kept["i"].to_list() == case["kept"][answer], case


def renamed(right, on):
    return right.rename({name: f"right {name}" for name in on}), {name: f"right {name}" for name in on}


@pytest.mark.parametrize("how", ["inner", "left", "semi", "anti", "full"])
def test_keys_of_two_names_make_the_rows_and_columns_that_keys_of_one_name_make(how):
    for case in GOLDEN["cases"]:
        left, right = side(case["left"], case["kinds"], "i"), side(case["right"], case["kinds"], "j")
        on = [f"k{i}" for i in range(len(case["kinds"]))]
        other, pairs = renamed(right, on)
        one, two = left.join(right, on, how=how), left.join(other, pairs, how=how)
        assert two.equals(one), case


@pytest.mark.parametrize("answer", ["full", "full nulls_match"])
def test_rows_of_full_joins_are_those_of_the_oracles(answer):
    for case in GOLDEN["cases"]:
        left, right = side(case["left"], case["kinds"], "i"), side(case["right"], case["kinds"], "j")
        on = [f"k{i}" for i in range(len(case["kinds"]))]
        full = left.join(right, on, how="full", nulls_match=answer.endswith("nulls_match"))
        rows = [["NaN" if v != v else v for v in row] for row in full.select(["i", "j", *on]).rows()]
        assert rows == case["paired"][answer], case
