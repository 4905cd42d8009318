/* floors.isa.c — the loops of floors.h, once per instruction set.
 *
 * A double between 2^52 and 2^53 is its integer in the lowest bits, so adding and taking away 1.5 · 2^52 rounds to a
 * whole number, and its bits as an integer, less those of 1.5 · 2^52, are that number. With |x| ≤ 2^51 the product with
 * the rounded reciprocal is wrong by less than 1/4 (of a divisor of 1, by nothing), the whole number next to it by less
 * than 3/4: so the remainder lies between -3/4 and 3/4 of the divisor, and one that is negative wants one divisor more.
 */
#include "kernel/floors.h"

enum { ROWS = 64, LANES = FR_ISA_LEVEL >= 4 ? 8 : FR_ISA_LEVEL == 3 ? 4 : 2 };

typedef uint64_t wholes __attribute__((vector_size(LANES * 8)));
typedef double reals __attribute__((vector_size(LANES * 8)));

#define SIGN        (UINT64_C(1) << 63)
#define NEAR        (UINT64_C(1) << 51)
#define ROUND       0x1.8p52
#define ROUND_BITS  UINT64_C(0x4338000000000000)

FR_TEMPLATE_FN wholes load(const void *from)
{
    wholes x;
    memcpy(&x, from, sizeof x);
    return x;
}

FR_TEMPLATE_FN wholes every(uint64_t x) { return (wholes){ 0 } + x; }
FR_TEMPLATE_FN reals real_of(wholes x) { return (reals)(x + ROUND_BITS) - ROUND; }
FR_TEMPLATE_FN wholes whole_of(reals rounded) { return (wholes)rounded - ROUND_BITS; }

FR_TEMPLATE_FN bool any_beyond(wholes seen)
{
    uint64_t all = 0;
    for (int k = 0; k < LANES; k++) all |= seen[k];
    return all >= 2 * NEAR;
}

/* ---- by a constant ----------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN bool by_reals(int64_t *out, const int64_t *x, const fr_divisor *d, bool quotient)
{
    const wholes twos = every(d->twos), low = every(((uint64_t)1 << d->twos) - 1), shifted = every(SIGN >> d->twos);
    const reals odd = (reals){ 0 } + d->odd, reciprocal = (reals){ 0 } + d->reciprocal;
    wholes seen = { 0 };
    for (size_t k = 0; k < ROWS; k += LANES) {
        const wholes all = load(x + k), here = ((all ^ SIGN) >> twos) - shifted;
        seen |= here + NEAR;
        const reals a = real_of(here), q = a * reciprocal + ROUND, r = a - (q - ROUND) * odd;
        const wholes below = (wholes)(r < 0);
        const wholes rest = whole_of(r + (reals)(below & (wholes)odd) + ROUND) << twos | (all & low);
        const wholes result = quotient ? whole_of(q) + below : rest;
        memcpy(out + k, &result, sizeof result);
    }
    return !any_beyond(seen);
}

FR_TEMPLATE_FN int64_t by_magic(int64_t x, const fr_divisor *d, bool quotient)
{
    const uint64_t sign = (uint64_t)(x >> 63);
    const uint64_t high = (uint64_t)((fr_u128)((uint64_t)x ^ sign) * d->magic >> 64);
    const uint64_t q = high >> d->after ^ sign;
    return (int64_t)(quotient ? q : (uint64_t)x - q * (uint64_t)d->by);
}

FR_TEMPLATE_FN int64_t by_twos(int64_t x, const fr_divisor *d, bool quotient)
{
    return quotient ? x >> d->twos : x & (d->by - 1);
}

FR_TEMPLATE_FN void by(int64_t *out, const int64_t *x, size_t n, const fr_divisor *d, bool quotient)
{
    size_t i = 0;
    if (d->odd == 1) {
        for (; i < n; i++) out[i] = by_twos(x[i], d, quotient);
        return;
    }
    for (; d->fits && i + ROWS <= n; i += ROWS) {
        int64_t room[ROWS];                            /* out may be x, which is needed again where some are great */
        if (by_reals(room, x + i, d, quotient)) memcpy(out + i, room, sizeof room);
        else for (size_t k = i; k < i + ROWS; k++) out[k] = by_magic(x[k], d, quotient);
    }
    for (; i < n; i++) out[i] = by_magic(x[i], d, quotient);
}

static void quotients(int64_t *out, const int64_t *x, size_t n, const fr_divisor *d) { by(out, x, n, d, true); }
static void remainders(int64_t *out, const int64_t *x, size_t n, const fr_divisor *d) { by(out, x, n, d, false); }

static bool rungs(int64_t *restrict out, const int64_t *restrict x, size_t n, const fr_divisor *d, int64_t rung, int64_t most)
{
    uint64_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t from = (uint64_t)x[i] - (uint64_t)rung;
        bad |= (((uint64_t)x[i] ^ (uint64_t)rung) & ((uint64_t)x[i] ^ from)) >> 63;
        bad |= (uint64_t)((x[i] > most) | (x[i] < -most));
        out[i] = (int64_t)from;
    }
    by(out, out, n, d, false);
    for (size_t i = 0; i < n; i++) {
        const uint64_t rest = (uint64_t)out[i];
        out[i] = (int64_t)((uint64_t)x[i] - rest);
        bad |= (uint64_t)(out[i] > x[i]);
    }
    return !bad;
}

/* ---- each by its own --------------------------------------------------------------------------------------------- */
/* A negative divisor takes the sign of both. */
FR_TEMPLATE_FN wholes each_of(wholes x, wholes y, bool quotient)
{
    y -= (wholes)(y == 0);
    const reals divisor = real_of(y);
    const wholes sign = (wholes)(divisor < 0) & SIGN;
    const reals a = (reals)((wholes)real_of(x) ^ sign), b = (reals)((wholes)divisor ^ sign);
    const reals q = a / b + ROUND, r = a - (q - ROUND) * b;
    const wholes below = (wholes)(r < 0);
    const reals rest = r + (reals)(below & (wholes)b);
    return quotient ? whole_of(q) + below : whole_of((reals)((wholes)rest ^ sign) + ROUND);
}

FR_TEMPLATE_FN bool each(int64_t *out, fr_lanes x, fr_lanes y, size_t n, bool quotient)
{
    const int64_t *a = x.values, *b = y.values;
    wholes seen = { 0 };
    for (size_t i = 0; i < n; i += LANES) {
        const size_t some = n - i < LANES ? n - i : LANES;
        int64_t left[LANES] = { 0 }, right[LANES] = { 0 };
        const bool whole = some == LANES && x.step && y.step;
        for (size_t k = 0; !whole && k < some; k++) left[k] = a[(i + k) * x.step], right[k] = b[(i + k) * y.step];
        const wholes p = load(whole ? a + i : left), q = load(whole ? b + i : right);
        seen |= (p + NEAR) | (q + NEAR);
        const wholes result = each_of(p, q, quotient);
        memcpy(out + i, &result, some * sizeof *out);
    }
    return !any_beyond(seen);
}

static bool each_quotient(int64_t *out, fr_lanes x, fr_lanes y, size_t n) { return each(out, x, y, n, true); }
static bool each_remainder(int64_t *out, fr_lanes x, fr_lanes y, size_t n) { return each(out, x, y, n, false); }

const fr_floors_kernels FR_ISA_NAME(fr_floors_kernels) = {
    quotients, remainders, rungs, each_quotient, each_remainder,
};
