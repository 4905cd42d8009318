"""The least time a row of the benchmark can take on this machine: a table of what each row must move, and a model.

    T = max(bytes read / bandwidth, random accesses x their time, computing) + bytes written / bandwidth of writing

Bytes are of the columns the answer needs, as libframe stores them: computed numbers 8 bytes, floats that were read with few
digits 4, integers that were read as many as the widest needs (1, 2, 4 or 8), texts that repeat as codes of 1, 2 or 4, those of
one form as the 4 or 8 bytes that differ, others as views of 16 (the first rows of a file decide, whatever comes behind). Random
accesses are priced by the size of the table they hit, a partition pass by what a pass of 8-byte tuples took; both come from
bench-roofline, run beside the rows, with as many threads. Buffers for the answer are taken to be touched already. Rows whose
computing is not among what the roofline measures (parsing, matching) get nanoseconds a value from prototypes on one core: these
floors are estimates and are marked as such.

A group-by adds each row to the record of its group. A record has words of 8 bytes: a float fills one, integers share one as
long as their sums over all rows of the table fit it. A row costs what bench-roofline measured for a record of so many words in
a table of so many records. Nothing is added for sums that are compensated or for groups in order of first appearance: these
are our promises, not the hardware's limits. A row that asks something of a text's code looks it up in a bitmap of the
dictionary, a random read; of views it has to read every text.
"""
import dataclasses
import math


@dataclasses.dataclass
class Work:
    read: float = 0              # bytes, in order
    write: float = 0             # bytes, in order
    random: tuple = ()           # (accesses, bytes of the table, "random_read", "random_update" or "record_1" … 3)
    tuples: float = 0            # 8-byte tuples put through a partition pass, all passes together
    core_ns: float = 0           # nanoseconds on one core for what the roofline has no figure for: an estimate
    copied: float = 0            # bytes copied from the page cache


def code(distinct):
    return 1 if distinct <= 256 else 2 if distinct <= 65536 else 4


def text(distinct, n):
    """Codes, or views where the last quarter of the first 262,144 rows hardly repeat and all n rows do not often."""
    return VIEW if math.exp(-PREFIX * 7 / 8 / distinct) > 0.5 and n < 8 * distinct else code(distinct)


def whole(largest):
    return 1 if largest < 1 << 7 else 2 if largest < 1 << 15 else 4 if largest < 1 << 31 else 8


NUMBER, DECIMAL, VIEW, PREFIX = 8, 4, 16, 1 << 18
STAMP, CODE = 4, 8                # texts of one form, of 19 and of 12 bytes
READ, UPDATE = "random_read", "random_update"
FIVE, FIFTEEN = 5, 15            # the largest v1 and v2
V1 = V2 = whole(FIFTEEN)
MOST_WORDS = 3                   # of a record, that the roofline knows


def words(n, *largest, floats=0):
    """Words of a record with sums over n rows of integers up to these, each put where it fits, and so many floats."""
    free = []
    for bits in sorted((int(n * value).bit_length() for value in largest), reverse=True):
        place = next((i for i, left in enumerate(free) if left >= bits), None)
        if place is None:
            free.append(64 - bits)
        else:
            free[place] -= bits
    return len(free) + floats


def record(rows, groups, n_words):
    """Rows added to the records of groups."""
    return rows, 8 * n_words * groups, f"record_{min(n_words, MOST_WORDS)}"


def key_words(*distinct):
    """Words of several keys put together."""
    return math.ceil(sum(math.log2(values) for values in distinct) / 64)


def groupby(n, k):
    few, many = code(k), text(n / k, n)                            # widths of id1, id2 and of id3
    id4, id6 = whole(k), whole(n / k)                              # and id5 as id4
    row = 2 * few + many + 2 * id4 + id6 + V1 + V2 + DECIMAL
    kept = 0.6 * (0.49 if k == 100 else 1)                         # of v1 > 2 and id4 < 50
    cached, pairs = 256 << 10, min(k * k, n)
    gather = (n, 64 * n, READ)                                     # a row as one record: one miss
    contains = Work(read=n * many, random=((n, n / k / 8, READ),)) if many < VIEW else Work(read=n * many, core_ns=2 * n)
    all_keys = key_words(k, k, n / k, k, k, n / k)
    squares = (1, FIVE, FIFTEEN, FIVE**2, FIFTEEN**2, FIVE * FIFTEEN)          # of a correlation, the count among them
    return {
        "g1": Work(read=n * (few + V1), random=(record(n, k, words(n, FIVE)),)),
        "g2": Work(read=n * (2 * few + V1), random=(record(n, pairs, words(n, FIVE)),)),
        "g3": Work(read=n * (many + V1 + DECIMAL), random=(record(n, n / k, words(n, 1, FIVE, floats=1)),)),
        "g4": Work(read=n * (id4 + V1 + V2 + DECIMAL), random=(record(n, k, words(n, 1, FIVE, FIFTEEN, floats=1)),)),
        "g5": Work(read=n * (id6 + V1 + V2 + DECIMAL), random=(record(n, n / k, words(n, FIVE, FIFTEEN, floats=1)),)),
        "g6": Work(read=n * (2 * id4 + DECIMAL), tuples=n, random=((2 * n, cached, UPDATE),)),
        "g7": Work(read=n * (many + V1 + V2), random=(record(n, n / k, 1),)),        # both extremes fit one word
        "g8": Work(read=n * (id6 + DECIMAL), random=(record(n, n / k, 2),), write=2 * n / k * (id6 + DECIMAL)),
        "g9": Work(read=n * (few + id4 + V1 + V2), random=(record(n, pairs, words(n, *squares)),)),
        "g10": Work(read=n * (row - V2), tuples=(all_keys + 1) * n, write=n * (row - DECIMAL),
                    random=(record(n, cached / 8 / (all_keys + 2), all_keys + 2),)),   # the keys, a sum, a count
        "filter": Work(read=n * row, write=kept * n * row),
        "filter_few": Work(read=n * DECIMAL, random=((0.005 * n * 9, DECIMAL * n, READ),), write=0.005 * n * row),
        "sort_float": Work(read=n * DECIMAL, tuples=2 * n, random=((2 * n, cached, UPDATE), gather), write=n * row),
        "sort_two": Work(read=n * (id6 + DECIMAL), tuples=2 * n, random=((2 * n, cached, UPDATE), gather), write=n * row),
        "sort_text": Work(read=n * many, tuples=n, random=((n, cached, UPDATE), gather), write=n * row),
        "top_k": Work(read=n * DECIMAL),
        "distinct": Work(read=n * (few + id4), random=((n, pairs, UPDATE),)),
        "arith": Work(read=n * (V1 + V2 + DECIMAL), write=n * NUMBER),
        "conditional": Work(read=n * (V1 + V2 + DECIMAL), write=n * NUMBER),
        "text_equal": Work(read=n * many),
        "text_contains": contains,
        "text_upper": Work(read=n * many, write=n * many),
        "describe": Work(read=2 * n * (V1 + V2 + DECIMAL), core_ns=n),
    }


def join(n, _):
    id1, id2, id3 = whole(n / 9e5), whole(n / 900), whole(1.1 * n)
    left = id1 + id2 + id3 + NUMBER + 1 + code(n / 1e3) + VIEW     # id4, id5 as codes; id6 occurs once
    small, medium = NUMBER + 1, id1 + NUMBER + 1 + code(n / 1e3)
    big = id1 + id2 + NUMBER + 1 + code(n / 1e3) + VIEW
    by_medium = ((n, 8 * n / 1e3, READ), (n, 32 * n / 1e3, READ))
    return {
        "j1": Work(read=n * left, random=((n, 16 << 10, READ),), write=0.9 * n * (left + small)),
        "j2": Work(read=n * left, random=by_medium, write=0.9 * n * (left + medium)),
        "j3": Work(read=n * left, random=by_medium, write=n * (left + medium)),
        "j4": Work(read=n * left, random=by_medium, write=0.9 * n * (left + medium + id2 - code(n / 1e3))),
        "j5": Work(read=n * (left + big), random=((n, 4.4 * n, UPDATE), (n, 4.4 * n, READ), (0.9 * n, 64 * n, READ)),
                   write=0.9 * n * (left + big)),
    }


def clean(n, _):
    row = whole(n) + DECIMAL + 2 + CODE + STAMP
    return {
        "extract": Work(read=n * CODE, write=n * VIEW, core_ns=12 * n),
        "substring": Work(read=n * CODE, write=n * VIEW),
        "lower": Work(read=n * CODE, write=n * VIEW),
        "parse_time": Work(read=n * STAMP, write=n * NUMBER, core_ns=5 * n),
        "fill_null": Work(read=n * (DECIMAL + 1 / 8), write=n * DECIMAL),
        "concat": Work(read=n * row, write=2 * n * row),
        "concat_sum": Work(read=2 * n * (DECIMAL + 1 / 8)),          # of the parts, where they lie
        "sort_nearly": Work(read=n * row, write=n * row),
    }


def csv(n, k):
    whole_row = 2 * whole(k) + whole(n / k) + V1 + V2 + DECIMAL
    row, file = 2 * code(k) + text(n / k, n) + whole_row, 50.9 * n    # bytes of the file
    numbers, texts = 6 * 2.7 * n, 3 * 3 * n                        # a number 2.7 ns, a text looked up 3 ns
    return {
        "read": Work(copied=file, core_ns=numbers + texts, write=n * row),
        "read_gzip": Work(copied=file / 3, core_ns=file * 1.1, write=n * row),       # inflating; the rest beside it
        "read_quoted": Work(copied=file + 6 * n, core_ns=numbers + texts, write=n * row),
        "read_numbers": Work(copied=28 * n, core_ns=numbers, write=n * whole_row),
        "read_texts": Work(copied=23 * n, core_ns=texts, write=n * (row - whole_row)),
        "read_wide": Work(copied=24 * n, core_ns=4 * n * 2.7, write=4 * n * DECIMAL * 0.8),
        "write": Work(read=n * row, core_ns=n * (8 * 3 + 10), write=file),
    }


TASKS = {"groupby": groupby, "join": join, "clean": clean, "csv": csv}
# Inflating is one stream: other cores cannot help.
SERIAL = {"read_gzip"}


def between(points, x):
    """Value at x of (x, y) points, straight in logarithms, level beyond the ends."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            part = math.log(x / x0) / math.log(x1 / x0)
            return y0 * (y1 / y0) ** part
    return points[-1][1]


def seconds(work, machine, serial=False):
    """The floor of some work on a machine as bench-roofline describes it for a number of threads."""
    reading = work.read / between(machine["read_gb_s"], max(work.read, 1)) + work.copied / machine["copy_gb_s"]
    computing = sum(times * between(machine[f"{kind}_ns"], size) for times, size, kind in work.random)
    computing += work.tuples * machine["partition_ns"] + work.core_ns / (1 if serial else machine["threads"])
    return 1e-9 * (max(reading, computing) + work.write / machine["write_gb_s"])


def work_of(task, row, n, variant):
    """What a row must move, None for one that has no line in the tables above."""
    return TASKS[task](n, float(variant.split("_")[0])).get(row)


def floor(machine, task, row, n, variant):
    """(seconds, "model" or "estimate") of a row, None for one without a line."""
    work = work_of(task, row, n, variant)
    return work and (seconds(work, machine, row in SERIAL), "estimate" if work.core_ns else "model")


def is_known(machine):
    """Whether a roofline measured everything the floors are made of: those of older programs did not."""
    records = [f"record_{n}_ns" for n in range(1, MOST_WORDS + 1)]
    return "spread" in machine and all(key in machine for key in (f"{READ}_ns", f"{UPDATE}_ns", *records))


def cost(key, figure):
    """Of a figure of the roofline: nanoseconds as they are, rates turned round."""
    return 1 / figure if key.endswith("_s") else figure


def best_figure(key, seen, spreads):
    """(the best of what several runs saw, the worst pass of all over it)"""
    best = min(seen, key=lambda figure: cost(key, figure))
    return best, round(max(cost(key, figure) * spread for figure, spread in zip(seen, spreads)) / cost(key, best), 2)


def sizes_of(machine):
    return {key: [size for size, _ in figures] for key, figures in machine.items() if isinstance(figures, list)}


def best_machine(runs):
    """Of a number of threads: the best of each figure. What others do to a machine can only make it look worse. Runs of an
    older program that measured other sizes than the last one's do not count."""
    runs = [run for run in runs if sizes_of(run) == sizes_of(runs[-1])]
    found = {"threads": runs[0]["threads"], "spread": {}}
    for key in runs[0].keys() - {"threads", "spread"}:
        sizes = [size for size, _ in runs[0][key]] if isinstance(runs[0][key], list) else [None]
        pairs = [best_figure(key, [run[key][i][1] if size else run[key] for run in runs], [run["spread"][key][i] for run in runs])
                 for i, size in enumerate(sizes)]
        found[key] = [[size, best] for size, (best, _) in zip(sizes, pairs)] if sizes[0] else pairs[0][0]
        found["spread"][key] = [spread for _, spread in pairs]
    return found


def best_machines(rooflines):
    """One line of bench-roofline's, of several."""
    return [best_machine([machines[i] for machines in rooflines]) for i in range(len(rooflines[0]))] if rooflines else []
