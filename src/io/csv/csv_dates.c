/* csv_dates.c — how the dates of a text column are spelt, found out from all of them.
 *
 * Every text says which spellings it fits; the column's is the one that most rows fit, of equals the first in the list of
 * base/date_text.h. When day and month could be either way round in every row the read is refused, unless .day_first says
 * which. The column is then read once more by that spelling, so that a field that does not fit is told with its line.
 */
#include "io/csv/csv_dates.h"

#include <string.h>

#include "base/date_text.h"
#include "data/text_form.h"

typedef struct evidence {
    int64_t  fits[FR_DATE_SHAPE_COUNT];      /* rows                                                                   */
    uint64_t times[FR_DATE_SHAPE_COUNT];     /* what follows the date in the texts that fit                            */
    bool     plain[FR_DATE_SHAPE_COUNT];     /* some text that fits has no offset                                      */
    int64_t  n_texts;                        /* rows that are not null                                                 */
    int64_t  ambiguous_row;                  /* first row that means different days, day first or month first; -1      */
} evidence;

static const fr_date_shape twins[][2] = { { FR_DATE_DMY_SLASH, FR_DATE_MDY_SLASH }, { FR_DATE_DMY_DASH, FR_DATE_MDY_DASH },
                                          { FR_DATE_DMY2_SLASH, FR_DATE_MDY2_SLASH } };

bool fr_csv_dates_wants(const fr_csv_reader *r, const fr_csv_column *c)
{
    if (c->declared || c->date_shape >= 0 || !c->type || c->type->kind != FR_STR) return false;
    return r->options->all_dates || fr_csv_words_find(&r->options->dates, c->name, strlen(c->name)) >= 0;
}

/* Named, and numbers or truth values: nothing of it was text that could be read as dates. */
void fr_csv_dates_warn(fr_call *call, const fr_csv_reader *r, const fr_csv_column *c)
{
    char room[FR_TYPE_TEXT_BYTES];
    if (c->declared || !c->type || !(fr_kind_is_number(c->type->kind) || c->type->kind == FR_BOOL)) return;
    if (r->options->all_dates || fr_csv_words_find(&r->options->dates, c->name, strlen(c->name)) < 0) return;
    fr_warn(call, "column '%s' is %s, and .parse_dates reads texts; it stays so (declared as str, the step parse_dates "
            "reads 20240131)", c->name, fr_type_name(c->type, room));
}

static bool means_two_days(const char *text, size_t n, uint64_t shapes)
{
    fr_moment a, b;
    for (size_t i = 0; i < FR_COUNT_OF(twins); i++)
        if (shapes & FR_DATE_BIT(twins[i][0]) && shapes & FR_DATE_BIT(twins[i][1]) &&
            fr_parse_date_shape(twins[i][0], text, n, &a, NULL) && fr_parse_date_shape(twins[i][1], text, n, &b, NULL))
            return a.month != b.month || a.day != b.day;
    return false;
}

static void gather(const fr_csv_rules *rules, const fr_column *column, evidence *e)
{
    for (int64_t row = 0; row < column->length; row++) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        const fr_csv_field raw = { .text = text, .length = (uint32_t)n }, f = text ? fr_csv_trimmed(&raw) : raw;
        if (!text || !f.length || fr_csv_is_na_word(rules, &f)) continue;
        uint64_t shapes = fr_date_guess(f.text, f.length);
        e->n_texts++;
        for (uint64_t left = shapes & FR_DATE_DATES; left; left &= left - 1) {
            int shape = __builtin_ctzll(left);
            e->fits[shape]++;
            e->times[shape] |= shapes;
            e->plain[shape] |= !(shapes & FR_DATE_BIT(FR_TIME_OFFSET));
        }
        if (e->ambiguous_row < 0 && means_two_days(f.text, f.length, shapes)) e->ambiguous_row = row;
    }
}

/* The shape of most rows; of twins that fit equally the one asked for. -1: no row fits any. -2: refused. */
static int choose(fr_call *call, const fr_csv_reader *r, const fr_csv_column *c, const evidence *e)
{
    int best = 0;
    for (int shape = 1; shape < FR_DATE_SHAPE_COUNT; shape++)
        if (e->fits[shape] > e->fits[best]) best = shape;
    if (e->fits[best] == 0) return -1;
    for (size_t i = 0; i < FR_COUNT_OF(twins); i++) {
        int day = (int)twins[i][0], month = (int)twins[i][1];
        if ((best != day && best != month) || e->fits[day] != e->fits[month]) continue;
        if (r->options->day_first || e->ambiguous_row < 0) return day;
        fr_fail_at(call, fr_place_at(.path = r->input.path, .column = c->name, .row = e->ambiguous_row,
                                     .hint = ".day_first = true takes 03/04/2024 for the third of April; else leave the column "
                                     "out of .parse_dates and use the step parse_dates with month_first"), FR_ERR_VALUE,
                   "day and month cannot be told apart in column '%s'", c->name);
        return -2;
    }
    return best;
}

static const fr_type *type_of_shape(fr_call *call, fr_date_shape shape, uint64_t times, bool zoned)
{
    if (shape == FR_DATE_TIME_ONLY) return fr_type_time(call, FR_US);
    if (times & FR_DATE_BIT(FR_TIME_NONE) && !(times >> 33 & 31)) return fr_type_of(FR_DATE);
    return fr_type_datetime(call, FR_US, zoned ? "UTC" : NULL);
}

bool fr_csv_dates_settle(fr_call *call, fr_csv_reader *r, fr_csv_column *c)
{
    if (!fr_csv_column_merge(call, c, r->n_records)) return false;
    for (size_t part = 0; part < fr_csv_column_parts(c); part++) fr_csv_column_settle(c, part);
    FR_OWNED fr_column *read = fr_csv_column_finish(call, c, r->n_records);
    FR_OWNED fr_column *texts = read ? fr_column_unformed(call, read) : NULL;
    if (!texts) return false;
    evidence e = { .ambiguous_row = -1 };
    gather(&r->rules, texts, &e);
    int shape = choose(call, r, c, &e);
    if (shape == -2) return false;
    /* "*" takes columns only when they are dates altogether; a column that was named is one, its other texts are flaws. */
    bool fits = shape >= 0 && (!r->options->all_dates || e.fits[shape] == e.n_texts);
    const fr_type *type = fits ? type_of_shape(call, (fr_date_shape)shape, e.times[shape], !e.plain[shape])
                               : fr_type_ref(fr_type_of(FR_STR));
    bool fine = type && fr_csv_column_begin(call, c, type, r->n_records);
    fr_type_unref(type);
    c->date_shape = fits ? shape : -1;
    c->late = fine;
    c->n_dates = fits ? e.fits[shape] : 0;
    r->n_dates += c->n_dates;
    if (shape < 0 && !r->options->all_dates)            /* also of words such as NA alone, which are text in a column of text */
        fr_warn(call, "column '%s' holds no dates that .parse_dates knows; it stays text", c->name);
    return fine;
}

fr_csv_read_result fr_csv_dates_read(const fr_csv_rules *rules, const fr_csv_column *c, const fr_csv_field *field, void *out)
{
    if (fr_csv_is_null(rules, field)) return FR_CSV_READ_NULL;
    const fr_csv_field f = fr_csv_trimmed(field);
    if (!f.length || fr_csv_is_na_word(rules, &f)) return FR_CSV_READ_NULL;
    fr_moment moment;
    int64_t ticks;
    bool inexact;
    if (!fr_parse_date_shape((fr_date_shape)c->date_shape, f.text, f.length, &moment, NULL)) return FR_CSV_READ_WRONG;
    if (c->type->kind == FR_DATE) {
        int32_t days = (int32_t)fr_moment_days(&moment);
        memcpy(out, &days, sizeof days);
        return FR_CSV_READ;
    }
    if (c->type->kind == FR_DATETIME && moment.has_offset != (c->type->zone != NULL)) return FR_CSV_READ_WRONG;
    if (!fr_moment_ticks(&moment, 1000000, &ticks, &inexact) || inexact) return FR_CSV_READ_WRONG;
    memcpy(out, &ticks, sizeof ticks);
    return FR_CSV_READ;
}
