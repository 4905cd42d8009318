/* test_scene.c — making scenes: what is copied, measured, left out; do labels overlap; the dump. */
#include "plot/scene.h"

#include <math.h>
#include <string.h>

#include "plot/sample_scene.h"
#include "support/test.h"
#include "support/torture.h"

#define SCENE(width, height)                                                                                           \
    fr_call call;                                                                                                      \
    fr_metrics metrics = { 0 };                                                                                        \
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };                                                                 \
    fr_call_begin(&call, NULL, __FILE__, __LINE__);                                                                    \
    fr_metrics_cells(&metrics);                                                                                        \
    fr_scene_init(&call, &scene, &metrics, (width), (height))

static const fr_style filled = { .fill = { .ink = FR_INK_SERIES } };
static const fr_style lined = { .stroke = { .paint = { .ink = FR_INK_AXIS }, .width = 1 } };

static fr_item *label(fr_call *call, fr_scene *scene, const char *text, double x, double y, fr_anchor anchor, float angle)
{
    fr_label l = { .text = text, .x = x, .y = y, .anchor = (uint8_t)anchor, .angle = angle, .font = { .size = 10 },
                   .paint = fr_paint_ink(FR_INK_TEXT) };
    return fr_scene_text(call, scene, &l);
}

static bool near_box(fr_box a, double x, double y, double width, double height)
{
    return fabs(a.x - x) < 1e-6 && fabs(a.y - y) < 1e-6 && fabs(a.width - width) < 1e-6 && fabs(a.height - height) < 1e-6;
}

TEST(a_label_has_the_box_of_its_lines)
{
    SCENE(400, 200);
    CHECK(near_box(label(&call, &scene, "North", 100, 50, FR_ANCHOR_START, 0)->box, 100, 38, 40, 16));
    CHECK(near_box(label(&call, &scene, "North", 100, 50, FR_ANCHOR_MIDDLE, 0)->box, 80, 38, 40, 16));
    CHECK(near_box(label(&call, &scene, "North", 100, 50, FR_ANCHOR_END, 0)->box, 60, 38, 40, 16));
    CHECK(near_box(label(&call, &scene, "No\nWestern", 100, 50, FR_ANCHOR_START, 0)->box, 100, 38, 56, 32));
    CHECK(near_box(label(&call, &scene, "North", 100, 50, FR_ANCHOR_START, -90)->box, 88, 10, 16, 40));
    fr_call_end(&call);
}

TEST(texts_given_are_copied)
{
    SCENE(400, 200);
    char text[] = "North", tip[] = "12";
    fr_style style = { .fill = filled.fill, .tooltip = tip };
    fr_item *named = label(&call, &scene, text, 0, 20, FR_ANCHOR_START, 0);
    fr_item *bar = fr_scene_rect(&call, &scene, (fr_box){ 0, 0, 10, 10 }, 0, &style);
    memset(text, 'x', 5);
    memset(tip, 'x', 2);
    CHECK_STR(named->text, "North");
    CHECK_STR(bar->tooltip, "12");
    fr_call_end(&call);
}

TEST(what_has_no_place_is_left_out)
{
    SCENE(400, 200);
    CHECK_INT(fr_scene_rect(&call, &scene, (fr_box){ NAN, 0, 10, 10 }, 0, &filled)->kind, FR_ITEM_NONE);
    CHECK_INT(fr_scene_rect(&call, &scene, (fr_box){ 0, 0, -1, 10 }, 0, &filled)->kind, FR_ITEM_NONE);
    CHECK_INT(fr_scene_line(&call, &scene, (fr_point){ 0, 0 }, (fr_point){ INFINITY, 0 }, &lined)->kind, FR_ITEM_NONE);
    CHECK_INT(fr_scene_circle(&call, &scene, (fr_point){ 1e30, 0 }, 3, &filled)->kind, FR_ITEM_NONE);
    CHECK_INT(label(&call, &scene, "x", 0, NAN, FR_ANCHOR_START, 0)->kind, FR_ITEM_NONE);
    CHECK_INT(label(&call, &scene, "", 0, 0, FR_ANCHOR_START, 0)->kind, FR_ITEM_NONE);
    CHECK_INT(fr_scene_points(&call, &scene, (fr_point[]){ { 1, 1 }, { NAN, 2 }, { 3, 3 } }, 3, 2, &filled)->n, 2);
    fr_call_end(&call);
}

TEST(a_line_is_interrupted_once_a_gap)
{
    SCENE(400, 200);
    const fr_point points[] = { { NAN, 0 }, { 1, 1 }, { 2, NAN }, { INFINITY, 2 }, { 3, 3 }, { 4, 1e9 } };
    const fr_item *item = fr_scene_polyline(&call, &scene, points, 6, &lined);
    REQUIRE(item && item->n == 3);
    CHECK_F64(item->points[0].x, 1);
    CHECK(isnan(item->points[1].x));
    CHECK_F64(item->points[2].x, 3);
    CHECK(near_box(item->box, 1, 1, 2, 2));
    fr_call_end(&call);
}

TEST(groups_begin_and_end)
{
    SCENE(400, 200);
    CHECK(!fr_scene_end(&call, &scene));
    fr_call_forgive(&call);
    bool fine = true;
    for (int i = 0; i < 64; i++) fine = fine && fr_scene_begin(&call, &scene, &(fr_group){ .name = "deep" });
    CHECK(fine);
    CHECK(!fr_scene_begin(&call, &scene, &(fr_group){ .name = "deeper" }));
    fr_call_end(&call);
}

TEST(an_arc_lies_on_its_circle)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_path_clear) fr_path path = FR_PATH_INIT(&call);
    CHECK(fr_path_arc(&call, &path, (fr_point){ 10, 20 }, 100, (double[2]){ 0, 2 * M_PI }));
    REQUIRE(path.n == 5);                                        /* a move and four quarters */
    fr_point from = path.segments[0].at[0];
    for (size_t i = 1; i < path.n; i++) {
        const fr_point *at = path.segments[i].at;
        for (double t = 0; t <= 1; t += 0.125) {
            double u = 1 - t, ka = u * u * u, kb = 3 * u * u * t, kc = 3 * u * t * t, kd = t * t * t;
            double x = ka * from.x + kb * at[0].x + kc * at[1].x + kd * at[2].x - 10;
            double y = ka * from.y + kb * at[0].y + kc * at[1].y + kd * at[2].y - 20;
            CHECK(fabs(hypot(x, y) - 100) < 0.03);
        }
        from = at[2];
    }
    fr_call_end(&call);
}

/* ---- overlaps ---------------------------------------------------------------------------------------------------- */

TEST(labels_that_share_space_are_found)
{
    SCENE(400, 200);
    char said[200] = "";
    CHECK(label(&call, &scene, "North", 0, 20, FR_ANCHOR_START, 0) && label(&call, &scene, "South", 40, 20, FR_ANCHOR_START, 0));
    CHECK_INT(fr_scene_overlaps(&scene, said, sizeof said), 0);
    CHECK(label(&call, &scene, "West", 32, 30, FR_ANCHOR_START, 0));
    CHECK_INT(fr_scene_overlaps(&scene, said, sizeof said), 2);
    CHECK_STR(said, "'North' and 'West' overlap by 8.0 × 6.0");
    fr_call_end(&call);
}

TEST(labels_in_a_turned_row_do_not_overlap)
{
    SCENE(400, 200);
    for (int i = 0; i < 4; i++) CHECK(label(&call, &scene, "a long label", 100 + 30 * i, 100, FR_ANCHOR_END, -35));
    CHECK_INT(fr_scene_overlaps(&scene, NULL, 0), 0);            /* although their upright boxes do */
    CHECK(label(&call, &scene, "a long label", 110, 100, FR_ANCHOR_END, -35));
    CHECK_INT(fr_scene_overlaps(&scene, NULL, 0), 2);
    fr_call_end(&call);
}

TEST(a_watermark_may_overlap_and_the_unseen_does_not)
{
    SCENE(400, 200);
    fr_label mark = { .text = "DRAFT", .x = 0, .y = 20, .font = { .size = 10 }, .paint = fr_paint_ink(FR_INK_GRID),
                      .may_overlap = true };
    fr_label unseen = { .text = "unseen", .x = 0, .y = 20, .font = { .size = 10 } };
    CHECK(label(&call, &scene, "North", 0, 20, FR_ANCHOR_START, 0) && fr_scene_text(&call, &scene, &mark) &&
          fr_scene_text(&call, &scene, &unseen));
    CHECK_INT(fr_scene_overlaps(&scene, NULL, 0), 0);
    fr_call_end(&call);
}

TEST(labels_outside_the_canvas_are_found)
{
    SCENE(100, 50);
    char said[200] = "";
    CHECK(label(&call, &scene, "in", 84, 46, FR_ANCHOR_START, 0) && label(&call, &scene, "out", 84, 46, FR_ANCHOR_START, 0));
    CHECK_INT(fr_scene_outside(&scene, said, sizeof said), 1);
    CHECK_STR(said, "'out' at [84.0 34.0 24.0 16.0] leaves the canvas of 100 × 50");
    fr_call_end(&call);
}

/* ---- the dump ---------------------------------------------------------------------------------------------------- */

TEST(a_scene_as_text)
{
    SCENE(200, 100);
    const fr_box plot = { 10, 10, 180, 80 };
    fr_style bar = { .fill = fr_paint_faded(fr_paint_series(1), 0.5f), .tooltip = "North: 1,234" };
    fr_style edge = { .fill = fr_paint_rgb(0x0072b2),
                      .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 1.5f, .dash = FR_DASH_DASHED } };
    CHECK(fr_scene_name(&call, &scene, "Revenue", NULL) &&
          fr_scene_begin(&call, &scene, &(fr_group){ .name = "plot", .clip = &plot }) &&
          fr_scene_rect(&call, &scene, (fr_box){ 20, 30.25, 40, 50 }, 2, &bar) &&
          fr_scene_points(&call, &scene, (fr_point[]){ { 1, 2 }, { 3, 4 } }, 2, 2.5, &edge) && fr_scene_end(&call, &scene) &&
          label(&call, &scene, "North\n\"A\"", 40, 95, FR_ANCHOR_MIDDLE, 0));
    FR_CLEANUP(fr_text_clear) fr_text dump = FR_TEXT_INIT(&call);
    CHECK(fr_scene_dump(&call, &scene, &dump));
    CHECK_STR(dump.bytes,
              "scene 200 100 \"Revenue\"\n"
              "begin \"plot\" clip [ 10 10 180 80 ]\n"
              "  rect [ 20 30.3 40 50 ] r 2 fill series1 faded % 50 tip \"North: 1,234\"\n"
              "  points 2.5: 1 2, 3 4 fill rgb #0072b2 stroke surface 1.5 dashed\n"
              "end\n"
              "text \"North\\n\"A\"\" at 40 95 middle size 10 text [ 20 83 40 32 ]\n");
    fr_call_end(&call);
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */

static fr_outcome make_and_dump(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    {
        fr_metrics metrics;
        fr_metrics_cells(&metrics);
        FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };
        FR_CLEANUP(fr_text_clear) fr_text dump = FR_TEXT_INIT(&call);
        if (sample_scene(&call, &metrics, &scene) && fr_scene_dump(&call, &scene, &dump))
            digest = fr_digest(0, dump.bytes, dump.length);
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(making_a_scene_survives_every_failure) { TORTURE(make_and_dump, NULL); }
