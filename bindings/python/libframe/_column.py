"""Column: one column of a frame, for looking at and handing on."""
from . import _core
from ._hints import ARITHMETIC, COLUMN, ORDERING, missing, refuse_operators

ROWS_AT_ONCE = 65_536      # of which Python values are made at a time


class Column:
    """One column: name, dtype, values. `df["price"]`; computing is done by the frame's verbs."""

    __slots__ = ("_frame",)

    def __init__(self, *args, **keywords):
        raise TypeError('a Column comes from a frame: df["name"]')

    @classmethod
    def _of(cls, frame, name):
        return cls._wrap(frame.select(_core.quote(name)))

    @classmethod
    def _wrap(cls, frame):
        self = object.__new__(cls)
        self._frame = frame
        return self

    def __getattr__(self, name):
        raise missing(self, name, COLUMN)

    @property
    def name(self):
        """The column's name."""
        return self._frame.columns[0]

    @property
    def dtype(self):
        """The type, as libframe writes it: i64, str, datetime[us, Europe/Berlin] …"""
        return self._frame.dtypes[0]

    @property
    def null_count(self):
        """How many values are null."""
        return self._frame._core.null_count(0)

    def __len__(self):
        return len(self._frame)

    def __getitem__(self, index):
        """col[3] is a Python value, col[10:20] a Column."""
        if isinstance(index, slice):
            return Column._wrap(self._frame[index])
        if not hasattr(index, "__index__"):
            raise TypeError(f"col[row] or col[first:last], not {index!r}: rows by a condition are df.filter(…)")
        i, n = index.__index__(), len(self)
        if not -n <= i < n:
            raise IndexError(f"row {i} of a column of {n}")
        i %= n
        return Column._wrap(self._frame[i:i + 1]).to_list()[0]

    def __setitem__(self, index, value):
        raise TypeError("a Column never changes: df = df.with_(y=values), or an expression, makes another one")

    def __iter__(self):
        for row in self._frame.rows():
            yield row[0]

    def to_list(self):
        """The values as Python objects, None for null."""
        n = len(self)
        if n <= ROWS_AT_ONCE:
            return _core.pylist(*_core.export_array(self._frame._core, False, True), 0, n, False)
        values = []                     # in parts, so that Ctrl-C is heard in between
        for first in range(0, n, ROWS_AT_ONCE):
            values += self[first:first + ROWS_AT_ONCE].to_list()
        return values

    def _aggregate(self, call):
        return self._frame.group(agg=f"y = {call.format(_core.quote(self.name))}")["y"][0]

    def sum(self):
        """The sum of the values; 0 of none."""
        return self._aggregate("sum({})")

    def mean(self):
        """Their mean; None of none."""
        return self._aggregate("mean({})")

    def median(self):
        """The middle value, or the mean of the two in the middle."""
        return self._aggregate("median({})")

    def quantile(self, q):
        """The value below which a share q of the values lies, between two of them where need be."""
        return self._aggregate(f"quantile({{}}, {float(q)!r})")

    def min(self):
        """The smallest value."""
        return self._aggregate("min({})")

    def max(self):
        """The largest value."""
        return self._aggregate("max({})")

    def std(self):
        """The standard deviation of the values as a sample (ddof = 1)."""
        return self._aggregate("std({})")

    def var(self):
        """Their variance as a sample (ddof = 1)."""
        return self._aggregate("var({})")

    def count(self):
        """How many values there are that are not null; len(col) counts all rows."""
        return self._aggregate("count({})")

    def nunique(self):
        """How many different values there are; null is none."""
        return self._aggregate("nunique({})")

    def to_numpy(self, null=None):
        """The values as a NumPy array: without a copy (and read-only) for numbers, dates, datetimes and durations without
        nulls. Nulls become NaN in floats and NaT in dates and times, and None in an array of objects otherwise; `null`
        gives a value to put in their place. Datetimes with a zone are in UTC."""
        from ._numpy import array_of
        return array_of(self, null)

    def __array__(self, dtype=None, copy=None):
        from ._numpy import handed_over
        array = self.to_numpy()
        return handed_over(array, dtype, copy, is_shared=not array.flags.writeable and self.dtype != "bool")

    def __array_function__(self, function, types, arguments, keywords):
        """NumPy's functions take the column as its array: numpy.sum(col) would else call col.sum with words of its own."""
        def plain(value):
            if isinstance(value, Column):
                return value.to_numpy()
            return type(value)(map(plain, value)) if value.__class__ in (list, tuple) else value
        return function(*map(plain, arguments), **{name: plain(value) for name, value in keywords.items()})

    def to_pandas(self):
        """A pandas.Series (a copy)."""
        from ._pandas import to_series
        return to_series(self)

    def to_polars(self):
        """A polars.Series, without a copy where the layouts agree."""
        import polars
        return polars.DataFrame(self._frame).to_series(0)

    def to_arrow(self):
        """A pyarrow.Array, without a copy where the layouts agree."""
        import pyarrow
        return pyarrow.array(self)

    def __arrow_c_array__(self, requested_schema=None):
        return _core.export_array(self._frame._core, _core.wants_plain_text(requested_schema), True)

    def __arrow_c_schema__(self):
        return _core.export_array(self._frame[:0]._core, False, True)[0]

    def __repr__(self):
        return self._frame.to_string().rstrip("\n")


refuse_operators(Column, ("eq", "ne", *ORDERING, *ARITHMETIC),
                 'a Column is not computed with: df.filter("x > 3") keeps rows, df.with_("y = 2 * x") adds a column, '
                 'col.to_numpy() and col.to_list() give the values')
