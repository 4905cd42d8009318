/* periods.c — the amount over time: by day, month or year, what changed, and whether the ends are whole.
 *
 * One pass makes a table of days; everything about time is asked of that. Periods without rows between the first and
 * the last are shown as zero. The first and the last period count as whole only when the data reach their outer edge,
 * give or take the longest gap between two days with rows (at most a week): a month that is not over is never compared
 * as if it were, and leaves the trend. Data that hold one day a month (2020-01-01, 2020-02-01 …) are monthly: all are
 * whole.
 */
#include "analysis.h"
#include "days.h"

#include <math.h>
#include <string.h>

enum { MOST_PERIODS = 600, DAYS_BY_DAY = 62, DAYS_BY_MONTH = 5900 };

const char *period_word(period_unit unit)
{
    static const char *const words[] = { "day", "month", "year" };
    return words[unit];
}

/* ---- calendar ---------------------------------------------------------------------------------------------------- */
static int32_t start_of(period_unit unit, int32_t day)
{
    civil c = civil_of(day);
    if (unit == PERIOD_DAY) return day;
    if (unit == PERIOD_YEAR) c.month = 1;
    c.day = 1;
    return days_of(c);
}

static int32_t after(period_unit unit, int32_t start)
{
    civil c = civil_of(start);
    if (unit == PERIOD_DAY) return start + 1;
    if (unit == PERIOD_YEAR) c.year++;
    else if (++c.month > 12) c = (civil){ c.year + 1, 1, 1 };
    return days_of(c);
}

static const char *label_of(analysis *a, period_unit unit, int32_t start)
{
    const civil c = civil_of(start);
    if (unit == PERIOD_YEAR) return keep_format(&a->store, "%d", c.year);
    return unit == PERIOD_MONTH ? keep_format(&a->store, "%04d-%02d", c.year, c.month)
                                : keep_format(&a->store, "%04d-%02d-%02d", c.year, c.month, c.day);
}

/* ---- days -------------------------------------------------------------------------------------------------------- */
static const char *day_expression(analysis *a)
{
    const column_facts *c = column_called(a, a->roles.date);
    return c->kind == FR_DATE ? c->quoted : keep_format(&a->store, "date(%s)", c->quoted);
}

/* Sorted days with their amount and rows. */
static bool make_days(analysis *a, fr_frame **days)
{
    const char *x = quoted_name(a, a->roles.amount_column);
    return take_frame(a, days, fr_pipe(a->base, fr_with(keep_format(&a->store, "day__ = %s", day_expression(a))),
                                       fr_filter("day__ is not null"),
                                       fr_group("day__", .agg = keep_format(&a->store,
                                               "amount__ = sum(%s); rows__ = size()", x)),
                                       fr_sort("day__")));
}

static int32_t day_at(const fr_frame *days, int64_t row) { return (int32_t)fr_get(days, row, "day__").as.i; }

/* The longest gap between neighbouring days of some year, at most a week. What was long ago a gap tells nothing of today:
 * bird strikes of 1990 lie up to 21 days apart, those of 2002 at most 3, and a July that ends on the 25th is not whole. */
static int32_t longest_gap(const fr_frame *days, int32_t from, int32_t to)
{
    int32_t gap = 1;
    for (int64_t row = 1; row < fr_length(days); row++) {
        const int32_t before = day_at(days, row - 1), day = day_at(days, row);
        if (before >= from && day <= to && day - before > gap) gap = day - before;
    }
    return gap > 7 ? 7 : gap;
}

/* Is every day the first of its period? */
static bool are_firsts(const fr_frame *days, period_unit unit)
{
    for (int64_t row = 0; row < fr_length(days); row++)
        if (start_of(unit, day_at(days, row)) != day_at(days, row)) return false;
    return true;
}

/* ---- periods ----------------------------------------------------------------------------------------------------- */
static period_unit choose_unit(int32_t first, int32_t last)
{
    const int32_t span = last - first;
    return span <= DAYS_BY_DAY ? PERIOD_DAY : span <= DAYS_BY_MONTH ? PERIOD_MONTH : PERIOD_YEAR;
}

static size_t count_periods(period_unit unit, int32_t first, int32_t last)
{
    size_t n = 0;
    for (int32_t at = start_of(unit, first); at <= last && n <= MOST_PERIODS; at = after(unit, at)) n++;
    return n;
}

static bool fill_periods(analysis *a, const fr_frame *days, int32_t first)
{
    findings *f = &a->found;
    fr_auto(frame) sums = NULL;
    static const char *const starts[] = { "day__", "month_start(day__)", "year_start(day__)" };
    if (!take_frame(a, &sums, fr_pipe(days, fr_with(keep_format(&a->store, "start__ = %s", starts[f->unit])),
                                      fr_group("start__", .agg = "amount__ = sum(amount__); rows__ = sum(rows__)"),
                                          fr_sort("start__"))))
        return false;
    int32_t at = start_of(f->unit, first);
    int64_t row = 0;
    for (size_t i = 0; i < f->n_periods; i++, at = after(f->unit, at)) {
        period *p = &f->periods[i];
        const bool here = row < fr_length(sums) && (int32_t)fr_get(sums, row, "start__").as.i == at;
        const char *digits = here ? digits_of(a, sums, row, "amount__") : "0";
        *p = (period){ .label = label_of(a, f->unit, at), .first_day = at, .last_day = after(f->unit, at) - 1,
                       .digits = digits, .amount_text = amount_text(a, digits) };
        if (here) {
            p->amount = cell_number(sums, row, "amount__");
            p->rows = cell_whole(sums, row, "rows__");
            row++;
        }
    }
    return true;
}

/* The hour of "2019-02-28 23:29:03"; -1 of a date. */
static int hour_of(const char *text) { return text && strlen(text) > 12 ? (text[11] - '0') * 10 + text[12] - '0' : -1; }

/* A day of times is whole when its first row comes before noon, the last day when its last comes after. */
static void mark_days(const column_facts *date, findings *f)
{
    if (date->kind != FR_DATETIME || f->n_periods < 4) return;
    f->periods[0].partial = hour_of(date->least) >= 12;
    f->periods[f->n_periods - 1].partial = hour_of(date->most) < 12;
}

static void mark_ends(analysis *a, findings *f, const fr_frame *days)
{
    if (f->unit == PERIOD_DAY) mark_days(column_called(a, a->roles.date), f);
    if (f->unit == PERIOD_DAY || (f->n_periods > 1 && are_firsts(days, f->unit))) return;
    period *last = &f->periods[f->n_periods - 1];
    const int32_t first_day = day_at(days, 0), last_day = day_at(days, fr_length(days) - 1);
    last->partial = last_day + longest_gap(days, last_day - 366, last_day) <= last->last_day;
    f->periods[0].partial |= first_day - longest_gap(days, first_day, first_day + 366) >= f->periods[0].first_day;
}

/* ---- what changed ------------------------------------------------------------------------------------------------ */
static double ratio(double now, double before) { return before > 0 ? now / before - 1 : NAN; }

static double sum_of(const findings *f, size_t from, size_t n)
{
    double sum = 0;
    for (size_t i = from; i < from + n; i++) sum += f->periods[i].amount;
    return sum;
}

/* Least squares over whole periods, x in periods. */
static void fit_line(findings *f, size_t from, size_t n)
{
    double sy = 0, sxx = 0, sxy = 0, syy = 0;
    if (n < 6) return;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)i - (double)(n - 1) / 2, y = f->periods[from + i].amount;
        sy += y, sxx += x * x, sxy += x * y, syy += y * y;
    }
    const double spread = syy - sy * sy / (double)n;
    f->slope = sxy / sxx;
    f->r2 = spread > 0 ? f->slope * sxy / spread : NAN;
}

static void find_changes(findings *f)
{
    size_t from = f->periods[0].partial, end = f->n_periods - f->periods[f->n_periods - 1].partial;
    if (end <= from) return;
    const size_t n = end - from;
    fit_line(f, from, n);
    if (n < 2) return;
    if (f->unit == PERIOD_DAY
        && n >= 14) {                /* days are compared by weeks: a Sunday is no worse Saturday */
        f->change = ratio(sum_of(f, end - 7, 7), sum_of(f, end - 14, 7));
        f->change_to = "the last 7 days";
        f->change_from = "the 7 before";
        return;
    }
    const period *now = &f->periods[end - 1];
    f->change = ratio(now->amount, f->periods[end - 2].amount);
    f->change_to = now->label;
    f->change_from = f->periods[end - 2].label;
    if (f->unit != PERIOD_MONTH || n < 13) return;
    f->change_year = ratio(now->amount, f->periods[end - 13].amount);
    f->change_year_from = f->periods[end - 13].label;
    if (n >= 24) f->year_change = ratio(sum_of(f, end - 12, 12), sum_of(f, end - 24, 12));
}

static bool too_far_apart(analysis *a, const fr_frame *days)
{
    return add_alert(a, ALERT_WARNING, "dates far apart", a->roles.date,
                     keep_format(&a->store, "%s runs from %s to %s; that is too long to be shown over time",
                                 a->roles.date,
                                 cell_text(a, days, 0, 0), cell_text(a, days, fr_length(days) - 1, 0)));
}

bool find_periods(analysis *a)
{
    findings *f = &a->found;
    fr_auto(frame) days = NULL;
    if (!a->roles.date) return true;
    if (!make_days(a, &days)) return false;
    if (!fr_length(days)) return true;
    const int32_t first = day_at(days, 0), last = day_at(days, fr_length(days) - 1);
    f->first_text = cell_text(a, days, 0, 0);
    f->last_text = cell_text(a, days, fr_length(days) - 1, 0);
    f->unit = choose_unit(first, last);
    const size_t n = count_periods(f->unit, first, last);
    if (n > MOST_PERIODS) return too_far_apart(a, days);
    f->periods = store_array(&a->store, n, sizeof *f->periods);
    f->n_periods = f->periods ? n : 0;
    if (!f->periods || !fill_periods(a, days, first)) return false;
    mark_ends(a, f, days);
    find_changes(f);
    return find_season(a, days);
}
