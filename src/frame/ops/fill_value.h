/* fill_value.h — a value that a caller gave, for a column. */
#ifndef FR_OPS_FILL_VALUE_H
#define FR_OPS_FILL_VALUE_H

#include "data/column.h"

/* Can values of its kind stand in a column of the type? */
bool fr_value_suits(const fr_value *value, const fr_type *type);
/* TYPE recorded for one that does not; false. */
bool fr_value_unsuited(fr_call *call, const fr_value *value, const fr_type *type, const char *name);
/* One row of the type that holds the value exactly; NULL with an error when it does not fit. */
fr_column *fr_value_as_row(fr_call *call, fr_value value, const fr_type *type) FR_MUST_USE;

#endif
