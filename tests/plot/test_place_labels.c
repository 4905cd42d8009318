/* Labels placed: by eye, and at random against every way to pool them. */
#include "plot/place_labels.h"

#include <math.h>

#include "base/rng.h"
#include "support/test.h"
#include "support/torture.h"

enum { MOST = 7 };

static bool apart(const fr_label_column *column, double *placed)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    const bool fits = fr_move_apart(&call, column, placed);
    fr_call_end(&call);
    return fits;
}

TEST(labels_that_do_not_touch_stay)
{
    const double wanted[] = { 300, 100, 200 }, sizes[] = { 12, 12, 12 };
    double placed[3];
    CHECK(apart(&(fr_label_column){ wanted, sizes, 3, 2, { 0, 400 } }, placed));
    for (int i = 0; i < 3; i++) CHECK_F64(placed[i], wanted[i]);
}

TEST(labels_that_touch_move_by_the_same_amount)
{
    const double wanted[] = { 100, 104, 300 }, sizes[] = { 12, 12, 12 };
    double placed[3];
    CHECK(apart(&(fr_label_column){ wanted, sizes, 3, 2, { 0, 400 } }, placed));
    CHECK_F64(placed[0], 95);
    CHECK_F64(placed[1], 109);
    CHECK_F64(placed[2], 300);
}

TEST(equal_wishes_keep_the_order_of_the_array)
{
    const double wanted[] = { 50, 50, 50 }, sizes[] = { 10, 20, 10 };
    double placed[3];
    CHECK(apart(&(fr_label_column){ wanted, sizes, 3, 0, { 0, 100 } }, placed));
    CHECK_F64(placed[0], 35);
    CHECK_F64(placed[1], 50);
    CHECK_F64(placed[2], 65);
}

TEST(bounds_hold_and_too_many_labels_are_refused)
{
    const double wanted[] = { 1, 2, 99 }, sizes[] = { 10, 10, 10 };
    double placed[3];
    CHECK(apart(&(fr_label_column){ wanted, sizes, 3, 0, { 0, 100 } }, placed));
    CHECK_F64(placed[0], 5);
    CHECK_F64(placed[1], 15);
    CHECK_F64(placed[2], 95);
    CHECK(apart(&(fr_label_column){ wanted, sizes, 3, 0, { 0, 30 } }, placed));
    CHECK(!apart(&(fr_label_column){ wanted, sizes, 3, 0, { 0, 29 } }, placed));
    CHECK(apart(&(fr_label_column){ 0 }, NULL));
}

/* ---- against every pooling --------------------------------------------------------------------------------------- */
typedef struct problem { double wanted[MOST], sizes[MOST]; size_t n; double gap; fr_interval bounds; } problem;

static double cost_of(const problem *p, const double *at)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) sum += (at[i] - p->wanted[i]) * (at[i] - p->wanted[i]);
    return sum;
}

static bool is_allowed(const problem *p, const double *at)
{
    for (size_t i = 0; i < p->n; i++) {
        if (at[i] - p->sizes[i] / 2 < p->bounds.low - 1e-6 || at[i] + p->sizes[i] / 2 > p->bounds.high + 1e-6) return false;
        if (i > 0 && at[i] - at[i - 1] < (p->sizes[i] + p->sizes[i - 1]) / 2 + p->gap - 1e-6) return false;
    }
    return true;
}

/* Every optimum is made of runs that touch, each at its mean or at a bound: all 2^(n-1) ways to cut are tried. */
static double least_cost(const problem *p)
{
    double d[MOST] = { 0 }, best = (double)INFINITY;
    for (size_t i = 1; i < p->n; i++) d[i] = d[i - 1] + (p->sizes[i - 1] + p->sizes[i]) / 2 + p->gap;
    const double low = p->bounds.low + p->sizes[0] / 2, high = p->bounds.high - p->sizes[p->n - 1] / 2 - d[p->n - 1];
    for (unsigned cuts = 0; cuts < 1u << (p->n - 1); cuts++) {
        double at[MOST];
        for (size_t from = 0, to; from < p->n; from = to) {
            double sum = 0;
            for (to = from; to == from || (to < p->n && !(cuts >> (to - 1) & 1)); to++) sum += p->wanted[to] - d[to];
            const double mean = fmin(fmax(sum / (double)(to - from), low), high);
            for (size_t i = from; i < to; i++) at[i] = mean + d[i];
        }
        if (is_allowed(p, at)) best = fmin(best, cost_of(p, at));
    }
    return best;
}

TEST(labels_move_as_little_as_any_pooling_allows)
{
    fr_rng rng;
    fr_rng_init(&rng, 3, 0);
    int placed_ones = 0;
    for (int round = 0; round < 20000; round++) {
        problem p = { .n = 1 + fr_rng_below(&rng, MOST), .gap = (double)fr_rng_below(&rng, 3), .bounds = { 0, 100 } };
        double at[MOST], total = p.gap * (double)(p.n - 1), next = fr_rng_f64(&rng) * 60 - 10;
        for (size_t i = 0; i < p.n; i++) {
            p.wanted[i] = next;
            p.sizes[i]  = 4 + fr_rng_f64(&rng) * 14;
            next += fr_rng_below(&rng, 3) ? fr_rng_f64(&rng) * 8 : fr_rng_f64(&rng) * 40;
            total += p.sizes[i];
        }
        const bool fits = apart(&(fr_label_column){ p.wanted, p.sizes, p.n, p.gap, p.bounds }, at);
        CHECK(fits == (total <= 100));
        if (!fits) continue;
        placed_ones++;
        CHECK(is_allowed(&p, at));
        CHECK(cost_of(&p, at) <= least_cost(&p) + 1e-6);
    }
    CHECK(placed_ones > 10000);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */
/* n labels of one width, evenly from 0 to 300. */
static fr_fit row_of(size_t n, double width, double wrapped, bool is_sequence, bool level_only)
{
    double at[64], widths[64], lines[64];
    for (size_t i = 0; i < n; i++) {
        at[i] = ((double)i + 0.5) * 300 / (double)n;
        widths[i] = width;
        lines[i]  = wrapped;
    }
    const fr_label_row row = { at, widths, wrapped > 0 ? lines : NULL, n, 14, 6, { -20, 320 }, is_sequence, level_only };
    return fr_fit_labels(&row);
}

TEST(labels_below_an_axis_are_wrapped_thinned_or_turned)
{
    CHECK_INT(row_of(5, 50, 0, false, false).how, FR_FIT_ALL);
    CHECK_INT(row_of(5, 80, 45, false, false).how, FR_FIT_WRAPPED);
    CHECK_F64(row_of(5, 80, 45, false, false).height, 28);
    CHECK_INT(row_of(12, 30, 0, true, false).how, FR_FIT_THINNED);
    CHECK_INT(row_of(12, 30, 0, true, false).every, 2);
    CHECK_INT(row_of(5, 80, 70, false, false).how, FR_FIT_TURNED);
    CHECK(!row_of(5, 80, 70, false, false).flip);
    CHECK(row_of(10, 80, 70, false, false).flip);
    CHECK_INT(row_of(10, 80, 70, false, false).every, 1);
    CHECK_INT(row_of(30, 80, 70, false, false).every, 3);       /* 10 px apart; turned lines need 24.4 */
    CHECK_INT(row_of(10, 80, 70, false, true).how, FR_FIT_THINNED);
    CHECK_INT(row_of(10, 80, 70, false, true).every, 3);
    CHECK_INT(row_of(10, 80, 70, false, true).first, 1);        /* the first would reach over the left bound */
    CHECK_INT(row_of(1, 500, 0, true, false).how, FR_FIT_TURNED);
}

static bool overlaps(const fr_label_row *row, const fr_fit *fit)
{
    const double *widths = fit->how == FR_FIT_WRAPPED ? row->wrapped : row->widths;
    for (size_t i = fit->first + fit->every; i <= fit->last; i += fit->every) {
        const double apart = row->at[i] - row->at[i - fit->every];
        if (fit->angle > 0 ? apart * sin(fit->angle * M_PI / 180) < row->line_height - 1e-9
                           : apart < (widths[i] + widths[i - fit->every]) / 2) return true;
    }
    return false;
}

TEST(fitted_labels_never_overlap)
{
    fr_rng rng;
    fr_rng_init(&rng, 4, 0);
    for (int round = 0; round < 20000; round++) {
        double at[60], widths[60], wrapped[60];
        const size_t n = 1 + fr_rng_below(&rng, 60);
        for (size_t i = 0; i < n; i++) {
            at[i] = (i ? at[i - 1] : 0) + 1 + fr_rng_f64(&rng) * 60;
            widths[i]  = fr_rng_f64(&rng) * 90;
            wrapped[i] = widths[i] * (0.5 + fr_rng_f64(&rng) / 2);
        }
        const fr_label_row row = { at, widths, wrapped, n, 14, 4, { -100, 5000 }, round & 1, round & 2 };
        const fr_fit fit = fr_fit_labels(&row);
        CHECK(!overlaps(&row, &fit));
        CHECK(fit.every >= 1 && fit.height > 0);
    }
}

TEST(second_lines_are_left_out_where_they_would_overlap)
{
    const double starts[] = { 0, 20, 200, 230, 300 }, widths[] = { 40, 40, 40, 40, 40 };
    bool keep[5];
    CHECK_INT(fr_keep_starts(starts, widths, 5, 5, keep), 3);
    CHECK(!keep[0] && keep[1] && keep[2] && !keep[3] && keep[4]);
    CHECK_INT(fr_keep_starts(starts, widths, 1, 5, keep), 1);
    CHECK_INT(fr_keep_starts(starts, widths, 0, 5, keep), 0);
}

static fr_outcome three_labels(fr_context *context, void *state)
{
    const double wanted[] = { 100, 104, 300 }, sizes[] = { 12, 12, 12 };
    double placed[3] = { 0 };
    fr_call call;
    (void)state;
    fr_call_begin(&call, context, NULL, 0);
    const bool fits = fr_move_apart(&call, &(fr_label_column){ wanted, sizes, 3, 2, { 0, 400 } }, placed);
    return fr_outcome_of_call(&call, fits ? fr_digest(0, placed, sizeof placed) : 1);
}

TEST(moving_labels_survives_every_failure) { TORTURE(three_labels, NULL); }
