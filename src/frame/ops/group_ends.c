/* group_ends.c — head and tail by groups.
 *
 *     region  day         head 1 by region        tail -1 by region
 *     North   1           North  1                North  2
 *     South   1           South  1                North  3
 *     North   2
 *     North   3
 *
 * Two passes. The first counts the rows of each group in each stripe of the frame but the last, so that a stripe knows how
 * many rows of a group stand before it; the second counts on from there and marks the rows whose place is among those
 * wanted. Places from the back are counted backwards, from the last row and the last stripe on.
 *
 * Nobody asks how many rows a group has beyond those wanted, so counting stops there, and a count is a byte: millions of
 * groups stay in the cache, and their keys' codes need no numbering.
 */
#include "ops/group_ends.h"

#include "base/memory.h"
#include "base/threads.h"
#include "expr/expr.h"
#include "kernel/bits.h"
#include "kernel/prefetch.h"
#include "ops/group_direct.h"
#include "ops/grouping.h"
#include "ops/verb_result.h"

#include <math.h>

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

static bool add_keys(fr_call *call, const fr_frame *frame, const char *by, fr_keys *keys)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    const fr_key_want any = { 0 };
    if (!fr_list_parse(call, by, frame->schema, FR_LIST_SELECTORS, false, &list)) return false;
    for (size_t i = 0; i < list.n; i++)
        if (!fr_keys_add(call, keys, frame->columns[list.items[i].field], &any, list.items[i].name)) return false;
    return true;
}

bool fr_slots_of(fr_call *call, const fr_frame *frame, const char *by, uint64_t most, fr_keys *keys, uint64_t *span)
{
    if (!add_keys(call, frame, by, keys)) return false;
    if (fr_keys_fit(keys, 0, span) == keys->n_parts && *span <= most) return true;
    return number_groups(call, keys, span);
}

enum { SAMPLES = 32,
       SPARSE = 64 };                      /* codes a row, a bit each: where there are more, groups are numbered at once */

/* Of rows here and there, so few find their code taken that there are likely more groups than `most`: of m rows dealt to
 * G groups by chance, m - G (1 - exp(-m / G)) do, and more where they are not dealt evenly. */
static bool has_more_groups(fr_call *call, const fr_keys *keys, uint64_t span, uint64_t most, bool *more)
{
    const int64_t n_rows = keys->n_rows, step = (n_rows / SAMPLES + 64) / 64 * 64;
    double n_sampled = 0, n_taken = 0;
    uint32_t slots[FR_KEY_VECTOR];
    *more = false;
    if (span / SPARSE > (uint64_t)n_rows || span > UINT32_MAX) return true;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(call, ((size_t)span + 63) / 64 * sizeof(uint64_t));
    if (!bits) return false;
    for (int64_t first = 0; first < n_rows; first += step) {
        const size_t n = (size_t)(n_rows - first < FR_KEY_VECTOR ? n_rows - first : FR_KEY_VECTOR);
        fr_row_slots(keys, first, n, slots);
        for (size_t i = 0; i < n; i++) {
            uint64_t *word = (uint64_t *)bits->data + slots[i] / 64, bit = (uint64_t)1 << (slots[i] & 63);
            n_taken += *word & bit ? 1 : 0;
            *word |= bit;
        }
        n_sampled += (double)n;
    }
    *more = n_taken < n_sampled + (double)most * expm1(-n_sampled / (double)most);
    return true;
}

bool fr_few_slots_of(fr_call *call, const fr_frame *frame, const char *by, uint64_t most, fr_keys *keys, uint64_t *span)
{
    bool more;
    if (!add_keys(call, frame, by, keys)) return false;
    if (fr_keys_fit(keys, 0, span) == keys->n_parts) {
        if (*span <= most) return true;
        if (!has_more_groups(call, keys, *span, most, &more)) return false;
        if (more) return true;
    }
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
enum { NARROW_MOST = UINT8_MAX, SLOTS_TOGETHER = 1 << 16,
       LEAST_CLEARED = 16, MOST_CLEARED = 64,      /* bytes of counts a row; with more, groups are numbered … */
       FEW_CLEARED = 1 << 24 };            /* … but the second only while they are so few */

typedef struct ends_job {
    const fr_keys *slots;
    size_t         span;
    fr_stripes     stripes;
    char          *counts;                 /* [stripe][slot]: rows there, then before it; at most `limit` */
    size_t         width;                  /* of a count: 1 or 8 bytes */
    bool           from_back, outside;     /* places are counted from the last row; those beyond the limit are kept */
    uint64_t       limit;
    uint64_t      *keep;
} ends_job;

/* Stripe k of the way that places are counted: from the front or from the back. */
static size_t stripe_at(const ends_job *job, size_t k)
{
    return job->from_back ? job->stripes.n - 1 - k : k;
}

static char *counts_of(const ends_job *job, size_t stripe)
{
    return job->counts + stripe * job->span * job->width;
}

FR_TEMPLATE_FN uint64_t get_count(const char *counts, size_t slot, size_t width)
{
    return width == 1 ? ((const uint8_t *)counts)[slot] : ((const uint64_t *)(const void *)counts)[slot];
}

FR_TEMPLATE_FN void put_count(char *counts, size_t slot, size_t width, uint64_t count)
{
    if (width == 1) ((uint8_t *)counts)[slot] = (uint8_t)count;
    else ((uint64_t *)(void *)counts)[slot] = count;
}

/* → how many rows of the slot came before, at most the limit. */
FR_TEMPLATE_FN uint64_t count_row(char *counts, size_t slot, size_t width, uint64_t limit)
{
    const uint64_t place = get_count(counts, slot, width);
    put_count(counts, slot, width, place + (place < limit));
    return place;
}

FR_TEMPLATE_FN void count_rows(char *counts, const uint32_t *slots, size_t n, size_t width, uint64_t limit)
{
    for (size_t i = 0; i < n; i++) {
        if (i + FR_AHEAD < n) fr_ask_for(counts, slots[i + FR_AHEAD], width);
        (void)count_row(counts, slots[i], width, limit);
    }
}

static bool count_stripe(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const ends_job *job = state;
    const size_t stripe = stripe_at(job, number);
    uint32_t slots[FR_KEY_VECTOR];
    for (fr_stretch s = fr_stretch_of(job->stripes.n_rows, job->stripes.rows, stripe); fr_next_stretch(&s);) {
        if (!fr_go_on(call)) return false;
        fr_row_slots(job->slots, s.first, s.n, slots);
        if (job->width == 1) count_rows(counts_of(job, stripe), slots, s.n, 1, job->limit);
        else count_rows(counts_of(job, stripe), slots, s.n, 8, job->limit);
    }
    return true;
}

/* A stripe begins at the number of rows before it. The last one was not counted. */
FR_TEMPLATE_FN void place_slots(const ends_job *job, size_t begin, size_t end, size_t width)
{
    for (size_t slot = begin; slot < end; slot++) {
        uint64_t rows = 0;
        for (size_t k = 0; k < job->stripes.n; k++) {
            char *counts = counts_of(job, stripe_at(job, k));
            const uint64_t here = get_count(counts, slot, width);
            put_count(counts, slot, width, rows);
            rows = job->limit - rows < here ? job->limit : rows + here;
        }
    }
}

enum { PLACED = 64 };

/* So many slots whose counts are bytes, in vectors: of two stripes 5·10^6, CPU 48 → 2 ms. */
static void place_bytes(const ends_job *job, size_t begin)
{
    uint8_t rows[PLACED] = { 0 };
    const uint8_t limit = (uint8_t)job->limit;
    for (size_t k = 0; k < job->stripes.n; k++) {
        uint8_t *restrict counts = (uint8_t *)counts_of(job, stripe_at(job, k)) + begin;
        for (size_t i = 0; i < PLACED; i++) {
            const uint8_t before = rows[i], here = counts[i], left = (uint8_t)(limit - before);
            counts[i] = before;
            rows[i] = (uint8_t)(before + (here < left ? here : left));
        }
    }
}

static void place_narrow(const ends_job *job, size_t begin, size_t end)
{
    for (; begin + PLACED <= end; begin += PLACED) place_bytes(job, begin);
    place_slots(job, begin, end, 1);
}

static bool place_stripes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const ends_job *job = state;
    const size_t begin = block * SLOTS_TOGETHER, left = job->span - begin;
    const size_t end = left < SLOTS_TOGETHER ? job->span : begin + SLOTS_TOGETHER;
    if (job->width == 1) place_narrow(job, begin, end);
    else place_slots(job, begin, end, 8);
    return fr_go_on(call);
}

/* Up to 64 rows, → their bits. */
FR_TEMPLATE_FN uint64_t mark_word(char *counts, const uint32_t *slots, size_t n, size_t width, uint64_t limit,
                                  bool from_back)
{
    uint64_t word = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t i = from_back ? n - 1 - k : k;
        word |= (uint64_t)(count_row(counts, slots[i], width, limit) < limit) << i;
    }
    return word;
}

/* The rows of a vector, a word after the other, while the counts of those to come are asked for. */
FR_TEMPLATE_FN void mark_rows(const ends_job *job, char *counts, const uint32_t *slots, size_t n, uint64_t *words,
                              size_t width, bool from_back)
{
    const size_t n_words = (n + 63) / 64, soon = FR_AHEAD / 64;
    for (size_t k = 0; k < n_words; k++) {
        const size_t w = from_back ? n_words - 1 - k : k, left = n - w * 64, here = left < 64 ? left : 64;
        const size_t later = 64 * (from_back ? w - soon : w + soon);
        for (size_t i = 0; k + soon + 1 < n_words && i < 64; i++) fr_ask_for(counts, slots[later + i], width);
        const uint64_t word = mark_word(counts, slots + w * 64, here, width, job->limit, from_back);
        words[w] = job->outside ? ~word & fr_bits_below(0, (int64_t)here) : word;
    }
}

static bool mark_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const ends_job *job = state;
    uint32_t slots[FR_KEY_VECTOR];
    const int64_t begin = (int64_t)stripe * job->stripes.rows, end = fr_stripe_end(&job->stripes, stripe);
    const size_t n_vectors = fr_block_count((size_t)(end - begin), FR_KEY_VECTOR);
    char *counts = counts_of(job, stripe);
    for (size_t k = 0; k < n_vectors; k++) {
        const int64_t at = begin + (int64_t)(job->from_back ? n_vectors - 1 - k : k) * FR_KEY_VECTOR;
        const size_t n = end - at < FR_KEY_VECTOR ? (size_t)(end - at) : FR_KEY_VECTOR;
        uint64_t *words = job->keep + at / 64;
        if (!fr_go_on(call)) return false;
        fr_row_slots(job->slots, at, n, slots);
        if (job->width == 1 && job->from_back) mark_rows(job, counts, slots, n, words, 1, true);
        else if (job->width == 1) mark_rows(job, counts, slots, n, words, 1, false);
        else mark_rows(job, counts, slots, n, words, 8, job->from_back);
    }
    return true;
}

static bool mark_ends(fr_call *call, ends_job *job)
{
    const size_t n = job->stripes.n;
    if (n > 1 && (!fr_for_blocks(call, n - 1, count_stripe, job)
                  || !fr_for_blocks(call, fr_block_count(job->span, SLOTS_TOGETHER), place_stripes, job))) return false;
    return fr_for_blocks(call, n, mark_stripe, job);
}

/* Clearing counts that no row has is quicker than numbering the groups of the rows (head 2 of 10^6 rows, 15 codes a row and
 * 100 groups: CPU 8.2 → 2.3 ms; the same behind a sort, with it, five codes a row and most groups of one row: 51 → 17 ms). */
static uint64_t most_counts(int64_t n_rows, size_t width)
{
    const uint64_t least = LEAST_CLEARED * (uint64_t)n_rows, most = MOST_CLEARED * (uint64_t)n_rows;
    const uint64_t some = most < FEW_CLEARED ? most : FEW_CLEARED, bytes = (least < some ? some : least) + 4096;
    return bytes / width < UINT32_MAX ? bytes / width : UINT32_MAX;
}

fr_frame *fr_group_ends(fr_call *call, const fr_frame *frame, const fr_cut *cut)
{
    FR_CLEANUP(fr_keys_clear) fr_keys slots = FR_KEYS_INIT(call, frame->length);
    uint64_t span;
    const uint64_t limit = cut->n < 0 ? -(uint64_t)cut->n : (uint64_t)cut->n, bytes = 4 * (uint64_t)frame->length + 4096;
    const size_t width = limit <= NARROW_MOST ? 1 : sizeof(uint64_t);
    if (!fr_slots_of(call, frame, cut->by, most_counts(frame->length, width), &slots, &span)) return NULL;
    const fr_stripes stripes = fr_stripes_of(call, frame->length, (size_t)(bytes / width / span + 1));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_zeroed(call, stripes.n * span * width);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_buffer_zeroed(call, ((size_t)frame->length + 63) / 64 * 8);
    if (!counts || !keep) return NULL;
    ends_job job = { .slots = &slots, .span = (size_t)span, .stripes = stripes, .counts = counts->data, .width = width,
                     .from_back = cut->last == (cut->n >= 0), .outside = cut->n < 0, .limit = limit, .keep = keep->data };
    if (!mark_ends(call, &job)) return NULL;
    const int64_t n_kept = fr_bits_count(keep->data, frame->length);
    return n_kept == frame->length ? fr_frame_ref(frame) : fr_frame_kept(call, frame, keep, n_kept);
}
