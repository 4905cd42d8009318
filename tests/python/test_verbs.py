"""The verbs as methods: made from the table, with signatures and docstrings, strict about their options."""
import datetime
import decimal
import fractions
import inspect
import re

import libframe as lf
import pytest
from libframe import _core, _io, _text, _verbs

TABLE = {name: (doc, options) for name, doc, options in _core.verbs()}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("cls", [lf.DataFrame, lf.Scan, lf.Steps])
def test_every_verb_is_a_method_with_its_options(cls, name):
    doc, options = TABLE[name]
    method = getattr(cls, _verbs.python_name(name))
    signature = inspect.signature(method)
    named = [one.name for one in signature.parameters.values()
             if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    assert named[1:] == [_verbs.python_name(option[0]) for option in options]
    for option, kind, default, _, words in options:
        parameter = signature.parameters[_verbs.python_name(option)]
        assert parameter.default == default and type(parameter.default) is type(default)
        assert kind != "word" or default == words[0][0]
        assert kind not in ("bool", "word") or parameter.kind is parameter.KEYWORD_ONLY
        assert f"{option}: " in method.__doc__
    assert method.__doc__.startswith(_verbs.python_doc(doc)) and "NULL" not in method.__doc__ and "fr_" not in method.__doc__


def test_every_text_option_is_of_a_known_form():
    """A new option must say, in _text.py, whether it takes a list of columns, a dict of expressions, or a plain text."""
    known = [_text.COLUMNS, _text.WORDS, _text.ASSIGNMENTS, _text.NAMES, _text.TYPES, _text.PATHS, _text.PLAIN]
    tables = [options for _, options in TABLE.values()] + [_io.READING, _io.WRITING]
    for options in tables:
        for name, kind, *_ in options:
            assert kind != "text" or sum(name in group for group in known) == 1, name
            assert kind != "unknown", name


def test_columns_by_place_are_as_many_as_one_likes(sales):
    assert sales.select("region", "price").equals(sales.select("region, price"))
    assert sales.sort("region", "-price").equals(sales.sort("region, price desc"))
    assert sales.drop("region", "price").columns == sales.drop("region, price").columns
    assert sales.distinct("region", "price", keep="last").equals(sales.distinct(["region", "price"], keep="last"))
    assert sales.pipe(lf.Steps().select("region", "price")).columns == ["region", "price"]
    with pytest.raises(TypeError, match=r"^sort\(\) takes by by place, and 1 more came: 'price'"):
        sales.sort(["region"], "price")


def test_keywords_name_columns(sales):
    grouped = sales.group("region", agg="n = size(); most = max(price)")
    assert sales.group("region", n="size()", most="max(price)").equals(grouped)
    assert sales.group("region", "n = size();", most="max(price)").equals(grouped)
    assert sales.group("region", {"n": "size()"}, most="max(price)", sort=False).equals(grouped)
    assert sales.with_(a="price * 2", b="a + 1").equals(sales.with_("a = price * 2; b = a + 1"))
    assert sales.with_("a = price", size="a > :low", bind={"low": 3}).columns[-2:] == ["a", "size"]
    assert sales.with_(größe="price").columns[-1] == "größe"
    assert sales.pivot("price", "region", n="size()").equals(sales.pivot("price", "region", agg="n = size()"))
    assert lf.Steps().with_(a="price").group(n="size()") == lf.Steps().with_("a = price").group(agg="n = size()")
    assert "**new" in str(inspect.signature(lf.DataFrame.group)) and "**new" not in str(inspect.signature(lf.DataFrame.sort))


def test_values_are_put_beside_the_rows(sales):
    n = len(sales)
    there = sales.with_(i=range(n), half="i / 2")
    assert there["i"].to_list() == list(range(n)) and there["half"].to_list() == [i / 2 for i in range(n)]
    assert there.columns == [*sales.columns, "i", "half"]
    replaced = sales.with_(region=[str(i) for i in range(n)])
    assert replaced.columns == sales.columns and replaced["region"].to_list() == [str(i) for i in range(n)]
    assert replaced.drop("region").equals(sales.drop("region"))
    assert sales.with_("twice = 2 * i", i=sales["price"]).equals(sales.with_("i = price; twice = 2 * i"))
    assert sales.join({"i": list(range(n))}, how="positional").equals(sales.with_(i=range(n)))
    with pytest.raises(lf.ArgumentError, match=f"^with: column 'i' has 2 values, the frame {n} rows$"):
        sales.with_(i=[1, 2])
    both = sales.with_(price=range(n), j=range(n), region=["r"] * n)
    assert both.columns == [*sales.columns, "j"] and both["price"].to_list() == both["j"].to_list() and set(both["region"]) == {"r"}
    assert len(both.account) == len(sales.account) + 1
    assert lf.DataFrame({"x": [1, 2]}).with_(x=[3, 4])["x"].to_list() == [3, 4]
    with pytest.raises(TypeError, match="beside the rows of a DataFrame, which Steps has not yet"):
        lf.Steps().with_(i=[1, 2])
    with pytest.raises(lf.FrameError):
        sales.with_(i=range(n), bind=3)
    kept = lf.read_csv(b"a,b\n1,2\nx,3\n", schema={"a": "i64", "b": "i64"}, on_bad="collect")
    assert kept.with_(c=[5]).rejects.equals(kept.rejects)


def test_misspelt_keywords_are_pythons_own_error(sales):
    with pytest.raises(TypeError, match="unexpected keyword argument 'descnding'"):
        sales.sort("price", descnding=True)
    with pytest.raises(TypeError, match=r"^sort\(\) takes by by place, and 1 more came: True"):
        sales.sort("price", True)


def test_a_whole_evening(sales):
    top = sales.filter("price > 1").with_("value = quantity * price").group("region", agg="s = sum(value); n = size()") \
               .sort("s", descending=True)
    assert top.to_dict() == {"region": ["North", "South"], "s": [9.99 * 3 + 5.0, 0.0], "n": [2, 1]}


def test_each_verb_runs(sales):
    ran = {
        "filter": lambda f: f.filter("quantity > 1").shape == (2, 3),
        "select": lambda f: f.select("price, region").columns == ["price", "region"],
        "with": lambda f: f.with_("d = quantity * 2")["d"].to_list() == [6, None, 2, 10],
        "rename": lambda f: f.rename("price as cost").columns[2] == "cost",
        "drop": lambda f: f.drop("price").shape == (4, 2),
        "sort": lambda f: f.sort("quantity desc")["quantity"].to_list() == [5, 3, 1, None],
        "head": lambda f: len(f.head()) == 4 and len(f.head(1)) == 1 and len(f.head(0)) == 0,
        "tail": lambda f: f.tail(1)["quantity"].to_list() == [5] and len(f.tail(1, by=["region"])) == 3,
        "slice": lambda f: f.slice(1, 2)["quantity"].to_list() == [None, 1],
        "sample": lambda f: len(f.sample(2, seed=1)) == 2 and f.sample(2, seed=1).equals(f.sample(2, seed=1)),
        "complete": lambda f: len(f.complete("region, quantity")) == 12 and len(f.complete("quantity", 1)) == 6,
        "group": lambda f: f.group("region", "n = size()", sort=True)["n"].to_list() == [2, 1, 1],
        "distinct": lambda f: f.distinct("region", keep="last")["quantity"].to_list() == [None, 1, 5],
        "fill_null": lambda f: f.fill_null("quantity", 0)["quantity"].to_list() == [3, 0, 1, 5],
        "drop_null": lambda f: len(f.drop_null()) == 2,
        "cast": lambda f: f.cast("quantity: i8").dtypes[1] == "i8",
        "parse_dates": lambda f: lf.DataFrame({"d": ["2024-01-05"]}).parse_dates("d").dtypes == ["date"],
        "describe": lambda f: len(f.describe()) > 0,
        "value_counts": lambda f: f.value_counts("region")["count"].to_list()[0] == 2,
        "concat": lambda f: len(f.concat(f)) == 8 and len(f.concat(others=[f, f])) == 12,
        "join": lambda f: len(f.join(f.select("region"), "region")) == 5,
        "pivot": lambda f: f.pivot("region", "quantity", agg="n = size()").shape == (3, 5),
        "melt": lambda f: f.melt(["region"], ["quantity", "price"]).shape == (8, 3),
        "write": lambda f: None,        # test_csv.py
    }
    assert set(TABLE) <= set(ran), "a verb without a test"
    for name, holds in ran.items():
        assert holds(sales) is not False, name


# ---- options as Python has them ------------------------------------------------------------------------------------------
def test_lists_of_columns_are_quoted():
    frame = lf.DataFrame({"a b": [2, 1], "select": [1, 2], "x`y": [0, 0]})
    assert frame.select(["x`y", "a b"]).columns == ["x`y", "a b"]
    assert frame.sort(["a b"])["a b"].to_list() == [1, 2]
    assert frame.group(["select"], "n = size()").shape == (2, 2)
    with pytest.raises(KeyError):
        frame.sort(["select desc"])          # a list holds names, not keys
    with pytest.raises(TypeError, match="lists names"):
        frame.select(["select", 1])


def test_dicts_of_expressions_names_and_types(sales):
    assert sales.with_({"double price": "price * 2"})["double price"].to_list()[0] == 19.98
    assert sales.group("region", {"n": "size()", "top price": "max(price)"}).columns == ["region", "n", "top price"]
    assert sales.rename({"price": "unit price"}).columns[2] == "unit price"
    assert sales.cast({"quantity": "i16"}).dtypes[1] == "i16"
    with pytest.raises(TypeError, match="dict of texts"):
        sales.with_({"a": 1})
    with pytest.raises(TypeError, match="where is a text"):
        sales.filter({"a": "b"})


@pytest.mark.parametrize("value,expected", [
    (3, [5]), (3.0, [5]), (decimal.Decimal("3"), [5]), (True, [3, 5]), (2**63, []), (-2**63, [3, 1, 5])])
def test_bind_values(sales, value, expected):
    assert sales.filter("quantity > cast($1, 'f64')", value)["quantity"].to_list() == expected


def test_bind_values_of_every_kind():
    day, moment = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30)
    frame = lf.DataFrame({"d": [day, None], "m": [moment, None], "s": ["it's", None], "b": [True, False], "i": [1, 2]})
    assert len(frame.filter("d == $1 and m == $2 and s == $3 and b == $4 and i == $5", [day, moment, "it's", True, 1])) == 1
    assert frame.with_("x = i + $1; t = $2", [10,
                                              datetime.timedelta(days=-1)])["t"].to_list() == [datetime.timedelta(days=-1)] * 2
    assert frame.with_("x = $1", [None]).dtypes[-1] == "null"


def test_bind_values_by_name(sales):
    found = sales.filter("quantity > :low and region == :where", {"low": 1, "where": "North"})
    assert found["quantity"].to_list() == [3]


def test_binds_that_make_no_sense(sales):
    with pytest.raises(ValueError, match="at most 6"):
        sales.filter("quantity > $1", [1] * 7)
    with pytest.raises(TypeError, match="a value is"):
        sales.filter("quantity > $1", [object()])
    with pytest.raises(OverflowError, match="^1000.* is no decimal of up to 38 digits$"):
        sales.filter("quantity > $1", 10**40)
    with pytest.raises(ValueError, match=r":low has more than 28 digits, which go by place only: write \$1, and bind=\[Decimal"):
        sales.filter("price > :low", {"low": decimal.Decimal("1" * 38)})
    assert len(sales.filter("price > :low", {"low": decimal.Decimal("1.5")})) == len(sales.filter("price > 1.5"))
    with pytest.raises(lf.FrameError):
        sales.filter("quantity > :low", {"lower": 1})
    with pytest.raises(TypeError):
        sales.filter("quantity > :low", {1: 1})


@pytest.mark.parametrize("call,error,message", [
    (lambda f: f.sort("price", descending="no"), TypeError, "True or False"),
    (lambda f: f.sort("price", descending=1), TypeError, "True or False"),
    (lambda f: f.head(2.0), TypeError, "a whole number"),
    (lambda f: f.head(True), TypeError, "a whole number"),
    (lambda f: f.head("3"), TypeError, "a whole number"),
    (lambda f: f.head(2**70), OverflowError, ""),
    (lambda f: f.sample(fraction="0.5"), TypeError, "a number"),
    (lambda f: f.join(f, "region", how="outer-space"), ValueError, "'inner', 'left'"),
    (lambda f: f.join(f, "region", how=1), TypeError, "'inner'"),
    (lambda f: f.join("right.csv", "region"), TypeError, "a text is no table"),
    (lambda f: f.concat(others=3), TypeError, ""),
    (lambda f: f.filter(b"price > 1"), TypeError, "where is a text"),
    (lambda f: f.filter("price > 1\0"), ValueError, "NUL"),
    (lambda f: f.filter(), ValueError, ""),
    (lambda f: f.fill_null("price", object()), TypeError, "a value is"),
])
def test_options_are_strict(sales, call, error, message):
    with pytest.raises(error, match=message or None):
        call(sales)


def test_explicit_defaults_mean_themselves(sales):
    for name, (_, options) in TABLE.items():
        if name in ("head", "tail", "describe", "distinct", "drop_null"):
            method = getattr(sales, _verbs.python_name(name))
            assert method().equals(method(**{option: default for option, _, default, *_ in options}))


def test_frames_of_others_as_options(sales):
    class Table:
        def __arrow_c_stream__(self, requested_schema=None):
            return lf.DataFrame({"region": ["North"], "head": ["Ada"]}).__arrow_c_stream__()

    assert sales.join(Table(), "region")["head"].to_list() == ["Ada", "Ada"]
    assert sales.join({"region": ["South"], "head": ["Bob"]}, "region")["head"].to_list() == ["Bob"]
    assert lf.concat([sales, sales.to_dict()]).shape == (8, 3)
    with pytest.raises(ValueError, match="at least one"):
        lf.concat([])


def test_semi_and_anti_joins():
    people = lf.DataFrame({"id": [1, 2, None, 3], "name": ["Ada", "Bob", "Cleo", "Dan"]})
    orders = lf.DataFrame({"order": [10, 11, 12], "id": [3, 1, 3]})
    assert people.join(orders, "id", how="semi").to_dict() == {"id": [1, 3], "name": ["Ada", "Dan"]}
    assert people.join(orders, "id", how="anti").to_dict() == {"id": [2, None], "name": ["Bob", "Cleo"]}
    with pytest.raises(lf.ArgumentError, match="no columns of the right frame"):
        people.join(orders, "id", how="anti", right_suffix="_r")


def test_dicts_of_columns_and_of_rows(sales):
    assert sales.to_dict("records") == sales.to_dict(orient="records") == sales.to_pylist()
    assert sales.to_dict("list") == sales.to_dict()
    with pytest.raises(ValueError, match="not 'index': a frame has no index"):
        sales.to_dict("index")


def test_keys_of_two_names():
    sales = lf.DataFrame({"product": [1, 2, 4], "n": [5, 6, 7]})
    products = lf.DataFrame({"id": [1, 2, 3], "name": ["pen", "ink", "cap"], "a = b": [1, 2, 4]})
    joined = sales.join(products, "product = id")
    assert joined.to_dict() == {"product": [1, 2], "n": [5, 6], "name": ["pen", "ink"], "a = b": [1, 2]}
    assert sales.join(products, {"product": "id"}).equals(joined)
    assert sales.join(products, {"product": "a = b"}).to_dict()["name"] == ["pen", "ink", "cap"]
    assert sales.join(products, {"product": "id"}, how="full")["product"].to_list() == [1, 2, 4, 3]
    assert sales.join(products, left_on="product", right_on="id").columns == ["product", "n", "id", "name", "a = b"]
    assert 'on = "product = id"' in str(lf.Steps().join(products, {"product": "id"}))
    with pytest.raises(KeyError, match="no column 'id' in the left frame.*stands first"):
        sales.join(products, "id = product")
    with pytest.raises(TypeError, match=r'on is a dict of texts such as {"left": "right"}'):
        sales.join(products, {"product": 1})


def test_full_joins():
    old = lf.DataFrame({"id": [1, 2, None], "v": ["a", "b", "n"]})
    new = lf.DataFrame({"id": [2, 3, None], "v": ["x", "y", "n"]})
    full = old.join(new, "id", how="full", indicator=True)
    assert full.to_dict() == {"id": [1, 2, None, 3, None], "v_x": ["a", "b", "n", None, None],
                              "v_y": [None, "x", None, "y", "n"],
                              "_merge": ["left_only", "both", "left_only", "right_only", "right_only"]}
    assert old.join(new, "id", how="outer", indicator=True).equals(full)
    assert old.join(new, "id", how="full", nulls_match=True)["v_y"].to_list() == [None, "x", "n", "y"]
    with pytest.raises(ValueError, match="not 'right'; here it is left, with the two frames swapped"):
        old.join(new, "id", how="right")
    with pytest.raises(ValueError, match="not 'cross'; here it is inner, on a column that is 1"):
        old.join(new, "id", how="cross")
    assert "how = \"full\"" in str(lf.Steps().join(new, "id", how="outer"))


def test_names_of_rows_are_different():
    with pytest.raises(ValueError, match="two columns are called 'a'"):
        lf.DataFrame([[1, 2], [3, 4]], schema=["a", "a"])


def test_asof_joins():
    trades = lf.DataFrame({"k": ["a", "b", "a"], "t": [datetime.datetime(2024, 1, 1, 10, 0, s) for s in (9, 5, 1)]})
    quotes = lf.DataFrame({"k": ["b", "a", "a"], "bid": [1.5, 2, 3],
                           "t": [datetime.datetime(2024, 1, 1, 10, 0, s) for s in (6, 7, 1)]})
    assert trades.join(quotes, ["k", "t"], how="asof")["bid"].to_list() == [2, None, 3]
    assert trades.join(quotes, "k, t", how="asof", direction="nearest")["bid"].to_list() == [2, 1.5, 3]
    assert trades.join(quotes, "k, t", how="asof", tolerance=datetime.timedelta(seconds=1))["bid"].to_list() == [None, None, 3]
    assert trades.join(quotes, "k, t", how="asof", tolerance="2s", no_exact=True)["bid"].to_list() == [2, None, None]
    assert "tolerance = \"2s\"" in str(lf.Steps().join(quotes, "t", how="asof", tolerance="2s"))
    with pytest.raises(TypeError, match="the tolerance for a key of type datetime.us. is a duration: '30s'"):
        trades.join(quotes, "k, t", how="asof", tolerance=2)
    with pytest.raises(TypeError, match="here it is no_exact=True"):
        trades.join(quotes, "k, t", how="asof", allow_exact_matches=False)
    with pytest.raises(AttributeError, match=re.escape('df.join(other, "key, when", how="asof")')):
        trades.merge_asof(quotes)


def test_numpy_numbers_as_options(sales):
    numpy = pytest.importorskip("numpy")
    assert len(sales.head(numpy.int64(2))) == 2 and len(sales.sort("price", descending=numpy.bool_(True))) == 4
    assert len(sales.filter("price > $1", numpy.float32(9))) == 2


def test_a_repeated_key_of_a_list_or_struct_is_named():
    df = lf.DataFrame({"l": [[1], [2], [1]], "s": [{"a": 1}, {"a": 2}, {"a": 2}]})
    with pytest.raises(lf.DataError, match=re.escape("several rows with l = [1]")):
        df.join(df, "l", validate="one_to_one")
    with pytest.raises(lf.DataError, match=re.escape("several rows with s = {a: 2}")):
        df.join(df, "s", validate="one_to_one")


def test_statements_may_be_listed(sales):
    assert sales.group("region", agg=["n = size()", "sum(price)"]).equals(sales.group("region", "n = size(); sum(price)"))
    assert sales.with_(["a = 2 * price", "b = a + 1"]).equals(sales.with_("a = 2 * price; b = a + 1"))
    with pytest.raises(TypeError, match='agg lists texts such as "y = 2 . x", not 3'):
        sales.group("region", agg=["size()", 3])
    with pytest.raises(TypeError, match="a list of these or a dict, not 3"):
        sales.with_(3)


def test_errors_say_how_it_is_asked_here(sales):
    with pytest.raises(TypeError, match=r"the value of :low in a text is bind=\{'low': 2\}"):
        sales.filter("price > :low", low=2)
    with pytest.raises(TypeError, match=r"fill_null\(value=0\) fills all columns"):
        sales.fill_null(0)
    with pytest.raises(TypeError, match=r"df\['x'\]\[3\]"):
        sales[0, "price"]


def test_whole_numbers_beyond_64_bits_are_values(sales):
    assert len(sales.filter("quantity < $1", 2**70)) == 3 and len(sales.filter("quantity < $1", -2**70)) == 0
    assert sales.with_("y = $1", 2**70)["y"][0] == 2**70


def test_a_number_that_a_float_would_round_is_no_value(sales):
    assert sales.with_("y = $1", fractions.Fraction(1, 2))["y"][0] == 0.5
    with pytest.raises(OverflowError, match=r"Fraction\(1, 3\) as a value would be rounded"):
        sales.with_("y = $1", fractions.Fraction(1, 3))


def test_an_iterator_gives_the_values_of_a_column(sales):
    assert sales.with_(n=(i * i for i in range(4)))["n"].to_list() == [0, 1, 4, 9]


@pytest.mark.parametrize("call", [
    lambda f: f.drop_null([]), lambda f: f.fill_null([], 0), lambda f: f.distinct([]), lambda f: f.join(f, []),
    lambda f: f.join(f, {}), lambda f: f.describe([]), lambda f: f.value_counts([]), lambda f: f.melt("region", values=[]),
    lambda f: f.select([]), lambda f: f[[]], lambda f: lf.read_csv(b"a,b\n1,2\n", columns=[])])
def test_an_empty_list_is_not_all_columns(sales, call):
    """A list that a program made and that came out empty: rows must not go, nor values come, in columns that nobody named."""
    with pytest.raises(lf.ArgumentError, match="^(columns|on|values) lists nothing: "):
        call(sales)


def test_an_empty_list_of_keys_is_one_group(sales):
    assert sales.group([], n="size()").to_pylist() == [{"n": 4}] and len(sales.head(1, by=[])) == 1
    assert lf.read_csv(b"a\n1\n", parse_dates=[], na_values=[])["a"].to_list() == [1]
