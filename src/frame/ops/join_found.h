/* join_found.h — which left rows have their key on the right: a bit for each code, no rows (semi and anti joins).
 *
 *     right 7 5 7      codes 2 0 2      marks 1 0 1      left 5 6 8 7      found 1 0 0 1
 *
 * Right rows mark the byte of their code, in any order and as often as they like; the bytes are packed into bits, which
 * are an eighth of them and so lie in a cache where a table of row numbers (ops/join_match.c) does not.
 */
#ifndef FR_OPS_JOIN_FOUND_H
#define FR_OPS_JOIN_FOUND_H

#include "ops/join_match.h"

/* Sets found and n_found of `out`; the right's keys are one code below `span`, which bytes are to be spent on. */
bool fr_join_find_keys(fr_call *call, const fr_keys *right, const fr_keys *left, uint64_t span, fr_join_match *out)
    FR_MUST_USE;

#endif
