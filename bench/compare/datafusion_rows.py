"""DataFusion's side of the comparison; the queries are DuckDB's where both dialects agree."""
import os
import sys

import datafusion
import duckdb_rows
import protocol
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

I32 = {name: pa.int32() for name in ("id4", "id5", "id6", "v1", "v2")}
OTHER = {
    "g8": "SELECT id6, v3 FROM (SELECT id6, v3, row_number() OVER (PARTITION BY id6 ORDER BY v3 DESC) AS place "
          "FROM x WHERE v3 IS NOT NULL) WHERE place <= 2",
    "text_contains": "SELECT v1 FROM x WHERE strpos(id3, '422') > 0",
}
WITHOUT = ("describe",)


def load(task, directory, n, threads):
    files = protocol.paths(task, directory, n)
    config = datafusion.SessionConfig().with_target_partitions(threads)
    context = datafusion.SessionContext(config)
    if task != "csv":
        for role, path in files.items():
            options = pyarrow.csv.ConvertOptions(auto_dict_encode=task == "groupby", auto_dict_max_cardinality=2**31 - 1,
                                                 column_types=I32 if task == "groupby" else {})
            batches = pyarrow.csv.read_csv(path, convert_options=options).unify_dictionaries().to_batches(max_chunksize=65536)
            context.register_record_batches("x" if role == "left" else role, [batches])
    else:
        context.register_csv("x", files["read"])
    return {"context": context, **files}


def query(select):
    return lambda s: s["context"].sql(select.format(**s)).collect()


def read(name):
    def run(s):
        s["context"].deregister_table("t")
        s["context"].register_csv("t", s[name], file_compression_type="gz" if name == "read_gzip" else None,
                                  file_extension=".csv.gz" if name == "read_gzip" else ".csv")
        return s["context"].sql("SELECT * FROM t").collect()
    return run


def rows(task):
    if task == "csv":
        return {name: read(name) for name in ("read", "read_gzip", "read_quoted", "read_numbers", "read_texts")}
    queries = duckdb_rows.GROUPBY if task == "groupby" else duckdb_rows.JOIN
    return {name: query(OTHER.get(name, select)) for name, select in queries.items() if name not in WITHOUT}


def shape(batches):
    return sum(batch.num_rows for batch in batches), batches[0].num_columns if batches else 0


def total(batches, column):
    return sum(pc.sum(batch[column]).as_py() or 0 for batch in batches)


if __name__ == "__main__":
    os.environ["RAYON_NUM_THREADS"] = os.environ["TOKIO_WORKER_THREADS"] = sys.argv[4]
    protocol.main(sys.modules[__name__])
