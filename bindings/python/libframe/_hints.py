"""What users of other libraries look for, and where it is here: words of an AttributeError or TypeError, nothing else.

    >>> sales.groupby("region")
    AttributeError: 'DataFrame' object has no attribute 'groupby'; here it is df.group("key", "n = size(); total = sum(x)")
"""

_WITH = 'df.with_("y = 2 * x")'
_FILTER = 'df.filter("x > 3")'
_SUMMARIES = {name: f'df.group(agg="y = {name}(x)")' for name in ("max", "mean", "median", "min", "nunique", "std", "sum", "var")}
_GROUP = 'df.group("key", "n = size(); total = sum(x)")'

FRAME = {
    "agg": 'df.group(agg="total = sum(x)")', "aggregate": 'df.group(agg="total = sum(x)")', "append": "df.concat(other)",
    "apply": _WITH, "arrange": 'df.sort("x, y desc")', "assign": _WITH, "astype": 'df.cast({"x": "f64"})',
    "corr": 'df.group(agg="y = corr(x, z)")', "drop_duplicates": "df.distinct()", "drop_nulls": 'df.drop_null("x")',
    "dropna": 'df.drop_null("x")', "empty": "len(df) == 0", "eval": _WITH, "fillna": 'df.fill_null("x", 0)',
    "groupby": _GROUP, "group_by": _GROUP,
    "height": "len(df)", "iloc": "df[first:last]", "info": "df.schema", "isna": 'df.filter("x is null")',
    "isnull": 'df.filter("x is null")', "iter_rows": "df.rows()", "iterrows": "df.rows(named=True)",
    "itertuples": "df.rows()", "lazy": "lf.scan_csv(path)", "loc": _FILTER, "merge": 'df.join(other, "key")',
    "mutate": _WITH, "nlargest": 'df.sort("x desc").head(n)', "nsmallest": 'df.sort("x").head(n)',
    "order_by": 'df.sort("x, y desc")', "query": _FILTER, "sort_values": 'df.sort("x, y desc")',
    "to_csv": "df.write_csv(path)", "to_dicts": "df.to_pylist()", "unique": "df.distinct()", "values": "df.to_numpy()",
    "vstack": "df.concat(other)", "where": _FILTER, "width": "df.shape[1]", "with_columns": _WITH,
    "plot": "the command `frame plot`", "pivot": "df.to_pandas().pivot(…)", "pivot_table": "df.to_pandas().pivot_table(…)",
    "melt": "df.to_pandas().melt(…)", "unpivot": "df.to_pandas().melt(…)",
    **_SUMMARIES,
}
COLUMN = {
    **_SUMMARIES,
    **dict.fromkeys(("apply", "astype", "cast", "cumsum", "dt", "map", "round", "str"), _WITH),
    "fillna": 'df.fill_null("x", 0)', "isin": 'df.filter("x in (1, 2)")', "isna": "null_count",
    "isnull": "null_count", "shape": "len(col)", "size": "len(col)", "sort_values": 'df.sort("x")', "tolist": "to_list()",
    "unique": 'df.distinct("x")', "value_counts": 'df.value_counts("x")', "values": "to_numpy()",
}


def missing(owner, name, places, columns=()):
    """The AttributeError for a name that `owner` has not."""
    said = f"{type(owner).__name__!r} object has no attribute {name!r}"
    if name in columns:
        return AttributeError(f"{said}; the column is df[{name!r}]")
    if name in places:
        return AttributeError(f"{said}; here it is {places[name]}")
    return AttributeError(said, name=name, obj=owner)               # Python looks for a similar name


def refuse_operators(owner, names, advice):
    """Operators that pandas has and this class has not: an error that says so, where == would be False and nothing more."""
    def refuse(*_):
        raise TypeError(advice)
    for name in names:
        setattr(owner, f"__{name}__", refuse)
    owner.__hash__ = object.__hash__                                # == takes it away
