/* season.c — which weekdays, hours and months are strong.
 *
 *     weekday     the mean amount of a calendar day: what Mondays sold, divided by the number of Mondays between
 *                 the first and the last day, whether they sold anything or not
 *     hour        where the dates have times: the sum by weekday and hour
 *     month       the mean of the whole months of that name, from two whole years on
 *
 * Where one day makes more than a quarter of what its weekday sold in all, nothing is said: an accident is no season.
 */
#include "analysis.h"
#include "days.h"

#include <math.h>

/* 1970-01-01 was a Thursday; Monday is 0. */
static int weekday_of(int32_t day) { return (int)((((int64_t)day + 3) % 7 + 7) % 7); }

/* True when single days of a long time make the season. */
static bool weigh_weekdays(findings *f, const fr_frame *days)
{
    const int64_t n = fr_length(days);
    const int32_t first = (int32_t)fr_get_at(days, 0, 0).as.i, last = (int32_t)fr_get_at(days, n - 1, 0).as.i;
    double sums[7] = { 0 }, most[7] = { 0 };
    int64_t counts[7] = { 0 };
    int64_t n_active[7] = { 0 };
    for (int32_t d = first; d <= last; d++) counts[weekday_of(d)]++;
    for (int64_t row = 0; row < n; row++) {
        const double amount = cell_number(days, row, "amount__");
        const int w = weekday_of((int32_t)fr_get_at(days, row, 0).as.i);
        sums[w] += isnan(amount) ? 0 : amount;
        most[w] = amount > most[w] ? amount : most[w];
        n_active[w]++;
    }
    int n_used = 0;
    bool accident = false;
    for (int w = 0; w < 7; w++) {
        accident |= n_active[w] > 1 && most[w] * 4 > sums[w];
        f->weekday[w] = counts[w] ? sums[w] / (double)counts[w] : NAN;
        n_used += n_active[w] > 0;
    }
    /* monthly or yearly data fall on any weekday by accident: a season needs days that are mostly there */
    f->has_weekday = !accident && last - first >= 27 && n_used >= 4 && n * 3 >= last - first;
    return accident && last - first >= 365;
}

static void average_months(findings *f)
{
    int n_of[12] = { 0 };
    const size_t from = f->periods[0].partial, end = f->n_periods - f->periods[f->n_periods - 1].partial;
    for (int m = 0; m < 12; m++) f->month_of_year[m] = NAN;
    if (f->unit != PERIOD_MONTH || end < from + 24) return;
    double sums[12] = { 0 };
    for (size_t i = from; i < end; i++) {
        const int month = civil_of(f->periods[i].first_day).month - 1;
        sums[month] += f->periods[i].amount;
        n_of[month]++;
    }
    for (int m = 0; m < 12; m++) f->month_of_year[m] = n_of[m] ? sums[m] / n_of[m] : NAN;
    f->has_month_of_year = true;
}

static bool sum_hours(analysis *a)
{
    findings *f = &a->found;
    const column_facts *c = column_called(a, a->roles.date);
    if (c->kind != FR_DATETIME) return true;
    fr_auto(frame) hours = NULL;
    const char *keys = keep_format(&a->store, "weekday__ = weekday(%s); hour__ = hour(%s)", c->quoted, c->quoted);
    const char *agg = keep_format(&a->store, "amount__ = sum(%s)", quoted_name(a, a->roles.amount_column));
    if (!take_frame(a, &hours, fr_pipe(a->base, fr_with(keys), fr_filter("weekday__ is not null"),
                                       fr_group("weekday__, hour__", .agg = agg)))) return false;
    int64_t others = 0;
    for (int64_t row = 0; row < fr_length(hours); row++) {
        const int64_t day = cell_whole(hours, row, "weekday__"), hour = cell_whole(hours, row, "hour__");
        const double amount = cell_number(hours, row, "amount__");
        if (day < 0 || day > 6 || hour < 0 || hour > 23) continue;
        f->hours[day][hour] = isnan(amount) ? 0 : amount;
        others += hour != 0;
    }
    f->has_hours = others > 0;
    return true;
}

bool find_season(analysis *a, const fr_frame *days)
{
    if (!weigh_weekdays(&a->found, days)) average_months(&a->found);
    return sum_hours(a);
}
