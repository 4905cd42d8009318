"""pandas data as columns, and columns as pandas data.

In: NaN, NaT, NA and None all mean missing in pandas, so they become null. The index becomes columns unless it only counts
rows. Out: integers and bools with nulls become pandas' nullable types, since a null never turns an integer into a float.
"""
import numpy
import pandas

from . import _core
from ._convert import ARROW, VALUES, Entry, check_unique, name_of, stream_entry
from ._numpy import array_entry, buffer_entry, raw_array, validity
from ._warnings import warn

MODERN = int(pandas.__version__.split(".")[0]) >= 3      # text has a type of its own


# ---- in ----------------------------------------------------------------------------------------------------------------
def list_entry(name, series, type=None):
    return Entry(name, VALUES, tuple(series.astype(object)), True, type)


def zoned_entry(name, series):
    zone = getattr(series.dtype.tz, "key", None) or getattr(series.dtype.tz, "zone", None) or "UTC"
    utc = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    return buffer_entry(name, utc, zone=zone)


def masked_entry(name, series):
    """Int64, Float32, boolean …: values and a mask."""
    plain = series.dtype.numpy_dtype
    values = series.to_numpy(dtype=plain, na_value=plain.type(0))
    return buffer_entry(name, values, series.isna().to_numpy())


def arrow_entry(name, series):
    import pyarrow
    array = pyarrow.array(series, from_pandas=True)
    return Entry(name, ARROW, array.__arrow_c_array__()) if isinstance(array, pyarrow.Array) else stream_entry(name, array)


def series_entry(name, series):
    """A Series or Index as a column."""
    if isinstance(series, pandas.Index):
        series = series.to_series()
    if isinstance(series, pandas.api.extensions.ExtensionArray):
        series = pandas.Series(series)
    if not isinstance(series, pandas.Series):
        raise TypeError(f"column {name!r}: a column is a Series or a list, not {type(series).__name__}")
    dtype = series.dtype
    if isinstance(dtype, numpy.dtype):
        return array_entry(name, series.to_numpy(), nan_is_null=True)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        return zoned_entry(name, series)
    if isinstance(dtype, getattr(pandas, "ArrowDtype", ())) or getattr(dtype, "storage", None) == "pyarrow":
        return arrow_entry(name, series)                       # a million texts: CPU 220 → 40 ms
    if isinstance(dtype, (pandas.PeriodDtype, pandas.IntervalDtype)):
        raise TypeError(f"column {name!r}: {dtype} has no counterpart; astype(str), or its parts as columns of their own")
    if isinstance(dtype, pandas.SparseDtype):
        return series_entry(name, series.sparse.to_dense())
    if hasattr(dtype, "numpy_dtype"):
        return masked_entry(name, series)
    if isinstance(dtype, pandas.CategoricalDtype):
        warn_of_categories(name, series)
        return list_entry(name, series, "cat" if dtype.categories.inferred_type in ("string", "empty") else None)
    return list_entry(name, series, "str" if isinstance(dtype, pandas.StringDtype) and series.isna().all() else None)


def warn_of_categories(name, series):
    """A cat knows the categories that its rows have, and no order of them but that of texts."""
    if series.dtype.ordered and len(series.dtype.categories) > 1:
        shown = " < ".join(map(str, series.dtype.categories[:4])) + (" …" if len(series.dtype.categories) > 4 else "")
        warn(f"the order of the categories of {name!r} ({shown}) is not kept: sort goes by their values; "
             "a column of its .cat.codes beside it keeps it")
    unused = len(series.dtype.categories) - series.nunique()
    if unused and len(series):
        warn(f"{unused} {'category' if unused == 1 else 'categories'} of {name!r} without rows {'is' if unused == 1 else 'are'} "
             "left out")


def check_indexes(columns):
    """Series of one dict lie beside each other by place. pandas would match them by index, so where the indexes differ it must
    be said what is meant."""
    series = [(name, column) for name, column in columns.items() if isinstance(column, pandas.Series)]
    for name, column in series[1:]:
        if len(column) == len(series[0][1]) and not column.index.equals(series[0][1].index):
            raise ValueError(f"columns {series[0][0]!r} and {name!r} have different indexes, by which pandas would match their "
                             "rows; reset_index(drop=True) of each takes the rows as they come")


def with_index(data):
    """The DataFrame with its index as columns, unless it only counts rows."""
    if isinstance(data.index, pandas.RangeIndex) and data.index.name is None:
        return data
    clash = [name for name in data.index.names if name is not None and name in data.columns]
    if clash:
        raise ValueError(f"the index and a column are both called {clash[0]!r}: give one of them another name, or leave the index "
                         "out by reset_index(drop=True)")
    return data.reset_index()


def pandas_columns(data):
    """A DataFrame or Series as {name: column}."""
    if isinstance(data, pandas.MultiIndex):
        data = data.to_frame(index=False)
    if isinstance(data, (pandas.Series, pandas.Index)):
        name = "value" if data.name is None else name_of(data.name)
        if isinstance(data, pandas.Index):
            return {name: data}
        data = data.to_frame(name)
    if not isinstance(data, pandas.DataFrame):
        raise TypeError(f"no table can be made of {type(data).__name__}")
    data = with_index(data)
    if data.columns.nlevels > 1:
        raise TypeError("names of columns in several levels; give the columns plain names first")
    names = [name_of(name) for name in data.columns]
    check_unique(names)
    return {name: data.iloc[:, i] for i, name in enumerate(names)}


# ---- out ---------------------------------------------------------------------------------------------------------------
def words_of(column):
    return _core.pylist(*_core.export_array(column._frame._core, False, True), 0, 0, True)


def pandas_array(column):
    """The values as pandas holds them, copied."""
    dtype = column.dtype
    if dtype == "cat":
        return pandas.Categorical(column.to_list(), categories=words_of(column))
    values = raw_array(column)
    if values is None:
        return pandas.array(column.to_list(), dtype="str") if dtype == "str" and MODERN else objects(column)
    valid = validity(column)
    if valid is not None and values.dtype.kind == "b":
        return pandas.arrays.BooleanArray(values.copy(), ~valid)
    if valid is not None and values.dtype.kind in "iu":
        return pandas.arrays.IntegerArray(values.copy(), ~valid)
    values = numpy.array(column.to_numpy())
    if values.dtype == "M8[D]":
        values = values.astype("M8[s]")
    return values


def objects(column):
    values = numpy.empty(len(column), dtype=object)
    values[:] = column.to_list()
    return values


def to_series(column):
    """A Series with the column's name."""
    series = pandas.Series(pandas_array(column), name=column.name)
    if column.dtype.startswith("datetime[") and "," in column.dtype:
        zone = column.dtype.split(",")[1].strip(" ]")
        series = series.dt.tz_localize("UTC").dt.tz_convert(zone)
    return series


def to_pandas(frame):
    """A DataFrame that counts its rows."""
    series = {name: to_series(frame[name]) for name in frame.columns}
    return pandas.DataFrame(series, index=pandas.RangeIndex(len(frame)), columns=frame.columns)
