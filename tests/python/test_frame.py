"""DataFrame and Column: shape, parts, rows, and how they show themselves."""
import warnings

import libframe as lf
import pytest


def test_shape_names_and_types(sales):
    assert sales.shape == (4, 3) and len(sales) == 4
    assert sales.columns == ["region", "quantity", "price"]
    assert sales.dtypes == ["str", "i64", "f64"]
    assert sales.schema == {"region": "str", "quantity": "i64", "price": "f64"}


def test_iterating_goes_over_names_as_over_a_dict(sales):
    assert list(sales) == sales.columns
    assert "price" in sales and "prize" not in sales and 3 not in sales


def test_a_column_by_name(sales):
    quantity = sales["quantity"]
    assert (quantity.name, quantity.dtype, len(quantity), quantity.null_count) == ("quantity", "i64", 4, 1)
    assert quantity.to_list() == [3, None, 1, 5] == list(quantity)
    assert quantity[0] == 3 and quantity[-1] == 5 and quantity[1] is None
    assert quantity[1:3].to_list() == [None, 1]


def test_a_column_that_is_not_there_names_the_nearest(sales):
    with pytest.raises(KeyError, match="did you mean 'quantity'"):
        sales["quantty"]


def test_rows_that_are_not_there(sales):
    for row in (4, -5, 2**70):
        with pytest.raises(IndexError):
            sales["price"][row]


def test_odd_names_are_names():
    names = ["a b", "x`y", "", "select", "größe", "a,b", "1", "end\n"]
    frame = lf.DataFrame({name: [i] for i, name in enumerate(names) if name})
    for name in frame:
        assert frame[name].name == name and frame[[name]].columns == [name]


@pytest.mark.parametrize("index", [slice(None), slice(1, 3), slice(2, None), slice(None, -1), slice(-2, None), slice(3, 1),
                                   slice(10, 20), slice(-100, 100), slice(0, 0)])
def test_slices_are_those_of_lists(sales, index):
    assert sales[index].to_pylist() == sales.to_pylist()[index]
    assert sales["price"][index].to_list() == sales["price"].to_list()[index]


def test_what_is_no_index_says_what_to_write(sales):
    with pytest.raises(ValueError, match="step of 2"):
        sales[::2]
    with pytest.raises(TypeError, match="df.filter"):
        sales[3]
    with pytest.raises(TypeError):
        sales[[1, 2]]


def test_columns_by_a_list(sales):
    assert sales[["price", "region"]].columns == ["price", "region"]


def test_rows_as_tuples_and_dicts(sales):
    assert list(sales.rows())[1] == ("South", None, 120.5)
    assert next(sales.rows(named=True)) == {"region": "North", "quantity": 3, "price": 9.99}
    assert sales.to_pylist()[3] == {"region": None, "quantity": 5, "price": None}
    assert sales.to_dict()["price"] == [9.99, 120.5, 5.0, None]


def test_many_rows_come_in_parts():
    frame = lf.DataFrame({"i": range(200_000)})
    assert [row[0] for row in frame.rows()] == list(range(200_000))


def test_rows_of_frames_without_rows_or_columns():
    assert list(lf.DataFrame({"a": []}).rows()) == []
    assert lf.DataFrame().shape == (0, 0) and lf.DataFrame().to_pylist() == [] and lf.DataFrame({}).to_dict() == {}


def test_a_frame_is_neither_true_nor_false(sales):
    with pytest.raises(TypeError, match="len"):
        bool(sales)


def test_equals_is_about_values(sales):
    again = lf.DataFrame(sales.to_dict())
    assert sales.equals(again) and sales is not again
    assert not sales.equals(again.head(3)) and not sales.equals("sales")
    nan = lf.DataFrame({"x": [float("nan")]})
    assert nan.equals(lf.DataFrame({"x": [float("nan")]})) and not nan.equals(lf.DataFrame({"x": [None]},
                                                                                           schema={"x": "f64"}))


def test_repr_is_the_table(sales):
    assert repr(sales) == """4 rows × 3 columns

 region  quantity   price
 str          i64     f64
 ────────────────────────
 North          3    9.99
 South       null  120.50
 North          1    5.00
 null           5    null"""
    assert "1 column" in repr(sales["price"])
    assert len(repr(lf.DataFrame({"i": range(10_000)})).splitlines()) < 30


def test_html_escapes_everything_and_stays_small():
    frame = lf.DataFrame({"<b>&\"'": ["<script>alert(1)</script>", None, "&amp;"], "n": [1, None, 3]})
    html = frame._repr_html_()
    assert "<script>" not in html and "<b>" not in html
    assert "&lt;script&gt;" in html and "<small>i64</small>" in html and "<i>null</i>" in html and "&amp;amp;" in html
    wide = lf.DataFrame({f"c{i}": range(5000) for i in range(300)})._repr_html_()
    assert wide.count("<tr>") == 22 and len(wide) < 200_000 and "5,000 rows × 300 columns" in wide
    assert len(lf.DataFrame({"t": ["<" * 10**6]})._repr_html_()) < 2000


def test_account_rejects_and_warnings_ride_along():
    frame = lf.read_csv(b"a,b\n1,2\n3\n5,6\n", on_bad="collect")
    assert len(frame) == 2
    assert frame.rejects.to_pylist()[0]["line"] == 3
    assert frame.account["rejected"].to_list() == [1]
    assert isinstance(frame.warnings, list)


def told_by(call):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        result = call()
    assert all(one.category is lf.FrameWarning and one.filename == __file__ for one in heard)
    return result, [str(one.message) for one in heard]


def test_what_a_step_warns_of_is_a_warning_of_python_once(tmp_path):
    halves, said = told_by(lambda: lf.DataFrame({"x": [1.5, 2.5]}))
    assert said == []
    whole, said = told_by(lambda: halves.cast({"x": "i64"}))
    assert len(said) == 1 and "lost their fractions" in said[0] and whole.warnings == said
    sorted_, again = told_by(lambda: whole.sort("x").head(1).pipe("filter x > 0"))
    assert again == [] and sorted_.warnings == said                     # rides on, and is not said again
    assert told_by(lambda: lf.concat([whole, whole]))[1] == []
    assert told_by(lambda: halves.select("x").cast({"x": "f64"}).concat(whole.cast({"x": "f64"})))[1] == []
    assert told_by(lambda: halves.pipe("cast x: i64 | sort x"))[1] == said
    path = tmp_path / "letters.csv"
    path.write_text("a,b\nc,d\n")
    first, guessed = told_by(lambda: lf.read_csv(path))
    assert len(guessed) == 1 and "nothing tells the first record" in guessed[0] and first.warnings == guessed
    halves.write_csv(path)
    assert told_by(lambda: lf.scan_csv(path).cast({"x": "i64"}).collect())[1] == said


def test_contexts():
    small = lf.Context(threads=1, memory_bytes=50_000_000)
    frame = lf.DataFrame({"i": range(1000)}, context=small)
    assert frame.context is small and frame.head(3).context is small and small.threads == 1
    assert small.live_bytes > 0 and small.peak_bytes >= small.live_bytes
    other = lf.Context(threads=2)
    assert frame.with_context(other).context is other and frame.with_context(other).equals(frame)


def test_a_memory_budget_is_an_error_that_names_it():
    tight = lf.Context(memory_bytes=10_000_000)
    with pytest.raises(MemoryError, match="memory_bytes"):
        lf.DataFrame({"i": range(1_000_000)}, context=tight).with_("j = i * 2; k = i * 3; l = i / 2")


def test_cancelled_contexts_stay_cancelled():
    context = lf.Context()
    frame = lf.DataFrame({"i": range(10)}, context=context)
    context.cancel()
    with pytest.raises(lf.CancelledError):
        frame.sort("i")
    with pytest.raises(lf.CancelledError):
        lf.DataFrame({"i": range(10)}, context=lf.Context(timeout=1e-9)).sort("i")


@pytest.mark.parametrize("wrong", [{"threads": -1}, {"threads": 2000}, {"memory_bytes": -5}, {"timeout": -1},
                                   {"timeout": float("nan")}])
def test_contexts_refuse_what_makes_no_sense(wrong):
    with pytest.raises(ValueError):
        lf.Context(**wrong)
    with pytest.raises(TypeError):
        lf.Context(thread=1)


def test_handles_cannot_be_made_by_hand():
    from libframe import _core
    for kind in (_core.Frame, _core.Steps, lf.Column, lf.Scan):
        with pytest.raises(TypeError):
            kind()


def test_a_column_says_its_figures():
    frame = lf.DataFrame({"a b": [3, None, 1, 3], "t": ["y", "x", None, "x"], "e": [None] * 4}).cast({"e": "f64"})
    column = frame["a b"]
    assert (column.sum(), column.mean(), column.median(), column.min(), column.max()) == (7, 7 / 3, 3.0, 1, 3)
    assert (column.count(), column.nunique(), column.quantile(0.25)) == (3, 2, 2.0) and type(column.sum()) is int
    assert column.std() == pytest.approx(2 / 3 ** 0.5) and column.var() == pytest.approx(4 / 3)
    assert (frame["t"].min(), frame["t"].nunique()) == ("x", 2) and frame["e"].mean() is None
    with pytest.raises(TypeError, match="str"):
        frame["t"].sum()


def test_a_name_that_is_empty_is_told():
    with pytest.warns(lf.FrameWarning, match="^column 0 has no name; it is called 'column_0_1' now$"):
        frame = lf.DataFrame({"": [1], "column_0": [2]})
    assert frame.columns == ["column_0_1", "column_0"]
    assert lf.DataFrame({"": [1]}, schema=["x"]).columns == ["x"]
