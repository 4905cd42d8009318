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

bool fr_mend_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job, const double *sums,
                  const uint64_t *counts, bool means, double *values)
{
    bool large;
    if (!are_large(call, column, &large)) return false;
    if (!large) return true;
    const uint64_t least = (uint64_t)job->options.min_count;
    const fr_fold fold = { sizeof(fr_pair), add_shares, fr_merge_pairs, column, column, 0, NULL, false };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *shares = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    if (!shares) return false;
    for (size_t g = 0; g < job->n_groups; g++) {
        if (isfinite(sums[g]) || (counts && counts[g] < least)) continue;
        values[g] = fr_pair_value((const fr_pair *)shares->data + g) / (means ? (double)counts[g] : 1) / SHARE;
    }
    return true;
}
