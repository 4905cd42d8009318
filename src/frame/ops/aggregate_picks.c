/* aggregate_picks.c — aggregates whose answer is one of the values: min, max, first, last, mode; and nunique.
 *
 * Each finds a row number a group and takes the column at those rows, so every type that can be ordered has a minimum
 * and every type at all has a first value. Extremes compare order-preserving codes (ops/keys.h), or texts
 * (ops/extreme_text.h); modes and distinct counts group once more, by (group, value).
 *
 *     b, a, null, b     min a   max b   first b   last b   mode b   nunique 2
 */
#include "ops/aggregates.h"

#include "base/memory.h"
#include "data/scaled_column.h"
#include "kernel/rank_values.h"
#include "ops/distinct_count.h"
#include "ops/extreme_text.h"
#include "ops/group_sizes.h"
#include "ops/order.h"
#include "ops/tally.h"
#include "ops/text_counts.h"

#include <string.h>

static fr_column *take_rows(fr_call *call, const fr_aggregate_job *job, const fr_buffer *rows)
{
    if (!rows) return NULL;
    return fr_column_take(call, job->args[0],
                          &(fr_rows){ .wide = rows->data, .n = (int64_t)job->n_groups, .may_miss = true });
}

static fr_buffer *new_rows(fr_call *call, const fr_aggregate_job *job)
{
    fr_buffer *rows = fr_buffer_array(call, job->n_groups, sizeof(int64_t));
    if (rows) memset(rows->data, 0xff, job->n_groups * sizeof(int64_t));        /* FR_ROW_MISSING64 */
    return rows;
}

/* What is equal and in order where the values are: scaled numbers are whole ones. Owned. */
static fr_column *comparable(fr_call *call, fr_column *column)
{
    return column->digits && !column->pieced ? fr_column_wholes(call, column) : fr_column_together(call, column);
}

/* ---- min, max ---------------------------------------------------------------------------------------------------- */
typedef struct best_self {
    const fr_keys  *keys;
    const uint64_t *valid;
} best_self;

static void add_best(const void *self_, void *states, int64_t first_row, const fr_window *rows,
                     const fr_group_span *span)
{
    (void)rows;
    const best_self *self = self_;
    uint64_t codes[FR_KEY_VECTOR];
    for (size_t i = 0; i < span->n; i += FR_KEY_VECTOR) {
        fr_group_span some = *span;
        some.n = span->n - i < FR_KEY_VECTOR ? span->n - i : FR_KEY_VECTOR;
        some.ids = span->ids ? span->ids + i : NULL;
        const int64_t row = first_row + (int64_t)i;
        fr_keys_codes(self->keys, 0, self->keys->n_parts, row, some.n, codes);
        fr_best_of(states, codes, self->valid ? self->valid + row / 64 : NULL, row, &some);
    }
}

/* Values too wide for one code: all rows in order of group and value; the first or the last valid one of each group. */
static fr_buffer *extremes_by_order(fr_call *call, const fr_column *column, const fr_aggregate_job *job, bool largest)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_rows_by_group_and_value(call, column, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *starts = order ? fr_group_starts(call, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = starts ? fr_count_values(call, column, job) : NULL;
    fr_buffer *rows = counts ? new_rows(call, job) : NULL;
    if (!rows) return NULL;
    const fr_rows ordered = fr_order_rows(order, job->n_rows);
    for (size_t g = 0; g < job->n_groups; g++) {
        const uint64_t n = ((const uint64_t *)counts->data)[g], at = ((const uint64_t *)starts->data)[g];
        if (n) ((int64_t *)rows->data)[g] = fr_row_at(&ordered, (int64_t)(largest ? at + n - 1 : at));
    }
    return rows;
}

fr_buffer *fr_extreme_rows(fr_call *call, const fr_column *column, const fr_aggregate_job *job, bool largest)
{
    if (column->phys == FR_PHYS_VIEW) return fr_extreme_text_rows(call, column, job, largest);
    const fr_key_want want = { .ordered = true, .descending = largest, .nan_first = true };    /* NaN spreads */
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, job->n_rows);
    if (!fr_keys_add(call, &keys, column, &want, NULL)) return NULL;
    uint64_t span;
    if (fr_keys_fit(&keys, 0, &span) < keys.n_parts) return extremes_by_order(call, column, job, largest);
    if (column->null_count == column->length) return new_rows(call, job);

    const best_self self = { .keys = &keys, .valid = column->valid };
    const fr_fold fold = { sizeof(fr_best), add_best, fr_merge_best, &self, NULL, 0, NULL, false };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    fr_buffer *rows = states ? new_rows(call, job) : NULL;
    if (!rows) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_best *best = (const fr_best *)states->data + g;
        if (best->row) ((int64_t *)rows->data)[g] = (int64_t)best->row - 1;
    }
    return rows;
}

typedef struct ranks_self {
    const char         *ranks;
    size_t              rank_width, width;
    fr_rank_values_of   of;
    fr_rank_values     *put;
} ranks_self;

static bool is_none(const char *rank, size_t width)
{
    uint32_t wide = 0;
    memcpy(&wide, rank, width);
    return !wide;
}

static bool put_ranks(fr_call *call, const void *self_, fr_results *out, size_t begin, size_t end)
{
    const ranks_self *self = self_;
    (void)call;
    const char *ranks = self->ranks + begin * self->rank_width;
    if (!self->put((char *)out->values->data + begin * self->width, ranks, end - begin, &self->of)) return true;
    for (size_t g = begin; g < end; g++)
        if (is_none(self->ranks + g * self->rank_width, self->rank_width)) fr_results_null(out, g);
    return true;
}

/* As they lie in the column, all being values of it. */
static fr_column *extremes_of_ranks(fr_call *call, const fr_aggregate_job *job, const fr_buffer *ranks, size_t rank_width,
                                    bool largest)
{
    const fr_column *column = job->args[0];
    ranks_self self = { .ranks = ranks->data, .rank_width = rank_width, .width = fr_phys_width(column->phys) };
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    self.of.least = !largest;
    self.put = FR_ISA_PICK(fr_rank_kernels)->values[fr_width_log(rank_width)][fr_width_log(self.width)];
    if (!fr_tally_value(call, column, largest, 1, &self.of.worst)) return NULL;
    if (!fr_results_make(call, &out, job->n_groups, self.width, put_ranks, &self)) return NULL;
    if (!column->digits) return fr_results_finish_as(call, &out, column->type, column->phys);
    return fr_column_new(call, &(fr_column_parts){ .type = column->type, .phys = column->phys, .digits = column->digits,
                                                   .length = out.n, .null_count = out.n_null, .values = out.values,
                                                   .valid = out.n_null ? out.valid : NULL });
}

/* The end of a column's range, unless it is a zero (which of the two? scaled numbers have but one) or NaN wins: *found. */
static bool find_end(fr_call *call, const fr_column *column, bool largest, fr_value *end, bool *found)
{
    fr_facts facts;
    const fr_kind kind = column->type->kind;
    *found = false;
    if (!fr_kind_is_integer(kind) && !fr_kind_is_float(kind)) return true;
    if (!fr_column_facts(call, column, &facts)) return false;
    if (!(facts.known & FR_FACT_RANGE) || facts.known & (FR_FACT_HAS_NAN | FR_FACT_NO_VALUES)) return true;
    if (column->digits) facts = fr_facts_unscaled(facts, column->digits);
    if (largest) facts.min = facts.max;
    *found = !fr_kind_is_float(kind) || facts.min.f != 0 || column->digits;
    *end = fr_kind_is_float(kind) ? fr_v_f64(facts.min.f) : fr_kind_is_signed(kind) ? fr_v_i64(facts.min.i)
         : fr_v_u64(facts.min.u);
    return true;
}

/* Zeros and NaN, and what has no range: by the row. */
static fr_column *extreme_of_rows(fr_call *call, const fr_aggregate_job *job, bool largest)
{
    FR_OWNED fr_column *whole = comparable(call, job->args[0]);
    fr_aggregate_job of_whole = *job;
    if (!whole) return NULL;
    of_whole.args = &whole;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_extreme_rows(call, whole, &of_whole, largest);
    return take_rows(call, whole->type == job->args[0]->type ? &of_whole : job, rows);
}

static fr_column *extreme(fr_call *call, const fr_aggregate_job *job, bool largest)
{
    fr_value end;
    bool found = false;
    if (fr_rows_are_alone(job)) return fr_column_ref(job->args[0]);
    if (!job->grouping && !find_end(call, job->args[0], largest, &end, &found)) return NULL;
    if (found) return fr_column_repeat(call, job->type, end, 1);
    size_t width;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ranks = fr_tally_find_ranks(job->grouping, job->args[0], largest, &width);
    return ranks ? extremes_of_ranks(call, job, ranks, width, largest) : extreme_of_rows(call, job, largest);
}

fr_column *fr_run_min(fr_call *call, const fr_aggregate_job *job)
{
    return extreme(call, job, false);
}

fr_column *fr_run_max(fr_call *call, const fr_aggregate_job *job)
{
    return extreme(call, job, true);
}

/* ---- first, last ------------------------------------------------------------------------------------------------- */
static void add_ends(const void *self, void *states, int64_t first_row, const fr_window *rows,
                     const fr_group_span *span)
{
    (void)self;
    fr_ends_of(states, rows->valid, first_row, span);
}

static fr_column *end(fr_call *call, const fr_aggregate_job *job, bool last)
{
    if (job->args[0]->type->kind == FR_NULL) return fr_column_null(call, job->type, (int64_t)job->n_groups);
    if (fr_rows_are_alone(job)) return fr_column_ref(job->args[0]);
    const fr_fold fold = { sizeof(fr_ends), add_ends, fr_merge_ends, NULL, job->args[0], 0, NULL, false };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states =
        fr_tally_find(job->grouping, &(fr_tally_want){ FR_TALLY_ENDS, job->args[0], NULL });
    if (!states) states = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = states ? new_rows(call, job) : NULL;
    if (!rows) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_ends *ends = (const fr_ends *)states->data + g;
        if (ends->first) ((int64_t *)rows->data)[g] = (int64_t)(last ? ends->last : ends->first) - 1;
    }
    return take_rows(call, job, rows);
}

fr_column *fr_run_first(fr_call *call, const fr_aggregate_job *job)
{
    return end(call, job, false);
}

fr_column *fr_run_last(fr_call *call, const fr_aggregate_job *job)
{
    return end(call, job, true);
}

/* ---- nunique, mode: grouped once more, by (group, value) --------------------------------------------------------- */
/* The values as keys; rows without one are dead. */
static bool value_keys(fr_call *call, const fr_column *column, fr_keys *keys)
{
    const fr_key_want any = { 0 };
    return fr_keys_add(call, keys, column, &any, NULL) && fr_keys_kill_nulls(call, keys, column);
}

static fr_grouping *group_values(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, job->n_rows);
    if (!value_keys(call, column, &keys)) return NULL;
    if (job->grouping) {
        if (!fr_grouping_need_ids(call, job->grouping)) return NULL;
        const fr_column_parts parts = { .type = fr_type_of(FR_U32), .phys = FR_PHYS_U32, .length = job->n_rows,
                                        .values = job->grouping->ids };
        FR_OWNED fr_column *ids = fr_column_new(call, &parts);
        if (!ids || !fr_keys_insert_ids(call, &keys, 0, ids, job->n_groups ? job->n_groups : 1)) return NULL;
    }
    return fr_grouping_of_keys(call, &keys);
}

static size_t group_of_row(const fr_aggregate_job *job, int64_t row)
{
    return job->grouping ? fr_grouping_ids(job->grouping)[row] : 0;
}

/* Of all rows together: counted without numbering them, where the codes allow it. */
static bool count_of_all(fr_call *call, const fr_aggregate_job *job, uint64_t *n)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, job->n_rows);
    if (fr_has_many_texts(job->args[0])) {
        fr_text_counts counts;
        bool sure;
        if (!fr_count_texts(call, job->args[0], &counts, &sure)) return false;
        *n = (uint64_t)counts.n_different;
        if (sure) return true;
    }
    if (!value_keys(call, job->args[0], &keys)) return false;
    if (fr_can_count_codes(&keys)) return fr_count_codes(call, &keys, n);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *values = fr_grouping_of_keys(call, &keys);
    if (!values) return false;
    *n = values->n_groups;
    return true;
}

static fr_column *nunique_of_all(fr_call *call, const fr_aggregate_job *job)
{
    uint64_t n = 0;
    return count_of_all(call, job, &n) ? fr_column_repeat(call, job->type, fr_v_i64((int64_t)n), 1) : NULL;
}

fr_column *fr_run_nunique(fr_call *call, const fr_aggregate_job *job)
{
    if (!job->grouping) return nunique_of_all(call, job);
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    FR_OWNED fr_column *column = comparable(call, job->args[0]);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *values = column ? group_values(call, column, job) : NULL;
    if (!values || !fr_results_init(call, &out, job->n_groups, sizeof(int64_t))) return NULL;
    for (size_t i = 0; i < values->n_groups; i++)
        ((int64_t *)out.values->data)[group_of_row(job, fr_grouping_first(values, i))]++;
    return fr_results_finish(call, &out, job->type);
}

/* How often a group's most frequent value comes: uint64_t a group. */
static fr_buffer *most_of_groups(fr_call *call, const fr_aggregate_job *job, const fr_rows *firsts, const uint64_t *sizes)
{
    fr_buffer *most = fr_buffer_zeroed(call, job->n_groups * sizeof(uint64_t));
    for (int64_t i = 0; most && i < firsts->n; i++) {
        uint64_t *n = (uint64_t *)most->data + group_of_row(job, fr_row_at(firsts, i));
        if (sizes[i] > *n) *n = sizes[i];
    }
    return most;
}

/* The first rows of values that come so often, of each group in the order they are met. */
static fr_buffer *rows_of_most(fr_call *call, const fr_aggregate_job *job, const fr_rows *firsts, const uint64_t *sizes,
                               int64_t *n)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *most = most_of_groups(call, job, firsts, sizes);
    fr_buffer *rows = most ? fr_buffer_array(call, (size_t)firsts->n, sizeof(int64_t)) : NULL;
    *n = 0;
    for (int64_t i = 0; rows && i < firsts->n; i++) {
        const int64_t row = fr_row_at(firsts, i);
        if (sizes[i] == ((const uint64_t *)most->data)[group_of_row(job, row)]) ((int64_t *)rows->data)[(*n)++] = row;
    }
    return rows;
}

/* Those in ascending order of their values: of a group's, the smallest is met first. */
fr_buffer *fr_mode_rows(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *values = group_values(call, column, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sizes = values ? fr_grouping_sizes(call, values) : NULL;
    if (!sizes || !fr_grouping_need_firsts(call, values)) return NULL;
    const fr_rows firsts = fr_grouping_firsts(values);
    int64_t n;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *most = rows_of_most(call, job, &firsts, sizes->data, &n);
    if (!most) return NULL;
    const fr_rows often = { .wide = most->data, .n = n };
    FR_OWNED fr_column *distinct = fr_column_take(call, column, &often);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order =
        distinct ? fr_order_of(call, &distinct, &(fr_key_want){ .ordered = true }, NULL, 1, n) : NULL;
    fr_buffer *rows = order ? new_rows(call, job) : NULL;
    if (!rows) return NULL;
    const fr_rows ordered = fr_order_rows(order, n);
    for (int64_t i = 0; i < n; i++) {
        const int64_t row = fr_row_at(&often, fr_row_at(&ordered, i));
        int64_t *mode = (int64_t *)rows->data + group_of_row(job, row);
        if (*mode == FR_ROW_MISSING64) *mode = row;
    }
    return rows;
}

fr_column *fr_run_mode(fr_call *call, const fr_aggregate_job *job)
{
    FR_OWNED fr_column *column = comparable(call, job->args[0]);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = column ? fr_mode_rows(call, column, job) : NULL;
    return take_rows(call, job, rows);
}
