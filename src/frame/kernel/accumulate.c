/* accumulate.c — the states of accumulate.h that do not depend on a number type, and the merges. */
#include "kernel/accumulate.h"

#include "kernel/bits.h"
#include "kernel/spreads.h"
#include "kernel/whole.h"

#define FR_TEMPLATE "kernel/accumulate.inc.h"
#include "kernel/for_each_number.h"

/* ---- scaled numbers ---------------------------------------------------------------------------------------------- */
void fr_sum_scaled(fr_pair *sum, const void *wholes, unsigned digits, const fr_group_span *span)
{
    FR_ISA_PICK(fr_whole_kernels)->sum_scaled(sum, wholes, digits, span->n);
}

void fr_moments_of_scaled(fr_pair *state, const void *wholes, unsigned digits, const uint64_t *valid, double centre,
                          const fr_group_span *span, int powers)
{
    FR_ISA_PICK(fr_whole_kernels)->moments_scaled(state, wholes, digits, valid, centre, span->n, powers);
}

void fr_spread_of_scaled(fr_spread_sums *state, const void *wholes, unsigned digits, const uint64_t *valid, double centre,
                         const fr_group_span *span)
{
    fr_pair powers[] = { fr_spread_pair(state, 0), fr_spread_pair(state, 1) };
    fr_moments_of_scaled(powers, wholes, digits, valid, centre, span, 2);
    for (size_t k = 0; k < 2; k++) state->high[k] = powers[k].high, state->low[k] = powers[k].low;
    fr_count_valid(&state->n, valid, span);
}

/* ---- bits, wide numbers, codes ----------------------------------------------------------------------------------- */

static inline bool is_set(const uint64_t *bits, size_t i)
{
    return !bits || (bits[i >> 6] >> (i & 63) & 1);
}

void fr_sum_bits(fr_i128 *sums, const uint64_t *bits, const fr_group_span *span)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids ? span->ids[i] - span->low : 0;
        if (g < span->n_groups) sums[g] += bits[i >> 6] >> (i & 63) & 1;
    }
}

void fr_sum_i128(fr_wide_sum *sums, const fr_i128 *values, const fr_group_span *span)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids ? span->ids[i] - span->low : 0;
        if (g >= span->n_groups) continue;
        sums[g].overflow |= __builtin_add_overflow(sums[g].sum, values[i], &sums[g].sum);
    }
}

void fr_count_valid(uint64_t *counts, const uint64_t *valid, const fr_group_span *span)
{
    if (!span->ids) {
        *counts += valid ? (uint64_t)FR_ISA_PICK(fr_bits_kernels)->count(valid, (int64_t)span->n) : span->n;
        return;
    }
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g < span->n_groups) counts[g] += is_set(valid, i);
    }
}

void fr_best_of(fr_best *states, const uint64_t *codes, const uint64_t *valid, int64_t first_row,
                const fr_group_span *span)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids ? span->ids[i] - span->low : 0;
        if (g >= span->n_groups || !is_set(valid, i)) continue;
        if (states[g].row && ~codes[i] <= states[g].rank) continue;
        states[g] = (fr_best){ .rank = ~codes[i], .row = (uint64_t)first_row + i + 1 };
    }
}

void fr_ends_of(fr_ends *states, const uint64_t *valid, int64_t first_row, const fr_group_span *span)
{
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids ? span->ids[i] - span->low : 0;
        if (g >= span->n_groups || !is_set(valid, i)) continue;
        const uint64_t row = (uint64_t)first_row + i + 1;
        if (!states[g].first) states[g].first = row;
        states[g].last = row;
    }
}

void fr_co_moments_of(fr_co_moments *states, const double *x, const double *y, const uint64_t *valid,
                      const double *centres, const fr_group_span *span)
{
    if (!span->ids) {
        FR_ISA_PICK(fr_whole_kernels)->pairs(states, x, y, valid, centres, span->n);
        return;
    }
    for (size_t i = 0; i < span->n; i++) {
        const uint32_t g = span->ids[i] - span->low;
        if (g >= span->n_groups || !is_set(valid, i)) continue;
        const double a = x[i] - centres[2 * (size_t)g], b = y[i] - centres[2 * (size_t)g + 1];
        fr_pair_add_at(&states[g].x, a);
        fr_pair_add_at(&states[g].y, b);
        fr_pair_add_at(&states[g].xx, a * a);
        fr_pair_add_at(&states[g].yy, b * b);
        fr_pair_add_at(&states[g].xy, a * b);
    }
}

/* ---- merges ------------------------------------------------------------------------------------------------------ */
void fr_merge_int_sums(void *into, const void *from, size_t n)
{
    fr_i128 *a = into;
    const fr_i128 *b = from;
    for (size_t i = 0; i < n; i++) a[i] += b[i];
}

void fr_merge_wide_sums(void *into, const void *from, size_t n)
{
    fr_wide_sum *a = into;
    const fr_wide_sum *b = from;
    for (size_t i = 0; i < n; i++) {
        a[i].overflow |= b[i].overflow;
        a[i].overflow |= __builtin_add_overflow(a[i].sum, b[i].sum, &a[i].sum);
    }
}

void fr_merge_squares(void *into, const void *from, size_t n)
{
    fr_merge_int_sums(into, from, 2 * n);
}

void fr_merge_pairs(void *into, const void *from, size_t n)
{
    fr_pair *a = into;
    const fr_pair *b = from;
    for (size_t i = 0; i < n; i++) fr_pair_merge(&a[i], &b[i]);
}

void fr_merge_counts(void *into, const void *from, size_t n)
{
    uint64_t *a = into;
    const uint64_t *b = from;
    for (size_t i = 0; i < n; i++) a[i] += b[i];
}

void fr_merge_two_moments(void *into, const void *from, size_t n)
{
    fr_merge_pairs(into, from, n * 2);
}

void fr_merge_four_moments(void *into, const void *from, size_t n)
{
    fr_merge_pairs(into, from, n * 4);
}

void fr_merge_spreads(void *into, const void *from, size_t n)
{
    fr_spread_sums *a = into;
    const fr_spread_sums *b = from;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < 2; k++) {
            fr_pair sum = fr_spread_pair(&a[i], k);
            const fr_pair more = fr_spread_pair(&b[i], k);
            fr_pair_merge(&sum, &more);
            a[i].high[k] = sum.high, a[i].low[k] = sum.low;
        }
        a[i].n += b[i].n;
    }
}

void fr_merge_co_moments(void *into, const void *from, size_t n)
{
    fr_merge_pairs(into, from, n * (sizeof(fr_co_moments) / sizeof(fr_pair)));
}

void fr_merge_products(void *into, const void *from, size_t n)
{
    fr_product *a = into;
    const fr_product *b = from;
    for (size_t i = 0; i < n; i++) {
        if (!b[i].any) continue;
        if (!a[i].any) {
            a[i] = b[i];
            continue;
        }
        a[i].zero |= b[i].zero;                    /* a zero anywhere makes the product 0, whatever overflowed before */
        a[i].overflow |= b[i].overflow;
        a[i].negative ^= b[i].negative;
        a[i].overflow |= __builtin_mul_overflow(a[i].magnitude, b[i].magnitude, &a[i].magnitude);
    }
}

void fr_merge_real_products(void *into, const void *from, size_t n)
{
    fr_real_product *a = into;
    const fr_real_product *b = from;
    for (size_t i = 0; i < n; i++) {
        if (!b[i].any) continue;
        a[i].value = a[i].any ? a[i].value * b[i].value : b[i].value;
        a[i].any = 1;
    }
}

void fr_merge_best(void *into, const void *from, size_t n)
{
    fr_best *a = into;
    const fr_best *b = from;
    for (size_t i = 0; i < n; i++)
        if (b[i].row && (!a[i].row || b[i].rank > a[i].rank || (b[i].rank == a[i].rank && b[i].row < a[i].row)))
            a[i] = b[i];
}

void fr_merge_ends(void *into, const void *from, size_t n)
{
    fr_ends *a = into;
    const fr_ends *b = from;
    for (size_t i = 0; i < n; i++) {
        if (!a[i].first) a[i].first = b[i].first;
        if (b[i].last) a[i].last = b[i].last;
    }
}
