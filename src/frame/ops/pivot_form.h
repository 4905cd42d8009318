/* pivot_form.h — what a pivot is told, read against a schema: by the verb, and by the planner before there are rows. */
#ifndef FR_OPS_PIVOT_FORM_H
#define FR_OPS_PIVOT_FORM_H

#include <frame/verbs.h>

#include "base/memory.h"
#include "expr/expr.h"

typedef struct fr_pivot_form {
    fr_arena       arena;
    fr_list        index, columns;
    fr_list        keys;                   /* both, one after the other; borrows from them                              */
    fr_list        values;                 /* columns whose values stand in the cells as they are; none with aggregates */
    fr_assignments agg;
    size_t         n_values;               /* of the one or the other                                                   */
    const char   **value_names;            /* n_values                                                                  */
    size_t         n_only;
    const char   **only;                   /* keys that get a column; NULL: all that there are                          */
    const char    *naming;
    bool           margins;
    const char    *margins_name;
    fr_share       share;
} fr_pivot_form;

/* Lists and statements, without looking at a row; clear the form also after a failure. */
bool fr_pivot_form_read(fr_call *call, const fr_schema *schema, const fr_pivot_args *args, fr_pivot_form *form) FR_MUST_USE;
void fr_pivot_form_clear(fr_pivot_form *form);

/* Has the result a row of totals? Without an index there is one row, which is that. */
static inline bool fr_pivot_has_last_row(const fr_pivot_form *form) { return form->margins && form->index.n; }
/* TYPE recorded where there can be no shares of a value. */
bool fr_pivot_share_type(fr_call *call, const fr_pivot_form *form, size_t value, const fr_type *type) FR_MUST_USE;

/* A key: the texts of its columns, and all of them as one. parts may be NULL where only the whole is known. */
typedef struct fr_pivot_key { const char *whole; const char *const *parts; } fr_pivot_key;
/* The name of the column made of a key and a value; in the form's arena. */
const char *fr_pivot_name(fr_call *call, fr_pivot_form *form, size_t value, const fr_pivot_key *key) FR_MUST_USE;
/* Names of all columns of the result: the index, then n_keys columns a value; an error where two are the same. */
bool fr_pivot_names(fr_call *call, fr_pivot_form *form, const fr_pivot_key *keys, size_t n_keys,
                    const char **names) FR_MUST_USE;

#endif
