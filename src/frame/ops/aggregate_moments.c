/* aggregate_moments.c — var, std, sem, skew, kurt, cov, corr.
 *
 * Two passes: the mean of each group first, then the powers of the distances from it, all in compensated sums over
 * fixed blocks (ops/fold.h). The second pass corrects for the mean's own rounding: M2 = Σd² - (Σd)²/n, so an offset of
 * 1e9 costs nothing. For integers the centre is the nearest integer and the distances are exact.
 * Skewness and kurtosis are the bias-corrected sample forms (pandas, R type 2); a constant group has 0 of both.
 *
 *     1, 2, 3, 10     var 16.67   skew 1.763633   kurt 3.228
 *
 * Source   T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37 (1983) 242-247, for the corrected two-pass form.
 */
#include "ops/aggregates.h"

#include <math.h>

typedef struct moments_self {
    const fr_column *column;
    const double    *values;               /* decimals and bools as doubles; NULL: the column's own */
    const double    *centres;
    int              powers;
} moments_self;

static void add_moments(const void *self_, void *states, int64_t first_row, const fr_group_span *span)
{
    const moments_self *self = self_;
    const fr_column *column = self->column;
    const fr_phys phys = self->values ? FR_PHYS_F64 : column->phys;
    const char *values = self->values ? (const char *)self->values : column->values;
    const uint64_t *valid = column->valid ? column->valid + first_row / 64 : NULL;
    fr_fold_kernels_of(phys)->moments(states, values + (size_t)first_row * fr_phys_width(phys), valid,
                                      self->centres + span->low, span, self->powers);
}

static bool needs_doubles(const fr_column *column)
{
    return column->type->kind == FR_DECIMAL || column->type->kind == FR_BOOL;
}

/* The same column as f64 (nulls zero), so that means and moments see doubles. */
static fr_column *column_of_doubles(fr_call *call, const fr_column *column)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_as_doubles(call, column);
    return values ? fr_column_with_values(call, column, fr_type_of(FR_F64), FR_PHYS_F64, values, NULL) : NULL;
}

/* Moments about the centre of each group, as plain doubles: m[0] = n, then M2, M3, M4 about the mean. */
typedef struct spread { double n, m2, m3, m4; } spread;

static spread about_mean(const fr_moments *s, uint64_t count, int powers)
{
    const double n = (double)count, s1 = fr_pair_value(&s->power[0]);
    const double s2 = fr_pair_value(&s->power[1]);
    spread m = { .n = n, .m2 = s2 - s1 * s1 / n };
    if (m.m2 < 0) m.m2 = 0;
    if (powers < 4) return m;
    const double s3 = fr_pair_value(&s->power[2]), s4 = fr_pair_value(&s->power[3]), a = s1 / n;
    m.m3 = s3 - 3 * a * s2 + 2 * a * a * s1;
    m.m4 = s4 - 4 * a * s3 + 6 * a * a * s2 - 3 * a * a * a * s1;
    return m;
}

typedef double finish_moments(const spread *m, const fr_aggregate_options *options, bool *null);

static double variance(const spread *m, const fr_aggregate_options *options, bool *null)
{
    *null = !(m->n - (double)options->ddof > 0);
    return *null ? 0 : m->m2 / (m->n - (double)options->ddof);
}

static double deviation(const spread *m, const fr_aggregate_options *options, bool *null)
{
    return sqrt(variance(m, options, null));
}

static double standard_error(const spread *m, const fr_aggregate_options *options, bool *null)
{
    return sqrt(variance(m, options, null) / m->n);
}

static double skewness(const spread *m, const fr_aggregate_options *options, bool *null)
{
    (void)options;
    const double n = m->n;
    *null = n < 3;
    if (*null || m->m2 == 0) return 0;
    return n * sqrt(n - 1) / (n - 2) * (m->m3 / (m->m2 * sqrt(m->m2)));
}

static double kurtosis(const spread *m, const fr_aggregate_options *options, bool *null)
{
    (void)options;
    const double n = m->n;
    *null = n < 4;
    if (*null || m->m2 == 0) return 0;
    return n * (n + 1) * (n - 1) * m->m4 / ((n - 2) * (n - 3) * m->m2 * m->m2)
         - 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
}

static bool fill_moments(const fr_aggregate_job *job, const fr_buffer *states, const uint64_t *counts, int powers,
                         finish_moments *finish, fr_results *out)
{
    for (size_t g = 0; g < job->n_groups; g++) {
        bool null = counts[g] == 0;
        double x = 0;
        if (!null) {
            const spread m = about_mean((const fr_moments *)states->data + g, counts[g], powers);
            x = finish(&m, &job->options, &null);
        }
        if (null) fr_results_null(out, g);
        else ((double *)out->values->data)[g] = x;
    }
    return true;
}

static fr_column *run_moments(fr_call *call, const fr_aggregate_job *job, int powers, finish_moments *finish)
{
    FR_OWNED fr_column *column =
        needs_doubles(job->args[0]) ? column_of_doubles(call, job->args[0]) : fr_column_ref(job->args[0]);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = column ? fr_count_values(call, column, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *centres = counts ? fr_group_means(call, column, job) : NULL;
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!centres || !fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    if (!fr_kind_is_float(column->type->kind))
        for (size_t g = 0; g < job->n_groups; g++) ((double *)centres->data)[g] = rint(((double *)centres->data)[g]);

    const moments_self self = { .column = column, .centres = centres->data, .powers = powers };
    const fr_fold fold = { sizeof(fr_moments), add_moments, fr_merge_moments, &self };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    if (!states || !fill_moments(job, states, counts->data, powers, finish, &out)) return NULL;
    return fr_results_finish(call, &out, job->type);
}

fr_column *fr_run_var(fr_call *call, const fr_aggregate_job *job)
{
    return run_moments(call, job, 2, variance);
}

fr_column *fr_run_std(fr_call *call, const fr_aggregate_job *job)
{
    return run_moments(call, job, 2, deviation);
}

fr_column *fr_run_sem(fr_call *call, const fr_aggregate_job *job)
{
    return run_moments(call, job, 2, standard_error);
}

fr_column *fr_run_skew(fr_call *call, const fr_aggregate_job *job)
{
    return run_moments(call, job, 4, skewness);
}

fr_column *fr_run_kurt(fr_call *call, const fr_aggregate_job *job)
{
    return run_moments(call, job, 4, kurtosis);
}

/* ---- two columns ------------------------------------------------------------------------------------------------- */
typedef struct pair_self {
    const double   *x, *y, *centres;       /* centres of x and y, alternating, by group */
    const uint64_t *valid;
} pair_self;

static void add_pairs(const void *self_, void *states, int64_t first_row, const fr_group_span *span)
{
    const pair_self *self = self_;
    fr_co_moments_of(states, self->x + first_row, self->y + first_row,
                     self->valid ? self->valid + first_row / 64 : NULL, self->centres + 2 * (size_t)span->low, span);
}

/* Column `which` with the validity of both: its values where the other has one, else zero and null. */
static fr_column *complete_column(fr_call *call, const fr_aggregate_job *job, int which)
{
    const fr_column *one = job->args[which], *other = job->args[1 - which];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_as_doubles(call, one);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_array(call, ((size_t)one->length + 63) / 64, 8);
    if (!values || !valid) return NULL;
    uint64_t *word = valid->data;
    for (int64_t i = 0; i < one->length; i += 64)
        word[i >> 6] = fr_valid_word(one->valid, i, one->length) & fr_valid_word(other->valid, i, one->length);
    for (int64_t i = 0; i < one->length; i++)
        if (!fr_bit(word, i)) ((double *)values->data)[i] = 0;
    const int64_t n_null = one->length - fr_bits_count(word, one->length);
    const fr_column_parts parts = { .type = fr_type_of(FR_F64), .phys = FR_PHYS_F64, .length = one->length,
                                    .null_count = n_null, .values = values, .valid = n_null ? valid : NULL };
    return fr_column_new(call, &parts);
}

static fr_buffer *centres_of_both(fr_call *call, const fr_aggregate_job *job, const fr_column *x, const fr_column *y)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *mean_x = fr_group_means(call, x, job);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *mean_y = mean_x ? fr_group_means(call, y, job) : NULL;
    fr_buffer *both = mean_y ? fr_buffer_array(call, 2 * job->n_groups, sizeof(double)) : NULL;
    if (!both) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        ((double *)both->data)[2 * g] = ((const double *)mean_x->data)[g];
        ((double *)both->data)[2 * g + 1] = ((const double *)mean_y->data)[g];
    }
    return both;
}

static double covariance(const fr_co_moments *s, double n, int64_t ddof, bool *null)
{
    *null = !(n - (double)ddof > 0);
    if (*null) return 0;
    return (fr_pair_value(&s->xy) - fr_pair_value(&s->x) * fr_pair_value(&s->y) / n) / (n - (double)ddof);
}

static double correlation(const fr_co_moments *s, double n, bool *null)
{
    const double x = fr_pair_value(&s->x), y = fr_pair_value(&s->y);
    const double xx = fr_pair_value(&s->xx) - x * x / n, yy = fr_pair_value(&s->yy) - y * y / n;
    *null = n < 2 || xx <= 0 || yy <= 0;                     /* a constant column has no correlation; NaN passes */
    if (*null) return 0;
    const double r = (fr_pair_value(&s->xy) - x * y / n) / (sqrt(xx) * sqrt(yy));
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

static fr_column *run_pairs(fr_call *call, const fr_aggregate_job *job, bool correlate)
{
    FR_OWNED fr_column *x = complete_column(call, job, 0);
    FR_OWNED fr_column *y = x ? complete_column(call, job, 1) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = y ? fr_count_values(call, x, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *centres = counts ? centres_of_both(call, job, x, y) : NULL;
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!centres || !fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;

    const pair_self self = { .x = x->values, .y = y->values, .centres = centres->data, .valid = x->valid };
    const fr_fold fold = { sizeof(fr_co_moments), add_pairs, fr_merge_co_moments, &self };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    if (!states) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_co_moments *s = (const fr_co_moments *)states->data + g;
        const double n = (double)((const uint64_t *)counts->data)[g];
        bool null = n == 0;
        double value = 0;
        if (!null) value = correlate ? correlation(s, n, &null) : covariance(s, n, job->options.ddof, &null);
        if (null) fr_results_null(&out, g);
        else ((double *)out.values->data)[g] = value;
    }
    return fr_results_finish(call, &out, job->type);
}

fr_column *fr_run_cov(fr_call *call, const fr_aggregate_job *job)
{
    return run_pairs(call, job, false);
}

fr_column *fr_run_corr(fr_call *call, const fr_aggregate_job *job)
{
    return run_pairs(call, job, true);
}
