"""NumPy arrays in and out."""
import datetime
import decimal

import libframe as lf
import pytest

numpy = pytest.importorskip("numpy")

KINDS = {
    "i1": "i8", "i2": "i16", "i4": "i32", "i8": "i64", "u1": "u8", "u2": "u16", "u4": "u32", "u8": "u64", "f4": "f32", "f8": "f64",
    "?": "bool", "M8[D]": "date", "M8[s]": "datetime[s]", "M8[ms]": "datetime[ms]", "M8[us]": "datetime[us]",
    "M8[ns]": "datetime[ns]", "m8[s]": "duration[s]", "m8[ms]": "duration[ms]", "m8[us]": "duration[us]", "m8[ns]": "duration[ns]",
}


def sample(kind, n):
    if kind == "?":
        return numpy.arange(n) % 3 == 0
    if kind[0] in "Mm":
        return (numpy.arange(n) * 86_400_123 - 5).astype(kind) if kind != "M8[D]" else (numpy.arange(n) * 1000 - 5).astype(kind)
    return (numpy.arange(n) * 3 % 100).astype(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [0, 1, 7, 64, 1000])
def test_every_type_both_ways(kind, n):
    array = sample(kind, n)
    column = lf.DataFrame({"x": array})["x"]
    assert column.dtype == KINDS[kind]
    assert column.to_numpy().dtype == array.dtype and (column.to_numpy() == array).all() and len(column) == n
    part = column[n // 3:2 * n // 3]
    assert (part.to_numpy() == array[n // 3:2 * n // 3]).all()


@pytest.mark.parametrize("view", [lambda a: a[::2], lambda a: a[::-1], lambda a: a.astype(a.dtype.newbyteorder(">")),
                                  lambda a: a[5:20],
                                  lambda a: numpy.frombuffer(b"\0" + a.tobytes(), dtype=numpy.uint8)[1:].view(a.dtype),
                                  lambda a: numpy.broadcast_to(a[:1], 10), lambda a: a.reshape(10, 10)[:, 3],
                                  lambda a: numpy.asfortranarray(a.reshape(10, 10))[2]])
@pytest.mark.parametrize("kind", ["i4", "f8", "M8[us]", "?"])
def test_arrays_that_lie_oddly(view, kind):
    array = view(sample(kind, 100))
    assert (lf.DataFrame({"x": array})["x"].to_numpy() == array).all()


def test_arrays_are_copied_since_frames_never_change():
    array = numpy.arange(10)
    frame = lf.DataFrame({"x": array})
    array[0] = 99
    assert frame["x"][0] == 0


def test_columns_without_nulls_are_not_copied_and_read_only():
    frame = lf.DataFrame({"x": numpy.arange(1000)})
    array = frame["x"].to_numpy()
    assert array.ctypes.data == frame["x"].to_numpy().ctypes.data and not array.flags.writeable
    with pytest.raises(ValueError):
        array[0] = 1
    del frame
    assert array.sum() == 499500


def test_missing_times_are_null():
    frame = lf.DataFrame({"t": numpy.array(["2024-01-01", "NaT"], "M8[s]"), "d": numpy.array([1, "NaT"], "m8[ns]")})
    assert [frame[name].null_count for name in frame] == [1, 1]
    assert numpy.isnat(frame["t"].to_numpy()).tolist() == [False, True]


def test_nan_is_a_value_and_null_is_not():
    frame = lf.DataFrame({"x": numpy.array([1.0, numpy.nan])})
    assert frame["x"].null_count == 0 and frame["x"].to_list()[1] != frame["x"].to_list()[1]
    assert numpy.isnan(lf.DataFrame({"x": [1.0, None]})["x"].to_numpy()).tolist() == [False, True]


def test_nulls_keep_the_type_or_say_what_to_put():
    column = lf.DataFrame({"x": [2**53 + 1, None]})["x"]
    assert column.to_numpy().dtype == object and column.to_numpy().tolist() == [2**53 + 1, None]
    assert column.to_numpy(null=-1).tolist() == [2**53 + 1, -1] and column.to_numpy(null=-1).dtype == "i8"
    assert lf.DataFrame({"x": [True, None]})["x"].to_numpy(null=False).tolist() == [True, False]
    assert lf.DataFrame({"x": ["a", None]})["x"].to_numpy(null="").tolist() == ["a", ""]
    with pytest.raises((OverflowError, ValueError)):
        lf.DataFrame({"x": [1, None]}, schema={"x": "i8"})["x"].to_numpy(null=300)


def test_masked_arrays():
    masked = numpy.ma.array([1, 2, 3], mask=[False, True, False])
    assert lf.DataFrame({"x": masked})["x"].to_list() == [1, None, 3]
    assert lf.DataFrame({"x": numpy.ma.array(["a", "b"], mask=[True, False])})["x"].to_list() == [None, "b"]


def test_texts_bytes_and_objects():
    frame = lf.DataFrame({"u": numpy.array(["a", "bc"]), "s": numpy.array([b"a", b"b"]), "o": numpy.array([1, None],
                                                                                                          dtype=object),
                          "d": numpy.array([decimal.Decimal("1.5"), None], dtype=object), "h": numpy.array([1.5, 2], "f2")})
    assert frame.dtypes == ["str", "binary", "i64", "decimal(2,1)", "f32"]
    assert frame["u"].to_numpy().tolist() == ["a", "bc"]


def test_scalars_in_lists():
    values = [numpy.int8(3), numpy.uint64(2**63), numpy.int64(5)]
    assert lf.DataFrame({"x": values})["x"].to_list() == [3, 2**63, 5]
    assert lf.DataFrame({"x": [numpy.float32(1.5), 2.5], "b": [numpy.bool_(True), None], "s": [numpy.str_("a"),
                                                                                               "b"]}).dtypes == \
        ["f64", "bool", "str"]
    assert lf.DataFrame({"x": [numpy.arange(2), None, [3]]})["x"].to_list() == [[0, 1], None, [3]]


def test_structured_and_two_dimensional():
    structured = numpy.array([(1, 2.5, "x"), (3, 4.5, "y")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")])
    frame = lf.DataFrame(structured)
    assert frame.to_dict() == {"a": [1, 3], "b": [2.5, 4.5], "c": ["x", "y"]}
    assert frame.to_numpy(structured=True)["b"].tolist() == [2.5, 4.5]
    square = numpy.arange(6).reshape(3, 2)
    assert lf.DataFrame(square).columns == ["column_0", "column_1"] and (lf.DataFrame(square).to_numpy() == square).all()
    assert lf.DataFrame(square, schema=["p", "q"]).columns == ["p", "q"]
    assert lf.DataFrame({"x": square})["x"].to_list() == [[0, 1], [2, 3], [4, 5]]
    for wrong in (numpy.arange(3), numpy.zeros((2, 2, 2)), numpy.array(5)):
        with pytest.raises((ValueError, TypeError)):
            lf.DataFrame(wrong)


def test_matrices_round_nothing():
    frame = lf.DataFrame({"i": [1, 2], "f": [0.5, 1.5]})
    assert frame.to_numpy().tolist() == [[1, 0.5], [2, 1.5]]
    assert lf.DataFrame({"i": [1], "s": ["x"]}).to_numpy().tolist() == [[1, "x"]]
    with pytest.raises(OverflowError, match="would round"):
        lf.DataFrame({"i": [2**53 + 1], "f": [0.5]}).to_numpy()
    assert lf.DataFrame().to_numpy().shape == (0, 0)


@pytest.mark.parametrize("array", [numpy.array([1j]), numpy.array([1], "M8[ps]"), numpy.array([1], "m8[Y]"),
                                   numpy.array(["NaT"], "M8"),
                                   numpy.array([2**40], "M8[D]"), numpy.array([2**62], "M8[W]")])
def test_types_that_no_column_holds(array):
    with pytest.raises((TypeError, OverflowError, ValueError)):
        lf.DataFrame({"x": array})


def test_coarse_times_become_finer_exactly():
    assert lf.DataFrame({"x": numpy.array(["2024-02"], "M8[M]")})["x"].dtype.startswith(("date", "datetime[s"))
    assert lf.DataFrame({"x": numpy.array([36], "m8[h]")})["x"].to_numpy()[0] == numpy.timedelta64(36, "h")


def test_numpy_takes_frames_as_matrices():
    frame = lf.DataFrame({"a": [1, 2], "b": [0.5, None]})
    assert numpy.asarray(frame).tolist()[0] == [1.0, 0.5] and numpy.isnan(numpy.asarray(frame)[1, 1])
    assert numpy.asarray(frame.select("a")).dtype == "i8" and numpy.asarray(frame.select("a"), dtype="f4").dtype == "f4"
    assert numpy.array([frame.select("a")] * 2).shape == (2, 2, 1)


def test_an_array_asked_for_holds_the_values_or_is_refused():
    frame = lf.DataFrame({"a": [1, 2], "b": [0.5, None], "c": [3.0, 300.0], "t": [True, False]})
    assert numpy.asarray(frame["c"], dtype="i8").tolist() == [3, 300]
    assert numpy.asarray(frame.select("a, c"), dtype="u2").tolist() == [[1, 3], [2, 300]]
    for array in (frame["b"], frame.select("a, b"), frame.select("b")):
        with pytest.raises(OverflowError, match="do not fit int64: nulls, fractions"):
            numpy.asarray(array, dtype="i8")
    moments = lf.DataFrame({"at": [datetime.datetime(2024, 1, 1), None]})
    for array, wanted in ((moments["at"], "i8"), (frame["b"], bool)):              # NaT and NaN are no numbers, nor true
        with pytest.raises(OverflowError, match="do not fit"):
            numpy.asarray(array, dtype=wanted)
    assert numpy.asarray(moments.head(1)["at"], dtype="i8").tolist() == [1704067200000000]
    assert numpy.asarray(frame["c"], dtype=bool).all()
    with pytest.raises(OverflowError, match="do not fit uint8"):
        numpy.asarray(frame["c"], dtype="u1")
    with pytest.raises(OverflowError, match="do not fit int8"):
        numpy.asarray(lf.DataFrame({"a": [128]}), dtype="i1")


def test_an_array_without_a_copy_lies_in_the_frame():
    frame = lf.DataFrame({"a": [1.5, 2.5], "b": [0.5, None], "t": [True, False]})
    assert frame["a"].__array__(copy=False).base is not None and frame["a"].__array__(copy=True).flags.writeable
    for refused in (frame, frame["b"], frame["t"]):
        with pytest.raises(ValueError, match="without a copy"):
            refused.__array__(copy=False)
    with pytest.raises(ValueError, match="float32 cannot be had without a copy"):
        frame["a"].__array__("f4", copy=False)


def test_numpy_functions_take_columns(sales):
    assert numpy.asarray(sales["price"])[0] == 9.99 and numpy.nansum(sales["price"]) == pytest.approx(135.49)
    assert numpy.asarray(sales["quantity"].to_numpy(null=0), dtype="f8").dtype == "f8"


def test_numpy_functions_see_arrays():
    frame = lf.DataFrame({"a": [1, 2, 4], "f": [1.0, None, 4.0]})
    assert numpy.sum(frame["a"]) == 7 and numpy.std(frame["a"]) == numpy.std([1, 2, 4])     # as NumPy has it: ddof = 0
    assert numpy.isnan(numpy.mean(frame["f"])) and numpy.nanmean(frame["f"]) == 2.5
    assert numpy.concatenate([frame["a"], frame["a"]]).tolist() == [1, 2, 4, 1, 2, 4]
    assert numpy.where(frame["a"].to_numpy() > 1, frame["a"], 0).tolist() == [0, 2, 4]
    assert numpy.column_stack((frame["a"], frame["f"])).shape == (3, 2)


def test_all_other_types_become_objects():
    frame = lf.DataFrame({"l": [[1], None], "s": [{"a": 1}, None], "c": ["x", None]}).cast("c: cat")
    for name in frame:
        assert frame[name].to_numpy().dtype == object and frame[name].to_numpy().tolist() == frame[name].to_list()


def test_a_column_of_nulls_alone():
    column = lf.DataFrame({"x": [None, None]})["x"]
    assert column.dtype == "null" and column.to_numpy().tolist() == [None, None] and column.to_numpy(null=0).tolist() == [0, 0]


def test_moments_in_lists_and_matrices_keep_their_nanoseconds():
    fine = numpy.array([["2024-01-01T00:00:00.123456789", "NaT"], ["1901-01-01", "1969-12-31T23:59:59.999999999"]], "M8[ns]")
    column = lf.DataFrame({"x": fine})["x"]
    assert column.dtype == "list[datetime[ns]]" and str(column).splitlines()[-1].strip() == \
        "[1901-01-01 00:00:00, 1969-12-31 23:59:59.999999999]"
    assert lf.DataFrame({"x": fine[1:, :1]})["x"].to_list() == [[datetime.datetime(1901, 1, 1)]]
    assert lf.DataFrame({"x": numpy.array([[-1500, "NaT"]], "m8[ns]")})["x"].dtype == "list[duration[ns]]"
    assert lf.DataFrame({"x": [fine[1, :1], None]})["x"].to_list() == [[datetime.datetime(1901, 1, 1)], None]
    assert lf.DataFrame({"x": [numpy.array("2024", "M8[ns]")]})["x"].dtype == "datetime[ns]"
    days = [numpy.datetime64("2024-02-29"), numpy.datetime64("NaT"), None, datetime.date(2024, 3, 1)]
    assert lf.DataFrame({"x": days})["x"].to_list() == [datetime.date(2024, 2, 29), None, None, datetime.date(2024, 3, 1)]
    instants = lf.DataFrame({"x": [numpy.datetime64("2024-01-01T00:00:00.000000001"), datetime.datetime(2024, 1, 1)]})["x"]
    assert instants.dtype == "datetime[ns]" and (instants.to_numpy() - instants.to_numpy()[1]).astype("i8").tolist() == [1, 0]
    assert lf.DataFrame({"x": [numpy.timedelta64(5, "s"), None]})["x"].to_list() == [datetime.timedelta(seconds=5), None]
    for wrong in (numpy.datetime64(1, "ps"), numpy.timedelta64(1, "M"), numpy.datetime64("30000-01-01")):
        with pytest.raises((TypeError, OverflowError), match="column 'x', row 1: "):
            lf.DataFrame({"x": [None, wrong]})


def test_what_is_masked_is_null_wherever_it_stands():
    square = numpy.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])
    assert lf.DataFrame({"x": square})["x"].to_list() == [[1, None], [3, 4]]
    moments = numpy.ma.array([["2024", "2025"]], "M8[ns]", mask=[[0, 1]])
    assert lf.DataFrame({"x": moments})["x"].to_list() == [[datetime.datetime(2024, 1, 1), None]]
    assert lf.DataFrame({"x": [numpy.ma.masked, 1]})["x"].to_list() == [None, 1]
    assert lf.DataFrame({"x": [square[0]]})["x"].to_list() == [[1, None]]


def test_records_within_records_keep_their_names():
    inner = [("a", "i4"), ("b", "f8")]
    nested = numpy.array([(1, (2, 3.5)), (4, (5, 6.5))], dtype=[("n", "i4"), ("t", inner)])
    assert lf.DataFrame(nested).to_dict() == {"n": [1, 4], "t": [{"a": 2, "b": 3.5}, {"a": 5, "b": 6.5}]}
    assert lf.DataFrame({"x": [nested[0]]})["x"].to_list() == [{"n": 1, "t": {"a": 2, "b": 3.5}}]
    many = numpy.array([([(1, 2), (3, 4)],)], dtype=[("t", inner, 2)])
    assert lf.DataFrame(many)["t"].to_list() == [[{"a": 1, "b": 2.0}, {"a": 3, "b": 4.0}]]


def test_arrays_of_text_that_tell_no_type_by_their_values():
    empty = lf.DataFrame({"u": numpy.array([], "U3"), "s": numpy.array([], "S3"), "o": numpy.array([], object)})
    assert empty.dtypes == ["str", "binary", "null"]
    assert lf.DataFrame({"u": numpy.ma.array(["a"], mask=[True])}).dtypes == ["str"]


@pytest.mark.skipif(not hasattr(numpy, "dtypes") or not hasattr(numpy.dtypes, "StringDType"), reason="NumPy 1")
def test_texts_of_any_length():
    kind = numpy.dtypes.StringDType
    assert lf.DataFrame({"x": numpy.array(["a", "bc"], kind())})["x"].to_list() == ["a", "bc"]
    for missing in (None, numpy.nan):
        assert lf.DataFrame({"x": numpy.array(["a", missing], kind(na_object=missing))})["x"].to_list() == ["a", None]
    assert lf.DataFrame({"x": numpy.array([], kind())}).dtypes == ["str"]


def test_scalars_as_values(sales):
    flags = lf.DataFrame({"t": [True, False], "d": [datetime.date(2024, 1, 1), None], "n": [1, 2]})
    assert flags.filter("t == $1", numpy.True_)["n"].to_list() == [1]
    assert flags.with_("y = $1", numpy.True_)["y"].dtype == "bool"            # not 1.0
    assert flags.filter("d == $1", numpy.datetime64("2024-01-01"))["n"].to_list() == [1]
    assert flags.fill_null("d", numpy.datetime64("2020-01-01"))["d"].to_list()[1] == datetime.date(2020, 1, 1)
    fine = numpy.datetime64("2024-01-01T00:00:00.000000001")
    assert flags.with_("y = $1", fine)["y"].to_numpy()[0] == fine
    assert flags.with_("y = $1", [numpy.datetime64("NaT")]).schema["y"] == "null"
    assert flags.with_("y = $1", numpy.str_("ab"))["y"].to_list() == ["ab", "ab"]
    with pytest.raises(TypeError, match=r"a value is None, a bool, .*, not \[1\]"):
        flags.filter("n > $1", numpy.array([1]))


def test_types_may_be_numpys_and_pythons():
    frame = lf.DataFrame({"a": [1], "b": [2], "c": [None]}, schema={"a": numpy.int16, "b": float, "c": numpy.dtype("M8[ms]")})
    assert frame.dtypes == ["i16", "f64", "datetime[ms]"]
    assert frame.cast({"a": int, "b": numpy.float32}).dtypes[:2] == ["i64", "f32"]
    assert lf.read_csv(b"a,b\n1,2\n", dtypes={"a": str, "b": numpy.dtype("i1")}).dtypes == ["str", "i8"]
    with pytest.raises(TypeError, match=r"""schema gives types as texts, \{'a': "f64"\}, not <class 'list'>"""):
        lf.DataFrame({"a": [1]}, schema={"a": list})


def test_a_value_for_nulls_is_of_the_columns_kind():
    frame = lf.DataFrame({"n": [1, None], "t": [True, None]})
    with pytest.raises(TypeError, match="null='x' is no value of i64"):
        frame["n"].to_numpy(null="x")
    with pytest.raises(TypeError, match="null=5 is neither True nor False"):
        frame["t"].to_numpy(null=5)
