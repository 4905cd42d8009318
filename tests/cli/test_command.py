"""The command as a person types it: results, exit codes, suggestions, pipes, atomic outputs."""
import json
import re
import subprocess

import pytest

SALES = """region,product,quantity,unit_price
EU,pen,3,1.50
US,ink,1,12.25
EU,ink,2,12.25
,pen,10,1.25
"""


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(SALES)
    return str(path)


def rows(result):
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_a_file_alone_is_shown(frame, sales):
    result = frame(sales)
    assert result.returncode == 0
    for text in ("region", "quantity", "i64", "f64", "12.25", "null", "4 rows"):
        assert text in result.stdout, result.stdout


def test_chain_on_one_line(frame, sales):
    chain = "where quantity > 1 | group region: revenue = sum(quantity * unit_price), n = size() | sort -revenue"
    assert rows(frame(sales, chain, "--json")) == [
        {"region": "EU", "revenue": 29.0, "n": 2}, {"region": None, "revenue": 12.5, "n": 1}]


def test_words_fill_what_is_not_given_by_name(frame, sales):
    by_name = rows(frame("group", sales, "--by", "region", "sum(quantity)", "--json"))
    assert by_name == rows(frame("group", sales, "region", "sum(quantity)", "--json")) and len(by_name) == 3
    for words in (["head", sales, "-n", "1", "2"], ["head", sales, "--n", "1", "2"], ["sort", sales, "--by", "region", "x"]):
        assert frame(*words).returncode == 2, words


@pytest.mark.parametrize("words, expected", [
    (["join", "F", "F", "region", "--how", "some"], "--how takes inner|left|semi|anti|full|asof"),
    (["join", "F", "F", "region", "--how", "right"], "(here it is left, with the two frames swapped)"),
    (["cast", "F", "quantity: i8", "--errors", "nul"], "--errors takes raise|coerce|reject, not 'nul'"),
    (["slice", "F", "some"], "offset takes a whole number, not 'some'"),
    (["F", "cast quantity: i8 errors nul"], "raise, coerce or"),
    (["rename", "F", "product=item"], "write 'old as new'"), (["sort", "F", "region descending"], "write 'desc'"),
    (["filter", "F", "region == EU"], "texts stand in quotes"), (["group", "F", "region", "avg(quantity)"], "here it is mean")])
def test_wrong_words_have_a_hint(frame, sales, words, expected):
    result = frame(*[sales if word == "F" else word for word in words])
    assert result.returncode and expected in result.stderr, result.stderr


def test_a_file_and_its_steps_may_be_one_word(frame, sales, tmp_path):
    apart = rows(frame(sales, "sort -quantity | head 2", "--json"))
    assert rows(frame("sales.csv | sort -quantity | head 2", "--json")) == apart and len(apart) == 2
    assert rows(frame("sales.csv|sort -quantity|head 2", "--json")) == apart
    (tmp_path / "odd | name").write_text("a\n1\n")
    assert rows(frame("odd | name", "--json")) == [{"a": 1}]
    missing = frame("nosuch.csv | head 2")
    assert missing.returncode == 3 and "frame: nosuch.csv: " in missing.stderr
    assert "no verb 'hed'" in frame("sales.csv | hed 2").stderr
    assert "stands before the first '|'" in frame("| head 2").stderr


@pytest.mark.parametrize("words, expected", [
    (["group region: n = size()"], "frame FILE 'group region: n = size()'"),
    (["where quantity / 2 > 1 | head"], "frame FILE 'where quantity / 2 > 1 | head'"),
    (["arrange region"], "frame FILE 'arrange region'"), (["sort -quantity", "sales.csv"], "frame sales.csv 'sort -quantity'")])
def test_steps_without_a_file_are_told_where_they_go(frame, sales, words, expected):
    result = frame(*words)
    assert result.returncode == 2 and f"steps stand behind their file: {expected}" in result.stderr, result.stderr


def test_what_steps_lost_is_said(frame, tmp_path):
    (tmp_path / "a.csv").write_text("a,day\n1,2024-01-02\nz,soon\n\n3,2024-01-04\n")
    (tmp_path / "b.csv").write_text("a,b\nz,1\n")
    result = frame("a.csv", "cast a: i64 coerce | parse_dates day coerce")
    for text in ("cast: 1 value that did not fit became null\n", "parse_dates: 1 value that is no date became null\n",
                 "read_csv: 1 blank line left out\n"):
        assert text in result.stderr, result.stderr
    assert "join: 2 without a match\n" in frame("join", "a.csv", "b.csv", "a", "--how", "left").stderr
    assert frame("a.csv", "cast a: i64 coerce", "--quiet").stderr == ""


@pytest.mark.parametrize("words, expected", [
    (["filter", "F", "quantity >= 3"], [3, 10]),
    (["head", "F", "2"], [3, 1]),
    (["head", "F", "-n", "1"], [3]),
    (["tail", "F", "-n", "1"], [10]),
    (["slice", "F", "1", "2"], [1, 2]),
    (["sort", "F", "-quantity"], [10, 3, 2, 1]),
    (["sort", "F", "quantity", "--descending"], [10, 3, 2, 1]),
    (["sort", "F", "--by=quantity"], [1, 2, 3, 10]),
    (["drop_null", "F"], [3, 1, 2]),
])
def test_verbs_are_commands(frame, sales, words, expected):
    result = frame(*[sales if w == "F" else w for w in words], "--json")
    assert [row["quantity"] for row in rows(result)] == expected


def test_group_by_words_and_by_options_is_the_same(frame, sales):
    by_words = rows(frame("group", sales, "product", "n = size()", "--json"))
    by_options = rows(frame("group", sales, "--by", "product", "--agg", "n = size()", "--json"))
    assert by_words == by_options == [{"product": "pen", "n": 2}, {"product": "ink", "n": 2}]


def test_parameters_get_their_values_on_the_line(frame, sales, tmp_path):
    chain = "where quantity > :lo and region == :region | with more = quantity + :lo | head 1"
    said = frame(sales, chain, "--bind", "lo=1", "--bind", "region=EU", "--csv")
    same = frame(sales, "where quantity > 1 and region == 'EU' | with more = quantity + 1 | head 1", "--csv")
    assert said.stdout == same.stdout
    assert said.stdout.count("\n") == 2
    job = tmp_path / "job.toml"
    frame("explain", sales, chain, "--bind", "lo=1", "--bind", "region=EU", "-o", job)
    assert frame("run", job, sales, "--csv").stdout == said.stdout
    assert frame("run", job, sales, "--bind", "lo=1000000", "--csv").stdout.count("\n") == 1
    wrong = frame("filter", sales, "quantity > :lo", "--bind", "low=3")
    assert wrong.returncode == 2 and "no step has a parameter :low" in wrong.stderr
    assert frame("filter", sales, "quantity > :lo", "--bind", "3").returncode == 2
    same = frame(sales, "where quantity > $1 and region == $2", "--bind", "1=1", "--bind", "2=EU", "--csv")
    assert same.stdout == frame(sales, "where quantity > 1 and region == 'EU'", "--csv").stdout
    wrong = frame("filter", sales, "quantity > $1", "--bind", "1")
    assert wrong.returncode == 2 and "--bind wants NAME=VALUE for :NAME in an expression, or 1=VALUE for $1" in wrong.stderr
    wrong = frame("filter", sales, "quantity > $1", "--bind", "2=1")
    assert wrong.returncode == 2 and "no step has a parameter $2" in wrong.stderr


def test_steps_that_the_shell_cut_into_words(frame, sales):
    wrong = frame(sales, "group", "region", "n = size()")
    assert wrong.returncode == 2
    assert f"steps are one word, in quotes: frame {sales} 'group …' (or, of one step: frame group {sales} …)" in wrong.stderr


def test_several_files_are_not_steps(frame, sales):
    wrong = frame(sales, sales)
    assert wrong.returncode == 2
    assert f"one file, please; as one table: a quoted pattern such as '*.csv', or frame concat {sales} {sales} …" in wrong.stderr
    assert frame(sales, sales, sales).stderr == wrong.stderr


def test_a_value_that_fails_names_its_line(frame, tmp_path):
    (tmp_path / "amounts.csv").write_text("id,amount\n1,3\n\n2,4\n3,oops\n")
    for steps in ("cast amount: f64", "where cast(amount, 'f64') > 1", "where id > 1 | with x = cast(amount, 'f64')"):
        assert "'oops' does not fit f64" in frame("amounts.csv", steps).stderr and ", line 5" in frame("amounts.csv", steps).stderr
    (tmp_path / "one.csv").write_text("id,v\n3,a\n")
    (tmp_path / "twice.csv").write_text("id,w\n1,a\n3,b\n3,c\n")
    wrong = frame("one.csv", "join twice.csv on id validate many_to_one")
    assert "the right frame has several rows with id = 3: line 3 and line 4\n" in wrong.stderr


def test_join_and_concat(frame, sales, tmp_path):
    (tmp_path / "products.csv").write_text("product,maker\npen,A\n")
    joined = rows(frame("join", sales, "products.csv", "product", "--how", "left", "--json"))
    assert [row["maker"] for row in joined] == ["A", None, None, "A"]
    assert len(rows(frame("concat", sales, sales, sales, "--json"))) == 12


def test_semi_and_anti_joins(frame, tmp_path):
    (tmp_path / "people.csv").write_text("id,name\n1,Ada\n2,Bob\n,Cleo\n3,Dan\n")
    (tmp_path / "orders.csv").write_text("order,id\n10,3\n11,1\n12,3\n13,\n")
    names = lambda *words: [row["name"] for row in rows(frame(*words, "--json"))]
    assert names("join", "people.csv", "orders.csv", "id", "--how", "semi") == ["Ada", "Dan"]
    assert names("people.csv", "semi join orders.csv on id") == ["Ada", "Dan"]
    assert names("people.csv", "anti join orders.csv on id") == ["Bob", "Cleo"]
    assert names("people.csv", "anti join orders.csv on id nulls_match | select name") == ["Bob"]
    wrong = frame("people.csv", "anti join orders.csv on id indicator")
    assert wrong.returncode and "the same in each row of an anti join (how left with indicator" in wrong.stderr
    assert "here it is join: anti join other.csv on key" in frame("people.csv", "anti_join orders.csv").stderr



def test_full_joins(frame, tmp_path):
    (tmp_path / "old.csv").write_text("id,v\n1,a\n2,b\n,n\n")
    (tmp_path / "new.csv").write_text("id,w\n2,x\n3,y\n2,z\n,n\n")
    wanted = [(1, "a", None), (2, "b", "x"), (2, "b", "z"), (None, "n", None), (3, None, "y"), (None, None, "n")]
    for words in (["join", "old.csv", "new.csv", "id", "--how", "full"], ["join", "old.csv", "new.csv", "id", "--how", "outer"],
                  ["old.csv", "full join new.csv on id"], ["old.csv", "outer join new.csv on id"]):
        assert [tuple(row.values()) for row in rows(frame(*words, "--json"))] == wanted
    merged = rows(frame("old.csv", "full join new.csv on id nulls_match indicator", "--json"))
    assert [row["_merge"] for row in merged] == ["left_only", "both", "both", "both", "right_only"]
    assert "here it is join: full join other.csv on key" in frame("old.csv", "full_join new.csv").stderr
    assert "(here it is inner, on a column that is 1" in frame("old.csv", "join new.csv how cross").stderr


@pytest.mark.parametrize("words, expected", [
    (["F", "--columns", "region"], "no option --columns (did you mean --read-columns?)"),
    (["F", "--delimiter", ";"], "(did you mean --sep?)"), (["plot", "F", "--hue", "region"], "(did you mean --colour?)"),
    (["pivot", "F", "--aggfunc", "sum"], "(did you mean --agg?)"), (["F", "--nosuchoption"], "no option --nosuchoption\n"),
    (["F", "with a = 'x' || 'y'"], "texts are joined by +, conditions by 'or'"), (["F", "head | | tail"], "a stage is empty\n"),
    (["F", "fill_null quantity with median(quantity)"], "method: mean, median"),
    (["F", "with big = if(quantity > 3, 'a', 'b')"], "write when(x > 3, 'a', 'b')"),
    (["F", "with d = date(2024, quantity, 1)"], "make_date(year, month, day)"),
    (["F", "group region: n = size(quantity)"], "size() counts rows, count(x) the values"),
    (["F", "join F on region = product and channel"], "commas stand between keys"),
    (["F", "join F on sales.region = products.region"], "the left frame's column, then the right one's"),
    (["F", "group region: share = size() / sum(size())"], "aggregate again in a step behind it")])
def test_habits_of_other_tools_are_told(frame, sales, words, expected):
    result = frame(*[sales if word == "F" else word.replace("join F", "join sales.csv") for word in words])
    assert result.returncode and expected in result.stderr, result.stderr


def test_subtotals(frame, tmp_path):
    (tmp_path / "sales.csv").write_text("region,product,n\nN,pen,1\nS,pen,2\nN,ink,3\n,ink,4\n")
    expected = "region,product,level,n\nN,ink,2,3\nN,pen,2,1\nN,,1,4\nS,pen,2,2\nS,,1,2\n,ink,2,4\n,,1,4\n,,0,10\n"
    assert frame("sales.csv", "group region, product: n = sum(n) rollup sorted", "--csv").stdout == expected
    assert frame("group", "sales.csv", "region, product", "n = sum(n)", "--rollup", "--sort", "--csv").stdout == expected
    assert frame("sales.csv", "group region rollup: n = sum(n) | where level == 0 | select n", "--csv").stdout == "n\n10\n"
    assert "did you mean 'level'" in frame("sales.csv", "group region rollup: n = sum(n) | where levl == 0").stderr


def test_an_account_of_the_rows_that_were_enough_says_so(frame, tmp_path):
    (tmp_path / "x.csv").write_text("x\n" + "".join(f"{n}\n" for n in range(1000)))
    told = frame("x.csv", "where x % 7 == 6 | head 2").stderr
    assert told == ("accounted for: 14 in = 2 kept + 12 filtered ✓\nhead: the first 14 rows of the input were enough\n")
    assert "enough" not in frame("x.csv", "where x % 7 == 6 | tail 2").stderr + frame("x.csv", "head 2").stderr


def test_warnings_of_one_text_are_one(frame, tmp_path):
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text("h1,h2\nx,y\n")
    warned = [line for line in frame("?.csv").stderr.splitlines() if "warning" in line]
    assert warned == ["frame: warning: a.csv: nothing tells the first record from the others; it was taken as the header. Say "
                      "--header or --no-header. (and 2 more like it)"]


def test_blanks_around_missing_values_are_told(frame, tmp_path):
    (tmp_path / "adult.csv").write_text("age,class\n39, State\n 50, ?\n?, Private\n")
    told = "column 'class' holds ' ?', which is no missing value: '?' of --na-values has no blanks. Say --trim."
    assert told in frame("adult.csv", "--na-values", "?").stderr
    trimmed = frame("adult.csv", "--na-values", "?", "--trim", "--csv")
    assert trimmed.stdout == "age,class\n39,State\n50,\n,Private\n" and not trimmed.stderr
    assert "blanks" not in frame("adult.csv").stderr


def test_floor_to_multiples_is_told(frame, tmp_path):
    (tmp_path / "x.csv").write_text("x\n12\n25\n")
    told = "'floor(x, 10)' keeps 10 digits behind the point; multiples of 10 are floor(x / 10) * 10"
    assert told in frame("x.csv", "with y = floor(x, 10)").stderr
    assert told in frame("x.csv", "group bin = floor(x, 10): n = size()").stderr
    assert not frame("x.csv", "with y = floor(x, 2), z = round(x, 10)").stderr


def test_keys_of_two_names(frame, tmp_path):
    (tmp_path / "sales.csv").write_text("product,n\n1,5\n2,6\n4,7\n")
    (tmp_path / "products.csv").write_text("id,name\n1,pen\n2,ink\n3,cap\n")
    expected = "product,n,name\n1,5,pen\n2,6,ink\n"
    assert frame("join", "sales.csv", "products.csv", "product = id", "--csv").stdout == expected
    assert frame("sales.csv", "join products.csv on product = id", "--csv").stdout == expected
    assert frame("sales.csv", "join products.csv on product=id left | head 9", "--csv").stdout == expected + "4,7,\n"
    assert frame("sales.csv", "full join products.csv on product = id", "--csv").stdout == expected + "4,7,\n3,,cap\n"
    assert frame("sales.csv", "anti join products.csv on product = id | select product", "--csv").stdout == "product\n4\n"
    frame("explain", "sales.csv", "join products.csv on product = id", "-o", "job.toml")
    assert frame("run", "job.toml", "--csv").stdout == expected
    failed = frame("sales.csv", "join products.csv on product = nam")
    assert "no column 'nam' in the right frame (did you mean 'name'?)\n    product = nam\n              ^" in failed.stderr


def test_a_schema_is_aligned_whatever_names_are_long(frame, tmp_path):
    (tmp_path / "long.csv").write_text("a,Ünterschrift mit vielen Zeichen im Namen\n1,2.5\n")
    lines = frame("schema", "long.csv").stdout.splitlines()
    assert [line.index(kind) for line, kind in zip(lines, ("i64", "f64"))] == [41, 41]


def test_marks_of_others_are_told(frame, sales):
    assert frame("plot", sales, "--mark", "hist", "--x", "quantity").stdout == frame(
        "plot", sales, "--mark", "histogram", "--x", "quantity").stdout
    assert frame("plot", sales, "--mark", "scatter", "--x", "quantity", "--y", "unit_price", "--color", "region").stdout == frame(
        "plot", sales, "--mark", "point", "--x", "quantity", "--y", "unit_price", "--colour", "region").stdout
    assert "there is no mark 'heatmp' (did you mean 'heatmap'?)" in frame("plot", sales, "--mark", "heatmp").stderr
    assert "there is no mark 'wheel'; there are line" in frame("plot", sales, "--mark", "wheel").stderr


def test_count_alone_counts_rows(frame, sales):
    assert rows(frame(sales, "count", "--json")) == rows(frame("count", sales, "--json")) == [{"rows": 4}]


def test_keys_may_be_computed(frame, tmp_path):
    (tmp_path / "days.csv").write_text("day,x\n2024-01-31,-3\n2024-02-01,2\n2024-02-09,1\n")
    assert [r["x"] for r in rows(frame("days.csv", "sort far = abs(x) desc nulls_first", "--json"))] == [-3, 2, 1]
    assert [r["x"] for r in rows(frame("sort", "days.csv", "far = abs(x)", "--json"))] == [1, 2, -3]
    assert [r["x"] for r in rows(frame("days.csv", "distinct m = floor(day, 'month') keep last", "--json"))] == [-3, 1]
    table = rows(frame("days.csv", "pivot m = month(day) on sign = x > 0 values x agg sum", "--json"))
    assert table == [{"m": 1, "false": -3, "true": None}, {"m": 2, "false": None, "true": 3}]
    table = rows(frame("days.csv", "pivot on m = month(day): n = size()", "--json"))
    assert table == [{"1": 1, "2": 2}]


def test_asof_joins(frame, tmp_path):
    (tmp_path / "trades.csv").write_text("ticker,t,size\nA,2024-01-02 10:00:05,1\nB,2024-01-02 10:00:07,2\n"
                                         "A,2024-01-02 09:00:00,3\n")
    (tmp_path / "quotes.csv").write_text("ticker,t,bid\nB,2024-01-02 10:00:08,9\nA,2024-01-02 10:00:01,7\n"
                                         "A,2024-01-02 10:00:05,8\n")

    def bids(*words):
        return [row["bid"] for row in rows(frame(*words, "--json"))]
    assert bids("trades.csv", "asof join quotes.csv on ticker, t") == [8, None, None]
    assert bids("trades.csv", "asof join quotes.csv on ticker, t nearest tolerance 2s") == [8, 9, None]
    assert bids("trades.csv", "join quotes.csv on ticker, t how asof direction forward") == [8, 9, 7]
    assert bids("trades.csv", "asof join quotes.csv on ticker, t no_exact") == [7, None, None]
    assert bids("join", "trades.csv", "quotes.csv", "ticker, t", "--how", "asof", "--tolerance", "3s") == [8, None, None]
    assert "(how asof)" in frame("trades.csv", "left join quotes.csv on ticker, t nearest").stderr
    assert "here it is join: asof join other.csv on key, time" in frame("trades.csv", "merge_asof quotes.csv").stderr


def test_pivots_and_melts(frame, tmp_path):
    (tmp_path / "long.csv").write_text("r,m,v\na,Feb,1\na,Jan,2\nb,Jan,3\nb,Jan,4\n,Feb,5\n")
    wanted = [{"r": "a", "Feb": 1, "Jan": 2}, {"r": "b", "Feb": None, "Jan": 7}, {"r": None, "Feb": 5, "Jan": None}]
    for words in (["pivot", "long.csv", "r", "m", "v", "sum"], ["long.csv", "pivot r on m values v agg sum"],
                  ["long.csv", "pivot r on m: sum(v)"], ["pivot", "long.csv", "--index", "r", "--columns", "m", "--agg", "sum(v)"]):
        assert rows(frame(*words, "--json")) == wanted
    wanted = [{"r": "a", "Feb": 1, "Jan": 2, "All": 3}, {"r": "b", "Feb": None, "Jan": 7, "All": 7},
              {"r": None, "Feb": 5, "Jan": None, "All": 5}, {"r": "All", "Feb": 6, "Jan": 9, "All": 15}]
    for words in (["pivot", "long.csv", "r", "m", "v", "sum", "--margins", "--naming", "{column|All}"],
                  ["long.csv", "pivot r on m naming '{column|All}': sum(v) margins"]):
        assert rows(frame(*words, "--json")) == wanted
    assert "pivot region on month" in frame("long.csv", "pivot r, m: size()").stderr
    assert "(here it is index)" in frame("long.csv", "pivot r on m: size() normalize rows").stderr
    assert "(here it is all)" in frame("pivot", "long.csv", "r", "m", "--normalize", "true", "--agg", "size()").stderr
    shares = frame("pivot", "long.csv", "r", "m", "--agg", "size()", "--normalize", "index", "--fill", "0", "--json")
    assert [row["Jan"] for row in rows(shares)] == [0.5, 1.0, 0.0]
    repeated = frame("pivot", "long.csv", "r", "m", "v")
    assert repeated.returncode and "r = b, m = Jan: line 4 and line 5" in repeated.stderr
    kept = frame("long.csv", "pivot r on m only Jan, Mar fill 0: n = size()", "--json")
    assert rows(kept) == [{"r": "a", "Jan": 1, "Mar": 0}, {"r": "b", "Jan": 2, "Mar": 0}]
    assert "no row has the key 'Mar'" in kept.stderr and "5 in = 3 kept + 2 filtered" in kept.stderr
    (tmp_path / "job.toml").write_text(frame("explain", "long.csv", "pivot r on m: s = sum(v) | where Jan > 2 | melt r", "-o",
                                             "-").stdout)
    assert rows(frame("run", "job.toml", "--json")) == [{"r": "b", "variable": "Feb", "value": None},
                                                        {"r": "b", "variable": "Jan", "value": 7}]
    assert "here it is pivot" in frame("long.csv", "pivot_table r").stderr
    assert "here it is melt" in frame("long.csv", "unpivot r").stderr


def test_standard_input_and_output(frame, sales):
    result = frame("filter", "-", "quantity > 2", "--csv", stdin=SALES)
    assert result.returncode == 0
    assert result.stdout == "region,product,quantity,unit_price\nEU,pen,3,1.5\n,pen,10,1.25\n"


def test_convert_writes_a_file_and_says_so(frame, sales, tmp_path):
    result = frame("convert", sales, "clean.csv.gz")
    assert result.returncode == 0 and "4 rows" in result.stderr and result.stdout == ""
    assert rows(frame("clean.csv.gz", "--json")) == rows(frame(sales, "--json"))


def test_endings_in_capitals_mean_the_same(frame, sales, tmp_path):
    assert frame("convert", sales, "SALES.CSV.GZ").returncode == 0 and frame("convert", sales, "SALES.TSV").returncode == 0
    assert (tmp_path / "SALES.CSV.GZ").read_bytes()[:2] == b"\x1f\x8b"
    assert (tmp_path / "SALES.TSV").read_text().splitlines()[0] == "region\tproduct\tquantity\tunit_price"


def test_a_format_that_is_not_known_is_never_written_as_csv(frame, sales, tmp_path):
    for words in (["convert", sales, "out.parquet"], [sales, "head 1", "-o", "out.xlsx"], [sales, "head 1 | write out.json"]):
        result = frame(*words)
        assert result.returncode != 0 and ".csv.gz" in result.stderr, result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sales.csv"]


def test_the_version_takes_no_words(frame):
    assert frame("version").stdout.startswith("frame ") and frame("--version").returncode == 0
    result = frame("version", "extra")
    assert result.returncode == 2 and "takes no words; got 1" in result.stderr and not result.stdout


def test_a_device_takes_csv(frame, sales):
    assert frame("convert", sales, "/dev/stdout").stdout.startswith("region,product,quantity,unit_price\nEU,pen,3,1.5\n")


def test_a_job_runs_on_the_input_it_names(frame, sales, tmp_path):
    (tmp_path / "job.toml").write_text('format = "libframe job"\nversion = 1\nreader = 1\n'
                                       "input = 'read_csv(\"sales.csv\")'\n[[step]]\nverb = \"head\"\nn = 1\n")
    assert [row["quantity"] for row in rows(frame("run", "job.toml", "--json"))] == [3]
    result = frame("run", "missing.toml")
    assert result.returncode == 3
    (tmp_path / "bare.toml").write_text('format = "libframe job"\nversion = 1\nreader = 1\n')
    assert "name no input" in frame("run", "bare.toml").stderr


def test_account_is_printed_and_sums(frame, tmp_path):
    (tmp_path / "messy.csv").write_text("a,b\n1,2\n1,2\n3\n4,5\n")
    result = frame("distinct", "messy.csv", "--on-bad", "collect", "--rejects", "bad.csv")
    assert result.returncode == 0
    assert "accounted for: 4 in = 2 kept + 1 duplicate + 1 rejected ✓" in result.stderr
    assert "wrote 1 rejected row to bad.csv" in result.stderr
    assert "4" in (tmp_path / "bad.csv").read_text()


def test_rows_put_aside_of_a_joined_table_are_told_and_written(frame, tmp_path):
    (tmp_path / "left.csv").write_text("k,x\n1,5\n2,6\n3,7\n4\n")
    (tmp_path / "right.csv").write_text("k,y\n1,50\n2,60,?\n3,70\n")
    result = frame("join", "left.csv", "right.csv", "k", "--on-bad", "collect", "--rejects", "bad.csv")
    assert result.returncode == 0
    assert "accounted for: 4 in = 2 kept + 1 rejected + 1 filtered ✓" in result.stderr
    assert "joined tables: 3 in, 1 rejected\n" in result.stderr
    assert "wrote 2 rejected rows to bad.csv" in result.stderr
    assert '"2,60,?"' in (tmp_path / "bad.csv").read_text()


def test_numbers_with_decimal_commas_are_hinted_at(frame, tmp_path):
    (tmp_path / "prices.csv").write_text("name;price\na;2,50\nb;1.200,00\n")
    told = "column 'price' stays text; its values would be numbers with --decimal ',' and --thousands '.'"
    (tmp_path / "prices2.csv").write_text("name;price\nc;1.003,50\n")
    assert frame("prices*.csv").stderr.count("stays text") == 1
    result = frame("sniff", "prices.csv")
    assert "text; numbers with .decimal ',' and .thousands '.'" in result.stdout
    assert told in frame("prices.csv").stderr
    assert frame("prices.csv", "--decimal", ",", "--thousands", ".", "--csv").stdout == "name,price\na,2.5\nb,1200.0\n"


def test_the_account_of_files_below_each_other_sums(frame, tmp_path):
    (tmp_path / "a.csv").write_text("k,x\n1,5\n2\n3,7\n")
    (tmp_path / "b.csv").write_text("k,x\n1,5\n2,6,7\n")
    result = frame("concat", "a.csv", "b.csv", "--on-bad", "collect")
    assert "accounted for: 5 in = 3 kept + 2 rejected ✓" in result.stderr


def test_rejects_of_a_later_step_name_the_line_of_the_file(frame, tmp_path):
    (tmp_path / "messy.csv").write_text("a,b\n1,x\n1,x\n1,x\n2,y\nthree,z\n4,w\nfive,v\n")
    result = frame("messy.csv", "distinct | where b != 'y' | cast a: i64 errors reject", "--rejects", "bad.csv", "--csv")
    assert result.stdout == "a,b\n1,x\n4,w\n"
    assert (tmp_path / "bad.csv").read_text() == (
        "line,column,reason,text,file\n6,a,does not fit i64,three,messy.csv\n8,a,does not fit i64,five,messy.csv\n")
    assert "7 in = 2 kept + 2 duplicates + 2 rejected + 1 filtered ✓" in result.stderr


@pytest.mark.parametrize("text", ["a,b\n1,2\n\nx,3\n2,4", 'a,b\n1,"x\ny"\nz,2', 'a,b\n1,"x\ny"\nz,2\n'])
def test_lines_are_those_of_the_file_whatever_stands_between_rows(frame, tmp_path, text):
    (tmp_path / "odd.csv").write_text(text)
    assert frame("odd.csv", "cast a: i64 errors reject", "--rejects", "bad.csv").returncode == 0
    line = (tmp_path / "bad.csv").read_text().splitlines()[1]
    assert line.startswith("4,a,does not fit i64,"), line


def test_a_line_that_is_not_known_is_not_made_up(frame, tmp_path):
    (tmp_path / "odd.csv").write_text('a,b\n1,"x\ny"\nz,2\n')
    result = frame("convert", "odd.csv", "-o", "even.csv", "--lenient")
    if result.returncode:
        pytest.skip(result.stderr)
    assert frame("odd.csv", "sort b | cast a: i64 errors reject", "--rejects", "bad.csv").returncode == 0
    line = (tmp_path / "bad.csv").read_text().splitlines()[1]
    assert line.startswith(",a,does not fit i64 (row 0)"), line


def test_job_file_repeats_a_chain(frame, sales):
    chain = "where quantity > 1 | with revenue = quantity * unit_price | sort -revenue | head 2"
    assert frame("explain", sales, chain, "-o", "job.toml").returncode == 0
    assert rows(frame("run", "job.toml", sales, "--json")) == rows(frame(sales, chain, "--json"))


def test_a_job_of_explain_runs_on_the_file_it_was_written_for(frame, tmp_path):
    (tmp_path / "odd \"name.csv").write_text("a;b\n1,5;x\n2,5;y\n")
    words = ["--sep", ";", "--decimal", ",", "--dtypes", "b: cat"]
    written = frame("explain", 'odd "name.csv', "where a > 2", "-o", "job.toml", *words)
    assert written.returncode == 0 and "frame run job.toml\n" in written.stderr, written.stderr
    assert rows(frame("run", "job.toml", "--json")) == [{"a": 2.5, "b": "y"}]
    missing = frame("explain", "none.csv", "where a > 2", "-o", "other.toml")
    assert missing.returncode == 3 and "none.csv" in missing.stderr and not (tmp_path / "other.toml").exists()


def test_a_job_for_standard_input_names_no_input(frame, sales):
    written = frame("explain", "-", "where quantity > 2 | select product", "-o", "job.toml", stdin=SALES)
    assert written.returncode == 0 and "frame run job.toml FILE" in written.stderr
    assert rows(frame("run", "job.toml", sales, "--json"))[1] == {"product": "pen"}
    assert frame("run", "job.toml").returncode != 0


def test_an_unknown_verb_behind_a_bar_is_nobodys_fault(frame, sales):
    assert frame(sales, "head 3 | hed 2").stderr.startswith("frame: no verb 'hed' (did you mean 'head'?)\n")


@pytest.mark.parametrize("words", [
    ["version", "--json"], ["help", "--csv"], ["sniff", "F", "--rejects", "r.csv"], ["convert", "F", "o.csv", "--rows", "3"],
    ["explain", "F", "head 1", "--rejects", "r.csv"], ["sort", "F", "region", "--bind", "x=1"], ["view", "F", "-n", "1"],
    ["schema", "F", "--bind", "x=1"], ["count", "F", "-n", "1"], ["count", "F", "--rows", "1"], ["run", "job.toml", "--sep", ";"]])
def test_what_a_command_would_ignore_is_refused(frame, sales, tmp_path, words):
    frame("explain", sales, "head 1", "-o", "job.toml")
    refused = frame(*[sales if word == "F" else word for word in words])
    assert refused.returncode == 2 and refused.stdout == "" and "usage: frame" in refused.stderr, refused.stderr
    assert not (tmp_path / "r.csv").exists()


def test_schema_and_count_in_every_form(frame, sales, tmp_path):
    schema = rows(frame("schema", sales, "--json"))
    assert schema[0] == {"name": "region", "type": "str", "nulls": 1} and len(schema) == 4
    assert frame("schema", sales, "--csv").stdout.splitlines()[3] == "quantity,i64,0"
    assert frame("count", sales).stdout == "4\n" and rows(frame("count", sales, "--json")) == [{"rows": 4}]
    assert frame("count", sales, "-o", "n.csv").returncode == 0 and (tmp_path / "n.csv").read_text() == "rows\n4\n"
    wide = ",".join(f"c{i}" for i in range(60)) + "\n" + ",".join("1" * 60) + "\n"
    assert frame("schema", "-", stdin=wide).stdout.count(" i64 ") == 60
    assert frame("schema", sales, "--rows", "2").returncode == 2


@pytest.mark.parametrize("command", ["schema", "count", "account"])
def test_rows_put_aside_are_told_and_written_whatever_is_asked_about_the_rest(frame, tmp_path, command):
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n3\n")
    result = frame(command, "ragged.csv", "--on-bad", "collect", "--rejects", "r.csv")
    assert result.returncode == 0 and "2 in = 1 kept + 1 rejected" in result.stderr
    assert "wrote 1 rejected row to r.csv" in result.stderr and len((tmp_path / "r.csv").read_text().splitlines()) == 2


def test_dash_n_is_the_option_n_or_a_column(frame, sales):
    assert len(rows(frame("tail", sales, "-n", "-3", "--json"))) == 1 and len(rows(frame("head", sales, "-n2", "--json"))) == 2
    assert len(rows(frame("sample", sales, "-n", "2", "--json"))) == 2
    ordered = rows(frame("sort", "-", "-n", "--json", stdin="n,name\n1,a\n2,b\n"))
    assert [row["n"] for row in ordered] == [2, 1]
    assert rows(frame("sort", "-", "-name", "--json", stdin="n,name\n1,a\n2,b\n"))[0]["name"] == "b"


def test_no_rows_without_a_header_come_back_as_no_rows(frame, tmp_path, sales):
    assert frame(sales, "where quantity > 100 | write none.csv with 'no_header'").returncode == 0
    assert (tmp_path / "none.csv").read_bytes() == b""
    words = ["none.csv", "--no-header", "--names", "region,product,quantity,unit_price"]
    assert frame("count", *words).stdout.strip() == "0"
    empty = frame(*words, "--dtypes", "quantity: i64, unit_price: f64")
    assert empty.returncode == 0 and re.search(r"i64 +f64\n", empty.stdout), empty.stdout
    refused = frame("none.csv")
    assert refused.returncode == 1 and "the file is empty (--no-header and .names" not in refused.stderr
    assert "the file is empty (--no-header and --names read it as a table of no rows)" in refused.stderr


def test_explain_leaves_no_step_out(frame, sales):
    plan = rows(frame("explain", sales, " | ".join(f"with z{i} = quantity + {i}" for i in range(100)), "--json"))
    assert len(plan) == 101 and "z99" in plan[-1]["detail"], plan[-1]
    result = frame("explain", sales, "head 1", "-o", "nowhere/job.toml")
    assert result.returncode == 3 and "nowhere/job.toml: write" in result.stderr, result.stderr


def test_explain_prints_the_plan(frame, sales):
    result = frame("explain", sales, "where quantity > 1 | select region")
    assert result.returncode == 0 and "filter" in result.stdout and "select" in result.stdout


@pytest.mark.parametrize("words, code, message", [
    (["nosuch"], 2, "neither a command nor a file"),
    (["nosuch.csv"], 3, "nosuch.csv: read_csv: opening failed"),
    (["view", "nosuch.csv"], 3, "nosuch.csv"),
    (["gruop", "F"], 2, "did you mean 'group'"),
    (["arrange", "F", "quantity"], 2, "here it is sort"),
    (["F", "rollup region: n = size()"], 2, "group a, b rollup"),
    (["run", "F", "sort quantity | head 2"], 2, "run takes a job file; steps on a table: frame"),
    (["group", "F", "--agregate", "x"], 2, "no option --agregate"),
    (["sort", "F", "--descendin"], 2, "did you mean --descending"),
    (["filter", "F", "qantity > 1"], 2, "did you mean 'quantity'"),
    (["filter", "F", "quantity >"], 2, "^"),
    (["head", "F", "many"], 2, "many"),
    (["join", "F"], 2, "two files"),
    (["view", "F", "--threads", "0"], 2, "--threads"),
    (["view", "F", "--on-bad", "ignore"], 2, "error, skip or collect"),
    (["view", "."], 3, "."),
    (["convert", "F", "nosuch/dir/out.csv"], 3, "nosuch/dir"),
    (["cast", "F", "product: i64"], 1, "pen"),
])
def test_mistakes_have_codes_and_hints(frame, sales, words, code, message):
    result = frame(*[sales if w == "F" else w for w in words])
    assert result.returncode == code, result.stderr
    assert message in result.stderr and result.stdout == ""


def test_ragged_row_names_its_place(frame, tmp_path):
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n3,4,5\n")
    result = frame("bad.csv")
    assert result.returncode == 1 and "bad.csv:3" in result.stderr
    assert "--on-bad collect puts such rows aside" in result.stderr


def test_hints_are_options_of_the_command(frame, tmp_path):
    (tmp_path / "short.csv").write_text("a,b\n1,2\n3\n")
    assert "(--pad-short-rows fills up with nulls, --on-bad collect puts" in frame("short.csv").stderr
    (tmp_path / "words.csv").write_text("code,name\nAA,Ada\nBB,Bob\n")
    assert "taken as the header. Say --header or --no-header." in frame("words.csv").stderr
    (tmp_path / "latin.csv").write_bytes(b"a,b\n1,caf\xe9\n")
    assert '(--encoding "windows-1252" may be what it is)' in frame("latin.csv").stderr


def test_head_of_each_group_reads_everything(frame, tmp_path):
    (tmp_path / "t.csv").write_text("k,x\na,1\na,2\nb,3\na,4\nb,5\n")
    assert frame("head", "t.csv", "1", "--by", "k", "--csv").stdout == "k,x\na,1\nb,3\n"
    assert frame("head", "t.csv", "--by", "k", "-n", "1", "--csv").stdout == "k,x\na,1\nb,3\n"
    assert frame("tail", "t.csv", "--by", "k", "-n", "1", "--csv").stdout == "k,x\na,4\nb,5\n"
    for words in (["2"], ["-n", "2"], ["--n", "2"], ["--n=2"]):
        assert frame("head", "t.csv", *words, "--csv").stdout == "k,x\na,1\na,2\n", words
    assert frame("head", "t.csv", "2", "--n", "2").returncode == 2
    assert frame("head", "t.csv", "--by", "l").returncode == 2


def test_an_old_output_survives_a_failing_command(frame, tmp_path):
    (tmp_path / "out.csv").write_text("old\n")
    (tmp_path / "bad.csv").write_text('a,b\n1,"2\n')
    assert frame("convert", "bad.csv", "out.csv").returncode == 1
    assert (tmp_path / "out.csv").read_text() == "old\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.csv", "out.csv"]


def test_threads_do_not_change_the_answer(frame, tmp_path):
    lines = ["k,x"] + [f"k{i * 7919 % 101},{i * 0.1}" for i in range(200000)]
    (tmp_path / "many.csv").write_text("\n".join(lines) + "\n")
    runs = [frame("many.csv", "group k: s = sum(x), m = mean(x), sd = std(x)", "--csv", "--threads", str(n))
            for n in (1, 2, 3, 7)]
    assert [run.stderr for run in runs] == [""] * 4
    assert len(runs[0].stdout.splitlines()) == 102 and len({run.stdout for run in runs}) == 1


def test_completion_knows_commands_options_columns(frame, sales):
    assert frame("__complete", "--", "des").stdout.split() == ["describe"]
    assert "--descending" in frame("__complete", "--", "sort", sales, "--des").stdout
    assert frame("__complete", "--", "sort", sales, "un").stdout.split() == ["unit_price"]


def test_no_color_and_no_escape_codes_in_pipes(frame, sales):
    assert "\033" not in frame(sales).stdout


def test_a_full_standard_output_is_an_error(frame_command, sales):
    with open("/dev/full", "w") as full:
        for words in ([sales], [sales, "--json"], [sales, "--csv"], ["distinct", sales, "region"], ["count", sales], ["--help"],
                      ["help"], ["head", "--help"], ["--version"], ["sniff", sales], ["explain", sales, "sort region"]):
            result = subprocess.run([frame_command, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=600)
            assert result.returncode == 3, (words, result.stderr)
            assert "No space left on device" in result.stderr and "usage" not in result.stderr, (words, result.stderr)


def test_numbers_that_json_cannot_say_are_told(frame, tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,inf\n2,3.5\n")
    table = str(tmp_path / "t.csv")
    result = frame(table, "with c = b - b", "--json")
    assert json.loads(result.stdout) == [{"a": 1, "b": None, "c": None}, {"a": 2, "b": 3.5, "c": 0.0}]
    assert "warning: JSON has no nan and no infinity: 2 numbers printed as null (the last in column c)" in result.stderr
    assert "JSON" not in frame(table, "head 1 | select a", "--json").stderr
    assert "JSON" not in frame(table, "--json", "--quiet").stderr


@pytest.mark.parametrize("two_steps", ["sort a|where a>=0", "fill a with 0|sort a", "fill mean|cast a: i64", "with d=a|where b>0",
                                       "select a,b|head 3", "drop_null|distinct"])
def test_ten_thousand_steps_are_work_for_a_moment(frame, tmp_path, two_steps):
    (tmp_path / "t.csv").write_text("a,b\n3,1.5\n1,2.5\n,3.5\n2,4\n")
    often = rows(frame("t.csv", "|".join([two_steps] * 5000), "--json", "-q"))
    assert often == rows(frame("t.csv", two_steps, "--json", "-q"))


def test_the_last_of_ten_thousand_steps_is_the_one_that_is_told(frame, tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n3,1.5\n1,2.5\n,3.5\n2,4\n")
    result = frame("t.csv", "|".join(["fill mean|cast a: i64"] * 4999 + ["sort nothing", "head"]))
    assert result.returncode and "sort: no column 'nothing'" in result.stderr


def test_a_tab_is_named_as_shells_leave_it(frame, tmp_path):
    (tmp_path / "t.txt").write_text("a\tb,c\n1\t2,3\n")
    for name in ("\\t", "tab", "\t"):
        result = frame("t.txt", "--sep", name, "--csv")
        assert result.returncode == 0 and result.stdout.startswith('a,"b,c"\n'), result.stderr


def test_standard_input_is_read_once(frame):
    for words in (["concat", "-", "-"], ["join", "-", "-", "a"], ["run", "-", "-"]):
        result = frame(*words, stdin="a\n1\n")
        assert result.returncode == 2 and "can be read once" in result.stderr, result.stderr
    assert frame("convert", "-", "-", stdin="a\n1\n").stdout == "a\n1\n"


def test_an_unknown_letter_is_no_word(frame, tmp_path):
    (tmp_path / "t.csv").write_text("s,b\n1,2\n")
    for words in (["t.csv", "-s", ","], ["count", "t.csv", "-v"], ["filter", "t.csv", "-e"]):
        result = frame(*words)
        assert result.returncode == 2 and f"no option {words[1] if words[-1] == ',' else words[-1]};" in result.stderr
    assert frame("sort", "t.csv", "-s").returncode == 0


def test_a_column_that_is_not_there_is_told_by_the_option(frame, tmp_path):
    (tmp_path / "t.csv").write_text("aa,b\n1,2\n")
    result = frame("t.csv", "--read-columns", "ab")
    assert "--read-columns: no column 'ab' in the file (did you mean 'aa'?)" in result.stderr


def test_a_value_with_leading_zeros_is_a_text(frame, tmp_path):
    (tmp_path / "t.csv").write_text("zip,n\n007,1\n,2\n010,18446744073709551615\n")
    assert frame("t.csv", "where zip == :z", "--bind", "z=007", "--csv").stdout == "zip,n\n007,1\n"
    assert frame("fill_null", "t.csv", "zip", "000", "--csv").stdout.splitlines()[2] == "000,2"
    assert frame("t.csv", "where n == :n", "--bind", "n=18446744073709551615", "--csv").stdout.splitlines()[1].startswith("010")


def test_an_output_is_given_once(frame, tmp_path):
    (tmp_path / "t.csv").write_text("a\n1\n")
    result = frame("t.csv", "-o", "x.csv", "--output", "y.csv")
    assert result.returncode == 2 and "--output is given twice" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_an_option_before_the_file_is_told_where_it_stands(frame):
    result = frame("--csv", "t.csv")
    assert result.returncode == 2 and "options stand behind the command or the file, as in frame FILE --csv" in result.stderr
