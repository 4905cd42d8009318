/* frame_rows.c — rows out of a frame: a stretch of them, given ones, those whose bit is set.
 *
 * Long columns are worked on one after the other, each in parallel over its blocks; a short and wide frame in parallel
 * over its columns. Both give the same result, so the choice is only one of speed.
 */
#include "base/memory.h"
#include "base/threads.h"
#include "data/column_make.h"
#include "data/frame.h"

typedef fr_column *one_column(fr_call *call, const fr_column *column, const void *how);

typedef struct every {
    const fr_frame *frame;
    one_column     *make;
    const void     *how;
    fr_column     **made;
} every;

static bool make_column(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    every *e = state;
    e->made[block] = e->make(call, e->frame->columns[block], e->how);
    return e->made[block] != NULL;
}

static bool make_columns(fr_call *call, every *e, int64_t n_rows)
{
    size_t width = fr_frame_width(e->frame);
    if (n_rows <= fr_bit_block_rows(call) && (size_t)n_rows * width > 16384)
        return fr_for_blocks(call, width, make_column, e);
    for (size_t i = 0; i < width; i++)
        if (!make_column(call, e, i, 0)) return false;
    return true;
}

/* The frame of `make` done to every column; n_rows is what is worked through, length what comes out. */
static fr_frame *make_frame(fr_call *call, const fr_frame *frame, one_column *make, const void *how, int64_t n_rows,
                            int64_t length)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    size_t width = fr_frame_width(frame);
    every e = { frame, make, how, fr_arena_array(call, &arena, width, sizeof *e.made) };
    if (!e.made) return NULL;
    fr_frame *made = make_columns(call, &e, n_rows) ? fr_frame_next(call, frame, frame->schema, e.made, length) : NULL;
    for (size_t i = 0; i < width; i++) fr_column_unref(e.made[i]);
    return made;
}

/* The frame with the lines its rows come from; a frame of which nothing is known needs none. */
static fr_frame *with_lines(fr_frame *frame, const fr_frame *before, fr_lines *lines)
{
    if (frame && (lines || !before->lines)) {
        frame->lines = lines;
        return frame;
    }
    fr_lines_unref(lines);
    fr_frame_unref(frame);
    return NULL;
}

typedef struct stretch { int64_t offset, length; } stretch;

static fr_column *cut_one(fr_call *call, const fr_column *column, const void *how)
{
    const stretch *s = how;
    return fr_column_slice(call, column, s->offset, s->length);
}

typedef struct late_stretch { const fr_frame *frame; const stretch *rows; } late_stretch;

static fr_late_column *cut_late(fr_call *call, const void *how, size_t index)
{
    const late_stretch *s = how;
    return fr_late_column_slice(call, s->frame->late[index], s->rows->offset, s->rows->length);
}

fr_frame *fr_frame_cut(fr_call *call, const fr_frame *frame, int64_t offset, int64_t length)
{
    if (offset < 0) offset = 0;
    if (offset > frame->length) offset = frame->length;
    if (length < 0 || length > frame->length - offset) length = frame->length - offset;
    const stretch s = { offset, length };
    fr_frame *cut = fr_frame_is_late(frame)          /* the stretch is late itself, unless it lies in one part or is short */
        ? fr_frame_make_late(call, frame, frame->schema, cut_late, &(late_stretch){ frame, &s }, length)
        : make_frame(call, frame, cut_one, &s, 0, length);
    return cut ? with_lines(cut, frame, fr_lines_cut(call, frame->lines, offset)) : NULL;
}

static fr_column *take_one(fr_call *call, const fr_column *column, const void *how)
{
    return fr_column_take(call, column, how);
}

/* Many rows: columns may be worth packing together (data/columns_take.c). `own`: as gathered they are given up. */
static fr_frame *gather_together(fr_call *call, const fr_frame *frame, const fr_rows *rows, bool own)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t width = fr_frame_width(frame);
    fr_column **made = fr_arena_array(call, &arena, width, sizeof *made);
    if (!made) return NULL;
    const bool fine = own ? fr_columns_take_own(call, frame->columns, width, rows, made)
        : fr_columns_take(call, (const fr_column *const *)frame->columns, width, rows, NULL, made);
    fr_frame *gathered = fine ? fr_frame_next(call, frame, frame->schema, made, rows->n) : NULL;
    for (size_t i = 0; i < width; i++) fr_column_unref(made[i]);
    return gathered;
}

fr_frame *fr_frame_gather(fr_call *call, const fr_frame *frame, const fr_rows *rows)
{
    if (rows->n > fr_bit_block_rows(call)) return gather_together(call, frame, rows, false);
    return make_frame(call, frame, take_one, rows, rows->n, rows->n);
}

fr_frame *fr_frame_gather_own(fr_call *call, fr_frame *frame, const fr_rows *rows)
{
    if (rows->n <= fr_bit_block_rows(call)) return fr_frame_gather(call, frame, rows);
    for (size_t i = 0; frame->late && i < fr_frame_width(frame); i++) {        /* which hold the columns as well */
        fr_late_column_unref(frame->late[i]);
        frame->late[i] = NULL;
    }
    return gather_together(call, frame, rows, true);
}

static fr_column *select_one(fr_call *call, const fr_column *column, const void *how)
{
    return fr_column_select(call, column, how);
}

typedef struct late_choice { const fr_frame *frame; const fr_selection *rows; } late_choice;

/* Texts of one form, and scaled numbers, are kept as those lie. */
static fr_late_column *select_late(fr_call *call, const void *how, size_t index)
{
    const late_choice *c = how;
    FR_OWNED fr_column *column = fr_late_column_as_it_lies(call, c->frame->late[index]);
    FR_OWNED fr_column *selected = column ? fr_column_select(call, column, c->rows) : NULL;
    return selected ? fr_late_column_from(call, selected) : NULL;
}

fr_frame *fr_frame_keep(fr_call *call, const fr_frame *frame, fr_buffer *keep, int64_t n_kept)
{
    FR_CLEANUP(fr_selection_clear) fr_selection selection;
    if (!fr_selection_make(call, keep->data, frame->length, n_kept, &selection)) return NULL;
    fr_frame *kept = fr_frame_is_late(frame)
        ? fr_frame_make_late(call, frame, frame->schema, select_late, &(late_choice){ frame, &selection }, selection.n_kept)
        : make_frame(call, frame, select_one, &selection, frame->length, selection.n_kept);
    return kept ? with_lines(kept, frame, fr_lines_keep(call, frame->lines, keep, frame->length)) : NULL;
}
