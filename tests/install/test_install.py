"""The installed tree is enough: a stranger builds against it by pkg-config, by CMake, statically, and from C++."""
import os
import pathlib
import shlex
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
STRICT = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def run(*command, **keywords):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, **keywords)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def prefix(build, tmp_path_factory):
    if build.name != "build":
        pytest.skip("only the release build is installed")
    prefix = tmp_path_factory.mktemp("installed")
    run("cmake", "--install", build, "--prefix", prefix)
    return prefix


@pytest.fixture(scope="module")
def libdir(prefix):
    return next(prefix.rglob("libframe-1.so")).parent


def pkg_config(libdir, *arguments, package="libframe-1"):
    environment = dict(os.environ, PKG_CONFIG_PATH=str(libdir / "pkgconfig"))
    return shlex.split(run("pkg-config", *arguments, package, env=environment))


def says_its_version(program, libdir=None):
    environment = dict(os.environ, **({"LD_LIBRARY_PATH": str(libdir)} if libdir else {}))
    assert run(program, env=environment).startswith("libframe 0.1.0")


def test_what_is_installed_and_where(prefix, libdir):
    for name in ("bin/frame", "include/libframe-1/frame/frame.h", "share/man/man1/frame.1",
                 "share/bash-completion/completions/frame"):
        assert (prefix / name).exists(), name
    for name in ("libframe-1.a", "libframe-1.so.0", "pkgconfig/libframe-1.pc", "cmake/libframe/libframe-config.cmake"):
        assert (libdir / name).exists(), name


def test_installed_command_finds_its_library(prefix):
    environment = {key: value for key, value in os.environ.items() if key != "LD_LIBRARY_PATH"}
    assert "0.1.0" in run(prefix / "bin" / "frame", "--version", env=environment)


def test_installed_command_finds_its_parts(prefix):
    environment = {key: value for key, value in os.environ.items() if key not in ("LD_LIBRARY_PATH", "FRAME_MODULES")}
    assert "<h1>Title</h1>" in run(prefix / "bin" / "frame", "report", "-", env=environment, input="# Title\n")


def test_by_pkg_config(libdir, tmp_path):
    program = tmp_path / "consumer"
    run("cc", *STRICT, HERE / "consumer.c", "-o", program, *pkg_config(libdir, "--cflags", "--libs"))
    says_its_version(program, libdir)


def test_statically(libdir, tmp_path):
    program = tmp_path / "consumer"
    flags = [str(libdir / "libframe-1.a") if word == "-lframe-1" else word
             for word in pkg_config(libdir, "--cflags", "--libs", "--static")]
    run("cc", *STRICT, HERE / "consumer.c", "-o", program, *flags)
    assert "libframe-1" not in run("ldd", program)
    says_its_version(program)


def test_from_cxx(libdir, tmp_path):
    program = tmp_path / "consumer"
    run("c++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", HERE / "consumer.cpp", "-o", program,
        *pkg_config(libdir, "--cflags", "--libs"))
    says_its_version(program, libdir)


def test_by_cmake(prefix, tmp_path):
    run("cmake", "-S", HERE, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path)
    for language in ("c", "cxx"):
        for kind in ("libframe", "libframe_static"):
            says_its_version(tmp_path / f"consumer_{language}_{kind}")


def draws_a_chart(program, libdir, folder):
    environment = dict(os.environ, LD_LIBRARY_PATH=str(libdir))
    assert run(program, env=environment, cwd=folder).startswith("libframe 0.1.0")
    assert "North" in (folder / "chart.svg").read_text()


@pytest.mark.parametrize("compiler, source", [(["cc", *STRICT], "chart.c"),
                                              (["c++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic"], "chart.cpp")])
def test_charts_by_pkg_config(libdir, tmp_path, compiler, source):
    if not (libdir / "libframe-plot-1.so").exists():
        pytest.skip("built without libframe-plot-1")
    program = tmp_path / "chart"
    run(*compiler, HERE / source, "-o", program, *pkg_config(libdir, "--cflags", "--libs", package="libframe-plot-1"))
    draws_a_chart(program, libdir, tmp_path)


def test_charts_by_cmake(prefix, libdir, tmp_path):
    if not (libdir / "libframe-plot-1.so").exists():
        pytest.skip("built without libframe-plot-1")
    run("cmake", "-S", HERE, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path, "--target", "chart_c", "chart_cxx")
    for language in ("c", "cxx"):
        draws_a_chart(tmp_path / f"chart_{language}", libdir, tmp_path)


def test_installed_files_name_no_build_path(prefix, root):
    named = [str(path) for path in prefix.rglob("*") if path.is_file() and str(root).encode() in path.read_bytes()]
    assert not named
