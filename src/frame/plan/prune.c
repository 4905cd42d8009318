/* prune.c — which columns of the input somebody needs.
 *
 * The steps are walked from the input. Each marks what it looks at; the first one that lets through only what it names
 * (select, group …) ends the walk. When the walk reaches the end instead, what is left there is needed as well. A verb
 * that looks at everything, or is not understood, needs everything.
 *
 *     filter "qty > 0" | group region: total = sum(price)          of 20 columns: qty, region, price
 *     drop comment                                                 of 20 columns: 19, and nothing is left to drop
 */
#include <string.h>

#include "ops/join_names.h"
#include "ops/pivot_form.h"
#include "ops/verbs.h"
#include "plan/plan.h"

typedef enum walk_state { GO_ON, CLOSED, EVERYTHING } walk_state;

typedef struct walk {
    fr_call  *call;
    fr_plan  *plan;
    bool     *needed;                 /* per column of the input                                                      */
    bool     *mentioned;              /* scratch, one per column of the widest stage                                  */
} walk;

static void need(walk *w, const fr_stage *stage, size_t column)
{
    if (stage->origins[column] >= 0) w->needed[stage->origins[column]] = true;
}

static void need_all(walk *w, const fr_stage *stage)
{
    for (size_t i = 0; i < stage->schema->width; i++) need(w, stage, i);
}

static void need_expr(walk *w, const fr_stage *stage, const fr_expr *expr)
{
    size_t n = stage->schema->width;
    memset(w->mentioned, 0, n * sizeof *w->mentioned);
    fr_expr_mark_columns(expr, stage->schema, w->mentioned);
    for (size_t i = 0; i < n; i++)
        if (w->mentioned[i]) need(w, stage, i);
}

/* A list that might hold a selector can be read only when the types are certain. */
static walk_state need_list(walk *w, const fr_stage *stage, const char *text, unsigned allow)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    bool rewritten = allow & FR_LIST_AS;                /* select: its names are written out afterwards               */
    if (text && stage->guessed && strchr(text, '(')) return EVERYTHING;
    if (text && !rewritten && strstr(text, "except")) return EVERYTHING; /* names what must be there to be left out */
    if (!fr_list_parse(w->call, text, stage->schema, allow | FR_LIST_SELECTORS, false, &list)) return EVERYTHING;
    for (size_t i = 0; i < list.n; i++) need(w, stage, (size_t)list.items[i].field);
    return GO_ON;
}

/* The same, where an empty list means every column. */
static walk_state need_list_or_all(walk *w, const fr_stage *stage, const char *text)
{
    if (text && *text) return need_list(w, stage, text, 0);
    need_all(w, stage);
    return GO_ON;
}

static walk_state need_condition(walk *w, const fr_stage *stage, const fr_filter_args *args)
{
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = fr_expr_parse(w->call, args->where, args->bind, FR_BIND_COUNT);
    if (!expr) return EVERYTHING;
    need_expr(w, stage, expr);
    return GO_ON;
}

/* A column that is replaced stays needed: the place it has among the columns is part of the result. */
static walk_state need_assignments(walk *w, const fr_stage *stage, const fr_with_args *args)
{
    FR_CLEANUP(fr_assignments_clear) fr_assignments list = { 0 };
    if (!fr_assignments_parse(w->call, args->assign, args->bind, FR_BIND_COUNT, &list)) return EVERYTHING;
    for (size_t i = 0; i < list.n; i++) {
        int64_t replaced = fr_schema_find(stage->schema, list.names[i], strlen(list.names[i]));
        need_expr(w, stage, list.exprs[i]);
        if (replaced >= 0) need(w, stage, (size_t)replaced);
    }
    return GO_ON;
}

/* A call with a selector inside it, mean(numeric()), stands for many columns: everything is kept for it. */
static bool may_select(const char *text)
{
    static const char *const words[] = { "numeric", "integer", "float",       "text",      "temporal",
                                         "boolean", "matches", "starts_with", "ends_with", "contains",
                                         "except",  "type",    "all" };
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        for (const char *at = text; (at = strstr(at, words[i])); at++)
            if (at[strlen(words[i])] == '(' || at[strlen(words[i])] == ' ') return true;
    return false;
}

static walk_state need_group(walk *w, const fr_stage *stage, const fr_group_args *args)
{
    FR_CLEANUP(fr_assignments_clear) fr_assignments list = { 0 };
    if (!args->agg || may_select(args->agg) || need_list(w, stage, args->by, 0) == EVERYTHING) return EVERYTHING;
    if (!fr_assignments_parse(w->call, args->agg, args->bind, FR_BIND_COUNT, &list)) return EVERYTHING;
    for (size_t i = 0; i < list.n; i++) need_expr(w, stage, list.exprs[i]);
    return CLOSED;
}

/* A pivot and a melt are told by name what they need; `values` and `index` that are not told are all the rest. */
static walk_state need_pivot(walk *w, const fr_stage *stage, const fr_pivot_args *args)
{
    FR_CLEANUP(fr_pivot_form_clear) fr_pivot_form form = { 0 };
    if (stage->guessed || (args->agg && may_select(args->agg))) return EVERYTHING;
    if (!fr_pivot_form_read(w->call, stage->schema, args, &form)) return EVERYTHING;
    for (size_t i = 0; i < form.agg.n; i++) need_expr(w, stage, form.agg.exprs[i]);
    const char *const lists[] = { args->index, args->columns, args->values };
    for (size_t i = 0; i < FR_COUNT_OF(lists); i++)
        if (need_list(w, stage, lists[i], 0) == EVERYTHING) return EVERYTHING;
    return CLOSED;
}

static walk_state need_melt(walk *w, const fr_stage *stage, const fr_melt_args *args)
{
    if (!args->index || !*args->index || !args->values || !*args->values) return EVERYTHING;
    if (need_list(w, stage, args->index, 0) == EVERYTHING) return EVERYTHING;
    return need_list(w, stage, args->values, 0) == EVERYTHING ? EVERYTHING : CLOSED;
}

static void need_if_there(walk *w, const fr_stage *stage, const char *name)
{
    const int64_t column = fr_schema_find(stage->schema, name, strlen(name));
    if (column >= 0) need(w, stage, (size_t)column);
}

/* Names that both frames have are needed, since they decide about suffixes and, where no keys are named, are the keys. */
static walk_state need_join(walk *w, const fr_stage *stage, const fr_join_args *args)
{
    const char *keys = fr_join_on_left(w->call, &w->plan->arena, args);
    if (!keys || !fr_ok(args->right)) return EVERYTHING;
    const fr_schema *right = args->right->schema;
    for (size_t i = 0; i < right->width; i++) need_if_there(w, stage, right->fields[i].name);
    if (args->indicator) need_if_there(w, stage, FR_JOIN_MERGE);
    return *keys ? need_list(w, stage, keys, 0) : GO_ON;
}

static walk_state need_step(walk *w, const fr_stage *stage, const fr_step *step)
{
    walk_state state;
    switch ((fr_verb)step->verb) {
    case FR_VERB_FILTER: return need_condition(w, stage, &step->args.filter);
    case FR_VERB_WITH: return need_assignments(w, stage, &step->args.with);
    case FR_VERB_RENAME: return need_list(w, stage, step->args.rename.names, FR_LIST_AS);
    case FR_VERB_SORT: return need_list(w, stage, step->args.sort.by, FR_LIST_DIRECTIONS);
    case FR_VERB_CAST: return need_list(w, stage, step->args.cast.types, FR_LIST_TYPES);
    case FR_VERB_PARSE_DATES: return need_list(w, stage, step->args.parse_dates.columns, 0);
    case FR_VERB_HEAD: return need_list(w, stage, step->args.head.by, 0);
    case FR_VERB_TAIL: return need_list(w, stage, step->args.tail.by, 0);
    case FR_VERB_SLICE: case FR_VERB_SAMPLE: return GO_ON;
    case FR_VERB_DROP:
        return stage->guessed && strchr(step->args.drop.columns ? step->args.drop.columns : "", '(') ? EVERYTHING
                                                                                                     : GO_ON;
    case FR_VERB_DISTINCT: return need_list_or_all(w, stage, step->args.distinct.columns);
    case FR_VERB_DROP_NULL: return need_list_or_all(w, stage, step->args.drop_null.columns);
    case FR_VERB_FILL_NULL:
        if (need_list_or_all(w, stage, step->args.fill_null.columns) == EVERYTHING) return EVERYTHING;
        return need_list(w, stage, step->args.fill_null.by, 0);
    case FR_VERB_COMPLETE:
        if (need_list(w, stage, step->args.complete.by, 0) == EVERYTHING) return EVERYTHING;
        return need_list(w, stage, step->args.complete.columns, 0);
    case FR_VERB_JOIN: return need_join(w, stage, &step->args.join);
    case FR_VERB_GROUP: return need_group(w, stage, &step->args.group);
    case FR_VERB_PIVOT: return need_pivot(w, stage, &step->args.pivot);
    case FR_VERB_MELT: return need_melt(w, stage, &step->args.melt);
    case FR_VERB_SELECT: state = need_list(w, stage, step->args.select.columns, FR_LIST_AS); break;
    case FR_VERB_VALUE_COUNTS: state = need_list_or_all(w, stage, step->args.value_counts.columns); break;
    default: return EVERYTHING;
    }
    return state == EVERYTHING ? EVERYTHING : CLOSED;
}

/* ---- steps that name columns which are no longer there --------------------------------------------------------- */
static bool add_name(fr_call *call, fr_text *out, const char *name, const char *as)
{
    if (out->length && !fr_text_add(call, out, ", ")) return false;
    return as ? fr_text_format(call, out, "`%s` as `%s`", name, as) : fr_text_format(call, out, "`%s`", name);
}

/* Selectors are replaced by the names they stood for, columns that are not read any more are left out. */
static bool rewrite_list(walk *w, const fr_stage *stage, const char **text, unsigned allow, size_t *n_left)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(w->call);
    *n_left = 0;
    if (!fr_list_parse(w->call, *text, stage->schema, allow | FR_LIST_SELECTORS, false, &list)) return false;
    if (!list.n) return ++*n_left, true;                       /* an error of the step: leave it to it                */
    for (size_t i = 0; i < list.n; i++) {
        int64_t origin = stage->origins[list.items[i].field];
        if (origin >= 0 && !w->needed[origin]) continue;
        if (strchr(list.items[i].name, '`') || (list.items[i].as && strchr(list.items[i].as, '`'))) return false;
        if (!add_name(w->call, &out, list.items[i].name, list.items[i].as)) return false;
        ++*n_left;
    }
    *text = fr_arena_text(w->call, &w->plan->arena, out.bytes ? out.bytes : "", out.length);
    return *text != NULL;
}

/* Rewrites drop and select among the first n steps into `steps`; false when one cannot be said. */
static bool rewrite_steps(walk *w, size_t n, fr_step *steps, size_t *n_steps)
{
    size_t kept = 0, left;
    for (size_t i = 0; i < w->plan->n; i++) {
        fr_step step = w->plan->steps[i];
        const fr_stage *stage = &w->plan->stages[i];
        if (i < n && step.verb == FR_VERB_DROP) {
            if (!rewrite_list(w, stage, &step.args.drop.columns, 0, &left)) return false;
            if (!left) continue;
        }
        /* what a select names is needed, so only its selectors have to be spelt out */
        const char *selected = step.verb == FR_VERB_SELECT ? step.args.select.columns : NULL;
        if (i < n && selected && strchr(selected, '(') &&
            !rewrite_list(w, stage, &step.args.select.columns, FR_LIST_AS, &left)) return false;
        steps[kept++] = step;
    }
    *n_steps = kept;
    return true;
}

static walk_state walk_steps(walk *w, size_t *at)
{
    for (*at = 0; *at < w->plan->n; ++*at) {
        const fr_stage *stage = &w->plan->stages[*at];
        walk_state state = stage->schema ? need_step(w, stage, &w->plan->steps[*at]) : EVERYTHING;
        if (state != GO_ON) return ++*at, state;
    }
    const fr_stage *last = &w->plan->stages[w->plan->n];
    if (!last->schema) return EVERYTHING;
    need_all(w, last);
    return CLOSED;
}

bool fr_plan_prune(fr_call *call, fr_plan *plan)
{
    size_t widest = 1, width = fr_frame_width(plan->input), n, n_needed = 0;
    for (size_t i = 0; i <= plan->n; i++)
        if (plan->stages[i].schema && plan->stages[i].schema->width > widest) widest = plan->stages[i].schema->width;
    walk w = { .call = call, .plan = plan, .needed = fr_arena_array(call, &plan->arena, width + 1, sizeof(bool)) };
    w.mentioned = w.needed ? fr_arena_array(call, &plan->arena, widest, sizeof(bool)) : NULL;
    fr_step *steps = w.mentioned ? fr_arena_array(call, &plan->arena, plan->n + 1, sizeof *steps) : NULL;
    if (!steps) return false;
    bool sure = walk_steps(&w, &n) == CLOSED;
    for (size_t i = 0; i < width; i++) n_needed += w.needed[i];
    if (!n_needed && width) n_needed = w.needed[0] = true;          /* something must carry the number of rows        */
    if (sure && n_needed < width && rewrite_steps(&w, n, steps, &plan->n)) {
        plan->steps = steps;
        plan->columns = w.needed;
        plan->changed = true;
    }
    fr_call_forgive(call);
    return true;
}
