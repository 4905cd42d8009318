/* json.c — the analysis as one JSON object.
 *
 *     { "format": "libframe analysis", "version": 1, "file": "sales_data.csv",
 *       "rows": { "in": 50000, "kept": 49857, "duplicates": 127, "rejected": 16, "filled": 45 }, … }
 *
 * Amounts are JSON numbers with all their digits: a reader that wants them exact reads the digits, not a double. What
 * is
 * unknown is null. Keys stand in a fixed order, so equal runs give equal bytes.
 */
#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ------------------------------------------------------------------------------------------------------ */
static void put_text(growing *out, const char *text)
{
    if (!text) {
        grow(out, "null");
        return;
    }
    grow_char(out, '"');
    for (const char *c = text; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\') grow_format(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f) grow_format(out, "\\u%04x", byte);
        else grow_char(out, *c);
    }
    grow_char(out, '"');
}

/* The fewest digits that read back the same. */
static void put_number(growing *out, double x)
{
    char text[40];
    if (!isfinite(x)) {
        grow(out, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x) break;
    }
    grow(out, text);
}

/* Digits of the library as they are, unless they are no JSON number (inf, nan). */
static void put_digits(growing *out, const char *digits)
{
    const bool number = digits && strspn(digits, "-+.0123456789eE") == strlen(digits);
    grow(out, number ? digits : "null");
}

static void key(growing *out, const char *name)
{
    const char last = out->n ? out->bytes[out->n - 1] : '{';
    grow_format(out, "%s\"%s\": ", last == '{' || last == '[' ? "" : ", ", name);
}

static void key_text(growing *out, const char *name, const char *text) { key(out, name), put_text(out, text); }
static void key_number(growing *out, const char *name, double x) { key(out, name), put_number(out, x); }
static void key_digits(growing *out, const char *name, const char *digits) { key(out, name), put_digits(out, digits); }
static void key_whole(growing *out, const char *name, int64_t n) { key(out, name), grow_format(out, "%" PRId64, n); }
static void key_bool(growing *out, const char *name, bool is) { key(out, name), grow(out, is ? "true" : "false"); }

/* `{` of the next item of an array, on a line of its own */
static void item(growing *out) { grow(out, out->bytes[out->n - 1] == '[' ? "\n    {" : ",\n    {"); }

static void section(growing *out, const char *name) { grow_format(out, ",\n  \"%s\": ", name); }

static void end_list(growing *out) { grow(out, out->bytes[out->n - 1] == '[' ? "]" : "\n  ]"); }

/* ---- parts ------------------------------------------------------------------------------------------------------- */
static const char *kind_word(rule_kind kind)
{
    static const char *const words[] = { "blanks", "spelling", "missing word", "number", "date", "duplicates", "fill",
                                        "given" };
    return words[kind];
}

static int64_t total_filled(const analysis *a)
{
    int64_t n = 0;
    for (size_t i = 0; i < a->n_rules; i++) n += a->rules[i].filled;
    return n;
}

static void write_head(analysis *a, growing *out)
{
    grow(out, "{\n  \"format\": \"libframe analysis\", \"version\": 1");
    section(out, "file");
    put_text(out, a->file_name);
    section(out, "read");
    grow_char(out, '{');
    key_text(out, "encoding", a->encoding);
    key_text(out, "separator", a->separator);
    key_text(out, "header", a->header);
    grow_char(out, '}');
    section(out, "rows");
    grow_char(out, '{');
    key_whole(out, "in", a->n_in);
    key_whole(out, "kept", a->n_kept);
    key_whole(out, "duplicates", a->n_duplicates);
    key_whole(out, "rejected", a->n_rejected);
    key_whole(out, "equal_kept", a->n_equal_kept);
    key_whole(out, "filled", total_filled(a));
    grow_char(out, '}');
}

static void write_rules(analysis *a, growing *out)
{
    section(out, "cleaning");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_rules; i++) {
        const rule *r = &a->rules[i];
        item(out);
        key_text(out, "kind", kind_word(r->kind));
        key_text(out, "column", r->column);
        key_text(out, "rule", r->what);
        key_whole(out, "changed", r->changed);
        key_whole(out, "converted", r->converted);
        key_whole(out, "filled", r->filled);
        key_whole(out, "duplicates", r->duplicates);
        key_whole(out, "rejected", r->rejected);
        grow_char(out, '}');
    }
    end_list(out);
    section(out, "spellings");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_spellings; i++) {
        item(out);
        key_text(out, "column", a->spellings[i].column);
        key_text(out, "from", a->spellings[i].from);
        key_text(out, "to", a->spellings[i].to);
        key_whole(out, "cells", a->spellings[i].n);
        grow_char(out, '}');
    }
    end_list(out);
}

static void write_role(growing *out, const char *name, const char *column, double sure, const char *why)
{
    key(out, name);
    if (!column) {
        grow(out, "null");
        return;
    }
    grow_char(out, '{');
    key_text(out, "column", column);
    key_number(out, "confidence", sure);
    key_text(out, "reason", why);
    grow_char(out, '}');
}

static void write_roles(analysis *a, growing *out)
{
    const roles *r = &a->roles;
    section(out, "roles");
    grow_char(out, '{');
    write_role(out, "amount", r->sales ? r->amount : NULL, r->amount_sure, r->amount_why);
    write_role(out, "by", r->by, r->by_sure, r->by_why);
    write_role(out, "top", r->top, r->top_sure, r->top_why);
    write_role(out, "date", r->date, r->date_sure, r->date_why);
    key_text(out, "quantity", r->quantity);
    key_text(out, "price", r->price);
    key_text(out, "customer", r->customer);
    key_text(out, "currency", a->currency);
    key_bool(out, "exact", r->exact);
    grow_char(out, '}');
}

static void write_bars(growing *out, const column_facts *c)
{
    key(out, c->bars_are_bins ? "bins" : "values");
    grow_char(out, '[');
    for (size_t i = 0; i < c->n_bars; i++) {
        const bar *b = &c->bars[i];
        grow(out, i ? ", {" : "{");
        if (c->bars_are_bins) key_number(out, "from", b->from), key_number(out, "to", b->to);
        else key_text(out, "value", b->label);
        key_whole(out, "n", b->n);
        grow_char(out, '}');
    }
    grow_char(out, ']');
    key_whole(out, "beyond", c->n_other);
}

static void write_numbers(growing *out, const column_facts *c)
{
    const number_facts *f = &c->number;
    key_number(out, "mean", f->mean);
    key_number(out, "std", f->std);
    key_number(out, "q1", f->q1);
    key_number(out, "median", f->median);
    key_number(out, "q3", f->q3);
    key_number(out, "skew", f->skew);
    key_whole(out, "zeros", f->zeros);
    key_whole(out, "negatives", f->negatives);
    key_whole(out, "infinite", f->infinite);
}

static void write_columns(analysis *a, growing *out)
{
    section(out, "columns");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_columns; i++) {
        const column_facts *c = &a->columns[i];
        item(out);
        key_text(out, "name", c->name);
        key_text(out, "type", c->type);
        key_text(out, "role", role_word(c->role));
        key_number(out, "confidence", c->confidence);
        key_text(out, "reason", c->reason);
        key_whole(out, "missing", c->n_missing);
        key(out, "distinct");
        if (c->n_distinct < 0) grow(out, "null");
        else grow_format(out, "%" PRId64, c->n_distinct);
        key_text(out, "min", c->least);
        key_text(out, "max", c->most);
        if (is_number(c->kind)) write_numbers(out, c);
        if (c->n_bars) write_bars(out, c);
        grow_char(out, '}');
    }
    end_list(out);
}

/* ---- findings ---------------------------------------------------------------------------------------------------- */
static void write_groups(growing *out, const char *name, const group_list *list)
{
    section(out, name);
    if (!list->column) {
        grow(out, "null");
        return;
    }
    grow_char(out, '{');
    key_text(out, "column", list->column);
    key_whole(out, "groups", (int64_t)list->n_groups);
    key_number(out, "top10_share", list->top10_share);
    key_whole(out, "groups_for_80_percent", list->n_for_80);
    key(out, "lines");
    grow_char(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        const group_line *l = &list->lines[i];
        item(out);
        key_text(out, "value", l->label);
        key_digits(out, "amount", l->digits);
        key_number(out, "share", l->share);
        key_whole(out, "rows", l->rows);
        if (l->units) key_digits(out, "units", l->units);
        grow_char(out, '}');
    }
    end_list(out);
    grow_char(out, '}');
}

static void write_total(analysis *a, growing *out)
{
    const findings *f = &a->found;
    section(out, "total");
    grow_char(out, '{');
    key_text(out, "name", a->roles.amount_name);
    key_digits(out, "amount", f->total_digits);
    key_digits(out, "mean", f->mean_digits);
    key_whole(out, "rows", f->rows);
    key_digits(out, "units", f->units);
    key_text(out, "first", f->first_text);
    key_text(out, "last", f->last_text);
    grow_char(out, '}');
}

static void write_periods(analysis *a, growing *out)
{
    static const char *const units[] = { "day", "week", "month", "year" };
    const findings *f = &a->found;
    section(out, "over_time");
    if (!f->n_periods) {
        grow(out, "null");
        return;
    }
    grow_char(out, '{');
    key_text(out, "unit", units[f->unit]);
    key_number(out, "change", f->change);
    key_number(out, "change_on_year_before", f->change_year);
    key_number(out, "twelve_months_change", f->year_change);
    key_number(out, "slope", f->slope);
    key_number(out, "r2", f->r2);
    key(out, "periods");
    grow_char(out, '[');
    for (size_t i = 0; i < f->n_periods; i++) {
        item(out);
        key_text(out, "period", f->periods[i].label);
        key_digits(out, "amount", f->periods[i].digits);
        key_whole(out, "rows", f->periods[i].rows);
        key_bool(out, "whole", !f->periods[i].partial);
        grow_char(out, '}');
    }
    end_list(out);
    grow_char(out, '}');
}

static void write_list(growing *out, const char *name, const double *values, int n, bool there)
{
    key(out, name);
    if (!there) {
        grow(out, "null");
        return;
    }
    grow_char(out, '[');
    for (int i = 0; i < n; i++) {
        if (i) grow(out, ", ");
        put_number(out, values[i]);
    }
    grow_char(out, ']');
}

static void write_season(analysis *a, growing *out)
{
    const findings *f = &a->found;
    section(out, "season");
    grow_char(out, '{');
    write_list(out, "weekday_mean", f->weekday, 7, f->has_weekday);
    write_list(out, "month_mean", f->month_of_year, 12, f->has_month_of_year);
    key(out, "weekday_hour");
    grow(out, f->has_hours ? "[" : "null");
    for (int w = 0; f->has_hours && w < 7; w++) {
        grow(out, w ? ", [" : "[");
        for (int h = 0; h < 24; h++) {
            if (h) grow(out, ", ");
            put_number(out, f->hours[w][h]);
        }
        grow_char(out, ']');
    }
    grow(out, f->has_hours ? "]}" : "}");
}

static void write_others(analysis *a, growing *out)
{
    section(out, "outliers");
    grow_char(out, '{');
    key_text(out, "rule", a->found.outlier_rule);
    key_whole(out, "rows", a->found.n_outliers);
    grow_char(out, '}');
}

static void write_correlations(analysis *a, growing *out)
{
    section(out, "correlations");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_correlations; i++) {
        item(out);
        key_text(out, "a", a->columns[a->correlations[i].a].name);
        key_text(out, "b", a->columns[a->correlations[i].b].name);
        key_number(out, "r", a->correlations[i].r);
        grow_char(out, '}');
    }
    end_list(out);
}

static void write_alerts(analysis *a, growing *out)
{
    static const char *const levels[] = { "note", "warning", "problem" };
    section(out, "alerts");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_alerts; i++) {
        item(out);
        key_text(out, "level", levels[a->alerts[i].level]);
        key_text(out, "kind", a->alerts[i].kind);
        key_text(out, "column", a->alerts[i].column);
        key_text(out, "text", a->alerts[i].text);
        grow_char(out, '}');
    }
    end_list(out);
}

static void write_course(analysis *a, growing *out)
{
    const course *c = &a->course;
    section(out, "measure_over_time");
    if (!c->measure) {
        grow(out, "null");
        return;
    }
    grow_char(out, '{');
    key_text(out, "measure", c->measure);
    key_text(out, "date", c->date);
    key_text(out, "by", c->by);
    key_text(out, "unit", c->unit == PERIOD_MONTH ? "month" : "day");
    key(out, "points");
    grow_char(out, '[');
    for (int64_t row = 0; row < fr_length(c->means); row++) {
        item(out);
        key_text(out, "from", cell_text(a, c->means, row, (size_t)fr_find(c->means, "start__")));
        if (c->by) key_text(out, "value", cell_text(a, c->means, row, (size_t)fr_find(c->means, c->by)));
        key_number(out, "mean", cell_number(c->means, row, "mean__"));
        grow_char(out, '}');
    }
    end_list(out);
    grow_char(out, '}');
}

void write_json(analysis *a, growing *out)
{
    write_head(a, out);
    write_rules(a, out);
    write_roles(a, out);
    write_columns(a, out);
    if (a->roles.sales) {
        write_total(a, out);
        write_groups(out, "by", &a->found.by);
        write_groups(out, "top", &a->found.top);
        write_groups(out, "customers", &a->found.customers);
        write_periods(a, out);
        write_season(a, out);
        write_others(a, out);
    }
    write_course(a, out);
    write_correlations(a, out);
    write_alerts(a, out);
    grow(out, "\n}\n");
}
