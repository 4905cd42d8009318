/* group_codes.h — groups of keys that fit one code a row: what grouping.c folds wider keys into (group_codes.c). */
#ifndef FR_OPS_GROUP_CODES_H
#define FR_OPS_GROUP_CODES_H

#include "ops/grouping.h"

/* Few possible codes: a table by code. */
bool fr_codes_are_direct(const fr_grouping *g);
/* Numbers the groups and the rows of a grouping whose n_rows and span are set. `finds`: other rows will be looked up. */
bool fr_group_codes(fr_call *call, fr_grouping *g, const fr_keys *keys, bool finds) FR_MUST_USE;
/* Ids and firsts from repeats. */
bool fr_group_settle(fr_call *call, fr_grouping *g) FR_MUST_USE;
/* The group of each of other rows by the same rules, FR_NO_ID for none: uint32_t[keys->n_rows]. */
fr_buffer *fr_group_find(fr_call *call, const fr_grouping *g, const fr_keys *keys) FR_MUST_USE;
void fr_group_codes_clear(fr_grouping *g);                /* the tables it finds with */

#endif
