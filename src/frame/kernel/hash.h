/* hash.h — hashing of words and bytes for tables in memory.
 *
 * Multiply 64 × 64 → 128 bits and fold the halves (the mixing step of wyhash and its relatives): two or three cycles a
 * word. Not for signatures and never stored: the seed differs from process to process, and no result may depend on it.
 */
#ifndef FR_KERNEL_HASH_H
#define FR_KERNEL_HASH_H

#include "base/compiler.h"

#include <string.h>

#define FR_HASH_A UINT64_C(0x9e3779b97f4a7c15)      /* odd, bits well spread: 2^64 over the golden ratio */
#define FR_HASH_B UINT64_C(0xe7037ed1a0b428db)

static inline uint64_t fr_hash_mix(uint64_t a, uint64_t b)
{
    fr_u128 product = (fr_u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t fr_hash_word(uint64_t x, uint64_t seed)
{
    return fr_hash_mix(x ^ FR_HASH_A, seed ^ FR_HASH_B);
}

static inline uint64_t fr_hash_load(const void *at, size_t n)      /* n ≤ 8 bytes, zero-extended */
{
    uint64_t word = 0;
    memcpy(&word, at, n);
    return word;
}

static inline uint64_t fr_hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
    const char *p = bytes;
    uint64_t h = seed ^ fr_hash_mix(n ^ FR_HASH_A, FR_HASH_B);
    for (; n > 16; n -= 16, p += 16) h = fr_hash_mix(fr_hash_load(p, 8) ^ FR_HASH_A, fr_hash_load(p + 8, 8) ^ h);

    uint64_t low, high;
    if (n >= 8) {
        low = fr_hash_load(p, 8);
        high = fr_hash_load(p + n - 8, 8);
    } else if (n >= 4) {
        low = fr_hash_load(p, 4);
        high = fr_hash_load(p + n - 4, 4);
    } else {
        low = n ? (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n >> 1] << 8 | (unsigned char)p[n - 1] : 0;
        high = 0;
    }
    return fr_hash_mix(FR_HASH_B ^ h, fr_hash_mix(low ^ FR_HASH_A, high ^ h));
}

#endif
