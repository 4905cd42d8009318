#!/usr/bin/env python3
"""Random frames through random chains of verbs, libframe against pandas, polars and DuckDB, for as long as you like.

    make test-interop                                             # makes the environment and runs this for a minute
    PYTHONPATH=build/python build/interop/bin/python tests/differential/run.py --minutes 60 [--seed 1] [--case 1234]

Each case is one frame and up to six steps. Every step runs on libframe's own result of the steps before, in all engines
whose meaning is the same, and the answers are compared: types, names, rows, order where it is specified. Then the whole
chain at once must give the same bits as step by step, with one thread as with three, from a CSV scan as from memory, and
after a round trip through pickle, pandas, polars and pyarrow. A case that differs is printed with its seed; --case runs it
again. The last line counts what was compared; the status is 1 when anything differed.
"""
import datetime
import decimal
import math
import os
import pickle
import random
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(__file__))

import duckdb
import libframe as lf
import pandas as pd
import polars as pl
import pyarrow as pa
import verbs

import cases
import frames

TYPES = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.float64(): pd.Float64Dtype(),
         pa.bool_(): pd.BooleanDtype(),
         pa.string(): pd.StringDtype(), pa.large_string(): pd.StringDtype(), pa.string_view(): pd.StringDtype()}


# ---- to and from the engines --------------------------------------------------------------------------------------------
def to_pandas(frame):
    """With pandas' nullable types, dates as datetime64[s]."""
    data = frame.to_polars().to_arrow().to_pandas(types_mapper=TYPES.get, date_as_object=False)
    return data


def to_sql(frame, right):
    con = duckdb.connect()
    con.execute("SET threads = 1")
    con.register("t", frame.to_polars().to_arrow())
    if right is not None:
        con.register("r", right.to_polars().to_arrow())
    return con


def plain(value):
    """A value as plain Python, missing as None."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if hasattr(value, "item"):
        return value.item()
    return int(value) if isinstance(value, decimal.Decimal) else value


def columns_of(engine, result):
    """(names, columns as lists of plain values)."""
    if engine == "polars":
        return result.columns, [result[name].to_list() for name in result.columns]
    if engine == "pandas":
        return list(map(str, result.columns)), [[plain(x) for x in result.iloc[:, i].astype(object)]
                                                for i in range(result.shape[1])]
    table = result.to_arrow_table() if hasattr(result, "to_arrow_table") else result.arrow().read_all()
    return table.column_names, [[plain(x) for x in table.column(i).to_pylist()] for i in range(table.num_columns)]


# ---- comparing -----------------------------------------------------------------------------------------------------------
def same_value(ours, theirs, approximate):
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, datetime.date) and not isinstance(ours, datetime.datetime) and isinstance(theirs,
                                                                                                  datetime.datetime):
        theirs = theirs.date()
    if isinstance(ours, float) or isinstance(theirs, float):
        if math.isnan(ours) or math.isnan(theirs):
            return math.isnan(ours) and math.isnan(theirs)
        if ours == theirs:
            return True
        return bool(approximate) and math.isclose(ours, theirs, rel_tol=approximate, abs_tol=1e-9)
    return ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)


def key_of(row):
    """A sorting key for rows of any values; floats rounded first, so that nearly equal rows meet."""
    def key(value):
        if value is None:
            return True, "", 0, 0
        rounded = round(value, 6) if isinstance(value, float) and math.isfinite(value) else value
        return False, type(value).__name__, rounded, value
    return tuple(map(key, row))


def difference(ours, theirs, ordered, approximate):
    """What differs, or None."""
    (names, columns), (their_names, their_columns) = ours, theirs
    if list(names) != list(their_names):
        return f"names {names} and {their_names}"
    rows, their_rows = list(zip(*columns)), list(zip(*their_columns))
    if len(rows) != len(their_rows):
        return f"{len(rows)} and {len(their_rows)} rows"
    if not ordered:
        rows, their_rows = sorted(rows, key=key_of), sorted(their_rows, key=key_of)
    for i, (row, their_row) in enumerate(zip(rows, their_rows)):
        for name, a, b in zip(names, row, their_row):
            if not same_value(a, b, 1e-9 if name in approximate else 0):
                return f"row {i}, column {name}: {a!r} and {b!r}"
    return None


# ---- what the engines mean differently; each has its line in docs/DIFFERENCES.md ---------------------------------------
def holds(frame, test):
    return any(test(value) for name in frame.columns if frame.schema[name] == "f64" for value in frame[name].to_list()
               if value is not None)


def is_comparable(engine, step, before, after):
    """Whether an engine means the same by this step on these data."""
    if holds(before, math.isnan) or holds(after, math.isnan):
        return False                    # NaN: each engine orders, groups and compares it in its own way
    if engine == "pandas" and before.shape[0] == 0:
        return False                    # empty groups and joins lose types
    if holds(before, lambda x: x == 0 and math.copysign(1, x) < 0) and step.text.startswith(("distinct", "group", "value",
                                                                                             "join")):
        return False                    # which of 0.0 and -0.0 stands for both
    if step.text.startswith("group") and (holds(before, math.isinf) or wide(before)):
        return False                    # sums of inf; sums of integers wrap elsewhere
    return True


def wide(frame):
    return any(abs(value) > 2**40 for name in frame.columns if frame.schema[name] in ("i64", "f64")
               for value in frame[name].to_list() if value is not None)


def wraps(step, before):
    """Integer arithmetic near the ends of 64 bits: libframe and DuckDB refuse, the others wrap."""
    return wide(before)


# ---- one case ------------------------------------------------------------------------------------------------------------
class Differs(Exception):
    pass


def make(columns, kinds):
    return lf.DataFrame(columns, schema=kinds)


def compare_step(step, before, after, counts):
    ours = after.columns, [after[name].to_list() for name in after.columns]
    for engine, how in step.run.items():
        if not is_comparable(engine, step, before, after):
            counts["not comparable"] += 1
            continue
        data = {"polars": lambda: before.to_polars(), "pandas": lambda: to_pandas(before),
                "duckdb": lambda: to_sql(before, step.right)}[engine]()
        try:
            theirs = columns_of(engine, how(data))
        except Exception as error:                       # the other engine cannot do it: counted, and looked at with --verbose
            counts[f"{engine} failed"] += 1
            counts[f"{engine} failed: {step.text.split('(')[0]}: {type(error).__name__} {str(error)[:60]}"] += 1
            continue
        found = difference(ours, theirs, engine in step.ordered, step.approximate)
        counts[engine] += 1
        if found:
            raise Differs(f"{engine}: {step}: {found}")


ALLOWED = {"overflow", "value", "limit"}


def run_steps(rng, frame, counts):
    """Step by step: [(step, result)], ends where libframe refuses a step."""
    done, current = [], frame
    for _ in range(rng.randint(1, 6)):
        step = verbs.random_step(rng, current.schema, make)
        if step is None:
            break
        try:
            after = step.lf(current)
        except lf.FrameError as error:
            if error.code not in ALLOWED:
                raise Differs(f"libframe: {step}: {error}") from error
            counts[f"refused: {error.code}"] += 1
            counts[f"refused {step.text.split('(')[0]}: {error.message[:70]}"] += 1
            break
        if not wraps(step, current) or not step.text.startswith(("with_", "filter")):
            compare_step(step, current, after, counts)
        done.append((step, after))
        current = after
    return done


def whole_chain(frame, done, counts):
    """All at once, under other thread counts, from a scan: the same bits."""
    result = done[-1][1] if done else frame
    steps = lf.Steps()
    for step, _ in done:
        steps = step.lf(steps)
    for threads in (1, 3):
        again = frame.with_context(lf.Context(threads=threads)).pipe(steps) if done else frame
        counts["chains"] += 1
        if not again.equals(result):
            raise Differs(f"the whole chain with {threads} threads is not what its steps are:\n{again}\n{result}")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        frame.write_csv(file.name)
        scan = lf.scan_csv(file.name, schema=frame.schema, header=True)
        streamed = scan.pipe(steps).collect()
        counts["scans"] += 1
        if not streamed.equals(result):
            raise Differs(f"from a scan:\n{streamed}\n{result}")
    return result


def round_trips(frame, counts):
    """Out and back, by every way there is."""
    ways = {"pickle": lambda: pickle.loads(pickle.dumps(frame)), "polars": lambda: lf.DataFrame(frame.to_polars()),
            "pyarrow": lambda: lf.DataFrame(frame.to_arrow()), "python": lambda: lf.DataFrame(frame.to_dict(),
                                                                                              schema=frame.schema)}
    frame.to_arrow().validate(full=True)
    if not holds(frame, math.isnan):
        ways["pandas"] = lambda: lf.DataFrame(frame.to_pandas(), schema={n: t for n, t in frame.schema.items()})
    for way, back in ways.items():
        counts["round trips"] += 1
        returned = back()
        if not returned.equals(frame):
            raise Differs(f"through {way}:\n{returned}\n{frame}")


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    columns, kinds = frames.frame(rng, n=rows)
    frame = make(columns, kinds)
    done = []
    try:
        done = run_steps(rng, frame, counts)
        round_trips(whole_chain(frame, done, counts), counts)
    except Differs as found:
        return f"case {seed}: {found}\n    after {[step for step, _ in done]} of\n    {kinds} {str(columns)[:600]}"
    except Exception:
        return f"case {seed}: {traceback.format_exc()}\n    after {[step for step, _ in done]}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: few, now and then many"))
