#!/usr/bin/env python3
"""Counts the instructions of the kernels and compares them with those recorded: make bench-instructions.

    count.py [--record] [NAME …]

Each kernel of `bench-kernels` runs under callgrind with FRAME_ISA=v3, TIMES 1 and 3; half the difference is what one call
takes. A file for each compiler holds what is expected; a kernel may differ by 3 %. Fewer is a change, too: record it.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 0.03


def compare(expected, counted):
    """(lines to print, whether all is as recorded): kernels that grew fail, those that shrank or are new are named."""
    lines, good = [], True
    for name, count in counted.items():
        if name not in expected:
            lines.append(f"{name:16} {count:14,}  new: record it")
            good = False
            continue
        change = count - expected[name]
        within = abs(change) <= TOLERANCE * expected[name]
        good = good and within
        said = "" if within else "  MORE" if change > 0 else "  fewer: record it"
        lines.append(f"{name:16} {count:14,}  {change / expected[name]:+.1%}{said}")
    return lines, good


def per_call(once, thrice):
    """Instructions of one call; what happens around the calls is in both counts."""
    return (thrice - once) // 2


def collected(said):
    """From callgrind's last words: ==1234== Collected : 5678"""
    found = re.search(r"Collected : (\d+)", said)
    if not found:
        raise RuntimeError(said.strip()[-400:])
    return int(found.group(1))


def run(program, name, times):
    with tempfile.TemporaryDirectory() as room:
        tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        done = subprocess.run([*tool, program, name, str(times), room], capture_output=True, text=True,
                              env={**os.environ, "FRAME_ISA": "v3", "FRAME_THREADS": "1"})
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-400:])
    return collected(done.stderr)


def compiler(build):
    """gcc-12 or clang-19, of a build tree."""
    cache = (build / "CMakeCache.txt").read_text()
    path = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.M).group(1)
    said = subprocess.run([path, "--version"], check=True, capture_output=True, text=True).stdout
    kind = "clang" if "clang" in said else "gcc"
    version = re.search(r" (\d+)[.]\d", said).group(1)
    return f"{kind}-{version}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parents[1] / "build")
    o = parser.parse_args()
    program = o.build / "bin" / "bench-kernels"
    names = o.names or subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pairs = [(name, pool.submit(run, program, name, 1), pool.submit(run, program, name, 3)) for name in names]
        counted = {name: per_call(once.result(), thrice.result()) for name, once, thrice in pairs}
    file = HERE / f"{compiler(o.build)}.json"
    expected = json.loads(file.read_text()) if file.exists() else {}
    lines, good = compare(expected, counted)
    print("\n".join(lines))
    if o.record:
        file.write_text(json.dumps({**expected, **counted}, indent=1) + "\n")
        print(f"recorded in {file.name}")
        return 0
    if not expected:
        print(f"nothing is recorded for {file.stem}: make bench-instructions KERNELS=--record")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
