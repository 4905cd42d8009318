/* profile.c — what a column's chart shows: a histogram, the most frequent values, rows over time.
 *
 *     number with more than 12 values     at most 20 bins whose edges are round numbers
 *     few numbers, flags                  one bar a value, in order
 *     texts that return                   the ten most frequent, of up to fifteen all; months and weekdays by calendar
 *     dates                               rows a day, month or year
 *     ids, texts that do not return       no chart: there is nothing to see
 *
 * A long tail is cut off the histogram, beyond six interquartile ranges above the third quartile, and counted: one
 * millionaire must not squeeze everybody else into one bar.
 */
#include "analysis.h"
#include "words.h"

#include <math.h>
#include <string.h>

enum { MOST_PROFILED = 60, MOST_BINS = 20, FEW_VALUES = 12, TOP_VALUES = 10, ALL_VALUES = 15, MOST_DATE_BARS = 60 };

static bool new_bars(analysis *a, column_facts *c, size_t n)
{
    c->bars = store_array(&a->store, n + 1, sizeof *c->bars);
    c->n_bars = c->bars ? n : 0;
    return c->bars;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */
static bool count_values(analysis *a, column_facts *c, bool by_value, int64_t most)
{
    fr_auto(frame) counts = NULL;
    const char *renamed = keep_format(&a->store, "%s as value__", c->quoted);
    if (!take_frame(a, &counts, fr_pipe(a->clean, fr_select(c->quoted), fr_rename(renamed),
                                        fr_filter("value__ is not null"),
                                        fr_group("value__", .agg = "n__ = size()"),
                                            fr_sort(by_value ? "value__" : "n__ desc, value__"))))
        return false;
    const int64_t n = fr_length(counts) < most ? fr_length(counts) : most;
    if (!new_bars(a, c, (size_t)n)) return false;
    c->n_other = c->n_valid;
    for (int64_t row = 0; row < n; row++) {
        c->bars[row] = (bar){ .label = cell_text(a, counts, row, 0), .n = fr_get_at(counts, row, 1).as.i };
        c->n_other -= c->bars[row].n;
    }
    return true;
}

/* Months and weekdays stand in the calendar's order, not in that of their numbers. */
static void order_by_calendar(column_facts *c)
{
    for (size_t i = 0; i < c->n_bars; i++)
        if (!calendar_order(c->bars[i].label)) return;
    for (size_t i = 1; i < c->n_bars; i++)
        for (size_t j = i; j && calendar_order(c->bars[j - 1].label) > calendar_order(c->bars[j].label); j--) {
            const bar one = c->bars[j];
            c->bars[j] = c->bars[j - 1];
            c->bars[j - 1] = one;
        }
}

static bool count_texts(analysis *a, column_facts *c)
{
    const int64_t most = c->n_distinct <= ALL_VALUES || c->role == ROLE_TIME_PART ? ALL_VALUES : TOP_VALUES;
    if (!count_values(a, c, false, most)) return false;
    if (!c->n_other) order_by_calendar(c);
    return true;
}

/* ---- bins -------------------------------------------------------------------------------------------------------- */
/* The smallest of 1, 2, 5 × 10^k that cuts the range into at most MOST_BINS. */
static double round_width(double range)
{
    const double least = range / (MOST_BINS - 1), power = pow(10, floor(log10(least)));
    const double steps[] = { 1, 2, 5, 10 };
    for (int i = 0; i < 4; i++)
        if (steps[i] * power >= least * (1 - 1e-9)) return steps[i] * power;
    return 10 * power;
}

static bool count_bins(analysis *a, column_facts *c)
{
    const number_facts *f = &c->number;
    double low = f->min, high = f->max;
    const double reach = f->q3 + 6 * (f->q3 - f->q1);
    if (f->q3 > f->q1 && high > reach) high = reach;
    if (!(high > low) || !isfinite(high - low)) return true;
    double width = round_width(high - low);
    if (f->whole && width < 1) width = 1;
    const double first = floor(low / width);
    const size_t n = (size_t)(floor(high / width) - first) + 1;
    fr_auto(frame) counts = NULL;
    const fr_frame *doubles = doubles_of_clean(a);
    const char *bin = keep_format(&a->store, "bin__ = floor(%s / %.17g)", c->quoted, width);
    if (!doubles || !take_frame(a, &counts, fr_pipe(doubles, fr_select(c->quoted), fr_with(bin),
                                                    fr_filter("bin__ is not null"),
                                        fr_group("bin__", .agg = "n__ = size()")))) return false;
    if (!new_bars(a, c, n)) return false;
    c->bars_are_bins = true;
    c->n_other = c->n_valid;
    for (size_t i = 0; i < n; i++)
        c->bars[i] = (bar){ .from = (first + (double)i) * width, .to = (first + (double)i + 1) * width };
    for (int64_t row = 0; row < fr_length(counts); row++) {
        const double at = fr_get_at(counts, row, 0).as.f - first;
        if (!(at >= 0 && at < (double)n)) continue;
        c->bars[(size_t)at].n = fr_get_at(counts, row, 1).as.i;
        c->n_other -= c->bars[(size_t)at].n;
    }
    return true;
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */
/* One pass makes a table of days; months and years are counted from that. */
static bool count_dates(analysis *a, column_facts *c)
{
    static const char *const keys[] = { "part__ = day__", "part__ = month_start(day__)", "part__ = year_start(day__)" };
    static const size_t label_bytes[] = { 10, 7, 4 };
    const char *day = keep_format(&a->store, c->kind == FR_DATE ? "day__ = %s" : "day__ = date(%s)", c->quoted);
    fr_auto(frame) days = NULL;
    if (!take_frame(a, &days, fr_pipe(a->clean, fr_select(c->quoted), fr_with(day), fr_filter("day__ is not null"),
                                      fr_group("day__", .agg = "n__ = size()"), fr_sort("day__")))) return false;
    for (int k = 0; k < 3; k++) {
        fr_auto(frame) counts = NULL;
        if (!take_frame(a, &counts, fr_pipe(days, fr_with(keys[k]),
                                            fr_group("part__", .agg = "n__ = sum(n__)")))) return false;
        const size_t n = (size_t)fr_length(counts);
        if (n > MOST_DATE_BARS * (k == 2 ? 4 : 1)) continue;
        if (!new_bars(a, c, n)) return false;
        for (size_t i = 0; i < n; i++) {
            const char *label = cell_text(a, counts, (int64_t)i, 0);
            c->bars[i] = (bar){ .label = strlen(label) == 10 ? keep_bytes(&a->store, label, label_bytes[k]) : label,
                                .n = fr_get_at(counts, (int64_t)i, 1).as.i };
        }
        return true;
    }
    return true;
}

static bool profile_column(analysis *a, column_facts *c)
{
    switch (c->role) {
    case ROLE_EMPTY: case ROLE_CONSTANT: case ROLE_ID: case ROLE_TEXT: return true;
    case ROLE_DATE: return count_dates(a, c);
    case ROLE_KEY: case ROLE_CODE: case ROLE_CATEGORY: case ROLE_PRODUCT:
        return c->n_distinct == c->n_valid || count_texts(a, c);
    case ROLE_FLAG: return count_values(a, c, true, 2);
    default:
        if (is_text(c->kind)) return count_texts(a, c);
        if (c->n_distinct > 0 && c->n_distinct <= FEW_VALUES) return count_values(a, c, true, FEW_VALUES);
        if (c->role == ROLE_TIME_PART && c->n_distinct > 0 && c->n_distinct <= MOST_DATE_BARS)
            return count_values(a, c, true, MOST_DATE_BARS);
        return !is_number(c->kind) || count_bins(a, c);
    }
}

bool find_profile(analysis *a)
{
    for (size_t i = 0; i < a->n_columns && i < MOST_PROFILED; i++)
        if (!profile_column(a, &a->columns[i])) return false;
    return true;
}
