#!/usr/bin/env python3
"""Takes the pictures of docs/report.md: the example report on a phone, a tablet, a desk, in the dark and in print.

    python3 tools/make_pictures.py build/bin/frame [DIRECTORY]

Needs Chromium, pdftoppm (poppler-utils) and Pillow; they are looked at before they are committed.
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


def main():
    command = sys.argv[1]
    target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "docs" / "pictures")
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser.Browser() as chromium:
        page, shot = pathlib.Path(folder, "report.html"), pathlib.Path(folder, "shot.png")
        subprocess.run([command, "report", ROOT / "examples" / "report.md", "-o", page, "-q"], check=True)
        for name, width, dark in (("360", 360, False), ("768", 768, False), ("1440", 1440, False), ("1440-dark", 1440, True)):
            chromium.open(page.as_uri(), width=width, dark=dark).picture(shot)
            keep(shot, target / f"report-{name}.png", 2200)
        subprocess.run([browser.program(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                        f"--print-to-pdf={folder}/report.pdf", page.as_uri()], check=True, capture_output=True)
        subprocess.run(["pdftoppm", "-r", "80", "-f", "1", "-l", "1", "-png", f"{folder}/report.pdf", f"{folder}/print"],
                       check=True)
        keep(next(pathlib.Path(folder).glob("print*.png")), target / "report-print.png", 2200)


if __name__ == "__main__":
    main()
