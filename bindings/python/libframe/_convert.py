"""Whatever holds a table, as a frame: the order in which DataFrame(data) looks, and what it refuses.

Arrow data keep their memory; Python values, NumPy arrays and pandas data are copied, since they may change under a frame.
"""
import collections
import collections.abc
import itertools

from . import _core
from ._column import Column
from ._text import type_text
from ._warnings import told

VALUES, BUFFER, ARROW = range(3)      # how a column is handed to the extension
AT_ONCE = 1 << 16                     # values of an iterator that are taken without a look at Ctrl-C and other threads


class Entry:
    """One column on its way: name, kind, what that kind needs, whether NaN means null (as it does in pandas), and the type
    where the values do not tell it."""

    __slots__ = ("name", "kind", "data", "nan_is_null", "type")

    def __init__(self, name, kind, data, nan_is_null=False, type=None):
        self.name, self.kind, self.data, self.nan_is_null, self.type = name, kind, data, nan_is_null, type


def is_from(value, package):
    return type(value).__module__.split(".")[0] == package


def name_of(name):
    """Names are texts; whole numbers, as pandas likes them, are written out."""
    if isinstance(name, str):
        return name
    if hasattr(name, "__index__") and not isinstance(name, bool):
        return str(name.__index__())
    raise TypeError(f"the name of a column is a text, not {name!r}")


def gathered(values):
    """All that something iterable gives, as a list or tuple."""
    if isinstance(values, (list, tuple)):
        return values
    values, found = iter(values), []
    while piece := list(itertools.islice(values, AT_ONCE)):
        found += piece
    return found


def plain_values(value, where):
    """An array among the values of a column, of NumPy, pandas or polars, as a list of Python values (and what NumPy gives for
    one datetime64, or where an array is masked); where: for messages."""
    if is_from(value, "numpy"):
        from ._numpy import plain
        return plain(value, where)
    if is_from(value, "polars"):
        from ._frame import DataFrame
        return DataFrame({"value": value})["value"].to_list()
    return value.tolist()


def refuse_objects(name, dtype):
    """polars hands out Python objects as their addresses."""
    if str(dtype) == "Object":
        raise TypeError(f"column {name!r}: polars' Object has no counterpart; values of one kind have")


def is_table(value):
    """Is it a table of this or another library, with columns of its own?"""
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


# ---- columns -----------------------------------------------------------------------------------------------------------
def column_entry(name, values):
    """An Entry for one column of a dict."""
    if isinstance(values, Column):
        return Entry(name, ARROW, _core.export_array(values._frame._core, False, True))
    if is_from(values, "pandas"):
        from ._pandas import series_entry
        return series_entry(name, values)
    if is_from(values, "numpy"):
        from ._numpy import array_entry
        return array_entry(name, values)
    if is_from(values, "polars"):
        refuse_objects(name, getattr(values, "dtype", None))
    if hasattr(values, "__arrow_c_array__"):
        return Entry(name, ARROW, values.__arrow_c_array__())
    if hasattr(values, "__arrow_c_stream__"):
        return stream_entry(name, values)
    if isinstance(values, (str, bytes, bytearray, collections.abc.Set, collections.abc.Mapping)):
        raise TypeError(f"column {name!r}: a column is a list or an array, not {type(values).__name__}")
    if not isinstance(values, collections.abc.Iterable):
        raise TypeError(f"column {name!r}: a column is a list or an array, not {values!r}")
    return Entry(name, VALUES, tuple(gathered(values)))


def stream_entry(name, values):
    """A chunked array: its chunks joined."""
    joined = _core.import_stream(values.__arrow_c_stream__(), None, True)
    return Entry(name, ARROW, _core.export_array(joined, False, True))


# ---- schemas -----------------------------------------------------------------------------------------------------------
def types_of(pairs):
    """{name: type as a text} of what a schema says; None leaves it to the values."""
    types = {name_of(name): type_text(kind) for name, kind in pairs if kind is not None}
    for name, kind in types.items():
        if not isinstance(kind, str):
            raise TypeError(f'schema gives types as texts, {{{name!r}: "f64"}}, not {kind!r}')
    return types


def wanted_schema(schema):
    """(names or None, {name: type}) of what a user calls a schema."""
    if schema is None:
        return None, {}
    if hasattr(schema, "schema") and isinstance(schema.schema, dict):      # of another frame
        schema = schema.schema
    if isinstance(schema, dict):
        return list(schema), types_of(schema.items())
    if isinstance(schema, (list, tuple)):
        if all(isinstance(one, str) for one in schema):
            check_unique(schema)
            return list(schema), {}
        if all(isinstance(one, (list, tuple)) and len(one) == 2 for one in schema):
            check_unique([name_of(name) for name, _ in schema])
            return [name_of(name) for name, _ in schema], types_of(schema)
    raise TypeError(f"schema is a dict of types by name, a list of names, or a list of (name, type), not {schema!r}")


def empty_frame(types):
    """No rows, columns of these types: a header and the types it declares."""
    from ._frame import DataFrame
    nothing = _core.build([(name, (), None, VALUES, False) for name in types], None)
    return DataFrame._wrap(nothing).cast(types)


def known_schemas(types):
    """For every column with a type given, that type as an Arrow schema of one field."""
    if not types:
        return {}
    empty = empty_frame(types)
    return {name: _core.export_schema(empty[[name]]._core, True) for name in types}


def assemble(entries, types, context):
    """The frame of these columns, each of the type given for it."""
    from ._frame import DataFrame
    names = {entry.name for entry in entries}
    unknown = [name for name in types if name not in names]
    if unknown:
        raise KeyError(f"schema names columns that are not there: {', '.join(map(repr, unknown))}")
    told = {entry.name: entry.type for entry in entries if entry.type}
    of_values = {entry.name for entry in entries if entry.kind == VALUES}
    known = known_schemas({name: kind for name, kind in {**told, **types}.items() if name in of_values})
    types = {**{name: kind for name, kind in told.items() if kind == "cat"}, **types}      # which is built as str
    built = _core.build([(entry.name, entry.data, known.get(entry.name), entry.kind, entry.nan_is_null) for entry in entries],
                        context)
    if not types:
        return built
    frame = DataFrame._wrap(built)
    return frame.cast(types)._core


def check_unique(names):
    """Names of columns are different, also where numbers became texts."""
    twice = sorted(name for name, n in collections.Counter(names).items() if n > 1)
    if twice:
        raise ValueError(f"two columns are called {twice[0]!r}")


# ---- tables ------------------------------------------------------------------------------------------------------------
def from_records(records):
    """Columns of a list of dicts: all names, in order of first appearance; None where a dict has none."""
    columns = {}
    for row, record in enumerate(records):
        if not isinstance(record, collections.abc.Mapping):
            raise TypeError(f"row {row} is {record!r}, the rows before it are dicts")
        for name in record:
            if name not in columns:
                columns[name] = None
    names = [name_of(name) for name in columns]
    check_unique(names)
    return {name_of(name): [record.get(name) for record in records] for name in columns}


def from_rows(rows, names):
    """Columns of a list of rows, named by the schema, by the fields of named tuples, or column_0, column_1 …"""
    width = len(rows[0])
    names = names or getattr(rows[0], "_fields", None) or [f"column_{i}" for i in range(width)]
    for row, values in enumerate(rows):
        if not isinstance(values, (list, tuple)) or len(values) != len(names):
            raise ValueError(f"row {row} is {values!r}, not {len(names)} values")
    return {name: [values[i] for values in rows] for i, name in enumerate(names)}


def from_sequence(rows, names):
    if not rows:
        return {name: [] for name in names or ()}
    if isinstance(rows[0], collections.abc.Mapping):
        return from_records(rows)
    if isinstance(rows[0], (list, tuple)):
        return from_rows(rows, names)
    if is_table(rows[0]):
        raise TypeError("several tables are put together by lf.concat([first, second])")
    raise TypeError(f"a table is a dict of columns or a list of dicts, not a list of {type(rows[0]).__name__}; "
                    'one column is {"name": [...]}')


def columns_of(data, names):
    """A table as {name: column}."""
    if data is None:
        return {name: [] for name in names or ()}
    if isinstance(data, collections.abc.Mapping):
        if any(is_from(column, "pandas") for column in data.values()):
            from ._pandas import check_indexes
            check_indexes(data)
        return data
    if isinstance(data, Column):
        return {data.name: data}
    if isinstance(data, (str, bytes, bytearray)):
        raise TypeError("a text is no table: read_csv reads files (and bytes)")
    if is_from(data, "pandas"):
        from ._pandas import pandas_columns
        return pandas_columns(data)
    if is_from(data, "numpy"):
        from ._numpy import array_columns
        return array_columns(data, names)
    if isinstance(data, collections.abc.Iterable):
        return from_sequence(list(gathered(data)), names)
    later = ": collect() it first" if hasattr(data, "collect") else ""
    raise TypeError(f"no table can be made of {data!r}{later}")


def arrow_frame(data, context):
    """Data with Arrow's interface as a frame, or None."""
    from ._frame import DataFrame
    if isinstance(data, DataFrame):
        return data._core if context is None else data._core.with_context(context)
    if is_from(data, "pandas") or isinstance(data, Column):
        return None
    if is_from(data, "polars"):
        if hasattr(data, "collect"):
            raise TypeError("a LazyFrame of polars is no table yet: collect() it")
        for name, dtype in getattr(data, "schema", {}).items():
            refuse_objects(name, dtype)
    if hasattr(data, "__arrow_c_stream__"):
        return _core.import_stream(data.__arrow_c_stream__(), context)
    if hasattr(data, "__arrow_c_array__"):
        return _core.import_array(*data.__arrow_c_array__(), context)
    return None


def frame_from(data, schema, context):
    """The handle of the frame that DataFrame(data, schema) stands for."""
    from ._frame import DataFrame
    names, types = wanted_schema(schema)
    arrow = arrow_frame(data, context)
    if arrow is None:
        columns = columns_of(data, names)
        entries = [column_entry(name_of(name), values) for name, values in columns.items()]
        if not types:
            return renamed(DataFrame._wrap(told_unless(names, assemble(entries, types, context))), names)._core
        return told(assemble(entries, types, context))
    frame = DataFrame._wrap(told_unless(names, arrow, getattr(data, "_core", None)))
    if not types:
        frame = renamed(frame, names)
    return (frame.cast(types) if types else frame)._core


def told_unless(names, handle, *before):
    """What a frame says when it is made, unless its columns, of which that is said, are given other names."""
    return handle if names else told(handle, *before)


def renamed(frame, names):
    """The frame with other names, by place; None: its own."""
    if names is None:
        return frame
    if len(names) != len(frame.columns):
        raise ValueError(f"{len(names)} names for {len(frame.columns)} columns")
    changes = {old: new for old, new in zip(frame.columns, names) if old != new}
    return frame.rename(changes) if changes else frame
