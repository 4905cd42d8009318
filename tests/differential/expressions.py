"""Random expressions, each written for every engine at once.

An E holds a type, the text for libframe, a polars expression, a function of a pandas frame, SQL, and the engines whose
meaning is the same (docs/DIFFERENCES.md says where it is not).
"""
import datetime

import polars as pl

ALL = frozenset({"polars", "pandas", "duckdb"})


class E:
    __slots__ = ("kind", "lf", "pl", "pd", "sql", "ok")

    def __init__(self, kind, lf, polars, pandas, sql, ok=ALL):
        self.kind, self.lf, self.pl, self.pd, self.sql, self.ok = kind, lf, polars, pandas, sql, frozenset(ok)


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def sql_text(text):
    return "'" + text.replace("'", "''") + "'"


def literal(rng, kind):
    """A constant of a kind."""
    if kind == "i64":
        x = rng.randint(-20, 20)
        return E(kind, f"({x})", pl.lit(x, dtype=pl.Int64), lambda d: x, f"CAST({x} AS BIGINT)")
    if kind == "f64":
        x = rng.randint(-400, 400) / 4
        return E(kind, f"({x})", pl.lit(x), lambda d: x, f"CAST({x} AS DOUBLE)")
    if kind == "str":
        x = rng.choice(["", "a", "A", "abc", "x y", "B", "ß", "it's"])
        return E(kind, quoted(x), pl.lit(x), lambda d: x, sql_text(x))
    if kind == "bool":
        x = rng.random() < 0.5
        return E(kind, str(x).lower(), pl.lit(x), lambda d: x, str(x))
    if kind == "date":
        x = datetime.date(1970, 1, 1) + datetime.timedelta(days=rng.randint(-40_000, 40_000))
        return E(kind, f"date '{x}'", pl.lit(x), lambda d: datetime.datetime(x.year, x.month, x.day), f"DATE '{x}'")
    x = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=rng.randint(-10**8, 10**8))
    return E(kind, f"datetime '{x}'", pl.lit(x, dtype=pl.Datetime("us")), lambda d: x, f"TIMESTAMP '{x}'")


def column(name, kind):
    return E(kind, name, pl.col(name), lambda d: d[name], f'"{name}"')


def of_kind(rng, schema, kind, depth=1):
    """A value of a kind: a column, a constant, or a little computation."""
    names = [name for name, own in schema.items() if own == kind]
    if names and (depth <= 0 or rng.random() < 0.6):
        return column(rng.choice(names), kind)
    if depth > 0 and rng.random() < 0.7:
        made = computed(rng, schema, kind, depth)
        if made:
            return made
    return literal(rng, kind)


def arithmetic(rng, schema, kind, depth):
    a, b = of_kind(rng, schema, kind, depth - 1), of_kind(rng, schema, kind, depth - 1)
    op = rng.choice("+-*")
    apply = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y}[op]
    # polars and pandas wrap where libframe and DuckDB refuse: the run only compares what did not fail
    return E(kind, f"({a.lf} {op} {b.lf})", apply(a.pl, b.pl), lambda d: apply(a.pd(d), b.pd(d)), f"({a.sql} {op} {b.sql})",
             a.ok & b.ok)


def divided(rng, schema, depth):
    a, by = of_kind(rng, schema, "i64", depth - 1), rng.choice([-7, -2, 1, 3, 10])
    op = rng.choice(["//", "%"])
    if op == "//":
        return E("i64", f"({a.lf} // ({by}))", a.pl // by, lambda d: a.pd(d) // by, "", a.ok & {"polars", "pandas"})
    return E("i64", f"({a.lf} % ({by}))", a.pl % by, lambda d: a.pd(d) % by, "", a.ok & {"polars", "pandas"})


def ratio(rng, schema, depth):
    # powers of two: polars multiplies by the reciprocal, which is exact for these only (-3 / 10 gives -0.30000000000000004)
    a, by = of_kind(rng, schema, rng.choice(["i64", "f64"]), depth - 1), rng.choice([-8, 0.5, 4, 1024])
    return E("f64", f"({a.lf} / ({by}))", a.pl / by, lambda d: a.pd(d) / by, f"({a.sql} / CAST({by} AS DOUBLE))", a.ok)


def negated(rng, schema, kind, depth):
    a = of_kind(rng, schema, kind, depth - 1)
    return E(kind, f"(-{a.lf})", -a.pl, lambda d: -a.pd(d), f"(-{a.sql})", a.ok)


def chosen(rng, schema, kind, depth):
    c, a, b = condition(rng, schema, depth - 1), of_kind(rng, schema, kind, depth - 1), of_kind(rng, schema, kind,
                                                                                                depth - 1)
    return E(kind, f"({a.lf} if {c.lf} else {b.lf})", pl.when(c.pl).then(a.pl).otherwise(b.pl), None,
             f"(CASE WHEN {c.sql} THEN {a.sql} ELSE {b.sql} END)", (a.ok & b.ok & c.ok) - {"pandas"})


def filled(rng, schema, kind, depth):
    a, b = of_kind(rng, schema, kind, depth - 1), of_kind(rng, schema, kind, depth - 1)
    return E(kind, f"coalesce({a.lf}, {b.lf})", pl.coalesce(a.pl, b.pl), None, f"coalesce({a.sql}, {b.sql})",
             (a.ok & b.ok) - {"pandas"})


def text_made(rng, schema, depth):
    a = of_kind(rng, schema, "str", depth - 1)
    if isinstance(a.pd, type(None)):
        return a
    return rng.choice([
        # case of ß and of combined letters is a matter of taste: only ASCII is asked of the others
        lambda: E("str", f"{a.lf}.replace('a', 'oo')", a.pl.str.replace_all("a", "oo", literal=True), None,
                  f"replace({a.sql}, 'a', 'oo')", a.ok - {"pandas"}),
        lambda: E("str", f"concat({a.lf}, '_')", a.pl + "_", lambda d: a.pd(d) + "_", f"({a.sql} || '_')", a.ok),
        lambda: E("str", f"{a.lf}.slice(0, 2)", a.pl.str.slice(0, 2), None, f"substr({a.sql}, 1, 2)", a.ok - {"pandas"}),
    ])()


def number_of(rng, schema, depth):
    kinds = set(schema.values())
    if "date" in kinds and rng.random() < 0.5:
        a = of_kind(rng, schema, "date", 0)
        part = rng.choice(["year", "month", "day", "quarter"])
        return E("i64", f"{part}({a.lf})", getattr(a.pl.dt, part)().cast(pl.Int64), None, f"{part}({a.sql})",
                 a.ok - {"pandas"})
    a = of_kind(rng, schema, "str", depth - 1)
    return E("i64", f"len({a.lf})", a.pl.str.len_chars().cast(pl.Int64), None, f"length({a.sql})", a.ok - {"pandas"})


def computed(rng, schema, kind, depth):
    if kind == "i64":
        return rng.choice([lambda: arithmetic(rng, schema, kind, depth), lambda: divided(rng, schema, depth),
                           lambda: negated(rng, schema, kind, depth), lambda: chosen(rng, schema, kind, depth),
                           lambda: filled(rng, schema, kind, depth), lambda: number_of(rng, schema, depth)])()
    if kind == "f64":
        return rng.choice([lambda: arithmetic(rng, schema, kind, depth), lambda: ratio(rng, schema, depth),
                           lambda: negated(rng, schema, kind, depth), lambda: chosen(rng, schema, kind, depth),
                           lambda: filled(rng, schema, kind, depth)])()
    if kind == "str":
        return rng.choice([lambda: text_made(rng, schema, depth), lambda: chosen(rng, schema, kind, depth),
                           lambda: filled(rng, schema, kind, depth)])()
    if kind == "bool":
        return condition(rng, schema, depth - 1)
    return rng.choice([lambda: chosen(rng, schema, kind, depth), lambda: filled(rng, schema, kind, depth)])()


# ---- other rows --------------------------------------------------------------------------------------------------------
def window(rng, schema):
    """A value that looks at other rows: only for columns of their own."""
    numbers = [name for name, kind in schema.items() if kind in ("i64", "f64")]
    name = rng.choice(numbers or sorted(schema))
    kind, key, col = schema[name], rng.choice(sorted(schema)), pl.col(name)
    n = rng.choice([1, 2, -1])
    part = f'OVER (PARTITION BY "{key}")'
    choices = [
        E(kind, f"shift({name}, {n})", col.shift(n), lambda d: d[name].shift(n), ""),
        E(kind, f"shift({name}) over {key}", col.shift(1).over(key), None, ""),
        E(kind, f"max({name}) over {key}", col.max().over(key), None, f'max("{name}") {part}'),
        E("i64", f"count({name}) over {key}", col.count().over(key).cast(pl.Int64), None, f'count("{name}") {part}'),
        E("i64", f"size() over ({key}, {name})", pl.len().over(key, name).cast(pl.Int64), None,
          f'count(*) OVER (PARTITION BY "{key}", "{name}")'),
        E("i64", "row_index()", pl.int_range(pl.len()), None, ""),
        E("i64", f"row_index() over {key}", pl.int_range(pl.len()).over(key), None, ""),
    ]
    if kind == "i64":
        choices += [E("i64", f"cum_sum({name})", col.cum_sum(), lambda d: d[name].cumsum(), ""),
                    E("i64", f"sum({name}) over {key}", col.sum().over(key), None, f'coalesce(sum("{name}") {part}, 0)'),
                    E("i64", f"cum_max({name}) over {key}", col.cum_max().over(key), None, ""),
                    E("i64", f"{name} - min({name}) over ()", col - col.min(), None, f'("{name}" - min("{name}") OVER ())')]
    made = rng.choice(choices)
    made.ok = frozenset(engine for engine, has in (("polars", True), ("pandas", made.pd), ("duckdb", made.sql)) if has)
    return made


# ---- conditions --------------------------------------------------------------------------------------------------------
def compared(rng, schema, depth):
    kind = rng.choice(sorted(set(schema.values()) - {"bool"}) or ["i64"])
    a, b = of_kind(rng, schema, kind, depth), of_kind(rng, schema, kind, depth)
    op = rng.choice(["==", "!=", "<", "<=", ">", ">="])
    apply = {"==": lambda x, y: x == y, "!=": lambda x, y: x != y, "<": lambda x, y: x < y, "<=": lambda x, y: x <= y,
             ">": lambda x, y: x > y, ">=": lambda x, y: x >= y}[op]
    sql = {"==": "=", "!=": "<>"}.get(op, op)
    return E("bool", f"({a.lf} {op} {b.lf})", apply(a.pl, b.pl), lambda d: apply(a.pd(d), b.pd(d)),
             f"({a.sql} {sql} {b.sql})",
             (a.ok & b.ok) - ({"pandas"} if kind.startswith("date") else set()))     # NaT != x is true there


def joined(rng, schema, depth):
    a, b = condition(rng, schema, depth - 1), condition(rng, schema, depth - 1)
    if rng.random() < 0.5:
        return E("bool", f"({a.lf} and {b.lf})", a.pl & b.pl, lambda d: a.pd(d) & b.pd(d), f"({a.sql} AND {b.sql})",
                 a.ok & b.ok)
    return E("bool", f"({a.lf} or {b.lf})", a.pl | b.pl, lambda d: a.pd(d) | b.pd(d), f"({a.sql} OR {b.sql})", a.ok & b.ok)


def missing(rng, schema, depth):
    a = column(*rng.choice(sorted(schema.items())))
    if rng.random() < 0.5:
        return E("bool", f"({a.lf} is null)", a.pl.is_null(), lambda d: a.pd(d).isna(), f"({a.sql} IS NULL)", a.ok)
    return E("bool", f"({a.lf} is not null)", a.pl.is_not_null(), lambda d: a.pd(d).notna(), f"({a.sql} IS NOT NULL)", a.ok)


def inverted(rng, schema, depth):
    a = condition(rng, schema, depth - 1)
    return E("bool", f"(not {a.lf})", ~a.pl, None, f"(NOT {a.sql})", a.ok - {"pandas"})


def listed(rng, schema, depth):
    kind = rng.choice(["i64", "str"])
    a, items = of_kind(rng, schema, kind, 0), [literal(rng, kind) for _ in range(rng.randint(1, 4))]
    return E("bool", f"({a.lf} in [{', '.join(i.lf for i in items)}])",
             pl.any_horizontal([a.pl == i.pl for i in items]), None, f"({a.sql} IN ({', '.join(i.sql for i in items)}))",
             a.ok - {"pandas"})


def within(rng, schema, depth):
    kind = rng.choice(["i64", "f64"])
    a, low, high = (of_kind(rng, schema, kind, 0) for _ in range(3))
    return E("bool", f"({a.lf} between {low.lf} and {high.lf})", (a.pl >= low.pl) & (a.pl <= high.pl), None,
             f"({a.sql} BETWEEN {low.sql} AND {high.sql})", a.ok - {"pandas"})


def searched(rng, schema, depth):
    a, part = of_kind(rng, schema, "str", 0), rng.choice(["a", "", ".", "ab", "ß"])
    name, polars, sql = rng.choice([
        ("contains", lambda e: e.str.contains(part, literal=True), f"contains({a.sql}, {sql_text(part)})"),
        ("startswith", lambda e: e.str.starts_with(part), f"starts_with({a.sql}, {sql_text(part)})"),
        ("endswith", lambda e: e.str.ends_with(part), f"ends_with({a.sql}, {sql_text(part)})")])
    return E("bool", f"{name}({a.lf}, {quoted(part)})", polars(a.pl), None, sql, a.ok - {"pandas"})


def condition(rng, schema, depth=2):
    """A bool."""
    flags = [name for name, kind in schema.items() if kind == "bool"]
    if flags and rng.random() < 0.2:
        return column(rng.choice(flags), "bool")
    kinds = [compared, compared, missing, listed, within, searched]
    if depth > 0:
        kinds += [joined, joined, inverted]
    return rng.choice(kinds)(rng, schema, depth)
