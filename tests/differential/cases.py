"""Case after case from a seed on, until the time is up: the command line that run.py and large.py share."""
import argparse
import collections
import time


def arguments(rows):
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int)
    parser.add_argument("--rows", type=int, help=rows)
    parser.add_argument("--most", type=int, default=20, help="stop after so many differences")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def main(run_case, rows):
    """run_case(seed, counts, rows) gives a text where something differs. The exit status: 1 when anything did."""
    a = arguments(rows)
    counts, wrong, began = collections.Counter(), 0, time.monotonic()
    seed = a.case if a.case is not None else a.seed * 1_000_000
    while wrong < a.most and (a.case is None or counts["cases"] < 1) and time.monotonic() - began < 60 * a.minutes:
        found = run_case(seed, counts, a.rows)
        counts["cases"] += 1
        seed += 1
        if found:
            wrong += 1
            print(found, flush=True)
    shown = {name: n for name, n in sorted(counts.items()) if a.verbose or ": " not in name or name.startswith("refused:")}
    print(f"{time.monotonic() - began:.0f} s, {shown}")
    print(f"{counts['cases'] - wrong} passed, {wrong} failed, 0 skipped")
    return 1 if wrong else 0
