"""Random frames, as {name: list of Python values} with the type each column is meant to have."""
import datetime
import math

EDGES = {
    "i64": [0, 1, -1, 7, 2**31, -2**31, 2**53, 2**53 + 1, 2**63 - 1, -2**63],
    "f64": [0.0, -0.0, 1.0, 0.1, 1e300, -1e-300, 5e-324, math.inf, -math.inf, 1e16],
}
WORDS = ["", "a", "A", "ab", "abc", "B", "ä", "Ä", "ß",
         "zoë", "日本", "x y", "it's", 'q"q', "007", "-", "null", "NA", "🙂", "e\u0301"]


def value(rng, kind, edges):
    """One value of a kind; edges: also the extreme ones."""
    if kind == "i64":
        return rng.choice(EDGES["i64"]) if edges and rng.random() < 0.3 else rng.randint(-20, 20)
    if kind == "f64":
        return rng.choice(EDGES["f64"]) if edges and rng.random() < 0.2 else rng.randint(-400, 400) / rng.choice([1, 4, 10])
    if kind == "str":
        return rng.choice(WORDS) if rng.random() < 0.7 else "".join(rng.choices("abcXYZ 0", k=rng.randint(0, 20)))
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "date":
        return datetime.date(1970, 1, 1) + datetime.timedelta(days=rng.randint(-40_000, 40_000))
    return datetime.datetime(2000, 1, 1) + datetime.timedelta(microseconds=rng.randint(-10**14, 10**14))


def column(rng, kind, n):
    """Values of a kind: few or many different ones, with or without nulls, sometimes sorted or constant."""
    edges, nulls = rng.random() < 0.25, rng.choice([0, 0, 0.1, 0.5, 1] if rng.random() < 0.9 else [0.95])
    pool = [value(rng, kind, edges) for _ in range(rng.choice([1, 2, 5, 30, max(n, 1)]))]
    values = [rng.choice(pool) for _ in range(n)]
    if rng.random() < 0.15:
        values.sort()
    return [None if rng.random() < nulls else one for one in values]


def length(rng):
    return rng.choice([0, 1, 2, 3, 7, 8, 20, 63, 64, 65, 200, 511] if rng.random() < 0.97 else [4095, 4097, 70_000])


def frame(rng, n=None, prefix=""):
    """(columns, types): one to six columns; always a key `k` of few values."""
    n = length(rng) if n is None else n
    kinds = {"k": rng.choice(["i64", "str", "bool", "date"])}
    for i in range(rng.randint(1, 5)):
        kinds[f"{prefix}{'abcde'[i]}"] = rng.choice(["i64", "i64", "f64", "f64", "str", "str", "bool", "date",
                                                     "datetime[us]"])
    columns = {name: column(rng, kind, n) for name, kind in kinds.items()}
    few = [value(rng, kinds["k"], False) for _ in range(rng.randint(1, 6))]
    columns["k"] = [None if rng.random() < 0.1 else rng.choice(few) for _ in range(n)]
    return columns, kinds
