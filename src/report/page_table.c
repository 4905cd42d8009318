/* page_table.c — frames as tables, and charts with the table of their data behind them.
 *
 * Numbers stand right-aligned under each other: decimals are shared within a column, digits are of one width, the header
 * is aligned like its cells. A bar stands in a cell of its own beside the number, as wide as the value's share of the
 * column's largest one.
 *
 *     Region     Revenue                Share
 *     North      1,194,049.29  ██████   48.5 %
 *     South        493,894.93  ██       20.1 %
 *     Total      1,687,944.22
 */
#include "page_inside.h"

#include <frame/expr.h>
#include <frame/print.h>
#include <frame/steps.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 20, MOST_DATA_ROWS = 50, MOST_PLACES = 2, MOST_CELL = 300 };

/* One column as it will be written. */
typedef struct shown {
    fr_table_column spec;
    size_t          index;
    fr_kind         kind;
    bool            right;
    double          largest;      /* of a column with bars */
} shown;

typedef struct table {
    fr_page             *page;
    const fr_frame      *frame;
    const fr_table_args *args;
    shown               *columns;
    size_t               n;
    int64_t              rows;
} table;

/* ---- what to show ------------------------------------------------------------------------------------------------ */
static bool numeric(fr_kind kind) { return (kind >= FR_I8 && kind <= FR_F64) || kind == FR_DECIMAL; }

static bool ends_in_year(const char *name)
{
    size_t n = strlen(name);
    return n >= 4 && (name[n - 4] == 'y' || name[n - 4] == 'Y') && !strcmp(name + n - 3, "ear");
}

/* Nobody groups the digits of a year: year, order_year. Of other ids the caller says so by FR_NUMERAL_PLAIN. */
static void settle_format(table *t, shown *c)
{
    fr_numeral_format *f = &c->spec.format;
    bool whole = c->kind >= FR_I8 && c->kind <= FR_U64;
    if (f->kind == FR_NUMERAL_AUTO && whole && ends_in_year(c->spec.column)) f->kind = FR_NUMERAL_PLAIN;
    bool float_ = c->kind == FR_F32 || c->kind == FR_F64 || c->kind == FR_DECIMAL;
    if (f->kind == FR_NUMERAL_AUTO && numeric(c->kind)) f->kind = FR_NUMERAL_NUMBER;
    if (f->kind == FR_NUMERAL_NUMBER && !f->places && float_)
        f->places = FR_PLACES(fr_numeral_places(t->frame, c->index, t->rows, MOST_PLACES));
    c->right = c->spec.align ? c->spec.align == FR_ALIGN_RIGHT : numeric(c->kind) && f->kind != FR_NUMERAL_PLAIN;
}

static void find_largest(table *t, shown *c)
{
    for (int64_t row = 0; c->spec.bar && row < t->rows; row++) {
        double value = fabs(fr_numeral_double(fr_get_at(t->frame, row, c->index)));
        if (isfinite(value) && value > c->largest) c->largest = value;
    }
}

static bool settle_column(table *t, shown *c, fr_table_column spec)
{
    int64_t index = fr_find(t->frame, spec.column);
    *c = (shown){ .spec = spec, .index = (size_t)index };
    if (index < 0)
        return fr_troubled(&t->page->trouble, FR_ERR_NOT_FOUND, "a table of the page has no column '%s'", spec.column);
    if (!spec.label) c->spec.label = spec.column;
    c->kind = fr_type_kind(fr_type_at(t->frame, c->index));
    settle_format(t, c);
    find_largest(t, c);
    return true;
}

static bool settle(table *t, int64_t most_rows)
{
    int64_t length = fr_length(t->frame), most = t->args->most_rows ? t->args->most_rows : most_rows;
    t->rows = most < 0 || length < most ? length : most;
    t->n = t->args->columns ? t->args->n_columns : fr_width(t->frame);
    t->columns = fr_store_take(&t->page->room, t->n ? t->n : 1, sizeof *t->columns);
    if (!t->columns) return false;
    for (size_t i = 0; i < t->n; i++) {
        fr_table_column plain = { .column = fr_name(t->frame, i) };
        if (!settle_column(t, &t->columns[i], t->args->columns ? t->args->columns[i] : plain)) return false;
    }
    return true;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */
/* Long texts are cut at a character, with the mark of it. */
static void put_cut(fr_ink *out, const char *text, size_t n)
{
    size_t keep = n;
    if (n > MOST_CELL) {
        keep = MOST_CELL;
        while (keep && ((unsigned char)text[keep] & 0xc0) == 0x80) keep--;
    }
    fr_put_text_n(out, text, keep);
    if (keep < n) fr_puts(out, "\xe2\x80\xa6");
}

static void put_cell_text(table *t, const shown *c, int64_t row)
{
    char small[MOST_CELL + 8];
    fr_value value = fr_get_at(t->frame, row, c->index);
    if (value.valid && (value.kind == FR_STR || value.kind == FR_CAT)) {
        fr_puts(&t->page->body, "<bdi>");
        put_cut(&t->page->body, value.as.s, value.length);
        fr_puts(&t->page->body, "</bdi>");
        return;
    }
    size_t n = fr_numeral_cell(t->frame, row, c->index, c->spec.format, small, sizeof small);
    put_cut(&t->page->body, small, n < sizeof small ? n : sizeof small - 1);
    if (n >= sizeof small) fr_puts(&t->page->body, "\xe2\x80\xa6");
}

static void put_bar(table *t, const shown *c, int64_t row)
{
    double value = fr_numeral_double(fr_get_at(t->frame, row, c->index));
    double share = c->largest > 0 && isfinite(value) ? 100 * fabs(value) / c->largest : 0;
    fr_putf(&t->page->body, "<td class=\"b\"><svg class=\"bar%s\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect width=\"%d.%d\" height=\"8\"/></svg></td>", value < 0 ? " minus" : "",
            (int)(10 * share + 0.5) / 10, (int)(10 * share + 0.5) % 10);
}

/* A list of numbers is read from its text, [1, 2.5, null]: the public headers lend no nested values. */
static void put_list_spark(table *t, const shown *c, int64_t row)
{
    size_t n = fr_cell_text(t->frame, row, c->index, NULL, 0), count = 0;
    char *text = fr_store_take(&t->page->room, n + 1, 1);
    double *values = text ? fr_store_take(&t->page->room, n / 2 + 1, sizeof *values) : NULL;
    if (!values) return;
    fr_cell_text(t->frame, row, c->index, text, n + 1);
    for (char *p = text + (text[0] == '['), *end; *p && *p != ']'; p = *end == ',' ? end + 1 : end) {
        double value = strtod(p, &end);
        bool none = end == p;
        if (none) end = p + strcspn(p, ",]");
        values[count++] = none ? NAN : value;
    }
    fr_page_put_spark(t->page, values, count);
}

static void put_cell(table *t, size_t i, int64_t row)
{
    const shown *c = &t->columns[i];
    fr_ink *out = &t->page->body;
    bool header = i == 0 && !t->args->no_header_column && !c->right;
    fr_puts(out, header ? "<th scope=\"row\"" : "<td");
    fr_puts(out, c->right ? " class=\"n\">" : c->kind >= FR_DATE && c->kind <= FR_DURATION ? " class=\"t\">" : ">");
    if (c->spec.spark) put_list_spark(t, c, row);
    else put_cell_text(t, c, row);
    fr_puts(out, header ? "</th>" : "</td>");
    if (c->spec.bar) put_bar(t, c, row);
}

/* ---- the rows ---------------------------------------------------------------------------------------------------- */
static void put_head(table *t)
{
    fr_ink *out = &t->page->body;
    fr_puts(out, "<thead><tr>");
    if (t->args->rank) fr_puts(out, "<th scope=\"col\" class=\"n rank\"><span class=\"hidden\">Rank</span></th>");
    for (size_t i = 0; i < t->n; i++) {
        fr_puts(out, t->columns[i].right ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        fr_put_text(out, t->columns[i].spec.label);
        fr_puts(out, t->columns[i].spec.bar ? "</th><td class=\"b\"></td>" : "</th>");
    }
    fr_puts(out, "</tr></thead>\n<tbody>\n");
}

static void put_row(table *t, int64_t row)
{
    fr_ink *out = &t->page->body;
    fr_puts(out, "<tr>");
    if (t->args->rank) fr_putf(out, "<td class=\"n rank\">%" PRId64 "</td>", row + 1);
    for (size_t i = 0; i < t->n; i++) put_cell(t, i, row);
    fr_puts(out, "</tr>\n");
}

static bool has_bars(const table *t)
{
    bool bars = false;
    for (size_t i = 0; i < t->n; i++) bars = bars || t->columns[i].spec.bar;
    return bars;
}

static size_t n_shown_columns(const table *t)
{
    size_t n = t->n + (t->args->rank ? 1 : 0);
    for (size_t i = 0; i < t->n; i++) n += t->columns[i].spec.bar;
    return n;
}

/* The sum of a column as the library adds: exact for integers and decimals, compensated for floats. */
static bool put_sum(table *t, const shown *c)
{
    char name[600], agg[640], text[512];
    if (fr_quote(c->spec.column, name, sizeof name) >= sizeof name) return true;
    snprintf(agg, sizeof agg, "total = sum(%s)", name);
    fr_auto(frame) sum = fr_pipe(t->frame, fr_group(.agg = agg));
    if (!fr_ok(sum)) return fr_troubled_by(&t->page->trouble, sum);
    fr_numeral_cell(sum, 0, 0, c->spec.format, text, sizeof text);
    fr_put_text(&t->page->body, text);
    return true;
}

static void put_totals(table *t)
{
    fr_ink *out = &t->page->body;
    fr_puts(out, "<tfoot><tr>");
    if (t->args->rank) fr_puts(out, "<td></td>");
    for (size_t i = 0; i < t->n; i++) {
        const shown *c = &t->columns[i];
        bool sum = numeric(c->kind) && c->right && !c->spec.no_total;
        fr_puts(out, i == 0 && !sum ? "<th scope=\"row\">Total" : sum ? "<td class=\"n\">" : "<td>");
        if (sum && !put_sum(t, c)) return;
        fr_puts(out, i == 0 && !sum ? "</th>" : "</td>");
        if (c->spec.bar) fr_puts(out, "<td></td>");
    }
    fr_puts(out, "</tr></tfoot>\n");
}

static void put_more(table *t)
{
    char more[64];
    int64_t all = t->args->n_all > fr_length(t->frame) ? t->args->n_all : fr_length(t->frame);
    if (all <= t->rows) return;
    fr_numeral_text(fr_v_i64(all - t->rows), (fr_numeral_format){ .kind = FR_NUMERAL_NUMBER }, more, sizeof more);
    fr_putf(&t->page->body, "<tr class=\"more\"><td colspan=\"%zu\">and %s more</td></tr>\n", n_shown_columns(t), more);
}

/* A region that scrolls must be reachable by keyboard and have a name. */
static void put_table(table *t)
{
    fr_ink *out = &t->page->body;
    fr_puts(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\"");
    fr_put_attribute(out, "aria-label", t->args->caption ? t->args->caption : t->n ? t->columns[0].spec.label : "Table");
    fr_puts(out, has_bars(t) ? ">\n<table class=\"bars\">\n" : ">\n<table>\n");
    if (t->args->caption) {
        fr_puts(out, "<caption>");
        fr_put_text(out, t->args->caption);
        fr_puts(out, "</caption>\n");
    }
    put_head(t);
    for (int64_t row = 0; row < t->rows && fr_page_room(t->page); row++) put_row(t, row);      /* what does not fit is cut */
    put_more(t);
    fr_puts(out, "</tbody>\n");
    if (t->args->totals && t->rows) put_totals(t);
    fr_puts(out, "</table></div>\n");
}

static void table_of(fr_page *page, const fr_frame *frame, const fr_table_args *args, int64_t most_rows)
{
    static const fr_table_args plain;
    table t = { .page = page, .frame = frame, .args = args ? args : &plain };
    if (!fr_ok(frame)) fr_troubled_by(&page->trouble, frame);
    else if (fr_length(frame) < 0) fr_troubled(&page->trouble, FR_ERR_ARGUMENT, "a scan cannot be shown: fr_collect it first");
    else if (settle(&t, most_rows)) put_table(&t);
}

void fr_page_table(fr_page *page, const fr_frame *frame, const fr_table_args *args)
{
    if (!fr_block_begin(page)) return;
    table_of(page, frame, args, MOST_ROWS);
    fr_block_end(page, "a table");
}

/* ---- charts ------------------------------------------------------------------------------------------------------ */
void fr_page_chart(fr_page *page, const fr_chart_args *args)
{
    fr_ink *out = &page->body;
    if (!fr_block_begin(page)) return;
    fr_puts(out, args->wide ? "<figure class=\"wide\">\n" : "<figure>\n");
    if (args->title || args->caption) {
        fr_puts(out, "<figcaption>");
        if (args->title) {
            fr_puts(out, "<strong>");
            fr_put_text(out, args->title);
            fr_puts(out, "</strong> ");
        }
        fr_put_text(out, args->caption);
        fr_puts(out, "</figcaption>\n");
    }
    fr_puts(out, args->small.n ? "<div class=\"chart large\">" : "<div class=\"chart\">");
    fr_put(out, args->svg.html, args->svg.n);
    fr_puts(out, "</div>\n");
    if (args->small.n) {
        fr_puts(out, "<div class=\"chart narrow\">");
        fr_put(out, args->small.html, args->small.n);
        fr_puts(out, "</div>\n");
    }
    if (args->data) {
        fr_puts(out, "<details class=\"data\"><summary>View data</summary>\n");
        table_of(page, args->data, args->table, MOST_DATA_ROWS);
        fr_puts(out, "</details>\n");
    }
    fr_puts(out, "</figure>\n");
    fr_block_end(page, "a chart");
}
