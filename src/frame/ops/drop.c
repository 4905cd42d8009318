/* drop.c — all columns but some.
 *
 *     fr_drop("id, matches('^tmp_')")
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"

fr_frame *fr_run_drop(fr_call *call, const fr_frame *frame, const fr_drop_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_given(args->columns)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no columns to drop");
        return NULL;
    }
    if (!fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS, false, &list)) return NULL;
    const size_t width = fr_frame_width(frame);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    bool *gone = fr_arena_array(call, &arena, width, sizeof *gone);
    int64_t *fields = gone ? fr_arena_array(call, &arena, width, sizeof *fields) : NULL;
    if (!fields) return NULL;
    for (size_t i = 0; i < list.n; i++) gone[list.items[i].field] = true;
    size_t n = 0;
    for (size_t i = 0; i < width; i++)
        if (!gone[i]) fields[n++] = (int64_t)i;
    return fr_frame_picked(call, frame, fields, NULL, n);
}
