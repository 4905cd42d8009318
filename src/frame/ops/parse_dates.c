/* parse_dates.c — text columns to dates, datetimes or times of day.
 *
 *     fr_parse_dates("order_date")                                 one format, inferred from all values
 *     fr_parse_dates("order_date", .format = "%d.%m.%Y|%Y-%m-%d")  these formats, the first that fits
 *     fr_parse_dates("order_date", .mixed = true)                  every value by the format it fits
 *
 * The result is date where no value has a time of day, else datetime[us] (dates at midnight), datetime[ns] where some
 * value is finer than a microsecond; datetime[us, UTC] where all values have an offset from UTC. With a given format
 * the type follows from the format alone. A value that does not fit makes the step fail, becomes null, or has its row
 * put aside, as `errors` says. Columns that already are dates or datetimes stay as they are. Distinct texts are read
 * once each; columns of nothing but ISO dates are read as they lie (usual_dates.c).
 */
#include "ops/parse_dates.h"

#include "ops/date_formats.h"
#include "ops/rejects.h"
#include "ops/usual_dates.h"
#include "ops/verb_result.h"

#include <string.h>

enum { US = 1000000, NS = 1000000000 };

typedef struct dates_job {
    const fr_frame            *frame;
    const fr_parse_dates_args *args;
    fr_arena                   arena;
    fr_date_reader             given;
    fr_columns                 columns;
    fr_bad_cells               bad;
    int64_t                    n_converted, n_nulled;
} dates_job;

static void clear_job(dates_job *job)
{
    fr_columns_clear(&job->columns);
    fr_bad_cells_clear(&job->bad);
    fr_arena_clear(&job->arena);
}

/* ---- one column -------------------------------------------------------------------------------------------------- */
typedef struct reading {
    fr_date_texts  texts;
    fr_date_reader reader;
    fr_moment     *moments;                /* of each text */
    bool          *good;
    bool           any_date, any_time, any_offset, any_plain, any_fine;
    int64_t        n_good;                 /* rows */
} reading;

static bool count_texts(fr_call *call, dates_job *job, reading *r)
{
    const fr_column *coded = r->texts.coded;
    r->texts.n = coded->dictionary->length;
    r->texts.counts = fr_arena_array(call, &job->arena, r->texts.n, sizeof *r->texts.counts);
    r->texts.firsts = r->texts.counts ? fr_arena_array(call, &job->arena, r->texts.n, sizeof *r->texts.firsts) : NULL;
    r->moments = r->texts.firsts ? fr_arena_array(call, &job->arena, r->texts.n, sizeof *r->moments) : NULL;
    r->good = r->moments ? fr_arena_array(call, &job->arena, r->texts.n, sizeof *r->good) : NULL;
    if (!r->good) return false;
    for (size_t i = 0; i < r->texts.n; i++) r->texts.firsts[i] = -1;
    for (int64_t row = 0; row < coded->length; row++) {
        if (!fr_is_valid(coded, row)) continue;
        const uint32_t code = fr_column_code(coded, row);
        if (!r->texts.counts[code]++) r->texts.firsts[code] = row;
    }
    return true;
}

static bool is_bad_text(fr_call *call, dates_job *job, const reading *r, size_t worst)
{
    size_t n;
    const char *text = fr_dictionary_text(r->texts.coded->dictionary, (uint32_t)worst, &n);
    const bool guessed = !job->args->mixed && !job->given.n_formats;
    const char *formats = guessed && !r->n_good ? "any known format" : fr_date_reader_text(call, &job->arena, &r->reader);
    if (!formats) return false;
    const char *hint = guessed && !r->n_good ? "format says how dates are written, as in format = '%d %b %y'" :
                       job->args->mixed || job->given.n_formats ? "errors = coerce or reject goes on without it"
                     : "mixed reads several formats; errors = coerce or reject goes on without it";
    return fr_fail_at(call, fr_place_at(.column = r->texts.name, .row = r->texts.firsts[worst], .hint = hint),
                      FR_ERR_PARSE, "column '%s': '%.*s' is not a date by %s", r->texts.name,
                      (int)(n < 60 ? n : 60), text, formats);
}

static bool read_texts(fr_call *call, dates_job *job, reading *r)
{
    size_t worst = r->texts.n;
    for (size_t i = 0; i < r->texts.n; i++) {
        if (!r->texts.counts[i]) continue;
        size_t n;
        const char *text = fr_dictionary_text(r->texts.coded->dictionary, (uint32_t)i, &n);
        fr_moment *m = &r->moments[i];
        int64_t ticks;
        bool inexact = false;
        r->good[i] = fr_date_read(&r->reader, text, n, m) && fr_moment_ticks(m, US, &ticks, &inexact);
        if (r->good[i] && inexact && r->reader.n_formats) r->good[i] = false;       /* the format's type is [us] */
        if (r->good[i]) {
            r->n_good += r->texts.counts[i];
            r->any_date |= m->has_date;
            r->any_time |= m->has_time;
            r->any_offset |= m->has_offset;
            r->any_plain |= !m->has_offset;
            r->any_fine |= inexact;
        } else if (worst == r->texts.n || r->texts.firsts[i] < r->texts.firsts[worst]) {
            worst = i;
        }
    }
    if (worst < r->texts.n && job->args->errors == FR_ERRORS_RAISE) return is_bad_text(call, job, r, worst);
    return true;
}

/* What a given format says about the type, whatever the values are. */
static void type_by_format(reading *r)
{
    r->any_date = r->any_time = r->any_offset = r->any_plain = false;
    for (size_t i = 0; i < r->reader.n_formats; i++) {
        const char *format = r->reader.formats[i];
        bool offset = false;
        for (size_t k = 0; k + 1 < r->reader.lengths[i]; k++) {
            if (format[k] != '%') continue;
            char c = format[++k];
            while (c >= '0' && c <= '9' && k + 1 < r->reader.lengths[i]) c = format[++k];
            if (strchr("HIMSfpTR", c)) r->any_time = true;
            else if (c == 'z' || c == 'Z') offset = true;
            else if (c == 's') r->any_time = r->any_date = true;
            else if (c != '%') r->any_date = true;
        }
        r->any_offset |= offset;
        r->any_plain |= !offset;
    }
}

static const fr_type *type_of(fr_call *call, const reading *r)
{
    if (r->any_offset && r->any_plain) {
        (void)fr_fail_at(call, fr_place_at(.column = r->texts.name), FR_ERR_VALUE,
                         "column '%s': some times have an offset from UTC and some have none", r->texts.name);
        return NULL;
    }
    if (r->any_time && !r->any_date) return fr_type_time(call, FR_US);
    if (!r->any_time) return fr_type_ref(fr_type_of(FR_DATE));
    return fr_type_datetime(call, r->any_fine ? FR_NS : FR_US, r->any_offset ? "UTC" : NULL);
}

static bool value_of(const fr_moment *m, const fr_type *type, int64_t *out)
{
    if (type->kind == FR_DATE) *out = fr_moment_days(m);
    if (type->kind == FR_DATE) return *out >= INT32_MIN && *out <= INT32_MAX;
    return fr_moment_ticks(m, type->unit == FR_NS ? NS : US, out, NULL);
}

/* Values by row; bits of rows whose text is no date. */
static fr_column *build(fr_call *call, reading *r, const fr_type *type, fr_buffer **failed)
{
    const fr_column *coded = r->texts.coded;
    const int64_t n = coded->length;
    const bool narrow = type->kind == FR_DATE;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_zeroed(call, (size_t)n * (narrow ? 4 : 8));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = values ? fr_buffer_zeroed(call, ((size_t)n + 63) / 64 * 8) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bad = valid ? fr_buffer_zeroed(call, ((size_t)n + 63) / 64 * 8) : NULL;
    if (!bad) return NULL;
    int64_t n_null = 0;
    for (int64_t row = 0; row < n; row++) {
        const bool has = fr_is_valid(coded, row);
        const uint32_t code = has ? fr_column_code(coded, row) : 0;
        int64_t x = 0;
        if (has && r->good[code] && value_of(&r->moments[code], type, &x)) {
            if (narrow) ((int32_t *)values->data)[row] = (int32_t)x;
            else ((int64_t *)values->data)[row] = x;
            ((uint64_t *)valid->data)[row >> 6] |= (uint64_t)1 << (row & 63);
            continue;
        }
        n_null++;
        if (has) ((uint64_t *)bad->data)[row >> 6] |= (uint64_t)1 << (row & 63);
    }
    const fr_column_parts parts = { .type = type, .phys = fr_type_phys(type), .length = n, .null_count = n_null,
                                    .values = values, .valid = n_null ? valid : NULL };
    fr_column *column = fr_column_new(call, &parts);
    if (!column) return NULL;
    *failed = bad;
    bad = NULL;
    return column;
}

/* Nanoseconds hold 1677 … 2262 only: what [us] could read may not fit. */
static bool check_range(fr_call *call, const dates_job *job, const reading *r, const fr_buffer *failed)
{
    if (job->args->errors != FR_ERRORS_RAISE) return true;
    const int64_t n = r->texts.coded->length;
    for (int64_t row = 0; row < n; row++)
        if (fr_bit(failed->data, row))
            return fr_fail_at(call, fr_place_at(.column = r->texts.name, .row = row), FR_ERR_OVERFLOW,
                              "column '%s': the date lies outside the range of its type", r->texts.name);
    return true;
}

static bool parse_coded(fr_call *call, dates_job *job, reading *r, const fr_list_item *item)
{
    if (!count_texts(call, job, r)) return false;
    if (job->given.n_formats) r->reader = job->given;
    else if (!fr_date_reader_infer(call, &r->texts, job->args, &r->reader)) return false;
    if (!read_texts(call, job, r)) return false;
    if (r->reader.n_formats) type_by_format(r);
    const fr_type *type = type_of(call, r);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *failed = NULL;
    fr_column *column = type ? build(call, r, type, &failed) : NULL;
    fr_type_unref(type);
    if (!column) return false;
    job->columns.at[item->field] = column;
    if (!check_range(call, job, r, failed)) return false;
    const int64_t n_bad = fr_bits_count(failed->data, column->length);
    job->n_converted += column->length - column->null_count;
    if (job->args->errors == FR_ERRORS_COERCE) job->n_nulled += n_bad;
    if (job->args->errors != FR_ERRORS_REJECT || n_bad == 0) return true;
    return fr_bad_cells_add(call, &job->bad, r->texts.coded, item->name, failed, "not a date");
}

/* May texts of the usual form be read without asking for the form? With one format, where it is that of their dates. */
static bool may_be_usual(const dates_job *job)
{
    const fr_date_reader *given = &job->given;
    if (given->n_formats != 1) return !given->n_formats;
    const size_t n = given->lengths[0];
    return (n == 8 && !memcmp(given->formats[0], "%Y-%m-%d", 8)) || (n == 2 && !memcmp(given->formats[0], "%F", 2));
}

/* *done: the column was read. */
static bool parse_usual(fr_call *call, dates_job *job, const fr_list_item *item, bool *done)
{
    const fr_column *texts = fr_frame_column(call, job->frame, (size_t)item->field);
    *done = false;
    if (!texts) return false;
    if (fr_is_coded(texts) || !may_be_usual(job)) return true;
    fr_column *column;
    if (!fr_usual_dates(call, texts, job->given.n_formats > 0, &column)) return false;
    if (!column) return true;
    job->columns.at[item->field] = column;
    job->n_converted += column->length - column->null_count;
    *done = true;
    return true;
}

static bool parse_column(fr_call *call, dates_job *job, const fr_list_item *item)
{
    const fr_type *type = job->frame->schema->fields[item->field].type;
    const fr_kind kind = type->kind;
    if (kind == FR_DATE || kind == FR_DATETIME || kind == FR_TIME) return true;
    if (kind == FR_NULL) return true;               /* an empty column of a file: nothing says which of the three it is */
    if (!fr_kind_is_text(kind)) {
        char room[FR_TYPE_TEXT_BYTES];
        const char *hint = !fr_kind_is_number(kind) ? NULL : "cast it to str for dates such as 20240131; from_epoch(x, 's') "
                                                             "takes counts since 1970";
        return fr_fail_at(call, fr_place_at(.column = item->name, .hint = hint), FR_ERR_TYPE,
                          "column '%s' is %s, not text", item->name, fr_type_name(type, room));
    }
    bool done;
    if (!parse_usual(call, job, item, &done)) return false;
    if (done) return true;
    const fr_column *column = fr_frame_column(call, job->frame, (size_t)item->field);
    if (!column) return false;
    FR_OWNED fr_column *coded = fr_is_coded(column) ? fr_column_ref(column) : fr_column_as_codes(call, column);
    if (!coded) return false;
    reading r = { .texts = { .coded = coded, .name = item->name } };
    return parse_coded(call, job, &r, item);
}

/* ---- what is known without rows ---------------------------------------------------------------------------------- */
bool fr_parse_dates_check(fr_call *call, fr_arena *arena, const fr_parse_dates_args *args, fr_date_reader *given)
{
    if (!fr_given(args->columns)) return fr_fail(call, FR_ERR_ARGUMENT, "no columns to parse");
    if (args->day_first && args->month_first)
        return fr_fail(call, FR_ERR_ARGUMENT, "give day_first or month_first, not both");
    if (!fr_given(args->format)) return true;
    if (args->day_first || args->month_first || args->mixed)
        return fr_fail_at(call, fr_place_at(.hint = "several formats are separated by '|'"), FR_ERR_ARGUMENT,
                          "day_first, month_first and mixed are for inferred formats, not for a given one");
    return fr_date_reader_given(call, arena, args->format, given);
}

bool fr_parse_dates_type(fr_call *call, const fr_date_reader *given, const fr_field *field, const fr_type **type)
{
    const fr_kind kind = field->type->kind;
    reading r = { .reader = *given, .texts.name = field->name };
    const bool stays = kind == FR_DATE || kind == FR_DATETIME || kind == FR_TIME || kind == FR_NULL;
    *type = stays ? fr_type_ref(field->type) : NULL;
    if (stays || !fr_kind_is_text(kind) || !given->n_formats) return true;
    type_by_format(&r);
    return (*type = type_of(call, &r)) != NULL;
}

/* ---- the verb ---------------------------------------------------------------------------------------------------- */
static fr_frame *result_of(fr_call *call, dates_job *job)
{
    const int64_t n = job->frame->length;
    fr_account_entry entry = { .step = "parse_dates", .rows_in = n, .rows_kept = n, .converted = job->n_converted };
    if (job->n_nulled) {
        entry.note = fr_arena_format(call, &job->arena, "%lld value%s no date%s became null",
                                     (long long)job->n_nulled, job->n_nulled == 1 ? " that is" : "s that are",
                                     job->n_nulled == 1 ? "" : "s");
        if (!entry.note) return NULL;
    }
    FR_OWNED fr_frame *frame = fr_frame_replaced(call, job->frame, job->columns.at);
    if (!frame) return NULL;
    if (job->args->errors != FR_ERRORS_REJECT) return fr_accounted(call, fr_steal(frame), &entry);
    fr_frame *kept = fr_bad_cells_reject(call, &job->bad, frame, &entry);
    return fr_accounted(call, kept, &entry);
}

fr_frame *fr_run_parse_dates(fr_call *call, const fr_frame *frame, const fr_parse_dates_args *args)
{
    FR_CLEANUP(clear_job) dates_job job = { .frame = frame, .args = args, .bad = FR_BAD_CELLS_INIT(call, frame) };
    FR_CLEANUP(fr_list_clear) fr_list list = { .context = call->context };
    fr_arena_init(&job.arena, call->context);
    if (!fr_parse_dates_check(call, &job.arena, args, &job.given)) return NULL;
    if (!fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS, false, &list)) return NULL;
    if (!fr_columns_init(call, &job.columns, fr_frame_width(frame))) return NULL;
    for (size_t i = 0; i < list.n; i++)
        if (!parse_column(call, &job, &list.items[i])) return NULL;
    return result_of(call, &job);
}
