"""What the library's sources may not say: calls that belong to base or to nobody, hidden state, other machines' paths."""
import re
import subprocess

import pytest
from source import ROOT, code_of, library_sources, line_at, short, text_of, tracked

ALLOCATION = "malloc calloc realloc free aligned_alloc posix_memalign memalign strdup strndup asprintf vasprintf mmap munmap"
LOCALE = "strtod strtof strtold strtol strtoll strtoul strtoull atoi atol atoll atof strftime strptime setlocale newlocale " \
         "uselocale isalpha isdigit isspace isupper islower isalnum ispunct isxdigit toupper tolower strcoll strxfrm " \
         "strcasecmp strncasecmp localeconv"
UNSAFE = "strcpy strcat sprintf vsprintf gets strtok strncpy strncat sscanf scanf fscanf alloca qsort bsearch rand srand " \
         "random drand48 asctime ctime localtime gmtime localtime_r mktime timegm system popen regcomp regexec longjmp setjmp"
ENDING = "abort exit _exit quick_exit assert signal sigaction"
PRINTING = "printf fprintf vprintf vfprintf puts fputs putchar fputc putc fwrite perror fopen fclose fread fgets getline"
NEVER = set((UNSAFE + " " + ENDING).split())
BASE_ONLY = set((ALLOCATION + " " + LOCALE).split()) | {"open", "read", "pread", "write", "pwrite", "fsync", "rename",
                                                        "unlink", "stat", "fstat", "close", "opendir", "getenv"}
PRINT_ONLY = set(PRINTING.split())

# The exceptions, each with its reason: (file, call): why
ALLOWED = {
    ("src/frame/data/print.c", "getenv"): "NO_COLOR and TERM decide how a terminal is written to, nothing else",
    ("src/plot/figure_print.c", "getenv"): "NO_COLOR, TERM and COLORTERM decide how a terminal is written to",
    ("src/plot/figure_print.c", "fputs"): "what frame/print.h is for frames, fr_print_figure is for figures",
    ("src/frame/kernel/isa.c", "getenv"): "FRAME_ISA is read before any context exists",
}


def is_base(path):
    return short(path).startswith("src/frame/base/")


def calls(path):
    """(name, line) of whatever looks like a call of a bare name: not a member, not a declaration's field."""
    code = code_of(path)
    code = re.sub(r"^[ \t]*#[ \t]*include[^\n]*", "", code, flags=re.M)
    for match in re.finditer(r"(?<![\w.>])(\w+)\s*\(", code):
        yield match.group(1), line_at(code, match.start())


def test_banned_calls():
    wrong = []
    for path in library_sources():
        for name, line in calls(path):
            banned = name in NEVER or (name in BASE_ONLY and not is_base(path)) \
                or (name in PRINT_ONLY and path.name != "print.c")
            if banned and (short(path), name) not in ALLOWED:
                wrong.append(f"{short(path)}:{line}: {name}")
    assert not wrong, "\n".join(wrong)


def test_allowed_exceptions_are_used():
    used = {(short(path), name) for path in library_sources() for name, _ in calls(path)}
    assert sorted(set(ALLOWED) - used) == []


# ---- state -------------------------------------------------------------------------------------------------------------

# Everything process-wide the library has, by file and name, and why it may be.
STATE = {
    ("kernel/isa.c", "remembered"): "the level that was chosen, asked once",
    ("base/buffer_pool.c", "block_pool"): "blocks kept for reuse",
    ("base/huge_pages.c", "huge_pages"): "whether the kernel is short of huge pages",
    ("base/context.c", "process_context"): "the default context",
    ("base/leaks.c", "leaks"): "the list of live objects under FRAME_LEAKS=1",
    ("base/module.c", "open_modules"): "modules that were opened; they stay open",
    ("base/threads.c", "thread_pool"): "the thread pool",
}


def writable_symbols(objects):
    """(object, symbol) of variables in writable sections; .data.rel.ro holds constants with addresses in them."""
    listing = subprocess.run(["objdump", "-t", *map(str, objects)], check=True, capture_output=True, text=True).stdout
    current = ""
    for line in listing.splitlines():
        if line.endswith("file format elf64-x86-64"):
            current = line.split(":")[0]
        match = re.match(r"[0-9a-f]{16} (.{7}) (\S+)\s+([0-9a-f]+) (?:\.hidden )?(\S+)$", line)
        if not match or match.group(1)[6] != "O" or int(match.group(3), 16) == 0:
            continue
        section = match.group(2)
        if re.match(r"\.(data|bss|tdata|tbss)\b", section) and not section.startswith(".data.rel.ro") or section == "*COM*":
            yield current, re.sub(r"\.\d+$", "", match.group(4))


def test_no_mutable_state_beyond_the_listed(build):
    if build.name != "build":
        pytest.skip("sanitizers and coverage add state of their own")
    objects = [path for path in build.rglob("*.o")
               if re.search(r"(frame_objects|frame_isa_\w+|plot_objects)\.dir/", str(path))]
    assert objects
    found = {("/".join(path.removesuffix(".o").split("/")[-2:]), name) for path, name in writable_symbols(objects)}
    assert sorted(found - set(STATE)) == [], "state nobody has allowed"
    assert sorted(set(STATE) - found) == [], "allowed, but not there"


def test_no_thread_local_and_no_errno():
    wrong = [f"{short(path)}:{line_at(code_of(path), m.start())}: {m.group()}" for path in library_sources()
             if not is_base(path) for m in re.finditer(r"\b(_Thread_local|__thread|errno)\b", code_of(path))]
    assert not wrong, "\n".join(wrong)


# ---- text --------------------------------------------------------------------------------------------------------------

LONGEST = 132      # the aim is 120; a table may stick out a little


def test_lines_are_clean():
    wrong = []
    for path in tracked("*.c", "*.h", "*.py", "*.sh", "*.cmake", "*CMakeLists.txt"):
        text = text_of(path)
        if "golden" in path.parts:
            continue
        if text and not text.endswith("\n"):
            wrong.append(f"{short(path)}: no newline at the end")
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LONGEST:
                wrong.append(f"{short(path)}:{number}: {len(line)} columns")
            if line != line.rstrip() or "\t" in line:
                wrong.append(f"{short(path)}:{number}: tab or trailing space")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_to_do():
    wrong = [f"{short(path)}:{number}" for path in tracked("src/*", "include/*", "cmake/*", "tools/*")
             for number, line in enumerate(text_of(path).splitlines(), 1) if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line)]
    assert not wrong, "\n".join(wrong)


def test_no_path_of_a_machine_is_in_the_repository():
    pattern = re.compile(r"(?<![\w.$}~])/(work|root|home|Users)/\w")
    wrong = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{short(path)}:{line_at(text, m.start())}: {m.group()}" for m in pattern.finditer(text)]
    assert not wrong, "\n".join(wrong)


def test_no_path_of_this_machine_is_in_the_library(build):
    for name in ("libframe-1.so", "libframe-1.a"):
        assert str(ROOT).encode() not in (build / "lib" / name).read_bytes().replace(str(build).encode(), b""), name
