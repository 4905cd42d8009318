/* account.c — rows in = rows kept + duplicates + rejected + filtered, step by step.
 *
 * A log is immutable and shared by the frames that have the same past; adding an entry makes a new log. The rows a
 * reader or a cleaning step put aside travel beside it as a frame of four columns.
 */
#include "data/account.h"

#include <string.h>

#include "base/memory.h"

struct fr_account_log {
    _Atomic(int64_t)  refs;
    fr_context       *context;       /* owned reference */
    size_t            n;
    fr_account_entry *entries;       /* owned, with their notes */
};

fr_account_log *fr_account_ref(fr_account_log *log)
{
    if (log) atomic_fetch_add_explicit(&log->refs, 1, memory_order_relaxed);
    return log;
}

void fr_account_unref(fr_account_log *log)
{
    if (!log || atomic_fetch_sub_explicit(&log->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = log->context;
    for (size_t i = 0; i < log->n && log->entries; i++) fr_free_text(context, (char *)(uintptr_t)log->entries[i].note);
    if (log->entries) fr_free_array(context, log->entries, log->n, sizeof *log->entries);
    fr_free(context, log, sizeof *log);
    fr_object_unref(context);
}

static void drop_log(fr_account_log **slot)
{
    fr_account_unref(*slot);
}

static bool copy_entry(fr_call *call, fr_account_entry *out, const fr_account_entry *entry)
{
    *out = *entry;
    out->note = fr_copy_text(call, entry->note);
    return out->note || !entry->note;
}

size_t fr_account_count(const fr_account_log *log)
{
    return log ? log->n : 0;
}

const fr_account_entry *fr_account_at(const fr_account_log *log, size_t index)
{
    return index < fr_account_count(log) ? &log->entries[index] : NULL;
}

bool fr_frame_add_account(fr_call *call, fr_frame *frame, const fr_account_entry *entry)
{
    FR_CLEANUP(drop_log) fr_account_log *log = fr_new(call, sizeof *log);
    if (!log) return false;
    size_t n = fr_account_count(frame->account);
    atomic_init(&log->refs, 1);
    log->context = fr_object_ref(call->context);
    log->entries = fr_new_array(call, n + 1, sizeof *log->entries);
    if (!log->entries) return false;
    log->n = n + 1;
    for (size_t i = 0; i <= n; i++)
        if (!copy_entry(call, &log->entries[i], i < n ? &frame->account->entries[i] : entry)) return false;
    fr_account_unref(frame->account);
    frame->account = fr_steal(log);
    return true;
}

bool fr_frame_add_rejects(fr_call *call, fr_frame *frame, fr_frame *rejects)
{
    if (!frame->rejects) {
        frame->rejects = fr_frame_ref(rejects);
        return true;
    }
    fr_column *columns[4] = { NULL, NULL, NULL, NULL };
    bool ok = fr_frame_width(frame->rejects) == 4 && fr_frame_width(rejects) == 4;
    if (!ok) fr_fail(call, FR_ERR_INTERNAL, "rejects have four columns");
    for (size_t i = 0; ok && i < 4; i++) {
        columns[i] = fr_column_concat(call, (const fr_column *[]){ frame->rejects->columns[i], rejects->columns[i] },
                                      2);
        ok = columns[i] != NULL;
    }
    fr_frame *all = ok ? fr_frame_next(call, NULL, rejects->schema, columns, frame->rejects->length + rejects->length)
        : NULL;
    for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
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

static fr_column *text_column(fr_call *call, const fr_account_log *log, bool notes)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR),
                                                                  (int64_t)fr_account_count(log));
    if (!builder) return NULL;
    for (size_t i = 0; i < fr_account_count(log); i++) {
        const char *text = notes ? log->entries[i].note : log->entries[i].step;
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

static fr_column *count_column(fr_call *call, const fr_account_log *log, size_t which)
{
    size_t n = fr_account_count(log);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, n, sizeof(int64_t));
    if (!values) return NULL;
    for (size_t i = 0; i < n; i++) ((int64_t *)values->data)[i] = count_of(&log->entries[i], which);
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64,
                                                   .length = (int64_t)n,
                                                   .values = values });
}

static fr_frame *account_frame(fr_call *call, const fr_account_log *log)
{
    static const char *const names[COUNTS + 2] = { "step",     "rows_in", "rows_kept", "duplicates", "rejected",
                                                   "filtered", "filled",  "converted", "note" };
    fr_column *columns[COUNTS + 2] = { NULL };
    columns[0] = text_column(call, log, false);
    bool ok = columns[0] != NULL;
    for (size_t i = 0; ok && i < COUNTS; i++) ok = (columns[i + 1] = count_column(call, log, i)) != NULL;
    if (ok) ok = (columns[COUNTS + 1] = text_column(call, log, true)) != NULL;
    fr_frame *frame = ok ? fr_frame_of(call, NULL, names, columns, COUNTS + 2, (int64_t)fr_account_count(log)) : NULL;
    for (size_t i = 0; i < COUNTS + 2; i++) fr_column_unref(columns[i]);
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
    static const char *const names[] = { "line", "column", "reason", "text" };
    fr_column *columns[4] = { NULL };
    bool ok = true;
    for (size_t i = 0; ok && i < 4; i++) {
        columns[i] = fr_column_null(call, fr_type_of(i ? FR_STR : FR_I64), 0);
        ok = columns[i] != NULL;
    }
    fr_frame *frame = ok ? fr_frame_of(call, NULL, names, columns, 4, 0) : NULL;
    for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
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
