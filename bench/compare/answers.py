"""Whether an answer is right: the sums db-benchmark publishes, or else what most engines say."""
import collections
import json

from engines import HERE
from protocol import short

# Rows whose answers have no common form; they are timed, and tested elsewhere.
UNCHECKED = ("describe", "write")
# Figures of an answer that equal keys leave open: which of the rows with the hundredth value are among the hundred.
LEFT_OPEN = {"top_k": (1, 2)}


def near(a, b):
    """Equal to the digits that are published: three decimals, or nine digits. None stands for a figure nobody published."""
    if a is None or b is None:
        return True
    if isinstance(a, str) or isinstance(b, str):
        return str(a) == str(b)
    if a != a or b != b:
        return a != a and b != b
    return abs(a - b) <= max(6e-4, 2e-9 * abs(a))


def same(a, b):
    return len(a) == len(b) and all(map(near, a, b))


def answer_of(line):
    left_open = LEFT_OPEN.get(line["row"], ())
    return [None if i in left_open else figure for i, figure in enumerate([line["rows"], *line["check"]])]


def published():
    """(rows, variant or "join") -> row -> answer"""
    return {(n, variant): rows for n, by_variant in json.loads((HERE / "goldens.json").read_text()).items()
            for variant, rows in by_variant.items()}


def expected(line, lines, goldens):
    """The published answer, or the one that the most engines agree on."""
    plain = line["variant"].endswith("_0_0")
    table = line["variant"] if line["task"] != "join" else "join" if plain else None        # of other joins nothing is published
    known = goldens.get((short(line["n"]), table), {})
    if line["task"] in ("groupby", "join") and line["row"] in known:
        return known[line["row"]]
    first = {other["engine"]: answer_of(other) for other in reversed(lines)}
    return max(first.values(), key=lambda answer: sum(same(answer, other) for other in first.values()))


def wrong_answers(measured):
    """A sentence for each answer that is not the one expected."""
    goldens, wrong, by_row = published(), [], collections.defaultdict(list)
    for line in measured:
        if "check" in line and line["row"] not in UNCHECKED:
            by_row[line["task"], line["variant"], line["n"], line["row"]].append(line)
    for lines in by_row.values():
        for line in lines:
            wanted = expected(line, lines, goldens)
            if not same(wanted, answer_of(line)):
                wrong.append(f"{line['engine']} {line['row']} ({short(line['n'])}, {line['variant']}): "
                             f"{answer_of(line)} instead of {wanted}")
    return sorted(set(wrong))
