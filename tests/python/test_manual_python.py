"""The sessions in README and docs/python.md run as they are shown, and the manual names everything that is public."""
import doctest
import os
import pathlib
import re
import subprocess

import libframe as lf
import pytest
from libframe import _core, _verbs

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "python.md"
pytestmark = pytest.mark.skipif(not MANUAL.exists(), reason="an installed module has no manual beside it")
FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


def sessions(path):
    return re.findall(r"^```pycon\n(.*?)^```$", path.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_sessions_print_what_is_shown(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    if not (ROOT / "datasets" / "sales_data.csv").exists():
        subprocess.run([ROOT / os.environ.get("FRAME_BUILD", "build") / "bin" / "make-datasets", ROOT / "datasets"], check=True)
    blocks, names, said = sessions(ROOT / name), {}, []
    assert blocks
    for number, block in enumerate(blocks):
        test = doctest.DocTestParser().get_doctest(block, names, f"{name}, session {number}", name, 0)
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        runner.run(test, out=said.append, clear_globs=False)
        names = test.globs
    assert not said, "".join(said)


def test_the_manual_names_everything():
    text = MANUAL.read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", text))
    missing = [name for name in lf.__all__ if name not in words and name not in ("quote", "quote_text")]
    missing += [name for verb in _core.verbs() if (name := _verbs.python_name(verb[0])) not in words]
    for cls in (lf.DataFrame, lf.Column, lf.Scan, lf.Context):
        missing += [f"{cls.__name__}.{name}" for name in dir(cls) if not name.startswith("_") and name not in words]
    assert not missing


def rows_of_the_pandas_table():
    table = MANUAL.read_text(encoding="utf-8").split("## From pandas")[1] if MANUAL.exists() else ""
    return re.findall(r"^\| `([^|]+)` \| `([^|]+)` \|$", table, re.M)


TABLE = {"k": ["b", "a", "c", "a", "b"], "s": ["x", "yx", "z", "", "x"], "v": [3, 1, 4, 1, 5], "w": [2.0, 7.5, 1.0, None, 2.5]}


OTHER = {"k": ["a", "b"], "head": ["Ada", "Bob"]}


def answers():
    """(both texts, libframe's answer) of each row."""
    for theirs, ours in rows_of_the_pandas_table():
        yield theirs, ours, eval(ours, {"lf": lf, "df": lf.DataFrame(TABLE), "other": lf.DataFrame(OTHER)})


def test_the_libframe_half_of_the_table_runs():
    rows = list(answers())
    assert len(rows) > 20 and all(len(answer) > 0 for _, _, answer in rows)


def test_pandas_gives_the_same_rows():
    pandas = pytest.importorskip("pandas")
    for theirs, ours, answer in answers():
        expected = eval(theirs, {"pandas": pandas, "df": pandas.DataFrame(TABLE), "other": pandas.DataFrame(OTHER)})
        again = lf.DataFrame(expected.reset_index(drop=True), schema=answer.schema)
        assert answer.equals(again), f"{theirs}\n{expected}\n{ours}\n{answer}"
