/* arith.isa.c — the loops of arith.h, once per instruction set.
 *
 * Each operator is one inlined function; map2 decides broadcasting outside the loop, and the compiler vectorises what
 * is left. A product of 64-bit integers cannot be checked lane by lane in vectors, but it need not be: when the largest
 * magnitudes of both sides have together at most 62 bits, none overflows, and a pass with | finds them.
 */
#include "kernel/arith.h"

#include "kernel/to_f64.h"

/* ---- floats ------------------------------------------------------------------------------------------------------ */
#define FLOAT_KERNEL(name, R, A, AS_A, B, AS_B, OP)                                                            \
    static void name(void *out_, fr_lanes a_, fr_lanes b_, size_t n)                                           \
    {                                                                                                          \
        R *restrict out = out_;                                                                                \
        const A *a = a_.values;                                                                                \
        const B *b = b_.values;                                                                                \
        if (a_.step && b_.step) for (size_t i = 0; i < n; i++) out[i] = AS_A(a[i]) OP AS_B(b[i]);              \
        else if (a_.step) { R y = AS_B(*b); for (size_t i = 0; i < n; i++) out[i] = AS_A(a[i]) OP y; }         \
        else if (b_.step) { R x = AS_A(*a); for (size_t i = 0; i < n; i++) out[i] = x OP AS_B(b[i]); }         \
        else { R r = AS_A(*a) OP AS_B(*b); for (size_t i = 0; i < n; i++) out[i] = r; }                        \
    }
#define FLOAT_KERNELS(name, OP)                                                     \
    FLOAT_KERNEL(name##_ff, double, double, , double, , OP)                         \
    FLOAT_KERNEL(name##_fi, double, double, , int64_t, fr_f64_of_i64, OP)           \
    FLOAT_KERNEL(name##_if, double, int64_t, fr_f64_of_i64, double, , OP)           \
    FLOAT_KERNEL(name##_ii, double, int64_t, fr_f64_of_i64, int64_t, fr_f64_of_i64, OP)
FLOAT_KERNELS(add, +)
FLOAT_KERNELS(sub, -)
FLOAT_KERNELS(mul, *)
FLOAT_KERNELS(quotient, /)
FLOAT_KERNEL(add_f32, float, float, , float, , +)
FLOAT_KERNEL(sub_f32, float, float, , float, , -)
FLOAT_KERNEL(mul_f32, float, float, , float, , *)

#define DIVISION(name, quotient, product, B, AS_B)                                              \
    static void name(void *out, fr_lanes a, fr_lanes b, size_t n)                               \
    {                                                                                           \
        double y = b.step || !a.step ? 0 : AS_B(*(const B *)b.values);                          \
        if (!fr_has_exact_reciprocal(y)) return quotient(out, a, b, n);                            \
        double reciprocal = 1 / y;                                                              \
        product(out, a, (fr_lanes){ &reciprocal, 0 }, n);                                       \
    }
DIVISION(div_ff, quotient_ff, mul_ff, double, )
DIVISION(div_fi, quotient_fi, mul_ff, int64_t, fr_f64_of_i64)
DIVISION(div_if, quotient_if, mul_if, double, )
DIVISION(div_ii, quotient_ii, mul_if, int64_t, fr_f64_of_i64)

/* Correctly rounded everywhere, as the operators are. */
static void sqrt_f64(double *restrict out, const double *restrict in, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = __builtin_sqrt(in[i]);
}

FR_TEMPLATE_FN void round_all(double *restrict out, const double *restrict in, size_t n, double unit, bool coarse,
                              double (*whole)(double))
{
    const double most = 0x1.fffffffffffffp1023;
    for (size_t i = 0; i < n; i++) {
        const double y = coarse ? whole(in[i] / unit) * unit : whole(in[i] * unit) / unit;
        out[i] = __builtin_fabs(y) <= most ? y : in[i];
    }
}

FR_TEMPLATE_FN double nearest(double x) { return __builtin_nearbyint(x); }
FR_TEMPLATE_FN double lower(double x) { return __builtin_floor(x); }
FR_TEMPLATE_FN double upper(double x) { return __builtin_ceil(x); }
FR_TEMPLATE_FN double inner(double x) { return __builtin_trunc(x); }

#define ROUND(name, whole)                                                                       \
    static void name(double *out, const double *in, size_t n, double unit, bool coarse)          \
    {                                                                                            \
        if (coarse) round_all(out, in, n, unit, true, whole);                                    \
        else round_all(out, in, n, unit, false, whole);                                          \
    }
ROUND(round_nearest, nearest)
ROUND(round_down, lower)
ROUND(round_up, upper)
ROUND(round_off, inner)

/* ---- integers ---------------------------------------------------------------------------------------------------- */
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

#define OPERANDS(name) { { name##_ff, name##_fi }, { name##_if, name##_ii } }
const fr_arith_kernels FR_ISA_NAME(fr_arith_kernels) = {
    .i64 = { [FR_ADD] = add_i64, [FR_SUB] = sub_i64, [FR_MUL] = mul_i64 },
    .u64 = { [FR_ADD] = add_u64, [FR_SUB] = sub_u64, [FR_MUL] = mul_u64 },
    .f32 = { [FR_ADD] = add_f32, [FR_SUB] = sub_f32, [FR_MUL] = mul_f32 },
    .f64 = { [FR_ADD] = OPERANDS(add), [FR_SUB] = OPERANDS(sub), [FR_MUL] = OPERANDS(mul), [FR_DIV] = OPERANDS(div) },
    .sqrt_f64 = sqrt_f64,
    .round = { [FR_ROUND_EVEN] = round_nearest, [FR_ROUND_FLOOR] = round_down, [FR_ROUND_CEIL] = round_up,
               [FR_ROUND_TRUNC] = round_off },
};
