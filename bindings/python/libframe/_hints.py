"""What users of other libraries look for, and where it is here: words of an AttributeError or TypeError, nothing else.

    >>> sales.groupby("region")
    AttributeError: 'DataFrame' object has no attribute 'groupby'; here it is df.group("key", "n = size(); total = sum(x)")
    >>> sales.sort("price", ascending=False)
    TypeError: sort() got an unexpected keyword argument 'ascending'; here it is descending=True
"""
from . import _core

_WITH = 'df.with_("y = 2 * x")'
_FILTER = 'df.filter("x > 3")'
_AGGREGATES = ("first", "kurt", "last", "max", "mean", "median", "min", "mode", "nunique", "prod", "sem", "skew", "std", "sum",
               "var")
_SUMMARIES = {name: f'df.group(agg="y = {name}(x)")' for name in _AGGREGATES}
_ROWS = {
    "shift": 'df.with_("y = shift(x) over (key)")', "lag": 'df.with_("y = shift(x)")', "lead": 'df.with_("y = shift(x, -1)")',
    "diff": 'df.with_("y = diff(x)")', "pct_change": 'df.with_("y = x / shift(x) - 1")', "rank": 'df.with_("y = rank(x)")',
    "rolling": 'df.with_("y = rolling_mean(x, 3)")', "cumcount": 'df.with_("y = row_index() over (key)")',
    "cum_sum": 'df.with_("y = cum_sum(x)")', "cumsum": 'df.with_("y = cum_sum(x)")', "cumprod": 'df.with_("y = cum_prod(x)")',
    "cummax": 'df.with_("y = cum_max(x)")', "cummin": 'df.with_("y = cum_min(x)")', "clip": 'df.with_("y = clip(x, 0, 9)")',
    "expanding": 'df.with_("y = cum_sum(x) / cum_count(x)")', "rolling_mean": 'df.with_("y = rolling_mean(x, 3)")',
}
_GROUP = 'df.group("key", "n = size(); total = sum(x)")'

FRAME = {
    "agg": 'df.group(agg="total = sum(x)")', "aggregate": 'df.group(agg="total = sum(x)")', "append": "df.concat(other)",
    "apply": _WITH, "arrange": 'df.sort("x, y desc")', "assign": _WITH, "astype": 'df.cast({"x": "f64"})',
    "T": "df.to_pandas().transpose(…)", "at": 'df["x"][first]', "copy": "df", "count": 'df.group(agg="n = count(x)")',
    "iat": 'df["x"][first]', "index": "range(len(df))", "to_excel": "df.to_pandas().to_excel(…)",
    "to_json": "df.to_pandas().to_json(…)", "to_parquet": "df.to_pandas().to_parquet(…)",
    "write_parquet": "df.to_pandas().to_parquet(…)", "write_json": "df.to_pandas().to_json(…)",
    "corr": 'df.group(agg="y = corr(x, z)")', "drop_duplicates": "df.distinct()",
    "drop_nulls": 'df.drop_null("x")', "dropna": 'df.drop_null("x")', "empty": "len(df) == 0", "eval": _WITH,
    "fillna": 'df.fill_null("x", 0)',
    "groupby": _GROUP, "group_by": _GROUP,
    "height": "len(df)", "iloc": "df[first:last]", "info": "df.schema", "isna": 'df.filter("x is null")',
    "isnull": 'df.filter("x is null")', "iter_rows": "df.rows()", "iterrows": "df.rows(named=True)",
    "itertuples": "df.rows()", "lazy": "lf.scan_csv(path)", "loc": _FILTER, "merge": 'df.join(other, "key")',
    "mutate": _WITH, "nlargest": 'df.sort("x desc").head(n)', "nsmallest": 'df.sort("x").head(n)',
    "order_by": 'df.sort("x, y desc")', "query": _FILTER, "sort_values": 'df.sort("x, y desc")',
    "to_csv": "df.write_csv(path)", "to_dicts": "df.to_pylist()", "unique": "df.distinct()", "values": "df.to_numpy()",
    "vstack": "df.concat(other)", "where": _FILTER, "width": "df.shape[1]", "with_columns": _WITH,
    "plot": "the command `frame plot`",
    **dict.fromkeys(("pivot_table", "pivot_wider", "dcast", "spread"), 'df.pivot("key", "y", values="x", agg="sum")'),
    "unstack": 'df.pivot("key", "y", values="x")',
    **dict.fromkeys(("unpivot", "pivot_longer", "gather", "stack", "wide_to_long"), 'df.melt("key", "x, z")'),
    **_ROWS, **_SUMMARIES,
    **dict.fromkeys(("add", "applymap", "div", "map", "map_elements", "map_rows", "mul", "sub", "transform",
                     "with_column"), _WITH),
    "insert": "df.with_(y=values)",
    "abs": 'df.with_("y = abs(x)")', "round": 'df.with_("y = round(x, 2)")', "mask": 'df.with_("y = null if x > 3 else x")',
    "replace": """df.with_("key = when(key == 'a', 'b', key)")""", "n_unique": 'df.group(agg="y = nunique(x)")',
    "cov": 'df.group(agg="y = cov(x, z)")', "any": 'df.group(agg="y = any(x > 3)")', "all": 'df.group(agg="y = all(x > 3)")',
    **dict.fromkeys(("notna", "notnull"), 'df.filter("x is not null")'), **dict.fromkeys(("truncate", "xs"), _FILTER),
    **dict.fromkeys(("add_prefix", "add_suffix", "rename_axis", "set_axis"), 'df.rename({"x": "new"})'),
    "combine_first": 'df.join(other, "key", how="left").with_("x = coalesce(x_x, x_y)")', "pop": 'df.drop("x")',
    **dict.fromkeys(("get_column", "squeeze", "to_series"), 'df["x"]'), "glimpse": "df.describe()", "is_empty": "len(df) == 0",
    "axes": "df.columns", "to_records": "df.to_numpy(structured=True)", "transpose": "df.to_pandas().transpose(…)",
    **{name: f"df.to_pandas().{name}(…)" for name in ("to_clipboard", "to_feather", "to_html", "to_latex", "to_markdown",
                                                      "to_pickle", "to_sql", "to_xml")},
    "hist": "the command `frame plot`",
    **dict.fromkeys(("ffill", "pad", "forward_fill"), 'df.fill_null("x", method="forward")'),
    **dict.fromkeys(("bfill", "backfill", "backward_fill"), 'df.fill_null("x", method="backward")'),
    **dict.fromkeys(("resample", "group_by_dynamic"),
                    """df.with_("m = floor(when, 'month')").group("m", agg="total = sum(x)")"""),
    "quantile": 'df.group(agg="y = quantile(x, 0.9)")', "idxmax": 'df.sort("x desc").head(1)',
    "idxmin": 'df.sort("x").head(1)', "duplicated": 'df.with_("again = row_index() over (x) > 0")',
    "set_index": "not needed: a frame has no index, verbs take keys by name",
    "reset_index": "not needed: a frame has no index",
    **dict.fromkeys(("asfreq", "reindex", "upsample"), 'df.complete("when", "1d")'), "sort_index": 'df.sort("x, y desc")',
    "get": 'df["x"]', "keys": "df.columns",
    **dict.fromkeys(("items", "iteritems", "iter_columns"), "[(name, df[name]) for name in df]"),
    "row": "list(df.rows())[first]", "select_dtypes": 'df.select("numeric()")',
    **dict.fromkeys(("with_row_index", "with_row_count"), 'df.with_("i = row_index()")'),
    "isin": 'df.filter("x in (1, 2)")', "between": 'df.filter("x between 1 and 2")', "hstack": 'df.join(other, how="positional")',
    "crosstab": 'df.pivot("key", "y", agg="size()", fill=0)',
    "union": "df.concat(other)", "collect": "df", "fetchall": "list(df.rows())",
    "to_list": "df.to_pylist()", "limit": "df.head(n)", "show": "df",
    "null_count": "{name: df[name].null_count for name in df}", "item": 'df["x"][first]',
    "nrows": "len(df)", "ncols": "df.shape[1]", "size": "len(df) * df.shape[1]", "ndim": "df.shape",
    **{name: f"df.to_pandas().{name}(…)" for name in ("explode", "ewm", "interpolate")},
    **dict.fromkeys(("merge_asof", "join_asof"), 'df.join(other, "key, when", how="asof")'),
    "clone": "df", "rechunk": "not needed: columns are in one piece when they are asked for", "extend": "df.concat(other)",
    **dict.fromkeys(("names", "colnames"), "df.columns"), "nrow": "len(df)", "ncol": "df.shape[1]", "dim": "df.shape",
    "summary": "df.describe()", "printSchema": "df.schema", "toPandas": "df.to_pandas(…)", "orderBy": 'df.sort("x, y desc")',
    "groupBy": _GROUP, "withColumn": _WITH, "is_duplicated": 'df.with_("again = row_index() over (x) > 0")',
    "sql": 'df.pipe("filter x > 3 | group key: n = size()")', "between_time": _FILTER,
    "style": "df.to_pandas().style.…", "partition_by": _GROUP, "memory_usage": "df.context.live_bytes",
    "estimated_size": "df.context.live_bytes", "unnest": 'df.with_("s.a; s.b")',
}
COLUMN = {
    **_ROWS,
    **dict.fromkeys(("apply", "astype", "cast", "map", "round", "abs", "replace"), _WITH),
    "dt": 'df.with_("y = month(when)")', "str": 'df.with_("y = lower(key)")',
    "mode": 'df.group(agg="y = mode(x)")', "n_unique": "nunique()", "between": 'df.filter("x between 1 and 2")',
    "item": "col[first]", "iloc": "col[first]", "loc": "col[first]",
    "fillna": 'df.fill_null("x", 0)', "isin": 'df.filter("x in (1, 2)")', "isna": "null_count",
    "isnull": "null_count", "shape": "len(col)", "size": "len(col)", "sort_values": 'df.sort("x")', "tolist": "to_list()",
    "unique": 'df.distinct("x")', "value_counts": 'df.value_counts("x")', "values": "to_numpy()",
    **dict.fromkeys(("head", "limit"), "col[:5]"), "tail": "col[-5:]", "array": "to_numpy()", "describe": 'df.describe("x")',
    **dict.fromkeys(("dropna", "drop_nulls"), 'df.drop_null("x")'), **dict.fromkeys(("to_pylist", "to_series"), "to_list()"),
    **dict.fromkeys(("notna", "notnull", "is_not_null"), 'df.filter("x is not null")'), "is_null": "null_count",
    **dict.fromkeys(("struct", "field"), 'df.with_("s.a")["a"]'),
    "hasnans": "null_count", "is_in": 'df.filter("x in (1, 2)")', "filter": _FILTER, "where": _FILTER,
    **dict.fromkeys(("len", "empty", "is_empty"), "len(col)"), **dict.fromkeys(("get", "first", "at", "iat"), "col[first]"),
    **dict.fromkeys(("rename", "alias"), 'df.rename({"x": "new"})'), "to_frame": 'df[["x"]]', "equals": 'df[["x"]].equals(df)',
    **{name: f'df.group(agg="y = {name}(x)")' for name in ("kurt", "last", "prod", "sem", "skew")},
    **{name: f'df.group(agg="y = {name}(x > 3)")' for name in ("any", "all")}, "corr": 'df.group(agg="y = corr(x, z)")',
    **dict.fromkeys(("idxmax", "argmax", "arg_max"), 'df.sort("x desc").head(1)'),
    **dict.fromkeys(("idxmin", "argmin", "arg_min"), 'df.sort("x").head(1)'), "to_string": "df.to_string()",
    "nlargest": 'df.sort("x desc").head(n)', "nsmallest": 'df.sort("x").head(n)', "sample": "df.sample(n=2)",
    **dict.fromkeys(("plot", "hist"), "the command `frame plot`"),
    "index": "not needed: a frame has no index", "reset_index": "not needed: a frame has no index",
    "copy": "not needed: a Column never changes",
}

MODULE = {
    **dict.fromkeys(("Frame", "Dataframe", "dataframe", "LazyFrame"), 'lf.DataFrame({"x": values})'),
    "Series": 'lf.DataFrame({"x": values})', "array": 'lf.DataFrame({"x": values})',
    "to_numeric": 'df.cast({"x": "f64"})', "isna": 'df.filter("x is null")', "isnull": 'df.filter("x is null")',
    "col": _FILTER, "lit": _FILTER,
    **dict.fromkeys(("from_arrow", "from_dict", "from_dicts", "from_numpy", "from_pandas", "from_records"), "lf.DataFrame(other)"),
    **dict.fromkeys(("Categorical", "Float64", "Int64", "String", "Utf8"), 'df.cast({"x": "f64"})'),
    "notna": 'df.filter("x is not null")', **dict.fromkeys(("assert_frame_equal", "testing"), "df.equals(other)"),
    "unique": "df.distinct()",
    "merge": 'df.join(other, "key")', "read_excel": "lf.DataFrame(pandas.read_excel(…))",
    "read_json": "lf.DataFrame(json.load(…))", "read_parquet": "lf.DataFrame(pyarrow.parquet.read_table(…))",
    "read_sql": "lf.DataFrame(pandas.read_sql(…))", "read_table": "lf.read_csv(path)",
    **dict.fromkeys(("fread", "load_csv", "open", "open_csv", "read", "read_csv_auto", "read_CSV"), "lf.read_csv(path)"),
    "scan": "lf.scan_csv(path)",
    "merge_asof": 'df.join(other, "key, when", how="asof")', "date_range": 'df.complete("when", "1d")',
    **dict.fromkeys(("sql", "query"), "df.pipe(\"filter x > 3 | group key: n = size()\")"),
    **dict.fromkeys(("cut", "qcut"), _WITH), "get_dummies": _WITH,
    "pivot": 'df.pivot("key", "y", values="x")', "melt": 'df.melt("key", "x, z")',
    **dict.fromkeys(("pivot_table", "crosstab"), 'df.pivot("key", "y", agg="size()", fill=0)'),
    "NA": "None", "nan": "float(\"nan\")",
    "scan_parquet": "lf.DataFrame(pyarrow.parquet.read_table(…))", "when": _WITH,
    "to_datetime": 'df.parse_dates("x")',
}
KEYWORDS = {
    "ascending": "descending=True", "reverse": "descending=True", "na_position": "nulls_first=True", "subset": "columns=",
    "frac": "fraction=", "random_state": "seed=", "thresh": "min_valid=", "dropna": "drop_nulls=True", "dtype": "types=",
    "suffixes": "left_suffix= and right_suffix=", "suffix": "right_suffix=",
    "inplace": "not needed: a frame never changes, keep the result",
    "axis": "not needed: df.drop takes columns, df.filter rows", "index": "not needed: a frame has no index",
    "allow_exact_matches": "no_exact=True", "strategy": "direction=",
    "aggfunc": "agg=", "aggregate_function": "agg=", "fill_value": "fill=", "id_vars": "index=", "value_vars": "values=",
    "var_name": "variable=", "variable_name": "variable=", "value_name": "value=", "on_columns": "only=",
    "margins_name": "naming='{column|All}'",
    "ignore_index": "not needed: a frame has no index", "aggs": "agg=", "skipna": "skipnan = true within the text",
}
CONSTRUCTOR = {
    "columns": 'schema=["a", "b"], names for data that have none; df[["a", "b"]] chooses some',
    **dict.fromkeys(("names", "column_names"), 'schema=["a", "b"], names for data that have none'),
    **dict.fromkeys(("dtype", "dtypes", "schema_overrides", "types"), 'schema={"x": "f64"}'),
    "index": "not needed: a frame has no index", "copy": "not needed: what may change is copied",
    "orient": "not needed: a list of lists is one of rows, a dict one of columns", "strict": "not needed: values always are",
}
READING = {
    "delimiter": "sep=", "separator": "sep=", "usecols": "columns=", "dtype": "dtypes=", "schema_overrides": "dtypes=",
    "nrows": "max_rows=", "n_rows": "max_rows=", "skiprows": "skip_rows=", "null_values": "na_values=",
    "index_col": "not needed: a frame has no index", "index": "not needed: a frame has no index",
    "has_header": "header= or no_header=", "dayfirst": "day_first=True", "quotechar": "quote=", "quote_char": "quote=",
    "escapechar": "escape=",
    "skip_blank_lines": "keep_blank_lines=", "keep_default_na": "no_default_na=", "skipinitialspace": "trim=True",
    "on_bad_lines": "on_bad=", "chunksize": "lf.scan_csv(path)", "infer_schema_length": "sample_types=", "na_rep": "na=",
    "lineterminator": "line_end=", "include_header": "no_header=", "low_memory": "not needed", "engine": "not needed",
}


def _as_said(advice):
    return advice if advice.startswith("not needed") else f"here it is {advice}"


def _known(function):
    import inspect                                                  # not at start-up
    return [one.name for one in inspect.signature(function).parameters.values()
            if one.kind not in (one.POSITIONAL_ONLY, one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def check_new(function, pairs):
    """Keywords that name new columns are none that may be meant for an option: a misspelt option must not become a column."""
    import difflib                                                  # not at start-up
    known = _known(function)
    for name, value in pairs.items():
        if name in KEYWORDS or difflib.get_close_matches(name, known, 1, 0.8):
            raise unexpected(function, {name: value})


def named_columns(function, text, pairs):
    """The text of columns with those that keywords name: group("region", n="size()")."""
    check_new(function, pairs)
    for name, value in pairs.items():
        if not isinstance(value, str):
            raise unexpected(function, {name: value})
    if not pairs:
        return text
    more = "; ".join(f"{_core.quote(name)} = {value}" for name, value in pairs.items())
    return f"{text}; {more}" if text else more


def unexpected(function, other, elsewhere=KEYWORDS):
    """The TypeError for keywords that `function` has not; other: {name: value}."""
    import difflib                                                  # not at start-up
    name, value = next(iter(other.items()))
    known = _known(function)
    near = difflib.get_close_matches(name, known, 1)
    said = f"{function.__name__}() got an unexpected keyword argument {name!r}"
    makes = next((one for one in ("agg", "assign") if one in known), None)
    column = f". A column of that name is {makes}={{{name!r}: {value!r}}}" if makes and isinstance(value, str) else ""
    if function.__name__ == "concat" and name in ("axis", "how"):
        return TypeError(f'{said}; rows are put below each other, columns beside each other by df.join(other, how="positional")')
    if name in elsewhere:
        return TypeError(f"{said}; {_as_said(elsewhere[name])}{column}")
    if function.__name__ in ("rename", "select") and isinstance(value, str) and name not in ("columns", "mapper"):
        old, new = (name, value) if function.__name__ == "rename" else (value, name)
        if _core.quote(old) == old and _core.quote(new) == new:
            return TypeError(f'{said}; here it is df.{function.__name__}("{old} as {new}")')
    if function.__name__ == "rename" and name in ("columns", "mapper"):
        return TypeError(f"{said}; here it is names=, or the first argument")
    if function.__name__ == "filter" and name in ("items", "like", "regex"):
        return TypeError(f"{said}; columns are chosen by df.select: names, \"contains('x')\", \"matches('^x')\"")
    if near:
        return TypeError(f"{said}; did you mean {near[0]!r}?{column[1:]}")
    if makes and isinstance(value, tuple) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return TypeError(f'{said}; here it is {name}="{value[1]}({value[0]})"')
    if makes and isinstance(value, (bool, int, float)):
        return TypeError(f'{said} of {value!r}; columns are given as texts: {name}="{str(value).lower()}"')
    if "bind" in known:
        return TypeError(f"{said}; the value of :{name} in a text is bind={{{name!r}: {value!r}}}")
    return TypeError(f"{said}; it takes {', '.join(one for one in known if one != 'self')}")


def no_such_keyword(other):
    """The TypeError for keywords that DataFrame() has not."""
    name, value = next(iter(other.items()))
    said = f"DataFrame() got an unexpected keyword argument {name!r}"
    if name in CONSTRUCTOR:
        return TypeError(f"{said}; {_as_said(CONSTRUCTOR[name])}")
    if hasattr(value, "__len__") and not isinstance(value, (str, bytes)):
        return TypeError(f"{said}; columns are one dict: DataFrame({{{name!r}: …}})")
    return TypeError(f"{said}; it takes data, schema, context")


def too_many(function, more):
    """The TypeError for arguments by place that `function` takes by name only, or not at all."""
    import inspect                                                  # not at start-up
    parameters = inspect.signature(function).parameters.values()
    places = [one.name for one in parameters if one.kind == one.POSITIONAL_OR_KEYWORD and one.name != "self"]
    said = f"{function.__name__}() takes {' and '.join(places) or 'nothing'} by place, and {len(more)} more came: {more[0]!r}"
    if places[:1] in (["columns"], ["by"], ["keys"], ["names"], ["types"]):
        return TypeError(f"{said}; several columns are one list, dict or text")
    return TypeError(f"{said}; options have names")


def not_yet(owner, name, advice):
    """The AttributeError for a name that a Scan or Steps has not, where a DataFrame may."""
    from ._frame import DataFrame
    if hasattr(DataFrame, name) and not name.startswith("_"):
        return AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}, which a DataFrame has: {advice}")
    if name == "collect":
        return AttributeError(f"{type(owner).__name__!r} object has no attribute 'collect'; {advice}")
    return missing(owner, name, FRAME)


def missing(owner, name, places, columns=()):
    """The AttributeError for a name that `owner` has not."""
    said = f"{type(owner).__name__!r} object has no attribute {name!r}"
    if name in columns:
        return AttributeError(f"{said}; the column is df[{name!r}]")
    if name in places:
        return AttributeError(f"{said}; {_as_said(places[name])}")
    return AttributeError(said, name=name, obj=owner)               # Python looks for a similar name


ORDERING = ("lt", "le", "gt", "ge")
_BETWEEN = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "or", "xor")
ARITHMETIC = (*_BETWEEN, *(f"r{name}" for name in _BETWEEN), "neg", "pos", "abs", "invert", "round")


def refuse_operators(owner, names, advice):
    """Operators that pandas has and this class has not: an error that says so, where == would be False and nothing more."""
    def refuse(*_):
        raise TypeError(advice)
    for name in names:
        setattr(owner, f"__{name}__", refuse)
    owner.__hash__ = object.__hash__                                # == takes it away
