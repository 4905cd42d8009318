#!/usr/bin/env python3
"""Writes the options of readers and writers as C tables, from the public headers that declare them.

    python3 gen_options.py include/frame lf_options.inc.h

An option is a field of `fr_csv_args` or `fr_csv_write_args`: its name, its C type and the comment beside it. What the
binding itself passes (context, schema, call site, padding) is left out. The words of an enumeration are its enumerators
without their common beginning: FR_ON_BAD_COLLECT is "collect".
"""
import pathlib
import re
import sys

STRUCTS = [("csv.h", "fr_csv_args", "csv_read_options"), ("csv.h", "fr_csv_write_args", "csv_write_options")]
OWN = {"size_", "pad_", "room_", "line_", "file_", "context", "schema"}
KINDS = {"const char *": "TEXT", "int64_t": "I64", "double": "F64", "bool": "BOOL"}
FIELD = re.compile(r"^    (const char \*|[\w]+(?: \*| ))\s*(\w+)(?:\[\d+\])?;\s*(?:/\*(.*?)\*/)?$", re.M)


def c_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def words_of(header, enum):
    body = re.search(r"typedef enum %s \{(.*?)\}" % enum, header, re.S).group(1)
    prefix = enum.upper() + "_"
    return [(word.removeprefix(prefix).lower(), " ".join(doc.split()))
            for word, doc in re.findall(r"^\s*(\w+),\s*/\*(.*?)\*/", body, re.M)]


def doc_of(header, enum):
    """The comment above an enumeration says what a field without one is about."""
    return " ".join(re.search(r"/\*([^*]*)\*/\ntypedef enum %s " % enum, header).group(1).split())


def options_of(header, struct):
    body = re.search(r"typedef struct %s \{(.*?)^\} %s;" % (struct, struct), header, re.S | re.M).group(1)
    for kind, name, doc in FIELD.findall(body):
        if name not in OWN:
            kind = kind if kind == "const char *" else kind.strip()
            yield kind, name, " ".join(doc.split()) or doc_of(header, kind)


def table(header, struct, name):
    lines, enums = [], []
    for kind, option, doc in options_of(header, struct):
        if kind in KINDS:
            words = ".words = NULL"
        else:
            enums.append(kind)
            words = f".words = words_of_{kind}, .n_words = sizeof words_of_{kind} / sizeof words_of_{kind}[0]"
        lines.append(f"    {{ .name = {c_text(option)}, .doc = {c_text(doc)},\n      {words}, "
                     f".kind = FR_OPTION_{KINDS.get(kind, 'WORD')}, .offset = offsetof({struct}, {option}) }},\n")
    assert lines, f"no options in {struct}"
    enum_tables = []
    for enum in dict.fromkeys(enums):
        rows = "".join(f"    {{ {c_text(word)}, {c_text(doc)} }},\n" for word, doc in words_of(header, enum))
        enum_tables.append(f"static const fr_word_info words_of_{enum}[] = {{\n{rows}}};\n\n")
    return "".join(enum_tables) + f"static const fr_option_info {name}[] = {{\n{''.join(lines)}}};\n\n"


def main():
    include, target = map(pathlib.Path, sys.argv[1:])
    text = "/* Written by gen_options.py from the public headers; do not edit. */\n\n"
    for header, struct, name in STRUCTS:
        text += table((include / header).read_text(encoding="utf-8"), struct, name)
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
