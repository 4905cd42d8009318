/* charts.c — the amount over time, by group, by weekday and hour; correlations; where values are missing.
 *
 * Every chart is drawn from a small frame of what the findings already know, so that the chart and the table beside it
 * cannot differ, and drawing costs the same for a thousand rows and for ten million.
 */
#include "chart_draw.h"
#include "numbers.h"
#include "words.h"

#include <math.h>
#include <string.h>

enum { WIDE = 1040, MOST_MISSING = 25, BLOCKS = 40 };

/* Below this height the letters of a chart become smaller, and would not be those of the chart beside it. */
static int64_t at_least(int64_t height) { return height < 220 ? 220 : height; }

/* ---- over time --------------------------------------------------------------------------------------------------- */
typedef struct series {
    int32_t *days;
    double  *amounts;
    size_t   n;
} series;

static fr_frame *series_frame(analysis *a, const series *s)
{
    const fr_array_spec columns[] = { fr_array("date", FR_DATE, s->days), fr_array("amount", FR_F64, s->amounts) };
    return text_table(a, (int64_t)s->n, columns, 2);
}

static bool make_series(analysis *a, size_t from, size_t end, series *s)
{
    const findings *f = &a->found;
    *s = (series){ store_array(&a->store, end - from, sizeof *s->days),
                  store_array(&a->store, end - from, sizeof *s->amounts),
                   end - from };
    if (!s->days || !s->amounts) return false;
    for (size_t i = from; i < end; i++) {
        s->days[i - from] = f->periods[i].first_day;
        s->amounts[i - from] = f->periods[i].amount;
    }
    return true;
}

/* Whole periods as a line; one that is not whole is dashed on to its neighbour. */
void chart_periods(analysis *a, fr_page *page)
{
    const findings *f = &a->found;
    const bool first = f->periods[0].partial, last = f->periods[f->n_periods - 1].partial;
    const size_t from = first, end = f->n_periods - last;
    series whole, begin, rest;
    if (end < from + 2 || !make_series(a, from, end, &whole) || !make_series(a, 0, first ? 2 : 1, &begin) ||
        !make_series(a, end - 1, f->n_periods, &rest)) return;
    fr_auto(frame) line = series_frame(a, &whole);
    fr_auto(frame) head = series_frame(a, &begin);
    fr_auto(frame) tail = series_frame(a, &rest);
    fr_mark marks[4] = { fr_mark_line("date", "amount", .fill = "1",
                                      .highlight = f->n_periods <= 200 ? FR_HIGHLIGHT_MAX | FR_HIGHLIGHT_LAST
                                          : FR_HIGHLIGHT_NONE) };
    if (last) marks[1] = fr_mark_line("date", "amount", .data = tail, .dashed = true, .fill = "1");
    if (first) marks[1 + last] = fr_mark_line("date", "amount", .data = head, .dashed = true, .fill = "1");
    const char *title = keep_format(&a->store, "%s by %s", a->roles.amount_name, period_word(f->unit));
    put_chart(a, page, &(chart){ .frame = line, .marks = marks, .title = title, .y_format = amount_format(a),
              .width = WIDE, .height = 380,
              .png = file_name(a, a->roles.amount_name, keep_format(&a->store, "by_%s", period_word(f->unit))),
              .caption = first || last ? "Dashed: a period that is not whole." : NULL });
}

/* A measure over time, a line for each value of the category. The section is made here: without a chart there is none. */
void chart_course(analysis *a, fr_page *page)
{
    const course *c = &a->course;
    if (!c->measure || fr_length(c->means) < 3) return;
    const char *per = !c->averaged ? "" : c->unit == PERIOD_MONTH ? "Mean of a month" : "Mean of a day";
    const char *caption = c->by ? keep_format(&a->store, "%s%s %s.", per, *per ? ", by" : "By", c->by)
        : *per ? keep_format(&a->store, "%s.", per) : NULL;
    const char *title = keep_format(&a->store, "%s over time", pretty_name(&a->store, c->measure));
    fr_page_section(page, title);
    put_chart(a, page, &(chart){
        .frame = c->means, .title = title, .caption = caption,
        .marks = c->by ? fr_marks(fr_mark_line("start__", "mean__", .colour = c->by))
            : fr_marks(fr_mark_line("start__", "mean__", .fill = "1")),
        .width = WIDE, .height = 380, .png = file_name(a, c->measure, "over_time") });
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
bool chart_groups(analysis *a, fr_page *page, const group_list *list)
{
    const char **labels = store_array(&a->store, list->n, sizeof *labels);
    double *amounts = store_array(&a->store, list->n, sizeof *amounts);
    if (!labels || !amounts || list->n < 2) return false;
    for (size_t i = 0; i < list->n; i++) {
        labels[i] = list->lines[i].label;
        amounts[i] = list->lines[i].amount;
    }
    const fr_array_spec columns[] = { fr_array("label", FR_STR, labels), fr_array("amount", FR_F64, amounts) };
    fr_auto(frame) table = text_table(a, (int64_t)list->n, columns, 2);
    const char *title = keep_format(&a->store, "%s by %s", a->roles.amount_name, list->column);
    put_chart(a, page, &(chart){
        .frame = table, .marks = fr_marks(fr_mark_bar("label", "amount", .horizontal = true)), .title = title,
        .y_format = amount_format(a), .y_max = list->shares ? bar_end(amounts[0]) : 0,
        .width = WIDE, .height = at_least(90 + 30 * (int64_t)list->n),
        .png = file_name(a, a->roles.amount_name, keep_format(&a->store, "by_%s", list->column)) });
    return true;
}

/* ---- weekday by hour --------------------------------------------------------------------------------------------- */
void chart_hours(analysis *a, fr_page *page)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    const char *day[168], *hour[168];
    double amount[168];
    for (size_t i = 0; i < 168; i++) {
        day[i] = days[i / 24];
        hour[i] = keep_format(&a->store, "%02zu", i % 24);
        amount[i] = a->found.hours[i / 24][i % 24];
    }
    const fr_array_spec columns[] = { fr_array("hour", FR_STR, hour), fr_array("day", FR_STR, day),
                                      fr_array("amount", FR_F64, amount) };
    fr_auto(frame) table = text_table(a, 168, columns, 3);
    put_chart(a, page, &(chart){
        .frame = table, .title = keep_format(&a->store, "%s by weekday and hour", a->roles.amount_name),
        .marks = fr_marks(fr_mark_heatmap("hour", "day", .colour = "amount", .labels = FR_LABELS_NEVER)),
        .colour_format = amount_format(a) ? "$,.0f" : ",.0f", .width = WIDE, .height = 360,
        .caption = keep_format(&a->store, "%s by weekday and hour.", a->roles.amount_name),
        .png = file_name(a, a->roles.amount_name, "by_weekday_and_hour") });
}

/* ---- correlations ------------------------------------------------------------------------------------------------ */
typedef struct cells {
    const char **x, **y;
    double      *r;
    size_t       n;
} cells;

static void add_cell(cells *c, const char *x, const char *y, double r)
{
    c->x[c->n] = x;
    c->y[c->n] = y;
    c->r[c->n++] = r;
}

static double correlation_of(const analysis *a, size_t i, size_t j)
{
    for (size_t k = 0; k < a->n_correlations; k++) {
        const correlation *c = &a->correlations[k];
        if ((c->a == i && c->b == j) || (c->a == j && c->b == i)) return c->r;
    }
    return i == j ? 1 : NAN;
}

static bool is_compared(const analysis *a, size_t column)
{
    for (size_t k = 0; k < a->n_correlations; k++)
        if (a->correlations[k].a == column || a->correlations[k].b == column) return true;
    return false;
}

void chart_correlations(analysis *a, fr_page *page)
{
    size_t columns[16], n = 0;
    for (size_t i = 0; i < a->n_columns && n < 16; i++)
        if (is_compared(a, i)) columns[n++] = i;
    cells c = { store_array(&a->store, n * n, sizeof *c.x), store_array(&a->store, n * n, sizeof *c.y),
                store_array(&a->store, n * n, sizeof *c.r), 0 };
    if (n < 3 || !c.x || !c.y || !c.r) return;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double r = correlation_of(a, columns[i], columns[j]);
            if (!isnan(r)) add_cell(&c, a->columns[columns[j]].name, a->columns[columns[i]].name, r);
        }
    const fr_array_spec arrays[] = { fr_array("x", FR_STR, c.x), fr_array("y", FR_STR, c.y),
                                    fr_array("r", FR_F64, c.r) };
    fr_auto(frame) table = text_table(a, (int64_t)c.n, arrays, 3);
    put_chart(a, page, &(chart){
        .frame = table, .marks = fr_marks(fr_mark_heatmap("x", "y", .colour = "r", .diverging = true)),
            .title = "Correlations",
        .colour_format = ".2f", .width = n <= 6 ? 640 : WIDE, .height = 160 + 40 * (int64_t)n, .png = "correlations" });
}

/* ---- missing values ---------------------------------------------------------------------------------------------- */
static size_t with_missing(const analysis *a, size_t columns[MOST_MISSING])
{
    size_t n = 0;
    for (size_t i = 0; i < a->n_columns && n < MOST_MISSING; i++)
        if (a->columns[i].n_missing) columns[n++] = i;
    return n;
}

/* The share of missing values of every column in each fortieth of the rows. */
static fr_frame *missing_shares(analysis *a, const size_t *columns, size_t n)
{
    growing agg = { .bytes = NULL };
    const int64_t size = (a->n_kept + BLOCKS - 1) / BLOCKS;
    for (size_t i = 0; i < n; i++)
        grow_format(&agg, "%sm%zu = mean(cast(%s is null, 'f64'))", i ? "; " : "", i, a->columns[columns[i]].quoted);
    const char *block = keep_format(&a->store, "block__ = row_index() // %lld", (long long)size);
    fr_frame *shares = fr_pipe(a->clean, fr_with(block), fr_group("block__", .agg = agg.bytes));
    growing_clear(&agg);
    return shares;
}

void chart_missing(analysis *a, fr_page *page)
{
    size_t columns[MOST_MISSING];
    const size_t n = with_missing(a, columns);
    if (!n || a->n_kept < 2 * BLOCKS) return;
    fr_auto(frame) shares = missing_shares(a, columns, n);
    const size_t rows = fr_ok(shares) ? (size_t)fr_length(shares) : 0;
    int64_t *first = store_array(&a->store, n * rows, sizeof *first);
    const char **names = store_array(&a->store, n * rows, sizeof *names);
    double *missing = store_array(&a->store, n * rows, sizeof *missing);
    if (!rows || !first || !names || !missing) return;
    const int64_t size = (a->n_kept + BLOCKS - 1) / BLOCKS;
    for (size_t i = 0; i < n * rows; i++) {
        first[i]   = (int64_t)(i % rows) * size + 1;
        names[i]   = a->columns[columns[i / rows]].name;
        missing[i] = fr_get_at(shares, (int64_t)(i % rows), i / rows + 1).as.f;
    }
    const fr_array_spec arrays[] = { fr_array("row", FR_I64, first), fr_array("column", FR_STR, names),
                                    fr_array("missing", FR_F64, missing) };
    fr_auto(frame) table = text_table(a, (int64_t)(n * rows), arrays, 3);
    fr_page_subsection(page, "Where values are missing");
    put_chart(a, page, &(chart){
        .frame = table, .marks = fr_marks(fr_mark_heatmap("row", "column", .colour = "missing",
                                                          .labels = FR_LABELS_NEVER)),
        .title = "Where values are missing", .subtitle = "Share of missing values, from the first row to the last",
        .x_title = "row", .colour_format = ".0%", .width = WIDE, .height = at_least(150 + 26 * (int64_t)n),
            .png = "missing_values" });
}
