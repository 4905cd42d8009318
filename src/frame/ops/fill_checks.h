/* fill_checks.h — is what a fill is asked for possible, and what types come of it, before anything is read? */
#ifndef FR_OPS_FILL_CHECKS_H
#define FR_OPS_FILL_CHECKS_H

#include <frame/verbs.h>

#include "data/column.h"

/* The name of a method, for messages. */
const char *fr_fill_method(const fr_fill_null_args *args);

/* The options but for the columns. */
bool fr_fill_check(fr_call *call, const fr_fill_null_args *args) FR_MUST_USE;
/* Can columns of the type be filled so? */
bool fr_fill_suits(const fr_fill_null_args *args, const fr_type *type);
/* TYPE recorded for a column that cannot; false. */
bool fr_fill_unsuited(fr_call *call, const fr_fill_null_args *args, const char *name, const fr_type *type);
/* Does a column of whole numbers become one of f64? One that nobody named does where it has nulls. */
bool fr_fill_widens(const fr_fill_null_args *args, const fr_type *type);

#endif
