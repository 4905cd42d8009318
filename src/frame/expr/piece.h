/* piece.h — texts as functions see them: where they begin, and how many bytes they have. */
#ifndef FR_EXPR_PIECE_H
#define FR_EXPR_PIECE_H

#include "base/put_bytes.h"
#include "base/utf8.h"
#include "expr/typed.h"
#include "kernel/few_bytes.h"

static inline fr_piece fr_no_text(void) { return (fr_piece){ "", 0 }; }

/* Characters. */
static inline int64_t fr_piece_length(fr_piece t) { return t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0; }

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
