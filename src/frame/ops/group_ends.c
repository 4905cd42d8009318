/* group_ends.c — head and tail by groups.
 *
 *     region  day         head 1 by region        tail -1 by region
 *     North   1           North  1                North  2
 *     South   1           South  1                North  3
 *     North   2
 *     North   3
 *
 * Two passes. The first counts the rows of each group in each stripe of the frame, so that a stripe knows how many rows
 * of a group stand before it or after it; the second counts on from there and marks the rows whose place, from the
 * front or from the back, is among those wanted. 10 M rows, 100,000 groups: 0.05 s of CPU.
 */
#include "ops/group_ends.h"

#include "base/memory.h"
#include "base/threads.h"
#include "expr/expr.h"
#include "ops/grouping.h"
#include "ops/verb_result.h"

/* ---- slots ------------------------------------------------------------------------------------------------------- */
static bool number_groups(fr_call *call, fr_keys *keys, uint64_t *span)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of_keys(call, keys);
    if (!groups) return false;
    fr_column_parts parts = { .type = fr_type_of(FR_U32), .phys = FR_PHYS_U32, .length = keys->n_rows,
                              .values = groups->ids };
    FR_OWNED fr_column *column = fr_column_new(call, &parts);
    if (!column) return false;
    *span = groups->n_groups ? groups->n_groups : 1;
    fr_keys_remove(keys, 0, keys->n_parts);
    return fr_keys_insert_ids(call, keys, 0, column, *span);
}

bool fr_slots_of(fr_call *call, const fr_frame *frame, const char *by, uint64_t most, fr_keys *keys, uint64_t *span)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    const fr_key_want any = { 0 };
    if (!fr_list_parse(call, by, frame->schema, FR_LIST_SELECTORS, false, &list)) return false;
    for (size_t i = 0; i < list.n; i++)
        if (!fr_keys_add(call, keys, frame->columns[list.items[i].field], &any, list.items[i].name)) return false;
    if (fr_keys_fit(keys, 0, span) == keys->n_parts && *span <= most) return true;
    return number_groups(call, keys, span);
}

fr_stripes fr_stripes_of(const fr_call *call, int64_t n_rows, size_t most)
{
    const size_t block = fr_block_rows(call), blocks = fr_block_count((size_t)n_rows, block);
    size_t n = fr_worker_count(call);
    if (n > blocks) n = blocks;
    if (n > most) n = most;
    if (n == 0) n = 1;
    const int64_t rows = (n_rows + (int64_t)n - 1) / (int64_t)n, whole = (rows + 63) / 64 * 64;
    return (fr_stripes){ .n = whole ? fr_block_count((size_t)n_rows, (size_t)whole) : 0, .rows = whole,
                         .n_rows = n_rows };
}

/* ---- places in groups -------------------------------------------------------------------------------------------- */
typedef struct ends_job {
    const fr_keys *slots;
    size_t         span;
    fr_stripes     stripes;
    uint64_t      *counts;                 /* [stripe][slot]: rows there; then the place of the next, from either end */
    bool           from_back, outside;     /* places are counted from the last row; those beyond the limit are kept */
    uint64_t       limit;
    uint64_t      *keep;
} ends_job;

static bool count_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const ends_job *job = state;
    uint64_t slots[FR_KEY_VECTOR], *counts = job->counts + stripe * job->span;
    const int64_t end = fr_stripe_end(&job->stripes, stripe);
    for (int64_t at = (int64_t)stripe * job->stripes.rows; at < end; at += FR_KEY_VECTOR) {
        const size_t n = end - at < FR_KEY_VECTOR ? (size_t)(end - at) : FR_KEY_VECTOR;
        if (!fr_go_on(call)) return false;
        fr_keys_codes(job->slots, 0, job->slots->n_parts, at, n, slots);
        for (size_t i = 0; i < n; i++) counts[slots[i]]++;
    }
    return true;
}

/* From the front a stripe begins at the number of rows before it, from the back at that of its own and those after. */
static void place_stripes(const ends_job *job)
{
    for (size_t slot = 0; slot < job->span; slot++) {
        uint64_t rows = 0;
        for (size_t k = 0; k < job->stripes.n; k++) {
            uint64_t *count = &job->counts[(job->from_back ? job->stripes.n - 1 - k : k) * job->span + slot];
            const uint64_t here = *count;
            *count = job->from_back ? rows + here : rows;
            rows += here;
        }
    }
}

static bool mark_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const ends_job *job = state;
    uint64_t slots[FR_KEY_VECTOR], *counts = job->counts + stripe * job->span;
    const int64_t end = fr_stripe_end(&job->stripes, stripe);
    for (int64_t at = (int64_t)stripe * job->stripes.rows; at < end; at += FR_KEY_VECTOR) {
        const size_t n = end - at < FR_KEY_VECTOR ? (size_t)(end - at) : FR_KEY_VECTOR;
        uint64_t *words = job->keep + at / 64;
        if (!fr_go_on(call)) return false;
        fr_keys_codes(job->slots, 0, job->slots->n_parts, at, n, slots);
        for (size_t i = 0; i < n; i++) {
            const uint64_t place = job->from_back ? --counts[slots[i]] : counts[slots[i]]++;
            words[i / 64] |= (uint64_t)((place < job->limit) != job->outside) << (i & 63);
        }
    }
    return true;
}

static bool mark_ends(fr_call *call, ends_job *job)
{
    const bool counted = job->stripes.n > 1 || job->from_back;
    if (counted && !fr_for_blocks(call, job->stripes.n, count_stripe, job)) return false;
    if (counted) place_stripes(job);
    return fr_for_blocks(call, job->stripes.n, mark_stripe, job);
}

fr_frame *fr_group_ends(fr_call *call, const fr_frame *frame, const fr_cut *cut)
{
    FR_CLEANUP(fr_keys_clear) fr_keys slots = FR_KEYS_INIT(call, frame->length);
    uint64_t span;
    const uint64_t most = (uint64_t)frame->length / 4 + 1024;
    if (!fr_slots_of(call, frame, cut->by, most, &slots, &span)) return NULL;
    const fr_stripes stripes = fr_stripes_of(call, frame->length, (size_t)(2 * most / span + 1));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_zeroed(call, stripes.n * span * sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_buffer_zeroed(call, ((size_t)frame->length + 63) / 64 * 8);
    if (!counts || !keep) return NULL;
    ends_job job = { .slots = &slots, .span = (size_t)span, .stripes = stripes, .counts = counts->data,
                     .from_back = cut->last == (cut->n >= 0), .outside = cut->n < 0,
                     .limit = cut->n < 0 ? -(uint64_t)cut->n : (uint64_t)cut->n, .keep = keep->data };
    if (!mark_ends(call, &job)) return NULL;
    const int64_t n_kept = fr_bits_count(keep->data, frame->length);
    return n_kept == frame->length ? fr_frame_ref(frame) : fr_frame_kept(call, frame, keep->data, n_kept);
}
