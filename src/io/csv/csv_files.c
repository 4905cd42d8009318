/* csv_files.c — several files as one table: those of a pattern (base/glob.h), or a list of paths.
 *
 *     jan.csv: x,y     feb.csv: y,x          x    y         names decide, not places; each type is that of all files,
 *              1,a              b,2.5        1.0  a         as if they were one
 *                                            2.5  b
 *
 * Files are read one after the other, each by all threads, and their columns linked as concat links frames. Where types
 * differ and numbers or dates have a common one, values are converted; else the column is text, and files that read it as
 * something else are read again, so that 007 in one file keeps 1.50 in another as it is spelt.
 */
#include "io/csv/csv_files.h"

#include <string.h>

#include "data/account.h"
#include "expr/expr.h"
#include "io/csv/csv_reader.h"

typedef struct files {
    fr_arena         arena;
    const fr_paths  *paths;
    fr_csv_options   options;            /* borrowed, but for rows still wanted                                       */
    size_t           n;                  /* of frames                                                                 */
    fr_frame       **frames;             /* owned references                                                          */
    int64_t         *limits;             /* .max_rows of each                                                         */
    const fr_type  **types;              /* of the result's columns; owned references                                 */
    bool             has_header;
} files;

static void clear_files(files *f)
{
    for (size_t c = 0; f->types && c < fr_frame_width(f->frames[0]); c++) fr_type_unref(f->types[c]);
    for (size_t i = 0; f->frames && i < f->paths->n; i++) fr_frame_unref(f->frames[i]);
    fr_arena_clear(&f->arena);
}

static fr_frame *read_file(fr_call *call, files *f, size_t i, const fr_csv_options *options)
{
    fr_csv_reader reader;
    fr_frame *frame = NULL;
    if (fr_csv_reader_open(call, &reader, f->paths->items[i], options)) {
        if (i == 0) f->has_header = reader.shape.has_header;
        frame = fr_csv_reader_frame(call, &reader);
    }
    fr_csv_reader_close(call, &reader);
    return frame;
}

static int64_t rows_of(const fr_frame *frame)
{
    const fr_account_entry *entry = fr_account_last(frame->account);
    return entry->rows_in;
}

/* ---- columns and their types ------------------------------------------------------------------------------------- */
/* Does every column of a stand in b as well? */
static bool has_columns_of(fr_call *call, const files *f, size_t a, size_t b, size_t told)
{
    for (size_t c = 0; c < fr_frame_width(f->frames[a]); c++) {
        const char *name = f->frames[a]->schema->fields[c].name;
        if (fr_schema_find(f->frames[b]->schema, name, strlen(name)) >= 0) continue;
        return fr_fail_at(call, fr_place_at(.path = f->paths->items[told], .column = name,
                                            .hint = "concat of both, each read by itself, has nulls there; .columns reads "
                                                    "only what all have"),
                          FR_ERR_FORMAT, "column '%s' is in %s, but not in %s", name, f->paths->items[a], f->paths->items[b]);
    }
    return true;
}

static const fr_type *common_type(fr_call *call, const fr_type *a, const fr_type *b)
{
    const bool numbers = fr_kind_is_number(a->kind) && fr_kind_is_number(b->kind);
    const bool days = (a->kind == FR_DATE && b->kind == FR_DATETIME) || (a->kind == FR_DATETIME && b->kind == FR_DATE);
    if (fr_type_equal(a, b) || b->kind == FR_NULL) return fr_type_ref(a);
    if (a->kind == FR_NULL) return fr_type_ref(b);
    if (numbers || days) return fr_type_common(call, a, b);
    return fr_type_ref(fr_type_of(a->kind == FR_CAT || b->kind == FR_CAT ? FR_CAT : FR_STR));
}

static const fr_field *field_of(const fr_frame *frame, const char *name)
{
    return &frame->schema->fields[fr_schema_find(frame->schema, name, strlen(name))];
}

static bool unite_types(fr_call *call, files *f)
{
    const fr_schema *first = f->frames[0]->schema;
    f->types = fr_arena_array(call, &f->arena, first->width + 1, sizeof *f->types);
    if (!f->types) return false;
    for (size_t c = 0; c < first->width; c++) {
        f->types[c] = fr_type_ref(first->fields[c].type);
        for (size_t i = 1; i < f->n; i++) {
            const fr_type *common = common_type(call, f->types[c], field_of(f->frames[i], first->fields[c].name)->type);
            if (!common) return false;
            fr_type_unref(f->types[c]);
            f->types[c] = common;
        }
    }
    return true;
}

/* ---- texts after all --------------------------------------------------------------------------------------------- */
static bool was_no_text(const files *f, size_t i, size_t c)
{
    const fr_kind kind = field_of(f->frames[i], f->frames[0]->schema->fields[c].name)->type->kind;
    return fr_kind_is_text(f->types[c]->kind) && !fr_kind_is_text(kind) && kind != FR_NULL;
}

/* The columns of a file that are text elsewhere, as if they were declared so; 0 for none. */
static size_t add_texts(fr_call *call, files *f, size_t i, fr_csv_options *options)
{
    const fr_schema *first = f->frames[0]->schema;
    const fr_csv_words *given = &f->options.dtypes;
    fr_csv_word *words = fr_arena_array(call, &f->arena, given->n + first->width + 1, sizeof *words);
    size_t n = 0;
    for (size_t c = 0; words && c < first->width; c++) {
        const char *name = first->fields[c].name;
        if (was_no_text(f, i, c)) words[given->n + n++] = (fr_csv_word){ name, strlen(name), "str" };
    }
    if (words && given->n) memcpy(words, given->items, given->n * sizeof *words);
    options->dtypes = (fr_csv_words){ given->n + n, words };
    return n;
}

static bool read_again(fr_call *call, files *f, size_t i)
{
    fr_csv_options options = f->options;
    options.max_rows = f->limits[i];
    if (!add_texts(call, f, i, &options)) return !fr_failed(call);
    fr_frame *frame = read_file(call, f, i, &options);
    if (!frame) return false;
    fr_frame_unref(f->frames[i]);
    f->frames[i] = frame;
    return true;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
static bool add_rows(fr_call *call, const files *f, size_t i, size_t c, fr_pieces *pieces)
{
    const char *name = f->frames[0]->schema->fields[c].name;
    const size_t field = (size_t)fr_schema_find(f->frames[i]->schema, name, strlen(name));
    if (fr_type_equal(f->frames[i]->schema->fields[field].type, f->types[c]))
        return fr_frame_add_pieces(call, f->frames[i], field, pieces);
    const fr_column *column = fr_frame_column(call, f->frames[i], field);
    if (!column) return false;
    fr_converted converted = { 0 };
    if (column->type->kind == FR_NULL) converted.column = fr_column_null(call, f->types[c], column->length);
    else if (!fr_convert(call, column, f->types[c], false, name, &converted)) return false;
    fr_buffer_unref(converted.failed);
    const bool fine = converted.column && fr_pieces_add(call, pieces, converted.column);
    fr_column_unref(converted.column);
    return fine;
}

static fr_late_column *united(fr_call *call, const void *how, size_t c)
{
    const files *f = how;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    for (size_t i = 0; i < f->n; i++)
        if (!add_rows(call, f, i, c, &pieces)) return NULL;
    return fr_late_column_of(call, &pieces);
}

static bool is_news(const files *f, size_t i, const char *text)
{
    for (size_t k = 0; k < i; k++)
        for (size_t w = 0; w < fr_warning_count(f->frames[k]); w++)
            if (!strcmp(fr_warning(f->frames[k], w), text)) return false;
    return true;
}

/* The files' readings are one entry; a warning that several have is given once. */
static bool add_history(fr_call *call, const files *f, fr_frame *result)
{
    FR_CLEANUP(fr_text_clear) fr_text note = FR_TEXT_INIT(call);
    if (!fr_text_format(call, &note, "%zu files", f->n)) return false;
    fr_account_entry sum = { .step = "read_csv", .note = note.bytes };
    for (size_t i = 0; i < f->n; i++) {
        const fr_account_entry *entry = fr_account_last(f->frames[i]->account);
        sum.rows_in += entry->rows_in;
        sum.rows_kept += entry->rows_kept;
        sum.rejected += entry->rejected;
        sum.converted += entry->converted;
        if (f->frames[i]->rejects && !fr_frame_add_rejects(call, result, f->frames[i]->rejects)) return false;
    }
    return fr_frame_add_account(call, result, &sum);
}

/* As those of frames that a concat puts below each other. */
static bool add_lines(fr_call *call, const files *f, fr_frame *result)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_lines **lines = fr_arena_array(call, &arena, f->n, sizeof *lines);
    int64_t *lengths = lines ? fr_arena_array(call, &arena, f->n, sizeof *lengths) : NULL;
    if (!lengths) return false;
    for (size_t i = 0; i < f->n; i++) {
        lines[i] = f->frames[i]->lines;
        lengths[i] = f->frames[i]->length;
    }
    result->lines = fr_lines_concat(call, lines, lengths, f->n);
    return result->lines || !fr_failed(call);
}

static fr_frame *put_together(fr_call *call, const files *f)
{
    const fr_schema *first = f->frames[0]->schema;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_field *fields = fr_arena_array(call, &arena, first->width + 1, sizeof *fields);
    if (!fields) return NULL;
    for (size_t c = 0; c < first->width; c++)
        fields[c] = (fr_field){ .name = first->fields[c].name, .type = f->types[c], .nullable = true };
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, first->width);
    if (!schema) return NULL;
    int64_t n_rows = 0;
    for (size_t i = 0; i < f->n; i++) {
        n_rows += f->frames[i]->length;
        for (size_t w = 0; w < fr_warning_count(f->frames[i]); w++)
            if (is_news(f, i, fr_warning(f->frames[i], w))) fr_warn(call, "%s", fr_warning(f->frames[i], w));
    }
    FR_OWNED fr_frame *result = fr_frame_make_late(call, NULL, schema, united, f, n_rows);
    return result && add_lines(call, f, result) && add_history(call, f, result) ? fr_steal(result) : NULL;
}

/* Files behind the one that fills .max_rows are not opened. */
static bool read_files(fr_call *call, files *f)
{
    f->frames = fr_arena_array(call, &f->arena, f->paths->n, sizeof *f->frames);
    f->limits = f->frames ? fr_arena_array(call, &f->arena, f->paths->n, sizeof *f->limits) : NULL;
    if (!f->limits) return false;
    while (f->n < f->paths->n && (f->n == 0 || f->options.max_rows != 0)) {
        const size_t i = f->n;
        f->limits[i] = f->options.max_rows;
        if (!fr_go_on(call) || !(f->frames[i] = read_file(call, f, i, &f->options))) return false;
        f->n++;
        if (f->options.max_rows > 0) f->options.max_rows -= rows_of(f->frames[i]);
        if (i && !(has_columns_of(call, f, 0, i, i) && has_columns_of(call, f, i, 0, i))) return false;
    }
    return true;
}

fr_frame *fr_csv_files_frame(fr_call *call, const fr_paths *paths, const fr_csv_options *options, bool *has_header)
{
    FR_CLEANUP(clear_files) files f = { .paths = paths, .options = *options };
    fr_arena_init(&f.arena, call->context);
    if (!read_files(call, &f) || !unite_types(call, &f)) return NULL;
    for (size_t i = 0; i < f.n; i++)
        if (!read_again(call, &f, i)) return NULL;
    *has_header = f.has_header;
    return put_together(call, &f);
}
