/* join_match.c — looking up keys, by direct address where they are dense.
 *
 * Keys become one code a row (ops/keys.h). While the codes are not many more than the right rows, one table with a
 * place for each code says which right row has it. Right rows put themselves there, in any order; as many filled
 * places as rows mean that no two of them met, and then the table is the answer. So for 10^7 rows on both sides a row
 * costs one write and one read at random, and nothing is hashed, sorted or counted.
 *
 *     right 7 5 8   →   code 0 1 2 3        left 5 6 8   →   row 1 none 2
 *                       row  1 - 0 2
 *
 * Where it is enough to know whether a key is there, a place is a byte, then a bit (ops/join_found.h).
 *
 * Where the left's keys are few codes themselves, not even its rows are looked up one by one (ops/join_codes.h).
 *
 * Where codes lie far apart and the right side does not fit a cache, the codes of both sides are dealt into parts that
 * do (ops/group_partition.h), as one list with the right side first: then the first row with a left row's code is the
 * right row it is looking for, or one of the left. Otherwise right rows are grouped (ops/grouping.h) and left rows find
 * their group.
 */
#include "ops/join_codes.h"
#include "ops/join_found.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/prefetch.h"
#include "kernel/radix_sort.h"
#include "kernel/select.h"
#include "kernel/stream.h"
#include "ops/group_partition.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16,
       BLOCK_SLOTS = 1 << 18,
       MANY_RIGHT = 1 << 16,               /* right rows whose hash table would leave the cache                        */
       DIRECT_SPAN = 1 << 16,              /* so many codes have a table where there are as many rows on both sides …   */
       SLOTS_A_ROW = 8,                    /* … more while it takes no more memory than hashing, 16 bytes twice a row  */
       MARKS_A_ROW = 16 };                 /* half as much memory in bytes, where a code is only found or not          */

typedef struct look_up {
    const fr_keys     *keys;
    fr_join_match     *match;
    _Atomic(uint32_t) *slots;              /* direct: the right row with each code */
    uint64_t           span;
    const fr_grouping *groups;             /* else */
    _Atomic(int64_t)   n;                  /* filled slots, or found rows */
} look_up;

static const uint64_t *dead_rows(const fr_keys *keys)
{
    return keys->dead ? keys->dead->data : NULL;
}

static int64_t count_live(const fr_keys *keys)
{
    return keys->n_rows - (keys->dead ? fr_bits_count(keys->dead->data, keys->n_rows) : 0);
}

/* ---- by direct address ------------------------------------------------------------------------------------------- */
static bool clear_slots(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const look_up *l = state;
    const uint64_t from = (uint64_t)block * BLOCK_SLOTS, n = l->span - from < BLOCK_SLOTS ? l->span - from : BLOCK_SLOTS;
    memset((uint32_t *)l->slots + from, 0xff, (size_t)n * sizeof(uint32_t));       /* FR_ROW_MISSING32 */
    return fr_go_on(call);
}

/* The places of codes i … i + n - 1 are wanted soon. */
FR_TEMPLATE_FN void ask_for_slots(const look_up *l, const uint64_t *codes, size_t n)
{
    for (size_t i = 0; i < n; i++) fr_ask_for((const uint32_t *)l->slots, codes[i], sizeof(uint32_t));
}

static bool are_far(const look_up *l)
{
    return l->span >= FR_FAR_BYTES / sizeof(uint32_t);
}

static bool put_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const look_up *l = state;
    const uint64_t *dead = dead_rows(l->keys);
    const bool far = are_far(l);
    uint64_t codes[FR_KEY_VECTOR];
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(l->keys->n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);) {
        fr_keys_codes(l->keys, 0, l->keys->n_parts, s.first, s.n, codes);
        if (far) ask_for_slots(l, codes, s.n < FR_AHEAD ? s.n : FR_AHEAD);
        for (size_t i = 0; i < s.n; i++) {
            const int64_t row = s.first + (int64_t)i;
            if (far && i + FR_AHEAD < s.n) ask_for_slots(l, codes + i + FR_AHEAD, 1);
            if (dead && fr_bit(dead, row)) continue;
            atomic_store_explicit(&l->slots[codes[i]], (uint32_t)row, memory_order_relaxed);
        }
    }
    return true;
}

static bool count_slots(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    look_up *l = state;
    const uint64_t from = (uint64_t)block * BLOCK_SLOTS, n = l->span - from < BLOCK_SLOTS ? l->span - from : BLOCK_SLOTS;
    const uint32_t *slots = (const uint32_t *)l->slots + from;
    int64_t filled = 0;
    for (uint64_t i = 0; i < n; i++) filled += slots[i] != FR_ROW_MISSING32;
    atomic_fetch_add_explicit(&l->n, filled, memory_order_relaxed);
    return fr_go_on(call);
}

/* Bits of left rows from … from + n - 1 whose right row is not missing, → how many. `from` is a multiple of 64. */
static int64_t mark_found(const fr_join_match *m, int64_t from, const uint32_t *rows, int64_t n)
{
    return FR_ISA_PICK(fr_select_kernels)->narrow_bits((uint64_t *)m->found->data + from / 64, NULL, rows, n);
}

static void miss_dead(uint32_t *rows, const uint64_t *dead, int64_t from, int64_t n)
{
    for (int64_t i = 0; i < n; i += 64)
        for (uint64_t word = dead[(from + i) >> 6] & fr_bits_below(0, n - i); word; word &= word - 1)
            rows[i + __builtin_ctzll(word)] = FR_ROW_MISSING32;
}

/* Codes beyond the span belong to rows that are dead. */
static void read_slots(const look_up *l, const uint64_t *codes, size_t n, uint32_t *rows)
{
    const uint32_t *slots = (const uint32_t *)l->slots;
    const bool far = are_far(l);
    const uint64_t span = l->span;
    if (far) ask_for_slots(l, codes, n < FR_AHEAD ? n : FR_AHEAD);
    for (size_t i = 0; i < n; i++) {
        if (far && i + FR_AHEAD < n) ask_for_slots(l, codes + i + FR_AHEAD, 1);
        rows[i] = slots[codes[i] < span ? codes[i] : 0];
    }
}

/* Rows are found in the first-level cache, and written past the caches where they are many. A last vector that is not
 * whole may reach into the buffer's slack. */
static bool find_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    look_up *l = state;
    const uint64_t *dead = dead_rows(l->keys);
    const bool streams = l->match->rows->size_bytes >= FR_STREAM_MIN_BYTES;
    uint64_t codes[FR_KEY_VECTOR];
    _Alignas(16) uint32_t rows[FR_KEY_VECTOR];
    int64_t n = 0;
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(l->keys->n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);) {
        uint32_t *to = (uint32_t *)l->match->rows->data + s.first;
        fr_keys_codes(l->keys, 0, l->keys->n_parts, s.first, s.n, codes);
        read_slots(l, codes, s.n, rows);
        if (dead) miss_dead(rows, dead, s.first, (int64_t)s.n);
        n += mark_found(l->match, s.first, rows, (int64_t)s.n);
        if (streams) fr_stream(to, rows, (s.n + 3) / 4 * 16);
        else memcpy(to, rows, s.n * sizeof *rows);
    }
    if (streams) fr_stream_end();
    atomic_fetch_add_explicit(&l->n, n, memory_order_relaxed);
    return true;
}

static bool room_for_rows(fr_call *call, fr_join_match *m)
{
    const bool wants_rows = m->want != FR_MATCH_FOUND;
    if (wants_rows) m->rows = fr_buffer_array(call, (size_t)m->n_left, fr_row_bytes(fr_rows_are_wide(m->n_right)));
    if (m->rows || !wants_rows) m->found = fr_buffer_new(call, fr_bits_bytes(m->n_left));
    return m->found != NULL;
}

static bool look_up_left(fr_call *call, look_up *l, const fr_keys *left, fr_block_fn *fn)
{
    l->keys = left;
    l->n = 0;
    if (!room_for_rows(call, l->match)) return false;
    if (!fr_for_blocks(call, fr_block_count((size_t)left->n_rows, BLOCK_ROWS), fn, l)) return false;
    l->match->n_found = l->n;
    return true;
}

/* Leaves `unique` false when keys repeat. */
static bool match_directly(fr_call *call, const fr_keys *right, const fr_keys *left, uint64_t span, fr_join_match *m)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *slots = fr_buffer_scattered(call, (size_t)span, sizeof(uint32_t));
    if (!slots) return false;
    look_up l = { .keys = right, .match = m, .slots = slots->data, .span = span };
    const size_t n_pieces = fr_block_count((size_t)span, BLOCK_SLOTS);
    if (!fr_for_blocks(call, n_pieces, clear_slots, &l)) return false;
    if (!fr_for_blocks(call, fr_block_count((size_t)right->n_rows, BLOCK_ROWS), put_rows, &l)) return false;
    if (!fr_for_blocks(call, n_pieces, count_slots, &l)) return false;
    m->unique = m->want != FR_MATCH_ALL || l.n == count_live(right);
    if (!m->unique) return true;
    const fr_column *codes = fr_join_codes_of(left);
    return codes ? fr_join_by_codes(call, left, codes, &(fr_join_slots){ slots->data, span }, m)
                 : look_up_left(call, &l, left, find_rows);
}

/* ---- by parts ---------------------------------------------------------------------------------------------------- */
typedef struct both_sides {                /* right rows, rows that are dead up to `at`, left rows */
    const fr_keys *right, *left;
    int64_t        at, n;
    uint64_t      *codes, *dead;
    uint32_t      *firsts;
    fr_join_match *match;
    _Atomic(int64_t) n_found, n_repeated;
} both_sides;

/* One vector of rows; a vector is whole words of bits. */
static void list_codes(const both_sides *b, const fr_keys *keys, int64_t first, int64_t at)
{
    const int64_t n = keys->n_rows - first < FR_KEY_VECTOR ? keys->n_rows - first : FR_KEY_VECTOR;
    const uint64_t *dead = dead_rows(keys);
    fr_keys_codes(keys, 0, keys->n_parts, first, (size_t)n, b->codes + at);
    memset(b->codes + at + n, 0, (size_t)(FR_KEY_VECTOR - n) * sizeof *b->codes);
    for (int64_t i = 0; i < FR_KEY_VECTOR; i += 64) {
        const uint64_t live = i < n ? fr_bits_below(0, n - i) : 0;
        b->dead[(at + i) >> 6] = ~live | (dead && live ? dead[(first + i) >> 6] : 0);
    }
}

static bool list_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const both_sides *b = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS;
    for (int64_t at = begin; at < begin + BLOCK_ROWS && at < b->n; at += FR_KEY_VECTOR) {
        if (at < b->at) list_codes(b, b->right, at, at);
        else list_codes(b, b->left, at - b->at, at);
    }
    return fr_go_on(call);
}

/* Who was first with each code, from the codes of all; b->firsts is then right for rows that are not dead. */
static bool find_first_rows(fr_call *call, both_sides *b)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, (size_t)b->n, sizeof(uint64_t));
    FR_CLEANUP(fr_keys_clear) fr_keys all = FR_KEYS_INIT(call, b->n);
    b->dead = codes ? fr_keys_dead(call, &all) : NULL;
    if (!b->dead) return false;
    b->codes = codes->data;
    if (!fr_for_blocks(call, fr_block_count((size_t)b->n, BLOCK_ROWS), list_block, b)) return false;
    fr_column_parts parts = { .type = fr_type_of(FR_U64), .phys = FR_PHYS_U64, .length = b->n, .values = codes };
    FR_OWNED fr_column *column = fr_column_new(call, &parts);
    int64_t n_first;
    return column && fr_keys_insert_ids(call, &all, 0, column, UINT64_MAX)
        && fr_first_rows_by_parts(call, &all, b->firsts, &n_first);
}

static bool count_repeated(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    both_sides *b = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, n_right = b->right->n_rows;
    const int64_t end = begin + BLOCK_ROWS < n_right ? begin + BLOCK_ROWS : n_right;
    int64_t n = 0;
    for (int64_t row = begin; row < end; row++) n += b->firsts[row] != FR_NO_ID && b->firsts[row] != (uint32_t)row;
    atomic_fetch_add_explicit(&b->n_repeated, n, memory_order_relaxed);
    return fr_go_on(call);
}

/* Into `rows` (of 32 bits; FR_NO_ID is FR_ROW_MISSING32), if they are wanted, the right row that was first with a left
 * row's code. */
static bool find_right(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    both_sides *b = state;
    const uint32_t *firsts = b->firsts + b->at, n_right = (uint32_t)b->right->n_rows;
    uint32_t room[FR_KEY_VECTOR];
    int64_t n = 0;
    for (fr_stretch s = fr_stretch_of(b->left->n_rows, BLOCK_ROWS, block); fr_next_stretch(&s);) {
        const uint32_t *first = firsts + s.first;
        uint32_t *rows = room;
        if (b->match->rows) rows = (uint32_t *)b->match->rows->data + s.first;
        for (size_t i = 0; i < s.n; i++) rows[i] = first[i] < n_right ? first[i] : FR_ROW_MISSING32;
        n += mark_found(b->match, s.first, rows, (int64_t)s.n);
    }
    atomic_fetch_add_explicit(&b->n_found, n, memory_order_relaxed);
    return fr_go_on(call);
}

/* Groups are numbered by their first row: some numbers have no rows. */
static bool list_repeated(fr_call *call, const both_sides *b, fr_join_match *m)
{
    m->ids = fr_steal(m->rows);
    return fr_rows_by_group(call, b->firsts, NULL, (size_t)m->n_right, (size_t)m->n_right, &m->starts, &m->members);
}

static bool match_by_parts(fr_call *call, const fr_keys *right, const fr_keys *left, fr_join_match *m)
{
    both_sides b = { .right = right, .left = left, .match = m };
    b.at = (right->n_rows + FR_KEY_VECTOR - 1) / FR_KEY_VECTOR * FR_KEY_VECTOR;
    b.n = b.at + (left->n_rows + FR_KEY_VECTOR - 1) / FR_KEY_VECTOR * FR_KEY_VECTOR;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *firsts = fr_buffer_array(call, (size_t)b.n, sizeof(uint32_t));
    if (!firsts || !room_for_rows(call, m)) return false;
    b.firsts = firsts->data;
    const bool wants_all = m->want == FR_MATCH_ALL;
    const size_t n_counted = wants_all ? fr_block_count((size_t)right->n_rows, BLOCK_ROWS) : 0;
    if (!find_first_rows(call, &b) || !fr_for_blocks(call, n_counted, count_repeated, &b)) return false;
    if (!fr_for_blocks(call, fr_block_count((size_t)left->n_rows, BLOCK_ROWS), find_right, &b)) return false;
    m->n_found = b.n_found;
    m->unique = b.n_repeated == 0;
    return m->unique || list_repeated(call, &b, m);
}

/* ---- by group ---------------------------------------------------------------------------------------------------- */
/* As mark_found, of rows that may be wide. */
static int64_t mark_any_found(const fr_join_match *m, int64_t from, int64_t n)
{
    if (!fr_rows_are_wide(m->n_right)) return mark_found(m, from, (const uint32_t *)m->rows->data + from, n);
    return FR_ISA_PICK(fr_select_kernels)->wide_bits((uint64_t *)m->found->data + from / 64, NULL,
                                                     (const int64_t *)m->rows->data + from, n);
}

/* A group is enough to have been found; FR_NO_ID is FR_ROW_MISSING32. */
static bool find_groups(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    look_up *l = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, n = fr_smaller(l->match->n_left - begin, BLOCK_ROWS);
    const uint32_t *ids = (const uint32_t *)l->match->ids->data + begin;
    atomic_fetch_add_explicit(&l->n, mark_found(l->match, begin, ids, n), memory_order_relaxed);
    return fr_go_on(call);
}

static bool find_firsts(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    look_up *l = state;
    fr_join_match *m = l->match;
    const uint32_t *ids = m->ids->data;
    const int64_t begin = (int64_t)block * BLOCK_ROWS;
    const int64_t n = m->n_left - begin < BLOCK_ROWS ? m->n_left - begin : BLOCK_ROWS;
    const bool wide = fr_rows_are_wide(m->n_right);
    for (int64_t i = begin; i < begin + n; i++)
        fr_row_put(m->rows->data, wide, (uint64_t)i,
                   ids[i] == FR_NO_ID ? FR_ROW_MISSING64 : fr_grouping_first(l->groups, ids[i]));
    atomic_fetch_add_explicit(&l->n, mark_any_found(m, begin, n), memory_order_relaxed);
    return fr_go_on(call);
}

static bool match_by_group(fr_call *call, fr_keys *right, fr_keys *left, fr_join_match *m)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of_pair(call, right, left, &m->ids);
    if (!groups) return false;
    m->unique = m->want != FR_MATCH_ALL || groups->n_groups == count_live(right);
    look_up l = { .match = m, .groups = groups };
    if (m->unique) return look_up_left(call, &l, left, m->want == FR_MATCH_FOUND ? find_groups : find_firsts);
    return fr_rows_by_group(call, fr_grouping_ids(groups), NULL, (size_t)m->n_right, groups->n_groups, &m->starts,
                            &m->members);
}

/* ---- public ------------------------------------------------------------------------------------------------------ */
bool fr_join_match_make(fr_call *call, fr_keys *right, fr_keys *left, fr_match_want want, fr_join_match *out)
{
    *out = (fr_join_match){ .n_left = left->n_rows, .n_right = right->n_rows, .want = want };
    uint64_t span;
    const bool one_code = fr_keys_fit(right, 0, &span) == right->n_parts;
    const uint64_t n_both = (uint64_t)right->n_rows + (uint64_t)left->n_rows, n_paying = span <= DIRECT_SPAN ? n_both
                                                                             : (uint64_t)right->n_rows;
    const bool dense = span / SLOTS_A_ROW <= n_paying && !fr_rows_are_wide(right->n_rows);
    const bool narrow = right->n_rows + left->n_rows <= FR_NARROW_ROWS - 2 * FR_KEY_VECTOR;
    const bool marks = want == FR_MATCH_FOUND && span / MARKS_A_ROW <= n_paying && !(dense && fr_join_codes_of(left));
    if (one_code && marks) return fr_join_find_keys(call, right, left, span, out);
    if (one_code && dense) {
        if (!match_directly(call, right, left, span, out)) return false;
        return out->unique || match_by_group(call, right, left, out);
    }
    if (one_code && narrow && right->n_rows >= MANY_RIGHT) return match_by_parts(call, right, left, out);
    return match_by_group(call, right, left, out);
}

void fr_join_match_clear(fr_join_match *match)
{
    fr_buffer *buffers[] = { match->rows, match->found, match->of_code, match->ids, match->starts,
                             match->members };
    for (size_t i = 0; i < FR_COUNT_OF(buffers); i++) fr_buffer_unref(buffers[i]);
    fr_column_unref(match->codes);
    *match = (fr_join_match){ 0 };
}
