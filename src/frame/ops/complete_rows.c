/* complete_rows.c — rows for keys that have none, so that what is missing can be seen and filled.
 *
 *     complete region, day every 1d            combinations of the regions and of all days from the first to the last
 *
 *     region  day         n        region  day         n
 *     South   2024-01-03  3        North   2024-01-01  1
 *     North   2024-01-01  1        North   2024-01-02  _
 *                                  North   2024-01-03  _
 *                                  South   2024-01-01  _
 *                                  South   2024-01-02  _
 *                                  South   2024-01-03  3
 *
 * Of a key come the values that its rows have, null among them; of the last one, with `every`, all from its smallest, or
 * `start`, to its largest, or `end`, in steps. With `by` each group has values, a smallest and a largest of its own.
 * Every row stays: one that lies between the steps, or beyond start and end, or is null, stands where its keys belong.
 * Rows are in the order of `by`, then of the keys, nulls last; equal keys keep their order.
 *
 * Values that are equal as keys may differ (0.0 and -0.0, NaNs): a row keeps its own, so columns that may hold such are in
 * the numbered frame twice, and rows take the second one's.
 *
 * It is other verbs put together: the combinations are a frame, made by distinct, sort and joins of what is small, and a
 * full join puts the rows beside them. Columns are called 0, 1, 2 … meanwhile, so that no names clash.
 */
#include "ops/complete_steps.h"
#include "ops/result_size.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/context_state.h"
#include "base/problem.h"

#include <string.h>

typedef struct complete_job {
    fr_arena                arena;
    const fr_frame         *frame;
    const fr_complete_args *args;
    fr_frame               *numbered;      /* columns of `by`, keys, the others, called 0, 1, 2 …; owned              */
    int64_t                *fields;        /* where each of them stands in the frame                                  */
    size_t                  n_by, n_keys;  /* the latter: both                                                        */
    bool                    has_own;       /* some keys are there twice                                               */
    bool                    has_steps;
    fr_complete_steps       steps;
    int64_t                 n_between;     /* rows that no step meets although they lie among them                    */
} complete_job;

static void clear_job(complete_job *job)
{
    fr_frame_unref(job->numbered);
    fr_arena_clear(&job->arena);
}

/* "`0`, `1`": names of columns from one number to before another. */
static const char *numbers(fr_call *call, complete_job *job, size_t from, size_t to)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    for (size_t i = from; i < to; i++)
        if (!fr_text_format(call, &text, "%s`%zu`", i > from ? ", " : "", i)) return NULL;
    return fr_arena_text(call, &job->arena, text.bytes ? text.bytes : "", text.length);
}

/* Takes the frame over, also NULL. */
static fr_frame *settled(fr_call *call, fr_frame *frame)
{
    if (frame && fr_frame_settle(call, frame)) return frame;
    fr_frame_unref(frame);
    return NULL;
}

/* ---- what is asked for --------------------------------------------------------------------------------------------- */
static bool check_lists(fr_call *call, const fr_complete_args *args, const fr_list *by, const fr_list *columns)
{
    if (!columns->n)
        return fr_fail_at(call, fr_place_at(.hint = "complete region, day every 1d"), FR_ERR_ARGUMENT,
                          "complete needs the columns whose combinations are wanted");
    for (size_t i = 0; i < by->n; i++)
        for (size_t k = 0; k < columns->n; k++)
            if (by->items[i].field == columns->items[k].field)
                return fr_fail_at(call, fr_place_at(.column = by->items[i].name), FR_ERR_ARGUMENT,
                                  "column '%s' is both in columns and in by", by->items[i].name);
    if (args->every.valid || (!args->start.valid && !args->end.valid)) return true;
    return fr_fail_at(call, fr_place_at(.hint = "every 1d"), FR_ERR_ARGUMENT, "start and end need every: the steps between them");
}

static bool may_differ(const fr_type *type)
{
    return fr_kind_is_float(type->kind) || type->kind == FR_LIST || type->kind == FR_STRUCT;
}

/* `n` columns are placed: the keys that may differ once more behind them, called r0 … */
static bool pick_numbered(fr_call *call, complete_job *job, const char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(names[i] = fr_arena_format(call, &job->arena, "%zu", i))) return false;
    for (size_t i = 0; i < job->n_keys; i++) {
        if (!may_differ(job->frame->schema->fields[job->fields[i]].type)) continue;
        names[n] = fr_arena_format(call, &job->arena, "r%zu", i);
        if (!names[n]) return false;
        job->fields[n++] = job->fields[i];
        job->has_own = true;
    }
    job->numbered = settled(call, fr_frame_picked(call, job->frame, job->fields, names, n));
    return job->numbered != NULL;
}

static bool number_columns(fr_call *call, complete_job *job, const fr_list *by, const fr_list *columns)
{
    const size_t width = fr_frame_width(job->frame);
    bool *taken = fr_arena_array(call, &job->arena, width, sizeof *taken);
    const char **names = taken ? fr_arena_array(call, &job->arena, 2 * width, sizeof *names) : NULL;
    job->fields = names ? fr_arena_array(call, &job->arena, 2 * width, sizeof *job->fields) : NULL;
    if (!job->fields) return false;
    size_t n = 0;
    for (size_t i = 0; i < by->n; i++) job->fields[n++] = by->items[i].field;
    for (size_t i = 0; i < columns->n; i++) job->fields[n++] = columns->items[i].field;
    job->n_by = by->n;
    job->n_keys = n;
    for (size_t i = 0; i < n; i++) taken[job->fields[i]] = true;
    for (size_t i = 0; i < width; i++)
        if (!taken[i]) job->fields[n++] = (int64_t)i;
    return pick_numbered(call, job, names, width);
}

static bool read_job(fr_call *call, complete_job *job)
{
    FR_CLEANUP(fr_list_clear) fr_list by = { .context = call->context };
    FR_CLEANUP(fr_list_clear) fr_list columns = { .context = call->context };
    const fr_complete_args *args = job->args;
    const fr_schema *schema = job->frame->schema;
    if (!fr_list_parse(call, args->by, schema, FR_LIST_SELECTORS, false, &by)
        || !fr_list_parse(call, args->columns, schema, FR_LIST_SELECTORS, false, &columns)
        || !check_lists(call, args, &by, &columns) || !number_columns(call, job, &by, &columns)) return false;
    job->has_steps = args->every.valid;
    const fr_list_item *last = &columns.items[columns.n - 1];
    return !job->has_steps || fr_complete_steps_read(call, &job->arena, &args->every, schema->fields[last->field].type,
                                                     last->name, &job->steps);
}

/* ---- combinations -------------------------------------------------------------------------------------------------- */
/* Where there is no `by`, all rows are one group: a column called all says so. */
static fr_frame *with_all(fr_call *call, const complete_job *job, fr_frame *frame)
{
    if (job->n_by || !frame) return frame;
    fr_frame *made = settled(call, fr_run_with(call, frame, &(fr_with_args){ .assign = "all = true" }));
    fr_frame_unref(frame);
    return made;
}

/* The distinct values of some columns of the numbered frame, in order. */
static fr_frame *values_of(fr_call *call, complete_job *job, const char *columns)
{
    FR_OWNED fr_frame *some = settled(call, fr_run_select(call, job->numbered, &(fr_select_args){ .columns = columns }));
    FR_OWNED fr_frame *once = some ? settled(call, fr_run_distinct(call, some, &(fr_distinct_args){ 0 })) : NULL;
    return once ? settled(call, fr_run_sort(call, once, &(fr_sort_args){ .by = columns })) : NULL;
}

static fr_frame *one_group(fr_call *call)
{
    const char *name = "all";
    FR_OWNED fr_column *all = fr_column_repeat(call, fr_type_of(FR_BOOL), fr_v_bool(true), 1);
    return all ? fr_frame_of(call, NULL, &name, &all, 1, 1) : NULL;
}

/* Each row of `so_far`, which is taken over, with each one of the same group in `more`. */
static fr_frame *crossed(fr_call *call, complete_job *job, fr_frame *so_far, const fr_frame *more)
{
    const char *on = job->n_by ? numbers(call, job, 0, job->n_by) : "all";
    fr_frame *made = so_far && more && on ? settled(call, fr_run_join(call, so_far, &(fr_join_args){
        .right = more, .on = on, .max_rows = -1, .nulls_match = true })) : NULL;
    fr_frame_unref(so_far);
    return made;
}

static fr_frame *cross_key(fr_call *call, complete_job *job, fr_frame *so_far, size_t key)
{
    const char *by = numbers(call, job, 0, job->n_by);
    const char *columns = by ? fr_arena_format(call, &job->arena, "%s%s`%zu`", by, *by ? ", " : "", key) : NULL;
    FR_OWNED fr_frame *values = columns ? with_all(call, job, values_of(call, job, columns)) : NULL;
    return crossed(call, job, so_far, values);
}

/* ---- steps --------------------------------------------------------------------------------------------------------- */
static size_t step_key(const complete_job *job) { return job->n_keys - 1; }

static const fr_type *step_type(const complete_job *job)
{
    return job->numbered->schema->fields[step_key(job)].type;
}

/* A date, or a text that names no offset, is a time of the clock of the key's zone. */
static fr_column *on_clock(fr_call *call, complete_job *job, const fr_column *row, const char *name)
{
    const fr_type *key = step_type(job);
    const char *assign = fr_arena_format(call, &job->arena, "%s = localize(%s, '%s')", name, name, key->zone);
    const fr_type *clock = assign ? fr_type_datetime(call, (fr_unit)key->unit, NULL) : NULL;
    fr_converted converted = { 0 };
    const bool fine = clock && fr_convert(call, row, clock, false, name, &converted);
    fr_type_unref(clock);
    if (!fine) return NULL;
    FR_OWNED fr_column *local = converted.column;
    FR_OWNED fr_frame *frame = fr_frame_of(call, NULL, &name, &local, 1, 1);
    FR_OWNED fr_frame *zoned = frame ? settled(call, fr_run_with(call, frame, &(fr_with_args){ .assign = assign })) : NULL;
    return zoned ? fr_column_ref(zoned->columns[0]) : NULL;
}

/* One row of the key's type. */
static fr_column *as_key(fr_call *call, complete_job *job, const fr_column *row, const char *name)
{
    const fr_type *key = step_type(job);
    const bool clock = key->kind == FR_DATETIME && key->zone, is_date = row->type->kind == FR_DATE;
    if (clock && is_date) return on_clock(call, job, row, name);
    fr_converted converted = { 0 };
    if (!fr_convert(call, row, key, clock && row->type->kind == FR_STR, name, &converted)) return NULL;
    fr_buffer_unref(converted.failed);
    if (!converted.n_failed) return converted.column;
    fr_column_unref(converted.column);
    return on_clock(call, job, row, name);
}

/* start or end as `n` rows of the key's type. */
static fr_column *bound(fr_call *call, complete_job *job, const fr_value *value, const char *name, int64_t n)
{
    char room[FR_TYPE_TEXT_BYTES], value_room[FR_TYPE_TEXT_BYTES];
    const fr_type *key = step_type(job);
    const fr_kind kind = (fr_kind)value->kind;
    const bool whole = fr_kind_is_integer(kind) && fr_kind_is_integer(key->kind);
    const bool plain = kind == FR_STR || whole || (kind == FR_DATE && key->kind == FR_DATETIME);
    if (!plain && kind != key->kind)
        return fr_fail(call, FR_ERR_TYPE, "%s of type %s is no value of a column of type %s", name,
                       fr_type_name(fr_type_of(kind), value_room), fr_type_name(key, room)), NULL;
    FR_OWNED fr_column *row = fr_column_repeat(call, plain ? fr_type_of(kind) : key, *value, 1);
    FR_OWNED fr_column *made = row ? as_key(call, job, row, name) : NULL;
    return made ? fr_column_repeat(call, key, fr_column_value(made, 0), n) : NULL;
}

/* The smallest and the largest value of each group, in columns lo and hi. */
static fr_frame *limits_of(fr_call *call, complete_job *job)
{
    const char *agg = fr_arena_format(call, &job->arena, "lo = min(`%zu`); hi = max(`%zu`)", step_key(job), step_key(job));
    const char *by = numbers(call, job, 0, job->n_by);
    const fr_group_args args = { .by = by, .agg = agg };
    FR_OWNED fr_frame *found = agg && by ? settled(call, fr_run_group(call, job->numbered, &args)) : NULL;
    if (!found) return NULL;
    FR_CLEANUP(fr_columns_clear) fr_columns given = { 0 };
    if (!fr_columns_init(call, &given, fr_frame_width(found))) return NULL;
    const fr_value *values[] = { &job->args->start, &job->args->end };
    for (size_t i = 0; i < 2; i++)
        if (values[i]->valid && !(given.at[job->n_by + i] = bound(call, job, values[i], i ? "end" : "start", found->length)))
            return NULL;
    return with_all(call, job, fr_frame_replaced(call, found, given.at));
}

static int64_t whole_at(const fr_column *column, int64_t row)
{
    int64_t x;
    fr_integers_at(column, row, 1, &x);
    return x;
}

typedef struct ladder { const fr_column *lo, *hi; int64_t n; fr_buffer *rows, *k; } ladder;

static void clear_ladder(ladder *l)
{
    fr_buffer_unref(l->rows);
    fr_buffer_unref(l->k);
}

static fr_u128 count_at(const complete_job *job, const ladder *l, int64_t row)
{
    if (!fr_is_valid(l->lo, row) || !fr_is_valid(l->hi, row)) return 0;
    return fr_complete_steps_count(&job->steps, whole_at(l->lo, row), whole_at(l->hi, row));
}

static bool count_rows(fr_call *call, const complete_job *job, ladder *l)
{
    fr_u128 n = 0;
    for (int64_t row = 0; row < l->lo->length; row++) n += count_at(job, l, row);
    const fr_u128 most = fr_context_limits(call->context).join_rows;
    if (n > most)
        return fr_fail_at(call, fr_place_at(.hint = "are the steps as long as they should be?"), FR_ERR_LIMIT,
                          "the result would have more than %s rows", fr_in_threes((uint64_t)most).text);
    l->n = (int64_t)n;
    return fr_check_result_bytes(call, (double)l->n * (double)(sizeof(int64_t) * job->n_keys), "too many steps",
                                 "are the steps as long as they should be?");
}

/* Which row each step belongs to, and its number. */
static bool make_ladder(fr_call *call, const complete_job *job, ladder *l)
{
    const bool wide = fr_rows_are_wide(l->lo->length);
    if (!count_rows(call, job, l)) return false;
    l->rows = fr_buffer_array(call, (size_t)l->n, fr_row_bytes(wide));
    l->k = l->rows ? fr_buffer_array(call, (size_t)l->n, sizeof(int64_t)) : NULL;
    if (!l->k) return false;
    for (int64_t row = 0, at = 0; row < l->lo->length; row++)
        for (int64_t k = 0, n = (int64_t)count_at(job, l, row); k < n; k++, at++) {
            ((int64_t *)l->k->data)[at] = k;
            if (wide) ((int64_t *)l->rows->data)[at] = row;
            else ((uint32_t *)l->rows->data)[at] = (uint32_t)row;
        }
    return true;
}

static fr_frame *with_counter(fr_call *call, const fr_frame *frame, fr_buffer *k)
{
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = frame->length, .values = k };
    const size_t n = fr_frame_width(frame);
    FR_OWNED fr_column *counter = fr_column_new(call, &parts);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const char **names = fr_arena_array(call, &arena, n + 1, sizeof *names);
    fr_column **columns = names ? fr_arena_array(call, &arena, n + 1, sizeof(fr_column *)) : NULL;
    if (!columns || !counter) return NULL;
    for (size_t i = 0; i < n; i++) names[i] = frame->schema->fields[i].name, columns[i] = frame->columns[i];
    names[n] = "k";
    columns[n] = counter;
    return fr_frame_of(call, NULL, names, columns, n + 1, frame->length);
}

/* Rows with lo and hi, taken over, as often as there are steps. */
static fr_frame *climb(fr_call *call, const complete_job *job, fr_frame *frame)
{
    FR_OWNED fr_frame *below = frame;
    FR_CLEANUP(clear_ladder) ladder l = { 0 };
    if (!below) return NULL;
    const int64_t lo = fr_schema_find(below->schema, "lo", 2), hi = fr_schema_find(below->schema, "hi", 2);
    l.lo = below->columns[lo];
    l.hi = below->columns[hi];
    if (!make_ladder(call, job, &l)) return NULL;
    const fr_rows rows = fr_rows_view(l.rows->data, fr_rows_are_wide(below->length), l.n);
    FR_OWNED fr_frame *repeated = fr_frame_gather(call, below, &rows);
    return repeated ? with_counter(call, repeated, l.k) : NULL;
}

static fr_frame *step_through(fr_call *call, complete_job *job, fr_frame *so_far)
{
    FR_OWNED fr_frame *limits = limits_of(call, job);
    FR_OWNED fr_frame *counted = climb(call, job, crossed(call, job, so_far, limits));
    const char *name = fr_arena_format(call, &job->arena, "`%zu`", step_key(job));
    const char *assign = name ? fr_arena_format(call, &job->arena, "%s = %s", name, job->steps.value) : NULL;
    const char *also = assign ? fr_arena_format(call, &job->arena, " and weekday(%s) < 5", name) : NULL;
    const char *where = also ? fr_arena_format(call, &job->arena, "%s <= hi%s", name, job->steps.business_days ? also : "") : NULL;
    FR_OWNED fr_frame *all = counted && where ? settled(call, fr_run_with(call, counted, &(fr_with_args){ .assign = assign }))
                                              : NULL;
    return all ? settled(call, fr_run_filter(call, all, &(fr_filter_args){ .where = where })) : NULL;
}

/* All combinations that shall have a row, in order. */
static fr_frame *combinations(fr_call *call, complete_job *job)
{
    const char *by = numbers(call, job, 0, job->n_by), *keys = numbers(call, job, 0, job->n_keys);
    fr_frame *made = !by || !keys ? NULL : job->n_by ? values_of(call, job, by) : one_group(call);
    for (size_t i = job->n_by; made && i < job->n_keys - job->has_steps; i++) made = cross_key(call, job, made, i);
    if (made && job->has_steps) made = step_through(call, job, made);
    FR_OWNED fr_frame *all = made;
    return all ? settled(call, fr_run_select(call, all, &(fr_select_args){ .columns = keys })) : NULL;
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */
static int64_t count_where(fr_call *call, const fr_frame *frame, const char *where)
{
    FR_OWNED fr_frame *some = where ? fr_run_filter(call, frame, &(fr_filter_args){ .where = where }) : NULL;
    return some ? some->length : -1;
}

/* With start or end the others may lie beyond them. */
static bool count_between(fr_call *call, complete_job *job, const fr_frame *joined)
{
    if (!job->has_steps || job->args->start.valid || job->args->end.valid) return true;
    const char *where = fr_arena_format(call, &job->arena, "_merge == 'right_only' and `%zu` is not null", step_key(job));
    job->n_between = count_where(call, joined, where);
    return job->n_between >= 0;
}

static void warn_of_between(fr_call *call, const complete_job *job)
{
    const char *name = job->frame->schema->fields[job->fields[step_key(job)]].name;
    const int64_t n = job->n_between;
    if (n) fr_warn(call, "complete: %lld row%s between the steps of '%s' (floor(%s, …) in a step before puts them on one)",
                   (long long)n, n == 1 ? " lies" : "s lie", name, name);
}

/* Takes the frame over, also NULL. */
static fr_frame *with_own_values(fr_call *call, complete_job *job, fr_frame *joined)
{
    FR_CLEANUP(fr_text_clear) fr_text assign = FR_TEXT_INIT(call);
    FR_OWNED fr_frame *plain = joined;
    if (!plain || !job->has_own) return fr_steal(plain);
    for (size_t i = 0; i < job->n_keys; i++) {
        if (!may_differ(job->numbered->schema->fields[i].type)) continue;
        if (!fr_text_format(call, &assign, "%s`%zu` = when(_merge == 'left_only', `%zu`, r%zu)", assign.length ? "; " : "",
                            i, i, i)) return NULL;
    }
    return settled(call, fr_run_with(call, plain, &(fr_with_args){ .assign = assign.bytes }));
}

/* The frame with a row for each combination, numbered columns still. */
static fr_frame *put_together(fr_call *call, complete_job *job)
{
    FR_OWNED fr_frame *grid = combinations(call, job);
    const char *keys = numbers(call, job, 0, job->n_keys);
    const fr_join_args args = { .right = job->numbered, .on = keys, .max_rows = -1, .how = FR_JOIN_FULL, .nulls_match = true,
                                .indicator = true };
    fr_frame *beside = grid && keys ? settled(call, fr_run_join(call, grid, &args)) : NULL;
    FR_OWNED fr_frame *joined = with_own_values(call, job, beside);
    const int64_t n_rest = joined ? count_where(call, joined, "_merge == 'right_only'") : -1;
    if (n_rest < 0 || !count_between(call, job, joined)) return NULL;
    if (!n_rest) return fr_steal(joined);
    return settled(call, fr_run_sort(call, joined, &(fr_sort_args){ .by = keys }));
}

static fr_frame *as_it_was(fr_call *call, complete_job *job, const fr_frame *made)
{
    const fr_schema *schema = job->frame->schema;
    fr_field *fields = fr_arena_array(call, &job->arena, schema->width, sizeof *fields);
    fr_column **columns = fields ? fr_arena_array(call, &job->arena, schema->width, sizeof(fr_column *)) : NULL;
    if (!columns) return NULL;
    memcpy(fields, schema->fields, schema->width * sizeof *fields);
    for (size_t i = 0; i < schema->width; i++) {
        fields[i].nullable = true;
        columns[job->fields[i]] = made->columns[i];
    }
    FR_OWNED fr_schema *nullable = fr_schema_make(call, fields, schema->width);
    return nullable ? fr_frame_next(call, job->frame, nullable, columns, made->length) : NULL;
}

fr_frame *fr_run_complete(fr_call *call, const fr_frame *frame, const fr_complete_args *args)
{
    FR_CLEANUP(clear_job) complete_job job = { .frame = frame, .args = args };
    fr_arena_init(&job.arena, call->context);
    if (!read_job(call, &job)) return NULL;
    FR_OWNED fr_frame *made = put_together(call, &job);
    const int64_t n = frame->length, n_added = made ? made->length - n : 0;
    const char *note = made ? fr_arena_format(call, &job.arena, "%lld row%s added", (long long)n_added, n_added == 1 ? "" : "s")
                            : NULL;
    if (!note) return NULL;
    warn_of_between(call, &job);
    const fr_account_entry entry = { .step = "complete", .rows_in = n, .rows_kept = n, .note = n_added ? note : NULL };
    return fr_accounted(call, as_it_was(call, &job, made), &entry);
}
