"""The table of the wider comparison, from a fixed seed, for both engines."""
import types

import libframe as lf
import numpy as np
import polars as pl

SEED = 7
SIDES = ["north", "south", "east", "west", "Centre", None]
MICROSECONDS = 1_600_000_000_000_000           # September 2020, and three years on


def pick(random, values, n):
    return pl.Series(np.array(values, dtype=object)[random.integers(0, len(values), n)], dtype=pl.String)


def main_table(n):
    random = np.random.default_rng(SEED)
    words = [f"w{number:05d}" for number in range(50000)]
    people = zip(random.integers(0, 2**40, n), random.integers(0, 999, n))
    missing = random.random(n) < 0.1
    table = pl.DataFrame({
        "k": random.integers(0, 1000, n), "b": random.integers(0, n // 3, n), "h": random.integers(0, 100, n),
        "i": random.integers(-10**6, 10**6, n), "x": random.normal(size=n).round(6), "y": random.exponential(size=n),
        "n": pl.Series(np.where(missing, np.nan, random.normal(size=n))).fill_nan(None),
        "bo": random.integers(0, 2, n).astype(bool), "f": pick(random, SIDES, n), "w": pick(random, words, n),
        "u": [f"user {a:x}@mail-{b}.example" for a, b in people],
        "num": [f"{value:.3f}" for value in random.normal(size=n) * 100],
        "t": pl.Series(MICROSECONDS + random.integers(0, 10**14, n)).cast(pl.Datetime("us"))})
    return table.with_columns(pl.col("t").dt.date().alias("day"), pl.col("t").dt.strftime("%Y-%m-%d").alias("ds"))


def both(n):
    """(libframe's, polars') tables: main; repeats with the key b; half of the texts u; the pairs of k and w, once each."""
    main = main_table(n)
    frames = {"main": main, "repeats": main.select("b", "x").rename({"x": "z"}),
              "half": main.select("u", "y").sample(fraction=0.5, seed=SEED).rename({"y": "z"}).unique("u", maintain_order=True),
              "pairs": main.unique(["k", "w"], maintain_order=True).select("k", "w", pl.col("y").alias("z"))}
    ours = types.SimpleNamespace(**{name: lf.DataFrame(frame) for name, frame in frames.items()})
    theirs = types.SimpleNamespace(eager=main, **{name: frame.lazy() for name, frame in frames.items()})
    return ours, theirs
