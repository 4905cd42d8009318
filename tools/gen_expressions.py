#!/usr/bin/env python3
"""Write the tables of functions and aggregates in docs/expressions.md, between its markers, from functions.def.h and
aggregates.def.h."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs/expressions.md"
TEXT = r'"((?:[^"\\]|\\.)*)"'
LINE = re.compile(rf"^FUNCTION\({TEXT},\s*{TEXT},\s*{TEXT},\s*{TEXT},\s*([^,]+),\s*([^,]+),\s*([^,]+),\s*([^,]+),\s*"
                  rf"{TEXT},\s*{TEXT},\s*{TEXT}\)", re.M)
AGGREGATE = re.compile(rf"^AGGREGATE\((\w+), (\d), (\d), {TEXT},[^\"]*{TEXT}\)", re.M)
DEFAULTS = {"skipnan": "false", "min_count": "0", "ddof": "1", "interpolation": "'linear'"}
TITLES = {"logic": "Logic and nulls", "types": "Types", "math": "Numbers", "text": "Text", "patterns": "Regular expressions",
          "lists": "Lists", "structs": "Structs", "dates": "Dates and times", "zones": "Time zones", "durations": "Durations",
          "rows": "Other rows (all take `over`)"}


def plain(text):
    return text.replace('\\"', '"').replace("\\\\", "\\").replace("|", "\\|")


def tables():
    family = None
    table = (ROOT / "src/frame/expr/functions.def.h").read_text(encoding="utf-8")
    for match in LINE.finditer(re.sub(r'"\n\s*"', "", table)):           # a long text is written in several pieces
        name, group, params, _, _, _, _, _, doc, example, result = match.groups()
        if group == "operators":
            continue
        if group != family:
            family = group
            yield f"\n### {TITLES[group]}\n\n| function | gives | example | value |\n|---|---|---|---|"
        yield f"| `{name}({plain(params)})` | {plain(doc)} | `{plain(example)}` | `{plain(result)}` |"


def arguments(least, most, options):
    """What a call may look like: "x, y, ddof = 1, skipnan = false"."""
    columns = ["x", "y"][:int(most)] if least == most else ["x = …"]
    return ", ".join(columns + [f"{name} = {DEFAULTS[name]}" if name in DEFAULTS else name for name in options.split()])


def aggregates():
    yield "\n### Aggregates (in `group`, or with `over`)\n\n| aggregate | gives |\n|---|---|"
    for match in AGGREGATE.finditer((ROOT / "src/frame/ops/aggregates.def.h").read_text(encoding="utf-8")):
        name, least, most, options, doc = match.groups()
        yield f"| `{name}({arguments(least, most, options) if most != '0' else ''})` | {plain(doc)} |"


def main():
    text = MANUAL.read_text(encoding="utf-8")
    before, rest = text.split("<!-- functions -->", 1)
    after = rest.split("<!-- end of functions -->", 1)[1]
    middle = "<!-- functions -->" + "\n".join([*tables(), *aggregates()]) + "\n\n<!-- end of functions -->"
    MANUAL.write_text(before + middle + after, encoding="utf-8")


if __name__ == "__main__":
    main()
