/* text_comparison.c — a condition that orders texts by a date: texts go letter by letter, and 31/12/2024 comes behind
 * 2024-01-01 as well as 01/02/2024 before it.
 *
 * Dates of other spellings than ISO's are read as text (docs/csv.md), which nobody sees who compares them. Months and years,
 * '2024-02', order texts that are written so as they order dates; only whole dates count here.
 */
#include "expr/tree.h"

#include <string.h>

#include "expr/literals.h"

enum { WHOLE_DATE = 10 };

static bool is_one_of(const fr_node *node, const char *const *names)
{
    if (node->kind != FR_NODE_CALL) return false;
    for (; *names; names++)
        if (!strcmp(node->name, *names)) return true;
    return false;
}

static bool is_text_column(const fr_node *node, const fr_schema *schema)
{
    const int64_t field = node->kind == FR_NODE_NAME ? fr_schema_find(schema, node->name, strlen(node->name)) : -1;
    return field >= 0 && fr_kind_is_text(schema->fields[field].type->kind);
}

static bool is_date(const fr_node *node)
{
    fr_value value;
    const fr_value *text = &node->value;
    if (node->kind != FR_NODE_VALUE || !text->valid || text->kind != FR_STR || text->length < WHOLE_DATE) return false;
    return fr_read_moment(FR_DATE, text->as.s, text->length, &value) ||
           fr_read_moment(FR_DATETIME, text->as.s, text->length, &value);
}

/* The column that is compared so, NULL: none. */
static const fr_node *find(const fr_node *node, const fr_schema *schema)
{
    static const char *const JOINED[] = { "and", "or", "not", NULL };
    static const char *const ORDERED[] = { "<", "<=", ">", ">=", "between", NULL };
    const fr_node *found = NULL;
    if (is_one_of(node, ORDERED)) {
        if (is_text_column(node->args[0], schema) && is_date(node->args[1])) return node->args[0];
        return is_text_column(node->args[1], schema) && is_date(node->args[0]) ? node->args[1] : NULL;
    }
    for (size_t i = 0; !found && is_one_of(node, JOINED) && i < node->n_args; i++) found = find(node->args[i], schema);
    return found;
}

void fr_expr_warn_of_text(fr_call *call, const fr_expr *expr, const fr_schema *schema)
{
    const fr_node *column = find(expr->root, schema);
    if (column)
        fr_warn(call, "column '%s' is text and is compared letter by letter, not as dates; parse_dates makes dates of it",
                column->name);
}
