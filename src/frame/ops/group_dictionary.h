/* group_dictionary.h — groups of a dictionary's codes that come first in the order 0, 1, 2 …, all of them: they are the codes.
 *
 *     product   pen cup pen mat cup       dictionary   pen cup mat      codes  0 1 0 2 1      groups  0 1 2
 *     product   pen  -  pen mat  -        dictionary   pen mat          codes  0 - 0 1 -      groups  pen, null, mat
 *
 * A column that was read or built knows that of itself (FR_FACT_CODES_IN_ORDER), so who groups by it alone reads no row to
 * know the groups, and the keys of the answer are the numbers from 0 on. In which rows groups come first is found out when
 * somebody asks.
 */
#ifndef FR_OPS_GROUP_DICTIONARY_H
#define FR_OPS_GROUP_DICTIONARY_H

#include "ops/grouping.h"

/* Sets `codes`, `null_group` and n_groups of a grouping whose row_keys, span and n_rows are set; false: it is of other keys. */
bool fr_group_dictionary(fr_grouping *g);

/* Of a grouping that has `codes`: */

/* Is the group of every slot the slot itself? */
static inline bool fr_codes_are_groups(const fr_grouping *g) { return g->codes && !g->codes->valid; }
/* Groups by slot, slots of some groups, which row comes first in a group, and the column of keys. What is returned is owned. */
fr_buffer *fr_slots_of_dictionary(fr_call *call, const fr_grouping *g) FR_MUST_USE;
void       fr_slots_of_groups(const fr_grouping *g, size_t first_group, size_t n, uint32_t *out);
int64_t    fr_first_of_code(const fr_grouping *g, size_t group);                  /* goes through the rows: for a message */
fr_column *fr_keys_of_dictionary(fr_call *call, const fr_grouping *g) FR_MUST_USE;

#endif
