"""polars' side of the comparison."""
import os
import sys

os.environ["POLARS_MAX_THREADS"] = sys.argv[4]

import polars as pl  # noqa: E402  (the number of threads is read at import)
import protocol  # noqa: E402

c = pl.col
INTS = {name: pl.Int32 for name in ("id4", "id5", "id6", "v1", "v2")}


def load(task, directory, n, threads):
    files = protocol.paths(task, directory, n)
    if task == "groupby":
        frame = pl.read_csv(files["left"], schema_overrides={**INTS, "v3": pl.Float64})
        return {"x": frame.with_columns(c("id1", "id2", "id3").cast(pl.Categorical))}
    if task == "join":
        frames = {role: pl.read_csv(path) for role, path in files.items()}
        return {role: frame.with_columns(pl.selectors.string().cast(pl.Categorical), pl.selectors.integer().cast(pl.Int32))
                for role, frame in frames.items()}
    if task == "clean":
        return {"x": pl.read_csv(files["left"])}
    return {**files, "x": pl.read_csv(files["read"]) if protocol.wants("write") else None}


def query(build):
    return lambda s: build(s["x"].lazy()).collect()


def joined(role, key, how="inner"):
    return lambda s: s["left"].lazy().join(s[role].lazy(), on=key, how=how).collect()


GROUPBY = {
    "g1": query(lambda x: x.group_by("id1").agg(c("v1").sum())),
    "g2": query(lambda x: x.group_by("id1", "id2").agg(c("v1").sum())),
    "g3": query(lambda x: x.group_by("id3").agg(c("v1").sum(), c("v3").mean())),
    "g4": query(lambda x: x.group_by("id4").agg(c("v1", "v2", "v3").mean())),
    "g5": query(lambda x: x.group_by("id6").agg(c("v1", "v2", "v3").sum())),
    "g6": query(lambda x: x.group_by("id4", "id5").agg(c("v3").median().alias("median"), c("v3").std().alias("sd"))),
    "g7": query(lambda x: x.group_by("id3").agg((c("v1").max() - c("v2").min()).alias("range"))),
    "g8": query(lambda x: x.drop_nulls("v3").group_by("id6").agg(c("v3").top_k(2)).explode("v3")),
    "g9": query(lambda x: x.group_by("id2", "id4").agg((pl.corr("v1", "v2") ** 2).alias("r2"))),
    "g10": query(lambda x: x.group_by("id1", "id2", "id3", "id4", "id5", "id6").agg(c("v3").sum(), pl.len().alias("n"))),
    "filter": query(lambda x: x.filter((c("v1") > 2) & (c("id4") < 50))),
    "filter_few": query(lambda x: x.filter(c("v3") > 99.5)),
    "sort_float": query(lambda x: x.sort("v3")),
    "sort_two": query(lambda x: x.sort("id6", "v3", descending=[False, True])),
    "sort_text": query(lambda x: x.sort("id3")),
    "top_k": query(lambda x: x.top_k(100, by="v3")),
    "distinct": query(lambda x: x.unique(["id2", "id4"])),
    "arith": query(lambda x: x.select((c("v1") * c("v3") + c("v2") / 2).alias("y"))),
    "conditional": query(lambda x: x.select(pl.when(c("v1") > 2).then(c("v3")).otherwise(c("v3") * c("v2")).alias("y"))),
    "text_equal": query(lambda x: x.filter(c("id3") == "id0000000422").select("v1")),
    "text_contains": query(lambda x: x.filter(c("id3").cast(pl.String).str.contains("422", literal=True)).select("v1")),
    "text_upper": query(lambda x: x.select(c("id3").cast(pl.String).str.to_uppercase().alias("u"))),
    "describe": lambda s: s["x"].select("v1", "v2", "v3").describe(),
}
JOIN = {"j1": joined("small", "id1"), "j2": joined("medium", "id2"), "j3": joined("medium", "id2", "left"),
        "j4": joined("medium", "id5"), "j5": joined("big", "id3")}
CLEAN = {
    "extract": query(lambda x: x.select(c("code").str.extract("-([0-9]+)", 1).alias("u"))),
    "substring": query(lambda x: x.select(c("code").str.slice(1, 3).alias("u"))),
    "lower": query(lambda x: x.select(c("code").str.to_lowercase().alias("u"))),
    "parse_time": query(lambda x: x.select(c("stamp").str.to_datetime("%Y-%m-%d %H:%M:%S").alias("u"))),
    "fill_null": query(lambda x: x.select(c("v").fill_null(0))),
    "concat": lambda s: pl.concat([s["x"], s["x"]]),
    "concat_sum": lambda s: pl.concat([s["x"].lazy(), s["x"].lazy()]).select(c("v").sum().alias("s")).collect(),
    "sort_nearly": query(lambda x: x.sort("seq")),
}


def write(s):
    s["x"].write_csv(s["write"])
    return s["x"]


def rows(task):
    read = {name: (lambda s, name=name: pl.read_csv(s[name]))
            for name in protocol.READS}
    return {"groupby": GROUPBY, "join": JOIN, "clean": CLEAN, "csv": {**read, "write": write}}[task]


def shape(answer):
    return answer.shape


def total(answer, column):
    values = answer[column]
    if values.dtype == pl.String:
        return values.str.len_chars().cast(pl.Int64).sum(), values.max()
    if values.dtype.is_temporal():
        return values.dt.epoch("s").sum()
    return values.cast(pl.Float64 if values.dtype.is_float() else pl.Int64).sum()


def value(answer, column, position):
    return answer[column][position]


if __name__ == "__main__":
    protocol.main(sys.modules[__name__])
