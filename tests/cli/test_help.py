"""The help: every command explains itself, and the committed manual is what the command prints."""
import pathlib
import re
import subprocess
import sys

import pytest


def run(frame_command, *words):
    return subprocess.run([frame_command, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)


def names(frame_command):
    overview = run(frame_command, "--help").stdout
    return re.findall(r"^  (\w+)  +\S", overview.split("Commands:\n")[1].split("\n\n")[0], re.M)


def test_overview_lists_the_commands(frame_command):
    assert {"view", "head", "sniff", "group", "join", "convert", "run", "explain"} <= set(names(frame_command))


def test_every_command_has_help_with_examples(frame_command):
    for name in names(frame_command):
        result = run(frame_command, name, "--help")
        assert result.returncode == 0 and result.stderr == ""
        assert result.stdout.startswith(f"frame {name} ")
        if name not in ("help", "version"):
            assert f"\n  frame {name} " in result.stdout or name == "view", name


@pytest.mark.parametrize("name", ["command.md", "frame.1"])
def test_manual_is_what_the_command_prints(frame_command, root, tmp_path, name):
    subprocess.run([sys.executable, root / "tools" / "make_docs.py", frame_command, tmp_path], check=True)
    committed = pathlib.Path(root, "docs", name)
    assert committed.read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8"), \
        "run tools/make_docs.py build/bin/frame"


def test_no_arguments_is_a_usage_error_that_helps(frame_command):
    result = run(frame_command)
    assert result.returncode == 2 and "frame FILE" in result.stderr and result.stdout == ""
