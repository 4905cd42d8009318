/* sample_scene.c — a chart drawn by hand, item by item. */
#include "plot/sample_scene.h"

#include <math.h>

static const fr_font tick = { .size = 10 }, title = { .size = 15, .weight = FR_WEIGHT_SEMIBOLD };

static bool text(fr_call *call, fr_scene *scene, fr_label label)
{
    return fr_scene_text(call, scene, &label) != NULL;
}

static bool grid(fr_call *call, fr_scene *scene)
{
    static const char *const names[] = { "0", "50", "100", "150" };
    for (int i = 0; i < 4; i++) {
        double y = 250.5 - 50 * i;
        fr_style rule = { .stroke = { .paint = fr_paint_ink(i ? FR_INK_GRID : FR_INK_AXIS), .width = 1, .square = true } };
        if (!fr_scene_line(call, scene, (fr_point){ 40, y }, (fr_point){ 360, y }, &rule)) return false;
        if (!text(call, scene, (fr_label){ .text = names[i], .x = 34, .y = y + 3.5, .anchor = FR_ANCHOR_END, .font = tick,
                                           .paint = fr_paint_ink(FR_INK_MUTED) })) return false;
    }
    return true;
}

static bool bars(fr_call *call, fr_scene *scene)
{
    static const char *const names[] = { "North", "South & \"<East>\"", "\xd7\xa6\xd7\xa4\xd7\x95\xd7\x9f" };
    static const double heights[] = { 120, 80, 165 };
    for (int i = 0; i < 3; i++) {
        fr_style style = { .fill = fr_paint_series((size_t)i), .tooltip = names[i] };
        fr_box box = { 60 + 100 * i, 250 - heights[i], 70, heights[i] };
        if (!fr_scene_rect(call, scene, box, 2, &style)) return false;
        if (!text(call, scene, (fr_label){ .text = i == 1 ? "South &\n\"<East>\"" : names[i], .x = 95 + 100 * i, .y = 266,
                                           .anchor = FR_ANCHOR_MIDDLE, .font = tick, .paint = fr_paint_ink(FR_INK_MUTED) }))
            return false;
        if (!text(call, scene, (fr_label){ .text = "12", .x = 95 + 100 * i, .y = 245, .anchor = FR_ANCHOR_MIDDLE, .font = tick,
                                           .paint = fr_paint_over(style.fill) })) return false;
    }
    return true;
}

static bool lines(fr_call *call, fr_scene *scene)
{
    const fr_box plot = { 40, 90, 320, 160 };
    fr_point wave[60];
    for (int i = 0; i < 60; i++) wave[i] = (fr_point){ 30 + 6 * i, i == 30 || i == 32 ? NAN : 170 - 60 * sin(i / 6.0) };
    fr_style line = { .stroke = { .paint = fr_paint_series(3), .width = 2 } };
    fr_style dashed = { .stroke = { .paint = fr_paint_ink(FR_INK_HIGHLIGHT), .width = 1.5f, .dash = FR_DASH_DASHED } };
    fr_style dotted = { .stroke = { .paint = fr_paint_series(4), .width = 1.5f, .dash = FR_DASH_DOTTED } };
    fr_style dots = { .fill = fr_paint_series(3), .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 1.5f } };
    fr_style plain = { .fill = fr_paint_series(4), .tooltip = "three points" };
    fr_style area = { .fill = fr_paint_faded(fr_paint_series(3), 0.8f) };
    const fr_point corner[] = { { 40, 250 }, { 40, 200 }, { 150, 220 }, { 360, 230 }, { 360, 250 } };
    const fr_point some[] = { { 100, 110 }, { 200, 105 }, { NAN, 1 }, { 300, 100 } };
    return fr_scene_begin(call, scene, &(fr_group){ .name = "plot", .clip = &plot, .tooltip = "the plot" }) &&
           fr_scene_polygon(call, scene, corner, 5, &area) && fr_scene_polyline(call, scene, wave, 60, &line) &&
           fr_scene_line(call, scene, (fr_point){ 40, 130 }, (fr_point){ 360, 130 }, &dashed) &&
           fr_scene_line(call, scene, (fr_point){ 40, 140 }, (fr_point){ 360, 140 }, &dotted) &&
           fr_scene_points(call, scene, wave, 60, 2.5, &dots) && fr_scene_points(call, scene, some, 4, 3, &plain) &&
           fr_scene_end(call, scene);
}

static bool slices(fr_call *call, fr_scene *scene)
{
    for (int i = 0; i < 5; i++) {
        FR_CLEANUP(fr_path_clear) fr_path path = FR_PATH_INIT(call);
        const fr_point centre = { 420, 60 };
        const double out[2] = { 1.2566 * i, 1.2566 * (i + 1) }, back[2] = { out[1], out[0] };
        fr_style style = { .fill = i < 2 ? fr_paint_sequential(i * 0.7) : fr_paint_diverging((i - 2) * 0.45),
                           .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 1 } };
        if (!fr_path_arc(call, &path, centre, 45, out) || !fr_path_arc(call, &path, centre, 25, back) ||
            !fr_path_close(call, &path) || !fr_scene_path(call, scene, &path, &style)) return false;
    }
    return true;
}

bool sample_scene(fr_call *call, const fr_metrics *metrics, fr_scene *scene)
{
    fr_scene_init(call, scene, metrics, 480, 300);
    fr_style ring = { .stroke = { .paint = fr_paint_rgb(0xcc0033), .width = 1 } };
    return fr_scene_name(call, scene, "Sample <1>", "Three bars, a line & a ring.") && grid(call, scene) && bars(call, scene) &&
           lines(call, scene) && slices(call, scene) &&
           text(call, scene, (fr_label){ .text = "Everything a scene can hold", .x = 40, .y = 30, .font = title,
                                         .paint = fr_paint_ink(FR_INK_TEXT) }) &&
           text(call, scene, (fr_label){ .text = "Mitternacht & co.", .x = 380, .y = 290, .angle = -35, .font = tick,
                                         .paint = fr_paint_series(0), .halo = 2 }) &&
           fr_scene_circle(call, scene, (fr_point){ 420, 60 }, 20, &ring);
}
