"""NIST's certified values (StRD): what libframe computes of its data sets against them, in digits that agree.

The data lie beside the repository (../shared/data/nist); without them each test is skipped by its name. A certified value
is of the decimal numbers in the file; where these are hard to hold as doubles, the digits that doubles allow are asked for.
"""
import math
import pathlib
import re

import libframe as lf
import pytest

NIST = pathlib.Path(__file__).parents[3] / "shared" / "data" / "nist"
NUMBER = r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?"


@pytest.fixture
def lines(request):
    """The lines of the file that the test is about."""
    name = request.getfixturevalue("name")
    path = NIST / f"{name}.dat"
    if not path.exists():
        pytest.skip(f"{name}.dat is not beside the repository")
    return path.read_text(encoding="latin-1").splitlines()


def table(rows, columns):
    """Rows of numbers as the CSV reader reads them."""
    return lf.read_csv("\n".join([",".join(columns), *(",".join(row) for row in rows)]).encode(),
                       dtypes=dict.fromkeys(columns, "f64"))


def digits(found, certified):
    """How many digits agree, 15 at most."""
    if found == certified:
        return 15
    error = abs(found - certified) / abs(certified) if certified else abs(found)
    return min(15, -math.log10(error))


def number(lines, pattern):
    """The first number behind what the pattern finds."""
    return float(re.search(rf"{pattern}\s*({NUMBER})", "\n".join(lines))[1])


def data(lines, header):
    """The rows below the line that the pattern finds."""
    first = next(i for i, line in enumerate(lines) if re.match(header, line))
    return [line.split() for line in lines[first + 1:] if re.fullmatch(rf"\s*{NUMBER}(\s+{NUMBER})*\s*", line)]


def agree(found, certified, least):
    exact = [digits(*pair) for pair in zip(found, certified)]
    assert [a >= b for a, b in zip(exact, least)] == [True] * len(certified), exact


# ---- one variable ------------------------------------------------------------------------------------------------------
# digits of mean, standard deviation and lag-1 autocorrelation
UNIVARIATE = {"Lew": (14, 14, 14), "Lottery": (14, 14, 14), "Mavro": (14, 12, 12), "Michelso": (14, 13, 13),
              "NumAcc1": (15, 15, 14), "NumAcc2": (14, 14, 13), "NumAcc3": (14, 9, 9), "NumAcc4": (14, 8, 8)}


@pytest.mark.parametrize("by", [None, "g"])
@pytest.mark.parametrize("name", UNIVARIATE)
def test_univariate(name, by, lines):
    df = table(data(lines, "-----"), ["y"]).with_("g = 1")
    assert len(df) == number(lines, "Number of Observations:")
    summary = df.group(by, "m = mean(y); s = std(y)")
    lagged = df.with_("d = y - mean(y); e = shift(y - mean(y))").group(by, "n = sum(d * e); q = sum(d * d)").with_("r = n / q")
    certified = number(lines, "Sample Mean[^:]*:"), number(lines, "Sample Standard Deviation[^:]*:"), \
        number(lines, r"Sample Autocorrelation.*r\(1\):")
    agree((summary["m"][0], summary["s"][0], lagged["r"][0]), certified, UNIVARIATE[name])


# ---- analysis of variance ------------------------------------------------------------------------------------------------
# digits of the F statistic and of the residual standard deviation; of the last six doubles hold four or ten places less
ANOVA = {"SiRstvt": (12, 12), "AtmWtAgt": (9, 9), "SmLs01t": (14, 14), "SmLs02t": (13, 13), "SmLs03t": (12, 12),
         "SmLs04t": (9, 9), "SmLs05t": (9, 9), "SmLs06t": (9, 9), "SmLs07t": (2, 2), "SmLs08t": (2, 2), "SmLs09t": (2, 2)}


@pytest.mark.parametrize("name", ANOVA)
def test_analysis_of_variance(name, lines):
    rows = data(lines, r"Data:\s*$")[1:]                    # below the numbers of the treatments
    df = table([(str(i), y) for row in rows for i, y in enumerate(row)], ["treatment", "y"])
    assert len(df) == number(lines, "Replicates/Cell\n")
    centred = df.with_("d = y - mean(y)")
    groups = centred.group("treatment", "n = count(d); m = mean(d); v = var(d)")
    sums = groups.group(None, "among = sum(n * m * m); within = sum((n - 1) * v); k = size(); n = sum(n)")
    f = sums.with_("f = (among / (k - 1)) / (within / (n - k)); s = sqrt(within / (n - k))")
    certified = float(re.search(rf"Between \w+\s+.*\s({NUMBER})\s*$", "\n".join(lines), re.M)[1]), \
        float(re.search(rf"Standard Deviation\s+({NUMBER})", "\n".join(lines))[1])
    agree((f["f"][0], f["s"][0]), certified, ANOVA[name])


# ---- a line --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["Norris"])
def test_a_line_by_cov_var_and_corr(name, lines):
    df = table(data(lines, r"Data:\s+y\s+x"), ["y", "x"])
    line = df.group(None, "b1 = cov(x, y) / var(x); r = corr(x, y); x = mean(x); y = mean(y)").with_("b0 = y - b1 * x")
    certified = number(lines, r"\bB0"), number(lines, r"\bB1"), number(lines, "R-Squared")
    agree((line["b0"][0], line["b1"][0], line["r"][0] ** 2), certified, (12, 14, 14))
