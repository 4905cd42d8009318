/* filter.c — the rows for which a condition is true.
 *
 * A condition that is null for a row (a comparison with a missing value) is not true, so the row goes. What is left
 * keeps its order; the rows that went are counted in the account.
 *
 * Who compares with null itself (x == null, or a parameter that is null) is warned: no row is kept.
 *
 *     fr_filter("quantity > 0 and region is not null")
 */
#include "ops/rank_filter.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

fr_buffer *fr_filter_rows(fr_call *call, const fr_frame *frame, const fr_filter_args *args, fr_account_entry *entry)
{
    if (!fr_given(args->where)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no condition to filter by");
        return NULL;
    }
    FR_CLEANUP(fr_drop_expr) fr_expr *where = fr_expr_parse(call, args->where, args->bind, FR_COUNT_OF(args->bind));
    if (!where || !fr_expr_warn_of_null(call, where)) return NULL;
    fr_expr_warn_of_text(call, where, frame);
    const fr_eval env = { .frame = frame, .aggregator = fr_aggregator_ops() };
    int64_t n_kept = 0;
    fr_buffer *keep = NULL;
    if (!fr_rank_filter(call, where, &env, &keep, &n_kept)) return NULL;
    if (!keep) keep = fr_expr_mask(call, where, &env, &n_kept);
    *entry = (fr_account_entry){ .step = "filter", .rows_in = frame->length, .rows_kept = n_kept,
                                 .filtered = frame->length - n_kept };
    return keep;
}

fr_frame *fr_run_filter(fr_call *call, const fr_frame *frame, const fr_filter_args *args)
{
    fr_account_entry entry;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_filter_rows(call, frame, args, &entry);
    return keep ? fr_accounted(call, fr_frame_kept(call, frame, keep, entry.rows_kept), &entry) : NULL;
}
