/* pivot.c — values of columns become columns.
 *
 *     fr_pivot("region", "month", "sales")                   fr_pivot("region", "month", "sales", "sum", .fill = fr_v(0))
 *
 *     region  month  sales        region  Feb  Jan           one row for each index, in order of first appearance;
 *     North   Jan    3            North   _    3             one column for each key, keys in order, null last
 *     South   Jan    4            South   5    4
 *     South   Feb    5
 *
 * Without aggregates a cell that two rows belong to is an error, which names both. With them the rows are grouped by
 * index and columns, as group does, and each group is a cell: what an aggregate says of its rows stands there, `fill`
 * only where there are none. A null is a key like others, its column is called null; `drop_nulls` and `only` leave rows
 * out and count them in the account.
 *
 * What columns the result has, the rows decide, unless `only` lists them.
 */
#include "ops/fill_value.h"
#include "ops/pivot_cells.h"
#include "ops/pivot_form.h"
#include "ops/pivot_totals.h"
#include "ops/result_size.h"
#include "ops/verbs.h"

#include "data/cell_text.h"
#include "kernel/bits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct pivot_job {
    const fr_frame      *frame;            /* rows that are left                                                     */
    const fr_pivot_args *args;
    fr_pivot_form       *form;
    fr_frame            *groups;           /* keys, then aggregates, a row a group; NULL without aggregates; owned   */
    fr_column          **parts;            /* index, columns, values, lent                                           */
    int64_t              n_rows;           /* of the parts                                                           */
    fr_pivot_axis        index, columns;
    size_t               n_keys;           /* columns made of one value                                              */
    fr_pivot_key        *keys;
    const uint32_t      *slots;            /* key of each place of `columns`, NULL: its number                       */
    fr_pivot_sides       sides;
    fr_pivot_cells       cells;
    fr_pivot_totals      totals;           /* no parts: none are wanted                                              */
} pivot_job;

static void clear_job(pivot_job *job)
{
    fr_pivot_totals_clear(&job->totals);
    fr_pivot_cells_clear(&job->cells);
    fr_pivot_axis_clear(&job->columns);
    fr_pivot_axis_clear(&job->index);
    fr_frame_unref(job->groups);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */
/* It is the same key as zero, and either may come first. */
static bool is_negative_zero(const fr_column *column, int64_t row)
{
    if (column->type->kind != FR_F32 && column->type->kind != FR_F64) return false;
    const double value = fr_column_value(column, row).as.f;
    return value == 0 && signbit(value);
}

static bool write_cell(fr_call *call, const fr_column *column, int64_t row, fr_text *out)
{
    fr_cell_style style = { 0 };
    if (!fr_is_valid(column, row) || column->type->kind == FR_NULL) return fr_text_add(call, out, "null");
    if (is_negative_zero(column, row)) return fr_text_add(call, out, "0.0");
    return fr_cell_zone_of(call, column, &style) && fr_cell_append(call, out, column, row, &style);
}

/* "2024_Jan": the texts of a key's columns. */
static bool read_key(fr_call *call, fr_pivot_form *form, const fr_columns *columns, int64_t row, fr_pivot_key *key)
{
    const char **parts = fr_arena_array(call, &form->arena, columns->n, sizeof *parts);
    FR_CLEANUP(fr_text_clear) fr_text whole = FR_TEXT_INIT(call);
    for (size_t i = 0; parts && i < columns->n; i++) {
        FR_CLEANUP(fr_text_clear) fr_text part = FR_TEXT_INIT(call);
        if (!write_cell(call, columns->at[i], row, &part) || (i && !fr_text_add(call, &whole, "_"))
            || !fr_text_append(call, &whole, part.bytes ? part.bytes : "", part.length)
            || !(parts[i] = fr_arena_text(call, &form->arena, part.bytes ? part.bytes : "", part.length))) return false;
    }
    if (!parts || !(key->whole = fr_arena_text(call, &form->arena, whole.bytes ? whole.bytes : "", whole.length)))
        return false;
    key->parts = parts;
    return true;
}

static bool too_many_columns(fr_call *call, const pivot_job *job, size_t n, const char *hint)
{
    return fr_fail_at(call, fr_place_at(.column = job->form->columns.items[0].name, .hint = hint), FR_ERR_LIMIT,
                      "the result would have %zu columns of %zu rows, more than max_columns, %lld", n, job->index.n,
                      (long long)job->args->max_columns);
}

static bool read_keys(fr_call *call, pivot_job *job)
{
    const size_t n = job->columns.n;
    job->keys = fr_arena_array(call, &job->form->arena, n + 1, sizeof *job->keys);
    if (!job->keys) return false;
    for (size_t i = 0; i < n; i++)
        if (!read_key(call, job->form, &job->columns.keys, (int64_t)i, &job->keys[i])) return false;
    job->n_keys = n;
    return true;
}

/* ---- only -------------------------------------------------------------------------------------------------------- */
/* The number of each place's key among those listed, UINT32_MAX: not listed. */
static uint32_t *find_listed(fr_call *call, const pivot_job *job)
{
    fr_pivot_form *form = job->form;
    uint32_t *slots = fr_arena_array(call, &form->arena, job->columns.n, sizeof *slots);
    bool *seen = slots ? fr_arena_array(call, &form->arena, form->n_only, sizeof *seen) : NULL;
    if (!seen) return NULL;
    for (size_t i = 0; i < job->columns.n; i++) {
        uint32_t k = 0;
        while (k < form->n_only && strcmp(form->only[k], job->keys[i].whole)) k++;
        slots[i] = k < form->n_only ? k : UINT32_MAX;
        if (k == form->n_only) continue;
        if (seen[k]) return fr_fail(call, FR_ERR_VALUE, "two keys are written '%s'", form->only[k]), NULL;
        seen[k] = true;
    }
    return slots;
}

/* The listed keys in place of those that there are. */
static bool use_listed(fr_call *call, pivot_job *job)
{
    fr_pivot_form *form = job->form;
    job->slots = find_listed(call, job);
    job->keys = job->slots ? fr_arena_array(call, &form->arena, form->n_only + 1, sizeof *job->keys) : NULL;
    if (!job->keys) return false;
    for (size_t i = 0; i < form->n_only; i++) job->keys[i].whole = form->only[i];
    job->n_keys = form->n_only;
    return true;
}

static void warn_of_unseen(fr_call *call, const pivot_job *job, const uint32_t *slots)
{
    for (size_t k = 0; k < job->form->n_only; k++) {
        size_t i = 0;
        while (i < job->columns.n && slots[i] != k) i++;
        if (i == job->columns.n) fr_warn(call, "pivot: no row has the key '%s'", job->form->only[k]);
    }
}

/* Clear the bits of rows whose key is not listed. */
static bool keep_listed(fr_call *call, const fr_frame *frame, fr_pivot_form *form, uint64_t *bits)
{
    FR_CLEANUP(clear_job) pivot_job job = { .form = form };
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **columns = fr_arena_array(call, &arena, form->columns.n, sizeof *columns);
    if (!columns) return false;
    for (size_t i = 0; i < form->columns.n; i++) columns[i] = frame->columns[form->columns.items[i].field];
    if (!fr_pivot_axis_make(call, columns, form->columns.n, frame->length, false, &job.columns) || !read_keys(call, &job))
        return false;
    const uint32_t *slots = find_listed(call, &job);
    if (!slots) return false;
    warn_of_unseen(call, &job, slots);
    for (int64_t row = 0; row < frame->length; row++)
        if (slots[fr_pivot_place(&job.columns, row)] == UINT32_MAX) bits[row >> 6] &= ~((uint64_t)1 << (row & 63));
    return true;
}

/* ---- rows of cells ----------------------------------------------------------------------------------------------- */
static bool find_parts(fr_call *call, pivot_job *job)
{
    const fr_pivot_form *form = job->form;
    const size_t n_keys = form->keys.n, n = n_keys + form->n_values;
    job->parts = fr_arena_array(call, &job->form->arena, n, sizeof *job->parts);
    if (!job->parts) return false;
    if (form->agg.n && !(job->groups = fr_group_numbered(call, job->frame, &form->keys, &form->agg))) return false;
    job->n_rows = job->groups ? job->groups->length : job->frame->length;
    for (size_t i = 0; i < n; i++)
        job->parts[i] = job->groups ? job->groups->columns[i]
                      : job->frame->columns[i < n_keys ? form->keys.items[i].field : form->values.items[i - n_keys].field];
    return true;
}

static bool find_axes(fr_call *call, pivot_job *job)
{
    const fr_pivot_form *form = job->form;
    return fr_pivot_axis_make(call, job->parts, form->index.n, job->n_rows, job->args->sort, &job->index)
        && fr_pivot_axis_make(call, job->parts + form->index.n, form->columns.n, job->n_rows, true, &job->columns);
}

/* Of a cell, at least: its row's number, and values as they lie; texts may become codes. */
static size_t cell_bytes(const pivot_job *job)
{
    size_t bytes = fr_row_bytes(fr_rows_are_wide(job->n_rows + 1));
    for (size_t i = 0; i < job->form->n_values; i++) {
        const fr_phys phys = job->parts[job->form->keys.n + i]->phys;
        bytes += phys == FR_PHYS_VIEW ? 1 : fr_phys_width(phys);
    }
    return bytes;
}

/* Before names are made and memory for cells is asked for. */
static bool check_size(fr_call *call, const pivot_job *job)
{
    const size_t n_keys = (job->form->only ? job->form->n_only : job->columns.n) + job->form->margins;
    const double n = (double)n_keys * (double)job->form->n_values, rows = (double)job->index.n;
    if (n > (double)job->args->max_columns)
        return too_many_columns(call, job, n_keys * job->form->n_values, "is it a column of many different values? raise "
                                "max_columns if so many are wanted, or list some in only");
    const double bytes = (double)n_keys * rows * (double)cell_bytes(job);
    char what[160];
    (void)snprintf(what, sizeof what, "%s columns of %s rows and at least %s bytes", fr_in_threes((uint64_t)n).text,
                   fr_in_threes(job->index.n).text, fr_in_threes(bytes < 0x1p63 ? (uint64_t)bytes : UINT64_MAX).text);
    return fr_check_result_bytes(call, bytes, what, "pivot fewer keys or rows");
}

/* The row's number before rows were left out; bits: which were kept. */
static int64_t row_before(const uint64_t *bits, int64_t row)
{
    int64_t at = 0;
    for (;; at++)
        if (fr_bit(bits, at) && row-- == 0) return at;
}

static bool repeated_cell(fr_call *call, const pivot_job *job, const fr_pivot_sides *sides, const fr_frame *before,
                          const uint64_t *bits)
{
    int64_t rows[2], fields[64];
    const fr_list *keys = &job->form->keys;
    const size_t n = keys->n < FR_COUNT_OF(fields) ? keys->n : FR_COUNT_OF(fields);
    FR_CLEANUP(fr_text_clear) fr_text cell = FR_TEXT_INIT(call);
    for (size_t i = 0; i < n; i++) fields[i] = keys->items[i].field;
    if (!fr_pivot_find_repeated(call, sides, rows) || !fr_describe_row(call, job->frame, fields, n, rows[1], &cell)
        || !fr_text_add(call, &cell, ": ")) return false;
    for (size_t i = 0; bits && i < 2; i++) rows[i] = row_before(bits, rows[i]);
    if (!fr_describe_places(call, before, rows, &cell)) return false;
    return fr_fail_at(call, fr_place_at(.row = rows[1], .line = fr_line_of(before->lines, rows[1]),
                                        .column = job->form->columns.items[0].name,
                                        .hint = "add to index what tells them apart, or say in agg what becomes of them, "
                                                "such as sum"), FR_ERR_VALUE, "a cell has several rows, %s", cell.bytes);
}

/* ---- the columns made -------------------------------------------------------------------------------------------- */
/* The values, with that of `fill` in a row behind the last. */
static fr_column *with_fill(fr_call *call, const pivot_job *job, size_t value)
{
    const bool totals = job->totals.parts[FR_PIVOT_CELLS] != NULL;
    FR_OWNED fr_column *column = totals ? fr_pivot_totals_column(call, &job->totals, job->form, value, &job->sides)
                                        : fr_column_ref(job->parts[job->form->keys.n + value]);
    const char *name = job->form->value_names[value];
    if (!column || !job->args->fill.valid) return fr_steal(column);
    if (!fr_value_suits(&job->args->fill, column->type))
        return fr_value_unsuited(call, &job->args->fill, column->type, name), NULL;
    FR_OWNED fr_column *one = fr_value_as_row(call, job->args->fill, column->type);
    const fr_column *both[] = { column, one };
    return one ? fr_column_concat(call, both, 2) : NULL;
}

static bool take_cells(fr_call *call, const pivot_job *job, fr_column **out)
{
    const size_t n_values = job->form->n_values;
    FR_CLEANUP(fr_columns_clear) fr_columns values = { 0 }, taken = { 0 };
    if (!fr_columns_init(call, &values, n_values) || !fr_columns_init(call, &taken, n_values)) return false;
    for (size_t i = 0; i < n_values; i++)
        if (!(values.at[i] = with_fill(call, job, i))) return false;
    for (size_t key = 0; key < job->n_keys; key++) {
        const fr_rows rows = fr_pivot_cells_of(&job->cells, key);
        if (!fr_columns_take(call, (const fr_column *const *)values.at, n_values, &rows, NULL, taken.at)) return false;
        for (size_t i = 0; i < n_values; i++) {
            out[i * job->n_keys + key] = taken.at[i];
            taken.at[i] = NULL;
        }
    }
    return true;
}

static fr_frame *assemble(fr_call *call, pivot_job *job)
{
    const size_t n_index = job->form->index.n, n = n_index + job->n_keys * job->form->n_values;
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    const char **names = fr_arena_array(call, &job->form->arena, n, sizeof *names);
    if (!names || !fr_columns_init(call, &columns, n)) return NULL;
    if (!fr_pivot_names(call, job->form, job->keys, job->n_keys, names)) return NULL;
    for (size_t i = 0; i < n_index; i++) {
        columns.at[i] = fr_pivot_has_last_row(job->form) ? fr_pivot_totals_key(call, job->form, &job->index, i)
                                                         : fr_column_ref(job->index.keys.at[i]);
        if (!columns.at[i]) return NULL;
    }
    if (!take_cells(call, job, columns.at + n_index)) return NULL;
    return fr_frame_of(call, job->frame, names, columns.at, n, (int64_t)job->sides.height);
}

/* The aggregates of whole rows and columns, and a key more for the column of totals. */
static bool find_totals(fr_call *call, pivot_job *job)
{
    const fr_pivot_form *form = job->form;
    if (!form->margins && !form->share) return true;
    if (form->margins) job->keys[job->n_keys++] = (fr_pivot_key){ .whole = form->margins_name };
    return fr_pivot_totals_make(call, job->frame, form, job->groups, &job->totals);
}

/* Of the rows of `before` whose bits are set; bits NULL: all. */
static fr_frame *pivoted(fr_call *call, pivot_job *job, const fr_frame *before, const uint64_t *bits)
{
    bool repeated;
    if (!find_parts(call, job) || !find_axes(call, job) || !check_size(call, job) || !read_keys(call, job)) return NULL;
    if (job->form->only && !use_listed(call, job)) return NULL;
    if (!find_totals(call, job)) return NULL;
    job->sides = (fr_pivot_sides){ .index = &job->index, .columns = &job->columns, .slots = job->slots,
                                   .n_columns = job->n_keys, .height = job->index.n + fr_pivot_has_last_row(job->form),
                                   .n_rows = job->n_rows, .may_repeat = !job->groups, .next_row = job->args->fill.valid };
    const int64_t n_totals = job->totals.first[FR_PIVOT_PARTS];
    job->sides.n_values = n_totals ? n_totals : job->n_rows;
    if (!fr_pivot_cells_fill(call, &job->sides, &job->cells, &repeated)) return NULL;
    if (repeated) return (void)repeated_cell(call, job, &job->sides, before, bits), NULL;
    if (job->form->margins) fr_pivot_totals_put(&job->totals, &job->sides, &job->cells);
    return assemble(call, job);
}

static fr_frame *pivot_some(fr_call *call, pivot_job *job, const fr_frame *frame)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = NULL;
    if (job->args->drop_nulls) bits = fr_rows_without_null(call, frame, &job->form->keys);
    else {
        bits = fr_buffer_array(call, ((size_t)frame->length + 63) / 64, sizeof(uint64_t));
        for (int64_t row = 0; bits && row < frame->length; row += 64)
            ((uint64_t *)bits->data)[row >> 6] = fr_valid_word(NULL, row, frame->length);
    }
    if (!bits || (job->form->only && !keep_listed(call, frame, job->form, bits->data))) return NULL;
    const int64_t n_kept = fr_bits_count(bits->data, frame->length);
    FR_OWNED fr_frame *kept = fr_frame_kept(call, frame, bits, n_kept);
    if (!kept) return NULL;
    job->frame = kept;
    const fr_account_entry entry = { .step = "pivot", .rows_in = frame->length, .rows_kept = n_kept,
                                     .filtered = frame->length - n_kept };
    return fr_accounted(call, pivoted(call, job, frame, bits->data), &entry);
}

fr_frame *fr_run_pivot(fr_call *call, const fr_frame *frame, const fr_pivot_args *args)
{
    FR_CLEANUP(fr_pivot_form_clear) fr_pivot_form form = { 0 };
    FR_CLEANUP(clear_job) pivot_job job = { .frame = frame, .args = args, .form = &form };
    if (!fr_pivot_form_read(call, frame->schema, args, &form)) return NULL;
    return args->drop_nulls || form.only ? pivot_some(call, &job, frame) : pivoted(call, &job, frame, NULL);
}
