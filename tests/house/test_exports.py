"""What leaves the shared library is exactly what the public headers mark FR_API, in node LIBFRAME_1."""
import subprocess

import pytest
from source import prototypes, public_headers


def nm(*arguments):
    return subprocess.run(["nm", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def library(build):
    return build / "lib" / "libframe-1.so"


def declared():
    return {name for header in public_headers() for name, _, _ in prototypes(header)}


def test_exported_names_are_the_marked_ones(library):
    names = [line.split()[-1] for line in nm("-D", "--defined-only", library).splitlines()]
    exported = {name.split("@")[0] for name in names} - {"LIBFRAME_1"}
    assert sorted(exported - declared()) == [], "exported, but not in a public header"
    assert sorted(declared() - exported) == [], "declared FR_API, but not in the library"


def test_every_export_is_versioned(library):
    names = [line.split()[-1] for line in nm("-D", "--defined-only", library).splitlines()]
    assert [name for name in names if name != "LIBFRAME_1" and not name.endswith("@@LIBFRAME_1")] == []


def test_soname_and_needed_libraries(library):
    dynamic = subprocess.run(["readelf", "-d", library], check=True, capture_output=True, text=True).stdout
    assert "[libframe-1.so.0]" in dynamic
    needed = {line.split("[")[1].rstrip("]") for line in dynamic.splitlines() if "(NEEDED)" in line}
    assert needed <= {"libc.so.6", "libm.so.6", "libz.so.1", "libutf8proc.so.2", "libpcre2-8.so.0", "ld-linux-x86-64.so.2"}, needed


def test_library_never_ends_the_process_and_never_prints_on_its_own(library):
    banned = {"exit", "_exit", "abort", "quick_exit", "__assert_fail", "printf", "__printf_chk", "puts", "perror",
              "setlocale", "longjmp", "siglongjmp", "system", "popen", "signal", "sigaction", "setenv", "putenv",
              "chdir", "umask", "rand", "srand", "random", "localtime", "gmtime", "strtok", "gets", "regcomp"}
    imported = {line.split()[-1].split("@")[0] for line in nm("-D", "--undefined-only", library).splitlines()}
    assert sorted(imported & banned) == []


def test_static_library_defines_every_public_name(build):
    defined = {line.split()[-1] for line in nm("--defined-only", build / "lib" / "libframe-1.a").splitlines()
               if len(line.split()) == 3}
    assert sorted(declared() - defined) == []
