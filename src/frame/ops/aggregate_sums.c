/* aggregate_sums.c — size, count, sum, prod, mean, any, all.
 *
 * Integers are summed in 128 bits and must fit 64 in the end: no sum ever wraps. Decimals and durations are exact.
 * Floats are summed as compensated pairs in row order within fixed blocks of rows, blocks in order (ops/fold.h),
 * and rounded once at the end; f32 is summed as f64.
 *
 *     values 1, 2, null, 4        sum 7   mean 2.333…   count 3   size 4        no values: sum 0, prod 1, mean null
 */
#include "ops/aggregates.h"

#include "base/decimal.h"
#include "kernel/scaled.h"
#include "ops/tally.h"
#include "ops/verb_result.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* "sum of region = North does not fit i64": the group's keys where they are known, else the row it begins at. */
bool fr_aggregate_too_large(fr_call *call, const fr_aggregate_job *job, size_t g, const char *type)
{
    char hint[160];
    FR_CLEANUP(fr_text_clear) fr_text key = FR_TEXT_INIT(call);
    const fr_frame *keys = job->grouping ? job->grouping->keys : NULL;
    if (keys && !fr_describe_row(call, keys, NULL, fr_frame_width(keys), (int64_t)g, &key)) return false;
    (void)snprintf(hint, sizeof hint, "%s(cast(x, 'f64')) rounds, %s(cast(x, 'decimal(38,0)')) has 38 digits",
                   job->name,
                   job->name);
    const bool decimal = job->type->kind == FR_DECIMAL, product = !strcmp(job->name, "prod");
    if (product) (void)snprintf(hint, sizeof hint, "prod(cast(x, 'f64')) rounds");
    if (job->args[0]->type->kind == FR_DATE) (void)snprintf(hint, sizeof hint, "cast(x, 'datetime[s]') reaches further");
    const int64_t row = job->grouping ? fr_grouping_first(job->grouping, g) : -1;
    return fr_fail_at(call, fr_place_at(.row = row, .hint = decimal ? "cast the column to f64 first" : hint),
                      FR_ERR_OVERFLOW, "%s of %s does not fit %s", job->name,
                      key.length ? key.bytes : job->grouping ? "a group" : "all rows", type);
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */
/* Of groups that are rows: one each, in a byte each. */
static fr_column *ones(fr_call *call, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_new(call, job->n_groups);
    if (!values) return NULL;
    memset(values->data, 1, job->n_groups);
    return fr_column_new(call, &(fr_column_parts){ .type = job->type, .phys = FR_PHYS_I8, .values = values,
                                                   .length = (int64_t)job->n_groups });
}

static fr_column *counts_as_column(fr_call *call, const fr_aggregate_job *job, const fr_column *column)
{
    FR_CLEANUP(fr_results_clear) fr_results out = { .n = (int64_t)job->n_groups };
    if (fr_rows_are_alone(job) && (!column || column->null_count == 0)) return ones(call, job);
    out.values = fr_count_values(call, column, job);               /* u64 counts are the i64 results */
    return out.values ? fr_results_finish(call, &out, job->type) : NULL;
}

fr_column *fr_run_size(fr_call *call, const fr_aggregate_job *job)
{
    return counts_as_column(call, job, NULL);
}

fr_column *fr_run_count(fr_call *call, const fr_aggregate_job *job)
{
    return counts_as_column(call, job, job->n_args ? job->args[0] : NULL);
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
static bool fits(fr_kind kind, fr_i128 sum)
{
    if (kind == FR_U64) return sum >= 0 && sum <= (fr_i128)UINT64_MAX;
    if (kind == FR_DECIMAL) return sum < fr_decimal_pow10(38) && sum > -fr_decimal_pow10(38);
    return sum >= INT64_MIN && sum <= INT64_MAX;
}

static bool store_sum(fr_call *call, const fr_aggregate_job *job, fr_results *out, size_t g, fr_i128 sum)
{
    const fr_kind kind = job->type->kind;
    if (!fits(kind, sum))
        return fr_aggregate_too_large(call, job, g, kind == FR_U64 ? "u64" : kind == FR_DECIMAL ? "38 digits" : "i64");
    if (kind == FR_DECIMAL) ((fr_i128 *)out->values->data)[g] = sum;
    else ((uint64_t *)out->values->data)[g] = (uint64_t)sum;
    return true;
}

typedef struct sums_self {
    const fr_aggregate_job *job;
    const uint64_t *counts;
    const void     *sums;
    bool            real;
    _Atomic(bool)  *left;                  /* the doubles: some sum is infinite or NaN */
} sums_self;

static bool put_sums(fr_call *call, const void *self_, fr_results *out, size_t begin, size_t end)
{
    const sums_self *self = self_;
    const uint64_t *n = self->counts, least = (uint64_t)self->job->options.min_count;
    const size_t width = self->job->type->kind == FR_DECIMAL ? sizeof(fr_i128) : sizeof(int64_t);
    bool left = false;
    for (size_t g = begin; g < end; g++) {
        if (n && n[g] < least) {
            memset((char *)out->values->data + g * width, 0, width);
            fr_results_null(out, g);
        } else if (self->real) {
            const double sum = ((const double *)self->sums)[g];
            ((double *)out->values->data)[g] = sum;
            left |= !isfinite(sum);
        } else if (!store_sum(call, self->job, out, g, ((const fr_i128 *)self->sums)[g])) {
            return false;
        }
    }
    if (left) atomic_store_explicit(self->left, true, memory_order_relaxed);
    return true;
}

enum { LOOKED_AT = 1 << 15 };              /* sums of a block */

typedef struct finite_job { const double *sums; size_t n; _Atomic(bool) left; } finite_job;        /* left: some is not */

static bool look_at_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    finite_job *job = state;
    const size_t begin = block * LOOKED_AT, end = job->n - begin < LOOKED_AT ? job->n : begin + LOOKED_AT;
    bool left = false;
    for (size_t g = begin; g < end; g++) left |= !isfinite(job->sums[g]);
    if (left) atomic_store_explicit(&job->left, true, memory_order_relaxed);
    return fr_go_on(call);
}

/* Sums of floats that all are finite are the column: taken, else left. */
static bool take_finite(fr_call *call, const fr_aggregate_job *job, fr_buffer **sums, fr_results *out)
{
    finite_job look = { .sums = (*sums)->data, .n = job->n_groups };
    if (!fr_for_blocks(call, fr_block_count(look.n, LOOKED_AT), look_at_block, &look)) return false;
    if (look.left) return true;
    out->n = (int64_t)job->n_groups;
    out->values = fr_steal(*sums);
    return true;
}

static bool fill_sums(fr_call *call, const fr_aggregate_job *job, const fr_buffer *counts, fr_results *out)
{
    const fr_column *column = job->args[0];
    const bool real = fr_kind_is_float(column->type->kind);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums =
        real ? fr_float_sums(call, column, job) : fr_exact_sums(call, column, job);
    if (!sums) return false;
    if (real && !counts && !take_finite(call, job, &sums, out)) return false;
    if (!sums) return true;
    _Atomic(bool) left = false;
    const sums_self self = { .job = job, .counts = counts ? counts->data : NULL, .sums = sums->data, .real = real,
                             .left = &left };
    return fr_results_make(call, out, job->n_groups, fr_phys_width(fr_type_phys(job->type)), put_sums, &self)
        && (!left || fr_mend_sums(call, column, job, self.sums, self.counts, false, out->values->data));
}

/* Numbers of up to 64 bits whose groups are the rows. */
static bool is_summed_alone(const fr_aggregate_job *job)
{
    const fr_phys phys = job->args[0]->phys;
    return fr_rows_are_alone(job) && job->options.min_count <= 0 && phys >= FR_PHYS_I8 && phys <= FR_PHYS_F64
        && !job->args[0]->dictionary && fr_phys_width(fr_type_phys(job->type)) == sizeof(int64_t);
}

static fr_column *sums_alone(fr_call *call, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_results_clear) fr_results out = { .n = job->n_rows };
    out.values = fr_sums_alone(call, job->args[0], job->type->kind == FR_F64);
    return out.values ? fr_results_finish(call, &out, job->type) : NULL;
}

/* Integers that were summed in 64 bits are the column; *out NULL: there are none. */
static bool sums_as_they_lie(fr_call *call, const fr_aggregate_job *job, fr_column **out)
{
    const fr_phys phys = fr_type_phys(job->type);
    FR_CLEANUP(fr_results_clear) fr_results found = { .n = (int64_t)job->n_groups };
    bool narrow;
    *out = NULL;
    if ((phys != FR_PHYS_I64 && phys != FR_PHYS_U64) || job->options.min_count > 0) return true;
    found.values = fr_tally_find_sums(job->grouping, job->args[0], &narrow);
    if (!narrow) return true;
    *out = fr_results_finish(call, &found, job->type);
    return *out;
}

fr_column *fr_run_sum(fr_call *call, const fr_aggregate_job *job)
{
    fr_column *found;
    if (!sums_as_they_lie(call, job, &found) || found) return found;
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = NULL;
    if (is_summed_alone(job)) return sums_alone(call, job);
    if (job->options.min_count > 0 && !(counts = fr_count_values(call, job->args[0], job))) return NULL;
    return fill_sums(call, job, counts, &out) ? fr_results_finish(call, &out, job->type) : NULL;
}

/* ---- products ---------------------------------------------------------------------------------------------------- */
/* One after the other anyway, so some at a time are the same. */
static void multiply_scaled(fr_real_product *state, const fr_window *rows, unsigned digits, size_t n)
{
    double some[FR_KEY_VECTOR];
    for (size_t i = 0; i < n; i += FR_KEY_VECTOR) {
        const fr_group_span here = { .n_groups = 1, .n = n - i < FR_KEY_VECTOR ? n - i : FR_KEY_VECTOR };
        FR_ISA_PICK(fr_scaled_kernels)->reals((const int32_t *)rows->values + i, here.n, digits, some);
        fr_fold_f64.real_product(state, some, rows->valid ? rows->valid + i / 64 : NULL, &here);
    }
}

static void add_products(const void *self, void *states, int64_t first_row, const fr_window *rows,
                         const fr_group_span *span)
{
    (void)first_row;
    const fr_column *column = self;
    const fr_fold_kernels *kernels = fr_fold_kernels_of(fr_fold_phys(column));
    if (column->digits && !span->ids) multiply_scaled(states, rows, column->digits, span->n);
    else if (kernels->product) kernels->product(states, rows->values, rows->valid, span);
    else kernels->real_product(states, rows->values, rows->valid, span);
}

static bool store_product(fr_call *call, const fr_aggregate_job *job, fr_results *out, size_t g, const fr_product *p)
{
    const bool is_signed = job->type->kind == FR_I64;
    const uint64_t most = !is_signed ? UINT64_MAX : p->negative ? (uint64_t)1 << 63 : INT64_MAX;
    uint64_t value = p->any ? p->magnitude : 1;
    if (p->zero) value = 0;
    else if (p->overflow || value > most) return fr_aggregate_too_large(call, job, g, is_signed ? "i64" : "u64");
    ((uint64_t *)out->values->data)[g] = p->negative ? 0 - value : value;
    return true;
}

static bool fill_products(fr_call *call, const fr_aggregate_job *job, const fr_buffer *states, const uint64_t *counts,
                          fr_results *out)
{
    for (size_t g = 0; g < job->n_groups; g++) {
        if (counts && counts[g] < (uint64_t)job->options.min_count) {
            fr_results_null(out, g);
        } else if (job->type->kind == FR_F64) {
            const fr_real_product *p = (const fr_real_product *)states->data + g;
            ((double *)out->values->data)[g] = p->any ? p->value : 1;
        } else if (!store_product(call, job, out, g, (const fr_product *)states->data + g)) {
            return false;
        }
    }
    return true;
}

fr_column *fr_run_prod(fr_call *call, const fr_aggregate_job *job)
{
    const bool real = job->type->kind == FR_F64;
    const fr_fold fold = { real ? sizeof(fr_real_product) : sizeof(fr_product), add_products,
                           real ? fr_merge_real_products : fr_merge_products, job->args[0], job->args[0], 0, NULL, false };
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_count_values(call, job->args[0], job);
    if (!counts || !fr_results_init(call, &out, job->n_groups, sizeof(uint64_t))) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    if (!states || !fill_products(call, job, states, counts->data, &out)) return NULL;
    return fr_results_finish(call, &out, job->type);
}

/* ---- means ------------------------------------------------------------------------------------------------------- */
/* sum × factor / n, half to even, though sum × factor may be beyond 128 bits. */
static bool scaled_mean(fr_i128 *sum, fr_i128 factor, fr_i128 n)
{
    fr_i128 scaled;
    if (!__builtin_mul_overflow(*sum, factor, &scaled)) return *sum = fr_divide_half_even(scaled, n), true;
    const fr_i128 rest = fr_divide_half_even(*sum % n * factor, n);      /* a factor that overflows is even */
    return !__builtin_mul_overflow(*sum / n, factor, &scaled) && !__builtin_add_overflow(scaled, rest, sum);
}

/* Means that stay exact: decimals with more digits, times and dates rounded half to even. */
static bool fill_exact_means(fr_call *call, const fr_aggregate_job *job, const uint64_t *n, fr_results *out)
{
    const fr_column *column = job->args[0];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = fr_exact_sums(call, column, job);
    if (!sums) return false;
    const bool decimal = job->type->kind == FR_DECIMAL;
    const fr_i128 factor = decimal ? fr_decimal_pow10(job->type->scale - column->type->scale)
                         : column->type->kind == FR_DATE ? (fr_i128)86400 * 1000000 : 1;
    for (size_t g = 0; g < job->n_groups; g++) {
        if (!n[g]) {
            fr_results_null(out, g);
            continue;
        }
        fr_i128 sum = ((const fr_i128 *)sums->data)[g];
        if (!scaled_mean(&sum, factor, (fr_i128)n[g]) ||
            (decimal ? !fr_decimal_fits(sum, FR_DECIMAL_DIGITS) : sum != (int64_t)sum))
            return fr_aggregate_too_large(call, job, g, decimal ? "38 digits" : "microseconds in 64 bits");
        if (decimal) ((fr_i128 *)out->values->data)[g] = sum;
        else ((int64_t *)out->values->data)[g] = (int64_t)sum;
    }
    return true;
}

static fr_column *real_means(fr_call *call, const fr_aggregate_job *job)
{
    const fr_column *column = job->args[0];
    FR_CLEANUP(fr_results_clear) fr_results out = { .n = (int64_t)job->n_groups };
    const size_t words = (job->n_groups + 63) / 64;
    out.values = fr_group_means(call, column, job);
    if (!out.values) return NULL;
    if (!column->null_count && job->n_rows) return fr_results_finish(call, &out, job->type);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_count_values(call, column, job);
    if (!counts) return NULL;
    out.valid = fr_buffer_array(call, words, sizeof(uint64_t));                /* some groups may have no value */
    if (!out.valid) return NULL;
    memset(out.valid->data, 0xff, words * sizeof(uint64_t));
    for (size_t g = 0; g < job->n_groups; g++)
        if (!((const uint64_t *)counts->data)[g]) fr_results_null(&out, g);
    return fr_results_finish(call, &out, job->type);
}

fr_column *fr_run_mean(fr_call *call, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (job->type->kind == FR_F64) return real_means(call, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_count_values(call, job->args[0], job);
    if (!counts) return NULL;
    if (!fr_results_init(call, &out, job->n_groups, fr_phys_width(fr_type_phys(job->type)))) return NULL;
    return fill_exact_means(call, job, counts->data, &out) ? fr_results_finish(call, &out, job->type) : NULL;
}

/* ---- any, all ---------------------------------------------------------------------------------------------------- */
static fr_column *any_or_all(fr_call *call, const fr_aggregate_job *job, bool all)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = fr_exact_sums(call, job->args[0], job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = sums ? fr_count_values(call, job->args[0], job) : NULL;
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!counts || !fr_results_init(call, &out, (job->n_groups + 63) / 64, sizeof(uint64_t))) return NULL;
    out.n = (int64_t)job->n_groups;
    uint64_t *bits = out.values->data;
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_i128 n_true = ((const fr_i128 *)sums->data)[g];
        const bool yes = all ? n_true == (fr_i128)((const uint64_t *)counts->data)[g] : n_true > 0;
        bits[g >> 6] |= (uint64_t)yes << (g & 63);
    }
    return fr_results_finish(call, &out, job->type);
}

fr_column *fr_run_any(fr_call *call, const fr_aggregate_job *job)
{
    return any_or_all(call, job, false);
}

fr_column *fr_run_all(fr_call *call, const fr_aggregate_job *job)
{
    return any_or_all(call, job, true);
}
