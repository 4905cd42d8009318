#!/usr/bin/env python3
"""Writes docs/command.md and docs/frame.1 from what `frame help all` prints, so that they cannot drift apart.

    python3 tools/make_docs.py build/bin/frame [DIRECTORY]
"""
import pathlib
import subprocess
import sys


def pages(command):
    text = subprocess.run([command, "help", "all"], check=True, capture_output=True, text=True).stdout
    return text.split("\n----\n\n")


def markdown(overview, commands):
    parts = ["# The command `frame`\n\nWritten by tools/make_docs.py from `frame help all`; do not edit.\n\n",
             f"```text\n{overview.rstrip()}\n```\n"]
    for page in commands:
        title = page.split("\n", 1)[0]
        parts.append(f"\n## {title}\n\n```text\n{page.split(chr(10), 2)[2].rstrip()}\n```\n")
    return "".join(parts)


def roff(text):
    lines = []
    for line in text.rstrip().split("\n"):
        line = line.replace("\\", "\\e").replace("-", "\\-")
        lines.append("\\&" + line if line.startswith((".", "'")) else line)
    return "\n".join(lines)


def manual(overview, commands):
    parts = ['.\\" Written by tools/make_docs.py from `frame help all`; do not edit.\n',
             '.TH FRAME 1 "" "libframe" "User Commands"\n.SH NAME\nframe \\- look at, clean, group and join tables\n',
             ".SH SYNOPSIS\n.B frame\nFILE ['STEP | STEP ...']\n.br\n.B frame\nCOMMAND ...\n",
             f".SH DESCRIPTION\n.nf\n{roff(overview)}\n.fi\n.SH COMMANDS\n"]
    for page in commands:
        title, rest = page.split("\n", 1)
        parts.append(f".SS {roff(title)}\n.nf\n{roff(rest.lstrip(chr(10)))}\n.fi\n")
    return "".join(parts)


def main():
    overview, *commands = pages(sys.argv[1])
    target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "docs")
    target.mkdir(exist_ok=True)
    (target / "command.md").write_text(markdown(overview, commands), encoding="utf-8")
    (target / "frame.1").write_text(manual(overview, commands), encoding="utf-8")


if __name__ == "__main__":
    main()
