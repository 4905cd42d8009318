/* The calendar, walked day by day beside a slow twin that only counts. */
#include "base/civil.h"

#include "support/test.h"

/* One day at a time from 0001-01-01, a Monday, day -719162, with weeks counted as they pass. */
TEST(every_day_of_the_years_1_to_9999)
{
    int64_t days = -719162;
    int wrong = 0;
    for (int year = 1; year <= 9999; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        wrong += fr_civil_is_leap(year) != leap;
        int day_of_year = 0;
        for (int month = 1; month <= 12; month++) {
            static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
            int length = lengths[month - 1] + (month == 2 && leap);
            wrong += fr_civil_month_days(year, month) != length;
            for (int day = 1; day <= length; day++, days++) {
                fr_civil date = fr_civil_from_days(days);
                wrong += date.year != year || date.month != month || date.day != day ||
                         fr_civil_days(year, month, day) != days;
                day_of_year++;
                if (day == 1 || day == length || day_of_year < 8)
                    wrong += fr_civil_day_of_year(days) != day_of_year ||
                             fr_civil_month_end(days) != days - day + length;
            }
        }
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(days, 2932897);                       /* 10000-01-01 */
}

TEST(weeks_run_on_through_all_years)
{
    int wrong = 0, weekday = 0, week = 1, year = 1;          /* 0001-01-01 is a Monday: week 1 of year 1 */
    for (int64_t days = -719162; days < 2932897 - 366; days++) {
        fr_iso_week iso = fr_civil_iso(days);
        wrong += iso.day != weekday + 1 || fr_civil_weekday(days) != weekday || iso.week != week || iso.year != year;
        weekday = (weekday + 1) % 7;
        if (weekday != 0) continue;
        week++;
        /* a new year begins with the week whose Thursday lies in it */
        if (fr_civil_from_days(days + 1 + 3).year != year) year++, week = 1;
    }
    CHECK_INT(wrong, 0);
    fr_iso_week iso = fr_civil_iso(fr_civil_days(2021, 1, 3));
    CHECK_INT(iso.year * 100 + iso.week, 202053);
    iso = fr_civil_iso(fr_civil_days(2020, 12, 31));
    CHECK_INT(iso.year * 100 + iso.week, 202053);
}

TEST(months_clip_at_their_end)
{
    CHECK_INT(fr_civil_add_months(fr_civil_days(2020, 1, 31), 1), fr_civil_days(2020, 2, 29));
    CHECK_INT(fr_civil_add_months(fr_civil_days(2020, 3, 31), -1), fr_civil_days(2020, 2, 29));
    CHECK_INT(fr_civil_add_months(fr_civil_days(2020, 2, 29), 12), fr_civil_days(2021, 2, 28));
    CHECK_INT(fr_civil_add_months(fr_civil_days(2020, 2, 29), 48), fr_civil_days(2024, 2, 29));
    CHECK_INT(fr_civil_add_months(fr_civil_days(2019, 12, 15), -24), fr_civil_days(2017, 12, 15));
    CHECK_INT(fr_civil_add_months(fr_civil_days(1, 1, 15), -1), fr_civil_days(0, 12, 15));
    for (int month = 1; month <= 12; month++) CHECK_INT(fr_civil_quarter(month), (month - 1) / 3 + 1);
}

TEST(dates_are_valid_or_not)
{
    CHECK(fr_civil_valid(2020, 2, 29) && !fr_civil_valid(2020, 2, 30) && !fr_civil_valid(2021, 2, 29) &&
        !fr_civil_valid(1900, 2, 29));
    CHECK(fr_civil_valid(2000, 2, 29) && !fr_civil_valid(2020, 13, 1) && !fr_civil_valid(2020, 0, 1) &&
        !fr_civil_valid(2020, 4, 31) &&
          !fr_civil_valid(2020, 4, 0));
}

TEST(far_away_days_come_back)
{
    static const int64_t days[] = { INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX, -719468, -719469,
                                    146097 * 7 - 719468 };
    for (size_t i = 0; i < FR_COUNT_OF(days); i++) {
        fr_civil date = fr_civil_from_days(days[i]);
        CHECK(fr_civil_valid(date.year, date.month, date.day));
        CHECK_INT(fr_civil_days(date.year, date.month, date.day), days[i]);
    }
}
