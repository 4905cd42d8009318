/* group_late.c — columns of a late frame, whole or as they lie (see group_late.h). */
#include "ops/group_late.h"

#include "base/memory.h"
#include "base/warnings.h"
#include "data/frame.h"

/* By windows in expressions; as they are in an aggregate that reads scaled numbers, or as a key or in one that does not:
 * these get the frame's doubles, which then are everybody's. */
typedef enum need { NOT_READ, BY_WINDOWS, SCALED, WHOLE } need;

static void note(need *needs, size_t field, need how)
{
    if (needs[field] < how) needs[field] = how;
}

static void note_read(void *state, size_t field)
{
    note(state, field, BY_WINDOWS);
}

static bool note_argument(fr_call *call, void *state, const char *name, const int64_t *fields, size_t n)
{
    (void)call;
    for (size_t i = 0; i < n; i++) note(state, (size_t)fields[i], fr_aggregate_reads_scaled(name) ? SCALED : WHOLE);
    return true;
}

static bool note_needs(fr_call *call, const fr_schema *schema, const fr_list *by, const fr_assignments *agg, need *needs)
{
    for (size_t i = 0; i < agg->n; i++) {
        fr_expr_tell_columns(agg->exprs[i], schema, note_read, needs);
        if (!fr_expr_plain_aggregates(call, agg->exprs[i], schema, note_argument, needs)) return false;
    }
    for (size_t i = 0; i < by->n; i++) note(needs, (size_t)by->items[i].field, WHOLE);
    return true;
}

/* Owned. */
static fr_column *column_for(fr_call *call, fr_late_column *late, need how)
{
    if (how == WHOLE) return fr_column_ref(fr_late_column_whole(call, late));
    FR_OWNED fr_column *column = fr_column_of_late(call, late);
    if (column && how == SCALED && column->pieced && !fr_scaled_piece(column)) return fr_column_together(call, column);
    return fr_steal(column);
}

fr_frame *fr_group_frame(fr_call *call, const fr_frame *late, const fr_list *by, const fr_assignments *agg)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t width = fr_frame_width(late);
    need *needs = fr_arena_array(call, &arena, width, sizeof *needs);
    if (!needs || !note_needs(call, late->schema, by, agg, needs)) return NULL;
    FR_OWNED fr_frame *frame = fr_frame_begin(call, NULL, late->schema);
    if (!frame) return NULL;
    fr_call_add_warnings(call, frame->warnings);               /* the result takes them */
    frame->warnings = NULL;
    frame->length = late->length;
    frame->columns = fr_new_array(call, width, sizeof *frame->columns);
    if (!frame->columns) return NULL;
    for (size_t i = 0; i < width; i++)
        if (needs[i] && !(frame->columns[i] = column_for(call, late->late[i], needs[i]))) return NULL;
    return fr_steal(frame);
}
