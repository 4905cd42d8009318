/* concat.c — the rows of several frames, one after the other.
 *
 *     a: x y    b: y z      concat: x y z        columns in order of first appearance; what a frame lacks is null
 *        1 2       3 4              1 2 _
 *                                   _ 3 4
 *
 * A column has one type in all frames; `relaxed` converts to the common type instead. Texts of different dictionaries
 * and categories are united. The accounts, rejects and warnings of all frames are carried along.
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"

#include <string.h>

typedef struct parts {
    fr_arena         arena;
    size_t           n_frames, n_columns;
    const fr_frame **frames;
    const char     **names;                /* of the result */
    const fr_type  **types;                /* owned references */
    bool             relaxed;
} parts;

static void clear_parts(parts *p)
{
    for (size_t i = 0; i < p->n_columns; i++) fr_type_unref(p->types[i]);
    fr_arena_clear(&p->arena);
}

static bool add_frame(fr_call *call, parts *p, const fr_frame *frame)
{
    if (!fr_ok(frame)) return fr_fail_as(call, frame, "frame to append");
    if (frame->length < 0)
        return fr_fail_at(call, fr_place_at(.hint = "run it first with fr_collect"), FR_ERR_ARGUMENT,
                          "a frame to append is a scan");
    p->frames[p->n_frames++] = frame;
    return true;
}

static bool list_frames(fr_call *call, parts *p, const fr_frame *frame, const fr_concat_args *args)
{
    size_t n = 2;
    for (size_t i = 0; args->others && args->others[i]; i++) n++;
    p->frames = fr_arena_array(call, &p->arena, n, sizeof *p->frames);
    if (!p->frames || !add_frame(call, p, frame)) return false;
    if (!args->other && n == 2) return fr_fail(call, FR_ERR_ARGUMENT, "no frame to append");
    if (args->other && !add_frame(call, p, args->other)) return false;
    for (size_t i = 0; args->others && args->others[i]; i++)
        if (!add_frame(call, p, args->others[i])) return false;
    return true;
}

/* ---- columns and their types ------------------------------------------------------------------------------------- */
static bool unite_types(fr_call *call, parts *p, size_t at, const fr_field *field)
{
    char had[FR_TYPE_TEXT_BYTES], now[FR_TYPE_TEXT_BYTES];
    if (fr_type_equal(p->types[at], field->type) || field->type->kind == FR_NULL) return true;
    const fr_type *common = NULL;
    if (p->types[at]->kind == FR_NULL) common = fr_type_ref(field->type);
    else if (p->relaxed) common = fr_type_common(call, p->types[at], field->type);
    else
        return fr_fail_at(call, fr_place_at(.column = field->name, .hint = "use relaxed, or cast the column first"),
                          FR_ERR_TYPE, "column '%s' is %s in one frame and %s in another", field->name,
                          fr_type_name(p->types[at], had), fr_type_name(field->type, now));
    if (!common) return false;
    fr_type_unref(p->types[at]);
    p->types[at] = common;
    return true;
}

/* The first frame's columns stand first and in order, so its schema finds them at once. */
static bool add_field(fr_call *call, parts *p, const fr_field *field)
{
    const fr_schema *first = p->frames[0]->schema;
    const int64_t found = fr_schema_find(first, field->name, strlen(field->name));
    if (found >= 0 && (size_t)found < p->n_columns) return unite_types(call, p, (size_t)found, field);
    for (size_t i = first->width; found < 0 && i < p->n_columns; i++)
        if (!strcmp(p->names[i], field->name)) return unite_types(call, p, i, field);
    p->names[p->n_columns] = field->name;
    p->types[p->n_columns++] = fr_type_ref(field->type);
    return true;
}

static bool unite_schemas(fr_call *call, parts *p)
{
    size_t most = 0;
    for (size_t f = 0; f < p->n_frames; f++) most += fr_frame_width(p->frames[f]);
    p->names = fr_arena_array(call, &p->arena, most, sizeof *p->names);
    p->types = p->names ? fr_arena_array(call, &p->arena, most, sizeof *p->types) : NULL;
    if (!p->types) return false;
    for (size_t f = 0; f < p->n_frames; f++)
        for (size_t i = 0; i < fr_frame_width(p->frames[f]); i++)
            if (!add_field(call, p, &p->frames[f]->schema->fields[i])) return false;
    return true;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
/* Column `at` of the result as frame f has it: nulls, the column itself, or converted. */
static fr_column *piece(fr_call *call, const parts *p, size_t f, size_t at)
{
    const fr_frame *frame = p->frames[f];
    const int64_t field = fr_schema_find(frame->schema, p->names[at], strlen(p->names[at]));
    if (field < 0) return fr_column_null(call, p->types[at], frame->length);
    const fr_column *column = frame->columns[field];
    if (fr_type_equal(column->type, p->types[at])) return fr_column_ref(column);
    if (column->type->kind == FR_NULL) return fr_column_null(call, p->types[at], frame->length);
    fr_converted converted = { 0 };
    if (!fr_convert(call, column, p->types[at], false, p->names[at], &converted)) return NULL;
    fr_buffer_unref(converted.failed);
    return converted.column;
}

static fr_column *united(fr_call *call, const parts *p, size_t at)
{
    FR_CLEANUP(fr_columns_clear) fr_columns pieces = { 0 };
    if (!fr_columns_init(call, &pieces, p->n_frames)) return NULL;
    for (size_t f = 0; f < p->n_frames; f++)
        if (!(pieces.at[f] = piece(call, p, f, at))) return NULL;
    return fr_column_concat(call, (const fr_column *const *)pieces.at, p->n_frames);
}

/* ---- what travels along ------------------------------------------------------------------------------------------ */
static bool add_histories(fr_call *call, const parts *p, fr_frame *result)
{
    for (size_t f = 1; f < p->n_frames; f++) {
        const fr_frame *frame = p->frames[f];
        for (size_t i = 0; frame->account && i < fr_account_count(frame->account); i++)
            if (!fr_frame_add_account(call, result, fr_account_at(frame->account, i))) return false;
        if (frame->rejects && !fr_frame_add_rejects(call, result, frame->rejects)) return false;
    }
    const fr_account_entry entry = { .step = "concat", .rows_in = result->length, .rows_kept = result->length };
    return fr_frame_add_account(call, result, &entry);
}

static bool total_rows(fr_call *call, const parts *p, int64_t *n)
{
    *n = 0;
    for (size_t f = 0; f < p->n_frames; f++)
        if (__builtin_add_overflow(*n, p->frames[f]->length, n)) return fr_fail(call, FR_ERR_LIMIT, "too many rows");
    return true;
}

fr_frame *fr_run_concat(fr_call *call, const fr_frame *frame, const fr_concat_args *args)
{
    FR_CLEANUP(clear_parts) parts p = { .relaxed = args->relaxed };
    fr_arena_init(&p.arena, call->context);
    int64_t n_rows;
    if (!list_frames(call, &p, frame, args) || !unite_schemas(call, &p) || !total_rows(call, &p, &n_rows)) return NULL;
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    if (!fr_columns_init(call, &columns, p.n_columns)) return NULL;
    for (size_t i = 0; i < p.n_columns; i++)
        if (!(columns.at[i] = united(call, &p, i))) return NULL;
    for (size_t f = 1; f < p.n_frames; f++)
        for (size_t i = 0; i < fr_warning_count(p.frames[f]); i++) fr_warn(call, "%s", fr_warning(p.frames[f], i));
    FR_OWNED fr_frame *result = fr_frame_of(call, frame, p.names, columns.at, p.n_columns, n_rows);
    if (!result || !add_histories(call, &p, result)) return NULL;
    return fr_steal(result);
}
