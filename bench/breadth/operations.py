"""The operations of the wider comparison: what each is in libframe and in polars, one entry each.

`ours` takes the tables of libframe, `theirs` those of polars as LazyFrames, whose answer may be lazy, for the engine of the
two that is quicker. Where nothing else is said, both answers are the same rows in the same order. ANY_ORDER: the same rows;
HEIGHT: as many rows, for what is drawn at random or means something else in each.
"""
import dataclasses
import typing

import polars as pl

SAME, ANY_ORDER, HEIGHT = "same", "any order", "height"
c = pl.col


@dataclasses.dataclass(frozen=True)
class Operation:
    kind: str
    name: str
    ours: typing.Callable
    theirs: typing.Callable
    check: str = SAME


OPERATIONS = []


def add(kind, name, ours, theirs, check=SAME):
    OPERATIONS.append(Operation(kind, name, ours, theirs, check))


def group(name, by, ours, *theirs, check=SAME):
    keys = by.split(", ")
    add("group", name, lambda t: t.main.group(by, ours), lambda t: t.main.group_by(keys, maintain_order=True).agg(*theirs), check)


def column(kind, name, ours, theirs, check=SAME):
    """A new column, alone."""
    add(kind, name, lambda t: t.main.with_("r = " + ours).select("r"), lambda t: t.main.select(theirs.alias("r")), check)


def whole(name, ours, *theirs):
    """Aggregates of all rows."""
    add("whole table", name, lambda t: t.main.group("", ours), lambda t: t.main.select(*theirs))



# ---- groups; k: 1,000 values, b: a third of the rows, w: 50,000 texts, f: 5 texts and null, u: texts that hardly repeat -----
group("nunique of ints, 1,000 groups", "k", "r = nunique(b)", c("b").n_unique())
group("nunique of texts, 1,000 groups", "k", "r = nunique(w)", c("w").n_unique())
group("mode", "k", "r = mode(h)", c("h").mode().sort().first())
group("quantile", "k", "r = quantile(x, 0.9)", c("x").quantile(.9, "linear"))
group("median, many groups", "b", "r = median(x)", c("x").median())
group("first and last", "k", "a = first(w); z = last(w)", c("w").first().alias("a"), c("w").last().alias("z"))
group("min and max of texts", "k", "a = min(w); z = max(w)", c("w").min().alias("a"), c("w").max().alias("z"))
group("any and all", "k", "a = any(bo); z = all(bo)", c("bo").any().alias("a"), c("bo").all().alias("z"))
group("product", "k", "r = prod(y)", c("y").product())
group("skewness", "k", "r = skew(x)", c("x").skew(bias=False))
group("by a date", "day", "r = sum(x)", c("x").sum())
group("by a bool", "bo", "r = sum(x)", c("x").sum())
group("by a float", "x", "r = size()", pl.len())
group("by texts that hardly repeat", "u", "r = sum(x)", c("x").sum())
group("by two texts", "w, f", "r = sum(x)", c("x").sum())
add("group", "by month of a time", lambda t: t.main.with_("m = floor(t, 'month')").group("m", "r = sum(x)"),
    lambda t: t.main.group_by(c("t").dt.truncate("1mo").alias("m"), maintain_order=True).agg(c("x").sum()))
add("group", "three largest of each", lambda t: t.main.sort("x desc").head(3, by="k"),
    lambda t: t.main.sort("x", descending=True, maintain_order=True).group_by("k", maintain_order=True).head(3), ANY_ORDER)

# ---- rows -------------------------------------------------------------------------------------------------------------------
add("rows", "distinct by two columns", lambda t: t.main.distinct("k, f"),
    lambda t: t.main.unique(["k", "f"], keep="first", maintain_order=True))
add("rows", "distinct texts", lambda t: t.main.distinct("u"), lambda t: t.main.unique(["u"], keep="first", maintain_order=True))
add("rows", "value_counts of texts", lambda t: t.main.value_counts("w"),
    lambda t: t.main.group_by("w").len().sort("len", descending=True), HEIGHT)
add("rows", "value_counts of ints", lambda t: t.main.value_counts("i"),
    lambda t: t.main.group_by("i").len().sort("len", descending=True), HEIGHT)
add("rows", "sort by texts that hardly repeat", lambda t: t.main.select("u, x").sort("u"),
    lambda t: t.main.select("u", "x").sort("u", maintain_order=True))
add("rows", "sort by text and float", lambda t: t.main.select("w, x").sort("w, x desc"),
    lambda t: t.main.select("w", "x").sort(["w", "x"], descending=[False, True], maintain_order=True))
add("rows", "sort by float with nulls", lambda t: t.main.select("n, x").sort("n"),
    lambda t: t.main.select("n", "x").sort("n", nulls_last=True, maintain_order=True))
add("rows", "sort by time", lambda t: t.main.select("t, x").sort("t"),
    lambda t: t.main.select("t", "x").sort("t", maintain_order=True))
add("rows", "sample a tenth", lambda t: t.main.sample(fraction=0.1, seed=1),
    lambda t: t.eager.sample(fraction=0.1, seed=1), HEIGHT)
add("rows", "shuffle", lambda t: t.main.sample(fraction=1.0, shuffle=True, seed=1),
    lambda t: t.eager.sample(fraction=1.0, shuffle=True, seed=1), HEIGHT)
add("rows", "filter: text equals", lambda t: t.main.filter("f == 'north'"), lambda t: t.main.filter(c("f") == "north"))
add("rows", "filter: text is one of three", lambda t: t.main.filter("w in ('w00001', 'w00002', 'w40000')"),
    lambda t: t.main.filter(c("w").is_in(["w00001", "w00002", "w40000"])))
add("rows", "filter: and, or", lambda t: t.main.filter("x > 0 and (k < 500 or bo)"),
    lambda t: t.main.filter((c("x") > 0) & ((c("k") < 500) | c("bo"))))
add("rows", "drop_null", lambda t: t.main.drop_null(), lambda t: t.main.drop_nulls())
add("rows", "fill_null forward", lambda t: t.main.select("n").fill_null("n", method="forward"),
    lambda t: t.main.select(c("n").forward_fill()))
add("rows", "fill_null by the mean", lambda t: t.main.select("n").fill_null("n", method="mean"),
    lambda t: t.main.select(c("n").fill_null(strategy="mean")))
add("rows", "fill_null by the median", lambda t: t.main.select("n").fill_null("n", method="median"),
    lambda t: t.main.select(c("n").fill_null(c("n").median())))

# ---- joins ------------------------------------------------------------------------------------------------------------------
add("join", "keys that repeat on both sides", lambda t: t.main.select("b, y").join(t.repeats, on="b"),
    lambda t: t.main.select("b", "y").join(t.repeats, on="b", maintain_order="left_right"))
for how in ("left", "full", "semi", "anti"):
    order = {"maintain_order": "left_right"} if how == "full" else {"maintain_order": "left"}
    more = {**order, "coalesce": True} if how == "full" else order
    add("join", f"{how}, by texts that hardly repeat", lambda t, how=how: t.main.select("u, x").join(t.half, on="u", how=how),
        lambda t, how=how, more=more: t.main.select("u", "x").join(t.half, on="u", how=how, **more), ANY_ORDER)
add("join", "left, by two columns", lambda t: t.main.select("k, w, x").join(t.pairs, on="k, w", how="left"),
    lambda t: t.main.select("k", "w", "x").join(t.pairs, on=["k", "w"], how="left", maintain_order="left_right"))

# ---- numbers ----------------------------------------------------------------------------------------------------------------
column("numbers", "x / y", "x / y", c("x") / c("y"))
column("numbers", "i // 7", "i // 7", c("i") // 7)
column("numbers", "i % 7", "i % 7", c("i") % 7)
column("numbers", "y ** 1.5", "y ** 1.5", c("y") ** 1.5)
column("numbers", "exp(log(y))", "exp(log(y))", c("y").log().exp())
column("numbers", "sqrt(y)", "sqrt(y)", c("y").sqrt())
column("numbers", "sin(x)", "sin(x)", c("x").sin())
column("numbers", "round(x, 2)", "round(x, 2)", c("x").round(2))
column("numbers", "clip(x, -1, 1)", "clip(x, -1, 1)", c("x").clip(-1, 1))
column("numbers", "coalesce(n, x)", "coalesce(n, x)", pl.coalesce("n", "x"))
column("numbers", "is_null(n)", "is_null(n)", c("n").is_null())
column("numbers", "greatest(x, y)", "greatest(x, y)", pl.max_horizontal("x", "y"))
column("numbers", "x between", "x between -1 and 1", c("x").is_between(-1, 1))
column("numbers", "when, texts", "when(x < 0, 'neg', x > 1, 'high', 'mid')",
       pl.when(c("x") < 0).then(pl.lit("neg")).when(c("x") > 1).then(pl.lit("high")).otherwise(pl.lit("mid")))
column("numbers", "int to text", "cast(i, 'str')", c("i").cast(pl.String))
column("numbers", "float to text", "cast(x, 'str')", c("x").cast(pl.String), HEIGHT)
column("numbers", "text to float", "cast(num, 'f64')", c("num").cast(pl.Float64))
column("numbers", "hash of texts", "hash(u)", c("u").hash(), HEIGHT)

# ---- texts ------------------------------------------------------------------------------------------------------------------
column("texts", "contains", "contains(u, 'mail-7')", c("u").str.contains("mail-7", literal=True))
column("texts", "startswith", "startswith(u, 'user a')", c("u").str.starts_with("user a"))
column("texts", "matches", "matches(u, 'mail-[0-9]7')", c("u").str.contains("mail-[0-9]7"))
column("texts", "extract", "extract(u, '@mail-([0-9]+)')", c("u").str.extract("@mail-([0-9]+)"))
column("texts", "replace", "replace(u, 'mail', 'post')", c("u").str.replace_all("mail", "post", literal=True))
column("texts", "replace_regex", "replace_regex(u, '[0-9]+', '#')", c("u").str.replace_all("[0-9]+", "#"))
column("texts", "split_part", "split_part(u, '@', 1)", c("u").str.split("@").list.get(1))
column("texts", "split", "split(u, '@')", c("u").str.split("@"), HEIGHT)
column("texts", "upper", "upper(u)", c("u").str.to_uppercase())
column("texts", "len", "len(u)", c("u").str.len_chars())
column("texts", "slice", "slice(u, 2, 8)", c("u").str.slice(2, 6))
column("texts", "concat", "concat(f, '-', w)", pl.concat_str([c("f"), pl.lit("-"), c("w")]), HEIGHT)
column("texts", "strip", "strip(u)", c("u").str.strip_chars())
column("texts", "zfill", "zfill(num, 12)", c("num").str.zfill(12))
column("texts", "ljust", "ljust(u, 40)", c("u").str.pad_end(40))
column("texts", "two columns equal", "ds == num", c("ds") == c("num"))
column("texts", "two columns in order", "u < w", c("u") < c("w"))

# ---- dates ------------------------------------------------------------------------------------------------------------------
column("dates", "year of times", "year(t)", c("t").dt.year())
column("dates", "hour of times", "hour(t)", c("t").dt.hour())
column("dates", "weekday of dates", "isoweekday(day)", c("day").dt.weekday())
column("dates", "floor to months", "floor(t, 'month')", c("t").dt.truncate("1mo"))
column("dates", "time less a time", "t - parse_datetime('2020-01-01')", c("t") - pl.datetime(2020, 1, 1), HEIGHT)
column("dates", "strftime", "strftime(t, '%Y-%m')", c("t").dt.strftime("%Y-%m"))
add("dates", "parse_dates", lambda t: t.main.select("ds").parse_dates("ds"),
    lambda t: t.main.select(c("ds").str.to_date("%Y-%m-%d")))

# ---- windows ----------------------------------------------------------------------------------------------------------------
column("windows", "shift", "shift(x)", c("x").shift(1))
column("windows", "shift over k", "shift(x) over k", c("x").shift(1).over("k"))
column("windows", "cum_sum", "cum_sum(x)", c("x").cum_sum())
column("windows", "cum_sum over k", "cum_sum(x) over k", c("x").cum_sum().over("k"))
column("windows", "cum_sum over b", "cum_sum(x) over b", c("x").cum_sum().over("b"))
column("windows", "less the group's mean", "x - mean(x) over k", c("x") - c("x").mean().over("k"))
column("windows", "rank", "rank(x)", c("x").rank("average"))
column("windows", "rank over k", "rank(x) over k", c("x").rank("average").over("k"))
column("windows", "rolling_mean of 10", "rolling_mean(x, 10)", c("x").rolling_mean(10))
column("windows", "rolling_max of 50", "rolling_max(x, 50)", c("x").rolling_max(50))
column("windows", "rolling_sum of 10 over k", "rolling_sum(x, 10) over k", c("x").rolling_sum(10).over("k"))

# ---- all rows ---------------------------------------------------------------------------------------------------------------
whole("sum, mean, std, min", "a = sum(x); b = mean(y); c = std(n); d = min(i)", c("x").sum(), c("y").mean(), c("n").std(),
      c("i").min())
whole("median", "r = median(x)", c("x").median())
whole("quantile", "r = quantile(x, 0.99)", c("x").quantile(.99, "linear"))
whole("nunique of texts", "r = nunique(u)", c("u").n_unique())
whole("correlation", "r = corr(x, y)", pl.corr("x", "y"))
add("whole table", "describe numbers", lambda t: t.main.select("x, i, n").describe(),
    lambda t: t.eager.select("x", "i", "n").describe(), HEIGHT)
add("whole table", "describe texts", lambda t: t.main.select("w, u").describe(),
    lambda t: t.eager.select("w", "u").describe(), HEIGHT)
