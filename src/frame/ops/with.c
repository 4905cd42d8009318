/* with.c — columns added or replaced by expressions, one statement after the other.
 *
 *     fr_with("revenue = quantity * unit_price; share = revenue / sum(revenue)")
 *
 * A later statement sees the columns of the earlier ones. A column that exists keeps its place; a new one goes last. A
 * constant or an aggregate of the whole frame is repeated in every row.
 *
 * A late frame stays one: columns that nobody reads are not made.
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include <string.h>

typedef struct placed { const fr_frame *frame; fr_column *column; size_t at; } placed;

static fr_late_column *late_or_placed(fr_call *call, const void *how, size_t index)
{
    const placed *p = how;
    return index == p->at ? fr_late_column_from(call, p->column) : fr_late_column_ref(p->frame->late[index]);
}

static bool put_late(fr_call *call, fr_frame **frame, const char *name, fr_column *column)
{
    const int64_t found = fr_schema_find((*frame)->schema, name, strlen(name));
    const placed p = { *frame, column, found < 0 ? fr_frame_width(*frame) : (size_t)found };
    FR_OWNED fr_schema *schema = fr_schema_with(call, (*frame)->schema, name, column->type);
    fr_frame *made = schema ? fr_frame_make_late(call, *frame, schema, late_or_placed, &p, (*frame)->length) : NULL;
    if (!made) return false;
    made->lines = fr_lines_ref((*frame)->lines);
    fr_frame_unref(*frame);
    *frame = made;
    return true;
}

/* The frame is the caller's alone; a late one becomes another. */
static bool put(fr_call *call, fr_frame **frame, const char *name, fr_column *column)
{
    return fr_frame_is_late(*frame) ? put_late(call, frame, name, column) : fr_frame_put(call, *frame, name, column);
}

fr_frame *fr_run_with(fr_call *call, const fr_frame *frame, const fr_with_args *args)
{
    FR_CLEANUP(fr_assignments_clear) fr_assignments list = { .context = call->context };
    if (!fr_given(args->assign)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no columns to compute");
        return NULL;
    }
    if (!fr_assignments_parse(call, args->assign, args->bind, FR_COUNT_OF(args->bind), &list)) return NULL;
    if (list.alone) {                                /* as after "t = sum(x) over a, b", which means other groups */
        (void)fr_fail_at(call, fr_place_at(.source = args->assign, .position = (int64_t)list.alone - 1,
                                           .hint = "write 'name = …'; several keys are written over (a, b)"),
                         FR_ERR_SYNTAX, "a column alone changes nothing");
        return NULL;
    }
    FR_OWNED fr_frame *result = fr_frame_is_late(frame) ? fr_frame_cut(call, frame, 0, -1)
                                                        : fr_frame_same_rows(call, frame, frame->schema, frame->columns);
    if (!result) return NULL;
    for (size_t i = 0; i < list.n; i++) {
        const fr_eval env = { .frame = result, .aggregator = fr_aggregator_ops() };
        FR_OWNED fr_column *column = fr_expr_warn_of_digits(call, list.exprs[i]) ? fr_expr_eval(call, list.exprs[i], &env) : NULL;
        if (!column || !put(call, &result, list.names[i], column)) return NULL;
    }
    fr_frame_take_warnings(call, result);
    return fr_steal(result);
}
