/* group.c — one row for each group of rows with equal keys.
 *
 *     fr_group("region", .agg = "revenue = sum(quantity * unit_price); orders = size(); p95 = quantile(price, 0.95)")
 *
 *     region  price        region  orders  sum_price
 *     North   1            North   2       4              groups in order of first appearance;
 *     South   2            South   1       2              `sort` orders them by key, nulls last
 *     North   3
 *
 * A null key is a group of its own; `drop_nulls` leaves such rows out and counts them in the account. Without keys the
 * whole frame is one group, also when it has no rows. `rollup` adds subtotals (ops/rollup.h). Result columns: the keys,
 * then the statements in the order written; a bare `sum(x)` is called sum_x. `mean(numeric())` gives a column for each
 * column the selector describes, keys excepted, under that column's name (ops/agg_text.c). How sums of floats are
 * rounded: ops/aggregate_sums.c.
 */
#include "ops/verb_result.h"
#include "ops/agg_text.h"
#include "ops/aggregates.h"
#include "ops/group_dictionary.h"
#include "ops/group_late.h"
#include "ops/group_ranges.h"
#include "ops/group_repeats.h"
#include "ops/order.h"
#include "ops/rollup.h"
#include "ops/tally.h"
#include "ops/verbs.h"

#include "base/memory.h"
#include "base/threads.h"
#include "base/warnings.h"
#include "kernel/bits.h"

typedef struct group_job {
    fr_arena       arena;
    const fr_frame *frame;
    fr_frame      *read;                   /* of a late frame: what is read of it, in its place (ops/group_late.h) */
    const fr_list *by;
    const fr_assignments *agg;
    bool           numbered;               /* the result's columns are called 0, 1, 2 … */
    fr_tally      *tally;                  /* what the aggregates will ask for; then the groups' */
    fr_grouping   *groups;                 /* NULL: one group */
    fr_frame      *keys;                   /* one row a group */
} group_job;

static void clear_job(group_job *job)
{
    fr_frame_unref(job->keys);
    fr_grouping_free(job->groups);
    fr_tally_free(job->tally);
    fr_frame_unref(job->read);
    fr_arena_clear(&job->arena);
}

static bool read_args(fr_call *call, const fr_schema *schema, const fr_group_args *args, fr_list *by, fr_assignments *agg)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    if (!fr_given(args->by) && !fr_given(args->agg))
        return fr_fail(call, FR_ERR_ARGUMENT, "nothing to do: give keys (by), aggregates (agg) or both");
    if (!fr_list_parse_told(call, args->by, schema, FR_LIST_SELECTORS, false, by)) return false;
    if (fr_given(args->by) && !by->n && !by->unmatched) fr_warn(call, "no column fits %s: all rows are one group", args->by);
    bool *is_key = fr_arena_array(call, &arena, schema->width, sizeof *is_key);
    if (!is_key) return false;
    for (size_t i = 0; i < by->n; i++) is_key[by->items[i].field] = true;
    const char *text;
    return fr_agg_text_expand_told(call, &arena, args->agg ? args->agg : "", schema, is_key, &text)
        && fr_assignments_parse(call, text, args->bind, FR_COUNT_OF(args->bind), agg);
}

static bool foresee(fr_call *call, void *state, const char *name, const int64_t *fields, size_t n)
{
    group_job *job = state;
    fr_column *args[2] = { NULL, NULL };
    for (size_t i = 0; i < n; i++) args[i] = fr_aggregate_reads(job->read->columns[fields[i]]);
    return fr_aggregate_foresee(call, job->tally, name, args, n);
}

/* What the aggregates of all statements will ask for, which one pass then finds. */
static bool foresee_all(fr_call *call, group_job *job)
{
    if (!job->by->n) return true;
    job->tally = fr_tally_new(call);
    if (!job->tally) return false;
    for (size_t i = 0; i < job->agg->n; i++)
        if (!fr_expr_plain_aggregates(call, job->agg->exprs[i], job->frame->schema, foresee, job)) return false;
    return true;
}

static bool find_groups(fr_call *call, group_job *job)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, job->frame->length);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < job->by->n; i++) {
        const fr_list_item *item = &job->by->items[i];
        if (!fr_keys_add(call, &keys, job->read->columns[item->field], &any, item->name)) return false;
    }
    if (!job->by->n) return true;
    job->groups = fr_grouping_to_tally(call, &keys, job->tally);
    if (!job->groups) return false;
    if (job->groups->repeats) return true;                     /* rows are taken for groups, and a few are mended */
    job->groups->tally = job->tally;
    job->tally = NULL;
    return true;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */
enum { MARKED_ROWS = 1 << 17 };            /* a block: words of its own */

typedef struct mark_job {
    const fr_rows *firsts;                 /* rising */
    uint64_t      *bits;
} mark_job;

/* Where the first group begins whose first row is not before `row`. */
static int64_t find_first(const fr_rows *firsts, int64_t row)
{
    int64_t low = 0, high = firsts->n;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (fr_row_at(firsts, middle) < row) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const mark_job *job = state;
    const int64_t begin = (int64_t)block * MARKED_ROWS, end = begin + MARKED_ROWS;
    for (int64_t i = find_first(job->firsts, begin); i < job->firsts->n; i++) {
        const int64_t row = fr_row_at(job->firsts, i);
        if (row >= end) break;
        job->bits[row >> 6] |= (uint64_t)1 << (row & 63);
    }
    return fr_go_on(call);
}

/* Where most rows are first rows of their group, key columns are filtered by bits, which is quicker than to take rows by
 * number; NULL in *bits: they are not. */
static bool mark_firsts(fr_call *call, const fr_rows *firsts, int64_t n_rows, fr_buffer **bits)
{
    *bits = NULL;
    if (firsts->n < n_rows - n_rows / 4) return true;
    *bits = fr_buffer_zeroed(call, fr_bits_bytes(n_rows));
    if (!*bits) return false;
    mark_job job = { .firsts = firsts, .bits = (*bits)->data };
    return fr_for_blocks(call, fr_block_count((size_t)n_rows, MARKED_ROWS), mark_block, &job);
}

/* Bits of first rows that are there already, where they are not few; owned, else NULL. */
static fr_buffer *bits_of_firsts(const fr_grouping *groups)
{
    if (groups->repeats) return fr_buffer_ref(groups->repeats->bits);
    const bool many = groups->ranges && groups->n_groups >= (uint64_t)groups->n_rows / 4;
    return many ? fr_buffer_ref(groups->ranges->bits) : NULL;
}

/* Are groups the codes of a column, and it the only key? */
static bool are_codes(const group_job *job)
{
    return job->groups && job->groups->codes && job->by->n == 1
        && job->groups->codes == job->read->columns[job->by->items[0].field];
}

static bool list_codes(fr_call *call, group_job *job)
{
    FR_OWNED fr_column *key = fr_keys_of_dictionary(call, job->groups);
    if (!key) return false;
    job->keys = fr_frame_of(call, NULL, (const char *[]){ job->by->items[0].name }, &key, 1, job->groups->n_groups);
    job->groups->keys = job->keys;
    return job->keys != NULL;
}

/* The key columns at the first row of each group. */
static bool take_keys(fr_call *call, group_job *job)
{
    if (are_codes(job)) return list_codes(call, job);
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    const char **names = fr_arena_array(call, &job->arena, job->by->n, sizeof *names);
    if (!names || !fr_columns_init(call, &columns, job->by->n)) return false;
    /* every row is a group: nothing to copy */
    const bool all = job->groups && (int64_t)job->groups->n_groups == job->frame->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *most = job->groups && !all ? bits_of_firsts(job->groups) : NULL;
    const bool listed = job->groups && !all && !most;
    if (listed && !fr_grouping_need_firsts(call, job->groups)) return false;
    const fr_rows firsts = !job->groups ? (fr_rows){ .n = 1 } : listed ? fr_grouping_firsts(job->groups)
                                                                       : (fr_rows){ .n = job->groups->n_groups };
    if (listed && !mark_firsts(call, &firsts, job->frame->length, &most)) return false;
    for (size_t i = 0; i < job->by->n; i++) {
        names[i] = job->by->items[i].name;
        fr_column *key = job->read->columns[job->by->items[i].field];
        columns.at[i] = all ? fr_column_ref(key) : most ? fr_column_filter(call, key, most->data, firsts.n)
                                                        : fr_column_take(call, key, &firsts);
        if (!columns.at[i]) return false;
    }
    job->keys = fr_frame_of(call, NULL, names, columns.at, job->by->n, firsts.n);
    if (!job->keys) return false;
    fr_call_add_warnings(call, job->keys->warnings);         /* they are for the result */
    job->keys->warnings = NULL;
    if (job->groups) job->groups->keys = job->keys;
    return true;
}

static fr_frame *aggregated(fr_call *call, group_job *job)
{
    const size_t n_keys = job->by->n, n = n_keys + job->agg->n;
    const fr_eval env = { .frame = job->read, .aggregator = fr_aggregator_ops() };
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    const char **names = fr_arena_array(call, &job->arena, n, sizeof *names);
    if (!names || !fr_columns_init(call, &columns, n)) return NULL;
    for (size_t i = 0; i < n; i++) {
        names[i] = job->numbered ? fr_arena_format(call, &job->arena, "%zu", i)
                 : i < n_keys    ? job->by->items[i].name : job->agg->names[i - n_keys];
        if (!names[i]) return NULL;
    }
    for (size_t i = 0; i < n_keys; i++) columns.at[i] = fr_column_ref(job->keys->columns[i]);
    for (size_t i = 0; i < job->agg->n; i++) {
        columns.at[n_keys + i] = fr_expr_eval_groups(call, job->agg->exprs[i], &env, job->groups, job->keys);
        if (!columns.at[n_keys + i]) return NULL;
    }
    return fr_frame_of(call, job->frame, names, columns.at, n, job->keys->length);
}

static fr_frame *sorted_by_key(fr_call *call, group_job *job, const fr_frame *result)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, result->length);
    const fr_key_want want = { .ordered = true };
    for (size_t i = 0; i < job->by->n; i++)
        if (!fr_keys_add(call, &keys, result->columns[i], &want, job->by->items[i].name)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of_keys(call, &keys);
    if (!order) return NULL;
    const fr_rows rows = fr_order_rows(order, result->length);
    return fr_frame_gather(call, result, &rows);
}

static bool find_columns(fr_call *call, group_job *job)
{
    const bool late = job->by->n && fr_frame_is_late(job->frame);              /* one group reads columns in pieces itself */
    job->read = late ? fr_group_frame(call, job->frame, job->by, job->agg) : fr_frame_ref(job->frame);
    return job->read != NULL;
}

static fr_frame *run(fr_call *call, group_job *job, bool sort)
{
    if (!find_columns(call, job)) return NULL;
    if (!foresee_all(call, job) || !find_groups(call, job) || !take_keys(call, job)) return NULL;
    if (job->groups && job->groups->tally && !fr_tally_run(call, job->groups->tally, job->groups)) return NULL;
    FR_OWNED fr_frame *result = aggregated(call, job);
    if (!result) return NULL;
    return sort && job->by->n ? sorted_by_key(call, job, result) : fr_steal(result);
}

fr_frame *fr_group_numbered(fr_call *call, const fr_frame *frame, const fr_list *by, const fr_assignments *agg)
{
    FR_CLEANUP(clear_job) group_job job = { .frame = frame, .by = by, .agg = agg, .numbered = true };
    fr_arena_init(&job.arena, call->context);
    return run(call, &job, false);
}

static fr_frame *run_all(fr_call *call, group_job *job, const fr_group_args *args)
{
    return args->rollup ? fr_rollup(call, job->frame, job->by, job->agg, args->sort) : run(call, job, args->sort);
}

fr_frame *fr_run_group(fr_call *call, const fr_frame *frame, const fr_group_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list by = { .context = call->context };
    FR_CLEANUP(fr_assignments_clear) fr_assignments agg = { .context = call->context };
    if (!read_args(call, frame->schema, args, &by, &agg)) return NULL;
    FR_CLEANUP(clear_job) group_job job = { .frame = frame, .by = &by, .agg = &agg };
    fr_arena_init(&job.arena, call->context);
    if ((args->drop_nulls || args->rollup) && !fr_frame_settle(call, frame)) return NULL;
    if (!args->drop_nulls) return run_all(call, &job, args);

    int64_t n_kept = 0;
    FR_OWNED fr_frame *kept = fr_without_null_keys(call, frame, &by, &n_kept);
    if (!kept) return NULL;
    job.frame = kept;
    const fr_account_entry entry = { .step = "group", .rows_in = frame->length, .rows_kept = n_kept,
                                     .filtered = frame->length - n_kept };
    return fr_accounted(call, run_all(call, &job, args), &entry);
}
