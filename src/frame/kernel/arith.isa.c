/* arith.isa.c — the loops of arith.h, once per instruction set.
 *
 * Each operator is one inlined function; map2 decides broadcasting outside the loop, and the compiler vectorises what
 * is left. A product of 64-bit integers cannot be checked lane by lane in vectors, but it need not be: when the largest
 * magnitudes of both sides have together at most 62 bits, none overflows, and a pass with | finds them.
 */
#include "kernel/arith.h"

/* ---- floats
 * ----------------------------------------------------------------------------------------------------------- */
#define FLOAT_KERNEL(name, R, T, EXPRESSION)                                                                  \
    static void name(void *out_, fr_lanes a_, fr_lanes b_, size_t n)                                           \
    {                                                                                                          \
        R *restrict out = out_;                                                                                \
        const T *a = a_.values, *b = b_.values;                                                                \
        if (a_.step && b_.step) for (size_t i = 0; i < n; i++) { R x = (R)a[i], y = (R)b[i]; out[i] = EXPRESSION; } \
        else if (a_.step) { R y = (R)*b; for (size_t i = 0; i < n; i++) { R x = (R)a[i]; out[i] = EXPRESSION; } }   \
        else if (b_.step) { R x = (R)*a; for (size_t i = 0; i < n; i++) { R y = (R)b[i]; out[i] = EXPRESSION; } }   \
        else { R x = (R)*a, y = (R)*b, r = EXPRESSION; for (size_t i = 0; i < n; i++) out[i] = r; }                 \
    }
FLOAT_KERNEL(add_f64, double, double, x + y)
FLOAT_KERNEL(sub_f64, double, double, x - y)
FLOAT_KERNEL(mul_f64, double, double, x * y)
FLOAT_KERNEL(div_f64, double, double, x / y)
FLOAT_KERNEL(add_f32, float, float, x + y)
FLOAT_KERNEL(sub_f32, float, float, x - y)
FLOAT_KERNEL(mul_f32, float, float, x * y)
FLOAT_KERNEL(div_i64, double, int64_t, x / y)

/* ---- integers
 * --------------------------------------------------------------------------------------------------------- */
/* One lane: the wrapped result; the top bit of *bad is set when it overflowed. */
static inline uint64_t add_i(uint64_t x, uint64_t y, uint64_t *bad)
{
    uint64_t r = x + y;
    *bad |= (x ^ r) & (y ^ r);
    return r;
}
static inline uint64_t sub_i(uint64_t x, uint64_t y, uint64_t *bad)
{
    uint64_t r = x - y;
    *bad |= (x ^ y) & (x ^ r);
    return r;
}
static inline uint64_t add_u(uint64_t x, uint64_t y, uint64_t *bad)
{
    uint64_t r = x + y;
    *bad |= (x & y) | ((x | y) & ~r);
    return r;
}
static inline uint64_t sub_u(uint64_t x, uint64_t y, uint64_t *bad)
{
    uint64_t r = x - y;
    *bad |= (~x & y) | ((~x | y) & r);
    return r;
}

FR_TEMPLATE_FN bool map2(void *out_, fr_lanes a_, fr_lanes b_, size_t n, uint64_t (*op)(uint64_t, uint64_t, uint64_t *))
{
    uint64_t *restrict out = out_, bad = 0;
    const uint64_t *a = a_.values, *b = b_.values;
    if (a_.step && b_.step) for (size_t i = 0; i < n; i++) out[i] = op(a[i], b[i], &bad);
    else if (a_.step) { uint64_t y = *b; for (size_t i = 0; i < n; i++) out[i] = op(a[i], y, &bad); }
    else if (b_.step) { uint64_t x = *a; for (size_t i = 0; i < n; i++) out[i] = op(x, b[i], &bad); }
    else { uint64_t r = op(*a, *b, &bad); for (size_t i = 0; i < n; i++) out[i] = r; }
    return bad >> 63;
}

static bool add_i64(void *out, fr_lanes a, fr_lanes b, size_t n) { return map2(out, a, b, n, add_i); }
static bool sub_i64(void *out, fr_lanes a, fr_lanes b, size_t n) { return map2(out, a, b, n, sub_i); }
static bool add_u64(void *out, fr_lanes a, fr_lanes b, size_t n) { return map2(out, a, b, n, add_u); }
static bool sub_u64(void *out, fr_lanes a, fr_lanes b, size_t n) { return map2(out, a, b, n, sub_u); }

/* Bits of the largest magnitude. */
static int bits_i64(fr_lanes v, size_t n)
{
    const int64_t *x = v.values;
    uint64_t all = 0;
    if (!v.step) n = 1;
    for (size_t i = 0; i < n; i++) all |= (uint64_t)(x[i] ^ (x[i] >> 63));
    return all ? 65 - __builtin_clzll(all) : 1;
}

static int bits_u64(fr_lanes v, size_t n)
{
    const uint64_t *x = v.values;
    uint64_t all = 0;
    if (!v.step) n = 1;
    for (size_t i = 0; i < n; i++) all |= x[i];
    return all ? 64 - __builtin_clzll(all) : 0;
}

static inline uint64_t mul_wrap(uint64_t x, uint64_t y, uint64_t *bad) { (void)bad; return x * y; }
static inline uint64_t mul_i(uint64_t x, uint64_t y, uint64_t *bad)
{
    int64_t r;
    *bad |= (uint64_t)__builtin_mul_overflow((int64_t)x, (int64_t)y, &r) << 63;
    return (uint64_t)r;
}
static inline uint64_t mul_u(uint64_t x, uint64_t y, uint64_t *bad)
{
    uint64_t r;
    *bad |= (uint64_t)__builtin_mul_overflow(x, y, &r) << 63;
    return r;
}

static bool mul_i64(void *out, fr_lanes a, fr_lanes b, size_t n)
{
    if (bits_i64(a, n) + bits_i64(b, n) <= 64) return map2(out, a, b, n, mul_wrap), false;
    return map2(out, a, b, n, mul_i);
}

static bool mul_u64(void *out, fr_lanes a, fr_lanes b, size_t n)
{
    if (bits_u64(a, n) + bits_u64(b, n) <= 64) return map2(out, a, b, n, mul_wrap), false;
    return map2(out, a, b, n, mul_u);
}

const fr_arith_kernels FR_ISA_NAME(fr_arith_kernels) = {
    .add_i64 = add_i64,
    .sub_i64 = sub_i64,
    .mul_i64 = mul_i64,
    .add_u64 = add_u64,
    .sub_u64 = sub_u64,
    .mul_u64 = mul_u64,
    .add_f64 = add_f64,
    .sub_f64 = sub_f64,
    .mul_f64 = mul_f64,
    .div_f64 = div_f64,
    .add_f32 = add_f32,
    .sub_f32 = sub_f32,
    .mul_f32 = mul_f32,
    .div_i64 = div_i64,
};
