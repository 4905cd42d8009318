/* piece.h — texts as functions see them: where they begin, and how many bytes they have. */
#ifndef FR_EXPR_PIECE_H
#define FR_EXPR_PIECE_H

#include "base/utf8.h"
#include "expr/typed.h"

#include <string.h>

static inline fr_piece fr_no_text(void) { return (fr_piece){ "", 0 }; }

/* Characters. */
static inline int64_t fr_piece_length(fr_piece t) { return t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0; }

static inline bool fr_piece_starts(fr_piece t, fr_piece part)
{
    return t.n >= part.n && (!part.n || !memcmp(t.text, part.text, part.n));
}

static inline bool fr_piece_ends(fr_piece t, fr_piece part)
{
    return t.n >= part.n && (!part.n || !memcmp(t.text + t.n - part.n, part.text, part.n));
}

/* Up to four bytes roll through a register: 12 bytes of text cost less than the call of memmem. */
static inline const char *fr_piece_find_few(fr_piece t, fr_piece part)
{
    uint32_t wanted = 0, seen = 0, mask = UINT32_MAX >> (32 - 8 * part.n);
    size_t i = 0;
    for (; i < part.n; i++) {
        wanted = wanted << 8 | (unsigned char)part.text[i];
        seen = seen << 8 | (unsigned char)t.text[i];
    }
    for (; seen != wanted && i < t.n; i++) seen = (seen << 8 | (unsigned char)t.text[i]) & mask;
    return seen == wanted ? t.text + i - part.n : NULL;
}

/* Where `part` comes first; NULL: nowhere. */
static inline const char *fr_piece_find(fr_piece t, fr_piece part)
{
    enum { FEW = 4, SHORT = 64 };
    if (!part.n) return t.text;
    if (t.n < part.n) return NULL;
    return part.n <= FEW && t.n <= SHORT ? fr_piece_find_few(t, part) : memmem(t.text, t.n, part.text, part.n);
}

#endif
