/* text_comparison.c — a condition that orders texts by a date: texts go letter by letter, and 31/12/2024 comes behind
 * 2024-01-01 as well as 01/02/2024 before it.
 *
 * Or that asks such texts for a date: no 31/12/2024 equals 2024-12-31.
 *
 * Dates of other spellings than ISO's are read as text (docs/csv.md), which nobody sees who compares them. Months and years,
 * '2024-02', order texts that are written so as they order dates; only whole dates count here.
 */
#include "expr/conditions.h"

#include <string.h>

#include "data/late_column.h"
#include "expr/fn.h"
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

/* The column that is compared so with a date, NULL: none. */
static const fr_node *compared_column(const fr_node *part, const fr_schema *schema, const char *const *operators)
{
    if (!fr_node_calls_one_of(part, operators)) return NULL;
    if (is_text_column(part->args[0], schema) && is_date(part->args[1])) return part->args[0];
    return is_text_column(part->args[1], schema) && is_date(part->args[0]) ? part->args[1] : NULL;
}

static const fr_node *ordered_column(const fr_node *part, const fr_schema *schema)
{
    static const char *const operators[] = { "<", "<=", ">", ">=", "between", NULL };
    return compared_column(part, schema, operators);
}

static const fr_node *asked_column(const fr_node *part, const fr_schema *schema)
{
    static const char *const equals[] = { "==", "!=", NULL }, *const in[] = { "in", NULL };
    if (!fr_node_calls_one_of(part, in)) return compared_column(part, schema, equals);
    const fr_node *list = part->args[1];
    const bool dates = list->kind == FR_NODE_CALL && list->n_args && is_date(list->args[0]);
    return dates && is_text_column(part->args[0], schema) ? part->args[0] : NULL;
}

/* 31/12/2024, 31.12.24, 12-31-2024: numbers between two signs of one kind, and no year before the first. */
static bool looks_like_a_date(const fr_value *value)
{
    const char *text = value->as.s;
    char sign = 0;
    size_t n_signs = 0;
    if (!value->valid || fr_looks_like_iso_date(text, value->length)) return false;
    for (size_t i = 0; i < value->length && n_signs < 3; i++) {
        if (text[i] >= '0' && text[i] <= '9') continue;
        if ((text[i] != '/' && text[i] != '.' && text[i] != '-') || i == 0 || (sign && text[i] != sign)) return n_signs == 2;
        sign = text[i];
        n_signs++;
    }
    return n_signs == 2;
}

enum { FIRST_ROWS = 16 };

static bool holds_dates(const fr_frame *frame, const fr_node *column)
{
    const int64_t field = fr_schema_find(frame->schema, column->name, strlen(column->name));
    for (int64_t row = 0; row < frame->length && row < FIRST_ROWS; row++) {
        const fr_value value = fr_frame_is_late(frame) ? fr_late_column_value(frame->late[field], row)
                                                       : fr_column_value(frame->columns[field], row);
        if (value.valid) return looks_like_a_date(&value);
    }
    return false;
}

static bool orders_texts(const fr_node *part, const void *frame)
{
    return ordered_column(part, ((const fr_frame *)frame)->schema) != NULL;
}

static bool asks_texts(const fr_node *part, const void *frame)
{
    const fr_node *column = asked_column(part, ((const fr_frame *)frame)->schema);
    return column && holds_dates(frame, column);
}

void fr_expr_warn_of_text(fr_call *call, const fr_expr *expr, const fr_frame *frame)
{
    const fr_node *part = fr_find_condition(expr->root, orders_texts, frame);
    if (part)
        fr_warn(call, "column '%s' is text and is compared letter by letter, not as dates; parse_dates makes dates of it",
                ordered_column(part, frame->schema)->name);
    part = fr_find_condition(expr->root, asks_texts, frame);
    if (part)
        fr_warn(call, "column '%s' is text and is compared as text, not as dates; parse_dates makes dates of it",
                asked_column(part, frame->schema)->name);
}
