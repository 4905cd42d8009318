/* whole.isa.c — the loops of whole.h, once per instruction set.
 *
 * Eight lanes are the compiler's vectors of a register's width, and stay in registers: as arrays they went through
 * memory at each step (AVX-512, doubles in the cache: sums 0.50 → 0.23 ns each, four moments 4.0 → 1.0).
 */
#include "kernel/whole.h"

#include "kernel/scaled_real.inc.h"

#include <string.h>

enum { LANES = 8, WORD = 64, WIDE = FR_ISA_LEVEL >= 4 ? 8 : FR_ISA_LEVEL == 3 ? 4 : 2, PARTS = LANES / WIDE };

typedef double wide __attribute__((vector_size(WIDE * sizeof(double))));
typedef struct lanes { wide high[PARTS], low[PARTS]; } lanes;

/* A part of eight times fr_pair_add. */
FR_TEMPLATE_FN void add_part(lanes *sums, int part, const wide *x)
{
    const wide high = sums->high[part], total = high + *x, added = total - high;
    sums->low[part] += (high - (total - added)) + (*x - added);
    sums->high[part] = total;
}

FR_TEMPLATE_FN void lanes_into(fr_pair *sum, const lanes *sums)
{
    for (int j = 0; j < LANES; j++)
        fr_pair_merge(sum, &(fr_pair){ sums->high[j / WIDE][j % WIDE], sums->low[j / WIDE][j % WIDE] });
}

FR_TEMPLATE_FN void add_power_lanes(lanes *sums, const double *from, int powers)
{
    for (int part = 0; part < PARTS; part++) {
        wide d;
        memcpy(&d, from + part * WIDE, sizeof d);
        const wide dd = d * d, ddd = dd * d, dddd = dd * dd;
        add_part(&sums[0], part, &d);
        add_part(&sums[1], part, &dd);
        if (powers < 4) continue;
        add_part(&sums[2], part, &ddd);
        add_part(&sums[3], part, &dddd);
    }
}

/* Zeros add nothing: for rows without a value and beyond the last. */
static inline void clear_missing(double d[WORD], const uint64_t *valid, size_t n)
{
    uint64_t missing = valid ? ~*valid : 0;
    if (n < WORD) missing |= UINT64_MAX << n;
    for (; missing; missing &= missing - 1) d[__builtin_ctzll(missing)] = 0;
}

#define FR_TEMPLATE "kernel/whole.inc.h"
#include "kernel/for_each_number.h"

/* ---- pairs ------------------------------------------------------------------------------------------------------- */
enum { PAIR_SUMS = 5 };                    /* of x, y, xx, yy, xy */

/* One part of the lanes for all 64 rows, then the next: so that ten sums stay in registers. */
FR_TEMPLATE_FN void add_pair_lanes(lanes sums[PAIR_SUMS], const double x[WORD], const double y[WORD])
{
    for (int part = 0; part < PARTS; part++) {
        lanes here[PAIR_SUMS];
        for (int k = 0; k < PAIR_SUMS; k++) here[k].high[0] = sums[k].high[part], here[k].low[0] = sums[k].low[part];
        for (size_t j = (size_t)part * WIDE; j < WORD; j += LANES) {
            wide a, b;
            memcpy(&a, x + j, sizeof a);
            memcpy(&b, y + j, sizeof b);
            const wide aa = a * a, bb = b * b, ab = a * b;
            add_part(&here[0], 0, &a);
            add_part(&here[1], 0, &b);
            add_part(&here[2], 0, &aa);
            add_part(&here[3], 0, &bb);
            add_part(&here[4], 0, &ab);
        }
        for (int k = 0; k < PAIR_SUMS; k++) sums[k].high[part] = here[k].high[0], sums[k].low[part] = here[k].low[0];
    }
}

static void pairs(fr_co_moments *state, const double *x, const double *y, const uint64_t *valid, const double *centres,
                  size_t n)
{
    lanes sums[PAIR_SUMS] = { { { { 0 } }, { { 0 } } } };
    fr_pair *const into[PAIR_SUMS] = { &state->x, &state->y, &state->xx, &state->yy, &state->xy };
    for (size_t i = 0; i < n; i += WORD) {
        const size_t some = n - i < WORD ? n - i : WORD;
        double a[WORD], b[WORD];
        for (size_t j = 0; j < some; j++) a[j] = x[i + j] - centres[0], b[j] = y[i + j] - centres[1];
        clear_missing(a, valid ? valid + i / WORD : NULL, some);
        clear_missing(b, valid ? valid + i / WORD : NULL, some);
        add_pair_lanes(sums, a, b);
    }
    for (int k = 0; k < PAIR_SUMS; k++) lanes_into(into[k], &sums[k]);
}

/* ---- scaled numbers, which are doubles within the cache ---------------------------------------------------------- */
static void sum_scaled(fr_pair *sum, const int32_t *wholes, unsigned digits, size_t n)
{
    lanes sums = { { { 0 } }, { { 0 } } };
    double d[WORD];
    for (size_t i = 0; i < n; i += WORD) {
        const size_t some = n - i < WORD ? n - i : WORD, whole = some / LANES * LANES;
        if (some == WORD) reals_of(d, wholes + i, WORD, digits);
        else reals_of(d, wholes + i, some, digits);
        for (size_t j = some; j < whole + LANES && j < WORD; j++) d[j] = 0;
        for (size_t j = 0; j < some; j += LANES) add_eight_f64(&sums, d + j);
    }
    lanes_into(sum, &sums);
}

FR_TEMPLATE_FN void add_scaled_moments(fr_pair *state, const int32_t *wholes, unsigned digits, const uint64_t *valid,
                                       double centre, size_t n, int powers)
{
    lanes sums[4] = { { { { 0 } }, { { 0 } } } };
    for (size_t i = 0; i < n; i += WORD) {
        const size_t some = n - i < WORD ? n - i : WORD;
        double d[WORD];
        if (some == WORD) reals_of(d, wholes + i, WORD, digits);
        else reals_of(d, wholes + i, some, digits);
        for (size_t j = 0; j < some; j++) d[j] -= centre;
        clear_missing(d, valid ? valid + i / WORD : NULL, some);
        for (size_t j = 0; j < WORD; j += LANES) add_power_lanes(sums, d + j, powers);
    }
    for (int k = 0; k < powers; k++) lanes_into(&state[k], &sums[k]);
}

static void moments_scaled(fr_pair *state, const int32_t *wholes, unsigned digits, const uint64_t *valid, double centre, size_t n,
                           int powers)
{
    if (powers == 4) add_scaled_moments(state, wholes, digits, valid, centre, n, 4);
    else add_scaled_moments(state, wholes, digits, valid, centre, n, 2);
}

const fr_whole_kernels FR_ISA_NAME(fr_whole_kernels) = {
    sum_i8, sum_i16, sum_i32, sum_i64, sum_u8, sum_u16, sum_u32, sum_u64, sum_f32, sum_f64,
    squares_i8, squares_i16, squares_i32, squares_i64, squares_u8, squares_u16, squares_u32, squares_u64,
    moments_i8, moments_i16, moments_i32, moments_i64, moments_u8, moments_u16, moments_u32, moments_u64, moments_f32,
    moments_f64, pairs, sum_scaled, moments_scaled,
};
