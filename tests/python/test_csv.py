"""Readers and writers: every option of the table, files, open files, bytes, scans."""
import inspect
import io
import pathlib
import re

import libframe as lf
import pytest
from libframe import _io

TEXT = "id,name,price\n1,Ada,1.5\n2,,2\n3,Bob,\n"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(TEXT)
    return path


def test_all_options_are_there_with_their_defaults():
    for function, table in ((lf.read_csv, _io.READING), (lf.scan_csv, _io.READING), (lf.sniff_csv, _io.READING),
                            (lf.write_csv, _io.WRITING)):
        parameters = inspect.signature(function).parameters
        for name, _, default, doc, _ in table:
            assert parameters[name].default == default and parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
            assert doc and f"{name}: " in function.__doc__
    header = pathlib.Path(__file__).parents[2] / "include" / "frame" / "csv.h"
    if header.exists():
        body = header.read_text().split("typedef struct fr_csv_args {")[1].split("} fr_csv_args;")[0]
        fields = set(re.findall(r"(\w+)(?:\[\d+\])?;", re.sub(r"/\*.*?\*/", "", body))) - {"size_", "line_", "file_",
                                                                                           "room_", "pad_", "context", "schema"}
        assert {option[0] for option in _io.READING} == fields


@pytest.mark.parametrize("source", [
    lambda p: p, str, lambda p: p.open("rb"), lambda p: p.open(), lambda p: p.read_bytes(), lambda p: bytearray(p.read_bytes()),
    lambda p: memoryview(p.read_bytes()), lambda p: io.BytesIO(p.read_bytes()), lambda p: io.StringIO(TEXT)])
def test_where_text_may_come_from(path, source):
    frame = lf.read_csv(source(path))
    assert frame.to_dict() == {"id": [1, 2, 3], "name": ["Ada", None, "Bob"], "price": [1.5, 2.0, None]}


@pytest.mark.parametrize("source", [3, None, object(), ["a.csv", 3]])
def test_what_is_no_source(source):
    with pytest.raises((TypeError, BufferError)):
        lf.read_csv(source)
    with pytest.raises(TypeError):
        lf.scan_csv(source)


def test_a_path_with_nul():
    with pytest.raises(ValueError):
        lf.read_csv("a\0b.csv")


@pytest.mark.parametrize("options,expected", [
    ({"columns": ["price", "id"]}, ["id", "price"]), ({"names": ["a", "b", "c d"]}, ["a", "b", "c d"]),
    ({"dtypes": {"id": "str", "price": "decimal(5,2)"}}, ["id", "name", "price"]), ({"max_rows": 1}, ["id", "name",
                                                                                                      "price"]),
    ({"skip_rows": 1, "no_header": True}, ["column_1", "column_2", "column_3"]),
    ({"na_values": ["Ada", "it's"], "true_values": ["yes"], "strings_as_cat": True}, ["id", "name", "price"]),
    ({"sep": ",", "quote": "", "encoding": "latin-1", "trim": True, "day_first": True}, ["id", "name", "price"]),
    ({"schema": {"id": "i32", "name": "str", "price": "f32"}}, ["id", "name", "price"]),
])
def test_options(path, options, expected):
    assert lf.read_csv(path, **options).columns == expected


def test_options_do_what_they_say(path):
    assert lf.read_csv(path, dtypes={"id": "str"})["id"].to_list() == ["1", "2", "3"]
    assert lf.read_csv(path, na_values=["Ada"], )["name"].to_list() == [None, None, "Bob"]
    assert lf.read_csv(path, max_rows=1).shape == (1, 3) and lf.read_csv(path, max_rows=0).shape == (0, 3)
    assert lf.read_csv(path, schema={"id": "i32", "name": "cat", "price": "f32"}).dtypes == ["i32", "cat", "f32"]
    with pytest.raises(TypeError, match="True or False"):
        lf.read_csv(path, trim="yes")
    with pytest.raises(ValueError, match="'error', 'skip', 'collect'"):
        lf.read_csv(path, on_bad="ignore")
    with pytest.raises(TypeError, match="unexpected keyword"):
        lf.read_csv(path, seperator=";")
    with pytest.raises(ValueError, match="every column"):
        lf.read_csv(path, schema={"id": None, "name": "str", "price": "f64"})


def test_an_open_file_that_fails():
    class Broken:
        def read(self):
            raise ZeroDivisionError

    class Odd:
        def read(self):
            return 3

    with pytest.raises(ZeroDivisionError):
        lf.read_csv(Broken())
    with pytest.raises(TypeError):
        lf.read_csv(Odd())


def test_sniffing_says_why(path):
    assert "separator" in " ".join(lf.sniff_csv(path)["what"].to_list()) or len(lf.sniff_csv(path)) > 3


# ---- scans -------------------------------------------------------------------------------------------------------------
def test_a_scan_remembers_and_runs_at_the_end(path):
    scan = lf.scan_csv(path)
    assert scan.schema == {"id": "i64", "name": "str", "price": "f64"} and scan.columns == ["id", "name", "price"]
    top = scan.filter("id > 1").select("name").pipe("head 1")
    assert scan.collect().shape == (3, 3) and top.collect().to_dict() == {"name": [None]}
    assert "3 steps" in repr(top) and len(top.explain()) >= 3
    assert scan.pipe(lambda s: s.head(1)).collect().shape == (1, 3)
    with pytest.raises(TypeError):
        len(scan)


def test_scans_find_mistakes_when_they_run(path):
    with pytest.raises(KeyError, match="did you mean"):
        lf.scan_csv(path).filter("idd > 1").collect()


def test_a_scan_is_no_frame(path):
    with pytest.raises(TypeError):
        lf.DataFrame(lf.scan_csv(path))
    from libframe import _core
    with pytest.raises(ValueError, match="collect"):
        _core.export_stream(lf.scan_csv(path)._core, False, 0)
    with pytest.raises(ValueError, match="collect"):
        _core.dump(lf.scan_csv(path)._core)


# ---- writing -----------------------------------------------------------------------------------------------------------
def test_what_is_written_is_read_again(sales, tmp_path):
    for name in ("a.csv", "a.csv.gz", "a.tsv"):
        receipt = sales.write_csv(tmp_path / name)
        assert receipt["rows"].to_list() == [4] and receipt["path"].to_list() == [str(tmp_path / name)]
        assert lf.read_csv(tmp_path / name).equals(sales)
    lf.write_csv(sales, tmp_path / "b.csv", sep=";", na="-", quote_all=True)
    assert (tmp_path / "b.csv").read_text().splitlines()[2] == '"South";-;"120.5"'


def test_writing_as_a_step(sales, tmp_path):
    assert sales.write(tmp_path / "c.csv", "sep = ';'")["rows"].to_list() == [4]
    scan = lf.scan_csv(tmp_path / "c.csv")
    assert scan.filter("price > 6").write(tmp_path / "d.csv").collect()["rows"].to_list() == [2]


def test_rejects_are_written(tmp_path):
    frame = lf.read_csv(b"a,b\n1,2\n3\n", on_bad="collect")
    assert lf.write_rejects(frame, tmp_path / "r.csv")["rows"].to_list() == [1]


def test_several_files_are_one_table(tmp_path):
    for name, text in (("b.csv", "x,y\n2.5,b\n"), ("a.csv", "x,y\n1,a\n")):
        (tmp_path / name).write_text(text)
    assert lf.read_csv(tmp_path / "*.csv").to_dict() == {"x": [1.0, 2.5], "y": ["a", "b"]}           # sorted by name
    assert lf.read_csv([tmp_path / "b.csv", str(tmp_path / "a.csv")])["y"].to_list() == ["b", "a"]      # as listed
    assert lf.scan_csv(tmp_path / "*.csv").filter("x > 1").collect()["y"].to_list() == ["b"]
    with pytest.raises(TypeError, match="a list to read is one of paths, not empty"):
        lf.read_csv([])
    with pytest.raises(TypeError, match="a list to read is one of paths, not with 3"):
        lf.read_csv(["a.csv", 3])
    with pytest.raises(FileNotFoundError, match="no file matches the pattern"):
        lf.read_csv(tmp_path / "*.tsv")
    (tmp_path / "c.csv").write_text("x\n1\n")
    with pytest.raises(lf.FormatError, match=r"column 'y' is in .*a.csv, but not in .*c.csv"):
        lf.read_csv(tmp_path / "*.csv")


def test_columns_of_dates_without_any_date():
    empty = lf.read_csv(b"a,d\n1,\n2,\n", parse_dates="d")
    assert empty.schema["d"] == "null" and empty.parse_dates("d").equals(empty)
    with pytest.warns(lf.FrameWarning, match="column 'd' holds no dates that parse_dates knows; it stays text"):
        words = lf.read_csv(b"a,d\n1,NA\n2,\n", parse_dates="d")
    assert words["d"].to_list() == ["NA", None]
