/* group_ranges.c — a worker a range of codes, and bits that say where its groups come among all (see group_ranges.h). */
#include "ops/group_ranges.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/key_slots.h"
#include "kernel/prefetch.h"
#include "ops/code_sieve.h"

#include <string.h>

enum { MOST_ROWS_A_CODE = 16,              /* with more, all codes have been seen long before the last row */
       VECTOR_WORDS = FR_KEY_VECTOR / 64,
       JOINED_WORDS = 1 << 12,
       RESOLVED_SLOTS = 1 << 17 };

bool fr_group_ranges_pay(const fr_call *call, const fr_keys *keys, uint64_t span)
{
    return !keys->dead && fr_worker_count(call) <= FR_MOST_GROUP_RANGES
        && (uint64_t)keys->n_rows / MOST_ROWS_A_CODE <= span;
}

static size_t low_of(const fr_group_ranges *g, size_t range) { return (size_t)g->span * range / g->n_ranges; }

/* ---- numbering --------------------------------------------------------------------------------------------------- */
typedef struct number_job {
    fr_group_ranges *ranges;
    const fr_keys   *keys;
    uint32_t        *slots;
} number_job;

/* Rows in order: a code without a number gets the next. Slots of the next vector are asked for. → numbers given. */
static uint32_t number_rows(uint32_t *slots, const fr_sieved_rows *v, const fr_sieved_rows *soon, uint32_t next,
                            uint32_t *restrict numbers, uint64_t *bits)
{
    uint32_t firsts[FR_KEY_VECTOR], n_firsts = 0;
    for (size_t i = 0; i < v->n; i++) {
        const uint32_t code = v->codes[i], seen = slots[code], fresh = next + n_firsts;
        const bool is_new = seen == FR_NO_ID;
        if (i < soon->n) fr_ask_for(slots, soon->codes[i], sizeof *slots);
        numbers[i] = slots[code] = is_new ? fresh : seen;
        firsts[n_firsts] = v->places[i];
        n_firsts += is_new;
    }
    for (size_t i = v->n; i < soon->n; i++) fr_ask_for(slots, soon->codes[i], sizeof *slots);
    for (size_t i = 0; i < n_firsts; i++) bits[firsts[i] >> 6] |= (uint64_t)1 << (firsts[i] & 63);
    return n_firsts;
}

static bool number_range(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const number_job *job = state;
    fr_group_ranges *g = job->ranges;
    const size_t low = low_of(g, number), high = low_of(g, number + 1);
    const fr_code_sieve sieve = { job->keys, (uint32_t)low, (uint32_t)(high - low) };
    uint64_t *bits = (uint64_t *)g->bits->data + number * g->n_words;
    fr_sieved_rows room[2];
    fr_stretch s = fr_stretch_of(job->keys->n_rows, job->keys->n_rows, 0);
    uint32_t next = 0;
    fr_sieve_rows(&sieve, &s, &room[0]);
    for (size_t vector = 0; vector < g->n_vectors; vector++) {
        const fr_sieved_rows *v = &room[vector & 1];
        fr_sieved_rows *soon = &room[~vector & 1];
        const size_t at = vector * FR_KEY_VECTOR + v->n_below;
        uint16_t *places = (uint16_t *)g->places->data + at;
        if (!fr_go_on(call)) return false;
        fr_sieve_rows(&sieve, &s, soon);
        ((uint16_t *)g->begins->data)[vector * g->n_ranges + number] = (uint16_t)v->n_below;
        ((uint32_t *)g->before->data)[vector * g->n_ranges + number] = next;
        for (size_t i = 0; i < v->n; i++) places[i] = (uint16_t)v->places[i];
        next += number_rows(job->slots + low, v, soon, next, (uint32_t *)g->numbers->data + at,
                            bits + vector * VECTOR_WORDS);
    }
    g->n_groups[number] = next;
    return true;
}

static bool make_room(fr_call *call, fr_group_ranges *g, int64_t n_rows)
{
    g->bits = fr_buffer_zeroed(call, g->n_ranges * g->n_words * sizeof(uint64_t));
    g->numbers = fr_buffer_array(call, (size_t)n_rows, sizeof(uint32_t));
    g->places = fr_buffer_array(call, (size_t)n_rows, sizeof(uint16_t));
    g->begins = fr_buffer_array(call, g->n_vectors * g->n_ranges, sizeof(uint16_t));
    g->before = fr_buffer_array(call, g->n_vectors * g->n_ranges, sizeof(uint32_t));
    return g->bits && g->numbers && g->places && g->begins && g->before;
}

fr_group_ranges *fr_group_ranges_new(fr_call *call, const fr_keys *keys, uint64_t span, uint32_t *slots)
{
    fr_group_ranges *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    const size_t n_vectors = fr_block_count((size_t)keys->n_rows, FR_KEY_VECTOR);
    *g = (fr_group_ranges){ .context = call->context, .n_ranges = fr_worker_count(call), .span = span,
                            .n_vectors = n_vectors, .n_words = n_vectors * VECTOR_WORDS };
    number_job job = { g, keys, slots };
    if (make_room(call, g, keys->n_rows) && fr_for_blocks(call, g->n_ranges, number_range, &job)) return g;
    fr_group_ranges_free(g);
    return NULL;
}

void fr_group_ranges_free(fr_group_ranges *g)
{
    if (!g) return;
    fr_buffer_unref(g->bits);
    fr_buffer_unref(g->numbers);
    fr_buffer_unref(g->places);
    fr_buffer_unref(g->begins);
    fr_buffer_unref(g->before);
    fr_free(g->context, g, sizeof *g);
}

/* ---- what is known of vectors ------------------------------------------------------------------------------------ */
fr_range_rows fr_rows_of_range(const fr_group_ranges *g, size_t vector, size_t range, size_t n_rows)
{
    const uint16_t *begin = (const uint16_t *)g->begins->data + vector * g->n_ranges + range;
    const size_t at = vector * FR_KEY_VECTOR + *begin, end = range + 1 < g->n_ranges ? begin[1] : n_rows;
    return (fr_range_rows){ (const uint32_t *)g->numbers->data + at, (const uint16_t *)g->places->data + at, end - *begin };
}

size_t fr_groups_before(const fr_group_ranges *g, size_t vector)
{
    size_t n = 0;
    for (size_t k = 0; k < g->n_ranges; k++) n += fr_range_groups_before(g, vector, k);
    return n;
}

size_t fr_numbers_before(const fr_group_ranges *g, size_t range)
{
    size_t n = 0;
    for (size_t k = 0; k < range; k++) n += g->n_groups[k];
    return n;
}

static uint64_t word_of_all(const fr_group_ranges *g, size_t w)
{
    uint64_t word = 0;
    for (size_t k = 0; k < g->n_ranges; k++) word |= ((const uint64_t *)g->bits->data)[k * g->n_words + w];
    return word;
}

size_t fr_ranks_in_vector(const fr_group_ranges *g, size_t vector, size_t range, uint32_t *ranks)
{
    const uint64_t *mine = (const uint64_t *)g->bits->data + range * g->n_words;
    size_t n = 0;
    uint32_t before = 0;
    for (size_t w = vector * VECTOR_WORDS; w < (vector + 1) * VECTOR_WORDS; w++) {
        const uint64_t all = word_of_all(g, w);
        for (uint64_t left = mine[w]; left; left &= left - 1)
            ranks[n++] = before + fr_count_word(all & ((left & -left) - 1));
        before += fr_count_word(all);
    }
    return n;
}

/* ---- all ranges -------------------------------------------------------------------------------------------------- */
typedef struct join_job { const fr_group_ranges *ranges; uint64_t *bits; } join_job;

static bool join_words(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const join_job *job = state;
    const size_t begin = block * JOINED_WORDS, left = job->ranges->n_words - begin;
    for (size_t w = begin; w < begin + (left < JOINED_WORDS ? left : JOINED_WORDS); w++)
        job->bits[w] = word_of_all(job->ranges, w);
    return fr_go_on(call);
}

bool fr_group_ranges_join(fr_call *call, const fr_group_ranges *g, uint64_t *bits)
{
    join_job job = { g, bits };
    return fr_for_blocks(call, fr_block_count(g->n_words, JOINED_WORDS), join_words, &job);
}

typedef struct resolve_job {
    const fr_group_ranges *ranges;
    uint32_t *groups;                      /* by number, range after range */
    uint32_t *slots;
} resolve_job;

static bool list_groups(fr_call *call, void *state, size_t vector, size_t worker)
{
    (void)worker;
    const resolve_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const uint32_t first = (uint32_t)fr_groups_before(g, vector);
    uint32_t ranks[FR_KEY_VECTOR];
    for (size_t k = 0; k < g->n_ranges; k++) {
        const size_t n = fr_ranks_in_vector(g, vector, k, ranks);
        uint32_t *groups = job->groups + fr_numbers_before(g, k) + fr_range_groups_before(g, vector, k);
        for (size_t i = 0; i < n; i++) groups[i] = first + ranks[i];
    }
    return fr_go_on(call);
}

static bool resolve_slots(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const resolve_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t begin = block * RESOLVED_SLOTS, left = (size_t)g->span - begin;
    const size_t end = left < RESOLVED_SLOTS ? (size_t)g->span : begin + RESOLVED_SLOTS;
    for (size_t k = 0; k < g->n_ranges; k++) {
        const uint32_t *groups = job->groups + fr_numbers_before(g, k);
        const size_t low = low_of(g, k) > begin ? low_of(g, k) : begin, high = low_of(g, k + 1);
        for (size_t i = low; i < (high < end ? high : end); i++) {
            if (i + FR_AHEAD < end) fr_ask_for(groups, job->slots[i + FR_AHEAD], sizeof *groups);
            if (job->slots[i] != FR_NO_ID) job->slots[i] = groups[job->slots[i]];
        }
    }
    return fr_go_on(call);
}

bool fr_group_ranges_resolve(fr_call *call, const fr_group_ranges *g, uint32_t *slots)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *groups = fr_buffer_array(call, fr_numbers_before(g, g->n_ranges), sizeof *slots);
    resolve_job job = { .ranges = g, .groups = groups ? groups->data : NULL, .slots = slots };
    return groups && fr_for_blocks(call, g->n_vectors, list_groups, &job)
        && fr_for_blocks(call, fr_block_count((size_t)g->span, RESOLVED_SLOTS), resolve_slots, &job);
}
