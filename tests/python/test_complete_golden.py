"""complete makes the rows that pandas' and polars' ranges of days make: tests/golden/complete/make.py, which names the
versions."""
import datetime
import json
import pathlib

import pytest

lf = pytest.importorskip("libframe")
GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "complete" / "complete.json").read_text(encoding="utf-8"))


def frame_of(rows):
    columns = {"k": [k for k, _ in rows], "day": [datetime.date.fromisoformat(day) for _, day in rows], "i": range(len(rows))}
    return lf.DataFrame(columns, schema={"k": "str", "day": "date", "i": "i64"})


def said(frame):
    return [[k, str(day), -1 if i is None else i] for k, day, i in frame.rows()]


@pytest.mark.filterwarnings("ignore:complete")
def test_combinations_are_those_of_pandas():
    assert len(GOLDEN["combined"]) > 50
    for case in GOLDEN["combined"]:
        assert said(frame_of(case["rows"]).complete("k, day", case["every"])) == case["out"], case


@pytest.mark.filterwarnings("ignore:complete")
def test_steps_within_groups_are_those_of_polars():
    for case in GOLDEN["grouped"]:
        assert said(frame_of(case["rows"]).complete("day", case["every"], by="k")) == case["out"], case


def test_complete_takes_values_of_python():
    frame = frame_of([["a", "2024-01-02"], ["b", "2024-01-04"]])
    every = datetime.timedelta(days=1)
    assert said(frame.complete("day", every)) == [["a", "2024-01-02", 0], [None, "2024-01-03", -1], ["b", "2024-01-04", 1]]
    full = frame.complete("day", every, start=datetime.date(2024, 1, 1), end="2024-01-05")
    assert [str(day) for day in full["day"].to_list()] == [f"2024-01-0{n}" for n in range(1, 6)]
    assert str(lf.Steps().complete("k, day", "1d", by=["i"])) == str(lf.Steps("complete k, day every 1d by i"))
    with pytest.warns(lf.FrameWarning, match="1 row lies between the steps of 'day'"):
        assert len(frame_of([["a", "2024-01-01"], ["a", "2024-01-02"]]).complete("day", "2d")) == 2
    with pytest.raises(AttributeError, match=r'df.complete\("when", "1d"\)'):
        frame.upsample("day")
