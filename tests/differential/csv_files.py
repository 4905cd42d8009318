#!/usr/bin/env python3
"""Awkward CSV files of some MB whose rows are known, read by several numbers of threads, as a scan and through gzip.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/csv_files.py --minutes 5 [--seed 1] [--case 1234]

A block of records is repeated, so that quotes, line ends inside them, blank lines, CR LF, long fields and ragged rows lie
on every border of windows and ranges; one record somewhere changes what a column is. The oracle is how the file was made.
"""
import datetime
import gzip
import os
import random
import sys
import tempfile
import traceback

import libframe as lf
import polars as pl

import cases

WORDS = ["a", "North", "it's", "zoë", "日本語", "🙂", "a text of more than twelve bytes", "x" * 12, "x" * 13, " lead", "trail ", "NA",
         "null", "-", "#", "\\", "a\\", "'"]
QUOTED = ["a,b", 'say "hi"', '"', '""', ",", "two\nlines", "two\r\nlines", "\n", "\n\n\n", "a\n,b\n\"c\",", ";", "\t", '",\n"']
NULLS = ["", "", "NA", "null", "N/A", "nan"]


def quote(text):
    return '"' + text.replace('"', '""') + '"'


# ---- fields: what stands in the file, what it is in a column of its type, what it is in one of text -------------------------
def number(rng, kind):
    if rng.random() < 0.1:
        raw = rng.choice(NULLS)
        return raw, None, raw or None
    if kind == "i64":
        x = rng.choice([0, 1, -1, 7, rng.randint(-10**6, 10**6), rng.randint(-2**63, 2**63 - 1)])
        raw = str(x)
    else:
        x = rng.choice([0.5, -0.25, 1e300, 5e-324, 0.1, rng.random(), rng.gauss(0, 1e9), 123456.75])
        raw = rng.choice([repr(x), repr(x), f"{x:.17g}"])
    if rng.random() < 0.05:
        raw = " " * rng.randint(1, 3) + raw
    return (quote(raw) if rng.random() < 0.05 else raw), x, raw


def truth(rng):
    if rng.random() < 0.1:
        return "", None, None
    x = rng.random() < 0.5
    raw = rng.choice([str(x), str(x).lower(), str(x).upper()])
    return raw, x, raw


def moment(rng, kind):
    if rng.random() < 0.1:
        return "", None, None
    day = datetime.date(1990, 1, 1) + datetime.timedelta(days=rng.randint(-10_000, 20_000))
    if kind == "date":
        return day.isoformat(), day, day.isoformat()
    at = datetime.datetime.combine(day, datetime.time(rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)))
    raw = at.isoformat(sep=rng.choice(" T"))
    return raw, at, raw


def text(rng, length):
    if rng.random() < 0.1:
        raw, x = rng.choice([("", None), ('""', "")])
        return raw, x, x
    x = rng.choice(WORDS) if rng.random() < 0.7 else rng.choice(QUOTED)
    if length and rng.random() < 0.3:
        x += rng.choice(["é", "y", ",", "\n", '"', "🙂"]) * rng.randint(0, length)
    must = any(c in x for c in ',"\n\r')
    return (quote(x) if must or rng.random() < 0.1 else x), x, x


def field(rng, kind, length):
    if kind in ("i64", "f64"):
        return number(rng, kind)
    return truth(rng) if kind == "bool" else text(rng, length) if kind == "str" else moment(rng, kind)


# ---- files ---------------------------------------------------------------------------------------------------------------
TYPES = {"i64": pl.Int64, "f64": pl.Float64, "bool": pl.Boolean, "str": pl.String, "date": pl.Date,
         "datetime": pl.Datetime("us")}


class Block:
    """Records as bytes, and their values as columns: of their types and of text."""

    def __init__(self, rng, kinds, n, how):
        lines, rows = [], []
        for _ in range(n):
            row = [field(rng, kind, how["length"]) for kind in kinds]
            if all(f[0] == "" for f in row):
                row[0] = ("1", 1, "1")
            end = how["end"] or rng.choice(["\n", "\r\n"])
            bad = how["ragged"] and rng.random() < 0.01
            if bad and rng.random() < 0.5:
                lines.append(",".join([f[0] for f in row] + ["more"] * rng.randint(1, 3)) + end)
                if how["ragged"] == "pad":
                    lines.pop(), rows.append(row), lines.append(",".join(f[0] for f in row) + end)
                continue
            if bad:
                kept = rng.randint(1, len(kinds) - 1)
                short = ",".join(f[0] for f in row[:kept])
                if short:
                    lines.append(short + end)
                    if how["ragged"] == "pad":
                        rows.append(row[:kept] + [("", None, None)] * (len(kinds) - kept))
                    continue
            lines.append(",".join(f[0] for f in row) + end)
            rows.append(row)
            if how["blank"] and rng.random() < 0.05:
                lines.append(end * rng.randint(1, 3))
        self.bytes, self.n = "".join(lines).encode(), len(rows)
        self.typed = [pl.Series([r[i][1] for r in rows], dtype=TYPES[kind]) for i, kind in enumerate(kinds)]
        self.text = [pl.Series([r[i][2] for r in rows], dtype=pl.String) for i in range(len(kinds))]


def late(rng, kinds):
    """A record that makes a column something else: (raw fields, values typed, values of text, the new kinds)."""
    row, now = [("3", 3, "3") if kind == "i64" else ("0.5", 0.5, "0.5") if kind == "f64" else
                ("true", True, "true") if kind == "bool" else ("w", "w", "w") if kind == "str" else ("", None, None)
                for kind in kinds], list(kinds)
    at = rng.randrange(len(kinds))
    if kinds[at] == "i64" and rng.random() < 0.5:
        row[at], now[at] = ("2.5", 2.5, "2.5"), "f64"
    elif kinds[at] == "date" and rng.random() < 0.5:
        row[at], now[at] = ("2024-02-29 01:02:03", datetime.datetime(2024, 2, 29, 1, 2, 3), "2024-02-29 01:02:03"), "datetime"
    elif kinds[at] != "str":
        word = rng.choice(["007", "x y", "no number", "1.2.3"])
        row[at], now[at] = (word, None, word), "str"
    return row, now


def expected(blocks, order, kinds, now, rare, place):
    columns = []
    for i, kind in enumerate(kinds):
        of = "text" if now[i] == "str" else "typed"
        parts = [getattr(blocks[b], of)[i].cast(TYPES[now[i]]) for b in order]
        if rare:
            parts.insert(place, pl.Series([rare[i][2 if of == "text" else 1]], dtype=TYPES[now[i]]))
        columns.append(pl.concat(parts).alias(f"c{i}"))
    return pl.DataFrame(columns)


def make(rng):
    kinds = ["i64"] + [rng.choice(list(TYPES)) for _ in range(rng.randint(1, 6))]
    how = {"end": rng.choice(["\n", "\r\n", "\n", None]), "ragged": rng.choice([None, None, "skip", "pad"]),
           "blank": rng.random() < 0.3, "length": rng.choice([0, 0, 30, 300, 5000])}
    blocks = [Block(rng, kinds, rng.choice([3, 100, 1500]), how) for _ in range(rng.randint(1, 3))]
    size = rng.choice([10_000, 300_000, 3_000_000, 17_500_000, 36_000_000])
    order, total = [], 0
    while total < size and len(order) < 30_000:
        order.append(rng.randrange(len(blocks)))
        total += len(blocks[order[-1]].bytes)
    rare, now, place = None, kinds, 0
    if rng.random() < 0.6:
        rare, now = late(rng, kinds)
        place = rng.choice([0, len(order), rng.randint(0, len(order))])
    parts = [blocks[b].bytes for b in order]
    if rare:
        parts.insert(place, (",".join(f[0] for f in rare) + (how["end"] or "\n")).encode())
    header = ",".join(f"c{i}" for i in range(len(kinds))) + (how["end"] or "\n")
    content = (b"\xef\xbb\xbf" if rng.random() < 0.2 else b"") + header.encode() + b"".join(parts)
    if rng.random() < 0.3:
        content = content.rstrip(b"\r\n") if not how["blank"] and not content.endswith(b'"\n') else content
    return content, expected(blocks, order, kinds, now, rare, place), f"{kinds} as {now}, {how}, {len(content)} bytes", how


class Differs(Exception):
    pass


def compare(ours, theirs, how):
    got = ours.to_polars()
    if got.columns != theirs.columns or len(got) != len(theirs):
        raise Differs(f"{how}: {got.columns} and {theirs.columns}, {len(got)} rows and {len(theirs)}")
    for name in got.columns:
        a, b = got[name], theirs[name]
        if b.null_count() == len(b):
            if a.null_count() != len(a):
                raise Differs(f"{how}: {name} should be null")
            continue
        a = a.cast(pl.String) if isinstance(a.dtype, (pl.Categorical, pl.Enum)) else a
        if a.dtype != b.dtype:
            raise Differs(f"{how}: {name} is {ours.schema[name]}, should be {b.dtype}")
        wrong = ~a.eq_missing(b)
        if wrong.any():
            row = wrong.arg_true()[0]
            raise Differs(f"{how}: {wrong.sum()} rows of {name}, the first {row}: {a[row]!r} and {b[row]!r}")


def run_case(seed, counts, rows):
    rng, what = random.Random(seed), ""
    try:
        content, theirs, what, how = make(rng)
        options = {"header": True, "sep": ","}
        if how["ragged"]:
            options["on_bad"] = "skip"
        if how["ragged"] == "pad":
            options["pad_short_rows"] = True
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.csv")
            with open(path, "wb") as file:
                file.write(content)
            first = None
            for threads in [1, 2, 3, 5]:
                frame = lf.read_csv(path, context=lf.Context(threads=threads), **options)
                if first is None:
                    first = frame
                    compare(frame, theirs, "one thread")
                elif not frame.equals(first):
                    compare(frame, theirs, f"{threads} threads")
                    raise Differs(f"{threads} threads give another frame")
            counts["bytes"] += len(content)
            scan = lf.scan_csv(path, **options).collect()
            if not scan.equals(first):
                raise Differs("a scan gives another frame")
            zipped = path + ".gz"
            with gzip.open(zipped, "wb", compresslevel=1) as file:
                file.write(content)
            if not lf.read_csv(zipped, **options).equals(first):
                raise Differs("gzip gives another frame")
            if not lf.read_csv(content, **options).equals(first):
                raise Differs("bytes give another frame")
    except Differs as found:
        return f"case {seed}: {what}: {found}"
    except Exception:
        return f"case {seed}: {what}: {traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "not used"))
