/* group_best.c — the rows that are first or last of their group in an order, without sorting the others.
 *
 *     sort sales desc | head 2 by region         the two largest sales of each region
 *
 * Each stripe of the frame holds, for each group, a heap of the best n rows so far, the worst of them on top, and a
 * limit: a row whose code is not below it cannot be among them. Most rows are turned away by that one comparison with a
 * number in cache. Then the heaps of the stripes are joined, group by group, and what is left is marked. Rows with equal
 * keys are told apart by their number, so the answer is that of a stable sort whatever the stripes. The largest are the
 * smallest of mirrored codes.
 *
 * 10 M random f64, 100,000 groups, n = 2: 0.06 s of CPU where sorting takes 0.5 s.
 */
#include "ops/group_ends.h"

#include "base/memory.h"
#include "base/threads.h"

#include <string.h>

enum { MOST_RUNS = 4,                      /* codes a row: keys so wide that they need more are sorted */
       MOST_KEPT = 128 };                  /* rows of a group: beyond, rising keys would make the heaps the slower way */

typedef struct heaps {                     /* of one stripe; places that no row has taken hold NO_ROW in every word */
    uint64_t *limits;                      /* [slot]: rows whose first code is below it are looked at */
    uint64_t *rows;                        /* [slot][n][width]: heaps of entries, the worst one first */
} heaps;
#define NO_ROW UINT64_MAX                  /* above all codes */

typedef struct best_job {
    const fr_keys *slots, *order;
    size_t         span, n, n_runs, width;             /* an entry: n_runs codes, then the row */
    size_t         run_at[MOST_RUNS + 1];              /* parts of `order` */
    uint64_t       mirror[MOST_RUNS];                  /* code → mirror - code, for the last rows */
    fr_stripes     stripes;
    bool           last;
    heaps         *heaps;                              /* by stripe */
    _Atomic(uint64_t) *keep;
} best_job;

/* ---- heaps ------------------------------------------------------------------------------------------------------- */
static inline bool is_before(const uint64_t *a, const uint64_t *b, size_t width)
{
    size_t i = 0;
    while (i + 1 < width && a[i] == b[i]) i++;
    return a[i] < b[i];
}

static inline void put_entry(uint64_t *to, const uint64_t *entry, size_t width)
{
    for (size_t i = 0; i < width; i++) to[i] = entry[i];
}

/* The entry in place of the worst one, when it is better. */
static inline void offer(uint64_t *heap, size_t n, const uint64_t *entry, size_t width, uint64_t *limit)
{
    size_t at = 0, child;
    if (!is_before(entry, heap, width)) return;
    while ((child = 2 * at + 1) < n) {
        if (child + 1 < n && is_before(heap + child * width, heap + (child + 1) * width, width)) child++;
        if (!is_before(entry, heap + child * width, width)) break;
        put_entry(heap + at * width, heap + child * width, width);
        at = child;
    }
    put_entry(heap + at * width, entry, width);
    *limit = heap[0] == NO_ROW ? NO_ROW : heap[0] + 1;
}

/* ---- passes ------------------------------------------------------------------------------------------------------ */
typedef struct vector {                    /* rows whose codes are made at once */
    int64_t  first;
    size_t   n, n_near;
    uint64_t slots[FR_KEY_VECTOR], codes[MOST_RUNS][FR_KEY_VECTOR];
    uint32_t near[FR_KEY_VECTOR + 1];      /* rows below the limit of their slot */
} vector;

static void make_codes(const best_job *job, vector *v)
{
    fr_keys_codes(job->slots, 0, job->slots->n_parts, v->first, v->n, v->slots);
    for (size_t r = 0; r < job->n_runs; r++) {
        fr_keys_codes(job->order, job->run_at[r], job->run_at[r + 1] - job->run_at[r], v->first, v->n, v->codes[r]);
        for (size_t i = 0; job->last && i < v->n; i++) v->codes[r][i] = job->mirror[r] - v->codes[r][i];
    }
}

/* Without a branch: which rows are near is hard to foresee. */
static void find_near(const heaps *h, vector *v)
{
    v->n_near = 0;
    for (size_t i = 0; i < v->n; i++) {
        v->near[v->n_near] = (uint32_t)i;
        v->n_near += v->codes[0][i] < h->limits[v->slots[i]];
    }
}

enum { AHEAD = 12 };                       /* heaps asked for before they are needed: they are rarely in cache */

static inline void offer_near(const best_job *job, const heaps *h, const vector *v, size_t width)
{
    const size_t n = job->n, stride = n * width;
    uint64_t entry[MOST_RUNS + 1];
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
    const best_job *job = state;
    const heaps *h = &job->heaps[stripe];
    const int64_t end = fr_stripe_end(&job->stripes, stripe);
    vector v;
    memset(h->limits, 0xff, job->span * sizeof *h->limits);                   /* NO_ROW */
    memset(h->rows, 0xff, job->span * job->n * job->width * sizeof *h->rows);
    for (v.first = (int64_t)stripe * job->stripes.rows; v.first < end; v.first += FR_KEY_VECTOR) {
        v.n = end - v.first < FR_KEY_VECTOR ? (size_t)(end - v.first) : FR_KEY_VECTOR;
        if (!fr_go_on(call)) return false;
        make_codes(job, &v);
        find_near(h, &v);
        if (job->width == 2) offer_near(job, h, &v, 2);        /* one code: the usual case, unrolled */
        else offer_near(job, h, &v, job->width);
    }
    return true;
}

enum { BLOCK_SLOTS = 4096 };

/* The heaps of the other stripes poured into the first one's; what is there then is marked. */
static bool join_slots(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const best_job *job = state;
    const size_t width = job->width, stride = job->n * width, begin = block * BLOCK_SLOTS;
    const size_t end = job->span - begin < BLOCK_SLOTS ? job->span : begin + BLOCK_SLOTS;
    for (size_t slot = begin; slot < end; slot++) {
        uint64_t *heap = job->heaps[0].rows + slot * stride, *limit = &job->heaps[0].limits[slot];
        for (size_t k = 1; k < job->stripes.n; k++) {
            const uint64_t *other = job->heaps[k].rows + slot * stride;
            for (size_t i = 0; i < job->n; i++) offer(heap, job->n, other + i * width, width, limit);
        }
        for (size_t i = 0; i < job->n; i++) {
            const uint64_t number = heap[(i + 1) * width - 1], row = job->last ? ~number : number;
            if (heap[i * width] == NO_ROW) continue;
            atomic_fetch_or_explicit(&job->keep[row / 64], (uint64_t)1 << (row & 63), memory_order_relaxed);
        }
    }
    return fr_go_on(call);
}

/* ---- the job ----------------------------------------------------------------------------------------------------- */
/* The parts of the order cut into codes; false when they are too many. */
static bool cut_into_runs(best_job *job)
{
    for (size_t at = 0; job->n_runs == 0 || at < job->order->n_parts; job->n_runs++) {
        uint64_t span;
        if (job->n_runs == MOST_RUNS) return false;
        at += fr_keys_fit(job->order, at, &span);
        job->run_at[job->n_runs + 1] = at;
        job->mirror[job->n_runs] = span - 1;
    }
    job->width = job->n_runs + 1;
    return true;
}

/* A buffer for the heaps of all stripes. */
static fr_buffer *make_heaps(fr_call *call, const best_job *job)
{
    const size_t stripe_words = (1 + job->n * job->width) * job->span;
    fr_buffer *words = fr_buffer_array(call, stripe_words * job->stripes.n, sizeof(uint64_t));
    for (size_t k = 0; words && k < job->stripes.n; k++) {
        uint64_t *at = (uint64_t *)words->data + k * stripe_words;
        job->heaps[k] = (heaps){ .limits = at, .rows = at + job->span };
    }
    return words;
}

static bool find_best(fr_call *call, best_job *job, fr_buffer **keep)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    job->heaps = fr_arena_array(call, &arena, job->stripes.n + 1, sizeof *job->heaps);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = job->heaps ? make_heaps(call, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits =
        words ? fr_buffer_zeroed(call, ((size_t)job->order->n_rows + 63) / 64 * 8) : NULL;
    if (!bits) return false;
    job->keep = bits->data;
    if (!fr_for_blocks(call, job->stripes.n, see_stripe, job)) return false;
    if (job->stripes.n && !fr_for_blocks(call, fr_block_count(job->span, BLOCK_SLOTS), join_slots, job)) return false;
    *keep = bits;
    bits = NULL;
    return true;
}

bool fr_group_best(fr_call *call, const fr_frame *frame, const fr_keys *order, const fr_cut *cut, fr_buffer **keep,
                   int64_t *n_kept)
{
    FR_CLEANUP(fr_keys_clear) fr_keys slots = FR_KEYS_INIT(call, frame->length);
    best_job job = { .slots = &slots, .order = order, .n = (size_t)cut->n, .last = cut->last };
    if (cut->n < 1 || cut->n > MOST_KEPT || !cut_into_runs(&job)) return true;
    const size_t slot_words = 1 + job.n * job.width;
    const uint64_t most = 2 * (uint64_t)frame->length / slot_words;      /* at most 16 bytes a row */
    uint64_t span;
    if (!fr_slots_of(call, frame, cut->by, most, &slots, &span)) return false;
    if (span > most) return true;
    job.span = (size_t)span;
    job.stripes = fr_stripes_of(call, frame->length, (size_t)(most / span));
    if (!find_best(call, &job, keep)) return false;
    *n_kept = fr_bits_count((*keep)->data, frame->length);
    return true;
}
