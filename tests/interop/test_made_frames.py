"""Frames that Hypothesis makes up: what goes in comes out, by every way out and back."""
import datetime
import decimal
import pickle
import re
import tempfile
import zoneinfo

import libframe as lf
import polars
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ZONED = st.datetimes(min_value=datetime.datetime(1900, 1, 1), max_value=datetime.datetime(2100, 1, 1),
                     timezones=st.just(zoneinfo.ZoneInfo("Asia/Tokyo")),
                     allow_imaginary=False)       # a time its clock skipped comes back as the instant it stands for
SCALARS = [st.integers(-2**63, 2**63 - 1), st.integers(2**63, 2**64 - 1), st.floats(), st.booleans(), TEXT,
           st.binary(max_size=30), st.dates(),
           st.datetimes(), st.times(), st.timedeltas(datetime.timedelta(days=-10**6),
                                                     datetime.timedelta(days=10**6)), ZONED,
           st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10**9, max_value=10**9)]


def nested(kinds):
    """Lists of each kind, and structs with it."""
    return [*(st.lists(st.none() | inner, max_size=4) for inner in kinds),
            *(st.fixed_dictionaries({"a": st.none() | inner, "b é": st.none() | TEXT}) for inner in kinds)]


KINDS = st.sampled_from([*SCALARS, *nested(SCALARS), *nested(nested(SCALARS))])
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=10)


@st.composite
def tables(draw):
    rows = draw(st.integers(0, 12))
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    return {name: draw(st.lists(st.none() | draw(KINDS), min_size=rows, max_size=rows)) for name in names}


def same(a, b):
    """Equal, NaN equal to NaN, decimals by value."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return all(same(a.get(key), b.get(key)) for key in {*a, *b})
    return a == b and (type(a) is type(b) or isinstance(a, (decimal.Decimal, datetime.datetime)))


settings.register_profile("frame", deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
settings.load_profile("frame")


@given(tables())
def test_python_values_come_back(table):
    assert same(lf.DataFrame(table).to_dict(), table)


@given(tables(), st.integers(-3, 12), st.integers(-3, 12))
def test_slices_are_those_of_lists(table, first, last):
    frame = lf.DataFrame(table)
    assert same(frame[first:last].to_dict(), {name: values[first:last] for name, values in table.items()})


@given(tables())
def test_arrow_is_valid_and_comes_back(table):
    frame = lf.DataFrame(table)
    arrow = frame.to_arrow()
    arrow.validate(full=True)
    assert lf.DataFrame(arrow).equals(frame)
    assert lf.DataFrame({name: arrow.column(name) for name in arrow.column_names}).equals(frame)


@given(tables())
def test_pickles_come_back(table):
    frame = lf.DataFrame(table)
    assert pickle.loads(pickle.dumps(frame)).equals(frame)


@given(tables())
def test_polars_takes_and_gives_back(table):
    frame = lf.DataFrame(table)
    if any(re.search(r"\btime\b(?!\[ns)", dtype) for dtype in frame.dtypes):
        return                                  # polars has times in nanoseconds only
    assert lf.DataFrame(polars.DataFrame(frame)).to_dict().keys() == table.keys()
    assert lf.DataFrame(frame.to_polars()).equals(frame)


@given(tables())
def test_csv_comes_back(table):
    frame = lf.DataFrame(table)
    flat = [name for name, dtype in frame.schema.items()
            if not dtype.startswith(("list", "struct", "binary", "duration", "null")) and "\r" not in name]
    if not flat:
        return
    frame = frame[flat]
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        frame.write_csv(file.name)
        back = lf.read_csv(file.name, schema=frame.schema, header=True, sep=",")
    assert back.equals(frame)


@given(tables(), st.data())
def test_filtering_by_bound_values_is_filtering_in_python(table, data):
    frame = lf.DataFrame(table)
    name = data.draw(st.sampled_from(sorted(table)))
    if frame.schema[name] not in ("i64", "str", "bool", "date", "datetime[us]"):
        return
    values = [value for value in table[name] if value is not None]
    if not values:
        return
    wanted = data.draw(st.sampled_from(values))
    found = frame.filter(f"{lf.quote(name)} == $1", [wanted])
    assert len(found) == sum(value == wanted for value in values)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.binary() | st.dates() | st.text(),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner,
                                                                                max_size=3)))
def test_anything_at_all_is_a_column_or_an_exception(value):
    for column in ([value], [value, None], [value, 1], value if isinstance(value, list) else [value] * 3):
        try:
            lf.DataFrame({"x": column}).to_pylist()
        except (TypeError, ValueError, OverflowError, lf.FrameError, RecursionError):
            pass


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_an_exception(text):
    frame = lf.DataFrame({"a": [1, None], "s": ["x", None]})
    for run in (frame.filter, frame.with_, frame.sort, frame.select, frame.pipe, lf.Steps.from_job):
        try:
            run(text)
        except (ValueError, lf.FrameError):
            pass


def test_hypothesis_runs():
    assert settings().max_examples == 300 or pytest.fail("the profile is not in force")
