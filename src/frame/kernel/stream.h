/* stream.h — writing memory that is not read again soon, past the caches.
 *
 * An ordinary store to a line that is not in the cache reads the line first; where whole lines are written that is half
 * of the traffic for nothing.
 */
#ifndef FR_KERNEL_STREAM_H
#define FR_KERNEL_STREAM_H

#include "base/compiler.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A result of so many bytes has left the caches before anybody reads it; a smaller one is better written into them. */
#define FR_STREAM_MIN_BYTES ((size_t)16 << 20)

/* `to`, and the number of bytes, are multiples of 16. */
static inline void fr_stream(void *restrict to, const void *restrict from, size_t bytes)
{
#ifdef __SSE2__
    const __m128i *in = from;
    __m128i *out = to;
    for (size_t i = 0; i < bytes / sizeof *in; i++) _mm_stream_si128(out + i, _mm_loadu_si128(in + i));
#else
    memcpy(to, from, bytes);
#endif
}

/* Before others may read what was streamed. */
static inline void fr_stream_end(void)
{
#ifdef __SSE2__
    _mm_sfence();
#endif
}

#endif
