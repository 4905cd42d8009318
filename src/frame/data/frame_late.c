/* frame_late.c — frames whose rows still lie in parts (see frame.h and late_column.h).
 *
 * Columns are made one by one and stay with the late column, which frames share: of a table with nine columns, asking
 * for one copies that one, whichever frame asked, and once.
 */
#include "data/frame.h"

#include "base/memory.h"
#include "base/problem.h"
#include "base/spin.h"
#include "data/scaled_column.h"
#include "data/source.h"
#include "data/text_form.h"

#include <string.h>

/* ---- making ------------------------------------------------------------------------------------------------------ */
static bool all_ready(fr_late_column *const *late, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!fr_late_column_ready(late[i])) return false;
    return true;
}

fr_frame *fr_frame_next_late(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_late_column *const *late,
                             int64_t length)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t width = schema->width;
    fr_column **columns = fr_arena_array(call, &arena, width, sizeof *columns);
    if (!columns) return NULL;
    if (all_ready(late, width)) {
        for (size_t i = 0; i < width; i++) columns[i] = fr_late_column_ready(late[i]);
        return fr_frame_next(call, parent, schema, columns, length);
    }
    FR_OWNED fr_frame *frame = fr_frame_begin(call, parent, schema);
    if (!frame) return NULL;
    frame->length = length;
    frame->late = fr_new_array(call, width, sizeof(fr_late_column *));
    if (!frame->late) return NULL;
    for (size_t i = 0; i < width; i++) frame->late[i] = fr_late_column_ref(late[i]);
    return fr_steal(frame);
}

fr_frame *fr_frame_make_late(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_make_late *make,
                             const void *how, int64_t length)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t width = schema->width;
    fr_late_column **late = fr_arena_array(call, &arena, width, sizeof(fr_late_column *));
    bool fine = late != NULL;
    for (size_t i = 0; fine && i < width; i++) fine = (late[i] = make(call, how, i)) != NULL;
    fr_frame *frame = fine ? fr_frame_next_late(call, parent, schema, late, length) : NULL;
    for (size_t i = 0; late && i < width; i++) fr_late_column_unref(late[i]);
    return frame;
}

static fr_late_column *late_from(fr_call *call, const void *how, size_t index)
{
    fr_column *const *columns = how;
    return fr_late_column_from(call, columns[index]);
}

fr_frame *fr_frame_late_of(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_column *const *columns, int64_t length)
{
    return fr_frame_make_late(call, parent, schema, late_from, columns, length);
}

/* The same rows of the parent in other columns. */
static fr_frame *same_rows(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_late_column *const *late)
{
    fr_frame *frame = fr_frame_next_late(call, parent, schema, late, parent->length);
    if (frame) frame->lines = fr_lines_ref(parent->lines);
    return frame;
}

static fr_frame *picked_scan(fr_call *call, const fr_frame *scan, fr_schema *schema)
{
    fr_frame *frame = fr_frame_begin(call, scan, schema);
    if (!frame) return NULL;
    frame->length = -1;
    frame->source = fr_source_ref(scan->source);
    frame->unpicked = fr_frame_ref(scan->unpicked ? scan->unpicked : scan);
    return frame;
}

fr_frame *fr_frame_picked(fr_call *call, const fr_frame *frame, const int64_t *fields, const char *const *names,
                          size_t n)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const bool is_late = fr_frame_is_late(frame);
    fr_field *picked = fr_arena_array(call, &arena, n, sizeof *picked);
    fr_column **columns = picked ? fr_arena_array(call, &arena, n, sizeof *columns) : NULL;
    fr_late_column **late = columns ? fr_arena_array(call, &arena, n, sizeof(fr_late_column *)) : NULL;
    if (!late) return NULL;
    for (size_t i = 0; i < n; i++) {
        picked[i] = frame->schema->fields[fields[i]];
        if (names && names[i]) picked[i].name = names[i];
        if (is_late) late[i] = frame->late[fields[i]];
        else if (frame->columns) columns[i] = frame->columns[fields[i]];
    }
    FR_OWNED fr_schema *schema = fr_schema_make(call, picked, n);
    if (!schema) return NULL;
    if (frame->source) return picked_scan(call, frame, schema);
    return is_late ? same_rows(call, frame, schema, late) : fr_frame_same_rows(call, frame, schema, columns);
}

bool fr_frame_add_pieces(fr_call *call, const fr_frame *frame, size_t index, fr_pieces *pieces)
{
    return fr_frame_is_late(frame) ? fr_pieces_add_late(call, pieces, frame->late[index])
                                   : fr_pieces_add(call, pieces, frame->columns[index]);
}

typedef struct two_frames { const fr_frame *above, *below; } two_frames;

static fr_late_column *column_below(fr_call *call, const void *how, size_t index)
{
    const two_frames *two = how;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    const bool fine = fr_frame_add_pieces(call, two->above, index, &pieces)
                   && fr_frame_add_pieces(call, two->below, index, &pieces);
    return fine ? fr_late_column_of(call, &pieces) : NULL;
}

fr_frame *fr_frame_below(fr_call *call, const fr_frame *above, const fr_frame *below)
{
    return fr_frame_make_late(call, NULL, above->schema, column_below, &(two_frames){ above, below },
                              above->length + below->length);
}

/* ---- settling ---------------------------------------------------------------------------------------------------- */
static void drop_columns(fr_context *context, fr_column **columns, size_t n)
{
    for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
    fr_free_array(context, columns, n, sizeof *columns);
}

/* The array belongs to the frame, so to its context. */
static fr_column **new_columns(fr_call *call, const fr_frame *frame)
{
    fr_call own;
    fr_call_begin_within(&own, frame->object.context, call);
    fr_column **columns = fr_new_array(&own, fr_frame_width(frame), sizeof *columns);
    if (!columns) fr_fail_with(call, fr_call_take_problem(&own));
    fr_call_end(&own);
    return columns;
}

/* False when another thread was first. Not by an exchange, which counts as a write even where it fails: who has found
 * the columns reads them without more ado. */
static bool publish(fr_frame *frame, fr_column **columns)
{
    fr_spin_lock(&frame->publishing);
    const bool first = fr_frame_is_late(frame);
    if (first) __atomic_store_n(&frame->columns, columns, __ATOMIC_RELEASE);
    fr_spin_unlock(&frame->publishing);
    return first;
}

bool fr_frame_settle(fr_call *call, const fr_frame *frame)
{
    if (!fr_frame_is_late(frame)) return true;
    fr_frame *shared = (fr_frame *)(uintptr_t)frame;
    const size_t width = fr_frame_width(frame);
    fr_column **columns = new_columns(call, frame);
    bool fine = columns != NULL;
    for (size_t i = 0; fine && i < width; i++) {
        columns[i] = fr_column_ref(fr_late_column_whole(call, frame->late[i]));
        fine = columns[i] != NULL;
    }
    const bool stays = fine && publish(shared, columns);
    if (columns && !stays) drop_columns(frame->object.context, columns, width);
    return fine;
}

const fr_column *fr_frame_column(fr_call *call, const fr_frame *frame, size_t index)
{
    return fr_frame_is_late(frame) ? fr_late_column_whole(call, frame->late[index]) : frame->columns[index];
}

fr_column *fr_frame_column_as_it_lies(fr_call *call, const fr_frame *frame, size_t index)
{
    return fr_frame_is_late(frame) ? fr_late_column_as_it_lies(call, frame->late[index]) : fr_column_ref(frame->columns[index]);
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
bool fr_frame_same_column(const fr_frame *a, const fr_frame *b, size_t index)
{
    const bool late_a = fr_frame_is_late(a), late_b = fr_frame_is_late(b);
    if (!late_a && !late_b) return fr_column_equal(a->columns[index], b->columns[index]);
    if (late_a && late_b) return fr_late_column_equal(a->late[index], b->late[index]);
    return late_a ? fr_late_column_equals(a->late[index], b->columns[index])
                  : fr_late_column_equals(b->late[index], a->columns[index]);
}

/* ---- for the tests ----------------------------------------------------------------------------------------------- */
static fr_column *formed(fr_call *call, const fr_column *column)
{
    return column->type->kind == FR_F64 ? fr_column_scaled(call, column) : fr_column_formed(call, column);
}

static bool add_formed(fr_call *call, fr_pieces *pieces, const fr_column *part)
{
    FR_OWNED fr_column *column = formed(call, part);
    return column && fr_pieces_add(call, pieces, column);
}

/* Texts of one length are formed and decimals scaled: by turns the column, of which both parts then have the form, or each part. */
static fr_late_column *tear(fr_call *call, const void *how, size_t index)
{
    const fr_frame *frame = how;
    const int64_t at = frame->length / 3;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    FR_OWNED fr_column *column = index % 2 ? fr_column_ref(frame->columns[index]) : formed(call, frame->columns[index]);
    FR_OWNED fr_column *first = column ? fr_column_slice(call, column, 0, at) : NULL;
    FR_OWNED fr_column *rest = column ? fr_column_slice(call, column, at, frame->length - at) : NULL;
    if (!first || !rest || !add_formed(call, &pieces, first) || !add_formed(call, &pieces, rest)) return NULL;
    return fr_late_column_of(call, &pieces);
}

fr_frame *fr_frame_torn(fr_call *call, fr_frame *frame)
{
    if (FR_TOGETHER_ROWS || !frame || !frame->columns || !frame->length || atomic_load(&frame->object.refs) > 1)
        return frame;
    fr_frame *torn = fr_frame_make_late(call, frame, frame->schema, tear, frame, frame->length);
    if (torn) torn->lines = fr_lines_ref(frame->lines);
    fr_frame_unref(frame);
    return torn;
}
