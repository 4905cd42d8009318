"""Readers and writers. Their options come from the library's tables; the functions are made when the module is imported."""
import os

from . import _core, _hints
from ._hints import unexpected
from ._scan import Scan
from ._text import text_of
from ._verbs import docstring, explaining, frame_of, parameters, passed, python_name
from ._warnings import told

FILE, SCAN, SNIFF, BYTES, FILES = range(5)
READING, WRITING = _core.csv_options()


def source_of(source, how):
    """(how, source) as the extension takes them: a path, or the bytes of an open file or a buffer."""
    if isinstance(source, (str, os.PathLike)):
        path = os.fspath(source)
        return how, path if isinstance(path, bytes) else os.fsencode(path)
    if how != FILE:
        raise TypeError(f"only a path (or pattern, 'data/*.csv') can be scanned or sniffed, not {source!r}")
    if isinstance(source, (list, tuple)):
        wrong = [one for one in source if not isinstance(one, (str, os.PathLike))]
        if wrong or not source:
            raise TypeError(f"a list to read is one of paths, not {f'with {wrong[0]!r}' if wrong else 'empty'}")
        return FILES, tuple(os.fsencode(one) for one in source)
    if hasattr(source, "read"):
        source = source.read()
        if isinstance(source, str):
            source = source.encode("utf-8")
    if not isinstance(source, bytes):
        try:
            source = memoryview(source)
        except TypeError:
            raise TypeError(f"a path, a list of them, bytes or an open file can be read, not {source!r}") from None
    # a copy of what others could change while it is read without the GIL
    return BYTES, source if isinstance(source, bytes) else source.tobytes()


def schema_frame(schema):
    """A schema as a frame without rows."""
    from ._convert import empty_frame, wanted_schema
    if schema is None:
        return None
    names, types = wanted_schema(schema)
    if set(names) != set(types):
        raise ValueError("the schema of a file gives a type for every column; dtypes is for some of them")
    return empty_frame(types)._core


def _read(how, source, options, schema, context):
    how, source = source_of(source, how)
    return _core.read_csv(how, source, options, schema_frame(schema), context)


def _frame(handle):
    from ._frame import DataFrame
    return DataFrame._wrap(told(handle))


def _target(frame, path):
    """(handle, path) of what is written where."""
    if isinstance(frame, (str, os.PathLike)) or frame is None:
        raise TypeError(f"the frame comes first, then the path: write_csv(df, path), not {frame!r}")
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise TypeError(f"a path to write to, not {path!r}")
    return frame_of(frame), os.fsencode(path)


def _write(frame, path, options):
    return _frame(_core.write_csv(*_target(frame, path), options))


def make(name, first, options, body, doc):
    """A function whose keywords are the options of a table."""
    values = "".join(passed(option[0], option[1]) + ", " for option in options)
    source = explaining(name, [first, *parameters(options, positional=0)], body.format(values=f"({values})"),
                        ", READING_HINTS")
    scope = {"text_of": text_of, "_read": _read, "_write": _write, "_frame": _frame, "Scan": Scan, "unexpected": unexpected,
             "too_many": _hints.too_many, "READING_HINTS": _hints.READING}
    exec(compile(source, f"<libframe {name}>", "exec"), scope)     # the table is the library's own
    function = scope[name]
    function.__doc__ = docstring(doc, options)
    function.__module__ = "libframe"
    return function


def _reader(name, how, result, doc):
    body = f"{result}(_read({how}, source, {{values}}[:-2], schema, context))"
    return make(name, "source", READING + [SCHEMA, CONTEXT], body, doc)


SCHEMA = ("schema", "schema", None, "types of all columns by name, {\"price\": \"f64\", …}; a header must agree", ())
CONTEXT = ("context", "context", None, "the Context to read under, which results inherit", ())

read_csv = _reader("read_csv", FILE, "_frame",
                   "Read delimited text into a DataFrame: a path, paths in a list, a pattern, an open file, or bytes.\n"
                   "Several files are one table; those of \"data/*.csv\" come in the order of their names.\n\n"
                   "Types come from the whole file; what does not fit is an error with file, line and column, or (on_bad) a\n"
                   "row put aside, counted in df.account and listed in df.rejects. A path ending in .gz is decompressed.")
scan_csv = _reader("scan_csv", SCAN, "Scan._wrap",
                   "A Scan of a file: names and types now, rows when collect() runs, batch by batch.")
sniff_csv = _reader("sniff_csv", SNIFF, "_frame",
                    "What read_csv would decide about a file, and why: one row a decision.")
write_csv = make("write_csv", "frame, path", WRITING, "_write(frame, path, {values})",
                 "Write a frame as CSV and return a receipt (path, rows, bytes). A path ending in .gz is compressed.\n\n"
                 "The target is either the old file or the complete new one.")


def write_rejects(frame, path):
    """Write the rows that were put aside as CSV (line, column, reason, text) and return a receipt."""
    return _frame(_core.write_csv(*_target(frame, path), None))
