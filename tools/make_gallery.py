#!/usr/bin/env python3
"""Draw the gallery: make_gallery.py BUILD [FOLDER] compiles docs/gallery/gallery.c, runs it on the sample data and writes
the pictures and index.md into FOLDER (docs/gallery). Fonts are pinned (tests/plot/fonts.conf), so that the same texts have
the same widths wherever it runs."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "gallery" / "gallery.c"
CHART = re.compile(r"^/\* ## (.*?) \*/\nstatic fr_figure \*(\w+)\(const data \*d\)\n\{\n(.*?)^\}\n", re.M | re.S)
HEAD = """# Gallery

Every chart is drawn by the few lines below it; the data are made in `docs/gallery/gallery.c`. Pictures are SVG and follow the
reader's light or dark mode; the same code gives PNG, PDF and text for a terminal. `docs/charts.md` tells what a chart decides.
`make gallery` draws them again.
"""


def charts():
    """(heading, text, name, code) of every chart, in the order of the source."""
    for comment, name, code in CHART.findall(SOURCE.read_text()):
        heading, _, text = comment.partition("\n")
        text = " ".join(line.removeprefix(" *").strip() for line in text.splitlines())
        yield heading, text, name, "\n".join(line[4:] for line in code.rstrip().splitlines())


def index():
    parts = [HEAD]
    for heading, text, name, code in charts():
        parts.append(f"## {heading}\n{text}\n\n![{heading}]({name}.svg)\n\n```c no-check\n{code}\n```\n")
    return "\n".join(parts)


def draw(build, folder, ending="svg"):
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "gallery"
        subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", SOURCE, "-o", program,
                        f"-L{build}/lib", f"-Wl,-rpath,{Path(build).resolve()}/lib", "-lframe-plot-1", "-lframe-1", "-lm"],
                       check=True)
        environment = dict(os.environ, FONTCONFIG_FILE=str(ROOT / "tests" / "plot" / "fonts.conf"), FRAME_LEAKS="1")
        done = subprocess.run([program, ROOT / "datasets" / "sales_data.csv", folder, ending], env=environment,
                              capture_output=True, text=True)
        if done.returncode or done.stderr:
            sys.exit(f"the gallery complains:\n{done.stderr}")


if __name__ == "__main__":
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else SOURCE.parent
    draw(sys.argv[1], target)
    (target / "index.md").write_text(index())
