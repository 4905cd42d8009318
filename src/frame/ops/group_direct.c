/* group_direct.c — the lowest row of each code (ops/group_seen.h), and its rank among them (see group_direct.h). */
#include "ops/group_direct.h"

#include "base/threads.h"
#include "kernel/key_slots.h"
#include "ops/first_rows.h"
#include "ops/group_seen.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 17,
       BLOCK_SLOTS = 1 << 14,
       NEAR = 32 };                        /* slots asked for before their rows */

typedef struct direct_job {
    const fr_keys     *keys;
    const fr_grouping *grouping;
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

/* ---- groups ------------------------------------------------------------------------------------------------------ */
typedef struct ranking { uint32_t *slots; size_t n_slots; const fr_first_rows *firsts; } ranking;

static bool rank_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const ranking *r = state;
    const size_t begin = block * BLOCK_SLOTS, end = r->n_slots - begin < BLOCK_SLOTS ? r->n_slots : begin + BLOCK_SLOTS;
    for (size_t i = begin; i < end; i++) {
        const uint32_t row = r->slots[i];
        if (i + NEAR < end) {
            const size_t later = r->slots[i + NEAR] >> 6;                  /* of no row: beyond the end, never read */
            __builtin_prefetch((const void *)((uintptr_t)r->firsts->bits + later * sizeof(uint64_t)));
            __builtin_prefetch((const void *)((uintptr_t)r->firsts->before + later * sizeof(uint32_t)));
        }
        if (row != FR_NO_ROW32) r->slots[i] = fr_rank_of_first(r->firsts, row);
    }
    return true;
}

/* Rows up to the last of the lowest: what is before it needs bits. */
static size_t rows_until_last(const uint32_t *lowest, size_t n)
{
    uint32_t end = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t next = lowest[i] + 1;                   /* of no row: 0 */
        end = next > end ? next : end;
    }
    return end;
}

static fr_buffer *bits_of(fr_call *call, const uint32_t *lowest, size_t n, size_t n_words)
{
    fr_buffer *bits = fr_buffer_zeroed(call, n_words * sizeof(uint64_t));
    uint64_t *bit = bits ? bits->data : NULL;
    for (size_t i = 0; bit && i < n; i++)
        if (lowest[i] != FR_NO_ROW32) bit[lowest[i] >> 6] |= (uint64_t)1 << (lowest[i] & 63);
    return bits;
}

/* Slots go from lowest rows to the ranks of these. */
static bool rank_slots(fr_call *call, fr_grouping *g, fr_buffer **bits)
{
    uint32_t *slots = g->slots->data;
    const size_t span = (size_t)g->span, n_rows = *bits ? (size_t)g->n_rows : rows_until_last(slots, span);
    const size_t n_words = (n_rows + 63) / 64;
    if (!*bits) *bits = bits_of(call, slots, span, n_words);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *before = fr_buffer_array(call, n_words, sizeof(uint32_t));
    if (!*bits || !before) return false;
    fr_first_rows firsts = { .bits = (*bits)->data, .before = before->data };
    if (!fr_number_first_rows(call, g, &firsts, n_words)) return false;
    ranking r = { .slots = slots, .n_slots = span, .firsts = &firsts };
    return fr_for_blocks(call, fr_block_count(span, BLOCK_SLOTS), rank_block, &r);
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

/* Slots are groups, but for the last one, a null's, behind which groups are one further on. */
static bool number_around_last(fr_call *call, fr_grouping *g)
{
    uint32_t *slots = g->slots->data;
    const uint32_t last = (uint32_t)g->span - 1, row = slots[last];
    g->n_groups = last + 1;
    g->firsts = fr_buffer_array(call, g->n_groups, sizeof(int64_t));
    if (!g->firsts) return false;
    int64_t *first = g->firsts->data;
    uint32_t at = 0;
    for (; at < last && slots[at] < row; at++) first[at] = slots[at], slots[at] = at;
    first[at] = row;
    for (uint32_t i = at; i < last; i++) first[i + 1] = slots[i], slots[i] = i + 1;
    slots[last] = at;
    return true;
}

/* Groups are known by bits of their first rows, which are listed when somebody asks, as slots are made of them then. */
static void number_ranges(fr_grouping *g)
{
    g->n_groups = (uint32_t)fr_groups_before(g->ranges, g->ranges->n_blocks);
    fr_drop_buffer(&g->slots);
    g->slots = NULL;
}

bool fr_list_firsts_of_ranges(fr_call *call, fr_grouping *g)
{
    const size_t n_words = g->ranges->n_words;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *before = fr_buffer_array(call, n_words, sizeof(uint32_t));
    if (!before) return false;
    fr_first_rows firsts = { .bits = g->ranges->bits->data, .before = before->data };
    if (fr_number_first_rows(call, g, &firsts, n_words)) return true;
    fr_drop_buffer(&g->firsts);
    g->firsts = NULL;
    return false;
}

bool fr_list_firsts_of_codes(fr_call *call, fr_grouping *g)
{
    fr_drop_buffer(&g->slots);                                 /* made once more with them */
    g->slots = NULL;
    if (fr_group_directly(call, g, &g->row_keys, FR_CODES_NUMBERED, NULL)) return true;
    fr_drop_buffer(&g->slots);                                 /* rows so far */
    g->slots = NULL;
    return false;
}

typedef struct slots_job { const fr_grouping *grouping; uint32_t *slots; } slots_job;

/* Of groups first seen in a block. */
static bool slots_of_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const slots_job *job = state;
    const fr_group_ranges *r = job->grouping->ranges;
    uint32_t group = (uint32_t)fr_groups_before(r, block), slots[FR_KEY_VECTOR];
    for (fr_stretch s = fr_stretch_of(r->n_rows, (int64_t)r->block_rows, block); fr_next_stretch(&s);) {
        const uint64_t *bits = (const uint64_t *)r->bits->data + s.first / 64;
        fr_row_slots(&job->grouping->row_keys, s.first, s.n, slots);
        for (size_t i = 0; i < s.n; i += 64)
            for (uint64_t word = bits[i / 64]; word; word &= word - 1)
                job->slots[slots[i + (size_t)__builtin_ctzll(word)]] = group++;
    }
    return fr_go_on(call);
}

fr_buffer *fr_slots_of_ranges(fr_call *call, const fr_grouping *g)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *slots = fr_buffer_scattered(call, (size_t)g->span, sizeof(uint32_t));
    if (!slots) return NULL;
    memset(slots->data, 0xff, (size_t)g->span * sizeof(uint32_t));            /* FR_NO_ID */
    slots_job job = { g, slots->data };
    return fr_for_blocks(call, g->ranges->n_blocks, slots_of_block, &job) ? fr_steal(slots) : NULL;
}

bool fr_group_directly(fr_call *call, fr_grouping *g, const fr_keys *keys, fr_code_numbers numbers,
                       struct fr_tally *tally)
{
    g->slots = fr_buffer_scattered(call, (size_t)g->span, sizeof(uint32_t));
    if (!g->slots) return false;
    fr_seen_codes seen = { .keys = keys, .span = (size_t)g->span, .numbers = numbers, .tally = tally,
                           .lowest = g->slots->data };
    bool fine = fr_see_codes(call, &seen);
    g->ranges = seen.ranges;
    if (fine && g->ranges) number_ranges(g);
    else if (fine && seen.in_order_but_last) fine = number_around_last(call, g);
    else if (fine) fine = seen.in_order ? number_in_order(call, g) : rank_slots(call, g, &seen.bits);
    fr_drop_buffer(&seen.bits);
    return fine;
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
