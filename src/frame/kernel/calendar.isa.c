/* calendar.isa.c — the loops of calendar.h, once per instruction set.
 *
 * Years begin on 1 March, so that the leap day is the last, and days are counted from such a year that is a multiple of
 * 400: four centuries are 146097 days, four years within one 1461, five months from March 153. Quotients of few bits are
 * products and shifts, which is exact up to the number beside them.
 *
 * Source: the year that starts in March is that of base/civil.c; 4 n + 3 days by those of four centuries is the folklore
 * of leap days that come at the end of a cycle.
 */
#include "kernel/calendar.h"

#define ERA_DAYS   146097
#define ERAS       1840                                        /* of 400 years: 268,818,480 days > 2^28        */
#define TO_ERA     (UINT32_C(719468) + UINT32_C(146097) * ERAS)     /* from the first day of the count to 1970   */
#define TO_MONDAY  (UINT32_C(7) * 38347923 + 3)                /* 1970 began on a Thursday; > 2^28            */

/* The March of the count's year, in which a day lies. */
typedef struct place { uint32_t century, year, day, month, in_month; } place;

FR_TEMPLATE_FN place place_of(int32_t day)
{
    const uint32_t n = (uint32_t)day + TO_ERA, century = (4 * n + 3) / ERA_DAYS, rest = n - (ERA_DAYS * century >> 2);
    const uint32_t year = (4 * rest + 3) / 1461, in_year = rest - (1461 * year >> 2);
    const uint32_t month = (5 * in_year + 2) * 857 >> 17;                       /* by 153, to 2674               */
    return (place){ century, year, in_year, month, in_year - ((153 * month + 2) * 52429 >> 18) };     /* by 5    */
}

/* 1 or 0 without a comparison, of which a compiler may make a branch and then no vectors. */
FR_TEMPLATE_FN uint32_t is_zero(uint32_t x) { return (x - 1) >> 31; }                           /* below 2^31    */
FR_TEMPLATE_FN uint32_t is_early(place p) { return (p.month + 6) >> 4; }        /* January, February: 10 and 11  */
FR_TEMPLATE_FN uint32_t month_in(place p) { return p.month + 3 - 12 * is_early(p); }
FR_TEMPLATE_FN int32_t year_in(place p)
{
    return (int32_t)(100 * p.century + p.year + is_early(p)) - 400 * ERAS;
}

/* Of the year on the calendar: one that ends a century is a leap year as the century is. */
FR_TEMPLATE_FN uint32_t is_leap(place p)
{
    const uint32_t next = p.year + is_early(p), turn = next * 656 >> 16, year = next - 100 * turn;      /* by 100 */
    return is_zero((year + is_zero(year) * (p.century + turn)) & 3);
}

/* From 1 January, beginning with 0. */
FR_TEMPLATE_FN uint32_t day_in_year(place p)
{
    const uint32_t leap = is_leap(p);
    return p.day + 59 + leap - is_early(p) * (365 + leap);
}

FR_TEMPLATE_FN uint32_t quarter_in(place p) { return (month_in(p) + 2) * 43 >> 7; }              /* by 3         */

/* Days of the year before a quarter: 0, 90, 181, 273, and 29 February. */
FR_TEMPLATE_FN uint32_t before_quarter(place p)
{
    const uint32_t quarter = quarter_in(p);
    return 91 * (quarter - 1) - (quarter >> 1 & 1) + ((quarter + 2) >> 2) * is_leap(p);
}

FR_TEMPLATE_FN uint32_t month_days(place p)
{
    const uint32_t month = month_in(p);
    return 30 + ((month + (month >> 3)) & 1) - is_zero(month ^ 2) * (2 - is_leap(p));
}

FR_TEMPLATE_FN uint32_t weekday_of(int32_t day) { return ((uint32_t)day + TO_MONDAY) % 7; }

/* A week belongs to the year of its Thursday. */
FR_TEMPLATE_FN place thursday_of(int32_t day) { return place_of(day + 3 - (int32_t)weekday_of(day)); }

FR_TEMPLATE_FN int64_t year_of(int32_t day) { return year_in(place_of(day)); }
FR_TEMPLATE_FN int64_t month_of(int32_t day) { return month_in(place_of(day)); }
FR_TEMPLATE_FN int64_t day_of(int32_t day) { return place_of(day).in_month + 1; }
FR_TEMPLATE_FN int64_t quarter_of(int32_t day) { return quarter_in(place_of(day)); }
FR_TEMPLATE_FN int64_t weekday_from_0(int32_t day) { return weekday_of(day); }
FR_TEMPLATE_FN int64_t weekday_from_1(int32_t day) { return weekday_of(day) + 1; }
FR_TEMPLATE_FN int64_t isoweek_of(int32_t day) { return day_in_year(thursday_of(day)) / 7 + 1; }
FR_TEMPLATE_FN int64_t isoyear_of(int32_t day) { return year_in(thursday_of(day)); }
FR_TEMPLATE_FN int64_t day_of_year(int32_t day) { return day_in_year(place_of(day)) + 1; }
FR_TEMPLATE_FN int64_t days_in_month(int32_t day) { return month_days(place_of(day)); }
FR_TEMPLATE_FN int64_t leap_year(int32_t day) { return is_leap(place_of(day)); }
FR_TEMPLATE_FN int64_t month_start(int32_t day) { return day - (int32_t)place_of(day).in_month; }
FR_TEMPLATE_FN int64_t year_start(int32_t day) { return day - (int32_t)day_in_year(place_of(day)); }
FR_TEMPLATE_FN int64_t quarter_start(int32_t day)
{
    const place p = place_of(day);
    return day - (int32_t)(day_in_year(p) - before_quarter(p));
}

/* ---- loops ------------------------------------------------------------------------------------------------------- */
#define PART(name, of)                                                                    \
    static void name(int64_t *restrict out, const int32_t *restrict days, size_t n)        \
    {                                                                                      \
        for (size_t i = 0; i < n; i++) out[i] = of(days[i]);                               \
    }
PART(years, year_of)
PART(months, month_of)
PART(days_of_month, day_of)
PART(quarters, quarter_of)
PART(weekdays, weekday_from_0)
PART(isoweekdays, weekday_from_1)
PART(isoweeks, isoweek_of)
PART(isoyears, isoyear_of)
PART(days_of_year, day_of_year)
PART(lengths_of_months, days_in_month)
PART(leap_years, leap_year)
PART(month_starts, month_start)
PART(quarter_starts, quarter_start)
PART(year_starts, year_start)

static bool narrow(int32_t *restrict out, const int64_t *restrict days, size_t n)
{
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++) {
        all |= (uint64_t)days[i] + FR_DAYS_FAR;
        out[i] = (int32_t)days[i];
    }
    return all < 2 * (uint64_t)FR_DAYS_FAR;
}

static bool near(const int32_t *days, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++) all |= (uint32_t)days[i] + FR_DAYS_FAR;
    return all < 2 * (uint32_t)FR_DAYS_FAR;
}

static bool moments(int64_t *restrict out, const int64_t *restrict days, size_t n, int64_t per_day)
{
    const int64_t most = INT64_MAX / per_day;
    uint64_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (uint64_t)((days[i] > most) | (days[i] < -most));
        out[i] = (int64_t)((uint64_t)days[i] * (uint64_t)per_day);
    }
    return !bad;
}

const fr_calendar_kernels FR_ISA_NAME(fr_calendar_kernels) = {
    narrow, near, moments,
    .part = { [FR_DAY_YEAR] = years, [FR_DAY_MONTH] = months, [FR_DAY_DAY] = days_of_month, [FR_DAY_QUARTER] = quarters,
              [FR_DAY_WEEKDAY] = weekdays, [FR_DAY_ISOWEEKDAY] = isoweekdays, [FR_DAY_ISOWEEK] = isoweeks,
              [FR_DAY_ISOYEAR] = isoyears, [FR_DAY_OF_YEAR] = days_of_year, [FR_DAY_DAYS_IN_MONTH] = lengths_of_months,
              [FR_DAY_LEAP_YEAR] = leap_years, [FR_DAY_MONTH_START] = month_starts,
              [FR_DAY_QUARTER_START] = quarter_starts, [FR_DAY_YEAR_START] = year_starts },
};
