/* many_digits.c — floor(x, 10), which keeps ten digits behind the point and hardly ever changes a value: mostly it was meant
 * to give multiples of 10, as floor does in spreadsheets.
 *
 * Fewer digits, and round, which is used so to compare floats, say what they mean.
 */
#include "expr/tree.h"

#include <string.h>

enum { MANY = 10 };

static bool keeps_many(const fr_node *node)
{
    if (node->kind != FR_NODE_CALL || node->n_args != 2) return false;
    const fr_node *digits = node->args[1];
    return (!strcmp(node->name, "floor") || !strcmp(node->name, "ceil")) && digits->kind == FR_NODE_VALUE
        && digits->value.valid && digits->value.kind == FR_I64 && digits->value.as.i >= MANY;
}

static const fr_node *find(const fr_node *node)
{
    if (keeps_many(node)) return node;
    const fr_node *found = NULL;
    for (size_t i = 0; !found && i < node->n_args; i++) found = find(node->args[i]);
    return found;
}

bool fr_expr_warn_of_digits(fr_call *call, const fr_expr *expr)
{
    const fr_node *node = find(expr->root);
    if (!node) return true;
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_text_clear) fr_text value = FR_TEXT_INIT(call);
    if (!fr_node_text(call, node, &text) || !fr_node_text(call, node->args[0], &value)) return false;
    const long long n = (long long)node->args[1]->value.as.i;
    fr_warn(call, "'%s' keeps %lld digits behind the point; multiples of %lld are %s(%s / %lld) * %lld", text.bytes, n, n,
            node->name, value.bytes, n, n);
    return true;
}
