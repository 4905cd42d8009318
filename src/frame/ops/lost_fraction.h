/* lost_fraction.h — whether integers made of floats or decimals say less than those did. */
#ifndef FR_OPS_LOST_FRACTION_H
#define FR_OPS_LOST_FRACTION_H

#include "expr/expr.h"

/* Warns where a value of `column` that became an integer of `type` had a fraction, which is cut. The text tells no numbers:
 * one that comes with every batch of a stream is given once. false: no memory to look. */
bool fr_warn_of_fractions(fr_call *call, const fr_column *column, const fr_type *type, const char *name,
                          const fr_buffer *failed) FR_MUST_USE;

#endif
