/* r_random.h — R's random numbers, as far as db-benchmark's generators draw them: Mersenne Twister, "Rejection" sampling.
 *
 *     r_random r;
 *     r_seed(&r, 108);          set.seed(108)
 *     r_index(&r, 100);         sample(100, 1) - 1
 *     r_uniform(&r);            runif(1)
 *
 * Source: R's documentation of RNGkind() and sample(), and Matsumoto and Nishimura (1998) for the generator itself.
 * Equals: R >= 3.6 with RNGkind("Mersenne-Twister", "Inversion", "Rejection"); the published checksums of db-benchmark hold.
 */
#ifndef BENCH_R_RANDOM_H
#define BENCH_R_RANDOM_H

#include <stdint.h>

enum { R_STATE = 624 };

typedef struct r_random {
    uint32_t state[R_STATE];
    int at;
} r_random;

void r_seed(r_random *r, uint32_t seed);
double r_uniform(r_random *r);                   /* in (0, 1)                                                        */
uint64_t r_index(r_random *r, double n);         /* 0 … n-1, each equally likely                                     */

/* sample.int(n): a permutation of 1 … n. sample.int(n, size), size <= n / 2: the first `size` of one, or, above 10^7, by
 * drawing again what was drawn before, as R does it. The caller frees what they return; NULL when memory is out. */
uint32_t *r_permutation(r_random *r, uint64_t n);
uint32_t *r_some(r_random *r, uint64_t n, uint64_t size);

#endif
