/* null_comparison.c — a condition that compares with `null` itself, which is never true: x == null is null for every row.
 *
 * Only what decides whether a row is kept counts: the condition, and what `and`, `or` and `not` join in it. A function may
 * have its reasons (coalesce(x == $1, true)).
 */
#include "expr/conditions.h"

#include <string.h>

static bool is_null(const fr_node *node) { return node->kind == FR_NODE_VALUE && !node->value.valid; }

static bool compares_with_null(const fr_node *part, const void *state)
{
    static const char *const compared[] = { "==", "!=", "<", "<=", ">", ">=", NULL };
    (void)state;
    return fr_node_calls_one_of(part, compared) && (is_null(part->args[0]) || is_null(part->args[1]));
}

bool fr_expr_warn_of_null(fr_call *call, const fr_expr *expr)
{
    const fr_node *node = fr_find_condition(expr->root, compares_with_null, NULL);
    if (!node) return true;
    const fr_node *other = node->args[is_null(node->args[0])];
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_text_clear) fr_text tested = FR_TEXT_INIT(call);
    if (!fr_node_text(call, node, &text) || !fr_node_text(call, other, &tested)) return false;
    if (other->kind == FR_NODE_VALUE)
        fr_warn(call, "'%s' is true for no row, since a comparison with null is null", text.bytes);
    else
        fr_warn(call, "'%s' is true for no row, since a comparison with null is null; did you mean '%s is %snull'?", text.bytes,
                tested.bytes, strcmp(node->name, "!=") ? "" : "not ");
    return true;
}
