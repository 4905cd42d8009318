/* fill_null.c — missing values replaced.
 *
 *     x = null 1 null null 2      value 0 → 0 1 0 0 2      forward → null 1 1 1 2      backward → 1 1 2 2 2
 *                                 forward, limit 1 → null 1 1 null 2                   mean → 1.5 1 1.5 1.5 2
 *
 * With `by`, values are carried and computed within groups only. Columns that are not named are filled when they can
 * take the replacement: a text fills text columns, a number number columns into which it fits exactly, mean and median
 * fill numbers. A column of numbers that a number does not fit is told, and so is a fill that found nothing to fill. The
 * filled cells are counted in the account.
 *
 * An integer column filled by mean or median becomes f64, whatever the data: a mean is seldom whole, and a rounded one
 * would be a silent change. A decimal column keeps its type; its mean is rounded half to even.
 */
#include "ops/verb_result.h"
#include "ops/aggregates.h"
#include "ops/fill_checks.h"
#include "ops/fill_value.h"
#include "ops/verbs.h"

#include "base/decimal.h"
#include "base/problem.h"
#include "base/threads.h"
#include "expr/fn.h"

typedef struct fill_job {
    const fr_frame          *frame;
    const fr_fill_null_args *args;
    fr_grouping             *groups;       /* NULL: one group */
    bool                     named;        /* columns were named: one that cannot be filled is an error */
} fill_job;

/* ---- by group ---------------------------------------------------------------------------------------------------- */
/* Nulls replaced by the value of their group; one value for all without groups. */
static fr_column *fill_from(fr_call *call, const fill_job *job, const fr_column *column, const fr_column *replacements)
{
    const int64_t n = column->length;
    const fr_column *both[] = { column, replacements };
    if (replacements->length == 1) return fr_column_fill(call, column, replacements);
    const bool wide = fr_rows_are_wide(n + replacements->length);
    FR_OWNED fr_column *all = fr_column_concat(call, both, 2);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = all ? fr_buffer_array(call, (size_t)n, fr_row_bytes(wide)) : NULL;
    if (!rows) return NULL;
    const uint32_t *id = fr_grouping_ids(job->groups);
    for (int64_t i = 0; i < n; i++) fr_row_put(rows->data, wide, (uint64_t)i, fr_is_valid(column, i) ? i : n + id[i]);
    const fr_rows chosen = fr_rows_view(rows->data, wide, n);
    return fr_column_take(call, all, &chosen);
}

static bool did_not_fit(fr_call *call)
{
    const fr_problem *problem = atomic_load(&call->problem);
    return problem && (problem->info.code == FR_ERR_TYPE || problem->info.code == FR_ERR_OVERFLOW);
}

/* One row of the column's type that holds the value exactly; NULL without an error when it does not fit and nobody
 * asked. */
static fr_column *value_as_column(fr_call *call, const fill_job *job, const fr_column *column)
{
    fr_column *one = fr_value_as_row(call, job->args->value, column->type);
    if (!one && !job->named && did_not_fit(call)) fr_call_forgive(call);
    return one;
}

/* ---- forward and backward ---------------------------------------------------------------------------------------- */
typedef struct carry { int64_t row, used; } carry;                    /* row + 1 of the last value; times it was used */

/* Without groups a row takes its value from the last valid one before it, which each block of rows knows for itself but
 * for those that begin it. */
enum { BLOCK_ROWS = 1 << 16 };

typedef struct carrying {
    const fr_column *column;
    int64_t          limit;
    bool             backward, wide;
    void            *rows;
    int64_t         *last;                 /* by block: its last valid row, then that before the block; -1: none */
} carrying;

/* Row k of the way: backward from the last one. */
static int64_t row_at(const carrying *c, int64_t k) { return c->backward ? c->column->length - 1 - k : k; }

static int64_t way_end(const carrying *c, int64_t begin)
{
    return c->column->length - begin < BLOCK_ROWS ? c->column->length : begin + BLOCK_ROWS;
}

static bool find_last(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const carrying *c = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS;
    int64_t k = way_end(c, begin);
    while (k > begin && !fr_is_valid(c->column, row_at(c, k - 1))) k--;
    c->last[block] = k > begin ? k - 1 : -1;
    return fr_go_on(call);
}

static bool carry_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const carrying *c = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = way_end(c, begin);
    int64_t last = c->last[block];
    for (int64_t k = begin; k < end; k++) {
        const int64_t i = row_at(c, k);
        if (fr_is_valid(c->column, i)) last = k;
        const bool there = last >= 0 && (c->limit < 0 || k - last <= c->limit);
        fr_row_put(c->rows, c->wide, (uint64_t)i, there ? row_at(c, last) : FR_ROW_MISSING64);
    }
    return fr_go_on(call);
}

static bool carry_all(fr_call *call, carrying *c)
{
    const size_t n_blocks = fr_block_count((size_t)c->column->length, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *last = fr_buffer_array(call, n_blocks, sizeof(int64_t));
    if (!last) return false;
    c->last = last->data;
    if (!fr_for_blocks(call, n_blocks, find_last, c)) return false;
    int64_t before = -1;
    for (size_t block = 0; block < n_blocks; block++) {
        const int64_t mine = c->last[block];
        c->last[block] = before;
        before = mine >= 0 ? mine : before;
    }
    return fr_for_blocks(call, n_blocks, carry_block, c);
}

static bool carry_groups(fr_call *call, const fill_job *job, const carrying *way)
{
    const fr_column *column = way->column;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *carries = fr_buffer_zeroed(call, job->groups->n_groups * sizeof(carry));
    if (!carries) return false;
    const uint32_t *id = fr_grouping_ids(job->groups);
    for (int64_t k = 0; k < column->length; k++) {
        const int64_t i = row_at(way, k);
        carry *c = (carry *)carries->data + id[i];
        int64_t from = FR_ROW_MISSING64;
        if (fr_is_valid(column, i)) *c = (carry){ .row = i + 1 }, from = i;
        else if (c->row && (way->limit < 0 || c->used < way->limit)) from = c->row - 1, c->used++;
        fr_row_put(way->rows, way->wide, (uint64_t)i, from);
    }
    return true;
}

static fr_column *carried(fr_call *call, const fill_job *job, const fr_column *column)
{
    const int64_t n = column->length;
    const bool wide = fr_rows_are_wide(n), backward = job->args->method == FR_FILL_BACKWARD;
    if (!job->groups && job->args->limit < 0 && fr_column_can_carry(column)) return fr_column_carry(call, column, backward);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, (size_t)n, fr_row_bytes(wide));
    if (!rows) return NULL;
    carrying way = { .column = column, .limit = job->args->limit, .backward = backward, .wide = wide, .rows = rows->data };
    if (!(job->groups ? carry_groups(call, job, &way) : carry_all(call, &way))) return NULL;
    fr_rows from = fr_rows_view(rows->data, wide, n);
    from.may_miss = true;
    return fr_column_take(call, column, &from);
}

/* ---- mean, median, mode ------------------------------------------------------------------------------------------ */
static fr_column *as_type(fr_call *call, fr_column *column, const fr_type *type, const char *name)
{
    if (fr_type_equal(column->type, type)) return fr_column_ref(column);
    fr_converted converted = { 0 };
    if (!fr_convert(call, column, type, false, name, &converted)) return NULL;
    return converted.column;
}

/* A decimal mean has more places than the column: rounded half to even. */
static fr_column *rounded(fr_call *call, const fr_column *means, const fr_type *type)
{
    const fr_i128 unit = fr_decimal_pow10(means->type->scale - type->scale);
    fr_builder *builder = fr_builder_new(call, type, means->length);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < means->length; i++) {
        fr_value value = fr_column_value(means, i);
        fr_i128 x = fr_decimal_join(value.as.decimal.high, value.as.decimal.low);
        x = fr_divide_half_even(x, unit);
        value.scale = type->scale;
        value.as.decimal.low = (uint64_t)x;
        value.as.decimal.high = (int64_t)(x >> 64);
        fine = value.valid ? fr_builder_add(call, builder, value) : fr_builder_add_null(call, builder);
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    if (builder) fr_builder_unref(builder);
    return column;
}

static fr_column *computed(fr_call *call, const fill_job *job, fr_column *column, const char *name)
{
    const fr_fill method = job->args->method;
    const fr_aggregate_call aggregate = { .name = fr_fill_method(job->args) };
    FR_OWNED fr_column *wide = fr_fill_widens(job->args, column->type)
                             ? as_type(call, column, fr_type_of(FR_F64), name) : fr_column_ref(column);
    if (!wide) return NULL;
    FR_OWNED fr_column *answers = fr_aggregator_ops()->aggregate(call, &aggregate, &column, 1, job->groups,
                                                                 column->length);
    if (!answers) return NULL;
    FR_OWNED fr_column *fitting = answers->type->kind == FR_DECIMAL && method != FR_FILL_MODE
                                ? rounded(call, answers, wide->type) : as_type(call, answers, wide->type, name);
    return fitting ? fill_from(call, job, wide, fitting) : NULL;
}

/* ---- the verb ---------------------------------------------------------------------------------------------------- */
static fr_column *filled(fr_call *call, const fill_job *job, fr_column *column, const char *name)
{
    switch (job->args->method) {
    case FR_FILL_FORWARD:
    case FR_FILL_BACKWARD: return carried(call, job, column);
    case FR_FILL_VALUE: {
        FR_OWNED fr_column *one = value_as_column(call, job, column);
        if (!one && fr_failed(call)) (void)fr_problem_column(call, name);
        return one ? fr_column_fill(call, column, one) : NULL;
    }
    default: return computed(call, job, column, name);
    }
}

static bool group_rows(fr_call *call, fill_job *job)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { .context = call->context };
    if (!fr_list_parse(call, job->args->by, job->frame->schema, FR_LIST_SELECTORS, false, &list)) return false;
    if (list.n == 0) return true;
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, job->frame->length);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < list.n; i++)
        if (!fr_keys_add(call, &keys, job->frame->columns[list.items[i].field], &any, list.items[i].name)) return false;
    job->groups = fr_grouping_of_keys(call, &keys);
    return job->groups != NULL;
}

static void warn_unfit(fr_call *call, const fill_job *job, const fr_column *column, const char *name)
{
    char room[FR_TYPE_TEXT_BYTES], text[FR_NUMBER_BYTES] = "the value";
    const fr_value *value = &job->args->value;
    if (value->kind == FR_F64) (void)fr_print_f64(value->as.f, text);
    if (value->kind == FR_I64) (void)fr_print_i64(value->as.i, text);
    fr_warn(call, "'%s' of type %s keeps its nulls: %s does not fit (cast it first)", name,
            fr_type_name(column->type, room), text);
}

static void warn_idle(fr_call *call, const fill_job *job)
{
    char room[FR_TYPE_TEXT_BYTES];
    const bool plain = job->args->method == FR_FILL_VALUE;
    fr_warn(call, "nothing was filled: no column with nulls can be filled by %s%s", plain ? "a value of type " : "",
            plain ? fr_type_name(fr_type_of((fr_kind)job->args->value.kind), room) : fr_fill_method(job->args));
}

/* Numbers may be scaled where a value is all that is filled in: a late frame's columns are read as they lie. */
static fr_column *column_of(fr_call *call, const fill_job *job, const fr_list_item *item)
{
    const size_t field = (size_t)item->field;
    const bool real = job->frame->schema->fields[field].type->kind == FR_F64;
    if (real && job->args->method == FR_FILL_VALUE) return fr_frame_column_as_it_lies(call, job->frame, field);
    return fr_column_ref(fr_frame_column(call, job->frame, field));
}

static int64_t null_count_of(const fr_frame *frame, int64_t field)
{
    return fr_frame_is_late(frame) ? frame->late[field]->null_count : frame->columns[field]->null_count;
}

static bool fill_columns(fr_call *call, const fill_job *job, const fr_list *list, fr_columns *out, int64_t *n_filled)
{
    bool passed_over = false, told = false;
    for (size_t i = 0; i < list->n; i++) {
        const fr_list_item *item = &list->items[i];
        const fr_type *type = job->frame->schema->fields[item->field].type;
        const int64_t null_count = null_count_of(job->frame, item->field);
        if (!fr_fill_suits(job->args, type)) {
            passed_over = passed_over || null_count > 0;
            if (!job->named) continue;
            return fr_fill_unsuited(call, job->args, item->name, type);
        }
        if (null_count == 0 && !(job->named && fr_fill_widens(job->args, type))) continue;
        FR_OWNED fr_column *column = column_of(call, job, item);
        if (!column) return false;
        fr_column *full = filled(call, job, column, item->name);
        if (!full && fr_failed(call)) return false;
        if (!full) {                                           /* nobody named it */
            warn_unfit(call, job, column, item->name);
            told = true;
            continue;
        }
        *n_filled += column->null_count - full->null_count;
        out->at[item->field] = full;
    }
    if (passed_over && *n_filled == 0 && !told) warn_idle(call, job);
    return true;
}

fr_frame *fr_run_fill_null(fr_call *call, const fr_frame *frame, const fr_fill_null_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { .context = call->context };
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = call->context };
    if (!fr_fill_check(call, args) || !fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS, true, &list))
        return NULL;
    fill_job job = { .frame = frame, .args = args, .named = fr_given(args->columns) };
    int64_t n_filled = 0;
    fr_frame *result = NULL;
    if (group_rows(call, &job) && fr_columns_init(call, &columns, fr_frame_width(frame))
        && fill_columns(call, &job, &list, &columns, &n_filled))
        result = fr_frame_replaced(call, frame, columns.at);
    fr_grouping_free(job.groups);
    const fr_account_entry entry = { .step = "fill_null", .rows_in = frame->length, .rows_kept = frame->length,
                                     .filled = n_filled };
    return fr_accounted(call, result, &entry);
}
