/* piece.h — texts as functions see them: where they begin, and how many bytes they have. */
#ifndef FR_EXPR_PIECE_H
#define FR_EXPR_PIECE_H

#include "base/put_bytes.h"
#include "base/utf8.h"
#include "expr/typed.h"

#include <string.h>

static inline fr_piece fr_no_text(void) { return (fr_piece){ "", 0 }; }

/* Characters. */
static inline int64_t fr_piece_length(fr_piece t) { return t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0; }

static inline uint64_t fr_piece_load64(const char *p) { uint64_t x; memcpy(&x, p, 8); return x; }
static inline uint32_t fr_piece_load32(const char *p) { uint32_t x; memcpy(&x, p, 4); return x; }

/* By loads that may overlap: mostly it is few bytes, and the call of memcmp half the work. */
static inline bool fr_same_bytes(const char *a, const char *b, size_t n)
{
    if (n > 16) return !memcmp(a, b, n);
    if (n >= 8)
        return !((fr_piece_load64(a) ^ fr_piece_load64(b)) | (fr_piece_load64(a + n - 8) ^ fr_piece_load64(b + n - 8)));
    if (n >= 4)
        return !((fr_piece_load32(a) ^ fr_piece_load32(b)) | (fr_piece_load32(a + n - 4) ^ fr_piece_load32(b + n - 4)));
    return !n || ((a[0] == b[0]) & (a[n / 2] == b[n / 2]) & (a[n - 1] == b[n - 1]));        /* nobody could foresee them */
}

static inline bool fr_piece_starts(fr_piece t, fr_piece part)
{
    return t.n >= part.n && fr_same_bytes(t.text, part.text, part.n);
}

static inline bool fr_piece_ends(fr_piece t, fr_piece part)
{
    return t.n >= part.n && fr_same_bytes(t.text + (t.n - part.n), part.text, part.n);
}

/* Where `part` comes first; NULL: nowhere. */
static inline const char *fr_piece_find(const fr_text_search_kernels *k, fr_piece t, fr_piece part)
{
    return part.n ? k->find(t, part) : t.text;
}

static inline void fr_piece_copy(char *to, fr_piece t) { fr_put_bytes(to, t.text, t.n); }

#endif
