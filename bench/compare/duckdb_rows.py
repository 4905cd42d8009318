"""DuckDB's side of the comparison: answers become temporary tables, as db-benchmark asks."""
import os
import sys

import duckdb
import protocol

G1 = """SELECT {enums}, id4::INT AS id4, id5::INT AS id5, id6::INT AS id6, v1::INT AS v1, v2::INT AS v2, v3::DOUBLE AS v3
        FROM read_csv('{path}', types={{'id1': 'VARCHAR', 'id2': 'VARCHAR', 'id3': 'VARCHAR'}})"""


def as_enum(db, table, column):
    db.execute(f"CREATE TYPE {table}_{column} AS ENUM (SELECT DISTINCT {column} FROM {table} "
               f"WHERE {column} IS NOT NULL ORDER BY {column})")
    db.execute(f"ALTER TABLE {table} ALTER {column} TYPE {table}_{column}")


def load(task, directory, n, threads):
    files = protocol.paths(task, directory, n)
    db = duckdb.connect()
    db.execute(f"SET threads = {threads}")
    db.execute(f"SET temp_directory = '{os.path.join(directory, 'spilled')}'")      # not where the benchmark was started
    if task == "groupby":
        db.execute("CREATE TABLE x AS " + G1.format(enums="id1, id2, id3", path=files["left"]))
        for column in ("id1", "id2"):
            as_enum(db, "x", column)
    elif task == "join":
        for role, path in files.items():
            name = "x" if role == "left" else role
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}')")
            for column in ("id4", "id5"):
                if column in [row[0] for row in db.execute(f"DESCRIBE {name}").fetchall()]:
                    as_enum(db, name, column)
    elif task == "clean":
        db.execute(f"CREATE TABLE x AS SELECT * FROM read_csv('{files['left']}', types={{'stamp': 'VARCHAR', 'code': 'VARCHAR'}})")
    elif protocol.wants("write"):
        db.execute(f"CREATE TABLE x AS SELECT * FROM read_csv('{files['read']}')")
    return {"db": db, **files}


def table(select):
    def run(s):
        s["db"].execute("CREATE TEMP TABLE ans AS " + select.format(**s))
        return s["db"]
    return run


GROUPBY = {
    "g1": "SELECT id1, sum(v1) AS v1 FROM x GROUP BY id1",
    "g2": "SELECT id1, id2, sum(v1) AS v1 FROM x GROUP BY id1, id2",
    "g3": "SELECT id3, sum(v1) AS v1, avg(v3) AS v3 FROM x GROUP BY id3",
    "g4": "SELECT id4, avg(v1) AS v1, avg(v2) AS v2, avg(v3) AS v3 FROM x GROUP BY id4",
    "g5": "SELECT id6, sum(v1) AS v1, sum(v2) AS v2, sum(v3) AS v3 FROM x GROUP BY id6",
    "g6": "SELECT id4, id5, median(v3) AS median, stddev(v3) AS sd FROM x GROUP BY id4, id5",
    "g7": "SELECT id3, max(v1) - min(v2) AS range FROM x GROUP BY id3",
    "g8": "SELECT id6, unnest(max(v3, 2)) AS v3 FROM x WHERE v3 IS NOT NULL GROUP BY id6",
    "g9": "SELECT id2, id4, pow(corr(v1, v2), 2) AS r2 FROM x GROUP BY id2, id4",
    "g10": "SELECT id1, id2, id3, id4, id5, id6, sum(v3) AS v3, count(*) AS n FROM x GROUP BY id1, id2, id3, id4, id5, id6",
    "filter": "SELECT * FROM x WHERE v1 > 2 AND id4 < 50",
    "filter_few": "SELECT * FROM x WHERE v3 > 99.5",
    "sort_float": "SELECT * FROM x ORDER BY v3",
    "sort_two": "SELECT * FROM x ORDER BY id6, v3 DESC",
    "sort_text": "SELECT * FROM x ORDER BY id3",
    "top_k": "SELECT * FROM x ORDER BY v3 DESC LIMIT 100",
    "distinct": "SELECT DISTINCT ON (id2, id4) * FROM x",
    "arith": "SELECT v1 * v3 + v2 / 2 AS y FROM x",
    "conditional": "SELECT CASE WHEN v1 > 2 THEN v3 ELSE v3 * v2 END AS y FROM x",
    "text_equal": "SELECT v1 FROM x WHERE id3 = 'id0000000422'",
    "text_contains": "SELECT v1 FROM x WHERE contains(id3, '422')",
    "text_upper": "SELECT upper(id3) AS u FROM x",
    "describe": "SUMMARIZE SELECT v1, v2, v3 FROM x",
}
JOIN = {
    "j1": "SELECT x.*, small.id4 AS id4_r, v2 FROM x JOIN small USING (id1)",
    "j2": "SELECT x.*, medium.id1 AS id1_r, medium.id4 AS id4_r, medium.id5 AS id5_r, v2 FROM x JOIN medium USING (id2)",
    "j3": "SELECT x.*, medium.id1 AS id1_r, medium.id4 AS id4_r, medium.id5 AS id5_r, v2 FROM x LEFT JOIN medium USING (id2)",
    "j4": "SELECT x.*, medium.id1 AS id1_r, medium.id2 AS id2_r, medium.id4 AS id4_r, v2 FROM x JOIN medium USING (id5)",
    "j5": "SELECT x.*, big.id1 AS id1_r, big.id2 AS id2_r, big.id4 AS id4_r, big.id5 AS id5_r, big.id6 AS id6_r, v2 "
          "FROM x JOIN big USING (id3)",
}
CLEAN = {
    "extract": "SELECT regexp_extract(code, '-([0-9]+)', 1) AS u FROM x",
    "substring": "SELECT substring(code, 2, 3) AS u FROM x",
    "lower": "SELECT lower(code) AS u FROM x",
    "parse_time": "SELECT CAST(stamp AS TIMESTAMP) AS u FROM x",
    "fill_null": "SELECT coalesce(v, 0) AS v FROM x",
    "concat": "SELECT * FROM x UNION ALL SELECT * FROM x",
    "concat_sum": "SELECT sum(v) AS s FROM (SELECT * FROM x UNION ALL SELECT * FROM x)",
    "sort_nearly": "SELECT * FROM x ORDER BY seq",
}
QUERIES = {"groupby": GROUPBY, "join": JOIN, "clean": CLEAN}


def write(s):
    s["db"].execute(f"COPY x TO '{s['write']}' (HEADER)")
    s["db"].execute("CREATE TEMP TABLE ans AS SELECT 0 AS written")      # shape() asks for it
    return s["db"]


def rows(task):
    if task != "csv":
        return {name: table(select) for name, select in QUERIES[task].items()}
    read = {name: table("SELECT * FROM read_csv('{" + name + "}')") for name in protocol.READS}
    return {**read, "write": write}


def forget(db):
    db.execute("DROP TABLE IF EXISTS ans")


def shape(db):
    return (db.execute("SELECT count(*) FROM ans").fetchone()[0], len(db.execute("DESCRIBE ans").fetchall()))


def total(db, column):
    kind = next(row[1] for row in db.execute("DESCRIBE ans").fetchall() if row[0] == column)
    if kind == "VARCHAR":
        return db.execute(f"SELECT sum(length({column}))::BIGINT, max({column}) FROM ans").fetchone()
    if kind == "TIMESTAMP":
        return db.execute(f"SELECT sum(epoch({column}))::BIGINT FROM ans").fetchone()[0]
    return float(db.execute(f"SELECT sum({column}) FROM ans").fetchone()[0] or 0)


def value(db, column, position):
    return db.execute(f"SELECT {column} FROM ans LIMIT 1 OFFSET {position}").fetchone()[0]


if __name__ == "__main__":
    protocol.main(sys.modules[__name__])
