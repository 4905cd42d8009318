"""pandas' side of the comparison (one thread, as it is)."""
import sys

import pandas as pd
import protocol
import pyarrow.csv

KEYS = ["id1", "id2", "id3"]


def load(task, directory, n, threads):
    files = protocol.paths(task, directory, n)
    if task == "groupby":
        x = pd.read_csv(files["left"], engine="pyarrow", dtype={key: "category" for key in KEYS})
        return {"x": x}
    if task == "join":
        return {role: pd.read_csv(path, engine="pyarrow") for role, path in files.items()}
    if task == "clean":
        texts = pyarrow.csv.ConvertOptions(column_types={"stamp": pyarrow.string(), "code": pyarrow.string()})
        return {"x": pyarrow.csv.read_csv(files["left"], convert_options=texts).to_pandas()}      # pandas would make them dates
    return {**files, "x": pd.read_csv(files["read"], engine="pyarrow") if protocol.wants("write") else None}


def grouped(keys, **named):
    return lambda s: s["x"].groupby(keys, as_index=False, sort=False, observed=True, dropna=False).agg(**named)


def g7(s):
    answer = s["x"].groupby("id3", as_index=False, sort=False, observed=True, dropna=False).agg(a=("v1", "max"), b=("v2", "min"))
    return answer.assign(range=answer["a"] - answer["b"])[["id3", "range"]]


def g8(s):
    x = s["x"][~s["x"]["v3"].isna()]
    return x[["id6", "v3"]].sort_values("v3", ascending=False).groupby("id6", as_index=False, sort=False, dropna=False).head(2)


def g9(s):
    x = s["x"][["id2", "id4", "v1", "v2"]]
    answer = x.groupby(["id2", "id4"], as_index=False, sort=False, observed=True, dropna=False).apply(
        lambda part: pd.Series({"r2": part["v1"].corr(part["v2"]) ** 2}), include_groups=False)
    return answer


GROUPBY = {
    "g1": grouped("id1", v1=("v1", "sum")), "g2": grouped(["id1", "id2"], v1=("v1", "sum")),
    "g3": grouped("id3", v1=("v1", "sum"), v3=("v3", "mean")),
    "g4": grouped("id4", v1=("v1", "mean"), v2=("v2", "mean"), v3=("v3", "mean")),
    "g5": grouped("id6", v1=("v1", "sum"), v2=("v2", "sum"), v3=("v3", "sum")),
    "g6": grouped(["id4", "id5"], median=("v3", "median"), sd=("v3", "std")), "g7": g7, "g8": g8, "g9": g9,
    "g10": grouped([*KEYS, "id4", "id5", "id6"], v3=("v3", "sum"), n=("v1", "size")),
    "filter": lambda s: s["x"][(s["x"]["v1"] > 2) & (s["x"]["id4"] < 50)],
    "filter_few": lambda s: s["x"][s["x"]["v3"] > 99.5],
    "sort_float": lambda s: s["x"].sort_values("v3"),
    "sort_two": lambda s: s["x"].sort_values(["id6", "v3"], ascending=[True, False]),
    "sort_text": lambda s: s["x"].sort_values("id3"),
    "top_k": lambda s: s["x"].nlargest(100, "v3"),
    "distinct": lambda s: s["x"].drop_duplicates(["id2", "id4"]),
    "arith": lambda s: (s["x"]["v1"] * s["x"]["v3"] + s["x"]["v2"] / 2).to_frame("y"),
    "conditional": lambda s: s["x"]["v3"].where(s["x"]["v1"] > 2, s["x"]["v3"] * s["x"]["v2"]).to_frame("y"),
    "text_equal": lambda s: s["x"].loc[s["x"]["id3"] == "id0000000422", ["v1"]],
    "text_contains": lambda s: s["x"].loc[s["x"]["id3"].str.contains("422", regex=False), ["v1"]],
    "text_upper": lambda s: s["x"]["id3"].str.upper().to_frame("u"),
    "describe": lambda s: s["x"][["v1", "v2", "v3"]].describe(),
}


def joined(role, key, how="inner"):
    return lambda s: s["left"].merge(s[role], on=key, how=how)


JOIN = {"j1": joined("small", "id1"), "j2": joined("medium", "id2"), "j3": joined("medium", "id2", "left"),
        "j4": joined("medium", "id5"), "j5": joined("big", "id3")}
CLEAN = {
    "extract": lambda s: s["x"]["code"].str.extract("-([0-9]+)", expand=False).to_frame("u"),
    "substring": lambda s: s["x"]["code"].str.slice(1, 4).to_frame("u"),
    "lower": lambda s: s["x"]["code"].str.lower().to_frame("u"),
    "parse_time": lambda s: pd.to_datetime(s["x"]["stamp"], format="%Y-%m-%d %H:%M:%S").to_frame("u"),
    "fill_null": lambda s: s["x"]["v"].fillna(0).to_frame("v"),
    "concat": lambda s: pd.concat([s["x"], s["x"]], ignore_index=True),
    "concat_sum": lambda s: pd.concat([s["x"], s["x"]], ignore_index=True)[["v"]].sum().to_frame("s"),
    "sort_nearly": lambda s: s["x"].sort_values("seq"),
}


def write(s):
    s["x"].to_csv(s["write"], index=False)
    return s["x"]


def rows(task):
    read = {name: (lambda s, name=name: pd.read_csv(s[name], engine="pyarrow"))
            for name in protocol.READS}
    return {"groupby": GROUPBY, "join": JOIN, "clean": CLEAN, "csv": {**read, "write": write}}[task]


def shape(answer):
    return answer.shape


def total(answer, column):
    values = answer[column]
    if pd.api.types.is_datetime64_any_dtype(values):
        return int(values.astype("datetime64[s]").astype("int64").sum())
    if pd.api.types.is_numeric_dtype(values):
        return values.sum().item()
    return int(values.str.len().sum()), str(values.astype("str").max())


def value(answer, column, position):
    found = answer[column].iloc[position]
    return found.item() if hasattr(found, "item") else found


if __name__ == "__main__":
    protocol.main(sys.modules[__name__])
