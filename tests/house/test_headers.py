"""Each public header compiles alone, twice included, as strict C17 and as C++, with gcc and (where present) clang."""
import re
import shutil
import subprocess

import pytest
from source import ROOT, code_of, public_headers, short

WARN = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wsign-conversion", "-Werror", "-fsyntax-only",
        f"-I{ROOT}/include"]
C = ["-x", "c", "-std=c17", "-Wstrict-prototypes", "-Wmissing-prototypes"]
CXX = ["-x", "c++", "-std=c++17"]
CHECKS = [("gcc", C), ("gcc", CXX), ("clang", C), ("clang", CXX)]


def compile_text(compiler, flags, text):
    return subprocess.run([compiler, *flags, *WARN, "-"], input=text, capture_output=True, text=True)


@pytest.mark.parametrize("header", public_headers(), ids=short)
@pytest.mark.parametrize("compiler, language", CHECKS, ids=["gcc-C", "gcc-C++", "clang-C", "clang-C++"])
def test_header_compiles_alone(header, compiler, language):
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    line = f"#include <frame/{header.name}>\n"
    result = compile_text(compiler, language, line + line)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("header", public_headers(), ids=short)
def test_public_structs_have_no_hidden_padding(header):
    result = compile_text("gcc", [*C, "-Wpadded"], f"#include <frame/{header.name}>\n")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("header", public_headers(), ids=short)
def test_header_has_guard_and_c_linkage(header):
    code = code_of(header)
    guard = "FRAME_" + header.stem.upper() + "_H"
    assert re.search(rf"#ifndef {guard}\n#define {guard}\n", code)
    if "FR_API" in code.replace("#define FR_API", ""):
        assert "FR_BEGIN_DECLS" in code and "FR_END_DECLS" in code


def test_all_headers_together():
    every = "".join(f"#include <frame/{header.name}>\n" for header in public_headers())
    for language in (C, CXX):
        result = compile_text("gcc", language, every)
        assert result.returncode == 0, result.stderr


def test_frame_h_is_the_whole_core():
    text = (ROOT / "include" / "frame" / "frame.h").read_text()
    missing = [h.name for h in public_headers() if h.name not in ("frame.h", "ml.h", "plot.h", "command.h")
               and f"#include <frame/{h.name}>" not in text]
    assert not missing
