"""libframe: dataframes in C, from Python.

    import libframe as lf

    sales = lf.read_csv("sales.csv")
    sales.filter("quantity > 0").group("region", agg="revenue = sum(quantity * unit_price)").sort("revenue", descending=True)

Nothing is lost silently, the answer depends on the data alone, and types stay. The verbs (filter, select, with_, group,
sort, join …) are methods of DataFrame; the language of their expressions is described in docs/expressions.md.
"""
from ._core import Context, quote, quote_text, version as __version__
from ._column import Column
from ._errors import (ArgumentError, CancelledError, DataError, DataTypeError, EncodingError, ExpressionError, FileError,
                      FolderError, ForbiddenFileError, FormatError, FrameError, InternalError, LimitError, MissingFileError,
                      ModuleError, NotFoundError, OutOfMemoryError, ParseError, RangeError, UnsupportedError)
from ._frame import DataFrame
from ._io import read_csv, scan_csv, sniff_csv, write_csv, write_rejects
from ._scan import Scan
from ._steps import Steps
from ._warnings import FrameWarning


def concat(frames, *more, relaxed=False, **elsewhere):
    """The rows of several frames, one below the other; relaxed: columns of different types become their common type."""
    if more:
        raise TypeError("concat takes a list of frames: lf.concat([first, second])")
    if elsewhere:
        from ._hints import unexpected
        raise unexpected(concat, elsewhere)
    from ._verbs import listed_frames
    frames = listed_frames(frames, "concat takes", "lf.concat([first, second])")
    frames = [frame if isinstance(frame, DataFrame) else DataFrame(frame) for frame in frames]
    if not frames:
        raise ValueError("concat needs at least one frame")
    first, *others = frames
    return first.concat(others=others, relaxed=relaxed) if others else first


concat.__wrapped__ = lambda frames, *, relaxed=False: None        # as signatures show it: the rest only has errors to say


__all__ = [name for name in dir() if not name.startswith("_")]


def __getattr__(name):
    from ._hints import MODULE
    said = f"module 'libframe' has no attribute {name!r}"
    if name in MODULE:
        raise AttributeError(f"{said}; here it is {MODULE[name]}")
    raise AttributeError(said, name=name, obj=__import__(__name__))          # Python looks for a similar name
