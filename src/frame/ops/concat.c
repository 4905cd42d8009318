/* concat.c — the rows of several frames, one after the other.
 *
 *     a: x y    b: y z      concat: x y z        columns in order of first appearance; what a frame lacks is null
 *        1 2       3 4              1 2 _
 *                                   _ 3 4
 *
 * A column has one type in all frames; `relaxed` converts to the common type instead. Texts of different dictionaries
 * and categories are united. The accounts, rejects, warnings and lines of all frames are carried along.
 *
 * Everything is decided and checked here, but the rows stay where they are until somebody needs them in one piece: the
 * result is a late frame (data/late_column.h). What has to be converted or filled with nulls is, at once.
 */
#include "ops/concat.h"

#include "ops/histories.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"
#include "base/warnings.h"
#include "expr/fn.h"

#include <string.h>

typedef struct parts {
    fr_arena         arena;
    size_t           n_frames, n_columns;
    const fr_frame **frames;               /* the first NULL where only columns are asked for */
    const fr_schema *first;                /* the first frame's */
    fr_schema       *known;                /* owned reference: the columns so far, for finding them */
    const char     **names;                /* of the result */
    const fr_type  **types;                /* owned references */
    bool             relaxed;
} parts;

static void clear_parts(parts *p)
{
    for (size_t i = 0; i < p->n_columns; i++) fr_type_unref(p->types[i]);
    fr_object_unref(p->known);
    fr_arena_clear(&p->arena);
}

static const fr_schema *schema_of(const parts *p, size_t f) { return f ? p->frames[f]->schema : p->first; }

static bool add_frame(fr_call *call, parts *p, const fr_frame *frame)
{
    if (!fr_ok(frame)) return fr_fail_as(call, frame, "frame to append");
    p->frames[p->n_frames++] = frame;
    return true;
}

static bool list_frames(fr_call *call, parts *p, const fr_concat_args *args)
{
    size_t n = 2;
    for (size_t i = 0; args->others && args->others[i]; i++) n++;
    p->frames = fr_arena_array(call, &p->arena, n, sizeof *p->frames);
    if (!p->frames) return false;
    p->n_frames = 1;
    if (!args->other && n == 2) return fr_fail(call, FR_ERR_ARGUMENT, "no frame to append");
    if (args->other && !add_frame(call, p, args->other)) return false;
    for (size_t i = 0; args->others && args->others[i]; i++)
        if (!add_frame(call, p, args->others[i])) return false;
    return true;
}

/* ---- columns and their types ------------------------------------------------------------------------------------- */
static bool fail_types(fr_call *call, const fr_type *type, const fr_field *field, const char *hint)
{
    char had[FR_TYPE_TEXT_BYTES], now[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(call, fr_place_at(.column = field->name, .hint = hint), FR_ERR_TYPE,
                      "column '%s' is %s in one frame and %s in another", field->name, fr_type_name(type, had),
                      fr_type_name(field->type, now));
}

static bool unite_types(fr_call *call, parts *p, size_t at, const fr_field *field)
{
    if (fr_type_equal(p->types[at], field->type) || field->type->kind == FR_NULL) return true;
    FR_OWNED const fr_type *common = p->types[at]->kind == FR_NULL ? fr_type_ref(field->type)
                                                                   : fr_common_type(call, p->types[at], field->type);
    if (fr_failed(call)) return false;
    if (!common) return fail_types(call, p->types[at], field, "they have no common type: cast one of them first");
    if (!p->relaxed && p->types[at]->kind != FR_NULL)
        return fail_types(call, p->types[at], field, "use relaxed, or cast the column first");
    fr_type_unref(p->types[at]);
    p->types[at] = fr_steal(common);
    return true;
}

static void put_field(parts *p, const fr_field *field)
{
    p->names[p->n_columns] = field->name;
    p->types[p->n_columns++] = fr_type_ref(field->type);
}

static bool add_field(fr_call *call, parts *p, const fr_field *field)
{
    const int64_t found = fr_schema_find(p->known, field->name, strlen(field->name));
    if (found >= 0) return unite_types(call, p, (size_t)found, field);
    fr_schema *more = fr_schema_with(call, p->known, field->name, field->type);
    if (!more) return false;
    fr_object_unref(p->known);
    p->known = more;
    put_field(p, field);
    return true;
}

static bool unite_schemas(fr_call *call, parts *p)
{
    size_t most = 0;
    for (size_t f = 0; f < p->n_frames; f++) most += schema_of(p, f)->width;
    p->names = fr_arena_array(call, &p->arena, most, sizeof *p->names);
    p->types = p->names ? fr_arena_array(call, &p->arena, most, sizeof *p->types) : NULL;
    if (!p->types) return false;
    p->known = fr_object_ref(p->first);
    for (size_t i = 0; i < p->first->width; i++) put_field(p, &p->first->fields[i]);
    for (size_t f = 1; f < p->n_frames; f++)
        for (size_t i = 0; i < schema_of(p, f)->width; i++)
            if (!add_field(call, p, &schema_of(p, f)->fields[i])) return false;
    return true;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
/* Column `at` of the result where frame f has no such column, or of another type: nulls, or converted. */
static fr_column *filled_in(fr_call *call, const parts *p, size_t f, int64_t field, size_t at)
{
    const fr_frame *frame = p->frames[f];
    if (field < 0 || frame->schema->fields[field].type->kind == FR_NULL)
        return fr_column_null(call, p->types[at], frame->length);
    const fr_column *column = fr_frame_column(call, frame, (size_t)field);
    fr_converted converted = { 0 };
    if (!column || !fr_convert(call, column, p->types[at], false, p->names[at], &converted)) return NULL;
    fr_buffer_unref(converted.failed);
    return converted.column;
}

static bool add_rows(fr_call *call, const parts *p, size_t f, size_t at, fr_pieces *pieces)
{
    const fr_frame *frame = p->frames[f];
    const int64_t field = fr_schema_find(frame->schema, p->names[at], strlen(p->names[at]));
    if (field >= 0 && fr_type_equal(frame->schema->fields[field].type, p->types[at]))
        return fr_frame_add_pieces(call, frame, (size_t)field, pieces);
    FR_OWNED fr_column *piece = filled_in(call, p, f, field, at);
    return piece && fr_pieces_add(call, pieces, piece);
}

static fr_late_column *united(fr_call *call, const void *how, size_t at)
{
    const parts *p = how;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    for (size_t f = 0; f < p->n_frames; f++)
        if (!add_rows(call, p, f, at, &pieces)) return NULL;
    return fr_late_column_of(call, &pieces);
}

static fr_schema *united_schema(fr_call *call, parts *p)
{
    fr_field *fields = fr_arena_array(call, &p->arena, p->n_columns, sizeof *fields);
    if (!fields) return NULL;
    for (size_t i = 0; i < p->n_columns; i++)
        fields[i] = (fr_field){ .name = p->names[i], .type = p->types[i], .nullable = true };
    return fr_schema_make(call, fields, p->n_columns);
}

/* Where the rows of each frame stood. */
static bool add_lines(fr_call *call, parts *p, fr_frame *made)
{
    fr_lines **lines = fr_arena_array(call, &p->arena, p->n_frames, sizeof *lines);
    int64_t *lengths = lines ? fr_arena_array(call, &p->arena, p->n_frames, sizeof *lengths) : NULL;
    if (!lengths) return false;
    for (size_t f = 0; f < p->n_frames; f++) {
        lines[f] = p->frames[f]->lines;
        lengths[f] = p->frames[f]->length;
    }
    made->lines = fr_lines_concat(call, lines, lengths, p->n_frames);
    return made->lines || !fr_failed(call);
}

static fr_frame *united_frame(fr_call *call, parts *p, int64_t n_rows)
{
    FR_OWNED fr_schema *schema = united_schema(call, p);
    if (!schema) return NULL;
    const fr_others others = { .frames = p->frames + 1, .n = p->n_frames - 1 };
    const fr_account_entry entry = { .step = "concat", .rows_in = n_rows, .rows_kept = n_rows };
    fr_warn_of_others(call, p->frames[0], &others);
    FR_OWNED fr_frame *made = fr_frame_make_late(call, p->frames[0], schema, united, p, n_rows);
    if (!made || !add_lines(call, p, made)) return NULL;
    return fr_with_histories(call, fr_steal(made), p->frames[0], &others, &entry);
}

static bool total_rows(fr_call *call, const parts *p, int64_t *n)
{
    *n = 0;
    for (size_t f = 0; f < p->n_frames; f++)
        if (__builtin_add_overflow(*n, p->frames[f]->length, n)) return fr_fail(call, FR_ERR_LIMIT, "too many rows");
    return true;
}

/* Rows that have nothing in common with those above them: mostly the wrong table, or names in other letters. Told when the
 * steps are looked at, since frames come to the step itself with the columns alone that are wanted behind it. */
static void warn_of_strangers(fr_call *call, const parts *p)
{
    for (size_t f = 1; f < p->n_frames; f++) {
        const fr_schema *schema = schema_of(p, f);
        size_t shared = 0;
        for (size_t i = 0; i < schema->width; i++)
            shared += fr_schema_find(p->first, schema->fields[i].name, strlen(schema->fields[i].name)) >= 0;
        if (!shared && schema->width && p->first->width)
            fr_warn_once(call, "concat: the tables share no column, so each row has nulls where the other's columns are");
    }
}

fr_schema *fr_concat_schema(fr_call *call, const fr_schema *first, const fr_concat_args *args)
{
    FR_CLEANUP(clear_parts) parts p = { .relaxed = args->relaxed, .first = first };
    fr_arena_init(&p.arena, call->context);
    if (!list_frames(call, &p, args) || !unite_schemas(call, &p)) return NULL;
    warn_of_strangers(call, &p);
    return united_schema(call, &p);
}

static bool are_in_memory(fr_call *call, const parts *p)
{
    for (size_t f = 1; f < p->n_frames; f++)
        if (p->frames[f]->length < 0)
            return fr_fail_at(call, fr_place_at(.hint = "run it first with fr_collect"), FR_ERR_ARGUMENT,
                              "a frame to append is a scan");
    return true;
}

fr_frame *fr_run_concat(fr_call *call, const fr_frame *frame, const fr_concat_args *args)
{
    FR_CLEANUP(clear_parts) parts p = { .relaxed = args->relaxed, .first = frame->schema };
    fr_arena_init(&p.arena, call->context);
    int64_t n_rows;
    if (!list_frames(call, &p, args) || !are_in_memory(call, &p)) return NULL;
    p.frames[0] = frame;
    if (!unite_schemas(call, &p) || !total_rows(call, &p, &n_rows)) return NULL;
    return united_frame(call, &p, n_rows);
}
