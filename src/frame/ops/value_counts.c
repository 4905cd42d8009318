/* value_counts.c — how often each value (or combination of values) occurs, most frequent first.
 *
 *     3 1 2 1 3 2 9      value  count          equally frequent values in order of first appearance
 *                        3      2
 *                        1      2
 *                        2      2
 *                        9      1
 *
 * Nulls are counted like values; `drop_nulls` leaves rows with a null out and counts them in the account. `normalize`
 * adds a column `share`: count divided by all rows counted. The new columns are called count and share, or count_1 …
 * where a counted column has that name.
 */
#include "ops/verb_result.h"
#include "ops/group_sizes.h"
#include "ops/order.h"
#include "ops/verbs.h"

#include "base/memory.h"

static fr_grouping *group_values(fr_call *call, const fr_frame *frame, const fr_list *list, bool drop_nulls)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, frame->length);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < list->n; i++) {
        const fr_column *column = frame->columns[list->items[i].field];
        if (!fr_keys_add(call, &keys, column, &any, list->items[i].name)) return NULL;
        if (drop_nulls && !fr_keys_kill_nulls(call, &keys, column)) return NULL;
    }
    return fr_grouping_to_size(call, &keys);
}

/* Groups by size, largest first; stable, so ties stay in order of first appearance. */
static fr_buffer *order_by_size(fr_call *call, const fr_grouping *groups, fr_column *counts)
{
    const fr_key_want largest_first = { .ordered = true, .descending = true };
    return fr_order_of(call, &counts, &largest_first, NULL, 1, groups->n_groups);
}

static fr_column *column_of_counts(fr_call *call, const fr_grouping *groups, int64_t *total)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sizes = fr_grouping_sizes(call, groups);
    if (!sizes) return NULL;
    *total = 0;
    for (size_t g = 0; g < groups->n_groups; g++) *total += (int64_t)((const uint64_t *)sizes->data)[g];
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = groups->n_groups,
                                    .values = sizes };
    return fr_column_new(call, &parts);
}

static fr_column *column_of_shares(fr_call *call, const fr_column *counts, int64_t total)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *shares = fr_buffer_array(call, (size_t)counts->length, sizeof(double));
    if (!shares) return NULL;
    const int64_t *n = counts->values;
    for (int64_t i = 0; i < counts->length; i++) ((double *)shares->data)[i] = (double)n[i] / (double)total;
    const fr_column_parts parts = { .type = fr_type_of(FR_F64), .phys = FR_PHYS_F64, .length = counts->length,
                                    .values = shares };
    return fr_column_new(call, &parts);
}

typedef struct counted {
    const fr_list     *list;
    const fr_grouping *groups;
    fr_column         *counts, *shares;    /* shares NULL: not wanted */
} counted;

static fr_frame *unsorted(fr_call *call, const fr_frame *frame, const counted *c)
{
    const size_t n_keys = c->list->n, n = n_keys + 1 + (c->shares != NULL);
    if (!fr_grouping_need_firsts(call, c->groups)) return NULL;
    const fr_rows firsts = fr_grouping_firsts(c->groups);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    const char **names = fr_arena_array(call, &arena, n, sizeof *names);
    if (!names || !fr_columns_init(call, &columns, n)) return NULL;
    for (size_t i = 0; i < n_keys; i++) {
        names[i] = c->list->items[i].name;
        columns.at[i] = fr_column_take(call, frame->columns[c->list->items[i].field], &firsts);
        if (!columns.at[i]) return NULL;
    }
    columns.at[n_keys] = fr_column_ref(c->counts);
    names[n_keys] = fr_free_name(call, &arena, c->list, "count");
    if (c->shares) {
        columns.at[n_keys + 1] = fr_column_ref(c->shares);
        names[n_keys + 1] = fr_free_name(call, &arena, c->list, "share");
    }
    if (!names[n_keys] || !names[n - 1]) return NULL;
    return fr_frame_of(call, frame, names, columns.at, n, c->groups->n_groups);
}

fr_frame *fr_run_value_counts(fr_call *call, const fr_frame *frame, const fr_value_counts_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS, true, &list)) return NULL;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = group_values(call, frame, &list, args->drop_nulls);
    int64_t total = 0;
    FR_OWNED fr_column *counts = groups ? column_of_counts(call, groups, &total) : NULL;
    FR_OWNED fr_column *shares = counts && args->normalize ? column_of_shares(call, counts, total) : NULL;
    if (!counts || (args->normalize && !shares)) return NULL;
    const counted c = { .list = &list, .groups = groups, .counts = counts, .shares = shares };
    FR_OWNED fr_frame *plain = unsorted(call, frame, &c);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = plain ? order_by_size(call, groups, counts) : NULL;
    if (!order) return NULL;
    const fr_rows rows = fr_order_rows(order, groups->n_groups);
    fr_frame *sorted = fr_frame_gather(call, plain, &rows);
    if (!args->drop_nulls) return sorted;
    const fr_account_entry entry = { .step = "value_counts", .rows_in = frame->length, .rows_kept = total,
                                     .filtered = frame->length - total };
    return fr_accounted(call, sorted, &entry);
}
