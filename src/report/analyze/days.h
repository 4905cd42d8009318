/* days.h — days since 1970 and the calendar, in both directions, for any year.
 *
 * Source: Hinnant, "chrono-compatible low-level date algorithms" (howardhinnant.github.io/date_algorithms.html).
 */
#ifndef FR_REPORT_DAYS_H
#define FR_REPORT_DAYS_H

#include <stdint.h>

typedef struct civil { int year, month, day; } civil;

static inline int32_t days_of(civil c)
{
    const int y = c.month <= 2 ? c.year - 1 : c.year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    const int of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static inline civil civil_of(int32_t days)
{
    const int z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    const int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int of_year = of_era - (365 * year + year / 4 - year / 100), mp = (5 * of_year + 2) / 153;
    const int month = mp < 10 ? mp + 3 : mp - 9;
    return (civil){ year + era * 400 + (month <= 2), month, of_year - (153 * mp + 2) / 5 + 1 };
}

#endif
