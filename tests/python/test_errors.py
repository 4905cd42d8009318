"""Errors: the library's message and the parts of it, as exceptions that Python users catch anyway."""
import datetime
import decimal
import os
import pickle
import re

import libframe as lf
import pytest
from libframe import _errors


def test_an_error_says_all_it_knows(sales):
    with pytest.raises(lf.NotFoundError) as caught:
        sales.pipe("sort price | filter quantty > 3")
    error = caught.value
    assert (error.code, error.step, error.hint, error.position) == ("not found", "filter", "did you mean 'quantity'?", 0)
    assert error.message == "no column 'quantty'" and error.source == "quantty > 3"
    assert str(error) == "filter: no column 'quantty' (did you mean 'quantity'?)\n    quantty > 3\n    ^"
    assert error.row is None and error.line is None and error.column is None or error.column == "quantty"


def test_rows_lines_and_columns(tmp_path):
    path = tmp_path / "odd name.csv"
    path.write_text("a,b\n1,2\n3,x\n")
    with pytest.raises(lf.ParseError) as caught:
        lf.read_csv(path, dtypes={"b": "i64"})
    error = caught.value
    assert (error.line, error.column, error.path) == (3, "b", str(path)) and isinstance(error, ValueError)
    with pytest.raises(lf.RangeError) as caught:
        lf.DataFrame({"x": [1, 2**62, 3]}).with_("y = x * 4")
    assert caught.value.row == 1 and isinstance(caught.value, OverflowError)


@pytest.mark.parametrize("call,error,base", [
    (lambda f: f.filter("nothing > 1"), lf.NotFoundError, KeyError),
    (lambda f: f.filter("region > 1"), lf.DataTypeError, TypeError),
    (lambda f: f.filter("region >"), lf.ExpressionError, ValueError),
    (lambda f: f.cast("region: i64"), lf.FrameError, ValueError),
    (lambda f: f.sample(n=-5), lf.ArgumentError, ValueError),
    (lambda f: f.concat({"region": [1]}), lf.FrameError, TypeError),
    (lambda f: lf.read_csv("/nowhere/at/all.csv"), lf.MissingFileError, FileNotFoundError),
    (lambda f: lf.read_csv("/"), lf.FileError, OSError),
    (lambda f: f.write_csv("/nowhere/at/all.csv"), lf.FileError, OSError),
    (lambda f: lf.read_csv(b"a,b\n1\n"), lf.FormatError, ValueError),
    (lambda f: lf.read_csv(b"a\n\xff\n"), lf.EncodingError, UnicodeError),
    (lambda f: f.join(f, "region", validate="one_to_one"), lf.DataError, ValueError),
    (lambda f: lf.Steps("filtre a"), lf.NotFoundError, KeyError),
])
def test_codes_become_classes(sales, call, error, base):
    with pytest.raises(base) as caught:
        call(sales)
    assert isinstance(caught.value, error) and isinstance(caught.value, lf.FrameError)
    assert str(caught.value) and not str(caught.value).startswith(("'", '"'))


def test_files_carry_errno_and_name():
    with pytest.raises(FileNotFoundError) as caught:
        lf.read_csv("/nowhere/at/all.csv")
    assert caught.value.errno == 2 and caught.value.filename == "/nowhere/at/all.csv"


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    with pytest.raises(PermissionError):
        lf.read_csv(path)


def test_every_code_has_a_class():
    import pathlib
    header = pathlib.Path(__file__).parents[2] / "include" / "frame" / "error.h"
    if header.exists():
        import re
        codes = re.findall(r'X\(\w+, \d+, "([^"]+)"\)', header.read_text())
        assert set(codes) - {"ok"} == set(_errors._CLASSES)
    for code in _errors._CLASSES:
        kind = type(_errors.raising(code, 0, "text", None))
        assert issubclass(kind, lf.FrameError) and len(kind.__mro__) > 4
    assert type(_errors.raising("something new", 0, "text", None)) is lf.FrameError


def test_errors_survive_pickling(sales):
    with pytest.raises(lf.NotFoundError) as caught:
        sales.filter("quantty > 3")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is lf.NotFoundError and str(again) == str(caught.value) and again.hint == caught.value.hint


def test_text_that_is_not_utf8_in_a_message():
    with pytest.raises(lf.FrameError) as caught:
        lf.read_csv(b"/tmp/\xff\xfe.csv".decode(errors="surrogateescape"))
    assert isinstance(str(caught.value), str)


def test_names_of_other_libraries_lead_to_ours(sales):
    df = sales
    for name in ("groupby", "sort_values", "merge", "with_columns", "fillna", "astype", "query", "iloc", "to_csv", "mean",
                 "resample", "rolling", "shift", "rank", "quantile", "merge_asof", "explode",
                 "unnest", "pivot_table", "unpivot", "apply",
                 "iterrows", "loc", "cumsum", "pct_change", "ffill", "isin", "with_row_index", "select_dtypes"):
        with pytest.raises(AttributeError, match=rf"no attribute '{name}'; here it is "):
            getattr(df, name)
    with pytest.raises(AttributeError, match=r"no attribute 'set_index'; not needed: a frame has no index"):
        df.set_index("region")
    with pytest.raises(AttributeError, match=r"the column is df\['price'\]"):
        df.price
    with pytest.raises(AttributeError, match="no attribute 'mode'; here it is df.group"):
        df["price"].mode()
    for name in ("head", "dropna", "rename", "any", "idxmax", "describe", "notna", "to_frame", "corr", "plot"):
        with pytest.raises(AttributeError, match=rf"'Column' object has no attribute '{name}'; here it is "):
            getattr(df["price"], name)
    for name in ("orderBy", "nrow", "printSchema", "clone", "style"):
        with pytest.raises(AttributeError, match=rf"no attribute '{name}'; here it is "):
            getattr(df, name)
    with pytest.raises(AttributeError, match=r"never changes: df = df.rename"):
        df.columns = ["a", "b", "c"]
    with pytest.raises(TypeError, match=r"here it is names="):
        df.rename(columns={"price": "cost"})
    with pytest.raises(TypeError, match=r"columns are chosen by df.select"):
        df.filter(like="pri")
    assert not hasattr(df, "groupby") and not hasattr(df, "filtr") and not hasattr(df["price"], "__dataframe__")
    assert not hasattr(object.__new__(lf.DataFrame), "columns")


def test_every_hint_is_a_name_that_is_not_there_and_leads_to_one_that_is(sales):
    from libframe import _hints
    for owner, places in ((sales, _hints.FRAME), (sales["price"], _hints.COLUMN)):
        for name, place in places.items():
            assert not hasattr(type(owner), name), name
            method = re.match(r"df\.(\w+)\(?", place)
            assert not method or hasattr(lf.DataFrame, method[1]), place


def test_what_a_hint_says_runs(tmp_path):
    pytest.importorskip("numpy")
    from libframe import _hints
    df = lf.DataFrame({"x": [1.0, None, 3.0], "y": [1, 2, 3], "z": [2.0, 1.0, 4.0], "key": ["a", "b", "a"],
                       "when": [datetime.date(2024, 1, 31), None, datetime.date(2024, 2, 1)]})
    names = {"df": df, "other": df, "col": df["x"], "lf": lf, "first": 0, "last": 2, "n": 2,
             "path": tmp_path / "table.csv", "values": [1, 2, 3]}
    df.write_csv(names["path"])
    numbers, structs = df.select("y, z"), lf.DataFrame({"s": [{"a": 1, "b": "x"}, None]})

    def frame_for(name, place):
        return numbers if name == "values" else structs if "s.a" in place else df
    for name, place in _hints.FRAME.items():
        if "…" in place or place.startswith(("the command", "not needed")):      # to pandas, and the command
            continue
        eval(place, {**names, "df": frame_for(name, place)})
    for name, place in _hints.COLUMN.items():
        if place.startswith(("the command", "not needed")):
            continue
        eval(place if place.startswith(("df.", "df[", "len(", "col[")) else f"col.{place}",
             {**names, "col": df["y"], "df": frame_for(name, place)})
    for place in _hints.MODULE.values():
        if "…" not in place and "parse_dates" not in place:
            eval(place, {**names, "values": [1, 2]})


def test_keywords_of_elsewhere_lead_to_options():
    from libframe import _core, _hints
    verbs = {option[0] for verb in _core.verbs() for option in verb[2]}
    files = {option[0] for options in _core.csv_options() for option in options}
    for places, known in ((_hints.KEYWORDS, verbs), (_hints.READING, files)):
        for place in places.values():
            if not place.startswith(("not needed", "skipnan", "lf.")):
                assert set(re.findall(r"(\w+)=", place)) <= known, place


def test_columns_and_frames_are_not_computed_with(sales):
    column = sales["price"]
    for wrong in (lambda: column > 2, lambda: column == 2, lambda: 2 < column, lambda: column * 2, lambda: 2 * column,
                  lambda: -column, lambda: sales[column > 2]):
        with pytest.raises(TypeError, match="a Column is not computed with: df.filter"):
            wrong()
    for wrong in (lambda: sales == sales, lambda: sales != 3):
        with pytest.raises(TypeError, match=r"frames are compared by df.equals\(other\)"):
            wrong()
    assert sales in [sales] and len({sales, column, column}) == 2


def test_a_misspelt_keyword_is_told_under_the_verbs_own_name(sales):
    with pytest.raises(TypeError, match=r"^sort\(\) got an unexpected keyword argument 'ascending'; here it is descending=True"):
        sales.sort("price", ascending=False)
    with pytest.raises(TypeError, match=r"'descnding'; did you mean 'descending'\?$"):
        sales.sort("price", descnding=False)
    with pytest.raises(TypeError, match=r"'key'; it takes by, descending, nulls_first$"):
        sales.sort("price", key=len)
    with pytest.raises(TypeError, match=r"'inplace'; not needed: a frame never changes"):
        sales.drop("price", inplace=True)
    with pytest.raises(TypeError, match=r"^read_csv\(\) got an unexpected keyword argument 'usecols'; here it is columns="):
        lf.read_csv(b"a\n1\n", usecols=["a"])


def test_a_keyword_that_may_be_meant_for_an_option_names_no_column(sales):
    with pytest.raises(TypeError, match=r"'aggs'; here it is agg=\. A column of that name is agg=\{'aggs': 'sum\(price\)'\}$"):
        sales.group("region", aggs="sum(price)")
    with pytest.raises(TypeError, match=r"'rolup'; did you mean 'rollup'\? A column of that name is agg=\{'rolup': 'n'\}$"):
        sales.group("region", rolup="n")
    with pytest.raises(TypeError, match=r"'rolup'; did you mean 'rollup'\?$"):
        sales.group("region", rolup=True)
    with pytest.raises(TypeError, match=r"'index'; not needed: .* A column of that name is assign=\{'index': '1'\}$"):
        sales.with_(index="1")
    with pytest.raises(TypeError, match=r"'total'; here it is total=\"sum\(price\)\"$"):
        sales.group("region", total=("price", "sum"))
    with pytest.raises(TypeError, match=r"'bnd'; did you mean 'bind'\?$"):
        sales.with_(bnd=list(range(len(sales))))
    with pytest.raises(TypeError, match=r"'index'; not needed: a frame has no index$"):
        sales.with_(index=list(range(len(sales))))
    with pytest.raises(TypeError, match=r"'nw'; the value of :nw in a text is bind=\{'nw': None\}$"):
        sales.with_(nw=None)
    with pytest.raises(TypeError, match=r"'y' of True; columns are given as texts: y=\"true\"$"):
        sales.with_(y=True)
    with pytest.raises(TypeError, match=r"the value of :y in a text is bind=\{'y': None\}$"):
        sales.with_(y=None)
    with pytest.raises(TypeError, match=r"'y'; the value of :y in a text is bind=\{'y': \{1\}\}$"):
        sales.with_(y={1})


def test_columns_are_put_beside_each_other_by_a_join(sales):
    advice = r"columns beside each other by df.join\(other, how=\"positional\"\)$"
    for wrong in (lambda: lf.concat([sales, sales], axis=1), lambda: lf.concat([sales, sales], how="horizontal"),
                  lambda: sales.concat([sales], axis=1)):
        with pytest.raises(TypeError, match=r"^concat\(\) got an unexpected keyword argument '(axis|how)'; .*" + advice):
            wrong()
    with pytest.raises(TypeError, match=r"'ignore_index'; not needed: a frame has no index$"):
        lf.concat([sales, sales], ignore_index=True)


def test_more_by_place_than_a_verb_takes(sales):
    with pytest.raises(TypeError, match=r"^select\(\) takes columns by place, and 1 more came: 3; several .* are one list"):
        sales.select("region", 3)
    with pytest.raises(TypeError, match=r"^parse_dates\(\) takes columns and format by place, and 1 more came"):
        sales.parse_dates("region", "price", "day")
    with pytest.raises(TypeError, match=r"^rename\(\) takes names by place, and 1 more came: 'p'"):
        sales.rename("price", "p")
    with pytest.raises(TypeError, match=r"^read_csv\(\) takes source by place, and 1 more came: ';'; options have names$"):
        lf.read_csv(b"a\n1\n", ";")
    with pytest.raises(TypeError, match=r"lf.concat\(\[first, second\]\)"):
        lf.concat(sales, sales)


def test_a_second_condition_is_no_value(sales):
    with pytest.raises(lf.ArgumentError, match=r"for \$1, which the text does not name \(conditions are joined by 'and'\)"):
        sales.filter("price > 2", "quantity < 8")
    with pytest.raises(lf.ArgumentError, match="value for :high, which"):
        sales.filter("price > :low", bind={"low": 2, "high": 8})


def test_a_flag_is_not_none(sales):
    with pytest.raises(TypeError, match="^header takes True or False, not None"):
        lf.read_csv(b"a\nb\n", header=None)               # pandas' way to say that there is none
    with pytest.raises(TypeError, match="^descending takes True or False, not None"):
        sales.sort("price", descending=None)


def test_what_is_not_here_says_what_is(sales):
    with pytest.raises(AttributeError, match="'read_parquet'; here it is lf.DataFrame"):
        lf.read_parquet("x.parquet")
    with pytest.raises(AttributeError, match="no attribute 'read_csw'"):
        lf.read_csw("x.csv")
    with pytest.raises(TypeError, match="a frame never changes: df = df.with_"):
        sales["x"] = 3
    with pytest.raises(TypeError, match=r"a frame never changes: df = df.drop\('price'\)"):
        del sales["price"]
    with pytest.raises(TypeError, match=r"col\[row\] or col\[first:last\], not 'x'"):
        sales["price"]["x"]


@pytest.mark.parametrize("content, options, hint", [
    (b"", {}, "no_header=True and names read it as a table of no rows"),
    (b"a,b\n1,2\n3\n", {}, 'pad_short_rows=True fills up with nulls, on_bad="collect" puts such rows aside'),
    (b"a\n\xe9\n", {}, 'encoding="windows-1252" may be what it is'),
    (b"a\nx\"y\n", {}, 'quote="" takes quotes as text, lenient=True reads what breaks the rules'),
])
def test_hints_are_written_as_python_writes_them(content, options, hint):
    with pytest.raises(lf.FrameError) as caught:
        lf.read_csv(content, **options)
    assert caught.value.hint == hint and f"({hint})" in str(caught.value)


def test_a_hint_of_days_and_months_and_one_of_parameters():
    with pytest.raises(lf.DataError, match="day_first=True takes 03/04/2024 .* out of parse_dates and use"):
        lf.read_csv(b"d\n01/02/2024\n", parse_dates="d")
    with pytest.raises(lf.ArgumentError, match=r"give its value in bind\)"):
        lf.DataFrame({"a": [1]}).filter("a > $1")


def test_warnings_are_written_as_python_writes_them():
    with pytest.warns(lf.FrameWarning, match="Say header=True or no_header=True"):
        frame = lf.read_csv(b"a\nb\n")
    assert any("Say header=True or no_header=True" in text for text in frame.warnings)


def test_what_only_looks_like_an_option_stays():
    from libframe._spelling import spelt
    assert spelt("a .5 .zz = true x.sep (.trim)") == "a .5 .zz = true x.sep (trim=True)"
    assert spelt(None) is None and spelt("") == "" and spelt("run it first with fr_collect") == "run it first with collect()"


def test_numbers_that_no_option_holds_and_things_that_cannot_be_read_are_named():
    with pytest.raises(OverflowError, match="n takes a whole number of 64 bits, not 1267650600228229401496703205376"):
        lf.DataFrame({"a": [1]}).head(2**100)
    with pytest.raises(TypeError, match="a path, a list of them, bytes or an open file can be read, not 5"):
        lf.read_csv(5)


class ColumnsOneByOne:
    """A table of another library, which lists its columns when it is asked for its items, as polars' does."""
    columns = ["a", "b"]

    def __arrow_c_stream__(self, requested_schema=None):
        return lf.DataFrame({"a": [1], "b": [2]}).__arrow_c_stream__(requested_schema)

    def __iter__(self):
        return iter(([1], [2]))


def test_frames_are_listed_not_lost(sales):
    for wrong, said in ((lambda: lf.concat(None), "concat takes a list of frames, not a NoneType"),
                        (lambda: lf.concat(sales), "concat takes a list of frames, not a DataFrame"),
                        (lambda: lf.concat(ColumnsOneByOne()), "a list of frames, not a ColumnsOneByOne"),
                        (lambda: lf.concat([sales, None]), "frame 1 of the list is None"),
                        (lambda: lf.concat({"a": sales}), "a list of frames, not a dict"),
                        (lambda: sales.concat(sales, sales), r"others is a list of frames, not a DataFrame: df.concat\(others="),
                        (lambda: sales.concat([sales, sales]), r"several tables are put together by lf.concat"),
                        (lambda: sales.concat(others=[sales, None]), "frame 1 of the list is None"),
                        (lambda: sales.join(None, "region"), r'there is no frame to join with: df.join\(other, "key"\)'),
                        (lambda: lf.write_csv("x.csv", sales), r"the frame comes first, .* write_csv\(df, path\)"),
                        (lambda: sales.write_csv(None), "a path to write to, not None")):
        with pytest.raises(TypeError, match=said):
            wrong()


def test_frames_are_not_computed_with_either(sales):
    column = sales["price"]
    for wrong in (lambda: sales < sales, lambda: sales + 1, lambda: 1 - sales, lambda: sales & True):
        with pytest.raises(TypeError, match=r'a frame is not computed with: df.filter\("x > 3"\)'):
            wrong()
    for wrong in (lambda: 2 // column, lambda: 2 ** column, lambda: abs(column), lambda: column ^ 1, lambda: round(column),
                  lambda: True & column, lambda: column @ column):
        with pytest.raises(TypeError, match="a Column is not computed with"):
            wrong()


def test_what_would_change_a_frame_says_how_to_make_another(sales):
    with pytest.raises(AttributeError, match=r'never changes: df = df.with_\(total="2 \* x"\), or df.with_\(total=values\)'):
        sales.total = [1, 2, 3, 4]
    with pytest.raises(AttributeError, match="never changes"):
        sales.price = 3
    with pytest.raises(AttributeError, match="no setter|can't set"):
        sales.shape = 3
    with pytest.raises(TypeError, match="a Column never changes"):
        sales["price"][0] = 3

    class Named(lf.DataFrame):
        pass
    named = Named({"a": [1]})
    named.title = "of a subclass"
    assert named.title == "of a subclass"


def test_keywords_of_other_constructors(sales):
    with pytest.raises(TypeError, match=r"'columns'; here it is schema="):
        lf.DataFrame([[1, 2]], columns=["a", "b"])
    with pytest.raises(TypeError, match="'index'; not needed"):
        lf.DataFrame({"a": [1]}, index=[3])
    with pytest.raises(TypeError, match=r"'price'; columns are one dict: DataFrame\(\{'price': …\}\)"):
        lf.DataFrame(price=[1, 2])
    with pytest.raises(TypeError, match="'sep'; it takes data, schema, context"):
        lf.DataFrame({"a": [1]}, sep=";")
    import inspect
    assert str(inspect.signature(lf.DataFrame)) == "(data=None, schema=None, *, context=None)"


def test_options_that_other_libraries_write_otherwise(sales):
    for wrong, said in ((lambda: sales.rename(price="cost"), r'here it is df.rename\("price as cost"\)'),
                        (lambda: sales.select(cost="price"), r'here it is df.select\("price as cost"\)'),
                        (lambda: sales.rename(["a", "b", "c"]), r"df.rename\(dict\(zip\(df.columns, names\)\)\)"),
                        (lambda: sales.rename(str.upper), r'names is a text such as "old as new", or a dict'),
                        (lambda: sales.fill_null({"price": 0}), r'one after the other: df.fill_null\("a", 0\)'),
                        (lambda: sales.drop(0), "columns is a text or a list of names, not 0$"),
                        (lambda: sales["region":"price"], r'rows by their places, .*; columns are df\[\["a", "b"\]\]'),
                        (lambda: sales[[True, False]], "rows by a condition are df.filter")):
        with pytest.raises(TypeError, match=said):
            wrong()
    with pytest.raises(ValueError, match="not 'ffill'; here it is forward$"):
        sales.fill_null("price", method="ffill")
    with pytest.raises(ValueError, match="here it is i64"):
        sales.cast({"price": "Int64"})


def test_what_has_no_rows_yet_says_how_to_have_them(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    scan = lf.scan_csv(path)
    with pytest.raises(AttributeError, match=r"no attribute 'to_pandas', which a DataFrame has: collect\(\) makes it"):
        scan.to_pandas()
    with pytest.raises(AttributeError, match="no attribute 'groupby'; here it is df.group"):
        scan.groupby("a")
    for wrong in (lambda: scan["a"], lambda: list(scan)):
        with pytest.raises(TypeError, match="a Scan has no rows yet: collect"):
            wrong()
    with pytest.raises(TypeError, match=r"no table can be made of .*: collect\(\) it first"):
        lf.DataFrame(scan)
    with pytest.raises(AttributeError, match=r"'Steps' object has no attribute '(shape|collect)'.*df.pipe\(steps\) makes it"):
        lf.Steps("head 3").shape
    assert lf.DataFrame({"a": [3, 1]}).join(scan.filter("a > 1"), "a").to_dict() == {"a": [3], "b": [4]}
    assert not hasattr(scan, "__len__") and bool(scan)


def test_a_value_of_the_wrong_size_names_its_type_in_full():
    with pytest.raises(OverflowError, match=r"column 'a', row 1: .* does not fit duration\[us\]"):
        lf.DataFrame({"a": [None, datetime.timedelta.max]})
    with pytest.raises(OverflowError, match=r"Decimal\('1.55'\) does not fit decimal\(3,1\)"):
        lf.DataFrame({"a": [decimal.Decimal("1.55")]}, schema={"a": "decimal(3,1)"})
    with pytest.raises(TypeError, match=r"1 is no datetime\[ms, UTC\]"):
        lf.DataFrame({"a": [1]}, schema={"a": "datetime[ms, UTC]"})
