/* text_search.h — looking through texts: where a part comes first, which of them contain it, how many characters each has
 * (text_search.isa.c).
 *
 *     find "il-7" in "user 1f@mail-71.example"
 *
 *     u s e r   1 f @ m a i l - 7 1 . e x a m p l e
 *     . . . . . . . . . . i . . . . . . . . . . . .     the first byte of the part
 *     . . . . . . . . . . . . . 7 . . . . . . . . .     the last one, three places on: both fit at one place, where the
 *                                                       whole part is compared
 */
#ifndef FR_KERNEL_TEXT_SEARCH_H
#define FR_KERNEL_TEXT_SEARCH_H

#include "kernel/isa.h"

typedef struct fr_piece { const char *text; size_t n; } fr_piece;        /* a text: where it begins, and its bytes */

enum { FR_SHORT_TEXT = 64 };

typedef struct fr_text_search_kernels {
    /* Where the part, of one byte at least, comes first; NULL: nowhere. */
    const char *(*find)(fr_piece t, fr_piece part);
    /* Bit i: text i contains it. Texts whose bit in `valid` is 0 are not looked at; valid NULL: all are. */
    void (*contain)(uint64_t *out, const fr_piece *texts, size_t n, fr_piece part, const uint64_t *valid);
    /* Bit k of out[i]: the part lies at byte k of text i. Of texts whose bit is in `rows`, and which have at most
     * FR_SHORT_TEXT bytes; the others' words are undefined. */
    void (*places)(uint64_t out[64], const fr_piece texts[64], uint64_t rows, fr_piece part);
    /* Characters of each text, as UTF-8; of those that are not valid 0. */
    void (*lengths)(int64_t *out, const fr_piece *texts, size_t n, const uint64_t *valid);
} fr_text_search_kernels;

FR_ISA_DECLARE(fr_text_search_kernels, fr_text_search_kernels);

/* The places from byte `at` on. */
static inline uint64_t fr_places_from(uint64_t places, size_t at)
{
    return at < FR_SHORT_TEXT ? places & UINT64_MAX << at : 0;
}

/* How many of them do not overlap, of a part of n bytes. */
static inline size_t fr_places_count(uint64_t places, size_t n)
{
    if (n == 1) return (size_t)__builtin_popcountll(places);
    size_t count = 0;
    for (; places; count++) places = fr_places_from(places, (size_t)__builtin_ctzll(places) + n);
    return count;
}

#endif
