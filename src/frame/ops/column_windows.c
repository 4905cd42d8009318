/* column_windows.c — ranks found between values that a sample says stand on either side of them.
 *
 * For each wanted rank the sample gives a window in which it lies but for bad luck. The reading counts the values below
 * each window and gathers those within it; the rank less the count is the rank among those. Should it not lie in the
 * window, nothing is found and the caller counts bins instead (column_ranks.c).
 *
 *     quartiles of 10 M values     three windows of 2.7 % of them each; CPU of describe 40 → 32 ms
 *
 * Mean and deviation are wanted as well where quartiles are, so the reading is a fold that sums its rows.
 *
 * Scaled numbers (data/scaled_column.h) are compared as whole numbers.
 *
 * What is found are values, so neither the sample nor who gathers which can show.
 */
#include "ops/column_windows.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/compare.h"
#include "kernel/key_codes.h"
#include "kernel/rank_select.h"
#include "kernel/scaled.h"
#include "kernel/scaled_bound.h"
#include "kernel/select.h"
#include "ops/aggregates.h"
#include "ops/fold.h"
#include "ops/keys.h"

#include <math.h>
#include <string.h>

enum { SAMPLES = 256, MOST_SAMPLED = (SAMPLES + 1) * FR_SAMPLE_ROWS,
       LEAST_BLOCKS = 8,                   /* fewer rows are not worth a sample */
       MOST_WINDOWS = 8 };

typedef struct window {
    double            low, high;
    int32_t           low_whole, high_whole;     /* the same of scaled numbers */
    uint64_t         *keys, room;
    _Atomic(uint64_t) below, inside;
} window;

typedef struct windows_job {
    const fr_column *column;
    size_t           n_windows;
    window           windows[MOST_WINDOWS];
} windows_job;

/* ---- windows ----------------------------------------------------------------------------------------------------- */
/* Where a rank's neighbours in the sample are, four deviations off. */
typedef struct sampled { size_t low, high; } sampled;

static sampled around(uint64_t rank, uint64_t n_values, size_t n_sampled)
{
    const double share = (double)rank / (double)n_values, n = (double)n_sampled;
    const double off = 4 * sqrt(n * share * (1 - share)) + 8, low = n * share - off, high = n * share + off;
    return (sampled){ low > 0 ? (size_t)low : 0, high < n - 1 ? (size_t)high : n_sampled - 1 };
}

static void sort_ranks(uint64_t *to, const uint64_t *ranks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && to[at - 1] > ranks[i]; at--) to[at] = to[at - 1];
        to[at] = ranks[i];
    }
}

/* Stretches of the sample for all ranks, those that overlap as one; → how many, 0: too many. */
static size_t choose_stretches(const uint64_t *ranks, size_t n, uint64_t n_values, size_t n_sampled, sampled *out)
{
    uint64_t sorted[FR_MOST_RANKS];
    size_t n_out = 0;
    sort_ranks(sorted, ranks, n);
    for (size_t i = 0; i < n; i++) {
        const sampled s = around(sorted[i], n_values, n_sampled);
        if (n_out && s.low <= out[n_out - 1].high) {
            out[n_out - 1].high = s.high;
            continue;
        }
        if (n_out == MOST_WINDOWS) return 0;
        out[n_out++] = s;
    }
    return n_out;
}

/* Stretches become windows; those that touch the ends of the sample are open. */
static bool make_windows(fr_call *call, fr_arena *arena, windows_job *job, const uint64_t *ranks, size_t n)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, 2 * MOST_SAMPLED, sizeof(uint64_t));
    sampled stretches[MOST_WINDOWS];
    if (!room) return false;
    uint64_t *sample = room->data, *scratch = sample + MOST_SAMPLED;
    const uint64_t n_values = (uint64_t)(job->column->length - job->column->null_count);
    const size_t n_sampled = fr_sample_doubles(job->column, SAMPLES, sample);
    const size_t n_windows = n_sampled ? choose_stretches(ranks, n, n_values, n_sampled, stretches) : 0;
    size_t inside = 0;
    for (size_t i = 0; i < n_windows; i++) inside += stretches[i].high - stretches[i].low + 1;
    if (inside > n_sampled / 4) return true;
    for (size_t i = 0; i < n_windows; i++) {
        const sampled *s = &stretches[i];
        window *w = &job->windows[i];
        w->low = s->low ? fr_unordered_f64(fr_key_at_rank(sample, n_sampled, s->low, scratch)) : -INFINITY;
        w->high = s->high + 1 < n_sampled ? fr_unordered_f64(fr_key_at_rank(sample, n_sampled, s->high, scratch)) : INFINITY;
        if (job->column->digits) {
            w->low_whole = fr_scaled_bound_of(FR_GREATER_EQUAL, w->low, job->column->digits).whole;
            w->high_whole = s->high + 1 < n_sampled ? fr_scaled_bound_of(FR_LESS_EQUAL, w->high, job->column->digits).whole
                                                    : INT32_MAX;
        }
        w->room = (uint64_t)(1.5 * (double)(s->high - s->low + 1) / (double)n_sampled * (double)n_values) + 2 * FR_KEY_VECTOR;
        w->keys = fr_arena_array(call, arena, w->room, sizeof *w->keys);
        if (!w->keys) return false;
    }
    job->n_windows = n_windows;
    return true;
}

/* ---- the reading ------------------------------------------------------------------------------------------------- */
/* Values inside any window wait until there are many: whoever asks the others for room waits for them. */
typedef struct sight {
    uint64_t below[MOST_WINDOWS];
    size_t   n_kept;
    double   kept[2 * FR_KEY_VECTOR];
    uint64_t keys[2 * FR_KEY_VECTOR], some[2 * FR_KEY_VECTOR];
} sight;

static void append(window *w, const uint64_t *keys, size_t n, uint64_t *room)
{
    const uint64_t low = fr_ordered_f64(w->low), width = fr_ordered_f64(w->high) - low;
    size_t some = 0;
    for (size_t i = 0; i < n; i++) {
        room[some] = keys[i];
        some += keys[i] - low <= width;
    }
    const uint64_t at = atomic_fetch_add_explicit(&w->inside, some, memory_order_relaxed);
    if (at + some <= w->room) memcpy(w->keys + at, room, some * sizeof *room);
}

static void deal_kept(windows_job *job, sight *s)
{
    for (size_t i = 0; i < s->n_kept; i++) s->keys[i] = fr_ordered_f64(s->kept[i]);
    for (size_t w = 0; w < job->n_windows && s->n_kept; w++) append(&job->windows[w], s->keys, s->n_kept, s->some);
    s->n_kept = 0;
}

/* Which rows are in the window, added to `inside`; → how many are below. */
static int64_t compare_window(const window *w, const void *x, bool scaled, const uint64_t *valid, size_t n, uint64_t *inside)
{
    uint64_t lower[FR_KEY_VECTOR / 64], not_above[FR_KEY_VECTOR / 64];
    const fr_compare_kernels *kernels = FR_ISA_PICK(fr_compare_kernels);
    fr_compare_kernel *const *compare = scaled ? kernels->i32 : kernels->f64;
    const void *low = scaled ? (const void *)&w->low_whole : &w->low, *high = scaled ? (const void *)&w->high_whole : &w->high;
    compare[FR_LESS](lower, (fr_lanes){ x, 1 }, (fr_lanes){ low, 0 }, n);
    compare[FR_LESS_EQUAL](not_above, (fr_lanes){ x, 1 }, (fr_lanes){ high, 0 }, n);
    for (size_t i = 0; i < fr_bits_words((int64_t)n); i++) {
        if (valid) lower[i] &= valid[i];
        inside[i] |= not_above[i] & ~lower[i];
    }
    return fr_bits_count(lower, (int64_t)n);
}

static void keep_inside(const windows_job *job, const void *x, const uint64_t *inside, size_t n, int64_t n_kept, double *out)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    int32_t wholes[FR_KEY_VECTOR];
    if (!job->column->digits) return kernels->keep[3](out, n_kept, x, inside, (int64_t)n);
    kernels->keep[2](wholes, n_kept, x, inside, (int64_t)n);
    FR_ISA_PICK(fr_scaled_kernels)->reals(wholes, (size_t)n_kept, job->column->digits, out);
}

/* The few values in any window are taken out by one pass. */
static void see_vector(windows_job *job, const void *x, const uint64_t *valid, size_t n, sight *s)
{
    uint64_t inside[FR_KEY_VECTOR / 64] = { 0 };
    for (size_t w = 0; w < job->n_windows; w++)
        s->below[w] += (uint64_t)compare_window(&job->windows[w], x, job->column->digits, valid, n, inside);
    for (size_t i = 0; valid && i < fr_bits_words((int64_t)n); i++) inside[i] &= valid[i];
    const int64_t n_kept = fr_bits_count(inside, (int64_t)n);
    keep_inside(job, x, inside, n, n_kept, s->kept + s->n_kept);
    s->n_kept += (size_t)n_kept;
    if (s->n_kept > FR_KEY_VECTOR) deal_kept(job, s);
}

/* A fold's rows: its block is summed as well. The sums are those of the aggregates, to the bit. Distances come first,
 * which take so long that they wait for no memory; after them the block is near. */
typedef struct reading { windows_job *job; double centre; } reading;
typedef struct read_sums { fr_pair sum; fr_spread_sums about; } read_sums;

static void see_rows(const void *self, void *sums_, int64_t first_row, const fr_window *rows, const fr_group_span *span)
{
    (void)first_row;
    windows_job *job = ((const reading *)self)->job;
    read_sums *sums = sums_;
    const fr_fold_kernels *kernels = fr_fold_kernels_of(FR_PHYS_F64);
    const unsigned digits = job->column->digits;
    const double *centre = &((const reading *)self)->centre;
    const size_t width = fr_phys_width(job->column->phys);
    const char *x = rows->values;
    const uint64_t *valid = rows->valid;
    sight s;
    if (digits) fr_spread_of_scaled(&sums->about, x, digits, valid, *centre, span);
    else kernels->spreads(&sums->about, x, valid, centre, span);
    s.n_kept = 0;
    memset(s.below, 0, sizeof s.below);
    for (size_t i = 0; i < span->n; i += FR_KEY_VECTOR) {
        const size_t n = span->n - i < FR_KEY_VECTOR ? span->n - i : FR_KEY_VECTOR;
        see_vector(job, x + i * width, valid ? valid + i / 64 : NULL, n, &s);
    }
    deal_kept(job, &s);
    for (size_t w = 0; w < job->n_windows; w++)
        atomic_fetch_add_explicit(&job->windows[w].below, s.below[w], memory_order_relaxed);
    if (digits) fr_sum_scaled(&sums->sum, x, digits, span);
    else kernels->sum_float(&sums->sum, x, span);
}

static void merge_read(void *into, const void *from, size_t n)
{
    read_sums *a = into;
    const read_sums *b = from;
    for (size_t i = 0; i < n; i++) {
        fr_merge_pairs(&a[i].sum, &b[i].sum, 1);
        fr_merge_spreads(&a[i].about, &b[i].about, 1);
    }
}

static bool read_rows(fr_call *call, windows_job *job, fr_counted_sums *sums)
{
    const reading self = { job, fr_float_centre(job->column, 0) };
    const fr_fold fold = { sizeof(read_sums), see_rows, merge_read, &self, job->column, 0, NULL, false };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *made = fr_fold_rows(call, &fold, NULL, job->column->length);
    if (!made) return false;
    const read_sums *read = made->data;
    sums->real_known = true;
    sums->real = read->sum;
    sums->about = read->about;
    return true;
}

/* ---- ranks ------------------------------------------------------------------------------------------------------- */
static const window *window_of(const windows_job *job, uint64_t rank)
{
    for (size_t i = 0; i < job->n_windows; i++) {
        const window *w = &job->windows[i];
        if (w->inside <= w->room && rank >= w->below && rank - w->below < w->inside) return w;
    }
    return NULL;
}

/* A rank that follows the one before it costs one pass. */
static bool find_all(fr_call *call, const windows_job *job, const uint64_t *ranks, size_t n, double *out)
{
    const window *before = NULL;
    fr_ranked_key last = { 0 };
    for (size_t i = 0; i < n; i++) {
        const window *w = window_of(job, ranks[i]);
        const uint64_t rank = ranks[i] - w->below;
        uint64_t key = last.key;
        if (w == before && rank == last.rank + 1) {
            if (!fr_key_after_rank_parallel(call, w->keys, w->inside, last, &key)) return false;
        } else if (w != before || rank != last.rank) {
            if (!fr_key_at_rank_parallel(call, w->keys, w->inside, rank, &key)) return false;
        }
        before = w;
        last = (fr_ranked_key){ key, rank };
        out[i] = fr_unordered_f64(key);
    }
    return true;
}

bool fr_column_in_windows(fr_call *call, const fr_column *column, const uint64_t *ranks, size_t n, double *out,
                          bool *found, fr_counted_sums *sums)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    windows_job job = { .column = column };
    fr_arena_init(&arena, call->context);
    *found = false;
    const bool can = column->phys == FR_PHYS_F64 || column->digits;
    if (!can || (size_t)column->length < LEAST_BLOCKS * fr_block_rows(call)) return true;
    if (!make_windows(call, &arena, &job, ranks, n)) return false;
    if (!job.n_windows) return true;
    if (!read_rows(call, &job, sums)) return false;
    for (size_t i = 0; i < n; i++)
        if (!window_of(&job, ranks[i])) return true;
    *found = true;
    return find_all(call, &job, ranks, n, out);
}
