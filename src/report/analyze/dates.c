/* dates.c — text columns that are dates, in how many ways they are written, and what says which number is the day.
 *
 *     2023-01-05        59.9 %   YYYY-MM-DD
 *     13/01/2023        25.1 %   DD/MM/YYYY: 7,523 of them cannot be read month first
 *     "Jan 5, 2023"     15.0 %   Mon D, YYYY
 *
 * The library reads them (fr_parse_dates, every text by the format it fits). Where nothing in the column tells day from
 * month the column stays text and the report asks for --day-first or --month-first: a guess would be a made-up date.
 */
#include "text_columns.h"
#include "numbers.h"

#include <string.h>

/* ---- is it one --------------------------------------------------------------------------------------------------- */
/* A date has digits, and few characters; a cheap look at the first texts keeps other columns from being tried. */
static bool may_be_dates(analysis *a, size_t column)
{
    const fr_frame *sample = a->sample;
    int64_t n = 0, n_like = 0;
    for (int64_t row = 0; row < fr_length(sample) && n < 40; row++) {
        char text[64];
        if (!fr_get_at(sample, row, column).valid) continue;
        const size_t length = write_cell(a, sample, row, column, text, sizeof text);
        n++;
        int digits = 0;
        for (size_t i = 0; i < length && length <= 40; i++) digits += text[i] >= '0' && text[i] <= '9';
        n_like += length >= 6 && length <= 40 && digits >= 3;
    }
    return n && n_like * 10 >= n * 7;
}

/* Values of `frame`'s first column that read as dates; -1 when day and month cannot be told apart, -2 after a failure. */
static int64_t count_dates(analysis *a, const fr_frame *frame, const char *quoted, bool day_first, bool month_first)
{
    fr_auto(frame) read = fr_pipe(frame, fr_select(quoted),
                                  fr_parse_dates(quoted, .mixed = true, .day_first = day_first,
                                  .month_first = month_first, .errors = FR_ERRORS_COERCE));
    if (!fr_ok(read) && fr_error_code(read) == FR_ERR_VALUE) return -1;
    if (!fr_ok(read)) return take_frame(a, &a->failure, fr_steal(read)), -2;
    return fr_length(read) - fr_null_count(read, 0);
}

/* ---- how they are written ---------------------------------------------------------------------------------------- */
typedef struct format_count {
    char    shape[24];             /* "9999-99-99", "Aaa 9, 9999" */
    int64_t n, n_day, n_month;     /* rows; those that can only be day first, month first */
    const char *example;
} format_count;

enum { MOST_FORMATS = 12 };

/* Digits become 9, a word Aaa; runs of digits shorter than three become one 9, so that 5/3 and 15/03 are one shape. */
static void shape_of(const char *text, char out[24])
{
    size_t n = 0;
    for (const char *c = text; *c && n + 5 < 24;) {
        const size_t digits = strspn(c, "0123456789");
        const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (digits) {
            n += (size_t)snprintf(out + n, 24 - n, "%s", digits >= 3 ? "9999" : "9");
            c += digits;
        } else if (letter && (c[0] == 'T' || c[0] == 'Z') && !((c[1] | 32) >= 'a' && (c[1] | 32) <= 'z')) {
            out[n++] = *c++;
        } else if (letter) {
            out[n++] = 'A';
            while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z')) c++;
        } else {
            out[n++] = *c++;
        }
    }
    out[n] = 0;
}

static format_count *format_of(format_count *formats, size_t *n, const char *shape)
{
    for (size_t i = 0; i < *n; i++)
        if (!strcmp(formats[i].shape, shape)) return &formats[i];
    if (*n == MOST_FORMATS) return NULL;
    snprintf(formats[*n].shape, sizeof formats[*n].shape, "%s", shape);
    return &formats[(*n)++];
}

static void note_order(format_count *f, const char *text, int64_t n)
{
    int first = 0, second = 0;
    if (sscanf(text, "%2d%*1[./-]%2d", &first, &second) != 2) return;
    if (first > 12 && second <= 12) f->n_day += n;
    if (second > 12 && first <= 12) f->n_month += n;
}

/* Formats of the texts that read as dates, most frequent first. */
static bool count_formats(analysis *a, const text_column *c, const fr_parse_dates_args *args, format_count *formats,
                          size_t *n)
{
    fr_auto(frame) read = NULL;
    *n = 0;
    if (!c->values) return true;
    if (!take_frame(a, &read, fr_pipe(c->values, fr_rename(keep_format(&a->store, "%s as text_", c->quoted)),
                                      fr_with("day_ = text_"),
                                      fr_parse_dates("day_", .mixed = true, .day_first = args->day_first,
                                                     .month_first = args->month_first, .errors = FR_ERRORS_COERCE),
                                      fr_filter("day_ is not null")))) return false;
    for (int64_t row = 0; row < fr_length(read); row++) {
        char shape[24];
        const char *text = cell_text(a, read, row, 0);
        const int64_t rows = fr_get_at(read, row, 1).as.i;
        shape_of(text, shape);
        format_count *f = format_of(formats, n, shape);
        if (!f) continue;
        f->n += rows;
        if (!f->example) f->example = text;
        note_order(f, text, rows);
    }
    for (size_t i = 1; i < *n; i++)
        for (size_t j = i; j && formats[j].n > formats[j - 1].n; j--) {
            const format_count swap = formats[j];
            formats[j] = formats[j - 1];
            formats[j - 1] = swap;
        }
    return true;
}

static const char *format_name(analysis *a, const format_count *f, bool month_first)
{
    static const struct { const char *shape, *name, *other; } known[] = {
        { "9999-9-9", "YYYY-MM-DD", NULL }, { "9/9/9999", "DD/MM/YYYY", "MM/DD/YYYY" },
            { "9.9.9999", "DD.MM.YYYY", NULL },
        { "9-9-9999", "DD-MM-YYYY", "MM-DD-YYYY" }, { "9999/9/9", "YYYY/MM/DD", NULL },
            { "A 9, 9999", "Mon D, YYYY", NULL },
        { "9 A 9999", "D Mon YYYY", NULL }, { "9-A-9999", "D-Mon-YYYY", NULL }, { "A 9 9999", "Mon D YYYY", NULL },
        { "9/9/9", "DD/MM/YY", "MM/DD/YY" },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!strcmp(known[i].shape, f->shape)) return month_first && known[i].other ? known[i].other : known[i].name;
    return keep_format(&a->store, "\"%s\"", f->example);
}

/* "YYYY-MM-DD (29,918), DD/MM/YYYY (12,498, of which 7,480 can only be day first)" */
static const char *format_list(analysis *a, const format_count *formats, size_t n, bool month_first)
{
    growing text = { .bytes = NULL };
    for (size_t i = 0; i < n; i++) {
        const format_count *f = &formats[i];
        const int64_t sure = month_first ? f->n_month : f->n_day;
        grow_format(&text, "%s%s (%s", i ? ", " : "", format_name(a, f, month_first), grouped(&a->store, f->n));
        if (sure) grow_format(&text, ", of which %s can only be %s first", grouped(&a->store, sure), month_first
                              ? "month" : "day");
        grow(&text, ")");
    }
    const char *out = keep(&a->store, text.bytes ? text.bytes : "");
    growing_clear(&text);
    return out;
}

/* ---- the rule ---------------------------------------------------------------------------------------------------- */
static bool add_date_rule(analysis *a, const text_column *c)
{
    format_count formats[MOST_FORMATS] = { { .n = 0 } };
    size_t n;
    rule *r = add_rule(a, RULE_DATE, c->name, "parse_dates");
    if (!r) return false;
    fr_parse_dates_args *args = &r->step.args.parse_dates;
    args->columns = c->quoted;
    args->mixed = true;
    args->errors = FR_ERRORS_REJECT;
    args->day_first = a->asked.day_first;
    args->month_first = a->asked.month_first;
    if (!count_formats(a, c, args, formats, &n)) return false;
    bool month_first = args->month_first;
    for (size_t i = 0; i < n; i++) month_first |= formats[i].n_month > 0;
    r->brief = n ? counted(&a->store, (int64_t)n, "format") : "text";
    r->what = keep_format(&a->store, "%s: dates%s%s become dates; rows whose date does not exist or cannot be read are "
                          "put aside",
                          c->name, n ? " written as " : "", n ? format_list(a, formats, n, month_first) : "");
    return true;
}

static bool ask_for_order(analysis *a, const text_column *c)
{
    return add_alert(a, ALERT_PROBLEM, "ambiguous dates", c->name,
                     keep_format(&a->store, "%s: day and month cannot be told apart, so the dates stay text; "
                                 "say --day-first or --month-first", c->name));
}

bool plan_dates(analysis *a, const text_column *c, bool *planned)
{
    if (!may_be_dates(a, c->index)) return true;
    const int64_t n_sample = fr_length(a->sample) - fr_null_count(a->sample, c->index);
    const bool month = a->asked.month_first, day = a->asked.day_first;
    const int64_t by_day = count_dates(a, a->sample, c->quoted, !month, month);
    const int64_t by_month = day || month ? by_day : count_dates(a, a->sample, c->quoted, false, true);
    const int64_t most = by_day > by_month ? by_day : by_month;
    if (by_day == -2 || by_month == -2) return false;
    if (most * 10 < n_sample * 9) return true;
    const int64_t n = count_dates(a, c->among, c->quoted, day, month);
    if (n == -2) return false;
    if (n == -1) return ask_for_order(a, c);
    if (n * 10 < c->n_valid * 9) return true;
    *planned = true;
    return add_date_rule(a, c);
}
