"""The verbs as methods, written from the library's table of verbs when the module is imported.

Each method is an ordinary Python function made from generated source, so its signature and its docstring are Python's own;
keywords that it has not are gathered only to say what they are called here. It hands its options to `self._step(number,
options)`: a DataFrame runs the step, Steps and a Scan remember it.

    def sort(self, by=None, *more, descending=False, nulls_first=False, **elsewhere):
        if more:
            by = several(sort, by, more)
        if elsewhere:
            raise unexpected(sort, elsewhere)
        return self._step(5, (by if by.__class__ is str else text_of(by, 'by'), descending, nulls_first))

Of with_, group and pivot, which make columns, keywords that it has not are names of columns: group("region", n="size()").
Those of with_ may also be values, which are put beside the frame.
"""
import datetime
import keyword
import re

from . import _core
from ._errors import ArgumentError, FrameError
from ._hints import check_new, named_columns, too_many, unexpected
from ._text import ASSIGNMENTS, text_of

ANNOTATIONS = {
    "text": "str | None", "i64": "int", "f64": "float", "bool": "bool", "frame": "_FrameLike | None",
    "frames": "Sequence[_FrameLike] | None", "value": "_Value", "bind": "_Value | Sequence[_Value] | Mapping[str, _Value]",
}


def python_name(name):
    """`with` is a word of Python: with_."""
    return name + "_" if keyword.iskeyword(name) else name


def python_doc(text):
    """A line of the table's documentation as Python says it."""
    text = re.sub(r"fr_v\((.*?)\)", r"\1", text).replace("by fr_named, of :name", "as a dict, of :name")
    return text.replace("NULL-terminated", "a list").replace("NULL", "None").replace("fr_rejects", "rejects")


def annotation(kind, name, words):
    """The type of an option, for stubs."""
    from . import _text
    if kind == "word":
        return f"Literal[{', '.join(repr(word) for word, _ in words)}]"
    if kind == "text" and name in _text.COLUMNS | _text.NAMES | _text.WORDS:
        pairs = name in _text.NAMES or name == "on"
        return "str | Sequence[str] | Mapping[str, str] | None" if pairs else "str | Sequence[str] | None"
    if kind == "text" and name in _text.ASSIGNMENTS:
        return "str | Sequence[str] | Mapping[str, str] | None"
    if kind == "text" and name in _text.TYPES:
        return "str | Mapping[str, _Type] | None"
    if kind == "text" and name in _text.PATHS:
        return "str | PathLike[str] | None"
    return ANNOTATIONS[kind]


def takes_names(options):
    """Does a verb take names of columns by place, and nothing else?"""
    from . import _text
    names = bool(options) and options[0][1] == "text" and options[0][0] in _text.COLUMNS
    return names and (len(options) == 1 or options[1][1] in ("bool", "word"))


def parameters(options, typed=False, positional=2):
    """The parameters of a signature: the first ones by place (no flags, no words), the rest by name only; where names of
    columns are all there is by place, as many as one likes."""
    parts = []
    names = positional > 0 and takes_names(options)
    for index, (name, kind, default, _, words) in enumerate(options):
        if "*" not in parts and index == 1 and names:
            parts.append("*more: str" if typed else "*more")
        elif not names and "*" not in parts and (index >= positional or kind in ("bool", "word")):
            parts.append("*")
        note = f": {annotation(kind, name, words)}" if typed else ""
        parts.append(f"{python_name(name)}{note}{' = ' if typed else '='}{default!r}")
    if names and len(options) == 1:
        parts.append("*more: str" if typed else "*more")
    if typed and any(option[0] in ASSIGNMENTS for option in options):
        takes_values = any(option[0] == "assign" for option in options)
        parts.append("**new: Iterable[Any]" if takes_values else "**new: str")      # a text is one
    return parts


def option_docs(options):
    """A line for each option, its words with what they mean below it."""
    lines = []
    for name, kind, _, doc, words in options:
        lines.append(f"{python_name(name)}: {python_doc(doc)}")
        lines += [f"    {word!r}: {python_doc(meaning)}" for word, meaning in words]
    return lines


def docstring(doc, options):
    lines = option_docs(options)
    if any(option[0] in ASSIGNMENTS for option in options):
        lines.append("**new: further columns, by their names: n='size()'")
    return "\n".join([python_doc(doc), "", *lines]) if options else python_doc(doc)


def passed(name, kind, first=None, verb=None):
    """How a method passes an option on; first: the method's first parameter."""
    own = python_name(name)
    if kind == "text":
        return f"{own} if {own}.__class__ is str else text_of({own}, {name!r}, {verb!r})"
    if kind == "frame":
        return f"frame_of({own}, {name!r})"
    if kind == "frames":
        return f"frames_of({own})"
    if kind == "value":
        return f"value_for(self, {python_name(first)}, {own})"
    return own


def several(function, first, more):
    """sort("day", "-tip"), select("a", "b"): texts by place are one list."""
    if not all(isinstance(text, str) for text in (first, *more)):
        raise too_many(function, more)
    return ", ".join((first, *more))


def explaining(name, parts, body, elsewhere="", makes=None):
    """The source of a function that says what other keywords are called here. It wraps one without **elsewhere, which is
    what inspect.signature shows (signatures made here would cost every program the import of inspect, 10 ms). makes: the
    parameter that names new columns; keywords name further ones."""
    shown = ", ".join([*parts, "**new"] if makes else parts)
    taken = ", ".join("*more" if part == "*" else part for part in parts)
    if "*more" not in taken:
        taken += ", *more"
    first = parts[1].partition("=")[0] if "*more" in parts else None
    more = f"{first} = several({name}, {first}, more)" if first else f"raise too_many({name}, more)"
    wrong = f"raise unexpected({name}, elsewhere{elsewhere})"
    others = f"{makes} = named_columns({name}, text_of({makes}, {makes!r}), elsewhere)" if makes else wrong
    if makes == "assign":
        others = (f"self, elsewhere = with_values({name}, self, elsewhere)\n"
                  f"        if not elsewhere and assign is None and bind is None:\n            return self\n        {others}")
    return (f"def {name}({shown}): pass\n"
            f"_shown = {name}\n"
            f"def {name}({taken}, **elsewhere):\n"
            f"    if more:\n        {more}\n"
            f"    if elsewhere:\n        {others}\n"
            f"    return {body}\n"
            f"{name}.__wrapped__ = _shown\n")


def frame_of(value, option=None):
    from ._frame import DataFrame
    from ._scan import Scan
    if value is None:
        if option == "right":
            raise TypeError('there is no frame to join with: df.join(other, "key")')
        return None
    if isinstance(value, Scan):
        value = value.collect()
    return (value if isinstance(value, DataFrame) else DataFrame(value))._core


def listed_frames(value, who, example):
    """The list of what anything holds that lists frames, and is no table itself; who, example: for messages."""
    from ._convert import is_table
    if is_table(value) or isinstance(value, (str, dict)) or not hasattr(value, "__iter__"):
        raise TypeError(f"{who} a list of frames, not a {type(value).__name__}: {example}")
    frames = list(value)
    for i, one in enumerate(frames):
        if one is None:
            raise TypeError(f"frame {i} of the list is None")
    return frames


def frames_of(value):
    """A tuple of the frames that are listed; None stays None."""
    if value is None:
        return None
    return tuple(frame_of(one) for one in listed_frames(value, "others is", "df.concat(others=[first, second])"))


def are_values(value):
    """Is it a list, an array, a Column or an iterator, and no text, number or function?"""
    ways = ("__len__", "__next__", "__arrow_c_stream__", "__arrow_c_array__")
    return any(hasattr(value, way) for way in ways) and not isinstance(value, (str, bytes, bytearray, dict, set, frozenset))


def with_values(function, owner, columns):
    """The frame with the columns that are given as values, and those that are given as texts, which may use them."""
    from ._frame import DataFrame
    values = {name: value for name, value in columns.items() if are_values(value)}
    if not values:
        return owner, columns
    check_new(function, values)
    if not isinstance(owner, DataFrame):
        raise TypeError(f"values of column {next(iter(values))!r} are put beside the rows of a DataFrame, which "
                        f"{type(owner).__name__} has not yet")
    beside = DataFrame(values)
    if len(beside) != len(owner):
        raise ArgumentError(f"with: column {next(iter(values))!r} has {len(beside):,} values, the frame {len(owner):,} rows")
    replaced = [name for name in values if name in owner]
    result = (owner.drop(replaced) if replaced else owner).join(beside, how="positional")
    if replaced:
        result = result.select([*owner.columns, *(name for name in values if name not in owner)])
    return result, {name: value for name, value in columns.items() if name not in values}


def value_for(owner, columns, value):
    """The value, if it is one of these columns. The library knows no zones of values and takes moments as UTC: one with a
    zone would become another time in a column without, and the reverse."""
    from ._frame import DataFrame
    if not isinstance(value, datetime.datetime):
        return value
    zoned = value.utcoffset() is not None
    if not isinstance(owner, DataFrame):            # what the column will be is not known yet
        if zoned:
            raise TypeError(f"{value!r} has a zone, which {type(owner).__name__} cannot keep: give the time in UTC without "
                            "one, or fill a DataFrame")
        return value
    try:
        schema = owner.schema if columns is None else owner.select(columns).schema
    except FrameError:
        return value                                # the verb itself says what is wrong
    for name, kind in schema.items():
        if kind.startswith("datetime[") and ("," in kind) != zoned:
            advice = "give it without one" if zoned else "give it with tzinfo"
            raise TypeError(f"column {name!r} is {kind}, and {value!r} has {'a' if zoned else 'no'} zone: {advice}")
    return value


def method_of(number, verb):
    """The method of one verb."""
    name, doc, options = verb
    scope = {"text_of": text_of, "frame_of": frame_of, "frames_of": frames_of, "value_for": value_for, "unexpected": unexpected,
             "too_many": too_many, "several": several, "named_columns": named_columns,
             "with_values": with_values}
    makes = next((option[0] for option in options if option[0] in ASSIGNMENTS), None)
    values = "".join(passed(option[0], option[1], options[0][0], name) + ", " for option in options)
    source = explaining(python_name(name), ["self", *parameters(options)], f"self._step({number}, ({values}))", makes=makes)
    exec(compile(source, f"<libframe verb {name}>", "exec"), scope)      # the table is the library's own
    method = scope[python_name(name)]
    method.__doc__ = docstring(doc, options)
    method.__module__ = __name__
    method.__qualname__ = method.__name__           # as errors say it, of whichever class
    return method


class Verbs:
    """What DataFrame, Scan and Steps share: a method for every verb of the table."""

    __slots__ = ()


for _number, _verb in enumerate(_core.verbs()):
    setattr(Verbs, python_name(_verb[0]), method_of(_number, _verb))
