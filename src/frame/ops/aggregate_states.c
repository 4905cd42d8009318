/* aggregate_states.c — counts, exact sums and doubles that several aggregates stand on, and columns of results. */
#include "ops/aggregates.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/threads.h"
#include "kernel/scaled.h"
#include "ops/order.h"
#include "ops/tally.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum { DOUBLES_A_BLOCK = 1 << 17,          /* rows converted together */
       GROUPS_A_BLOCK = 1 << 15 };         /* results made together; a multiple of 64 */

/* ---- results ----------------------------------------------------------------------------------------------------- */
static bool init(fr_call *call, fr_results *results, size_t n, size_t width, bool zeroed)
{
    size_t bytes;
    *results = (fr_results){ .n = (int64_t)n };
    if (!fr_size_mul(n, width, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    results->values = zeroed ? fr_buffer_zeroed(call, bytes) : fr_buffer_new(call, bytes);
    results->valid = fr_buffer_array(call, (n + 63) / 64, sizeof(uint64_t));
    if (!results->values || !results->valid) return false;
    memset(results->valid->data, 0xff, (n + 63) / 64 * sizeof(uint64_t));
    return true;
}

bool fr_results_init(fr_call *call, fr_results *results, size_t n, size_t width)
{
    return init(call, results, n, width, true);
}

typedef struct fill_job {
    fr_results      *results;
    fr_results_fill *fill;
    const void      *self;
    _Atomic(int64_t) n_null;
} fill_job;

static bool fill_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    fill_job *job = state;
    fr_results some = *job->results;
    const size_t n = (size_t)some.n, begin = block * GROUPS_A_BLOCK;
    const size_t end = n - begin < GROUPS_A_BLOCK ? n : begin + GROUPS_A_BLOCK;
    some.n_null = 0;
    if (!fr_go_on(call) || !job->fill(call, job->self, &some, begin, end)) return false;
    atomic_fetch_add_explicit(&job->n_null, some.n_null, memory_order_relaxed);
    return true;
}

bool fr_results_make(fr_call *call, fr_results *results, size_t n, size_t width, fr_results_fill *fill,
                     const void *self)
{
    fill_job job = { .results = results, .fill = fill, .self = self };
    if (!init(call, results, n, width, false)) return false;
    if (!fr_for_blocks(call, fr_block_count(n, GROUPS_A_BLOCK), fill_block, &job)) return false;
    results->n_null = atomic_load_explicit(&job.n_null, memory_order_relaxed);
    return true;
}

void fr_results_null(fr_results *results, size_t at)
{
    uint64_t *valid = results->valid->data;
    valid[at >> 6] &= ~((uint64_t)1 << (at & 63));
    results->n_null++;
}

fr_column *fr_results_finish(fr_call *call, fr_results *results, const fr_type *type)
{
    return fr_results_finish_as(call, results, type, fr_type_phys(type));
}

fr_column *fr_results_finish_as(fr_call *call, fr_results *results, const fr_type *type, fr_phys phys)
{
    const fr_column_parts parts = { .type = type, .phys = phys, .length = results->n,
                                    .null_count = results->n_null, .values = results->values,
                                    .valid = results->n_null ? results->valid : NULL };
    return fr_column_new(call, &parts);
}

void fr_results_clear(fr_results *results)
{
    fr_buffer_unref(results->values);
    fr_buffer_unref(results->valid);
    *results = (fr_results){ 0 };
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
fr_i128 fr_divide_half_even(fr_i128 a, fr_i128 b)
{
    fr_i128 quotient = a / b, rest = a % b;
    if (rest < 0) {                                          /* floor division, so that rest is 0 … b - 1 */
        quotient--;
        rest += b;
    }
    const fr_i128 left = b - rest;
    if (rest > left || (rest == left && (quotient & 1))) quotient++;
    return quotient;
}

const fr_fold_kernels *fr_fold_kernels_of(fr_phys phys)
{
#define CASE(TAG, suffix, type) case FR_PHYS_##TAG: return &fr_fold_##suffix;
    switch (phys) {
    FR_NUMBER_LAYOUTS(CASE)
    default: return NULL;
    }
#undef CASE
}

/* ---- folds over one column --------------------------------------------------------------------------------------- */
static void add_counts(const void *self, void *states, int64_t first_row, const fr_window *rows,
                       const fr_group_span *span)
{
    (void)self, (void)first_row;
    fr_count_valid(states, rows->valid, span);
}

static void add_ints(const void *self, void *states, int64_t first_row, const fr_window *rows,
                     const fr_group_span *span)
{
    (void)first_row;
    const fr_phys phys = ((const fr_column *)self)->phys;
    if (phys == FR_PHYS_BOOL) fr_sum_bits(states, rows->values, span);
    else fr_fold_kernels_of(phys)->sum_int(states, rows->values, span);
}

static void add_wide(const void *self, void *states, int64_t first_row, const fr_window *rows,
                     const fr_group_span *span)
{
    (void)self, (void)first_row;
    fr_sum_i128(states, rows->values, span);
}

static void add_floats(const void *self, void *states, int64_t first_row, const fr_window *rows,
                       const fr_group_span *span)
{
    (void)first_row;
    const fr_column *column = self;
    if (column->digits && !span->ids) fr_sum_scaled(states, rows->values, column->digits, span);
    else fr_fold_kernels_of(fr_fold_phys(column))->sum_float(states, rows->values, span);
}

/* Of rows that are groups of their own: 1 or 0. */
typedef struct alone_job { const uint64_t *valid; uint64_t *out; size_t n; } alone_job;

static bool counts_of_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const alone_job *job = state;
    const size_t begin = block * DOUBLES_A_BLOCK;
    const size_t end = job->n - begin < DOUBLES_A_BLOCK ? job->n : begin + DOUBLES_A_BLOCK;
    for (size_t i = begin; i < end; i++) job->out[i] = !job->valid || fr_bit(job->valid, (int64_t)i);
    return true;
}

static fr_buffer *counts_alone(fr_call *call, const fr_column *column, size_t n)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_array(call, n, sizeof(uint64_t));
    if (!counts) return NULL;
    alone_job job = { column ? column->valid : NULL, counts->data, n };
    if (!fr_for_blocks(call, fr_block_count(n, DOUBLES_A_BLOCK), counts_of_block, &job)) return NULL;
    return fr_steal(counts);
}

fr_buffer *fr_count_values(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    if (fr_rows_are_alone(job)) return counts_alone(call, column, job->n_groups);
    fr_buffer *found = fr_tally_find(job->grouping, &(fr_tally_want){ FR_TALLY_VALUES, column, NULL });
    if (found) return found;
    const fr_fold fold = { sizeof(uint64_t), add_counts, fr_merge_counts, column, column, 0, NULL, false };
    return fr_fold_rows(call, &fold, job->grouping, job->n_rows);
}

static int64_t first_row_of(const fr_aggregate_job *job, size_t group)
{
    return job->grouping ? fr_grouping_first(job->grouping, group) : -1;
}

static fr_buffer *wide_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    const fr_fold fold = { sizeof(fr_wide_sum), add_wide, fr_merge_wide_sums, column, column, 0, NULL, false };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    fr_buffer *sums = states ? fr_buffer_array(call, job->n_groups, sizeof(fr_i128)) : NULL;
    if (!sums) return NULL;
    const fr_wide_sum *state = states->data;
    for (size_t g = 0; g < job->n_groups; g++) {
        if (state[g].overflow) {
            (void)fr_fail_at(call, fr_place_at(.row = first_row_of(job, g)), FR_ERR_OVERFLOW,
                             "%s: the sum of decimals leaves 38 digits", job->name);
            fr_buffer_unref(sums);
            return NULL;
        }
        ((fr_i128 *)sums->data)[g] = state[g].sum;
    }
    return sums;
}

/* Takes the sums. */
static fr_buffer *widened(fr_call *call, fr_buffer *taken, size_t n)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *narrow = taken;
    fr_buffer *wide = fr_buffer_array(call, n, sizeof(fr_i128));
    for (size_t g = 0; wide && g < n; g++) ((fr_i128 *)wide->data)[g] = ((const int64_t *)narrow->data)[g];
    return wide;
}

fr_buffer *fr_exact_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    if (column->phys == FR_PHYS_I128) return wide_sums(call, column, job);
    bool narrow;
    fr_buffer *found = fr_tally_find_sums(job->grouping, column, &narrow);
    if (found) return narrow ? widened(call, found, job->n_groups) : found;
    const fr_fold fold = { sizeof(fr_i128), add_ints, fr_merge_int_sums, column, column, 0, NULL, false };
    return fr_fold_rows(call, &fold, job->grouping, job->n_rows);
}

typedef struct rounding_job { const fr_pair *sums; double *out; size_t n; } rounding_job;

static bool round_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const rounding_job *job = state;
    const size_t begin = block * GROUPS_A_BLOCK, end = job->n - begin < GROUPS_A_BLOCK ? job->n : begin + GROUPS_A_BLOCK;
    for (size_t g = begin; g < end; g++) job->out[g] = fr_pair_value(&job->sums[g]);
    return true;
}

/* Takes the pairs. */
static fr_buffer *rounded_sums(fr_call *call, fr_buffer *taken, size_t n)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = taken;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *out = sums ? fr_buffer_array(call, n, sizeof(double)) : NULL;
    if (!out) return NULL;
    rounding_job job = { sums->data, out->data, n };
    return fr_for_blocks(call, fr_block_count(n, GROUPS_A_BLOCK), round_block, &job) ? fr_steal(out) : NULL;
}

fr_buffer *fr_float_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    const fr_fold fold = { sizeof(fr_pair), add_floats, fr_merge_pairs, column, column, 0, NULL, false };
    bool rounded;
    fr_buffer *found = fr_tally_find_reals(job->grouping, column, &rounded);
    if (rounded) return found;
    return rounded_sums(call, found ? found : fr_fold_rows(call, &fold, job->grouping, job->n_rows), job->n_groups);
}

/* ---- doubles ----------------------------------------------------------------------------------------------------- */
typedef struct doubles_job {
    const fr_column *column;
    double          *out;
    bool             sums, whole;          /* -0 becomes 0; integers stay integers, of 64 bits */
} doubles_job;

/* Those of rows begin … end - 1. */
static void store_doubles(double *out, const fr_column *column, size_t begin, size_t end)
{
    if (column->digits) {
        FR_ISA_PICK(fr_scaled_kernels)->reals((const int32_t *)column->values + begin, end - begin, column->digits, out);
        return;
    }
    const double scale = column->type->kind == FR_DECIMAL ? (double)fr_decimal_pow10(column->type->scale) : 1;
#define CASE(TAG, suffix, type)                                                                                 \
    case FR_PHYS_##TAG:                                                                                         \
        for (size_t i = begin; i < end; i++) out[i - begin] = (double)((const type *)column->values)[i];        \
        break;
    switch (column->phys) {
    FR_NUMBER_LAYOUTS(CASE)
    case FR_PHYS_I128:
        for (size_t i = begin; i < end; i++) out[i - begin] = (double)((const fr_i128 *)column->values)[i];
        break;
    case FR_PHYS_BOOL:
        for (size_t i = begin; i < end; i++) out[i - begin] = fr_bit(column->values, (int64_t)i);
        break;
    default: break;
    }
#undef CASE
    if (scale > 1)
        for (size_t i = 0; i < end - begin; i++) out[i] /= scale;
}

const double *fr_some_doubles(const fr_column *column, size_t first, size_t n, double *room)
{
    if (column->phys == FR_PHYS_F64) return (const double *)column->values + first;
    store_doubles(room, column, first, first + n);
    return room;
}

size_t fr_sample_doubles(const fr_column *column, size_t n_places, uint64_t *keys)
{
    const size_t n_rows = (size_t)column->length, step = (n_rows / n_places + 64) / 64 * 64;
    double room[FR_SAMPLE_ROWS];
    size_t kept = 0;
    for (size_t first = 0; first < n_rows; first += step) {
        const size_t n = n_rows - first < FR_SAMPLE_ROWS ? n_rows - first : FR_SAMPLE_ROWS;
        const double *x = fr_some_doubles(column, first, n, room);
        for (size_t i = 0; i < n; i++)
            if (x[i] == x[i] && fr_is_valid(column, (int64_t)(first + i))) keys[kept++] = fr_ordered_f64(x[i]);
    }
    return kept;
}

static bool doubles_of_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const doubles_job *job = state;
    const size_t n = (size_t)job->column->length, begin = block * DOUBLES_A_BLOCK;
    if (!fr_go_on(call)) return false;
    const size_t end = n - begin < DOUBLES_A_BLOCK ? n : begin + DOUBLES_A_BLOCK;
    if (job->whole) fr_integers_at(job->column, (int64_t)begin, end - begin, (int64_t *)(void *)job->out + begin);
    else store_doubles(job->out + begin, job->column, begin, end);
    for (size_t i = begin; job->sums && i < end; i++) job->out[i] += 0.0;
    return true;
}

static fr_buffer *converted(fr_call *call, doubles_job *job)
{
    const size_t n = (size_t)job->column->length;
    fr_buffer *out = fr_buffer_array(call, n, sizeof(double));
    if (out) job->out = out->data;
    if (!out || fr_for_blocks(call, fr_block_count(n, DOUBLES_A_BLOCK), doubles_of_block, job)) return out;
    fr_buffer_unref(out);
    return NULL;
}

fr_buffer *fr_as_doubles(fr_call *call, const fr_column *column)
{
    return converted(call, &(doubles_job){ .column = column });
}

fr_buffer *fr_sums_alone(fr_call *call, const fr_column *column, bool real)
{
    return converted(call, &(doubles_job){ .column = column, .whole = !real,
                                           .sums = fr_kind_is_float(column->type->kind) });
}

double fr_exact_mean(fr_i128 a, uint64_t n)
{
    const fr_i128 quotient = a / (fr_i128)n;
    return (double)quotient + (double)(a - quotient * (fr_i128)n) / (double)n;
}

/* Means of groups from their sums: doubles, or integers. */
typedef struct means_job {
    const uint64_t *n;
    const double   *reals;
    const fr_i128  *integers;
    double         *out;
    size_t          n_groups;
    _Atomic(bool)   left;                  /* the doubles: some mean is infinite or NaN */
} means_job;

static bool means_of_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    means_job *job = state;
    const size_t begin = block * GROUPS_A_BLOCK, rest = job->n_groups - begin;
    bool left = false;
    for (size_t g = begin; g < begin + (rest < GROUPS_A_BLOCK ? rest : GROUPS_A_BLOCK); g++) {
        const uint64_t n = job->n[g];
        if (!n) job->out[g] = 0;
        else if (job->reals) job->out[g] = job->reals[g] / (double)n;
        else job->out[g] = fr_exact_mean(job->integers[g], n);
        left |= !isfinite(job->out[g]);
    }
    if (left) atomic_store_explicit(&job->left, true, memory_order_relaxed);
    return fr_go_on(call);
}

fr_buffer *fr_group_means(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    if (fr_rows_are_alone(job)) return fr_sums_alone(call, column, true);
    const bool real = fr_kind_is_float(column->type->kind);
    fr_buffer *found = fr_tally_find_means(job->grouping, column);
    if (found) return found;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_count_values(call, column, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums =
        counts ? (real ? fr_float_sums(call, column, job) : fr_exact_sums(call, column, job)) : NULL;
    fr_buffer *means = sums ? fr_buffer_array(call, job->n_groups, sizeof(double)) : NULL;
    if (!means) return NULL;
    means_job m = { .n = counts->data, .reals = real ? sums->data : NULL, .integers = real ? NULL : sums->data,
                    .out = means->data, .n_groups = job->n_groups };
    if (fr_for_blocks(call, fr_block_count(m.n_groups, GROUPS_A_BLOCK), means_of_block, &m)
        && (!m.left || fr_mend_sums(call, column, job, m.reals, m.n, true, m.out))) return means;
    fr_buffer_unref(means);
    return NULL;
}

/* ---- rows by group and value ------------------------------------------------------------------------------------- */
static bool add_group_part(fr_call *call, fr_keys *keys, const fr_grouping *grouping)
{
    if (!grouping) return true;
    if (!fr_grouping_need_ids(call, grouping)) return false;
    const fr_column_parts parts = { .type = fr_type_of(FR_U32), .phys = FR_PHYS_U32, .length = grouping->n_rows,
                                    .values = grouping->ids };
    FR_OWNED fr_column *ids = fr_column_new(call, &parts);
    return ids && fr_keys_insert_ids(call, keys, 0, ids, grouping->n_groups ? grouping->n_groups : 1);
}

fr_buffer *fr_rows_by_group_and_value(fr_call *call, const fr_column *column, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, job->n_rows);
    if (!add_group_part(call, &keys, job->grouping)) return NULL;
    if (!fr_keys_add(call, &keys, column, &(fr_key_want){ .ordered = true }, NULL)) return NULL;
    return fr_order_of_keys(call, &keys);
}

fr_buffer *fr_group_starts(fr_call *call, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sizes = fr_count_values(call, NULL, job);
    fr_buffer *starts = sizes ? fr_buffer_array(call, job->n_groups + 1, sizeof(uint64_t)) : NULL;
    if (!starts) return NULL;
    uint64_t *start = starts->data;
    start[0] = 0;
    for (size_t g = 0; g < job->n_groups; g++) start[g + 1] = start[g] + ((const uint64_t *)sizes->data)[g];
    return starts;
}
