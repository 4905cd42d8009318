/* whole: every instruction-set level of this machine against sums made row by row, to the bit. */
#include "kernel/whole.h"

#include "kernel/scaled.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

enum { MOST = 520, LANES = 8 };

static const size_t lengths[] = { 0, 1, 3, 7, 8, 9, 63, 64, 65, 511, MOST };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state ^ *state >> 29;
}

/* Values by layout (8: f32, 9: f64); integers of squares are at most 22 bits. */
static void put(void *values, size_t layout, size_t i, int64_t value)
{
    switch (layout) {
    case 0: ((int8_t *)values)[i] = (int8_t)value; break;
    case 1: ((int16_t *)values)[i] = (int16_t)value; break;
    case 2: ((int32_t *)values)[i] = (int32_t)value; break;
    case 3: ((int64_t *)values)[i] = value; break;
    case 4: ((uint8_t *)values)[i] = (uint8_t)value; break;
    case 5: ((uint16_t *)values)[i] = (uint16_t)value; break;
    case 6: ((uint32_t *)values)[i] = (uint32_t)value; break;
    case 7: ((uint64_t *)values)[i] = (uint64_t)value; break;
    case 8: ((float *)values)[i] = (float)value / 7; break;
    default: ((double *)values)[i] = (double)value / 7; break;
    }
}

static fr_i128 integer_at(const void *values, size_t layout, size_t i)
{
    switch (layout) {
    case 0: return ((const int8_t *)values)[i];
    case 1: return ((const int16_t *)values)[i];
    case 2: return ((const int32_t *)values)[i];
    case 3: return ((const int64_t *)values)[i];
    case 4: return ((const uint8_t *)values)[i];
    case 5: return ((const uint16_t *)values)[i];
    case 6: return ((const uint32_t *)values)[i];
    default: return ((const uint64_t *)values)[i];
    }
}

static double real_at(const void *values, size_t layout, size_t i)
{
    return layout == 8 ? (double)((const float *)values)[i] : ((const double *)values)[i];
}

/* The sum of x, whose row i is in lane i % 8. */
static fr_pair sum_by_lanes(const double *x, size_t n)
{
    fr_pair lanes[LANES] = { { 0, 0 } }, sum = { 0, 0 };
    for (size_t i = 0; i < n; i++) fr_pair_add(&lanes[i % LANES], x[i]);
    for (size_t j = 0; j < LANES; j++) fr_pair_merge(&sum, &lanes[j]);
    return sum;
}

static void check_pair(const fr_pair *found, const fr_pair *expected)
{
    CHECK_F64(found->high, expected->high);
    CHECK_F64(found->low, expected->low);
}

static void check_integers(const fr_whole_kernels *k, const void *values, size_t layout, size_t n, bool small)
{
    fr_whole_int_sum *const sums[] = { k->sum_i8, k->sum_i16, k->sum_i32, k->sum_i64, k->sum_u8, k->sum_u16, k->sum_u32,
                                       k->sum_u64 };
    fr_whole_squares *const squares[] = { k->squares_i8, k->squares_i16, k->squares_i32, k->squares_i64, k->squares_u8,
                                          k->squares_u16, k->squares_u32, k->squares_u64 };
    fr_i128 sum = 5, expected = 5, square = 5;
    fr_squares both = { 5, 5 };
    for (size_t i = 0; i < n; i++) {
        const fr_i128 x = integer_at(values, layout, i);
        expected += x;
        if (small) square += x * x;
    }
    sums[layout](&sum, values, n);
    CHECK(sum == expected);
    if (!small) return;
    squares[layout](&both, values, n);
    CHECK(both.x == expected && both.xx == square);
}

static void check_floats(const fr_whole_kernels *k, const void *values, size_t layout, size_t n)
{
    double x[MOST];
    fr_pair sum = { 0, 0 };
    for (size_t i = 0; i < n; i++) x[i] = real_at(values, layout, i);
    (layout == 8 ? k->sum_f32 : k->sum_f64)(&sum, values, n);
    const fr_pair expected = sum_by_lanes(x, n);
    check_pair(&sum, &expected);
}

static void check_moments(const fr_whole_kernels *k, const void *values, size_t layout, size_t n, const uint64_t *valid)
{
    fr_whole_moments *const moments[] = { k->moments_i8, k->moments_i16, k->moments_i32, k->moments_i64, k->moments_u8,
                                          k->moments_u16, k->moments_u32, k->moments_u64, k->moments_f32, k->moments_f64 };
    const double centre = 3;
    double power[4][MOST];
    fr_pair four[4] = { { 0, 0 } }, two[2] = { { 0, 0 } };
    for (size_t i = 0; i < n; i++) {
        double d = layout < 8 ? (double)(integer_at(values, layout, i) - 3) : real_at(values, layout, i) - centre;
        if (valid && !(valid[i / 64] >> (i & 63) & 1)) d = 0;
        power[0][i] = d, power[1][i] = d * d, power[2][i] = d * d * d, power[3][i] = (d * d) * (d * d);
    }
    moments[layout](four, values, valid, centre, n, 4);
    moments[layout](two, values, valid, centre, n, 2);
    for (size_t p = 0; p < 4; p++) {
        const fr_pair expected = sum_by_lanes(power[p], n);
        check_pair(&four[p], &expected);
        if (p < 2) check_pair(&two[p], &expected);
    }
}

static void check_pairs(const fr_whole_kernels *k, const double *values, size_t n, const uint64_t *valid)
{
    const double centres[2] = { 3, -0.7 }, *x = values, *y = values + 1;
    double terms[5][MOST];
    fr_co_moments found = { 0 };
    const fr_pair *const sums[5] = { &found.x, &found.y, &found.xx, &found.yy, &found.xy };
    for (size_t i = 0; i < n; i++) {
        const bool there = !valid || (valid[i / 64] >> (i & 63) & 1);
        const double a = there ? x[i] - centres[0] : 0, b = there ? y[i] - centres[1] : 0;
        terms[0][i] = a, terms[1][i] = b, terms[2][i] = a * a, terms[3][i] = b * b, terms[4][i] = a * b;
    }
    k->pairs(&found, x, y, valid, centres, n);
    for (size_t p = 0; p < 5; p++) {
        const fr_pair expected = sum_by_lanes(terms[p], n);
        check_pair(sums[p], &expected);
    }
}

TEST(pairs_of_all_rows_are_those_of_eight_lanes)
{
    static double values[MOST + 1];
    uint64_t valid[MOST / 64 + 1], seed = 11;
    for (size_t i = 0; i <= MOST; i++) values[i] = (double)(int64_t)(next(&seed) >> 20) / 7;
    for (size_t i = 0; i <= MOST / 64; i++) valid[i] = i % 3 ? next(&seed) : UINT64_MAX;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            check_pairs(FR_ISA_AT(fr_whole_kernels, isa), values, lengths[l], NULL);
            check_pairs(FR_ISA_AT(fr_whole_kernels, isa), values, lengths[l], valid);
        }
}

TEST(sums_of_all_rows_are_those_of_eight_lanes)
{
    static _Alignas(8) unsigned char values[MOST * 8];
    uint64_t valid[MOST / 64 + 1], seed = 7;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t layout = 0; layout < 10; layout++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                for (int wide = 0; wide < 2; wide++) {
                    const fr_whole_kernels *k = FR_ISA_AT(fr_whole_kernels, isa);
                    const int64_t low = layout < 4 || layout > 7 ? 1 << 20 : 0;
                    for (size_t i = 0; i < MOST; i++)
                        put(values, layout, i, wide ? (int64_t)next(&seed) : (int64_t)(next(&seed) >> 43) - low);
                    for (size_t i = 0; i <= MOST / 64; i++) valid[i] = i % 3 ? next(&seed) : UINT64_MAX;
                    if (layout < 8) check_integers(k, values, layout, lengths[l], !wide);
                    else check_floats(k, values, layout, lengths[l]);
                    check_moments(k, values, layout, lengths[l], NULL);
                    check_moments(k, values, layout, lengths[l], valid);
                }
}

TEST(infinities_and_nan_reach_the_sum_of_all_rows)
{
    double x[20] = { 0 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (int both = 0; both < 2; both++) {
            fr_pair sum = { 0, 0 };
            x[3] = INFINITY, x[12] = both ? -INFINITY : 1;
            FR_ISA_AT(fr_whole_kernels, isa)->sum_f64(&sum, x, 20);
            CHECK_F64(fr_pair_value(&sum), both ? (double)NAN : (double)INFINITY);
        }
}

/* Scaled numbers: the sums of the doubles they stand for, whatever lies behind the last. */
static void check_scaled(const fr_whole_kernels *k, const int32_t *wholes, const uint64_t *valid, size_t n, unsigned digits)
{
    double reals[MOST];
    const double centre = fr_scaled_real(wholes[0], digits);
    fr_pair sum = { 1, 0.25 }, expected = { 1, 0.25 };
    for (size_t i = 0; i < n; i++) reals[i] = fr_scaled_real(wholes[i], digits);
    k->sum_f64(&expected, reals, n);
    k->sum_scaled(&sum, wholes, digits, n);
    CHECK(memcmp(&sum, &expected, sizeof sum) == 0);
    for (int powers = 2; powers <= 4; powers += 2) {
        fr_pair state[4] = { { 3, 0.5 } }, twin[4] = { { 3, 0.5 } };
        k->moments_f64(twin, reals, valid, centre, n, powers);
        k->moments_scaled(state, wholes, digits, valid, centre, n, powers);
        CHECK(memcmp(state, twin, sizeof state) == 0);
    }
}

TEST(sums_of_scaled_numbers_are_those_of_their_doubles)
{
    int32_t wholes[MOST + 64];
    uint64_t valid[MOST / 64 + 1], state = 3;
    for (size_t i = 0; i < MOST + 64; i++) wholes[i] = (int32_t)(uint32_t)(next(&state) >> 20) >> (i % 30);
    for (size_t i = 0; i < MOST / 64 + 1; i++) valid[i] = i % 3 ? next(&state) | next(&state) : UINT64_MAX;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (unsigned digits = 1; digits <= FR_SCALED_MOST_DIGITS; digits++)
                for (int nulls = 0; nulls < 2; nulls++)
                    check_scaled(FR_ISA_AT(fr_whole_kernels, isa), wholes, nulls ? valid : NULL, lengths[l], digits);
}
