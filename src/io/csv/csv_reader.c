/* csv_reader.c — from an open input to a frame.
 *
 * Types start from a sample and are settled by the whole file. While a window is in memory, a column that turns out to be of
 * another type can be converted again if all rows before the window were null; else it is only classified from there on
 * and read again from the beginning, alone, once its type is known. So a file is read once or twice, and what a column
 * becomes depends on its fields alone.
 */
#include "io/csv/csv_reader.h"

#include <string.h>

#include "base/context_state.h"
#include "base/suggest.h"
#include "base/threads.h"

#define SAMPLE_BYTES (256u << 10)

/* ---- opening ------------------------------------------------------------------------------------------------------ */
/* Look at the beginning of the text, at more of it as long as the first record is not complete. */
static bool find_shape(fr_call *call, fr_csv_reader *r)
{
    const uint64_t limit = fr_context_limits(call->context).field_bytes;
    for (size_t size = SAMPLE_BYTES;; size *= 2) {
        fr_buffer *sample FR_CLEANUP(fr_drop_buffer) = fr_buffer_new(call, size);
        if (!sample || !fr_csv_input_rewind(call, &r->input)) return false;
        int64_t n = fr_csv_input_read(call, &r->input, sample->data, size);
        if (n < 0) return false;
        bool last = (size_t)n < size;
        memset((char *)sample->data + n, 0, FR_BUFFER_SLACK);
        switch (fr_csv_shape_find(call, sample->data, (size_t)n, last, r->input.path, r->options, &r->arena, &r->shape)) {
            case FR_CSV_SHAPE_FAILED: return false;
            case FR_CSV_SHAPE_FOUND: return true;
            case FR_CSV_SHAPE_NEEDS_MORE: break;
        }
        if (size > limit)
            return fr_fail_at(call, fr_place_at(.path = r->input.path, .line = 1), FR_ERR_LIMIT,
                              "the first record is longer than %llu bytes (limit field_bytes)", (unsigned long long)limit);
    }
}

static bool is_readable(const fr_type *type)
{
    return type->kind != FR_LIST && type->kind != FR_STRUCT && type->kind != FR_TIME && type->kind != FR_DURATION;
}

static int64_t find_column(const fr_csv_reader *r, const char *name)
{
    for (size_t c = 0; c < r->shape.n_columns; c++)
        if (!strcmp(r->shape.names[c], name)) return (int64_t)c;
    return -1;
}

static int64_t need_column(fr_call *call, const fr_csv_reader *r, const char *option, const char *name)
{
    int64_t c = find_column(r, name);
    char room[FR_HINT_ROOM];
    if (c < 0)
        fr_fail_at(call, fr_place_at(.path = r->input.path,
                                     .hint = fr_suggest_hint(room, name, r->shape.names, r->shape.n_columns)),
                   FR_ERR_NOT_FOUND, ".%s: no column '%s' in the file", option, name);
    return c;
}

static bool declare(fr_call *call, fr_csv_reader *r, size_t c, const fr_type *type)
{
    fr_csv_column *column = &r->columns[c];
    if (!is_readable(type)) {
        char text[FR_TYPE_TEXT_BYTES];
        return fr_fail_at(call, fr_place_at(.path = r->input.path, .column = column->name), FR_ERR_UNSUPPORTED,
                          "a column of CSV cannot be read as %s", fr_type_name(type, text));
    }
    column->declared = true;
    return fr_csv_column_begin(call, column, type, 0);
}

static bool declare_types(fr_call *call, fr_csv_reader *r)
{
    const fr_csv_options *o = r->options;
    for (size_t c = 0; o->schema && c < r->shape.n_columns; c++)
        if (o->schema->fields[c].type->kind != FR_NULL && !declare(call, r, c, o->schema->fields[c].type)) return false;
    for (size_t i = 0; i < o->dtypes.n; i++) {
        int64_t c = need_column(call, r, "dtypes", o->dtypes.items[i].text);
        const char *text = o->dtypes.items[i].type;
        const fr_type *type = c < 0 ? NULL : fr_type_read(call, text, strlen(text));
        bool fine = type && declare(call, r, (size_t)c, type);
        fr_type_unref(type);
        if (!fine) return false;
    }
    return true;
}

/* The other columns begin with what the sample says; a sample that was asked for settles it. */
static bool infer_types(fr_call *call, fr_csv_reader *r)
{
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        if (column->declared) continue;
        const fr_type *type = fr_csv_type_of(call, r->shape.seen[c]);
        bool fine = type && fr_csv_column_begin(call, column, type, 0);
        fr_type_unref(type);
        if (!fine) return false;
        atomic_store(&column->seen, r->shape.seen[c]);
        column->seen_before = 0;
    }
    return true;
}

static bool choose_columns(fr_call *call, fr_csv_reader *r)
{
    const fr_csv_words *columns = &r->options->columns;
    for (size_t c = 0; c < r->shape.n_columns; c++) r->wanted[c] = columns->n == 0;
    for (size_t i = 0; i < columns->n; i++) {
        int64_t c = need_column(call, r, "columns", columns->items[i].text);
        if (c < 0) return false;
        r->wanted[c] = true;
    }
    for (size_t i = 0; i < r->options->dates.n; i++)
        if (need_column(call, r, "parse_dates", r->options->dates.items[i].text) < 0) return false;
    memcpy(r->active, r->wanted, r->shape.n_columns);
    return true;
}

static bool make_columns(fr_call *call, fr_csv_reader *r)
{
    size_t n = r->shape.n_columns;
    r->columns = fr_arena_array(call, &r->arena, n, sizeof *r->columns);
    r->wanted = fr_arena_array(call, &r->arena, n, sizeof *r->wanted);
    r->active = fr_arena_array(call, &r->arena, n, sizeof *r->active);
    if (!r->columns || !r->wanted || !r->active) {
        r->columns = NULL;
        return false;
    }
    for (size_t c = 0; c < n; c++) r->columns[c] = (fr_csv_column){ .name = r->shape.names[c], .place = c };
    return choose_columns(call, r) && declare_types(call, r) && infer_types(call, r);
}

static bool make_workers(fr_call *call, fr_csv_reader *r)
{
    size_t n = fr_worker_count(call);
    r->workers = fr_new_array(call, n, sizeof *r->workers);
    if (!r->workers) return false;
    r->n_workers = n;
    for (size_t i = 0; i < n; i++) {
        fr_csv_worker *w = &r->workers[i];
        fr_arena_init(&w->arena, call->context);
        if (!fr_csv_rows_init(call, &w->rows, &r->shape.dialect, r->shape.n_columns, r->options->pad_short_rows))
            return false;
        w->fields = fr_new_array(call, w->rows.most_rows, sizeof *w->fields);
        if (!w->fields) return false;
    }
    return true;
}

static bool open_rest(fr_call *call, fr_csv_reader *r)
{
    r->rules = fr_csv_rules_of(r->options);
    r->limit = r->options->max_rows < 0 ? INT64_MAX : r->options->max_rows;
    if (!r->input.seekable && !fr_csv_input_keep(call, &r->input)) return false;
    return find_shape(call, r) && make_columns(call, r) && make_workers(call, r);
}

static void prepare(fr_call *call, fr_csv_reader *r, const fr_csv_options *options)
{
    *r = (fr_csv_reader){ .context = call->context, .options = options, .input = { .file = { .handle = -1 } } };
    fr_arena_init(&r->arena, call->context);
    fr_csv_rejects_init(&r->rejects, call->context);
}

bool fr_csv_reader_open(fr_call *call, fr_csv_reader *r, const char *path, const fr_csv_options *options)
{
    prepare(call, r, options);
    return fr_csv_input_open(call, path, options, &r->input) && open_rest(call, r);
}

bool fr_csv_reader_open_bytes(fr_call *call, fr_csv_reader *r, const void *bytes, size_t n, const fr_csv_options *options)
{
    prepare(call, r, options);
    return fr_csv_input_open_bytes(call, bytes, n, options, &r->input) && open_rest(call, r);
}

void fr_csv_reader_close(fr_call *call, fr_csv_reader *r)
{
    if (!r->context) return;
    for (size_t c = 0; r->columns && c < r->shape.n_columns; c++) fr_csv_column_clear(call, &r->columns[c]);
    for (size_t i = 0; i < r->n_workers; i++) {
        fr_csv_worker *w = &r->workers[i];
        if (w->fields) fr_free_array(r->context, w->fields, w->rows.most_rows, sizeof *w->fields);
        fr_csv_rows_clear(&w->rows);
        if (w->arena.context) fr_arena_clear(&w->arena);
    }
    fr_free_array(r->context, r->workers, r->n_workers, sizeof *r->workers);
    fr_csv_window_close(&r->window);
    fr_csv_rejects_clear(&r->rejects);
    fr_csv_input_close(&r->input);
    fr_arena_clear(&r->arena);
    r->context = NULL;
}

/* ---- one pass over the text --------------------------------------------------------------------------------------- */
/* Windows from the first data record on. A few rows need only a small one. */
static bool begin_pass(fr_call *call, fr_csv_reader *r)
{
    size_t begin = r->shape.data_begin, size = r->limit < 10000 ? 256u << 10 : 0;
    fr_csv_window_close(&r->window);
    if (!r->input.plain) {
        if (!fr_csv_input_rewind(call, &r->input)) return false;
        char skipped[4096];
        for (size_t left = begin; left > 0;) {
            size_t part = left < sizeof skipped ? left : sizeof skipped;
            if (fr_csv_input_read(call, &r->input, skipped, part) != (int64_t)part) {
                return fr_failed(call) ? false : fr_fail_at(call, fr_place_at(.path = r->input.path), FR_ERR_IO,
                                                            "the file changed while it was read");
            }
            left -= part;
        }
    }
    r->n_records = 0;
    return fr_csv_window_open(call, &r->input, &r->shape.dialect, size, (int64_t)begin, r->shape.data_line, &r->window);
}

static bool reserve(fr_call *call, fr_csv_reader *r, int64_t rows)
{
    const fr_csv_window *w = &r->window;
    int64_t size = fr_csv_input_size(&r->input), done = w->offset + (int64_t)w->used, expected = rows;
    if (size > 0 && done > 0) expected = (int64_t)((double)rows * ((double)size / (double)done) * 1.02) + 1024;
    if (expected > r->limit) expected = r->limit;
    if (rows > r->limit) rows = r->limit;
    for (size_t c = 0; c < r->shape.n_columns; c++)
        if (r->active[c] && !r->columns[c].late && !fr_csv_column_reserve(call, &r->columns[c], rows, expected)) return false;
    return true;
}

/* Before the window there were only fields that are null in a column of any type. */
static bool nothing_before(const fr_csv_column *c)
{
    return !(c->seen_before & (FR_CSV_VALUES | FR_CSV_NA_WORD | FR_CSV_EMPTY_QUOTED));
}

/* All rows before the window are null in a column that begins anew. */
static void mark_before(fr_csv_column *c, int64_t rows)
{
    static const uint64_t ones[FR_CSV_BLOCK_ROWS / 64] = { [0 ... FR_CSV_BLOCK_ROWS / 64 - 1] = UINT64_MAX };
    if (c->values) memset(c->values->data, 0, (size_t)((char *)fr_csv_column_at(c, rows) - (char *)c->values->data));
    for (int64_t row = 0; row < rows; row += FR_CSV_BLOCK_ROWS) {
        int64_t n = rows - row < FR_CSV_BLOCK_ROWS ? rows - row : FR_CSV_BLOCK_ROWS;
        uint64_t bits[FR_CSV_BLOCK_ROWS / 64];
        memcpy(bits, ones, sizeof bits);
        if (n % 64) bits[n / 64] = ((uint64_t)1 << (n % 64)) - 1;
        fr_csv_column_mark_nulls(c, row, bits, (size_t)n);
    }
}

/* Columns whose type did not hold: begin anew in this window where that is possible, else leave them for later. */
static bool retry_columns(fr_call *call, fr_csv_reader *r, bool *any)
{
    int64_t before = r->window.row - r->base_row;
    *any = false;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        r->active[c] = false;
        if (!r->wanted[c] || column->late || !atomic_load(&column->misfit)) continue;
        if (!nothing_before(column)) {
            column->late = true;
            continue;
        }
        int64_t rows = column->capacity;
        const fr_type *type = fr_csv_type_of(call, atomic_load(&column->seen));
        bool fine = type && fr_csv_column_begin(call, column, type, rows);
        fr_type_unref(type);
        if (!fine) return false;
        mark_before(column, before);
        r->active[c] = *any = true;
    }
    return true;
}

static bool read_window(fr_call *call, fr_csv_reader *r)
{
    fr_csv_window *w = &r->window;
    if (!reserve(call, r, w->next_row - r->base_row) || !fr_for_blocks(call, w->n_ranges, fr_csv_read_range, r)) return false;
    r->n_records = w->next_row < r->limit ? w->next_row : r->limit;
    if (r->again) return true;
    bool any;
    if (!retry_columns(call, r, &any)) return false;
    r->again = true;
    bool fine = !any || fr_for_blocks(call, w->n_ranges, fr_csv_read_range, r);
    r->again = false;
    memcpy(r->active, r->wanted, r->shape.n_columns);
    for (size_t c = 0; c < r->shape.n_columns; c++) r->columns[c].seen_before = atomic_load(&r->columns[c].seen);
    return fine;
}

static bool read_pass(fr_call *call, fr_csv_reader *r)
{
    if (!begin_pass(call, r)) return false;
    while (r->n_records < r->limit && fr_csv_window_next(call, &r->window)) {
        if (!read_window(call, r)) return false;
        int64_t size = fr_csv_input_size(&r->input);
        fr_progress(call, "read_csv", size > 0 ? (double)(r->window.offset + (int64_t)r->window.used) / (double)size : -1.0);
    }
    return !fr_failed(call) && fr_csv_input_unchanged(call, &r->input);
}

/* Columns that were left for later: read once more, alone, as what all their fields together are. */
static bool read_late(fr_call *call, fr_csv_reader *r)
{
    bool any = false;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        r->active[c] = column->late;
        if (!column->late) continue;
        const fr_type *type = fr_csv_type_of(call, atomic_load(&column->seen));
        bool fine = type && fr_csv_column_begin(call, column, type, r->n_records);
        fr_type_unref(type);
        if (!fine) return false;
        column->late = false;
        any = true;
    }
    if (!any) return true;
    r->again = true;
    return read_pass(call, r);
}

/* ---- the frame ---------------------------------------------------------------------------------------------------- */
static void warn_about(fr_call *call, const fr_csv_reader *r)
{
    if (r->shape.header_is_guess)
        fr_warn(call, "%s: every column is text, so nothing tells the first record from the others; it was %s. Say .header or "
                ".no_header.", r->input.path ? r->input.path : "CSV", r->shape.has_header ? "taken as the header"
                : "taken as data");
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        const fr_csv_column *column = &r->columns[c];
        if (r->wanted[c] && !column->declared && column->type->kind == FR_DECIMAL)
            fr_warn(call, "column '%s' holds integers beyond 64 bits and was read as decimal(38,0)", column->name);
    }
}

static fr_frame *make_frame(fr_call *call, fr_csv_reader *r)
{
    size_t n = 0;
    const char **names = fr_arena_array(call, &r->arena, r->shape.n_columns, sizeof *names);
    fr_column **columns = fr_arena_array(call, &r->arena, r->shape.n_columns, sizeof *columns);
    bool fine = names && columns;
    for (size_t c = 0; c < r->shape.n_columns && fine; c++) {
        if (!r->wanted[c]) continue;
        names[n] = r->columns[c].name;
        fine = (columns[n] = fr_csv_column_finish(call, &r->columns[c], r->n_records)) != NULL;
        if (fine) n++;
    }
    fr_frame *frame = fine ? fr_frame_of(call, NULL, names, columns, n, r->n_records) : NULL;
    for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
    return frame;
}

/* Rejected rows are in the frame as rows of nulls; take them out. */
static fr_frame *drop_rejected(fr_call *call, fr_csv_reader *r, fr_frame *frame)
{
    int64_t n = r->n_records;
    fr_buffer *bits FR_CLEANUP(fr_drop_buffer) = fr_buffer_new(call, (size_t)(n / 64 + 1) * sizeof(uint64_t));
    if (!bits) return NULL;
    uint64_t *keep = bits->data;
    memset(keep, 0xff, bits->size_bytes);
    for (size_t i = 0; i < r->rejects.n; i++) {
        int64_t row = r->rejects.items[i].row;
        keep[row / 64] &= ~((uint64_t)1 << (row % 64));
    }
    return fr_frame_keep(call, frame, keep, n - (int64_t)r->rejects.n);
}

static bool add_account(fr_call *call, fr_csv_reader *r, fr_frame *frame)
{
    int64_t padded = atomic_load(&r->padded), blank = r->window.blank_lines, rejected = (int64_t)r->rejects.n;
    FR_CLEANUP(fr_text_clear) fr_text note = FR_TEXT_INIT(call);
    if (padded && !fr_text_format(call, &note, "%lld short rows padded", (long long)padded)) return false;
    if (blank && !fr_text_format(call, &note, "%s%lld blank lines left out", padded ? "; " : "", (long long)blank)) return false;
    const fr_account_entry entry = { .step = "read_csv", .rows_in = r->n_records, .rows_kept = r->n_records - rejected,
                                     .rejected = rejected, .note = note.bytes };
    if (!fr_frame_add_account(call, frame, &entry)) return false;
    if (r->options->on_bad != FR_ON_BAD_COLLECT || rejected == 0) return true;
    fr_frame *rejects = fr_csv_rejects_frame(call, &r->rejects);
    bool fine = rejects && fr_frame_add_rejects(call, frame, rejects);
    fr_frame_unref(rejects);
    return fine;
}

fr_frame *fr_csv_reader_frame(fr_call *call, fr_csv_reader *r)
{
    if (!read_pass(call, r)) return NULL;
    int64_t blank = r->window.blank_lines;
    if (!read_late(call, r) || !fr_csv_rejects_settle(call, &r->rejects, r->limit)) return NULL;
    r->window.blank_lines = blank;
    warn_about(call, r);
    fr_frame *frame = make_frame(call, r);
    if (frame && r->rejects.n) {
        fr_frame *kept = drop_rejected(call, r, frame);
        fr_frame_unref(frame);
        frame = kept;
    }
    if (frame && !add_account(call, r, frame)) {
        fr_frame_unref(frame);
        frame = NULL;
    }
    return frame;
}
