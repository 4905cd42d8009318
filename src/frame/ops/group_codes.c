/* group_codes.c — keys that are one code a row, numbered by hash, by parts, or by direct address (ops/group_direct.h).
 *
 * The worked example of grouping.h, hashed, blocks of two rows: block 0 lists (North 1, row 0), (South 1, row 1); block 1
 * lists (North 1, row 2), (North 2, row 3). Merging, in block order, finds that row 2's code was first seen in row 0. First
 * rows are 0, 1, 3; their ranks 0, 1, 2 are the group numbers.
 */
#include "ops/group_codes.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "base/threads.h"
#include "ops/first_rows.h"
#include "ops/group_direct.h"
#include "ops/group_partition.h"
#include "ops/group_repeats.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 17,            /* rows that number their codes together; constant, whatever the context says */
       FEW_CODES = 1 << 10,                /* are always addressed directly; a row pays for four more */
       ALL_NEW = 8192,                     /* so many codes, nearly all new: a block stops looking them up */
       MANY_ROWS = 1 << 15,                /* from so many rows on, dealing them out is considered … */
       MANY_CODES = 1 << 14,               /* … when the first block has so many different codes … */
       SOME_CODES = 1 << 12 };             /* … or the only one these, of less than twice as many rows */
#define NO_ROW UINT64_MAX

typedef struct fr_group_table {            /* one part of the hash space */
    fr_id_table table;
    uint64_t   *firsts;                    /* while merging: the first row of each id; owned */
    uint32_t   *groups;                    /* then: its group; owned */
    size_t      capacity, n_groups;        /* of the two */
} fr_group_table;

/* ---- first rows ------------------------------------------------------------------------------------------------- */
static bool number_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_grouping *g = state;
    int64_t *firsts = g->firsts->data;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, left = g->n_rows - begin;
    for (int64_t i = begin; i < begin + (left < BLOCK_ROWS ? left : BLOCK_ROWS); i++) firsts[i] = i;
    return fr_go_on(call);
}

bool fr_grouping_need_firsts(fr_call *call, const fr_grouping *grouping)
{
    fr_grouping *g = (fr_grouping *)(uintptr_t)grouping;
    if (g->firsts) return true;
    if (g->repeats) return fr_grouping_settle(call, g);
    if (g->ranges) return fr_list_firsts_of_ranges(call, g);
    if (g->codes) return fr_list_firsts_of_codes(call, g);
    g->firsts = fr_buffer_array(call, g->n_groups, sizeof(int64_t));
    return g->firsts && fr_for_blocks(call, fr_block_count(g->n_groups, BLOCK_ROWS), number_rows, g);
}

/* ---- rows cut into blocks ---------------------------------------------------------------------------------------- */
typedef struct block_job {
    const fr_keys     *keys;
    const fr_grouping *grouping;
    const uint64_t    *dead;
    uint32_t          *ids;
    int64_t            n_rows;
    uint64_t           seed;
    struct block      *blocks;             /* hashed */
    size_t             n_blocks, n_tables;
    unsigned           shift;              /* hash >> shift = table */
    fr_group_table    *tables;
    const fr_first_rows *ranks;
} block_job;

static inline bool is_dead(const uint64_t *dead, int64_t row)
{
    return dead && fr_bit(dead, row);
}

void fr_group_codes_clear(fr_grouping *g)
{
    for (size_t t = 0; t < g->n_tables; t++) {
        fr_id_table_clear(&g->tables[t].table);
        fr_free_array(g->context, g->tables[t].firsts, g->tables[t].capacity, sizeof *g->tables[t].firsts);
        fr_free_array(g->context, g->tables[t].groups, g->tables[t].n_groups, sizeof *g->tables[t].groups);
    }
    fr_free_array(g->context, g->tables, g->n_tables, sizeof *g->tables);
    g->tables = NULL;
    g->n_tables = 0;
}

/* ---- hash: blocks number their own codes ------------------------------------------------------------------------- */
typedef struct entry {                     /* a code that occurs in a block */
    uint64_t code;
    uint64_t row;                          /* first row here; then the first row anywhere; then the group */
} entry;

typedef struct block {
    size_t    n, capacity, n_seen;         /* n_seen: rows that went through the table */
    entry    *entries;                     /* by local id; owned */
    uint32_t *order;                       /* local ids by table; owned */
    uint32_t *places;                      /* [n_tables + 2]: table t has places[t] … places[t + 1] of order; owned */
} block;

static bool add_entry(fr_call *call, block *b, uint64_t code, uint64_t row)
{
    if (b->n == b->capacity) {
        const size_t capacity = b->capacity * 4 + 64;
        entry *entries = fr_resize_array(call, b->entries, b->capacity, capacity, sizeof *entries);
        if (!entries) return false;
        b->entries = entries;
        b->capacity = capacity;
    }
    b->entries[b->n++] = (entry){ .code = code, .row = row };
    return true;
}

/* Local ids in order of their table, so that a table's owner reads one run. */
static bool order_by_table(fr_call *call, const block_job *job, block *b)
{
    b->places = fr_new_array(call, job->n_tables + 2, sizeof *b->places);
    b->order = fr_new_array(call, b->n, sizeof *b->order);
    if (!b->places || !b->order) return false;
    for (size_t i = 0; i < b->n; i++) b->places[(fr_hash_u64(b->entries[i].code, job->seed) >> job->shift) + 2]++;
    for (size_t t = 0; t <= job->n_tables; t++) b->places[t + 1] += b->places[t];
    for (size_t i = 0; i < b->n; i++)
        b->order[b->places[(fr_hash_u64(b->entries[i].code, job->seed) >> job->shift) + 1]++] = (uint32_t)i;
    return true;
}

/* Rows of a stretch numbered by the block's table, or, where nearly every code is new, without one: each row is an
 * entry of its own and the merge finds the equal ones. Only speed depends on it. */
static bool number_stretch(fr_call *call, const block_job *job, block *b, fr_id_table *table, const fr_stretch *s)
{
    uint64_t codes[FR_KEY_VECTOR];
    const bool looks_up = table->n < ALL_NEW || table->n < b->n_seen - b->n_seen / 8;
    fr_keys_codes(job->keys, 0, job->keys->n_parts, s->first, s->n, codes);
    for (size_t i = 0; i < s->n; i++) {
        const int64_t row = s->first + (int64_t)i;
        uint32_t id = (uint32_t)b->n;
        job->ids[row] = FR_NO_ID;
        if (is_dead(job->dead, row)) continue;
        if (looks_up && !fr_id_table_add(call, table, codes[i], &id)) return false;
        if (id == b->n && !add_entry(call, b, codes[i], (uint64_t)row)) return false;
        job->ids[row] = id;
    }
    if (looks_up) b->n_seen += s->n;
    return true;
}

static bool number_block(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const block_job *job = state;
    block *b = &job->blocks[number];
    FR_CLEANUP(fr_id_table_clear) fr_id_table table = FR_ID_TABLE_INIT(call, job->seed);
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, number); fr_next_stretch(&s);)
        if (!number_stretch(call, job, b, &table, &s)) return false;
    return order_by_table(call, job, b);
}

static bool make_room(fr_call *call, fr_group_table *t)
{
    if (t->table.n <= t->capacity) return true;
    const size_t capacity = t->capacity * 4 + 64;
    uint64_t *firsts = fr_resize_array(call, t->firsts, t->capacity, capacity, sizeof *firsts);
    if (!firsts) return false;
    memset(firsts + t->capacity, 0xff, (capacity - t->capacity) * sizeof *firsts);      /* NO_ROW */
    t->firsts = firsts;
    t->capacity = capacity;
    return true;
}

/* One table takes its codes from all blocks, in order: who comes first is first. */
static bool merge_table(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const block_job *job = state;
    fr_group_table *t = &job->tables[number];
    for (size_t k = 0; k < job->n_blocks; k++) {
        const block *b = &job->blocks[k];
        for (uint32_t i = b->places[number]; i < b->places[number + 1]; i++) {
            entry *e = &b->entries[b->order[i]];
            uint32_t id;
            if (!fr_id_table_add(call, &t->table, e->code, &id) || !make_room(call, t)) return false;
            if (t->firsts[id] == NO_ROW) t->firsts[id] = e->row;
            e->row = t->firsts[id];
        }
    }
    return true;
}

static bool locals_to_groups(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const block_job *job = state;
    const block *b = &job->blocks[number];
    for (size_t i = 0; i < b->n; i++) b->entries[i].row = fr_rank_of_first(job->ranks, b->entries[i].row);
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, number); fr_next_stretch(&s);)
        for (size_t i = 0; i < s.n; i++) {
            uint32_t *id = &job->ids[s.first + (int64_t)i];
            if (*id != FR_NO_ID) *id = (uint32_t)b->entries[*id].row;
        }
    return true;
}

/* Groups of ids: ranks of first rows, or, where ids are in order of these (r NULL), the ids. */
static bool firsts_to_groups(fr_call *call, fr_group_table *t, const fr_first_rows *r)
{
    t->groups = fr_new_array(call, t->table.n, sizeof *t->groups);
    if (!t->groups) return false;
    t->n_groups = t->table.n;
    for (size_t i = 0; i < t->n_groups; i++) t->groups[i] = r ? fr_rank_of_first(r, t->firsts[i]) : (uint32_t)i;
    fr_free_array(call->context, t->firsts, t->capacity, sizeof *t->firsts);
    t->firsts = NULL;
    t->capacity = 0;
    return true;
}

static bool number_and_merge(fr_call *call, fr_grouping *g, block_job *job, fr_first_rows *r)
{
    if (!fr_for_blocks(call, job->n_blocks, number_block, job)) return false;
    if (!fr_for_blocks(call, job->n_tables, merge_table, job)) return false;
    for (size_t t = 0; t < job->n_tables; t++)
        for (uint32_t i = 0; i < job->tables[t].table.n; i++) {
            const uint64_t row = job->tables[t].firsts[i];
            r->bits[row >> 6] |= (uint64_t)1 << (row & 63);
        }
    if (!fr_number_first_rows(call, g, r, fr_bits_words(g->n_rows))) return false;
    for (size_t t = 0; t < job->n_tables; t++)
        if (!firsts_to_groups(call, &job->tables[t], r)) return false;
    job->ranks = r;
    return fr_for_blocks(call, job->n_blocks, locals_to_groups, job);
}

static bool group_by_hash(fr_call *call, fr_grouping *g, block_job *job, fr_first_rows *r)
{
    const unsigned bits = job->n_rows <= 1 << 20 ? 4 : 8;
    job->n_tables = (size_t)1 << bits;
    job->shift = 64 - bits;
    job->n_blocks = fr_block_count((size_t)job->n_rows, BLOCK_ROWS);
    job->blocks = fr_new_array(call, job->n_blocks, sizeof *job->blocks);
    if (!job->blocks) return false;
    g->tables = fr_new_array(call, job->n_tables, sizeof *g->tables);
    bool fine = g->tables != NULL;
    if (fine) {
        g->n_tables = job->n_tables;
        for (size_t t = 0; t < g->n_tables; t++) g->tables[t].table = (fr_id_table)FR_ID_TABLE_INIT(call, job->seed);
        job->tables = g->tables;
        fine = number_and_merge(call, g, job, r);
    }
    for (size_t k = 0; k < job->n_blocks; k++) {
        block *b = &job->blocks[k];
        fr_free_array(call->context, b->entries, b->capacity, sizeof *b->entries);
        fr_free_array(call->context, b->order, b->n, sizeof *b->order);
        fr_free_array(call->context, b->places, job->n_tables + 2, sizeof *b->places);
    }
    fr_free_array(call->context, job->blocks, job->n_blocks, sizeof *job->blocks);
    return fine;
}

/* ---- hash: rows of one block ------------------------------------------------------------------------------------- */
/* Ids of the table are groups: nothing is merged. */
static bool add_stretch(fr_call *call, const block_job *job, fr_group_table *t, const fr_stretch *s)
{
    uint64_t codes[FR_KEY_VECTOR];
    fr_keys_codes(job->keys, 0, job->keys->n_parts, s->first, s->n, codes);
    for (size_t i = 0; i < s->n; i++) {
        const int64_t row = s->first + (int64_t)i;
        uint32_t id;
        job->ids[row] = FR_NO_ID;
        if (is_dead(job->dead, row)) continue;
        if (!fr_id_table_add(call, &t->table, codes[i], &id) || !make_room(call, t)) return false;
        if (t->firsts[id] == NO_ROW) t->firsts[id] = (uint64_t)row;
        job->ids[row] = id;
    }
    return fr_go_on(call);
}

/* *many: so many codes that dealing the rows is quicker; nothing is done then. */
static bool group_by_one_table(fr_call *call, fr_grouping *g, const block_job *job, bool may_deal, bool *many)
{
    fr_group_table *t = g->tables = fr_new_array(call, 1, sizeof *g->tables);
    if (!t) return false;
    g->n_tables = 1;
    t->table = (fr_id_table)FR_ID_TABLE_INIT(call, job->seed);
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, 0); fr_next_stretch(&s);) {
        if (!add_stretch(call, job, t, &s)) return false;
        *many = may_deal && t->table.n > SOME_CODES && 2 * (int64_t)t->table.n > s.first + (int64_t)s.n;
        if (*many) return fr_group_codes_clear(g), true;
    }
    g->n_groups = t->table.n;
    g->firsts = fr_buffer_array(call, g->n_groups, sizeof(int64_t));
    if (!g->firsts) return false;
    if (g->n_groups) memcpy(g->firsts->data, t->firsts, g->n_groups * sizeof(int64_t));
    return firsts_to_groups(call, t, NULL);
}

/* ---- many codes: parts that fit the cache ------------------------------------------------------------------------ */
/* Decided by the first block alone, and by nothing else: either way gives the same numbers. */
static bool has_many_codes(fr_call *call, const block_job *job, bool *many)
{
    FR_CLEANUP(fr_id_table_clear) fr_id_table table = FR_ID_TABLE_INIT(call, job->seed);
    uint64_t codes[FR_KEY_VECTOR];
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, 0); table.n < MANY_CODES && fr_next_stretch(&s);) {
        uint32_t id;
        fr_keys_codes(job->keys, 0, job->keys->n_parts, s.first, s.n, codes);
        for (size_t i = 0; i < s.n; i++)
            if (!fr_id_table_add(call, &table, codes[i], &id)) return false;
    }
    *many = table.n >= MANY_CODES;
    return true;
}

/* Of each block, the rows that are the first of their group; a block is whole words of bits. */
static bool mark_firsts(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const block_job *job = state;
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, number); fr_next_stretch(&s);)
        for (size_t i = 0; i < s.n; i += 64) {
            const uint64_t row = (uint64_t)s.first + i, n = s.n - i < 64 ? s.n - i : 64;
            uint64_t word = 0;
            for (uint64_t k = 0; k < n; k++) word |= (uint64_t)(job->ids[row + k] == row + k) << k;
            job->ranks->bits[row >> 6] = word;
        }
    return true;
}

static bool firsts_to_ranks(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)call, (void)worker;
    const block_job *job = state;
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, number); fr_next_stretch(&s);)
        for (size_t i = 0; i < s.n; i++) {
            uint32_t *id = &job->ids[s.first + (int64_t)i];
            if (*id != FR_NO_ID) *id = fr_rank_of_first(job->ranks, *id);
        }
    return true;
}

/* Of keys that hardly repeat. */
bool fr_group_settle(fr_call *call, fr_grouping *g)
{
    const fr_first_rows ranks = fr_repeats_firsts(g->repeats);
    const size_t bytes = (size_t)g->n_rows * sizeof(uint32_t);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ids = fr_buffer_new(call, bytes);
    if (!ids) return false;
    memcpy(ids->data, g->repeats->first_of->data, bytes);
    block_job job = { .ids = ids->data, .n_rows = g->n_rows, .ranks = &ranks };
    if (!g->firsts && !fr_list_first_rows(call, g, &ranks, fr_bits_words(g->n_rows))) return false;
    if (!fr_for_blocks(call, fr_block_count((size_t)g->n_rows, BLOCK_ROWS), firsts_to_ranks, &job)) return false;
    g->ids = ids;
    ids = NULL;
    return true;
}

/* What a grouping knows that may wait: which rows are first, and the few that are not. */
static bool note_repeats(fr_call *call, fr_grouping *g, fr_buffer *bits, fr_buffer *before)
{
    g->repeats = fr_repeats_new(call, g, bits, before, g->ids);
    fr_drop_buffer(&g->ids);
    g->ids = NULL;
    return g->repeats;
}

static bool group_by_parts(fr_call *call, fr_grouping *g, block_job *job, fr_first_rows *r, fr_buffer *bits,
                           fr_buffer *before)
{
    const size_t n_blocks = fr_block_count((size_t)job->n_rows, BLOCK_ROWS);
    job->ranks = r;
    int64_t n_first;
    if (!fr_first_rows_by_parts(call, job->keys, job->ids, &n_first)) return false;
    if (n_first == g->n_rows && n_first < FR_NO_ID) {                                         /* rows are the groups */
        g->n_groups = (uint32_t)n_first;
        return true;
    }
    const size_t n_words = fr_bits_words(g->n_rows);
    if (!fr_for_blocks(call, n_blocks, mark_firsts, job) || !fr_count_first_rows(call, g, r, n_words)) return false;
    if (g->waits && !job->dead && fr_repeats_are_few(g->n_rows, g->n_groups)) return note_repeats(call, g, bits, before);
    return fr_list_first_rows(call, g, r, n_words) && fr_for_blocks(call, n_blocks, firsts_to_ranks, job);
}

/* ---- one code a row ---------------------------------------------------------------------------------------------- */
static bool group_by_blocks(fr_call *call, fr_grouping *g, block_job *job, bool many)
{
    const size_t n_words = ((size_t)job->n_rows + 63) / 64;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(call, n_words * sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *before = fr_buffer_array(call, n_words, sizeof(uint32_t));
    if (!bits || !before) return false;
    fr_first_rows r = { .bits = bits->data, .before = before->data };
    return many ? group_by_parts(call, g, job, &r, bits, before) : group_by_hash(call, g, job, &r);
}

static bool group_by_hash_or_parts(fr_call *call, fr_grouping *g, const fr_keys *keys, bool finds)
{
    g->ids = fr_buffer_array(call, (size_t)keys->n_rows, sizeof(uint32_t));
    if (!g->ids) return false;
    block_job job = { .keys = keys, .grouping = g, .ids = g->ids->data, .n_rows = keys->n_rows,
                      .dead = keys->dead ? keys->dead->data : NULL, .seed = fr_context_seed(call->context) };
    const bool may_deal = !finds && keys->n_rows >= MANY_ROWS && !fr_rows_are_wide(keys->n_rows);
    bool many = false;
    if (keys->n_rows <= BLOCK_ROWS) {
        if (!group_by_one_table(call, g, &job, may_deal, &many)) return false;
        if (!many) return true;
    } else if (may_deal && !has_many_codes(call, &job, &many)) {
        return false;
    }
    return group_by_blocks(call, g, &job, many);
}

/* Few possible codes: a table by code. */
bool fr_codes_are_direct(const fr_grouping *g)
{
    return g->span <= FEW_CODES + 4 * (uint64_t)g->n_rows && g->span <= UINT32_MAX && !fr_rows_are_wide(g->n_rows);
}

bool fr_group_codes(fr_call *call, fr_grouping *g, const fr_keys *keys, bool finds)
{
    if (!fr_codes_are_direct(g)) return group_by_hash_or_parts(call, g, keys, finds);
    if (!fr_group_directly(call, g, keys, FR_CODES_NUMBERED, NULL)) return false;
    g->ids = fr_buffer_array(call, (size_t)keys->n_rows, sizeof(uint32_t));
    return g->ids && fr_direct_groups_of_all(call, g, keys, g->ids->data);
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */
static inline uint32_t find_code(const fr_grouping *g, uint64_t code)
{
    if (g->slots) return ((const uint32_t *)g->slots->data)[code];
    const uint64_t seed = g->tables[0].table.seed;
    const unsigned bits = (unsigned)__builtin_ctzll(g->n_tables);                              /* 0 of one table */
    const fr_group_table *t = &g->tables[fr_hash_u64(code, seed) >> 1 >> (63 - bits)];
    const uint32_t id = fr_id_table_find(&t->table, code);
    return id == FR_NO_ID ? FR_NO_ID : t->groups[id];
}

static bool find_block(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const block_job *job = state;
    uint64_t codes[FR_KEY_VECTOR];
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(job->n_rows, BLOCK_ROWS, number); fr_next_stretch(&s);) {
        fr_keys_codes(job->keys, 0, job->keys->n_parts, s.first, s.n, codes);
        for (size_t i = 0; i < s.n; i++) {
            const int64_t row = s.first + (int64_t)i;
            job->ids[row] = is_dead(job->dead, row) ? FR_NO_ID : find_code(job->grouping, codes[i]);
        }
    }
    return true;
}

fr_buffer *fr_group_find(fr_call *call, const fr_grouping *g, const fr_keys *keys)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ids = fr_buffer_array(call, (size_t)keys->n_rows, sizeof(uint32_t));
    if (!ids) return NULL;
    block_job job = { .keys = keys, .grouping = g, .ids = ids->data, .n_rows = keys->n_rows,
                      .dead = keys->dead ? keys->dead->data : NULL };
    if (!fr_for_blocks(call, fr_block_count((size_t)keys->n_rows, BLOCK_ROWS), find_block, &job)) return NULL;
    fr_buffer *found = ids;
    ids = NULL;
    return found;
}
