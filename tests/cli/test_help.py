"""The help: every command explains itself, and the committed manual is what the command prints."""
import pathlib
import re
import subprocess
import sys

import pytest


def run(frame_command, *words):
    return subprocess.run([frame_command, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)


def names(frame_command):
    overview = run(frame_command, "--help").stdout
    return re.findall(r"^  (\w+)  +\S", overview.split("Commands:\n")[1].split("\n\n")[0], re.M)


def test_overview_lists_the_commands(frame_command):
    assert {"view", "head", "sniff", "group", "join", "convert", "run", "explain"} <= set(names(frame_command))


def test_every_command_has_help_with_examples(frame_command):
    for name in names(frame_command):
        result = run(frame_command, name, "--help")
        assert result.returncode == 0 and result.stderr == ""
        assert result.stdout.startswith(f"frame {name} ")
        if name not in ("help", "version"):
            assert f"\n  frame {name} " in result.stdout or name == "view", name


def test_the_manual_says_shared_options_once_and_the_help_of_a_command_all_of_its(frame_command):
    manual = run(frame_command, "help", "all").stdout
    assert manual.count("--quoted-is-string") == 1 and manual.count("\nReading: all\n") > 20
    own = run(frame_command, "head", "--help").stdout
    assert own.count("--quoted-is-string") == 1 and own.count("--n ") == 1 and "--bind" not in own
    assert "--sep" not in run(frame_command, "version", "--help").stdout
    assert "--bind" in run(frame_command, "filter", "--help").stdout


def test_help_of_group_names_every_aggregate_of_the_manual(frame_command):
    manual = (pathlib.Path(__file__).parents[2] / "docs" / "expressions.md").read_text(encoding="utf-8")
    table = manual.split("\n### Aggregates")[1].split("\n#")[0]
    told = run(frame_command, "group", "--help").stdout.split("Aggregates: ")[1].split(";")[0]
    assert re.findall(r"\w+", told) == re.findall(r"^\| `(\w+)\(", table, re.M)


SALES = """order_date,region,product,product_id,customer_id,channel,month,quantity,unit_price,revenue
2024-01-05,North,Pen,P1,C1,web,2024-01,12,1.5,18
2024-01-26,South,Ink,P2,C2,store,2024-01,3,4.25,12.75
2024-02-01,North,Ink,P2,C1,web,2024-02,11,4.25,46.75
2024-02-02,,Pen,P1,C3,web,2024-02,1,,1.5
2024-02-27,South,Pen,P1,C3,web,2024-02,14,1.5,21
"""
JOB = """format = "libframe job"
version = 1
reader = 1
input = 'read_csv("sales.csv")'

[[step]]
verb = "head"
n = 2
"""


@pytest.fixture
def desk(frame_command, tmp_path):
    """A folder with the files that the examples speak of."""
    for name in ("sales.csv", "messy.csv", "january.csv", "february.csv"):
        (tmp_path / name).write_text(SALES)
    (tmp_path / "products.csv").write_text("product_id,supplier\nP1,Quill\nP2,Blot\n")
    (tmp_path / "suppliers.csv").write_text("id,supplier\nP1,Quill\nP2,Blot\n")
    (tmp_path / "cars.csv").write_text("weight,mpg\n1500,31\n2100,24\n2600,19.5\n")
    (tmp_path / "report.md").write_text("# Sales\n\nNothing yet.\n")
    (tmp_path / "our.html").write_text("<html><style>{{ style }}</style><body>{{ body }}</body></html>\n")
    (tmp_path / "job.toml").write_text(JOB)
    subprocess.run([frame_command, "analyze", "sales.csv", "--output", "report"], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_every_example_of_the_help_works(frame_command, desk):
    text = run(frame_command, "help", "all").stdout
    examples = [line[2:] for block in re.findall(r"^Examples:\n((?:  .+\n)+)", text, re.M) for line in block.splitlines()]
    assert len(examples) > 40
    wrong = []
    for example in examples:
        command = example.replace("frame", f"'{frame_command}'", 1)
        if "parse_dates" in example:
            (desk / "sales.csv").write_text(SALES.replace("2024-01-26", "26/01/2024"))
        result = subprocess.run(["sh", "-c", command], cwd=desk, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                timeout=600)
        (desk / "sales.csv").write_text(SALES)
        (desk / "job.toml").write_text(JOB)                     # an example of explain writes another
        if result.returncode:
            wrong.append(f"{example}: {result.stderr}")
    assert not wrong, "\n".join(wrong)


def test_words_too_many_and_values_not_bound_are_told_in_its_own_words(frame_command, desk):
    def said(*words):
        return subprocess.run([frame_command, *words], cwd=desk, capture_output=True, text=True, timeout=600).stderr
    assert "'b' is one word too many" in said("drop", "sales.csv", "region", "b")
    assert "(give its value in --bind)" in said("sales.csv", "filter quantity > :lo")
    assert "No such file" in said("run", "nope.toml")
    assert said("fill_null", "sales.csv", "unit_price", "0", "--rows", "1").strip() == "1 missing value filled"


@pytest.mark.parametrize("name", ["command.md", "frame.1"])
def test_manual_is_what_the_command_prints(frame_command, root, tmp_path, name):
    subprocess.run([sys.executable, root / "tools" / "make_docs.py", frame_command, tmp_path], check=True)
    committed = pathlib.Path(root, "docs", name)
    assert committed.read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8"), \
        "run tools/make_docs.py build/bin/frame"


def test_no_arguments_is_a_usage_error_that_helps(frame_command):
    result = run(frame_command)
    assert result.returncode == 2 and "frame FILE" in result.stderr and result.stdout == ""
