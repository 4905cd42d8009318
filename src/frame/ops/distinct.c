/* distinct.c — each distinct row once.
 *
 * Rows are equal when all compared columns are: nulls equal nulls, NaN equals NaN, -0 equals 0. What stays keeps its
 * order; the repeated rows are counted in the account as duplicates.
 *
 *     a = 1 1 2 null null      keep first → rows 0 2 3      last → rows 1 2 4      none → row 2
 */
#include "ops/verb_result.h"
#include "ops/group_repeats.h"
#include "ops/group_sizes.h"
#include "ops/verbs.h"

#include <string.h>

static inline void set_bit(uint64_t *bits, uint64_t row)
{
    bits[row >> 6] |= (uint64_t)1 << (row & 63);
}

static void mark_first(const fr_grouping *groups, uint64_t *keep)
{
    if (groups->repeats) {
        memcpy(keep, groups->repeats->bits->data, fr_bits_bytes(groups->n_rows));
        return;
    }
    for (size_t g = 0; g < groups->n_groups; g++) set_bit(keep, (uint64_t)fr_grouping_first(groups, g));
}

/* From the end: a group's last row is the first met. */
static bool mark_last(fr_call *call, const fr_grouping *groups, uint64_t *keep)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *seen = fr_buffer_zeroed(call, ((size_t)groups->n_groups + 63) / 64 * 8);
    if (!seen) return false;
    const uint32_t *id = fr_grouping_ids(groups);
    for (int64_t row = groups->n_rows; row-- > 0;) {
        if (fr_bit(seen->data, id[row])) continue;
        set_bit(seen->data, id[row]);
        set_bit(keep, (uint64_t)row);
    }
    return true;
}

static bool mark_single(fr_call *call, const fr_grouping *groups, uint64_t *keep)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sizes = fr_grouping_sizes(call, groups);
    if (!sizes) return false;
    for (size_t g = 0; g < groups->n_groups; g++)
        if (((const uint64_t *)sizes->data)[g] == 1) set_bit(keep, (uint64_t)fr_grouping_first(groups, g));
    return true;
}

static bool mark(fr_call *call, const fr_grouping *groups, fr_keep which, uint64_t *keep)
{
    switch (which) {
    case FR_KEEP_FIRST: mark_first(groups, keep); return true;
    case FR_KEEP_LAST:  return fr_grouping_need_ids(call, groups) && mark_last(call, groups, keep);
    case FR_KEEP_NONE:  return fr_grouping_need_ids(call, groups) && mark_single(call, groups, keep);
    }
    return fr_fail(call, FR_ERR_ARGUMENT, "keep is %d: first, last or none", (int)which);
}

/* By no column all rows are one. */
static fr_grouping *no_columns(fr_call *call, const fr_list *list, const char *text)
{
    (void)fr_fail(call, FR_ERR_NOT_FOUND, "no column fits %s, and by no column all rows are equal",
                  list->unmatched ? list->unmatched : text);
    return NULL;
}

static fr_grouping *group_rows(fr_call *call, const fr_frame *frame, const char *columns)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_list_parse_told(call, columns, frame->schema, FR_LIST_SELECTORS, true, &list)) return NULL;
    if (!list.n && fr_frame_width(frame)) return no_columns(call, &list, columns);
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, frame->length);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < list.n; i++) {
        const fr_column *key = fr_frame_column(call, frame, (size_t)list.items[i].field);
        if (!key || !fr_keys_add(call, &keys, key, &any, list.items[i].name)) return NULL;
    }
    return fr_grouping_of_held_keys(call, &keys, FR_CODES_NUMBERED);
}

fr_frame *fr_run_distinct(fr_call *call, const fr_frame *frame, const fr_distinct_args *args)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = group_rows(call, frame, args->columns);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep =
        groups ? fr_buffer_zeroed(call, ((size_t)frame->length + 63) / 64 * sizeof(uint64_t)) : NULL;
    if (!keep || !mark(call, groups, args->keep, keep->data)) return NULL;
    const int64_t n_kept = fr_bits_count(keep->data, frame->length);
    const fr_account_entry entry = { .step = "distinct", .rows_in = frame->length, .rows_kept = n_kept,
                                     .duplicates = frame->length - n_kept };
    return fr_accounted(call, fr_frame_kept(call, frame, keep, n_kept), &entry);
}
