"""Random steps: each knows how to run on libframe, polars, pandas and DuckDB, and how far their answers can be compared.

`ordered` names the engines whose row order is specified to be ours as well; the others are compared as bags of rows.
"""
import pandas as pd
import polars as pl

import expressions as ex
import frames


class Step:
    """One step. lf(frame) gives libframe's answer; run[engine](data) that of another engine. text is a repr to read."""

    def __init__(self, text, lf, ordered=("polars", "pandas", "duckdb"), approximate=(), right=None, **run):
        self.text, self.lf, self.run, self.ordered, self.approximate = text, lf, run, ordered, set(approximate)
        self.right = right

    def __repr__(self):
        return self.text


def keep(engines, **run):
    return {engine: how for engine, how in run.items() if engine in engines}


def sql(text):
    return lambda con: con.sql(text)


# ---- rows --------------------------------------------------------------------------------------------------------------
def filter_step(rng, schema):
    c = ex.condition(rng, schema)
    run = keep(c.ok, polars=lambda d: d.filter(c.pl), duckdb=sql(f"SELECT * FROM t WHERE {c.sql}"))
    if "pandas" in c.ok:
        run["pandas"] = lambda d: d[pd.Series(c.pd(d), index=d.index, dtype="boolean").fillna(False).astype(bool)]
    return Step(f"filter({c.lf!r})", lambda v: v.filter(c.lf), **run)


def head_step(rng, schema):
    n, name = rng.choice([0, 1, 3, 10, 100, -1, -5]), rng.choice(["head", "tail"])
    return Step(f"{name}({n})", lambda v: getattr(v, name)(n), polars=lambda d: getattr(d, name)(n),
                pandas=lambda d: getattr(d, name)(n))


def head_by_step(rng, schema):
    """So many rows of each group, in the order of the rows."""
    n, name = rng.choice([0, 1, 2, 5]), rng.choice(["head", "tail"])
    names = rng.sample(sorted(schema), min(len(schema), rng.randint(1, 2)))
    place = pl.int_range(pl.len()) if name == "head" else pl.len() - 1 - pl.int_range(pl.len())
    return Step(f"{name}({n}, by={names})", lambda v: getattr(v, name)(n, by=names),
                polars=lambda d: d.filter(place.over(names) < n))


def slice_step(rng, schema):
    offset, n = rng.randint(-10, 50), rng.randint(0, 60)
    # an offset before the first row begins at the first row here, and takes less in polars
    return Step(f"slice({offset}, {n})", lambda v: v.slice(offset, n), polars=lambda d: d.slice(max(offset, -len(d)), n))


def sort_step(rng, schema):
    names = rng.sample(sorted(schema), min(len(schema), rng.randint(1, 3)))
    down = [rng.random() < 0.5 for _ in names]
    first = rng.random() < 0.3
    by = ", ".join(f"{name} {'desc' if d else 'asc'}" for name, d in zip(names, down))
    order = ", ".join(f'"{name}" {"DESC" if d else "ASC"} NULLS {"FIRST" if first else "LAST"}' for name, d in zip(names,
                                                                                                                   down))
    return Step(f"sort({by!r}, nulls_first={first})", lambda v: v.sort(by, nulls_first=first),
                ordered=("polars", "pandas"),
                polars=lambda d: d.sort(names, descending=down, nulls_last=not first, maintain_order=True),
                pandas=lambda d: d.sort_values(names, ascending=[not x for x in down], kind="stable",
                                               na_position="first" if first else "last"),
                duckdb=sql(f"SELECT * FROM t ORDER BY {order}"))


def distinct_step(rng, schema):
    names = rng.sample(sorted(schema), rng.randint(1, len(schema)))
    which = rng.choice(["first", "last", "none"])
    return Step(f"distinct({names}, keep={which!r})", lambda v: v.distinct(names, keep=which),
                polars=lambda d: d.unique(names, keep=which, maintain_order=True),
                pandas=lambda d: d.drop_duplicates(names, keep={"none": False}.get(which, which)))


def drop_null_step(rng, schema):
    names, how = rng.sample(sorted(schema), rng.randint(1, len(schema))), rng.choice(["any", "all"])
    glue = " AND " if how == "any" else " OR "
    where = glue.join(f'"{name}" IS NOT NULL' for name in names)
    return Step(f"drop_null({names}, how={how!r})", lambda v: v.drop_null(names, how=how),
                polars=lambda d: d.drop_nulls(names) if how == "any" else d.filter(~pl.all_horizontal(pl.col(names).is_null())),
                pandas=lambda d: d.dropna(subset=names, how=how), duckdb=sql(f"SELECT * FROM t WHERE {where}"))


# ---- columns -----------------------------------------------------------------------------------------------------------
def with_step(rng, schema):
    kind = rng.choice(sorted(set(schema.values())))
    looks = rng.random() < 0.35
    e, name = ex.window(rng, schema) if looks else ex.of_kind(rng, schema, kind, 2), rng.choice(["n1", "n2",
                                                                                                 *sorted(set(schema) - {"k"})[:1]])
    other = [f'"{one}"' for one in schema if one != name]
    at = list(schema).index(name) if name in schema else len(schema)
    columns = [f'"{one}"' for one in schema if one != name]
    columns.insert(at, f'{e.sql} AS "{name}"')
    run = keep(e.ok, polars=lambda d: d.with_columns(e.pl.alias(name)), pandas=lambda d: d.assign(**{name: e.pd(d)}),
               duckdb=sql(f"SELECT {', '.join(columns)} FROM t"))
    if not other:
        run.pop("duckdb", None)
    ordered = ("polars", "pandas") if looks else ("polars", "pandas", "duckdb")
    return Step(f"with_({name + ' = ' + e.lf!r})", lambda v: v.with_(f"{name} = {e.lf}"), ordered=ordered, **run)


def select_step(rng, schema):
    names = rng.sample(sorted(schema), rng.randint(1, len(schema)))
    return Step(f"select({names})", lambda v: v.select(names), polars=lambda d: d.select(names), pandas=lambda d: d[names],
                duckdb=sql("SELECT " + ", ".join(f'"{n}"' for n in names) + " FROM t"))


def drop_step(rng, schema):
    if len(schema) < 2:
        return select_step(rng, schema)
    name = rng.choice(sorted(schema))
    return Step(f"drop({name!r})", lambda v: v.drop(name), polars=lambda d: d.drop(name),
                pandas=lambda d: d.drop(columns=name),
                duckdb=sql(f'SELECT * EXCLUDE ("{name}") FROM t'))


def rename_step(rng, schema):
    old = rng.choice(sorted(schema))
    new = f"r{rng.randint(0, 9)}"
    if new in schema:
        return select_step(rng, schema)
    return Step(f"rename({{{old!r}: {new!r}}})", lambda v: v.rename({old: new}), polars=lambda d: d.rename({old: new}),
                pandas=lambda d: d.rename(columns={old: new}))


def fill_step(rng, schema):
    name = rng.choice(sorted(schema))
    how = rng.choice(["value", "forward", "backward"])
    if how == "value":
        x = frames.value(rng, schema[name], False)
        return Step(f"fill_null({name!r}, {x!r})", lambda v: v.fill_null([name], x),
                    polars=lambda d: d.with_columns(pl.col(name).fill_null(pl.lit(x, dtype=d.schema[name]))))
    limit = rng.choice([-1, 1, 3])
    most = None if limit < 0 else limit
    pandas = (lambda d: d.assign(**{name: d[name].ffill(limit=most)})) if how == "forward" else \
        (lambda d: d.assign(**{name: d[name].bfill(limit=most)}))
    return Step(f"fill_null({name!r}, method={how!r}, limit={limit})",
                lambda v: v.fill_null([name], method=how, limit=limit), pandas=pandas,
                polars=lambda d: d.with_columns(pl.col(name).fill_null(strategy=how, limit=most)))


def cast_step(rng, schema):
    name = rng.choice(sorted(schema))
    to = {"i64": ["f64", "str", "i32"], "f64": ["str"], "bool": ["i64", "str"], "date": ["str", "datetime[us]"],
          "datetime[us]": ["date"], "str": ["i64", "f64"]}[schema[name]]
    to, errors = rng.choice(to), "coerce"
    run = {}
    if (schema[name], to) in (("bool", "i64"), ("date", "datetime[us]"), ("datetime[us]", "date")):
        target = {"i64": pl.Int64, "datetime[us]": pl.Datetime("us"), "date": pl.Date}[to]
        run["polars"] = lambda d: d.with_columns(pl.col(name).cast(target))
    if (schema[name], to) == ("i64", "i32"):
        run["polars"] = lambda d: d.with_columns(pl.col(name).cast(pl.Int32, strict=False))
    if (schema[name], to) in (("i64", "str"), ("date", "str")):
        run["duckdb"] = sql("SELECT " + ", ".join(f'CAST("{n}" AS VARCHAR) AS "{n}"' if n == name else f'"{n}"' for n in schema)
                            + " FROM t")
    return Step(f"cast({name!r}: {to!r}, errors={errors!r})", lambda v: v.cast({name: to}, errors=errors), **run)


# ---- groups ------------------------------------------------------------------------------------------------------------
def aggregate(rng, schema):
    """(libframe text, polars, pandas (column, function) or None, SQL or None, is approximate)."""
    name = rng.choice(sorted(schema))
    kind, col = schema[name], pl.col(name)
    if kind in ("i64", "f64"):
        what = rng.choice(["sum", "mean", "min", "max", "count", "nunique", "median", "std", "var", "first", "last"])
    elif kind == "bool":
        what = rng.choice(["any", "all", "count", "first"])
    else:
        what = rng.choice(["min", "max", "count", "nunique", "first", "last"])
    polars = {"sum": col.sum(), "mean": col.mean(), "min": col.min(), "max": col.max(), "count": col.count(),
              "nunique": col.drop_nulls().n_unique(), "median": col.median(), "std": col.std(), "var": col.var(),
              "first": col.drop_nulls().first(), "last": col.drop_nulls().last(), "any": col.any(), "all": col.all()}[what]
    pandas = None if what in ("any", "all") else (name, what)
    text = {"sum": f'sum("{name}")', "mean": f'avg("{name}")', "min": f'min("{name}")', "max": f'max("{name}")',
            "count": f'count("{name}")', "nunique": f'count(DISTINCT "{name}")', "median": f'median("{name}")',
            "std": f'stddev_samp("{name}")', "var": f'var_samp("{name}")'}.get(what)
    if what == "sum":
        text = f'coalesce({text}, 0)'
    return f"{what}({name})", polars, pandas, text, what in ("sum", "mean", "median", "std", "var")


def group_step(rng, schema):
    keys = rng.sample(sorted(schema), min(len(schema), rng.choice([1, 1, 2])))
    aggs = {f"g{i}": aggregate(rng, schema) for i in range(rng.randint(1, 3))}
    keys = [key for key in keys if key not in aggs and key != "size"] or [next(iter(schema))]
    if set(keys) & {*aggs, "size"}:
        return select_step(rng, schema)
    aggs["size"] = ("size()", pl.len(), None, "count(*)", False)
    agg = "; ".join(f"{name} = {a[0]}" for name, a in aggs.items())
    sort = rng.random() < 0.3
    text = "SELECT {}, {} FROM t GROUP BY ALL".format(", ".join(f'"{k}"' for k in keys),
                                                      ", ".join(f'{a[3]} AS "{n}"' for n, a in aggs.items()))

    def polars(d):
        grouped = d.group_by(keys, maintain_order=True).agg(**{name: a[1] for name, a in aggs.items()})
        return grouped.sort(keys, nulls_last=True, maintain_order=True) if sort else grouped

    def pandas(d):
        groups = d.groupby(keys, sort=sort, dropna=False)
        parts = {name: groups.size() if a[2] is None else getattr(groups[a[2][0]], a[2][1])() for name, a in aggs.items()}
        return pd.DataFrame(parts).reset_index()

    run = {"polars": polars}
    if all(a[2] or name == "size" for name, a in aggs.items()):
        run["pandas"] = pandas
    if all(a[3] for a in aggs.values()):
        run["duckdb"] = sql(text)
    return Step(f"group({keys}, {agg!r}, sort={sort})", lambda v: v.group(keys, agg, sort=sort), ordered=("polars",),
                approximate=[name for name, a in aggs.items() if a[4]], **run)


def count_step(rng, schema):
    names = rng.sample(sorted(schema), min(len(schema), rng.choice([1, 1, 2])))
    if "count" in names:
        return select_step(rng, schema)            # the new column would be count_1 here, an error or a second count there
    columns = ", ".join(f'"{n}"' for n in names)
    return Step(f"value_counts({names})", lambda v: v.value_counts(names), ordered=(),
                polars=lambda d: d.group_by(names).agg(count=pl.len()),
                duckdb=sql(f"SELECT {columns}, count(*) AS count FROM t GROUP BY ALL"))


# ---- reshaping ---------------------------------------------------------------------------------------------------------
def pivot_step(rng, schema):
    """Keys whose texts are the same everywhere, and names without backticks: bools, and lengths of texts."""
    keys = [name for name, kind in schema.items() if kind in ("str", "bool")]
    if len(schema) < 3 or not keys:
        return select_step(rng, schema)
    key = rng.choice(keys)
    index, value = rng.sample(sorted(set(schema) - {key}), 2)
    text, how, *_, approximate = aggregate(rng, {value: schema[value]})
    while approximate:                                                  # the columns' names are not known here
        text, how, *_, approximate = aggregate(rng, {value: schema[value]})
    made = f"{key} = len({key})" if schema[key] == "str" else f"{key} = {key}"
    of = pl.col(key).str.len_chars().cast(pl.Int64) if schema[key] == "str" else pl.col(key)

    def polars(d):
        cells = d.with_columns(of).group_by([index, key], maintain_order=True).agg(x_=how)
        names = cells.select(key).unique().sort(key, nulls_last=True).with_columns(
            c_=pl.concat_str(pl.lit("c_"), pl.col(key).cast(pl.String).fill_null("null")))
        wide = cells.join(names, on=key, nulls_equal=True, maintain_order="left").pivot(
            on="c_", index=index, values="x_", maintain_order=True)
        wide = wide.select([index, *names["c_"]]) if len(d) else d.select(index)
        if not totals:
            return wide
        rows = d.group_by(index, maintain_order=True).agg(t=how)["t"] if len(d) else d.select(t=how)["t"].clear()
        last = d.with_columns(of).group_by(key).agg(x_=how).sort(key, nulls_last=True)["x_"].to_list()
        end = {index: ["whole"], **{name: [x] for name, x in zip(wide.columns[1:], last)},
               "c_whole": d.select(t=how)["t"]}
        whole = wide.with_columns(rows.alias("c_whole"))
        return pl.concat([whole, pl.DataFrame(end, schema=whole.schema)])

    totals = schema[index] == "str" and rng.random() < 0.5
    naming = "c_{column|whole}" if totals else "c_{column}"
    return Step(f"pivot([{index!r}], [{key!r}], {text}, margins={totals})", ordered=("polars",), polars=polars,
                lf=lambda v: v.with_(made).pivot([index], [key], agg={"x": text}, naming=naming, margins=totals))


def melt_step(rng, schema):
    kind = rng.choice(sorted(set(schema.values())))
    values = [name for name, one in schema.items() if one == kind]
    index = [name for name in schema if name not in values]
    if {"variable", "value"} & set(index):
        return select_step(rng, schema)
    return Step(f"melt({index}, {values})", lambda v: v.melt(index or None, values),
                polars=lambda d: d.unpivot(index=index, on=values),
                pandas=lambda d: d.melt(index, values))


def there_and_back_step(rng, schema):
    """A melt, and a pivot by the row: what was there."""
    kind = rng.choice(sorted(set(schema.values())))
    values = [name for name, one in schema.items() if one == kind]
    return Step(f"melt and pivot {values}", polars=lambda d: d.select(values), pandas=lambda d: d[values],
                lf=lambda v: v.select(values).with_("row_ = row_index()").melt("row_").pivot(
                    "row_", "variable", values="value", only=values).drop("row_"))


# ---- two frames --------------------------------------------------------------------------------------------------------
def join_step(rng, schema, make):
    if "k" not in schema:
        return filter_step(rng, schema)
    columns, kinds = frames.frame(rng, n=rng.choice([0, 1, 5, 12]), prefix="j_")
    if schema["k"] != kinds["k"]:
        kinds["k"] = schema["k"]
        columns["k"] = [frames.value(rng, schema["k"], False) for _ in columns["k"]]
    if set(schema) & set(kinds) != {"k"}:
        return filter_step(rng, schema)
    right = make(columns, kinds)
    how, match = rng.choice(["inner", "left", "full"]), rng.random() < 0.3
    on = "IS NOT DISTINCT FROM" if match else "="
    rest = ", ".join(f'r."{n}"' for n in kinds if n != "k")
    left = ", ".join(f't."{n}"' if n != "k" or how != "full" else "coalesce(t.k, r.k) AS k" for n in schema)
    text = f'SELECT {left}, {rest} FROM t {how.upper()} JOIN r ON t.k {on} r.k'
    run = {"duckdb": sql(text),
           "polars": lambda d: d.join(right.to_polars(), on="k", how=how, nulls_equal=match, coalesce=True,
                                      maintain_order="left_right")}
    return Step(f"join({columns}, on='k', how={how!r}, nulls_match={match})",
                lambda v: v.join(right, "k", how=how, nulls_match=match), ordered=("polars",), right=right, **run)


def concat_step(rng, schema, make):
    n = rng.choice([0, 1, 4])
    columns = {name: frames.column(rng, kind, n) for name, kind in schema.items()}
    other = make(columns, schema)
    return Step(f"concat({columns})", lambda v: v.concat(other), right=other,
                polars=lambda d: pl.concat([d, other.to_polars().cast(dict(d.schema))]))


STEPS = [filter_step, filter_step, with_step, with_step, select_step, drop_step, rename_step, sort_step, sort_step,
         head_step,
         head_by_step,
         slice_step, distinct_step, drop_null_step, fill_step, cast_step, group_step, group_step, group_step, count_step,
         pivot_step, melt_step, there_and_back_step]
KNOWN = {"i64", "f64", "str", "bool", "date", "datetime[us]"}


def random_step(rng, schema, make):
    """A step for a frame of this schema (types by name)."""
    known = {name: kind for name, kind in schema.items() if kind in KNOWN}
    if len(known) != len(schema) or not known:
        return Step(f"select({list(known)})", lambda v: v.select(list(known))) if known else None
    two = rng.choice([join_step, concat_step, None, None, None, None, None, None, None])
    return two(rng, schema, make) if two else rng.choice(STEPS)(rng, schema)
