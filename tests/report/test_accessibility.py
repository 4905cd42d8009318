"""axe-core in headless Chromium finds no serious issue: light and dark, on a phone, a tablet and a desk."""
import os
import pathlib

import pytest

import browser

RUN = """axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})
    .then(r => r.violations.map(v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]))"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def axe(build):
    place = pathlib.Path(os.environ.get("FRAME_AXE", build / "node" / "node_modules" / "axe-core" / "axe.min.js"))
    if not browser.program():
        pytest.skip("no chromium")
    if not place.exists():
        pytest.skip("no axe-core: npm install --prefix build/node axe-core, or FRAME_AXE")
    return place.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium(axe):
    with browser.Browser() as running:
        yield running


@pytest.fixture(scope="module", params=["everything", "narrative", "analysis"])
def address(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("axe") / "page.html"
    path.write_text(request.getfixturevalue(request.param), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_serious_issue(chromium, axe, address, width, dark):
    page = chromium.open(address, width=width, dark=dark)
    page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.run(axe)
    assert [issue for issue in page.run(RUN) if issue[0] in ("serious", "critical")] == []
    assert not page.run(WIDE), "the page scrolls sideways"
