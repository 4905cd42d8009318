"""Texts the library reads, written from what Python users have at hand: lists of columns, dicts of expressions.

    ["region", "unit price"]            region, `unit price`
    {"revenue": "quantity * price"}     revenue = quantity * price
    ["sum(price)", "n = size()"]        sum(price); n = size()
    {"qty": "quantity"}                 qty as quantity
    {"zip": "str"}                      zip: str
    {"product": "id"}                   product = id: a key of the left and of the right

A list holds names, each taken as it is; keys such as "revenue desc" and selectors such as "numeric()" are written in one
text. Which option reads what stands here, by its name; a test sees to it that none is missing.
"""
import os
from collections.abc import Mapping

from . import _core
from ._errors import ArgumentError

COLUMNS = {"by", "columns", "index", "left_on", "on", "parse_dates", "right_on", "values"}      # names of columns
ALL_WITHOUT = {"columns", "on", "values"}                                   # all columns, where none are named
WORDS = {"na_values", "only", "true_values", "false_values"}                        # words, separated by commas
ASSIGNMENTS = {"agg", "assign"}                                             # name = expression; …
NAMES = {"names"}                                                           # old as new, …, or new names
TYPES = {"dtypes", "types"}                                                 # name: type, …
PATHS = {"path"}
PYTHON_TYPES = {"int": "i64", "float": "f64", "str": "str", "bool": "bool", "bytes": "binary", "date": "date", "time": "time",
                "datetime": "datetime[us]", "timedelta": "duration[us]"}
PLAIN = {"comment", "decimal", "encoding", "escape", "format", "left_suffix", "line_end", "na", "naming", "options", "quote",
         "right_suffix", "sep", "thousands", "value", "variable", "where"}


def _names(value, option):
    for name in value:
        if not isinstance(name, str):
            rows = "; rows by a condition are df.filter(…)" if type(name).__name__ in ("bool", "bool_") else ""
            raise TypeError(f"{option} lists names of columns, not {name!r}{rows}")
    return ", ".join(map(_core.quote, value))


def _words(value, option):
    for word in value:
        if not isinstance(word, str) or ("'" in word and '"' in word):
            raise TypeError(f"{option} lists words, without both kinds of quotes in one, not {word!r}")
    return ", ".join(f'"{word}"' if "'" in word else f"'{word}'" for word in value)


def _statements(value, option):
    for text in value:
        if not isinstance(text, str):
            raise TypeError(f'{option} lists texts such as "y = 2 * x", not {text!r}')
    return "; ".join(value)


def type_text(kind):
    """A type as libframe writes it, also of Python's classes and NumPy's types; anything else as it is."""
    if isinstance(kind, type) and kind.__module__ in ("builtins", "datetime"):
        return PYTHON_TYPES.get(kind.__name__, kind)
    module = getattr(kind if isinstance(kind, type) else type(kind), "__module__", "").partition(".")[0]
    if module != "numpy":
        return kind
    import numpy
    dtype = numpy.dtype(kind)
    unit = numpy.datetime_data(dtype)[0] if dtype.kind in "Mm" else None
    if unit is not None:
        return f"{'datetime' if dtype.kind == 'M' else 'duration'}[{unit}]" if unit in ("s", "ms", "us", "ns") else kind
    return {"U": "str", "T": "str", "S": "binary"}.get(dtype.kind, dtype.name)


def _pairs(value, option, write, between):
    if option in TYPES:
        value = {key: type_text(kind) for key, kind in value.items()}
    for key, text in value.items():
        if not isinstance(key, str) or not isinstance(text, str):
            example = ('{"x": "f64"}' if option in TYPES else '{"y": "2 * x"}' if option in ASSIGNMENTS
                       else '{"left": "right"}' if option == "on" else '{"old": "new"}')
            raise TypeError(f"{option} is a dict of texts such as {example}, not {key!r}: {text!r}")
    return between.join(write(_core.quote(key), text) for key, text in value.items())


def _example(option):
    if option == "where":
        return ' such as "x > 3"'
    if option in ASSIGNMENTS:
        return ' such as "y = 2 * x", a list of these or a dict'
    if option == "names":
        return ' such as "old as new", or a dict {"old": "new"}'
    return " or a list of names" if option in COLUMNS else ""


def text_of(value, option, verb=None):
    """The text of an option of a verb; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if option in PATHS:
        return os.fspath(value)
    if option in ALL_WITHOUT and isinstance(value, (list, tuple, Mapping)) and not value:
        raise ArgumentError(f"{option} lists nothing: a list made by a program that came out empty? Without {option} all are meant")
    if isinstance(value, (list, tuple)) and verb == "rename":
        raise TypeError('names says the old ones, too: df.rename({"old": "new"}), all by df.rename(dict(zip(df.columns, names)))')
    if isinstance(value, (list, tuple)) and option in COLUMNS | NAMES:
        return _names(value, option)
    if isinstance(value, (list, tuple)) and option in WORDS:
        return _words(value, option)
    if isinstance(value, (list, tuple)) and option in ASSIGNMENTS:
        return _statements(value, option)
    if isinstance(value, Mapping) and option in ASSIGNMENTS:
        return _pairs(value, option, lambda name, text: f"{name} = {text}", "; ")
    if isinstance(value, Mapping) and option in NAMES:
        return _pairs(value, option, lambda name, text: f"{name} as {_core.quote(text)}", ", ")
    if isinstance(value, Mapping) and option == "on":
        return _pairs(value, option, lambda name, text: f"{name} = {_core.quote(text)}", ", ")
    if isinstance(value, Mapping) and option in TYPES:
        return _pairs(value, option, lambda name, text: f"{name}: {text}", ", ")
    hint = ""
    if verb == "fill_null" and isinstance(value, (int, float)):
        hint = f"; fill_null(value={value!r}) fills all columns"
    elif verb == "fill_null" and isinstance(value, dict):
        hint = '; one after the other: df.fill_null("a", 0).fill_null("b", 1.5)'
    raise TypeError(f"{option} is a text{_example(option)}, not {value!r}{hint}")
