/* code_set.h — which codes a column's values have, where its range has gaps.
 *
 *     id6 1 … 100,000, but no 17      who groups by it looks for a row with each code, and for one with 17 through all rows
 *
 * Who has read all rows notes what there was, and the next one knows it. Codes are those of a rule (kernel/key_codes.h), of
 * which a set tells alone. Columns do not change, so sets stay right; one of somebody else's memory may, and has none.
 */
#ifndef FR_DATA_CODE_SET_H
#define FR_DATA_CODE_SET_H

#include "data/column.h"
#include "kernel/key_codes.h"

typedef struct fr_code_set {
    fr_code_rule rule;
    size_t       size_bytes, n_codes;      /* codes that occur */
    uint32_t     bits[];                   /* by code */
} fr_code_set;

/* NULL: not known. */
const fr_code_set *fr_code_set_find(const fr_column *column, const fr_code_rule *rule);
/* Bits of all codes below the rule's span; they are copied. The first set of a column stays. */
bool fr_code_set_note(fr_call *call, const fr_column *column, const fr_code_rule *rule, const uint32_t *bits) FR_MUST_USE;
void fr_code_set_free(fr_context *context, fr_code_set *set);              /* NULL does nothing */

#endif
