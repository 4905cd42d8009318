/* join_asof.c — right rows in order, group by group, and left rows that look their place up (see join_asof.h).
 *
 *     right ticker, t     groups by ticker, codes of t in order      left   B 4  A 2  B 5
 *           A 1             A: 1 9   (rows 0 2)                      looks in B from the place where it last was on,
 *           B 3             B: 3 5   (rows 1 3)                      in steps of 1, 2, 4 …: A and B each go forward
 *           A 9
 *           B 5
 *
 * A right side that is in order of its key, as most are, is only dealt to its groups; another is sorted by both. Left rows
 * that go forward, all in all or group by group, find their place a step from the last one, each worker from its own; where
 * they do not and the right side leaves the cache, they are gone through in the order of their keys. Where they begin to
 * look changes no answer.
 */
#include "ops/join_asof.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/radix_sort.h"
#include "kernel/select.h"
#include "ops/asof_keys.h"
#include "ops/order.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16,
       CACHED = 1 << 16,                   /* right rows that a search at random is quick in */
       FEW_STEPS = 16,                     /* one by one, before a search in growing steps */
       STEP_BACK = 8,                      /* one left row in so many may lie before the last one … */
       MOST_CURSORS = 1 << 18 };           /* groups whose last place is kept for each worker */

typedef struct asof_job {
    const fr_asof *how;
    fr_asof_keys   keys;
    fr_asof_reach  reach;
    int64_t        n_left, n_right;
    size_t         n_groups;
    fr_buffer     *left_ids, *right_ids;   /* uint32_t, FR_NO_ID for none; NULL: one group */
    fr_buffer     *starts;                 /* uint64_t: where each group begins among … */
    fr_buffer     *members;                /* … right rows in order, wide as their number is; NULL: 0, 1, 2 … */
    fr_buffer     *gathered;               /* int64_t: codes of those rows; NULL: as they lie */
    const int64_t *codes;
    fr_buffer     *order;                  /* left rows as they are gone through; NULL: 0, 1, 2 … */
    fr_buffer     *cursors;                /* uint64_t a worker and group: the last place; NULL: not kept */
    fr_join_match *match;
    _Atomic(int64_t) n;
} asof_job;

static void clear_job(asof_job *job)
{
    fr_buffer *buffers[] = { job->left_ids, job->right_ids, job->starts, job->members, job->gathered, job->order,
                             job->cursors };
    for (size_t i = 0; i < FR_COUNT_OF(buffers); i++) fr_buffer_unref(buffers[i]);
    fr_asof_keys_clear(&job->keys);
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static bool group_exactly(fr_call *call, asof_job *job, fr_keys *right, fr_keys *left)
{
    job->n_groups = 1;
    if (!right->n_parts) return true;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of_pair(call, right, left, &job->left_ids);
    if (!groups || !fr_grouping_need_ids(call, groups)) return false;
    job->right_ids = fr_buffer_ref(groups->ids);
    job->n_groups = groups->n_groups;
    return true;
}

/* ---- rows in the order of group and key -------------------------------------------------------------------------- */
/* Groups with those that have none, or no value, behind them all. */
static fr_column *all_groups(fr_call *call, const asof_job *job, const fr_asof_side *side, const fr_buffer *ids)
{
    const int64_t n = side->column->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *groups = fr_buffer_array(call, (size_t)n, sizeof(uint32_t));
    if (!groups) return NULL;
    const uint32_t none = (uint32_t)job->n_groups, *id = ids ? ids->data : NULL;
    uint32_t *out = groups->data;
    for (int64_t row = 0; row < n; row++) {
        out[row] = id ? id[row] : 0;
        if (out[row] == FR_NO_ID || !fr_asof_has_value(side, row)) out[row] = none;
    }
    const fr_column_parts parts = { .type = fr_type_of(FR_U32), .phys = FR_PHYS_U32, .length = n, .values = groups };
    return fr_column_new(call, &parts);
}

static fr_buffer *in_order(fr_call *call, const asof_job *job, const fr_asof_side *side, fr_column *groups)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, side->column->length);
    const fr_key_want wanted = { .ordered = true };
    if (!fr_keys_insert_ids(call, &keys, 0, groups, (uint64_t)job->n_groups + 1)) return NULL;
    if (!fr_keys_add(call, &keys, side->column, &wanted, NULL)) return NULL;
    return fr_order_of_keys(call, &keys);
}

/* ---- the right side ---------------------------------------------------------------------------------------------- */
static bool count_groups(fr_call *call, asof_job *job, const fr_column *groups)
{
    job->starts = fr_buffer_zeroed(call, (job->n_groups + 2) * sizeof(uint64_t));
    if (!job->starts) return false;
    uint64_t *start = job->starts->data;
    const uint32_t *group = groups->values;
    for (int64_t row = 0; row < groups->length; row++) start[group[row] + 1]++;
    for (size_t i = 1; i < job->n_groups + 2; i++) start[i] += start[i - 1];
    return true;
}

static bool sort_right(fr_call *call, asof_job *job)
{
    FR_OWNED fr_column *groups = all_groups(call, job, &job->keys.right, job->right_ids);
    if (!groups || !count_groups(call, job, groups)) return false;
    job->members = in_order(call, job, &job->keys.right, groups);
    return job->members != NULL;
}

static bool deal_right(fr_call *call, asof_job *job)
{
    return fr_rows_by_group(call, job->right_ids->data, NULL, (size_t)job->n_right, job->n_groups, &job->starts,
                            &job->members);
}

static bool one_group(fr_call *call, asof_job *job)
{
    job->starts = fr_buffer_zeroed(call, 2 * sizeof(uint64_t));
    if (!job->starts) return false;
    ((uint64_t *)job->starts->data)[1] = (uint64_t)job->n_right;
    return true;
}

static bool gather_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const asof_job *job = state;
    const bool wide = fr_rows_are_wide(job->n_right);
    const int64_t n = (int64_t)((const uint64_t *)job->starts->data)[job->n_groups], first = (int64_t)block * BLOCK_ROWS;
    const int64_t *codes = job->keys.right.codes;
    int64_t *out = job->gathered->data;
    for (int64_t i = first; i < fr_smaller(first + BLOCK_ROWS, n); i++)
        out[i] = codes[fr_row_get(job->members->data, wide, (uint64_t)i)];
    return fr_go_on(call);
}

static bool order_right(fr_call *call, asof_job *job)
{
    if (job->keys.right.has_value || job->keys.right.n_back > 0) {
        if (!sort_right(call, job)) return false;
    } else if (!(job->right_ids ? deal_right(call, job) : one_group(call, job))) return false;
    job->codes = job->keys.right.codes;
    if (!job->members) return true;
    const size_t n = (size_t)((const uint64_t *)job->starts->data)[job->n_groups];
    job->gathered = fr_buffer_array(call, n, sizeof(int64_t));
    if (!job->gathered || !fr_for_blocks(call, fr_block_count(n, BLOCK_ROWS), gather_codes, job)) return false;
    job->codes = job->gathered->data;
    return true;
}

/* ---- the left side ----------------------------------------------------------------------------------------------- */
static bool order_left(fr_call *call, asof_job *job)
{
    if (job->n_right <= CACHED || job->keys.left.n_back <= job->n_left / STEP_BACK) {
        if (job->n_groups > MOST_CURSORS) return true;
        job->cursors = fr_buffer_zeroed(call, fr_worker_count(call) * job->n_groups * sizeof(uint64_t));
        return job->cursors != NULL;
    }
    FR_OWNED fr_column *groups = all_groups(call, job, &job->keys.left, job->left_ids);
    job->order = groups ? in_order(call, job, &job->keys.left, groups) : NULL;
    return job->order != NULL;
}

/* ---- looking up -------------------------------------------------------------------------------------------------- */
typedef struct stretch { uint64_t begin, end; } stretch;       /* of places */

static inline bool lies_before(int64_t code, int64_t bound, bool or_at)
{
    return or_at ? code <= bound : code < bound;
}

/* The first place whose code lies behind the bound: not before it nor, with `or_at`, at it. From `from` on, both ways. */
static uint64_t place_behind(const int64_t *codes, stretch s, uint64_t from, int64_t bound, bool or_at)
{
    uint64_t low = s.begin, high = s.end, step = 0;
    if (from < low) from = low;
    if (from < high && lies_before(codes[from], bound, or_at)) {
        for (low = from + 1; low + step < high && lies_before(codes[low + step], bound, or_at); step = 2 * step + 1)
            low += step + 1;
        if (low + step < high) high = low + step;
    } else {
        if (from < high) high = from;
        for (; low + step < high && !lies_before(codes[high - step - 1], bound, or_at); step = 2 * step + 1)
            high -= step + 1;
        if (low + step < high) low = high - step;
    }
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (lies_before(codes[middle], bound, or_at)) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int64_t row_at(const asof_job *job, uint64_t place)
{
    return job->members ? fr_row_get(job->members->data, fr_rows_are_wide(job->n_right), place) : (int64_t)place;
}

static bool is_nearer(fr_asof_distance a, fr_asof_distance b)
{
    return a.whole < b.whole || a.real < b.real;
}

/* Of the row before `behind` and that at `after`, the wanted one that there is; -1: none. */
static int64_t choose(const asof_job *job, stretch s, int64_t left_row, uint64_t behind, uint64_t after)
{
    const fr_asof_direction way = job->how->direction;
    const int64_t before = way != FR_ASOF_FORWARD && behind > s.begin ? row_at(job, behind - 1) : -1;
    const int64_t next = way != FR_ASOF_BACKWARD && after < s.end ? row_at(job, after) : -1;
    if (before < 0 || next < 0) return before < 0 ? next : before;
    const bool forward = is_nearer(fr_asof_distance_of(&job->keys, left_row, next),
                                   fr_asof_distance_of(&job->keys, left_row, before));
    return forward ? next : before;
}

static bool reaches(const asof_job *job, int64_t left_row, int64_t right_row)
{
    const fr_asof_distance d = fr_asof_distance_of(&job->keys, left_row, right_row);
    return d.whole <= job->reach.whole && d.real <= job->reach.real;
}

static int64_t look_up(const asof_job *job, int64_t row, uint32_t group, uint64_t *cursor)
{
    const uint64_t *start = job->starts->data;
    const int64_t *codes = job->codes, code = job->keys.left.codes[row];
    const stretch s = { start[group], start[group + 1] };
    const bool strict = job->how->no_exact, or_at = (job->how->direction == FR_ASOF_FORWARD) == strict;
    const uint64_t behind = *cursor = place_behind(codes, s, *cursor, code, or_at);
    const bool skips = strict && job->how->direction == FR_ASOF_NEAREST;
    const uint64_t after = skips ? place_behind(codes, s, behind, code, true) : behind;
    const int64_t found = choose(job, s, row, behind, after);
    return found < 0 || !job->reach.limited || reaches(job, row, found) ? found : -1;
}

/* One group, one direction, any distance: the place mostly is the last one or the next few. `forward`, `or_at` and `wide`
 * are constants of each caller. */
FR_TEMPLATE_FN void look_up_run(const asof_job *job, int64_t first, int64_t end, bool forward, bool or_at, bool wide)
{
    const int64_t *codes = job->codes, *left = job->keys.left.codes;
    const uint64_t n = ((const uint64_t *)job->starts->data)[1];
    const void *members = job->members ? job->members->data : NULL;
    void *out = job->match->rows->data;
    uint64_t at = 0;
    for (int64_t row = first; row < end; row++) {
        const int64_t code = left[row];
        const uint64_t few = at + FEW_STEPS;
        const bool goes_back = at > 0 && !lies_before(codes[at - 1], code, or_at);
        while (at < n && at < few && lies_before(codes[at], code, or_at)) at++;
        if (goes_back || at == few) at = place_behind(codes, (stretch){ 0, n }, at, code, or_at);
        const bool found = (forward ? at < n : at > 0) && fr_asof_has_value(&job->keys.left, row);
        const uint64_t place = forward ? at : at - 1;
        const int64_t right = members && found ? fr_row_get(members, wide, place) : (int64_t)place;
        fr_row_put(out, wide, (uint64_t)row, found ? right : FR_ROW_MISSING64);
    }
}

static bool look_up_runs(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const asof_job *job = state;
    const int64_t first = (int64_t)block * BLOCK_ROWS, end = fr_smaller(first + BLOCK_ROWS, job->n_left);
    const bool wide = fr_rows_are_wide(job->n_right), strict = job->how->no_exact;
    const bool forward = job->how->direction == FR_ASOF_FORWARD;
    if (wide) look_up_run(job, first, end, forward, forward == strict, true);
    else if (forward && strict) look_up_run(job, first, end, true, true, false);
    else if (forward) look_up_run(job, first, end, true, false, false);
    else if (strict) look_up_run(job, first, end, false, false, false);
    else look_up_run(job, first, end, false, true, false);
    return fr_go_on(call);
}

static bool is_plain(const asof_job *job)
{
    return !job->left_ids && !job->order && !job->reach.limited && job->how->direction != FR_ASOF_NEAREST;
}

static bool look_up_block(fr_call *call, void *state, size_t block, size_t worker)
{
    const asof_job *job = state;
    const int64_t first = (int64_t)block * BLOCK_ROWS, end = fr_smaller(first + BLOCK_ROWS, job->n_left);
    const bool wide = fr_rows_are_wide(job->n_right), left_wide = fr_rows_are_wide(job->n_left);
    const uint32_t *ids = job->left_ids ? job->left_ids->data : NULL;
    uint64_t *cursors = job->cursors ? (uint64_t *)job->cursors->data + worker * job->n_groups : NULL, last = 0;
    for (int64_t i = first; i < end; i++) {
        const int64_t row = job->order ? fr_row_get(job->order->data, left_wide, (uint64_t)i) : i;
        const uint32_t group = ids ? ids[row] : 0;
        const bool may = group != FR_NO_ID && fr_asof_has_value(&job->keys.left, row);
        fr_row_put(job->match->rows->data, wide, (uint64_t)row,
                   may ? look_up(job, row, group, cursors ? &cursors[group] : &last) : FR_ROW_MISSING64);
    }
    return fr_go_on(call);
}

static bool mark_found(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    asof_job *job = state;
    const int64_t first = (int64_t)block * BLOCK_ROWS, n = fr_smaller(job->n_left - first, BLOCK_ROWS);
    uint64_t *bits = (uint64_t *)job->match->found->data + first / 64;
    const void *rows = job->match->rows->data;
    const fr_select_kernels *k = FR_ISA_PICK(fr_select_kernels);
    const int64_t found = fr_rows_are_wide(job->n_right) ? k->wide_bits(bits, NULL, (const int64_t *)rows + first, n)
                                                         : k->narrow_bits(bits, NULL, (const uint32_t *)rows + first, n);
    atomic_fetch_add_explicit(&job->n, found, memory_order_relaxed);
    return fr_go_on(call);
}

static bool look_up_all(fr_call *call, asof_job *job)
{
    fr_join_match *m = job->match;
    const size_t n_blocks = fr_block_count((size_t)job->n_left, BLOCK_ROWS);
    m->rows = fr_buffer_array(call, (size_t)m->n_left, fr_row_bytes(fr_rows_are_wide(m->n_right)));
    if (m->rows) m->found = fr_buffer_new(call, fr_bits_bytes(m->n_left));
    if (!m->found || !fr_for_blocks(call, n_blocks, is_plain(job) ? look_up_runs : look_up_block, job)) return false;
    if (!fr_for_blocks(call, n_blocks, mark_found, job)) return false;
    m->n_found = job->n;
    m->unique = true;
    return true;
}

bool fr_join_asof(fr_call *call, const fr_asof *how, fr_keys *right, fr_keys *left, fr_join_match *out)
{
    *out = (fr_join_match){ .n_left = left->n_rows, .n_right = right->n_rows };
    FR_CLEANUP(clear_job) asof_job job = { .how = how, .n_left = left->n_rows, .n_right = right->n_rows, .match = out };
    if (!fr_asof_keys_make(call, &how->key, &job.keys)) return false;
    if (!fr_asof_reach_read(call, how->tolerance, job.keys.type, &job.reach)) return false;
    return group_exactly(call, &job, right, left) && order_right(call, &job) && order_left(call, &job)
        && look_up_all(call, &job);
}
