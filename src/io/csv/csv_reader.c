/* csv_reader.c — opens an input, finds its shape and sets up the columns; csv_pass.c reads, csv_result.c makes frames. */
#include "io/csv/csv_reader.h"

#include <string.h>

#include "base/context_state.h"
#include "base/suggest.h"
#include "base/threads.h"
#include "data/zone_file.h"

#define SAMPLE_BYTES (256u << 10)
#define HEADER_BYTES (16u << 20)       /* of a first record that may be the header: 100,000 names of 160 bytes          */

/* ---- opening ------------------------------------------------------------------------------------------------------ */
static bool fail_first(fr_call *call, const fr_csv_reader *r, uint64_t limit, bool may_be_header)
{
    const char *hint = may_be_header ? "is a quote opened there and never closed? .no_header takes longer records, as data"
                                     : "is a quote opened there and never closed?";
    return fr_fail_at(call, fr_place_at(.path = r->input.path, .line = r->shape.data_line, .hint = hint), FR_ERR_LIMIT,
                      "the first record is longer than %llu bytes%s", (unsigned long long)limit,
                      may_be_header ? ", which no header is" : " (limit field_bytes)");
}

/* Look at the beginning of the text, at more of it as long as the first record is not complete. */
static bool find_shape(fr_call *call, fr_csv_reader *r)
{
    uint64_t limit = fr_context_limits(call->context).field_bytes;
    const bool may_be_header = !r->options->no_header && limit > HEADER_BYTES;
    if (may_be_header) limit = HEADER_BYTES;
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
        if (size >= limit) return fail_first(call, r, limit, may_be_header);
    }
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
    column->declared = true;
    if (!fr_type_zones_known(call, type, r->shape.names[c])) return false;
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

/* The other columns begin with what the sample says, unless fewer rows than the sample has shall decide. */
static bool infer_types(fr_call *call, fr_csv_reader *r)
{
    const int64_t sample = r->options->sample_types, most = sample && sample < r->limit ? sample : r->limit;
    for (size_t c = 0; c < r->shape.n_columns; c++) {
        fr_csv_column *column = &r->columns[c];
        if (column->declared) continue;
        if (most < r->shape.sample_rows) r->shape.seen[c] = 0;
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
    r->checked = fr_arena_array(call, &r->arena, n, sizeof *r->checked);
    r->active = fr_arena_array(call, &r->arena, n, sizeof *r->active);
    if (!r->columns || !r->wanted || !r->checked || !r->active) {
        r->columns = NULL;
        return false;
    }
    for (size_t c = 0; c < n; c++) r->columns[c] = (fr_csv_column){ .name = r->shape.names[c], .place = c,
                                                                          .as_cat = r->options->strings_as_cat,
                                                                          .date_shape = -1 };
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
    r->rejects.file = path;
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
    fr_csv_relay_close(&r->relay, r->context);
    fr_csv_lines_clear(&r->lines);
    fr_csv_rejects_clear(&r->rejects);
    fr_csv_input_close(&r->input);
    fr_arena_clear(&r->arena);
    r->context = NULL;
}
