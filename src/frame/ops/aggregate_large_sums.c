/* aggregate_large_sums.c — sums of doubles that leave the doubles on their way, though the sum or the mean does not.
 *
 *     1.7e308, 1.7e308            mean 1.7e308, of a sum that is infinite
 *     1.7e308, 1.7e308, -1.7e308  sum 1.7e308
 *
 * Where a sum came out infinite or NaN and the column has values large enough to have done it, all is added once more, a
 * 2^64th of each value: no number of rows reaches infinity then, and only what is infinite or NaN in the data stays so.
 */
#include "ops/aggregates.h"

#include "ops/grouping.h"

#include <float.h>
#include <math.h>

static const double SHARE = 0x1p-64;

static void add_shares(const void *self, void *states, int64_t first_row, const fr_window *rows,
                       const fr_group_span *span)
{
    (void)self, (void)first_row;
    double shares[FR_KEY_VECTOR];
    fr_group_span some = *span;
    for (size_t from = 0; from < span->n; from += some.n) {
        const double *x = (const double *)rows->values + from;
        some.n = span->n - from < FR_KEY_VECTOR ? span->n - from : FR_KEY_VECTOR;
        some.ids = span->ids ? span->ids + from : NULL;
        for (size_t i = 0; i < some.n; i++) shares[i] = x[i] * SHARE;
        fr_fold_f64.sum_float(states, shares, &some);
    }
}

static bool any_left(const fr_pair *sums, size_t n_groups)
{
    bool left = false;
    for (size_t g = 0; g < n_groups; g++) left |= !isfinite(sums[g].high);
    return left;
}

/* Are there values of which so many rows could make more than the largest double? */
static bool are_large(fr_call *call, const fr_column *column, bool *large)
{
    fr_facts facts;
    *large = false;
    if (column->phys != FR_PHYS_F64) return true;                     /* more rows of f32 than memory has */
    if (!fr_column_facts(call, column, &facts)) return false;
    if (facts.known & FR_FACT_NO_VALUES) return true;
    const double most = DBL_MAX / ((double)column->length + 1);
    *large = facts.max.f > most || facts.min.f < -most;
    return true;
}

bool fr_shared_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job, const fr_pair *sums,
                    fr_buffer **shared)
{
    bool large;
    *shared = NULL;
    if (!any_left(sums, job->n_groups)) return true;
    if (!are_large(call, column, &large)) return false;
    if (!large) return true;
    const fr_fold fold = { sizeof(fr_pair), add_shares, fr_merge_pairs, column, column, 0 };
    *shared = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    return *shared != NULL;
}

double fr_real_sum(const fr_pair *sum, const fr_pair *shared, double n)
{
    if (!shared || isfinite(sum->high)) return fr_pair_value(sum) / n;
    return fr_pair_value(shared) / n / SHARE;
}
