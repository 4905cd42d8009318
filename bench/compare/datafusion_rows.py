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
    "arith": "SELECT v1 * v3 + v2 / 2.0 AS y FROM x",
    "g8": "SELECT id6, v3 FROM (SELECT id6, v3, row_number() OVER (PARTITION BY id6 ORDER BY v3 DESC) AS place "
          "FROM x WHERE v3 IS NOT NULL) WHERE place <= 2",
    "text_contains": "SELECT v1 FROM x WHERE strpos(id3, '422') > 0",
    "extract": "SELECT regexp_match(code, '-([0-9]+)')[1] AS u FROM x",
    "substring": "SELECT substr(code, 2, 3) AS u FROM x",
}
WITHOUT = ("describe",)


def load(task, directory, n, threads):
    files = protocol.paths(task, directory, n)
    config = datafusion.SessionConfig().with_target_partitions(threads)
    context = datafusion.SessionContext(config)
    if task != "csv":
        for role, path in files.items():
            types = {"groupby": I32, "clean": {"stamp": pa.string(), "code": pa.string()}}.get(task, {})
            options = pyarrow.csv.ConvertOptions(column_types=types)           # dictionaries made g3 and g7 three times slower
            batches = pyarrow.csv.read_csv(path, convert_options=options).to_batches(max_chunksize=65536)
            context.register_record_batches("x" if role == "left" else role, [batches])
    else:
        pass                                     # it has no row that writes
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
        return {name: read(name) for name in protocol.READS}
    return {name: query(OTHER.get(name, select)) for name, select in duckdb_rows.QUERIES[task].items() if name not in WITHOUT}


def shape(batches):
    return sum(batch.num_rows for batch in batches), batches[0].num_columns if batches else 0


def total(batches, column):
    if not batches:
        return 0
    kind = batches[0].schema.field(column).type
    if pa.types.is_timestamp(kind):
        return sum(pc.sum(batch[column].cast(pa.timestamp("s")).cast(pa.int64())).as_py() or 0 for batch in batches)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return sum(pc.sum(batch[column]).as_py() or 0 for batch in batches)
    texts = [batch[column].cast(pa.string()) for batch in batches if batch.num_rows]
    return sum(pc.sum(pc.utf8_length(text)).as_py() or 0 for text in texts), max(pc.max(text).as_py() for text in texts)


def value(batches, column, position):
    for batch in batches:
        if position < batch.num_rows:
            return batch[column][position].as_py()
        position -= batch.num_rows
    return None


if __name__ == "__main__":
    os.environ["RAYON_NUM_THREADS"] = os.environ["TOKIO_WORKER_THREADS"] = sys.argv[4]
    protocol.main(sys.modules[__name__])
