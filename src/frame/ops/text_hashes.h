/* text_hashes.h — hashes that stand for texts while rows are matched or grouped, and the comparison that makes up for it.
 *
 * Numbering many texts takes a dictionary of as many entries, made by one thread. Hashes are made by all, are plain
 * numbers to whatever matches or groups them, and of 62 bits two are never equal by chance among as many texts as a
 * frame holds. That is not relied on: what came together is compared text by text, and if it was wrong, the work is
 * done again with a dictionary.
 */
#ifndef FR_OPS_TEXT_HASHES_H
#define FR_OPS_TEXT_HASHES_H

#include "base/hash.h"
#include "data/column.h"

#ifndef FR_TEXT_HASH_BITS
#define FR_TEXT_HASH_BITS 62               /* the build for 64-bit rows takes 12, so that they collide */
#endif
#define FR_TEXT_HASH_SPAN ((uint64_t)1 << 62)     /* hashes are smaller, and 62 bits leave room for null among 64 */

/* The hash of one text, below the span. A short text is its view: padded with zeros, its length in front. */
static inline uint64_t fr_text_hash(const fr_view *view, const char *const *bases, uint64_t seed)
{
    const size_t n = view->in.length;
    const char *text = fr_view_text(view, bases);
    const uint64_t hash = n <= FR_VIEW_INLINE
        ? fr_hash_combine(fr_hash_u64(view->words.first, seed), view->words.second)
        : n > 16 && n <= 32 ? fr_hash_middle(text, n, seed) : fr_hash_bytes(text, n, seed);
    return hash >> (64 - FR_TEXT_HASH_BITS);
}

/* u64, smaller than the span; nulls stay. Columns of views or codes. */
fr_column *fr_text_hashes(fr_call *call, const fr_column *column) FR_MUST_USE;

/* ---- the texts themselves, row by row ---------------------------------------------------------------------------- */
typedef struct fr_row_texts { const fr_column *column; const fr_view *views; const char *const *bases; } fr_row_texts;

fr_row_texts fr_row_texts_of(const fr_column *column);

/* Rows that came together, a few at a time: a row of `a` with a row of `b`, whose hashes are equal. */
enum { FR_TEXT_PAIRS = 64 };
typedef struct fr_text_pairs { size_t n; int64_t a[FR_TEXT_PAIRS], b[FR_TEXT_PAIRS]; } fr_text_pairs;

/* Have the rows of each pair one text? Of nulls it is known already that both are: null has a code of its own. */
bool fr_same_texts(const fr_row_texts *a, const fr_row_texts *b, const fr_text_pairs *pairs);

#endif
