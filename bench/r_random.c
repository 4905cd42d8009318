/* r_random.c — see r_random.h. */
#include "r_random.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* R scrambles a seed by a linear congruential generator: fifty steps, then one a word; the first word is a position. */
void r_seed(r_random *r, uint32_t seed)
{
    for (int i = 0; i < 50; i++) seed = 69069 * seed + 1;
    seed = 69069 * seed + 1;
    for (int i = 0; i < R_STATE; i++) r->state[i] = seed = 69069 * seed + 1;
    r->at = R_STATE;
}

static void next_block(uint32_t *mt)
{
    for (int i = 0; i < R_STATE; i++) {
        uint32_t y = (mt[i] & 0x80000000u) | (mt[(i + 1) % R_STATE] & 0x7fffffffu);
        mt[i] = mt[(i + 397) % R_STATE] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
    }
}

static uint32_t next_word(r_random *r)
{
    if (r->at == R_STATE) next_block(r->state), r->at = 0;
    uint32_t y = r->state[r->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

double r_uniform(r_random *r)
{
    static const double half_step = 0.5 * 2.328306437080797e-10;
    double x = next_word(r) * 2.3283064365386963e-10;
    if (x <= 0) return half_step;
    return 1 - x <= 0 ? 1 - half_step : x;
}

static uint64_t random_bits(r_random *r, int bits)
{
    uint64_t v = 0;
    for (int n = 0; n <= bits; n += 16) v = 65536 * v + (uint64_t)floor(r_uniform(r) * 65536);
    return bits < 64 ? v & ((UINT64_C(1) << bits) - 1) : v;
}

uint64_t r_index(r_random *r, double n)
{
    if (n <= 0) return 0;
    int bits = (int)ceil(log2(n));
    uint64_t v;
    do v = random_bits(r, bits);
    while ((double)v >= n);
    return v;
}

/* The first `size` numbers of a permutation: each drawn number is replaced by the last one left. */
static uint32_t *draw(r_random *r, uint64_t n, uint64_t size)
{
    uint32_t *left = malloc(n * sizeof *left), *drawn = malloc((size ? size : 1) * sizeof *drawn);
    for (uint64_t i = 0; left && i < n; i++) left[i] = (uint32_t)i + 1;
    for (uint64_t i = 0; left && drawn && i < size; i++) {
        uint64_t j = r_index(r, (double)n);
        drawn[i] = left[j];
        left[j] = left[--n];
    }
    if (!left) free(drawn), drawn = NULL;
    free(left);
    return drawn;
}

static uint32_t *draw_again(r_random *r, uint64_t n, uint64_t size)
{
    bool *seen = calloc(n, sizeof *seen);
    uint32_t *drawn = malloc((size ? size : 1) * sizeof *drawn);
    for (uint64_t i = 0; seen && drawn && i < size; i++) {
        uint64_t v;
        do v = r_index(r, (double)n);
        while (seen[v]);
        seen[v] = true;
        drawn[i] = (uint32_t)v + 1;
    }
    if (!seen) free(drawn), drawn = NULL;
    free(seen);
    return drawn;
}

uint32_t *r_permutation(r_random *r, uint64_t n) { return draw(r, n, n); }

uint32_t *r_some(r_random *r, uint64_t n, uint64_t size)
{
    return n > 10000000 && size <= n / 2 ? draw_again(r, n, size) : draw(r, n, size);
}
