/* hash.h — seeded 64-bit hashes for tables; never visible in a result.
 *
 * The 128-bit multiply-and-fold family (as in wyhash): two words are multiplied and the halves of the product XORed.
 * The seed differs per process, so nobody can prepare keys that collide; nothing that a user sees depends on it. Both
 * words hold something of the seed: where one is 0, nothing of the other counts, and a word that could be made 0 from
 * outside would give all keys one hash (20,000 binary keys that begin so: group 9.5 s, now 4 ms).
 */
#ifndef FR_BASE_HASH_H
#define FR_BASE_HASH_H

#include "base/compiler.h"
#include "base/load.h"

#include <string.h>

#define FR_HASH_K0 UINT64_C(0x9E3779B97F4A7C15)
#define FR_HASH_K1 UINT64_C(0xD6E8FEB86659FD93)
#define FR_HASH_K2 UINT64_C(0xA0761D6478BD642F)

static inline uint64_t fr_hash_fold(uint64_t a, uint64_t b)
{
    fr_u128 product = (fr_u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t fr_hash_turned(uint64_t seed) { return seed << 32 | seed >> 32; }

static inline uint64_t fr_hash_u64(uint64_t x, uint64_t seed)
{
    return fr_hash_fold(x ^ seed ^ FR_HASH_K0, FR_HASH_K1);
}

/* Order matters: hash of (a, b) differs from (b, a). */
static inline uint64_t fr_hash_combine(uint64_t hash, uint64_t next)
{
    return fr_hash_fold(hash ^ FR_HASH_K2, next ^ FR_HASH_K0 ^ fr_hash_turned(hash));
}

FR_PRIVATE uint64_t fr_hash_long(const char *bytes, size_t n, uint64_t seed);      /* n > 16 */

/* As fr_hash_long, of 17 … 32 bytes. */
static inline uint64_t fr_hash_middle(const char *bytes, size_t n, uint64_t seed)
{
    const uint64_t turned = fr_hash_turned(seed), first = turned ^ FR_HASH_K1, third = turned ^ FR_HASH_K2;
    const char *second = bytes + n - 16;
    const uint64_t left = fr_hash_fold(fr_load64(bytes) ^ first, fr_load64(bytes + 8) ^ seed ^ FR_HASH_K0);
    const uint64_t right = fr_hash_fold(fr_load64(second) ^ third, fr_load64(second + 8) ^ seed ^ FR_HASH_K1);
    return fr_hash_fold(left ^ (uint64_t)n, right ^ FR_HASH_K0);
}

static inline uint64_t fr_hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
    const char *p = bytes;
    uint64_t a = 0, b = 0;
    if (n > 16) return fr_hash_long(p, n, seed);
    if (n >= 8) {
        a = fr_load64(p);
        b = fr_load64(p + n - 8);
    } else if (n >= 4) {
        a = fr_load32(p);
        b = fr_load32(p + n - 4);
    } else if (n) {
        a = (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n >> 1] << 8 | (uint8_t)p[n - 1];
    }
    const uint64_t both = fr_hash_fold(a ^ fr_hash_turned(seed) ^ FR_HASH_K1, b ^ seed ^ FR_HASH_K0);
    return fr_hash_fold(both, (uint64_t)n ^ FR_HASH_K2);
}

#endif
