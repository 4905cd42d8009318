/* best_limits.c — the best one or two of many groups by what a row must be at least to be one of them.
 *
 *     likely rows of a slot      7  3  9  5          codes: less is better
 *     its two best so far        7  3  ·  5          9 is none and forgotten: three entries
 *     its limit in the end       5                   so 3 and 5 stay, and 7 goes
 *
 * Each stripe keeps the one or two best codes of each slot, in 32 bits, so that the slots of a million groups take eight
 * megabytes and a row costs one visit to them; a row that is among them when it comes is an entry. Stripes together tell a
 * slot's limit, and entries up to it are the best rows. Nothing is dealt and nothing sorted.
 *
 * Codes up to the guess are shortened to 31 bits, so two rows may seem equal, or be so. Then a slot keeps more rows than it
 * should, which a count of all tells, and is left open with those that have too few: its rows are seen again, exactly
 * (best_parts.c).
 */
#include "ops/best_rows.h"

#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/key_slots.h"
#include "kernel/prefetch.h"
#include "kernel/select.h"
#include "ops/group_direct.h"

#include <string.h>

enum { NUMBER_BITS = 31,
       SLAB_ENTRIES = 174000,              /* with what a buffer adds, 2 MiB */
       LIMIT_SLOTS = 1 << 12 };            /* a block */
#define NO_NUMBER UINT32_MAX

typedef struct entry { uint32_t slot, number, row; } entry;            /* row: of its stripe */

typedef struct slab {                      /* of a stripe's entries */
    fr_buffer *before;
    size_t     n;
    entry      at[];
} slab;

typedef struct limits_job {
    fr_best_job *best;
    unsigned     shift;                    /* of a code, to a number */
    uint32_t    *numbers;                  /* [stripe][slot][n]: the best ones so far, the worst of them first */
    _Atomic(uint32_t) *counts;             /* by slot, once numbers are done with: entries up to the limit */
    uint32_t    *limits;                   /* by slot: numbers below it are those of the best; 0: it is open */
    const uint32_t *count_up;              /* 0, 1 … FR_KEY_VECTOR - 1 */
    uint32_t    *closed;
    fr_buffer  **slabs;                    /* by stripe: the last one */
    _Atomic(size_t) n_open, n_best, n_kept;        /* slots; best rows of the others; rows up to limits */
} limits_job;

/* ---- entries ----------------------------------------------------------------------------------------------------- */
static slab *slab_of(const fr_buffer *buffer) { return buffer->data; }

static void drop_slabs(const limits_job *job)
{
    for (size_t k = 0; k < job->best->stripes.n; k++)
        for (fr_buffer *buffer = job->slabs[k], *before; buffer; buffer = before) {
            before = slab_of(buffer)->before;
            fr_buffer_unref(buffer);
        }
}

/* One with room for a vector. */
static slab *slab_with_room(fr_call *call, fr_buffer **last)
{
    if (*last && slab_of(*last)->n + FR_KEY_VECTOR <= SLAB_ENTRIES) return slab_of(*last);
    fr_buffer *buffer = fr_buffer_new(call, sizeof(slab) + SLAB_ENTRIES * sizeof(entry));
    if (!buffer) return NULL;
    *slab_of(buffer) = (slab){ .before = *last };
    *last = buffer;
    return slab_of(buffer);
}

/* Likely rows that are to be seen; the slots of the first FR_AHEAD are asked for already. */
typedef struct likely { size_t n; uint32_t slots[FR_KEY_VECTOR + FR_AHEAD], numbers[FR_KEY_VECTOR + FR_AHEAD],
                        rows[FR_KEY_VECTOR + FR_AHEAD]; } likely;

/* Slots, codes and rows of those that are marked. */
static void take_some(const limits_job *job, bool by_values, fr_best_vector *v, likely *to, uint64_t *codes)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    const size_t word = fr_select_width(sizeof(uint32_t));
    fr_best_take_codes(job->best, by_values, v, codes);
    fr_row_slots(job->best->slots, v->first, v->n, v->slots);
    kernels->keep[word](to->slots + to->n, (int64_t)v->n_near, v->slots, v->words, (int64_t)v->n);
    kernels->keep[word](to->rows + to->n, (int64_t)v->n_near, job->count_up, v->words, (int64_t)v->n);
}

static void add_likely(const limits_job *job, bool by_values, fr_best_vector *v, int64_t begin, likely *to)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    uint64_t room[FR_KEY_VECTOR];
    fr_best_mark_rows(job->best, by_values, v);
    const bool all = v->n_near == v->n && !by_values;
    if (all) {
        fr_row_slots(job->best->slots, v->first, v->n, to->slots + to->n);
        memcpy(to->rows + to->n, job->count_up, v->n * sizeof *to->rows);
    } else {
        take_some(job, by_values, v, to, room);
    }
    kernels->shorten(to->numbers + to->n, all ? v->codes[0] : room, v->n_near, job->shift);
    kernels->scale(to->rows + to->n, v->n_near, 1, (uint32_t)(v->first - begin));
    to->n += v->n_near;
}

FR_TEMPLATE_FN void see_row(uint32_t *restrict table, const likely *restrict l, size_t k, slab *restrict to, size_t n)
{
    const uint32_t number = l->numbers[k];
    uint32_t *slot = table + l->slots[k] * n, worse = number;
    const uint32_t worst = slot[0];
    to->at[to->n] = (entry){ l->slots[k], number, l->rows[k] };
    to->n += number <= worst;
    if (n == 2) {
        const uint32_t best = slot[1];
        slot[1] = number < best ? number : best;
        worse = number < best ? best : number;
    }
    slot[0] = worse < worst ? worse : worst;
}

enum { SEEN_TOGETHER = 32 };

typedef struct seeing {
    const fr_best_job *best;
    uint32_t          *table;              /* of the stripe */
    int64_t            next, n_next;       /* rows that are read when these are seen */
} seeing;

/* Part p of n of what is read next. Lines of both columns then come while rows wait for lines of the table (10^7 rows, two of
 * each of 10^5 groups: CPU 26 → 21 ms). */
static inline void ask_for_part(const seeing *s, size_t p, size_t n)
{
    const int64_t from = s->n_next * (int64_t)p / (int64_t)n / 64 * 64;
    const int64_t until = s->n_next * (int64_t)(p + 1) / (int64_t)n / 64 * 64;
    fr_best_ask_for(s->best, s->next + from, until - from);
}

/* The first n_rows of them, which then are gone. */
FR_TEMPLATE_FN void see_some(const seeing *s, likely *l, size_t n_rows, slab *to, size_t n)
{
    const size_t left = l->n - n_rows, n_pieces = fr_block_count(n_rows, SEEN_TOGETHER);
    uint32_t *table = s->table;
    for (size_t p = 0; p < n_pieces; p++) {
        const size_t begin = p * SEEN_TOGETHER, end = n_rows - begin < SEEN_TOGETHER ? n_rows : begin + SEEN_TOGETHER;
        ask_for_part(s, p, n_pieces);
#pragma GCC unroll 8
        for (size_t k = begin; k < end; k++) {
            fr_ask_for(table, l->slots[k + FR_AHEAD], n * sizeof *table);
            see_row(table, l, k, to, n);
        }
    }
    memmove(l->slots, l->slots + n_rows, left * sizeof *l->slots);
    memmove(l->numbers, l->numbers + n_rows, left * sizeof *l->numbers);
    memmove(l->rows, l->rows + n_rows, left * sizeof *l->rows);
    l->n = left;
}

static bool see_rows(fr_call *call, const limits_job *job, size_t stripe, const seeing *s, likely *l, size_t n_left)
{
    slab *to = slab_with_room(call, &job->slabs[stripe]);
    if (!to || !fr_go_on(call)) return false;
    if (l->n <= n_left) return true;
    if (s->best->n == 1) see_some(s, l, l->n - n_left, to, 1);
    else see_some(s, l, l->n - n_left, to, 2);
    return true;
}

static bool see_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const limits_job *job = state;
    const fr_best_job *best = job->best;
    const int64_t begin = (int64_t)stripe * best->stripes.rows, end = fr_stripe_end(&best->stripes, stripe);
    const bool by_values = fr_best_compares_values(best);
    fr_best_vector v;
    likely rows = { .n = 0 };
    seeing s = { .best = best, .table = job->numbers + stripe * best->span * best->n };
    memset(s.table, 0xff, best->span * best->n * sizeof *s.table);         /* NO_NUMBER */
    for (v.first = begin; v.first < end; v.first += FR_KEY_VECTOR) {
        v.n = end - v.first < FR_KEY_VECTOR ? (size_t)(end - v.first) : FR_KEY_VECTOR;
        s.next = v.first + (int64_t)v.n;
        s.n_next = end - s.next < FR_KEY_VECTOR ? end - s.next : FR_KEY_VECTOR;
        add_likely(job, by_values, &v, begin, &rows);
        if (!see_rows(call, job, stripe, &s, &rows, FR_AHEAD)) return false;
    }
    return see_rows(call, job, stripe, &s, &rows, 0);
}

/* ---- limits ------------------------------------------------------------------------------------------------------ */
static size_t end_of_slots(const limits_job *job, size_t block)
{
    const size_t left = job->best->span - block * LIMIT_SLOTS;
    return block * LIMIT_SLOTS + (left < LIMIT_SLOTS ? left : LIMIT_SLOTS);
}

static inline uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static inline uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* The worst of the n best that all stripes have of a slot; *n_filled: how many there are. */
FR_TEMPLATE_FN uint32_t worst_of(const limits_job *job, size_t slot, size_t n, size_t *n_filled)
{
    uint32_t worst = NO_NUMBER, least = NO_NUMBER;
    for (size_t k = 0; k < job->best->stripes.n; k++) {
        const uint32_t *of = job->numbers + (k * job->best->span + slot) * n, other = of[n - 1];
        worst = smaller(n == 2 ? larger(least, other) : NO_NUMBER, smaller(worst, of[0]));
        least = smaller(least, other);
    }
    *n_filled = (size_t)(worst != NO_NUMBER) + (n == 2 && least != NO_NUMBER);
    return worst;
}

/* A slot is done with where it has n rows, or no others are to come. */
FR_TEMPLATE_FN bool find_limit(const limits_job *job, size_t slot, size_t n, size_t *n_best)
{
    size_t n_filled;
    const uint32_t worst = worst_of(job, slot, n, &n_filled);
    const bool closed = n_filled == n || job->best->pass == FR_BEST_ALL;
    job->limits[slot] = !closed ? 0 : worst == NO_NUMBER ? NO_NUMBER : worst + 1;
    job->closed[slot / 32] |= (uint32_t)closed << (slot & 31);
    *n_best += closed ? n_filled : 0;
    return closed;
}

static bool find_limits(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    limits_job *job = state;
    const size_t begin = block * LIMIT_SLOTS, end = end_of_slots(job, block);
    size_t n_open = 0, n_best = 0;
    if (job->best->n == 1)
        for (size_t slot = begin; slot < end; slot++) n_open += !find_limit(job, slot, 1, &n_best);
    else
        for (size_t slot = begin; slot < end; slot++) n_open += !find_limit(job, slot, 2, &n_best);
    atomic_fetch_add_explicit(&job->n_open, n_open, memory_order_relaxed);
    atomic_fetch_add_explicit(&job->n_best, n_best, memory_order_relaxed);
    return fr_go_on(call);
}

/* ---- rows up to them --------------------------------------------------------------------------------------------- */
/* Bits of a word of rows, which is a stripe's own: gathered, as rows rise, and not stored one after the other, where each
 * would wait for the one before it (10^6 groups, two of each: CPU 17 → 11 ms). */
typedef struct kept_rows { size_t word, n; uint64_t bits; } kept_rows;

static inline void store_kept(const fr_best_job *best, const kept_rows *kept)
{
    const uint64_t before = atomic_load_explicit(&best->keep[kept->word], memory_order_relaxed);
    atomic_store_explicit(&best->keep[kept->word], before | kept->bits, memory_order_relaxed);
}

static void keep_some(const limits_job *job, const slab *from, size_t first, kept_rows *kept)
{
    const bool far = job->best->span * sizeof *job->limits > FR_FAR_BYTES;
    for (size_t i = 0; i < from->n; i++) {
        if (far && i + FR_AHEAD < from->n) fr_ask_for(job->limits, from->at[i + FR_AHEAD].slot, sizeof *job->limits);
        const bool is_kept = from->at[i].number < job->limits[from->at[i].slot];
        const size_t row = first + from->at[i].row;
        if (row / 64 != kept->word) {
            store_kept(job->best, kept);
            kept->word = row / 64;
            kept->bits = 0;
        }
        kept->bits |= (uint64_t)is_kept << (row & 63);
        kept->n += is_kept;
    }
    store_kept(job->best, kept);
}

static bool keep_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    limits_job *job = state;
    const size_t first = stripe * (size_t)job->best->stripes.rows;
    kept_rows kept = { .word = first / 64 };
    for (const fr_buffer *buffer = job->slabs[stripe]; buffer; buffer = slab_of(buffer)->before)
        keep_some(job, slab_of(buffer), first, &kept);
    atomic_fetch_add_explicit(&job->n_kept, kept.n, memory_order_relaxed);
    return fr_go_on(call);
}

/* ---- ties -------------------------------------------------------------------------------------------------------- */
static bool count_stripe(fr_call *call, void *state, size_t stripe, size_t worker)
{
    (void)worker;
    const limits_job *job = state;
    for (const fr_buffer *buffer = job->slabs[stripe]; buffer; buffer = slab_of(buffer)->before) {
        const slab *from = slab_of(buffer);
        for (size_t i = 0; i < from->n; i++)
            if (from->at[i].number < job->limits[from->at[i].slot])
                atomic_fetch_add_explicit(&job->counts[from->at[i].slot], 1, memory_order_relaxed);
    }
    return fr_go_on(call);
}

static bool open_tied(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    limits_job *job = state;
    const size_t begin = block * LIMIT_SLOTS, end = end_of_slots(job, block);
    size_t n_tied = 0;
    for (size_t slot = begin; slot < end; slot++) {
        if (atomic_load_explicit(&job->counts[slot], memory_order_relaxed) <= job->best->n) continue;
        job->limits[slot] = 0;
        job->closed[slot / 32] &= ~((uint32_t)1 << (slot & 31));
        n_tied++;
    }
    atomic_fetch_add_explicit(&job->n_open, n_tied, memory_order_relaxed);
    return fr_go_on(call);
}

/* Slots that keep too many rows keep none, and are open. */
static bool keep_untied(fr_call *call, limits_job *job, size_t n_blocks)
{
    const fr_best_job *best = job->best;
    memset((void *)job->counts, 0, best->span * sizeof *job->counts);
    memset((void *)best->keep, 0, ((size_t)best->order->n_rows + 63) / 64 * sizeof *best->keep);
    return fr_for_blocks(call, best->stripes.n, count_stripe, job) && fr_for_blocks(call, n_blocks, open_tied, job)
        && fr_for_blocks(call, best->stripes.n, keep_stripe, job);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
static bool run(fr_call *call, limits_job *job)
{
    fr_best_job *best = job->best;
    const size_t n_blocks = fr_block_count(best->span, LIMIT_SLOTS);
    const bool fine = fr_for_blocks(call, best->stripes.n, see_stripe, job) && fr_for_blocks(call, n_blocks, find_limits, job)
                   && fr_for_blocks(call, best->stripes.n, keep_stripe, job)
                   && (job->n_kept == job->n_best || keep_untied(call, job, n_blocks));
    best->n_open = job->n_open;
    return fine;
}

bool fr_best_run_limits(fr_call *call, fr_best_job *best, uint32_t *closed)
{
    const uint64_t most = best->pass == FR_BEST_ALL ? best->mirror[0] : best->guess;
    const unsigned bits = fr_bit_length(most);
    const size_t n_stripes = best->stripes.n;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers = fr_buffer_scattered(call, n_stripes * best->span, best->n * sizeof(uint32_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *limits = fr_buffer_scattered(call, best->span, sizeof(uint32_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *slabs = fr_buffer_zeroed(call, n_stripes * sizeof(fr_buffer *));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *count_up = fr_buffer_array(call, FR_KEY_VECTOR, sizeof(uint32_t));
    if (!numbers || !limits || !slabs || !count_up) return false;
    for (uint32_t i = 0; i < FR_KEY_VECTOR; i++) ((uint32_t *)count_up->data)[i] = i;
    limits_job job = { .best = best, .shift = bits > NUMBER_BITS ? bits - NUMBER_BITS : 0, .numbers = numbers->data,
                       .counts = numbers->data, .limits = limits->data, .closed = closed, .count_up = count_up->data,
                       .slabs = slabs->data };
    const bool fine = run(call, &job);
    drop_slabs(&job);
    return fine;
}
