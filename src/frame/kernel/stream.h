/* stream.h — writing memory that is not read again soon, past the caches.
 *
 * An ordinary store to a line that is not in the cache reads the line first; where whole lines are written that is half
 * of the traffic for nothing.
 */
#ifndef FR_KERNEL_STREAM_H
#define FR_KERNEL_STREAM_H

#include "base/compiler.h"

#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

/* A result of so many bytes has left the caches before anybody reads it; a smaller one is better written into them. */
#ifndef FR_STREAM_MIN_BYTES
#define FR_STREAM_MIN_BYTES ((size_t)16 << 20)      /* the test build `torn` makes it 1000, so that both ways run */
#endif

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

/* The same of whole lines, both of them aligned to 64 bytes: where a register holds one, it goes in one piece. */
static inline void fr_stream_lines(void *restrict to, const void *restrict from, size_t bytes)
{
#if defined(__AVX512F__)
    for (size_t i = 0; i < bytes; i += 64)
        _mm512_stream_si512((void *)((char *)to + i), _mm512_load_si512((const char *)from + i));
#else
    fr_stream(to, from, bytes);
#endif
}

/* The same of any number of bytes. */
static inline void fr_stream_any(void *restrict to, const void *restrict from, size_t bytes)
{
    const size_t whole = bytes & ~(size_t)15;
    fr_stream(to, from, whole);
    memcpy((char *)to + whole, (const char *)from + whole, bytes - whole);
}

/* The same, to any place. */
static inline void fr_stream_from(void *restrict to, const void *restrict from, size_t bytes)
{
    const size_t odd = -(uintptr_t)to % 16, begun = odd < bytes ? odd : bytes;
    memcpy(to, from, begun);
    fr_stream_any((char *)to + begun, (const char *)from + begun, bytes - begun);
}

/* Before others may read what was streamed. */
static inline void fr_stream_end(void)
{
#ifdef __SSE2__
    _mm_sfence();
#endif
}

/* ---- what comes in pieces ---------------------------------------------------------------------------------------- */
/* Pieces of any length, written behind each other from any place: whole lines are streamed, and what does not fill one
 * is held until the next piece. So kernels write into the first-level cache, where a vector may reach beyond the end,
 * and neighbours may share the first and the last line with other threads.
 *
 *     fr_held held;
 *     for (fr_held_begin(&held, to); …;) fr_held_add(&held, fill(fr_held_room(&held)));     at most FR_HELD_BYTES each
 *     fr_held_end(&held);
 */
enum { FR_LINE_BYTES = 64, FR_HELD_BYTES = 8192 };

typedef struct fr_held {
    char  *line;                           /* where bytes[0] belongs */
    size_t first, end;                     /* of the bytes that are held */
    _Alignas(FR_LINE_BYTES) char bytes[FR_LINE_BYTES + FR_HELD_BYTES + FR_LINE_BYTES];
} fr_held;

static inline void fr_held_begin(fr_held *h, void *to)
{
    h->first = h->end = (uintptr_t)to % FR_LINE_BYTES;
    h->line = (char *)to - h->first;
}

static inline void *fr_held_room(fr_held *h) { return h->bytes + h->end; }

static inline void fr_held_add(fr_held *h, size_t bytes)
{
    h->end += bytes;
    const size_t whole = h->end / FR_LINE_BYTES * FR_LINE_BYTES, begun = h->first ? FR_LINE_BYTES : 0;
    if (whole == 0) return;
    if (begun) memcpy(h->line + h->first, h->bytes + h->first, begun - h->first);
    fr_stream(h->line + begun, h->bytes + begun, whole - begun);
    memcpy(h->bytes, h->bytes + whole, FR_LINE_BYTES);
    h->line += whole;
    h->end -= whole;
    h->first = 0;
}

static inline void fr_held_end(fr_held *h)
{
    memcpy(h->line + h->first, h->bytes + h->first, h->end - h->first);
    fr_stream_end();
}

#endif
