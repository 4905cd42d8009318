#!/usr/bin/env python3
"""Writes complete.json: what complete makes of small tables, by pandas and polars.

    bench-venv/bin/python tests/golden/complete/make.py > tests/golden/complete/complete.json

Oracles: pandas (combinations and date_range, merged with the rows and sorted) and polars (upsample, within groups), versions
in the file. A row is told by its number, -1 where there is none. Rows without a day are not in the tables: pandas and polars
drop or refuse them. Days of one group are distinct where polars is asked, which upsample needs.
"""
import datetime
import itertools
import json
import random

import pandas as pd
import polars as pl

PANDAS = {"1d": "D", "2d": "2D", "week": "7D", "month": pd.DateOffset(months=1), "ME": "ME", "QE": "QE", "B": "B",
          "year": pd.DateOffset(years=1)}
POLARS = ["1d", "2d", "1w"]


def days(r, n, reach):
    first = datetime.date(2023, r.randrange(1, 13), 1)
    return [first + datetime.timedelta(r.randrange(reach)) for _ in range(n)]


def steps(low, high, every):
    """pandas' month offsets go from date to date; each step is one from the first."""
    if isinstance(PANDAS[every], pd.DateOffset) and every in ("month", "year"):
        months = 1 if every == "month" else 12
        made = (pd.Timestamp(low) + pd.DateOffset(months=months * k) for k in itertools.count())
        return list(itertools.takewhile(lambda day: day <= pd.Timestamp(high), made))
    return list(pd.date_range(low, high, freq=PANDAS[every]))


def text(day):
    return None if day is pd.NaT else str(day)[:10]


def by_pandas(rows, every):
    frame = pd.DataFrame({"k": [k for k, _ in rows], "day": pd.to_datetime([day for _, day in rows]), "i": range(len(rows))})
    keys = frame["k"].unique()
    every_day = steps(frame["day"].min(), frame["day"].max(), every) if every else frame["day"].unique()
    grid = pd.DataFrame(list(itertools.product(keys, every_day)), columns=["k", "day"])
    made = grid.merge(frame, on=["k", "day"], how="outer").sort_values(["k", "day"], kind="stable", na_position="last")
    return [[None if k is None or k != k else k, text(day), -1 if i != i else int(i)] for k, day, i in made.itertuples(index=False)]


def by_polars(rows, every):
    once = {(k, day): i for i, (k, day) in reversed(list(enumerate(rows)))}
    frame = pl.DataFrame({"k": [k for k, _ in once], "day": [day for _, day in once], "i": list(once.values())},
                         schema={"k": pl.String, "day": pl.Date, "i": pl.Int64}).sort("k", "day", nulls_last=True)
    made = []
    for (key,), part in frame.group_by("k", maintain_order=True):
        full = part.upsample("day", every=every).with_columns(pl.lit(key, dtype=pl.String).alias("k"))
        all_days = pl.concat([full.select("k", "day"), part.select("k", "day")]).unique().sort("day")
        made.append(all_days.join(part.select("day", "i"), on="day", how="left", maintain_order="left"))
    kept = sorted(once.values())
    out = [[k, str(day), -1 if i is None else kept.index(i)] for k, day, i in pl.concat(made).rows()]
    return {"rows": [[rows[i][0], str(rows[i][1])] for i in kept], "out": out}


def main():
    r = random.Random(20261129)
    combined, grouped = [], []
    for every, n, share in itertools.product([None, *PANDAS], (1, 4, 12), (0, 0.3)):
        reach = 900 if every in ("year", "QE", "ME", "month") else 30
        rows = [(None if r.random() < share else r.choice("abc"), day) for day in days(r, n, reach)]
        combined.append({"every": every, "rows": [[k, str(day)] for k, day in rows], "out": by_pandas(rows, every)})
    for every, n, share in itertools.product(POLARS, (1, 5, 12), (0, 0.3)):
        rows = [(None if r.random() < share else r.choice("abc"), day) for day in days(r, n, 40)]
        grouped.append({"every": every} | by_polars(rows, every))
    lines = [",\n".join(json.dumps(case) for case in cases) for cases in (combined, grouped)]
    print(f'{{"oracles": "pandas {pd.__version__}, polars {pl.__version__}", "combined": [\n{lines[0]}\n], "grouped": [\n{lines[1]}\n]}}')


if __name__ == "__main__":
    main()
