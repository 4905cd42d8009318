"""What the tests in Python share: where the repository and the build tree are. FRAME_BUILD names another build tree."""
import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def build():
    directory = ROOT / os.environ.get("FRAME_BUILD", "build")
    if not (directory / "bin" / "frame").exists():
        pytest.fail(f"{directory} is not built: run make build")
    return directory


@pytest.fixture(scope="session")
def frame_command(build):
    """The path of the `frame` command under test."""
    return str(build / "bin" / "frame")


@pytest.fixture(scope="session")
def data():
    """The data folder beside the repository ($FRAME_DATA); tests that need it are skipped without it."""
    directory = pathlib.Path(os.environ.get("FRAME_DATA", ROOT.parent / "shared" / "data"))
    if not directory.exists():
        pytest.skip("no data folder beside the repository")
    return directory
