"""Python values to columns and back: types from all values, nothing rounded, what does not fit is an exception."""
import collections
import datetime
import decimal
import zoneinfo

import libframe as lf
import pytest

D, BERLIN = decimal.Decimal, zoneinfo.ZoneInfo("Europe/Berlin")
NOON = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)

# what is given → its type; every one of them comes back as it was
SAME = [
    ([1, None, 3], "i64"), ([2**63], "u64"), ([2**63 - 1, -2**63], "i64"), ([10**25, -1], "decimal(38,0)"),
    ([1.5, None, float("inf"), -0.0], "f64"), ([True, None, False], "bool"), (["a", None, "", "日本", "🙂", "a\0b"], "str"),
    ([b"", None, b"\0\xff"], "binary"), ([datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1), datetime.date(9999, 12,
                                                                                                                  31)], "date"),
    ([NOON, None, datetime.datetime(1, 1, 1)], "datetime[us]"), ([NOON.replace(tzinfo=BERLIN), None],
                                                                 "datetime[us, Europe/Berlin]"),
    ([NOON.replace(tzinfo=datetime.timezone.utc)], "datetime[us, UTC]"), ([datetime.time(23, 59, 59, 999999), None],
                                                                          "time[us]"),
    ([datetime.timedelta(days=-1, microseconds=1), None], "duration[us]"), ([D("1.50"), None, D("-0.05")], "decimal(3,2)"),
    ([D("1E+3")], "decimal(4,0)"), ([[1, 2], [], None, [None]], "list[i64]"), ([[["x"]], [[]]], "list[list[str]]"),
    ([{"a": 1, "b": "x"}, None, {"a": None, "b": None}], "struct[a: i64, b: str]"), ([None, None], "null"), ([], "null"),
    ([[{"a": [1.5]}]], "list[struct[a: list[f64]]]"),
]


@pytest.mark.parametrize("values,dtype", SAME, ids=[dtype + str(i) for i, (_, dtype) in enumerate(SAME)])
def test_values_come_back_as_they_were(values, dtype):
    column = lf.DataFrame({"x": values})["x"]
    assert column.to_list() == values
    assert column.dtype.replace("[us]", "").startswith(dtype.replace("[us]", "")) or column.dtype == dtype
    for first, last in ((0, 1), (1, 3), (1, 1)):
        assert column[first:last].to_list() == values[first:last]


def test_whole_numbers_among_floats_and_decimals():
    assert lf.DataFrame({"x": [1, 2.5, None]})["x"].to_list() == [1.0, 2.5, None]
    assert lf.DataFrame({"x": [1, D("2.50")]})["x"].to_list() == [D("1.00"), D("2.50")]
    with pytest.raises(OverflowError, match="would be rounded"):
        lf.DataFrame({"x": [2**53 + 1, 0.5]})


def test_zones_that_differ_become_utc():
    tokyo = NOON.replace(tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))
    column = lf.DataFrame({"t": [NOON.replace(tzinfo=BERLIN), tokyo]})["t"]
    assert column.dtype == "datetime[us, UTC]" and column.to_list() == [NOON.replace(tzinfo=BERLIN), tokyo]
    shifted = NOON.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
    assert lf.DataFrame({"t": [shifted]})["t"].to_list() == [shifted]


@pytest.mark.parametrize("values,message", [
    ([[1], {"a": 1}], "list .row 0. and dict .row 1."), ([{"a": 1}, [1]], "dict .row 0. and list .row 1."),
    ([1, "a"], r"int \(row 0\) and str \(row 1\)"), (["a", None, float("nan")], "None .not NaN. for a missing"),
    ([True, 1], r"bool \(row 0\) and int \(row 1\)"), ([1, [2]], "int .row 0. and list .row 1."),
    ([datetime.date(2024, 1, 1), NOON], "date .row 0. and datetime .row 1."), ([NOON, NOON.replace(tzinfo=BERLIN)],
                                                                               "with a zone"),
    ([{1: 2}], "names of a struct are texts"), ([object()], "no column holds"), ([1j], "no column holds"),
    ([b"a", "a"], "bytes .row 0. and str .row 1."), ([[1], ["a"]], "int .row 0. and str .row 1."), ([{1, 2}],
                                                                                                    "no column holds"),
])
def test_mixed_columns_are_told_with_their_rows(values, message):
    with pytest.raises(TypeError, match=message):
        lf.DataFrame({"x": values})


@pytest.mark.parametrize("value, wrong", [(1e300, "does not fit f32"), (-1e39, "does not fit f32"), (16777217, "rounded")])
def test_a_number_beyond_a_narrow_float_is_refused(value, wrong):
    with pytest.raises(OverflowError, match=f"column 'x', row 1: .*{wrong}"):
        lf.DataFrame({"x": [0, value]}, schema={"x": "f32"})
    fine = [16777216, 0.1, float("inf"), float("-inf"), None]
    assert lf.DataFrame({"x": fine}, schema={"x": "f32"})["x"].null_count == 1


def test_a_zone_is_not_dropped():
    utc = datetime.timezone.utc
    with pytest.raises(TypeError, match="column 't', row 1: .* has a zone"):
        lf.DataFrame({"t": [datetime.time(12), datetime.time(12, tzinfo=utc)]})
    times, moments = lf.DataFrame({"t": [datetime.time(12)]}), lf.DataFrame({"t": [NOON]})
    for frame, value in (times, datetime.time(12, tzinfo=utc)), (moments, NOON.replace(tzinfo=utc)):
        for bind in value, [value], {"v": value}:
            with pytest.raises(TypeError, match="zone"):
                frame.filter("t == :v" if isinstance(bind, dict) else "t == $1", bind=bind)
    zoned = lf.DataFrame({"t": [NOON.replace(tzinfo=utc), None]})
    assert zoned.fill_null("t", value=NOON.replace(tzinfo=BERLIN))["t"].to_list()[1] == NOON.replace(tzinfo=BERLIN)
    assert len(zoned.filter("t == localize($1, 'UTC')", bind=NOON)) == 1


def test_a_moment_fills_only_columns_of_its_kind(tmp_path):
    naive = lf.DataFrame({"t": [NOON, None], "x": [1, None]})
    zoned = lf.DataFrame({"t": [NOON.replace(tzinfo=BERLIN), None], "x": [1, None]})
    later = NOON + datetime.timedelta(hours=1)
    for columns in "t", ["t"], "starts_with('t')":
        with pytest.raises(TypeError, match=r"column 't' is datetime\[us\], and .* has a zone: give it without one"):
            naive.fill_null(columns, later.replace(tzinfo=BERLIN))
        with pytest.raises(TypeError, match=r"column 't' is datetime\[us, Europe/Berlin\], and .* has no zone"):
            zoned.fill_null(columns=columns, value=later)
        assert naive.fill_null(columns, later)["t"].to_list() == [NOON, later]
        assert zoned.fill_null(columns, later.replace(tzinfo=BERLIN))["t"].to_list()[1] == later.replace(tzinfo=BERLIN)
    with pytest.raises(KeyError, match="fill_null: no column 'u'"):
        naive.fill_null("u", later.replace(tzinfo=BERLIN))
    naive.write_csv(tmp_path / "t.csv")
    for lazy in lf.Steps(), lf.scan_csv(tmp_path / "t.csv"):
        with pytest.raises(TypeError, match="has a zone, which (Steps|Scan) cannot keep"):
            lazy.fill_null("t", later.replace(tzinfo=BERLIN))
        assert naive.pipe(lf.Steps().fill_null("t", later))["t"].to_list() == [NOON, later]


def test_records_whose_names_become_one_are_refused():
    with pytest.raises(ValueError, match="two columns are called '1'"):
        lf.DataFrame([{1: "a", "1": "b"}])


@pytest.mark.parametrize("data", [{"x": [1], "y": [2]}, [{"x": 1, "y": 2}], lf.DataFrame({"x": [1], "y": [2]})])
def test_names_rename_by_place_whatever_the_data(data):
    assert lf.DataFrame(data, schema=["a", "b"]).to_dict() == {"a": [1], "b": [2]}
    with pytest.raises(ValueError, match="1 names for 2 columns"):
        lf.DataFrame(data, schema=["a"])


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "x" * 100 + "\ud83d"])
def test_lone_surrogates_are_no_text(text):
    with pytest.raises(UnicodeError, match="row 1.*surrogate"):
        lf.DataFrame({"x": ["fine", text]})
    with pytest.raises(UnicodeError):
        lf.DataFrame({text: [1]})
    with pytest.raises(UnicodeError):
        lf.DataFrame({"x": [1]}).filter(text)


def test_names_with_nul_or_of_another_kind():
    with pytest.raises(ValueError, match="NUL"):
        lf.DataFrame({"a\0b": [1]})
    with pytest.raises(TypeError, match="name of a column"):
        lf.DataFrame({("a", 1): [1]})
    assert lf.DataFrame({0: [1], 1: [2]}).columns == ["0", "1"]


def test_numbers_beyond_every_type():
    with pytest.raises(OverflowError):
        lf.DataFrame({"x": [10**40]})
    with pytest.raises(OverflowError):
        lf.DataFrame({"x": [D("1e30"), D("1e-30")]})
    for odd in (D("NaN"), D("Infinity"), D("sNaN")):
        with pytest.raises(OverflowError):
            lf.DataFrame({"x": [odd]})


# ---- schemas -----------------------------------------------------------------------------------------------------------
def test_a_schema_decides_the_types():
    frame = lf.DataFrame({"a": [1, None], "b": ["x", "y"], "c": [[], None]}, schema={"a": "i8", "b": "cat",
                                                                                     "c": "list[f32]"})
    assert frame.dtypes == ["i8", "cat", "list[f32]"] and frame.to_dict() == {"a": [1, None], "b": ["x", "y"], "c": [[],
                                                                                                                     None]}
    assert lf.DataFrame({"a": [], "b": []}, schema={"a": "date"}).dtypes == ["date", "null"]
    assert lf.DataFrame(schema={"a": "i64", "b": "str"}).schema == {"a": "i64", "b": "str"}
    assert lf.DataFrame({"t": [NOON]}, schema={"t": "datetime[ns]"})["t"].to_list() == [NOON]
    assert lf.DataFrame({"x": [D("1.5")]}, schema=[("x", "decimal(10,3)")])["x"].to_list() == [D("1.500")]


@pytest.mark.parametrize("values,dtype", [([300], "i8"), ([-1], "u64"), ([2**63], "i64"), ([D("1.234")], "decimal(5,2)"),
                                          ([NOON], "datetime[ms]"), ([2**53 + 1], "f64"), ([10**400], "f64")])
def test_what_does_not_fit_its_type_is_an_overflow(values, dtype):
    with pytest.raises(OverflowError, match="column 'x', row 0"):
        lf.DataFrame({"x": values}, schema={"x": dtype})


@pytest.mark.parametrize("values,dtype", [(["1"], "i64"), ([1.0], "i64"), ([True], "i64"), ([1], "bool"), ([1], "str"),
                                          (["x"], "date"),
                                          ([NOON], "date"), ([NOON], "datetime[us, UTC]"), ([[1]], "i64"), ([1],
                                                                                                            "list[i64]"),
                                          ([{"a": 1, "z": 2}], "struct[a: i64]"), ([1], "null"), ([b"x"], "str")])
def test_what_is_of_another_type_is_a_type_error(values, dtype):
    with pytest.raises(TypeError, match="column 'x', row 0"):
        lf.DataFrame({"x": values}, schema={"x": dtype})


def test_schemas_that_make_no_sense():
    with pytest.raises(KeyError, match="not there"):
        lf.DataFrame({"a": [1]}, schema={"b": "i64"})
    with pytest.raises(ValueError):
        lf.DataFrame({"a": [1]}, schema={"a": "i65"})
    with pytest.raises(TypeError):
        lf.DataFrame({"a": [1]}, schema=3)
    with pytest.raises(TypeError):
        lf.DataFrame({"a": [1]}, schema={"a": 3})


# ---- tables ------------------------------------------------------------------------------------------------------------
def test_lists_of_dicts_and_of_rows():
    assert lf.DataFrame([{"a": 1}, {"b": "x"}]).to_pylist() == [{"a": 1, "b": None}, {"a": None, "b": "x"}]
    assert lf.DataFrame([[1, "x"], (2, "y")], schema=["n", "t"]).to_dict() == {"n": [1, 2], "t": ["x", "y"]}
    assert lf.DataFrame([(1, 2)]).columns == ["column_0", "column_1"]
    assert lf.DataFrame({"a": i} for i in range(3))["a"].to_list() == [0, 1, 2]
    assert lf.DataFrame([]).shape == (0, 0)


def test_frames_and_columns_are_data_too():
    frame = lf.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert lf.DataFrame(frame).equals(frame)
    assert lf.DataFrame({"z": frame["b"], "y": [1.5, 2.5]}).to_dict() == {"z": ["x", None], "y": [1.5, 2.5]}
    assert lf.DataFrame(frame["b"]).equals(frame[["b"]])
    assert lf.DataFrame(frame, schema=["p", "q"]).columns == ["p", "q"]


@pytest.mark.parametrize("wrong,error", [("a.csv", TypeError), (b"x", TypeError), (3, TypeError), ([1, 2], TypeError),
                                         ({"a": "xyz"}, TypeError),
                                         ({"a": {1, 2}}, TypeError), ({"a": 5}, TypeError), ({"a": {"b": 1}}, TypeError),
                                         ([[1, 2], [3]], ValueError), ([{"a": 1}, 3], TypeError), ({"a": [1], "b": [1, 2]},
                                                                                                   ValueError),
                                         ([[1, 2], "ab"], ValueError)])
def test_what_is_no_table(wrong, error):
    with pytest.raises(error):
        lf.DataFrame(wrong)


def test_exceptions_while_values_are_looked_at_come_through():
    class Bad:
        def __init__(self, name):
            self.name = name

        def __getattr__(self, name):
            if name == "name":
                raise AttributeError
            raise ZeroDivisionError(name) if name == self.name else AttributeError(name)

    class Index:
        def __index__(self):
            raise ZeroDivisionError

    def generator():
        yield 1
        raise ZeroDivisionError("in the middle")

    for values in (generator(), [1, Index()]):
        with pytest.raises(ZeroDivisionError):
            lf.DataFrame({"x": values})
    with pytest.raises((TypeError, ZeroDivisionError)):
        lf.DataFrame({"x": [Bad("dtype")]})


def test_lists_that_change_while_they_are_looked_at():
    inner = [1, 2, 3]

    class Grows(int):
        def __index__(self):
            inner.extend([4] * 1000)
            return 7

    class Shrinks(datetime.tzinfo):
        def utcoffset(self, when):
            outer.clear()
            return datetime.timedelta(0)

    outer = [NOON.replace(tzinfo=Shrinks()) for _ in range(5)]
    assert len(lf.DataFrame({"t": outer})) == 5
    assert len(lf.DataFrame({"x": [inner, [Grows(1)]]})) == 2


def test_lists_in_themselves_are_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(RecursionError):
        lf.DataFrame({"x": [loop]})
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises((RecursionError, lf.FrameError)):
        lf.DataFrame({"x": [deep]})


def test_nanoseconds_are_not_dropped_unseen():
    column = lf.DataFrame({"t": [NOON]}, schema={"t": "datetime[ns]"}).with_("u = t + duration '1ns'")["u"]
    with pytest.raises(ValueError, match="whole number of microseconds"):
        column.to_list()


def test_years_beyond_python():
    frame = lf.DataFrame({"d": [datetime.date(9999, 12, 31), datetime.date(1, 1, 1)]})
    frame = frame.with_("after = add_days(d, 1); before = add_days(d, -1); t = cast(after, 'datetime[s]'); "
                        "z = localize(cast(before, 'datetime[us]'), 'Europe/Berlin'); span = (t - d) * 1000000000000")
    for name, row in (("after", 0), ("before", 1), ("t", 0), ("z", 1), ("span", 0)):
        with pytest.raises(OverflowError, match=r"Python's datetime holds.*to_numpy"):
            frame.slice(row, 1)[name].to_list()
        assert len(frame[name].to_numpy()) == 2


def test_values_of_an_iterator_are_all_taken():
    for n in (0, 1, 65535, 65536, 65537, 200_000):
        assert lf.DataFrame({"x": range(n)})["x"].to_list() == list(range(n))
    assert len(lf.DataFrame({"x": i} for i in range(70_000))) == 70_000


def test_named_tuples_keep_their_names():
    point = collections.namedtuple("point", "x y")
    assert lf.DataFrame([point(1, "a"), point(2, "b")]).to_dict() == {"x": [1, 2], "y": ["a", "b"]}
    assert lf.DataFrame([point(1, "a")], schema=["p", "q"]).columns == ["p", "q"]
    assert lf.DataFrame({"p": [point(1, "a"), None]})["p"].to_list() == [{"x": 1, "y": "a"}, None]
    assert lf.DataFrame({"p": [(1, 2)]})["p"].to_list() == [[1, 2]]
