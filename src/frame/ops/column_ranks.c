/* column_ranks.c — values at given ranks of a column, all of them in one or two readings.
 *
 * The range of the values is known; it is cut into 16,384 bins of equal width, or as many as are enough for few rows,
 * and the values of each are counted. Where a bin holds one value only (integers of a small range) that was all. Else
 * the second reading gathers the values of the few bins in which a wanted rank lies, and rank_select.h finds it among
 * them. Of many doubles a sample usually tells so well where the ranks lie that one reading will do (column_windows.h).
 *
 *     values 50 20 90 10 20    ranks 0, 2     counts by tens: 1 2 . . 1 . . . 1     rank 0 → 10, rank 2 → second 20
 *
 * What is found are values, so it does not matter who gathers which: the same for any number of threads.
 */
#include "ops/column_ranks.h"

#include "base/memory.h"
#include "base/threads.h"
#include "data/code_kernels.h"
#include "kernel/bits.h"
#include "kernel/rank_select.h"
#include "kernel/scaled.h"
#include "kernel/value_bins.h"
#include "ops/column_windows.h"
#include "ops/keys.h"

#include <string.h>

enum { BIN_BITS = 14, BINS = 1 << BIN_BITS, LEAST_BIN_BITS = 6, CHUNK = 1024, NO_SLOT = 0,
       FEW_VALUES = 24 };                  /* a comparison of all rows with each takes less than counting in tables */

typedef struct wanted_bin {
    size_t           bin;
    uint64_t         count;
    uint64_t        *keys;             /* the bin's values, gathered                                           */
    _Atomic(uint64_t) gathered;
} wanted_bin;

typedef struct search {
    const fr_column *column;
    uint64_t         low;              /* least key                                                            */
    unsigned         shift;            /* (key - low) >> shift is the bin                                      */
    size_t           block_rows, n_values;     /* the latter at most BINS, of integers exact */
    size_t           n_bins;           /* fewer than BINS of few values, or of few rows                        */
    uint64_t        *counts;           /* per worker n_bins                                                    */
    uint8_t         *slots;            /* per bin: 1 + its place in `wanted`                                   */
    wanted_bin       wanted[FR_MOST_RANKS];
    size_t           n_wanted;
} search;

/* ---- keys: u64 that sort as the values do ------------------------------------------------------------------------ */
static bool is_real(const fr_column *column)
{
    return fr_kind_is_float(column->type->kind) && !column->digits;
}

static bool has_sign(const fr_column *column)
{
    return fr_kind_is_signed(column->type->kind) || column->digits;
}

static double value_of(const fr_column *column, uint64_t key)
{
    if (is_real(column)) return fr_unordered_f64(key);
    if (column->digits) return fr_scaled_real((int32_t)(int64_t)(key ^ (uint64_t)1 << 63), column->digits);
    if (has_sign(column)) return (double)(int64_t)(key ^ (uint64_t)1 << 63);
    return (double)key;
}

/* The keys of rows first … first + n - 1, a multiple of 64 from the column's start; nulls left out. → how many */
static size_t keys_of(const fr_column *column, size_t first, size_t n, uint64_t out[CHUNK])
{
    static const fr_code_rule plain = { .top = UINT64_MAX };
    fr_code_kernels_of(column->phys)->codes(
        out, (const char *)column->values + first * fr_phys_width(column->phys), n, &plain, NULL, false);
    if (!column->valid) return n;
    size_t kept = 0;
    for (size_t i = 0; i < n; i += 64)
        for (uint64_t word = fr_valid_word(column->valid, (int64_t)(first + i), (int64_t)(first + n)); word;
             word &= word - 1)
            out[kept++] = out[i + (size_t)__builtin_ctzll(word)];
    return kept;
}

/* ---- the first reading ------------------------------------------------------------------------------------------- */
/* Few values of one byte: each is looked for in all rows. Zero stands under nulls. */
static void count_each(const search *s, size_t first, size_t n, uint64_t *counts)
{
    const uint64_t *valid = s->column->valid ? s->column->valid + first / 64 : NULL;
    const uint64_t flip = s->column->phys == FR_PHYS_I8 ? (uint64_t)1 << 63 : 0, bin_of_zero = flip - s->low;
    FR_ISA_PICK(fr_bins_kernels)->count_bytes(counts, (const uint8_t *)s->column->values + first, n,
                                              (uint8_t)(s->low ^ flip), s->n_values);
    if (valid && bin_of_zero < s->n_values) counts[bin_of_zero] -= n - (uint64_t)fr_bits_count(valid, (int64_t)n);
}

/* One byte a value: in four tables by turns, since a count that is added to again at once waits for itself. Zero stands
 * under nulls. */
static void count_bytes(const search *s, size_t first, size_t n, uint64_t *counts)
{
    enum { TABLES = 4, VALUES = 256 };
    uint32_t tables[TABLES][VALUES] = { 0 };
    const uint8_t *x = (const uint8_t *)s->column->values + first;
    const uint64_t *valid = s->column->valid ? s->column->valid + first / 64 : NULL;
    const bool is_signed = s->column->phys == FR_PHYS_I8;
    size_t i = 0;
    for (; i + TABLES <= n; i += TABLES)
        for (size_t k = 0; k < TABLES; k++) tables[k][x[i + k]]++;
    for (; i < n; i++) tables[0][x[i]]++;
    if (valid) tables[0][0] -= (uint32_t)((int64_t)n - fr_bits_count(valid, (int64_t)n));
    for (size_t v = 0; v < VALUES; v++) {
        const uint32_t here = tables[0][v] + tables[1][v] + tables[2][v] + tables[3][v];
        const uint64_t key = is_signed ? fr_ordered_i64((int8_t)v) : v;
        if (here) counts[key - s->low] += here;
    }
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    const search *s = state;
    uint64_t keys[CHUNK], *counts = s->counts + worker * s->n_bins;
    const size_t n_rows = (size_t)s->column->length, from = block * s->block_rows;
    const size_t until = from + s->block_rows < n_rows ? from + s->block_rows : n_rows;
    if (!fr_go_on(call)) return false;
    if (s->column->phys == FR_PHYS_I8 || s->column->phys == FR_PHYS_U8) {
        if (s->n_values <= FEW_VALUES) count_each(s, from, until - from, counts);
        else count_bytes(s, from, until - from, counts);
        return true;
    }
    for (size_t first = from; first < until; first += CHUNK) {
        const size_t n = keys_of(s->column, first, until - first < CHUNK ? until - first : CHUNK, keys);
        for (size_t i = 0; i < n; i++) counts[(keys[i] - s->low) >> s->shift]++;
    }
    return true;
}

static bool count_bins(fr_call *call, search *s, size_t n_workers)
{
    const size_t n_blocks = fr_block_count((size_t)s->column->length, s->block_rows);
    if (!fr_for_blocks(call, n_blocks, count_block, s)) return false;
    for (size_t w = 1; w < n_workers; w++)
        for (size_t i = 0; i < s->n_bins; i++) s->counts[i] += s->counts[w * s->n_bins + i];
    return true;
}

/* The bin that holds a rank, which becomes the rank within it. */
static size_t bin_of(const search *s, uint64_t *rank)
{
    size_t bin = 0;
    for (; bin + 1 < s->n_bins && *rank >= s->counts[bin]; bin++) *rank -= s->counts[bin];
    return bin;
}

/* ---- the second -------------------------------------------------------------------------------------------------- */
static void append(wanted_bin *w, const uint64_t *keys, const uint8_t *slots, size_t n, uint8_t slot)
{
    uint64_t n_mine = 0;
    for (size_t i = 0; i < n; i++) n_mine += slots[i] == slot;
    if (!n_mine) return;
    uint64_t *to = w->keys + atomic_fetch_add_explicit(&w->gathered, n_mine, memory_order_relaxed);
    for (size_t i = 0; i < n; i++)
        if (slots[i] == slot) *to++ = keys[i];
}

static bool gather_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    search *s = state;
    uint64_t keys[CHUNK];
    uint8_t slots[CHUNK];
    const size_t n_rows = (size_t)s->column->length, from = block * s->block_rows;
    const size_t until = from + s->block_rows < n_rows ? from + s->block_rows : n_rows;
    if (!fr_go_on(call)) return false;
    for (size_t first = from; first < until; first += CHUNK) {
        const size_t n = keys_of(s->column, first, until - first < CHUNK ? until - first : CHUNK, keys);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            const uint8_t slot = s->slots[(keys[i] - s->low) >> s->shift];
            keys[kept] = keys[i];
            slots[kept] = slot;
            kept += slot != NO_SLOT;
        }
        for (size_t w = 0; w < s->n_wanted && kept; w++) append(&s->wanted[w], keys, slots, kept, (uint8_t)(w + 1));
    }
    return true;
}

static bool want(fr_call *call, fr_arena *arena, search *s, size_t bin)
{
    if (s->slots[bin] != NO_SLOT) return true;
    wanted_bin *w = &s->wanted[s->n_wanted];
    w->bin = bin;
    w->count = s->counts[bin];
    w->keys = fr_arena_array(call, arena, w->count, sizeof *w->keys);
    atomic_init(&w->gathered, 0);
    if (!w->keys) return false;
    s->slots[bin] = (uint8_t)++s->n_wanted;
    return true;
}

/* ---- the interface ----------------------------------------------------------------------------------------------- */
bool fr_column_has_ranks(const fr_column *column)
{
    return column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_F64 && !column->dictionary && !column->foreign &&
           fr_kind_is_number(column->type->kind) && column->type->kind != FR_DECIMAL;
}

static void set_range(search *s, const fr_facts *facts)
{
    const bool real = is_real(s->column), with_sign = has_sign(s->column);
    s->low = real ? fr_ordered_f64(facts->min.f) : with_sign ? fr_ordered_i64(facts->min.i) : facts->min.u;
    const uint64_t high = real ? fr_ordered_f64(facts->max.f) : with_sign ? fr_ordered_i64(facts->max.i) : facts->max.u;
    const uint64_t width = high - s->low;
    s->n_values = width < BINS ? (size_t)width + 1 : BINS;
    const unsigned used = fr_bit_length(width), rows = fr_bit_length((uint64_t)s->column->length);
    const unsigned bits = rows > BIN_BITS ? BIN_BITS : rows < LEAST_BIN_BITS ? LEAST_BIN_BITS : rows;
    s->shift = used > BIN_BITS ? used - bits : 0;
    s->n_bins = s->shift ? (size_t)1 << bits : s->n_values;
}

/* Each bin is one value: of integers whose squares are small the sums are those of the counts. */
static void add_counted(const search *s, fr_counted_sums *out)
{
    const int64_t most = (int64_t)1 << 21;
    const double low = value_of(s->column, s->low), high = value_of(s->column, s->low + BINS - 1);
    *out = (fr_counted_sums){ 0 };
    if (fr_kind_is_float(s->column->type->kind) || low < (double)-most || high > (double)most) return;
    for (size_t bin = 0; bin < s->n_bins; bin++) {
        const int64_t x = (int64_t)low + (int64_t)bin;
        out->sums.x += (fr_i128)s->counts[bin] * x;
        out->sums.xx += (fr_i128)s->counts[bin] * (x * x);
    }
    out->known = true;
}

/* ranks[i] lies in the bin bins[i]; it has become the rank within. */
static bool find_in_bins(fr_call *call, fr_arena *arena, search *s, const uint64_t *ranks, const size_t *bins, size_t n,
                         double *out)
{
    s->slots = fr_arena_array(call, arena, s->n_bins, 1);
    if (!s->slots) return false;
    memset(s->slots, NO_SLOT, s->n_bins);
    for (size_t i = 0; i < n; i++)
        if (!want(call, arena, s, bins[i])) return false;
    if (!fr_for_blocks(call, fr_block_count((size_t)s->column->length, s->block_rows), gather_block, s)) return false;
    for (size_t i = 0; i < n; i++) {
        const wanted_bin *w = &s->wanted[s->slots[bins[i]] - 1];
        uint64_t key;
        if (!fr_key_at_rank_parallel(call, w->keys, w->count, ranks[i], &key)) return false;
        out[i] = value_of(s->column, key);
    }
    return true;
}

bool fr_column_at_ranks(fr_call *call, const fr_column *column, const fr_facts *facts, const uint64_t *ranks, size_t n,
                        double *out, fr_counted_sums *sums)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t n_workers = fr_worker_count(call);
    uint64_t within[FR_MOST_RANKS];
    size_t bins[FR_MOST_RANKS];
    search s = { .column = column, .block_rows = (fr_block_rows(call) + 63) / 64 * 64 };
    set_range(&s, facts);
    bool found = false;
    if (s.shift && !fr_column_in_windows(call, column, ranks, n, out, &found, sums)) return false;
    if (found) return true;
    s.counts = fr_arena_array(call, &arena, n_workers * s.n_bins, sizeof *s.counts);
    if (!s.counts) return false;
    memset(s.counts, 0, n_workers * s.n_bins * sizeof *s.counts);
    if (!count_bins(call, &s, n_workers)) return false;
    for (size_t i = 0; i < n; i++) {
        within[i] = ranks[i];
        bins[i] = bin_of(&s, &within[i]);
    }
    if (s.shift) return find_in_bins(call, &arena, &s, within, bins, n, out);
    add_counted(&s, sums);
    for (size_t i = 0; i < n; i++) out[i] = value_of(column, s.low + bins[i]);
    return true;
}
