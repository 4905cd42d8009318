"""What is printed when memory runs out: an error, never a table that ends early as if it were whole."""
import json
import resource
import subprocess

import pytest

MIB = 1 << 20


def run_within(command, words, mib):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, mib * MIB))
    return subprocess.run([command, *words], capture_output=True, preexec_fn=limit, timeout=600)


def test_json_ends_with_an_error_where_a_text_cannot_be_printed(frame_command, tmp_path):
    """From a limit that is too small even for reading up to one that suffices; between them lie those where the second row
    is there, but not the memory to print its long text."""
    table = tmp_path / "long.csv"
    table.write_bytes(b"a,b\nx,1\n" + 32 * MIB * b"y" + b",2\n")
    words = [table, "--json", "--threads", "1"]
    if run_within(frame_command, ["version"], 256).returncode:
        pytest.skip("the command does not start within 256 MiB of addresses, as with a sanitizer")
    cut_short = 0
    for mib in range(40, 4000, 12):
        result = run_within(frame_command, words, mib)
        if result.returncode == 0:
            break
        assert result.returncode == 4 and b"memory" in result.stderr, (mib, result.stderr)
        cut_short += result.stdout.startswith(b'[\n {"a": "x", "b": 1}')
        assert not result.stdout.endswith(b"]\n")
    assert json.loads(result.stdout) == [{"a": "x", "b": 1}, {"a": 32 * MIB * "y", "b": 2}]
    assert cut_short
