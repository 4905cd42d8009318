#!/usr/bin/env python3
"""Writes libframe/__init__.pyi: stubs.pyi.in with the verbs and the readers' options put in from the library's tables.

    PYTHONPATH=build/python python3 gen_stubs.py stubs.pyi.in __init__.pyi
"""
import pathlib
import re
import sys

import libframe._core as core
from libframe import _io, _verbs


def verbs(returns):
    lines = []
    for name, doc, options in core.verbs():
        given = ", ".join(["self", *_verbs.parameters(options, typed=True)])
        lines.append(f"    def {_verbs.python_name(name)}({given}) -> {returns}:\n"
                     f"        {_verbs.python_doc(doc)!r}\n")
    return "\n".join(lines)


def options(table):
    return ", ".join(_verbs.parameters(table, typed=True, positional=0))


def main():
    template, target = map(pathlib.Path, sys.argv[1:])
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"^    # VERBS -> (\w+)\n", lambda match: verbs(match[1]), text, flags=re.M)
    text = text.replace("READING", options(_io.READING)).replace("WRITING", options(_io.WRITING))
    target.write_text("# Written by gen_stubs.py; do not edit.\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
