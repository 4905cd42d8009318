/* bench_plot.c — how long a chart of many points takes: bench-plot [points [runs]]
 *
 * Prints, for a line and for a scatter plot, the milliseconds to make the figure of a frame in memory, and to draw it
 * as PNG (1536 × 960), SVG, PDF and text, with the bytes of each. The first run pays for reading fontconfig's cache;
 * the best is shown beside it, and the best of the CPU's time, which other programs on the machine disturb less.
 */
#include <frame/frame.h>
#include <frame/plot.h>
#include <frame/print.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FIGURE, PNG, SVG, PDF, TEXT, N_STEPS };
static const char *const formats[N_STEPS] = { "figure", "png", "svg", "pdf", "terminal" };

typedef struct times { double first[N_STEPS], best[N_STEPS], cpu[N_STEPS]; long long bytes[N_STEPS]; } times;

typedef struct moment { double wall, cpu; } moment;

static double ms_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + 1e-6 * (double)t.tv_nsec;
}

static moment now(void) { return (moment){ ms_of(CLOCK_MONOTONIC), ms_of(CLOCK_PROCESS_CPUTIME_ID) }; }

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1;
    return (double)(*state >> 11) * 0x1p-53;
}

/* A random walk over its number, and two clouds. */
static fr_frame *make_points(int64_t n)
{
    double *x = malloc((size_t)n * sizeof *x), *walk = malloc((size_t)n * sizeof *walk), *y = malloc((size_t)n * sizeof *y);
    uint64_t state = 1;
    double at = 0;
    for (int64_t i = 0; x && walk && y && i < n; i++) {
        double radius = sqrt(-2 * log(1 - uniform(&state))), angle = 6.283185307179586 * uniform(&state);
        walk[i] = at += uniform(&state) - 0.5;
        x[i] = radius * cos(angle) + (i % 2 ? 3 : 0);
        y[i] = radius * sin(angle) + (i % 2 ? 2 : 0);
    }
    int64_t *number = malloc((size_t)n * sizeof *number);
    for (int64_t i = 0; number && i < n; i++) number[i] = i;
    fr_frame *frame = fr_frame_new(n, fr_array("t", FR_I64, number), fr_array("walk", FR_F64, walk), fr_array("x", FR_F64, x),
                                   fr_array("y", FR_F64, y));
    free(x);
    free(walk);
    free(y);
    free(number);
    return frame;
}

static void note(times *t, int step, moment began, int run, long long bytes)
{
    moment ended = now();
    double took = ended.wall - began.wall, cpu = ended.cpu - began.cpu;
    if (run == 0) t->first[step] = took;
    if (run == 0 || took < t->best[step]) t->best[step] = took;
    if (run == 0 || cpu < t->cpu[step]) t->cpu[step] = cpu;
    t->bytes[step] = bytes;
}

static bool run_once(const fr_frame *points, bool line, int run, times *t)
{
    moment began = now();
    fr_mark mark = line ? fr_mark_line("t", "walk") : fr_mark_point("x", "y");
    fr_auto(figure) figure = fr_plot(points, .marks = fr_marks(mark), .title = line ? "A random walk" : "Two clouds");
    note(t, FIGURE, began, run, 0);
    for (int step = PNG; step < N_STEPS; step++) {
        began = now();
        fr_auto(frame) drawn = fr_draw_figure(figure, formats[step]);
        if (!fr_ok(drawn)) return fr_print_error(drawn), false;
        fr_value bytes = fr_get(drawn, 0, "bytes");
        note(t, step, began, run, (long long)bytes.length);
    }
    return true;
}

static bool bench(const fr_frame *points, bool line, int runs)
{
    times t = { 0 };
    for (int run = 0; run < runs; run++)
        if (!run_once(points, line, run, &t)) return false;
    printf("%s of %lld points\n", line ? "line" : "scatter", (long long)fr_length(points));
    printf("            first ms  best ms  CPU ms      bytes\n");
    for (int i = 0; i < N_STEPS; i++)
        printf("  %-8s  %8.1f %8.1f %7.1f  %9lld\n", formats[i], t.first[i], t.best[i], t.cpu[i], t.bytes[i]);
    return true;
}

int main(int argc, char **argv)
{
    int64_t n = argc > 1 ? atoll(argv[1]) : 1000000;
    int runs = argc > 2 ? atoi(argv[2]) : 7;
    fr_auto(frame) points = make_points(n);
    if (!fr_ok(points)) return fr_print_error(points);
    return !(bench(points, true, runs) && bench(points, false, runs));
}
