"""Figures of datasets/sales_data.csv by pandas and decimal, apart from libframe: python3 make.py SALES_DATA.csv > sales.json

Oracle: pandas 3.1.1, Python 3.11 `decimal`. What is computed here was not read off libframe: dates by strptime of the three
spellings, quantities by int(), duplicates by DataFrame.duplicated, missing prices by the median of the product's decimal
prices, sums in Decimal.
"""
import datetime
import json
import statistics
import sys
from decimal import Decimal

import pandas as pd

FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%b %d, %Y"]


def date_of(text):
    for form in FORMATS:
        try:
            return datetime.datetime.strptime(text, form).date()
        except ValueError:
            pass
    return None


def whole(text):
    return int(text) if text.isascii() and text.isdigit() else None


def grouped(sales, column, most):
    sums = sales.groupby(column, sort=False).agg(amount=("amount", "sum"), rows=("amount", "size"), units=("quantity", "sum"))
    sums = sums.sort_values("amount", ascending=False, kind="stable")
    total = sum(sales["amount"])
    lines = [{"value": key, "amount": str(row.amount), "rows": int(row.rows), "units": int(row.units),
              "share": float(row.amount / total)} for key, row in sums.head(most).iterrows()]
    shares = [amount / total for amount in sums["amount"]]
    running, n_for_80 = Decimal(0), 0
    for share in shares:
        running += share
        n_for_80 += 1
        if running >= Decimal("0.8"):
            break
    return {"groups": len(sums), "top10_share": float(sum(shares[:10])), "groups_for_80_percent": n_for_80, "lines": lines}


def main(path):
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    n_in = len(raw)
    raw["date"] = raw["order_date"].map(date_of)
    raw["pieces"] = raw["quantity"].map(whole)
    bad = raw["date"].isna() | raw["pieces"].isna()
    sales = raw[~bad].drop(columns=["order_date", "quantity"])
    sales = sales.rename(columns={"pieces": "quantity"})
    repeated = sales.duplicated()
    sales = sales[~repeated].copy()
    sales["quantity"] = sales["quantity"].map(int)
    n_price, n_region = int((sales["unit_price"] == "").sum()), int((sales["region"] == "").sum())
    known = sales[sales["unit_price"] != ""]
    medians = {product: statistics.median(map(Decimal, prices)) for product, prices in known.groupby("product")["unit_price"]}
    sales["price"] = [Decimal(text) if text else medians[product] for text, product in zip(sales["unit_price"], sales["product"])]
    sales.loc[sales["region"] == "", "region"] = "Unknown"
    sales["amount"] = [q * p for q, p in zip(sales["quantity"], sales["price"])]
    sales["month"] = [day.strftime("%Y-%m") for day in sales["date"]]
    months = sales.groupby("month").agg(amount=("amount", "sum"), rows=("amount", "size")).sort_index()
    first, last = min(sales["date"]), max(sales["date"])
    days = pd.Series(pd.date_range(first, last)).dt.day_of_week.value_counts()
    by_day = sales.groupby([day.weekday() for day in sales["date"]])["amount"].sum()
    amounts = list(months["amount"])
    out = {
        "oracle": f"pandas {pd.__version__}",
        "rows": {"in": n_in, "kept": len(sales), "duplicates": int(repeated.sum()), "rejected": int(bad.sum()),
                 "filled": n_price + n_region},
        "total": str(sum(sales["amount"])), "units": int(sales["quantity"].sum()), "first": str(first), "last": str(last),
        "by": grouped(sales, "region", 12), "top": grouped(sales, "product", 10), "customers": grouped(sales, "customer_id", 10),
        "months": [{"period": month, "amount": str(row.amount), "rows": int(row.rows)} for month, row in months.iterrows()],
        "change": float(amounts[-1] / amounts[-2] - 1), "change_on_year_before": float(amounts[-1] / amounts[-13] - 1),
        "twelve_months_change": float(sum(amounts[-12:]) / sum(amounts[-24:-12]) - 1),
        "weekday_mean": [float(by_day[w]) / int(days[w]) for w in range(7)],
        "quantity": {"mean": float(sales["quantity"].mean()), "std": float(sales["quantity"].std()),
                     "q3": float(sales["quantity"].quantile(0.75)), "skew": float(sales["quantity"].skew())},
        "r_quantity_price": float(sales["quantity"].corr(sales["price"].astype(float))),
    }
    json.dump(out, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
