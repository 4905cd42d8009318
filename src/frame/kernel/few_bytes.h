/* few_bytes.h — texts of few bytes: in a register, and compared without a call. */
#ifndef FR_KERNEL_FEW_BYTES_H
#define FR_KERNEL_FEW_BYTES_H

#include "base/load.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* By loads that may overlap: mostly it is few bytes, and the call of memcmp half the work. */
static inline bool fr_same_bytes(const char *a, const char *b, size_t n)
{
    if (n > 16) return !memcmp(a, b, n);
    if (n >= 8)
        return !((fr_load64(a) ^ fr_load64(b)) | (fr_load64(a + n - 8) ^ fr_load64(b + n - 8)));
    if (n >= 4)
        return !((fr_load32(a) ^ fr_load32(b)) | (fr_load32(a + n - 4) ^ fr_load32(b + n - 4)));
    return !n || ((a[0] == b[0]) & (a[n / 2] == b[n / 2]) & (a[n - 1] == b[n - 1]));        /* nobody could foresee them */
}

#ifdef __SSE2__
#include <emmintrin.h>

/* Its bytes, and zeros behind them; none beyond the text is read. */
static inline __m128i fr_load_few(const char *text, size_t n)
{
    uint64_t low = 0, high = 0;
    if (n >= 8) {
        memcpy(&low, text, 8);
        memcpy(&high, text + n - 8, 8);
        high = n > 8 ? high >> 8 * (16 - n) : 0;
    } else if (n >= 4) {
        uint32_t first, last;
        memcpy(&first, text, 4);
        memcpy(&last, text + n - 4, 4);
        low = first | (uint64_t)last << 8 * (n - 4);
    } else {
        for (size_t i = 0; i < n; i++) low |= (uint64_t)(unsigned char)text[i] << 8 * i;
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}
#endif

#endif
