/* few_slots.isa.c — the loops of few_slots.h, once per instruction set. */
#include "kernel/few_slots.h"

#if FR_ISA_LEVEL >= 3
#include <immintrin.h>
#include <string.h>

enum { STEP = 32, TURNED = 4 };            /* rows at a time; of four lanes */

/* ---- integers ---------------------------------------------------------------------------------------------------- */
static inline __m256i rows_of(const uint8_t *slots, __m256i slot)
{
    return _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)slots), slot);
}

static inline int64_t sum_of_lanes(__m256i x)
{
    const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    return _mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1);
}

/* Lanes of bytes count up to FR_SLOTTED_ROWS / STEP, which is less than 256. */
static int64_t count_rows(const uint8_t *slots, size_t n, size_t slot)
{
    const __m256i which = _mm256_set1_epi8((char)slot);
    __m256i counts = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) counts = _mm256_sub_epi8(counts, rows_of(slots + i, which));
    int64_t count = sum_of_lanes(_mm256_sad_epu8(counts, _mm256_setzero_si256()));
    for (; i < n; i++) count += slots[i] == slot;
    return count;
}

static int64_t count_bits(const uint8_t *slots, size_t n, size_t slot, const uint64_t *bits)
{
    const __m256i which = _mm256_set1_epi8((char)slot);
    int64_t count = 0;
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) {
        const uint32_t set = (uint32_t)(bits[i / 64] >> (i % 64));
        count += __builtin_popcount((uint32_t)_mm256_movemask_epi8(rows_of(slots + i, which)) & set);
    }
    for (; i < n; i++) count += slots[i] == slot && (bits[i / 64] >> (i % 64) & 1);
    return count;
}

/* Of bytes as they are, or, where signed, of each with 128 more. */
FR_TEMPLATE_FN int64_t sum_bytes(const uint8_t *slots, size_t n, size_t slot, const uint8_t *x, bool is_signed)
{
    const __m256i which = _mm256_set1_epi8((char)slot), flip = _mm256_set1_epi8((char)(is_signed ? 0x80 : 0));
    __m256i sums = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) {
        const __m256i values = _mm256_loadu_si256((const __m256i *)(const void *)(x + i)) ^ flip;
        sums = _mm256_add_epi64(sums, _mm256_sad_epu8(values & rows_of(slots + i, which), _mm256_setzero_si256()));
    }
    int64_t sum = sum_of_lanes(sums);
    for (; i < n; i++) sum += slots[i] == slot ? (uint8_t)(x[i] ^ (is_signed ? 0x80 : 0)) : 0;
    return sum;
}

static void sums(int64_t *sums, size_t n_slots, const uint8_t *slots, size_t n, const fr_slotted *in)
{
    for (size_t slot = 0; slot < n_slots; slot++) {
        if (!in->bytes) sums[slot] += in->bits ? count_bits(slots, n, slot, in->bits) : count_rows(slots, n, slot);
        else if (!in->is_signed) sums[slot] += sum_bytes(slots, n, slot, in->bytes, false);
        else sums[slot] += sum_bytes(slots, n, slot, in->bytes, true) - 128 * count_rows(slots, n, slot);
    }
}

/* ---- floats ------------------------------------------------------------------------------------------------------ */
typedef struct lanes { double high[FR_PAIRED_SLOTS][FR_TALLY_LANES], low[FR_PAIRED_SLOTS][FR_TALLY_LANES]; } lanes;

static inline fr_pair *pair_of(const fr_laned_pairs *to, size_t slot, size_t lane)
{
    return (fr_pair *)(void *)(to->field + lane * to->lane_apart + slot * to->stride);
}

static void read_lanes(lanes *out, const fr_laned_pairs *from)
{
    for (size_t slot = 0; slot < from->n_slots; slot++)
        for (size_t lane = 0; lane < FR_TALLY_LANES; lane++) {
            const fr_pair *pair = pair_of(from, slot, lane);
            out->high[slot][lane] = pair->high;
            out->low[slot][lane] = pair->low;
        }
}

static void write_lanes(const lanes *from, const fr_laned_pairs *to)
{
    for (size_t slot = 0; slot < to->n_slots; slot++)
        for (size_t lane = 0; lane < FR_TALLY_LANES; lane++)
            *pair_of(to, slot, lane) = (fr_pair){ from->high[slot][lane], from->low[slot][lane] };
}

/* Row i + k of each of four lanes, in turned[k]. */
static inline void turn_values(__m256d turned[TURNED], const double *x, size_t apart)
{
    const __m256d a = _mm256_loadu_pd(x), b = _mm256_loadu_pd(x + apart);
    const __m256d c = _mm256_loadu_pd(x + 2 * apart), d = _mm256_loadu_pd(x + 3 * apart);
    const __m256d ab = _mm256_unpacklo_pd(a, b), ab2 = _mm256_unpackhi_pd(a, b);
    const __m256d cd = _mm256_unpacklo_pd(c, d), cd2 = _mm256_unpackhi_pd(c, d);
    turned[0] = _mm256_permute2f128_pd(ab, cd, 0x20);
    turned[1] = _mm256_permute2f128_pd(ab2, cd2, 0x20);
    turned[2] = _mm256_permute2f128_pd(ab, cd, 0x31);
    turned[3] = _mm256_permute2f128_pd(ab2, cd2, 0x31);
}

/* The same of their slots: four bytes a row. */
static inline __m128i turn_slots(const uint8_t *slots)
{
    uint32_t of[FR_TALLY_LANES];
    for (size_t lane = 0; lane < FR_TALLY_LANES; lane++) memcpy(&of[lane], slots + lane * FR_LANE_ROWS, sizeof of[lane]);
    const __m128i all = _mm_set_epi32((int)of[3], (int)of[2], (int)of[1], (int)of[0]);
    return _mm_shuffle_epi8(all, _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}

/* One row of each lane, to the sums that its slot chooses. Sums of others stay: they keep their high part, and nothing is added
 * to their low one, which never is the zero that adding 0 would change. */
FR_TEMPLATE_FN void add_turned(__m256d *high, __m256d *low, __m256d x, __m256i slots, size_t n_slots)
{
    __m256d mine[FR_PAIRED_SLOTS], before = high[0];
#pragma GCC unroll 4
    for (size_t s = 0; s < n_slots; s++) mine[s] = _mm256_castsi256_pd(_mm256_cmpeq_epi64(slots, _mm256_set1_epi64x((long long)s)));
#pragma GCC unroll 4
    for (size_t s = 1; s < n_slots; s++) before = _mm256_blendv_pd(before, high[s], mine[s]);
    const __m256d total = before + x, part = total - before, rest = (before - (total - part)) + (x - part);
#pragma GCC unroll 4
    for (size_t s = 0; s < n_slots; s++) {
        high[s] = _mm256_blendv_pd(high[s], total, mine[s]);
        low[s] += _mm256_and_pd(rest, mine[s]);
    }
}

FR_TEMPLATE_FN void add_four_rows(__m256d *high, __m256d *low, const uint8_t *slots, const double *x, size_t apart,
                                  size_t n_slots)
{
    __m256d turned[TURNED];
    __m128i of = turn_slots(slots);
    turn_values(turned, x, apart);
    add_turned(high, low, turned[0], _mm256_cvtepu8_epi64(of), n_slots);
    add_turned(high, low, turned[1], _mm256_cvtepu8_epi64(_mm_srli_si128(of, 4)), n_slots);
    add_turned(high, low, turned[2], _mm256_cvtepu8_epi64(_mm_srli_si128(of, 8)), n_slots);
    add_turned(high, low, turned[3], _mm256_cvtepu8_epi64(_mm_srli_si128(of, 12)), n_slots);
}

FR_TEMPLATE_FN void add_pairs(lanes *sums, const uint8_t *slots, const double *x, size_t apart, size_t n, size_t n_slots)
{
    __m256d high[FR_PAIRED_SLOTS], low[FR_PAIRED_SLOTS];
    for (size_t s = 0; s < n_slots; s++) high[s] = _mm256_loadu_pd(sums->high[s]), low[s] = _mm256_loadu_pd(sums->low[s]);
    for (size_t i = 0; i < n; i += TURNED) add_four_rows(high, low, slots + i, x + i, apart, n_slots);
    for (size_t s = 0; s < n_slots; s++) _mm256_storeu_pd(sums->high[s], high[s]), _mm256_storeu_pd(sums->low[s], low[s]);
}

static void pairs(const fr_laned_pairs *to, const uint8_t *slots, const double *x, size_t apart, size_t n)
{
    const size_t turned = n / TURNED * TURNED;
    lanes sums;
    read_lanes(&sums, to);
    if (to->n_slots == 1) add_pairs(&sums, slots, x, apart, turned, 1);
    else if (to->n_slots == 2) add_pairs(&sums, slots, x, apart, turned, 2);
    else if (to->n_slots == 3) add_pairs(&sums, slots, x, apart, turned, 3);
    else add_pairs(&sums, slots, x, apart, turned, 4);
    write_lanes(&sums, to);
    for (size_t lane = 0; lane < FR_TALLY_LANES; lane++)
        for (size_t i = turned; i < n; i++) {
            const size_t slot = slots[lane * FR_LANE_ROWS + i];
            if (slot < to->n_slots) fr_pair_add_at(pair_of(to, slot, lane), x[lane * apart + i]);
        }
}

const fr_few_kernels FR_ISA_NAME(fr_few_kernels) = { .sums = sums, .pairs = pairs };
#else
const fr_few_kernels FR_ISA_NAME(fr_few_kernels) = { .sums = NULL, .pairs = NULL };
#endif
