/* rng.h — random numbers: a counter-based generator of our own choice, and NumPy's legacy one for equal results.
 *
 * Philox4x32-10 is a function from (key, counter) to four words, so that row i of a column can have its own number
 * whatever thread computes it: fr_rng_at. Walking with fr_rng_u64 is the same function with a running counter.
 *
 *     fr_rng rng;
 *     fr_rng_init(&rng, 42, 0);
 *     double x = fr_rng_f64(&rng);             0 ≤ x < 1, 53 bits
 *     uint64_t die = 1 + fr_rng_below(&rng, 6);
 *
 * fr_mt19937 draws what np.random.RandomState(seed) draws, number for number: for random_state = 42 to mean the same as
 * in scikit-learn.
 */
#ifndef FR_BASE_RNG_H
#define FR_BASE_RNG_H

#include "base/compiler.h"

/* ---- Philox ------------------------------------------------------------------------------------------------------ */
typedef struct fr_rng {
    uint32_t key[2];
    uint64_t stream;            /* upper half of the counter   */
    uint64_t block;             /* lower half: the next block  */
    uint64_t word[2];           /* of the current block        */
    uint32_t left;              /* words not yet handed out    */
    bool     has_normal;
    double   normal;            /* the second of a pair        */
} fr_rng;

/** The bare function: four words from a counter and a key. Source: J. Salmon et al., SC11, Philox4x32 with 10
 * rounds. */
void fr_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/** Start a generator. Each (seed, stream) is a sequence of its own, 2^65 words long. */
void fr_rng_init(fr_rng *rng, uint64_t seed, uint64_t stream);

uint64_t fr_rng_u64(fr_rng *rng);
double   fr_rng_f64(fr_rng *rng);                           /* 0 ≤ x < 1, a multiple of 2^-53                         */
uint64_t fr_rng_below(fr_rng *rng, uint64_t n);            /* 0 … n-1, each equally likely (Lemire 2019); 0 for n = 0 */
double   fr_rng_normal(fr_rng *rng);                        /* mean 0, deviation 1 (Box and Muller)                   */

/** Word number `i` of the sequence (seed, stream), as the i-th call of fr_rng_u64 gives. */
FR_PRIVATE uint64_t fr_rng_at(uint64_t seed, uint64_t stream, uint64_t i);

/** Words number i … i + n - 1. */
void fr_rng_words(uint64_t seed, uint64_t stream, uint64_t i, size_t n, uint64_t *out);

/** A word as a double, 0 ≤ x < 1. */
static inline double fr_rng_unit(uint64_t word) { return (double)(word >> 11) * 0x1p-53; }

/* ---- NumPy's RandomState ----------------------------------------------------------------------------------------- */
typedef struct fr_mt19937 {
    uint32_t state[624];
    uint32_t at;
    bool     has_gauss;
    double   gauss;
} fr_mt19937;

/** np.random.RandomState(seed) of an integer seed. */
void fr_mt19937_init(fr_mt19937 *mt, uint32_t seed);

/** np.random.RandomState([k0, k1, …]). Requires n ≥ 1. */
void fr_mt19937_init_array(fr_mt19937 *mt, const uint32_t *key, size_t n);

uint32_t fr_mt19937_u32(fr_mt19937 *mt);
uint64_t fr_mt19937_u64(fr_mt19937 *mt);
double   fr_mt19937_f64(fr_mt19937 *mt);                             /* random_sample() */
double   fr_mt19937_normal(fr_mt19937 *mt);                          /* standard_normal(), randn() */

/** randint(low, high) of NumPy's default int64: low ≤ x < high. Requires low < high. */
int64_t fr_mt19937_randint(fr_mt19937 *mt, int64_t low, int64_t high);

/** The draw inside shuffle: 0 … max, both included. */
uint64_t fr_mt19937_interval(fr_mt19937 *mt, uint64_t max);

/** shuffle() of whole numbers in place, and permutation(n). */
void fr_mt19937_shuffle(fr_mt19937 *mt, int64_t *values, size_t n);
void fr_mt19937_permutation(fr_mt19937 *mt, int64_t *out, size_t n);

#endif
