/* simplify.c — what can be said about an expression without computing it: columns read, aggregates, can a row fail?
 *
 * (Constants are folded while checking, parts of one dictionary column are computed once per entry by eval.c.)
 */
#include "expr/fn.h"

#include <string.h>

static void tell_columns(const fr_node *node, const fr_schema *schema, fr_tell_column *tell, void *state)
{
    if (node->kind == FR_NODE_NAME) {
        const int64_t field = fr_schema_find(schema, node->name, strlen(node->name));
        if (field >= 0) tell(state, (size_t)field);
    }
    for (size_t i = 0; i < node->n_args; i++) tell_columns(node->args[i], schema, tell, state);
    for (size_t i = 0; i < node->n_keys; i++) tell_columns(node->keys[i], schema, tell, state);
}

void fr_expr_tell_columns(const fr_expr *expr, const fr_schema *schema, fr_tell_column *tell, void *state)
{
    tell_columns(expr->root, schema, tell, state);
}

static void mark(void *used, size_t field) { ((bool *)used)[field] = true; }

void fr_expr_mark_columns(const fr_expr *expr, const fr_schema *schema, bool *used)
{
    tell_columns(expr->root, schema, mark, used);
}

static bool has_aggregate(const fr_node *node, const fr_aggregator *aggregator)
{
    if (node->kind == FR_NODE_CALL) {
        size_t n = strlen(node->name);
        const fr_function *f = fr_function_find(node->name, n);
        if (f && (f->flags & FR_FUNCTION_WINDOW)) return true;
        if (aggregator && aggregator->exists(node->name, n) && (!f || !fr_function_fits(f, node))) return true;
    }
    for (size_t i = 0; i < node->n_args; i++)
        if (has_aggregate(node->args[i], aggregator)) return true;
    return false;
}

bool fr_expr_has_aggregate(const fr_expr *expr, const fr_aggregator *aggregator)
{
    return has_aggregate(expr->root, aggregator);
}

enum { MOST_FIELDS = 2 };

/* The fields of a call's arguments; false when one is no column, or there are too many. */
static bool plain_fields(const fr_node *node, const fr_schema *schema, int64_t *fields, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < node->n_args; i++) {
        const fr_node *arg = node->args[i];
        const char *option = node->arg_names ? node->arg_names[i] : NULL;
        if (option && strcmp(option, "skipnan") != 0) continue;
        if (option || arg->kind != FR_NODE_NAME || *n == MOST_FIELDS) return false;
        fields[*n] = fr_schema_find(schema, arg->name, strlen(arg->name));
        if (fields[(*n)++] < 0) return false;
    }
    return !node->over;
}

/* s.count of a struct: perhaps the field. */
static bool is_field(const fr_node *node, const fr_schema *schema, const int64_t *fields, size_t n)
{
    return n && node->dotted && schema->fields[fields[0]].type->kind == FR_STRUCT;
}

static bool tell_aggregates(fr_call *call, const fr_node *node, const fr_schema *schema, fr_tell_aggregate *tell,
                            void *state)
{
    int64_t fields[MOST_FIELDS];
    size_t n;
    if (node->kind == FR_NODE_CALL && plain_fields(node, schema, fields, &n) && !is_field(node, schema, fields, n)
        && !tell(call, state, node->name, fields, n)) return false;
    for (size_t i = 0; i < node->n_args; i++)
        if (!tell_aggregates(call, node->args[i], schema, tell, state)) return false;
    return true;
}

bool fr_expr_plain_aggregates(fr_call *call, const fr_expr *expr, const fr_schema *schema, fr_tell_aggregate *tell,
                              void *state)
{
    return tell_aggregates(call, expr->root, schema, tell, state);
}

/* ---- can a row fail? --------------------------------------------------------------------------------------------- */
static bool term_can_fail(const fr_term *term)
{
    if (term->kind == FR_TERM_AGGREGATE || term->kind == FR_TERM_WHOLE) return true;
    if (term->kind == FR_TERM_CALL && term->can_fail) return true;
    for (size_t i = 0; i < term->n_args; i++)
        if (term_can_fail(term->args[i])) return true;
    return false;
}

bool fr_expr_can_fail(const fr_expr *expr, const fr_schema *schema)
{
    fr_call call;
    fr_typed typed = { .context = expr->context, .source = expr->text, .grouping_rows = -1 };
    fr_arena_init(&typed.arena, expr->context);
    fr_call_begin(&call, expr->context, NULL, 0);
    fr_checker c = { .call = &call, .typed = &typed, .schema = schema };
    bool fails = !fr_check(&c, expr->root) || term_can_fail(typed.root);
    fr_typed_clear(&typed);
    fr_call_end(&call);
    return fails;
}
