/* few_bytes.h — a text of at most 16 bytes in a register. */
#ifndef FR_KERNEL_FEW_BYTES_H
#define FR_KERNEL_FEW_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
