/* bench_ticks.c — microseconds an axis costs, and nanoseconds a value of the statistics of marks.
 *
 *     cmake --build build --target bench && build/bin/bench-ticks
 *
 * Each line is the best of five passes, in processor time of all threads together: divide by the threads for what a chart
 * waits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "data/zone_file.h"
#include "plot/place_labels.h"
#include "plot/stat.h"
#include "plot/ticks.h"

enum { PASSES = 5, AXES = 2000, ROWS = 10000000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

typedef struct bench {
    fr_call *call;
    fr_arena *arena;
    const fr_zone *zone;
    double *x, *y, *out;
    size_t sink;
} bench;

typedef void pass(bench *b);

static void measure(const char *name, double per, const char *unit, bench *b, pass *run)
{
    double best = 1e300;
    for (int i = 0; i < PASSES; i++) {
        const double start = now();
        run(b);
        const double took = now() - start;
        best = took < best ? took : best;
        fr_arena_clear(b->arena);
    }
    printf("%-52s %9.2f %s\n", name, best / per, unit);
}

static void axis(bench *b, fr_scale *scale, const fr_tick_wish *wish)
{
    fr_ticks ticks;
    fr_scale_set_range(scale, 0, 600);
    if (fr_scale_ticks(b->call, b->arena, scale, wish, &ticks)) b->sink += ticks.n;
}

static void linear(bench *b)
{
    fr_scale scale;
    for (int i = 0; i < AXES; i++)
        if (fr_scale_linear(b->call, 0, 10 + i * 7.3, &scale)) axis(b, &scale, &(fr_tick_wish){ .count = 5, .cover = true });
}

static void inside(bench *b)
{
    fr_scale scale;
    for (int i = 0; i < AXES; i++)
        if (fr_scale_linear(b->call, i * 0.1, 10 + i * 7.3, &scale)) axis(b, &scale, &(fr_tick_wish){ .count = 10 });
}

static void logarithmic(bench *b)
{
    fr_scale scale;
    for (int i = 0; i < AXES; i++)
        if (fr_scale_log(b->call, 1, 1000 + i * 77.0, 10, &scale)) axis(b, &scale, &(fr_tick_wish){ .count = 5 });
}

static void calendar(bench *b)
{
    fr_scale scale;
    for (int i = 0; i < AXES; i++) {
        const int64_t low = 1577836800;
        const fr_time_domain d = { .low = low, .high = low + i * INT64_C(100000) + 3600, .per_second = 1, .zone = b->zone };
        if (fr_scale_time(b->call, &d, &scale)) axis(b, &scale, &(fr_tick_wish){ .count = 8 });
    }
}

static void labels(bench *b)
{
    char out[FR_LABEL_BYTES];
    for (int i = 0; i < AXES; i++) b->sink += fr_label_number(&(fr_number_style){ .symbol = "$" }, i * 1234.567, out);
}

static void apart(bench *b)
{
    double wanted[8], sizes[8], placed[8];
    for (int i = 0; i < 8; i++) wanted[i] = 100 + i * 5, sizes[i] = 12;
    for (int i = 0; i < AXES; i++)
        b->sink += fr_move_apart(b->call, &(fr_label_column){ wanted, sizes, 8, 2, { 0, 400 } }, placed);
}

static void extents(bench *b)
{
    fr_extent e = FR_EXTENT_EMPTY;
    fr_extent_add(&e, b->x, NULL, ROWS);
    b->sink += (size_t)e.n;
}

static void positions(bench *b)
{
    fr_scale scale;
    if (!fr_scale_linear(b->call, -5, 5, &scale)) return;
    fr_scale_set_range(&scale, 400, 0);
    fr_scale_map(&scale, b->x, ROWS, b->out);
    b->sink += b->out[ROWS / 2] > 0;
}

static void histogram(bench *b)
{
    fr_histogram h;
    if (fr_histogram_make(b->call, b->arena, &(fr_numbers){ b->x, NULL, ROWS }, &(fr_histogram_wish){ 0 }, &h)) b->sink += h.n;
}

static void hexagons(bench *b)
{
    fr_cells cells;
    const fr_cells_wish wish = { .size = 0.1, .hexagons = true, .x = { -5, 5 }, .y = { -5, 5 } };
    if (fr_cells_make(b->call, b->arena, b->x, b->y, ROWS, &wish, &cells)) b->sink += cells.n;
}

static void box(bench *b)
{
    fr_box_stat out;
    if (fr_box_stat_make(b->call, b->arena, &(fr_numbers){ b->x, NULL, ROWS }, 100, &out)) b->sink += out.n_outliers_kept;
}

static void line(bench *b) { b->sink += fr_line_fit(b->x, b->y, ROWS).n > 0; }

int main(void)
{
    fr_call call;
    fr_arena arena, kept;
    fr_rng rng;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_arena_init(&arena, call.context);
    fr_arena_init(&kept, call.context);
    bench b = { .call = &call, .arena = &arena, .x = malloc(ROWS * sizeof(double)), .y = malloc(ROWS * sizeof(double)),
                .out = malloc(ROWS * sizeof(double)) };
    if (!b.x || !b.y || !b.out || !fr_zone_read(&call, &kept, "Europe/Berlin", &b.zone)) return 1;
    fr_rng_init(&rng, 1, 0);
    for (size_t i = 0; i < ROWS; i++) b.x[i] = fr_rng_normal(&rng), b.y[i] = fr_rng_normal(&rng);
    measure("linear axis, 5 labels, covering", AXES * 1e3, "us", &b, linear);
    measure("linear axis, 10 labels, inside", AXES * 1e3, "us", &b, inside);
    measure("log axis", AXES * 1e3, "us", &b, logarithmic);
    measure("time axis in a zone, 8 labels", AXES * 1e3, "us", &b, calendar);
    measure("a number's label", AXES, "ns", &b, labels);
    measure("8 labels moved apart", AXES, "ns", &b, apart);
    measure("extent of 1e7 values", 1e6, "ms", &b, extents);
    measure("positions of 1e7 values", 1e6, "ms", &b, positions);
    measure("histogram of 1e7 values", 1e6, "ms", &b, histogram);
    measure("hexagons of 1e7 points", 1e6, "ms", &b, hexagons);
    measure("box of 1e7 values", 1e6, "ms", &b, box);
    measure("least-squares line through 1e7 points", 1e6, "ms", &b, line);
    fr_arena_clear(&kept);
    fr_call_end(&call);
    return b.sink == 0;
}
