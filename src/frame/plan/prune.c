/* prune.c — which columns of the input, and of the frames that are joined, somebody needs.
 *
 * The steps are walked from the input. Each marks what it looks at, under the number that the column has from the
 * beginning (its origin); a verb that looks at everything, or is not understood, needs every column that is there. Behind
 * a step whose columns are not known nothing is either: what that step gets is needed, and of what is joined later, all.
 * What is left at the end is needed as well.
 *
 *     filter "qty > 0" | group region: total = sum(price)          of 20 columns: qty, region, price
 *     drop comment                                                 of 20 columns: 19, and nothing is left to drop
 *     join products on id | select name, qty                       of products: id, name
 *
 * Of a joined frame its keys are needed always, or, where there are none, one column. A column that both sides have gets
 * a suffix on both: they are needed together or not at all.
 *
 *     left id qty note    right id name note    join on id | select qty, name      neither note
 *                                               join on id | drop note_y           both
 *
 * Of frames that are appended the columns are needed that are needed of the rows above them, by name, and those that only
 * they have.
 *
 * A source that is asked for fewer columns still refuses, or puts aside, the same rows (io/csv/csv_source.c).
 */
#include <string.h>

#include "ops/join_on.h"
#include "ops/pivot_form.h"
#include "ops/verbs.h"
#include "plan/plan.h"

/* CLOSED: lets through only what was marked. */
typedef enum walk_state { GO_ON, CLOSED, EVERYTHING } walk_state;

typedef struct walk {
    fr_call  *call;
    fr_plan  *plan;
    size_t    n;                      /* columns of the input and of the joined frames                                */
    bool     *needed;                 /* per column                                                                   */
    int64_t  *namesake;               /* per column of a joined frame: the left's that is called so too, -1: none     */
    bool     *understood;             /* per step: what it named was marked, else all                                 */
} walk;

static void need(walk *w, const fr_stage *stage, size_t column)
{
    const int64_t origin = fr_origin(stage, column);
    if (origin >= 0) w->needed[origin] = true;
}

static void need_all(walk *w, const fr_stage *stage)
{
    for (size_t i = 0; i < stage->schema->width; i++) need(w, stage, i);
}

typedef struct needing { walk *w; const fr_stage *stage; } needing;

static void need_told(void *state, size_t column)
{
    const needing *n = state;
    need(n->w, n->stage, column);
}

static void need_expr(walk *w, const fr_stage *stage, const fr_expr *expr)
{
    fr_expr_tell_columns(expr, stage->schema, need_told, &(needing){ w, stage });
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

/* A name that both frames have decides about suffixes: what the left made on the way is there in any case, and then the
 * right's is needed. A key that is one column of the result makes no other one change its name by going, since the left's
 * is always there, and the right's never (ops/join_names.c). */
static void find_namesakes(walk *w, const fr_stage *stage, const fr_schema *right, const fr_join_on *on, size_t first)
{
    for (size_t i = 0; i < right->width; i++) {
        const char *name = right->fields[i].name;
        const int64_t left = fr_schema_find(stage->schema, name, strlen(name));
        if (left < 0 || fr_join_on_pair(on, left, true) >= 0 || fr_join_on_pair(on, (int64_t)i, false) >= 0) continue;
        w->namesake[first + i] = fr_origin(stage, (size_t)left);
        if (w->namesake[first + i] < 0) w->needed[first + i] = true;
    }
}

static walk_state need_join(walk *w, size_t at, const fr_join_args *args)
{
    FR_CLEANUP(fr_join_on_clear) fr_join_on on = { 0 };
    const fr_stage *stage = &w->plan->stages[at];
    if (!fr_ok(args->right)) return EVERYTHING;
    const fr_schema *right = args->right->schema;
    const size_t first = stage->n_numbers;
    if (!fr_join_on_read(w->call, args, stage->schema, right, &on)) return EVERYTHING;
    for (size_t i = 0; i < on.left.n; i++) {
        need(w, stage, (size_t)on.left.items[i].field);
        w->needed[first + (size_t)on.right.items[i].field] = true;
    }
    if (!fr_join_keeps_columns(args)) find_namesakes(w, stage, right, &on, first);
    return GO_ON;
}

/* One column of each frame carries the number of its rows. */
static walk_state need_appended(walk *w, const fr_stage *stage, const fr_frame *other)
{
    if (!fr_ok(other) || !fr_frame_width(other)) return EVERYTHING;
    const char *name = other->schema->fields[0].name;
    const int64_t above = fr_schema_find(stage->schema, name, strlen(name));
    if (above >= 0) need(w, stage, (size_t)above);
    return GO_ON;
}

/* What is appended is narrowed to what is needed of the rows above (narrow_others). */
static walk_state need_concat(walk *w, const fr_stage *stage, const fr_concat_args *args)
{
    if (!stage->schema->width || (args->other && need_appended(w, stage, args->other) == EVERYTHING)) return EVERYTHING;
    for (size_t i = 0; args->others && args->others[i]; i++)
        if (need_appended(w, stage, args->others[i]) == EVERYTHING) return EVERYTHING;
    need(w, stage, 0);
    return GO_ON;
}

static walk_state need_step(walk *w, size_t at)
{
    const fr_stage *stage = &w->plan->stages[at];
    const fr_step *step = &w->plan->steps[at];
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
    case FR_VERB_JOIN: return need_join(w, at, &step->args.join);
    case FR_VERB_CONCAT: return need_concat(w, stage, &step->args.concat);
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
        int64_t origin = fr_origin(stage, (size_t)list.items[i].field);
        if (origin >= 0 && !w->needed[origin]) continue;
        if (strchr(list.items[i].name, '`') || (list.items[i].as && strchr(list.items[i].as, '`'))) return false;
        if (!add_name(w->call, &out, list.items[i].name, list.items[i].as)) return false;
        ++*n_left;
    }
    if (list.unmatched) {                                      /* the step tells of it                                */
        ++*n_left;
        if (!fr_text_format(w->call, &out, "%s%s", out.length ? ", " : "", list.unmatched)) return false;
    }
    *text = fr_arena_text(w->call, &w->plan->course->arena, out.bytes ? out.bytes : "", out.length);
    return *text != NULL;
}

/* Is every column there that was there as written? Then the step is right as it is. */
static bool is_whole(const walk *w, const fr_stage *stage)
{
    for (size_t i = 0; i < stage->schema->width; i++)
        if (fr_origin(stage, i) >= 0 && !w->needed[fr_origin(stage, i)]) return false;
    return true;
}

/* A drop or select of what is there now; *goes: nothing is left to drop. False when it cannot be said. */
static bool rewrite_step(walk *w, size_t at, fr_step *step, bool *goes)
{
    const fr_stage *stage = &w->plan->stages[at];
    size_t left = 1;
    *goes = false;
    if (!w->understood[at] || is_whole(w, stage)) return true;
    if (step->verb == FR_VERB_DROP) {
        if (!rewrite_list(w, stage, &step->args.drop.columns, 0, &left)) return false;
        *goes = !left;
    }
    /* what a select names is needed, so only its selectors have to be spelt out */
    const char *selected = step->verb == FR_VERB_SELECT ? step->args.select.columns : NULL;
    return !selected || !strchr(selected, '(') || rewrite_list(w, stage, &step->args.select.columns, FR_LIST_AS, &left);
}

static bool narrow_right(walk *w, size_t at, fr_step *step)
{
    const fr_frame *right = step->verb == FR_VERB_JOIN ? step->args.join.right : NULL;
    const bool *needed = w->needed + w->plan->stages[at].n_numbers;
    size_t n = 0;
    if (!fr_ok(right)) return true;
    for (size_t i = 0; i < fr_frame_width(right); i++) n += needed[i];
    if (n == fr_frame_width(right)) return true;
    step->args.join.right = fr_course_narrowed(w->call, w->plan->course, right, needed);
    return step->args.join.right != NULL;
}

/* Of a frame that is appended: what stands in the rows above it, and what only it has. */
static bool narrow_other(walk *w, const fr_stage *stage, const fr_frame **other)
{
    const size_t width = fr_ok(*other) ? fr_frame_width(*other) : 0;
    size_t n = 0;
    bool *needed = fr_arena_array(w->call, &w->plan->arena, width + 1, sizeof *needed);
    if (!needed) return false;
    for (size_t i = 0; i < width; i++) {
        const char *name = (*other)->schema->fields[i].name;
        const int64_t above = fr_schema_find(stage->schema, name, strlen(name));
        const int64_t origin = above < 0 ? -1 : fr_origin(stage, (size_t)above);
        n += needed[i] = origin < 0 || w->needed[origin];
    }
    if (n == width) return true;
    *other = fr_course_narrowed(w->call, w->plan->course, *other, needed);
    return *other != NULL;
}

static bool narrow_others(walk *w, size_t at, fr_step *step)
{
    const fr_stage *stage = &w->plan->stages[at];
    fr_concat_args *args = &step->args.concat;
    size_t n = 0;
    if (step->verb != FR_VERB_CONCAT || !w->understood[at] || is_whole(w, stage)) return true;
    if (args->other && !narrow_other(w, stage, &args->other)) return false;
    while (args->others && args->others[n]) n++;
    const fr_frame **others = fr_arena_array(w->call, &w->plan->course->arena, n + 1, sizeof *others);
    if (!others) return false;
    for (size_t i = 0; i < n; i++) {
        others[i] = args->others[i];
        if (!narrow_other(w, stage, &others[i])) return false;
    }
    if (n) args->others = others;
    return true;
}

/* The steps on fewer columns, into `steps`; goes[i]: step i has nothing left to do. False when one cannot be said. */
static bool rewrite_steps(walk *w, fr_step *steps, bool *goes)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->plan->n; i++) {
        fr_step step = w->plan->steps[i];
        if (!rewrite_step(w, i, &step, &goes[i]) || !narrow_right(w, i, &step) || !narrow_others(w, i, &step))
            return false;
        if (!goes[i]) steps[kept++] = step;
    }
    return true;
}

/* A stage is what is known before a step: those of steps that go, go with them. The end of what is planned stays where it
 * is among the course's steps. */
static void adopt(fr_plan *plan, const fr_step *steps, const bool *goes)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->n; i++) {
        if (goes[i]) fr_object_unref(plan->stages[i].schema);
        else plan->stages[kept++] = plan->stages[i];
    }
    plan->stages[kept] = plan->stages[plan->n];
    for (size_t i = kept + 1; i <= plan->n; i++) plan->stages[i] = (fr_stage){ 0 };
    plan->from += plan->n - kept;
    plan->steps += plan->n - kept;
    plan->n = kept;
    memcpy(plan->steps, steps, kept * sizeof *steps);         /* what was the first, whose values the source may hold, stays */
    plan->changed = true;
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */
/* What is joined at step i or later. */
static void need_rights(walk *w, size_t i)
{
    for (size_t k = w->plan->stages[i].n_numbers; k < w->n; k++) w->needed[k] = true;
}

static void walk_steps(walk *w)
{
    const fr_plan *plan = w->plan;
    for (size_t i = 0; i < plan->n; i++) {
        const walk_state state = need_step(w, i);
        const bool is_known = plan->stages[i + 1].schema != NULL;
        w->understood[i] = state != EVERYTHING;
        if (state == EVERYTHING || (state == GO_ON && !is_known)) need_all(w, &plan->stages[i]);
        if (state == EVERYTHING || !is_known) need_rights(w, i);
        fr_call_forgive(w->call);
        if (!is_known) return;
    }
    need_all(w, &plan->stages[plan->n]);
}

static size_t count_needed(const walk *w, size_t n)
{
    size_t n_needed = 0;
    for (size_t i = 0; i < n; i++) n_needed += w->needed[i];
    return n_needed;
}

/* Something must carry the number of rows, of the input and of each frame that is joined (by places it may have no keys). */
static void need_one(walk *w)
{
    size_t first = 0;
    for (size_t i = 0; i <= w->plan->n; i++) {
        const size_t end = w->plan->stages[i].n_numbers;
        size_t k = first;
        while (k < end && !w->needed[k]) k++;
        if (k == end && first < end) w->needed[first] = true;
        first = end;
    }
}

/* Columns that are needed for their namesakes may be namesakes of others. A namesake has the lower number, so all is said
 * on the way down and back. */
static void settle_namesakes(walk *w)
{
    for (size_t i = w->n; i-- > 0;)
        if (w->namesake[i] >= 0 && w->needed[i]) w->needed[w->namesake[i]] = true;
    for (size_t i = 0; i < w->n; i++)
        if (w->namesake[i] >= 0 && w->needed[w->namesake[i]]) w->needed[i] = true;
}

static bool begin_walk(walk *w)
{
    fr_plan *plan = w->plan;
    w->n = plan->stages[plan->n].n_numbers;
    w->needed = fr_arena_array(w->call, &plan->arena, w->n + 1, sizeof *w->needed);
    w->namesake = w->needed ? fr_arena_array(w->call, &plan->arena, w->n + 1, sizeof *w->namesake) : NULL;
    w->understood = w->namesake ? fr_arena_array(w->call, &plan->arena, plan->n, sizeof *w->understood) : NULL;
    for (size_t i = 0; w->understood && i < w->n; i++) w->namesake[i] = -1;
    return w->understood != NULL;
}

bool fr_plan_prune(fr_call *call, fr_plan *plan)
{
    const size_t width = fr_frame_width(plan->input);
    walk w = { .call = call, .plan = plan };
    fr_step *steps = begin_walk(&w) ? fr_arena_array(call, &plan->arena, plan->n + 1, sizeof *steps) : NULL;
    bool *goes = steps ? fr_arena_array(call, &plan->arena, plan->n, sizeof *goes) : NULL;
    if (!goes) return false;
    walk_steps(&w);
    need_one(&w);
    settle_namesakes(&w);
    if (count_needed(&w, w.n) < w.n && rewrite_steps(&w, steps, goes)) {
        if (count_needed(&w, width) < width) plan->columns = w.needed;
        adopt(plan, steps, goes);
    }
    fr_call_forgive(call);
    return true;
}
