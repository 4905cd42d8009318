"""`frame analyze` as a person uses it: figures equal pandas', every row accounted for, the same bytes each time."""
import csv
import datetime
import decimal
import filecmp
import json
import os
import re
import shutil
import subprocess

import pytest

GOLDEN = "tests/golden/analyze/sales.json"


@pytest.fixture(scope="module")
def sales(build, tmp_path_factory):
    directory = tmp_path_factory.mktemp("datasets")
    subprocess.run([build / "bin" / "make-datasets", directory], check=True)
    return str(directory / "sales_data.csv")


@pytest.fixture
def frame(frame_command, tmp_path):
    def run(*words, **options):
        environment = dict(os.environ, FRAME_LEAKS="1", **options.pop("environment", {}))
        result = subprocess.run([frame_command, *map(str, words)], capture_output=True, text=True, cwd=tmp_path, env=environment,
                                timeout=600, stdin=subprocess.DEVNULL, **options)
        assert "leak" not in result.stderr, result.stderr
        return result
    return run


def analysis(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout, parse_float=decimal.Decimal)


@pytest.fixture
def analyze(frame, tmp_path):
    """The analysis of a small table given as text, as JSON."""
    def run(text, *words):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return analysis(frame("analyze", path, "--json", *words))
    return run


def role_of(found, name):
    return next(column["role"] for column in found["columns"] if column["name"] == name)


# ---- the sample data --------------------------------------------------------------------------------------------------

def same_groups(ours, theirs):
    assert ours["groups"] == theirs["groups"]
    assert ours["groups_for_80_percent"] == theirs["groups_for_80_percent"]
    assert float(ours["top10_share"]) == pytest.approx(theirs["top10_share"], abs=1e-12)
    for line, wanted in zip(ours["lines"], theirs["lines"], strict=True):
        assert (line["value"], line["rows"], line["units"]) == (wanted["value"], wanted["rows"], wanted["units"])
        assert line["amount"] == decimal.Decimal(wanted["amount"])
        assert float(line["share"]) == pytest.approx(wanted["share"], abs=1e-12)


def test_figures_equal_those_of_pandas(frame, sales, root):
    found, golden = analysis(frame("analyze", sales, "--json")), json.loads((root / GOLDEN).read_text())
    assert {name: found["rows"][name] for name in golden["rows"]} == golden["rows"]
    total = found["total"]
    assert total["amount"] == decimal.Decimal(golden["total"])
    assert (total["units"], total["first"], total["last"]) == (golden["units"], golden["first"], golden["last"])
    for name in ("by", "top", "customers"):
        same_groups(found[name], golden[name])
    over_time = found["over_time"]
    assert [(p["period"], p["amount"], p["rows"], p["whole"]) for p in over_time["periods"]] == \
        [(p["period"], decimal.Decimal(p["amount"]), p["rows"], True) for p in golden["months"]]
    for name in ("change", "change_on_year_before", "twelve_months_change"):
        assert float(over_time[name]) == pytest.approx(golden[name], abs=1e-12)
    assert [float(x) for x in found["season"]["weekday_mean"]] == pytest.approx(golden["weekday_mean"], rel=1e-12)
    quantity = next(c for c in found["columns"] if c["name"] == "quantity")
    for name, value in golden["quantity"].items():
        assert float(quantity[name]) == pytest.approx(value, rel=1e-12)
    assert float(found["correlations"][0]["r"]) == pytest.approx(golden["r_quantity_price"], rel=1e-12)


def test_every_row_is_accounted_for(frame, sales):
    result = frame("analyze", sales, "--output", "report")
    assert "accounted for: 50,000 in = 49,857 kept + 127 duplicates + 16 rejected ✓" in result.stderr
    assert "127 duplicates removed" in result.stdout
    assert "45 missing values fixed (unit_price: 30 by product median, region: 15 \"Unknown\")" in " ".join(result.stdout.split())


def test_the_cleaned_file_holds_the_kept_rows(frame, sales, tmp_path):
    assert frame("analyze", sales, "--output", "report").returncode == 0
    with open(tmp_path / "report" / "cleaned.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(tmp_path / "report" / "rejects.csv", newline="", encoding="utf-8") as file:
        rejects = list(csv.DictReader(file))
    assert len(rows) == 49_857 and len(rejects) == 16
    assert len({row["order_id"] for row in rows}) == 49_857
    assert all(len(row["order_date"]) == 10 and row["order_date"][4] == "-" for row in rows)
    assert sum(row["region"] == "Unknown" for row in rows) == 15
    assert sorted({row["column"] for row in rejects}) == ["order_date", "quantity"]


def same_folder(one, other):
    names = sorted(os.listdir(one))
    assert names == sorted(os.listdir(other)) and "summary.html" in names
    match, differ, errors = filecmp.cmpfiles(one, other, names, shallow=False)
    assert not differ and not errors


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_the_same_bytes_for_any_number_of_threads(frame, sales, tmp_path, threads):
    frame("analyze", sales, "-o", "one", "--threads", 1)
    assert frame("analyze", sales, "-o", "other", "--threads", threads).returncode == 0
    same_folder(tmp_path / "one", tmp_path / "other")


def test_running_the_job_repeats_the_report(frame, sales, tmp_path):
    first = frame("analyze", sales, "-o", "report", "--json")
    os.rename(tmp_path / "report", tmp_path / "kept")
    os.mkdir(tmp_path / "report")
    os.link(tmp_path / "kept" / "analysis.toml", tmp_path / "report" / "analysis.toml")
    again = frame("run", "report/analysis.toml", "--json")
    assert again.stdout == first.stdout
    same_folder(tmp_path / "kept", tmp_path / "report")


def test_a_job_with_a_step_taken_away_does_without_it(frame, sales, tmp_path):
    frame("analyze", sales, "-o", "report")
    job = tmp_path / "report" / "analysis.toml"
    job.write_text(job.read_text().replace('\n[[step]]\nverb = "distinct"\n', ""))
    found = analysis(frame("run", job, "--json", "-o", "other"))
    assert found["rows"]["kept"] == 49_857 + 127 and found["rows"]["duplicates"] == 0
    assert {rule["kind"] for rule in found["cleaning"]} == {"given"}


def test_pictures_of_an_earlier_run_go_and_others_stay(frame, sales, tmp_path):
    assert frame("analyze", sales, "-o", "report").returncode == 0
    (tmp_path / "report" / "mine.png").write_bytes(b"mine")
    drawn = {name for name in os.listdir(tmp_path / "report") if name.endswith(".png")}
    if "revenue_by_region.png" not in drawn:
        pytest.skip("a build without charts")
    assert frame("analyze", sales, "-o", "report", "--by", "none").returncode == 0
    left = {name for name in os.listdir(tmp_path / "report") if name.endswith(".png")}
    assert left - {"missing_values.png"} == drawn - {"revenue_by_region.png"} and "mine.png" in left


def test_a_list_of_charts_that_was_edited_removes_nothing_else(frame, sales, tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "keep.png").write_bytes(b"mine")
    (tmp_path / "report" / "notes.txt").write_bytes(b"mine")
    job = 'format = "libframe analysis"\ncharts = "../keep.png, notes.txt"\n'
    (tmp_path / "report" / "analysis.toml").write_text(job)
    assert frame("analyze", sales, "-o", "report").returncode == 0
    assert (tmp_path / "keep.png").exists() and (tmp_path / "report" / "notes.txt").exists()


def test_what_is_asked_for_is_taken(frame, sales):
    found = analysis(frame("analyze", sales, "--json", "--amount", "quantity", "--by", "channel", "--top", "none", "--date", "none",
                           "--currency", "€"))
    assert found["roles"]["amount"]["column"] == "quantity" and found["roles"]["by"]["column"] == "channel"
    assert found["top"] is None and found["over_time"] is None and found["total"]["amount"] == 216_050 + 30


def test_a_misspelt_column_is_told_with_the_names_there_are(frame, sales):
    result = frame("analyze", sales, "--by", "regoin")
    assert result.returncode == 2 and "--by: no column 'regoin'; there are order_id, order_date, region" in result.stderr


def test_no_clean_changes_nothing(frame, sales):
    found = analysis(frame("analyze", sales, "--json", "--no-clean"))
    assert found["rows"]["kept"] == 50_000 and found["cleaning"] == []


# ---- what is read -----------------------------------------------------------------------------------------------------
TABLE = "date,region,amount\n" + "".join(f"2024-0{1 + i // 28}-{1 + i % 28:02},{'AB'[i % 2]},{i}.25\n" for i in range(112))


@pytest.fixture
def through_a_pipe(frame_command, tmp_path):
    def run(words, text):
        return subprocess.run([frame_command, *words], input=text.encode(), cwd=tmp_path, capture_output=True, timeout=600,
                              env={**os.environ, "FRAME_LEAKS": "1", "TMPDIR": str(tmp_path)})
    return run


def test_a_pipe_is_analysed_as_the_file_would_be(frame, through_a_pipe, tmp_path):
    (tmp_path / "table.csv").write_text(TABLE)
    file = frame("analyze", "table.csv", "--output", "file")
    pipe = through_a_pipe(["analyze", "-", "--output", "pipe"], TABLE)
    assert pipe.returncode == 0 and b"leak" not in pipe.stderr, pipe.stderr
    assert pipe.stdout.decode().replace("pipe/", "file/").splitlines()[1:] == file.stdout.splitlines()[1:]
    assert pipe.stdout.startswith(b"standard input")
    for name in "cleaned.csv", "rejects.csv", "amount_by_month.png":
        assert filecmp.cmp(tmp_path / "file" / name, tmp_path / "pipe" / name, shallow=False), name
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("frame-input")]


def test_the_job_of_a_pipe_says_what_it_needs(through_a_pipe, tmp_path):
    first = through_a_pipe(["analyze", "-", "--output", "out"], TABLE)
    job = (tmp_path / "out" / "analysis.toml").read_text()
    assert first.returncode == 0 and "came through a pipe" in job and 'file = "-"' in job
    page = (tmp_path / "out" / "summary.html").read_bytes()
    again = through_a_pipe(["run", "out/analysis.toml"], TABLE)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "out" / "summary.html").read_bytes() == page
    changed = job.replace('verb = "parse_dates"', 'verb = "parse_dates"') + "\n[[step]]\nverb = \"head\"\nn = 50\n"
    (tmp_path / "out" / "analysis.toml").write_text(changed)
    shorter = through_a_pipe(["run", "out/analysis.toml"], TABLE)
    assert shorter.returncode == 0 and b"112 in = 50 kept" in shorter.stderr, shorter.stderr


def test_standard_input_is_read_from_where_it_stands(frame_command, tmp_path):
    (tmp_path / "table.csv").write_text("a line for somebody else\n" + TABLE)
    with open(tmp_path / "table.csv", "rb", buffering=0) as file:
        file.seek(len("a line for somebody else\n"))
        result = subprocess.run([frame_command, "analyze", "-", "--json"], stdin=file, capture_output=True, timeout=600)
    assert json.loads(result.stdout)["rows"]["kept"] == 112, result.stderr


def test_a_named_pipe_is_read_once(frame_command, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    process = subprocess.Popen([frame_command, "analyze", "pipe.csv", "--json"], cwd=tmp_path, stdout=subprocess.PIPE)
    (tmp_path / "pipe.csv").write_text(TABLE)
    found = json.loads(process.communicate(timeout=600)[0])
    assert found["rows"]["kept"] == 112 and found["file"] == "pipe.csv"


@pytest.mark.parametrize("begin, format", [(b'[\n  {"a": 1},', "JSON"), (b'{"a": 1}\n{"a": 2}\n', "JSON"), (b"PK\3\4\0\0", "a ZIP"),
                                           (b"PAR1\0", "a Parquet")])
def test_what_is_no_delimited_text_is_named(frame, tmp_path, begin, format):
    (tmp_path / "table").write_bytes(begin)
    result = frame("analyze", "table")
    assert result.returncode != 0 and result.stderr.startswith(f"frame: table: sniff_csv: this is {format}"), result.stderr


def test_brackets_in_a_header_are_no_json(analyze):
    assert analyze("[id],{name}\n1,a\n2,b\n")["rows"]["kept"] == 2


# ---- cleaning ---------------------------------------------------------------------------------------------------------

def test_spellings_become_the_most_frequent_one(analyze):
    found = analyze("region,n\n" + "North,1\n" * 5 + "north,1\n\" North \",1\nSouth,2\nSOUTH,2\nSouth,3\n")
    assert [(s["from"], s["to"], s["cells"]) for s in found["spellings"]] == \
        [("north", "North", 1), (" North ", "North", 1), ("SOUTH", "South", 1)]
    region = next(c for c in found["columns"] if c["name"] == "region")
    assert [(v["value"], v["n"]) for v in region["values"]] == [("North", 7), ("South", 3)]


def test_one_is_said_in_the_singular(frame, tmp_path):
    (tmp_path / "one.csv").write_text("item,amount,region\npen,-1.50,A\nink,,B\nink,2.00,B\nnib,x,B\n" + "pen,1.00,A\n" * 36)
    told = frame("analyze", "one.csv", "--amount", "amount", "--json").stdout + frame("analyze", "one.csv").stdout
    assert "1 row has no Amount and counts as nothing" in told and "1 row rejected" in told
    assert " 1 rows" not in told and "1 cells" not in told and "1 columns" not in told


def test_sales_of_years_are_told_by_year(frame, tmp_path):
    rows = "".join(f"{1990 + i // 2}-0{1 + 5 * (i % 2)}-01,{'AB'[i % 2]},{i}\n" for i in range(60))
    (tmp_path / "years.csv").write_text("date,region,amount\n" + rows)
    assert frame("analyze", "years.csv", "--output", "out").returncode == 0
    page = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "Amount by year" in page and "Whole year" in page and "Whole month" not in page


def test_money_is_decimal_however_it_is_written(analyze):
    found = analyze("item,price,quantity\n" + 'pen,"$1,200.10",1\nink,$0.20,3\nink,$0.20,1\n' * 10)
    price = next(c for c in found["columns"] if c["name"] == "price")
    assert price["type"] == "decimal(18,2)" and found["roles"]["currency"] == "$"
    assert found["total"]["amount"] == decimal.Decimal("12009.00")


def cleaned(frame, tmp_path, text):
    """The rows that analyze keeps of a small table, and the texts that it puts aside."""
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    result = frame("analyze", "table.csv", "--output", "out", "--quiet")
    assert result.returncode == 0, result.stderr
    with open(tmp_path / "out" / "cleaned.csv", encoding="utf-8") as kept, \
            open(tmp_path / "out" / "rejects.csv", encoding="utf-8") as rejects:
        return [row[-1] for row in csv.reader(kept)][1:], [row["text"] for row in csv.DictReader(rejects)]


def test_a_text_that_only_holds_digits_somewhere_is_no_number(frame, tmp_path):
    rows = ["1.200,50", "3,75"] * 20 + ["see page 3,5 or 7", "12,5x3"]
    kept, rejected = cleaned(frame, tmp_path, "id;preis\n" + "".join(f"{i};{text}\n" for i, text in enumerate(rows)))
    assert kept == ["1200.50", "3.75"] * 20
    assert rejected == ["see page 3,5 or 7", "12,5x3"]


def test_a_separator_of_thousands_stands_between_threes(frame, tmp_path):
    rows = ["$1,200.50", "€3.75", "-12", "5 %"] * 20 + ["3,5", "1 2", "$1,20.5"]
    kept, rejected = cleaned(frame, tmp_path, "id;amount\n" + "".join(f"{i};{text}\n" for i, text in enumerate(rows)))
    assert kept == ["1200.50", "3.75", "-12.00", "5.00"] * 20
    assert rejected == ["3,5", "1 2", "$1,20.5"]


def test_money_stays_exact_beside_a_text_that_is_none(analyze):
    found = analyze("item,amount\n" + "pen,$0.10\n" * 40 + "ink,on request. See the catalogue\n")
    assert next(column["type"] for column in found["columns"] if column["name"] == "amount") == "decimal(18,2)"
    assert found["rows"]["rejected"] == 1


def test_only_cells_that_change_are_counted_as_changed(analyze):
    found = analyze("item,amount\n" + "pen,$0.10\n" * 30 + "ink,0.20\n" * 10)
    assert [rule["changed"] for rule in found["cleaning"] if rule["rule"].endswith("taken away")] == [30]


def test_a_tenth_of_a_cent_late_in_the_file_is_kept(analyze):
    found = analyze("product,amount\n" + "pen,0.10\n" * 3000 + "ink,0.10\n" * 3000 + "pen,0.125\n")
    assert next(c for c in found["columns"] if c["name"] == "amount")["type"] == "decimal(18,3)"
    assert found["rows"]["kept"] == 6001 and found["total"]["amount"] == decimal.Decimal("600.125")


def test_a_bad_number_puts_its_row_aside(analyze):
    found = analyze("id,quantity,price\n" + "".join(f"{i},{i % 7 + 1},2.50\n" for i in range(1, 60)) + "60,three,2.50\n")
    assert found["rows"] == {"in": 60, "kept": 59, "duplicates": 0, "rejected": 1, "equal_kept": 0, "filled": 0}


def test_leading_zeros_stay_text(analyze):
    assert role_of(analyze("zip,n\n" + "".join(f"0{i:04},{i}\n" for i in range(100))), "zip") == "code"


@pytest.mark.parametrize("option, month", [("--day-first", "2024-02"), ("--month-first", "2024-01")])
def test_ambiguous_dates_are_asked_about(analyze, option, month):
    text = "date,product,amount\n" + "01/02/2024,pen,1\n01/03/2024,ink,2\n" * 20
    found = analyze(text)
    assert "ambiguous dates" in [alert["kind"] for alert in found["alerts"]]
    assert next(c for c in found["columns"] if c["name"] == "date")["type"] == "str"
    assert analyze(text, option)["over_time"]["periods"][0]["period"][:7] == month


def test_equal_rows_stay_where_nothing_tells_rows_apart(analyze):
    text = "sex,class\n" + "male,1\nmale,1\nfemale,2\n" * 20
    assert analyze(text)["rows"]["kept"] == 60
    assert analyze(text, "--drop-duplicates")["rows"] | {"filled": 0} == \
        {"in": 60, "kept": 2, "duplicates": 58, "rejected": 0, "equal_kept": 0, "filled": 0}


def test_a_month_that_is_not_over_is_not_compared(analyze):
    days = [f"2024-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(2, 30)] + ["2024-04-01", "2024-04-02"]
    found = analyze("date,region,amount\n" + "".join(f"{day},{'AB'[i % 2]},{10 + i % 2}\n" for i, day in enumerate(days)))
    periods = found["over_time"]["periods"]
    assert [p["whole"] for p in periods] == [True, True, True, False]
    assert found["over_time"]["change"] == 0


def test_gaps_of_long_ago_do_not_make_a_month_whole(analyze):
    day = datetime.date(2020, 1, 1)
    days = [day + datetime.timedelta(days=7 * i) for i in range(104)]           # a day a week, then every day
    days += [days[-1] + datetime.timedelta(days=1 + i) for i in range(540)]
    days = [one for one in days if one <= datetime.date(2023, 6, 25)]
    rows = (f"{one},{'AB'[i % 2]},{10 + i % 2}\n" for i, one in enumerate(days))
    periods = analyze("date,region,amount\n" + "".join(rows))["over_time"]["periods"]
    assert [p["whole"] for p in periods][-2:] == [True, False]


def test_monthly_data_are_whole(analyze):
    rows = (f"{2020 + m // 12}-{m % 12 + 1:02}-01,{'AB'[m % 2]},{m}\n" for m in range(30))
    found = analyze("date,region,sales\n" + "".join(rows))
    assert all(p["whole"] for p in found["over_time"]["periods"]) and found["season"]["weekday_mean"] is None


def test_a_day_that_begins_late_is_not_whole(analyze):
    rows = ["2024-03-01 23:30:00,1"] + [f"2024-03-{day:02} {hour}:00:00,{day}" for day in range(2, 9) for hour in (10, 20)]
    found = analyze("sold_at,amount\n" + "\n".join(rows) + "\n")
    assert [p["whole"] for p in found["over_time"]["periods"]] == [False] + [True] * 7
    found = analyze("sold_at,amount\n" + "\n".join(rows[1:] + ["2024-03-09 08:00:00,1"]) + "\n")
    assert [p["whole"] for p in found["over_time"]["periods"]] == [True] * 7 + [False]


def test_an_order_id_of_four_rows_is_an_id(analyze):
    assert role_of(analyze("order_id,amount\n1,2.50\n2,3.50\n3,1.00\n4,9.00\n"), "order_id") == "id"


def test_first_rows_have_every_digit_of_the_file(frame, tmp_path):
    rows = "\n".join(f"{code:05},{18 + code / 1e6:.6f},{code % 7}" for code in range(501, 560))
    (tmp_path / "table.csv").write_text(f"zip_code,latitude,size\n{rows}\n")
    assert frame("analyze", "table.csv", "-o", "report").returncode == 0
    page = (tmp_path / "report" / "summary.html").read_text()
    assert "18.000501" in page and "00501" in page


def test_years_and_ids_are_never_summed(analyze):
    rows = (f"{1000 + i},{2000 + i % 9},{i % 80}.5,0.{i % 10}\n" for i in range(90))
    found = analyze("order_id,year,latitude,rate\n" + "".join(rows))
    assert [c["role"] for c in found["columns"]] == ["id", "time part", "coordinate", "measure"]
    assert found["roles"]["amount"] is None


# ---- bad input --------------------------------------------------------------------------------------------------------

BAD = {
    "one row": "a,b\n1,2\n",
    "one column": "a\n1\n2\n3\n",
    "no rows": "a,b,c\n",
    "all nulls": "a,b\n,\n,\n,\n",
    "a script as name": "</script><script>alert(1)</script>,amount,date\n" + "x,1,2024-01-01\ny,2,2024-02-03\n" * 20,
    "emoji": "💰 amount,🌍 region\n" + "1.5,🇳🇴\n2.5,👩‍👩‍👧\n" * 20,
    "a cell of a megabyte": "product,amount\n" + "x" * 1_000_000 + ",1\npen,2\n" * 12,
    "year 1": "date,product,amount\n" + "0001-01-01,pen,1\n9999-12-31,ink,2\n" * 12,
    "infinities": "region,amount\n" + "N,inf\nS,-inf\nS,1.5\n" * 12,
    "huge numbers": "region,amount\n" + "N,1e308\nS,1e308\n" * 12,
    "names of our own": "amount__,rows__,value__,day__,amount,date\n" + "1,2,3,4,5,2024-01-01\n2,3,4,5,6,2024-02-01\n" * 12,
    "count as name": "count,size,n\n" + "x,1,2\ny,2,3\n" * 12,
    "a backtick": "a`b,c`\n" + "x,1\ny,2\n" * 12,
    "ragged": "a,b\n1,2\n3\n4,5\n",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_a_correct_page(frame, tmp_path, name):
    (tmp_path / "table.csv").write_text(BAD[name])
    result = frame("analyze", "table.csv", "-o", "report")
    assert result.returncode == 0, result.stderr
    page = (tmp_path / "report" / "summary.html").read_text()
    assert "<script>alert" not in page and len(page) <= 500_000 and page.rstrip().endswith("</html>")
    assert "\x1b" not in result.stdout and "✓" in result.stderr


def test_ten_thousand_columns(frame, tmp_path):
    (tmp_path / "wide.csv").write_text(",".join(f"c{i}" for i in range(10_000)) + "\n" +
                                       ("\n".join(",".join(str(i * k % 97) for i in range(10_000)) for k in range(1, 4))) + "\n")
    result = frame("analyze", "wide.csv", "-o", "report")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "report" / "summary.html").stat().st_size <= 500_000


def test_naughty_strings_everywhere(frame, data, tmp_path):
    source = next((data / "strings").rglob("blns.json"), None) or pytest.skip("no list of naughty strings")
    strings = [s for s in json.loads(source.read_text()) if "\0" not in s]
    names = list(dict.fromkeys(strings))[1:60]
    with open(tmp_path / "naughty.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["amount", "product", *names])
        for i, text in enumerate(strings):
            writer.writerow([i, text, *(strings[(i + k) % len(strings)] for k in range(len(names)))])
    result = frame("analyze", "naughty.csv", "-o", "report")
    assert result.returncode == 0, result.stderr
    page = (tmp_path / "report" / "summary.html").read_text()
    assert "<script>alert" not in page and "<img src=x" not in page.lower() and "\x1b" not in result.stdout


def test_a_terminal_gets_no_control_characters(frame, tmp_path):
    (tmp_path / "t.csv").write_text("reg\x1b[31mion,amount,date\n" + "\x1b]0;x\x07N,1,2024-01-02\nS\u202e,2,2024-01-03\n" * 12)
    result = frame("analyze", "t.csv")
    assert result.returncode == 0 and not set(result.stdout) & {"\x1b", "\x07", "\u202e"}


# ---- files ------------------------------------------------------------------------------------------------------------

def test_a_run_that_fails_leaves_the_old_report(frame, sales, tmp_path):
    frame("analyze", sales, "-o", "report")
    before = {name: (tmp_path / "report" / name).read_bytes() for name in os.listdir(tmp_path / "report")}
    assert frame("analyze", sales, "-o", "report", "--by", "nothing").returncode != 0
    assert frame("analyze", "missing.csv", "-o", "report").returncode == 3
    assert {name: (tmp_path / "report" / name).read_bytes() for name in os.listdir(tmp_path / "report")} == before


def test_a_folder_that_cannot_be_made_is_told(frame, sales, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = frame("analyze", sales, "-o", "file/report")
    assert result.returncode == 3 and "file" in result.stderr
    assert (tmp_path / "file").read_text() == "in the way"


def test_without_output_nothing_is_written(frame, sales, tmp_path):
    assert frame("analyze", sales).returncode == 0
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kib", [1, 20, 100, 300])
def test_a_full_disk_leaves_the_old_report(frame_command, frame, sales, tmp_path, kib):
    """Files may not grow beyond a limit, as on a full disk: the page, the charts or the rows do not fit."""
    frame("analyze", sales, "-o", "report", "--max-rows", 1000)
    before = {name: (tmp_path / "report" / name).read_bytes() for name in os.listdir(tmp_path / "report")}
    result = subprocess.run(["bash", "-c", f"trap '' XFSZ; ulimit -f {kib}; exec \"$0\" analyze \"$1\" -o report", frame_command,
                             sales], cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert result.returncode == 3, result.stderr
    assert {name: (tmp_path / "report" / name).read_bytes() for name in os.listdir(tmp_path / "report")} == before


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("call", ["rename", "fsync", "write", "openat"])
def test_a_killed_run_leaves_every_file_old_or_new(frame_command, frame, sales, tmp_path, call):
    frame("analyze", sales, "-o", "old", "--max-rows", 500)
    frame("analyze", sales, "-o", "new", "--max-rows", 800)
    files = {name: ((tmp_path / "old" / name).read_bytes(), (tmp_path / "new" / name).read_bytes())
             for name in os.listdir(tmp_path / "old") if name != "analysis.toml"}
    names = f"{call},{call}at,{call}at2" if call == "rename" else f"{call},p{call}64" if call == "write" else call
    step, n = (1, 1) if call in ("rename", "fsync") else (31, 5)
    while n < 400:
        shutil.rmtree(tmp_path / "report", ignore_errors=True)
        shutil.copytree(tmp_path / "old", tmp_path / "report")
        result = subprocess.run(["strace", "-qq", "-f", "-o", "/dev/null", "-e", f"inject={names}:signal=KILL:when={n}",
                                 frame_command, "analyze", sales, "-o", "report", "--max-rows", "800", "--threads", "1"],
                                cwd=tmp_path, capture_output=True, timeout=600)
        if result.returncode == 0:
            break
        for name, versions in files.items():
            assert (tmp_path / "report" / name).read_bytes() in versions, f"{call} {n}: {name}"
        n += step
    assert n > 1
    assert frame("analyze", sales, "-o", "report", "--max-rows", 800).returncode == 0
    assert all((tmp_path / "report" / name).read_bytes() == new for name, (old, new) in files.items())


def test_a_mistake_in_the_amount_is_shown_where_it_is(frame, sales):
    result = frame("analyze", sales, "--amount", "quantity * prize")
    assert result.returncode == 2 and ".c:" not in result.stderr
    assert result.stderr.splitlines()[-2].endswith("quantity * prize") and result.stderr.splitlines()[-1].strip() == "^"


def test_a_european_file_is_read_as_it_is_written(analyze):
    found = analyze("Bestelldatum;Land;Artikel;Menge;Einzelpreis\n" +
                    "03.01.2024;Deutschland;Stift;3;1.234,50 €\n16.02.2024;Österreich;Heft;2;0,99 €\n" * 20)
    assert found["roles"]["amount"]["column"] == "Menge * Einzelpreis" and found["roles"]["currency"] == "€"
    assert found["total"]["amount"] == decimal.Decimal("74109.60") and found["total"]["first"] == "2024-01-03"


def test_long_numbers_have_a_line_each_below_one_another(frame, tmp_path):
    """Thirteen digits under each of eight bars would run into each other; the digits of stars do not."""
    (tmp_path / "codes.csv").write_text(
        "ean,Stars,value\n" + "".join(f"{4006381333931 + i % 8},{71 + i % 5},{i / 7:.3f}\n" for i in range(200)))
    assert frame("analyze", "codes.csv", "-o", "report").returncode == 0
    page = (tmp_path / "report" / "summary.html").read_text()

    def rows_of(texts):
        return {re.search(rf'<text x="[0-9.]+" y="([0-9.]+)"[^>]*>{text}<', page)[1] for text in texts}

    assert len(rows_of(4006381333931 + i for i in range(8))) == 8
    assert len(rows_of(range(71, 76))) == 1


def test_the_section_over_time_is_named_like_the_others(frame, tmp_path):
    (tmp_path / "prices.csv").write_text(
        "date,closing_price\n" + "".join(f"2024-{1 + i // 28:02}-{1 + i % 28:02},{i * 1.5 % 7 + 20}\n" for i in range(120)))
    assert frame("analyze", "prices.csv", "-o", "report").returncode == 0
    page = (tmp_path / "report" / "summary.html").read_text()
    assert "Closing price over time" in page and "closing_price over time" not in page


def test_types_that_are_asked_for_are_kept(analyze):
    """A code asked for as text stays text; a price is exact though another column's name begins with it."""
    text = "date,product,price_code,price,quantity\n" + "".join(
        f"2024-{1 + i % 12:02}-{1 + i % 28:02},{('pen', 'desk')[i % 2]},{1000 + i % 5},{i % 50 / 10 + 0.1:.2f},{1 + i % 4}\n"
        for i in range(300))
    types = {column["name"]: column["type"] for column in analyze(text, "--dtypes", "price_code: str")["columns"]}
    assert (types["price_code"], types["price"]) == ("str", "decimal(18,2)")
    assert {column["name"]: column["type"] for column in analyze(text)["columns"]}["price_code"] == "i64"
