/* group_seen.c — three ways to the lowest row of each code (see group_seen.h).
 *
 * Codes of a dictionary often come first in the order 0, 1, 2 …: then a row with a new code is one whose code is larger
 * than all before it, and a look at the largest code of each vector finds the few that need a second look. Blocks of rows
 * find their largest first, which tells each with which code it must go on.
 *
 * Nulls among them are passed over: their first row is the first bit that is not set.
 *
 * Few codes are seen in waves of blocks, by all workers in one table, until none is missing. Some never come, those in a
 * gap of the range: then all rows are read, and most are asked for no more than a bit, whether their code was seen before
 * the wave. Where several columns make the code, the gaps may be in one of them (ops/group_absent.h). Of one column it is noted
 * which codes came (data/code_set.h), so that the next who groups by it is done when these have been seen.
 *
 * Many codes are cut into ranges, one a worker, who takes the rows with its codes out of all rows, in order: no two write
 * to one place, and who comes first is known at once, so bits of the lowest rows fall out. Reading 4 bytes a row once more
 * for each worker costs less than one of the accesses that it spares. Where records are to follow, codes get numbers
 * within smaller ranges instead of lowest rows (ops/group_ranges.h), and maybe the records at once (ops/tally_riders.h), or
 * only the bits of first rows are found (ops/group_firsts.h).
 */
#include "ops/group_seen.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/key_slots.h"
#include "kernel/prefetch.h"
#include "ops/code_sieve.h"
#include "ops/group_absent.h"
#include "ops/group_direct.h"
#include "ops/group_firsts.h"
#include "ops/tally_ranges.h"
#include "ops/tally_riders.h"

#include <string.h>

enum { SEEN_ROWS = 1 << 15,                /* of a block of which codes are seen */
       FIRST_WAVE = 4,                     /* of those */
       ALONE_ROWS = 1 << 18,               /* looked at by one worker, where codes come in order … */
       ORDER_ROWS = 1 << 17,               /* … and then blocks of so many … */
       ORDER_WAVE = 16,                    /* … in waves of so many */
       LOOK_ROWS = 128,                    /* of which the largest code says whether one may be new */
       MANY_BLOCKS = 4,                    /* as many codes as these have rows are many: 2^18 */
       MOST_RANGES = 16,
       SEEN_PER_CODE = 8,                  /* rows a code, after which bits tell which codes have a row */
       ASKED_ROWS = 256 };                 /* whose bits are looked at together */

/* ---- in order ---------------------------------------------------------------------------------------------------- */
typedef struct order_job {
    fr_seen_codes *seen;
    int64_t        first_row;              /* of a wave */
    uint32_t       next[ORDER_WAVE + 1];   /* by block: one more than its largest code; then the code that must come next */
    bool           guessed, broken[ORDER_WAVE];
} order_job;

static fr_stretch rows_of(const order_job *job, size_t block)
{
    const int64_t n_rows = job->seen->keys->n_rows, first = job->first_row + (int64_t)block * ORDER_ROWS;
    return (fr_stretch){ .first = first, .end = n_rows - first < ORDER_ROWS ? n_rows : first + ORDER_ROWS };
}

/* A few rows from `first` on. */
static bool see_few(const fr_seen_codes *seen, uint32_t first, const uint32_t *slots, size_t n, uint32_t *next, uint32_t end)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    uint32_t high[LOOK_ROWS + FR_SIEVE_ROOM], places[LOOK_ROWS + FR_SIEVE_ROOM];
    const uint32_t low = *next;
    if (kernels->largest(slots, n) < low) return true;
    const size_t n_high = kernels->sieve(high, places, slots, n, low, UINT32_MAX - low);
    for (size_t i = 0; i < n_high; i++) {
        if (high[i] + low < *next) continue;
        if (high[i] + low > *next || *next == end) return false;
        seen->lowest[(*next)++] = first + places[i];
    }
    return true;
}

/* Rows of a stretch whose codes are not below *next must have *next, *next + 1 … end - 1 first; false: they do not. `all`:
 * there may be others behind those. */
static bool see_stretch(const fr_seen_codes *seen, fr_stretch s, uint32_t *next, uint32_t end, bool all)
{
    uint32_t slots[FR_KEY_VECTOR];
    while ((all || *next < end) && fr_next_stretch(&s)) {
        fr_row_slots(seen->keys, s.first, s.n, slots);
        if (FR_ISA_PICK(fr_slot_kernels)->largest(slots, s.n) < *next) continue;
        for (size_t i = 0; i < s.n; i += LOOK_ROWS)
            if (!see_few(seen, (uint32_t)s.first + (uint32_t)i, slots + i, s.n - i < LOOK_ROWS ? s.n - i : LOOK_ROWS, next,
                         end)) return false;
    }
    return true;
}

static bool find_largest(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    order_job *job = state;
    uint32_t slots[FR_KEY_VECTOR], most = 0;
    for (fr_stretch s = rows_of(job, block); fr_next_stretch(&s);) {
        fr_row_slots(job->seen->keys, s.first, s.n, slots);
        const uint32_t largest = FR_ISA_PICK(fr_slot_kernels)->largest(slots, s.n);
        most = largest > most ? largest : most;
    }
    job->next[block + 1] = most + 1;
    return fr_go_on(call);
}

static bool see_block_in_order(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    order_job *job = state;
    uint32_t next = job->next[block];
    const uint32_t end = job->next[block + 1];
    job->broken[block] = !see_stretch(job->seen, rows_of(job, block), &next, end, job->guessed) || next < end;
    return fr_go_on(call);
}

static uint32_t code_of_row(const order_job *job, int64_t row)
{
    uint32_t slots[64];
    const int64_t first = row & ~(int64_t)63;
    fr_row_slots(job->seen->keys, first, (size_t)(row - first) + 1, slots);
    return slots[row - first];
}

/* As if rows were sorted: blocks go on behind the last code of the one before them. */
static bool guess(order_job *job, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        job->next[i + 1] = code_of_row(job, rows_of(job, i).end - 1) + 1;
        if (job->next[i + 1] < job->next[i]) return false;
    }
    return true;
}

static bool has_broken(const order_job *job, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) any |= job->broken[i];
    return any;
}

static bool see_behind_largest(fr_call *call, order_job *job, size_t n)
{
    job->guessed = false;
    if (!fr_for_blocks(call, n, find_largest, job)) return false;
    for (size_t i = 0; i < n; i++)
        if (job->next[i + 1] < job->next[i]) job->next[i + 1] = job->next[i];
    return fr_for_blocks(call, n, see_block_in_order, job);
}

/* A wave; *next goes on; *broken: some code came too early. */
static bool see_wave_in_order(fr_call *call, order_job *job, uint32_t *next, bool *broken)
{
    const size_t left = fr_block_count((size_t)(job->seen->keys->n_rows - job->first_row), ORDER_ROWS);
    const size_t n = left < ORDER_WAVE ? left : ORDER_WAVE;
    job->next[0] = *next;
    job->guessed = guess(job, n);
    if (job->guessed && !fr_for_blocks(call, n, see_block_in_order, job)) return false;
    if ((!job->guessed || has_broken(job, n)) && !see_behind_largest(call, job, n)) return false;
    *broken = has_broken(job, n);
    *next = job->next[n];
    job->first_row += (int64_t)n * ORDER_ROWS;
    return true;
}

/* Until one breaks the order or all are there. */
static bool see_in_order(fr_call *call, fr_seen_codes *seen)
{
    const int64_t n_rows = seen->keys->n_rows, alone = n_rows < ALONE_ROWS ? n_rows : ALONE_ROWS;
    const uint32_t span = (uint32_t)seen->span;
    order_job job = { .seen = seen, .first_row = alone };
    uint32_t next = 0;
    bool broken = !see_stretch(seen, fr_stretch_of(alone, alone, 0), &next, span, false);
    while (!broken && next < span && job.first_row < n_rows)
        if (!see_wave_in_order(call, &job, &next, &broken)) return false;
    seen->in_order = !broken && next == span;
    return true;
}

/* ---- in order, but for null -------------------------------------------------------------------------------------- */
/* Of a dictionary with nulls, whose zeros are code 0, and whose own code is the last. */
static bool has_nulls_at_zero(const fr_seen_codes *seen)
{
    const fr_key_part *part = seen->keys->parts;
    return seen->keys->n_parts == 1 && part->valid && part->slice == FR_KEY_WHOLE && !part->text && !part->map
        && part->zero_code == 0 && part->rule.null_code == seen->span - 1 && seen->span > 1;
}

/* The first row from `row` on that has a value, or has none; n_rows: there is no such row. */
static int64_t next_row(const uint64_t *valid, int64_t row, int64_t n_rows, bool has_value)
{
    while (row < n_rows) {
        const uint64_t words = has_value ? valid[row / 64] : ~valid[row / 64], left = words >> (row & 63);
        if (left) return row + __builtin_ctzll(left) < n_rows ? row + __builtin_ctzll(left) : n_rows;
        row = (row | 63) + 1;
    }
    return n_rows;
}

/* Values are looked at as if there were no nulls. Then code 0 may have been seen in one: it has the first row with a value,
 * if no other code came before that. */
static bool see_in_order_but_null(fr_call *call, fr_seen_codes *seen)
{
    fr_key_part part = seen->keys->parts[0];
    const uint64_t *valid = part.valid;
    part.valid = NULL;
    const fr_keys keys = { .context = seen->keys->context, .n_rows = seen->keys->n_rows, .n_parts = 1, .parts = &part };
    fr_seen_codes values = { .keys = &keys, .span = seen->span - 1, .lowest = seen->lowest };
    if (!see_in_order(call, &values)) return false;
    if (!values.in_order) return true;
    const int64_t end = values.span > 1 ? seen->lowest[1] : keys.n_rows, first = next_row(valid, seen->lowest[0], end, true);
    const int64_t null = next_row(valid, 0, keys.n_rows, false);
    seen->lowest[0] = (uint32_t)first;
    seen->lowest[values.span] = (uint32_t)null;
    seen->in_order_but_last = first < end && null < keys.n_rows;
    return true;
}

/* ---- few codes: waves -------------------------------------------------------------------------------------------- */
typedef struct wave_job {
    const fr_keys     *keys;
    const uint64_t    *dead;
    _Atomic(uint32_t) *lowest;             /* by slot */
    size_t             span, n_missing;    /* codes; those without a row … */
    size_t             n_never;            /* … of which so many are known to have none */
    size_t             first_block;        /* of a wave */
    uint32_t          *seen;               /* bits of codes that have a row before the wave … */
    bool               uses_seen;          /* … which rows are first asked about … */
    _Atomic(bool)      looked;             /* … and some looked at closely, since they may have a new one */
} wave_job;

static inline void lower(_Atomic(uint32_t) *slot, uint32_t row)
{
    uint32_t seen = atomic_load_explicit(slot, memory_order_relaxed);
    while (row < seen && !atomic_compare_exchange_weak_explicit(slot, &seen, row, memory_order_relaxed,
                                                                memory_order_relaxed)) continue;
}

static void see_rows(const wave_job *job, int64_t first, size_t n, const uint32_t *slots)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t row = first + (int64_t)i;
        if (i + FR_AHEAD < n) fr_ask_for((const void *)job->lowest, slots[i + FR_AHEAD], sizeof *job->lowest);
        if (!job->dead || !fr_bit(job->dead, row)) lower(&job->lowest[slots[i]], (uint32_t)row);
    }
}

/* Rows of the few codes that have none yet. */
static void see_missing(wave_job *job, int64_t first, size_t n, const uint32_t *slots)
{
    const fr_slot_kernels *kernels = FR_ISA_PICK(fr_slot_kernels);
    for (size_t i = 0; i < n; i += ASKED_ROWS) {
        const size_t more = n - i < ASKED_ROWS ? n - i : ASKED_ROWS;
        if (kernels->are_among(slots + i, more, job->seen, job->span)) continue;
        see_rows(job, first + (int64_t)i, more, slots + i);
        atomic_store_explicit(&job->looked, true, memory_order_relaxed);
    }
}

static bool see_block(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    wave_job *job = state;
    uint32_t slots[FR_KEY_VECTOR];
    if (!fr_go_on(call)) return false;
    for (fr_stretch s = fr_stretch_of(job->keys->n_rows, SEEN_ROWS, job->first_block + number); fr_next_stretch(&s);) {
        fr_row_slots(job->keys, s.first, s.n, slots);
        if (job->uses_seen) see_missing(job, s.first, s.n, slots);
        else see_rows(job, s.first, s.n, slots);
    }
    return true;
}

static size_t count_missing(const uint32_t *lowest, size_t n)
{
    size_t missing = 0;
    for (size_t i = 0; i < n; i++) missing += lowest[i] == FR_NO_ROW32;
    return missing;
}

static void mark_seen(uint32_t *seen, const uint32_t *lowest, size_t n)
{
    for (size_t begin = 0; begin < n; begin += 32) {
        const size_t end = n - begin < 32 ? n : begin + 32;
        uint32_t bits = 0;
        for (size_t i = begin; i < end; i++) bits |= (uint32_t)(lowest[i] != FR_NO_ROW32) << (i - begin);
        seen[begin / 32] = bits;
    }
}

/* After several rows a code nearly all codes that occur have been seen: those that have not may never be. Fewer rows than
 * codes leave some missing. */
static void look_back(wave_job *job, const uint32_t *lowest, size_t rows_seen)
{
    const bool uses = rows_seen / SEEN_PER_CODE >= job->span;
    if (rows_seen < job->span || (job->uses_seen && !job->looked)) return;
    const size_t missing = count_missing(lowest, job->span);
    if (uses && (!job->uses_seen || missing < job->n_missing)) mark_seen(job->seen, lowest, job->span);
    job->uses_seen = uses;
    job->n_missing = missing;
    job->looked = false;
}

/* Is there nothing more to see? Columns are looked at once, where that is less than to see the rows that are left. */
static bool is_complete(fr_call *call, fr_arena *arena, const wave_job *job, const uint32_t *lowest, size_t rows_seen,
                        fr_absent_values *absent, bool *complete)
{
    *complete = job->n_missing == job->n_never;
    if (*complete || !job->uses_seen) return true;
    const bool early = rows_seen < (size_t)job->keys->n_rows / 2;
    if (!absent->n_parts && early && !fr_absent_values_find(call, arena, job->keys, lowest, job->span, absent)) return false;
    *complete = absent->n_parts && fr_absent_values_explain(absent, lowest, job->span);
    return true;
}

/* Some codes never came: so it is told to the column, and who asks again need not look so far. */
static bool note_seen(fr_call *call, const wave_job *job, const uint32_t *lowest)
{
    const fr_column *column = fr_column_of_codes(job->keys);
    if (!column || !job->uses_seen || job->n_never) return true;
    mark_seen(job->seen, lowest, job->span);
    return fr_code_set_note(call, column, &job->keys->parts->rule, job->seen);
}

/* Each wave is a quarter of all before it; a code first seen in one has its lowest row there. */
static bool see_waves(fr_call *call, const fr_seen_codes *seen)
{
    wave_job job = { .keys = seen->keys, .dead = seen->keys->dead ? seen->keys->dead->data : NULL,
                     .lowest = (void *)seen->lowest, .span = seen->span, .n_missing = seen->span };
    const size_t n_blocks = fr_block_count((size_t)seen->keys->n_rows, SEEN_ROWS);
    const size_t n_bits = job.span < FR_FEW_SLOTS ? FR_FEW_SLOTS : job.span;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_absent_values absent = { 0 };
    bool complete = false;
    const fr_code_set *known = fr_known_codes(seen->keys);
    if (known) job.n_never = job.span - known->n_codes;
    job.seen = fr_arena_array(call, &arena, n_bits / 32 + 1, sizeof *job.seen);
    if (!job.seen) return false;
    for (size_t done = 0, wave; done < n_blocks && !complete; done += wave) {
        wave = done / 4 > FIRST_WAVE ? done / 4 : FIRST_WAVE;
        job.first_block = done;
        if (!fr_for_blocks(call, n_blocks - done < wave ? n_blocks - done : wave, see_block, &job)) return false;
        const size_t rows_seen = (done + wave) * SEEN_ROWS;
        look_back(&job, seen->lowest, rows_seen);
        if (!is_complete(call, &arena, &job, seen->lowest, rows_seen, &absent, &complete)) return false;
    }
    return complete || note_seen(call, &job, seen->lowest);
}

/* ---- many codes: ranges ------------------------------------------------------------------------------------------ */
typedef struct range_job {
    const fr_seen_codes *seen;
    const uint64_t      *dead;
    uint64_t            *bits;             /* [range][n_words] */
    size_t               n_ranges, n_words;
} range_job;

static void drop_dead(const uint64_t *dead, fr_sieved_rows *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        v->codes[n] = v->codes[i];
        v->places[n] = v->places[i];
        n += !fr_bit(dead, v->first + (int64_t)v->places[i]);
    }
    v->n = n;
}

static void take_vector(const range_job *job, const fr_code_sieve *sieve, fr_stretch *s, fr_sieved_rows *v)
{
    fr_sieve_rows(sieve, s, v);
    if (job->dead) drop_dead(job->dead, v);
}

/* Rows in order, so a code that has a row has the lowest. Those of the next vector are asked for. → new codes. */
static size_t see_vector(uint32_t *lowest, uint64_t *bits, const fr_sieved_rows *v, const fr_sieved_rows *soon)
{
    uint32_t firsts[FR_KEY_VECTOR];
    size_t n_firsts = 0;
    for (size_t i = 0; i < v->n; i++) {
        const uint32_t row = (uint32_t)v->first + v->places[i], code = v->codes[i], seen = lowest[code];
        if (i < soon->n) fr_ask_for(lowest, soon->codes[i], sizeof *lowest);
        lowest[code] = seen < row ? seen : row;
        firsts[n_firsts] = v->places[i];
        n_firsts += seen == FR_NO_ROW32;
    }
    for (size_t i = v->n; i < soon->n; i++) fr_ask_for(lowest, soon->codes[i], sizeof *lowest);
    for (size_t i = 0; i < n_firsts; i++) bits[firsts[i] >> 6] |= (uint64_t)1 << (firsts[i] & 63);
    return n_firsts;
}

static bool see_range(fr_call *call, void *state, size_t number, size_t worker)
{
    (void)worker;
    const range_job *job = state;
    const int64_t n_rows = job->seen->keys->n_rows;
    const size_t low = job->seen->span * number / job->n_ranges, high = job->seen->span * (number + 1) / job->n_ranges;
    uint64_t *bits = job->bits + number * job->n_words;
    size_t missing = high - low;
    const fr_code_sieve sieve = { job->seen->keys, (uint32_t)low, (uint32_t)(high - low) };
    fr_sieved_rows room[2];
    fr_stretch s = fr_stretch_of(n_rows, n_rows, 0);
    take_vector(job, &sieve, &s, &room[0]);
    for (size_t k = 0; s.n && s.first < n_rows && missing; k ^= 1) {
        const fr_sieved_rows *v = &room[k];
        const int64_t first = s.first;
        take_vector(job, &sieve, &s, &room[k ^ 1]);
        if (!fr_go_on(call)) return false;
        missing -= see_vector(job->seen->lowest + low, bits + first / 64, v, &room[k ^ 1]);
    }
    return true;
}

enum { JOINED_WORDS = 1 << 12 };

/* Into the bits of the first range. */
static bool join_bits(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const range_job *job = state;
    const size_t begin = block * JOINED_WORDS, left = job->n_words - begin;
    for (size_t k = 1; k < job->n_ranges; k++)
        for (size_t w = begin; w < begin + (left < JOINED_WORDS ? left : JOINED_WORDS); w++)
            job->bits[w] |= job->bits[k * job->n_words + w];
    return true;
}

static bool see_ranges(fr_call *call, fr_seen_codes *seen)
{
    const size_t n_workers = fr_worker_count(call);
    range_job job = { .seen = seen, .dead = seen->keys->dead ? seen->keys->dead->data : NULL,
                      .n_ranges = n_workers < MOST_RANGES ? n_workers : MOST_RANGES,
                      .n_words = ((size_t)seen->keys->n_rows + 63) / 64 };
    seen->bits = fr_buffer_zeroed(call, job.n_ranges * job.n_words * sizeof(uint64_t));
    if (!seen->bits) return false;
    job.bits = seen->bits->data;
    return fr_for_blocks(call, job.n_ranges, see_range, &job)
        && fr_for_blocks(call, fr_block_count(job.n_words, JOINED_WORDS), join_bits, &job);
}

/* ---- which ------------------------------------------------------------------------------------------------------- */
static bool make_ranges(fr_call *call, fr_seen_codes *seen)
{
    const bool alone = seen->numbers == FR_CODES_ALONE;
    if (seen->tally && alone && !fr_tally_see(call, seen->tally, seen->keys, seen->span, &seen->ranges)) return false;
    if (seen->tally && !seen->ranges && !fr_tally_ride(call, seen->tally, seen->keys, seen->span, &seen->ranges)) return false;
    if (!seen->ranges)
        seen->ranges = (alone ? fr_group_firsts_new : fr_group_ranges_new)(call, seen->keys, seen->span);
    return seen->ranges != NULL;
}

bool fr_see_codes(fr_call *call, fr_seen_codes *seen)
{
    const bool many = seen->span > MANY_BLOCKS * fr_block_rows(call);
    const bool but_null = !many && !seen->keys->dead && has_nulls_at_zero(seen);
    if (!seen->keys->dead && !(but_null ? see_in_order_but_null : see_in_order)(call, seen)) return false;
    if (seen->in_order || seen->in_order_but_last) return true;
    if (many && seen->numbers && fr_group_ranges_pay(seen->keys, seen->span)) return make_ranges(call, seen);
    memset(seen->lowest, 0xff, seen->span * sizeof *seen->lowest);                                     /* FR_NO_ROW32 */
    return many ? see_ranges(call, seen) : see_waves(call, seen);
}
