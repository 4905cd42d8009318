"""Mistakes the compiler must catch: a misspelt keyword, a wrong type, a verb that does not exist."""
import shutil
import subprocess

import pytest
from source import ROOT

PROGRAM = """
#include <frame/frame.h>
fr_frame *use(const fr_frame *sales);
fr_frame *use(const fr_frame *sales) {{ return fr_pipe(sales, {step}); }}
"""


def compiles(step, compiler):
    command = [compiler, "-std=c17", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", "-fsyntax-only", "-x", "c", "-"]
    return subprocess.run(command, input=PROGRAM.format(step=step), capture_output=True, text=True)


@pytest.mark.parametrize("step", [
    'fr_sort("revenue", .descending = true)',
    'fr_filter("x > $1", .bind = { fr_v(3) })',
    'fr_filter("x > :lo and y < :hi", .bind = { fr_named("lo", 3), fr_named("hi", fr_v(4.5)) })',
    'fr_group("region", .agg = "n = size()")',
    "fr_head(10)",
    "fr_head()",
    "fr_head(0)",
    'fr_sort("revenue"), fr_head(3)',
])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_right_use_compiles(step, compiler):
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    result = compiles(step, compiler)
    assert result.returncode == 0, result.stderr


CHART = """
#include <frame/plot.h>
fr_figure *chart(const fr_frame *sales);
fr_figure *chart(const fr_frame *sales) {{ return fr_plot(sales, {words}); }}
"""


@pytest.mark.parametrize("words, word", [
    ('.marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region"), fr_mark_rule(.y = "0"))', None),
    ('.marks = fr_marks(fr_mark_line("month", "revenue", .width = 0), fr_mark_point("a", "b", .opacity = 0))', None),
    ('.marks = fr_marks(fr_mark_line("month", "revenue", .color = "region"))', "color"),
    ('.marks = fr_marks(fr_mark_line("month", "revenue", .horizontal = true))', "horizontal"),
    ('.marks = fr_marks(fr_mark_bar("region")), .titel = "Revenue"', "titel"),
    ('.marks = fr_marks(fr_mark_lines("month", "revenue"))', "fr_mark_lines"),
    ('.marks = fr_marks(fr_mark_bar(3))', ""),
])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_charts_compile_when_they_are_right(words, word, compiler):
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    command = [compiler, "-std=c17", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", "-fsyntax-only", "-x", "c", "-"]
    result = subprocess.run(command, input=CHART.format(words=words), capture_output=True, text=True)
    assert (result.returncode == 0) == (word is None), result.stderr
    assert word is None or word in result.stderr


@pytest.mark.parametrize("step, word", [
    ('fr_sort("revenue", .decending = true)', "decending"),
    ('fr_group("region", .aggregate = "n = size()")', "aggregate"),
    ('fr_head(10, .rows = 3)', "rows"),
    ("fr_filter(3.5)", ""),
    ("fr_filtre(\"x > 1\")", "filtre"),
])
def test_misuse_does_not_compile(step, word):
    result = compiles(step, "gcc")
    assert result.returncode != 0 and word in result.stderr

