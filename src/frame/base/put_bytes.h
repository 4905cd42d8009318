/* put_bytes.h — copying texts, which are mostly so short that the call of memcpy would be half the work.
 *
 * By two loads that may overlap, and of more than sixteen bytes by sixteen at a time, the last ones again:
 *
 *     "user 1f@mail-71"     bytes 0 … 7 and 7 … 14
 */
#ifndef FR_BASE_PUT_BYTES_H
#define FR_BASE_PUT_BYTES_H

#include "base/compiler.h"

#include <string.h>

/* As memcpy, but n may be 0 whatever the pointers are. */
static inline void fr_put_bytes(char *to, const char *from, size_t n)
{
    enum { MANY = 128 };
    if (n > MANY) {
        memcpy(to, from, n);
    } else if (n >= 16) {
        for (size_t at = 0; at + 16 < n; at += 16) memcpy(to + at, from + at, 16);
        memcpy(to + n - 16, from + n - 16, 16);
    } else if (n >= 8) {
        memcpy(to, from, 8);
        memcpy(to + n - 8, from + n - 8, 8);
    } else if (n >= 4) {
        memcpy(to, from, 4);
        memcpy(to + n - 4, from + n - 4, 4);
    } else if (n) {
        to[0] = from[0];
        to[n / 2] = from[n / 2];
        to[n - 1] = from[n - 1];
    }
}

/* Many, of columns. libc's memcpy copies 2 KiB to 1 MiB by `rep movsb` on some processors, which takes eight times as long
 * where `to` lies a few bytes behind `from` within their pages, as behind an odd number of rows (Zen 4, 512 KiB: 17 →
 * 150 µs). */
static inline void fr_put_many(char *restrict to, const char *restrict from, size_t n)
{
    size_t at = 0;
    for (; at + 64 <= n; at += 64) memcpy(to + at, from + at, 64);
    fr_put_bytes(to + at, from + at, n - at);
}

#endif
