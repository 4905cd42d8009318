"""Arrow by capsules, with a consumer and a producer in ctypes: what the protocol says, and those who do not keep to it."""
import ctypes
import datetime

import libframe as lf
import pytest
from libframe import _core


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
GET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
LAST = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
Schema._fields_ = [("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p), ("flags",
                                                                                                           ctypes.c_int64),
                   ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(Schema))),
                   ("dictionary", ctypes.POINTER(Schema)), ("release", ctypes.c_void_p), ("private", ctypes.c_void_p)]
Array._fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers",
                                                                                                           ctypes.c_int64),
                  ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(ctypes.c_void_p)),
                  ("children", ctypes.POINTER(ctypes.POINTER(Array))), ("dictionary", ctypes.POINTER(Array)),
                  ("release", ctypes.c_void_p), ("private", ctypes.c_void_p)]
Stream._fields_ = [("get_schema", ctypes.c_void_p), ("get_next", ctypes.c_void_p), ("last_error", ctypes.c_void_p),
                   ("release", ctypes.c_void_p), ("private", ctypes.c_void_p)]

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype, new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def inside(capsule, kind, name):
    return ctypes.cast(pointer_of(capsule, name), ctypes.POINTER(kind)).contents


class Made:
    """One Arrow array of int64 with its schema, in capsules; counts releases. Keywords lie about it."""

    def __init__(self, values=(1, 2, 3), format=b"l", schema=None, **lies):
        self.released = []
        self.numbers = (ctypes.c_int64 * max(len(values), 1))(*values)
        self.buffers = (ctypes.c_void_p * 3)(None, ctypes.addressof(self.numbers), None)
        self.free_schema = RELEASE(lambda at: self.release(at, Schema, "schema"))
        self.free_array = RELEASE(lambda at: self.release(at, Array, "array"))
        self.schema = Schema(format=format, name=b"x", flags=2, release=ctypes.cast(self.free_schema,
                                                                                    ctypes.c_void_p).value)
        self.array = Array(length=len(values), n_buffers=2, buffers=ctypes.cast(self.buffers,
                                                                                ctypes.POINTER(ctypes.c_void_p)),
                           release=ctypes.cast(self.free_array, ctypes.c_void_p).value)
        for name, value in lies.items():
            setattr(self.array, name, value)
        for name, value in (schema or {}).items():
            setattr(self.schema, name, value)

    def release(self, at, kind, name):
        ctypes.cast(at, ctypes.POINTER(kind)).contents.release = None
        self.released.append(name)

    def __arrow_c_array__(self, requested_schema=None):
        return (new_capsule(ctypes.addressof(self.schema), b"arrow_schema", None),
                new_capsule(ctypes.addressof(self.array), b"arrow_array", None))


class MadeStream:
    """An Arrow stream written in Python."""

    def __init__(self, get_schema=None, get_next=None, functions=True):
        self.batches, self.released, self.message = [Made(), Made((4,
                                                                   5))], 0, ctypes.create_string_buffer(b"the disk is on fire")
        self.kept = [GET(get_schema or self.schema), GET(get_next or self.next),
                     LAST(lambda at: ctypes.addressof(self.message)),
                     RELEASE(self.release)]
        own = [ctypes.cast(one, ctypes.c_void_p).value for one in self.kept]
        self.stream = Stream(*(own if functions else [None, None, None, own[3]]))
        self.described = Made()

    def schema(self, at, out):
        ctypes.memmove(out, ctypes.addressof(self.described.schema), ctypes.sizeof(Schema))
        return 0

    def next(self, at, out):
        if not self.batches:
            ctypes.memset(out, 0, ctypes.sizeof(Array))
            return 0
        self.last = self.batches.pop(0)
        ctypes.memmove(out, ctypes.addressof(self.last.array), ctypes.sizeof(Array))
        self.keep = getattr(self, "keep", []) + [self.last]
        return 0

    def release(self, at):
        ctypes.cast(at, ctypes.POINTER(Stream)).contents.release = None
        self.released += 1

    def __arrow_c_stream__(self, requested_schema=None):
        return new_capsule(ctypes.addressof(self.stream), b"arrow_array_stream", None)


# ---- as it should be -----------------------------------------------------------------------------------------------------
def test_an_array_is_used_in_place_and_released_once():
    made = Made()
    frame = lf.DataFrame(made)
    assert frame.to_dict() == {"x": [1, 2, 3]}
    assert "array" not in made.released
    assert frame["x"]._frame._core.values(0)[0] == ctypes.addressof(made.numbers)
    part = frame.tail(2)
    del frame
    assert part["x"].to_list() == [2, 3] and "array" not in made.released
    del part
    assert sorted(made.released) == ["array", "schema"]


def test_a_stream_written_in_python():
    made = MadeStream()
    assert lf.DataFrame(made).to_dict() == {"x": [1, 2, 3, 4, 5]} and made.released == 1


def test_frames_go_out_as_streams_and_arrays(sales):
    capsule, described = sales.__arrow_c_stream__(), sales.__arrow_c_schema__()
    stream = inside(capsule, Stream, b"arrow_array_stream")
    assert stream.release and stream.get_next
    schema = inside(described, Schema, b"arrow_schema")
    assert schema.format == b"+s" and [schema.children[i].contents.name for i in range(3)] == [b"region", b"quantity",
                                                                                               b"price"]
    described, array = sales["price"].__arrow_c_array__()
    assert inside(described, Schema, b"arrow_schema").format == b"g" and inside(array, Array, b"arrow_array").length == 4
    assert inside(sales["region"].__arrow_c_schema__(), Schema, b"arrow_schema").format == b"vu"


def test_a_consumer_may_ask_for_plain_text(sales):
    wanted = Made(schema={"format": b"U"}).__arrow_c_array__()[0]
    assert inside(sales["region"].__arrow_c_array__(wanted)[0], Schema, b"arrow_schema").format == b"U"
    assert inside(sales["region"].__arrow_c_array__(None)[0], Schema, b"arrow_schema").format == b"vu"


def test_what_comes_out_goes_in_again(sales):
    class Only:
        def __init__(self, frame):
            self.frame = frame

        def __arrow_c_stream__(self, requested_schema=None):
            return self.frame.__arrow_c_stream__(requested_schema)

    moment = datetime.datetime(2024, 2, 29, 12)
    frame = sales.with_("flag = quantity > 1; nested = split('a-b', '-')").with_("when = localize($1, 'UTC')", moment)
    frame = frame.cast("region: cat")
    assert lf.DataFrame(Only(frame)).equals(frame)


def test_capsules_nobody_takes_release_what_they_hold(sales, python):
    python("""
import libframe as lf
frame = lf.DataFrame({"a": [1, None], "b": ["x", "y"], "c": [[1], None]})
for _ in range(100):
    frame.__arrow_c_stream__(), frame.__arrow_c_schema__(), frame["a"].__arrow_c_array__(), frame["c"].__arrow_c_schema__()
""")


# ---- as it should not be ---------------------------------------------------------------------------------------------------
def test_a_capsule_is_used_once(sales):
    capsule = sales.__arrow_c_stream__()
    assert _core.import_stream(capsule, None).length() == 4
    with pytest.raises(ValueError, match="used or released already"):
        _core.import_stream(capsule, None)
    pair = sales["price"].__arrow_c_array__()
    assert _core.import_array(*pair, None).length() == 4
    with pytest.raises(ValueError, match="used or released already"):
        _core.import_array(*pair, None)
    with pytest.raises(ValueError, match="used or released already"):
        _core.build([("x", pair, None, 2, False)], None)


def test_released_streams_and_arrays():
    made, stream = Made(), MadeStream()
    made.array.release = None
    stream.stream.release = None
    for wrong in (made, stream):
        with pytest.raises(ValueError, match="released"):
            lf.DataFrame(wrong)


@pytest.mark.parametrize("give", [lambda: None, lambda: 3, lambda: (1, 2), lambda: "arrow",
                                  lambda: new_capsule(1, b"arrow_array_stream_x", None)])
def test_what_is_no_capsule(give):
    class Odd:
        def __arrow_c_stream__(self, requested_schema=None):
            return give()

    with pytest.raises((TypeError, ValueError)):
        lf.DataFrame(Odd())


def test_streams_without_functions():
    with pytest.raises(ValueError, match="without its functions"):
        lf.DataFrame(MadeStream(functions=False))


def test_streams_that_fail_say_why():
    for stream in (MadeStream(get_next=lambda at, out: 5), MadeStream(get_schema=lambda at, out: 5)):
        with pytest.raises(lf.FrameError, match="the disk is on fire"):
            lf.DataFrame(stream)
        assert stream.released == 1


@pytest.mark.parametrize("lies", [{"length": -1}, {"null_count": 7}, {"null_count": -2}, {"offset": -3}, {"n_buffers": 1},
                                  {"n_buffers": 5},
                                  {"n_children": 2}, {"length": 2**62}, {"null_count": 1}, {"offset": 2**62}])
def test_arrays_that_contradict_themselves(lies):
    made = Made(**lies)
    with pytest.raises(lf.FrameError):
        lf.DataFrame(made)
    assert made.released.count("array") == 1 and made.released.count("schema") == 1


@pytest.mark.parametrize("format", [b"?", b"", b"tsx:", b"w:x", b"d:1", b"+m", b"+s", b"u", b"vu", b"e", b"+us:1,2",
                                    b"d:99,1", b"w:-1"])
def test_types_that_do_not_fit_their_arrays(format):
    made = Made(format=format)
    with pytest.raises(lf.FrameError):
        lf.DataFrame(made)
    assert made.released.count("array") == 1


def test_missing_buffers_and_children():
    made = Made()
    made.buffers[1] = None
    with pytest.raises(lf.FrameError):
        lf.DataFrame(made)
    with pytest.raises(lf.FrameError):
        lf.DataFrame(Made(schema={"n_children": 1}))
    with pytest.raises(lf.FrameError):
        lf.DataFrame(Made(schema={"n_children": -1}))


def test_text_that_is_not_utf8():
    text = ctypes.create_string_buffer(b"ab\xffcd")
    offsets = (ctypes.c_int64 * 2)(0, 5)
    made = Made(values=(0,), format=b"U", n_buffers=3)
    made.buffers[1], made.buffers[2] = ctypes.addressof(offsets), ctypes.addressof(text)
    with pytest.raises(UnicodeError):
        lf.DataFrame(made)
    offsets[1] = -5
    wrong = Made(values=(0,), format=b"U", n_buffers=3)
    wrong.buffers[1], wrong.buffers[2] = ctypes.addressof(offsets), ctypes.addressof(text)
    with pytest.raises(lf.FrameError):
        lf.DataFrame(wrong)


def test_exceptions_of_a_producer_come_through():
    class Fails:
        def __arrow_c_stream__(self, requested_schema=None):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lf.DataFrame(Fails())
