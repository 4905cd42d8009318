"""The sample data holds exactly the faults its documentation counts."""
import csv
import subprocess
from collections import Counter

import pytest


@pytest.fixture(scope="module")
def made(build, tmp_path_factory):
    directory = tmp_path_factory.mktemp("datasets")
    subprocess.run([build / "bin" / "make-datasets", directory], check=True)
    return directory


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_sales_has_the_promised_rows_and_faults(made):
    header, *rows = rows_of(made / "sales_data.csv")
    assert header == ["order_id", "order_date", "region", "product", "category", "customer_id", "quantity",
                      "unit_price", "channel"]
    assert len(rows) == 50_000 and {len(row) for row in rows} == {9}
    repeats = [n - 1 for n in Counter(map(tuple, rows)).values() if n > 1]
    assert repeats == [1] * 127
    assert len({row[0] for row in rows}) == 50_000 - 127
    assert sum(row[7] == "" for row in rows) == 30
    assert sum(row[2] == "" for row in rows) == 15
    assert sum(cell == "" for row in rows for cell in row) == 45
    assert sum(not row[6].isdigit() for row in rows) == 8


def test_dates_come_in_three_forms_and_eight_are_none(made):
    from datetime import datetime

    forms, bad = Counter(), []
    for row in rows_of(made / "sales_data.csv")[1:]:
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%b %d, %Y"):
            try:
                datetime.strptime(row[1], form)
                forms[form] += 1
                break
            except ValueError:
                pass
        else:
            bad.append(row[1])
    assert len(forms) == 3 and min(forms.values()) > 5_000
    assert len(bad) == 8


def test_every_product_and_region_has_its_row(made):
    sales = rows_of(made / "sales_data.csv")[1:]
    assert {row[3] for row in sales} == {row[0] for row in rows_of(made / "products.csv")[1:]}
    assert {row[2] for row in sales} - {""} == {row[0] for row in rows_of(made / "regions.csv")[1:]}


def test_committed_sets_are_the_generated_ones(root, made):
    for name in ("products.csv", "regions.csv"):
        assert (root / "datasets" / name).read_bytes() == (made / name).read_bytes()
