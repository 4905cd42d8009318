/* conditions.c — the parts of a condition that decide whether a row is kept. */
#include "expr/conditions.h"

#include <string.h>

bool fr_node_calls_one_of(const fr_node *node, const char *const *names)
{
    if (node->kind != FR_NODE_CALL) return false;
    for (; *names; names++)
        if (!strcmp(node->name, *names)) return true;
    return false;
}

const fr_node *fr_find_condition(const fr_node *condition, fr_condition_test *test, const void *state)
{
    static const char *const joined[] = { "and", "or", "not", NULL };
    if (!fr_node_calls_one_of(condition, joined)) return test(condition, state) ? condition : NULL;
    const fr_node *found = NULL;
    for (size_t i = 0; !found && i < condition->n_args; i++) found = fr_find_condition(condition->args[i], test, state);
    return found;
}
