"""DataFrame: a table of named, typed columns that never changes."""
from . import _core
from ._column import ROWS_AT_ONCE, Column
from ._convert import frame_from
from ._hints import ARITHMETIC, FRAME, ORDERING, missing, no_such_keyword, refuse_operators
from ._html import html_of
from ._spelling import spelt
from ._steps import steps_of
from ._verbs import Verbs
from ._warnings import told


def wanted_slice(index, length):
    """(offset, n) of a slice without step."""
    if index.step not in (None, 1):
        raise ValueError(f"rows are sliced one after the other, not by a step of {index.step}")
    start, stop, _ = index.indices(length)
    return start, max(stop - start, 0)


class DataFrame(Verbs):
    """A table: named, typed columns of equal length. It never changes; verbs return new ones that share memory.

        sales = lf.read_csv("sales.csv")
        sales.filter("quantity > 0").group("region", agg="revenue = sum(price)").sort("revenue", descending=True)

    data     dict of columns (lists, NumPy arrays, Series, Columns), list of dicts or rows, NumPy structured or 2-D array,
             pandas, polars or pyarrow data, anything with __arrow_c_stream__ or __arrow_c_array__
    schema   types by name, {"price": "f64", "zip": "str"}; or names, for data that have none; or (name, type) pairs
    context  the Context to live under

    Iterating goes over the names of the columns, as over a dict; rows() goes over rows.
    """

    __slots__ = ("_core", "__weakref__")

    def __new__(cls, data=None, schema=None, *, context=None, **elsewhere):
        if elsewhere:
            raise no_such_keyword(elsewhere)
        return cls._wrap(frame_from(data, schema, context))

    __new__.__wrapped__ = lambda cls, data=None, schema=None, *, context=None: None     # as signatures show it

    @classmethod
    def _wrap(cls, handle):
        self = object.__new__(cls)
        self._core = handle
        return self

    def _step(self, number, options):
        return type(self)._wrap(told(_core.run(self._core, number, options), self._core, *options))

    def __getattr__(self, name):
        raise missing(self, name, FRAME, () if name.startswith("_") else self._core.names())

    # ---- shape and schema --------------------------------------------------------------------------------------------
    def __len__(self):
        return self._core.length()

    def __bool__(self):
        raise TypeError("a frame is neither true nor false; ask for len(df)")

    @property
    def shape(self):
        """(rows, columns)."""
        return self._core.length(), self._core.width()

    @property
    def columns(self):
        """Names of the columns."""
        return self._core.names()

    @columns.setter
    def columns(self, names):
        raise AttributeError('a frame never changes: df = df.rename({"old": "new"}) has other names')

    @property
    def dtypes(self):
        """Types of the columns, as libframe writes them."""
        return self._core.types()

    @property
    def schema(self):
        """Types by name."""
        return dict(zip(self._core.names(), self._core.types()))

    @property
    def context(self):
        """The Context the frame lives under."""
        return self._core.context

    def with_context(self, context):
        """The same data under another context; what is made of it inherits that."""
        return type(self)._wrap(self._core.with_context(context))

    # ---- parts -------------------------------------------------------------------------------------------------------
    def __getitem__(self, key):
        """df["name"] is a Column, df[["a", "b"]] a frame of these columns, df[10:20] a frame of these rows."""
        if isinstance(key, str):
            return Column._of(self, key)
        if isinstance(key, slice):
            if isinstance(key.start, str) or isinstance(key.stop, str):
                raise TypeError(f"df[first:last] takes rows by their places, not {key.start!r} to {key.stop!r}; columns are "
                                'df[["a", "b"]]')
            offset, n = wanted_slice(key, len(self))
            return self.slice(offset, n)
        if isinstance(key, tuple) and any(not isinstance(one, str) for one in key):
            raise TypeError(f"rows and columns are asked for one after the other: df['x'][3], df[['x', 'y']][3:5], not {key!r}")
        if isinstance(key, (list, tuple)):
            return self.select(list(key))
        raise TypeError(f"df[name], df[[names]] or df[first:last], not {key!r}: rows by a condition are df.filter(…), "
                        "one row is next(df[i:i + 1].rows())")

    def __setitem__(self, key, value):
        raise TypeError('a frame never changes: df = df.with_(y="2 * x"), or df.with_(y=values), has one column more')

    def __setattr__(self, name, value):
        try:
            object.__setattr__(self, name, value)
        except AttributeError:
            if hasattr(type(self), name):
                raise
            raise AttributeError(f'a frame never changes: df = df.with_({name}="2 * x"), or df.with_({name}=values), has one '
                                 "column more") from None

    def __delitem__(self, key):
        raise TypeError(f"a frame never changes: df = df.drop({key!r}) has one column less")

    def __iter__(self):
        return iter(self._core.names())

    def __contains__(self, name):
        return isinstance(name, str) and self._core.find(name) >= 0

    def rows(self, named=False):
        """Iterate over the rows as tuples, or as dicts."""
        names, n = self.columns, len(self)
        for first in range(0, n, ROWS_AT_ONCE):
            part = self[first:first + ROWS_AT_ONCE]
            columns = [part[name].to_list() for name in names]
            rows = zip(*columns) if columns else (() for _ in range(len(part)))
            yield from (dict(zip(names, row)) for row in rows) if named else rows

    # ---- running -----------------------------------------------------------------------------------------------------
    def pipe(self, steps, *args, **keywords):
        """Run steps, planned together: a chain as text, Steps, or a list of these. A function is called with the frame.

            df.pipe("filter quantity > 0 | group region: n = size() | sort -n")
        """
        if callable(steps):
            return steps(self, *args, **keywords)
        return type(self)._wrap(told(_core.run_steps(self._core, steps_of(steps)), self._core))

    def explain(self, steps):
        """What pipe would do, one row a step; nothing is run."""
        return type(self)._wrap(_core.run_steps(self._core, steps_of(steps), True))

    # ---- what rides along --------------------------------------------------------------------------------------------
    @property
    def account(self):
        """What happened to the rows so far, one row a loading or cleaning step."""
        return type(self)._wrap(self._core.account())

    @property
    def rejects(self):
        """Rows that were put aside: line, column, reason, text."""
        return type(self)._wrap(self._core.rejects())

    @property
    def warnings(self):
        """Warnings of the reader and the steps, as texts: each was also given once, as FrameWarning."""
        return [spelt(text) for text in self._core.warnings()]

    # ---- comparing and showing ---------------------------------------------------------------------------------------
    def equals(self, other):
        """The same names, types, nulls and values; floats bit by bit, NaN equal to NaN."""
        return isinstance(other, DataFrame) and self._core.equal(other._core)

    def to_string(self, max_rows=20, max_columns=0, width=100):
        """The frame as a text table."""
        return self._core.text(max_rows, max_columns, width)

    def __repr__(self):
        return self.to_string().rstrip("\n")

    def _repr_html_(self):
        return html_of(self)

    # ---- out ---------------------------------------------------------------------------------------------------------
    def to_dict(self, orient="list"):
        """{name: list of Python values}; with "records" the same as to_pylist(), a list of dicts, one a row."""
        if orient == "records":
            return self.to_pylist()
        if orient != "list":
            raise ValueError(f'to_dict("list") or to_dict("records"), not {orient!r}: a frame has no index')
        return {name: self[name].to_list() for name in self.columns}

    def to_pylist(self):
        """A list of dicts, one a row."""
        return list(self.rows(named=True))

    def to_numpy(self, structured=False):
        """A 2-D array of all columns' common type, or a structured array; see Column.to_numpy for nulls."""
        from ._numpy import matrix_of, structured_of
        return structured_of(self) if structured else matrix_of(self)

    def __array__(self, dtype=None, copy=None):
        """What NumPy makes of a frame: to_numpy(). (Of what can be gone over it would take the items, which are names.)
        pandas asks for the same, and would lose names and types."""
        import sys
        if sys._getframe(1).f_globals.get("__name__", "").partition(".")[0] == "pandas":
            raise TypeError("pandas takes df.to_pandas(), with names and types")
        from ._numpy import handed_over
        return handed_over(self.to_numpy(), dtype, copy, is_shared=False)

    def to_pandas(self):
        """A pandas.DataFrame (a copy); integers and bools with nulls as pandas' nullable types."""
        from ._pandas import to_pandas
        return to_pandas(self)

    def to_polars(self):
        """A polars.DataFrame, without a copy where the layouts agree."""
        import polars
        return polars.DataFrame(self)

    def to_arrow(self):
        """A pyarrow.Table, without a copy where the layouts agree."""
        import pyarrow
        return pyarrow.table(self)

    def __arrow_c_stream__(self, requested_schema=None):
        return _core.export_stream(self._core, _core.wants_plain_text(requested_schema), 0)

    def __arrow_c_schema__(self):
        return _core.export_schema(self._core, False)

    def write_csv(self, path, **options):
        """Write the frame as CSV; see libframe.write_csv."""
        from ._io import write_csv
        return write_csv(self, path, **options)

    def __reduce__(self):
        names, types = self._core.names(), self._core.types()
        return _from_pickle, (1, names, types, _core.dump(self._core))


refuse_operators(DataFrame, ("eq", "ne"), "frames are compared by df.equals(other)")
refuse_operators(DataFrame, (*ORDERING, *ARITHMETIC), 'a frame is not computed with: df.filter("x > 3") keeps rows, '
                 'df.with_("y = 2 * x") adds a column')


def _from_pickle(version, names, types, dumped):
    if version != 1:
        raise ValueError(f"a frame pickled by a newer libframe (format {version}, this one reads 1)")
    frame = DataFrame._wrap(_core.load(dumped))
    if frame.columns != names:
        raise ValueError("a damaged pickle: its names and its columns differ")
    return frame if frame.dtypes == types else frame.cast(dict(zip(names, types)))
