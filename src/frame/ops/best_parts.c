/* best_parts.c — the best rows of many groups: rows dealt into parts by their slots, then a heap a group, part by part.
 *
 *     slots 0 … 8191       part 0      entries of a row's code and its number, in chunks of a page
 *     slots 8192 … 16383   part 1
 *
 * Heaps of all groups do not fit the second-level cache, and each row would wait for one; those of a part do, and
 * entries are written and read once, in order. Each stripe deals into chunks of its own, so nothing is counted first. A
 * part is one worker's: its heaps are those of all rows, and there is nothing to join.
 *
 * Where likely rows leave slots with room, all rows of those slots are dealt again, and the slots begin anew. Many of
 * those slots have no rows at all, where the key's range has gaps; so rows are first asked for a bit a slot.
 * Which have none is noted with the column (data/code_set.h), and the next time they are done with at once.
 *
 * CPU of the two largest, 10^7 rows, busy machine: 100,000 groups 48 → 41 ms, 10^6 groups 0.34 → 0.18 s.
 *
 * The likely rows of slots that have one or two best need no dealing (best_limits.c).
 */
#include "ops/best_rows.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/key_slots.h"
#include "kernel/together.h"
#include "ops/group_absent.h"
#include "ops/group_direct.h"

#include <string.h>

enum { WIDTH = 2,                          /* words of an entry: the code, then row and slot within the part */
       PART_BYTES = 1 << 18,               /* of a part's heaps */
       LEAST_SLOT_BITS = 6,                /* a part's bits of `closed` are words of its own */
       MOST_SLOT_BITS = 16,                /* of a word, below the row */
       CHUNK_WORDS = 512,                  /* a page: the next chunk, the slab before, entries */
       CHUNK_ENTRIES = (CHUNK_WORDS - 2) / WIDTH,
       ASKED_ROWS = 256,                   /* whose bits are looked at together */
       SOON = 32,                          /* words behind the last entry, asked for */
       SLAB_CHUNKS = 511 };                /* with what a buffer adds, 2 MiB */

#define ROW_MASK (UINT64_MAX >> MOST_SLOT_BITS)

/* Where a stripe's entries of a part are. */
typedef struct hand {
    uint64_t *first, *last;                /* chunks */
    uint64_t *at;                          /* the place of the next entry */
    size_t    n_free;                      /* entries in the last chunk */
} hand;

typedef struct dealer {                    /* of a stripe */
    hand      *hands;                      /* by part */
    fr_buffer *slab;                       /* chunks come from here; a slab knows the one before */
    size_t     n_taken;
} dealer;

typedef struct parts_job {
    fr_best_job *best;
    unsigned     slot_bits;
    size_t       n_parts;
    dealer      *dealers;                  /* by stripe */
    uint64_t    *heaps;                    /* [worker][slot][n] entries */
    uint32_t    *closed;                   /* bits: slots without room after the likely rows */
    _Atomic(uint32_t) *seen;               /* bits of these and of all that have a row; NULL: nobody asks */
} parts_job;

/* ---- chunks ------------------------------------------------------------------------------------------------------ */
static fr_buffer *slab_before(const fr_buffer *slab)
{
    return (fr_buffer *)(uintptr_t)((const uint64_t *)slab->data)[1];
}

static void drop_slabs(const parts_job *job)
{
    for (size_t k = 0; k < job->best->stripes.n; k++)
        for (fr_buffer *slab = job->dealers[k].slab, *before; slab; slab = before) {
            before = slab_before(slab);
            fr_buffer_unref(slab);
        }
}

static uint64_t *take_chunk(fr_call *call, dealer *d)
{
    if (!d->slab || d->n_taken == SLAB_CHUNKS) {
        fr_buffer *slab = fr_buffer_array(call, (size_t)SLAB_CHUNKS * CHUNK_WORDS, sizeof(uint64_t));
        if (!slab) return NULL;
        ((uint64_t *)slab->data)[1] = (uint64_t)(uintptr_t)d->slab;
        d->slab = slab;
        d->n_taken = 0;
    }
    return (uint64_t *)d->slab->data + d->n_taken++ * CHUNK_WORDS;
}

static bool add_chunk(fr_call *call, dealer *d, hand *h)
{
    uint64_t *chunk = take_chunk(call, d);
    if (!chunk) return false;
    chunk[0] = 0;
    if (h->last) h->last[0] = (uint64_t)(uintptr_t)chunk;
    else h->first = chunk;
    h->last = chunk;
    h->at = chunk + 2;
    h->n_free = CHUNK_ENTRIES;
    return true;
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
static inline bool is_left(const fr_best_job *best, const fr_best_vector *v, size_t i)
{
    return !best->left.bits || fr_bit(fr_left_bits(&best->left), v->first + (int64_t)i);
}

/* Rows whose slots have room: few, for most of these slots are gaps in the range of a key and have no rows. */
static void list_open(const parts_job *job, fr_best_vector *v)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    v->n_near = 0;
    for (size_t begin = 0; begin < v->n; begin += ASKED_ROWS) {
        const size_t end = v->n - begin < ASKED_ROWS ? v->n : begin + ASKED_ROWS;
        if (kernels->are_among(v->slots + begin, end - begin, job->closed, job->best->span)) continue;
        for (size_t i = begin; i < end; i++) {
            const bool open = !(job->closed[v->slots[i] / 32] >> (v->slots[i] & 31) & 1);
            v->near[v->n_near] = (uint32_t)i;
            v->n_near += open && is_left(job->best, v, i);
            if (open && job->seen) atomic_fetch_or_explicit(&job->seen[v->slots[i] / 32], (uint32_t)1 << (v->slots[i] & 31),
                                                            memory_order_relaxed);
        }
    }
}

/* The places of all n entries before any is written (kernel/together.h). */
FR_TEMPLATE_FN bool deal_some(fr_call *call, const parts_job *job, dealer *d, const fr_best_vector *v, size_t first, size_t n)
{
    const uint64_t mask = ((uint64_t)1 << job->slot_bits) - 1, flip = job->best->last ? ROW_MASK : 0;
    uint64_t *places[FR_TOGETHER];
    for (size_t k = 0; k < n; k++) {
        hand *h = &d->hands[v->slots[v->near[first + k]] >> job->slot_bits];
        if (!h->n_free && !add_chunk(call, d, h)) return false;
        places[k] = h->at;
        h->at += WIDTH;
        __builtin_prefetch(h->at + SOON, 1);
        h->n_free--;
    }
    for (size_t k = 0; k < n; k++) {
        const size_t i = v->near[first + k];
        places[k][0] = v->codes[0][first + k];
        places[k][1] = (((uint64_t)v->first + i) ^ flip) << MOST_SLOT_BITS | (v->slots[i] & mask);
    }
    return true;
}

/* Codes are those of the rows listed. */
static bool deal(fr_call *call, const parts_job *job, dealer *d, const fr_best_vector *v)
{
    size_t k = 0;
    for (; k + FR_TOGETHER <= v->n_near; k += FR_TOGETHER)
        if (!deal_some(call, job, d, v, k, FR_TOGETHER)) return false;
    for (; k < v->n_near; k++)
        if (!deal_some(call, job, d, v, k, 1)) return false;
    return true;
}

static bool deal_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const parts_job *job = state;
    const fr_best_job *best = job->best;
    const int64_t end = fr_stripe_end(&best->stripes, stripe);
    const bool by_values = fr_best_compares_values(best);
    dealer *d = &job->dealers[stripe];
    fr_best_vector v;
    for (v.first = (int64_t)stripe * best->stripes.rows; v.first < end; v.first += FR_KEY_VECTOR) {
        v.n = end - v.first < FR_KEY_VECTOR ? (size_t)(end - v.first) : FR_KEY_VECTOR;
        if (!fr_go_on(call)) return false;
        fr_row_slots(best->slots, v.first, v.n, v.slots);
        if (best->pass == FR_BEST_REST) list_open(job, &v);
        if (best->pass == FR_BEST_REST && !v.n_near) continue;
        fr_best_list_rows(best, by_values, &v);
        if (!deal(call, job, d, &v)) return false;
    }
    return true;
}

/* ---- a part ------------------------------------------------------------------------------------------------------ */
static inline fr_u128 get_entry(const uint64_t *entry)
{
    return (fr_u128)entry[0] << 64 | entry[1];
}

static inline void put_entry(uint64_t *to, fr_u128 entry)
{
    to[0] = (uint64_t)(entry >> 64);
    to[1] = (uint64_t)entry;
}

/* One or two entries need no heap, and as numbers no branch, which would be hard to foresee: 2.4 instead of 5 ns. The
 * worst of a slot is its first here too. */
FR_TEMPLATE_FN void offer_chunk(uint64_t *restrict heaps, const uint64_t *restrict chunk, size_t n_entries, size_t n)
{
    const uint64_t *entry = chunk + 2;                         /* chunk[0]: the next chunk's address, 0: none */
    for (const uint64_t *end = entry + n_entries * WIDTH; entry < end; entry += WIDTH) {
        __builtin_prefetch((const void *)(uintptr_t)(chunk[0] + (uint64_t)(entry - chunk) * sizeof *entry));
        uint64_t *heap = heaps + (entry[1] & ((1u << MOST_SLOT_BITS) - 1)) * (n * WIDTH);
        if (n > 2) {
            if (entry[0] <= heap[0]) fr_best_offer(heap, n, entry, WIDTH);
            continue;
        }
        const fr_u128 worst = get_entry(heap);
        fr_u128 worse = get_entry(entry);
        if (n == 2) {
            const fr_u128 offered = worse, best = get_entry(heap + WIDTH);
            put_entry(heap + WIDTH, offered < best ? offered : best);
            worse = offered < best ? best : offered;
        }
        put_entry(heap, worse < worst ? worse : worst);
    }
}

static void offer_hand(const hand *h, uint64_t *heaps, size_t n)
{
    for (const uint64_t *chunk = h->first; chunk; chunk = (const uint64_t *)(uintptr_t)chunk[0]) {
        const size_t n_entries = chunk == h->last ? CHUNK_ENTRIES - h->n_free : CHUNK_ENTRIES;
        if (n == 1) offer_chunk(heaps, chunk, n_entries, 1);
        else if (n == 2) offer_chunk(heaps, chunk, n_entries, 2);
        else offer_chunk(heaps, chunk, n_entries, n);
    }
}

/* Slots without room are done; the others too, unless they may have rows beyond the guess. */
static void settle_slots(const parts_job *job, const uint64_t *heaps, size_t first, size_t n_slots)
{
    fr_best_job *best = job->best;
    const uint64_t flip = best->last ? ROW_MASK : 0;
    size_t n_open = 0;
    for (size_t slot = 0; slot < n_slots; slot++) {
        const uint64_t *entry = heaps + slot * best->n * WIDTH;
        if (best->pass == FR_BEST_LIKELY && *entry == FR_NO_BEST) {
            n_open++;
            continue;
        }
        job->closed[(first + slot) / 32] |= (uint32_t)1 << ((first + slot) & 31);
        for (size_t i = 0; i < best->n; i++, entry += WIDTH)
            if (*entry != FR_NO_BEST) fr_best_keep(best, entry[1] >> MOST_SLOT_BITS ^ flip);
    }
    atomic_fetch_add_explicit(&best->n_open, n_open, memory_order_relaxed);
}

static bool settle_part(fr_call *call, void *state, size_t part, size_t worker)
{
    const parts_job *job = state;
    const fr_best_job *best = job->best;
    const size_t most = (size_t)1 << job->slot_bits, first = part << job->slot_bits, left = best->span - first;
    const size_t n_slots = left < most ? left : most, heap_words = best->n * WIDTH;
    uint64_t *heaps = job->heaps + worker * (heap_words << job->slot_bits);
    if (!fr_go_on(call)) return false;
    memset(heaps, 0xff, n_slots * heap_words * sizeof *heaps);                /* FR_NO_BEST */
    for (size_t k = 0; k < best->stripes.n; k++) offer_hand(&job->dealers[k].hands[part], heaps, best->n);
    settle_slots(job, heaps, first, n_slots);
    return true;
}

/* ---- the job ----------------------------------------------------------------------------------------------------- */
static bool run_pass(fr_call *call, parts_job *job)
{
    const size_t n_stripes = job->best->stripes.n;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *hands = fr_buffer_zeroed(call, n_stripes * job->n_parts * sizeof(hand));
    if (!hands) return false;
    for (size_t k = 0; k < n_stripes; k++)
        job->dealers[k] = (dealer){ .hands = (hand *)hands->data + k * job->n_parts };
    const bool fine = fr_for_blocks(call, n_stripes, deal_stripe, job)
                   && fr_for_blocks(call, job->n_parts, settle_part, job);
    drop_slabs(job);
    return fine;
}

/* ---- slots without rows ------------------------------------------------------------------------------------------ */
enum { FEW_OPEN = 4 };                     /* slots in so many, of which it is worth knowing */

/* Slots that are known to have no rows are done with. */
static void close_empty(const parts_job *job)
{
    fr_best_job *best = job->best;
    const fr_code_set *known = fr_known_codes(best->slots);
    if (!known || known->rule.span != best->span) return;
    for (size_t begin = 0; begin < best->span; begin += 32) {
        const size_t left = best->span - begin;
        const uint32_t there = left < 32 ? ((uint32_t)1 << left) - 1 : UINT32_MAX;
        const uint32_t empty = ~known->bits[begin / 32] & ~job->closed[begin / 32] & there;
        job->closed[begin / 32] |= empty;
        best->n_open -= fr_count_word(empty);
    }
}

/* The slots that have room are dealt to again. Of a column as it lies, those without rows are noted. */
static bool run_rest(fr_call *call, parts_job *job, size_t n_bytes)
{
    fr_best_job *best = job->best;
    const fr_column *column = fr_column_of_codes(best->slots);
    const bool every = best->pass == FR_BEST_LIKELY;           /* do all that are closed have rows? */
    const bool notes = column && every && best->slots->parts->rule.span == best->span
                    && best->n_open <= best->span / FEW_OPEN && !fr_known_codes(best->slots);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *seen = notes ? fr_buffer_new(call, n_bytes) : NULL;
    if (notes && !seen) return false;
    if (seen) memcpy(seen->data, job->closed, n_bytes);
    job->seen = seen ? seen->data : NULL;
    best->pass = FR_BEST_REST;
    return run_pass(call, job) && (!seen || fr_code_set_note(call, column, &best->slots->parts->rule, seen->data));
}

bool fr_best_run_parts(fr_call *call, fr_best_job *best)
{
    const size_t slot_bytes = best->n * WIDTH * sizeof(uint64_t), n_workers = fr_worker_count(call);
    parts_job job = { .best = best, .slot_bits = LEAST_SLOT_BITS };
    while (job.slot_bits < MOST_SLOT_BITS && slot_bytes << (job.slot_bits + 1) <= PART_BYTES
           && (size_t)2 << job.slot_bits <= fr_block_rows(call)) job.slot_bits++;
    job.n_parts = ((best->span - 1) >> job.slot_bits) + 1;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *dealers = fr_buffer_array(call, best->stripes.n, sizeof *job.dealers);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *heaps = fr_buffer_array(call, n_workers, slot_bytes << job.slot_bits);
    const size_t n_bits = best->span < FR_FEW_SLOTS ? FR_FEW_SLOTS : best->span;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *closed = fr_buffer_zeroed(call, (n_bits + 31) / 32 * sizeof *job.closed);
    if (!dealers || !heaps || !closed) return false;
    job.dealers = dealers->data;
    job.heaps = heaps->data;
    job.closed = closed->data;
    if (!(best->limited ? fr_best_run_limits(call, best, job.closed) : run_pass(call, &job))) return false;
    if (best->n_open) close_empty(&job);
    return !best->n_open || run_rest(call, &job, closed->size_bytes);
}
