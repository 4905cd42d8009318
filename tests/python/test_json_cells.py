"""JSONTestSuite's files as cells of a column that is declared as a list or struct: what is no JSON is refused, but for numbers
and words that a CSV cell may hold as well; what is JSON and has the type is read as Python reads it; nothing crashes.

The files lie beside the repository (../shared/data/json); without them the tests are skipped by name.
"""
import json
import pathlib

import libframe as lf
import pytest

SUITE = pathlib.Path(__file__).parents[3] / "shared" / "data" / "json" / "test_parsing"
TYPES = ["list[f64]", "list[i64]", "list[str]", "list[bool]", "list[list[f64]]", "list[struct[a: str]]", "struct[a: str]",
         "struct[a: f64]", "struct[a: list[f64]]", "struct[a: struct[b: str]]"]
# as in a cell of its own: 012, +1, .5, 2., NaN, Inf, True, and any character but a quote
LENIENT = {"n_string_unescaped_ctrl_char", "n_string_unescaped_newline", "n_string_unescaped_tab", "n_structure_capitalized_True",
           *(f"n_number_{name}" for name in (
               "+1", "+Inf", "-01", "-2.", "-NaN", ".2e-3", "0.e1", "2.e+3", "2.e-3", "2.e3", "Inf", "NaN", "infinity",
               "minus_infinity", "neg_int_starting_with_zero", "neg_real_without_int_part", "real_without_fractional_part",
               "starting_with_dot", "with_leading_zero"))}


def files(kind):
    if not SUITE.is_dir():
        pytest.skip("json/test_parsing is not beside the repository")
    return sorted(SUITE.glob(f"{kind}_*.json"))


def read(path):
    """{type: value} of the types that the file's bytes were read as; a null is no reading."""
    cell = b'x\n"' + path.read_bytes().replace(b'"', b'""') + b'"\n'
    found = {}
    for kind in TYPES:
        try:
            values = lf.read_csv(cell, dtypes={"x": kind}, header=True)["x"].to_list()
        except lf.InternalError:
            raise
        except lf.FrameError:
            continue
        if values and values[0] is not None:
            found[kind] = values[0]
    return found


def same(ours, theirs):
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and all(same(value, theirs.get(name)) for name, value in ours.items())
    return ours == theirs or str(ours) == str(theirs) or (isinstance(ours, str) and json.loads(ours) == theirs)


def test_what_is_no_json_is_refused():
    accepted = {path.stem for path in files("n") if read(path)}
    assert accepted == LENIENT


def test_json_is_read_as_python_reads_it():
    n_read = 0
    for path in files("y"):
        for kind, value in read(path).items():
            assert same(value, json.loads(path.read_bytes())), (path.name, kind)
            n_read += 1
    assert n_read >= 80


def test_what_may_be_either_is_an_answer_or_an_error():
    for path in files("i"):
        read(path)
