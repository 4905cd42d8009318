/* conditions.h — the parts of a condition that decide whether a row is kept: itself, and what `and`, `or` and `not` join in it.
 *
 *     x > 1 and not (y == null or f(z == 2))        x > 1, y == null, f(…): what a function does with z == 2 is its own
 */
#ifndef FR_EXPR_CONDITIONS_H
#define FR_EXPR_CONDITIONS_H

#include "expr/tree.h"

/* Is it a call of one of these, by a list that ends with NULL? */
bool fr_node_calls_one_of(const fr_node *node, const char *const *names);

/* The first such part that the test says yes to, NULL: none. */
typedef bool fr_condition_test(const fr_node *part, const void *state);
const fr_node *fr_find_condition(const fr_node *condition, fr_condition_test *test, const void *state);

#endif
