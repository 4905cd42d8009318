/* test_calendar.c — parts of many days, of every instruction set, against base/civil.h a day at a time. */
#include "base/civil.h"
#include "kernel/calendar.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 520 };

static int64_t plain(fr_day_part part, int64_t day)
{
    const fr_civil d = fr_civil_from_days(day);
    switch (part) {
    case FR_DAY_YEAR: return d.year;
    case FR_DAY_MONTH: return d.month;
    case FR_DAY_DAY: return d.day;
    case FR_DAY_QUARTER: return fr_civil_quarter(d.month);
    case FR_DAY_WEEKDAY: return fr_civil_weekday(day);
    case FR_DAY_ISOWEEKDAY: return fr_civil_weekday(day) + 1;
    case FR_DAY_ISOWEEK: return fr_civil_iso(day).week;
    case FR_DAY_ISOYEAR: return fr_civil_iso(day).year;
    case FR_DAY_OF_YEAR: return fr_civil_day_of_year(day);
    case FR_DAY_DAYS_IN_MONTH: return fr_civil_month_days(d.year, d.month);
    case FR_DAY_LEAP_YEAR: return fr_civil_is_leap(d.year);
    case FR_DAY_MONTH_START: return fr_civil_days(d.year, d.month, 1);
    case FR_DAY_QUARTER_START: return fr_civil_days(d.year, (d.month - 1) / 3 * 3 + 1, 1);
    default: return fr_civil_days(d.year, 1, 1);
    }
}

static void check(fr_isa isa, const int32_t *days, size_t n)
{
    const fr_calendar_kernels *k = FR_ISA_AT(fr_calendar_kernels, isa);
    int64_t out[MOST + 1];
    for (int part = 0; part < FR_DAY_PARTS; part++) {
        bool same = true;
        out[n] = 77;
        k->part[part](out, days, n);
        for (size_t i = 0; i < n; i++) same &= out[i] == plain((fr_day_part)part, days[i]);
        CHECK(same);
        CHECK_INT(out[n], 77);
    }
}

TEST(every_day_of_five_centuries_agrees)
{
    int32_t days[512];
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (int32_t first = -135200; first < 47900; first += 512) {           /* 1599 … 2101 */
            for (int32_t i = 0; i < 512; i++) days[i] = first + i;
            check(isa, days, 512);
        }
}

TEST(days_of_any_year_agree_at_awkward_lengths)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 8, 9, 63, 64, 65, 511, 513 };
    static const int32_t edges[] = { FR_DAYS_FAR - 1, -FR_DAYS_FAR, 0, -1, -719468, -719469, 11016, 11017, -719162 };
    uint64_t seed = 3;
    int32_t days[MOST];
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
            for (int round = 0; round < 20; round++) {
                for (size_t k = 0; k < lengths[i]; k++) {
                    const uint64_t r = fr_test_random(&seed);
                    days[k] = r % 4 ? (int32_t)(r >> 35) - FR_DAYS_FAR : edges[r / 4 % FR_COUNT_OF(edges)];
                }
                check(isa, days, lengths[i]);
            }
}

TEST(far_days_are_told)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t n = 1; n < 70; n++)
            for (size_t at = 0; at < n; at++) {
                const fr_calendar_kernels *k = FR_ISA_AT(fr_calendar_kernels, isa);
                int64_t wide[70] = { 0 };
                int32_t days[70] = { 0 }, out[70];
                CHECK(k->narrow(out, wide, n) && k->near(days, n));
                wide[at] = days[at] = -FR_DAYS_FAR;
                CHECK(k->narrow(out, wide, n) && k->near(days, n) && out[at] == -FR_DAYS_FAR);
                wide[at] = at % 2 ? FR_DAYS_FAR : INT64_C(1) << 40, days[at] = FR_DAYS_FAR;
                CHECK(!k->narrow(out, wide, n) && !k->near(days, n));
                wide[at] = INT64_MIN + 3, days[at] = -FR_DAYS_FAR - 1;
                CHECK(!k->narrow(out, wide, n) && !k->near(days, n));
            }
}
