"""`frame plot` as a person runs it: files by their ending, the terminal, what is refused and why."""
import subprocess

import pytest

SALES = "month,region,revenue\n2024-01-01,North,10\n2024-02-01,North,12\n2024-01-01,South,7\n2024-02-01,South,\n"


@pytest.fixture
def plot(frame_command, build, tmp_path):
    if not (build / "lib" / "libframe-plot-1.so").exists():
        pytest.skip("built without libframe-plot-1")
    (tmp_path / "sales.csv").write_text(SALES)

    def run(*words):
        return subprocess.run([frame_command, "plot", *words], cwd=tmp_path, capture_output=True, timeout=600,
                              env={"NO_COLOR": "1", "FRAME_LEAKS": "1", "HOME": str(tmp_path)})
    return run


def test_a_chart_goes_into_a_file_of_its_endings_format(plot, tmp_path):
    for ending, begins in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        result = plot("sales.csv", "--x", "month", "--y", "revenue", "--colour", "region", "-o", f"c.{ending}")
        assert result.returncode == 0 and f"wrote c.{ending}: 768 × 480".encode() in result.stderr, result.stderr
        assert (tmp_path / f"c.{ending}").read_bytes().startswith(begins)


def test_a_chain_runs_before_the_chart(plot):
    chain = "group region: total = sum(revenue)"
    result = plot("sales.csv", chain, "--mark", "bar", "--x", "region", "--y", "total", "-o", "-")
    svg = result.stdout.decode()
    assert result.returncode == 0 and result.stderr == b"" and "<svg" in svg and "North: 22" in svg and "South: 7" in svg


def test_without_output_the_chart_is_drawn_as_text(plot):
    result = plot("sales.csv", "--mark", "bar", "--x", "region", "--y", "revenue", "--reduce", "sum", "--width", "60")
    text = result.stdout.decode()
    assert result.returncode == 0 and "North" in text and "22" in text and "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 60
    assert "1 row with a missing value is not drawn." in text


def test_values_are_written_as_their_axis_writes_them(plot, tmp_path):
    (tmp_path / "n.csv").write_text("k,g,n\na,p,2869\nb,p,2286\na,q,999\nb,q,1500\n")
    bars = plot("n.csv", "where g == 'p'", "--mark", "bar", "--x", "k", "--y", "n").stdout.decode()
    assert "3,000" in bars and "2,869" in bars and "2,286" in bars
    cells = plot("n.csv", "--mark", "heatmap", "--x", "k", "--y", "g", "--colour", "n").stdout.decode()
    assert cells.count("2,869") == 2 and "2,286" in cells and "1,500" in cells and cells.count("999") == 2
    years = plot("n.csv", "where g == 'p'", "--mark", "heatmap", "--x", "k", "--y", "g", "--colour", "n").stdout.decode()
    assert "2869" in years and "2286" in years


@pytest.mark.parametrize("words, said", [
    (("sales.csv", "--mark", "lines"), "there is no mark 'lines' (did you mean 'line'?); there are line, area, bar"),
    (("sales.csv", "--mark", "point", "--reduce", "sum"), "a point mark has no --reduce"),
    (("sales.csv", "--mark", "histogram", "--x", "revenue", "--y", "revenue"), "a histogram mark has no y"),
    (("sales.csv", "--mark", "pie", "--x", "region", "--fill", "#000000"), "a pie mark has no fill"),
    (("sales.csv", "--x", "month", "--y", "revenue", "--dpi", "300"), "--dpi is of a PNG"),
    (("sales.csv", "--x", "month", "--y", "revenue", "--dpi", "300", "-o", "c.svg"), "--dpi is of a PNG"),
    (("sales.csv", "--x", "month", "--y", "revenue", "--dpi", "-5", "-o", "c.png"), "dpi is 10 … 2400, not -5"),
    (("sales.csv", "--x", "month", "--y", "revenue", "--theme", "dark"), "--theme is of a file"),
    (("sales.csv", "--x", "month", "--y", "revenue", "--ascii", "-o", "c.svg"), "--ascii is of the terminal"),
    (("sales.csv", "--x", "month", "--y", "revenu"), "line: no column 'revenu' (did you mean 'revenue'?)"),
    (("sales.csv", "--mark", "bar", "--x", "region", "--y", "revenue"), "2 rows for one place: 'region' = 'North'"),
    (("sales.csv", "--x", "month", "--y", "revenue", "-o", "c.jpeg"), "is no format of figures"),
    (("sales.csv", "group x", "--x", "month"), "group"),
    (("nothing.csv", "--x", "month"), "nothing.csv"),
    ((), "one file"),
])
def test_what_cannot_be_drawn_is_an_error(plot, words, said):
    result = plot(*words)
    assert result.returncode != 0 and said in result.stderr.decode() and result.stdout == b""
