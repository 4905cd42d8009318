"""The pages that tests look at: one with every block, the example report, and an analysis."""
import subprocess

import pytest


@pytest.fixture(scope="module")
def make_page(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")

    def make(*strings):
        arguments = [build / "bin" / "frame-report-page", folder / "page.html"]
        if strings:
            (folder / "strings").write_bytes(b"".join(s.encode("utf-8", "replace") + b"\0" for s in strings))
            arguments.append(folder / "strings")
        subprocess.run(arguments, check=True)
        return (folder / "page.html").read_text(encoding="utf-8")
    return make


@pytest.fixture(scope="module")
def everything(make_page):
    return make_page()


@pytest.fixture(scope="module")
def narrative(frame_command, root, build, tmp_path_factory):
    if not (root / "datasets" / "sales_data.csv").exists():
        subprocess.run([build / "bin" / "make-datasets", root / "datasets"], check=True)
    path = tmp_path_factory.mktemp("narrative") / "report.html"
    subprocess.run([frame_command, "report", root / "examples" / "report.md", "-o", path], check=True, capture_output=True)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def analysis(frame_command, narrative, root, tmp_path_factory):          # narrative: makes the sample data
    folder = tmp_path_factory.mktemp("analysis")
    subprocess.run([frame_command, "analyze", root / "datasets" / "sales_data.csv", "--output", folder], check=True,
                   capture_output=True)
    return (folder / "summary.html").read_text(encoding="utf-8")
