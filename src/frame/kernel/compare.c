/* compare.c — numbers of different types compared exactly.
 *
 * Turning 2^53 + 1 into a double before comparing would find it equal to 2^53. Instead the double, once it is known to
 * lie in the integer's range, is cut to an integer (exact), and its fraction breaks the tie.
 */
#include "kernel/compare.h"

#include <math.h>

static int sign(bool less, bool greater) { return (int)greater - (int)less; }

int fr_compare_i64_u64(int64_t a, uint64_t b)
{
    return a < 0 ? -1 : sign((uint64_t)a < b, (uint64_t)a > b);
}

int fr_compare_i64_f64(int64_t a, double b)
{
    if (isnan(b)) return 2;
    if (b >= 0x1p63) return -1;
    if (b < -0x1p63) return 1;
    double whole = trunc(b);
    int64_t i = (int64_t)whole;
    return a != i ? sign(a < i, a > i) : sign(whole < b, whole > b);
}

int fr_compare_u64_f64(uint64_t a, double b)
{
    if (isnan(b)) return 2;
    if (b >= 0x1p64) return -1;
    if (b < 0) return 1;
    double whole = trunc(b);
    uint64_t i = (uint64_t)whole;
    return a != i ? sign(a < i, a > i) : sign(whole < b, whole > b);
}
