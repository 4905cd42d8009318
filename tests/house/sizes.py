#!/usr/bin/env python3
"""Prints the longest files and functions: a list of things to read again, not a test.

At 600 lines a file, or at 60 a function, ask whether there is a second noun in it.
"""
import re

from source import code_of, short, text_of, tracked


def functions(path):
    """(lines, name) of each function: from the brace in column 0 to its partner, as the house writes them."""
    lines = code_of(path).splitlines()
    for start, line in enumerate(lines):
        if line != "{":
            continue
        end = next((i for i in range(start, len(lines)) if lines[i].startswith("}")), start)
        head = " ".join(lines[max(0, start - 4):start])
        names = re.findall(r"(\w+)\s*\(", head)
        yield end - start - 1, names[-1] if names else "?"


def main():
    files = tracked("src/*.c", "src/*.h", "include/*.h")
    print("longest files")
    for n, name in sorted(((len(text_of(p).splitlines()), short(p)) for p in files), reverse=True)[:10]:
        print(f"  {n:5}  {name}")
    print("longest functions")
    for n, name, path in sorted(((n, name, short(p)) for p in files for n, name in functions(p)), reverse=True)[:10]:
        print(f"  {n:5}  {name}  {path}")


if __name__ == "__main__":
    main()
