/* trace.c — what is known about the frame before each step: names, origins, types.
 *
 *     input           a i64, b str, c f64
 *     with d = a * c  → a i64, b str, c f64, d f64        d has no origin
 *     rename b as e   → a i64, e str, c f64, d f64        e's origin is column 1 of the input
 *     group e: n = size(), m = mean(d)     → e str, n i64, m f64
 *     join of e, f    → e str, n i64, m f64, f str        f's origin is column 4: the joined frame's follow the input's
 *
 * A verb that is not listed here ends what is known; that costs speed, never an answer.
 *
 * What is surely wrong (a name that is not there, types that do not go together) is reported before anything is read: a
 * misspelt column does not wait for a large file. After a step that may change types only names are certain; what does
 * not fit is left until that step has run, and its types are known (plan/execute.c traces what is left again).
 */
#include <string.h>

#include "ops/agg_text.h"
#include "ops/concat.h"
#include "ops/fill_checks.h"
#include "ops/join_checks.h"
#include "ops/join_names.h"
#include "ops/melt.h"
#include "ops/parse_dates.h"
#include "ops/pivot_form.h"
#include "ops/rollup.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "plan/check.h"
#include "plan/plan.h"

enum { LOOK_AHEAD = 16 };

typedef struct shape {                /* a stage while it is being made                                               */
    size_t    n;
    fr_field *fields;
    int64_t  *origins;
    bool      guessed;
} shape;

static bool shape_of(fr_call *call, fr_plan *plan, const fr_stage *stage, size_t more, shape *out)
{
    size_t n = stage->schema->width;
    *out = (shape){ .n = n, .guessed = stage->guessed };
    out->fields = fr_arena_array(call, &plan->arena, n + more, sizeof *out->fields);
    out->origins = fr_arena_array(call, &plan->arena, n + more, sizeof *out->origins);
    if (!out->fields || !out->origins) return false;
    memcpy(out->fields, stage->schema->fields, n * sizeof *out->fields);
    for (size_t i = 0; i < n; i++) out->origins[i] = fr_origin(stage, i);
    return true;
}

static bool finish(fr_call *call, const shape *s, fr_stage *next)
{
    next->schema = fr_schema_make(call, s->fields, s->n);
    next->origins = s->origins;
    next->n_origins = s->n;
    next->guessed = s->guessed;
    return next->schema != NULL;
}

static bool same(const fr_stage *stage, fr_stage *next, bool guessed)
{
    *next = *stage;
    next->schema = fr_object_ref(stage->schema);
    next->guessed |= guessed;
    return true;
}

static void add_field(shape *s, const char *name, const fr_type *type, int64_t origin)
{
    s->fields[s->n] = (fr_field){ .name = name, .type = type, .nullable = true };
    s->origins[s->n++] = origin;
}

/* ---- verbs that change names ----------------------------------------------------------------------------------- */
static void put(shape *s, const char *name, const fr_type *type)
{
    size_t i = 0;
    while (i < s->n && strcmp(s->fields[i].name, name)) i++;
    if (i == s->n) return add_field(s, name, type, -1);
    s->fields[i].type = type;
    s->origins[i] = -1;
}

/* The type of an expression over the columns so far; where types are guessed, the null type when it cannot be told. */
static const fr_type *type_of(fr_call *call, const fr_expr *expr, const fr_schema *schema, bool guessed)
{
    const fr_type *type = fr_expr_type(call, expr, schema, fr_aggregator_ops());
    if (type || !guessed) return type;
    fr_call_forgive(call);
    return fr_type_ref(fr_type_of(FR_NULL));
}

/* A column more, or another type: the rest stays where it is. */
static bool trace_with(fr_call *call, const fr_stage *stage, const fr_with_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_assignments_clear) fr_assignments list = { 0 };
    if (!fr_assignments_parse(call, args->assign, args->bind, FR_BIND_COUNT, &list)) return false;
    FR_OWNED fr_schema *schema = fr_object_ref(stage->schema);
    for (size_t i = 0; i < list.n; i++) {
        const fr_type *type = type_of(call, list.exprs[i], schema, stage->guessed);
        fr_schema *more = type ? fr_schema_with(call, schema, list.names[i], type) : NULL;
        if (type) fr_type_unref(type);
        if (!more) return false;
        fr_object_unref(schema);
        schema = more;
    }
    *next = *stage;
    next->schema = fr_steal(schema);
    return true;
}

static bool trace_rename(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_rename_args *args,
                         fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    shape s;
    if (!fr_list_parse(call, args->names, stage->schema, FR_LIST_AS, false, &list) ||
        !shape_of(call, plan, stage, 0, &s))
        return false;
    for (size_t i = 0; i < list.n; i++)
        if (list.items[i].as) s.fields[list.items[i].field].name = list.items[i].as;
    return finish(call, &s, next);
}

static bool trace_drop(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_drop_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    shape s;
    if (!fr_list_parse(call, args->columns, stage->schema, FR_LIST_SELECTORS, false, &list) ||
        !shape_of(call, plan, stage, 0, &s)) return false;
    bool *gone = fr_arena_array(call, &plan->arena, s.n + 1, sizeof *gone);
    if (!gone) return false;
    for (size_t i = 0; i < list.n; i++) gone[list.items[i].field] = true;
    size_t kept = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (gone[i]) continue;
        s.fields[kept] = s.fields[i];
        s.origins[kept++] = s.origins[i];
    }
    s.n = kept;
    return finish(call, &s, next);
}

static bool trace_select(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_select_args *args,
                         fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    shape s;
    if (!fr_list_parse(call, args->columns, stage->schema, FR_LIST_SELECTORS | FR_LIST_AS, false, &list) ||
        !shape_of(call, plan, stage, list.n, &s)) return false;
    for (size_t i = 0; i < list.n; i++) {
        int64_t field = list.items[i].field;
        s.fields[i] = stage->schema->fields[field];
        s.origins[i] = fr_origin(stage, (size_t)field);
        if (list.items[i].as) s.fields[i].name = list.items[i].as;
    }
    s.n = list.n;
    return finish(call, &s, next);
}

/* ---- all verbs ------------------------------------------------------------------------------------------------- */
static bool trace_filter(fr_call *call, const fr_stage *stage, const fr_filter_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_drop_expr)
    fr_expr *expr = args->where ? fr_expr_parse(call, args->where, args->bind, FR_BIND_COUNT) : NULL;
    const fr_type *type = expr ? fr_expr_type(call, expr, stage->schema, fr_aggregator_ops()) : NULL;
    if (!type && !stage->guessed) return false;
    if (type) fr_type_unref(type);
    fr_call_forgive(call);
    return same(stage, next, false);
}

static bool trace_sort(fr_call *call, const fr_stage *stage, const fr_sort_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_list_parse(call, args->by, stage->schema, FR_LIST_SELECTORS | FR_LIST_DIRECTIONS, false, &list))
        return false;
    return same(stage, next, false);
}

/* head, tail: columns that make groups are looked for */
static bool trace_ends(fr_call *call, const fr_stage *stage, const char *by, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    return fr_list_parse(call, by, stage->schema, FR_LIST_SELECTORS, false, &list) && same(stage, next, false);
}

/* distinct, drop_null: names are looked for */
static bool trace_named(fr_call *call, const fr_stage *stage, const char *columns, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    return fr_list_parse(call, columns, stage->schema, FR_LIST_SELECTORS, true, &list) && same(stage, next, false);
}

/* ---- group ----------------------------------------------------------------------------------------------------- */
static bool add_keys(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_list *by, bool *is_key, shape *s)
{
    s->fields = fr_arena_array(call, &plan->arena, by->n + 1, sizeof *s->fields);
    if (!s->fields) return false;
    for (size_t i = 0; i < by->n; i++) {
        const int64_t field = by->items[i].field;
        s->fields[s->n] = stage->schema->fields[field];
        s->fields[s->n++].name = by->items[i].name;
        is_key[field] = true;
    }
    return true;
}

/* Keys keep their origins; what is made of groups has none. */
static bool add_aggregates(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_list *by,
                           const fr_assignments *agg, const shape *keys, const char *level, fr_stage *next)
{
    shape s = *keys;
    FR_OWNED fr_schema *key_schema = fr_schema_make(call, keys->fields, keys->n);
    s.fields = fr_arena_array(call, &plan->arena, keys->n + agg->n + 2, sizeof *s.fields);
    s.origins = fr_arena_array(call, &plan->arena, keys->n + agg->n + 2, sizeof *s.origins);
    const fr_type **types = fr_arena_array(call, &plan->arena, agg->n + 1, sizeof *types);
    if (!key_schema || !s.fields || !s.origins || !types) return false;
    memcpy(s.fields, keys->fields, keys->n * sizeof *s.fields);
    for (size_t i = 0; i < keys->n; i++) s.origins[i] = fr_origin(stage, (size_t)by->items[i].field);
    if (level) put(&s, level, fr_type_of(FR_I64));
    size_t n = 0;
    for (; n < agg->n; n++) {
        types[n] = fr_expr_group_type(call, agg->exprs[n], stage->schema, key_schema, fr_aggregator_ops());
        if (!types[n]) break;
        add_field(&s, agg->names[n], types[n], -1);
    }
    const bool ok = n == agg->n && finish(call, &s, next);
    while (n) fr_type_unref(types[--n]);
    return ok;
}

/* Where types are guessed, selectors may mean other columns: nothing is known then. */
static bool trace_group(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_group_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list by = { 0 };
    FR_CLEANUP(fr_assignments_clear) fr_assignments agg = { 0 };
    shape keys = { 0 };
    const char *text, *level = NULL;
    bool *is_key = fr_arena_array(call, &plan->arena, stage->schema->width + 1, sizeof *is_key);
    if (!is_key || stage->guessed) return false;
    if (!fr_given(args->by) && !fr_given(args->agg)) return false;          /* the step says what is missing */
    return fr_list_parse(call, args->by, stage->schema, FR_LIST_SELECTORS, false, &by)
        && add_keys(call, plan, stage, &by, is_key, &keys)
        && fr_agg_text_expand(call, &plan->arena, args->agg ? args->agg : "", stage->schema, is_key, &text)
        && fr_assignments_parse(call, text, args->bind, FR_BIND_COUNT, &agg)
        && (!args->rollup || (level = fr_rollup_level_name(call, &plan->arena, &by, &agg)))
        && add_aggregates(call, plan, stage, &by, &agg, &keys, level, next);
}

/* ---- pivot and melt ---------------------------------------------------------------------------------------------- */
/* The type of each value of a pivot; *n of them are owned references, also after a failure. */
static bool types_of_values(fr_call *call, const fr_stage *stage, const fr_pivot_form *form, const fr_schema *keys,
                            const fr_type **types, size_t *n)
{
    for (; *n < form->n_values; ++*n) {
        types[*n] = !form->agg.n ? fr_type_ref(stage->schema->fields[form->values.items[*n].field].type)
                  : fr_expr_group_type(call, form->agg.exprs[*n], stage->schema, keys, fr_aggregator_ops());
        if (!types[*n]) return false;
        const bool fine = fr_pivot_share_type(call, form, *n, types[*n]);
        if (form->share) {
            fr_type_unref(types[*n]);
            types[*n] = fr_type_of(FR_F64);
        }
        if (!fine) return ++*n, false;
    }
    return true;
}

static bool add_made(fr_call *call, fr_plan *plan, const fr_stage *stage, fr_pivot_form *form, const fr_type *const *types,
                     shape *s)
{
    const size_t n_keys = form->n_only + form->margins, n = form->index.n + n_keys * form->n_values;
    fr_pivot_key *keys = fr_arena_array(call, &form->arena, n_keys + 1, sizeof *keys);
    const char **names = keys ? fr_arena_array(call, &form->arena, n + 1, sizeof *names) : NULL;
    s->fields = names ? fr_arena_array(call, &plan->arena, n + 1, sizeof *s->fields) : NULL;
    s->origins = s->fields ? fr_arena_array(call, &plan->arena, n + 1, sizeof *s->origins) : NULL;
    if (!s->origins) return false;
    for (size_t i = 0; i < n_keys; i++) keys[i].whole = i < form->n_only ? form->only[i] : form->margins_name;
    if (!fr_pivot_names(call, form, keys, n_keys, names)) return false;
    for (size_t i = 0; i < form->index.n; i++) {
        const int64_t field = form->index.items[i].field;
        add_field(s, names[s->n], stage->schema->fields[field].type, fr_origin(stage, (size_t)field));
    }
    for (size_t value = 0; value < form->n_values; value++)
        for (size_t i = 0; i < n_keys; i++) add_field(s, names[s->n], types[value], -1);
    return true;
}

/* Which columns there will be only the rows say, unless they are listed; what is wrong without looking at rows is said
 * all the same. */
static bool trace_pivot(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_pivot_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_pivot_form_clear) fr_pivot_form form = { 0 };
    shape keys = { 0 }, made = { 0 };
    bool *is_key = fr_arena_array(call, &plan->arena, stage->schema->width + 1, sizeof *is_key);
    if (!is_key || stage->guessed || !fr_pivot_form_read(call, stage->schema, args, &form)
        || !add_keys(call, plan, stage, &form.keys, is_key, &keys)) return false;
    FR_OWNED fr_schema *key_schema = fr_schema_make(call, keys.fields, keys.n);
    const fr_type **types = key_schema ? fr_arena_array(call, &plan->arena, form.n_values + 1, sizeof *types) : NULL;
    size_t n = 0;
    const bool fine = types && types_of_values(call, stage, &form, key_schema, types, &n) && form.only
                   && add_made(call, plan, stage, &form, types, &made) && finish(call, &made, next);
    while (n) fr_type_unref(types[--n]);
    return fine;
}

static bool trace_melt(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_melt_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_melt_form_clear) fr_melt_form form = { 0 };
    shape s = { 0 };
    if (stage->guessed || !fr_melt_form_read(call, stage->schema, args, &form)) return false;
    const size_t n = form.n_index + 2;
    s.fields = fr_arena_array(call, &plan->arena, n, sizeof *s.fields);
    s.origins = s.fields ? fr_arena_array(call, &plan->arena, n, sizeof *s.origins) : NULL;
    if (!s.origins) return false;
    for (size_t i = 0; i < n; i++) {
        const bool stays = i < form.n_index;
        const fr_type *type = stays ? stage->schema->fields[form.index[i]].type
                                    : i == form.n_index ? fr_type_of(FR_STR) : form.type;
        add_field(&s, form.names[i], type, stays ? fr_origin(stage, form.index[i]) : -1);
    }
    return finish(call, &s, next);
}

/* A cast that cannot be written so is left to the step. */
static bool trace_cast(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_cast_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    shape s;
    if (!fr_given(args->types)) return false;
    if (!fr_list_parse(call, args->types, stage->schema, FR_LIST_SELECTORS | FR_LIST_TYPES, false, &list) ||
        !shape_of(call, plan, stage, 0, &s)) return false;
    const fr_type **types = fr_arena_array(call, &plan->arena, list.n + 1, sizeof *types);
    size_t n = 0;
    for (; types && n < list.n; n++) {
        const char *text = list.items[n].type;
        if (!text || !(types[n] = fr_type_read(call, text, strlen(text)))) break;
        s.fields[list.items[n].field].type = types[n];
    }
    bool ok = types && n == list.n && finish(call, &s, next);
    while (n) fr_type_unref(types[--n]);
    return ok;
}

/* A fill leaves types what they are, but that of whole numbers filled by their mean: where such a column was not named, it
 * is the nulls in it that decide. */
static bool trace_fill(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_fill_null_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    FR_CLEANUP(fr_list_clear) fr_list by = { 0 };
    const bool named = fr_given(args->columns);
    shape s;
    if (stage->guessed) return same(stage, next, true);
    if (!fr_fill_check(call, args) || !fr_list_parse(call, args->columns, stage->schema, FR_LIST_SELECTORS, true, &list)
        || !fr_list_parse(call, args->by, stage->schema, FR_LIST_SELECTORS, false, &by)
        || !shape_of(call, plan, stage, 0, &s)) return false;
    for (size_t i = 0; i < list.n; i++) {
        fr_field *field = &s.fields[list.items[i].field];
        const bool suits = fr_fill_suits(args, field->type);
        if (!suits && named) return fr_fill_unsuited(call, args, list.items[i].name, field->type);
        if (!suits || !fr_fill_widens(args, field->type)) continue;
        if (named) field->type = fr_type_of(FR_F64);
        else s.guessed = true;
    }
    return finish(call, &s, next);
}

/* With a format its type is the columns'; without, and where a column cannot be read, its values decide. */
static bool trace_dates(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_parse_dates_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    fr_date_reader given = { 0 };
    shape s;
    if (stage->guessed) return same(stage, next, true);
    if (!fr_parse_dates_check(call, &plan->arena, args, &given)
        || !fr_list_parse(call, args->columns, stage->schema, FR_LIST_SELECTORS, false, &list)
        || !shape_of(call, plan, stage, 0, &s)) return false;
    const fr_type **types = fr_arena_array(call, &plan->arena, list.n + 1, sizeof *types);
    size_t n = 0;
    for (; types && n < list.n; n++) {
        fr_field *field = &s.fields[list.items[n].field];
        if (!fr_parse_dates_type(call, &given, field, &types[n])) break;
        if (types[n]) field->type = types[n];
        else s.guessed = true;
    }
    const bool ok = types && n == list.n && finish(call, &s, next);
    while (n) fr_type_unref(types[--n]);
    return ok;
}

/* complete: keys are looked for; columns stay what they are. */
static bool trace_complete(fr_call *call, const fr_stage *stage, const fr_complete_args *args, fr_stage *next)
{
    FR_CLEANUP(fr_list_clear) fr_list by = { 0 };
    FR_CLEANUP(fr_list_clear) fr_list keys = { 0 };
    return fr_list_parse(call, args->by, stage->schema, FR_LIST_SELECTORS, false, &by)
        && fr_list_parse(call, args->columns, stage->schema, FR_LIST_SELECTORS, false, &keys) && same(stage, next, false);
}

/* ---- join -------------------------------------------------------------------------------------------------------- */
/* A key of a full join whose sides have two types has their common one. */
static bool add_left_columns(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_join_names *of, shape *s)
{
    for (size_t i = 0; i < of->left->width; i++) {
        const fr_field *field = &of->left->fields[i];
        const char *name = fr_join_left_name(call, &plan->arena, of, i);
        const int64_t pair = of->args->how == FR_JOIN_FULL ? fr_join_on_pair(of->on, (int64_t)i, true) : -1;
        if (!name) return false;
        if (pair >= 0)
            s->guessed |= !fr_type_equal(field->type, of->right->fields[of->on->right.items[pair].field].type);
        add_field(s, name, field->type, fr_origin(stage, i));
    }
    return true;
}

static bool add_right_columns(fr_call *call, fr_plan *plan, const fr_join_names *of, size_t first, shape *s)
{
    for (size_t i = 0; i < of->right->width; i++) {
        const fr_field *field = &of->right->fields[i];
        if (fr_join_on_pair(of->on, (int64_t)i, false) >= 0) continue;
        const char *name = fr_join_right_name(call, &plan->arena, of, i);
        if (!name) return false;
        add_field(s, name, field->type, (int64_t)(first + i));
    }
    return true;
}

static bool trace_both_sides(fr_call *call, fr_plan *plan, const fr_stage *stage, const fr_join_names *of, size_t first,
                             fr_stage *next)
{
    const size_t most = of->left->width + of->right->width + 1;
    shape s = { .guessed = stage->guessed };
    s.fields = fr_arena_array(call, &plan->arena, most, sizeof *s.fields);
    s.origins = s.fields ? fr_arena_array(call, &plan->arena, most, sizeof *s.origins) : NULL;
    if (!s.origins || !add_left_columns(call, plan, stage, of, &s) || !add_right_columns(call, plan, of, first, &s))
        return false;
    if (of->args->indicator) add_field(&s, FR_JOIN_MERGE, fr_type_of(FR_CAT), -1);
    if (finish(call, &s, next)) return true;
    fr_call_forgive(call);               /* names that clash in spite of suffixes: told when the rows have been matched */
    return false;
}

/* A semi or anti join is a filter. A right frame in error says so in its step; a scan is collected there. */
static bool trace_join(fr_call *call, fr_plan *plan, size_t i)
{
    const fr_join_args *args = &plan->steps[i].args.join;
    const fr_stage *stage = &plan->stages[i];
    fr_stage *next = &plan->stages[i + 1];
    FR_CLEANUP(fr_join_on_clear) fr_join_on on = { 0 };
    if (!fr_ok(args->right)) return false;
    if (!fr_join_check(call, args) || !fr_join_on_read(call, args, stage->schema, args->right->schema, &on)) return false;
    if (fr_join_keeps_columns(args)) return same(stage, next, false);
    const fr_join_names of = { args, &on, stage->schema, args->right->schema };
    return trace_both_sides(call, plan, stage, &of, stage->n_numbers, next);
}

/* Columns that only others have come behind the rest, which stays where it is. A frame in error says so in its step. */
static bool trace_concat(fr_call *call, const fr_stage *stage, const fr_concat_args *args, fr_stage *next)
{
    if (args->other && !fr_ok(args->other)) return false;
    for (size_t i = 0; args->others && args->others[i]; i++)
        if (!fr_ok(args->others[i])) return false;
    fr_schema *schema = fr_concat_schema(call, stage->schema, args);
    if (!schema) return false;
    *next = *stage;
    next->schema = schema;
    return true;
}

static bool trace_step(fr_call *call, fr_plan *plan, size_t i)
{
    const fr_step *step = &plan->steps[i];
    const fr_stage *stage = &plan->stages[i];
    fr_stage *next = &plan->stages[i + 1];
    switch ((fr_verb)step->verb) {
    case FR_VERB_WITH: return trace_with(call, stage, &step->args.with, next);
    case FR_VERB_RENAME: return trace_rename(call, plan, stage, &step->args.rename, next);
    case FR_VERB_DROP: return trace_drop(call, plan, stage, &step->args.drop, next);
    case FR_VERB_SELECT: return trace_select(call, plan, stage, &step->args.select, next);
    case FR_VERB_FILTER: return trace_filter(call, stage, &step->args.filter, next);
    case FR_VERB_SORT: return trace_sort(call, stage, &step->args.sort, next);
    case FR_VERB_HEAD: return trace_ends(call, stage, step->args.head.by, next);
    case FR_VERB_TAIL: return trace_ends(call, stage, step->args.tail.by, next);
    case FR_VERB_GROUP: return trace_group(call, plan, stage, &step->args.group, next);
    case FR_VERB_PIVOT: return trace_pivot(call, plan, stage, &step->args.pivot, next);
    case FR_VERB_MELT: return trace_melt(call, plan, stage, &step->args.melt, next);
    case FR_VERB_DISTINCT: return trace_named(call, stage, step->args.distinct.columns, next);
    case FR_VERB_DROP_NULL: return trace_named(call, stage, step->args.drop_null.columns, next);
    case FR_VERB_COMPLETE: return trace_complete(call, stage, &step->args.complete, next);
    case FR_VERB_JOIN: return trace_join(call, plan, i);
    case FR_VERB_CONCAT: return trace_concat(call, stage, &step->args.concat, next);
    case FR_VERB_SLICE:
    case FR_VERB_SAMPLE: return same(stage, next, false);
    case FR_VERB_CAST: return trace_cast(call, plan, stage, &step->args.cast, next);
    case FR_VERB_FILL_NULL: return trace_fill(call, plan, stage, &step->args.fill_null, next);
    case FR_VERB_PARSE_DATES: return trace_dates(call, plan, stage, &step->args.parse_dates, next);
    default: return false;
    }
}

/* ---- all steps ----------------------------------------------------------------------------------------------------- */
static void forget_stages(fr_plan *plan)
{
    for (size_t i = 0; i < plan->n_stages; i++) fr_object_unref(plan->stages[i].schema);
    plan->n_stages = 0;
}

/* Stages 0 … n. */
static bool make_room(fr_call *call, fr_plan *plan, size_t n)
{
    if (n < plan->n_stages) return true;
    size_t room = plan->later ? 2 * plan->n_stages + LOOK_AHEAD : plan->n + 1;
    if (room > plan->n + 1) room = plan->n + 1;
    fr_stage *stages = fr_arena_array(call, &plan->arena, room, sizeof *stages);
    if (!stages) return false;
    if (plan->n_stages) memcpy(stages, plan->stages, plan->n_stages * sizeof *stages);
    plan->stages = stages;
    plan->n_stages = room;
    return true;
}

/* The input, without the columns that planning has left out. */
static bool trace_input(fr_call *call, fr_plan *plan, fr_stage *first)
{
    fr_schema *schema = plan->input->schema;
    shape s = { .fields = fr_arena_array(call, &plan->arena, schema->width + 1, sizeof *s.fields),
                .origins = fr_arena_array(call, &plan->arena, schema->width + 1, sizeof *s.origins) };
    if (!s.fields || !s.origins) return false;
    for (size_t i = 0; i < schema->width; i++) {
        if (plan->columns && !plan->columns[i]) continue;
        s.fields[s.n] = schema->fields[i];
        s.origins[s.n++] = (int64_t)i;
    }
    if (s.n < schema->width) return finish(call, &s, first);
    *first = (fr_stage){ .schema = fr_object_ref(schema), .origins = s.origins, .n_origins = s.n };
    return true;
}

static size_t width_of_right(const fr_step *step)
{
    return step->verb == FR_VERB_JOIN && fr_ok(step->args.join.right) ? fr_frame_width(step->args.join.right) : 0;
}

static void number_stage(fr_plan *plan, size_t i)
{
    plan->stages[i].n_numbers = i ? plan->stages[i - 1].n_numbers + width_of_right(&plan->steps[i - 1])
                                  : fr_frame_width(plan->input);
}

/* A plan from the input looks at all steps. A later one need not look far: steps that were traced with certain types will
 * not fail now either, and behind those whose types are not certain no failure is told; it is for leaving columns out alone
 * that they are looked at, and that is worth a few of them. So plans of n steps together look at O(n + plans). */
static bool is_far_enough(const fr_plan *plan, size_t i)
{
    return plan->later && i >= LOOK_AHEAD && (plan->stages[i].guessed || plan->from + i < plan->course->checked);
}

/* A later plan ends before the first step of which nothing is known, but for the last step of all, which is run without. */
static void end_before(fr_plan *plan, size_t i)
{
    if (plan->later && plan->from + i + 1 < plan->course->n) plan->n = i;
}

bool fr_plan_trace(fr_call *call, fr_plan *plan)
{
    const char *file = call->file, *step = call->step;
    int64_t line = call->line;
    forget_stages(plan);
    if (!make_room(call, plan, 0) || !trace_input(call, plan, &plan->stages[0])) return false;
    size_t i = 0;
    for (; i < plan->n; i++) {
        if (is_far_enough(plan, i)) plan->n = i;
        if (i == plan->n) break;
        fr_call_at_step(call, &plan->steps[i]);
        number_stage(plan, i);
        if (!make_room(call, plan, i + 1)) return false;
        if (trace_step(call, plan, i)) continue;
        if (fr_failed(call) && !plan->stages[i].guessed) return false;
        end_before(plan, i + 1);
        break;
    }
    call->step = step, call->file = file, call->line = line;
    fr_call_forgive(call);
    if (!make_room(call, plan, plan->n)) return false;
    for (; i <= plan->n; i++) number_stage(plan, i);
    return true;
}
