/* chain_scan.h — cutting a chain into stages and words without reading what expressions mean.
 *
 * Quotes, backticks and brackets are respected: whatever stands inside them belongs to one word.
 */
#ifndef FR_PLAN_CHAIN_SCAN_H
#define FR_PLAN_CHAIN_SCAN_H

#include "base/memory.h"

/* A piece of the chain: bytes from … to-1 of the whole text. */
typedef struct fr_piece {
    size_t from, to;
} fr_piece;

/* The piece without surrounding blanks. */
fr_piece fr_piece_trim(const char *text, fr_piece piece);
static inline bool fr_piece_empty(fr_piece piece) { return piece.from >= piece.to; }
bool fr_piece_is(const char *text, fr_piece piece, const char *word);

/* The first byte at or after piece.from that stands outside quotes and brackets and is `wanted`; piece.to when there is
 * none. SYNTAX for a quote or bracket that is not closed → false. */
bool fr_piece_find(fr_call *call, const char *text, fr_piece piece, char wanted, size_t *at) FR_MUST_USE;

/* The next word at or after *at: a run of bytes without blanks or commas outside quotes and brackets, or a comma by
 * itself; empty at the end. *at moves behind it. */
bool fr_piece_word(fr_call *call, const char *text, fr_piece piece, size_t *at, fr_piece *word) FR_MUST_USE;

/* The text of a piece that is one quoted text as a whole, quotes and escapes undone, else a copy of the piece. */
char *fr_piece_text(fr_call *call, fr_arena *arena, const char *text, fr_piece piece) FR_MUST_USE;
/* A copy in which commas outside quotes and brackets are semicolons. */
char *fr_piece_statements(fr_call *call, fr_arena *arena, const char *text, fr_piece piece) FR_MUST_USE;

#endif
