#!/usr/bin/env python3
"""Writes pivots.json: small tables pivoted and melted by polars; pandas must agree on pivots where no key is null, with
their margins and shares, and on all melts.

    bench-venv/bin/python tests/golden/pivots/make.py > tests/golden/pivots/pivots.json

Oracles: polars and pandas, versions in the file. Keys are integers, texts and bools, with and without nulls, which have a
column called null; values are integers and floats with nulls. polars groups first, so that a cell without rows is told from
one whose rows are null. Its columns come in order of first appearance; here they are in the order of keys, null last. Margins are polars' aggregates of
the rows by fewer keys; the row of totals is called so where the index holds texts, else null, so there are none where null
is a number or bool among the keys. pandas' margins leave rows out whose value is null, whole keys as well, and sums of these
are 0 here. Shares are of rows counted.
"""
import json
import random
import warnings

import pandas as pd
import polars as pl

KEYS = {
    "i64": lambda r: r.randrange(-2, 11),
    "str": lambda r: r.choice(["a", "b", "B", "a b", "a text longer than a view"]),
    "bool": lambda r: r.random() < 0.5,
}
TYPES = {"i64": pl.Int64, "str": pl.String, "bool": pl.Boolean, "f64": pl.Float64}
AGGREGATES = {"sum": pl.sum, "min": pl.min, "max": pl.max, "count": pl.count, "mean": pl.mean}


def table(r, kinds, n, share):
    def keys(kind):
        return pl.Series([None if r.random() < share else KEYS[kind](r) for _ in range(n)], dtype=TYPES[kind])
    v = pl.Series([None if r.random() < 0.3 else r.randrange(100) for _ in range(n)], dtype=pl.Int64)
    w = pl.Series([None if r.random() < 0.3 else r.randrange(-40, 40) / 4 for _ in range(n)], dtype=pl.Float64)
    return pl.DataFrame({"r": keys(kinds[0]), "c": keys(kinds[1]), "v": v, "w": w})


def text(key):
    return "null" if key is None else str(key).lower() if isinstance(key, bool) else str(key)


def pivoted(d, value, how):
    cells = d.group_by("r", "c", maintain_order=True).agg(x=AGGREGATES[how](value)).with_columns(
        c=pl.concat_str(pl.lit("k_"), pl.col("c").cast(pl.String).fill_null("null")))
    wide = cells.pivot(on="c", index="r", values="x", maintain_order=True)
    order = [f"k_{text(key)}" for key in d["c"].unique().sort(nulls_last=True).to_list()]
    return wide.select(["r", *order])


def agree(d, value, how, wide):
    """pandas, cell by cell; its sum of nothing but nulls is 0 as well, and what it drops has no row here either."""
    if d["r"].null_count() or d["c"].null_count() or not len(d):
        return
    theirs = d.to_pandas().groupby(["r", "c"])[value].agg(how)
    ours = {(row["r"], key): cell for row in wide.rows(named=True) for key, cell in row.items() if key != "r"}
    for (r, c), cell in theirs.items():
        mine = ours.pop((r, f"k_{text(c)}"))
        assert (mine is None and pd.isna(cell)) or abs(mine - cell) < 1e-9
    assert all(cell is None for cell in ours.values())


def margins(d, value, how):
    """The pivot with totals: a list a row."""
    wide, agg = pivoted(d, value, how), AGGREGATES[how](value)
    rows = [list(row) for row in wide.rows()]
    for row, total in zip(rows, d.group_by("r", maintain_order=True).agg(x=agg)["x"].to_list()):
        row.append(total)
    columns = d.group_by("c").agg(x=agg).sort("c", nulls_last=True)["x"].to_list()
    last = "Total" if d.schema["r"] == pl.String else None
    result = {"columns": [*wide.columns, "k_Total"], "rows": [*rows, [last, *columns, d.select(x=agg).item()]]}
    if d["r"].null_count() == 0 and d["c"].null_count() == 0 and d[value].null_count() < len(d):
        theirs = d.to_pandas().pivot_table(index="r", columns="c", values=value, aggfunc=how, margins=True,
                                           margins_name="Total")
        for row in result["rows"]:
            for name, cell in zip(result["columns"][1:], row[1:]):
                at = theirs.index.get_indexer([row[0] if row[0] is not None else "Total"])[0]
                to = [f"k_{text(key)}" for key in theirs.columns]
                their = theirs.iat[at, to.index(name)] if at >= 0 and name in to else None
                assert (their is None or pd.isna(their)) and (cell is None or cell == 0) or abs(their - cell) < 1e-9
    return result


def shares(d, of):
    """How many rows are in each cell, of those in its row or column or of all; 0 where there are none."""
    counts = d.group_by("r", "c").len()
    total = {"index": counts.group_by("r").agg(t=pl.sum("len")), "columns": counts.group_by("c").agg(t=pl.sum("len")),
             "all": counts.select(t=pl.sum("len"))}[of]
    key = {"index": "r", "columns": "c"}.get(of)
    joined = counts.join(total, on=key, nulls_equal=True) if key else counts.join(total, how="cross")
    cells = {(r, c): n / t for r, c, n, t in joined.select("r", "c", "len", "t").rows()}
    keys = d["c"].unique().sort(nulls_last=True).to_list()
    rows = [[r, *[cells.get((r, c), 0.0) for c in keys]] for r in d["r"].unique(maintain_order=True).to_list()]
    if d["r"].null_count() == 0 and d["c"].null_count() == 0:
        p = d.to_pandas()
        theirs = pd.crosstab(p["r"], p["c"], normalize=of)
        assert all(abs(theirs.at[row[0], c] - share) < 1e-12 for row in rows for c, share in zip(keys, row[1:]))
    return {"columns": ["r", *[f"k_{text(key)}" for key in keys]], "rows": rows}


def melted(d, drop):
    long = d.unpivot(index=["r", "c"], on=["w", "v"])
    theirs = d.to_pandas().melt(["r", "c"], ["w", "v"])
    assert [None if pd.isna(x) else x for x in theirs["value"]] == long["value"].to_list()
    assert theirs["variable"].to_list() == long["variable"].to_list()
    return long.drop_nulls("value") if drop else long


def listed(d):
    return {"columns": d.columns, "rows": [list(row) for row in d.rows()]}


def main():
    warnings.simplefilter("ignore")
    r = random.Random(20261128)
    cases = []
    for kinds in (["i64", "str"], ["str", "i64"], ["str", "bool"], ["bool", "i64"], ["i64", "i64"]):
        for n in (0, 1, 4, 12, 40):
            for share in (0, 0.25):
                d = table(r, kinds, n, share)
                case = {"kinds": kinds, "table": listed(d), "pivots": {}, "margins": {}, "shares": {}, "melts": {}}
                for how in AGGREGATES:
                    for value in ("v", "w"):
                        wide = pivoted(d, value, how) if n else d.select("r")
                        agree(d, value, how, wide)
                        case["pivots"][f"{how} {value}"] = listed(wide)
                        if n and (kinds[0] == "str" or d["r"].null_count() == 0):
                            case["margins"][f"{how} {value}"] = margins(d, value, how)
                for of in ("index", "columns", "all") if n else ():
                    case["shares"][of] = shares(d, of)
                for drop in (False, True):
                    case["melts"][f"{drop}"] = listed(melted(d, drop))
                cases.append(case)
    lines = ",\n".join(json.dumps(case) for case in cases)
    print(f'{{"oracles": "polars {pl.__version__}, pandas {pd.__version__}", "cases": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
