"""The comparison's own judgement: which runs count, which answers are wrong, which rows miss, what a stopped row costs."""
import argparse
import itertools
import json
import math
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench" / "compare"), str(ROOT / "bench" / "instructions")]
import answers  # noqa: E402
import count  # noqa: E402
import engines  # noqa: E402
import entries  # noqa: E402
import figures  # noqa: E402
import floors  # noqa: E402
import growth  # noqa: E402
import protocol  # noqa: E402
import results  # noqa: E402
import run  # noqa: E402
import tables  # noqa: E402
import warm  # noqa: E402

MACHINE = {"threads": 2, "read_gb_s": [[1000, 100.0], [1000000, 10.0]], "write_gb_s": 5.0, "copy_gb_s": 4.0, "partition_ns": 2.0,
           "random_read_ns": [[1000, 1.0], [1000000, 8.0]], "random_update_ns": [[1000, 2.0], [1000000, 16.0]],
           "record_1_ns": [[1000, 2.0], [1000000, 16.0]], "record_2_ns": [[1000, 3.0], [1000000, 18.0]],
           "record_3_ns": [[1000, 4.0], [1000000, 20.0]], "touch_huge_gb_s": 10.0,
           "spread": {}}


def line(engine="libframe", row="g1", seconds=1.0, foreign=0.0, rows=100, check=(29998789,), **more):
    return {"kind": "time", "task": "groupby", "variant": "1e2_0_0", "n": 1e7, "threads": 2, "engine": engine, "repeat": 0,
            "row": row, "seconds": seconds, "foreign": foreign, "rows": rows, "check": list(check), **more}


# ---- answers ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("a, b, equal", [(1.0, 1.0005, True), (1.0, 1.001, False), (5e9, 5e9 + 5, True), (5e9, 5e9 + 20, False),
                                         (None, 7, True), ("x", "x", True), ("x", "y", False), (math.nan, math.nan, True),
                                         (math.nan, 1.0, False), (1.0, math.nan, False), ("1", 1, True)])
def test_answers_are_equal_to_published_digits(a, b, equal):
    assert answers.near(a, b) == equal


def test_published_sum_decides_even_against_all_engines():
    wrong = answers.wrong_answers([line(check=[7]), line("polars", check=[7])])
    assert [text.split(":")[0] for text in wrong] == ["libframe g1 (1e7, 1e2_0_0)", "polars g1 (1e7, 1e2_0_0)"]


def test_published_sums_of_joins_are_of_the_plain_tables():
    row = {"row": "j1", "rows": 8998860, "check": [1, 1]}
    plain, lossy = ({**line(**row), "task": "join", "variant": variant} for variant in ("1e2_0_0", "1e2_5_0"))
    assert len(answers.wrong_answers([plain])) == 1 and answers.wrong_answers([lossy]) == []


def test_variants_of_joins_are_those_that_change_their_tables():
    o = argparse.Namespace(tasks=run.TASKS)
    assert [variant for variant in run.VARIANTS[1:] if "join" in run.variant_rows(o, variant)] == ["1e2_0_1", "1e2_5_0"]


@pytest.mark.parametrize("variant, ending", [("1e2_0_0", "0_0"), ("1e1_0_0", "0_0"), ("1e2_5_0", "5_0"), ("1e2_0_1", "0_1")])
def test_tables_of_a_join_have_no_number_of_keys(monkeypatch, variant, ending):
    monkeypatch.setenv("BENCH_VARIANT", variant)
    assert protocol.paths("join", "", 1e7)["medium"] == f"J1_1e7_1e4_{ending}.csv"


def test_without_a_published_sum_the_majority_decides():
    same = [line(engine, "filter", check=[5]) for engine in ("polars", "duckdb")]
    assert answers.wrong_answers([line(row="filter", check=[6]), *same]) == \
        ["libframe filter (1e7, 1e2_0_0): [100, 6] instead of [100, 5]"]


def test_equal_keys_at_the_end_of_a_top_k_leave_the_rows_open():
    tied = [line(row="top_k", rows=100, check=[323, 812, 9999.943646, 99.999604]),
            line("polars", row="top_k", rows=100, check=[322, 813, 9999.943646, 99.999604])]
    assert answers.wrong_answers(tied) == []
    assert len(answers.wrong_answers([*tied, line("duckdb", row="top_k", rows=100, check=[323, 812, 9999.9, 99.9])])) == 1


def test_an_answer_of_other_shape_is_wrong():
    assert len(answers.wrong_answers([line(rows=99)])) == 1
    assert len(answers.wrong_answers([line(check=[29998789, 1])])) == 1


def test_every_row_of_an_engine_is_checked_or_listed_as_unchecked():
    assert {row for row, columns in protocol.CHECKS.items() if not columns} == {*answers.UNCHECKED, "distinct"}


# ---- runs that count, rows that miss ----------------------------------------------------------------------------------------

def test_noisy_runs_count_only_without_quiet_ones():
    assert entries.cell_of([line(seconds=1, foreign=0.5), line(seconds=2)], 0.1) == entries.Cell([2], False, "")
    assert entries.cell_of([line(seconds=1, foreign=0.5), line(seconds=2, foreign=0.2)], 0.1) == entries.Cell([1, 2], True, "")


def test_a_row_without_a_run_says_why():
    failed = {"engine": "duckdb", "row": "g1", "error": "stopped after 60 s"}
    assert entries.cell_of([failed], 0.1) == entries.Cell([], False, "stopped after 60 s")
    assert entries.cell_text(entries.cell_of([failed], 0.1)) == "stopped after 60 s"


def entry(ours, rival, floor, task="groupby", row="g1", kind="model"):
    cells = {"libframe": entries.Cell([ours], False, ""), "polars": entries.Cell([rival], False, "")}
    return entries.Entry(task, row, cells, floor, kind)


@pytest.mark.parametrize("ours, rival, floor, misses", [(1.0, 2.0, 0.5, False), (1.1, 2.0, 1.0, True), (1.0, 9.0, 0.4, True),
                                                        (1.0, 2.0, None, False), (1.1, 2.0, None, True)])
def test_a_row_misses_by_either_goal(ours, rival, floor, misses):
    assert entry(ours, rival, floor).misses() == misses


@pytest.mark.parametrize("task, row, ours, rival, floor, kind, gated, reported", [
    ("groupby", "g1", 1.1, 2.0, 1.0, "model", True, True),          # half of a rival's time was set for group-by
    ("groupby", "arith", 1.1, 2.0, 1.0, "model", False, True),      # and not for expressions
    ("groupby", "arith", 2.1, 2.0, 9.0, "model", True, True),       # but no row may be slower than a rival
    ("groupby", "describe", 1.0, 9.0, 0.1, "estimate", False, True),
    ("groupby", "arith", 1.0, 9.0, 0.1, "model", True, True),
    ("clean", "sort_nearly", 1.1, 2.0, 1.0, "model", True, True),
    ("csv", "read", 1.0, 3.0, 0.1, "estimate", False, True),
    ("csv", "read", 1.0, 1.5, 0.1, "estimate", True, True),
    ("join", "j1", 0.9, 2.0, 1.0, "model", False, False)])
def test_goals_that_were_set_are_told_from_those_only_reported(task, row, ours, rival, floor, kind, gated, reported):
    seen = entry(ours, rival, floor, task, row, kind)
    assert (seen.misses(), seen.misses(gated=False)) == (gated, reported)


def test_every_row_that_misses_is_in_one_list():
    rows = [entry(5.0, 2.0, 9.0, row="g1"), entry(1.0, 9.0, 0.1, row="describe", kind="estimate"), entry(1.0, 9.0, 9.0, row="g2")]
    lines = list(results.missed(rows))
    assert lines[0] == "## Misses: 1 of 3 rows"
    reported = next(i for i, text in enumerate(lines) if "Only reported: 1 more" in text)
    names = [text.split(" | ")[0] for text in lines if text[:3] in ("| g", "| d")]
    assert names == ["| g1", "| describe"] and not any("| g1" in text for text in lines[reported:])


def test_rows_of_variants_are_told_from_the_main_ones():
    lost = entry(5.0, 2.0, 9.0)
    lost.variant = "1e2_5_0"
    assert any(text.startswith("| g1, 1e2_5_0 | ") for text in results.missed([lost]))


def test_misses_are_listed_the_farthest_first():
    near, far = entry(1.2, 2.0, 1.0, row="g1"), entry(5.0, 2.0, 1.0, row="g2")
    names = [text.split(" | ")[0] for text in results.missed([near, far]) if text.startswith("| g")]
    assert names == ["| g2", "| g1"]


def test_a_row_without_a_time_of_ours_is_a_miss():
    lost = entries.Entry("groupby", "g1", {"libframe": entries.Cell([], False, "loading failed")}, 1.0, "model")
    assert lost.misses() and entries.Entry("groupby", "g1", {}).misses()
    assert any("no figure" in text for text in results.missed([lost]))


def test_errors_are_told_without_directories():
    assert results.told("loading failed: no file '/somewhere/data/G1.csv'") == "loading failed: no file 'G1.csv'"
    assert results.told("stopped after 60 s: 3 / 4 done") == "stopped after 60 s: 3 / 4 done"


def test_the_page_says_what_vectors_the_machine_has():
    info = "model name\t: A Processor\nflags\t\t: fpu sse4_2 avx2{}\nmodel name\t: A Processor\nflags\t\t: fpu\n"
    caches = [("L1", 32 << 10), ("L3", 8 << 20)]
    assert results.cpu_name(info.format(""), caches) == "A Processor, AVX2, L3 8 MiB"
    assert results.cpu_name(info.format(" avx512f avx512_vbmi2"), caches) == "A Processor, AVX-512, L3 8 MiB"
    assert results.cpu_name("model name : A\nflags : fpu avx512f\n", []) == "A"


# ---- growth -----------------------------------------------------------------------------------------------------------------

LEVELS = [("L1", 32 << 10), ("L2", 1 << 20), ("L3", 32 << 20)]


def of_size(n, ns, row="g3", threads=1, **more):
    return {**line(row=row, seconds=ns * n * 1e-9, **more), "n": n, "threads": threads}


def test_a_knee_is_where_a_row_of_data_becomes_dearer():
    lines = {n: of_size(n, ns) for n, ns in ((1e5, 10.0), (1e6, 10.0), (1e7, 20.0))}
    assert growth.knees(lines) == [(lines[1e6], lines[1e7])]


def test_a_small_table_is_dear_where_a_call_costs_more_than_its_rows():
    lines = {n: of_size(n, ns) for n, ns in ((1e4, 30.0), (1e5, 11.0), (1e6, 6.0), (1e7, 10.0))}
    assert [(n, round(more * 1e6)) for n, more in growth.dear_sizes(lines)] == [(1e4, 240)]


def test_the_fastest_rival_is_found_by_size():
    curves = {("groupby", "g3", 2, engine): {n: of_size(n, ns) for n, ns in ((1e4, first), (1e5, second))}
              for engine, first, second in (("libframe", 1.0, 1.0), ("polars", 4.0, 2.0), ("duckdb", 5.0, 1.5))}
    assert growth.fastest_rivals(curves, "groupby", "g3", 2) == {1e4: 4e-5, 1e5: pytest.approx(1.5e-4)}
    assert growth.fastest_rivals(curves, "groupby", "g3", 1) == {}


def test_a_knee_is_explained_by_the_table_that_left_a_cache():
    found = growth.causes(of_size(1e6, 2.0), of_size(1e7, 4.0), MACHINE, LEVELS, 0.1, 1e11)
    assert sorted(found) == ["a table grows from 160 kB to 1.6 MB and leaves the L2 of 1 MiB",
                             "columns and answer of 90 MB leave the L3 of 32 MiB",
                             "its columns take 9 bytes a row, no longer 7"]


def test_tables_of_several_threads_share_the_last_cache():
    found = growth.causes(of_size(1e7, 2.0, "g5", 4), of_size(1e8, 4.0, "g5", 4), MACHINE, LEVELS, 0.1, 1e11)
    assert found == ["4 tables grow from 1.6 MB to 16 MB and leave the L3 of 32 MiB",
                     "more than 262,144 groups: rows are dealt into parts first"]


def test_fresh_pages_are_a_cause_where_they_cost_a_part_of_the_difference():
    large = of_size(1e8, 9.0, row="g1", before_mb=1000, peak_mb=1000 + 953)
    small = of_size(1e7, 8.0, row="g1", before_mb=1000, peak_mb=1000)
    assert growth.causes(small, large, MACHINE, LEVELS, 0.1, 1e11)[1:] == ["999 MB of fresh pages, 1.0 ns a row more"]
    small["peak_mb"] += 96
    assert not any("pages" in text for text in growth.causes(small, large, MACHINE, LEVELS, 0.1, 1e11))


def test_longer_keys_are_a_cause():
    small, large = of_size(1e7, 15.0, row="g10"), of_size(1e8, 36.0, row="g10")
    assert growth.causes(small, large, MACHINE, LEVELS, 0.1, 1e11)[0] == "the keys put together no longer fit a word of 8 bytes"


def test_wider_columns_are_a_cause():
    works = [floors.work_of("groupby", "g3", n, "2e0_0_0") for n in (1e5, 1e6)]
    assert list(growth.columns_that_widened(*works, 1e5, 1e6)) == ["its columns take 21 bytes a row, no longer 7"]


def test_a_knee_nobody_can_explain_says_so():
    found = growth.causes(of_size(1e4, 2.0, row="g1"), of_size(1e5, 4.0, row="g1"), MACHINE, LEVELS, 0.1, 1e11)
    assert found == ["no table, column or page of it leaves a level: not explained"]


def test_a_file_that_is_waited_for_is_a_cause():
    small, large = (of_size(n, ns, row="read", task="csv", cpu=cpu) for n, ns, cpu in ((1e7, 25.0, 0.25), (1e8, 90.0, 3.6)))
    found = growth.causes(small, large, MACHINE, LEVELS, 0.1, 8e9)
    assert found == ["a file of 5.1 GB does not stay in 8.0 GB of memory: 60% of the time goes by waiting"]
    large["foreign"] = 0.5
    assert growth.causes(small, large, MACHINE, LEVELS, 0.1, 8e9) != found


def test_caches_are_read_from_the_kernel(tmp_path):
    told = (("Data", 1, "32K"), ("Instruction", 1, "32K"), ("Unified", 3, "32M"), ("Unified", 2, "1024K"))
    for i, (kind, level, bytes_) in enumerate(told):
        (tmp_path / f"index{i}").mkdir()
        for name, text in (("type", kind), ("level", level), ("size", bytes_)):
            (tmp_path / f"index{i}" / name).write_text(f"{text}\n")
    assert growth.caches(tmp_path) == LEVELS


@pytest.mark.parametrize("bytes_, said", [(0, "0 B"), (800, "800 B"), (12500, "12 kB"), (1.6e6, "1.6 MB"), (4.4e8, "440 MB"),
                                          (5.2e9, "5.2 GB"), (2e13, "20,000 GB")])
def test_amounts_are_told_in_two_digits(bytes_, said):
    assert figures.amount(bytes_) == said


def test_numbers_of_rows_are_powers_of_ten():
    assert [figures.power_of_ten(n) for n in (1e5, 1e8, 2e10)] == ["10⁵", "10⁸", "2·10¹⁰"]


# ---- floors -----------------------------------------------------------------------------------------------------------------

def test_between_is_straight_in_logarithms_and_level_beyond():
    points = MACHINE["read_gb_s"]
    assert floors.between(points, 10) == 100 and floors.between(points, 1e9) == 10
    assert floors.between(points, math.sqrt(1e3 * 1e6)) == pytest.approx(math.sqrt(1000))


def test_floor_is_the_dearest_of_reading_and_computing_and_then_writing():
    assert floors.seconds(floors.Work(read=1e6), MACHINE) == pytest.approx(1e-4)
    assert floors.seconds(floors.Work(read=1e6, tuples=1e6), MACHINE) == pytest.approx(2e-3)
    assert floors.seconds(floors.Work(read=1e6, random=((1e6, 1e6, floors.UPDATE),)), MACHINE) == pytest.approx(16e-3)
    assert floors.seconds(floors.Work(read=1e6, write=5e6), MACHINE) == pytest.approx(1e-4 + 1e-3)
    assert floors.seconds(floors.Work(core_ns=2e6), MACHINE) == pytest.approx(1e-3)
    assert floors.seconds(floors.Work(core_ns=2e6), MACHINE, serial=True) == pytest.approx(2e-3)


@pytest.mark.parametrize("n, largest, n_floats, n_words", [
    (1e7, (5,), 0, 1), (1e7, (1, 5), 1, 2), (1e7, (1, 5, 15), 1, 3), (1e7, (5, 15), 1, 2), (1e7, (1, 5, 15, 25, 225, 75), 0, 3),
    (1e8, (1, 5, 15, 25, 225, 75), 0, 3), (1, (), 2, 2), (2**32, (2**31,), 0, 1), (1e7, (), 0, 0)])
def test_sums_of_integers_share_a_word_while_all_rows_fit_it(n, largest, n_floats, n_words):
    assert floors.words(n, *largest, floats=n_floats) == n_words


@pytest.mark.parametrize("row, bytes_, kind", [("g1", 800, "record_1"), ("g3", 1.6e6, "record_2"), ("g4", 2400, "record_3"),
                                               ("g5", 1.6e6, "record_2"), ("g7", 8e5, "record_1"), ("g8", 1.6e6, "record_2"),
                                               ("g9", 240000, "record_3"), ("text_contains", 12500, "random_read")])
def test_a_row_is_priced_by_its_record_and_their_table(row, bytes_, kind):
    assert floors.work_of("groupby", row, 1e7, "1e2_0_0").random == ((1e7, bytes_, kind),)


def test_keys_too_long_for_a_word_take_two():
    tuples = {n: floors.work_of("groupby", "g10", n, "1e2_0_0").tuples / n for n in (1e7, 1e8)}
    assert tuples == {1e7: 2, 1e8: 3}


@pytest.mark.parametrize("distinct, n, width", [(100, 1e7, 1), (1e4, 1e7, 2), (1e5, 1e6, 4), (3e5, 6e5, 4), (4e5, 3e6, 16),
                                                (4e5, 4e6, 4), (5e6, 1e7, 16), (1e6, 1e8, 4)])
def test_texts_that_hardly_repeat_are_views(distinct, n, width):
    assert floors.text(distinct, n) == width


def test_the_best_of_several_rooflines_counts():
    first = {"threads": 2, "write_gb_s": 5.0, "record_1_ns": [[10, 2.0], [20, 4.0]],
             "spread": {"write_gb_s": [1.5], "record_1_ns": [1, 2]}}
    second = {"threads": 2, "write_gb_s": 10.0, "record_1_ns": [[10, 3.0], [20, 3.2]],
              "spread": {"write_gb_s": [1.1], "record_1_ns": [1.2, 1.1]}}
    assert floors.best_machines([[first], [second]]) == [
        {"threads": 2, "write_gb_s": 10.0, "record_1_ns": [[10, 2.0], [20, 3.2]],
         "spread": {"write_gb_s": [3.0], "record_1_ns": [1.8, 2.5]}}]
    assert floors.best_machines([]) == []
    older = {**first, "record_1_ns": [[10, 0.1]], "spread": {"write_gb_s": [1.5], "record_1_ns": [1]}}
    assert floors.best_machines([[older], [second]]) == floors.best_machines([[second]])    # it measured other sizes


def test_a_roofline_without_records_is_measured_again():
    old = {key: value for key, value in MACHINE.items() if not key.startswith("record")}
    assert floors.is_known(MACHINE) and not floors.is_known(old)
    assert not run.is_roofline({"kind": "roofline", "machines": [MACHINE, old]})


@pytest.mark.parametrize("task", run.TASKS)
@pytest.mark.parametrize("variant", ["1e2_0_0", "2e0_0_0"])
def test_every_row_has_a_floor_above_zero(task, variant):
    rows = run.rows_of(task)
    assert rows
    for row in rows:
        seconds, kind = floors.floor(MACHINE, task, row, 1e7, variant)
        assert seconds > 0 and kind in ("model", "estimate"), row


def test_rows_of_the_tasks_are_all_rows_once():
    assert sorted(row for task in run.TASKS for row in run.rows_of(task)) == sorted(protocol.CHECKS)


# ---- processes --------------------------------------------------------------------------------------------------------------

FAKE = """
import json, os, sys, time
def say(**line): print(json.dumps(line), flush=True)
say(loaded=0.1, mb=1)
for row in sys.argv[1:]:
    say(begins=row)
    if row == "hangs": time.sleep(60)
    if row == "dies": os.abort()
    say(row=row, run=1, seconds=0.01, rows=1, check=[1])
"""


class Options(argparse.Namespace):
    """Rows ask for their limit one after the other: on a busy machine none but the one that hangs may run out of time."""

    @property
    def row_limit(self):
        return next(self.limits)


@pytest.fixture
def fake(tmp_path, monkeypatch):
    program = tmp_path / "fake.py"
    program.write_text(FAKE)
    monkeypatch.setattr(engines, "command", lambda o, job, rows: [sys.executable, str(program), *rows])
    return Options(load_limit=600, limits=itertools.repeat(600.0), slow=30, memory_limit=1e6, build=tmp_path, data=tmp_path)


def test_a_row_that_hangs_or_dies_costs_only_itself(fake):
    kept = []
    fake.limits = iter([600.0, 1.0, 600.0, 600.0, 600.0])
    job = {"engine": "polars", "threads": 1, "variant": "1e2_0_0", "task": "groupby", "n": 1e6}
    engines.run_job(fake, job, ["one", "hangs", "two", "dies", "three"], kept.extend)
    assert [(found["row"], found.get("error", "")[:17]) for found in kept] == \
        [("one", ""), ("hangs", "stopped after 1 s"), ("two", ""), ("dies", "died of signal 6"), ("three", "")]


def test_a_process_that_cannot_load_fails_all_its_rows(fake, tmp_path):
    (tmp_path / "fake.py").write_text("raise SystemExit('no such file')")
    kept = []
    engines.run_job(fake, {"engine": "polars", "threads": 1, "variant": "", "task": "csv", "n": 1e6}, ["a", "b"], kept.extend)
    assert [(found["row"], found["error"]) for found in kept] == [(row, "loading failed: no such file") for row in "ab"]


def test_an_engine_is_stopped_above_its_memory(fake, tmp_path, monkeypatch):
    (tmp_path / "fake.py").write_text(FAKE + "\nblock = bytearray(300 << 20)\ntime.sleep(1000)\n")
    fake.memory_limit = 150
    kept, ends, one_process = [], [], engines.one_process
    monkeypatch.setattr(engines, "one_process", lambda *words: ends.append(one_process(*words)) or ends[-1])
    engines.run_job(fake, {"engine": "polars", "threads": 1, "variant": "", "task": "csv", "n": 1e6}, ["a"], kept.extend)
    assert [found["row"] for found in kept] == ["a"]
    assert [reason for _, _, reason in ends] == ["stopped above 150 MB"]


def test_foreign_load_is_what_others_used_while_a_row_ran():
    watch = engines.Watch(argparse.Namespace(poll=lambda: 0), 1)
    cpus = os.cpu_count()
    watch.samples = [(0.0, 0), (1.0, 0), (2.0, engines.TICK * cpus), (3.0, engines.TICK * cpus)]
    assert watch.foreign(1.0, 2.0) == 1.0
    assert watch.foreign(2.2, 2.8) == 0.0
    assert engines.Watch(argparse.Namespace(poll=lambda: 0), 1).foreign(0, 1) is None


def test_what_was_measured_is_not_measured_again(tmp_path):
    store = run.Store(tmp_path / "measured.jsonl")
    job = {"kind": "time", "task": "groupby", "variant": "1e2_0_0", "n": 1e7, "threads": 2, "engine": "libframe", "repeat": 0}
    store.keep([{**job, "row": "g1", "seconds": 1.0}])
    again = run.Store(tmp_path / "measured.jsonl")
    assert again.rows_done(job) == {"g1"}
    assert again.rows_done({**job, "repeat": 1}) == set() == again.rows_done({**job, "engine": "polars"})
    again.forget(lambda kept: kept["engine"] == "libframe")
    assert (tmp_path / "measured.jsonl").read_text() == ""


def options_of_run(tmp_path, *words):
    return run.options(["--build", str(tmp_path), "--threads", "2", "--engines", "libframe,polars,duckdb", *words])


MEASURED = {
    "time": line(), "join": line(row="j1", task="join"), "failed": {**line("polars", "g2"), "error": "stopped"},
    "variant": line(variant="2e0_0_0"), "smaller": line(n=1e6), "one thread": line(threads=1), "memory": line(kind="memory"),
    "program": {"kind": "program", "name": "convert", "n": 1e7, "seconds": [1.0]}, "roofline": {"kind": "roofline", "n": 1e7},
    "rival": line("polars"), "gone": line(threads=8)}


@pytest.mark.parametrize("words, forgotten", [
    (["--again", "libframe", "--stages", "time"], {"time", "join"}),
    (["--again", "libframe", "--stages", "time", "--tasks", "groupby"], {"time"}),
    (["--again", "libframe", "--stages", "time", "--only", "j1"], {"join"}),
    (["--again", "libframe", "--stages", "growth"], {"smaller", "one thread"}),
    (["--again", "libframe", "--stages", "growth", "--growth-engines", "polars"], set()),
    (["--again", "libframe", "--stages", "variants"], {"variant"}),
    (["--again", "libframe", "--stages", "memory,programs"], {"memory", "program"}),
    (["--again", "libframe", "--stages", ""], set()),
    (["--again", "failed"], {"failed"}),
    (["--again", "polars"], {"failed", "rival"}),
    (["--again", "libframe"], {"time", "join", "variant", "smaller", "one thread", "memory", "program"})])
def test_again_forgets_only_what_the_run_measures(tmp_path, words, forgotten):
    o = options_of_run(tmp_path, *words)
    assert {name for name, kept in MEASURED.items() if run.is_again(o, kept)} == forgotten


@pytest.mark.parametrize("words, forgotten", [(["--again", "pandas"], "pandas"), (["--again", "libframe,polar"], "polar")])
def test_again_names_engines_of_the_run(tmp_path, words, forgotten):
    with pytest.raises(SystemExit, match=f"unknown: {forgotten}"):
        options_of_run(tmp_path, *words)


def test_only_ours_and_rivals_near_the_fastest_run_again():
    o = argparse.Namespace(foreign=0.1)
    found = {"g1": {engine: [line(engine, seconds=s)] for engine, s in
                    (("libframe", 9.0), ("polars", 1.0), ("duckdb", 1.9), ("pandas", 2.1))}}
    assert set(run.contenders(o, found)) == {"libframe", "polars", "duckdb"}


def test_a_half_made_table_is_never_taken_for_one(tmp_path):
    o = argparse.Namespace(data=tmp_path, tables=None)

    def fails(room):
        (room / "T.csv").write_text("half")
        raise OSError("disk full")
    with pytest.raises(OSError):
        tables.made(o, tmp_path / "T.csv", fails)
    assert not (tmp_path / "T.csv").exists()
    tables.made(o, tmp_path / "T.csv", lambda room: (room / "T.csv").write_text("whole"))
    assert (tmp_path / "T.csv").read_text() == "whole"


# ---- instructions -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("counted, good", [(1000, True), (1030, True), (1031, False), (970, True), (960, False)])
def test_a_kernel_may_differ_by_three_percent(counted, good):
    lines, found = count.compare({"sum": 1000}, {"sum": counted})
    assert found == good
    assert ("MORE" in lines[0]) == (counted > 1030) and ("fewer" in lines[0]) == (counted < 970)


def test_a_kernel_nobody_recorded_is_named():
    lines, good = count.compare({}, {"sum": 1000})
    assert not good and "new" in lines[0]


def test_what_happens_around_the_calls_drops_out():
    assert count.per_call(5000 + 100, 5000 + 300) == 100


def test_callgrind_s_total_is_found_or_its_words_are_told():
    assert count.collected("==12== Events    : Ir\n==12== Collected : 123456\n") == 123456
    with pytest.raises(RuntimeError, match="no such program"):
        count.collected("valgrind: no such program")


def test_recorded_counts_name_kernels_that_exist():
    names = set((ROOT / "bench" / "instructions" / "kernels.c").read_text().split('{ "')[1:])
    names = {text.split('"')[0] for text in names}
    for path in (ROOT / "bench" / "instructions").glob("*.json"):
        assert set(json.loads(path.read_text())) == names, path.name


# ---- memory that was used before ---------------------------------------------------------------------------------------------

def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs Linux's account of memory")
def test_memory_is_touched_all_at_once_and_given_back(monkeypatch):
    before, most = resident(), []
    clock = warm.time.process_time
    monkeypatch.setattr(warm.time, "process_time", lambda: most.append(resident()) or clock())
    assert warm.touch(3 * warm.CHUNK - 1) > 0
    assert most[-1] - before > 2.9 * warm.CHUNK
    assert resident() - before < warm.CHUNK
    assert warm.touch(0) == 0


def test_who_touches_memory_is_a_process_of_its_own():
    before = run.programs.own_peak()
    assert warm.touch_elsewhere(4 * warm.CHUNK) > 0
    assert run.programs.own_peak() - before < 4 * warm.CHUNK / 1024


@pytest.mark.parametrize("stages, touched", [(["tables"], False), ([], False), (["tables", "time"], True), (["roofline"], True)])
def test_memory_is_touched_only_before_something_is_measured(monkeypatch, stages, touched):
    sizes = []
    monkeypatch.setattr(warm, "free_memory", lambda: 100 << 30)
    monkeypatch.setattr(warm, "touch_elsewhere", lambda size: sizes.append(size) or 1e9)
    run.warm_up(argparse.Namespace(stages=stages, memory_limit=1024))
    assert sizes == ([1 << 30] if touched else [])
