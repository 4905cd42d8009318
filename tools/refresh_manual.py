#!/usr/bin/env python3
"""Runs every ```console block of the given pages and writes what the commands print below them.

    python3 tools/refresh_manual.py build README.md docs/*.md

tests/house/test_manual.py fails while a page shows something else. A block with "…" on a line of its own is left alone.
"""
import os
import re
import subprocess
import sys


def printed(command, build):
    environment = dict(os.environ, PATH=f"{os.path.abspath(build)}/bin:{os.environ['PATH']}", NO_COLOR="1",
                       COLUMNS="100", LC_ALL="C.UTF-8")
    result = subprocess.run(["bash", "-c", command], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, timeout=60)
    return result.stdout + result.stderr


def refreshed(match, build):
    commands = [line for line in match.group(1).splitlines() if line.startswith("$ ")]
    if re.search(r"^…$", match.group(1), re.M) or any(line.endswith("\\") for line in commands):
        return match.group(0)
    return "```console\n" + "".join(f"{line}\n{printed(line[2:], build)}" for line in commands) + "```"


def main():
    build, *pages = sys.argv[1:]
    for page in pages:
        with open(page, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"(?ms)^```console\n(.*?)^```", lambda match: refreshed(match, build), text)
        with open(page, "w", encoding="utf-8") as file:      # only now: a command that fails leaves the page as it was
            file.write(text)


if __name__ == "__main__":
    main()
