"""SVGs of naughty texts, read back by expat: well-formed, and each text says what it said."""
import json
import os
import pathlib
import subprocess
import xml.etree.ElementTree as ET

import pytest

SVG = "{http://www.w3.org/2000/svg}"
OWN = ["<script>alert('x')</script>", "]]>", "&amp; & &#0; &x", "\"'`", "<!--", "a\tb\rc", "\x01\x1f\x7f\x85", "צפון 12", "👩‍👩‍👧",
       "\ufffe\uffff", "two\nlines", "${jndi:x}", "%s%n", "x" * 5000, "\u202Egnirts", "\u2028", "  blanks  "]


def program(build):
    path = build / "bin" / "svg-of-labels"
    if not path.exists():
        pytest.skip("built without figures")
    return str(path)


def svg_of(build, texts):
    done = subprocess.run([program(build)], input=b"\0".join(texts) + b"\0", capture_output=True, check=True)
    return done.stdout


def naughty():
    beside = pathlib.Path(__file__).parents[3] / "shared" / "data"
    path = pathlib.Path(os.environ.get("FRAME_DATA", beside)) / "strings" / "blns.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [text for text in OWN + found if text and "\0" not in text]


def expected(text):
    """What a label keeps of a text: control characters become blanks, noncharacters U+FFFD."""
    keep = []
    for c in text:
        code = ord(c)
        control = code < 0x20 or 0x7f <= code < 0xa0 or code in (0x2028, 0x2029)
        outside = code & 0xfffe == 0xfffe or 0xfdd0 <= code < 0xfdf0
        keep.append(c if c == "\n" else " " if control else "\ufffd" if outside else c)
    return "".join(keep)


def test_naughty_texts_are_read_back(build):
    texts = naughty()
    root = ET.fromstring(svg_of(build, [text.encode("utf-8") for text in texts]))
    labels = [node for node in root.iter(SVG + "text")]
    assert len(labels) == len(texts)
    for node, text in zip(labels, texts):
        said = node.find(SVG + "title").text
        if len(text) > 4000:
            assert said.endswith("…") and expected(text).startswith(said[:-1])
        else:
            assert said == expected(text)
            lines = [span.text for span in node.findall(SVG + "tspan")]
            rest = "\n".join(lines) if lines else node.find(SVG + "title").tail
            assert rest.replace("\u00a0", "") == expected(text).replace("\u00a0", "")


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\xed\xa0\x80", b"caf\xe9", b"\xf0\x9f", bytes(range(1, 256))])
def test_invalid_bytes_become_replacement_characters(build, bad):
    root = ET.fromstring(svg_of(build, [bad]))
    assert "\ufffd" in root.find(SVG + "title").text


def test_ids_differ_between_charts(build):
    one, two = (ET.fromstring(svg_of(build, [text])) for text in (b"one", b"two"))
    assert one.get("id") != two.get("id")
    assert one.get("aria-labelledby").split()[0] == one.find(SVG + "title").get("id")
