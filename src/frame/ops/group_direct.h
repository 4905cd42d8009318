/* group_direct.h — grouping by direct address: a table with one entry per possible code.
 *
 *     codes of rows   2 0 2 1 0          slots    0 → row 1   1 → row 3   2 → row 0      the lowest row of each code
 *                                        groups   0 → 1       1 → 2       2 → 0          ranked by it
 *
 * Rows are read only until every code has been seen, so that keys of which each value comes early are numbered after a
 * small part of the rows. What group each row is in is a look-up by its code, made when somebody asks.
 */
#ifndef FR_OPS_GROUP_DIRECT_H
#define FR_OPS_GROUP_DIRECT_H

#include "ops/grouping.h"

/* Codes of all parts of rows first … first + n - 1, whose span fits 32 bits; first and n as for fr_keys_codes. */
void fr_row_slots(const fr_keys *keys, int64_t first, size_t n, uint32_t *out);
/* Find slots, firsts and n_groups of a grouping whose span and n_rows are set. Rows below 2^32. Unless codes are to be
 * numbered, it may have ranges instead of slots and firsts until fr_grouping_need_slots, or of firsts until
 * fr_grouping_need_firsts; of a tally (NULL: of none) it may have the records as well. */
bool fr_group_directly(fr_call *call, fr_grouping *g, const fr_keys *keys, fr_code_numbers numbers,
                       struct fr_tally *tally) FR_MUST_USE;
/* First rows of a grouping that has ranges. */
bool fr_list_firsts_of_ranges(fr_call *call, fr_grouping *g) FR_MUST_USE;
/* Of one that has codes: slots as well. */
bool fr_list_firsts_of_codes(fr_call *call, fr_grouping *g) FR_MUST_USE;
/* Slots of a grouping that has ranges; owned. */
fr_buffer *fr_slots_of_ranges(fr_call *call, const fr_grouping *g) FR_MUST_USE;
/* Then: the groups of rows first … first + n - 1; FR_NO_ID for dead rows. */
void fr_direct_groups(const fr_grouping *g, const fr_keys *keys, int64_t first, size_t n, uint32_t *out);
/* Of all rows. */
bool fr_direct_groups_of_all(fr_call *call, const fr_grouping *g, const fr_keys *keys, uint32_t *ids) FR_MUST_USE;

#endif
