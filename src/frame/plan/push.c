/* push.c — filters and heads closer to the source, where that changes neither the result nor the error.
 *
 *     sort "revenue" | filter "year == 2024"         → filter, sort          fewer rows are sorted
 *     with "x = a + 0.5" | head 10                   → head, with            ten rows are computed
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

/* ---- what may move past what --------------------------------------------------------------------------------------- */
/* A `with`, looked at once. A statement that uses an earlier one of the same step has a type only after the step, and counts
 * as harmful. */
typedef struct with_info {
    bool     is_harmless;             /* all its statements are                                                       */
    size_t   n_made;
    int64_t *made;                    /* the columns it makes, as they lie behind it                                  */
} with_info;

static bool look_at_with(fr_call *call, fr_arena *arena, const fr_plan *plan, size_t i, with_info *out)
{
    FR_CLEANUP(fr_assignments_clear) fr_assignments list = { 0 };
    const fr_with_args *args = &plan->steps[i].args.with;
    const fr_stage *before = &plan->stages[i], *after = &plan->stages[i + 1];
    if (!fr_assignments_parse(call, args->assign, args->bind, FR_BIND_COUNT, &list)) return false;
    out->made = fr_arena_array(call, arena, list.n + 1, sizeof *out->made);
    if (!out->made) return false;
    for (; out->n_made < list.n; out->n_made++) {
        const char *name = list.names[out->n_made];
        out->made[out->n_made] = fr_schema_find(after->schema, name, strlen(name));
        if (!is_harmless(call, list.exprs[out->n_made], before) || out->made[out->n_made] < 0) return false;
    }
    return out->is_harmless = true;
}

/* Steps on their way. A step that moves leaves the frame's columns as they are, so what is known before every other step
 * stays what it was, and before the one that moved it is what was known before the first that it has passed.
 *
 * What lets any filter through, sorts, or any head, select, drop and rename, is passed a run at a time: runs grow at their
 * end, and whoever passes one stands before its first step. So n steps take O(n), and with steps that are asked one by one,
 * as a filter asks a `with` whether it makes what it reads, one question for each that is passed. */
typedef struct way {                  /* of step i                                                                    */
    size_t     before;                /* the step before it; n: none                                                  */
    size_t     first;                 /* of the run it is in, or itself                                               */
    size_t     stage;                 /* what is known before it                                                      */
    with_info *with;                  /* NULL: not looked at                                                          */
} way;

typedef struct moves {
    fr_call  *call;
    fr_plan  *plan;
    fr_arena  arena;
    way      *ways;                   /* n                                                                            */
    bool     *mentioned;              /* by the filter that moves, in the widest stage                                */
    bool      moved;
} moves;

static void clear_moves(moves *m) { fr_arena_clear(&m->arena); }

static bool is_about_columns(const fr_step *step)
{
    return step->verb == FR_VERB_SELECT || step->verb == FR_VERB_DROP || step->verb == FR_VERB_RENAME;
}

/* *passes: is the `with` harmless, and makes nothing that is mentioned (NULL: whatever it makes)? */
static bool passes_with(moves *m, size_t i, const bool *mentioned, bool *passes)
{
    with_info **with = &m->ways[i].with;
    if (!*with) {
        if (!(*with = fr_arena_array(m->call, &m->arena, 1, sizeof **with))) return false;
        (void)look_at_with(m->call, &m->arena, m->plan, i, *with);
        fr_call_forgive(m->call);
    }
    *passes = (*with)->is_harmless;
    for (size_t k = 0; mentioned && *passes && k < (*with)->n_made; k++) *passes = !mentioned[(*with)->made[k]];
    return true;
}

/* Can the filter move at all? Then the columns that it reads are marked. */
static bool filter_may_move(moves *m, size_t i, const bool **mentioned)
{
    const fr_filter_args *args = &m->plan->steps[i].args.filter;
    const fr_stage *stage = &m->plan->stages[i];
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = fr_expr_parse(m->call, args->where, args->bind, FR_BIND_COUNT);
    if (!expr || !is_harmless(m->call, expr, stage)) return false;
    memset(m->mentioned, 0, stage->schema->width * sizeof *m->mentioned);
    fr_expr_mark_columns(expr, stage->schema, m->mentioned);
    *mentioned = m->mentioned;
    return true;
}

/* Are the first n rows all that the step lets through? */
static bool is_plain_head(const fr_step *step)
{
    return step->verb == FR_VERB_HEAD && step->args.head.n >= 0 && !fr_given(step->args.head.by);
}

/* *end: the step it comes to stand before, n: it stays. A filter passes sorts, a head what gives one row for each row. */
static bool find_end(moves *m, size_t i, size_t *end)
{
    const fr_step *steps = m->plan->steps;
    const size_t n = m->plan->n;
    const bool *mentioned = NULL, is_filter = steps[i].verb == FR_VERB_FILTER;
    bool asked = false;
    *end = n;
    for (size_t at = m->ways[i].before; at < n; at = m->ways[*end].before) {
        const bool is_open = is_filter ? steps[at].verb == FR_VERB_SORT : is_about_columns(&steps[at]);
        bool passes = is_open || steps[at].verb == FR_VERB_WITH;
        if (passes && is_filter && !asked) passes = asked = filter_may_move(m, i, &mentioned);
        if (passes && !is_open && !passes_with(m, at, mentioned, &passes)) return false;
        if (!passes) break;
        *end = m->ways[at].first;
    }
    fr_call_forgive(m->call);
    return true;
}

/* The steps before i are in order; *last, the last of them, becomes that of i as well. What nothing is known of stays. */
static bool take_place(moves *m, size_t i, size_t *last)
{
    const fr_step *step = &m->plan->steps[i];
    const bool moves_at_all = m->plan->stages[i].schema && (step->verb == FR_VERB_FILTER || is_plain_head(step));
    size_t end = m->plan->n;
    way *mine = &m->ways[i];
    *mine = (way){ .before = *last, .first = i, .stage = i };
    if (moves_at_all && !find_end(m, i, &end)) return false;
    if (end < m->plan->n) {
        way *passed = &m->ways[end];
        mine->before = passed->before;
        mine->stage = passed->stage;
        passed->before = i;
        return m->moved = true;
    }
    const fr_step *before = i ? &m->plan->steps[*last] : NULL;
    const bool in_run = before && ((step->verb == FR_VERB_SORT && before->verb == FR_VERB_SORT)
                                   || (is_about_columns(step) && is_about_columns(before)));
    if (in_run) mine->first = m->ways[*last].first;
    *last = i;
    return true;
}

/* What is known before each step goes with it; the last stage, behind all steps, stays. */
static bool put_in_order(moves *m, size_t last)
{
    fr_plan *plan = m->plan;
    fr_step *steps = fr_arena_array(m->call, &m->arena, plan->n, sizeof *steps);
    fr_stage *stages = steps ? fr_arena_array(m->call, &m->arena, plan->n, sizeof *stages) : NULL;
    if (!stages) return false;
    for (size_t at = last, to = plan->n; to-- > 0; at = m->ways[at].before) {
        steps[to] = plan->steps[at];
        stages[to] = plan->stages[m->ways[at].stage];
        stages[to].schema = fr_object_ref(stages[to].schema);
    }
    for (size_t i = 0; i < plan->n; i++) fr_object_unref(plan->stages[i].schema);
    memcpy(plan->steps, steps, plan->n * sizeof *steps);
    memcpy(plan->stages, stages, plan->n * sizeof *stages);
    plan->changed = true;
    return true;
}

static bool move_steps(fr_call *call, fr_plan *plan)
{
    FR_CLEANUP(clear_moves) moves m = { .call = call, .plan = plan };
    size_t widest = 1, last = plan->n;
    fr_arena_init(&m.arena, call->context);
    m.ways = fr_arena_array(call, &m.arena, plan->n + 1, sizeof *m.ways);
    for (size_t i = 0; i < plan->n && plan->stages[i].schema; i++)
        if (plan->stages[i].schema->width > widest) widest = plan->stages[i].schema->width;
    m.mentioned = m.ways ? fr_arena_array(call, &m.arena, widest, sizeof *m.mentioned) : NULL;
    if (!m.mentioned) return false;
    for (size_t i = 0; i < plan->n; i++)
        if (!take_place(&m, i, &last)) return false;
    return !m.moved || put_in_order(&m, last);
}

/* ---- what the source is asked ----------------------------------------------------------------------------------------- */
/* No more rows than a head in front lets through. It stays: a source may deliver more than it was asked for. */
static void ask_source(fr_plan *plan)
{
    if (plan->input->source && plan->n && is_plain_head(&plan->steps[0])) plan->max_rows = plan->steps[0].args.head.n;
}

/* Can a row-wise step never fail, so that rows behind those wanted need not be seen? */
static bool is_safe(fr_call *call, fr_plan *plan, size_t i)
{
    const fr_step *step = &plan->steps[i];
    const fr_stage *before = &plan->stages[i], *after = &plan->stages[i + 1];
    if (!before->schema || !after->schema || before->guessed) return false;
    if (step->verb == FR_VERB_WITH) return look_at_with(call, &plan->arena, plan, i, &(with_info){ 0 });
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
    if (!move_steps(call, plan)) return false;
    ask_source(plan);
    see_head(call, plan);
    return true;
}
