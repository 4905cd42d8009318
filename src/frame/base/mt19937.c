/* mt19937.c — the Mersenne Twister as numpy.random.RandomState uses it, so that a seed means the same there and here.
 *
 * Source: M. Matsumoto, T. Nishimura, ACM TOMACS 8 (1998); how RandomState draws from it: NumPy's documentation of
 * legacy seeding, checked number by number (tests/golden/random/make.py).
 */
#include "base/rng.h"

#include <math.h>

#define N 624
#define M 397

void fr_mt19937_init(fr_mt19937 *mt, uint32_t seed)
{
    for (uint32_t i = 0; i < N; i++) {
        mt->state[i] = seed;
        seed = 1812433253u * (seed ^ seed >> 30) + i + 1;
    }
    mt->at = N;
    mt->has_gauss = false;
    mt->gauss = 0;
}

void fr_mt19937_init_array(fr_mt19937 *mt, const uint32_t *key, size_t n)
{
    fr_mt19937_init(mt, 19650218u);
    uint32_t *s = mt->state;
    size_t i = 1, j = 0;
    for (size_t k = n > N ? n : N; k > 0; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i == N) s[0] = s[N - 1], i = 1;
        if (++j == n) j = 0;
    }
    for (size_t k = N - 1; k > 0; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i == N) s[0] = s[N - 1], i = 1;
    }
    s[0] = 0x80000000u;
}

static void next_state(uint32_t *s)
{
    for (size_t i = 0; i < N; i++) {
        uint32_t y = (s[i] & 0x80000000u) | (s[(i + 1) % N] & 0x7fffffffu);
        s[i] = s[(i + M) % N] ^ y >> 1 ^ ((0 - (y & 1)) & 0x9908b0dfu);
    }
}

uint32_t fr_mt19937_u32(fr_mt19937 *mt)
{
    if (mt->at >= N) {
        next_state(mt->state);
        mt->at = 0;
    }
    uint32_t y = mt->state[mt->at++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

uint64_t fr_mt19937_u64(fr_mt19937 *mt)
{
    uint64_t high = fr_mt19937_u32(mt);
    return high << 32 | fr_mt19937_u32(mt);
}

double fr_mt19937_f64(fr_mt19937 *mt)
{
    uint32_t a = fr_mt19937_u32(mt) >> 5, b = fr_mt19937_u32(mt) >> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
}

/* Marsaglia's polar method; the second number is kept for the next call. */
double fr_mt19937_normal(fr_mt19937 *mt)
{
    if (mt->has_gauss) {
        mt->has_gauss = false;
        return mt->gauss;
    }
    double x, y, r;
    do {
        x = 2 * fr_mt19937_f64(mt) - 1;
        y = 2 * fr_mt19937_f64(mt) - 1;
        r = x * x + y * y;
    } while (r >= 1 || r == 0);
    double f = sqrt(-2 * log(r) / r);
    mt->gauss = f * x;
    mt->has_gauss = true;
    return f * y;
}

/* Draw words, cut to the bits of max, until one is not larger. */
uint64_t fr_mt19937_interval(fr_mt19937 *mt, uint64_t max)
{
    if (max == 0) return 0;
    uint64_t mask = UINT64_MAX >> __builtin_clzll(max), value;
    do value = (max <= UINT32_MAX ? fr_mt19937_u32(mt) : fr_mt19937_u64(mt)) & mask; while (value > max);
    return value;
}

int64_t fr_mt19937_randint(fr_mt19937 *mt, int64_t low, int64_t high)
{
    return (int64_t)((uint64_t)low + fr_mt19937_interval(mt, (uint64_t)high - 1 - (uint64_t)low));
}

void fr_mt19937_shuffle(fr_mt19937 *mt, int64_t *values, size_t n)
{
    for (size_t i = n; i-- > 1;) {
        size_t j = (size_t)fr_mt19937_interval(mt, i);
        int64_t kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}

void fr_mt19937_permutation(fr_mt19937 *mt, int64_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = (int64_t)i;
    fr_mt19937_shuffle(mt, out, n);
}
