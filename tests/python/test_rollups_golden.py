"""Groups with subtotals are those of DuckDB: tests/golden/rollups/make.py, which names the version."""
import json
import pathlib

import pytest

lf = pytest.importorskip("libframe")
GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "rollups" / "rollups.json").read_text(encoding="utf-8"))
AGG = "n = size(); total = sum(x); low = min(x); values = nunique(x); middle = median(x)"


def test_subtotals_are_those_of_the_oracle():
    assert len(GOLDEN["cases"]) > 20
    for case in GOLDEN["cases"]:
        names = [*case["keys"], "x"]
        columns = {name: [row[i] for row in case["rows"]] for i, name in enumerate(names)}
        frame = lf.DataFrame(columns, schema={name: "i64" if name == "x" else "str" for name in names})
        made = frame.group(case["keys"], AGG, sort=True, rollup=True)
        assert made.columns == [*case["keys"], "level", "n", "total", "low", "values", "middle"]
        assert [list(row) for row in made.rows()] == case["out"], case
        plain = frame.group(case["keys"], AGG, rollup=True).filter(f"level == {len(case['keys'])}").drop("level")
        assert plain.equals(frame.group(case["keys"], AGG))
