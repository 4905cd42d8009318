/* scaled_bound: whole numbers compared with the bound of whole numbers, against their doubles compared with the double. */
#include "kernel/scaled_bound.h"

#include "kernel/scaled.h"
#include "support/columns.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>

static bool real_holds(double x, fr_compare_op op, double y)
{
    switch (op) {
    case FR_EQUAL:      return x == y;
    case FR_UNEQUAL:    return x != y;
    case FR_LESS:       return x < y;
    case FR_LESS_EQUAL: return x <= y;
    case FR_GREATER:    return x > y;
    default:            return x >= y;
    }
}

static bool whole_holds(int32_t k, fr_scaled_bound bound)
{
    switch (bound.op) {
    case FR_EQUAL:      return k == bound.whole;
    case FR_UNEQUAL:    return k != bound.whole;
    case FR_LESS:       return k < bound.whole;
    case FR_LESS_EQUAL: return k <= bound.whole;
    case FR_GREATER:    return k > bound.whole;
    default:            return k >= bound.whole;
    }
}

/* Numbers about the bound, and the ends. */
static void check(double y, int32_t about, unsigned digits)
{
    static const int32_t ends[] = { INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX };
    for (int op = 0; op < FR_COMPARE_COUNT; op++) {
        const fr_scaled_bound bound = fr_scaled_bound_of((fr_compare_op)op, y, digits);
        for (int i = -3; i < 4 + (int)FR_COUNT_OF(ends); i++) {
            const int64_t near = (int64_t)about + i;
            const int32_t k = i > 3 ? ends[i - 4] : near < INT32_MIN ? INT32_MIN : near > INT32_MAX ? INT32_MAX : (int32_t)near;
            const bool same = whole_holds(k, bound) == real_holds(fr_scaled_real(k, digits), (fr_compare_op)op, y);
            if (!same) (void)fprintf(stderr, "%d of %u digits, operator %d, %.17g\n", (int)k, digits, op, y);
            CHECK(same);
        }
    }
}

TEST(whole_numbers_are_compared_with_a_bound_as_their_doubles_are)
{
    uint64_t state = 11;
    for (unsigned digits = 1; digits <= FR_SCALED_MOST_DIGITS; digits++)
        for (int i = 0; i < 2000; i++) {
            const uint64_t r = fr_test_random(&state);
            const int32_t k = i == 0 ? INT32_MAX : i == 1 ? INT32_MIN : i == 2 ? 0 : (int32_t)(uint32_t)(r >> 20) >> (r % 30);
            const double x = fr_scaled_real(k, digits), one = 1 / fr_scaled_power(digits);
            const double bounds[] = { x, nextafter(x, 1e300), nextafter(x, -1e300), x + one / 2, x - one / 3 };
            for (size_t b = 0; b < FR_COUNT_OF(bounds); b++) check(bounds[b], k, digits);
        }
}

TEST(bounds_that_no_whole_number_is_near_hold_always_or_never)
{
    static const double bounds[] = { NAN, -NAN, INFINITY, -INFINITY, 1e300, -1e300, 2147483648.0, -2147483649.0, 1e18, -0.0, 5e-324,
                                     -5e-324, 0x1p53 };
    for (unsigned digits = 1; digits <= FR_SCALED_MOST_DIGITS; digits++)
        for (size_t b = 0; b < FR_COUNT_OF(bounds); b++) check(bounds[b], 0, digits);
}
