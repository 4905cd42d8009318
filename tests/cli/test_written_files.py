"""What may be written over, and what stays when a file cannot be written."""
import resource
import subprocess

import pytest


@pytest.mark.parametrize("words", [
    "bad.csv --on-bad collect --rejects bad.csv", "bad.csv --on-bad collect --rejects ./bad.csv",
    "filter link a>0 --rejects bad.csv",
    "bad.csv --on-bad collect -o new.csv --rejects ./new.csv", "bad.csv --on-bad collect -o old.csv --rejects old.csv",
    "join old.csv bad.csv a --on-bad collect --rejects bad.csv", "concat old.csv bad.csv --on-bad collect --rejects link",
    "convert bad.csv new.csv --on-bad collect --rejects new.csv", "sniff old.csv -o old.csv", "schema old.csv -o ./old.csv",
    "count old.csv -o old.csv", "account old.csv -o old.csv", "explain old.csv distinct -o old.csv",
    "run job.toml --rejects job.toml",
    "plot old.txt --x a --y b -o old.txt", "report page.md -o page.md", "report page.html", "analyze cleaned.csv --output .",
    "analyze rejects.csv -o .", "schema part*.csv -o part1.csv", "account part*.csv -o ./part2.csv",
    "part*.csv --on-bad collect --rejects part1.csv", "report page.md --template page.html -o page.html",
])
def test_no_file_gives_way_to_what_is_said_about_it(frame_command, tmp_path, words):
    table = "a,b\n1,2\n3,4\n"
    texts = {"bad.csv": "a,b\n1,2\n3\n", "page.md": "# A\n", "page.html": "# A\n", "job.toml": "format = \"libframe job\"\n",
             **dict.fromkeys(["old.csv", "old.txt", "cleaned.csv", "rejects.csv", "part1.csv", "part2.csv"], table)}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "link").symlink_to("bad.csv")
    result = subprocess.run([frame_command, *words.split()], cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert result.returncode == 2 and ("would replace" in result.stderr or "are one file" in result.stderr), result.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {**texts, "link": texts["bad.csv"]}


@pytest.mark.parametrize("words", [
    ["explain", "t.csv", "join other.txt on a", "-o", "other.txt"], ["t.csv", "join other.txt on a", "--rejects", "./other.txt"],
    ["plot", "t.csv", "concat other.txt", "--x", "a", "--y", "b", "-o", "other.txt"],
    ["run", "job.toml", "--rejects", "other.txt"], ["run", "job.toml", "--rejects", "t.csv"],
    ["run", "job.toml", "t.csv", "--rejects", "other.txt"],
])
def test_no_table_of_the_steps_gives_way_to_what_is_said_about_them(frame, tmp_path, words):
    texts = {"t.csv": "a,b\n1,2\n3,4\n", "other.txt": "a,b\n1,2\n3,4\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert frame("explain", "t.csv", "join other.txt on a", "-o", "job.toml").returncode == 0
    result = frame(*words)
    assert result.returncode == 2 and "would replace" in result.stderr, result.stderr
    assert {name: (tmp_path / name).read_text() for name in texts} == texts


def test_the_receipt_of_a_job_does_not_take_the_place_of_its_rows(frame, tmp_path):
    (tmp_path / "t.csv").write_text("a\n3\n1\n")
    assert frame("explain", "t.csv", "sort a | write out.csv", "-o", "job.toml").returncode == 0
    assert frame("run", "job.toml").returncode == 0
    result = frame("run", "job.toml", "-o", "out.csv")
    assert result.returncode == 2 and "writes its rows itself" in result.stderr
    assert (tmp_path / "out.csv").read_text() == "a\n1\n3\n"


def test_standard_input_and_output_are_no_one_file(frame):
    result = frame("sniff", "-", "-o", "-", stdin="a,b\n1,2\n")
    assert result.returncode == 0 and result.stdout.startswith("what,value,evidence\n"), result.stderr


def test_a_joined_table_of_a_chain_does_not_give_way_to_its_bad_rows(frame, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("a,c\n1,2\n"), bad.write_text("a,b\n1,2\n3\n")
    result = frame(str(good), f'join read_csv("{bad}", on_bad = "collect") on a', "--rejects", str(bad))
    assert result.returncode == 2 and "would replace" in result.stderr, result.stderr
    assert bad.read_text() == "a,b\n1,2\n3\n"


def test_a_table_may_take_the_place_of_the_one_it_was_made_of(frame, tmp_path):
    for words in (["TABLE", "sort a"], ["sort", "TABLE", "a"], ["concat", "TABLE", "TABLE"], ["convert", "TABLE"]):
        table = tmp_path / "t.csv"
        table.write_text("a\n3\n1\n")
        result = frame(*[str(table) if word == "TABLE" else word for word in words], "-o", str(table))
        assert result.returncode == 0 and table.read_text().startswith("a\n"), (words, result.stderr)


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_a_file_that_may_not_grow_is_an_error_and_leaves_nothing(frame_command, tmp_path):
    (tmp_path / "t.csv").write_text("a\n" + "".join(f"{i * 7919 % 9973}\n" for i in range(3000)))
    for words in ("t.csv -o o.csv", "sort t.csv a -o o.csv", "plot t.csv --x a --y a -o o.svg", "analyze t.csv --output ."):
        result = subprocess.run([frame_command, *words.split()], cwd=tmp_path, capture_output=True, text=True, timeout=600,
                                preexec_fn=limit_files)
        assert result.returncode == 3 and "File too large" in result.stderr, (words, result)
        assert [path.name for path in tmp_path.iterdir()] == ["t.csv"], words


def test_rejects_are_written_though_the_rows_go_to_a_device(frame, tmp_path):
    bad, rejects = tmp_path / "bad.csv", tmp_path / "rejects.csv"
    bad.write_text("a,b\n1,2\n3\n")
    result = frame(str(bad), "--on-bad", "collect", "--rejects", str(rejects), "-o", "/dev/null")
    assert result.returncode == 0 and "1 rejected" in result.stderr
    assert len(rejects.read_text().splitlines()) == 2
