/* row_strays.c — finding the strays, and merging them with the rows that stay (see row_strays.h).
 *
 * A row that came too late is lower than one before it; a row that came too early is higher than one behind it, and
 * seen from the front it would make strays of all that it overtook. So a few stretches are looked at from both ends,
 * and strays are those seen from the better one: the rest never falls. Rows that came too early and others that came
 * too late, far away both, are not nearly in order for this. Each block of rows merges with those strays that lie
 * between its first row that stays and the next block's; so blocks are written in parallel.
 *
 * 10^7 rows, one in a hundred up to 1,000 places away: CPU 110 → 35 ms.
 */
#include "kernel/row_strays.h"

#include "base/memory.h"
#include "base/threads.h"

enum { BLOCK_ROWS = 1 << 16,
       SAMPLES = 8, SAMPLE_ROWS = 1 << 12,
       GROUP = 16,                         /* rows that are merged together where none strays: 64 is a multiple */
       FEW_PARTS = 16 };                   /* one row in so many may stray */

typedef struct straying {
    const uint64_t *keys;
    fr_row_array    rows;
    uint64_t       *ties;
    size_t          n_blocks;
    bool            from_end;
    uint64_t       *bounds;                /* [block]: the highest key before it; from the end: the lowest behind it */
    uint64_t       *words;                 /* bit a row: it strays */
    size_t         *before;                /* [block + 1]: strays in blocks before it */
    size_t         *begins;                /* [block + 1]: its strays, in their order */
    uint64_t       *stray_keys;
    fr_row_array    stray_rows;
} straying;

static size_t rows_of(const straying *s, size_t block)
{
    const size_t left = s->rows.n - block * BLOCK_ROWS;
    return left < BLOCK_ROWS ? left : BLOCK_ROWS;
}

/* ---- who strays -------------------------------------------------------------------------------------------------- */
static inline uint64_t lower(uint64_t a, uint64_t b)  { return a < b ? a : b; }
static inline uint64_t higher(uint64_t a, uint64_t b) { return a > b ? a : b; }

static size_t count_strays(const uint64_t *keys, size_t n, bool from_end)
{
    size_t strays = 0;
    uint64_t bound = from_end ? UINT64_MAX : 0;
    if (from_end)
        for (size_t i = n; i-- > 0; bound = lower(bound, keys[i])) strays += keys[i] > bound;
    else
        for (size_t i = 0; i < n; bound = higher(bound, keys[i++])) strays += keys[i] < bound;
    return strays;
}

/* By a few stretches: is it worth looking, and from which end? */
static bool looks_ordered(straying *s)
{
    size_t from_start = 0, from_end = 0, seen = 0;
    for (size_t k = 0; k < SAMPLES; k++) {
        const size_t at = s->rows.n / SAMPLES * k, left = s->rows.n - at, n = left < SAMPLE_ROWS ? left : SAMPLE_ROWS;
        from_start += count_strays(s->keys + at, n, false);
        from_end += count_strays(s->keys + at, n, true);
        seen += n;
    }
    s->from_end = from_end < from_start;
    return (s->from_end ? from_end : from_start) <= seen / FEW_PARTS;
}

static bool bound_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const straying *s = state;
    const uint64_t *keys = s->keys + block * BLOCK_ROWS;
    const size_t n = rows_of(s, block);
    uint64_t bound = keys[0];
    if (s->from_end) for (size_t i = 1; i < n; i++) bound = lower(bound, keys[i]);
    else for (size_t i = 1; i < n; i++) bound = higher(bound, keys[i]);
    s->bounds[block] = bound;
    return fr_go_on(call);
}

/* From the bounds of blocks to those of what is before, or behind. */
static void join_bounds(const straying *s)
{
    uint64_t bound = s->from_end ? UINT64_MAX : 0;
    for (size_t k = 0; k < s->n_blocks; k++) {
        const size_t block = s->from_end ? s->n_blocks - 1 - k : k;
        const uint64_t own = s->bounds[block];
        s->bounds[block] = bound;
        bound = s->from_end ? lower(bound, own) : higher(bound, own);
    }
}

/* The bits of up to 64 rows. */
static uint64_t word_from_start(const uint64_t *keys, size_t n, uint64_t *bound)
{
    uint64_t word = 0, high = *bound;
    for (size_t i = 0; i < n; i++) {
        word |= (uint64_t)(keys[i] < high) << i;
        high = higher(high, keys[i]);
    }
    *bound = high;
    return word;
}

static uint64_t word_from_end(const uint64_t *keys, size_t n, uint64_t *bound)
{
    uint64_t word = 0, low = *bound;
    for (size_t i = n; i-- > 0;) {
        word |= (uint64_t)(keys[i] > low) << i;
        low = lower(low, keys[i]);
    }
    *bound = low;
    return word;
}

static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const straying *s = state;
    const size_t begin = block * BLOCK_ROWS, n = rows_of(s, block), n_words = (n + 63) / 64;
    uint64_t bound = s->bounds[block];
    size_t strays = 0;
    for (size_t k = 0; k < n_words; k++) {
        const size_t w = s->from_end ? n_words - 1 - k : k, at = w * 64, here = n - at < 64 ? n - at : 64;
        uint64_t *word = &s->words[begin / 64 + w];
        *word = (s->from_end ? word_from_end : word_from_start)(s->keys + begin + at, here, &bound);
        strays += (size_t)__builtin_popcountll(*word);
    }
    s->before[block + 1] = strays;
    return fr_go_on(call);
}

/* ---- the strays by themselves ------------------------------------------------------------------------------------ */
static bool gather_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const straying *s = state;
    const size_t begin = block * BLOCK_ROWS, n = rows_of(s, block);
    size_t at = s->before[block];
    for (size_t i = 0; i < n; i += 64)
        for (uint64_t word = s->words[(begin + i) / 64]; word; word &= word - 1) {
            const size_t row = begin + i + (size_t)__builtin_ctzll(word);
            s->stray_keys[at] = s->keys[row];
            fr_row_put(s->stray_rows.at, s->stray_rows.wide, at++, (int64_t)row);
        }
    return fr_go_on(call);
}

static size_t stray_row(const straying *s, size_t i)
{
    return (size_t)fr_row_get(s->stray_rows.at, s->stray_rows.wide, i);
}

static inline bool is_before(const straying *s, size_t stray, uint64_t key, size_t row)
{
    return s->stray_keys[stray] < key || (s->stray_keys[stray] == key && stray_row(s, stray) < row);
}

/* How many strays come before a row. */
static size_t strays_before(const straying *s, size_t row)
{
    size_t low = 0, high = s->stray_rows.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (is_before(s, middle, s->keys[row], row)) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* The first row of a block that stays, or the last; SIZE_MAX: none. */
static size_t staying_row(const straying *s, size_t block, bool last)
{
    const size_t begin = block * BLOCK_ROWS, n = rows_of(s, block);
    for (size_t k = 0; k < n; k++) {
        const size_t row = begin + (last ? n - 1 - k : k);
        if (!(s->words[row / 64] >> (row & 63) & 1)) return row;
    }
    return SIZE_MAX;
}

/* A block in which none stays has none to merge with. */
static void share_strays(const straying *s)
{
    s->begins[s->n_blocks] = s->stray_rows.n;
    for (size_t block = s->n_blocks; block-- > 0;) {
        const size_t row = staying_row(s, block, false);
        s->begins[block] = row == SIZE_MAX ? s->begins[block + 1] : strays_before(s, row);
    }
    s->begins[0] = 0;
}

/* ---- merging ----------------------------------------------------------------------------------------------------- */
typedef struct merging {
    size_t   place, stray, end;
    uint64_t next_key;                     /* of the next stray; none: the highest there is */
} merging;

static inline void see_next(const straying *s, merging *m)
{
    m->next_key = m->stray < m->end ? s->stray_keys[m->stray] : UINT64_MAX;
}

static inline void put_row(const straying *s, merging *m, size_t row)
{
    fr_row_put(s->rows.at, s->rows.wide, m->place++, (int64_t)row);
}

static void put_strays(const straying *s, merging *m, uint64_t key, size_t row)
{
    while (m->stray < m->end && is_before(s, m->stray, key, row)) put_row(s, m, stray_row(s, m->stray++));
    see_next(s, m);
}

/* Rows of which none strays, and before which no stray belongs. */
static void put_group(const straying *s, merging *m, size_t row)
{
    if (s->rows.wide)
        for (size_t i = 0; i < GROUP; i++) ((int64_t *)s->rows.at)[m->place + i] = (int64_t)(row + i);
    else
        for (size_t i = 0; i < GROUP; i++) ((uint32_t *)s->rows.at)[m->place + i] = (uint32_t)(row + i);
    m->place += GROUP;
}

static void merge_row(const straying *s, merging *m, size_t row)
{
    if (s->words[row / 64] >> (row & 63) & 1) return;
    if (s->keys[row] >= m->next_key) put_strays(s, m, s->keys[row], row);
    put_row(s, m, row);
}

static bool merge_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const straying *s = state;
    const size_t begin = block * BLOCK_ROWS, n = rows_of(s, block);
    merging m = { .place = begin - s->before[block] + s->begins[block], .stray = s->begins[block],
                  .end = s->begins[block + 1] };
    if (!fr_go_on(call)) return false;
    see_next(s, &m);
    for (size_t row = begin; row < begin + n;) {
        const bool is_group = begin + n - row >= GROUP && !(s->words[row / 64] >> (row & 63) & ((1u << GROUP) - 1))
                           && s->keys[row + GROUP - 1] < m.next_key;      /* those that stay rise */
        const size_t end = row + GROUP < begin + n ? row + GROUP : begin + n;
        if (is_group) put_group(s, &m, row);
        else for (size_t i = row; i < end; i++) merge_row(s, &m, i);
        row = end;
    }
    while (m.stray < m.end) put_row(s, &m, stray_row(s, m.stray++));
    return true;
}

static uint64_t key_at(const straying *s, size_t place)
{
    return s->keys[fr_row_get(s->rows.at, s->rows.wide, place)];
}

static bool mark_ties(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const straying *s = state;
    const size_t begin = block * BLOCK_ROWS, n = rows_of(s, block);
    uint64_t before = key_at(s, begin ? begin - 1 : 0);
    for (size_t i = begin == 0; i < n; i++) {
        const uint64_t key = key_at(s, begin + i);
        s->ties[(begin + i) / 64] |= (uint64_t)(key == before) << (i & 63);
        before = key;
    }
    return fr_go_on(call);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
static bool find_strays(fr_call *call, straying *s)
{
    if (!fr_for_blocks(call, s->n_blocks, bound_block, s)) return false;
    join_bounds(s);
    if (!fr_for_blocks(call, s->n_blocks, mark_block, s)) return false;
    s->before[0] = 0;
    for (size_t block = 0; block < s->n_blocks; block++) s->before[block + 1] += s->before[block];
    s->stray_rows.n = s->before[s->n_blocks];
    return true;
}

static bool merge(fr_call *call, straying *s, uint64_t top_key)
{
    const size_t n = s->stray_rows.n;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, n, fr_row_bytes(s->rows.wide));
    if (!keys || !rows) return false;
    s->stray_keys = keys->data, s->stray_rows.at = rows->data;
    if (!fr_for_blocks(call, s->n_blocks, gather_block, s)) return false;
    if (n && !fr_sort_rows(call, s->stray_keys, &s->stray_rows, top_key)) return false;
    share_strays(s);
    return fr_for_blocks(call, s->n_blocks, merge_block, s)
        && (!s->ties || fr_for_blocks(call, s->n_blocks, mark_ties, s));
}

bool fr_order_strays(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows, uint64_t *ties,
                     bool *done)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    straying s = { .keys = keys, .rows = *rows, .ties = ties, .n_blocks = fr_block_count(rows->n, BLOCK_ROWS),
                   .stray_rows.wide = rows->wide };
    *done = rows->n == 0;
    if (*done || !looks_ordered(&s)) return true;
    s.bounds = fr_arena_array(call, &arena, s.n_blocks, sizeof *s.bounds);
    s.before = fr_arena_array(call, &arena, s.n_blocks + 1, sizeof *s.before);
    s.begins = fr_arena_array(call, &arena, s.n_blocks + 1, sizeof *s.begins);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = fr_buffer_array(call, (rows->n + 63) / 64, sizeof(uint64_t));
    if (!s.bounds || !s.before || !s.begins || !words) return false;
    s.words = words->data;
    if (!find_strays(call, &s)) return false;
    *done = s.stray_rows.n <= rows->n / FEW_PARTS;
    return !*done || merge(call, &s, top_key);
}
