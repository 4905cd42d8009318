/* group_direct.c — the lowest row of each code, in waves of blocks until none is missing (see group_direct.h). */
#include "ops/group_direct.h"

#include "base/context_state.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/key_slots.h"
#include "kernel/prefetch.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 17,
       SEEN_ROWS = 1 << 15,                /* of a block of which codes are seen */
       FIRST_WAVE = 4,                     /* of those */
       IN_ORDER_ROWS = 1 << 22,            /* looked at by one worker, where codes come in order */
       NEAR = 32 };                        /* slots asked for before their rows */
#define NO_ROW32 UINT32_MAX

typedef struct direct_job {
    const fr_keys     *keys;
    const fr_grouping *grouping;
    const uint64_t    *dead;
    _Atomic(uint32_t) *lowest;             /* by slot */
    size_t             first_block;        /* of a wave */
    uint32_t          *ids;
} direct_job;

/* ---- slots ------------------------------------------------------------------------------------------------------- */
void fr_row_slots(const fr_keys *keys, int64_t first, size_t n, uint32_t *out)
{
    uint64_t codes[FR_KEY_VECTOR];
    if (fr_keys_slots(keys, first, n, out)) return;
    fr_keys_codes(keys, 0, keys->n_parts, first, n, codes);
    for (size_t i = 0; i < n; i++) out[i] = (uint32_t)codes[i];
}

/* ---- lowest rows ------------------------------------------------------------------------------------------------- */
static inline void lower(_Atomic(uint32_t) *slot, uint32_t row)
{
    uint32_t seen = atomic_load_explicit(slot, memory_order_relaxed);
    while (row < seen && !atomic_compare_exchange_weak_explicit(slot, &seen, row, memory_order_relaxed,
                                                                memory_order_relaxed)) continue;
}

static bool see_block(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const direct_job *job = state;
    uint32_t slots[FR_KEY_VECTOR];
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(job->keys->n_rows, SEEN_ROWS, job->first_block + number); fr_next_stretch(&s);) {
        fr_row_slots(job->keys, s.first, s.n, slots);
        for (size_t i = 0; i < s.n; i++) {
            const int64_t row = s.first + (int64_t)i;
            if (i + FR_AHEAD < s.n) fr_ask_for((const void *)job->lowest, slots[i + FR_AHEAD], sizeof *job->lowest);
            if (!job->dead || !fr_bit(job->dead, row)) lower(&job->lowest[slots[i]], (uint32_t)row);
        }
    }
    return true;
}

static bool all_seen(const uint32_t *lowest, size_t n)
{
    for (size_t begin = 0; begin < n; begin += FR_KEY_VECTOR) {
        const size_t end = begin + FR_KEY_VECTOR < n ? begin + FR_KEY_VECTOR : n;
        bool missing = false;
        for (size_t i = begin; i < end; i++) missing |= lowest[i] == NO_ROW32;
        if (missing) return false;
    }
    return true;
}

/* Codes of a dictionary often come first in the order 0, 1, 2 …: then few rows need a second look. → how many rows were
 * seen before one broke the order, or before all `span` codes were there. */
static int64_t see_in_order(const direct_job *job, uint32_t *lowest, uint32_t *next)
{
    const int64_t n_rows = job->keys->n_rows < IN_ORDER_ROWS ? job->keys->n_rows : IN_ORDER_ROWS;
    const uint32_t span = (uint32_t)job->grouping->span;
    uint32_t slots[FR_KEY_VECTOR];
    fr_stretch s = fr_stretch_of(n_rows, n_rows, 0);
    for (*next = 0; *next < span && fr_next_stretch(&s);) {
        fr_row_slots(job->keys, s.first, s.n, slots);
        if (FR_ISA_PICK(fr_slot_kernels)->largest(slots, s.n) < *next) continue;
        for (size_t i = 0; i < s.n; i++) {
            if (slots[i] < *next) continue;
            if (slots[i] > *next) return s.first;
            lowest[(*next)++] = (uint32_t)(s.first + (int64_t)i);
        }
    }
    return s.first + (int64_t)s.n;
}

/* Each wave is a quarter of all before it; a code first seen in one has its lowest row there. */
static bool see_waves(fr_call *call, direct_job *job, const uint32_t *lowest, size_t done)
{
    const size_t n_blocks = fr_block_count((size_t)job->keys->n_rows, SEEN_ROWS);
    for (size_t wave; done < n_blocks; done += wave) {
        wave = done / 4 > FIRST_WAVE ? done / 4 : FIRST_WAVE;
        job->first_block = done;
        if (!fr_for_blocks(call, n_blocks - done < wave ? n_blocks - done : wave, see_block, job)) return false;
        if (all_seen(lowest, (size_t)job->grouping->span)) return true;
    }
    return true;
}

/* *in_order: each code is there, and their first rows are in the order of the codes. */
static bool see_rows(fr_call *call, direct_job *job, uint32_t *lowest, bool *in_order)
{
    uint32_t next = 0;
    const int64_t seen = job->dead ? 0 : see_in_order(job, lowest, &next);
    *in_order = next == job->grouping->span;
    return *in_order || see_waves(call, job, lowest, (size_t)(seen / SEEN_ROWS));
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static size_t rows_until_last(const uint32_t *lowest, size_t n)
{
    size_t end = 0;
    for (size_t i = 0; i < n; i++)
        if (lowest[i] != NO_ROW32 && lowest[i] >= end) end = (size_t)lowest[i] + 1;
    return end;
}

static size_t count_seen(const uint32_t *lowest, size_t n)
{
    size_t seen = 0;
    for (size_t i = 0; i < n; i++) seen += lowest[i] != NO_ROW32;
    return seen;
}

/* Bits of the lowest rows, and how many are set before each word. */
typedef struct ranking { uint32_t *slots; size_t n_slots; const uint64_t *bits; const uint32_t *before; } ranking;

static bool rank_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const ranking *r = state;
    const size_t begin = block * BLOCK_ROWS, end = r->n_slots - begin < BLOCK_ROWS ? r->n_slots : begin + BLOCK_ROWS;
    for (size_t i = begin; i < end; i++) {
        const uint32_t row = r->slots[i];
        if (i + NEAR < end) {
            const size_t later = r->slots[i + NEAR] >> 6;                  /* of no row: beyond the end, never read */
            __builtin_prefetch((const void *)((uintptr_t)r->bits + later * sizeof *r->bits));
            __builtin_prefetch((const void *)((uintptr_t)r->before + later * sizeof *r->before));
        }
        if (row == NO_ROW32) continue;
        const uint64_t lower_bits = ((uint64_t)1 << (row & 63)) - 1;
        r->slots[i] = r->before[row >> 6] + fr_count_word(r->bits[row >> 6] & lower_bits);
    }
    return true;
}

/* Slots go from lowest rows to the ranks of these. */
static bool rank_slots(fr_call *call, fr_grouping *g)
{
    uint32_t *slots = g->slots->data;
    const size_t span = (size_t)g->span, n_words = (rows_until_last(slots, span) + 63) / 64;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(call, n_words * sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *before = fr_buffer_array(call, n_words, sizeof(uint32_t));
    g->n_groups = (uint32_t)count_seen(slots, span);
    g->firsts = fr_buffer_array(call, g->n_groups, sizeof(int64_t));
    if (!bits || !before || !g->firsts) return false;
    uint64_t *bit = bits->data;
    uint32_t *rank = before->data, n = 0;
    int64_t *first = g->firsts->data;
    for (size_t i = 0; i < span; i++)
        if (slots[i] != NO_ROW32) bit[slots[i] >> 6] |= (uint64_t)1 << (slots[i] & 63);
    for (size_t w = 0; w < n_words; w++) {
        rank[w] = n;
        for (uint64_t left = bit[w]; left; left &= left - 1)
            first[n++] = (int64_t)(w * 64 + (size_t)__builtin_ctzll(left));
    }
    ranking r = { .slots = slots, .n_slots = span, .bits = bit, .before = rank };
    return fr_for_blocks(call, fr_block_count(span, BLOCK_ROWS), rank_block, &r);
}

/* Slots are groups. */
static bool number_in_order(fr_call *call, fr_grouping *g)
{
    uint32_t *slots = g->slots->data;
    g->n_groups = (uint32_t)g->span;
    g->firsts = fr_buffer_array(call, g->n_groups, sizeof(int64_t));
    if (!g->firsts) return false;
    int64_t *first = g->firsts->data;
    for (uint32_t i = 0; i < g->n_groups; i++) first[i] = slots[i];
    for (uint32_t i = 0; i < g->n_groups; i++) slots[i] = i;
    return true;
}

bool fr_group_directly(fr_call *call, fr_grouping *g, const fr_keys *keys)
{
    g->slots = fr_buffer_array(call, (size_t)g->span, sizeof(uint32_t));
    if (!g->slots) return false;
    memset(g->slots->data, 0xff, (size_t)g->span * sizeof(uint32_t));
    direct_job job = { .keys = keys, .grouping = g, .dead = keys->dead ? keys->dead->data : NULL,
                       .lowest = g->slots->data };
    bool in_order;
    if (!see_rows(call, &job, g->slots->data, &in_order)) return false;
    return in_order ? number_in_order(call, g) : rank_slots(call, g);
}

void fr_direct_groups(const fr_grouping *g, const fr_keys *keys, int64_t first, size_t n, uint32_t *out)
{
    uint32_t slots[FR_KEY_VECTOR];
    fr_row_slots(keys, first, n, slots);
    FR_ISA_PICK(fr_slot_kernels)->look_up(out, slots, n, g->slots->data);
    for (size_t i = 0; keys->dead && i < n; i++)
        if (fr_bit(keys->dead->data, first + (int64_t)i)) out[i] = FR_NO_ID;
}

static bool groups_of_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const direct_job *job = state;
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(job->keys->n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);)
        fr_direct_groups(job->grouping, job->keys, s.first, s.n, job->ids + s.first);
    return true;
}

bool fr_direct_groups_of_all(fr_call *call, const fr_grouping *g, const fr_keys *keys, uint32_t *ids)
{
    direct_job job = { .keys = keys, .grouping = g, .ids = ids };
    return fr_for_blocks(call, fr_block_count((size_t)keys->n_rows, BLOCK_ROWS), groups_of_block, &job);
}
