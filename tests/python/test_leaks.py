"""Nothing is kept that nobody needs: reference counts, live objects, live bytes."""
import gc
import sys
import weakref

import libframe as lf
import pytest


def test_a_session_leaves_no_object_behind(python):
    python("""
import libframe as lf, pickle, datetime
frame = lf.DataFrame({"a": [1, None, 3], "s": ["x", None, "y" * 40], "l": [[1], None, []], "r": [{"p": 1}, None,
                                                                                                 {"q": "z"}]})
kept = [frame.filter("a > 1"), frame["s"], frame[1:], frame.account, lf.Steps("head 3"), lf.Context(threads=1)]
lf.DataFrame(frame.to_dict()), pickle.loads(pickle.dumps(frame)), frame.to_pylist(), repr(frame), frame._repr_html_()
for wrong in ("nothing > 1", "a >", "s > 1"):
    try: frame.filter(wrong)
    except lf.FrameError as error: kept.append(error)
for columns in ({"x": [1, "a"]}, {"x": ["\\ud800"]}, {"x": [object()]}, {"x": [1], "y": [1, 2]}):
    try: lf.DataFrame(columns)
    except (TypeError, ValueError): pass
cycle = [frame]; cycle.append(cycle)
""")


def test_live_bytes_return_to_where_they_were():
    context = lf.Context()
    frame = lf.DataFrame({"i": range(1000), "s": [str(i) for i in range(1000)]}, context=context)

    def everything():
        frame.filter("i > 5").sort("s").group("i", "n = size()").to_pylist()
        frame["s"].to_list(), frame["i"][3:7].to_list(), frame.join(frame.select("i"),
                                                                    "i"), repr(frame), frame._repr_html_()
        frame.__arrow_c_stream__(), frame["i"].__arrow_c_array__(), frame.pipe("head 3 | sort i"), frame.explain("head 3")
        with pytest.raises(lf.FrameError):
            frame.filter("x > 1")

    everything()
    gc.collect()
    before = context.live_bytes
    for _ in range(20):
        everything()
    gc.collect()
    assert context.live_bytes == before


@pytest.mark.parametrize("work", [
    lambda v: lf.DataFrame({"x": v}), lambda v: lf.DataFrame({"x": v})["x"].to_list(),
    lambda v: lf.DataFrame([{"a": x} for x in v]),
    lambda v: lf.DataFrame({"x": [[x, x] for x in v]}), lambda v: lf.DataFrame({"x": [{"k": x} for x in v]}).to_dict()])
def test_reference_counts_return_to_where_they_were(work):
    for make in (lambda i: f"text {i}", lambda i: 10**20 + i, lambda i: i + 0.5, lambda i: b"%d" % i):
        values = [make(i) for i in range(100)]
        work(values)
        gc.collect()
        before = [sys.getrefcount(value) for value in values]
        for _ in range(5):
            work(values)
        gc.collect()
        assert [sys.getrefcount(value) for value in values] == before


def test_singletons_are_not_used_up():
    frame = lf.DataFrame({"x": [None, 1], "b": [True, None]})
    frame.to_pylist()
    before = [sys.getrefcount(one) for one in (None, True, False)]
    for _ in range(1000):
        frame.to_pylist(), frame["x"].to_list(), frame.equals(frame), "x" in frame, frame.head(n=1), frame.filter("x > 0",
                                                                                                                  None)
    after = [sys.getrefcount(one) for one in (None, True, False)]
    assert all(abs(a - b) < 500 for a, b in zip(after, before)) or sys.version_info >= (3, 12)


def test_frames_die_with_their_last_reference():
    frame = lf.DataFrame({"x": [1]})
    dead = weakref.ref(frame)
    del frame
    assert dead() is None


def test_contexts_and_steps_keep_what_they_use_and_no_more():
    context = lf.Context()
    before = sys.getrefcount(context)
    frame = lf.DataFrame({"x": [1]}, context=context)
    assert sys.getrefcount(context) == before + 1
    del frame
    assert sys.getrefcount(context) == before


def test_errors_do_not_keep_frames():
    context = lf.Context()
    frame = lf.DataFrame({"x": range(100_000)}, context=context)
    full = context.live_bytes
    try:
        frame.filter("y > 1")
    except lf.FrameError as caught:
        error = caught
    error.__traceback__ = None
    del frame
    gc.collect()
    assert context.live_bytes < full // 2


def test_modules_of_several_interpreters(python):
    python('''
import sys
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    sys.exit()
try:
    one = interpreters.create(isolated=False)       # 3.12: one GIL for all, as before
except TypeError:
    one = interpreters.create()
interpreters.run_string(one, "import sys; sys.path[:] = " + repr(sys.path) + """
import libframe as lf
assert len(lf.DataFrame({'a': [1, 2]}).head(1)) == 1
""")
interpreters.destroy(one)
''')
