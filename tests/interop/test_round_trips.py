"""Every type to pandas, polars, pyarrow and DuckDB and back: empty, sliced, with nulls, nested, in chunks, large."""
import datetime
import decimal
import os
import warnings
import zoneinfo

import duckdb
import libframe as lf
import numpy
import pandas
import polars
import pyarrow
import pyarrow.compute
import pytest

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
NOON = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)

COLUMNS = {
    **{kind: ([0, 1, None, 100], kind) for kind in ("i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64")},
    "i64 ends": ([-2**63, 2**63 - 1, None, 0], "i64"), "u64 ends": ([2**64 - 1, 0, None, 1], "u64"),
    "f32": ([0.5, -0.0, None, 3.0], "f32"), "f64": ([0.1, float("inf"), None, -1e300], "f64"),
    "bool": ([True, False, None, True], "bool"), "str": (["a", "", None, "日本🙂 and a text that is longer than a view holds"],
                                                         "str"),
    "cat": (["red", "blue", None, "red"], "cat"), "binary": ([b"\0", b"", None, b"\xff" * 40], "binary"),
    "date": ([datetime.date(1969, 12, 31), datetime.date(2024, 2, 29), None, datetime.date(2200, 1, 1)], "date"),
    "time": ([datetime.time(0, 0), datetime.time(23, 59, 59, 999999), None, datetime.time(1)], "time[us]"),
    **{f"datetime {unit}": ([NOON.replace(microsecond=0), NOON.replace(microsecond=0, year=1952), None,
                             NOON.replace(microsecond=0)],
                            f"datetime[{unit}]") for unit in ("s", "ms", "us", "ns")},
    "zoned": ([NOON.replace(tzinfo=BERLIN), None, NOON.replace(tzinfo=BERLIN, month=7), None],
              "datetime[us, Europe/Berlin]"),
    **{f"duration {unit}": ([datetime.timedelta(days=-1), datetime.timedelta(seconds=5), None, datetime.timedelta(0)],
                            f"duration[{unit}]") for unit in ("s", "ms", "us", "ns")},
    "decimal": ([decimal.Decimal("1.50"), decimal.Decimal("-99999.99"), None, decimal.Decimal("0.01")], "decimal(10,2)"),
    "wide decimal": ([decimal.Decimal(10**30), None, decimal.Decimal(-1), decimal.Decimal(0)], "decimal(38,0)"),
    "list": ([[1, None], [], None, [3]], "list[i64]"), "texts": ([["a" * 30], [], None, [None, ""]], "list[str]"),
    "struct": ([{"a": 1, "b": "x"}, {"a": None, "b": None}, None, {"a": 2, "b": ""}], "struct[a: i64, b: str]"),
    "deep": ([[{"k": [1.5]}], [], None, [None, {"k": None}]], "list[struct[k: list[f64]]]"),
    "null": ([None, None, None, None], "null"),
}
SHAPES = {"whole": lambda f: f, "slice": lambda f: f[1:3], "end": lambda f: f[3:], "empty": lambda f: f[:0],
          "none missing": lambda f: f.drop_null(),
          "long": lambda f: lf.concat([f] * 300), "long slice": lambda f: lf.concat([f] * 300)[77:999]}


def frame_of(kind, shape):
    values, dtype = COLUMNS[kind]
    return SHAPES[shape](lf.DataFrame({"x": values}, schema={"x": dtype}))


every = pytest.mark.parametrize("kind", COLUMNS)
shaped = pytest.mark.parametrize("shape", SHAPES)


@every
@shaped
def test_pyarrow(kind, shape):
    frame = frame_of(kind, shape)
    table = frame.to_arrow()
    table.validate(full=True)
    if kind not in ("datetime ns", "duration ns"):
        assert table.column(0).to_pylist() == frame["x"].to_list()
    assert table.column(0).null_count == frame["x"].null_count
    assert lf.DataFrame(table).equals(frame) and lf.DataFrame(table).schema == frame.schema
    array = frame["x"].to_arrow()
    array.validate(full=True)
    assert lf.DataFrame({"x": array}).equals(frame)
    assert pyarrow.schema(frame) == table.schema
    plain = pyarrow.table(frame, schema=None)
    for batch in plain.to_batches(max_chunksize=3):
        assert lf.DataFrame(batch).schema == frame.schema
    assert lf.DataFrame(pyarrow.Table.from_batches(plain.to_batches(max_chunksize=7), plain.schema)).equals(frame)


@every
@shaped
def test_what_pyarrow_makes(kind, shape):
    """Arrays as pyarrow builds them, not as we exported them: 32-bit offsets, other dictionaries, offsets into buffers."""
    frame = frame_of(kind, shape)
    built = pyarrow.array(frame["x"].to_list(), type=classic(frame.to_arrow().schema.field(0).type))
    assert lf.DataFrame({"x": built}).equals(frame)
    padded = pyarrow.concat_arrays([built.slice(0, 1), built, built.slice(0, 1)])
    inner = padded.slice(min(1, len(built)), len(built))
    assert lf.DataFrame({"x": inner}).equals(frame)
    assert lf.DataFrame({"x": pyarrow.chunked_array([built, built])}).equals(frame.concat(frame))


def classic(kind):
    """A type without views and large lists."""
    if pyarrow.types.is_dictionary(kind):
        return pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
    if kind == pyarrow.string_view():
        return pyarrow.string()
    if kind == pyarrow.binary_view():
        return pyarrow.binary()
    if pyarrow.types.is_large_list(kind):
        return pyarrow.list_(classic(kind.value_type))
    if pyarrow.types.is_struct(kind):
        return pyarrow.struct([pyarrow.field(f.name, classic(f.type)) for f in kind])
    return kind


@every
@shaped
def test_polars(kind, shape):
    frame = frame_of(kind, shape)
    if kind in ("datetime s", "duration s"):
        frame = frame.cast({"x": COLUMNS[kind][1].replace("[s]", "[ms]")})     # polars has no seconds
    if kind == "time":
        frame = frame.cast({"x": "time[ns]"})                                  # and times in nanoseconds only
    data = frame.to_polars()
    assert data["x"].to_list() == frame["x"].to_list() or kind in ("datetime ns", "duration ns", "time")
    back = lf.DataFrame(data)
    assert back.equals(frame) and back.schema == frame.schema
    assert lf.DataFrame({"x": data["x"]}).equals(frame)
    assert lf.DataFrame(polars.concat([data, data], rechunk=False)).equals(frame.concat(frame))


@every
@shaped
def test_pandas(kind, shape):
    frame = frame_of(kind, shape)
    data = frame.to_pandas()
    assert data.shape == frame.shape and int(data["x"].isna().sum()) == frame["x"].null_count
    back = lf.DataFrame(data, schema={"x": frame.dtypes[0]})
    assert back.equals(frame)
    assert lf.DataFrame({"x": data["x"]}, schema={"x": frame.dtypes[0]}).equals(frame)


@every
@shaped
def test_pandas_with_arrow_types(kind, shape):
    frame = frame_of(kind, shape)
    if kind in ("deep", "struct", "null") and shape != "whole":
        pytest.skip("pandas does not hold these well")
    data = frame.to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)
    back = lf.DataFrame(data)
    assert back.cast({"x": frame.dtypes[0]}).equals(frame) if back.dtypes != frame.dtypes else back.equals(frame)


@every
@shaped
def test_duckdb(kind, shape):
    frame = frame_of(kind, shape)
    if kind in ("null", "duration s", "duration ms", "duration ns", "duration us"):
        pytest.skip("DuckDB's intervals are another type")
    held = frame.to_arrow()
    answer = duckdb.sql("SELECT x, count(*) OVER () AS n FROM held").to_arrow_table()
    back = lf.DataFrame(answer)
    assert len(back) == len(frame) and back["x"].null_count == frame["x"].null_count
    if kind not in ("datetime s", "datetime ms", "zoned", "time"):
        assert back["x"].to_list() == frame["x"].to_list() or kind == "datetime ns"


def test_duckdb_reads_frames_by_name():
    frame = lf.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3]})
    capsule = frame  # noqa: F841  DuckDB finds it by its __arrow_c_stream__
    assert duckdb.sql("SELECT k, sum(v) AS s FROM capsule GROUP BY k ORDER BY k").fetchall() == [("a", 4), ("b", 2)]


def test_lazy_relations_and_scanners_are_streams():
    relation = duckdb.sql("SELECT range AS i FROM range(100000)")
    assert lf.DataFrame(relation.to_arrow_table()).group("", "s = sum(i)")["s"][0] == 4999950000
    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("i", pyarrow.int64())]),
                                                    (pyarrow.record_batch({"i": [n, n + 1]}) for n in range(100)))
    assert len(lf.DataFrame(reader)) == 200


def test_values_that_do_not_fit_name_their_column_and_row():
    day = pyarrow.array([0, 1], pyarrow.int64()).cast(pyarrow.timestamp("ms")).view(pyarrow.date64())
    table = pyarrow.table({"n": [1, 2, 3, 4, 5], "a": pyarrow.chunked_array([day[:1], day[:1], day[:1], day])})
    with pytest.raises(lf.FrameError, match="column 'a', row 4") as found:
        lf.DataFrame(table)
    assert (found.value.column, found.value.row) == ("a", 4)
    nested = pyarrow.ListArray.from_arrays([0, 1, 2], day)
    with pytest.raises(lf.FrameError, match="column 'a'") as found:
        lf.DataFrame(pyarrow.table({"a": nested}))
    assert found.value.row is None


def test_an_exception_inside_a_reader_comes_as_an_error():
    def batches():
        yield pyarrow.record_batch({"i": [1]})
        raise ZeroDivisionError("in the middle of the stream")

    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("i", pyarrow.int64())]), batches())
    with pytest.raises(lf.FrameError, match="in the middle of the stream"):
        lf.DataFrame(reader)


def test_numbers_go_both_ways_without_a_copy():
    array = pyarrow.array(numpy.arange(100_000))
    frame = lf.DataFrame({"x": array})
    assert frame["x"].to_numpy().ctypes.data == array.buffers()[1].address
    assert frame.to_arrow().column(0).chunk(0).buffers()[1].address == array.buffers()[1].address
    assert frame.to_polars()["x"].to_numpy().ctypes.data == array.buffers()[1].address


def test_memory_outlives_whoever_made_it():
    array = pyarrow.array(["text that is longer than twelve bytes"] * 1000)
    frame = lf.DataFrame({"x": array})
    del array
    table = frame.tail(3).to_arrow()
    del frame
    table.validate(full=True)
    assert table.column(0).to_pylist() == ["text that is longer than twelve bytes"] * 3


# ---- types of others that are not ours ------------------------------------------------------------------------------------
@pytest.mark.parametrize("array,dtype,values", [
    (pyarrow.array([1.5, None], pyarrow.float16()), None, None),
    (pyarrow.array([[1, 2], None], pyarrow.list_(pyarrow.int8(), 2)), "list[i8]", [[1, 2], None]),
    (pyarrow.array([[("k", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
     "list[struct[key: str, value: i64]]",
     [[{"key": "k", "value": 1}], None]),
    (pyarrow.array([b"ab", None], pyarrow.binary(2)), "binary", [b"ab", None]),
    (pyarrow.array([1, None], pyarrow.date64()), None, None), (pyarrow.array([86_400_000, None], pyarrow.date64()), "date",
                                                               [datetime.date(1970, 1, 2), None]),
    (pyarrow.array([5, None, 5]).dictionary_encode(), "i64", [5, None, 5]),
    (pyarrow.compute.run_end_encode(pyarrow.array([1, 1, 2])), None, None),
    (pyarrow.array([decimal.Decimal("1.5")], pyarrow.decimal256(50, 1)), "decimal(38,1)", [decimal.Decimal("1.5")]),
    (pyarrow.array([decimal.Decimal("9" * 45)], pyarrow.decimal256(50, 0)), None, None),
    (pyarrow.array([None, None]), "null", [None, None]),
    (pyarrow.array(["a", None], pyarrow.large_string()), "str", ["a", None]),
    (pyarrow.DictionaryArray.from_arrays(pyarrow.array([0, 1, None], pyarrow.int32()), ["a", "a"]), "cat", ["a", "a",
                                                                                                            None]),
])
def test_other_arrow_types(array, dtype, values):
    if dtype is None:
        with pytest.raises(lf.FrameError):
            lf.DataFrame({"x": array})
    else:
        column = lf.DataFrame({"x": array})["x"]
        assert (column.dtype, column.to_list()) == (dtype, values)


@pytest.mark.parametrize("series,dtype,values", [
    (pandas.Series([1, 2]), "i64", [1, 2]), (pandas.Series([1.5, None]), "f64", [1.5, None]), (pandas.Series(["a", None]),
                                                                                               "str", ["a", None]),
    (pandas.Series([True, None], dtype="boolean"), "bool", [True, None]), (pandas.Series([1, None], dtype="Int8"), "i8", [1,
                                                                                                                          None]),
    (pandas.Series([1.5, None], dtype="Float32"), "f32", [1.5, None]), (pandas.Series(["a", float("nan")], dtype=object),
                                                                        "str", ["a", None]),
    (pandas.Series(["x", "y", "x"], dtype="category"), "cat", ["x", "y", "x"]), (pandas.Series([3, 4], dtype="category"),
                                                                                 "i64", [3, 4]),
    (pandas.Series(["x", None], dtype="category"), "cat", ["x", None]), (pandas.Series([], dtype="string"), "str", []),
    (pandas.Series([None, None], dtype="string"), "str", [None, None]), (pandas.Series([], dtype=object), "null", []),
    (pandas.Series([1, 0, 0], dtype="Sparse[int]"), "i64", [1, 0, 0]), (pandas.Series([1, "a"]), None, None),
    (pandas.Series(pandas.period_range("2024", periods=2)), None, None), (pandas.Series([pandas.Interval(0, 1)]), None,
                                                                          None),
    (pandas.Series([pandas.Timestamp("2024-01-01 00:00:00.000000001")]), "datetime[ns]", None),
    (pandas.Series([pandas.Timestamp("2024-01-01", tz="Europe/Berlin"), pandas.NaT]), "datetime", None),
    (pandas.Series([pandas.Timedelta(1, "D"), pandas.NaT]), "duration", None), (pandas.Series([1j]), None, None),
    (pandas.Series([pandas.NA, 1, None], dtype=object), "i64", [None, 1, None]),
    (pandas.Series([pandas.Timestamp(1, unit="ns"), pandas.NaT], dtype=object), "datetime[ns]", None),
])
def test_pandas_series(series, dtype, values):
    if dtype is None:
        with pytest.raises(TypeError):
            lf.DataFrame({"x": series})
        return
    column = lf.DataFrame({"x": series})["x"]
    assert column.dtype.startswith(dtype) and column.null_count == int(series.isna().sum())
    assert values is None or column.to_list() == values


def test_the_index_of_pandas_becomes_columns():
    data = pandas.DataFrame({"v": [1, 2]}, index=pandas.Index(["a", "b"], name="k"))
    assert lf.DataFrame(data).columns == ["k", "v"]
    assert lf.DataFrame(data.reset_index()).columns == ["k", "v"]
    assert lf.DataFrame(data["v"]).to_dict() == {"k": ["a", "b"], "v": [1, 2]}
    assert lf.DataFrame(data["v"].reset_index(drop=True)).to_dict() == {"v": [1, 2]}
    assert lf.DataFrame(pandas.Series(["x", "y", "x"], name="k").value_counts()).to_dict() == {"k": ["x", "y"], "count": [2, 1]}
    assert lf.DataFrame(pandas.MultiIndex.from_tuples([("x", 1)], names=["k", "n"])).to_dict() == {"k": ["x"], "n": [1]}
    with pytest.raises(ValueError, match=r"the index and a column are both called 'k'.*reset_index\(drop=True\)"):
        lf.DataFrame(data.assign(k=3))
    with pytest.raises(TypeError, match="levels"):
        lf.DataFrame(pandas.DataFrame({("a", "b"): [1]}))
    with pytest.raises(ValueError, match="two columns"):
        lf.DataFrame(pandas.DataFrame([[1, 2]], columns=["a", "a"]))


def test_series_of_one_dict_are_not_matched_by_index_unseen():
    one, other = pandas.Series([1, 2], index=["x", "y"]), pandas.Series([3, 4], index=["y", "x"])
    with pytest.raises(ValueError, match="columns 'a' and 'b' have different indexes"):
        lf.DataFrame({"a": one, "b": other})
    assert lf.DataFrame({"a": one, "b": other.reindex(["x", "y"])}).to_dict() == {"a": [1, 2], "b": [4, 3]}
    assert lf.DataFrame({"a": one, "b": [3, 4]}).to_dict() == {"a": [1, 2], "b": [3, 4]}


@pytest.mark.parametrize("kind", ["str", "string", "string[pyarrow]", "string[python]"])
def test_texts_of_pandas_however_they_are_stored(kind):
    series = pandas.Series(["a", None, "日本🙂 and a text that is longer than a view holds", ""] * 50, dtype=kind)
    frame = lf.DataFrame({"x": series, "y": series.iloc[::-1].reset_index(drop=True)})
    assert frame.dtypes == ["str", "str"] and frame["x"].to_list() == ["a", None, *series.iloc[2:4]] * 50
    assert frame["y"].to_list() == frame["x"].to_list()[::-1] and lf.DataFrame({"x": series[3:7]})["x"].to_list() == \
        ["", "a", None, series.iloc[2]]
    series.iloc[0] = "changed"
    assert frame["x"][0] == "a"


def test_moments_of_pandas_as_values():
    frame = lf.DataFrame({"t": [datetime.datetime(2024, 1, 1), None]})
    fine = pandas.Timestamp("2024-01-01 00:00:00.000000001")
    assert len(frame.filter("t < $1", fine)) == 1 and frame.with_("y = $1", fine)["y"].dtype == "datetime[ns]"
    assert frame.with_("y = $1", pandas.Timedelta("1ns"))["y"].to_numpy()[0] == numpy.timedelta64(1, "ns")
    for missing in (pandas.NaT, pandas.NA):
        assert frame.with_("y = $1", [missing]).schema["y"] == "null"


def test_series_among_the_values_of_a_column():
    lists = lf.DataFrame({"a": [polars.Series([1, 2]), None], "b": [pandas.Series([1.5]), [2.5]]})
    assert lists.to_dict() == {"a": [[1, 2], None], "b": [[1.5], [2.5]]}


def test_pandas_data_are_copied():
    data = pandas.DataFrame({"x": [1, 2, 3]})
    frame = lf.DataFrame(data)
    data.iloc[0, 0] = 99
    assert frame["x"].to_list() == [1, 2, 3]


# ---- large ---------------------------------------------------------------------------------------------------------------
def test_what_polars_cannot_give_is_refused():
    objects = polars.DataFrame({"a": [1, 2], "o": polars.Series([object(), {1}], dtype=polars.Object)})
    for data in objects, {"o": objects["o"]}:
        with pytest.raises(TypeError, match="column 'o': polars' Object has no counterpart"):
            lf.DataFrame(data)
    with pytest.raises(TypeError, match="collect"):
        lf.DataFrame(objects.lazy())
    assert lf.DataFrame(objects["a"].to_frame())["a"].to_list() == [1, 2]
    assert lf.DataFrame({"a": objects["a"]})["a"].to_list() == [1, 2]


@pytest.mark.skipif(not os.environ.get("FRAME_HUGE"), reason="FRAME_HUGE is not set: it takes 12 GB")
def test_more_than_two_gigabytes_of_text():
    text = "x" * 1_000_000
    frame = lf.DataFrame({"t": pyarrow.array([text + str(i) for i in range(2300)], pyarrow.large_string())})
    table = frame.to_arrow()
    table.validate(full=True)
    assert lf.DataFrame(table).equals(frame)
    plain = table.cast(pyarrow.schema([("t", pyarrow.large_string())]))
    assert plain.nbytes > 2**31 and lf.DataFrame(plain).equals(frame)


@pytest.mark.skipif(not os.environ.get("FRAME_HUGE"), reason="FRAME_HUGE is not set: it takes 12 GB")
def test_more_than_two_to_the_31_rows():
    rows = 2**31 + 10
    frame = lf.DataFrame({"b": pyarrow.array(numpy.zeros(rows, dtype=numpy.int8))})
    assert len(frame) == rows and frame[rows - 2:].shape == (2, 1)
    assert frame.to_arrow().num_rows == rows


def test_pandas_is_not_given_a_frame_without_its_names():
    sales = lf.DataFrame({"region": ["North", None], "price": [9.99, 120.5]})
    for take in (pandas.DataFrame, pandas.Series):
        with pytest.raises(TypeError, match=r"df\.to_pandas\(\)"):
            take(sales)


def test_what_a_cat_does_not_know_of_categories_is_told():
    sizes = pandas.DataFrame({"size": pandas.Categorical(["lo", "hi", "lo"], categories=["lo", "mid", "hi"], ordered=True)})
    with pytest.warns(lf.FrameWarning) as told:
        assert lf.DataFrame(sizes)["size"].to_list() == ["lo", "hi", "lo"]
    assert [str(one.message).split(":")[0] for one in told] == [
        "the order of the categories of 'size' (lo < mid < hi) is not kept", "1 category of 'size' without rows is left out"]
    plain = sizes["size"].cat.as_unordered().cat.remove_unused_categories()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lf.DataFrame({"size": plain}).dtypes == ["cat"]


def test_a_zone_that_nobody_knows_is_refused():
    times = pyarrow.table({"t": pyarrow.array([0], pyarrow.timestamp("us", "Mars/Base"))})
    with pytest.raises(lf.NotFoundError, match="no time zone 'Mars/Base', column 't'"):
        lf.DataFrame(times)
