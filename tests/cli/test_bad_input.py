"""Files that are not what they seem: the command names file, line and column, in bounded memory, or does what it documents."""
import gzip
import json
import os
import re
import subprocess
import sys

import pytest

MEASURE = """
import os, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True)
sys.stdout.buffer.write(done.stdout)
sys.stderr.buffer.write(done.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
sys.exit(done.returncode)
"""


@pytest.fixture
def run(frame_command, tmp_path):
    """The command on a file of these bytes; stderr without its last line, which becomes .megabytes."""
    def go(content, *words, name="bad.csv"):
        (tmp_path / name).write_bytes(content)
        environment = dict(os.environ, FRAME_LEAKS="1", FRAME_THREADS="2")
        result = subprocess.run([sys.executable, "-c", MEASURE, frame_command, *words], capture_output=True, text=True,
                                cwd=tmp_path, env=environment, timeout=600)
        assert "leak" not in result.stderr, result.stderr
        result.stderr, megabytes = re.fullmatch(r"(.*?)(\d+)\n", result.stderr, re.S).groups()
        result.megabytes = int(megabytes)
        return result
    return go


BAD = {
    "quote never closed": (b'a,b\n1,x\n2,"y\n3,z\n', r"bad\.csv:3:3: read_csv: a quote that is opened here is never closed"),
    "text behind a quote": (b'a,b\n1,"x"y\n', r"bad\.csv:2:6: read_csv: a quoted field is followed by something else"),
    "quote inside": (b'a,b\n1,x"y"\n', r"bad\.csv:2:4: read_csv: a quote stands inside a field"),
    "too few fields": (b"a,b\n1,2\n3\n", r"bad\.csv:3:2: read_csv: the record has 1 field, expected 2"),
    "too many fields": (b"a,b\n1,2\n3,4,5\n", r"bad\.csv:3:4: read_csv: the record has 3 fields, expected 2"),
    "NUL byte": (b"a,b\n1,2\n3,\x004\n", r"bad\.csv:3:3: read_csv: a NUL byte stands outside quotes"),
    "invalid UTF-8": (b"a,b\n1,caf\xe9\n", r"bad\.csv:2:6: read_csv: the text is not valid UTF-8"),
    "invalid UTF-8 in the header": (b"a,caf\xe9\n1,2\n", r"bad\.csv:1:6: read_csv: the name of column 2 is not valid UTF-8"),
    "UTF-16 without its mark": ("a,b\n1,2\n".encode("utf-16-le"), r"bad\.csv:1:2: read_csv: a NUL byte .*is it UTF-16"),
    "half a character of UTF-16": ("a,b\n1,2\n".encode("utf-16")[:-1], r"bad\.csv: read_csv: the text is not valid UTF-16"),
    "empty": (b"", r"bad\.csv: read_csv: the file is empty"),
    "a line of 17 MB": (b"x" * (17 << 20), r"bad\.csv:1: read_csv: the first record is longer than 16777216 bytes"),
    "a quote that opens 20 MB": (b'a,"b\n' + b"1,2\n" * (5 << 20), r"bad\.csv:1: read_csv: the first record is longer"),
    "a long name": (b"x" * 70000 + b",b\n1,2\n", r"bad\.csv:1:1: read_csv: the name of column 1 has 70000 bytes"),
    "100,001 columns": (b"," * 100000 + b"\n1" + b"," * 100000 + b"\n", r"bad\.csv: read_csv: the file has 100001 columns"),
    "a bomb": (gzip.compress(b"a,b\n1,2\n" + b"\n" * (200 << 20), mtime=0),
               r"bad\.csv: read_csv: the gzip data expand more than 1000"),
    "bytes behind gzip": (gzip.compress(b"a,b\n1,2\n", mtime=0) + b"rubbish", r"bad\.csv: read_csv: the gzip data are followed by"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_named(run, case):
    content, expected = BAD[case]
    result = run(content, "view", "bad.csv")
    assert result.returncode in (1, 4), result.stderr
    assert re.match("frame: " + expected, result.stderr), result.stderr
    assert result.megabytes < 300


def test_gzip_cut_at_any_byte_is_an_error(run):
    packed = gzip.compress(b"a,b\n1,2\n3,4\n")
    for n in range(2, len(packed)):
        result = run(packed[:n], "view", "bad.csv")
        assert result.returncode == 1 and "the gzip data" in result.stderr, (n, result.stderr)


def test_what_is_documented_is_done(run):
    result = run("a,b\n1,é\n".encode("utf-16"), "view", "bad.csv", "--json")
    assert json.loads(result.stdout) == [{"a": 1, "b": "é"}], result.stdout
    result = run(b"a,b,c\n", "view", "bad.csv")
    assert result.returncode == 0 and "0 rows" in result.stdout
    result = run(b"a,a,a_1\n1,2,3\n", "select", "bad.csv", "--columns", "numeric()", "--csv")
    assert result.returncode == 0 and result.stdout.startswith("a,a_1,a_1_1\n"), result.stdout
    header = b",".join(b"c%d" % i for i in range(100000))
    result = run(header + b"\n" + b"1," * 99999 + b"1\n", "schema", "bad.csv")
    assert result.returncode == 0 and result.stdout.rstrip().splitlines()[-1].startswith("c99999"), result.stdout[-200:]


@pytest.mark.parametrize("content, hint", [
    (b'[{"a": 1},\n {"a": 2}]\n',
     "this is JSON, which is not read yet (delimited text is read: CSV, TSV and the like, also gzipped)"),
    (b'{"a": 1}\n{"a": 2}\n', "this is JSON"), (b'{\n "a": [1, 2]\n}\n', "this is JSON"), (b'["a", "b"]\n', "this is JSON"),
    (gzip.compress(b'{"a": 1}\n', mtime=0), "this is JSON"), (b"{a: 1, \"b\": 2}\n", "looks like JSON"),
    (b'[\n  {\n    "a": 1\n  }\n]\n', "this is JSON"), (b"PAR1\x15\x04\x00\x00", "a Parquet file"),
    (b'<?xml version="1.0"?>\n<a b="c"/>\n', "this is XML, which is not read yet"), (b"\xef\xbb\xbf<?xml?>\n<a/>\n", "this is XML"),
    (b"\n<!doctype html>\n<p>a,b\n", "this is a web page, which is not read yet (download the file itself"),
    (b"<html><p>a\n</html>\n", "a web page"), (b"OFXHEADER:100\nDATA:OFXSGML\n", "a bank's OFX file"),
    (b"ARROW1\0\0", "an Arrow file"), (b"SQLite format 3\0", "a database of SQLite"),
    (b"PK\x03\x04\x14\x00\x06\x00", "a workbook of Excel"), (b'a,b\n1,x"y"\n', '--quote "" takes quotes as text, --lenient reads')])
def test_what_is_no_csv_is_named(run, content, hint):
    result = run(content, "view", "bad.csv")
    assert result.returncode == 1 and hint in result.stderr, result.stderr


@pytest.mark.parametrize("words", [["view"], ["sniff"], ["count"], ["analyze"], ["view", "head 2"], ["explain", "head 2"],
                                   ["group", "a", "n = size()"], ["filter", "a > 1"], ["sort", "a"], ["plot", "--mark", "bar"]])
def test_json_is_refused_whatever_is_done_with_it(run, words):
    """Some JSON would pass for a table of brackets: what its name promises counts, too."""
    for content, name in (b'{\n "a": 1\n}\n', "a.json"), (b"[1, 2,\n3, 4]\n", "a.json"), (b'{"a": 1}\n', "lines.jsonl"):
        result = run(content, words[0], name, *words[1:], name=name)
        assert result.returncode == 1 and "this is JSON, which is not read yet" in result.stderr, result.stderr


def test_who_says_how_json_is_told_apart_may_read_its_lines(run):
    result = run(b'{"a": 1}\n{"a": 2}\n', "count", "lines.jsonl", "--quote", "", "--sep", ";", "--no-header", name="lines.jsonl")
    assert result.stdout == "2\n", result.stderr
    assert run(b"[1],{2}\n3,4\n", "bad.csv", "--csv").stdout == "[1],{2}\n3,4\n"
    assert run(b"<?xml?>\n<a/>\n", "count", "bad.csv", "--sep", ";", "--no-header").stdout == "2\n"
    assert run(b"<htm>,<\n3,4\n", "bad.csv", "--csv").stdout == "<htm>,<\n3,4\n"


def test_flags_in_hints_have_no_value(run):
    result = run(b"d\n03/04/2024\n", "view", "bad.csv", "--parse-dates", "d")
    assert "--day-first takes 03/04/2024 for the third of April" in result.stderr, result.stderr


def test_no_name_steers_the_terminal(run):
    content = "a\x1b[2J,b\u202e,c\n1,2,3\n".encode()
    for words in (["schema", "bad.csv"], ["view", "bad.csv"], ["__complete", "--", "select", "bad.csv", ""]):
        result = run(content, *words)
        assert result.returncode == 0 and "\x1b" not in result.stdout and "\u202e" not in result.stdout, result.stdout
    assert run(content, "schema", "bad.csv").stdout.startswith("a\\x1b[2J "), result.stdout


def test_bad_rows_are_counted_and_listed(run, tmp_path):
    content = b'a,b\n1,2\n3\n4,5,6\n7,"x\ny"\n\n8,\xff\n9,10\n'
    result = run(content, "convert", "bad.csv", "-o", "good.csv", "--on-bad", "collect", "--rejects", "rejects.csv")
    assert result.returncode in (0, 5), result.stderr
    assert (tmp_path / "good.csv").read_bytes() == b'a,b\n1,2\n7,"x\ny"\n9,10\n'
    lines = (tmp_path / "rejects.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["line", "3", "4", "8"], lines


def test_folders_and_files_that_are_not_there(run, tmp_path):
    (tmp_path / "folder").mkdir()
    result = run(b"", "view", "folder")
    assert result.returncode == 3 and "folder: read_csv: opening failed: Is a directory" in result.stderr
    result = run(b"a,b\n1,2\n", "view", "bda.csv")
    assert result.returncode == 3 and "did you mean 'bad.csv'" in result.stderr, result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(run, tmp_path):
    run(b"a,b\n1,2\n", "view", "bad.csv")
    (tmp_path / "bad.csv").chmod(0)
    result = run(b"", "view", "bad.csv", name="other.csv")
    assert result.returncode == 3 and "bad.csv: read_csv: opening failed: Permission denied" in result.stderr


# ---- more than there is room for -----------------------------------------------------------------------------------
ALIKE = b"k,v\n" + b"".join(b"7,%d\n" % i for i in range(100_000))
APART = b"k,v\n" + b"".join(b"%d,%d\n" % (i * 1_000_003, i % 1009) for i in range(400_000))


def test_a_join_that_would_explode_is_refused_with_its_size_before_memory_is_taken(run):
    result = run(ALIKE, "join", "bad.csv", "bad.csv", "k")
    assert result.returncode == 4 and result.stdout == "", result.stderr
    said = (r"frame: join: the result would have 10,000,000,000 rows \(100,000 left, 100,000 right\) and at least "
            r"1\d\d(,\d{3}){3} bytes, beyond the memory limit of [\d,]+ bytes.*are the keys complete\?")
    assert re.match(said, result.stderr), result.stderr
    assert result.megabytes < 200
    result = run(ALIKE, "join", "bad.csv", "bad.csv", "k", "--max-rows", "1000000")
    assert result.returncode == 4 and "more than 1,000,000 rows (are the keys complete? raise max_rows" in result.stderr


HUNGRY = pytest.mark.parametrize("words, step", [
    (["sort", "v"], "sort"), (["group", "k", "s = sum(v); m = median(v)"], "group"), (["distinct"], "distinct"),
    (["with", "t = concat('a long text of ', cast(k, 'str'))"], "with")])


@pytest.fixture
def run_within(frame_command, tmp_path):
    """A command under a limit of the system's, in megabytes of addresses, and variables."""
    (tmp_path / "apart.csv").write_bytes(APART)
    (tmp_path / "script").write_text('ulimit -v "$1"; shift; exec "$@"')

    def run_within(megabytes, words, **environment):
        limit = str(megabytes * 1000) if megabytes else "unlimited"
        return subprocess.run(["sh", "script", limit, frame_command, *words], capture_output=True, text=True, cwd=tmp_path,
                              env=dict(os.environ, FRAME_LEAKS="1", **environment), timeout=600)
    return run_within


def line_of(words):
    return [words[0], "apart.csv", *words[1:], "-o", "out.csv", "--threads", "2"]


def told(done, step):
    """"enough", or what was wanted for which step; nothing is killed, nothing leaks."""
    assert done.returncode in (0, 4) and "leak" not in done.stderr, (done.returncode, done.stderr)
    match = re.match(r"frame: (read_csv|scan_csv|%s|write\w*): (memory budget of \d+ bytes .* reached|out of memory): "
                     r"[1-9]\d* (more|bytes) " % step, done.stderr)
    assert done.returncode == 0 or match, done.stderr
    return match[1] if match else "enough"


@HUNGRY
def test_a_budget_that_does_not_suffice_is_an_error_that_names_the_step_and_the_bytes(run_within, words, step):
    """From too little to read the file to enough for all of it."""
    ways = [told(run_within(0, line_of(words), FRAME_MEMORY=str(m * 1_000_000)), step) for m in (17, 20, 24, 30, 40, 400)]
    assert ways[-1] == "enough" and set(ways) - {"enough"}, ways


@HUNGRY
def test_memory_that_does_not_suffice_is_an_error_that_names_the_step_and_the_bytes(run_within, words, step):
    limits = [m for m in (110, 130, 150, 180, 800) if run_within(m, ["--version"]).returncode == 0]
    if not limits:
        pytest.skip("a build that does not start in 800 MB of addresses")
    ways = [told(run_within(m, line_of(words)), step) for m in limits]
    assert ways[-1] == "enough", ways
