"""The package around the module: stubs, the command, what is public, what the extension needs."""
import ast
import inspect
import pathlib
import re
import subprocess
import sys

import libframe as lf
import pytest

PACKAGE = pathlib.Path(lf.__file__).parent
STUBS = PACKAGE / "__init__.pyi"


def stub_tree():
    return ast.parse(STUBS.read_text())


def names_in(body):
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


@pytest.mark.skipif(not STUBS.exists(), reason="a build with sanitizers has no stubs")
def test_stubs_say_what_there_is():
    tree = stub_tree()
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    assert names_in(tree.body) == set(lf.__all__)
    given = {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
    assert not {name for name in given if not name.startswith("_")}, "a name that can be imported nowhere but here"
    for name in ("DataFrame", "Column", "Scan", "Steps", "Context"):
        public = {member for member in dir(getattr(lf, name)) if not member.startswith("_")}
        assert {member for member in names_in(classes[name].body) if not member.startswith("_")} == public, name


@pytest.mark.skipif(not STUBS.exists(), reason="a build with sanitizers has no stubs")
def test_stubs_have_the_same_parameters():
    tree = stub_tree()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            owner = getattr(lf, node.name)
            functions = [(owner, one) for one in node.body if isinstance(one,
                                                                         ast.FunctionDef) and not one.name.startswith("_")]
        elif isinstance(node, ast.Module):
            functions = [(lf, one) for one in node.body if isinstance(one, ast.FunctionDef)]
        else:
            continue
        for owner, function in functions:
            real = inspect.getattr_static(owner, function.name)
            overloaded = any(getattr(one, "id", "") == "overload" for one in function.decorator_list)
            if overloaded or not (callable(real) or isinstance(real, (classmethod, staticmethod))):
                continue
            try:
                parameters = list(inspect.signature(getattr(owner, function.name)).parameters)
            except ValueError:
                continue
            of = function.args
            stub = [a.arg for a in [*of.posonlyargs, *of.args, *([of.vararg] if of.vararg else []), *of.kwonlyargs,
                                      *([of.kwarg] if of.kwarg else [])]]
            stub = stub[1:] if inspect.ismethod(getattr(owner, function.name)) else stub
            assert stub == parameters or function.name == "write_csv", function.name


def test_py_typed_and_version():
    assert (PACKAGE / "py.typed").exists()
    assert re.fullmatch(r"\d+\.\d+\.\d+", lf.__version__)


def test_everything_public_is_documented():
    for name in lf.__all__:
        thing = getattr(lf, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (callable(value) or hasattr(value, "__get__")):
                    assert inspect.getdoc(getattr(thing, member)), f"{name}.{member}"


@pytest.mark.skipif("asan" in str(PACKAGE), reason="the command has a sanitizer of its own")
def test_the_command(tmp_path, python):
    (tmp_path / "a.csv").write_text("a,b\n1,x\n2,y\n")
    program = f"import runpy, sys; sys.path[:0] = [{str(PACKAGE.parent)!r}]; runpy.run_module('libframe', run_name='__main__')"

    def run(*words, **more):
        return subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, **more)

    assert run("--version").stdout == f"frame {lf.__version__}\n"
    assert run("filter", str(tmp_path / "a.csv"), "a > 1", "--csv").stdout == "a,b\n2,y\n"
    assert run("-", "--csv", input="p\n1\n").stdout == "p\n1\n"
    assert run("nosuch.csv").returncode not in (0, None)


def test_the_extension_keeps_to_the_stable_abi():
    """Only names of the limited API of 3.11, and no libpython."""
    needed = subprocess.run(["objdump", "-p", PACKAGE / "_core.abi3.so"], capture_output=True, text=True)
    if needed.returncode:
        pytest.skip("no objdump")
    assert "libpython" not in needed.stdout and "libframe-1.so.0" in needed.stdout
    symbols = subprocess.run(["nm", "-D", "--undefined-only", PACKAGE / "_core.abi3.so"], capture_output=True,
                             text=True).stdout
    private = {name for name in re.findall(r"\bU (_Py\w+)", symbols) if not name.endswith("_SizeT")}
    assert private <= {"_Py_Dealloc", "_Py_NoneStruct", "_Py_TrueStruct", "_Py_FalseStruct", "_Py_IncRef", "_Py_DecRef"}
    assert len(re.findall(r"\bU Py", symbols)) > 50
    exported = subprocess.run(["nm", "-D", "--defined-only", PACKAGE / "_core.abi3.so"], capture_output=True,
                              text=True).stdout
    assert re.findall(r"\bT (\w+)", exported) == ["PyInit__core"]


def test_help_reads_well():
    text = inspect.getdoc(lf.DataFrame.join)
    assert text.startswith("Combine with another frame by matching keys, or by places.\n\nright: the other frame")
    assert "    'left': every left row; nulls where right has no match" in text
    assert str(inspect.signature(lf.DataFrame.sort)) == "(self, by=None, *more, descending=False, nulls_first=False)"


@pytest.mark.skipif(not STUBS.exists(), reason="a build with sanitizers has no stubs")
def test_stubs_take_what_methods_take():
    lines = {line.split("(")[0].split()[-1]: line for line in reversed(STUBS.read_text(encoding="utf-8").splitlines())
             if line.startswith("    def ")}
    assert "**new: Iterable[Any]" in lines["with_"] and "**new: str" in lines["group"]      # values, too: with_(n=[1, 2])
    assert "Mapping[str, _Type]" in lines["cast"] and "Mapping[str, str]" in lines["rename"]
