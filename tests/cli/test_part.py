"""Commands in parts: anybody may add one, and what cannot be trusted or does not fit is not opened."""
import os
import re
import subprocess

import pytest
from source import ROOT, text_of

HEADER = text_of(ROOT / "include" / "frame" / "command.h")


def build_part(folder, name, source, build):
    path = folder / f"part_{name}.so"
    subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-shared", "-fPIC",
                    f"-I{ROOT}/include", "-x", "c", "-", "-o", path, f"-L{build}/lib", "-lframe-1",
                    f"-Wl,-rpath,{build}/lib"], input=source, text=True, check=True)
    path.chmod(0o755)                       # whatever the umask: what everybody may write to is not opened
    return path


def example():
    """Everything of the header's essay that is indented as code, in its order."""
    essay = HEADER[:HEADER.index("*/")]
    code = [line[7:] for line in essay.splitlines() if line.startswith(" *     ") or line == " *"]
    return "#include <frame/command.h>\n#include <stdio.h>\n" + "\n".join(code) + "\n"


@pytest.fixture
def parts(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture
def frame(frame_command, parts, tmp_path):
    def run(*words):
        environment = dict(os.environ, FRAME_MODULES=str(parts), FRAME_LEAKS="1")
        return subprocess.run([frame_command, *words], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=600)
    return run


def test_the_example_of_the_header_is_a_command(frame, parts, build):
    build_part(parts, "hello", example(), build)
    assert frame("hello").stdout == "hello world\n"
    assert frame("hello", "you", "--loud").stdout == "HELLO you\n"
    shown = frame("hello", "--help").stdout
    assert shown.startswith("frame hello — greet somebody\n") and "--loud" in shown and "in capitals" in shown
    assert "--loud" in frame("__complete", "--", "hello", "--l").stdout.split()
    refused = frame("hello", "--lout")
    assert refused.returncode == 2 and "did you mean --loud?" in refused.stderr


OPTIONS = """
#include <frame/command.h>
#include <stdio.h>
typedef struct all { const char *text; long long n; double x; int word; bool flag; } all;
static const fr_word_info words[] = { { "red", "" }, { "blue", "" } };
static const fr_option_info options[] = {
    { .name = "text", .doc = "t", .kind = FR_OPTION_TEXT, .offset = offsetof(all, text) },
    { .name = "number", .doc = "n", .kind = FR_OPTION_I64, .initial = 7, .offset = offsetof(all, n) },
    { .name = "real_one", .doc = "x", .kind = FR_OPTION_F64, .initial = 0.5, .offset = offsetof(all, x) },
    { .name = "colour", .doc = "c", .kind = FR_OPTION_WORD, .words = words, .n_words = 2, .offset = offsetof(all, word) },
    { .name = "flag", .doc = "f", .kind = FR_OPTION_BOOL, .offset = offsetof(all, flag) },
};
static int run(const fr_command_host *host, const void *values)
{
    const all *a = values;
    if (host->n_words) return host->fail(host, FR_ERR_LIMIT, "no words");
    printf("%s %lld %.2f %d %d %s %d %lld\\n", a->text ? a->text : "-", a->n, a->x, a->word, a->flag,
           host->output ? host->output : "-", host->json, (long long)host->read->max_rows);
    return 0;
}
static const fr_command_class command = { .size_ = SIZE, .options_bytes = sizeof(all), .name = "opts", .usage = "",
    .summary = "s", .options = options, .n_options = 5, .run = run,
    .takes = FR_TAKES_OUTPUT | FR_TAKES_JSON | FR_TAKES_READING };
static const fr_command_class *const commands[] = { &command };
FR_API extern const fr_part_class fr_part;
const fr_part_class fr_part = { .size_ = sizeof(fr_part_class), .abi = ABI, .name = "opts", .commands = commands, .n_commands = 1 };
"""


def options_part(parts, build, size="sizeof(fr_command_class)", abi="FR_COMMAND_ABI"):
    return build_part(parts, "opts", f"#define SIZE {size}\n#define ABI {abi}\n" + OPTIONS, build)


def test_every_kind_of_option(frame, parts, build):
    options_part(parts, build)
    assert frame("opts").stdout == "- 7 0.50 0 0 - 0 -1\n"
    assert frame("opts", "--text", "a", "--number=-3", "--real-one", "2.5", "--colour", "blue", "--flag", "-o", "f", "--json",
                 "--max-rows", "9").stdout == "a -3 2.50 1 1 f 1 9\n"
    for wrong in (["--number", "x"], ["--real-one", "1,5"], ["--colour", "green"], ["--text"]):
        assert frame("opts", *wrong).returncode == 2, wrong
    failed = frame("opts", "word")
    assert failed.returncode == 4 and failed.stderr == "frame: no words\n"


def test_general_options_a_command_does_not_take_are_refused(frame, parts, build):
    options_part(parts, build)
    for line in ("--rows 3", "--rejects x", "--csv", "--width 80", "-n 3", "--bind a=1", "--no-color"):
        words = line.split()
        refused = frame("opts", *words)
        assert refused.returncode == 2 and refused.stdout == "", words
    shown, completed = frame("opts", "--help").stdout, frame("__complete", "--", "opts", "--").stdout
    for text in (shown, completed):
        assert "--json" in text and "--sep" in text and "--rows" not in text and "--csv" not in text and "--bind" not in text
    build_part(parts, "hello", example(), build)
    assert frame("hello", "--sep", ";").returncode == 2
    assert "Reading:" not in frame("hello", "--help").stdout


@pytest.mark.parametrize("size, abi, said", [
    ("8", "FR_COMMAND_ABI", "was built for another version"),
    ("sizeof(fr_command_class)", "99", "was built for another version"),
])
def test_a_part_that_does_not_fit_is_refused(frame, parts, build, size, abi, said):
    options_part(parts, build, size, abi)
    result = frame("opts")
    assert result.returncode == 3 and said in result.stderr


def test_a_part_or_folder_that_everybody_may_write_to_is_not_opened(frame, parts, build):
    path = options_part(parts, build)
    path.chmod(0o777)
    result = frame("opts")
    assert result.returncode == 3 and "is writable by everybody" in result.stderr and result.stdout == ""
    path.chmod(0o755)
    parts.chmod(0o777)
    assert "lies in a folder that is writable by everybody" in frame("opts").stderr
    parts.chmod(0o755)
    assert frame("opts").returncode == 0


def test_a_file_that_is_no_part_is_refused(frame, parts, build):
    (parts / "part_junk.so").write_bytes(b"not a library")
    assert frame("junk").returncode == 3
    build_part(parts, "empty", "int nothing;\n", build)
    assert "has no fr_part" in frame("empty").stderr
    options_part(parts, build).rename(parts / "part_other.so")
    assert "calls itself by another name" in frame("other").stderr


def test_a_known_command_without_its_part_says_what_is_missing(frame):
    result = frame("report", "x.md")
    assert result.returncode == 3
    assert "part_report.so is not installed" in result.stderr and "frame_part_report" in result.stderr


def test_a_file_comes_before_a_part_of_its_name(frame, parts, build, tmp_path):
    options_part(parts, build)
    (tmp_path / "opts").write_text("a,b\n1,2\n")
    assert "× 2 columns" in frame("opts").stdout


def test_names_that_could_leave_the_folder_are_no_parts(frame, parts, build):
    options_part(parts, build)
    for name in ("../opts", "./opts", "opts/", "OPTS", "opts.so"):
        assert frame(name).returncode != 0, name


def test_the_command_itself_links_nothing_of_the_parts(frame_command):
    needed = subprocess.run(["readelf", "-d", frame_command], check=True, capture_output=True, text=True).stdout
    names = set(re.findall(r"\(NEEDED\).*\[(.*)\]", needed))
    assert not any(word in name for name in names for word in ("md4c", "cairo", "pango", "plot"))
