/* Comparisons: every instruction-set level of this machine against plain loops, also where stretches are read side by
 * side. */
#include "kernel/compare.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

enum { MOST = 20000 };

/* Values near each other, so that all three orders occur. */
#define FILL(T) for (size_t i = 0; i < MOST; i++) ((T *)a)[i] = (T)(i * 37 % 11 - 5), ((T *)b)[i] = (T)(i * 53 % 11 - 5);
#define HOLDS(T) do {                                                                                                  \
        const T x = ((const T *)a)[i * a_step], y = ((const T *)b)[i * b_step];                                        \
        const bool holds[] = { x == y, x != y, x < y, x <= y, x > y, x >= y };                                         \
        return holds[op];                                                                                              \
    } while (0)

typedef enum lane { I64, U64, F64, I32, I16, I8, LANES } lane;

static bool holds(lane type, fr_compare_op op, const void *a, size_t a_step, const void *b, size_t b_step, size_t i)
{
    switch (type) {
    case I64: HOLDS(int64_t);
    case U64: HOLDS(uint64_t);
    case F64: HOLDS(double);
    case I32: HOLDS(int32_t);
    case I16: HOLDS(int16_t);
    default: HOLDS(int8_t);
    }
}

static void fill(lane type, void *a, void *b)
{
    if (type == I64 || type == U64) FILL(int64_t)
    else if (type == F64) FILL(double)
    else if (type == I32) FILL(int32_t)
    else if (type == I16) FILL(int16_t)
    else FILL(int8_t)
    for (size_t i = 0; type == F64 && i < MOST; i += 19) ((double *)a)[i] = i % 2 ? NAN : -0.0;
    for (size_t i = 0; type == F64 && i < MOST; i += 23) ((double *)b)[i] = i % 2 ? NAN : 0.0;
}

/* Begins at the second value: registers are not aligned. */
static size_t wrong_rows(fr_compare_kernel *kernel, lane type, fr_compare_op op, size_t a_step, size_t b_step, size_t n)
{
    static const size_t width[LANES] = { 8, 8, 8, 4, 2, 1 };
    static int64_t a[MOST], b[MOST];
    uint64_t out[MOST / 64 + 2];
    size_t wrong = 0;
    fill(type, a, b);
    const void *from_a = (const char *)a + width[type], *from_b = (const char *)b + width[type];
    memset(out, 0xee, sizeof out);
    kernel(out, (fr_lanes){ from_a, a_step }, (fr_lanes){ from_b, b_step }, n);
    for (size_t i = 0; i < n; i++)
        wrong += (out[i / 64] >> i % 64 & 1) != holds(type, op, from_a, a_step, from_b, b_step, i);
    return wrong + (out[n / 64 + 1] != UINT64_C(0xeeeeeeeeeeeeeeee));
}

TEST(values_are_compared_at_every_level)
{
    static const size_t lengths[] = { 0,    1,    3,    7,    63,   64,   65,    511,   2047,
                                      2048, 2049, 2111, 2112, 4096, 8192, 16383, 16449, MOST - 1 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_compare_kernels *k = FR_ISA_AT(fr_compare_kernels, isa);
        fr_compare_kernel *const *all[LANES] = { k->i64, k->u64, k->f64, k->i32, k->i16, k->i8 };
        for (lane type = 0; type < LANES; type++)
            for (fr_compare_op op = 0; op < FR_COMPARE_COUNT; op++)
                for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                    for (size_t steps = 0; steps < 4; steps++)
                        CHECK_INT(wrong_rows(all[type][op], type, op, steps & 1, steps >> 1, lengths[l]), 0);
    }
}
