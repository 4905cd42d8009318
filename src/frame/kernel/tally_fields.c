/* tally_fields.c — one loop a field, of eight rows a turn (kernel/together.h), and one a merge: see tally_fields.h. */
#include "kernel/tally_fields.h"

#include <string.h>

static inline bool is_set(const uint64_t *bits, size_t i)
{
    return !bits || (bits[i >> 6] >> (i & 63) & 1);
}

static inline void *record(char *field, uint32_t at)
{
    return field + at;
}

/* ---- counts ------------------------------------------------------------------------------------------------------ */
void fr_tally_rows(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    (void)in;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) ++*(uint32_t *)record(field, at[i]);
}

void fr_tally_values(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const uint64_t *valid = in->valid_x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) *(uint32_t *)record(field, at[i]) += is_set(valid, i);
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
void fr_tally_bits(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const uint64_t *bits = in->x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) *(int32_t *)record(field, at[i]) += (int32_t)(bits[i >> 6] >> (i & 63) & 1);
}

static inline uint32_t sum_of_run(const int32_t *x)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < FR_RUN; i++) sum += (uint32_t)x[i];
    return sum;
}

static inline void add_i32(void *sum, uint32_t x) { *(int32_t *)sum += (int32_t)x; }

/* Two rows out of one word each: a processor that reads and writes twice a cycle has four such accesses fewer. */
static void sum_two_by_two(char *restrict field, const uint32_t *restrict at, const int32_t *restrict x, size_t n)
{
    size_t i = 0;
#pragma GCC unroll 4
    for (; i + 2 <= n; i += 2) {
        uint64_t two, values;
        memcpy(&two, at + i, sizeof two);
        memcpy(&values, x + i, sizeof values);
        add_i32(record(field, (uint32_t)two), (uint32_t)values);
        add_i32(record(field, (uint32_t)(two >> 32)), (uint32_t)(values >> 32));
    }
    if (i < n) add_i32(record(field, at[i]), (uint32_t)x[i]);
}

/* Rows of a table sorted by its keys would wait for one another: each stores to the record of the one before it. */
void fr_tally_sum_i32(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const int32_t *restrict x = in->x;
    for (size_t begin = 0; begin < n; begin += FR_RUN) {
        const size_t more = n - begin < FR_RUN ? n - begin : FR_RUN;
        if (more == FR_RUN && fr_is_run(at + begin)) add_i32(record(field, at[begin]), sum_of_run(x + begin));
        else sum_two_by_two(field, at + begin, x + begin, more);
    }
}

void fr_tally_sum_i32_wide(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const int32_t *restrict x = in->x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) *(int64_t *)record(field, at[i]) += x[i];
}

void fr_tally_sum_i64(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const int64_t *restrict x = in->x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) *(int64_t *)record(field, at[i]) += x[i];
}

void fr_tally_sum_f32(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const float *restrict x = in->x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) fr_pair_add_at(record(field, at[i]), (double)x[i]);
}

void fr_tally_sum_f64(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const double *restrict x = in->x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) fr_pair_add_at(record(field, at[i]), x[i]);
}

void fr_tally_squares(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const int32_t *restrict x = in->x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) *(int64_t *)record(field, at[i]) += (int64_t)x[i] * x[i];
}

/* ---- extremes ---------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN uint32_t rank_at(const void *best, size_t width)
{
    return width == 1 ? *(const uint8_t *)best : width == 2 ? *(const uint16_t *)best : *(const uint32_t *)best;
}

FR_TEMPLATE_FN void add_rank(void *best, size_t width, uint32_t x, fr_tally_ranking of, bool valid)
{
    const uint32_t all = width == 1 ? UINT8_MAX : UINT32_MAX, rank = valid ? ((x ^ of.flip) + of.add) & all : 0;
    const uint32_t so_far = rank_at(best, width), better = rank > so_far ? rank : so_far;      /* no branch: a move */
    if (width == 1) *(uint8_t *)best = (uint8_t)better;
    else if (width == 2) *(uint16_t *)best = (uint16_t)better;
    else *(uint32_t *)best = better;
}

FR_TEMPLATE_FN void add_ranks(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in,
                              size_t width, bool bytes)
{
    const int32_t *restrict x = in->x;
    const uint8_t *restrict byte = in->x;
    const uint64_t *valid = in->valid_x;
    const fr_tally_ranking of = in->ranking_x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++)
        add_rank(record(field, at[i]), width, bytes ? byte[i] : (uint32_t)x[i], of, is_set(valid, i));
}

void fr_tally_ranks(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    if (in->ranking_x.bytes) add_ranks(field, at, n, in, 1, true);
    else if (in->ranking_x.width == 1) add_ranks(field, at, n, in, 1, false);
    else if (in->ranking_x.width == 2) add_ranks(field, at, n, in, 2, false);
    else add_ranks(field, at, n, in, 4, false);
}

void fr_tally_ends(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const uint64_t *valid = in->valid_x;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) {
        if (!is_set(valid, i)) continue;
        fr_small_ends *ends = record(field, at[i]);
        const uint32_t row = in->first_row + (uint32_t)i + 1;
        if (!ends->first) ends->first = row;
        ends->last = row;
    }
}

/* ---- pairs ------------------------------------------------------------------------------------------------------- */
void fr_tally_pairs(char *restrict field, const uint32_t *restrict at, size_t n, const fr_tally_input *in)
{
    const int32_t *restrict xs = in->x, *restrict ys = in->y;
    const uint64_t *valid_x = in->valid_x, *valid_y = in->valid_y;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) {
        if (!is_set(valid_x, i) || !is_set(valid_y, i)) continue;
        fr_small_pairs *sums = record(field, at[i]);
        const int64_t x = xs[i], y = ys[i];
        sums->n++;
        sums->x += x;
        sums->y += y;
        sums->xx += x * x;
        sums->yy += y * y;
        sums->xy += x * y;
    }
}

/* ---- merges ------------------------------------------------------------------------------------------------------ */
static inline const void *part(const fr_tally_source *from, size_t i)
{
    return from->field + i * from->stride;
}

/* Of record i. */
static inline size_t place_of(const uint32_t *to, size_t i) { return to ? to[i] : i; }

/* What a record adds to a total: words modulo 2^64. */
typedef uint64_t part_word(const fr_tally_source *from, size_t i);
static inline uint64_t count_at(const fr_tally_source *from, size_t i) { return *(const uint32_t *)part(from, i); }
static inline uint64_t word_at(const fr_tally_source *from, size_t i) { return *(const uint64_t *)part(from, i); }
static inline uint64_t i32_at(const fr_tally_source *from, size_t i)
{
    return (uint64_t)(int64_t)*(const int32_t *)part(from, i);
}
static inline uint64_t part_at(const fr_tally_source *from, size_t i)
{
    const uint64_t word = word_at(from, i) - from->part.lowest;
    return (word >> from->part.shift & from->part.mask) + (uint64_t)from->part.low;
}

FR_TEMPLATE_FN void add_narrow(uint64_t *total, const fr_tally_source *from, part_word *at)
{
    for (size_t i = 0; i < from->n; i++) total[i] += at(from, i);
}

FR_TEMPLATE_FN void put_narrow(uint64_t *total, const fr_tally_source *from, const uint32_t *to, part_word *at)
{
    for (size_t i = 0; i < from->n; i++) total[place_of(to, i)] = at(from, i);
}

FR_TEMPLATE_FN void add_wide(fr_i128 *total, const fr_tally_source *from, part_word *at)
{
    for (size_t i = 0; i < from->n; i++) total[i] += (int64_t)at(from, i);
}

FR_TEMPLATE_FN void put_wide(fr_i128 *total, const fr_tally_source *from, const uint32_t *to, part_word *at)
{
    for (size_t i = 0; i < from->n; i++) total[place_of(to, i)] = (int64_t)at(from, i);
}

#define MERGE(name, width, at)                                                                                        \
    static void merge_##name(void *totals, const fr_tally_source *from) { add_##width(totals, from, at); }            \
    static void put_##name(void *totals, const fr_tally_source *from, const uint32_t *to)                             \
    {                                                                                                                 \
        put_##width(totals, from, to, at);                                                                            \
    }                                                                                                                 \
    const fr_tally_merge fr_tally_merge_##name = { merge_##name, put_##name };
MERGE(counts,      narrow, count_at)
MERGE(words,       narrow, word_at)
MERGE(part_counts, narrow, part_at)
MERGE(part_sums,   wide,   part_at)
MERGE(i32,         wide,   i32_at)
MERGE(i32_narrow,  narrow, i32_at)
MERGE(i64,         wide,   word_at)
#undef MERGE

static void merge_pairs(void *totals, const fr_tally_source *from)
{
    fr_pair *total = totals;
    for (size_t i = 0; i < from->n; i++) fr_pair_merge(&total[i], part(from, i));
}

const fr_tally_merge fr_tally_merge_pairs = { merge_pairs, NULL };

/* A record's pair began with 0, which is what totals begin with. */
static inline double rounded_at(const fr_tally_source *from, size_t i) { return fr_pair_value(part(from, i)); }

static void put_rounded(void *totals, const fr_tally_source *from, const uint32_t *to)
{
    double *total = totals;
    for (size_t i = 0; i < from->n; i++) total[place_of(to, i)] = rounded_at(from, i);
}
const fr_tally_merge fr_tally_merge_rounded = { NULL, put_rounded };

#define RANK uint8_t
#define FN(name) name##_u8
#include "kernel/tally_ranks.inc.h"

#define RANK uint16_t
#define FN(name) name##_u16
#include "kernel/tally_ranks.inc.h"

#define RANK uint32_t
#define FN(name) name##_u32
#include "kernel/tally_ranks.inc.h"

static void merge_ends(void *totals, const fr_tally_source *from)
{
    fr_ends *total = totals;
    for (size_t i = 0; i < from->n; i++) {
        const fr_small_ends *ends = part(from, i);
        if (!ends->last) continue;
        if (!total[i].first) total[i].first = (uint64_t)from->first_row + ends->first;
        total[i].last = (uint64_t)from->first_row + ends->last;
    }
}
const fr_tally_merge fr_tally_merge_ends = { merge_ends, NULL };

static void merge_small_pairs(void *totals, const fr_tally_source *from)
{
    fr_exact_pairs *total = totals;
    for (size_t i = 0; i < from->n; i++) {
        const fr_small_pairs *sums = part(from, i);
        total[i].n += sums->n;
        total[i].x += sums->x;
        total[i].y += sums->y;
        total[i].xx += sums->xx;
        total[i].yy += sums->yy;
        total[i].xy += sums->xy;
    }
}
const fr_tally_merge fr_tally_merge_small_pairs = { merge_small_pairs, NULL };

static inline int64_t below(uint64_t word, unsigned shift)
{
    return (int64_t)(word & (((uint64_t)1 << shift) - 1));
}

/* What was taken off the numbers is given back: Σ(x + a)(y + b) = Σxy + b Σx + a Σy + n a b. */
static void merge_packed(void *totals, const fr_tally_source *from)
{
    fr_exact_pairs *total = totals;
    const uint8_t *shift = from->part.packing.shift;
    const int64_t a = from->part.packing.low_x, b = from->part.packing.low_y;
    for (size_t i = 0; i < from->n; i++) {
        const fr_packed_pairs *sums = part(from, i);
        const int64_t n = (int64_t)(sums->yy_n >> shift[2]), x = (int64_t)(sums->xy_x >> shift[0]),
                      y = (int64_t)(sums->xx_y >> shift[1]);
        total[i].n += n;
        total[i].x += x + n * a;
        total[i].y += y + n * b;
        total[i].xx += below(sums->xx_y, shift[1]) + 2 * a * x + n * a * a;
        total[i].yy += below(sums->yy_n, shift[2]) + 2 * b * y + n * b * b;
        total[i].xy += below(sums->xy_x, shift[0]) + b * x + a * y + n * a * b;
    }
}
const fr_tally_merge fr_tally_merge_packed = { merge_packed, NULL };
