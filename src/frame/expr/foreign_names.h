/* foreign_names.h — what functions and verbs of pandas, SQL, R and spreadsheets are called here. */
#ifndef FR_EXPR_FOREIGN_NAMES_H
#define FR_EXPR_FOREIGN_NAMES_H

#include <stddef.h>

/* How to say here what `name` says elsewhere, as an example whose first word is a name of ours; NULL: not known. */
const char *fr_foreign_name(const char *name);

/* The same for steps of a chain: the verb that does it. */
const char *fr_foreign_verb(const char *name);

/* For tests: every pair, in order of names. */
typedef struct fr_foreign { const char *name, *here; } fr_foreign;
const fr_foreign *fr_foreign_names(size_t *n);
const fr_foreign *fr_foreign_verbs(size_t *n);

#endif
