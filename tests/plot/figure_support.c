/* figure_support.c — see figure_support.h. */
#include "plot/figure_support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "data/frame.h"
#include "plot/figure_layout.h"

static bool measure(fr_call *call, const fr_metrics *metrics, const char *text, size_t n, const fr_font *font,
                    fr_extents *out)
{
    size_t characters = 0;
    (void)call, (void)metrics;
    for (size_t i = 0; i < n; i += fr_character_length(text + i, n - i)) characters++;
    double size = (double)font->size;
    *out = (fr_extents){ .width = 0.5 * size * (double)characters, .ascent = 0.9 * size, .descent = 0.25 * size,
                         .cap_height = 0.7 * size };
    return true;
}

void plain_metrics(fr_metrics *out) { *out = (fr_metrics){ .measure = measure }; }

bool lay_figure(fr_call *call, const fr_figure *figure, const fr_metrics *metrics, fr_scene *scene)
{
    double width = (double)figure->args.width, height = (double)figure->args.height;
    if (metrics->cell_width > 0) {
        width = fmax(20, floor(width / metrics->cell_width)) * metrics->cell_width;
        height = fmax(6, floor(height / metrics->cell_height)) * metrics->cell_height;
    }
    fr_scene_init(call, scene, metrics, width, height);
    return fr_figure_lay(call, figure, scene);
}

fr_frame *monthly_sales(void)
{
    enum { N = 48 };
    static const int starts[12] = { 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335 };
    static const char *const regions[] = { "North", "South", "East", "West" };
    int32_t month[N];
    const char *region[N];
    double revenue[N];
    int64_t orders[N];
    for (int i = 0; i < N; i++) {
        month[i] = 19723 + starts[i % 12];                     /* 2024-01-01 … */
        region[i] = regions[i / 12];
        revenue[i] = 1000 * (200 + 60 * (i / 12) + 9 * (i % 12) + i * 37 % 50);
        orders[i] = 10 + i * 7 % 90;
    }
    return fr_frame_new(N, fr_array("month", FR_DATE, month), fr_array("region", FR_STR, region),
                        fr_array("revenue", FR_F64, revenue), fr_array("orders", FR_I64, orders));
}

static size_t count_misplaced(const fr_figure *figure, const char *name, bool cells)
{
    char first[200] = "";
    fr_call call;
    fr_metrics metrics;
    fr_scene scene = { 0 };
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    if (cells) fr_metrics_cells(&metrics);
    else plain_metrics(&metrics);
    size_t n = 1;
    if (lay_figure(&call, figure, &metrics, &scene)) {
        n = fr_scene_overlaps(&scene, first, sizeof first);
        if (n) printf("%s (%s): %zu overlaps: %s\n", name, cells ? "cells" : "plain", n, first);
        size_t outside = fr_scene_outside(&scene, first, sizeof first);
        if (outside) printf("%s (%s): %zu outside: %s\n", name, cells ? "cells" : "plain", outside, first);
        n += outside;
    } else {
        fr_auto(frame) failed = fr_object_failed(&call, &fr_frame_class);
        fr_print_error(failed);
    }
    fr_scene_clear(&scene);
    fr_call_end(&call);
    return n;
}

size_t misplaced_texts(const fr_figure *figure, const char *name)
{
    return count_misplaced(figure, name, false) + count_misplaced(figure, name, true);
}
