/* csv_source.c — a CSV file as a scan.
 *
 * Making the scan settles the types (one pass, unless they are declared); each cursor then opens the file again with those
 * types and hands out windows as batches, converting only the columns asked for. A pipe, which cannot be opened again, is
 * read whole when the scan is made; so are the files of a pattern, whose types decide each other's.
 */
#include <string.h>

#include "data/source.h"
#include "io/csv/csv_files.h"
#include "io/csv/csv_option_text.h"
#include "io/csv/csv_reader.h"
#include "io/csv/csv_scan.h"

typedef struct csv_source {
    fr_source      source;
    fr_csv_options options;
    char          *options_text;         /* owned: ", sep = \";\""                                                      */
    fr_schema     *schema;               /* of the wanted columns; owned                                                */
    struct csv_dates { int shape; int64_t n; } *dates;    /* of the wanted columns; in the options' arena               */
    fr_file_stat   file;                 /* when its types were settled                                                 */
    fr_frame      *whole;                /* rows of a pipe, or of several files; owned                                  */
} csv_source;

typedef struct cursor {
    fr_context    *context;
    csv_source    *source;
    fr_csv_reader  reader;
    bool           whole, done;
    fr_frame      *rows;                 /* a pipe's, as demanded; owned                                                */
} cursor;

/* ---- cursors ------------------------------------------------------------------------------------------------------ */
static int64_t smaller_limit(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static fr_frame *cut_whole(fr_call *call, const fr_frame *all, const fr_demand *demand)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t width = all->schema->width;
    size_t n = 0;
    int64_t *fields = fr_arena_array(call, &arena, width, sizeof *fields);
    if (!fields) return NULL;
    for (size_t c = 0; c < width; c++)
        if (!demand->columns || demand->columns[c]) fields[n++] = (int64_t)c;
    FR_OWNED fr_frame *chosen = fr_frame_picked(call, all, fields, NULL, n);
    const int64_t rows = smaller_limit(demand->max_rows, all->length);
    return chosen ? fr_frame_cut(call, chosen, 0, rows < all->length ? rows : all->length) : NULL;
}

/* Types that were found in other bytes say nothing about these. */
static bool is_the_same_file(fr_call *call, const cursor *c)
{
    const fr_file_stat *now = &c->reader.input.file.stat, *then = &c->source->file;
    if (now->size_bytes == then->size_bytes && now->modified_ns == then->modified_ns && now->inode == then->inode) return true;
    return fr_fail_at(call, fr_place_at(.path = c->reader.input.path, .hint = "make the scan again"), FR_ERR_IO,
                      "the file changed since the scan was made");
}

/* Can a value be wrong for the column's type? Types that were found in the whole file fit it. */
static bool can_be_wrong(const fr_csv_reader *r, const fr_csv_column *column)
{
    bool settled_by_few = column->declared || r->options->sample_types > 0 || column->date_shape >= 0;
    return settled_by_few && !fr_kind_is_text(column->type->kind);
}

/* The types are those of the schema, and only the demanded columns are read; and those whose values may be wrong: which
 * rows are rejected, and whether the file is, must not depend on what somebody needs of it. */
static bool settle(fr_call *call, cursor *c, const fr_demand *demand)
{
    fr_csv_reader *r = &c->reader;
    const fr_schema *schema = c->source->schema;
    size_t field = 0;
    for (size_t i = 0; i < r->shape.n_columns; i++) {
        if (!r->wanted[i]) continue;
        if (field >= schema->width || strcmp(schema->fields[field].name, r->columns[i].name) != 0)
            return fr_fail_at(call, fr_place_at(.path = r->input.path), FR_ERR_IO,
                              "the file changed since the scan was made: its columns are others");
        if (!fr_csv_column_begin(call, &r->columns[i], schema->fields[field].type, 0)) return false;
        r->columns[i].settled = true;
        r->columns[i].date_shape = c->source->dates[field].shape;
        if (demand->columns && !demand->columns[field])
            r->wanted[i] = r->checked[i] = can_be_wrong(r, &r->columns[i]);
        if (r->wanted[i] && !r->checked[i]) r->n_dates += c->source->dates[field].n;
        field++;
    }
    memcpy(r->active, r->wanted, r->shape.n_columns);
    /* the limit counts records, the demand rows that are kept: where records may be put aside they are not the same */
    const bool all_kept = r->options->on_bad == FR_ON_BAD_ERROR;
    if (all_kept && demand->max_rows >= 0 && demand->max_rows < r->limit) r->limit = demand->max_rows;
    return true;
}

static void end_cursor(void *state)
{
    cursor *c = state;
    if (!c) return;
    fr_call call;
    fr_call_begin(&call, c->context, NULL, 0);
    fr_csv_input_adopt(&call, &c->reader.input);
    fr_csv_reader_close(&call, &c->reader);
    fr_frame_unref(c->rows);
    fr_call_end(&call);
    fr_free(c->context, c, sizeof *c);
}

static void *begin_cursor(fr_call *call, fr_source *source, const fr_demand *demand)
{
    csv_source *s = (csv_source *)(void *)source;
    cursor *c = fr_new(call, sizeof *c);
    if (!c) return NULL;
    c->context = call->context;
    c->source = s;
    c->whole = demand->whole;
    bool fine;
    if (s->whole) fine = (c->rows = cut_whole(call, s->whole, demand)) != NULL;
    else fine = fr_csv_reader_open(call, &c->reader, source->path, &s->options) && is_the_same_file(call, c) &&
                settle(call, c, demand) && fr_csv_pass_begin(call, &c->reader);
    if (fine) return c;
    end_cursor(c);
    return NULL;
}

static fr_frame *next_batch(fr_call *call, void *state)
{
    cursor *c = state;
    fr_csv_input_adopt(call, &c->reader.input);
    if (!c->rows && !c->whole) return fr_csv_reader_batch(call, &c->reader);
    if (c->done) return NULL;
    c->done = true;
    return c->rows ? fr_frame_ref(c->rows) : fr_csv_reader_settled_frame(call, &c->reader);
}

/* ---- the source --------------------------------------------------------------------------------------------------- */
static bool describe(fr_call *call, const fr_source *source, char **out)
{
    const csv_source *s = (const csv_source *)(const void *)source;
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    bool fine = fr_text_add(call, &text, "read_csv(\"");
    for (const char *at = source->path; fine && *at; at++)
        fine = (*at != '"' && *at != '\\') ? fr_text_append(call, &text, at, 1) : fr_text_format(call, &text, "\\%c", *at);
    if (!fine || !fr_text_format(call, &text, "\"%s)", s->options_text)) return false;
    *out = fr_copy_text(call, text.bytes);
    return *out != NULL;
}

static void clear(fr_source *source)
{
    csv_source *s = (csv_source *)(void *)source;
    fr_csv_options_clear(&s->options);
    fr_free_text(source->context, s->options_text);
    fr_object_unref(s->schema);
    fr_frame_unref(s->whole);
}

static const fr_source_class csv_source_class = {
    .name = "csv", .begin = begin_cursor, .next = next_batch, .end = end_cursor, .describe = describe, .clear = clear,
};

static fr_schema *schema_of(fr_call *call, const fr_csv_reader *r)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_field *fields = fr_arena_array(call, &arena, r->shape.n_columns, sizeof *fields);
    size_t n = 0;
    for (size_t c = 0; fields && c < r->shape.n_columns; c++)
        if (r->wanted[c]) {
            const fr_csv_column *column = &r->columns[c];
            const fr_type *type = column->as_cat && column->type->kind == FR_STR ? fr_type_of(FR_CAT) : column->type;
            fields[n++] = (fr_field){ .name = column->name, .type = type, .nullable = true };
        }
    return fields ? fr_schema_make(call, fields, n) : NULL;
}

static bool settle_source(fr_call *call, csv_source *s, fr_csv_reader *r)
{
    s->source.seekable = r->input.seekable;
    if (!r->input.seekable) {
        s->whole = fr_csv_reader_frame(call, r);
        if (s->whole) s->schema = fr_object_ref(s->whole->schema);
        return s->whole != NULL;
    }
    s->file = r->input.file.stat;
    int64_t sample = s->options.sample_types;
    bool all_declared = true;
    for (size_t c = 0; c < r->shape.n_columns; c++) all_declared &= r->columns[c].declared || !r->wanted[c];
    if (!all_declared && !(fr_csv_pass_types(call, r, sample ? sample : INT64_MAX) && fr_csv_pass_dates(call, r))) return false;
    s->schema = schema_of(call, r);
    s->dates = fr_arena_array(call, &s->options.arena, r->shape.n_columns, sizeof *s->dates);
    if (!s->schema || !s->dates) return false;
    for (size_t c = 0, field = 0; c < r->shape.n_columns; c++)
        if (r->wanted[c]) s->dates[field++] = (struct csv_dates){ r->columns[c].date_shape, r->columns[c].n_dates };
    return true;
}

/* The options as text; a schema, for which there is none, as names, types, and whether the file has a header. */
static bool say_options(fr_call *call, csv_source *s, const fr_csv_args *args, bool has_header)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_text_clear) fr_text names = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_text_clear) fr_text dtypes = FR_TEXT_INIT(call);
    fr_csv_args all = *args;
    if (args->schema) {
        if (!fr_csv_schema_text(call, args->schema, &names, &dtypes)) return false;
        all.names = names.bytes;
        all.dtypes = dtypes.bytes;
        all.header = has_header;
        all.no_header = !has_header;
    }
    if (!fr_text_add(call, &text, "") || !fr_csv_args_text(call, &all, &text)) return false;
    s->options_text = fr_copy_text(call, text.bytes ? text.bytes : "");
    return s->options_text != NULL;
}

/* The files of a pattern, as one table; they are read now. */
static bool fill_from_files(fr_call *call, csv_source *s, const fr_paths *paths, const fr_csv_args *args)
{
    bool has_header = false;
    s->whole = fr_csv_files_frame(call, paths, &s->options, &has_header);
    if (!s->whole) return false;
    s->schema = fr_object_ref(s->whole->schema);
    s->source.seekable = true;
    return say_options(call, s, args, has_header);
}

static bool fill_source(fr_call *call, csv_source *s, const char *path, const fr_csv_args *args)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_paths paths = { 0 };
    if (!fr_csv_options_read(call, args, &s->options) || !fr_paths_add(call, &arena, path, &paths)) return false;
    s->source.path = fr_copy_text(call, paths.n == 1 ? paths.items[0] : path);
    if (!s->source.path) return false;
    if (paths.n > 1) return fill_from_files(call, s, &paths, args);
    fr_csv_reader reader;
    bool fine = fr_csv_reader_open(call, &reader, s->source.path, &s->options)
             && say_options(call, s, args, reader.shape.has_header) && settle_source(call, s, &reader);
    fr_csv_reader_close(call, &reader);
    return fine;
}

fr_frame *fr_csv_scan_frame(fr_call *call, const char *path, const fr_csv_args *args)
{
    if (!path) return fr_fail(call, FR_ERR_ARGUMENT, "the path is NULL"), NULL;
    csv_source *s = fr_source_new(call, &csv_source_class, sizeof *s);
    if (!s) return NULL;
    fr_frame *frame = fill_source(call, s, path, args) ? fr_frame_scan(call, s->schema, &s->source) : NULL;
    fr_source_unref(&s->source);
    return frame;
}
