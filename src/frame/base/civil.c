/* civil.c — the calendar as arithmetic.
 *
 * A year that begins on 1 March has its leap day at the end, and 400 such years are always 146097 days. The months from
 * March have lengths 31 30 31 30 31 | 31 30 31 30 31 | 31 28/29, so that the days before month m (0 = March) are
 * (153 m + 2) / 5. Both ways are then a few divisions, without tables or loops.
 *
 * Source: the idea of an era of 400 years and a year that starts in March is H. Hinnant's, "chrono-compatible low-level
 * date algorithms".
 */
#include "base/civil.h"

#define DAYS_PER_ERA    146097
#define YEARS_PER_ERA   400
#define DAYS_TO_EPOCH   719468         /* 0000-03-01 … 1970-01-01 */

int64_t fr_civil_days(int64_t year, int month, int day)
{
    year -= month < 3;
    int64_t era = fr_floor_div(year, YEARS_PER_ERA), y = year - era * YEARS_PER_ERA;
    int m = month < 3 ? month + 9 : month - 3;
    int64_t day_of_year = (153 * m + 2) / 5 + day - 1;
    return era * DAYS_PER_ERA + y * 365 + y / 4 - y / 100 + day_of_year - DAYS_TO_EPOCH;
}

fr_civil fr_civil_from_days(int64_t days)
{
    days += DAYS_TO_EPOCH;
    int64_t era = fr_floor_div(days, DAYS_PER_ERA);
    unsigned day = (unsigned)(days - era * DAYS_PER_ERA);                             /* 0 … 146096 */
    unsigned y = (day - day / 1460 + day / 36524 - day / 146096) / 365;               /* 0 … 399, leap days taken out */
    unsigned day_of_year = day - (365 * y + y / 4 - y / 100);                         /* from 1 March */
    unsigned m = (5 * day_of_year + 2) / 153;
    int month = m < 10 ? (int)m + 3 : (int)m - 9;
    return (fr_civil){ era * YEARS_PER_ERA + y + (month < 3), month,
                       (int32_t)(day_of_year - (153 * m + 2) / 5 + 1) };
}

int fr_civil_day_of_year(int64_t days)
{
    return (int)(days - fr_civil_days(fr_civil_from_days(days).year, 1, 1)) + 1;
}

/* The Monday that begins ISO week 1: that of the week with 4 January. */
static int64_t iso_year_start(int64_t year)
{
    int64_t fourth = fr_civil_days(year, 1, 4);
    return fourth - fr_civil_weekday(fourth);
}

fr_iso_week fr_civil_iso(int64_t days)
{
    int weekday = fr_civil_weekday(days);
    int64_t year = fr_civil_from_days(days - weekday + 3).year;         /* a week belongs to the year of its Thursday */
    return (fr_iso_week){ year, (int32_t)((days - iso_year_start(year)) / 7) + 1, weekday + 1 };
}

int64_t fr_civil_add_months(int64_t days, int64_t months)
{
    fr_civil date = fr_civil_from_days(days);
    int64_t month = date.year * INT64_C(12) + date.month - 1 + months;
    int64_t year = fr_floor_div(month, 12);
    int in_year = (int)fr_floor_mod(month, 12) + 1, most = fr_civil_month_days(year, in_year);
    return fr_civil_days(year, in_year, date.day < most ? date.day : most);
}

int64_t fr_civil_month_end(int64_t days)
{
    fr_civil date = fr_civil_from_days(days);
    return days - date.day + fr_civil_month_days(date.year, date.month);
}
