"""Reading our own sources: which files there are, their text without comments, what the public headers declare."""
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def tracked(*patterns):
    """Files that git knows, or would if asked to add everything, and that exist."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for name in set(listed.split("\0")) if name and (path := ROOT / name).is_file())


def short(path):
    return str(path.relative_to(ROOT))


@functools.lru_cache(maxsize=None)
def text_of(path):
    return path.read_text(encoding="utf-8")


@functools.lru_cache(maxsize=None)
def code_of(path):
    """The text with comments and the insides of string and character constants blanked, line numbers kept."""
    def blank(match):
        word = match.group()
        hidden = re.sub(r"[^\n]", " ", word)
        return hidden if word.startswith("/") else word[0] + hidden[1:-1] + word[-1]
    return COMMENT_OR_TEXT.sub(blank, text_of(path))


def line_at(text, position):
    return text.count("\n", 0, position) + 1


def library_sources():
    return tracked(*(f"src/{part}/*.{kind}" for part in ("frame", "io", "plot", "ml") for kind in ("c", "h")))


def public_headers():
    return tracked("include/frame/*.h")


def prototypes(path):
    """(name, position, declaration) of each FR_API declaration in a public header."""
    code = code_of(path)
    for match in re.finditer(r"^FR_API\b([^;{]*)[;{]", code, re.M):
        declaration = " ".join(match.group(1).split())
        declaration = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", declaration)
        name = re.search(r"\(?\b(fr_\w+)\)?\s*\(", declaration) or re.search(r"\b(fr_\w+)\s*(?:\[[^]]*\])?$", declaration)
        assert name, f"{short(path)}:{line_at(code, match.start())}: what is declared here?"
        yield name.group(1), match.start(), declaration
