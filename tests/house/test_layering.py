"""The include lines draw the architecture: each directory sees only what the table allows."""
import re

# who            -> which of the directories under src/ it may include from
MAY_SEE = {
    "src/frame/base": {"base"},
    "src/frame/kernel": {"base", "kernel"},
    "src/frame/data": {"base", "kernel", "data"},
    "src/frame/expr": {"base", "kernel", "data", "expr"},
    "src/frame/ops": {"base", "kernel", "data", "expr", "ops"},
    "src/frame/plan": {"base", "kernel", "data", "expr", "ops", "plan"},
    "src/io": {"base", "kernel", "data", "expr", "io"},
    "src/ml": {"base", "kernel", "data", "expr", "ops", "ml"},
    "src/plot": {"base", "kernel", "data", "expr", "ops", "plot"},
}
APPLICATIONS = ("bindings", "src/cli", "src/report", "src/finance", "src/etl", "src/serve", "examples", "bench")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.M)


def includes(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def sources(root, directory):
    return [p for p in (root / directory).rglob("*") if p.suffix in (".c", ".h", ".inc")]


def test_no_directory_looks_up(root):
    wrong = []
    for directory, allowed in MAY_SEE.items():
        for path in sources(root, directory):
            for mark, name in includes(path):
                if mark == "<":
                    continue
                layer = name.split("/")[0] if "/" in name else None
                if layer is None:
                    wrong.append(f'{path.relative_to(root)}: "{name}" lacks its directory')
                elif layer not in allowed:
                    wrong.append(f'{path.relative_to(root)}: may not see "{name}"')
    assert not wrong, "\n".join(wrong)


def test_applications_use_public_headers_only(root):
    wrong = []
    for directory in APPLICATIONS:
        for path in sources(root, directory):
            for mark, name in includes(path):
                own = mark == '"' and any((root / base / name).exists() for base in (path.parent, root / "src"))
                inside = own and (root / "src" / name).exists() and not (path.parent / name).exists() \
                    and not f"src/{name}".startswith(directory + "/")
                if mark == '"' and (not own or inside):
                    wrong.append(f'{path.relative_to(root)}: "{name}"')
    assert not wrong, "\n".join(wrong)


def test_public_headers_include_public_headers_only(root):
    wrong = [f'{path.relative_to(root)}: "{name}"'
             for path in (root / "include").rglob("*.h") for mark, name in includes(path)
             if mark == '"' or (name.startswith("frame/") and not (root / "include" / name).exists())]
    assert not wrong, "\n".join(wrong)


def test_includes_are_found_and_written_once(root):
    wrong = []
    for directory in MAY_SEE:
        for path in sources(root, directory):
            names = [name for mark, name in includes(path) if not name.endswith((".inc.h", ".def.h", "one_type.h"))
                     and "for_each" not in name]
            wrong += [f"{path.relative_to(root)}: {name} twice" for name in set(names) if names.count(name) > 1]
            for mark, name in includes(path):
                if mark == '"' and not any((root / base / name).exists() for base in ("src/frame", "src")):
                    wrong.append(f'{path.relative_to(root)}: no file "{name}"')
    assert not wrong, "\n".join(wrong)
