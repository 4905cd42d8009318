/* aggregate_moments.c — var, std, sem, skew, kurt, cov, corr.
 *
 * Two passes: the mean of each group first, then the powers of the distances from it, all in compensated sums over
 * fixed blocks (ops/fold.h). The second pass corrects for the mean's own rounding: M2 = Σd² - (Σd)²/n, so an offset of
 * 1e9 costs nothing. For integers the centre is the nearest integer and the distances are exact; those of at most 22
 * bits (var, std, sem, cov, corr) need no centre and one pass: Σx and Σx² are exact, and so is nΣx² - (Σx)².
 * var, std and sem of floats begin with the distances from each group's first value, which lies among the others;
 * where it does not (in some group the mean is eight deviations away), a second pass takes the means.
 * Skewness and kurtosis are the bias-corrected sample forms (pandas, R type 2); a constant group has 0 of both.
 *
 *     1, 2, 3, 10     var 16.67   skew 1.763633   kurt 3.228
 *
 * Source   T. F. Chan, G. H. Golub, R. J. LeVeque, Am. Stat. 37 (1983) 242-247, for the corrected two-pass form.
 */
#include "ops/aggregates.h"
#include "ops/tally.h"

#include "kernel/scaled.h"

#include <math.h>

typedef struct moments_self {
    const fr_column *column;
    const double    *centres;
    int              powers;
} moments_self;

static void add_moments(const void *self_, void *states, int64_t first_row, const fr_window *rows,
                        const fr_group_span *span)
{
    (void)first_row;
    const moments_self *self = self_;
    const fr_column *column = self->column;
    if (column->digits && !span->ids)
        fr_moments_of_scaled(states, rows->values, column->digits, rows->valid, *self->centres, span, self->powers);
    else
        fr_fold_kernels_of(fr_fold_phys(column))->moments(states, rows->values, rows->valid, self->centres + span->low, span,
                                                          self->powers);
}

/* Sums of two powers are merged in blocks for as many groups as those of four. */
static fr_buffer *fold_moments(fr_call *call, const moments_self *self, const fr_aggregate_job *job)
{
    const fr_fold fold = { (size_t)self->powers * sizeof(fr_pair), add_moments,
                           self->powers == 4 ? fr_merge_four_moments : fr_merge_two_moments, self, self->column,
                           4 * sizeof(fr_pair), NULL, true };
    return fr_fold_rows(call, &fold, job->grouping, job->n_rows);
}

static bool needs_doubles(const fr_column *column)
{
    return column->type->kind == FR_DECIMAL || column->type->kind == FR_BOOL;
}

/* The same column as f64 (nulls zero), so that means and moments see doubles. */
static fr_column *column_of_doubles(fr_call *call, const fr_column *column)
{
    FR_OWNED fr_column *whole = fr_column_together(call, column);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = whole ? fr_as_doubles(call, whole) : NULL;
    return values ? fr_column_with_values(call, whole, fr_type_of(FR_F64), FR_PHYS_F64, values, NULL) : NULL;
}

/* Moments about the centre of each group, as plain doubles: m[0] = n, then M2, M3, M4 about the mean. */
typedef struct spread { double n, m2, m3, m4; } spread;

static spread about_mean(const fr_pair *power, uint64_t count, int powers)
{
    const double n = (double)count, s1 = fr_pair_value(&power[0]);
    const double s2 = fr_pair_value(&power[1]);
    spread m = { .n = n, .m2 = s2 - s1 * s1 / n };
    if (m.m2 < 0) m.m2 = 0;
    if (powers < 4) return m;
    const double s3 = fr_pair_value(&power[2]), s4 = fr_pair_value(&power[3]), a = s1 / n;
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

/* The same from exact sums; n Σx² - (Σx)² is below 2^105 (fr_is_small_integer). */
static spread exactly(fr_i128 sum, fr_i128 squares, uint64_t count)
{
    const fr_i128 n = (fr_i128)count;
    return (spread){ .n = (double)count, .m2 = (double)(n * squares - sum * sum) / (double)count };
}

static void put_spread(const fr_aggregate_job *job, fr_results *out, size_t g, const spread *m, finish_moments *finish)
{
    bool null = m->n == 0;
    const double x = null ? 0 : finish(m, &job->options, &null);
    if (null) fr_results_null(out, g);
    else ((double *)out->values->data)[g] = x;
}

static void fill_moments(const fr_aggregate_job *job, const fr_buffer *states, const uint64_t *counts, int powers,
                         finish_moments *finish, fr_results *out)
{
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_pair *sums = (const fr_pair *)states->data + g * (size_t)powers;
        const spread m = counts[g] ? about_mean(sums, counts[g], powers) : (spread){ 0 };
        put_spread(job, out, g, &m, finish);
    }
}

/* ---- small integers ---------------------------------------------------------------------------------------------- */
static void add_squares(const void *self, void *states, int64_t first_row, const fr_window *rows,
                        const fr_group_span *span)
{
    (void)first_row;
    fr_fold_kernels_of(((const fr_column *)self)->phys)->squares(states, rows->values, span);
}

static bool fill_spreads(fr_call *call, const fr_aggregate_job *job, const uint64_t *n, finish_moments *finish,
                         fr_results *out)
{
    const fr_tally_want want = { FR_TALLY_SQUARES, job->args[0], NULL };
    const fr_fold fold = { sizeof(fr_squares), add_squares, fr_merge_squares, job->args[0], job->args[0], 0, NULL, false };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *squares = fr_tally_find(job->grouping, &want);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = squares ? fr_exact_sums(call, job->args[0], job)
                                                         : fr_fold_rows(call, &fold, job->grouping, job->n_rows);
    if (!sums) return false;
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_squares both = squares ? (fr_squares){ ((const fr_i128 *)sums->data)[g], ((const fr_i128 *)squares->data)[g] }
                                        : ((const fr_squares *)sums->data)[g];
        const spread m = n[g] ? exactly(both.x, both.xx, n[g]) : (spread){ 0 };
        put_spread(job, out, g, &m, finish);
    }
    return true;
}

static fr_column *run_spreads(fr_call *call, const fr_aggregate_job *job, finish_moments *finish)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_count_values(call, job->args[0], job);
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!counts || !fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    return fill_spreads(call, job, counts->data, finish, &out) ? fr_results_finish(call, &out, job->type) : NULL;
}

/* ---- floats ------------------------------------------------------------------------------------------------------ */
/* Σd² as many times M2: then up to six bits of M2 are lost, of the 53 that each d² has. */
enum { FAR_SQUARES = 64 };

typedef struct spreads_self { const fr_column *column; const double *centres; size_t n_groups; } spreads_self;

static bool is_of_floats(const fr_aggregate_job *job)
{
    return fr_kind_is_float(job->args[0]->type->kind) && job->n_rows > 0;
}

static void add_spreads(const void *self_, void *states, int64_t first_row, const fr_window *rows,
                        const fr_group_span *span)
{
    (void)first_row;
    const spreads_self *self = self_;
    const fr_column *column = self->column;
    if (column->digits && !span->ids)
        fr_spread_of_scaled(states, rows->values, column->digits, rows->valid, *self->centres, span);
    else
        fr_fold_kernels_of(fr_fold_phys(column))->spreads(states, rows->values, rows->valid, self->centres + span->low, span);
}

static void begin_spreads(const void *self_, void *states)
{
    const spreads_self *self = self_;
    for (size_t g = 0; g < self->n_groups; g++) ((fr_spread_sums *)states)[g].centre = self->centres[g];
}

static fr_buffer *fold_spreads(fr_call *call, const fr_aggregate_job *job, const double *centres)
{
    const spreads_self self = { job->args[0], centres, fr_fold_groups(job->grouping) };
    const fr_fold fold = { sizeof(fr_spread_sums), add_spreads, fr_merge_spreads, &self, self.column, 4 * sizeof(fr_pair),
                           begin_spreads, false };
    return fr_fold_rows(call, &fold, job->grouping, job->n_rows);
}

/* One centre is as right as another; under a null is a zero. */
double fr_float_centre(const fr_column *column, int64_t first_row)
{
    uint64_t valid;
    double room[64];
    const int64_t word = first_row / 64 * 64, n = first_row - word + 1;
    const fr_window rows = fr_column_window(column, word, n, &(fr_window_room){ room, &valid });
    const double x = column->digits              ? fr_scaled_real(((const int32_t *)rows.values)[n - 1], column->digits)
                   : column->phys == FR_PHYS_F32 ? (double)((const float *)rows.values)[n - 1]
                                                 : ((const double *)rows.values)[n - 1];
    return isfinite(x) ? x : 0;
}

static fr_buffer *first_values(fr_call *call, const fr_aggregate_job *job)
{
    if (job->grouping && !fr_grouping_need_firsts(call, job->grouping)) return NULL;
    fr_buffer *values = fr_buffer_array(call, job->n_groups, sizeof(double));
    for (size_t g = 0; values && g < job->n_groups; g++) {
        const int64_t row = job->grouping ? fr_grouping_first(job->grouping, g) : 0;
        ((double *)values->data)[g] = fr_float_centre(job->args[0], row);
    }
    return values;
}

static spread about_centre(const fr_spread_sums *s)
{
    const fr_pair powers[] = { fr_spread_pair(s, 0), fr_spread_pair(s, 1) };
    return s->n ? about_mean(powers, s->n, 2) : (spread){ 0 };
}

/* From the centres to the means, if it is needed. */
static bool move_centres(const fr_spread_sums *sums, size_t n_groups, double *centres)
{
    bool far = false;
    for (size_t g = 0; g < n_groups && !far; g++) {
        const fr_pair squares = fr_spread_pair(&sums[g], 1);
        far = isinf(squares.high) || about_centre(&sums[g]).m2 * FAR_SQUARES < fr_pair_value(&squares);
    }
    for (size_t g = 0; g < n_groups && far; g++) {
        const fr_pair sum = fr_spread_pair(&sums[g], 0);
        if (sums[g].n) centres[g] += fr_pair_value(&sum) / (double)sums[g].n;
    }
    return far;
}

static fr_buffer *one_spread(fr_call *call, const fr_spread_sums *known)
{
    fr_buffer *sums = fr_buffer_array(call, 1, sizeof *known);
    if (sums) *(fr_spread_sums *)sums->data = *known;
    return sums;
}

/* fr_spread_sums[n_groups]; `known`: those of the one group about its first value, unless NULL. */
static fr_buffer *find_spreads(fr_call *call, const fr_aggregate_job *job, const fr_spread_sums *known)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *centres = first_values(call, job);
    if (!centres) return NULL;
    fr_buffer *sums = known ? one_spread(call, known) : fold_spreads(call, job, centres->data);
    if (!sums || !move_centres(sums->data, job->n_groups, centres->data)) return sums;
    fr_buffer_unref(sums);
    return fold_spreads(call, job, centres->data);
}

static fr_column *run_real_spreads(fr_call *call, const fr_aggregate_job *job, finish_moments *finish)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = find_spreads(call, job, NULL);
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!sums || !fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        const spread m = about_centre((const fr_spread_sums *)sums->data + g);
        put_spread(job, &out, g, &m, finish);
    }
    return fr_results_finish(call, &out, job->type);
}

/* ---- one column -------------------------------------------------------------------------------------------------- */
static fr_column *run_moments(fr_call *call, const fr_aggregate_job *job, int powers, finish_moments *finish)
{
    bool small;
    if (powers == 2 && is_of_floats(job)) return run_real_spreads(call, job, finish);
    if (!fr_is_small_integer(call, job->args[0], &small)) return NULL;
    if (small && powers == 2) return run_spreads(call, job, finish);
    FR_OWNED fr_column *column =
        needs_doubles(job->args[0]) ? column_of_doubles(call, job->args[0]) : fr_column_ref(job->args[0]);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = column ? fr_count_values(call, column, job) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *centres = counts ? fr_group_means(call, column, job) : NULL;
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!centres || !fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    if (!fr_kind_is_float(column->type->kind))
        for (size_t g = 0; g < job->n_groups; g++) ((double *)centres->data)[g] = rint(((double *)centres->data)[g]);

    const moments_self self = { .column = column, .centres = centres->data, .powers = powers };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fold_moments(call, &self, job);
    if (!states) return NULL;
    fill_moments(job, states, counts->data, powers, finish, &out);
    return fr_results_finish(call, &out, job->type);
}

/* ---- a whole column ---------------------------------------------------------------------------------------------- */
static bool spread_of_small(fr_call *call, const fr_aggregate_job *job, const fr_counted_sums *known, spread *m,
                            double *mean)
{
    const fr_fold fold = { sizeof(fr_squares), add_squares, fr_merge_squares, job->args[0], job->args[0], 0, NULL, false };
    fr_squares sums = known->sums;
    if (!known->known) {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *made = fr_fold_rows(call, &fold, NULL, job->n_rows);
        if (!made) return false;
        sums = *(const fr_squares *)made->data;
    }
    *m = exactly(sums.x, sums.xx, (uint64_t)m->n);
    *mean = fr_exact_mean(sums.x, (uint64_t)m->n);
    return true;
}

static bool mean_of(fr_call *call, const fr_aggregate_job *job, const fr_counted_sums *known, double n, double *mean)
{
    if (known->real_known && isfinite(known->real.high)) return *mean = fr_pair_value(&known->real) / n, true;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *means = fr_group_means(call, job->args[0], job);
    if (means) *mean = *(const double *)means->data;
    return means != NULL;
}

static bool spread_of_floats(fr_call *call, const fr_aggregate_job *job, const fr_counted_sums *known, spread *m)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = find_spreads(call, job, known->real_known ? &known->about : NULL);
    if (sums) *m = about_centre(sums->data);
    return sums != NULL;
}

static bool spread_about_mean(fr_call *call, const fr_aggregate_job *job, const fr_counted_sums *known, spread *m,
                              double *mean)
{
    if (!mean_of(call, job, known, m->n, mean)) return false;
    if (is_of_floats(job)) return spread_of_floats(call, job, known, m);
    const fr_column *column = job->args[0];
    const double centre = rint(*mean);
    const moments_self self = { .column = column, .centres = &centre, .powers = 2 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = fold_moments(call, &self, job);
    if (states) *m = about_mean(states->data, (uint64_t)m->n, 2);
    return states != NULL;
}

bool fr_spread_of_column(fr_call *call, fr_column *column, uint64_t n_values, const fr_counted_sums *known,
                         fr_column_spread *out)
{
    const fr_aggregate_job job = { .name = "std", .args = &column, .n_args = 1, .n_rows = column->length, .n_groups = 1,
                                   .options = { .ddof = 1 } };
    spread m = { .n = (double)n_values };
    bool small, null;
    if (!fr_is_small_integer(call, column, &small)) return false;
    if (!(small ? spread_of_small : spread_about_mean)(call, &job, known, &m, &out->mean)) return false;
    out->deviation = deviation(&m, &job.options, &null);
    return true;
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

static void add_pairs(const void *self_, void *states, int64_t first_row, const fr_window *rows,
                      const fr_group_span *span)
{
    (void)rows;
    const pair_self *self = self_;
    fr_co_moments_of(states, self->x + first_row, self->y + first_row,
                     self->valid ? self->valid + first_row / 64 : NULL, self->centres + 2 * (size_t)span->low, span);
}

/* Column `which` with the validity of both: its values where the other has one, else zero and null. */
static fr_column *complete_column(fr_call *call, const fr_aggregate_job *job, int which)
{
    const fr_column *one = job->args[which], *other = job->args[1 - which];
    if (!one->null_count && !other->null_count)
        return one->phys == FR_PHYS_F64 ? fr_column_ref(one) : column_of_doubles(call, one);
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

/* What cov and corr come from: sums of squares and products about the means. */
typedef struct co_spread { double n, xx, yy, xy; } co_spread;

static co_spread about_means(const fr_co_moments *s, uint64_t count)
{
    const double n = (double)count, x = fr_pair_value(&s->x), y = fr_pair_value(&s->y);
    return (co_spread){ n, fr_pair_value(&s->xx) - x * x / n, fr_pair_value(&s->yy) - y * y / n,
                        fr_pair_value(&s->xy) - x * y / n };
}

static co_spread exactly_about_means(const fr_exact_pairs *s)
{
    const double n = (double)s->n;
    return (co_spread){ n, (double)(s->n * s->xx - s->x * s->x) / n, (double)(s->n * s->yy - s->y * s->y) / n,
                        (double)(s->n * s->xy - s->x * s->y) / n };
}

static double covariance(const co_spread *s, int64_t ddof, bool *null)
{
    *null = !(s->n - (double)ddof > 0);
    return *null ? 0 : s->xy / (s->n - (double)ddof);
}

static double correlation(const co_spread *s, bool *null)
{
    *null = s->n < 2 || s->xx <= 0 || s->yy <= 0;            /* a constant column has no correlation; NaN passes */
    if (*null) return 0;
    const double r = s->xy / (sqrt(s->xx) * sqrt(s->yy));
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

static void put_co_spread(const fr_aggregate_job *job, fr_results *out, size_t g, const co_spread *s, bool correlate)
{
    bool null = s->n == 0;
    double value = 0;
    if (!null) value = correlate ? correlation(s, &null) : covariance(s, job->options.ddof, &null);
    if (null) fr_results_null(out, g);
    else ((double *)out->values->data)[g] = value;
}

/* Both columns small integers: exact sums; else moments about the means. */
static bool are_small(fr_call *call, const fr_aggregate_job *job, bool *small)
{
    bool other;
    if (!fr_is_small_integer(call, job->args[0], small) || !fr_is_small_integer(call, job->args[1], &other)) return false;
    *small = *small && other;
    return true;
}

static fr_column *pairs_of_tally(fr_call *call, const fr_aggregate_job *job, const fr_buffer *sums, bool correlate)
{
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        const fr_exact_pairs *pairs = (const fr_exact_pairs *)sums->data + g;
        const co_spread s = pairs->n ? exactly_about_means(pairs) : (co_spread){ 0 };
        put_co_spread(job, &out, g, &s, correlate);
    }
    return fr_results_finish(call, &out, job->type);
}

/* A compensated sum of integers is exact while its low half is below 2^53. */
static fr_i128 exact_sum(const fr_pair *sum)
{
    return (fr_i128)sum->high + (fr_i128)sum->low;
}

static co_spread spread_of_sums(const fr_co_moments *s, uint64_t n, bool small)
{
    if (!n) return (co_spread){ 0 };
    if (!small) return about_means(s, n);
    return exactly_about_means(&(fr_exact_pairs){ (fr_i128)n, exact_sum(&s->x), exact_sum(&s->y), exact_sum(&s->xx),
                                                  exact_sum(&s->yy), exact_sum(&s->xy) });
}

static fr_buffer *fold_pairs(fr_call *call, const fr_aggregate_job *job, const fr_column *x, const fr_column *y,
                             const double *centres)
{
    const pair_self self = { .x = x->values, .y = y->values, .centres = centres, .valid = x->valid };
    const fr_fold fold = { sizeof(fr_co_moments), add_pairs, fr_merge_co_moments, &self, NULL, 0, NULL, true };
    return fr_fold_rows(call, &fold, job->grouping, job->n_rows);
}

static bool is_far(const fr_pair *squares, double about_mean)
{
    return isinf(squares->high) || about_mean * FAR_SQUARES < fr_pair_value(squares);
}

/* All rows: about the first pair, and only where that is far out about the means, as single columns are. */
static fr_buffer *fold_all_pairs(fr_call *call, const fr_aggregate_job *job, const fr_column *x, const fr_column *y)
{
    double centres[2] = { 0, 0 };
    const int64_t n = x->length - x->null_count;
    int64_t first = 0;
    while (first < x->length && !fr_is_valid(x, first)) first++;
    if (n) centres[0] = fr_float_centre(x, first), centres[1] = fr_float_centre(y, first);
    fr_buffer *sums = fold_pairs(call, job, x, y, centres);
    if (!sums || !n) return sums;
    const fr_co_moments *s = sums->data;
    const co_spread about = about_means(s, (uint64_t)n);
    if (!is_far(&s->xx, about.xx) && !is_far(&s->yy, about.yy)) return sums;
    centres[0] += fr_pair_value(&s->x) / (double)n;
    centres[1] += fr_pair_value(&s->y) / (double)n;
    fr_buffer_unref(sums);
    return fold_pairs(call, job, x, y, centres);
}

/* About the means of each group; small integers are summed as they are. */
static fr_buffer *fold_pairs_of_groups(fr_call *call, const fr_aggregate_job *job, const fr_column *x, const fr_column *y,
                                       bool small)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *centres =
        small ? fr_buffer_zeroed(call, 2 * job->n_groups * sizeof(double)) : centres_of_both(call, job, x, y);
    return centres ? fold_pairs(call, job, x, y, centres->data) : NULL;
}

static fr_column *pairs_by_fold(fr_call *call, const fr_aggregate_job *job, bool small, bool correlate)
{
    FR_OWNED fr_column *x = complete_column(call, job, 0);
    FR_OWNED fr_column *y = x ? complete_column(call, job, 1) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = y ? fr_count_values(call, x, job) : NULL;
    FR_CLEANUP(fr_results_clear) fr_results out = { 0 };
    if (!counts || !fr_results_init(call, &out, job->n_groups, sizeof(double))) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *states = !job->grouping && !small ? fold_all_pairs(call, job, x, y)
                                                                            : fold_pairs_of_groups(call, job, x, y, small);
    if (!states) return NULL;
    for (size_t g = 0; g < job->n_groups; g++) {
        const co_spread s = spread_of_sums((const fr_co_moments *)states->data + g, ((const uint64_t *)counts->data)[g],
                                           small);
        put_co_spread(job, &out, g, &s, correlate);
    }
    return fr_results_finish(call, &out, job->type);
}

static fr_column *run_pairs(fr_call *call, const fr_aggregate_job *job, bool correlate)
{
    bool small;
    const fr_tally_want want = { FR_TALLY_PAIRS, job->args[0], job->args[1] };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = fr_tally_find(job->grouping, &want);
    if (sums) return pairs_of_tally(call, job, sums, correlate);
    return are_small(call, job, &small) ? pairs_by_fold(call, job, small, correlate) : NULL;
}

fr_column *fr_run_cov(fr_call *call, const fr_aggregate_job *job)
{
    return run_pairs(call, job, false);
}

fr_column *fr_run_corr(fr_call *call, const fr_aggregate_job *job)
{
    return run_pairs(call, job, true);
}
