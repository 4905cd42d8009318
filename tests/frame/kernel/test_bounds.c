/* test_bounds.c — lower and higher numbers of every type and instruction set, against a comparison of each row. */
#include "kernel/bounds.h"
#include "support/columns.h"
#include "support/test.h"

#include <math.h>

enum { MOST = 520 };

static double awkward(uint64_t *seed)
{
    static const double edges[] = { 0, -0.0, NAN, -NAN, INFINITY, -INFINITY, 1, -1 };
    const uint64_t r = fr_test_random(seed);
    return r % 2 ? edges[r / 2 % FR_COUNT_OF(edges)] : (double)(r >> 40) - 0x1p23;
}

/* Which of the four, and whether b is taken. */
static bool takes_b(int how, double a, double b)
{
    if (how >= 2 && isnan(b) && !isnan(a)) return true;
    return how % 2 ? b > a : b < a;
}

static void check_f64(fr_isa isa, size_t n, size_t steps, uint64_t seed)
{
    const fr_bounds_kernels *k = FR_ISA_AT(fr_bounds_kernels, isa);
    fr_bound_kernel *const kernels[] = { k->lower[9], k->higher[9], k->least[9], k->greatest[9] };
    double a[MOST], b[MOST], out[MOST + 1];
    for (size_t i = 0; i < n + 1; i++) a[i] = awkward(&seed), b[i] = awkward(&seed);
    for (int how = 0; how < 4; how++) {
        const size_t a_step = steps & 1, b_step = steps >> 1;
        bool same = true;
        out[n] = 77;
        if (a_step) memcpy(out, a, n * sizeof *out);
        kernels[how](out, (fr_lanes){ a_step ? out : a, a_step }, (fr_lanes){ b, b_step }, n);
        for (size_t i = 0; i < n; i++) {
            const double *x = a + i * a_step, *y = b + i * b_step;
            same &= !memcmp(out + i, takes_b(how, *x, *y) ? y : x, sizeof *out);
        }
        CHECK(same && out[n] == 77);
    }
}

#define CHECK_TYPE(name, T, index)                                                                       \
    static void name(fr_isa isa, size_t n, size_t steps, uint64_t seed)                                  \
    {                                                                                                    \
        const fr_bounds_kernels *k = FR_ISA_AT(fr_bounds_kernels, isa);                              \
        fr_bound_kernel *const kernels[] = { k->lower[index], k->higher[index], k->least[index],       \
                                               k->greatest[index] };                                     \
        const size_t a_step = steps & 1, b_step = steps >> 1;                                            \
        T a[MOST], b[MOST], out[MOST + 1];                                                               \
        for (size_t i = 0; i < n + 1; i++) a[i] = (T)fr_test_random(&seed), b[i] = (T)fr_test_random(&seed); \
        for (int how = 0; how < 4; how++) {                                                              \
            bool same = true;                                                                            \
            out[n] = 7;                                                                                  \
            kernels[how](out, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n);                      \
            for (size_t i = 0; i < n; i++) {                                                             \
                const T x = a[i * a_step], y = b[i * b_step];                                            \
                same &= out[i] == ((how % 2 ? y > x : y < x) ? y : x);                                   \
            }                                                                                            \
            CHECK(same && out[n] == 7);                                                                  \
        }                                                                                                \
    }
CHECK_TYPE(check_i8, int8_t, 0)
CHECK_TYPE(check_i16, int16_t, 1)
CHECK_TYPE(check_i32, int32_t, 2)
CHECK_TYPE(check_i64, int64_t, 3)
CHECK_TYPE(check_u8, uint8_t, 4)
CHECK_TYPE(check_u16, uint16_t, 5)
CHECK_TYPE(check_u32, uint32_t, 6)
CHECK_TYPE(check_u64, uint64_t, 7)
CHECK_TYPE(check_f32, float, 8)

TEST(extremes_agree_with_comparisons)
{
    static void (*const checks[])(fr_isa, size_t, size_t, uint64_t) = {
        check_i8, check_i16, check_i32, check_i64, check_u8, check_u16, check_u32, check_u64, check_f32, check_f64,
    };
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 255, 256, 257, 511, 513 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t c = 0; c < FR_COUNT_OF(checks); c++)
            for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
                for (size_t steps = 0; steps < 4; steps++) checks[c](isa, lengths[i], steps, 90 * c + 4 * i + steps);
}
