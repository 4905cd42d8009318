/* group_ranges.c — rows dealt to ranges of codes, which are numbered by themselves (see group_ranges.h).
 *
 * 10^7 rows, CPU on a busy machine without AVX-512: a worker a range, who looks the codes of its rows up in a table of
 * megabytes, 180 ms where codes have two rows; dealt, 120.
 */
#include "ops/group_ranges.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/prefetch.h"
#include "kernel/stream.h"
#include "kernel/together.h"
#include "ops/group_direct.h"

#include <string.h>

enum { MOST_ROWS_A_CODE = 16,              /* with more, all codes have been seen long before the last row */
       MANY_RANGES = 1 << 10,
       CODE_BITS = 14,                     /* numbers of 32 KB, records of some hundred; more codes where ranges are many … */
       MOST_CODE_BITS = 15,
       LEAST_CODE_BITS = 6,                /* … fewer where a test has tiny blocks */
       RECORDS_BYTES = 3 << 16,            /* of a range of groups: these stay in the second-level cache … */
       MOST_GROUP_BITS = 16,               /* … where groups fit the numbers of rows, and ranges the most there are */
       SOON = 4 };                         /* pieces from asking for one to reading it */

bool fr_group_ranges_pay(const fr_keys *keys, uint64_t span)
{
    return !keys->dead && (uint64_t)keys->n_rows / MOST_ROWS_A_CODE <= span
        && span <= (uint64_t)FR_MOST_RANGES << MOST_CODE_BITS;
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
typedef struct range_job {
    fr_group_ranges *ranges;
    const fr_keys   *keys;                 /* NULL: codes are the groups of … */
    const fr_grouping *grouping;
    uint16_t        *slots;                /* [worker][1 << code_bits] */
} range_job;

static size_t rows_of_block(const fr_group_ranges *g, size_t block)
{
    const size_t left = (size_t)g->n_rows - block * g->block_rows;
    return left < g->block_rows ? left : g->block_rows;
}

/* Rows in no group have the code behind the last. */
static void codes_of(const range_job *job, fr_stretch s, uint32_t *codes)
{
    const fr_grouping *g = job->grouping;
    if (job->keys) {
        fr_row_slots(job->keys, s.first, s.n, codes);
        return;
    }
    const uint32_t *ids = fr_grouping_ids(g) + s.first;
    for (size_t i = 0; i < s.n; i++) codes[i] = ids[i] == FR_NO_ID ? g->n_groups : ids[i];
}

void fr_count_ranges(const fr_group_ranges *g, const uint32_t *codes, size_t n, uint16_t *begins)
{
    uint32_t counts[FR_MOST_RANGES] = { 0 }, at = 0;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) counts[codes[i] >> g->code_bits]++;
    for (size_t k = 0; k < g->n_ranges; k++) {
        begins[k] = (uint16_t)at;
        at += counts[k];
    }
    begins[g->n_ranges] = (uint16_t)at;
}

FR_TEMPLATE_FN void deal_some(const fr_group_ranges *g, const uint32_t *codes, size_t first, size_t n, uint32_t *next,
                              fr_ranged_row *rows)
{
    const uint32_t mask = ((uint32_t)1 << g->code_bits) - 1;
    uint32_t to[FR_TOGETHER];
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++) to[k] = next[codes[first + k] >> g->code_bits]++;
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++)
        rows[to[k]] = (fr_ranged_row){ (uint16_t)(codes[first + k] & mask), (uint16_t)(first + k) };
}

/* Numbers are codes within the range yet. */
static void deal_codes(const fr_group_ranges *g, const uint32_t *codes, size_t n, const uint16_t *begins, fr_ranged_row *rows)
{
    uint32_t next[FR_MOST_RANGES];
    size_t i = 0;
    for (size_t k = 0; k < g->n_ranges; k++) next[k] = begins[k];
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) deal_some(g, codes, i, FR_TOGETHER, next, rows);
    for (; i < n; i++) deal_some(g, codes, i, 1, next, rows);
}

/* Of a block that was dealt in the cache. */
static void write_rows(const fr_group_ranges *g, size_t begin, const fr_ranged_row *rows, size_t n)
{
    fr_ranged_row *to = (fr_ranged_row *)g->rows->data + begin;
    if ((size_t)g->n_rows * sizeof *rows < FR_STREAM_MIN_BYTES) {
        memcpy(to, rows, n * sizeof *rows);
    } else {
        fr_stream_any(to, rows, n * sizeof *rows);
        fr_stream_end();
    }
}

static bool deal_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const range_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t n = rows_of_block(g, block), begin = block * g->block_rows;
    uint16_t *begins = (uint16_t *)g->begins->data + block * (g->n_ranges + 1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, n, sizeof(uint32_t) + sizeof(fr_ranged_row));
    if (!room || !fr_go_on(call)) return false;
    uint32_t *codes = room->data;
    fr_ranged_row *rows = (fr_ranged_row *)(codes + n);
    for (fr_stretch s = fr_stretch_of(g->n_rows, (int64_t)g->block_rows, block); fr_next_stretch(&s);)
        codes_of(job, s, codes + ((size_t)s.first - begin));
    fr_count_ranges(g, codes, n, begins);
    deal_codes(g, codes, n, begins, rows);
    write_rows(g, begin, rows, n);
    return true;
}

/* ---- numbering --------------------------------------------------------------------------------------------------- */
#define NO_NUMBER UINT16_MAX               /* above all of MOST_CODE_BITS */

FR_TEMPLATE_FN uint32_t number_some(fr_ranged_row *rows, size_t n, uint16_t *slots, uint16_t *firsts, uint32_t next)
{
    fr_ranged_row some[FR_TOGETHER];
    memcpy(some, rows, n * sizeof *rows);
#pragma GCC unroll 8
    for (size_t k = 0; k < n; k++) {
        const uint16_t code = some[k].number, seen = slots[code];
        const bool is_new = seen == NO_NUMBER;
        const uint16_t number = is_new ? (uint16_t)next : seen;
        firsts[next] = some[k].place;
        slots[code] = number;
        rows[k].number = number;
        next += is_new;
    }
    return next;
}

/* A code without a number gets the next one. → the next after that. */
static uint32_t number_piece(fr_ranged_row *rows, size_t n, uint16_t *slots, uint16_t *firsts, uint32_t next)
{
    size_t i = 0;
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) next = number_some(rows + i, FR_TOGETHER, slots, firsts, next);
    for (; i < n; i++) next = number_some(rows + i, 1, slots, firsts, next);
    return next;
}

FR_TEMPLATE_FN void ask_for_piece(const fr_group_ranges *g, size_t block, size_t range)
{
    if (block >= g->n_blocks) return;
    const fr_range_piece piece = fr_range_piece_of(g, block, range);
    fr_ask_to_write(piece.rows, piece.n * sizeof *piece.rows);
}

static bool number_range(fr_call *call, void *state, size_t i, size_t worker)
{
    const range_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t range = fr_spread_range(g, i);
    uint16_t *slots = job->slots + (worker << g->code_bits);
    uint16_t *firsts = fr_range_firsts(g, range);
    uint32_t *before = (uint32_t *)g->before->data + range, next = 0;
    if (!fr_go_on(call)) return false;
    memset(slots, 0xff, sizeof *slots << g->code_bits);                    /* NO_NUMBER */
    for (size_t block = 0; block < g->n_blocks; block++) {
        const fr_range_piece piece = fr_range_piece_of(g, block, range);
        ask_for_piece(g, block + SOON, range);
        before[block * g->n_ranges] = next;
        next = number_piece((fr_ranged_row *)g->rows->data + piece.at, piece.n, slots, firsts, next);
    }
    before[g->n_blocks * g->n_ranges] = next;
    return true;
}

/* ---- first rows -------------------------------------------------------------------------------------------------- */
/* Where a range's groups are that are first seen in a block. */
typedef struct fresh { const uint16_t *firsts; size_t n; } fresh;

static inline fresh fresh_of(const fr_group_ranges *g, size_t block, size_t range)
{
    const size_t low = fr_range_groups_before(g, block, range);
    return (fresh){ fr_range_firsts(g, range) + low, fr_range_groups_before(g, block + 1, range) - low };
}

FR_TEMPLATE_FN void ask_for_fresh(const fr_group_ranges *g, size_t block, size_t range)
{
    if (range >= g->n_ranges) return;
    const fresh f = fresh_of(g, block, range);
    fr_ask_to_read(f.firsts, f.n * sizeof *f.firsts);
}

/* Bytes are stored without looking at what is there, as bits could not be: of 4.3 million groups, CPU 13 → 8 ms. */
static void mark_fresh(uint8_t *marks, const fresh *f)
{
    size_t i = 0;
    for (; i + FR_TOGETHER <= f->n; i += FR_TOGETHER) {
        uint16_t places[FR_TOGETHER];
        memcpy(places, f->firsts + i, sizeof places);
#pragma GCC unroll 8
        for (size_t k = 0; k < FR_TOGETHER; k++) marks[places[k]] = 1;
    }
    for (; i < f->n; i++) marks[f->firsts[i]] = 1;
}

static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const range_job *job = state;
    const fr_group_ranges *g = job->ranges;
    const size_t begin = block * g->block_rows / 64, n_words = (rows_of_block(g, block) + 63) / 64;
    uint64_t *bits = (uint64_t *)g->bits->data + begin;
    uint32_t *n = (uint32_t *)g->sums->data + block + 1;
    uint8_t marks[FR_RANGED_ROWS];
    memset(marks, 0, n_words * 64);
    *n = 0;
    for (size_t range = 0; range < g->n_ranges; range++) {
        const fresh f = fresh_of(g, block, range);
        ask_for_fresh(g, block, range + SOON);
        mark_fresh(marks, &f);
        *n += (uint32_t)f.n;
    }
    FR_ISA_PICK(fr_bits_kernels)->of_bytes(bits, marks, (int64_t)n_words * 64);
    return fr_go_on(call);
}

static void add_up(uint32_t *sums, size_t n)
{
    sums[0] = 0;
    for (size_t i = 0; i < n; i++) sums[i + 1] += sums[i];
}

static void add_up_all(fr_group_ranges *g)
{
    uint32_t *of_blocks = g->sums->data, *of_ranges = of_blocks + g->n_blocks + 1;
    for (size_t k = 0; k < g->n_ranges; k++) of_ranges[k + 1] = fr_range_groups_before(g, g->n_blocks, k);
    add_up(of_blocks, g->n_blocks);
    add_up(of_ranges, g->n_ranges);
}

int64_t fr_first_in_ranges(const fr_group_ranges *g, size_t group)
{
    const uint64_t *bits = g->bits->data;
    size_t block = 0, w;
    while (fr_groups_before(g, block + 1) <= group) block++;
    size_t rank = group - fr_groups_before(g, block);
    for (w = block * g->block_rows / 64; rank >= fr_count_word(bits[w]); w++) rank -= fr_count_word(bits[w]);
    uint64_t word = bits[w];
    for (; rank; rank--) word &= word - 1;
    return (int64_t)(w * 64 + (size_t)__builtin_ctzll(word));
}

void fr_firsts_of_block(const fr_group_ranges *g, size_t block, fr_block_firsts *firsts)
{
    uint16_t before = 0;
    firsts->bits = (const uint64_t *)g->bits->data + block * g->block_rows / 64;
    for (size_t w = 0; w < (rows_of_block(g, block) + 63) / 64; w++) {
        firsts->before[w] = before;
        before = (uint16_t)(before + fr_count_word(firsts->bits[w]));
    }
}

size_t fr_ranks_in_block(const fr_group_ranges *g, const fr_block_firsts *f, size_t block, size_t range, uint32_t *ranks)
{
    const fresh new = fresh_of(g, block, range);
    ask_for_fresh(g, block, range + SOON);
    FR_ISA_PICK(fr_bits_kernels)->ranks(ranks, f->bits, f->before, new.firsts, (int64_t)new.n);
    return new.n;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
/* `bits` of codes a range, unless blocks are tiny or ranges many. */
static void choose_ranges(const fr_call *call, fr_group_ranges *g, unsigned bits, unsigned most_bits)
{
    const size_t rows = fr_block_rows(call);
    g->code_bits = bits;
    while (g->code_bits > LEAST_CODE_BITS && (size_t)1 << g->code_bits > rows) g->code_bits--;
    while (g->code_bits < most_bits && (g->span - 1) >> g->code_bits >= MANY_RANGES) g->code_bits++;
    g->n_ranges = (size_t)((g->span - 1) >> g->code_bits) + 1;
    g->block_rows = rows < FR_RANGED_ROWS ? (rows + 63) & ~(size_t)63 : FR_RANGED_ROWS;
    g->n_blocks = fr_block_count((size_t)g->n_rows, g->block_rows);
    g->n_words = ((size_t)g->n_rows + 63) / 64;
}

static bool make_room(fr_call *call, fr_group_ranges *g)
{
    g->begins = fr_buffer_array(call, g->n_blocks * (g->n_ranges + 1), sizeof(uint16_t));
    g->sums = fr_buffer_array(call, g->n_blocks + 1 + g->n_ranges + 1, sizeof(uint32_t));
    return g->begins && g->sums;
}

static bool make_room_for_rows(fr_call *call, fr_group_ranges *g)
{
    g->rows = fr_buffer_array(call, (size_t)g->n_rows, sizeof(fr_ranged_row));
    return g->rows;
}

static bool make_room_for_firsts(fr_call *call, fr_group_ranges *g)
{
    g->before = fr_buffer_array(call, (g->n_blocks + 1) * g->n_ranges, sizeof(uint32_t));
    g->firsts = fr_buffer_array(call, g->n_ranges * (((size_t)1 << g->code_bits) + 1), sizeof(uint16_t));
    g->bits = fr_buffer_array(call, g->n_words, sizeof(uint64_t));
    return g->before && g->firsts && g->bits;
}

static bool find_numbers(fr_call *call, fr_group_ranges *g, const fr_keys *keys)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *slots =
        fr_buffer_array(call, fr_worker_count(call) << g->code_bits, sizeof(uint16_t));
    if (!slots) return false;
    range_job job = { .ranges = g, .keys = keys, .slots = slots->data };
    return fr_for_blocks(call, g->n_blocks, deal_block, &job) && fr_for_blocks(call, g->n_ranges, number_range, &job)
        && fr_group_ranges_mark(call, g);
}

bool fr_group_ranges_mark(fr_call *call, fr_group_ranges *g)
{
    range_job job = { .ranges = g };
    if (!fr_for_blocks(call, g->n_blocks, mark_block, &job)) return false;
    add_up_all(g);
    return true;
}

fr_group_ranges *fr_group_ranges_begun(fr_call *call, const fr_keys *keys, uint64_t span)
{
    fr_group_ranges *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    *g = (fr_group_ranges){ .context = call->context, .n_rows = keys->n_rows, .span = span };
    choose_ranges(call, g, CODE_BITS, MOST_CODE_BITS);
    if (make_room(call, g) && make_room_for_firsts(call, g)) return g;
    fr_group_ranges_free(g);
    return NULL;
}

fr_group_ranges *fr_group_ranges_new(fr_call *call, const fr_keys *keys, uint64_t span)
{
    fr_group_ranges *g = fr_group_ranges_begun(call, keys, span);
    if (g && make_room_for_rows(call, g) && find_numbers(call, g, keys)) return g;
    fr_group_ranges_free(g);
    return NULL;
}

bool fr_group_ranges_hold(size_t n_slots, size_t record_bytes)
{
    return n_slots < (size_t)FR_MOST_RANGES << MOST_GROUP_BITS && record_bytes << MOST_GROUP_BITS <= UINT32_MAX;
}

/* Of groups, one range behind another. */
static void number_groups(fr_group_ranges *g, size_t n_groups)
{
    uint32_t *of_ranges = (uint32_t *)g->sums->data + g->n_blocks + 1;
    for (size_t k = 0; k <= g->n_ranges; k++) {
        const size_t first = k << g->code_bits;
        of_ranges[k] = (uint32_t)(first < n_groups ? first : n_groups);
    }
}

fr_group_ranges *fr_group_ranges_of_groups(fr_call *call, const fr_grouping *grouping, size_t record_bytes)
{
    const fr_keys *keys = grouping->row_keys.context ? &grouping->row_keys : NULL;
    unsigned bits = LEAST_CODE_BITS;
    fr_group_ranges *g = fr_new(call, sizeof *g);
    if (!g) return NULL;
    *g = (fr_group_ranges){ .context = call->context, .n_rows = grouping->n_rows, .of_groups = true,
                            .span = (uint64_t)grouping->n_groups + !keys };
    while (bits < MOST_GROUP_BITS && record_bytes << (bits + 1) <= RECORDS_BYTES) bits++;
    choose_ranges(call, g, bits, MOST_GROUP_BITS);
    range_job job = { .ranges = g, .keys = keys, .grouping = grouping };
    if (make_room(call, g) && make_room_for_rows(call, g) && fr_for_blocks(call, g->n_blocks, deal_block, &job)) {
        number_groups(g, grouping->n_groups);
        return g;
    }
    fr_group_ranges_free(g);
    return NULL;
}

void fr_group_ranges_free(fr_group_ranges *g)
{
    if (!g) return;
    fr_buffer_unref(g->rows);
    fr_buffer_unref(g->begins);
    fr_buffer_unref(g->before);
    fr_buffer_unref(g->firsts);
    fr_buffer_unref(g->bits);
    fr_buffer_unref(g->sums);
    fr_free(g->context, g, sizeof *g);
}
