"""`frame report` as a person runs it: exit codes, outputs, the old page after a failure, what it opens."""
import os
import shutil
import subprocess

import pytest

REPORT = """---
title: Sales
data:
  sales: sales.csv
---
```frame bar region total
r = sales | group region: total = sum(quantity)
```
{{ sales.quantity.sum }} in all.
"""
SALES = "region,quantity\nEU,3\nUS,1\n</script>,2\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "sales.md").write_text(REPORT)
    return tmp_path


@pytest.fixture
def frame(frame_command, folder):
    def run(*words, stdin="", cwd=None):
        environment = dict(os.environ, FRAME_LEAKS="1")
        result = subprocess.run([frame_command, *words], input=stdin, capture_output=True, text=True, cwd=cwd or folder,
                                env=environment, timeout=600)
        assert "leak" not in result.stderr, result.stderr
        return result
    return run


def test_the_page_stands_beside_the_report(frame, folder):
    result = frame("report", "sales.md")
    assert result.returncode == 0 and result.stderr.startswith("wrote sales.html: ") and result.stdout == ""
    page = (folder / "sales.html").read_text()
    assert "<h1>Sales</h1>" in page and "6 in all." in page and "<svg" in page and "</script>" not in page


def test_data_are_looked_for_beside_the_report(frame, folder):
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    assert frame("report", "../sales.md", "-o", "x.html", "-q", cwd=elsewhere).stderr == ""
    assert (elsewhere / "x.html").exists()


def test_standard_input_and_output(frame):
    result = frame("report", "-", stdin=REPORT)
    assert result.returncode == 0 and result.stderr == "" and result.stdout.startswith("<!DOCTYPE html>")


def test_the_same_report_gives_the_same_bytes(frame):
    pages = {frame("report", "sales.md", "-o", "-", "--threads", str(n)).stdout for n in (1, 2, 7)}
    assert len(pages) == 1


def test_options_of_reading_hold_for_the_data(frame, folder):
    (folder / "sales.csv").write_text(SALES.replace(",", ";"))
    assert "6 in all." in frame("report", "sales.md", "-o", "-", "--sep", ";").stdout


@pytest.mark.parametrize("text, code, said", [
    (REPORT.replace("quantity", "quantty"), 2, "quantty"),
    (REPORT.replace("sales.csv", "nowhere.csv"), 3, "nowhere.csv"),
    (REPORT + "{{#if x", 2, "sales.md:10:1: a {{ that is never closed"),
    ("```frame\nx = sales.csv | cast region: i64\n```\n", 1, "sales.md:2:"),
])
def test_after_a_failure_the_old_page_stays(frame, folder, text, code, said):
    (folder / "sales.html").write_text("old")
    (folder / "sales.md").write_text(text)
    result = frame("report", "sales.md")
    assert result.returncode == code and said in result.stderr, result.stderr
    assert (folder / "sales.html").read_text() == "old"
    assert {path.name for path in folder.iterdir()} == {"sales.csv", "sales.md", "sales.html"}


@pytest.mark.parametrize("text", [
    "---\ndata:\n  s: other.csv\n---\nx\n", "```frame\nother.csv | head 1\n```\n",
    "```frame\nsales.csv | semi join read_csv(\"./other.csv\") on region\n```\n",
])
def test_no_page_takes_the_place_of_its_data(frame, folder, text):
    shutil.copy(folder / "sales.csv", folder / "other.csv")
    (folder / "other.md").write_text(text)
    refused = frame("report", "other.md", "-o", "other.csv")
    assert refused.returncode != 0 and "the page would replace" in refused.stderr, refused.stderr
    assert (folder / "other.csv").read_bytes() == (folder / "sales.csv").read_bytes()
    assert frame("report", "other.md", "-o", "other.html").returncode == 0


def test_a_folder_that_cannot_be_written_to(frame):
    result = frame("report", "sales.md", "-o", "/proc/nothing.html")
    assert result.returncode == 3 and "/proc/nothing.html" in result.stderr


def test_usage(frame):
    assert frame("report").returncode == 2
    assert frame("report", "a.md", "b.md").returncode == 2
    assert frame("report", "nowhere.md").returncode == 3


def test_a_template_of_ones_own(frame, folder):
    (folder / "our.html").write_text('<!DOCTYPE html>\n<html lang="{{ lang }}"><head><title>{{ title }}</title>'
                                     '<style>{{ style }}</style></head><body><h1>Ours: {{ title }}</h1>{{ body }}</body></html>\n')
    page = frame("report", "sales.md", "-o", "-", "--template", "our.html").stdout
    assert "<h1>Ours: Sales</h1>" in page and "6 in all." in page and "libframe" not in page
    (folder / "our.html").write_text("<p onclick='{{ title }}'>{{ body }}</p>")
    refused = frame("report", "sales.md", "--template", "our.html")
    assert refused.returncode == 2
    assert "our.html:1:13: a value may not stand in an attribute that holds code" in refused.stderr


def test_only_named_files_are_opened(frame_command, folder):
    if not shutil.which("strace") or subprocess.run(["strace", "-qq", "-o", os.devnull, "true"]).returncode != 0:
        pytest.skip("no strace, or it may not trace")
    trace = folder / "trace"
    subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat,execve,connect", frame_command, "report",
                    "sales.md", "-q"], cwd=folder, check=True,
                   env={**os.environ, "HOME": str(folder / "none"), "XDG_DATA_HOME": str(folder / "none"),     # fonts, caches
                        "ASAN_OPTIONS": "detect_leaks=0"})                       # which cannot look under strace
    lines = trace.read_text().splitlines()
    assert sum("execve(" in line for line in lines) == 1 and not any("connect(" in line for line in lines)
    opened = {line.split('"')[1] for line in lines if "openat(" in line and "ENOENT" not in line}
    ours = {name for name in opened if not name.startswith(("/usr/", "/lib/", "/etc/", "/proc/", "/sys/", "/var/cache/fontconfig",
                                                            "/dev/")) and ".so" not in name and "fontconfig" not in name}
    allowed = {"sales.md", "sales.csv", ".", ""}
    assert all(name in allowed or name.startswith((".sales.html.", "./.sales.html.")) for name in ours), ours
