/* course.c — a measure over time, for a table that is a time series and no sales: prices, temperatures, counts.
 *
 *     date,temp_max,weather        one row a day                the mean of temp_max, by month
 *     symbol,date,price            one row a symbol and month   price by day, a line for each symbol
 *     year,month,passengers        one row a month              passengers by day, the first of each month
 *
 * A table is a time series where hardly a point in time comes twice (one row in twenty may), alone or within a category
 * of at most six values; others have no course, because a mean over whatever happened that day would depend on what was
 * counted. The measure is the first of those that are not summed (one called "close" before others), else a quantity or
 * an amount; what is missing in more than one row of five, or so skewed that its mean says nothing, is passed over.
 */
#include "analysis.h"
#include "words.h"

#include <math.h>
#include <string.h>

enum { MOST_LINES = 6, MOST_DAYS = 400 };

static const double heavy_skew = 3, much_missing = 0.2;

/* ---- the time ---------------------------------------------------------------------------------------------------- */
static const column_facts *with_role(const analysis *a, column_role role, const char *word)
{
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].role == role && (!word || name_has_word(a->columns[i].name, word))) return &a->columns[i];
    return NULL;
}

/* A year of four digits, and a month as a number or an English name where there is one. */
static const char *day_of_parts(analysis *a, course *c)
{
    const column_facts *year = with_role(a, ROLE_TIME_PART, "year"), *month = with_role(a, ROLE_TIME_PART, "month");
    if (!year || !is_number(year->kind) || year->number.min < 1000) return NULL;
    c->date = year->name;
    if (!month) return keep_format(&a->store, "make_date(cast(%s, 'i64'), 1, 1)", year->quoted);
    c->date = keep_format(&a->store, "%s, %s", year->name, month->name);
    return is_text(month->kind)
        ? keep_format(&a->store, "try_strptime(concat(cast(%s, 'i64'), '-', left(%s, 3), '-1'), '%%Y-%%b-%%d')",
                      year->quoted, month->quoted)
        : keep_format(&a->store, "try_strptime(concat(cast(%s, 'i64'), '-', cast(%s, 'i64'), '-1'), '%%Y-%%m-%%d')",
                      year->quoted, month->quoted);
}

/* The point in time that must not come twice, and its day; NULL: the table has no time. */
static const char *moment_of(analysis *a, course *c)
{
    const column_facts *date = with_role(a, ROLE_DATE, NULL);
    if (!date) return day_of_parts(a, c);
    c->date = date->name;
    return date->quoted;
}

/* ---- the measure ------------------------------------------------------------------------------------------------- */
static int rank_of(const analysis *a, const column_facts *c)
{
    if (!is_number(c->kind) || c->n_valid < 12 || c->number.infinite || fabs(c->number.skew) >= heavy_skew) return 0;
    if ((double)c->n_missing > much_missing * (double)a->n_kept) return 0;
    if (c->role == ROLE_PRICE || c->role == ROLE_MEASURE)
        return name_has_word(c->name, "close") ? 5 : c->role == ROLE_PRICE || c->confidence >= 0.9 ? 4 : 3;
    return c->role == ROLE_QUANTITY || c->role == ROLE_AMOUNT ? 2 : 0;
}

static const column_facts *main_measure(const analysis *a)
{
    const column_facts *best = NULL;
    for (size_t i = 0; i < a->n_columns; i++)
        if (rank_of(a, &a->columns[i]) > (best ? rank_of(a, best) : 0)) best = &a->columns[i];
    return best;
}

/* ---- is it a series? --------------------------------------------------------------------------------------------- */
/* True in *once when hardly a key comes twice. */
static bool comes_once(analysis *a, const fr_frame *rows, const char *keys, bool *once)
{
    fr_auto(frame) groups = NULL;
    if (!take_frame(a, &groups, fr_pipe(rows, fr_group(keys, .agg = "n__ = size()")))) return false;
    *once = fr_length(groups) * 20 >= fr_length(rows) * 19 && fr_length(groups) >= 12;
    return true;
}

static bool find_lines(analysis *a, const fr_frame *rows, course *c, bool *found)
{
    if (!comes_once(a, rows, "moment__", found)) return false;
    for (size_t i = 0; i < a->n_columns && !*found; i++) {
        const column_facts *by = &a->columns[i];
        if (by->role != ROLE_CATEGORY || by->n_distinct < 2 || by->n_distinct > MOST_LINES || by->n_missing) continue;
        if (!comes_once(a, rows, keep_format(&a->store, "moment__, %s", by->quoted), found)) return false;
        if (*found) c->by = by->name;
    }
    return true;
}

/* ---- the course -------------------------------------------------------------------------------------------------- */
/* Days, where there are few; else months. */
static bool choose_unit(analysis *a, const fr_frame *rows, course *c)
{
    fr_auto(frame) days = NULL;
    if (!take_frame(a, &days, fr_pipe(rows, fr_group("day__", .agg = "n__ = size()")))) return false;
    c->unit = fr_length(days) <= MOST_DAYS ? PERIOD_DAY : PERIOD_MONTH;
    c->averaged |= c->unit == PERIOD_MONTH;
    return true;
}

static bool draw_means(analysis *a, const fr_frame *rows, course *c, const column_facts *measure)
{
    const column_facts *by = column_called(a, c->by);
    const char *start = c->unit == PERIOD_DAY ? "start__ = day__" : "start__ = month_start(day__)";
    const char *keys = by ? keep_format(&a->store, "start__, %s", by->quoted) : "start__";
    const char *order = by ? keep_format(&a->store, "%s, start__", by->quoted) : "start__";
    const char *agg = keep_format(&a->store, "mean__ = mean(%s)", measure->quoted);
    return take_frame(a, &c->means, fr_pipe(rows, fr_with(start), fr_group(keys, .agg = agg), fr_sort(order)));
}

bool find_course(analysis *a)
{
    course c = { .unit = PERIOD_DAY };
    const column_facts *measure = a->roles.sales ? NULL : main_measure(a);
    const char *moment = measure ? moment_of(a, &c) : NULL;
    const column_facts *date = moment ? column_called(a, c.date) : NULL;
    bool found = false;
    if (!moment) return true;
    fr_auto(frame) rows = NULL;
    const char *day = date && date->kind == FR_DATETIME ? "day__ = date(moment__)" : "day__ = moment__";
    const char *has_both = keep_format(&a->store, "moment__ is not null and %s is not null", measure->quoted);
    const fr_frame *doubles = doubles_of_clean(a);
    if (!doubles || !take_frame(a, &rows, fr_pipe(doubles, fr_with(keep_format(&a->store, "moment__ = %s", moment)),
                                                  fr_filter(has_both), fr_with(day)))) return false;
    if (!find_lines(a, rows, &c, &found)) return false;
    if (!found) return true;
    c.measure = measure->name;
    c.averaged = date && date->kind == FR_DATETIME;
    a->course = c;
    return choose_unit(a, rows, &a->course) && draw_means(a, rows, &a->course, measure);
}
