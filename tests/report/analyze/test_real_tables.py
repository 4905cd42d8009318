"""On real tables: the roles a person would give, and none of the statements that make a report silly."""
import collections
import csv
import json
import os
import subprocess

import pytest

# the amount that is found (None: a profile), and roles of the columns that could be mistaken
TABLES = {
    "adult_test": (None, {"column_1": "measure", "column_2": "category", "column_10": "category"}),
    "adult_train": (None, {"column_3": "measure", "column_14": "category"}),
    "airline_passengers": (None, {"year": "time part", "month": "time part", "passengers": "quantity"}),
    "birdstrikes": ("`Cost Total $`", {"Flight Date": "date", "Origin State": "category", "Wildlife Size": "category"}),
    "diamonds": (None, {"price": "price", "carat": "measure", "cut": "category", "depth": "measure"}),
    "dowjones": (None, {"Date": "date", "Price": "price"}),
    "healthexp": (None, {"Year": "time part", "Country": "category", "Life_Expectancy": "measure"}),
    "housing": (None, {"longitude": "coordinate", "latitude": "coordinate", "median_income": "measure",
                       "median_house_value": "measure", "total_rooms": "measure", "ocean_proximity": "category"}),
    "iris": (None, {"sepal_length": "measure", "species": "category"}),
    "mpg": (None, {"model_year": "time part", "cylinders": "level", "origin": "category", "name": "text", "mpg": "measure"}),
    "nyc_airlines": (None, {"carrier": "id", "name": "text"}),
    "nyc_airports": (None, {"faa": "id", "lat": "coordinate", "lon": "coordinate", "alt": "measure"}),
    "nyc_flights": (None, {"rownames": "id", "year": "constant", "month": "time part", "dep_time": "time part",
                           "flight": "code", "tailnum": "key", "distance": "measure", "origin": "category"}),
    "nyc_planes": (None, {"tailnum": "id", "year": "time part", "engines": "level", "seats": "measure"}),
    "nyc_weather": (None, {"year": "constant", "hour": "time part", "time_hour": "date", "temp": "measure"}),
    "penguins": (None, {"bill_length_mm": "measure", "species": "category", "body_mass_g": "measure"}),
    "planets": (None, {"year": "time part", "method": "category", "number": "level"}),
    "seattle-weather": (None, {"date": "date", "precipitation": "measure", "weather": "category"}),
    "sp500-2000": (None, {"date": "date", "open": "measure", "volume": "measure"}),
    "stocks": (None, {"symbol": "category", "date": "date", "price": "price"}),
    "taxis": ("total", {"pickup": "date", "fare": "amount", "distance": "measure", "passengers": "quantity",
                        "pickup_borough": "category"}),
    "tips": ("total_bill", {"tip": "amount", "day": "category", "size": "level"}),
    "titanic": (None, {"survived": "flag", "pclass": "level", "sex": "category", "age": "measure", "alone": "flag"}),
    "zipcodes": (None, {"zip_code": "code", "latitude": "coordinate", "state": "category", "city": "text"}),
}

# the time series among them: measure, date, a line for each, day or month
COURSES = {
    "airline_passengers": ("passengers", "year, month", None, "day"),
    "dowjones": ("Price", "Date", None, "month"),
    "healthexp": ("Life_Expectancy", "Year", "Country", "day"),
    "nyc_weather": ("temp", "time_hour", "origin", "day"),
    "seattle-weather": ("temp_max", "date", None, "month"),
    "sp500-2000": ("close", "date", None, "month"),
    "stocks": ("price", "date", "symbol", "day"),
}

# what is never summed, averaged over rows in an alert, correlated, or drawn as a bar chart
NO_NUMBERS = {"id", "key", "code", "time part", "coordinate", "constant"}


@pytest.fixture(scope="module")
def analysed(frame_command, data):
    found = {}

    def run(name):
        path = data / "real" / f"{name}.csv"
        if not path.exists():
            pytest.skip(f"no {name}.csv")
        if name not in found:
            result = subprocess.run([frame_command, "analyze", str(path), "--json"], capture_output=True, text=True, timeout=600,
                                    env=dict(os.environ, FRAME_LEAKS="1"))
            assert result.returncode == 0 and "leak" not in result.stderr, result.stderr
            found[name] = json.loads(result.stdout)
        return found[name]
    return run


@pytest.mark.parametrize("name", TABLES)
def test_roles_are_those_a_person_would_give(analysed, name):
    amount, roles = TABLES[name]
    found = analysed(name)
    assert (found["roles"]["amount"] or {}).get("column") == amount
    assert {c["name"]: c["role"] for c in found["columns"] if c["name"] in roles} == roles


@pytest.mark.parametrize("name", TABLES)
def test_nothing_silly_is_said(analysed, name):
    found = analysed(name)
    role = {c["name"]: c["role"] for c in found["columns"]}
    rows = found["rows"]
    assert rows["in"] == rows["kept"] + rows["duplicates"] + rows["rejected"] and rows["rejected"] == 0
    assert rows["duplicates"] == 0                          # none of these tables has a column that was meant to be unique twice
    for pair in found["correlations"]:
        assert not {role[pair["a"]], role[pair["b"]]} & NO_NUMBERS and abs(pair["r"]) <= 1
    for alert in found["alerts"]:
        if alert["kind"] in ("skew", "zeros", "negative"):
            assert role[alert["column"]] not in NO_NUMBERS
    for column in found["columns"]:
        assert not (column["role"] in ("id", "text", "constant") and column.get("values")), column["name"]
        assert column["confidence"] >= 0.5 and column["reason"]
    if not found["roles"]["amount"]:
        assert "total" not in found and "over_time" not in found


@pytest.mark.parametrize("name", TABLES)
def test_a_time_series_has_a_course_and_nothing_else_has(analysed, name):
    course = analysed(name)["measure_over_time"]
    assert (course and (course["measure"], course["date"], course["by"], course["unit"])) == COURSES.get(name)


def test_the_course_of_a_month_is_the_mean_of_its_days(analysed, data):
    months = collections.defaultdict(list)
    found = analysed("sp500-2000")["measure_over_time"]["points"]
    with open(data / "real" / "sp500-2000.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            months[row["date"][:7]].append(float(row["close"]))
    assert [point["from"] for point in found] == [month + "-01" for month in sorted(months)]
    for point, month in zip(found, sorted(months), strict=True):
        assert point["mean"] == pytest.approx(sum(months[month]) / len(months[month]), rel=1e-12)


def test_the_course_of_a_day_is_its_value(analysed):
    points = analysed("stocks")["measure_over_time"]["points"]
    assert len(points) == 560 and {point["value"] for point in points} == {"AAPL", "AMZN", "GOOG", "IBM", "MSFT"}
    assert next(point["mean"] for point in points if (point["value"], point["from"]) == ("MSFT", "2000-01-01")) == 39.81


def test_months_stand_in_the_order_of_the_calendar(analysed):
    month = next(column for column in analysed("airline_passengers")["columns"] if column["name"] == "month")
    assert [bar["value"] for bar in month["values"]] == [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December"]
