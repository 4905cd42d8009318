/* calendar.h — parts of many days at once: years, months, weekdays, the first day of the month …
 *
 *     days 19782 (2024-02-29)    year 2024, month 2, day_of_year 60, weekday 3, first of the month 19754
 *
 * base/civil.h is the same for one day, of any size; here days lie within ±2^28 (years -732,000 to 736,000), so that
 * everything is 32 bits and no lane takes a branch (AVX2, ns a row: year of a datetime 22 → 4.9).
 */
#ifndef FR_KERNEL_CALENDAR_H
#define FR_KERNEL_CALENDAR_H

#include "kernel/isa.h"

typedef enum fr_day_part {
    FR_DAY_YEAR, FR_DAY_MONTH, FR_DAY_DAY, FR_DAY_QUARTER, FR_DAY_WEEKDAY, FR_DAY_ISOWEEKDAY, FR_DAY_ISOWEEK,
    FR_DAY_ISOYEAR, FR_DAY_OF_YEAR, FR_DAY_DAYS_IN_MONTH, FR_DAY_LEAP_YEAR,
    FR_DAY_MONTH_START, FR_DAY_QUARTER_START, FR_DAY_YEAR_START,           /* the first days of these, as days */
    FR_DAY_PARTS
} fr_day_part;

#define FR_DAYS_FAR (INT32_C(1) << 28)

typedef struct fr_calendar_kernels {
    /* Days as 32 bits; false: one is beyond ±FR_DAYS_FAR. */
    bool (*narrow)(int32_t *out, const int64_t *days, size_t n);
    bool (*near)(const int32_t *days, size_t n);
    /* Moments of days; false: some are beyond 64 bits, and what was written is wrong. */
    bool (*moments)(int64_t *out, const int64_t *days, size_t n, int64_t per_day);
    void (*part[FR_DAY_PARTS])(int64_t *out, const int32_t *days, size_t n);
} fr_calendar_kernels;

FR_ISA_DECLARE(fr_calendar_kernels, fr_calendar_kernels);

#endif
