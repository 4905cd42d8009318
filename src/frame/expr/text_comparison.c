/* text_comparison.c — a condition that orders texts by a date: texts go letter by letter, and 31/12/2024 comes behind
 * 2024-01-01 as well as 01/02/2024 before it.
 *
 * Dates of other spellings than ISO's are read as text (docs/csv.md), which nobody sees who compares them. Months and years,
 * '2024-02', order texts that are written so as they order dates; only whole dates count here.
 */
#include "expr/conditions.h"

#include <string.h>

#include "expr/literals.h"

enum { WHOLE_DATE = 10 };

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

/* The column that is ordered by a date, NULL: none. */
static const fr_node *ordered_column(const fr_node *part, const fr_schema *schema)
{
    static const char *const ordered[] = { "<", "<=", ">", ">=", "between", NULL };
    if (!fr_node_calls_one_of(part, ordered)) return NULL;
    if (is_text_column(part->args[0], schema) && is_date(part->args[1])) return part->args[0];
    return is_text_column(part->args[1], schema) && is_date(part->args[0]) ? part->args[1] : NULL;
}

static bool orders_texts(const fr_node *part, const void *schema) { return ordered_column(part, schema) != NULL; }

void fr_expr_warn_of_text(fr_call *call, const fr_expr *expr, const fr_schema *schema)
{
    const fr_node *part = fr_find_condition(expr->root, orders_texts, schema);
    if (part)
        fr_warn(call, "column '%s' is text and is compared letter by letter, not as dates; parse_dates makes dates of it",
                ordered_column(part, schema)->name);
}
