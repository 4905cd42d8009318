/* join_texts.h — many different texts as join keys: hashes stand for them (ops/text_hashes.h), and what matched is
 * compared afterwards; if a match was wrong, the join is done again with a dictionary.
 */
#ifndef FR_OPS_JOIN_TEXTS_H
#define FR_OPS_JOIN_TEXTS_H

#include "ops/join_match.h"

#define FR_JOIN_MOST_TEXTS 8

typedef struct fr_join_texts {
    size_t           n;                    /* key columns that hashes stand for */
    const fr_column *right[FR_JOIN_MOST_TEXTS], *left[FR_JOIN_MOST_TEXTS];      /* owned */
} fr_join_texts;
void fr_join_texts_clear(fr_join_texts *texts);           /* works as FR_CLEANUP */

/* Are two text columns better compared by hash? Only speed depends on it. */
bool fr_join_texts_want(const fr_join_texts *texts, const fr_column *right, const fr_column *left);
/* Note a pair; *right_hashes and *left_hashes (owned) are what to match instead. */
bool fr_join_texts_add(fr_call *call, fr_join_texts *texts, const fr_column *right, const fr_column *left,
                       fr_column **right_hashes, fr_column **left_hashes) FR_MUST_USE;
/* *agree: all rows that the match brings together have the same texts. */
bool fr_join_texts_agree(fr_call *call, const fr_join_texts *texts, const fr_join_match *match, bool *agree) FR_MUST_USE;

#endif
