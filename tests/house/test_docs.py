"""Every exported prototype has a docstring with the house's labels in the house's order."""
import re

from source import code_of, line_at, prototypes, public_headers, short, text_of

LABELS = ["Shape", "Types", "Nulls", "Units", "Order", "Cost", "Returns", "Errors", "Equals", "Source"]


def docstring_before(text, position):
    """The comment that ends right above, other prototypes (which share it) and preprocessor lines in between allowed."""
    above = text[:position].rstrip()
    while True:
        last = above.rsplit("\n", 1)[-1]
        if above.endswith("*/"):
            start = above.rfind("/*")
            return above[start:]
        block = above.rsplit("\n\n", 1)[-1]
        if re.search(r"^FR_API\b", block, re.M) and above.endswith(";"):
            above = above[:above.rfind("FR_API")].rstrip()
        elif last.startswith("#"):
            above = above[:-len(last)].rstrip()
        else:
            return ""


def complaints_about(name, doc, declaration):
    if not doc.startswith("/**"):
        return ["no docstring"]
    found = []
    labels = re.findall(r"^ \* ([A-Z][a-z]+) {2,}\S", doc, re.M)
    unknown = [label for label in labels if label not in LABELS]
    if unknown:
        found.append(f"unknown labels {unknown}")
    ranks = [LABELS.index(label) for label in labels if label in LABELS]
    if ranks != sorted(ranks):
        found.append(f"labels out of order: {labels}")
    if re.search(r"\bAs fr_\w+\.|The plain function behind", doc):
        return found                                    # everything else is said there
    if not re.search(r"\bCost\b", doc):
        found.append("no Cost")
    returns_pointer = "*" in declaration.split(name)[0]
    if returns_pointer and not re.search(r"\bReturns\b|\blent\b|\bowned\b", doc):
        found.append("no Returns, so who owns the result?")
    return found


def test_every_public_function_is_documented():
    wrong = []
    for header in public_headers():
        for name, position, declaration in prototypes(header):
            doc = docstring_before(text_of(header), position)
            for complaint in complaints_about(name, doc, declaration):
                wrong.append(f"{short(header)}:{line_at(code_of(header), position)}: {name}: {complaint}")
    assert not wrong, "\n".join(wrong)
