#!/usr/bin/env python3
"""Writes rollups.json: groups with subtotals as DuckDB's GROUP BY ROLLUP makes them.

    bench-venv/bin/python tests/golden/rollups/make.py > tests/golden/rollups/rollups.json

Oracle: DuckDB, version in the file; GROUPING tells which keys are left out of a row. Rows are in the order of `sort`: a
subtotal behind the groups it is of, nulls behind values. Small random tables, nulls in keys and values, one with no rows.
"""
import itertools
import json
import random

import duckdb

QUERY = """select {keys}, {n} - ({grouping}) as level, count(*), coalesce(sum(x), 0), min(x), count(distinct x), median(x)
from rows group by rollup({keys}) order by {order}"""


def case(r, n_keys, n, share):
    keys = ["a", "b", "c"][:n_keys]
    def key():
        return None if r.random() < share else r.choice("pqr")
    rows = [[*(key() for _ in keys), None if r.random() < share else r.randrange(9)] for _ in range(n)]
    connection = duckdb.connect()
    connection.execute(f"create table rows ({', '.join(f'{k} varchar' for k in keys)}, x bigint)")
    if rows:
        connection.executemany(f"insert into rows values ({', '.join('?' * (n_keys + 1))})", rows)
    order = ", ".join(f"grouping({k}), {k} asc nulls last" for k in keys)
    grouping = " + ".join(f"grouping({k})" for k in keys)
    query = QUERY.format(keys=", ".join(keys), n=n_keys, grouping=grouping, order=order)
    return {"keys": keys, "rows": rows, "out": [list(row) for row in connection.execute(query).fetchall()]}


def main():
    r = random.Random(20261129)
    cases = [case(r, *args) for args in itertools.product((1, 2, 3), (0, 1, 5, 30), (0, 0.3))]
    lines = ",\n".join(json.dumps(one) for one in cases)
    print(f'{{"oracle": "DuckDB {duckdb.__version__}", "cases": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
