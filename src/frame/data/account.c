/* account.c — rows in = rows kept + duplicates + rejected + filtered, step by step, as a frame (the log itself:
 * account_log.c). The rows a reader or a cleaning step put aside travel beside it as a frame of five columns.
 */
#include "data/account.h"

#include <string.h>

#include "base/memory.h"

const char *const fr_reject_names[FR_REJECT_COLUMNS] = { "line", "column", "reason", "text", "file" };

bool fr_frame_add_rejects(fr_call *call, fr_frame *frame, fr_frame *rejects)
{
    if (!frame->rejects) {
        frame->rejects = fr_frame_ref(rejects);
        return true;
    }
    if (fr_frame_width(frame->rejects) != FR_REJECT_COLUMNS || fr_frame_width(rejects) != FR_REJECT_COLUMNS)
        return fr_fail(call, FR_ERR_INTERNAL, "rejects have five columns");
    fr_frame *all = fr_frame_below(call, frame->rejects, rejects);
    if (!all) return false;
    fr_frame_unref(frame->rejects);
    frame->rejects = all;
    return true;
}

/* ---- as frames --------------------------------------------------------------------------------------------------- */

enum { COUNTS = 7 };

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

static fr_column *text_column(fr_call *call, const fr_account_list *list, bool notes)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), (int64_t)list->n);
    if (!builder) return NULL;
    for (size_t i = 0; i < list->n; i++) {
        const char *text = notes ? list->items[i].entry->note : list->items[i].entry->step;
        if (!(text ? fr_builder_add_text(call, builder, text, strlen(text)) : fr_builder_add_null(call, builder)))
            return NULL;
    }
    return fr_builder_finish(call, builder);
}

static int64_t count_of(const fr_account_entry *entry, size_t which)
{
    const int64_t counts[COUNTS] = { entry->rows_in,  entry->rows_kept, entry->duplicates, entry->rejected,
                                     entry->filtered, entry->filled,    entry->converted };
    return counts[which];
}

static fr_column *count_column(fr_call *call, const fr_account_list *list, size_t which)
{
    const size_t n = list->n;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, n, sizeof(int64_t));
    if (!values) return NULL;
    for (size_t i = 0; i < n; i++) ((int64_t *)values->data)[i] = count_of(list->items[i].entry, which);
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64,
                                                   .length = (int64_t)n,
                                                   .values = values });
}

static fr_column *joined_column(fr_call *call, const fr_account_list *list)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_BOOL), (int64_t)list->n);
    if (!builder) return NULL;
    for (size_t i = 0; i < list->n; i++)
        if (!fr_builder_add(call, builder, fr_v_bool(list->items[i].joined))) return NULL;
    return fr_builder_finish(call, builder);
}

static fr_frame *account_frame(fr_call *call, const fr_account_log *log)
{
    FR_CLEANUP(fr_account_list_clear) fr_account_list list = { 0 };
    static const char *const names[COUNTS + 3] = { "step",     "rows_in", "rows_kept", "duplicates", "rejected",
                                                   "filtered", "filled",  "converted", "note",       "joined" };
    fr_column *columns[COUNTS + 3] = { NULL };
    bool ok = fr_account_list_make(call, log, &list) && (columns[0] = text_column(call, &list, false));
    for (size_t i = 0; ok && i < COUNTS; i++) ok = (columns[i + 1] = count_column(call, &list, i)) != NULL;
    if (ok) ok = (columns[COUNTS + 1] = text_column(call, &list, true)) != NULL;
    if (ok) ok = (columns[COUNTS + 2] = joined_column(call, &list)) != NULL;
    fr_frame *frame = ok ? fr_frame_of(call, NULL, names, columns, COUNTS + 3, (int64_t)list.n) : NULL;
    for (size_t i = 0; i < COUNTS + 3; i++) fr_column_unref(columns[i]);
    return frame;
}

fr_frame *fr_account(const fr_frame *frame)
{
    fr_call call;
    fr_call_begin(&call, fr_ok(frame) ? frame->object.context : NULL, NULL, -1);
    if (!fr_ok(frame)) fr_fail_as(&call, frame, "frame");
    fr_frame *account = fr_ok(frame) ? account_frame(&call, frame->account) : NULL;
    if (!account) account = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return account;
}

static fr_frame *no_rejects(fr_call *call)
{
    fr_column *columns[FR_REJECT_COLUMNS] = { NULL };
    bool ok = true;
    for (size_t i = 0; ok && i < FR_REJECT_COLUMNS; i++) {
        columns[i] = fr_column_null(call, fr_type_of(i ? FR_STR : FR_I64), 0);
        ok = columns[i] != NULL;
    }
    fr_frame *frame = ok ? fr_frame_of(call, NULL, fr_reject_names, columns, FR_REJECT_COLUMNS, 0) : NULL;
    for (size_t i = 0; i < FR_REJECT_COLUMNS; i++) fr_column_unref(columns[i]);
    return frame;
}

fr_frame *fr_rejects(const fr_frame *frame)
{
    if (fr_ok(frame) && frame->rejects) return fr_frame_ref(frame->rejects);
    fr_call call;
    fr_call_begin(&call, fr_ok(frame) ? frame->object.context : NULL, NULL, -1);
    if (!fr_ok(frame)) fr_fail_as(&call, frame, "frame");
    fr_frame *rejects = fr_ok(frame) ? no_rejects(&call) : NULL;
    if (!rejects) rejects = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return rejects;
}
