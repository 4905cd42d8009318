/* chart_columns.c — one small chart a column: histogram, bars, rows over time. */
#include "chart_draw.h"
#include "days.h"
#include "numbers.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 520, HEIGHT = 230, MOST_EXACT_ROWS = 1000000, LABEL_BYTES = 120 };

/* Of dates: what one point of the area counts. */
static const char *date_note(const column_facts *c)
{
    const size_t n = strlen(c->bars[0].label);
    return n == 4 ? "Rows a year." : n == 7 ? "Rows a month." : "Rows a day.";
}

static const char *rest_note(analysis *a, const column_facts *c)
{
    const bool one = c->n_other == 1;
    if (!c->n_other) return NULL;
    if (c->bars_are_bins) return keep_format(&a->store, "%s %s beyond the right end.",
                                             counted(&a->store, c->n_other, "row"), one ? "lies" : "lie");
    return keep_format(&a->store, "%s %s other values.", counted(&a->store, c->n_other, "more row"), one ? "has" : "have");
}

static void draw_chart(analysis *a, fr_page *page, const column_facts *c, chart how)
{
    how.caption = c->role == ROLE_DATE ? date_note(c) : rest_note(a, c);
    how.small = true;
    how.width = WIDTH;
    if (!how.height) how.height = HEIGHT;
    put_chart(a, page, &how);
}

static const char *bar_label(analysis *a, const column_facts *c, size_t i)
{
    const bar *b = &c->bars[i];
    if (c->bars_are_bins) return short_number(&a->store, b->from);
    return strlen(b->label) <= LABEL_BYTES ? b->label : keep_format(&a->store, "long text %zu", i + 1);
}

/* Texts have a line each; so have numbers that would run into each other under the bars, like thirteen digits of a code. */
static bool is_horizontal(const column_facts *c, const char *const *labels)
{
    enum { MOST_BYTES_BELOW = 52 };                  /* of a chart this wide */
    size_t bytes = 0;
    for (size_t i = 0; i < c->n_bars; i++) bytes += strlen(labels[i]) + 1;
    return is_text(c->kind) || c->kind == FR_BOOL || (!c->bars_are_bins && bytes > MOST_BYTES_BELOW);
}

static void draw_bars(analysis *a, fr_page *page, const column_facts *c)
{
    const char **labels = store_array(&a->store, c->n_bars, sizeof *labels);
    int64_t *rows = store_array(&a->store, c->n_bars, sizeof *rows);
    if (!labels || !rows) return;
    int64_t most = 0;
    for (size_t i = 0; i < c->n_bars; i++) {
        labels[i] = bar_label(a, c, i);
        rows[i] = c->bars[i].n;
        most = rows[i] > most ? rows[i] : most;
    }
    const fr_array_spec columns[] = { fr_array("value", FR_STR, labels), fr_array("rows", FR_I64, rows) };
    fr_auto(frame) table = text_table(a, (int64_t)c->n_bars, columns, 2);
    const bool horizontal = is_horizontal(c, labels);
    const int64_t height = horizontal && c->n_bars > 6 ? 60 + 26 * (int64_t)c->n_bars : HEIGHT;
    const fr_mark marks[] = { fr_mark_bar("value", "rows", .horizontal = horizontal, .reduce = FR_REDUCE_SUM),
                             { .kind = 0 } };
    draw_chart(a, page, c, (chart){ .frame = table, .marks = marks, .height = height,
               .y_max = horizontal ? bar_end((double)most) : 0,
               .y_format = most < 100000 ? ",.0f" : NULL });       /* 2,670 rows are no year */
}

/* Days of a month, weeks of a year: too many for a label each, so they stand on an axis of numbers. */
static bool is_long_scale(const column_facts *c)
{
    enum { MOST_NAMED = 12 };
    return is_number(c->kind) && c->number.whole && !c->bars_are_bins && c->n_bars > MOST_NAMED;
}

static void draw_scale(analysis *a, fr_page *page, const column_facts *c)
{
    int64_t *values = store_array(&a->store, c->n_bars, sizeof *values);
    int64_t *rows = store_array(&a->store, c->n_bars, sizeof *rows);
    if (!values || !rows) return;
    for (size_t i = 0; i < c->n_bars; i++) {
        values[i] = strtoll(c->bars[i].label, NULL, 10);
        rows[i] = c->bars[i].n;
    }
    const fr_array_spec columns[] = { fr_array("value", FR_I64, values), fr_array("rows", FR_I64, rows) };
    fr_auto(frame) table = text_table(a, (int64_t)c->n_bars, columns, 2);
    draw_chart(a, page, c, (chart){ .frame = table, .marks = fr_marks(fr_mark_bar("value", "rows")), .x_format = ".0f" });
}

/* From the rows themselves, without the tail that the bins leave out too. */
static void draw_histogram(analysis *a, fr_page *page, const column_facts *c)
{
    const double end = c->bars[c->n_bars - 1].to;
    fr_auto(frame) rows = fr_pipe(doubles_of_clean(a), fr_with(keep_format(&a->store, "value__ = %s", c->quoted)),
                                  fr_select("value__"), fr_filter(keep_format(&a->store, "value__ < %.17g", end)));
    const fr_mark marks[] = { fr_mark_histogram("value__", .bins = (int64_t)c->n_bars), { .kind = 0 } };
    draw_chart(a, page, c, (chart){ .frame = rows, .marks = marks });
}

/* "2024-02-29", "2024-02", "2024" as days */
static int32_t day_of_label(const char *label)
{
    civil c = { 1970, 1, 1 };
    char *end;
    c.year = (int)strtol(label, &end, 10);
    if (*end == '-') c.month = (int)strtol(end + 1, &end, 10);
    if (*end == '-') c.day = (int)strtol(end + 1, &end, 10);
    return days_of(c);
}

static int32_t next_of(int32_t day, size_t label_bytes)
{
    civil c = civil_of(day);
    if (label_bytes == 10) return day + 1;
    if (label_bytes == 4) c.year++;
    else if (++c.month > 12) c = (civil){ c.year + 1, 1, 1 };
    return days_of(c);
}

/* Every day, month or year from the first to the last; a day without rows is 0, not what its neighbours are. */
static size_t fill_dates(const column_facts *c, int32_t *days, int64_t *rows, size_t room)
{
    const size_t label_bytes = strlen(c->bars[0].label);
    int32_t at = day_of_label(c->bars[0].label);
    size_t n = 0;
    for (size_t i = 0; i < c->n_bars && n < room; at = next_of(at, label_bytes)) {
        const bool here = day_of_label(c->bars[i].label) <= at;
        days[n] = here ? day_of_label(c->bars[i].label) : at;
        rows[n++] = here ? c->bars[i++].n : 0;
    }
    return n;
}

static void draw_dates(analysis *a, fr_page *page, const column_facts *c)
{
    enum { MOST_POINTS = 1000 };
    int32_t *days = store_array(&a->store, MOST_POINTS, sizeof *days);
    int64_t *rows = store_array(&a->store, MOST_POINTS, sizeof *rows);
    if (!days || !rows) return;
    const size_t n = fill_dates(c, days, rows, MOST_POINTS);
    if (n == MOST_POINTS) return;                    /* two dates a thousand days apart are no picture */
    const fr_array_spec columns[] = { fr_array("date", FR_DATE, days), fr_array("rows", FR_I64, rows) };
    fr_auto(frame) table = text_table(a, (int64_t)n, columns, 2);
    draw_chart(a, page, c, (chart){ .frame = table, .marks = fr_marks(fr_mark_area("date", "rows")) });
}

/* The time of a series of one row a date: that there is one row a date is no picture. */
static bool is_in_the_course(const analysis *a, const column_facts *c)
{
    return a->course.measure && !a->course.by && !strcmp(a->course.date, c->name) && c->n_distinct == c->n_valid;
}

void chart_column(analysis *a, fr_page *page, const column_facts *c)
{
    if (c->n_bars < 2 || is_in_the_course(a, c)) return;
    if (c->role == ROLE_DATE) draw_dates(a, page, c);
    else if (c->bars_are_bins && a->n_kept <= MOST_EXACT_ROWS) draw_histogram(a, page, c);
    else if (is_long_scale(c)) draw_scale(a, page, c);
    else draw_bars(a, page, c);
}
