/* group_texts.h — whether rows that were grouped by hashes of their texts have the same texts (ops/text_hashes.h).
 *
 *     group  first row   text       hash      row 2 is compared with row 0, and row 3 with row 1: they differ,
 *     0      0           Anna       71        and *agree is false
 *     1      1           Bertha      9
 *     0                  Anna       71
 *     1                  Carl        9
 */
#ifndef FR_OPS_GROUP_TEXTS_H
#define FR_OPS_GROUP_TEXTS_H

#include "ops/grouping.h"

/* `keys` as they were when the grouping was made, before folding. */
bool fr_group_texts_agree(fr_call *call, const fr_keys *keys, const fr_grouping *grouping, bool *agree) FR_MUST_USE;

#endif
