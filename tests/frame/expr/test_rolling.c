/* rolling_sum, _mean, _min, _max against a slow twin that goes over the rows of each window. */
#include <frame/frame.h>

#include <math.h>
#include <stdio.h>

#include "support/test.h"

enum { MOST = 200001 };

typedef struct table {
    int64_t k[MOST], i[MOST], has[MOST];
    double  f[MOST];
    int64_t n;
} table;

/* Quarters, so that every sum is exact in any order. */
static void fill(table *t, int64_t n, int64_t n_groups, uint64_t seed)
{
    t->n = n;
    for (int64_t row = 0; row < n; row++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        t->k[row] = (int64_t)(seed >> 33) % n_groups;
        t->i[row] = (int64_t)(seed >> 40) % 1000 - 500;
        t->f[row] = (double)t->i[row] / 4;
        t->has[row] = (seed >> 20) % 11 != 0;
    }
}

/* what: 0 sum, 1 mean, 2 min, 3 max of the last n rows of the group of `row`; false: fewer than n values */
static bool naive(const table *t, int64_t row, int64_t n, int what, double *out)
{
    int64_t seen = 0;
    double sum = 0, least = INFINITY, most = -INFINITY;
    for (int64_t at = row; at >= 0 && seen < n; at--) {
        if (t->k[at] != t->k[row]) continue;
        if (!t->has[at]) return false;
        seen++, sum += t->f[at], least = fmin(least, t->f[at]), most = fmax(most, t->f[at]);
    }
    *out = what == 0 ? sum : what == 1 ? sum / (double)n : what == 2 ? least : most;
    return seen == n;
}

static int wrong_rows(const table *t, const fr_frame *rolled, int64_t n, int what)
{
    int wrong = 0;
    for (int64_t row = 0; row < t->n; row++) {
        double expected = 0;
        const bool there = naive(t, row, n, what, &expected);
        const fr_value real = fr_get(rolled, row, "f"), whole = fr_get(rolled, row, "i");
        wrong += real.valid != there || whole.valid != there;
        if (!there) continue;
        wrong += real.as.f != expected;
        wrong += what == 1 ? whole.as.f != 4 * expected : (double)whole.as.i != 4 * expected;
    }
    return wrong;
}

TEST(windows_agree_with_going_over_their_rows)
{
    static const char *const names[] = { "sum", "mean", "min", "max" };
    static const int64_t lengths[] = { 0, 1, 2, 7, 64, 65, 600 }, windows[] = { 1, 2, 3, 8, 63, 64, 1000 };
    static table t;
    for (size_t l = 0; l < 7; l++)
        for (size_t w = 0; w < 7; w++)
            for (int what = 0; what < 4; what++) {
                char text[200];
                fill(&t, lengths[l], (int64_t)w % 3 + 1, 7 * l + w);
                snprintf(text, sizeof text, "f = rolling_%s(if_there_f, %lld) over k; i = rolling_%s(if_there_i, %lld) over k",
                         names[what], (long long)windows[w], names[what], (long long)windows[w]);
                fr_auto(frame) frame = fr_frame_new(t.n, fr_array("k", FR_I64, t.k), fr_array("f", FR_F64, t.f),
                                                    fr_array("i", FR_I64, t.i), fr_array("has", FR_I64, t.has));
                fr_auto(frame) rolled = fr_pipe(frame, fr_with("if_there_f = f if has == 1 else null; "
                                                               "if_there_i = i if has == 1 else null"), fr_with(text));
                CHECK(fr_ok(rolled));
                if (fr_ok(rolled) && wrong_rows(&t, rolled, windows[w], what)) CHECK_STR(text, "as the twin");
            }
}

/* Stretches are gone through side by side: those rows are looked at that lie about where a block or stretch ends. */
static int wrong_rows_of_many(const table *t, const fr_frame *rolled, int64_t n, int what)
{
    int wrong = 0;
    for (int64_t row = 0; row < t->n; row += row % 65536 > 65534 || (n > 10 && row % n > n - 2) ? 1 : n > 1000 ? 4999 : 89) {
        double expected = 0;
        const bool there = naive(t, row, n, what, &expected);
        const fr_value real = fr_get(rolled, row, "f"), whole = fr_get(rolled, row, "i");
        wrong += real.valid != there || whole.valid != there || (there && real.as.f != expected);
        wrong += there && (what == 1 ? whole.as.f : (double)whole.as.i) != 4 * expected;
    }
    return wrong;
}

TEST(windows_of_many_rows_agree_with_going_over_their_rows)
{
    static const char *const names[] = { "sum", "mean", "min", "max" };
    static const int64_t windows[] = { 1, 5, 700, 70000 };
    static table t;
    for (uint32_t threads = 1; threads <= 3; threads += 2)
        for (size_t w = 0; w < 4; w++)
            for (int what = 0; what < 4; what++) {
                char text[200];
                fr_auto(context) context = fr_context_new(.threads = threads);
                fill(&t, MOST, (int64_t)w % 2 + 1, w);
                for (int64_t row = 0; row < MOST; row++) t.has[row] = row % 150000 != 149990;
                snprintf(text, sizeof text, "f = rolling_%s(if_there_f, %lld)%s; i = rolling_%s(if_there_i, %lld)%s", names[what],
                         (long long)windows[w], w % 2 ? " over k" : "", names[what], (long long)windows[w],
                         w % 2 ? " over k" : "");
                fr_auto(frame) made = fr_frame_new(t.n, fr_array("k", FR_I64, t.k), fr_array("f", FR_F64, t.f),
                                                   fr_array("i", FR_I64, t.i), fr_array("has", FR_I64, t.has));
                fr_auto(frame) frame = fr_with_context(made, context);
                fr_auto(frame) rolled = fr_pipe(frame, fr_with("if_there_f = f if has == 1 else null; "
                                                               "if_there_i = i if has == 1 else null"), fr_with(text));
                CHECK(fr_ok(rolled));
                if (fr_ok(rolled) && wrong_rows_of_many(&t, rolled, windows[w], what)) CHECK_STR(text, "as the twin");
            }
}

/* The column, its result and a window's states, 6.4 MB in all, however many threads there are. */
TEST(long_windows_do_not_cost_each_thread_their_length)
{
    static table t;
    fill(&t, MOST, 1, 3);
    for (uint32_t threads = 1; threads <= 16; threads *= 4) {
        fr_auto(context) context = fr_context_new(.threads = threads, .limits.memory_bytes = 10 << 20);
        fr_auto(frame) made = fr_frame_new(t.n, fr_array("f", FR_F64, t.f));
        fr_auto(frame) frame = fr_with_context(made, context);
        fr_auto(frame) rolled = fr_pipe(frame, fr_with("s = rolling_sum(f, 100000)"));
        CHECK(fr_ok(rolled));
    }
}

TEST(windows_of_every_type_are_those_of_doubles)
{
    static const char *const names[] = { "sum", "mean", "min", "max" };
    static table t;
    fill(&t, 600, 2, 5);
    fr_auto(frame) frame = fr_frame_new(t.n, fr_array("k", FR_I64, t.k), fr_array("i", FR_I64, t.i),
                                        fr_array("has", FR_I64, t.has));
    for (int what = 0; what < 4; what++) {
        char text[600];
        const char *name = names[what];
        snprintf(text, sizeof text,
                 "f = rolling_%s(cast(x, 'f64'), 8) over k; u = cast(rolling_%s(cast(x, 'u64'), 8) over k, 'f64'); "
                 "d = cast(rolling_%s(cast(x, 'decimal(9,2)'), 8) over k, 'f64'); "
                 "w = cast(rolling_%s(cast(x, 'decimal(30,2)'), 8) over k, 'f64')", name, name, name, name);
        fr_auto(frame) rolled = fr_pipe(frame, fr_with("x = i + 500 if has == 1 else null"), fr_with(text));
        REQUIRE(fr_ok(rolled));
        int wrong = 0;
        for (int64_t row = 0; row < t.n; row++) {
            const fr_value real = fr_get(rolled, row, "f"), bits = fr_get(rolled, row, "u");
            const fr_value narrow = fr_get(rolled, row, "d"), wide = fr_get(rolled, row, "w");
            wrong += bits.valid != real.valid || narrow.valid != real.valid || wide.valid != real.valid;
            if (real.valid) wrong += bits.as.f != real.as.f || narrow.as.f != real.as.f || wide.as.f != real.as.f;
        }
        CHECK_INT(wrong, 0);
    }
}

TEST(a_large_value_leaves_with_its_window)
{
    const double x[] = { 1, 1e300, -1e300, 2, 3, INFINITY, 4, 5, 6, NAN, 7, 8 };
    fr_auto(frame) frame = fr_frame_new(12, fr_array("x", FR_F64, x));
    fr_auto(frame) rolled = fr_pipe(frame, fr_with("s = rolling_sum(x, 2); m = rolling_max(x, 2)"));
    CHECK(fr_ok(rolled));
    CHECK(fr_get(rolled, 2, "s").as.f == 0 && fr_get(rolled, 4, "s").as.f == 5 && fr_get(rolled, 7, "s").as.f == 9);
    CHECK(isnan(fr_get(rolled, 10, "s").as.f) && fr_get(rolled, 11, "s").as.f == 15);
    CHECK(isnan(fr_get(rolled, 9, "m").as.f) && fr_get(rolled, 11, "m").as.f == 8);
}

TEST(a_sum_that_fits_no_integer_names_its_row)
{
    const int64_t x[] = { 1, INT64_MAX, 1, INT64_MAX };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("x", FR_I64, x));
    fr_auto(frame) rolled = fr_pipe(frame, fr_with("s = rolling_sum(x, 2)"));
    CHECK(fr_error(rolled)->code == FR_ERR_OVERFLOW && fr_error(rolled)->row == 1);
    fr_auto(frame) mean = fr_pipe(frame, fr_with("m = rolling_mean(x, 2)"));
    CHECK(fr_ok(mean) && fr_get(mean, 1, "m").as.f == 0x1p62);
}

/* Without groups values are moved as they lie, with groups row by row. */
TEST(a_shift_of_all_rows_is_that_of_one_group)
{
    static const int64_t lengths[] = { 1, 2, 63, 64, 65, 600, 131075 };
    static const int64_t steps[] = { 0, 1, -1, 7, 63, -64, 65, -66, 600, -70000, 70001 };
    static table t;
    for (size_t l = 0; l < 7; l++) {
        fill(&t, lengths[l], 1, l);
        fr_auto(frame) frame = fr_frame_new(t.n, fr_array("k", FR_I64, t.k), fr_array("f", FR_F64, t.f),
                                            fr_array("i", FR_I64, t.i), fr_array("has", FR_I64, t.has));
        fr_auto(frame) base = fr_pipe(frame, fr_with("g = f if has == 1 else null; h = cast(i, 'i16'); s = cast(f, 'f32'); "
                                                     "j = i if has == 1 else null"));
        for (size_t k = 0; k < 11; k++) {
            char text[300], twin[400];
            const long long by = (long long)steps[k];
            snprintf(text, sizeof text, "f = shift(f, %lld); g = shift(g, %lld); h = shift(h, %lld); s = shift(s, %lld); "
                     "j = shift(j, %lld)", by, by, by, by, by);
            snprintf(twin, sizeof twin, "f = shift(f, %lld) over k; g = shift(g, %lld) over k; h = shift(h, %lld) over k; "
                     "s = shift(s, %lld) over k; j = shift(j, %lld) over k", by, by, by, by, by);
            fr_auto(frame) moved = fr_pipe(base, fr_with(text));
            fr_auto(frame) taken = fr_pipe(base, fr_with(twin));
            REQUIRE(fr_ok(moved) && fr_ok(taken));
            if (!fr_equal(moved, taken)) CHECK_STR(text, "as over one group");
        }
    }
}

/* Without groups blocks of rows are summed first, with groups row by row. */
static void check_running_total(const table *t, uint32_t threads)
{
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_auto(frame) made = fr_frame_new(t->n, fr_array("k", FR_I64, t->k), fr_array("f", FR_F64, t->f),
                                       fr_array("has", FR_I64, t->has));
    fr_auto(frame) frame = fr_with_context(made, context);
    fr_auto(frame) base = fr_pipe(frame, fr_with("g = f if has == 1 else null"));
    fr_auto(frame) all = fr_pipe(base, fr_with("f = cum_sum(f); g = cum_sum(g)"));
    fr_auto(frame) twin = fr_pipe(base, fr_with("f = cum_sum(f) over k; g = cum_sum(g) over k"));
    CHECK(fr_ok(all) && fr_ok(twin) && fr_equal(all, twin));
}

TEST(a_running_total_of_all_rows_is_that_of_one_group)
{
    static const int64_t lengths[] = { 1, 65535, 65536, 65537, 131073, MOST };
    static table t;
    for (size_t l = 0; l < 6; l++) {
        fill(&t, lengths[l], 1, l);
        for (uint32_t threads = 1; threads < 8; threads += 3) check_running_total(&t, threads);
    }
}

TEST(a_running_total_of_all_rows_leaves_the_doubles_where_that_of_one_group_does)
{
    static table t;
    fill(&t, MOST, 1, 9);
    t.f[0] = -1.5e308;
    t.f[70000] = t.f[70001] = 1e308;                                   /* alone the second block would be infinite */
    check_running_total(&t, 2);
    t.f[150000] = INFINITY;
    check_running_total(&t, 2);
    t.f[150001] = -INFINITY;
    t.f[180000] = NAN;
    check_running_total(&t, 2);
}
