/* aggregate_quantiles.c — median and quantile, exact.
 *
 * Numbers become keys, the groups one after the other (of many rows, those near the wanted ranks: group_keys.h), of
 * which those at the wanted ranks are selected (kernel/rank_select.h); what is no double in the result, and very many
 * groups, are ordered by group and then by value. A quantile stands at (n - 1) × q within its group and is interpolated
 * between its neighbours a ≤ b as a + (b - a) × t, never outside a … b (type 7 of Hyndman and Fan, Am. Stat. 50 (1996)
 * 361-365: R's, NumPy's and pandas' default). Other interpolations: lower, higher, midpoint, nearest (a tie goes to the
 * even index). A group with a NaN has NaN.
 *
 *     1, 2, 3, 4   q = 0.4     position 1.2     2 + (3 - 2) × 0.2 = 2.2
 */
#include "ops/aggregates.h"
#include "ops/order.h"

#include "base/decimal.h"
#include "base/threads.h"
#include "kernel/rank_select.h"
#include "ops/column_ranks.h"
#include "ops/group_keys.h"

#include <float.h>
#include <math.h>

static const uint64_t EXACT_DOUBLES = (uint64_t)1 << 53;              /* and every integer below */

typedef struct place { size_t low, high; double share; } place;      /* value = x[low] + (x[high] - x[low]) × share */

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

/* a ≤ b. Their distance may be beyond the doubles, though what lies between them is not: then by halves. */
static double between(double a, double b, double share)
{
    if (share == 0 || a == b) return a;
    if (a == -INFINITY) return b == INFINITY ? NAN : a;
    const double x = b - a <= DBL_MAX ? a + (b - a) * share : 2 * (a / 2 + (b / 2 - a / 2) * share);
    return x < a ? a : x > b ? b : x;
}

/* The same of integers that doubles do not hold: what is added to a is rounded, not a. */
static double real_between(fr_i128 a, fr_i128 b, double share)
{
    if (share == 0 || a == b) return (double)a;
    if (share == 0.5) return (double)(a + b) / 2;
    const double high = (double)(b - a), low = (double)(b - a - (fr_i128)high), part = high * share;
    const fr_i128 whole = (fr_i128)part;
    return (double)(a + whole) + (part - (double)whole + (fma(high, share, -part) + low * share));
}

/* The same of whole numbers, half to even: the share is a whole number of 53 bits divided by a power of two, so the product
 * with the distance, of 181 bits at most, is exact. */
static fr_i128 exact_between(fr_i128 a, fr_i128 b, double share)
{
    int exponent;
    if (share == 0 || a == b) return a;
    const fr_u128 distance = (fr_u128)b - (fr_u128)a, half = (fr_u128)1 << 127;
    const uint64_t bits = (uint64_t)ldexp(frexp(share, &exponent), 53);
    const int down = 53 - exponent;                                                     /* 53 or more: the share is below 1 */
    const fr_u128 first = (fr_u128)(uint64_t)distance * bits, low = (uint64_t)first, high = (distance >> 64) * bits + (first >> 64);
    if (down >= 192) return a;
    const bool near = down <= 64;
    const fr_u128 part = near ? high << (64 - down) | low >> down : high >> (down - 64),
                  rest = near ? low << (128 - down) : high << (192 - down);
    fr_u128 sum = (fr_u128)a + part;
    sum += rest > half || (rest == half && ((!near && low) || sum & 1));
    return (fr_i128)sum;
}

/* Integer-like values as they lie. */
static fr_i128 whole_value(const fr_column *column, int64_t row)
{
    switch (column->phys) {
    case FR_PHYS_I8:   return ((const int8_t *)column->values)[row];
    case FR_PHYS_I16:  return ((const int16_t *)column->values)[row];
    case FR_PHYS_I32:  return ((const int32_t *)column->values)[row];
    case FR_PHYS_U64:  return ((const uint64_t *)column->values)[row];
    case FR_PHYS_I128: return ((const fr_i128 *)column->values)[row];
    default:           return ((const int64_t *)column->values)[row];
    }
}

/* ---- by selection: results that are doubles ---------------------------------------------------------------------- */
enum { KEYS_TOGETHER = 1 << 13 };          /* about so many in a block, of one group or of many */

typedef struct select_job {
    const fr_aggregate_job *job;
    const uint64_t *keys, *starts;
    const uint64_t *counts, *before;       /* NULL: the keys of a group are all of its values */
    fr_results     *out;
    size_t          groups_together;       /* in one block */
} select_job;

static bool has_nan(const uint64_t *keys, size_t n)
{
    uint64_t found = 0;
    for (size_t i = 0; i < n; i++) found |= keys[i] == FR_KEY_NAN;
    return found;
}

/* A column of doubles is read where it lies; `made` owns what had to be converted. */
static bool doubles_of(fr_call *call, const fr_column *column, const double **doubles, fr_buffer **made)
{
    *doubles = column->values;
    if (column->phys == FR_PHYS_F64) return true;
    *made = fr_as_doubles(call, column);
    if (*made) *doubles = (*made)->data;
    return *made != NULL;
}

/* `low` is the key at at.low; there is no NaN. */
static double between_keys(const uint64_t *keys, size_t n, place at, uint64_t low)
{
    const uint64_t high = at.high > at.low ? fr_key_after_rank(keys, n, low, at.low) : low;
    return between(fr_double_of_key(low), fr_double_of_key(high), at.share);
}

static bool select_groups(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const select_job *s = state;
    const size_t first = block * s->groups_together;
    const size_t end = first + s->groups_together < s->job->n_groups ? first + s->groups_together : s->job->n_groups;
    uint64_t most = 0;
    for (size_t g = first; g < end; g++)
        most = s->starts[g + 1] - s->starts[g] > most ? s->starts[g + 1] - s->starts[g] : most;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *scratch = fr_buffer_array(call, most, sizeof(uint64_t));
    if (!scratch || !fr_go_on(call)) return false;
    for (size_t g = first; g < end; g++) {
        const uint64_t *keys = s->keys + s->starts[g];
        const size_t n = s->starts[g + 1] - s->starts[g];
        if (!n) continue;
        const uint64_t before = s->before ? s->before[g] : 0;
        place at = place_of(s->counts ? s->counts[g] : n, s->job->options.q, s->job->options.interpolation);
        at.low -= before, at.high -= before;
        double *out = (double *)s->out->values->data + g;
        if (has_nan(keys, n)) *out = NAN;
        else *out = between_keys(keys, n, at, fr_key_at_rank(keys, n, at.low, scratch->data));
    }
    return true;
}

/* The one group: all threads work on it. */
static bool select_of_all(fr_call *call, const uint64_t *keys, size_t n, place at, double *out)
{
    uint64_t low, high, last;
    *out = NAN;
    if (!n) return true;
    if (!fr_key_highest_parallel(call, keys, n, &last)) return false;
    if (last == FR_KEY_NAN) return true;
    if (!fr_key_at_rank_parallel(call, keys, n, at.low, &low)) return false;
    high = low;
    if (at.high > at.low && !fr_key_after_rank_parallel(call, keys, n, (fr_ranked_key){ low, at.low }, &high))
        return false;
    *out = between(fr_double_of_key(low), fr_double_of_key(high), at.share);
    return true;
}

static bool select_all_of(fr_call *call, fr_column *column, const double *q, size_t n, double *out, size_t *n_values)
{
    const fr_aggregate_job job = { .name = "quantile", .args = &column, .n_args = 1, .n_rows = column->length,
                                   .n_groups = 1 };
    FR_CLEANUP(fr_group_keys_clear) fr_group_keys keys = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *made = NULL;
    const double *doubles;
    if (!doubles_of(call, column, &doubles, &made)
        || !fr_group_keys_make(call, column, doubles, &job, &keys)) return false;
    *n_values = ((const uint64_t *)keys.starts->data)[1];
    for (size_t i = 0; i < n && *n_values; i++)
        if (!select_of_all(call, keys.keys->data, *n_values, place_of(*n_values, q[i], FR_LINEAR), &out[i]))
            return false;
    return true;
}

/* All ranks at once, where the column's range is known or easily found. */
static bool find_ranks(fr_call *call, const fr_column *column, const fr_facts *facts, const place *at, size_t n,
                       double *out, fr_counted_sums *sums)
{
    uint64_t ranks[FR_MOST_RANKS];
    double values[FR_MOST_RANKS];
    for (size_t i = 0; i < n; i++) ranks[2 * i] = at[i].low, ranks[2 * i + 1] = at[i].high;
    if (!fr_column_at_ranks(call, column, facts, ranks, 2 * n, values, sums)) return false;
    for (size_t i = 0; i < n; i++) out[i] = between(values[2 * i], values[2 * i + 1], at[i].share);
    return true;
}

static fr_rank_pair ranks_of(const fr_aggregate_job *job, uint64_t n)
{
    const place at = place_of(n, job->options.q, job->options.interpolation);
    return (fr_rank_pair){ at.low, at.high };
}

static bool make_keys(fr_call *call, const fr_aggregate_job *job, fr_group_keys *keys)
{
    const fr_column *column = job->args[0];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *made = NULL;
    const double *doubles;
    if (fr_near_is_quicker(call, job)) return fr_group_keys_near(call, column, job, ranks_of, keys);
    return doubles_of(call, column, &doubles, &made) && fr_group_keys_make(call, column, doubles, job, keys);
}

static fr_column *select_quantiles(fr_call *call, const fr_aggregate_job *job)
{
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    FR_CLEANUP(fr_group_keys_clear) fr_group_keys keys = { 0 };
    if (!make_keys(call, job, &keys)) return NULL;
    if (!fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    select_job s = { .job = job, .keys = keys.keys->data, .starts = keys.starts->data, .out = &out,
                     .counts = keys.counts ? keys.counts->data : NULL, .before = keys.before ? keys.before->data : NULL,
                     .groups_together = 1 };
    const size_t n_keys = (size_t)s.starts[job->n_groups], most = KEYS_TOGETHER * job->n_groups;
    while (s.groups_together < job->n_groups && s.groups_together * n_keys < most) s.groups_together *= 2;
    const size_t n_blocks = fr_block_count(job->n_groups, s.groups_together);
    if (job->n_groups == 1 && !s.before) {
        const size_t n = s.starts[1];
        const place at = n ? place_of(n, job->options.q, job->options.interpolation) : (place){ 0 };
        if (!select_of_all(call, s.keys, n, at, out.values->data)) return NULL;
    } else if (!fr_for_blocks_of(call, n_keys, n_blocks, select_groups, &s)) {
        return NULL;
    }
    for (size_t g = 0; g < job->n_groups; g++)
        if (s.starts[g] == s.starts[g + 1]) {
            ((double *)out.values->data)[g] = 0;
            fr_results_null(&out, g);
        }
    return fr_results_finish(call, &out, job->type);
}

/* ---- by order: exact results, and very many groups --------------------------------------------------------------- */
typedef struct quantile_job {
    const fr_aggregate_job *job;
    const fr_column *column;
    const double    *doubles;              /* of all rows; NULL: exact */
    bool             real;                 /* the result is a double */
    fr_i128          factor;
} quantile_job;

/* A value (of decimals times 10^k, of dates in microseconds) in the result's unit; false: it does not fit there. */
static bool scaled_value(const quantile_job *q, int64_t row, fr_i128 *out)
{
    if (__builtin_mul_overflow(whole_value(q->column, row), q->factor, out)) return false;
    if (q->real) return true;
    return q->job->type->kind == FR_DECIMAL ? fr_decimal_fits(*out, FR_DECIMAL_DIGITS) : *out == (int64_t)*out;
}

static bool store_quantile(fr_call *call, const quantile_job *q, fr_results *out, size_t g, const fr_rows *rows, uint64_t n)
{
    const place at = place_of(n, q->job->options.q, q->job->options.interpolation);
    const int64_t a = fr_row_at(rows, (int64_t)at.low), b = fr_row_at(rows, (int64_t)at.high),
                  top = fr_row_at(rows, (int64_t)n - 1);
    fr_i128 low, high;
    if (q->doubles) {
        const double *x = q->doubles;
        ((double *)out->values->data)[g] = isnan(x[top]) ? x[top] : between(x[a], x[b], at.share);
        return true;
    }
    const bool decimal = q->job->type->kind == FR_DECIMAL;
    if (!scaled_value(q, a, &low) || !scaled_value(q, b, &high))
        return fr_aggregate_too_large(call, q->job, g, decimal ? "38 digits" : "microseconds in 64 bits");
    if (q->real) ((double *)out->values->data)[g] = real_between(low, high, at.share);
    else if (decimal) ((fr_i128 *)out->values->data)[g] = exact_between(low, high, at.share);
    else ((int64_t *)out->values->data)[g] = (int64_t)exact_between(low, high, at.share);
    return true;
}

static fr_i128 factor_of(const fr_aggregate_job *job)
{
    const fr_type *from = job->args[0]->type;
    if (from->kind == FR_DECIMAL) return fr_decimal_pow10(job->type->scale - from->scale);
    return from->kind == FR_DATE ? (fr_i128)86400 * 1000000 : 1;
}

static fr_column *order_quantiles(fr_call *call, const fr_aggregate_job *job, bool exact)
{
    const fr_column *column = job->args[0];
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_rows_by_group_and_value(call, column, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *starts = order ? fr_group_starts(call, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = starts ? fr_count_values(call, column, job) : NULL;
    const bool real = job->type->kind == FR_F64;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *doubles = counts && !exact ? fr_as_doubles(call, column) : NULL;
    if (!counts || (!exact && !doubles)) return NULL;
    if (!fr_results_init(call, &out, job->n_groups, fr_phys_width(fr_type_phys(job->type)))) return NULL;

    const quantile_job q = { .job = job, .column = column, .doubles = doubles ? doubles->data : NULL, .real = real,
                             .factor = factor_of(job) };
    const fr_rows ordered = fr_order_rows(order, job->n_rows);
    for (size_t g = 0; g < job->n_groups; g++) {
        const uint64_t n = ((const uint64_t *)counts->data)[g];
        const fr_rows rows = fr_rows_from(&ordered, (int64_t)((const uint64_t *)starts->data)[g], (int64_t)n);
        if (!n) fr_results_null(&out, g);
        else if (!store_quantile(call, &q, &out, g, &rows, n)) return NULL;
    }
    return fr_results_finish(call, &out, job->type);
}

/* Integers that doubles do not hold, for a result that is a double. */
static bool are_wide(fr_call *call, const fr_column *column, bool *wide)
{
    fr_facts facts;
    *wide = false;
    if (column->type->kind != FR_I64 && column->type->kind != FR_U64) return true;
    if (column->phys != FR_PHYS_I64 && column->phys != FR_PHYS_U64) return true;
    if (!fr_column_facts(call, column, &facts)) return false;
    if (facts.known & FR_FACT_NO_VALUES) return true;
    if (column->phys == FR_PHYS_U64) *wide = facts.max.u > EXACT_DOUBLES;
    else *wide = facts.min.i < -(int64_t)EXACT_DOUBLES || facts.max.i > (int64_t)EXACT_DOUBLES;
    return true;
}

/* The quantiles of a column of wide integers, one after the other. */
static bool wide_of_all(fr_call *call, fr_column *column, const double *q, size_t n, double *out, size_t *n_values)
{
    fr_aggregate_job job = { .name = "quantile", .args = &column, .n_args = 1, .n_rows = column->length, .n_groups = 1,
                             .type = fr_type_of(FR_F64) };
    *n_values = (size_t)(column->length - column->null_count);
    for (size_t i = 0; i < n && *n_values; i++) {
        job.options.q = q[i];
        FR_OWNED fr_column *one = order_quantiles(call, &job, true);
        if (!one) return false;
        out[i] = *(const double *)one->values;
    }
    return true;
}

bool fr_quantiles_of_column(fr_call *call, fr_column *column, const double *q, size_t n, double *out, size_t *n_values,
                            fr_counted_sums *sums)
{
    *sums = (fr_counted_sums){ 0 };
    place at[FR_MOST_RANKS / 2];
    fr_facts facts;
    bool wide;
    if (!are_wide(call, column, &wide)) return false;
    if (wide) return wide_of_all(call, column, q, n, out, n_values);
    if (n > FR_MOST_RANKS / 2 || !fr_column_has_ranks(column)) {
        FR_OWNED fr_column *whole = fr_column_together(call, column);
        return whole && select_all_of(call, whole, q, n, out, n_values);
    }
    if (!fr_column_facts(call, column, &facts)) return false;
    *n_values = (size_t)(column->length - column->null_count);
    const bool nan = facts.known & FR_FACT_HAS_NAN;
    for (size_t i = 0; i < n && *n_values; i++) {
        at[i] = place_of(*n_values, q[i], FR_LINEAR);
        out[i] = NAN;
    }
    return nan || !*n_values || find_ranks(call, column, &facts, at, n, out, sums);
}

static fr_column *run_quantile(fr_call *call, const fr_aggregate_job *job)
{
    bool wide;
    if (job->type->kind != FR_F64) return order_quantiles(call, job, true);
    if (!are_wide(call, job->args[0], &wide)) return NULL;
    if (!wide && job->n_groups <= FR_GROUP_KEYS_MOST) return select_quantiles(call, job);
    return order_quantiles(call, job, wide);
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
