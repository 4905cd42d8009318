/* json.c — the analysis as one JSON object.
 *
 *     { "format": "libframe analysis", "version": 1, "file": "sales_data.csv",
 *       "rows": { "in": 50000, "kept": 49857, "duplicates": 127, "rejected": 16, "filled": 45 }, … }
 *
 * Amounts are JSON numbers with all their digits: a reader that wants them exact reads the digits, not a double. What is
 * unknown is null. Keys stand in a fixed order, so equal runs give equal bytes. Structs are written by tables of their
 * members: a name, a kind, an offset.
 */
#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ------------------------------------------------------------------------------------------------------ */
static void put_text(growing *out, const char *text)
{
    if (text) grow_quoted(out, text);
    else grow(out, "null");
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

static void section(growing *out, const char *name) { grow_format(out, ",\n  \"%s\": ", name); }

/* ---- members of structs ------------------------------------------------------------------------------------------ */
typedef enum field_kind { TEXT, NUMBER, DIGITS, DIGITS_IF_ANY, WHOLE, WHOLE_IF_KNOWN, TRUTH, UNTRUTH, WORD } field_kind;

/* A member of a struct and what it is called in the file; words: of an enum, by its number. */
typedef struct field {
    const char        *name;
    field_kind         kind;
    size_t             offset;
    const char *const *words;
} field;

#define FIELD(struct_, kind_, name_, member) { .name = name_, .kind = kind_, .offset = offsetof(struct_, member) }
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void put_field(growing *out, const field *f, const void *from)
{
    const void *at = (const char *)from + f->offset;
    const char *text = f->kind <= DIGITS_IF_ANY && f->kind != NUMBER ? *(const char *const *)at : NULL;
    if (f->kind == DIGITS_IF_ANY && !text) return;
    key(out, f->name);
    switch (f->kind) {
    case TEXT: put_text(out, text); break;
    case NUMBER: put_number(out, *(const double *)at); break;
    case DIGITS: case DIGITS_IF_ANY: put_digits(out, text); break;
    case WHOLE: grow_format(out, "%" PRId64, *(const int64_t *)at); break;
    case WHOLE_IF_KNOWN:
        if (*(const int64_t *)at < 0) grow(out, "null");
        else grow_format(out, "%" PRId64, *(const int64_t *)at);
        break;
    case TRUTH: grow(out, *(const bool *)at ? "true" : "false"); break;
    case UNTRUTH: grow(out, *(const bool *)at ? "false" : "true"); break;
    case WORD: put_text(out, f->words[*(const unsigned *)at]); break;
    }
}

static void put_fields(growing *out, const field *fields, size_t n, const void *from)
{
    for (size_t i = 0; i < n; i++) put_field(out, &fields[i], from);
}

/* `{` of the next item of an array, on a line of its own */
static void item(growing *out) { grow(out, out->bytes[out->n - 1] == '[' ? "\n    {" : ",\n    {"); }

static void end_list(growing *out) { grow(out, out->bytes[out->n - 1] == '[' ? "]" : "\n  ]"); }

/* An array of structs, behind its key: an object each, on a line of its own. */
typedef struct rows { const void *first; size_t n, size; } rows;

static void put_rows(growing *out, const field *fields, size_t n_fields, rows list)
{
    grow_char(out, '[');
    for (size_t i = 0; i < list.n; i++) {
        item(out);
        put_fields(out, fields, n_fields, (const char *)list.first + i * list.size);
        grow_char(out, '}');
    }
    end_list(out);
}

#define ROWS(array, n) ((rows){ array, n, sizeof *(array) })

/* A section that is one object, begun with some members; null when there is none, and then it is false. */
static bool begin_object(growing *out, const char *name, bool there)
{
    section(out, name);
    grow(out, there ? "{" : "null");
    return there;
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */
static int64_t total_filled(const analysis *a)
{
    int64_t n = 0;
    for (size_t i = 0; i < a->n_rules; i++) n += a->rules[i].filled;
    return n;
}

static void write_head(analysis *a, growing *out)
{
    static const field reading[] = { FIELD(analysis, TEXT, "encoding", encoding),
                                     FIELD(analysis, TEXT, "separator", separator), FIELD(analysis, TEXT, "header", header) };
    static const field counts[] = { FIELD(analysis, WHOLE, "in", n_in), FIELD(analysis, WHOLE, "kept", n_kept),
                                    FIELD(analysis, WHOLE, "duplicates", n_duplicates),
                                    FIELD(analysis, WHOLE, "rejected", n_rejected),
                                    FIELD(analysis, WHOLE, "equal_kept", n_equal_kept) };
    grow(out, "{\n  \"format\": \"libframe analysis\", \"version\": 1");
    section(out, "file");
    put_text(out, a->file_name);
    begin_object(out, "read", true);
    put_fields(out, reading, COUNT(reading), a);
    grow_char(out, '}');
    begin_object(out, "rows", true);
    put_fields(out, counts, COUNT(counts), a);
    key(out, "filled");
    grow_format(out, "%" PRId64 "}", total_filled(a));
}

static void write_rules(analysis *a, growing *out)
{
    static const char *const kinds[] = { "blanks", "spelling", "missing word", "number", "date", "duplicates", "fill",
                                         "given" };
    static const field of_rule[] = {
        { .name = "kind", .kind = WORD, .offset = offsetof(rule, kind), .words = kinds },
        FIELD(rule, TEXT, "column", column), FIELD(rule, TEXT, "rule", what), FIELD(rule, WHOLE, "changed", changed),
        FIELD(rule, WHOLE, "converted", converted), FIELD(rule, WHOLE, "filled", filled),
        FIELD(rule, WHOLE, "duplicates", duplicates), FIELD(rule, WHOLE, "rejected", rejected),
    };
    static const field of_spelling[] = { FIELD(spelling, TEXT, "column", column), FIELD(spelling, TEXT, "from", from),
                                         FIELD(spelling, TEXT, "to", to), FIELD(spelling, WHOLE, "cells", n) };
    section(out, "cleaning");
    put_rows(out, of_rule, COUNT(of_rule), ROWS(a->rules, a->n_rules));
    section(out, "spellings");
    put_rows(out, of_spelling, COUNT(of_spelling), ROWS(a->spellings, a->n_spellings));
}

typedef struct chosen { const char *column; double sure; const char *why; } chosen;

static void write_role(growing *out, const char *name, chosen role)
{
    static const field of_role[] = { FIELD(chosen, TEXT, "column", column), FIELD(chosen, NUMBER, "confidence", sure),
                                     FIELD(chosen, TEXT, "reason", why) };
    key(out, name);
    grow(out, role.column ? "{" : "null");
    if (!role.column) return;
    put_fields(out, of_role, COUNT(of_role), &role);
    grow_char(out, '}');
}

static void write_roles(analysis *a, growing *out)
{
    static const field others[] = { FIELD(roles, TEXT, "quantity", quantity), FIELD(roles, TEXT, "price", price),
                                    FIELD(roles, TEXT, "customer", customer) };
    static const field exact = FIELD(roles, TRUTH, "exact", exact);
    const roles *r = &a->roles;
    begin_object(out, "roles", true);
    write_role(out, "amount", (chosen){ r->sales ? r->amount : NULL, r->amount_sure, r->amount_why });
    write_role(out, "by", (chosen){ r->by, r->by_sure, r->by_why });
    write_role(out, "top", (chosen){ r->top, r->top_sure, r->top_why });
    write_role(out, "date", (chosen){ r->date, r->date_sure, r->date_why });
    put_fields(out, others, COUNT(others), r);
    key(out, "currency");
    put_text(out, a->currency);
    put_field(out, &exact, r);
    grow_char(out, '}');
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
static void write_bars(growing *out, const column_facts *c)
{
    static const field of_bin[] = { FIELD(bar, NUMBER, "from", from), FIELD(bar, NUMBER, "to", to), FIELD(bar, WHOLE, "n", n) };
    static const field of_value[] = { FIELD(bar, TEXT, "value", label), FIELD(bar, WHOLE, "n", n) };
    key(out, c->bars_are_bins ? "bins" : "values");
    grow_char(out, '[');
    for (size_t i = 0; i < c->n_bars; i++) {
        grow(out, i ? ", {" : "{");
        if (c->bars_are_bins) put_fields(out, of_bin, COUNT(of_bin), &c->bars[i]);
        else put_fields(out, of_value, COUNT(of_value), &c->bars[i]);
        grow_char(out, '}');
    }
    grow_char(out, ']');
    key(out, "beyond");
    grow_format(out, "%" PRId64, c->n_other);
}

static void write_columns(analysis *a, growing *out)
{
    static const field of_column[] = {
        FIELD(column_facts, TEXT, "name", name), FIELD(column_facts, TEXT, "type", type),
        { .name = "role", .kind = WORD, .offset = offsetof(column_facts, role), .words = role_words },
        FIELD(column_facts, NUMBER, "confidence", confidence), FIELD(column_facts, TEXT, "reason", reason),
        FIELD(column_facts, WHOLE, "missing", n_missing), FIELD(column_facts, WHOLE_IF_KNOWN, "distinct", n_distinct),
        FIELD(column_facts, TEXT, "min", least), FIELD(column_facts, TEXT, "max", most),
    };
    static const field of_number[] = {
        FIELD(number_facts, NUMBER, "mean", mean), FIELD(number_facts, NUMBER, "std", std),
        FIELD(number_facts, NUMBER, "q1", q1), FIELD(number_facts, NUMBER, "median", median),
        FIELD(number_facts, NUMBER, "q3", q3), FIELD(number_facts, NUMBER, "skew", skew),
        FIELD(number_facts, WHOLE, "zeros", zeros), FIELD(number_facts, WHOLE, "negatives", negatives),
        FIELD(number_facts, WHOLE, "infinite", infinite),
    };
    section(out, "columns");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_columns; i++) {
        const column_facts *c = &a->columns[i];
        item(out);
        put_fields(out, of_column, COUNT(of_column), c);
        if (is_number(c->kind)) put_fields(out, of_number, COUNT(of_number), &c->number);
        if (c->n_bars) write_bars(out, c);
        grow_char(out, '}');
    }
    end_list(out);
}

/* ---- findings ---------------------------------------------------------------------------------------------------- */
static void write_groups(growing *out, const char *name, const group_list *list)
{
    static const field of_list[] = { FIELD(group_list, NUMBER, "top10_share", top10_share),
                                     FIELD(group_list, WHOLE, "groups_for_80_percent", n_for_80) };
    static const field of_line[] = { FIELD(group_line, TEXT, "value", label), FIELD(group_line, DIGITS, "amount", digits),
                                     FIELD(group_line, NUMBER, "share", share), FIELD(group_line, WHOLE, "rows", rows),
                                     FIELD(group_line, DIGITS_IF_ANY, "units", units) };
    if (!begin_object(out, name, list->column)) return;
    key(out, "column");
    put_text(out, list->column);
    key(out, "groups");
    grow_format(out, "%zu", list->n_groups);
    put_fields(out, of_list, COUNT(of_list), list);
    key(out, "lines");
    put_rows(out, of_line, COUNT(of_line), ROWS(list->lines, list->n));
    grow_char(out, '}');
}

static void write_total(analysis *a, growing *out)
{
    static const field of_total[] = {
        FIELD(findings, DIGITS, "amount", total_digits), FIELD(findings, DIGITS, "mean", mean_digits),
        FIELD(findings, WHOLE, "rows", rows), FIELD(findings, DIGITS, "units", units),
        FIELD(findings, TEXT, "first", first_text), FIELD(findings, TEXT, "last", last_text),
    };
    begin_object(out, "total", true);
    key(out, "name");
    put_text(out, a->roles.amount_name);
    put_fields(out, of_total, COUNT(of_total), &a->found);
    grow_char(out, '}');
}

static void write_periods(analysis *a, growing *out)
{
    static const field of_time[] = {
        FIELD(findings, NUMBER, "change", change), FIELD(findings, NUMBER, "change_on_year_before", change_year),
        FIELD(findings, NUMBER, "twelve_months_change", year_change), FIELD(findings, NUMBER, "slope", slope),
        FIELD(findings, NUMBER, "r2", r2),
    };
    static const field of_period[] = { FIELD(period, TEXT, "period", label), FIELD(period, DIGITS, "amount", digits),
                                       FIELD(period, WHOLE, "rows", rows), FIELD(period, UNTRUTH, "whole", partial) };
    const findings *f = &a->found;
    if (!begin_object(out, "over_time", f->n_periods > 0)) return;
    key(out, "unit");
    put_text(out, period_word(f->unit));
    put_fields(out, of_time, COUNT(of_time), f);
    key(out, "periods");
    put_rows(out, of_period, COUNT(of_period), ROWS(f->periods, f->n_periods));
    grow_char(out, '}');
}

static void put_numbers(growing *out, const double *values, int n)
{
    grow_char(out, '[');
    for (int i = 0; i < n; i++) {
        if (i) grow(out, ", ");
        put_number(out, values[i]);
    }
    grow_char(out, ']');
}

static void write_list(growing *out, const char *name, const double *values, int n, bool there)
{
    key(out, name);
    if (there) put_numbers(out, values, n);
    else grow(out, "null");
}

static void write_season(analysis *a, growing *out)
{
    const findings *f = &a->found;
    begin_object(out, "season", true);
    write_list(out, "weekday_mean", f->weekday, 7, f->has_weekday);
    write_list(out, "month_mean", f->month_of_year, 12, f->has_month_of_year);
    key(out, "weekday_hour");
    grow(out, f->has_hours ? "[" : "null");
    for (int w = 0; f->has_hours && w < 7; w++) {
        if (w) grow(out, ", ");
        put_numbers(out, f->hours[w], 24);
    }
    grow(out, f->has_hours ? "]}" : "}");
}

static void write_outliers(analysis *a, growing *out)
{
    static const field of_outliers[] = { FIELD(findings, TEXT, "rule", outlier_rule),
                                         FIELD(findings, WHOLE, "rows", n_outliers) };
    begin_object(out, "outliers", true);
    put_fields(out, of_outliers, COUNT(of_outliers), &a->found);
    grow_char(out, '}');
}

typedef struct named_pair { const char *a, *b; double r; } named_pair;

static void write_correlations(analysis *a, growing *out)
{
    static const field of_pair[] = { FIELD(named_pair, TEXT, "a", a), FIELD(named_pair, TEXT, "b", b),
                                     FIELD(named_pair, NUMBER, "r", r) };
    section(out, "correlations");
    grow_char(out, '[');
    for (size_t i = 0; i < a->n_correlations; i++) {
        const correlation *c = &a->correlations[i];
        item(out);
        put_fields(out, of_pair, COUNT(of_pair), &(named_pair){ a->columns[c->a].name, a->columns[c->b].name, c->r });
        grow_char(out, '}');
    }
    end_list(out);
}

static void write_alerts(analysis *a, growing *out)
{
    static const char *const levels[] = { "note", "warning", "problem" };
    static const field of_alert[] = {
        { .name = "level", .kind = WORD, .offset = offsetof(alert, level), .words = levels },
        FIELD(alert, TEXT, "kind", kind), FIELD(alert, TEXT, "column", column), FIELD(alert, TEXT, "text", text),
    };
    section(out, "alerts");
    put_rows(out, of_alert, COUNT(of_alert), ROWS(a->alerts, a->n_alerts));
}

static void write_point(analysis *a, growing *out, int64_t row)
{
    const course *c = &a->course;
    item(out);
    key(out, "from");
    put_text(out, cell_text(a, c->means, row, (size_t)fr_find(c->means, "start__")));
    if (c->by) key(out, "value");
    if (c->by) put_text(out, cell_text(a, c->means, row, (size_t)fr_find(c->means, c->by)));
    key(out, "mean");
    put_number(out, cell_number(c->means, row, "mean__"));
    grow_char(out, '}');
}

static void write_course(analysis *a, growing *out)
{
    static const field of_course[] = { FIELD(course, TEXT, "measure", measure), FIELD(course, TEXT, "date", date),
                                       FIELD(course, TEXT, "by", by) };
    const course *c = &a->course;
    if (!begin_object(out, "measure_over_time", c->measure)) return;
    put_fields(out, of_course, COUNT(of_course), c);
    key(out, "unit");
    put_text(out, period_word(c->unit));
    key(out, "points");
    grow_char(out, '[');
    for (int64_t row = 0; row < fr_length(c->means); row++) write_point(a, out, row);
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
        write_outliers(a, out);
    }
    write_course(a, out);
    write_correlations(a, out);
    write_alerts(a, out);
    grow(out, "\n}\n");
}
