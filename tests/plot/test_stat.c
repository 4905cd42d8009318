/* Statistics of marks: against NumPy, SciPy and statsmodels (golden/plot_stat), slow twins, and the library's quantile(). */
#include "plot/stat.h"

#include <frame/frame.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"
#include "support/torture.h"

enum { MOST = 256 };
static const double nan_ = (double)NAN, inf = (double)INFINITY;

/* ---- golden lines ------------------------------------------------------------------------------------------------ */
typedef struct golden { char kind[16]; double part[3][MOST]; size_t n[3]; } golden;

static void read_golden(const char *line, golden *g)
{
    const char *at = strchr(line, '|');
    memset(g, 0, sizeof *g);
    sscanf(line, "%15s", g->kind);
    for (int part = 0; part < 3 && at; part++, at = strchr(at, '|')) {
        char *end;
        for (at++;; at = end) {
            const double x = strtod(at, &end);
            if (end == at || g->n[part] == MOST) break;
            g->part[part][g->n[part]++] = x;
        }
    }
}

typedef void golden_check(fr_call *call, fr_arena *arena, const golden *g);

static int check_golden(const char *kind, golden_check *check)
{
    static char line[32768];
    static golden g;
    int n = 0;
    fr_call call;
    FILE *file = fopen(fr_test_path("tests/golden/plot_stat/stat.txt"), "r");
    if (!file) return 0;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_arena arena;
    fr_arena_init(&arena, call.context);
    while (fgets(line, sizeof line, file)) {
        read_golden(line, &g);
        if (strcmp(g.kind, kind) != 0) continue;
        check(&call, &arena, &g);
        n++;
    }
    fclose(file);
    fr_arena_clear(&arena);
    fr_call_end(&call);
    return n;
}

static void check_box(fr_call *call, fr_arena *arena, const golden *g)
{
    fr_box_stat box;
    const double *want = g->part[2];
    REQUIRE(fr_box_stat_make(call, arena, &(fr_numbers){ g->part[1], NULL, g->n[1] }, MOST, &box));
    CHECK_NEAR(box.q1, want[0], 1e-14);
    CHECK_NEAR(box.median, want[1], 1e-14);
    CHECK_NEAR(box.q3, want[2], 1e-14);
    CHECK_F64(box.low, want[3]);
    CHECK_F64(box.high, want[4]);
    CHECK_INT(box.n_outliers, (int64_t)want[5]);
}

static void check_width(fr_call *call, fr_arena *arena, const golden *g)
{
    fr_histogram h;
    REQUIRE(fr_histogram_make(call, arena, &(fr_numbers){ g->part[1], NULL, g->n[1] }, &(fr_histogram_wish){ 0 }, &h));
    CHECK_F64(h.width, g->part[2][0]);
}

static void check_line(fr_call *call, fr_arena *arena, const golden *g)
{
    const fr_line line = fr_line_fit(g->part[0], g->part[1], g->n[1]);
    (void)call;
    (void)arena;
    CHECK_NEAR(line.slope, g->part[2][0], 1e-11);
    CHECK_NEAR(line.slope * line.mean_x + line.intercept, g->part[2][1], 1e-6);
    CHECK_NEAR(line.r2, g->part[2][2], 1e-11);
}

static void check_smooth(fr_call *call, fr_arena *arena, const golden *g)
{
    double out[MOST];
    const size_t n = g->n[1];
    const double *x = g->part[0] + 2;
    (void)arena;
    REQUIRE(fr_smooth_fit(call, &(fr_smooth){ x, g->part[1], n, g->part[0][0], (int)g->part[0][1] }, x, n, out));
    for (size_t i = 0; i < n; i++) CHECK(fabs(out[i] - g->part[2][i]) < 1e-6);
}

static void check_density(fr_call *call, fr_arena *arena, const golden *g)
{
    double grid[801];
    size_t n;
    fr_left_out left;
    const fr_interval range = { g->part[0][0], g->part[0][1] };
    const double *sorted = fr_sorted_values(call, arena, &(fr_numbers){ g->part[1], NULL, g->n[1] }, &n, &left);
    REQUIRE(sorted != NULL);
    CHECK(fr_density(sorted, n, range, grid, 801) > 0);
    double top = 0;
    for (size_t i = 0; i < 9; i++) top = fmax(top, g->part[2][i]);
    for (size_t i = 0; i < 9; i++) CHECK(fabs(grid[100 * i] - g->part[2][i]) < 1e-3 * top);
}

TEST(boxes_are_numpys)                { CHECK_INT(check_golden("box", check_box), 40); }
TEST(widths_of_bins_follow_the_rule)  { CHECK_INT(check_golden("width", check_width), 40); }
TEST(lines_are_numpys)                { CHECK_INT(check_golden("line", check_line), 20); }
TEST(smooth_curves_are_statsmodels)   { CHECK_INT(check_golden("smooth", check_smooth), 12); }
TEST(densities_are_scipys)            { CHECK_INT(check_golden("density", check_density), 12); }

/* ---- order ------------------------------------------------------------------------------------------------------- */
TEST(quantiles_are_those_of_the_library)
{
    double values[101];
    for (int i = 0; i < 101; i++) values[i] = fmod(i * 37.7, 50) - 20;
    fr_auto(frame) frame = fr_frame_new(101, fr_array("x", FR_F64, values));
    fr_auto(frame) q = fr_pipe(frame, fr_with("a = quantile(x, 0.25); b = median(x); c = quantile(x, 0.9)"));
    REQUIRE(fr_ok(q));
    fr_call call;
    size_t n;
    fr_left_out left;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    const double *sorted = fr_sorted_values(&call, &arena, &(fr_numbers){ values, NULL, 101 }, &n, &left);
    CHECK_F64(fr_sorted_quantile(sorted, n, 0.25), fr_get(q, 0, "a").as.f);
    CHECK_F64(fr_sorted_quantile(sorted, n, 0.5), fr_get(q, 0, "b").as.f);
    CHECK_F64(fr_sorted_quantile(sorted, n, 0.9), fr_get(q, 0, "c").as.f);
    fr_call_end(&call);
}

TEST(sorting_keeps_finite_values_and_counts_the_rest)
{
    const double values[] = { 3, nan_, -1, inf, -0.0, 7, -inf, 0, -5e-324 };
    const uint64_t valid = 0x1ff & ~(1u << 5);
    const double want[] = { -1, -5e-324, 0, 0, 3 };
    fr_call call;
    size_t n;
    fr_left_out left;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    const double *sorted = fr_sorted_values(&call, &arena, &(fr_numbers){ values, &valid, 9 }, &n, &left);
    REQUIRE(sorted && n == 5);
    for (int i = 0; i < 5; i++) CHECK_F64(sorted[i], want[i]);
    CHECK_INT(left.n_null, 1);
    CHECK_INT(left.n_nan, 1);
    CHECK_INT(left.n_infinite, 2);
    fr_call_end(&call);
}

TEST(values_are_put_by_group_in_the_order_of_rows)
{
    const double values[] = { 1, 2, 3, 4, 5, 6 };
    const uint32_t codes[] = { 1, 0, 1, 9, 1, 0 };
    const uint64_t valid = 0x3f & ~(1u << 4);
    fr_call call;
    fr_grouped g;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    REQUIRE(fr_group_values(&call, &arena, &(fr_numbers){ values, &valid, 6 }, codes, 3, &g));
    const double want[] = { 2, 6, 1, 3 };
    CHECK_BYTES(g.values, want, sizeof want);
    CHECK_INT(g.starts[0], 0);
    CHECK_INT(g.starts[1], 2);
    CHECK_INT(g.starts[2], 4);
    CHECK_INT(g.starts[3], 4);
    fr_call_end(&call);
}

/* ---- box --------------------------------------------------------------------------------------------------------- */
TEST(outliers_are_thinned_and_the_outermost_kept)
{
    double values[1000];
    for (int i = 0; i < 1000; i++) values[i] = i < 900 ? i % 10 : 1000 + i;
    values[0] = -5000;
    fr_call call;
    fr_box_stat box;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    REQUIRE(fr_box_stat_make(&call, &arena, &(fr_numbers){ values, NULL, 1000 }, 10, &box));
    CHECK_INT(box.n_outliers, 101);
    CHECK_INT(box.n_outliers_kept, 10);
    CHECK_F64(box.outliers[0], -5000);
    CHECK_F64(box.outliers[1], 1900);
    CHECK_F64(box.outliers[9], 1999);
    CHECK_F64(box.low, 0);
    REQUIRE(fr_box_stat_make(&call, &arena, &(fr_numbers){ values, NULL, 0 }, 10, &box));
    CHECK_INT(box.n, 0);
    CHECK(isnan(box.median));
    fr_call_end(&call);
}

/* ---- stack ------------------------------------------------------------------------------------------------------- */
TEST(positive_and_negative_values_have_towers_of_their_own)
{
    const double values[] = { 3, nan_,   2, 4,   -1, -2,   -2, inf };      /* four series at two places */
    double low[8], high[8];
    const fr_interval extent = fr_stack_make(&(fr_stack){ values, 4, 2, FR_STACK_SUM }, low, high);
    const double want_low[] = { 0, 0, 3, 0, -1, -2, -3, 4 }, want_high[] = { 3, 0, 5, 4, 0, 0, -1, 4 };
    for (int i = 0; i < 8; i++) {
        CHECK_F64(low[i], want_low[i]);
        CHECK_F64(high[i], want_high[i]);
    }
    CHECK_F64(extent.low, -3);
    CHECK_F64(extent.high, 5);
}

TEST(shares_reach_from_end_to_end)
{
    double values[30], low[30], high[30];
    for (int s = 0; s < 10; s++) {
        values[3 * s]     = 0.1;
        values[3 * s + 1] = s % 2 ? -1 : 3;
        values[3 * s + 2] = 0;
    }
    const fr_interval extent = fr_stack_make(&(fr_stack){ values, 10, 3, FR_STACK_SHARE }, low, high);
    CHECK_F64(high[27], 1);
    CHECK_F64(extent.high, 1);
    CHECK_F64(extent.low, -0.25);
    CHECK_F64(high[25], 0.75);
    CHECK_F64(high[29], 0);
}

/* ---- histogram --------------------------------------------------------------------------------------------------- */
static int64_t slow_count(const double *values, size_t n, double low, double high, bool last, bool right_closed)
{
    int64_t out = 0;
    for (size_t i = 0; i < n; i++)
        out += right_closed ? (values[i] > low || (last && values[i] == low)) && values[i] <= high
                            : values[i] >= low && (values[i] < high || (last && values[i] == high));
    return out;
}

static void check_histogram(const double *values, size_t n, const fr_histogram_wish *wish)
{
    fr_call call;
    fr_histogram h;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    REQUIRE(fr_histogram_make(&call, &arena, &(fr_numbers){ values, NULL, n }, wish, &h));
    int64_t sum = h.n_below + h.n_above;
    bool fine = true;
    for (size_t i = 0; i < h.n; i++) {
        const bool at_end = wish->right_closed ? i == 0 : i + 1 == h.n;
        fine = fine && h.edges[i] < h.edges[i + 1];
        fine = fine && h.counts[i] == slow_count(values, n, h.edges[i], h.edges[i + 1], at_end, wish->right_closed);
        sum += h.counts[i];
    }
    CHECK(fine);
    CHECK_INT(sum, h.n_values);
    CHECK(h.n_values + h.left.n_nan + h.left.n_infinite == (int64_t)n);
    CHECK(wish->width > 0 || h.n <= 61);
    fr_call_end(&call);
}

TEST(counts_are_exact_for_any_values)
{
    fr_rng rng;
    fr_rng_init(&rng, 21, 0);
    for (int round = 0; round < 2000; round++) {
        double values[200];
        const size_t n = 1 + fr_rng_below(&rng, 200);
        const double scale = pow(10, (double)fr_rng_below(&rng, 40) - 20);
        const uint64_t kind = fr_rng_below(&rng, 6);
        for (size_t i = 0; i < n; i++) {
            const double u = fr_rng_f64(&rng);
            values[i] = kind == 0 ? u * scale : kind == 1 ? (double)fr_rng_below(&rng, 30) : kind == 2 ? exp(20 * u)
                      : kind == 3 ? (double)fr_rng_below(&rng, 40) / 10 : kind == 4 ? 1e15 + u : fr_rng_normal(&rng) * scale;
            if (fr_rng_below(&rng, 50) == 0) values[i] = fr_rng_below(&rng, 2) ? nan_ : -inf;
        }
        check_histogram(values, n, &(fr_histogram_wish){ .right_closed = round & 1, .count = round % 5 == 0 ? 12 : 0 });
    }
    const double steps[] = { 0.1, 0.2, 0.3, 0.6, 0.7 };
    check_histogram(steps, 5, &(fr_histogram_wish){ .width = 0.1 });
    check_histogram(steps, 5, &(fr_histogram_wish){ .width = 0.1, .right_closed = true });
}

static fr_histogram histogram(fr_call *call, fr_arena *arena, const double *values, size_t n, fr_histogram_wish wish)
{
    fr_histogram h = { 0 };
    CHECK(fr_histogram_make(call, arena, &(fr_numbers){ values, NULL, n }, &wish, &h));
    return h;
}

TEST(whole_numbers_stand_in_the_middle_of_their_bins)
{
    const double dice[] = { 1, 2, 2, 3, 6, 6, 6 };
    double ages[500];
    for (int i = 0; i < 500; i++) ages[i] = i % 100;
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    fr_histogram h = histogram(&call, &arena, dice, 7, (fr_histogram_wish){ 0 });
    CHECK_INT(h.n, 6);
    CHECK_F64(h.edges[0], 0.5);
    CHECK_F64(h.edges[6], 6.5);
    CHECK_INT(h.counts[5], 3);
    h = histogram(&call, &arena, ages, 500, (fr_histogram_wish){ 0 });
    CHECK_F64(h.width, 10);
    CHECK_F64(h.edges[0], -0.5);
    CHECK_F64(h.edges[1], 9.5);                                  /* 0 … 9 */
    CHECK_INT(h.counts[0], 50);
    CHECK_STR(h.note, "bins of 10 (Sturges)");
    h = histogram(&call, &arena, dice, 1, (fr_histogram_wish){ 0 });
    CHECK_INT(h.n, 1);
    CHECK_F64(h.edges[0], 0.5);
    h = histogram(&call, &arena, dice, 0, (fr_histogram_wish){ 0 });
    CHECK_INT(h.n, 0);
    fr_call_end(&call);
}

TEST(edges_are_decimals_and_belong_to_one_side)
{
    const double steps[] = { 0.1, 0.2, 0.3, 0.6, 0.7 };
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    fr_histogram h = histogram(&call, &arena, steps, 5, (fr_histogram_wish){ .width = 0.1 });
    CHECK_INT(h.n, 6);
    CHECK_F64(h.edges[2], 0.3);
    CHECK_F64(h.edges[5], 0.6);
    CHECK_INT(h.counts[2], 1);                                   /* 0.3 lies in [0.3, 0.4) */
    CHECK_INT(h.counts[5], 2);                                   /* 0.6 and 0.7: the last is closed */
    h = histogram(&call, &arena, steps, 5, (fr_histogram_wish){ .width = 0.1, .right_closed = true });
    CHECK_INT(h.counts[0], 2);
    CHECK_INT(h.counts[1], 1);                                   /* 0.3 lies in (0.2, 0.3] */
    fr_call_end(&call);
}

TEST(heavy_tails_are_counted_apart)
{
    static double values[100000];
    fr_rng rng;
    fr_rng_init(&rng, 1, 0);
    for (int i = 0; i < 100000; i++) values[i] = exp(2 * fr_rng_normal(&rng));
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_histogram h = histogram(&call, &arena, values, 100000, (fr_histogram_wish){ 0 });
    CHECK(h.n <= 61 && h.n >= 30);
    CHECK(h.n_above > 100 && h.n_above < 1000);
    CHECK_INT(h.n_below, 0);
    CHECK(strstr(h.note, "not drawn") != NULL);
    int64_t sum = h.n_above;
    for (size_t i = 0; i < h.n; i++) sum += h.counts[i];
    CHECK_INT(sum, 100000);
    fr_call_end(&call);
}

TEST(nulls_are_counted_and_bad_widths_refused)
{
    const double values[] = { 1.5, 0, 2.5, 0, 1e6 };
    const uint64_t valid = 0x15;
    fr_call call;
    fr_histogram h;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    CHECK(fr_histogram_make(&call, &arena, &(fr_numbers){ values, &valid, 5 }, &(fr_histogram_wish){ 0 }, &h));
    CHECK_INT(h.left.n_null, 2);
    CHECK_INT(h.n_values, 3);
    const double bad[] = { -1, nan_, inf, 1e-3, 1e-320 };
    for (int i = 0; i < 5; i++)
        CHECK(!fr_histogram_make(&call, &arena, &(fr_numbers){ values, &valid, 5 }, &(fr_histogram_wish){ .width = bad[i] }, &h));
    fr_call_end(&call);
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */
/* The nearest middle among all hexagons; of equal ones the even row's. */
static void slow_hexagon(double x, double y, double size, double *cx, double *cy)
{
    double best = inf;
    for (int odd = 0; odd < 2; odd++)
        for (int row = odd; row < 30; row += 2)
            for (int column = 0; column < 30; column++) {
                const double ax = (column + 0.5 * odd) * size, ay = row * size * sqrt(3) / 2;
                const double d = (ax - x) * (ax - x) + (ay - y) * (ay - y);
                if (d < best - 1e-12) best = d, *cx = ax, *cy = ay;
            }
}

TEST(hexagons_hold_the_points_nearest_to_their_middle)
{
    double x[500], y[500];
    fr_call call;
    fr_cells cells;
    fr_rng rng;
    fr_rng_init(&rng, 2, 0);
    for (int i = 0; i < 500; i++) x[i] = fr_rng_f64(&rng) * 100, y[i] = fr_rng_f64(&rng) * 80;
    x[7] = nan_;
    y[8] = 90;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_cells_wish wish = { .size = 9, .hexagons = true, .x = { 0, 100 }, .y = { 0, 80 } };
    REQUIRE(fr_cells_make(&call, &arena, x, y, 500, &wish, &cells));
    CHECK_INT(cells.n_points, 498);
    CHECK_INT(cells.n_missing, 1);
    CHECK_INT(cells.n_outside, 1);
    for (size_t c = 0; c < cells.n; c++) {
        int64_t n = 0;
        for (int i = 0; i < 500; i++) {
            double cx = -1, cy = -1;
            if (i == 7 || i == 8) continue;
            slow_hexagon(x[i], y[i], 9, &cx, &cy);
            n += fabs(cx - cells.cells[c].x) < 1e-9 && fabs(cy - cells.cells[c].y) < 1e-9;
        }
        CHECK_INT(cells.cells[c].count, n);
    }
    fr_call_end(&call);
}

TEST(squares_count_points_and_far_edges_are_inside)
{
    const double x[] = { 0, 9.99, 10, 20, 20.01 }, y[] = { 0, 5, 10, 10, 5 };
    fr_call call;
    fr_cells cells;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_cells_wish wish = { .size = 10, .x = { 0, 20 }, .y = { 0, 10 } };
    REQUIRE(fr_cells_make(&call, &arena, x, y, 5, &wish, &cells));
    CHECK_INT(cells.n, 2);
    CHECK_F64(cells.cells[0].x, 5);
    CHECK_INT(cells.cells[0].count, 2);
    CHECK_INT(cells.cells[1].count, 2);
    CHECK_INT(cells.n_outside, 1);
    CHECK(!fr_cells_make(&call, &arena, x, y, 5, &(fr_cells_wish){ .size = 1e-6, .x = { 0, 20 }, .y = { 0, 10 } }, &cells));
    CHECK(!fr_cells_make(&call, &arena, x, y, 5, &(fr_cells_wish){ .size = 0, .x = { 0, 20 }, .y = { 0, 10 } }, &cells));
    fr_call_end(&call);
}

static uint64_t digest_with(uint32_t threads)
{
    static double x[300000], y[300000];
    fr_rng rng;
    fr_rng_init(&rng, 6, 0);
    for (int i = 0; i < 300000; i++) x[i] = fr_rng_f64(&rng) * 100, y[i] = fr_rng_normal(&rng) * 20 + 50;
    fr_context *context = fr_context_new(.threads = threads);
    fr_call call;
    fr_cells cells = { 0 };
    fr_histogram h = { 0 };
    fr_call_begin(&call, context, NULL, 0);
    fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_cells_wish wish = { .size = 5, .hexagons = true, .x = { 0, 100 }, .y = { 0, 100 } };
    CHECK(fr_cells_make(&call, &arena, x, y, 300000, &wish, &cells));
    CHECK(fr_histogram_make(&call, &arena, &(fr_numbers){ y, NULL, 300000 }, &(fr_histogram_wish){ 0 }, &h));
    uint64_t digest = fr_digest(0, cells.cells, cells.n * sizeof *cells.cells);
    digest = fr_digest(fr_digest(digest, h.counts, h.n * sizeof *h.counts), h.edges, h.n * sizeof *h.edges);
    fr_arena_clear(&arena);
    fr_call_end(&call);
    fr_unref(context);
    return digest;
}

TEST(counts_do_not_depend_on_threads)
{
    CHECK(digest_with(1) == digest_with(2));
    CHECK(digest_with(1) == digest_with(7));
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */
TEST(a_line_needs_two_different_places)
{
    const double x[] = { 1, 2, 3, nan_, 5 }, y[] = { 2, 4, 6, 1, inf };
    fr_line line = fr_line_fit(x, y, 5);
    CHECK_F64(line.slope, 2);
    CHECK_F64(line.intercept, 0);
    CHECK_F64(line.r2, 1);
    CHECK_INT(line.n, 3);
    CHECK_INT(line.n_left_out, 2);
    line = fr_line_fit((double[]){ 4, 4 }, (double[]){ 1, 2 }, 2);
    CHECK(isnan(line.slope));
    CHECK(isnan(fr_line_fit(x, y, 1).slope));
}

static fr_outcome all_statistics(fr_context *context, void *state)
{
    double values[40], fitted[40], x[40];
    fr_call call;
    fr_box_stat box;
    fr_histogram h;
    fr_cells cells;
    fr_grouped g;
    uint64_t digest = 0;
    (void)state;
    for (int i = 0; i < 40; i++) values[i] = i * i % 17 + 0.5 * (i == 3), x[i] = i;
    fr_call_begin(&call, context, NULL, 0);
    fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_numbers numbers = { values, NULL, 40 };
    const fr_cells_wish wish = { .size = 5, .x = { 0, 40 }, .y = { 0, 20 } };
    if (fr_box_stat_make(&call, &arena, &numbers, 5, &box) &&
        fr_histogram_make(&call, &arena, &numbers, &(fr_histogram_wish){ 0 }, &h) &&
        fr_cells_make(&call, &arena, x, values, 40, &wish, &cells) && fr_group_values(&call, &arena, &numbers, NULL, 1, &g) &&
        fr_smooth_fit(&call, &(fr_smooth){ x, values, 40, 0.5, 2 }, x, 40, fitted)) {
        digest = fr_digest(fr_digest(0, &box.median, 8), h.counts, h.n * sizeof *h.counts);
        digest = fr_digest(fr_digest(digest, cells.cells, cells.n * sizeof *cells.cells), fitted, sizeof fitted);
    }
    fr_arena_clear(&arena);
    return fr_outcome_of_call(&call, digest);
}

TEST(statistics_survive_every_failure) { TORTURE(all_statistics, NULL); }
