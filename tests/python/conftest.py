"""Tests of the Python module, from the build tree: build/python holds the whole package."""
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / os.environ.get("FRAME_BUILD", "build") / "python"
INSTALLED = os.environ.get("FRAME_INSTALLED")            # set where an installed wheel is tested instead

if not INSTALLED:
    sys.path.insert(0, str(PACKAGE))
try:
    import libframe
except ImportError as error:
    libframe = None
    reason = f"no Python module in {PACKAGE}: {error}"


def pytest_ignore_collect(collection_path, config):
    return True if libframe is None and collection_path.name.startswith("test_") else None


def pytest_sessionstart(session):
    if libframe is None and "frame_python" in (PACKAGE.parent / "build.ninja").read_text(errors="replace"):
        pytest.exit(reason, returncode=1)


@pytest.fixture
def python():
    """Runs a program in a Python of its own, with the module; gives what it printed. FRAME_LEAKS is on, stderr must be empty."""
    def run(text, *arguments, status=0, **environment):
        env = dict(os.environ, FRAME_LEAKS="1", PYTHONDONTWRITEBYTECODE="1", **environment)
        if not INSTALLED:
            env["PYTHONPATH"] = str(PACKAGE)
        done = subprocess.run([sys.executable, "-c", text, *arguments], env=env, capture_output=True, text=True,
                              timeout=600)
        assert done.returncode == status, done.stderr
        if status == 0:
            assert done.stderr == ""
        return done.stdout
    return run


@pytest.fixture
def sales():
    return libframe.DataFrame({"region": ["North", "South", "North", None], "quantity": [3, None, 1, 5],
                               "price": [9.99, 120.5, 5.0, None]})
