"""The build backend of the Python module (PEP 517): CMake builds the library, the command and the extension; this packs
them into a wheel.

A wheel holds the package libframe with `_core.abi3.so`, the library in libframe/lib and the command in libframe/bin, each
finding the next by a relative path. It is tagged for CPython 3.11 and everything later (abi3). An sdist holds this folder
and, in core/, the sources of the library.

    pip install ./bindings/python
    pip wheel ./bindings/python --config-settings build-dir=/tmp/frame      # keeps the build tree for the next time
"""
import base64
import hashlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
CORE = HERE / "core" if (HERE / "core").exists() else HERE.parent.parent
EPOCH = (1980, 1, 1, 0, 0, 0)          # of every file in the wheel, so that equal contents make equal wheels
BUILD_FILES = ("CMakeLists.txt", "CMakePresets.json", "LICENSE", "cmake", "include", "src", "datasets", "bench", "docs/frame.1")


# ---- metadata ----------------------------------------------------------------------------------------------------------
def project():
    return tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def version():
    text = (CORE / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"^project\(libframe VERSION ([\d.]+)", text, re.M).group(1)


def metadata():
    p = project()
    lines = ["Metadata-Version: 2.1", f"Name: {p['name']}", f"Version: {version()}", f"Summary: {p['description']}",
             f"License: {p['license']['text']}", f"Requires-Python: {p['requires-python']}"]
    lines += [f"Classifier: {one}" for one in p["classifiers"]]
    for extra, needs in p["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}", *(f'Requires-Dist: {need}; extra == "{extra}"' for need in needs)]
    lines += ["Description-Content-Type: text/markdown", "", (HERE / p["readme"]).read_text(encoding="utf-8")]
    return "\n".join(lines)


def tag():
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    return f"cp311-abi3-{platform}"


# ---- building ----------------------------------------------------------------------------------------------------------
def run(*command):
    try:
        subprocess.run([str(word) for word in command], check=True)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is needed to build libframe; on Debian: apt install build-essential cmake python3-dev "
                 "zlib1g-dev libutf8proc-dev libpcre2-dev")


def build(tree, staging):
    """Build the library and install it, all of it relocatable, into `staging`."""
    ninja = ["-G", "Ninja"] if shutil.which("ninja") else []
    module = [f"-DFRAME_PYTHON_DIR={HERE}"] if CORE != HERE.parent.parent else []
    run("cmake", "-S", CORE, "-B", tree, *ninja, "-DCMAKE_BUILD_TYPE=Release", "-DFRAME_TESTS=OFF", "-DCMAKE_INSTALL_LIBDIR=lib",
        f"-DFRAME_PYTHON={sys.executable}", *module)
    run("cmake", "--build", tree, "--parallel", os.environ.get("JOBS", os.cpu_count() or 1))
    run("cmake", "--install", tree, "--prefix", staging, "--strip")
    run("cmake", "--install", tree, "--prefix", staging, "--strip", "--component", "python")
    if not (staging / "python" / "libframe" / "_core.abi3.so").exists():
        sys.exit("the extension was not built: Python.h of Python 3.11 or later is missing (on Debian: apt install python3-dev)")


def package_files(staging):
    """(name in the wheel, file) of everything that is installed."""
    for path in sorted((staging / "python" / "libframe").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"libframe/{path.relative_to(staging / 'python' / 'libframe')}", path
    yield "libframe/bin/frame", staging / "bin" / "frame"
    for path in sorted((staging / "lib").glob("libframe-*.so.*")):
        if re.fullmatch(r"libframe(-\w+)*-1\.so\.\d+", path.name):          # the name the loader looks for; wheels hold no links
            yield f"libframe/lib/{path.name}", path.resolve()
    for path in sorted((staging / "lib" / "frame-1").glob("*.so")):
        yield f"libframe/lib/frame-1/{path.name}", path


# ---- wheels ------------------------------------------------------------------------------------------------------------
def add(wheel, record, name, data, mode=0o644):
    info = zipfile.ZipInfo(name, EPOCH)
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(info, data)
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    record.append(f"{name},sha256={digest},{len(data)}")


def wheel_text():
    return f"Wheel-Version: 1.0\nGenerator: frame_build\nRoot-Is-Purelib: false\nTag: {tag()}\n"


def scripts():
    return "[console_scripts]\n" + "".join(f"{name} = {target}\n" for name, target in project()["scripts"].items())


def about():
    """The files of the .dist-info folder, but for RECORD."""
    return {"METADATA": metadata(), "WHEEL": wheel_text(), "entry_points.txt": scripts(),
            "licenses/LICENSE": (CORE / "LICENSE").read_text(encoding="utf-8")}


def pack(path, files):
    info, record = f"libframe-{version()}.dist-info", []
    with zipfile.ZipFile(path, "w") as wheel:
        for name, file in files:
            add(wheel, record, name, file.read_bytes(), 0o755 if os.access(file, os.X_OK) and "/bin/" in name else 0o644)
        for name, text in about().items():
            add(wheel, record, f"{info}/{name}", text.encode())
        record.append(f"{info}/RECORD,,")
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD", EPOCH), "\n".join(record) + "\n")


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = pathlib.Path(metadata_directory) / f"libframe-{version()}.dist-info"
    for name, text in about().items():
        (info / name).parent.mkdir(parents=True, exist_ok=True)
        (info / name).write_text(text, encoding="utf-8")
    return info.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"libframe-{version()}-{tag()}.whl"
    with tempfile.TemporaryDirectory(prefix="frame-wheel-") as room:
        tree = pathlib.Path((config_settings or {}).get("build-dir") or pathlib.Path(room) / "build")
        staging = pathlib.Path(room) / "staging"
        build(tree, staging)
        pack(pathlib.Path(wheel_directory) / name, package_files(staging))
    return name


# ---- sdists ------------------------------------------------------------------------------------------------------------
def sources():
    """(name in the archive, file): this folder at the top, the library's sources in core/."""
    for path in sorted(HERE.rglob("*")):
        if path.is_file() and not {"__pycache__", "core"} & set(path.relative_to(HERE).parts):
            yield str(path.relative_to(HERE)), path
    for name in BUILD_FILES:
        top = CORE / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and path.suffix not in (".csv", ".gz", ".pyc"):
                yield f"core/{path.relative_to(CORE)}", path


def build_sdist(sdist_directory, config_settings=None):
    top = f"libframe-{version()}"
    with tarfile.open(pathlib.Path(sdist_directory) / f"{top}.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, path in sources():
            archive.add(path, f"{top}/{name}", recursive=False)
        text = metadata().encode()
        info = tarfile.TarInfo(f"{top}/PKG-INFO")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    return f"{top}.tar.gz"
