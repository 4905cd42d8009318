"""Arrow arrays to libframe and back, with pyarrow on the other side (written against pyarrow 26.0).

Each table goes through fr_frame_import_arrow, fr_frame_export_arrow and back into pyarrow, which validates every buffer
and compares values with those it gave. Skipped by name where pyarrow is not installed.
"""
import ctypes
import datetime
import decimal

import pytest

pa = pytest.importorskip("pyarrow")


class Stream(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in ("get_schema", "get_next", "get_last_error", "release", "private_data")]


class Args(ctypes.Structure):
    _fields_ = [("size_", ctypes.c_uint32), ("pad_", ctypes.c_uint32), ("batch_rows", ctypes.c_int64),
                ("large_text", ctypes.c_bool), ("room_", ctypes.c_uint8 * 7)]


@pytest.fixture(scope="session")
def lib(build):
    lib = ctypes.CDLL(str(build / "lib" / "libframe-1.so"))
    lib.fr_frame_import_arrow.restype = ctypes.c_void_p
    lib.fr_frame_import_arrow.argtypes = [ctypes.POINTER(Stream), ctypes.c_void_p]
    lib.fr_frame_export_arrow.argtypes = [ctypes.c_void_p, ctypes.POINTER(Stream), ctypes.POINTER(Args)]
    lib.fr_error_text.restype = ctypes.c_size_t
    lib.fr_error_text.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    lib.fr_ok.restype = ctypes.c_bool
    lib.fr_ok.argtypes = [ctypes.c_void_p]
    lib.fr_object_unref.argtypes = [ctypes.c_void_p]
    return lib


def take(lib, table):
    stream = Stream()
    reader = table if isinstance(table, pa.RecordBatchReader) else table.to_reader()
    reader._export_to_c(ctypes.addressof(stream))
    frame = lib.fr_frame_import_arrow(ctypes.byref(stream), None)
    if not lib.fr_ok(frame):
        text = ctypes.create_string_buffer(2000)
        lib.fr_error_text(frame, text, 2000)
        lib.fr_object_unref(frame)
        raise ValueError(text.value.decode())
    return frame


def give(lib, frame, batch_rows=0, large_text=False):
    stream = Stream()
    args = Args(ctypes.sizeof(Args), 0, batch_rows, large_text)
    assert lib.fr_frame_export_arrow(frame, ctypes.byref(stream), ctypes.byref(args)) == 0
    lib.fr_object_unref(frame)              # the stream lives on
    table = pa.RecordBatchReader._import_from_c(ctypes.addressof(stream)).read_all()
    table.validate(full=True)
    return table


UTC = datetime.timezone.utc
DAY, NOON = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30, 5, 250000)
TEXTS = ["a", None, "twelve bytes", "thirteen bytes", "", "München 🙂 is a longer text", None, "日本"]
CENTS = [decimal.Decimal("12.50"), None, decimal.Decimal("-0.01")]
COLUMNS = {
    "null": pa.nulls(3),
    "bool": pa.array([True, None, False, True] * 40),
    **{str(t): pa.array([1, None, 3, 100], t) for t in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(),
                                                       pa.uint32(), pa.uint64(), pa.float32(), pa.float64())},
    "utf8": pa.array(TEXTS), "large_utf8": pa.array(TEXTS, pa.large_string()), "utf8_view": pa.array(TEXTS, pa.string_view()),
    "binary": pa.array([b"\xff\0", None, b"x" * 30]), "large_binary": pa.array([b"\xff\0", None, b"x" * 30], pa.large_binary()),
    "binary_view": pa.array([b"\xff\0", None, b"x" * 30], pa.binary_view()),
    "fixed_binary": pa.array([b"abc", None, b"def"], pa.binary(3)),
    "fixed_binary_long": pa.array([b"a" * 20, None, b"d" * 20], pa.binary(20)),
    "date32": pa.array([DAY, None]), "date64": pa.array([DAY, None], pa.date64()),
    **{f"time_{u}": pa.array([NOON.time().replace(microsecond=0), None], t) for u, t in
       (("s", pa.time32("s")), ("ms", pa.time32("ms")), ("us", pa.time64("us")), ("ns", pa.time64("ns")))},
    **{f"timestamp_{u}": pa.array([NOON.replace(microsecond=0), None], pa.timestamp(u)) for u in ("s", "ms", "us", "ns")},
    "timestamp_zone": pa.array([NOON.replace(tzinfo=UTC), None], pa.timestamp("us", "Europe/Berlin")),
    **{f"duration_{u}": pa.array([datetime.timedelta(days=1), None], pa.duration(u)) for u in ("s", "ms", "us", "ns")},
    "decimal128": pa.array(CENTS, pa.decimal128(9, 2)), "decimal128_38": pa.array(CENTS, pa.decimal128(38, 10)),
    "decimal256": pa.array(CENTS, pa.decimal256(50, 2)),
    "dictionary": pa.array(TEXTS).dictionary_encode(),
    "dictionary_int8": pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 1], pa.int8()), pa.array(["x", None])),
    "dictionary_uint16": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1], pa.uint16()), pa.array(["x", "x"])),
    "dictionary_numbers": pa.DictionaryArray.from_arrays(pa.array([1, 0, None]), pa.array([10.5, 20.5])),
    "list": pa.array([[1, 2], None, [], [None, 3]]), "large_list": pa.array([[1, 2], None, [], [3]], pa.large_list(pa.int64())),
    "list_of_text": pa.array([["a", None], None, ["b" * 20]]), "list_of_list": pa.array([[[1], []], None, [None, [2, 3]]]),
    "fixed_list": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int32(), 2)),
    "list_view": pa.array([[1, 2], None, [3]], pa.list_view(pa.int32())),
    "struct": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y" * 20}]),
    "struct_of_list": pa.array([{"a": [1, 2]}, {"a": None}, None]),
    "map": pa.array([[("k", 1), ("l", None)], None, []], pa.map_(pa.string(), pa.int64())),
    "hidden_under_null": pa.Array.from_buffers(pa.int32(), 3, [pa.py_buffer(b"\x05"), pa.py_buffer(b"\1\0\0\0\7\0\0\0\3\0\0\0")]),
}


def plain(array):
    values = array.to_pylist()
    if pa.types.is_map(array.type):
        return [None if row is None else [{"key": k, "value": v} for k, v in row] for row in values]
    return values


@pytest.mark.parametrize("large_text", [False, True], ids=["views", "large"])
@pytest.mark.parametrize("name", COLUMNS)
def test_round_trip(lib, name, large_text):
    array = COLUMNS[name]
    for piece in (array, array.slice(1), array.slice(1, 1), array.slice(0, 0)):
        back = give(lib, take(lib, pa.table({"x": piece})), large_text=large_text)
        assert back.column("x").to_pylist() == plain(piece)


@pytest.mark.parametrize("name", COLUMNS)
def test_batches(lib, name):
    table = pa.concat_tables([pa.table({"x": COLUMNS[name]}), pa.table({"x": COLUMNS[name].slice(1)})])
    back = give(lib, take(lib, table), batch_rows=2)
    assert back.column("x").to_pylist() == plain(COLUMNS[name]) + plain(COLUMNS[name].slice(1))


def test_types_stay(lib):
    names = [n for n in COLUMNS if not n.startswith(("list_view", "map", "fixed_", "dictionary_n", "decimal256", "date64"))]
    n = min(len(COLUMNS[name]) for name in names)
    back = give(lib, take(lib, pa.table({name: COLUMNS[name].slice(0, n) for name in names})))
    for name in ("int8", "uint64", "double", "utf8_view", "binary_view", "date32", "time_s", "time_ns", "timestamp_zone",
                 "duration_ms", "decimal128", "decimal128_38", "large_list"):
        assert back.schema.field(name).type == COLUMNS[name].type, name
    assert pa.types.is_dictionary(back.schema.field("dictionary").type)


def test_metadata_stays(lib):
    field = pa.field("x", pa.int64(), nullable=False, metadata={"unit": "kg", "": "ä"})
    back = give(lib, take(lib, pa.Table.from_arrays([pa.array([1, 2])], schema=pa.schema([field]))))
    assert back.schema.field("x").equals(field, check_metadata=True)


def test_sliced_struct_with_nulls(lib):
    rows = [{"a": i, "b": [str(i)] * (i % 4)} if i % 5 else None for i in range(300)]
    array = pa.array(rows)
    back = give(lib, take(lib, pa.table({"x": array.slice(37, 200)})), batch_rows=33)
    assert back.column("x").to_pylist() == rows[37:237]


def test_what_is_not_built_says_so(lib):
    for array in (pa.array([1.0], pa.float16()), pa.array([1, 1, 2]).dictionary_encode().cast(pa.int64()) and
                  pa.RunEndEncodedArray.from_arrays([2, 3], [1, 2])):
        with pytest.raises(ValueError, match="Arrow type"):
            take(lib, pa.table({"x": array}))


def test_an_error_inside_a_stream_is_told(lib):
    schema = pa.schema([("x", pa.int64())])

    def batches():
        yield pa.record_batch([pa.array([1])], schema=schema)
        raise RuntimeError("the producer broke")
    with pytest.raises(ValueError, match="the producer broke"):
        take(lib, pa.RecordBatchReader.from_batches(schema, batches()))
