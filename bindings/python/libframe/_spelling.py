"""The library's hints as Python writes them; its own words are those of C.

    .day_first = true takes 03/04/2024 for April                  →  day_first=True takes 03/04/2024 for April
    .on_bad = FR_ON_BAD_COLLECT puts such rows aside              →  on_bad="collect" puts such rows aside
    .no_header and .names read it as a table of no rows           →  no_header=True and names read it as a table of no rows
    run it first with fr_collect                                  →  run it first with collect()
"""
import functools
import re

_OPTION = re.compile(r"(?:(?<=[ (])|^)\.([a-z_]+)\b(?: = (true|false|FR_[A-Z0-9_]+|(?=[\"'0-9])))?")
_VALUES = {"true": "True", "false": "False"}


@functools.cache
def _kinds():
    """The kind of each option that hints name."""
    from . import _core
    return {"bind": "bind", **{option[0]: option[1] for options in _core.csv_options() for option in options}}


def _option(found):
    name, value = found.groups()
    kind = _kinds().get(name)
    if kind is None:
        return found[0]
    if value is None:
        return f"{name}=True" if kind == "bool" else name
    if value.startswith("FR_"):
        value = f'"{value.removeprefix(f"FR_{name.upper()}_").lower()}"'
    return f"{name}={_VALUES.get(value, value)}"


def spelt(text):
    """A hint or a warning in the words of Python."""
    return _OPTION.sub(_option, text).replace("fr_collect", "collect()") if text else text
