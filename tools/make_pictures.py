#!/usr/bin/env python3
"""Takes the pictures of docs/report.md and docs/analyze.md: on a phone, a tablet, a desk, in the dark and in print.

    python3 tools/make_pictures.py build/bin/frame [DIRECTORY]

The second is `frame analyze` of the sample data, which make-datasets beside the command writes.
Needs Chromium, pdftoppm (poppler-utils) and Pillow; the pictures are looked at before they are committed.
"""
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "report"))
import browser  # noqa: E402

COLOURS = 64            # the pages have few; a third of the bytes


def keep(source, target, height):
    picture = Image.open(source).convert("RGB")
    picture.crop((0, 0, picture.width, min(picture.height, height))).quantize(COLOURS).save(target, optimize=True)


def printed(page, folder):
    """The first sheet of a page in print."""
    subprocess.run([browser.program(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    f"--print-to-pdf={folder}/page.pdf", page.as_uri()], check=True, capture_output=True)
    subprocess.run(["pdftoppm", "-r", "80", "-f", "1", "-l", "1", "-singlefile", "-png", f"{folder}/page.pdf",
                    f"{folder}/print"], check=True)
    return pathlib.Path(folder, "print.png")


def take(chromium, page, target, name, looks):
    shot = page.parent / "shot.png"
    for suffix, width, dark in looks:
        chromium.open(page.as_uri(), width=width, dark=dark).picture(shot)
        keep(shot, target / f"{name}-{suffix}.png", 2200)
    keep(printed(page, page.parent), target / f"{name}-print.png", 2200)


def main():
    command = pathlib.Path(sys.argv[1]).resolve()
    target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "docs" / "pictures")
    target.mkdir(exist_ok=True)
    sizes = (("360", 360, False), ("768", 768, False), ("1440", 1440, False))
    with tempfile.TemporaryDirectory() as folder, browser.Browser() as chromium:
        page = pathlib.Path(folder, "report.html")
        subprocess.run([command, "report", ROOT / "examples" / "report.md", "-o", page, "-q"], check=True)
        take(chromium, page, target, "report", (*sizes, ("1440-dark", 1440, True)))
        subprocess.run([command.parent / "make-datasets", folder], check=True)
        subprocess.run([command, "analyze", f"{folder}/sales_data.csv", "-o", f"{folder}/analysis", "-q"], check=True,
                       stdout=subprocess.DEVNULL)
        take(chromium, pathlib.Path(folder, "analysis", "summary.html"), target, "analyze", sizes)


if __name__ == "__main__":
    main()
