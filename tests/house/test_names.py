"""Names: each public name is defined once, ours begin with fr_, file names are unique, each file says what it is."""
import re
from collections import defaultdict

from source import ROOT, code_of, library_sources, public_headers, prototypes, short, text_of, tracked

MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.M)
TYPE = re.compile(r"^(?:typedef\s+)?(?:struct|enum|union)\s+(\w+)\s*\{", re.M)
CONDITIONAL = {"FR_BEGIN_DECLS", "FR_END_DECLS", "FR_FILE_"}     # both branches of an #if


def definitions(path):
    code = code_of(path)
    yield from ((name, "function") for name, _, _ in prototypes(path))
    yield from ((name, "macro") for name in set(MACRO.findall(code)))
    yield from ((name, "type") for name in TYPE.findall(code))


def test_public_names_are_defined_once():
    where = defaultdict(set)
    for header in public_headers():
        for name, kind in definitions(header):
            where[name].add((short(header), kind))
    # a function and the macro that calls it may share a name: fr_join(…) is (fr_join)(…)
    twice = {name: sorted(places) for name, places in where.items()
             if len({place for place, _ in places}) > 1 or len({kind for _, kind in places} - {"macro"}) > 1}
    assert not twice


def test_public_names_have_our_prefix():
    wrong = [f"{short(header)}: {name}" for header in public_headers() for name, _ in definitions(header)
             if not re.match(r"(fr_|FR_|FRAME_[A-Z0-9_]+_H$)", name)
             and not (header.name == "arrow.h" and re.match(r"(Arrow|ARROW_)", name))]      # as the interface publishes them
    assert not wrong, "\n".join(wrong)


def test_types_do_not_end_in_t():
    wrong = [f"{short(path)}: {name}" for path in [*public_headers(), *library_sources()]
             for name in re.findall(r"\}\s*(\w+_t)\s*;|^typedef[^;{}]*\b(\w+_t)\s*;", code_of(path), re.M) if any(name)]
    assert not wrong, "\n".join(wrong)


def test_file_names_are_unique():
    where = defaultdict(list)
    for path in tracked("src/*.c", "src/*.h", "tests/*.c"):      # a public header may share its noun with an internal one
        if path.name != "main.c":
            where[path.name].append(short(path))
    assert not {name: places for name, places in where.items() if len(places) > 1}


def test_every_source_is_in_a_list():
    lists = {path.parent: text_of(path) for path in tracked("*CMakeLists.txt")}
    wrong = [short(path) for path in tracked("src/*.c", "tests/*.c")
             if "golden" not in path.parts and "install" not in path.parts
             and not re.search(rf"(?<![\w.]){re.escape(path.name)}\b", lists.get(path.parent, ""))
             and not (path.name.startswith("fuzz_") and re.search(rf"frame_fuzz\({path.stem[5:]}\b", lists.get(path.parent, "")))]
    assert not wrong, "not in the CMakeLists.txt beside it: " + ", ".join(wrong)


def test_every_file_opens_with_what_it_is():
    wrong = [short(path) for path in [*public_headers(), *library_sources(), *tracked("src/cli/*.c", "src/cli/*.h")]
             if not re.match(rf"/\*\*? {re.escape(path.name)} — ", text_of(path))
             and not re.search("generated|do not edit", text_of(path)[:400].lower())]
    assert not wrong, "does not begin with '/* name — what it is for': " + ", ".join(wrong)


def test_guards_name_their_file():
    wrong = []
    for path in tracked("src/*.h"):
        if path.name.endswith((".inc.h", ".def.h")) or "FR_TEMPLATE" in text_of(path):
            continue
        guard = re.search(r"#ifndef (\w+)\n#define \1\n", code_of(path))
        if not guard or path.name.replace(".", "_").upper() not in guard.group(1):
            wrong.append(short(path))
    assert not wrong, "no include guard named after the file: " + ", ".join(wrong)


def test_what_a_registry_can_hold_is_listed():
    for listed, definition, line in [("src/io/formats.def.h", r"^const fr_format fr_(\w+)_format =", "FORMAT({})"),
                                     ("src/plot/renderers.def.h", r"^const fr_renderer fr_(\w+)_renderer =", "RENDERER({})"),
                                     ("src/plot/marks.def.h", r"^const fr_mark_class fr_mark_class_(\w+) =", "X({})")]:
        lines = text_of(ROOT / listed).splitlines()
        defined = [name for path in library_sources() for name in re.findall(definition, code_of(path), re.M)]
        assert defined, f"nothing is defined for {listed}"
        assert [name for name in defined if line.format(name) not in lines] == [], listed


def test_root_lists_stay_short():
    assert len(text_of(ROOT / "CMakeLists.txt").splitlines()) <= 150
