"""The pictures of RESULTS.md, drawn by our own `frame plot` from tables written as CSV.

Times span four powers of ten, so axes are logarithmic, and marks are points: a bar has to stand on zero.
"""
import csv
import subprocess
import tempfile

from engines import ENGINES, OURS

DPI = "110"            # pictures of about 20 kB
FARTHEST = 24
NAMES = {"datatable": "data.table", "duckdb": "DuckDB", "datafusion": "DataFusion"}


def draw(o, name, head, rows, *options):
    """Writes results/NAME.png; its name, or None when there is nothing to draw."""
    if not rows:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(rows)
        file.flush()
        subprocess.run([o.build / "bin" / "frame", "plot", file.name, "-q", "-o", o.pictures / f"{name}.png", "--dpi", DPI,
                        "--theme", "light", *options], check=True)
    return f"{name}.png"


def times(o, task, title, rows):
    """A column of points for each row, one point for each engine."""
    found = [(entry.row, NAMES.get(engine, engine), f"{1000 * entry.cells[engine].best:.5f}") for engine in ENGINES
             for entry in rows if engine in entry.cells and entry.cells[engine].times]
    return draw(o, task, ["row", "engine", "ms"], found, "--mark", "point", "--x", "row", "--y", "ms", "--colour", "engine",
                "--y-axis", "log", "--y-format", "{g} ms", "--title", f"{title}: how long each engine takes",
                "--subtitle", "best run, milliseconds; lower is better", "--chart-width", "900", "--chart-height", "500")


def distances(o, rows):
    """Our time over the floor, the farthest first, as many as have room for their names."""
    far = sorted((entry for entry in rows if entry.to_floor()), key=lambda entry: -entry.to_floor())[:FARTHEST]
    kinds = {"model": "floor measured on this machine", "estimate": "floor estimated in part"}
    found = [(entry.row, kinds[entry.kind], f"{entry.to_floor():.4f}") for entry in far]
    return draw(o, "floors", ["row", "floor", "times"], found, "--mark", "point", "--x", "row", "--y", "times", "--colour", "floor",
                "--y-axis", "log", "--title", f"The {len(far)} rows farthest from what the hardware can do", "--subtitle",
                "our time over the floor; the goal is 2", "--chart-width", "900", "--chart-height", "460")


def growth(o, curves, threads):
    """One small chart for each row: nanoseconds a row of data by the number of rows, ours also on one thread."""
    def name(used, engine):
        return NAMES.get(engine, engine) + (", 1 thread" if used < threads else "")
    wanted = {key: by_n for key, by_n in curves.items() if key[2] == threads or (key[2] == 1 and key[3] == OURS)}
    in_order = sorted(wanted.items(), key=lambda item: (-item[0][2], ENGINES.index(item[0][3])))   # the colours of the other charts
    found = [(row, name(used, engine), f"{n:.0f}", f"{line['seconds'] / n * 1e9:.4f}")
             for (_, row, used, engine), by_n in in_order for n, line in by_n.items()]
    return draw(o, "growth", ["row", "engine", "rows", "ns"], found, "--mark", "line", "--points", "--x", "rows", "--y", "ns",
                "--colour", "engine", "--facet", "row", "--x-axis", "log", "--y-axis", "log", "--title",
                "What a row of data costs as tables grow", "--subtitle", f"nanoseconds a row, {threads} threads unless it says "
                "otherwise; lower is better", "--chart-width", "900", "--chart-height", "700")
