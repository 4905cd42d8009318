"""What a command does grows as its input does: instructions under callgrind, of one size and of four times as much."""
import json
import os
import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind counts instructions")


def wide(folder, n):
    """A table of n columns and three rows: whole numbers, floats, texts, gaps and dates."""
    path = folder / f"wide{n}.csv"
    kinds = [lambda i, r: str(i * 7 % 100 + r), lambda i, r: f"{i % 13 + r / 2 + .25:.2f}", lambda i, r: f"w{i % 5 + r}",
             lambda i, r: "" if r == 1 else str(r), lambda i, r: f"2024-01-{i % 27 + 1 + r:02}"]
    rows = [",".join(f"c{i}" for i in range(n))]
    rows += [",".join(kinds[i % 5](i, r) for i in range(n)) for r in range(3)]
    path.write_text("\n".join(rows) + "\n")
    return path


def job(folder, source, *steps):
    path = folder / f"job{len(list(folder.iterdir()))}.toml"
    text = ['format = "libframe job"', "version = 1", "reader = 1", f'input = "read_csv(\\"{source}\\")"']
    for verb, options in steps:
        text += ["", "[[step]]", f'verb = "{verb}"'] + [f"{key} = {json.dumps(value)}" for key, value in options.items()]
    path.write_text("\n".join(text) + "\n")
    return ["run", str(path)]


def names(n, step=1, first=0):
    return ", ".join(f"c{i}" for i in range(first, n, step))


def on_wide(*steps):
    """Steps on a table of n columns; options may be functions of n."""
    def words(folder, n):
        return job(folder, wide(folder, n), *[(verb, {key: value(n) if callable(value) else value
                                                      for key, value in options.items()}) for verb, options in steps])
    return words


def chained(*steps):
    """A chain of n times these steps, in which {i} is a number."""
    def words(folder, n):
        return job(folder, wide(folder, 10), *[(verb, {key: value.replace("{i}", str(i)) for key, value in options.items()})
                                               for i in range(n) for verb, options in steps])
    return words


def joined(*options):
    return lambda folder, n: ["join", str(wide(folder, n)), str(wide(folder, n)), *options]


def on_a_cell(statement):
    """A statement on a cell of n characters; # in it is n of another."""
    def words(folder, n):
        path = folder / f"cell{n}.csv"
        path.write_text("i,t\n1," + "a" * n + "\n")
        return job(folder, path, ("with", {"assign": statement.replace("#", "b" * n)}), ("select", {"columns": "i"}))
    return words


CASES = {
    "strip": (10000, on_a_cell("t = strip(t, '#a')")),
    "find": (10000, on_a_cell("t = find(t, 'a#')")),
    "replace": (10000, on_a_cell("t = replace(t, 'a#', '')")),
    "statements": (400, on_wide(("with", {"assign": lambda n: "; ".join(f"d{i} = c0 + {i}" for i in range(n))}))),
    "replacements": (400, on_wide(("with", {"assign": lambda n: "; ".join(f"c{i} = c{i}" for i in range(n))}))),
    "aggregates": (400, on_wide(("group", {"by": "c2", "agg": lambda n: "; ".join(f"m{i} = mean(c{i})"
                                                                                 for i in range(0, n, 5))}))),
    "selected aggregates": (400, on_wide(("group", {"by": "c2", "agg": "mean(numeric())"}))),
    "keys": (400, on_wide(("group", {"by": names, "agg": "n = size()"}))),
    "distinct": (400, on_wide(("distinct", {}))),
    "value_counts": (400, on_wide(("value_counts", {}))),
    "describe": (400, on_wide(("describe", {}))),
    "select": (400, on_wide(("select", {"columns": names}))),
    "except": (400, on_wide(("select", {"columns": lambda n: f"except({names(n - 1)})"}))),
    "rename": (400, on_wide(("rename", {"names": lambda n: ", ".join(f"c{i} as d{i}" for i in range(n))}))),
    "sort": (400, on_wide(("sort", {"by": names}))),
    "fill": (400, on_wide(("fill_null", {"method": "mean"}))),
    "cast": (400, on_wide(("cast", {"types": lambda n: ", ".join(f"c{i}: f64" for i in range(0, n, 5))}))),
    "pivot": (400, on_wide(("pivot", {"index": "c0", "columns": "c2", "values": lambda n: names(n, first=3), "agg": "first"}))),
    "natural join": (400, joined()),
    "full join": (400, joined("--how", "full")),
    "join on one": (400, joined("c0", "--how", "left")),
    "concat": (400, lambda folder, n: ["concat", str(wide(folder, n)), str(wide(folder, n))]),
    "view": (400, lambda folder, n: [str(wide(folder, n))]),
    "json": (400, lambda folder, n: [str(wide(folder, n)), "--json"]),
    "csv": (400, lambda folder, n: [str(wide(folder, n)), "--csv"]),
    "chain of filters": (300, chained(("filter", {"where": "c0 > 0"}))),
    "chain of casts": (300, chained(("cast", {"types": "c0: f64"}), ("cast", {"types": "c0: i64"}))),
    "chain of joined statements": (300, chained(("with", {"assign": "d = c0"}), ("drop", {"columns": "d"}))),
}


def run(frame_command, *words):
    return subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", frame_command, *words],
                          capture_output=True, text=True, env={**os.environ, "FRAME_ISA": "v3", "FRAME_THREADS": "1"})


def instructions(frame_command, words):
    done = run(frame_command, *words, "-q")
    assert done.returncode == 0, done.stderr[-800:]
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


@pytest.fixture(scope="module")
def start(frame_command, tmp_path_factory):
    """What the command takes before it does anything."""
    if run(frame_command, "version").returncode:
        assert subprocess.run([frame_command, "version"], capture_output=True).returncode == 0
        pytest.skip("the command does not run under valgrind, as with a sanitizer")
    return instructions(frame_command, [str(wide(tmp_path_factory.mktemp("start"), 1))])


@pytest.mark.parametrize("case", CASES)
def test_four_times_as_much_takes_little_more_than_four_times_as_many_instructions(frame_command, tmp_path, start, case):
    n, words = CASES[case]
    once, fourfold = (instructions(frame_command, words(tmp_path, k)) - start for k in (n, 4 * n))
    assert fourfold < 6 * once, f"{once:,} → {fourfold:,}: {fourfold / once:.1f} times"
