"""The gallery in docs/gallery is what its program draws: the same page, texts and descriptions; no leak."""
import importlib.util
import re
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "gallery"

spec = importlib.util.spec_from_file_location("make_gallery", ROOT / "tools" / "make_gallery.py")
make_gallery = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_gallery)


@pytest.fixture(scope="module")
def drawn(build, tmp_path_factory):
    if not (build / "lib" / "libframe-plot-1.so").exists():
        pytest.skip("built without libframe-plot-1")
    if not (ROOT / "datasets" / "sales_data.csv").exists():
        pytest.skip("no sample data: build/bin/make-datasets datasets")
    folders = [tmp_path_factory.mktemp("gallery") for _ in range(2)]
    for folder in folders:
        make_gallery.draw(build, folder)
    return folders


def shape(path):
    """What a picture holds, whatever fonts and the way of writing elements decide: its size, name, description, texts."""
    root = xml.parse(path).getroot()
    named = [child.text for child in root if child.tag.endswith(("}title", "}desc"))]
    texts = ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text")]
    return root.get("viewBox"), named, texts


def test_the_page_is_written_from_the_source():
    assert (KEPT / "index.md").read_text() == make_gallery.index()


def test_every_chart_is_drawn_and_kept(drawn):
    names = {name for _, _, name, _ in make_gallery.charts()}
    assert names == {path.stem for path in drawn[0].glob("*.svg")} == {path.stem for path in KEPT.glob("*.svg")}
    assert len(names) > 20


def test_pictures_are_the_same_from_run_to_run(drawn):
    for path in drawn[0].glob("*.svg"):
        assert path.read_bytes() == (drawn[1] / path.name).read_bytes(), path.name


def test_pictures_are_the_ones_that_are_kept(drawn):
    for path in sorted(drawn[0].glob("*.svg")):
        assert shape(path) == shape(KEPT / path.name), f"{path.name}: make gallery"


def test_pictures_stay_small_and_need_nothing_from_outside(drawn):
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 1_000_000
    for path in KEPT.glob("*.svg"):
        text = path.read_text()
        assert not re.search(r"(?:href|src)=|url\(\s*['\"]?http|<script", text), path.name
        assert 'role="img"' in text and "<desc" in text
