"""Columns of every type as polars' series, the shapes in which a frame can hold them, and what the drivers do with answers."""
import libframe as lf
import numpy as np
import polars as pl

INTS = {"i8": pl.Int8, "i16": pl.Int16, "i32": pl.Int32, "i64": pl.Int64, "u8": pl.UInt8, "u16": pl.UInt16,
        "u32": pl.UInt32, "u64": pl.UInt64}
MOMENTS = {"date": pl.Date, "datetime[us]": pl.Datetime("us"), "datetime[ns]": pl.Datetime("ns"),
           "datetime[ms]": pl.Datetime("ms"), "datetime[us, UTC]": pl.Datetime("us", "UTC"),
           "duration[us]": pl.Duration("us"), "duration[ms]": pl.Duration("ms"), "time": pl.Time}
TYPES = [*INTS, *INTS, "f32", "f64", "f64", "f64", "bool", "str", "cat", "binary", "decimal", *MOMENTS]


# ---- columns -----------------------------------------------------------------------------------------------------------
def hole(g, x, share):
    keep = pl.Series(g.random(len(x)) >= share, dtype=pl.Boolean)
    return pl.select(pl.when(keep).then(x).alias(x.name)).to_series() if share else x


def nulls(g, rng, x):
    """The column with nulls here and there, in runs, at the beginning, at the end, everywhere or nowhere."""
    n, how = len(x), rng.choice(["none", "none", "none", "some", "most", "runs", "first", "last", "all"])
    if how == "none":
        return x
    keep = g.random(n) < {"some": 0.9, "most": 0.1}.get(how, 1.1)
    if how == "runs":
        keep = np.repeat(g.random(n // 70 + 1) < 0.7, 70)[:n]
    edge = rng.choice([1, 63, 64, 65, max(n // 2, 1)])
    if how == "first":
        keep[:edge] = False
    if how == "last":
        keep[max(n - edge, 0):] = False
    if how == "all":
        keep[:] = False
    return pl.select(pl.when(pl.Series(keep, dtype=pl.Boolean)).then(x).alias(x.name)).to_series()


def values(g, rng, kind, n):
    """n values of a type, without nulls."""
    few = rng.choice([1, 2, 5, 300, 10**6])
    if kind in INTS:
        low, high = np.iinfo(pl.Series([0], dtype=INTS[kind]).to_numpy().dtype).min, np.iinfo(
            pl.Series([0], dtype=INTS[kind]).to_numpy().dtype).max
        span = rng.choice(["small", "small", "ends", "full"])
        dtype = pl.Series([0], dtype=INTS[kind]).to_numpy().dtype
        if span == "small":
            return pl.Series(g.integers(max(low, -100 if low else 0), min(high, 100), n).astype(dtype))
        if span == "ends":
            return pl.Series(g.choice(np.array([low, high, 0, low + 1, high - 1], dtype), n))
        return pl.Series(g.integers(low, high, n, dtype=dtype, endpoint=True))
    if kind in ("f32", "f64"):
        x = np.round(g.normal(0, 100, n), rng.choice([0, 1, 15])) if few > 5 else g.integers(-few, few, n) / 4
        if rng.random() < 0.3 and n:
            special = np.array(rng.choice([[np.nan], [0.0, -0.0], [np.inf], [np.nan, np.inf, -np.inf, -0.0]]))
            x = np.where(g.random(n) < rng.choice([0.01, 0.5]), g.choice(special, n), x)
        return pl.Series(x.astype(np.float32 if kind == "f32" else np.float64))
    if kind == "bool":
        return pl.Series(g.random(n) < rng.choice([0, 0.01, 0.5, 1]))
    if kind in ("str", "cat", "binary"):
        form = rng.choice(["{}", "v{}", "a longer text than a view has: {}", "é{}", "{} 🙂"])
        x = pl.select(pl.format(form, pl.Series(g.integers(0, few, n)))).to_series()
        return x.cast(pl.Categorical if kind == "cat" else pl.Binary if kind == "binary" else pl.String)
    if kind == "decimal":
        return pl.Series(g.integers(-10**6, 10**6, n)).cast(pl.Decimal(18, 0)).cast(pl.Decimal(20, 2))
    if kind == "date":
        return pl.Series(g.integers(-200_000, 200_000, n).astype(np.int32)).cast(pl.Date)
    if kind == "time":
        return pl.Series(g.integers(0, 86_400 * 10**9, n)).cast(pl.Time)
    return pl.Series(g.integers(-10**15, 10**15, n) // rng.choice([1, 10**9])).cast(MOMENTS[kind])


# ---- frames ------------------------------------------------------------------------------------------------------------
def variants(rng, data, n):
    """The frame in other shapes and under other contexts."""
    threads = rng.sample([1, 2, 3, 7], 2)
    yield "whole", lf.DataFrame(data, context=lf.Context(threads=threads[0]))
    yield f"{threads[1]} threads", lf.DataFrame(data, context=lf.Context(threads=threads[1]))
    before = data.tail(min(n, 77))
    longer = pl.concat([before, data, data.head(5)])
    yield "slice", lf.DataFrame(longer, context=lf.Context(threads=2)).slice(len(before), n)
    cuts = sorted({0, n, *(rng.randint(0, n) for _ in range(3))})
    context = lf.Context(threads=rng.choice([1, 2, 3]))
    parts = [lf.DataFrame(data[a:b], context=context) for a, b in zip(cuts, cuts[1:])]
    if len(parts) > 1:
        yield f"concat at {cuts}", lf.concat(parts)


# ---- answers -----------------------------------------------------------------------------------------------------------
class Differs(Exception):
    pass


def attempt(do):
    try:
        return do()
    except lf.FrameError as error:
        if error.code not in ("overflow", "value", "limit"):
            raise
        return f"{error.code}: {error.message}"


def same(a, b):
    return a == b if isinstance(a, str) or isinstance(b, str) else a.equals(b)


def plain(x):
    if isinstance(x.dtype, (pl.Categorical, pl.Enum)):
        return x.cast(pl.String)
    if x.dtype.is_integer() or isinstance(x.dtype, pl.Decimal) and x.dtype.scale == 0:
        return x.cast(pl.Int128)
    if isinstance(x.dtype, pl.Decimal):
        return x.cast(pl.Decimal(38, x.dtype.scale))
    return x.cast(pl.Float64) if x.dtype == pl.Float32 else x
