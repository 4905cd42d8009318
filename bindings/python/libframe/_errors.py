"""Exceptions: one class a kind of failure, each also what Python users catch for it (KeyError, ValueError …)."""

_FACTS = ("code", "message", "hint", "step", "column", "path", "source", "row", "line", "byte", "position")


class FrameError(Exception):
    """Something libframe could not do.

    str() is the whole story: place, step, message, hint, and a caret where a text is to blame. The parts are attributes,
    None where they do not apply:

    code      a word: "not found", "type", "syntax", "parse", "overflow" …
    message   one line, without the place;  hint: what to try
    step      the verb;  column: the column to blame;  path: the file
    row       0-based row of the step's input;  line: line of the file;  byte: offset in the file
    source    the expression or text that position (a byte offset) points into
    """

    code = message = hint = step = column = path = source = row = line = byte = position = None

    def __str__(self):
        return str(self.args[0]) if self.args else ""

    def __reduce__(self):
        facts = {name: value for name in _FACTS if (value := self.__dict__.get(name)) is not None}
        return _again, (type(self), self.args, facts)


def _again(kind, args, facts):
    error = kind(*args)
    error.__dict__.update(facts)
    return error


class ArgumentError(FrameError, ValueError):
    """An argument is missing, contradictory or out of range."""


class OutOfMemoryError(FrameError, MemoryError):
    """An allocation failed."""


class LimitError(FrameError, MemoryError):
    """A limit of the context was reached, its memory budget among them; the message names it."""


class CancelledError(FrameError, RuntimeError):
    """The context was cancelled, or its time is up."""


class FileError(FrameError, OSError):
    """The operating system refused; errno and filename are set."""


class MissingFileError(FileError, FileNotFoundError):
    """There is no such file."""


class ForbiddenFileError(FileError, PermissionError):
    """The file may not be opened."""


class FolderError(FileError, IsADirectoryError):
    """A folder where a file was expected."""


class NotFoundError(FrameError, KeyError):
    """No such column, function, option or format; the hint has the nearest name."""


class DataTypeError(FrameError, TypeError):
    """An operation has no meaning for these types."""


class ExpressionError(FrameError, ValueError):
    """An expression, list of columns or job does not parse; position says where."""


class ParseError(FrameError, ValueError):
    """Text in the data is not what its column says."""


class FormatError(FrameError, ValueError):
    """A file or stream is not of its format."""


class EncodingError(FrameError, UnicodeError):
    """Text is not valid UTF-8, or not in the encoding that was named."""


class RangeError(FrameError, OverflowError):
    """A result does not fit its type."""


class DataError(FrameError, ValueError):
    """A value breaks a rule: duplicate key, lossy cast, ambiguous date."""


class UnsupportedError(FrameError, NotImplementedError):
    """Known, and not built; the message says what to use instead."""


class ModuleError(FrameError, ImportError):
    """An optional part of the library cannot be loaded; the hint names its package."""


class InternalError(FrameError, SystemError):
    """A bug in libframe; please report it."""


_CLASSES = {
    "argument": ArgumentError, "memory": OutOfMemoryError, "limit": LimitError, "cancelled": CancelledError,
    "io": FileError, "not found": NotFoundError, "type": DataTypeError, "syntax": ExpressionError, "parse": ParseError,
    "format": FormatError, "encoding": EncodingError, "overflow": RangeError, "value": DataError,
    "unsupported": UnsupportedError, "module": ModuleError, "internal": InternalError,
}
_BY_ERRNO = {2: MissingFileError, 13: ForbiddenFileError, 1: ForbiddenFileError, 21: FolderError}


def raising(code, errno, text, hint):
    """The exception for a code of the library and, for files, an errno; the hint, which is in the text, in Python's words."""
    from ._spelling import spelt
    kind = _BY_ERRNO.get(errno, FileError) if code == "io" else _CLASSES.get(code, FrameError)
    error = kind(text.replace(f"({hint})", f"({spelt(hint)})") if hint else text)
    error.hint = spelt(hint)
    return error
