/* push.c — filters and heads closer to the source, where that changes neither the result nor the error.
 *
 *     sort "revenue" | filter "year == 2024"         → filter, sort          fewer rows are sorted
 *     with "x = a + 0.5" | head 10                   → head, with            ten rows are computed
 *     filter … on a source that filters              → done while it reads
 *     head 10 on a scan                              → the source stops after ten rows
 *     filter … | head 10 on a scan                   → … after the row that is the tenth to pass
 *     head 10 by region                              stays: any row may be the first of its group
 *
 * A source that is asked for ten rows reads ten, and accounts for ten; what is wrong behind them is not looked at. The
 * steps between the source and a head are not run on later rows either, so they must be steps that cannot fail on a
 * row.
 *
 * A step may move past another only when neither can fail on a row: otherwise rows that are now never looked at, or
 * looked at first, would change which error is reported. Expressions that look at other rows (aggregates, windows)
 * stay.
 */
#include <string.h>

#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "plan/plan.h"

/* Is evaluating it on more or fewer rows, in any order, the same for each row and never an error? */
static bool is_harmless(fr_call *call, const fr_expr *expr, const fr_stage *stage)
{
    if (stage->guessed || fr_expr_has_aggregate(expr, fr_aggregator_ops())) return false;
    const fr_type *type = fr_expr_type(call, expr, stage->schema, fr_aggregator_ops());
    bool harmless = type && !fr_expr_can_fail(expr, stage->schema);
    if (type) fr_type_unref(type);
    return harmless;
}

/* Are all statements of a `with` harmless, and does `reader` (NULL: nobody) mention none of what it makes? A statement
 * that uses an earlier one of the same step has a type only after the step, and counts as harmful. */
static bool with_is_harmless(fr_call *call, const fr_step *step, const fr_stage *before, const fr_stage *after,
                             const fr_expr *reader)
{
    FR_CLEANUP(fr_assignments_clear) fr_assignments list = { 0 };
    const fr_with_args *args = &step->args.with;
    if (!fr_assignments_parse(call, args->assign, args->bind, FR_BIND_COUNT, &list)) return false;
    bool *mentioned = fr_new_array(call, after->schema->width + 1, sizeof *mentioned);
    bool ok = mentioned != NULL;
    if (ok && reader) fr_expr_mark_columns(reader, after->schema, mentioned);
    for (size_t i = 0; ok && i < list.n; i++) {
        int64_t made = fr_schema_find(after->schema, list.names[i], strlen(list.names[i]));
        ok = is_harmless(call, list.exprs[i], before) && made >= 0 && !mentioned[made];
    }
    if (mentioned) fr_free_array(call->context, mentioned, after->schema->width + 1, sizeof *mentioned);
    return ok;
}

/* filter after sort or with */
static bool filter_may_move(fr_call *call, const fr_plan *plan, size_t i)
{
    const fr_step *before = &plan->steps[i - 1];
    const fr_filter_args *args = &plan->steps[i].args.filter;
    if (before->verb != FR_VERB_SORT && before->verb != FR_VERB_WITH) return false;
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = fr_expr_parse(call, args->where, args->bind, FR_BIND_COUNT);
    if (!expr || !is_harmless(call, expr, &plan->stages[i])) return false;
    return before->verb == FR_VERB_SORT || with_is_harmless(call, before, &plan->stages[i - 1], &plan->stages[i], expr);
}

/* Are the first n rows all that the step lets through? */
static bool is_plain_head(const fr_step *step)
{
    return step->verb == FR_VERB_HEAD && step->args.head.n >= 0 && !fr_given(step->args.head.by);
}

/* head n after steps that give one row for each row */
static bool head_may_move(fr_call *call, const fr_plan *plan, size_t i)
{
    const fr_step *before = &plan->steps[i - 1];
    if (!is_plain_head(&plan->steps[i])) return false;
    if (before->verb == FR_VERB_SELECT || before->verb == FR_VERB_DROP || before->verb == FR_VERB_RENAME) return true;
    return before->verb == FR_VERB_WITH && with_is_harmless(call, before, &plan->stages[i - 1], &plan->stages[i], NULL);
}

static bool may_move(fr_call *call, const fr_plan *plan, size_t i)
{
    if (!plan->stages[i - 1].schema || !plan->stages[i].schema) return false;
    bool may = (plan->steps[i].verb == FR_VERB_FILTER && filter_may_move(call, plan, i)) ||
               head_may_move(call, plan, i);
    fr_call_forgive(call);
    return may;
}

static bool move_forward(fr_call *call, fr_plan *plan, size_t i)
{
    while (i > 0 && may_move(call, plan, i)) {
        fr_step step = plan->steps[i];
        plan->steps[i] = plan->steps[i - 1];
        plan->steps[--i] = step;
        plan->changed = true;
        if (!fr_plan_trace(call, plan)) return false;
    }
    return true;
}

/* The first step, given to a source that can do it. A head stays: a source may deliver more than it was asked for. */
static void ask_source(fr_call *call, fr_plan *plan)
{
    const fr_source *source = plan->input->source;
    const fr_step *first = &plan->steps[0];
    if (!source || !plan->n) return;
    if (is_plain_head(first)) plan->max_rows = first->args.head.n;
    if (first->verb != FR_VERB_FILTER || !source->class_->filters) return;
    FR_CLEANUP(fr_drop_expr)
    fr_expr *expr = fr_expr_parse(call, first->args.filter.where, first->args.filter.bind, FR_BIND_COUNT);
    if (expr && !fr_expr_has_aggregate(expr, fr_aggregator_ops())) {
        plan->where = first->args.filter.where;
        plan->bind = first->args.filter.bind;
        plan->changed = true;
    }
    fr_call_forgive(call);
}

/* Can a row-wise step never fail, so that rows behind those wanted need not be seen? */
static bool is_safe(fr_call *call, const fr_plan *plan, size_t i)
{
    const fr_step *step = &plan->steps[i];
    const fr_stage *before = &plan->stages[i], *after = &plan->stages[i + 1];
    if (!before->schema || !after->schema || before->guessed) return false;
    if (step->verb == FR_VERB_WITH) return with_is_harmless(call, step, before, after, NULL);
    if (step->verb != FR_VERB_FILTER) return fr_step_is_row_wise(call, step) && step->verb != FR_VERB_CAST;
    const fr_filter_args *args = &step->args.filter;
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = fr_expr_parse(call, args->where, args->bind, FR_BIND_COUNT);
    return expr && is_harmless(call, expr, before);
}

/* Filters and other safe steps, then a head: the reading may end early. */
static void see_head(fr_call *call, fr_plan *plan)
{
    const fr_source *source = plan->input->source;
    size_t i = 0;
    if (!source || !source->seekable) return;
    while (i < plan->n && plan->steps[i].verb != FR_VERB_HEAD && is_safe(call, plan, i)) i++;
    if (i > 0 && i < plan->n && is_plain_head(&plan->steps[i])) plan->enough = plan->steps[i].args.head.n;
    fr_call_forgive(call);
}

bool fr_plan_push(fr_call *call, fr_plan *plan)
{
    for (size_t i = 1; i < plan->n; i++)
        if (!move_forward(call, plan, i)) return false;
    ask_source(call, plan);
    see_head(call, plan);
    return true;
}
