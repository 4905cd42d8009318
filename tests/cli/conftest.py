"""The command in a folder of its own."""
import os
import subprocess

import pytest


@pytest.fixture
def frame(frame_command, tmp_path):
    def run(*words, stdin="", **options):
        environment = dict(os.environ, FRAME_LEAKS="1")
        result = subprocess.run([frame_command, *words], input=stdin, capture_output=True, text=True, cwd=tmp_path,
                                env=environment, timeout=600, **options)
        assert "leak" not in result.stderr, result.stderr
        return result
    return run
