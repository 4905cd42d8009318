/* sample.c — rows drawn at random.
 *
 * Row i has the i-th word of the seed's random sequence, whatever thread asks for it (base/rng.h): without replacement
 * the rows with the smallest words are drawn, in that order; with replacement the i-th draw is the i-th word scaled to
 * the number of rows. Unless shuffled, the drawn rows keep the frame's order.
 *
 *     fr_sample(.n = 100, .seed = 42)      fr_sample(.fraction = 0.1)      fr_sample(.n = 1000, .replace = true)
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/context_state.h"
#include "base/rng.h"
#include "base/threads.h"
#include "kernel/compare.h"
#include "kernel/radix_sort.h"
#include "kernel/random_words.h"

#include <math.h>
#include <string.h>

static bool count_draws(fr_call *call, const fr_frame *frame, const fr_sample_args *args, int64_t *n)
{
    if (args->n < -1)
        return fr_fail(call, FR_ERR_ARGUMENT, "n is %lld: how many rows to draw", (long long)args->n);
    if (args->fraction < 0 && args->fraction != -1)
        return fr_fail(call, FR_ERR_ARGUMENT, "fraction is %g: 0 to 1", args->fraction);
    if ((args->n >= 0) == (args->fraction >= 0))
        return fr_fail(call, FR_ERR_ARGUMENT, args->n >= 0 ? "give n or fraction, not both" : "give n or fraction");
    if (args->fraction > 1 && !args->replace)
        return fr_fail(call, FR_ERR_ARGUMENT, "fraction is %g: 0 to 1, or more with replace", args->fraction);
    *n = args->n >= 0 ? args->n : (int64_t)rint(args->fraction * (double)frame->length);
    if (*n > frame->length && !args->replace)
        return fr_fail_at(call, fr_place_at(.hint = "use replace, or head for at most so many"), FR_ERR_ARGUMENT,
                          "cannot draw %lld of %lld rows", (long long)*n, (long long)frame->length);
    if (*n > 0 && frame->length == 0) return fr_fail(call, FR_ERR_ARGUMENT, "cannot draw from a frame without rows");
    return true;
}

/* Rows are wide when there are many of them to draw from, or many to draw. */
typedef struct draw {
    bool       wide;
    int64_t    length, n;
    uint64_t   seed;
    fr_buffer *rows;                       /* the drawn ones, in the order drawn; owned */
    fr_buffer *bits;                       /* the drawn ones in the frame's order, none of them twice; owned, NULL: rows */
} draw;

static bool sort_drawn(fr_call *call, const draw *d, uint64_t *keys, int64_t n, uint64_t top_key)
{
    return fr_sort_rows(call, keys, &(fr_row_array){ .at = d->rows->data, .wide = d->wide, .n = (size_t)n }, top_key);
}

/* ---- without replacement ----------------------------------------------------------------------------------------- */
/* All rows have a word, few are drawn: the leading bits are counted, and only rows up to the bin in which the last drawn
 * one lies are sorted. 3·10^6 rows of which a tenth is drawn: CPU 130 → 45 ms. */
enum { BLOCK_ROWS = 1 << 16, BIN_BITS = 12, BINS = 1 << BIN_BITS };

typedef struct drawing {
    draw       *d;
    uint64_t   *words;                     /* of each row; then of the kept ones */
    uint32_t   *counts;                    /* by block and bin */
    uint64_t    last_bin;
    int64_t    *starts;                    /* by block: rows kept before it */
    uint64_t   *kept;
} drawing;

static uint64_t bin_of(uint64_t word) { return word >> (64 - BIN_BITS); }

static int64_t block_end(const draw *d, int64_t begin)
{
    return d->length - begin < BLOCK_ROWS ? d->length : begin + BLOCK_ROWS;
}

static bool word_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const drawing *job = state;
    uint32_t *counts = job->counts + block * BINS;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = block_end(job->d, begin);
    FR_ISA_PICK(fr_random_kernels)->words(job->d->seed, 0, (uint64_t)begin, (size_t)(end - begin), job->words + begin);
    for (int64_t i = begin; i < end; i++) counts[bin_of(job->words[i])]++;
    return fr_go_on(call);
}

static bool keep_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const drawing *job = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = block_end(job->d, begin);
    int64_t at = job->starts[block];
    for (int64_t i = begin; i < end; i++) {
        if (bin_of(job->words[i]) > job->last_bin) continue;
        job->kept[at] = job->words[i];
        fr_row_put(job->d->rows->data, job->d->wide, (uint64_t)at++, i);
    }
    return fr_go_on(call);
}

/* The bin of the n-th smallest word. → how many rows lie in the bins before it */
static int64_t find_last_bin(drawing *job, size_t n_blocks)
{
    int64_t n = 0, before = 0;
    for (job->last_bin = 0; job->last_bin < BINS; job->last_bin++) {
        before = n;
        for (size_t b = 0; b < n_blocks; b++) n += job->counts[b * BINS + job->last_bin];
        if (n >= job->d->n) break;
    }
    return before;
}

/* Where the rows from a bin to the last one go. → how many */
static int64_t find_starts(drawing *job, size_t n_blocks, uint64_t first_bin)
{
    int64_t before = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        job->starts[b] = before;
        for (uint64_t bin = first_bin; bin <= job->last_bin && bin < BINS; bin++) before += job->counts[b * BINS + bin];
    }
    return before;
}

static bool make_room(fr_call *call, drawing *job, int64_t n_kept, fr_buffer **kept)
{
    draw *d = job->d;
    *kept = fr_buffer_array(call, (size_t)n_kept, sizeof(uint64_t));
    d->rows = *kept ? fr_buffer_array(call, (size_t)n_kept, fr_row_bytes(d->wide)) : NULL;
    if (d->rows) job->kept = (*kept)->data;
    return d->rows != NULL;
}

/* Rows in random order; the first n are the sample. */
static bool keep_in_random_order(fr_call *call, drawing *job, size_t n_blocks)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *kept = NULL;
    const int64_t n_kept = find_starts(job, n_blocks, 0);
    return make_room(call, job, n_kept, &kept) && fr_for_blocks(call, n_blocks, keep_block, job)
        && sort_drawn(call, job->d, job->kept, n_kept, UINT64_MAX);
}

/* In the frame's order the drawn rows are bits: all in the bins before the last one, and of those in it, which alone are
 * sorted, the first. 10^6 rows of fifteen columns of which a tenth is drawn: CPU 26 → 17 ms. */
static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const drawing *job = state;
    const fr_compare_kernels *k = FR_ISA_PICK(fr_compare_kernels);
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = block_end(job->d, begin);
    const uint64_t lowest = job->last_bin << (64 - BIN_BITS), highest = lowest | (UINT64_MAX >> BIN_BITS);
    uint64_t *bits = (uint64_t *)job->d->bits->data + begin / 64, last[BLOCK_ROWS / 64];
    const fr_lanes rows = { job->words + begin, 1 };
    int64_t at = job->starts[block];
    k->u64[FR_LESS](bits, rows, (fr_lanes){ &lowest, 0 }, (size_t)(end - begin));
    k->u64[FR_LESS_EQUAL](last, rows, (fr_lanes){ &highest, 0 }, (size_t)(end - begin));
    for (int64_t row = begin; row < end; row += 64)
        for (uint64_t word = last[(row - begin) / 64] & ~bits[(row - begin) / 64]; word; word &= word - 1) {
            const int64_t one = row + __builtin_ctzll(word);
            job->kept[at] = job->words[one];
            fr_row_put(job->d->rows->data, job->d->wide, (uint64_t)at++, one);
        }
    return fr_go_on(call);
}

static bool mark_in_order(fr_call *call, drawing *job, size_t n_blocks, int64_t n_before)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *kept = NULL;
    draw *d = job->d;
    const int64_t n_last = find_starts(job, n_blocks, job->last_bin);
    d->bits = fr_buffer_array(call, ((size_t)d->length + 63) / 64, sizeof(uint64_t));
    if (!d->bits || !make_room(call, job, n_last, &kept) || !fr_for_blocks(call, n_blocks, mark_block, job)
        || !sort_drawn(call, d, job->kept, n_last, UINT64_MAX)) return false;
    for (int64_t i = 0; i < d->n - n_before; i++) {
        const int64_t row = fr_row_get(d->rows->data, d->wide, (uint64_t)i);
        ((uint64_t *)d->bits->data)[row / 64] |= (uint64_t)1 << (row & 63);
    }
    return true;
}

static bool draw_without(fr_call *call, draw *d, bool shuffle)
{
    const size_t n_blocks = fr_block_count((size_t)d->length, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = fr_buffer_array(call, (size_t)d->length, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_zeroed(call, n_blocks * BINS * sizeof(uint32_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *starts = fr_buffer_array(call, n_blocks, sizeof(int64_t));
    if (!words || !counts || !starts) return false;
    drawing job = { .d = d, .words = words->data, .counts = counts->data, .starts = starts->data };
    if (!fr_for_blocks(call, n_blocks, word_block, &job)) return false;
    const int64_t n_before = find_last_bin(&job, n_blocks);
    return shuffle ? keep_in_random_order(call, &job, n_blocks) : mark_in_order(call, &job, n_blocks, n_before);
}

/* ---- with replacement, and the order ----------------------------------------------------------------------------- */
static bool draw_with(fr_call *call, draw *d)
{
    d->rows = fr_buffer_array(call, (size_t)d->n, fr_row_bytes(d->wide));
    if (!d->rows) return false;
    for (int64_t i = 0; i < d->n; i++) {
        const fr_u128 product = (fr_u128)fr_rng_at(d->seed, 0, (uint64_t)i) * (uint64_t)d->length;
        fr_row_put(d->rows->data, d->wide, (uint64_t)i, (int64_t)(product >> 64));
    }
    return true;
}

static bool put_in_order(fr_call *call, const draw *d)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, (size_t)d->n, sizeof(uint64_t));
    if (!keys) return false;
    const fr_rows rows = fr_rows_view(d->rows->data, d->wide, d->n);
    for (int64_t i = 0; i < d->n; i++) ((uint64_t *)keys->data)[i] = (uint64_t)fr_row_at(&rows, i);
    return sort_drawn(call, d, keys->data, d->n, d->length > 0 ? (uint64_t)d->length - 1 : 0);
}

fr_frame *fr_run_sample(fr_call *call, const fr_frame *frame, const fr_sample_args *args)
{
    draw d = { .length = frame->length, .seed = (uint64_t)args->seed };
    if (!count_draws(call, frame, args, &d.n)) return NULL;
    if (args->seed < 0) d.seed = fr_context_seed(call->context);
    d.wide = fr_rows_are_wide(d.length) || fr_rows_are_wide(d.n);
    bool drawn = args->replace ? draw_with(call, &d) : draw_without(call, &d, args->shuffle);
    if (drawn && args->replace && !args->shuffle) drawn = put_in_order(call, &d);
    fr_frame *result = NULL;
    if (drawn && d.bits) result = fr_frame_kept(call, frame, d.bits, d.n);
    else if (drawn && fr_frame_settle(call, frame)) {
        const fr_rows rows = fr_rows_view(d.rows->data, d.wide, d.n);
        result = fr_frame_gather(call, frame, &rows);
    }
    fr_buffer_unref(d.rows);
    fr_buffer_unref(d.bits);
    return result;
}
