"""What the manual shows is true: commands in README and docs run and print what stands below them, C code compiles.

A block ```console holds commands behind "$ " and their exact output ("…" on a line of its own skips what it stands for);
a block ```c is a program if it has main, else a function body's worth of lines; ```c no-check is left alone.
"""
import os
import re
import subprocess

import pytest
from source import ROOT, short, text_of, tracked

BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
EXAMPLES = tracked("examples/*.c")


def blocks(kind):
    for path in tracked("*.md"):
        for number, match in enumerate(BLOCK.finditer(text_of(path))):
            if match.group(1).strip() == kind:
                yield pytest.param(match.group(2), id=f"{short(path)}-{number}")


def sessions(block):
    """(command, expected output) pairs; a line ending in a backslash continues."""
    pairs = []
    for line in block.splitlines():
        if line.startswith("$ "):
            pairs.append([line[2:], ""])
        elif pairs and pairs[-1][0].endswith("\\") and not pairs[-1][1]:
            pairs[-1][0] += "\n" + line
        elif pairs:
            pairs[-1][1] += line + "\n"
    return pairs


def shell(command, build, directory=ROOT):
    environment = dict(os.environ, PATH=f"{build}/bin:{os.environ['PATH']}", NO_COLOR="1", COLUMNS="100",
                       LC_ALL="C.UTF-8", FRAME_LEAKS="1")
    return subprocess.run(["bash", "-c", command], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600)


def matches(expected, actual):
    pieces = re.split(r"(?m)^…\n", expected)
    pattern = "(?:.*\n)*?".join(map(re.escape, pieces))
    return re.fullmatch(pattern, actual) is not None


@pytest.fixture(scope="session")
def sales(build):
    """The sample data, which README's commands read, and the directory that one of the recipes makes: any may be first."""
    (ROOT / "build" / "recipes").mkdir(parents=True, exist_ok=True)
    if not (ROOT / "datasets" / "sales_data.csv").exists():
        subprocess.run([build / "bin" / "make-datasets", ROOT / "datasets"], check=True)


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_is_shown(block, build, sales):
    for command, expected in sessions(block):
        if command.startswith("make "):
            continue
        result = shell(command, build)
        assert matches(expected, result.stdout + result.stderr), \
            f"$ {command}\n--- shown\n{expected}--- printed\n{result.stdout}{result.stderr}"


def compile_c(text, program, build, *more, source="-"):
    command = ["cc", "-std=c17", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", "-x", "c", source, "-o", program,
               *more, f"-L{build}/lib", f"-Wl,-rpath,{build}/lib", "-lframe-1"]
    return subprocess.run(list(map(str, command)), input=text, capture_output=True, text=True)


@pytest.mark.parametrize("block", blocks("c"))
def test_c_in_the_manual_compiles(block, build, tmp_path):
    if "int main(" in block:
        result = compile_c(block, tmp_path / "program", build)
    else:
        if not re.search(r"^\w[^;]*\)\n\{", block, re.M):
            block = "void lines(void);\nvoid lines(void)\n{\n" + block + "}\n"
        text = "#include <frame/frame.h>\n#include <stdio.h>\n" + block
        result = compile_c(text, tmp_path / "object.o", build, "-c", "-Wno-unused-variable", "-Wno-missing-prototypes")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("path", [pytest.param(path, id=short(path)) for path in EXAMPLES])
def test_example_compiles_and_prints_what_it_should(path, build, sales, tmp_path):
    program = tmp_path / path.stem
    result = compile_c(None, program, build, source=path)
    assert result.returncode == 0, result.stderr
    printed = shell(str(program), build)
    assert printed.returncode == 0, printed.stdout + printed.stderr
    assert printed.stderr == "", "an example leaks or complains"
    expected = path.with_suffix(".out")
    assert expected.exists(), f"{short(expected)} should hold:\n{printed.stdout}"
    assert printed.stdout == text_of(expected)
