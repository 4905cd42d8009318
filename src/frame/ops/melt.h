/* melt.h — what a melt makes of a schema: by the verb, and by the planner before there are rows. */
#ifndef FR_OPS_MELT_H
#define FR_OPS_MELT_H

#include <frame/verbs.h>

#include "base/memory.h"
#include "expr/expr.h"

typedef struct fr_melt_form {
    fr_arena       arena;
    size_t         n_index, n_values;
    size_t        *index, *values;         /* fields                                                                  */
    const char   **names;                  /* of the result: n_index, the variable, the value                         */
    const fr_type *type;                   /* of the value; owned                                                     */
} fr_melt_form;

/* Clear it also after a failure. */
bool fr_melt_form_read(fr_call *call, const fr_schema *schema, const fr_melt_args *args, fr_melt_form *form) FR_MUST_USE;
void fr_melt_form_clear(fr_melt_form *form);

#endif
