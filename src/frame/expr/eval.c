/* eval.c — typed tree → column: aggregates first, dictionaries next, then the rows.
 *
 * 1. prepare: aggregates and whole-column functions are computed, deepest first, and become columns of the tree.
 * 2. map (eval_mapped.c): the largest parts that read one dictionary column only are computed once per entry and become
 *    look-ups by code.
 * 3. run (eval_run.c): blocks of rows on the pool.
 */
#include "data/pieced_column.h"
#include "expr/choice_codes.h"
#include "expr/eval_mapped.h"
#include "expr/eval_run.h"
#include "expr/fn.h"
#include "expr/term_range.h"

#include <string.h>

/* ---- aggregates and whole columns -------------------------------------------------------------------------------- */
static void drop_column(void *column) { fr_column_unref(column); }

static bool become_column(fr_call *call, fr_typed *typed, fr_term *term, fr_column *column)
{
    if (!column || !fr_typed_own(call, typed, column, drop_column)) return false;
    term->kind = FR_TERM_COLUMN;
    term->column = column;
    term->n_args = 0;
    return true;
}

static fr_column **columns_of(fr_call *call, fr_typed *typed, fr_term **terms, size_t n, int64_t n_rows, int64_t base)
{
    fr_column **columns = fr_arena_array(call, &typed->arena, n, sizeof *columns);
    for (size_t i = 0; columns && i < n; i++) {
        columns[i] = fr_term_column(call, typed, terms[i], n_rows, base);
        if (!columns[i] || !fr_typed_own(call, typed, columns[i], drop_column)) return NULL;
    }
    return columns;
}

/* The same for aggregates, which see to it themselves whether a column in pieces will do. */
static fr_column **columns_as_they_lie(fr_call *call, fr_typed *typed, fr_term **terms, size_t n, int64_t n_rows,
                                       int64_t base)
{
    fr_column **columns = fr_arena_array(call, &typed->arena, n, sizeof *columns);
    for (size_t i = 0; columns && i < n; i++) {
        const bool lies = terms[i]->kind == FR_TERM_COLUMN;
        columns[i] = lies ? fr_column_ref(terms[i]->column) : fr_term_column(call, typed, terms[i], n_rows, base);
        if (!columns[i] || !fr_typed_own(call, typed, columns[i], drop_column)) return NULL;
    }
    return columns;
}

/* The grouping of `over` keys; no keys: none (all rows are one group). */
static bool group_rows(fr_call *call, fr_typed *typed, const fr_term *term, int64_t n_rows, int64_t base,
                       fr_grouping **grouping)
{
    *grouping = NULL;
    if (!term->n_keys) return true;
    fr_column **keys = columns_of(call, typed, term->keys, term->n_keys, n_rows, base);
    if (!keys) return false;
    *grouping = typed->aggregator->group(call, keys, term->n_keys, n_rows);
    return *grouping != NULL;
}

static fr_column *spread(fr_call *call, const fr_column *per_group, const uint32_t *ids, int64_t n_rows)
{
    return fr_column_take(call, per_group, &(fr_rows){ .narrow = ids, .n = n_rows });
}

static bool become_constant(fr_call *call, fr_typed *typed, fr_term *term, fr_column *one)
{
    if (!fr_typed_own(call, typed, one, drop_column)) return false;
    if (one->type->kind == FR_LIST || one->type->kind == FR_STRUCT || one->length != 1)
        return fr_fail(call, FR_ERR_UNSUPPORTED, "an aggregate of this type cannot be repeated for every row");
    fr_run run = { .call = call, .typed = typed, .n = 1 };
    fr_term column = { .kind = FR_TERM_COLUMN, .column = one, .type = term->type, .phys = term->phys };
    fr_vector v;
    fr_run_begin(&run, call);
    bool ok = fr_run_term(&run, &column, &v);
    if (ok) {
        ok = fr_constant_of(call, typed, term, &v);
        fr_run_release(&run, &v);
    }
    fr_run_end(&run);
    return ok;
}

/* Rows that the arguments of an aggregate have, whatever surrounds it. */
static fr_column **aggregate_args(fr_call *call, fr_typed *typed, fr_term **terms, size_t n, int64_t n_rows,
                                  int64_t base)
{
    const fr_grouping *grouping = typed->grouping;
    int64_t rows = typed->grouping_rows;
    typed->grouping = NULL;
    typed->grouping_rows = -1;
    fr_column **args = columns_as_they_lie(call, typed, terms, n, rows >= 0 ? rows : n_rows, base);
    typed->grouping = grouping;
    typed->grouping_rows = rows;
    return args;
}

static bool compute_aggregate(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base)
{
    fr_aggregate_call aggregate;
    fr_term **terms;
    size_t n;
    fr_grouping *own = NULL;
    bool grouped = typed->grouping_rows >= 0;
    if (!fr_aggregate_describe(call, &typed->arena, term, &aggregate, &terms, &n)) return false;
    fr_column **args = aggregate_args(call, typed, terms, n, n_rows, base);
    if (!args || !group_rows(call, typed, term, n_rows, base, &own)) return false;
    fr_column *result = typed->aggregator->aggregate(call, &aggregate, args, n, own ? own : typed->grouping,
                                                     grouped ? typed->grouping_rows : n_rows);
    if (result && own) {
        fr_column *per_row = spread(call, result, typed->aggregator->group_ids(own), n_rows);
        fr_column_unref(result);
        result = per_row;
    }
    if (own) typed->aggregator->ungroup(own);
    if (!result) return fr_problem_point(call, typed->source, term->node->position);
    return own || grouped ? become_column(call, typed, term, result) : become_constant(call, typed, term, result);
}

static bool compute_whole(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base)
{
    fr_grouping *grouping = NULL;
    fr_column **args = columns_of(call, typed, term->args, term->n_args, n_rows, base);
    for (size_t i = 0; args && i < term->n_args; i++) {
        args[i] = fr_column_wide(call, args[i]);
        if (!args[i] || !fr_typed_own(call, typed, args[i], drop_column)) return false;
    }
    if (!args || !group_rows(call, typed, term, n_rows, base, &grouping)) return false;
    fr_whole whole = { call, typed, n_rows, base, NULL, 1 };
    if (grouping) {
        whole.ids = typed->aggregator->group_ids(grouping);
        whole.n_groups = typed->aggregator->group_count(grouping);
    }
    fr_column *result = term->whole(&whole, term, args);
    if (grouping) typed->aggregator->ungroup(grouping);
    return become_column(call, typed, term, result);
}

static bool prepare(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base)
{
    if (term->kind == FR_TERM_AGGREGATE) return compute_aggregate(call, typed, term, n_rows, base);
    if (term->kind == FR_TERM_WHOLE) return compute_whole(call, typed, term, n_rows, base);
    for (size_t i = 0; i < term->n_args; i++)
        if (!prepare(call, typed, term->args[i], n_rows, base)) return false;
    return true;
}

/* ---- columns that need no running -------------------------------------------------------------------------------- */
fr_value fr_term_value(const fr_term *term)
{
    fr_value v = { .kind = (uint8_t)term->type->kind,
                   .valid = term->valid,
                   .unit = (uint8_t)term->type->unit,
                   .scale = term->type->scale };
    if (!term->valid) return v;
    if (term->phys == FR_PHYS_VIEW) {
        v.length = (uint32_t)term->constant.text.n;
        v.as.s = term->constant.text.text;
    } else if (term->phys == FR_PHYS_I128) {
        v.as.decimal.low = (uint64_t)term->constant.d;
        v.as.decimal.high = (int64_t)(term->constant.d >> 64);
    } else {
        switch (term->phys) {
        case FR_PHYS_F32: v.as.f = (double)term->constant.f32; break;
        case FR_PHYS_I8: v.as.i = *(const int8_t *)&term->constant; break;
        case FR_PHYS_I16: v.as.i = *(const int16_t *)&term->constant; break;
        case FR_PHYS_I32: v.as.i = *(const int32_t *)&term->constant; break;
        case FR_PHYS_U8: v.as.u = *(const uint8_t *)&term->constant; break;
        case FR_PHYS_U16: v.as.u = *(const uint16_t *)&term->constant; break;
        case FR_PHYS_U32: v.as.u = *(const uint32_t *)&term->constant; break;
        default: v.as.i = term->constant.i; break;
        }
    }
    return v;
}

fr_column *fr_term_column(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base)
{
    if (!prepare(call, typed, term, n_rows, base)) return NULL;
    if (!fr_map_codes(call, typed, term, n_rows)) return NULL;
    if (term->kind == FR_TERM_COLUMN) return fr_column_together(call, term->column);
    if (term->kind == FR_TERM_CONSTANT && !term->valid) return fr_column_null(call, term->type, n_rows);
    if (term->kind == FR_TERM_CONSTANT) return fr_column_repeat(call, term->type, fr_term_value(term), n_rows);
    if (fr_mapped_is_text(term)) return fr_mapped_texts(call, term);
    if (fr_chooses_constant_texts(term)) return fr_choose_codes(call, typed, term, n_rows, base);
    return fr_run_column(call, typed, term, fr_term_layout(term), n_rows, base);
}

/* ---- the interface ----------------------------------------------------------------------------------------------- */
static void begin_typed(fr_typed *typed, fr_call *call, const fr_expr *expr)
{
    *typed = (fr_typed){ .context = call->context, .source = expr->text, .grouping_rows = -1 };
    fr_arena_init(&typed->arena, call->context);
}

const fr_type *fr_expr_group_type(fr_call *call, const fr_expr *expr, const fr_schema *schema, const fr_schema *keys,
                                  const fr_aggregator *aggregator)
{
    FR_CLEANUP(fr_typed_clear) fr_typed typed;
    begin_typed(&typed, call, expr);
    fr_checker c = { .call = call, .typed = &typed, .schema = schema, .aggregator = aggregator, .keys = keys };
    return fr_check(&c, expr->root) ? fr_type_ref(typed.root->type) : NULL;
}

const fr_type *fr_expr_type(fr_call *call, const fr_expr *expr, const fr_schema *schema,
                            const fr_aggregator *aggregator)
{
    return fr_expr_group_type(call, expr, schema, NULL, aggregator);
}

static bool check_rows(fr_call *call, const fr_eval *env)
{
    return env->frame->length >= 0 ||
           fr_fail(call, FR_ERR_ARGUMENT, "the frame is a scan: collect it first (fr_collect)");
}

static bool check_for(fr_call *call, const fr_expr *expr, const fr_eval *env, fr_typed *typed)
{
    if (!check_rows(call, env)) return false;
    fr_checker c = {
        .call = call, .typed = typed, .schema = env->frame->schema, .frame = env->frame, .aggregator = env->aggregator
    };
    return fr_check(&c, expr->root);
}

fr_column *fr_expr_eval(fr_call *call, const fr_expr *expr, const fr_eval *env)
{
    FR_CLEANUP(fr_typed_clear) fr_typed typed;
    begin_typed(&typed, call, expr);
    if (!check_for(call, expr, env, &typed)) return NULL;
    return fr_term_column(call, &typed, typed.root, env->frame->length, env->first_row);
}

static fr_buffer *mask_of_column(fr_call *call, const fr_column *column, int64_t *n_true)
{
    size_t words = fr_words((size_t)column->length);
    fr_buffer *bits = fr_buffer_new(call, words * 8);
    if (!bits) return NULL;
    uint64_t *to = bits->data;
    const uint64_t *from = column->values;
    for (size_t w = 0; w < words; w++)
        to[w] =
            column->type->kind == FR_NULL ? 0 : from[w] & fr_valid_word(column->valid, (int64_t)w * 64, column->length);
    *n_true = fr_bits_count(to, column->length);
    return bits;
}

fr_buffer *fr_expr_mask(fr_call *call, const fr_expr *expr, const fr_eval *env, int64_t *n_true)
{
    FR_CLEANUP(fr_typed_clear) fr_typed typed;
    char room[FR_TYPE_TEXT_BYTES];
    int64_t n = env->frame->length;
    begin_typed(&typed, call, expr);
    if (!check_for(call, expr, env, &typed)) return NULL;
    fr_term *root = typed.root;
    if (root->type->kind != FR_BOOL && root->type->kind != FR_NULL) {
        fr_fail_at(call, fr_place_at(.source = expr->text, .position = root->node ? root->node->position : 0),
                   FR_ERR_TYPE, "a condition must be true or false, not %s", fr_term_type(root, room));
        return NULL;
    }
    if (!prepare(call, &typed, root, n, env->first_row) || !fr_map_codes(call, &typed, root, n)) return NULL;
    if (root->kind == FR_TERM_CALL || root->kind == FR_TERM_MAPPED)
        return fr_run_mask(call, &typed, root, n, env->first_row, n_true);
    FR_OWNED fr_column *column = fr_term_column(call, &typed, root, n, env->first_row);
    return column ? mask_of_column(call, column, n_true) : NULL;
}

fr_column *fr_expr_eval_groups(fr_call *call, const fr_expr *expr, const fr_eval *env, const fr_grouping *grouping,
                               const fr_frame *keys)
{
    FR_CLEANUP(fr_typed_clear) fr_typed typed;
    begin_typed(&typed, call, expr);
    if (!check_rows(call, env)) return NULL;
    fr_checker c = { .call = call,
                     .typed = &typed,
                     .schema = env->frame->schema,
                     .frame = env->frame,
                     .aggregator = env->aggregator,
                     .keys = keys->schema,
                     .key_frame = keys };
    if (!fr_check(&c, expr->root)) return NULL;
    typed.grouping = grouping;
    typed.grouping_rows = env->frame->length;
    return fr_term_column(call, &typed, typed.root, keys->length, 0);
}
