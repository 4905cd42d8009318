/* rename.c — new names for columns; the others keep theirs. Names may be exchanged: "a as b, b as a".
 *
 *     fr_rename("qty as quantity, px as price")
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"

fr_frame *fr_run_rename(fr_call *call, const fr_frame *frame, const fr_rename_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_given(args->names)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no columns to rename");
        return NULL;
    }
    if (!fr_list_parse(call, args->names, frame->schema, FR_LIST_AS, false, &list)) return NULL;
    const size_t width = fr_frame_width(frame);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    int64_t *fields = fr_arena_array(call, &arena, width, sizeof *fields);
    const char **names = fields ? fr_arena_array(call, &arena, width, sizeof *names) : NULL;
    if (!names) return NULL;
    for (size_t i = 0; i < width; i++) fields[i] = (int64_t)i;
    for (size_t i = 0; i < list.n; i++) {
        const fr_list_item *item = &list.items[i];
        if (!item->as) {
            (void)fr_fail_at(call, fr_place_at(.column = item->name, .hint = "write 'old as new'"), FR_ERR_ARGUMENT,
                             "no new name for column '%s'", item->name);
            return NULL;
        }
        names[item->field] = item->as;
    }
    return fr_frame_picked(call, frame, fields, names, width);
}
