/* select.c — some of the columns, in the order given.
 *
 *     fr_select("region, numeric()")          a selector stands for the columns it describes, in the frame's order
 *     fr_select("qty as quantity, region")    with a new name
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"

fr_frame *fr_run_select(fr_call *call, const fr_frame *frame, const fr_select_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_given(args->columns)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no columns to select");
        return NULL;
    }
    if (!fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS | FR_LIST_AS, false, &list)) return NULL;
    if (!list.n && !list.unmatched && fr_frame_width(frame)) fr_warn(call, "no column fits %s", args->columns);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    int64_t *fields = fr_arena_array(call, &arena, list.n, sizeof *fields);
    const char **names = fields ? fr_arena_array(call, &arena, list.n, sizeof *names) : NULL;
    if (!names) return NULL;
    for (size_t i = 0; i < list.n; i++) {
        fields[i] = list.items[i].field;
        names[i] = list.items[i].as;
    }
    return fr_frame_picked(call, frame, fields, names, list.n);
}
