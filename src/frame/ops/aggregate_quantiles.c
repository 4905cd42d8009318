/* aggregate_quantiles.c — median and quantile, exact.
 *
 * All rows are ordered by group and then by value; a quantile stands at (n - 1) × q within its group and is interpolated
 * between its neighbours a ≤ b as a + (b - a) × t, never outside a … b (type 7 of Hyndman and Fan, Am. Stat. 50 (1996)
 * 361-365: R's, NumPy's and pandas' default). Other interpolations: lower, higher, midpoint, nearest (a tie goes to the
 * even index). A group with a NaN has NaN.
 *
 *     1, 2, 3, 4   q = 0.4     position 1.2     2 + (3 - 2) × 0.2 = 2.2
 */
#include "ops/aggregates.h"
#include "ops/order.h"

#include "base/decimal.h"

#include <math.h>

typedef struct place { size_t low, high; double share; } place;      /* value = x[low] + (x[high] - x[low]) × share     */

static place place_of(uint64_t n, double q, fr_interpolation how)
{
    const double at = (double)(n - 1) * q, below = floor(at), share = at - below;
    const size_t low = (size_t)below, high = share > 0 ? low + 1 : low;
    switch (how) {
    case FR_LOWER:    return (place){ low, low, 0 };
    case FR_HIGHER:   return (place){ high, high, 0 };
    case FR_MIDPOINT: return (place){ low, high, 0.5 };
    case FR_NEAREST: {
        const bool up = share > 0.5 || (share == 0.5 && (low & 1));
        return (place){ up ? high : low, up ? high : low, 0 };
    }
    default:          return (place){ low, high, share };
    }
}

static double between(double a, double b, double share)
{
    if (share == 0 || a == b) return a;
    const double x = a + (b - a) * share;
    return x < a ? a : x > b ? b : x;
}

static fr_i128 exact_between(fr_i128 a, fr_i128 b, double share)
{
    if (share == 0 || a == b) return a;
    if (share == 0.5) return fr_divide_half_even(a + b, 2);
    return a + (fr_i128)rint((double)(b - a) * share);
}

/* Integer-like values (decimals times 10^k, microseconds of dates) as they lie in the result. */
static fr_i128 exact_value(const fr_column *column, int64_t row, fr_i128 factor)
{
    switch (column->phys) {
    case FR_PHYS_I32:  return ((const int32_t *)column->values)[row] * factor;
    case FR_PHYS_I128: return ((const fr_i128 *)column->values)[row] * factor;
    default:           return ((const int64_t *)column->values)[row] * factor;
    }
}

typedef struct quantile_job {
    const fr_aggregate_job *job;
    const fr_column *column;
    const double    *doubles;              /* of all rows; NULL: exact                                                     */
    fr_i128          factor;
} quantile_job;

static void store_quantile(const quantile_job *q, fr_results *out, size_t g, const fr_rows *rows, uint64_t n)
{
    const place at = place_of(n, q->job->options.q, q->job->options.interpolation);
    const int64_t a = fr_row_at(rows, (int64_t)at.low), b = fr_row_at(rows, (int64_t)at.high),
                  top = fr_row_at(rows, (int64_t)n - 1);
    if (q->doubles) {
        const double *x = q->doubles;
        ((double *)out->values->data)[g] = isnan(x[top]) ? x[top] : between(x[a], x[b], at.share);
        return;
    }
    const fr_i128 x = exact_between(exact_value(q->column, a, q->factor), exact_value(q->column, b, q->factor), at.share);
    if (q->job->type->kind == FR_DECIMAL) ((fr_i128 *)out->values->data)[g] = x;
    else ((int64_t *)out->values->data)[g] = (int64_t)x;
}

static fr_i128 factor_of(const fr_aggregate_job *job)
{
    const fr_type *from = job->args[0]->type;
    if (from->kind == FR_DECIMAL) return fr_decimal_pow10(job->type->scale - from->scale);
    return from->kind == FR_DATE ? (fr_i128)86400 * 1000000 : 1;
}

static fr_column *run_quantile(fr_call *call, const fr_aggregate_job *job)
{
    const fr_column *column = job->args[0];
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_rows_by_group_and_value(call, column, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *starts = order ? fr_group_starts(call, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = starts ? fr_count_values(call, column, job) : NULL;
    const bool real = job->type->kind == FR_F64;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *doubles = counts && real ? fr_as_doubles(call, column) : NULL;
    if (!counts || (real && !doubles)) return NULL;
    if (!fr_results_init(call, &out, job->n_groups, fr_phys_width(fr_type_phys(job->type)))) return NULL;

    const quantile_job q = { .job = job, .column = column, .doubles = doubles ? doubles->data : NULL,
                             .factor = factor_of(job) };
    const fr_rows ordered = fr_order_rows(order, job->n_rows);
    for (size_t g = 0; g < job->n_groups; g++) {
        const uint64_t n = ((const uint64_t *)counts->data)[g];
        const fr_rows rows = fr_rows_from(&ordered, (int64_t)((const uint64_t *)starts->data)[g], (int64_t)n);
        if (n) store_quantile(&q, &out, g, &rows, n);
        else fr_results_null(&out, g);
    }
    return fr_results_finish(call, &out, job->type);
}

fr_column *fr_run_quantile(fr_call *call, const fr_aggregate_job *job)
{
    return run_quantile(call, job);
}

fr_column *fr_run_median(fr_call *call, const fr_aggregate_job *job)
{
    fr_aggregate_job median = *job;
    median.options.q = 0.5;
    median.options.interpolation = FR_LINEAR;
    return run_quantile(call, &median);
}
