"""What leaves the shared library is exactly what the public headers mark FR_API, in node LIBFRAME_1."""
import re
import subprocess

import pytest
from source import ROOT, prototypes, public_headers, text_of, tracked

VERSION = re.search(r"project\(libframe VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
PRIVATE = "LIBFRAME_PRIVATE_" + VERSION.replace(".", "_")


def nm(*arguments):
    return subprocess.run(["nm", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def library(build):
    return build / "lib" / "libframe-1.so"


OTHER_LIBRARIES = {"plot.h": "plot"}      # public headers whose functions are not in libframe-1


def declared(of=None):
    return {name for header in public_headers() if OTHER_LIBRARIES.get(header.name) == of
            for name, _, _ in prototypes(header)}


def marked_private():
    return {re.search(r"[ *](fr_\w+)(?=\(|;|\[)", line).group(1) for header in tracked("src/frame/*.h")
            for line in text_of(header).splitlines() if line.startswith("FR_PRIVATE ")}


def exports(library, node):
    names = [line.split()[-1] for line in nm("-D", "--defined-only", library).splitlines()]
    return {name.split("@")[0] for name in names if name.split("@@")[-1] == node} - {node}


def test_exported_names_are_the_marked_ones(library):
    exported = exports(library, "LIBFRAME_1")
    assert sorted(exported - declared()) == [], "exported, but not in a public header"
    assert sorted(declared() - exported) == [], "declared FR_API, but not in the library"


def test_every_export_is_versioned(library):
    nodes = {line.split()[-1].split("@@")[-1] for line in nm("-D", "--defined-only", library).splitlines()}
    assert nodes == {"LIBFRAME_1", PRIVATE}


def test_private_names_are_the_marked_ones(library):
    assert sorted(exports(library, PRIVATE) - {PRIVATE}) == sorted(marked_private())


def test_private_names_are_called_by_another_library(build):
    plot = build / "lib" / "libframe-plot-1.so"
    if not plot.exists():
        pytest.skip("built without libframe-plot-1")
    wanted = {line.split()[-1].split("@")[0] for line in nm("-D", "--undefined-only", plot).splitlines()}
    assert sorted(marked_private() - wanted) == []


def test_plot_library_exports_its_header(build):
    plot = build / "lib" / "libframe-plot-1.so"
    if not plot.exists():
        pytest.skip("built without libframe-plot-1")
    assert exports(plot, "LIBFRAME_1") == declared("plot")
    dynamic = subprocess.run(["readelf", "-d", plot], check=True, capture_output=True, text=True).stdout
    assert "[libframe-plot-1.so.0]" in dynamic


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
