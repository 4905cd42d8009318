/* rank_condition.c — what SQL says as `qualify row_number() over (partition by k order by x desc) <= 2`:
 *
 *     where rank(-x, 'first') over k <= 2
 *
 * Only the whole condition is looked at: what `and` joins to it would have to be true of other rows.
 */
#include "expr/rank_condition.h"
#include "expr/tree.h"

#include <string.h>

static bool is_call(const fr_node *node, const char *name)
{
    return node->kind == FR_NODE_CALL && !strcmp(node->name, name);
}

static bool is_first(const fr_node *node)
{
    return node->kind == FR_NODE_VALUE && node->value.valid && node->value.kind == FR_STR && node->value.length == 5
        && !memcmp(node->value.as.s, "first", 5);
}

static bool is_named(const fr_node *node, size_t i, const char *name)
{
    const char *said = node->arg_names ? node->arg_names[i] : NULL;
    return !said || !strcmp(said, name);
}

/* rank(x, 'first') over columns. */
static bool is_ranking(const fr_node *node)
{
    if (!is_call(node, "rank") || !node->over || !node->n_keys || node->n_args != 2) return false;
    for (size_t i = 0; i < node->n_keys; i++)
        if (node->keys[i]->kind != FR_NODE_NAME) return false;
    return is_named(node, 0, "x") && is_named(node, 1, "method") && is_first(node->args[1]);
}

/* The ranks that `rank op bound` keeps are 1 … n; 0: they are others. */
static int64_t ranks_kept(const char *op, const fr_node *bound)
{
    if (bound->kind != FR_NODE_VALUE || !bound->value.valid || bound->value.kind != FR_I64 || bound->value.as.i < 1) return 0;
    const int64_t i = bound->value.as.i;
    if (!strcmp(op, "<=")) return i;
    if (!strcmp(op, "<")) return i - 1;
    return !strcmp(op, "==") && i == 1;
}

/* The operator when the sides change places; "": none of those above. */
static const char *turned(const char *op)
{
    if (!strcmp(op, ">=")) return "<=";
    if (!strcmp(op, ">")) return "<";
    return strcmp(op, "==") ? "" : op;
}

/* The ranking in `rank op n` or `n op rank`, and how many ranks it keeps. */
static const fr_node *find_ranking(const fr_node *root, int64_t *n)
{
    if (root->kind != FR_NODE_CALL || root->over || root->n_args != 2) return NULL;
    const bool right = is_call(root->args[1], "rank");
    const fr_node *ranking = root->args[right];
    *n = ranks_kept(right ? turned(root->name) : root->name, root->args[!right]);
    return *n && is_ranking(ranking) ? ranking : NULL;
}

static bool list_keys(fr_call *call, const fr_node *ranking, fr_text *keys)
{
    *keys = (fr_text)FR_TEXT_INIT(call);
    for (size_t i = 0; i < ranking->n_keys; i++)
        if ((i && !fr_text_add(call, keys, ", ")) || !fr_text_add_name(call, keys, ranking->keys[i]->name)) return false;
    return true;
}

static fr_expr part_of(const fr_expr *where, const fr_node *node)
{
    return (fr_expr){ .context = where->context, .text = where->text, .root = node };
}

/* -x of floats is ranked as x downwards: no float but has its negative, and NaN stays behind all. */
static bool is_turned(fr_call *call, const fr_expr *where, const fr_node *x, const fr_eval *env)
{
    if (!is_call(x, "neg")) return false;
    const fr_expr operand = part_of(where, x->args[0]);
    FR_OWNED const fr_type *type = fr_expr_type(call, &operand, env->frame->schema, env->aggregator);
    return type && fr_kind_is_float(type->kind);
}

static bool find_values(fr_call *call, const fr_expr *where, const fr_node *x, const fr_eval *env, fr_rank_condition *out)
{
    out->descending = is_turned(call, where, x, env);
    if (fr_failed(call)) return false;
    const fr_expr values = part_of(where, out->descending ? x->args[0] : x);
    out->x = fr_expr_eval(call, &values, env);
    return out->x != NULL;
}

bool fr_rank_condition_read(fr_call *call, const fr_expr *where, const fr_eval *env, fr_rank_condition *out)
{
    int64_t n;
    const fr_node *ranking = find_ranking(where->root, &n);
    *out = (fr_rank_condition){ 0 };
    if (!ranking) return true;
    FR_OWNED const fr_type *type = fr_expr_type(call, where, env->frame->schema, env->aggregator);
    if (!type || !find_values(call, where, ranking->args[0], env, out) || !list_keys(call, ranking, &out->keys)) return false;
    if (out->x->type->kind != FR_NULL) out->n = n;
    return true;
}

void fr_rank_condition_clear(fr_rank_condition *condition)
{
    if (condition->x) fr_column_unref(condition->x);
    fr_text_clear(&condition->keys);
}
