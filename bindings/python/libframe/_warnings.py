"""What the library warns of, as warnings of Python: each text once, on the line of the program that caused it.

    >>> lf.DataFrame({"x": [1.5]}).cast({"x": "i64"})
    FrameWarning: values of 'x' lost their fractions as i64; trunc, floor or round before the cast says what is meant
"""
from os.path import dirname

from ._spelling import spelt


class FrameWarning(UserWarning):
    """Something to know about a result that is not an error; df.warnings lists all that ride on a frame."""


def _level():
    """The stacklevel of the innermost caller outside of this package and the functions it makes."""
    import sys
    frame, level = sys._getframe(2), 2
    while frame.f_back and frame.f_code.co_filename.startswith((dirname(__file__), "<libframe ")):
        frame, level = frame.f_back, level + 1
    return level


def warn(text):
    """One warning, at the line of the program."""
    import warnings
    warnings.warn(text, FrameWarning, _level())


def told(handle, *before):
    """The handle, after warning of what its frame says and those it was made of did not: handles, or tuples of them, among
    anything."""
    texts = handle.warnings()
    if texts:
        parts = [part for one in before for part in (one if isinstance(one, tuple) else (one,))]
        known = {text for part in parts if isinstance(part, type(handle)) for text in part.warnings()}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            import warnings
            level = _level()
            for text in fresh:
                warnings.warn(spelt(text), FrameWarning, level)
    return handle
