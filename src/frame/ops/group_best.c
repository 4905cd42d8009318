/* group_best.c — the rows that are first or last of their group in an order, without sorting the others.
 *
 *     sort sales desc | head 2 by region         the two largest sales of each region
 *
 * Each stripe of the frame holds, for each group, a heap of the best n rows so far, the worst of them on top, and a
 * limit: a row whose code is not below it cannot be among them. Then the heaps of the stripes are joined, group by group,
 * and what is left is marked. Rows with equal keys are told apart by their number, so the answer is that of a stable sort
 * whatever the stripes. The largest are the smallest of mirrored codes.
 *
 * A sample of the rows tells a code that a group's n best are likely not beyond, and only rows up to it are looked at:
 * most rows are turned away by one comparison with a constant. Groups that then lack rows take them from a second pass
 * over the rows beyond. A bad guess costs that pass; it never shows.
 *
 * 10 M random f64, 100,000 groups, n = 2: 0.06 s of CPU with limits alone, 0.04 s with the guess; sorting takes 0.5 s.
 *
 * The heaps of many groups do not fit the caches: then rows are dealt into parts by their slots first (best_parts.c).
 */
#include "ops/best_rows.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/rank_select.h"
#include "ops/group_direct.h"

#include <math.h>
#include <string.h>

enum { MOST_KEPT = 128 };                  /* rows of a group: beyond, rising keys would make the heaps the slower way */

typedef struct heaps {                     /* of one stripe; places that no row has taken hold FR_NO_BEST in every word */
    uint64_t *limits;                      /* [slot]: rows whose first code is below it are looked at */
    uint64_t *rows;                        /* [slot][n][width]: heaps of entries */
} heaps;

typedef struct striped_job {
    fr_best_job *job;
    heaps       *heaps;                    /* by stripe */
} striped_job;

/* ---- few groups: a heap a stripe --------------------------------------------------------------------------------- */
/* Of the rows listed, those below the limit of their slot. Without a branch: which they are is hard to foresee. */
static void find_near(const heaps *h, fr_best_vector *v)
{
    const size_t n = v->n_near;
    v->n_near = 0;
    for (size_t k = 0; k < n; k++) {
        const uint32_t i = v->near[k];
        v->near[v->n_near] = i;
        v->n_near += v->codes[0][i] < h->limits[v->slots[i]];
    }
}

enum { AHEAD = 12 };                       /* heaps asked for before they are needed: they are rarely in cache */

/* An entry better than the worst one; the limit follows. */
static inline void offer(uint64_t *heap, size_t n, const uint64_t *entry, size_t width, uint64_t *limit)
{
    fr_best_offer(heap, n, entry, width);
    *limit = heap[0] == FR_NO_BEST ? FR_NO_BEST : heap[0] + 1;
}

static inline void offer_near(const fr_best_job *job, const heaps *h, const fr_best_vector *v, size_t width)
{
    const size_t n = job->n, stride = n * width;
    uint64_t entry[FR_BEST_RUNS + 1];
    for (size_t k = 0; k < v->n_near; k++) {
        if (k + AHEAD < v->n_near) __builtin_prefetch(h->rows + v->slots[v->near[k + AHEAD]] * stride, 1);
        const size_t i = v->near[k], slot = v->slots[i];
        const uint64_t row = (uint64_t)v->first + i;
        if (v->codes[0][i] >= h->limits[slot]) continue;       /* a row before it in the vector was better */
        for (size_t r = 0; r + 1 < width; r++) entry[r] = v->codes[r][i];
        entry[width - 1] = job->last ? ~row : row;
        offer(h->rows + slot * stride, n, entry, width, &h->limits[slot]);
    }
}

static bool see_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const striped_job *striped = state;
    const fr_best_job *job = striped->job;
    const heaps *h = &striped->heaps[stripe];
    const int64_t end = fr_stripe_end(&job->stripes, stripe);
    fr_best_vector v;
    if (job->pass != FR_BEST_REST) {
        memset(h->limits, 0xff, job->span * sizeof *h->limits);               /* FR_NO_BEST */
        memset(h->rows, 0xff, job->span * job->n * job->width * sizeof *h->rows);
    }
    for (v.first = (int64_t)stripe * job->stripes.rows; v.first < end; v.first += FR_KEY_VECTOR) {
        v.n = end - v.first < FR_KEY_VECTOR ? (size_t)(end - v.first) : FR_KEY_VECTOR;
        if (!fr_go_on(call)) return false;
        fr_best_make_codes(job, job->n_runs, &v);
        fr_row_slots(job->slots, v.first, v.n, v.slots);
        if (job->pass == FR_BEST_ALL) fr_best_list_all(job, &v);
        else fr_best_list_likely(job, &v, job->pass == FR_BEST_LIKELY);
        find_near(h, &v);
        if (job->width == 2) offer_near(job, h, &v, 2);        /* one code: the usual case, unrolled */
        else offer_near(job, h, &v, job->width);
    }
    return true;
}

enum { BLOCK_SLOTS = 4096 };

/* The heaps of the other stripes poured into the first one's. For another pass, they are emptied and closed where the
 * first is full. */
static void join_slot(const striped_job *striped, size_t slot)
{
    fr_best_job *job = striped->job;
    const size_t width = job->width, stride = job->n * width;
    uint64_t *heap = striped->heaps[0].rows + slot * stride, *limit = &striped->heaps[0].limits[slot];
    for (size_t k = 1; k < job->stripes.n; k++) {
        uint64_t *other = striped->heaps[k].rows + slot * stride;
        for (size_t i = 0; i < job->n; i++) offer(heap, job->n, other + i * width, width, limit);
    }
    if (job->pass != FR_BEST_LIKELY) return;
    const bool open = heap[0] == FR_NO_BEST;
    if (open) atomic_fetch_add_explicit(&job->n_open, 1, memory_order_relaxed);
    for (size_t k = 0; k < job->stripes.n; k++) {
        striped->heaps[k].limits[slot] = open ? FR_NO_BEST : 0;
        if (k) memset(striped->heaps[k].rows + slot * stride, 0xff, stride * sizeof *heap);
    }
}

static bool join_slots(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const striped_job *striped = state;
    const size_t begin = block * BLOCK_SLOTS, left = striped->job->span - begin;
    const size_t end = left < BLOCK_SLOTS ? begin + left : begin + BLOCK_SLOTS;
    for (size_t slot = begin; slot < end; slot++) join_slot(striped, slot);
    return fr_go_on(call);
}

static bool mark_slots(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const striped_job *striped = state;
    const fr_best_job *job = striped->job;
    const size_t width = job->width, begin = block * BLOCK_SLOTS * job->n;
    const size_t left = job->span * job->n - begin, n = left < BLOCK_SLOTS * job->n ? left : BLOCK_SLOTS * job->n;
    for (const uint64_t *entry = striped->heaps[0].rows + begin * width, *end = entry + n * width; entry < end;
         entry += width) {
        if (*entry != FR_NO_BEST) fr_best_keep(job, job->last ? ~entry[width - 1] : entry[width - 1]);
    }
    return fr_go_on(call);
}

/* A buffer for the heaps of all stripes. */
static fr_buffer *make_heaps(fr_call *call, const striped_job *striped)
{
    const fr_best_job *job = striped->job;
    const size_t row_words = job->n * job->width * job->span, stripe_words = (row_words + job->span + 7) / 8 * 8;
    fr_buffer *words = fr_buffer_array(call, stripe_words * job->stripes.n, sizeof(uint64_t));
    for (size_t k = 0; words && k < job->stripes.n; k++) {
        uint64_t *at = (uint64_t *)words->data + k * stripe_words;
        striped->heaps[k] = (heaps){ .rows = at, .limits = at + row_words };
    }
    return words;
}

static bool run_stripes(fr_call *call, fr_best_job *job)
{
    const size_t n_blocks = fr_block_count(job->span, BLOCK_SLOTS);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    striped_job striped = { job, fr_arena_array(call, &arena, job->stripes.n, sizeof *striped.heaps) };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = striped.heaps ? make_heaps(call, &striped) : NULL;
    if (!words) return false;
    if (!fr_for_blocks(call, job->stripes.n, see_stripe, &striped)) return false;
    if (!fr_for_blocks(call, n_blocks, join_slots, &striped)) return false;
    if (job->n_open) {
        job->pass = FR_BEST_REST;
        if (!fr_for_blocks(call, job->stripes.n, see_stripe, &striped)) return false;
        if (!fr_for_blocks(call, n_blocks, join_slots, &striped)) return false;
    }
    return fr_for_blocks(call, n_blocks, mark_slots, &striped);
}

/* ---- the guess --------------------------------------------------------------------------------------------------- */
enum { SAMPLES = 64, SAMPLE_ROWS = 64,
       PROBES = 64,                        /* rows of a sample that are looked up in it */
       LOOKED_FOR_SEEN = 2,                /* rows that are looked at again in the time that one takes which is seen by limits … */
       SEEN_FOR_DEALT = 5,                 /* … and those in the time of one that is dealt */
       LOOKED_FOR_DEALT = 3 };             /* rows that are looked at again in the time that dealing one takes */
#define MOST_GUESSED 0.5                   /* of all rows; beyond, limits alone are as quick … */
#define MOST_DEALT   0.75                  /* … and parts without a guess */

/* The first codes of rows that are left here and there; → how many. */
static size_t take_sample(const fr_best_job *job, fr_best_vector *v, uint64_t *sample)
{
    const int64_t n_rows = job->order->n_rows, step = (n_rows / SAMPLES + 64) / 64 * 64;
    size_t n = 0;
    for (v->first = 0; v->first < n_rows; v->first += step) {
        v->n = n_rows - v->first < SAMPLE_ROWS ? (size_t)(n_rows - v->first) : SAMPLE_ROWS;
        fr_best_make_codes(job, 1, v);
        fr_best_list_all(job, v);
        for (size_t k = 0; k < v->n_near; k++) sample[n++] = v->codes[0][v->near[k]];
    }
    return n;
}

/* The chance that a group has less than n rows below the guess, were so many `rows` a group dealt to groups by chance: a
 * Poisson distribution. */
static double chance_of_fewer(size_t n, double rows)
{
    double exactly = exp(-rows), fewer = 0;
    for (size_t k = 0; k < n; k++) {
        fewer += exactly;
        exactly *= rows / (double)(k + 1);
    }
    return fewer;
}

/* So many that hardly one group of all has less than n: the chance is below 1/64 for all groups together. */
static double rows_wanted(size_t n, size_t n_groups)
{
    double rows = (double)n;
    while (chance_of_fewer(n, rows) * (double)n_groups > 1.0 / 64) rows += 0.25;
    return rows;
}

/* Where most rows would be dealt, fewer are better, and a second pass over all for the groups that then have less than n:
 * so many rows a group that both together take least; all that it has, where nothing is less. The two largest of ten,
 * 10^7 rows, CPU without AVX-512: 284 -> 257 ms. */
static double rows_dealt(const fr_best_job *job)
{
    const double all = (double)job->left.n / (double)job->span;
    const double looked = all / (job->limited ? LOOKED_FOR_SEEN : LOOKED_FOR_DEALT), dealt = job->limited ? SEEN_FOR_DEALT : 1;
    double best = all, cost = all;
    for (double rows = (double)job->n; rows < all; rows += 0.25) {
        const double here = rows + looked + chance_of_fewer(job->n, rows) * all * dealt;
        if (here < cost) best = rows, cost = here;
    }
    return best;
}

static double share_guessed(const fr_best_job *job, bool dealt)
{
    const double safe = rows_wanted(job->n, job->span) * (double)job->span / (double)job->left.n;
    return safe < MOST_GUESSED || !dealt ? safe : rows_dealt(job) * (double)job->span / (double)job->left.n;
}

/* Do so few rows have the code of another that shortened ones tell them apart? By looking a few of a sample up in it. */
static bool mostly_differ(const uint64_t *sample, size_t n)
{
    size_t times = 0;
    for (size_t k = 0; k < PROBES && k < n; k++)
        for (size_t i = 0; i < n; i++) times += sample[i] == sample[k * n / PROBES];
    return n >= PROBES && times <= PROBES + PROBES / 16;
}

static void make_guess(fr_best_job *job, bool dealt)
{
    uint64_t sample[(SAMPLES + 1) * SAMPLE_ROWS], scratch[(SAMPLES + 1) * SAMPLE_ROWS];
    fr_best_vector v;
    const size_t n_sampled = take_sample(job, &v, sample);
    job->limited = dealt && job->n <= FR_MOST_LIMITED && job->stripes.rows <= UINT32_MAX && mostly_differ(sample, n_sampled);
    const double share = share_guessed(job, dealt);                    /* nan, or infinite, of no rows */
    if (!(share < (dealt ? MOST_DEALT : MOST_GUESSED))) return;
    const size_t rank = (size_t)(share * (double)n_sampled) + 8;
    if (rank >= n_sampled) return;
    job->guess = fr_key_at_rank(sample, n_sampled, rank, scratch);
    job->pass = FR_BEST_LIKELY;
}

/* ---- the job ----------------------------------------------------------------------------------------------------- */
/* The parts of the order cut into codes; false when they are too many. */
static bool cut_into_runs(fr_best_job *job)
{
    for (size_t at = 0; job->n_runs == 0 || at < job->order->n_parts; job->n_runs++) {
        uint64_t span;
        if (job->n_runs == FR_BEST_RUNS) return false;
        at += fr_keys_fit(job->order, at, &span);
        job->run_at[job->n_runs + 1] = at;
        job->mirror[job->n_runs] = span - 1;
    }
    job->width = job->n_runs + 1;
    return true;
}

static bool find_best(fr_call *call, fr_best_job *job, fr_buffer **keep)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(call, ((size_t)job->order->n_rows + 63) / 64 * 8);
    if (!bits) return false;
    job->keep = bits->data;
    if (job->stripes.n) {
        const bool dealt = job->width == 2 && job->span * job->n > fr_block_rows(call);
        make_guess(job, dealt);
        if (!(dealt ? fr_best_run_parts(call, job) : run_stripes(call, job))) return false;
    }
    *keep = bits;
    bits = NULL;
    return true;
}

bool fr_group_best(fr_call *call, const fr_frame *frame, const fr_keys *order, const fr_cut *cut, fr_left_rows left,
                   fr_buffer **keep, int64_t *n_kept)
{
    FR_CLEANUP(fr_keys_clear) fr_keys slots = FR_KEYS_INIT(call, frame->length);
    fr_best_job job = { .slots = &slots, .order = order, .left = left, .n = (size_t)cut->n, .last = cut->last };
    if (cut->n < 1 || cut->n > MOST_KEPT || !cut_into_runs(&job)) return true;
    const size_t slot_words = 1 + job.n * job.width;
    const uint64_t fair = 2 * (uint64_t)frame->length / slot_words;      /* at most 16 bytes a row */
    const uint64_t most = fair < UINT32_MAX ? fair : UINT32_MAX;
    uint64_t span;
    if (!fr_few_slots_of(call, frame, cut->by, most, &slots, &span)) return false;
    if (span > most) return true;
    job.span = (size_t)span;
    job.stripes = fr_stripes_of(call, frame->length, (size_t)(most / span));
    if (!find_best(call, &job, keep)) return false;
    *n_kept = fr_bits_count((*keep)->data, frame->length);
    return true;
}
