/* verbs.h — what each verb does, as one function: a frame and options in, a frame out.
 *
 * A verb's file (ops/sort.c …) implements fr_run_<verb>. Arguments have been checked for size and defaults were filled
 * in (args->size_ is the full size), the input is materialised and not in error state. The result is a new frame made
 * with fr_frame_next, so that account and warnings travel along; NULL after a failure was recorded in the call.
 * A verb whose result for rows i … j depends on those rows alone (filter, select, with without aggregates, rename,
 * drop, cast, parse_dates with a format) may be run batch by batch by the planner; it must not know.
 */
#ifndef FR_OPS_VERBS_H
#define FR_OPS_VERBS_H

#include <frame/verbs.h>

#include "expr/expr.h"
#include "ops/group_ends.h"

fr_frame *fr_run_filter(fr_call *call, const fr_frame *frame, const fr_filter_args *args) FR_MUST_USE;
/* The rows it keeps: bits, owned, and what the account says of it. */
fr_buffer *fr_filter_rows(fr_call *call, const fr_frame *frame, const fr_filter_args *args,
                          fr_account_entry *entry) FR_MUST_USE;
fr_frame *fr_run_select(fr_call *call, const fr_frame *frame, const fr_select_args *args) FR_MUST_USE;
fr_frame *fr_run_with(fr_call *call, const fr_frame *frame, const fr_with_args *args) FR_MUST_USE;
fr_frame *fr_run_rename(fr_call *call, const fr_frame *frame, const fr_rename_args *args) FR_MUST_USE;
fr_frame *fr_run_drop(fr_call *call, const fr_frame *frame, const fr_drop_args *args) FR_MUST_USE;
fr_frame *fr_run_sort(fr_call *call, const fr_frame *frame, const fr_sort_args *args) FR_MUST_USE;
/* The same of a frame that nobody else holds, and that nobody reads again: it gives its columns up (data/frame.h). */
fr_frame *fr_run_sort_own(fr_call *call, fr_frame *frame, const fr_sort_args *args) FR_MUST_USE;
/* The same before a head or a tail: rows that it does not keep may be missing; *is_cut: they all are. `by` holds names of
 * columns. */
fr_frame *fr_run_sort_before(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut,
                             bool *is_cut) FR_MUST_USE;
/* The same of the rows that are left of the frame. */
fr_frame *fr_run_sort_left_before(fr_call *call, const fr_frame *frame, const fr_sort_args *args, const fr_cut *cut,
                                  fr_left_rows left, bool *is_cut) FR_MUST_USE;
fr_frame *fr_run_head(fr_call *call, const fr_frame *frame, const fr_head_args *args) FR_MUST_USE;
fr_frame *fr_run_tail(fr_call *call, const fr_frame *frame, const fr_tail_args *args) FR_MUST_USE;
fr_frame *fr_run_slice(fr_call *call, const fr_frame *frame, const fr_slice_args *args) FR_MUST_USE;
fr_frame *fr_run_sample(fr_call *call, const fr_frame *frame, const fr_sample_args *args) FR_MUST_USE;
fr_frame *fr_run_group(fr_call *call, const fr_frame *frame, const fr_group_args *args) FR_MUST_USE;
/* Keys, then aggregates, with columns called 0, 1, 2 …, so that no two names can be the same. */
fr_frame *fr_group_numbered(fr_call *call, const fr_frame *frame, const fr_list *by,
                            const fr_assignments *agg) FR_MUST_USE;
fr_frame *fr_run_distinct(fr_call *call, const fr_frame *frame, const fr_distinct_args *args) FR_MUST_USE;
fr_frame *fr_run_fill_null(fr_call *call, const fr_frame *frame, const fr_fill_null_args *args) FR_MUST_USE;
fr_frame *fr_run_drop_null(fr_call *call, const fr_frame *frame, const fr_drop_null_args *args) FR_MUST_USE;
fr_frame *fr_run_cast(fr_call *call, const fr_frame *frame, const fr_cast_args *args) FR_MUST_USE;
fr_frame *fr_run_parse_dates(fr_call *call, const fr_frame *frame, const fr_parse_dates_args *args) FR_MUST_USE;
fr_frame *fr_run_describe(fr_call *call, const fr_frame *frame, const fr_describe_args *args) FR_MUST_USE;
fr_frame *fr_run_value_counts(fr_call *call, const fr_frame *frame, const fr_value_counts_args *args) FR_MUST_USE;
fr_frame *fr_run_concat(fr_call *call, const fr_frame *frame, const fr_concat_args *args) FR_MUST_USE;
/* A semi or anti join: the right says which rows, and has no part in them. */
static inline bool fr_join_keeps_columns(const fr_join_args *args)
{
    return args->how == FR_JOIN_SEMI || args->how == FR_JOIN_ANTI;
}
fr_frame *fr_run_join(fr_call *call, const fr_frame *frame, const fr_join_args *args) FR_MUST_USE;
fr_frame *fr_run_pivot(fr_call *call, const fr_frame *frame, const fr_pivot_args *args) FR_MUST_USE;
fr_frame *fr_run_melt(fr_call *call, const fr_frame *frame, const fr_melt_args *args) FR_MUST_USE;
fr_frame *fr_run_complete(fr_call *call, const fr_frame *frame, const fr_complete_args *args) FR_MUST_USE;
fr_frame *fr_run_write(fr_call *call, const fr_frame *frame, const fr_write_args *args) FR_MUST_USE;

/* Grouping and aggregates for expressions (ops/aggregator.c). */
const fr_aggregator *fr_aggregator_ops(void);

#endif
