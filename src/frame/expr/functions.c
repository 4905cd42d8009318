/* functions.c — the table of functions, and finding one by name. */
#include "expr/functions.h"

#include <math.h>

#include <string.h>

static const fr_function table[] = {
#define FUNCTION(name, family, params, signature, check, run, f64, flags, doc, example, result) \
    { name, family, params, signature, check, run, f64, flags, doc, example, result },
#include "expr/functions.def.h"
#undef FUNCTION
};

const fr_function *fr_functions(size_t *n)
{
    *n = FR_COUNT_OF(table);
    return table;
}

/* A few hundred names, looked up when an expression is checked: a walk will do. */
const fr_function *fr_function_find(const char *name, size_t n)
{
    for (size_t i = 0; i < FR_COUNT_OF(table); i++)
        if (strlen(table[i].name) == n && !memcmp(table[i].name, name, n)) return table + i;
    return NULL;
}
