"""Pages from outside: valid HTML, nothing but the builder's own elements whatever the data hold, colours that can be read."""
import html.parser
import json
import pathlib
import re

import pytest

VOID = {"meta", "link", "br", "hr", "img", "input"}
HARMLESS = "xyz"


class Structure(html.parser.HTMLParser):
    """Every element with the names of its attributes, in order; complains about tags that cross."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.links, self.ids, self.text = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(sorted(name for name, _ in attributes))))
        self.links += [value for name, value in attributes if name in ("href", "src")]
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing, at {self.getpos()}"

    def handle_data(self, data):
        self.text.append(data)


def structure_of(text):
    parser = Structure()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture(scope="module", params=["everything", "narrative", "analysis"])
def page(request):
    return request.getfixturevalue(request.param)


def test_elements_are_balanced_and_ids_are_unique(page):
    structure = structure_of(page)
    assert len(structure.ids) == len(set(structure.ids))
    headings = [int(tag[1]) for tag, _ in structure.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(headings, headings[1:]))


def test_nothing_is_fetched_and_nothing_runs(page):
    structure = structure_of(page)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in structure.tags}
    assert all(link.startswith("#") for link in structure.links)
    assert not re.search(r"@import|url\((?!#)", page)
    assert "default-src 'none'" in page and "base-uri 'none'" in page


def test_links_within_a_page_arrive(page):
    structure = structure_of(page)
    assert {link[1:] for link in structure.links} <= set(structure.ids)


def test_the_standard_parser_finds_no_error(page):
    html5lib = pytest.importorskip("html5lib", reason="no python3-html5lib")
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def test_pages_are_small(everything, narrative):
    style = re.search(r"<style>(.*?)</style>", everything, re.S).group(1)
    assert len(style) <= 15_000
    assert len(everything) < 60_000 and len(narrative) < 200_000


# ---- what data may do: nothing --------------------------------------------------------------------------------------------

def test_naughty_strings_change_no_element(make_page, data):
    strings = [s for s in json.loads((data / "strings" / "blns.json").read_text(encoding="utf-8")) if s and "\0" not in s]
    harmless = structure_of(make_page(HARMLESS)).tags
    ends = [i for i, (tag, _) in enumerate(harmless) if tag == "section"]
    section = harmless[ends[0]:]
    naughty = structure_of(make_page(*strings))
    start = next(i for i, (tag, _) in enumerate(naughty.tags) if tag == "section")
    body = naughty.tags[start:]
    footer = body.index(("footer", ()))
    size = section.index(("footer", ()))
    assert footer == size * len(strings)
    for i, string in enumerate(strings):
        assert body[i * size:(i + 1) * size] == section[:size], repr(string)


def test_strings_arrive_as_they_are(make_page, data):
    strings = [s for s in json.loads((data / "strings" / "blns.json").read_text(encoding="utf-8")) if s.strip() and "\0" not in s]
    text = "".join(structure_of(make_page(*strings)).text)
    odd = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
    for string in strings:
        assert len(string) > 300 or odd.search(string) or string in text, repr(string)


# ---- colours ------------------------------------------------------------------------------------------------------------------

def luminance(colour):
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    a, b = sorted((luminance(a), luminance(b)))
    return (b + 0.05) / (a + 0.05)


def full(colour):
    return colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_ink_can_be_read_on_every_ground_it_stands_on(everything, theme):
    roots = re.findall(r":root\{(.*?)\}", everything)
    colours = {}
    for declarations in {"light": roots[:1], "dark": roots[:2], "print": [roots[0], roots[2]]}[theme]:
        colours.update({name: full(value) for name, value in re.findall(r"--([\w-]+):(#\w+)", declarations)})
    grounds = {"ink": ["paper", "card", "good-bg", "bad-bg", "warn-bg", "info-bg"], "dim": ["paper", "card"],
               "link": ["paper", "card", "info-bg"], "good": ["paper", "card", "good-bg"], "bad": ["paper", "card", "bad-bg"],
               "warn": ["paper", "warn-bg"]}
    for ink, places in grounds.items():
        for ground in places:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["blue"], colours["paper"]) >= 3


def test_folds_are_open_in_print():
    style = (pathlib.Path(__file__).parents[2] / "src/report/page_style.c").read_text()
    printed = style[style.index("@media print"):]
    assert "details.fold::details-content{content-visibility:visible" in printed
