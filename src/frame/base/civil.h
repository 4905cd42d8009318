/* civil.h — days and calendar dates: the proleptic Gregorian calendar, weeks, months, quarters.
 *
 * A date is a count of days since 1970-01-01. All functions are exact for every day that seconds in an int64 reach;
 * years are astronomical (0 is 1 BC). A worked example, day 18321:
 *
 *     fr_civil_from_days(18321)     → 2020-02-29
 *     fr_civil_add_months(18321, 12) → 2021-02-28    clipped to the month's end
 *     fr_civil_weekday(18321)       → 5              Saturday; Monday is 0
 *     fr_civil_iso(18321)           → 2020-W09-6
 */
#ifndef FR_BASE_CIVIL_H
#define FR_BASE_CIVIL_H

#include "base/compiler.h"

typedef struct fr_civil { int64_t year; int32_t month, day; } fr_civil;           /* month 1 … 12, day 1 … 31 */
typedef struct fr_iso_week { int64_t year; int32_t week, day; } fr_iso_week;      /* week 1 … 53, day Monday 1 … 7 */

#define FR_SECONDS_PER_DAY 86400

/** Quotient and remainder of division that rounds down: -1 = -1 × 7 + 6. Requires b > 0. */
static inline int64_t fr_floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }
static inline int64_t fr_floor_mod(int64_t a, int64_t b) { int64_t r = a % b; return r < 0 ? r + b : r; }

static inline bool fr_civil_is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
static inline int fr_civil_month_days(int64_t year, int month)       /* 28 … 31 */
{
    return month == 2 ? 28 + fr_civil_is_leap(year) : 30 + ((month + (month >> 3)) & 1);
}
static inline bool fr_civil_valid(int64_t year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= fr_civil_month_days(year, month);
}

/** Days since 1970-01-01. Requires a valid date; any year of ±2^40. */
FR_PRIVATE int64_t fr_civil_days(int64_t year, int month, int day);

/** The date of a day, any of ±2^48. */
FR_PRIVATE fr_civil fr_civil_from_days(int64_t days);

/** Monday 0 … Sunday 6 (pandas' weekday; add 1 for ISO). */
static inline int fr_civil_weekday(int64_t days) { return (int)fr_floor_mod(days + 3, 7); }

/** 1 … 366. */
int fr_civil_day_of_year(int64_t days);

/** ISO 8601 year, week and weekday; the year may differ from the calendar's near 1 January. */
fr_iso_week fr_civil_iso(int64_t days);

/** 1 … 4. */
static inline int fr_civil_quarter(int month) { return (month + 2) / 3; }

/** Same day `months` later (or earlier), clipped to the month's last: Jan 31 + 1 month = Feb 29 or 28. */
int64_t fr_civil_add_months(int64_t days, int64_t months);

/** Last day of the month that holds `days`. */
int64_t fr_civil_month_end(int64_t days);

#endif
