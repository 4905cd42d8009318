/* hash.c — hashing texts of more than 16 bytes: 32 bytes a step on two lanes, the last 32 bytes overlapping. */
#include "base/hash.h"

uint64_t fr_hash_long(const char *bytes, size_t n, uint64_t seed)
{
    const uint64_t turned = fr_hash_turned(seed), first = turned ^ FR_HASH_K1, third = turned ^ FR_HASH_K2;
    uint64_t left = seed ^ FR_HASH_K0, right = seed ^ FR_HASH_K1;
    const char *p = bytes;
    for (size_t rest = n; rest > 32; rest -= 32, p += 32) {
        left = fr_hash_fold(fr_load64(p) ^ first, fr_load64(p + 8) ^ left);
        right = fr_hash_fold(fr_load64(p + 16) ^ third, fr_load64(p + 24) ^ right);
    }
    if (n >= 32) p = bytes + n - 32;
    const char *second = n >= 32 ? p + 16 : bytes + n - 16;
    left = fr_hash_fold(fr_load64(p) ^ first, fr_load64(p + 8) ^ left);
    right = fr_hash_fold(fr_load64(second) ^ third, fr_load64(second + 8) ^ right);
    return fr_hash_fold(left ^ (uint64_t)n, right ^ FR_HASH_K0);
}
