/* whole.isa.c — the loops of whole.h, once per instruction set. */
#include "kernel/whole.h"

enum { LANES = 8, WORD = 64 };

typedef struct lanes { double high[LANES], low[LANES]; } lanes;

/* Eight times fr_pair_add. */
static inline void add_lanes(lanes *sums, const double *x)
{
    for (int j = 0; j < LANES; j++) {
        const double high = sums->high[j], total = high + x[j], part = total - high;
        sums->low[j] += (high - (total - part)) + (x[j] - part);
        sums->high[j] = total;
    }
}

static inline void lanes_into(fr_pair *sum, const lanes *sums)
{
    for (int j = 0; j < LANES; j++) fr_pair_merge(sum, &(fr_pair){ sums->high[j], sums->low[j] });
}

FR_TEMPLATE_FN void add_power_lanes(lanes *sums, const double *d, int powers)
{
    double dd[LANES], high[LANES];
    for (int j = 0; j < LANES; j++) dd[j] = d[j] * d[j];
    add_lanes(&sums[0], d);
    add_lanes(&sums[1], dd);
    if (powers < 4) return;
    for (int j = 0; j < LANES; j++) high[j] = dd[j] * d[j];
    add_lanes(&sums[2], high);
    for (int j = 0; j < LANES; j++) high[j] = dd[j] * dd[j];
    add_lanes(&sums[3], high);
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

const fr_whole_kernels FR_ISA_NAME(fr_whole_kernels) = {
    sum_i8, sum_i16, sum_i32, sum_i64, sum_u8, sum_u16, sum_u32, sum_u64, sum_f32, sum_f64,
    squares_i8, squares_i16, squares_i32, squares_i64, squares_u8, squares_u16, squares_u32, squares_u64,
    moments_i8, moments_i16, moments_i32, moments_i64, moments_u8, moments_u16, moments_u32, moments_u64, moments_f32,
    moments_f64,
};
