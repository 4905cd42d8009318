/* tally_strewn.h — totals of groups from what ranges of codes left of them (ops/tally_riders.h), in the order of first rows.
 *
 *     block 0    groups first seen in it    what is left of each goes to the place of its first row, and the bits of
 *                first rows tell which places are taken: these, in order, become totals
 */
#ifndef FR_OPS_TALLY_STREWN_H
#define FR_OPS_TALLY_STREWN_H

#include "ops/tally_reader.h"

/* Of all groups. What is left of one has 2, 4, 8 or 16 bytes, the stride of the pass, and a float's sum in it is a double. Sums
 * and counts that only means want become means, unless one of these is not finite. */
bool fr_total_strewn(fr_call *call, fr_arena *arena, const fr_tally_pass *pass, const char *records,
                     const uint32_t *begins) FR_MUST_USE;

#endif
