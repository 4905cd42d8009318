/* join_codes.h — a left key of few different values as codes: which right row each code goes with, not each row.
 *
 *     left k (1 byte)    right k          of code 3: none, 5: row 1, 6: none, 7: row 0
 *     5 7 5 3 5 …        7 5              found       1 1 1 0 1 …
 *
 * The values of a column of one or two bytes, or the codes of a dictionary, are the codes, as they lie in the column.
 * So a left row costs a look at whether its code is found, and columns of the right are looked up by code
 * (data/columns_coded.c): no row of the left ever has a number written down.
 */
#ifndef FR_OPS_JOIN_CODES_H
#define FR_OPS_JOIN_CODES_H

#include "ops/join_match.h"

typedef struct fr_join_slots {             /* the right row with each code of its keys, or FR_ROW_MISSING32 */
    const uint32_t *rows;
    uint64_t        span;
} fr_join_slots;

/* The column whose values can be the codes; lent by the keys. NULL: there is none, or rows are too few for it. */
const fr_column *fr_join_codes_of(const fr_keys *left);
bool fr_join_by_codes(fr_call *call, const fr_keys *left, const fr_column *codes, const fr_join_slots *slots,
                      fr_join_match *out) FR_MUST_USE;
/* Rows instead of codes after all. */
bool fr_join_spell_out(fr_call *call, fr_join_match *match) FR_MUST_USE;

#endif
