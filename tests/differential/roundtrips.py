#!/usr/bin/env python3
"""What is written is what is read: random frames of every type through CSV with every option, Arrow, pandas and pickle.

    PYTHONPATH=build/python build/interop/bin/python tests/differential/roundtrips.py --minutes 5 [--seed 1] [--case 1234]

Texts that look like anything else (numbers, nulls, quotes, separators, line ends, blanks at the ends, byte order marks),
numbers at the ends of their types, moments from the year 1 on; files of one row and files that are cut into pieces among
threads. Read back with the schema the frame must be the same bits; also by pyarrow, for the types that it reads so.
"""
import datetime
import decimal
import gzip
import math
import os
import pickle
import random
import sys
import tempfile
import traceback

import libframe as lf
import pyarrow as pa

import cases

TEXTS = ["", " ", "a", "NA", "null", "None", "nan", "007", "1", "-1.5", "1e3", "true", "False", "2024-01-31", '"', '""',
         'a"b', "a,b", "a;b",
         "a\tb", "a\nb", "a\r\nb", "\r", "\n", " a", "a ", "\ufeff", "ä", "日本語", "🙂", "'", "\\", "\\n", "=1+1", "@x", "#",
         "x" * 11, "x" * 12,
         "x" * 13, 'x"' * 40, "long text, with a comma and more than 64 bytes in it so that it has a whole block", "|",
         "-", "+", ".",
         "1,5", "0x10", "inf", "\x0b", "\x00", "[1]", "{}", "\u2028"]
LENGTHS = [0, 1, 2, 3, 7, 64, 65, 1000, 1025, 20_000, 70_000]
SIMPLE = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool", "str", "cat", "date", "time",
          "datetime[s]",
          "datetime[ms]", "datetime[us]", "datetime[ns]", "datetime[us, UTC]", "datetime[us, Europe/Berlin]",
          "duration[us]", "duration[s]",
          "duration[ns]", "decimal(10,2)", "decimal(38,10)", "binary", "decimal(18,0)"]
NESTED = ["list[i64]", "list[str]", "struct[a: i64, b: str]", "list[struct[x: f64, d: date]]", "list[list[i8]]"]


def value(rng, kind):
    if kind[0] in "iu" and kind[1:].isdigit():
        bits = int(kind[1:])
        low, high = (-2**(bits - 1), 2**(bits - 1) - 1) if kind[0] == "i" else (0, 2**bits - 1)
        return rng.choice([low, high, 0, 1, rng.randint(low, high), rng.randint(max(low, -99), 99)])
    if kind == "f32":
        return rng.choice([0.0, -0.0, math.inf, -math.inf, 1.5, math.ldexp(rng.getrandbits(24), rng.randint(-140, 100))])
    if kind == "f64":
        return rng.choice([0.0, -0.0, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, rng.gauss(0, 1),
                           rng.random() * 10**rng.randint(-300, 300),
                           float(rng.randint(-2**53, 2**53)), round(rng.gauss(0, 100), 2), 0.1, 1e16, 123456789012345680.0])
    if kind == "bool":
        return rng.random() < 0.5
    if kind in ("str", "cat"):
        return rng.choice(TEXTS) if rng.random() < 0.8 else "".join(rng.choices(TEXTS, k=3))
    if kind == "binary":
        return rng.randbytes(rng.choice([0, 1, 5, 12, 13, 40]))
    if kind == "date":
        return datetime.date.fromordinal(rng.choice([1, datetime.date.max.toordinal(), rng.randint(1, 3_652_059)]))
    if kind == "time":
        return datetime.time(rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59), rng.choice([0, 1, 999_999,
                                                                                                     rng.randint(0,
                                                                                                                 999_999)]))
    if kind.startswith("datetime"):
        at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=rng.randint(-9 * 10**9,
                                                                                    9 * 10**9) if "ns" in kind else
                                                                rng.randint(-62 * 10**9, 250 * 10**9))
        if "us" in kind or "ns" in kind:
            at += datetime.timedelta(microseconds=rng.choice([0, 0, 1, 500_000, 999_999]))
        return at.replace(tzinfo=datetime.timezone.utc) if "," in kind else at
    if kind.startswith("duration"):
        unit = 1_000_000 if "[s]" in kind else 1
        return datetime.timedelta(microseconds=rng.choice([0, -1, 1, rng.randint(-10**9, 10**9)]) * unit)
    if kind.startswith("decimal"):
        digits, scale = (int(x) for x in kind[8:-1].split(","))
        whole = rng.choice([0, 1, -1, 10**digits - 1, 1 - 10**digits, rng.randint(-10**digits + 1, 10**digits - 1)])
        return decimal.Decimal(whole).scaleb(-scale, decimal.Context(prec=60))
    if kind.startswith("list["):
        inner = kind[5:-1]
        return [None if rng.random() < 0.1 else value(rng, inner) for _ in range(rng.choice([0, 1, 2, 5]))]
    fields, depth, start = [], 0, 7
    for i, c in enumerate(kind):
        depth += (c == "[") - (c == "]")
        if (c == "," and depth == 1) or i == len(kind) - 1:
            name, own = kind[start:i].split(":", 1)
            fields.append((name.strip(), own.strip()))
            start = i + 1
    return {name: None if rng.random() < 0.1 else value(rng, own) for name, own in fields}


def table(rng, n):
    kinds = {}
    for i in range(rng.randint(1, 6)):
        name = rng.choice([f"c{i}", f"c{i}", f"a b{i}", f"ö{i}", f"q\"{i}", f"x,{i}", f" {i}"])
        kinds[name] = rng.choice(NESTED) if rng.random() < 0.1 and n < 2000 else rng.choice(SIMPLE)
    columns = {}
    for name, kind in kinds.items():
        pool = [value(rng, kind) for _ in range(rng.choice([1, 3, 50, min(n, 500) + 1]))]
        share = rng.choice([0, 0, 0.1, 0.9, 1])
        columns[name] = [None if rng.random() < share else rng.choice(pool) for _ in range(n)]
    return columns, kinds


class Differs(Exception):
    pass


def must(same, what, a, b):
    if same:
        return
    for name in a.columns:
        if name in b.columns and a.schema[name] != b.schema[name]:
            raise Differs(f"{what}: {name} is {a.schema[name]} and {b.schema[name]}")
        x, y = a[name].to_list(), b[name].to_list() if name in b.columns else []
        for row, (p, q) in enumerate(zip(x, y)):
            if repr(p) != repr(q):
                raise Differs(f"{what}: column {name!r} row {row}: {p!r} and {q!r}")
    raise Differs(f"{what}: {a.shape} {a.schema} and {b.shape} {b.schema}")


def through_csv(rng, frame, folder):
    write, read = {}, {}
    sep = rng.choice([",", ",", ";", "\t", "|", "^"])
    if sep != ",":
        write["sep"] = sep
    read["sep"] = sep
    if rng.random() < 0.3:
        write["quote_all"] = True
    if rng.random() < 0.2:
        write["line_end"] = "\r\n"
    if rng.random() < 0.3:
        write["na"] = rng.choice(["\\N", "<null>", "~"])
        read["na_values"] = [write["na"]]
    header = rng.random() < 0.8 or not len(frame)           # no header and no rows is an empty file, which is refused
    if not header:
        write["no_header"], read["no_header"] = True, True
    else:
        read["header"] = True
    name = rng.choice(["t.csv", "t.csv", "t.csv.gz"])
    path = os.path.join(folder, name)
    if os.path.exists(path):
        os.unlink(path)
    frame.write_csv(path, **write)
    threads = rng.choice([1, 2, 3, 7])
    source = path
    if rng.random() < 0.2:
        with (gzip.open if name.endswith("gz") else open)(path, "rb") as file:
            source = file.read()
    back = lf.read_csv(source, schema=frame.schema, context=lf.Context(threads=threads), **read)
    how = f"CSV {write}, {read}, {threads} threads, {name}"
    must(back.equals(frame), how, frame, back)
    if back.account["rejected"].to_list()[0]:
        raise Differs(f"{how}: rows were rejected")
    if isinstance(source, str):
        scanned = lf.scan_csv(path, schema=frame.schema, **read).collect()
        must(scanned.equals(frame), f"scan of {how}", frame, scanned)
    return how


def run_case(seed, counts, rows):
    rng = random.Random(seed)
    kinds, n = {}, 0
    try:
        n = rows if rows is not None else rng.choice(LENGTHS)
        columns, kinds = table(rng, n)
        frame = lf.DataFrame(columns, schema=kinds)
        if rng.random() < 0.3 and n:
            cut = rng.randint(0, n)
            frame = rng.choice([lambda: frame.slice(cut, n - cut), lambda: lf.concat([frame.slice(cut, n - cut),
                                                                                      frame.slice(0, cut)])])()
        held = frame.to_arrow()
        back = lf.DataFrame(held)
        must(back.equals(frame), "Arrow", frame, back)
        held.validate(full=True)
        counts["arrow"] += 1
        copied = lf.DataFrame(pa.table(held).combine_chunks())
        must(copied.equals(frame), "pyarrow", frame, copied)
        again = pickle.loads(pickle.dumps(frame))
        must(again.equals(frame), "pickle", frame, again)
        if all(k not in ("binary",) for k in kinds.values()):
            with tempfile.TemporaryDirectory() as folder:
                through_csv(rng, frame, folder)
                counts["csv"] += 1
        rows_ = frame.to_dict()
        made = lf.DataFrame(rows_, schema=frame.schema)
        must(made.equals(frame), "to_dict", frame, made)
    except Differs as found:
        return f"case {seed}: {n} rows of {kinds}\n    {found}"
    except Exception:
        return f"case {seed}: {n} rows of {kinds}\n{traceback.format_exc()}"
    return None


if __name__ == "__main__":
    sys.exit(cases.main(run_case, "rows of every frame; default: some lengths"))
