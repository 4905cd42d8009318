/* test_terminal.c — scenes as characters. */
#include "plot/render.h"

#include <math.h>
#include <string.h>

#include "plot/sample_scene.h"
#include "support/test.h"

#define SCREEN(columns, rows)                                                                                          \
    fr_call call;                                                                                                      \
    fr_metrics metrics;                                                                                                \
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };                                                                 \
    fr_call_begin(&call, NULL, __FILE__, __LINE__);                                                                    \
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);                                                       \
    fr_metrics_cells(&metrics);                                                                                        \
    fr_scene_init(&call, &scene, &metrics, (columns) * 8, (rows) * 16)

static const fr_style blue = { .fill = { .ink = FR_INK_SERIES } };
static const fr_style line = { .stroke = { .paint = { .ink = FR_INK_SERIES }, .width = 2 } };
static const fr_style grid = { .stroke = { .paint = { .ink = FR_INK_GRID }, .width = 1, .square = true } };
static const fr_style axis = { .stroke = { .paint = { .ink = FR_INK_AXIS }, .width = 1, .square = true } };

static const char *shown(fr_call *call, const fr_scene *scene, fr_colour_depth depth, fr_text *out)
{
    fr_text_clear(out);
    if (!fr_terminal_renderer.render(call, scene, &(fr_render_options){ .depth = (uint8_t)depth }, out)) return "failed";
    return out->bytes;
}

static bool text(fr_call *call, fr_scene *scene, const char *what, double x, double y, fr_anchor anchor)
{
    fr_label label = { .text = what, .x = x, .y = y, .anchor = (uint8_t)anchor, .font = { .size = 10 },
                       .paint = fr_paint_ink(FR_INK_TEXT) };
    return fr_scene_text(call, scene, &label) != NULL;
}

TEST(bars_end_at_an_eighth_of_a_cell)
{
    SCREEN(9, 1);
    for (int i = 1; i <= 8; i++) CHECK(fr_scene_rect(&call, &scene, (fr_box){ 8 * i, 16 - 2 * i, 8, 2 * i }, 0, &blue));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), " ▁▂▃▄▅▆▇█\n");
    fr_call_end(&call);
}

TEST(a_bar_on_its_side_ends_at_half_a_cell_and_a_hanging_one_is_reversed)
{
    SCREEN(4, 1);
    CHECK(fr_scene_rect(&call, &scene, (fr_box){ 0, 0, 20, 16 }, 0, &blue));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "██▌\n");
    CHECK(fr_scene_rect(&call, &scene, (fr_box){ 24, 0, 8, 6 }, 0, &blue));       /* three eighths from above */
    CHECK_STR(shown(&call, &scene, FR_DEPTH_TRUE, &out),
              "\x1b[0;38;2;0;114;178m██▌\x1b[0;7;38;2;0;114;178m▅\x1b[0m\n");
    fr_call_end(&call);
}

TEST(lines_are_braille_and_grid_lines_box_characters)
{
    SCREEN(4, 2);
    CHECK(fr_scene_line(&call, &scene, (fr_point){ 0, 8 }, (fr_point){ 32, 8 }, &grid) &&
          fr_scene_line(&call, &scene, (fr_point){ 0, 24 }, (fr_point){ 32, 24 }, &axis) &&
          fr_scene_polyline(&call, &scene, (fr_point[]){ { 1, 31 }, { 15, 1 } }, 2, &line));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "┈⡜┈┈\n⡜⠁──\n");
    fr_call_end(&call);
}

TEST(text_stands_where_it_is_anchored_and_wide_characters_take_two_cells)
{
    SCREEN(12, 2);
    CHECK(text(&call, &scene, "ab", 0, 12, FR_ANCHOR_START) && text(&call, &scene, "cd", 96, 12, FR_ANCHOR_END) &&
          text(&call, &scene, "漢字", 48, 28, FR_ANCHOR_MIDDLE));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "ab        cd\n    漢字\n");
    CHECK(text(&call, &scene, "x", 40, 28, FR_ANCHOR_START));                     /* over the right half of 漢 */
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "ab        cd\n     x字\n");
    fr_call_end(&call);
}

TEST(text_that_leaves_the_screen_is_cut)
{
    SCREEN(4, 1);
    CHECK(text(&call, &scene, "abcdef", 16, 12, FR_ANCHOR_START) && text(&call, &scene, "below", 0, 60, FR_ANCHOR_START));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "  ab\n");
    fr_call_end(&call);
}

TEST(colours_are_what_the_terminal_has)
{
    SCREEN(1, 1);
    CHECK(fr_scene_rect(&call, &scene, (fr_box){ 0, 0, 8, 16 }, 0, &blue));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "█\n");
    CHECK_STR(shown(&call, &scene, FR_DEPTH_16, &out), "\x1b[0;34m█\x1b[0m\n");
    CHECK_STR(shown(&call, &scene, FR_DEPTH_256, &out), "\x1b[0;38;5;25m█\x1b[0m\n");
    CHECK_STR(shown(&call, &scene, FR_DEPTH_TRUE, &out), "\x1b[0;38;2;0;114;178m█\x1b[0m\n");
    fr_call_end(&call);
}

TEST(without_colour_series_differ_by_their_fill)
{
    SCREEN(4, 1);
    for (size_t i = 0; i < 4; i++)
        CHECK(fr_scene_rect(&call, &scene, (fr_box){ 8.0 * (double)i, 0, 8, 16 }, 0, &(fr_style){ .fill = fr_paint_series(i) }));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), "█▓▒░\n");
    fr_text_clear(&out);
    CHECK(fr_terminal_renderer.render(&call, &scene, &(fr_render_options){ .ascii = true }, &out));
    CHECK_STR(out.bytes, "#%=+\n");
    fr_call_end(&call);
}

TEST(ascii_is_ascii)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
    fr_metrics metrics;
    fr_metrics_cells(&metrics);
    REQUIRE(sample_scene(&call, &metrics, &scene));
    for (size_t i = 0; i < scene.n_items; i++)
        if (scene.items[i]->text && strncmp(scene.items[i]->text, "\xd7", 1) == 0) scene.items[i]->text = "Zafon";
    REQUIRE(fr_terminal_renderer.render(&call, &scene, &(fr_render_options){ .ascii = true }, &out));
    for (size_t i = 0; i < out.length; i++) CHECK((unsigned char)out.bytes[i] < 0x80 && out.bytes[i] != '\x1b');
    fr_call_end(&call);
}

TEST(a_clip_holds_for_areas_lines_and_points)
{
    SCREEN(4, 1);
    const fr_box clip = { 8, 0, 16, 16 };
    const fr_point dots[] = { { 2, 2 }, { 30, 2 } };
    CHECK(fr_scene_begin(&call, &scene, &(fr_group){ .clip = &clip }) &&
          fr_scene_rect(&call, &scene, (fr_box){ 0, 8, 32, 8 }, 0, &blue) &&
          fr_scene_points(&call, &scene, dots, 2, 2, &blue) && fr_scene_end(&call, &scene));
    CHECK_STR(shown(&call, &scene, FR_DEPTH_NONE, &out), " ▄▄\n");
    fr_call_end(&call);
}

TEST(a_terminal_has_whole_cells)
{
    double width = 768, height = 480;
    fr_terminal_renderer.canvas(&(fr_render_options){ .columns = 60, .rows = 20 }, &width, &height);
    CHECK_F64(width, 480);
    CHECK_F64(height, 320);
    fr_terminal_renderer.canvas(&(fr_render_options){ 0 }, &width, &height);
    CHECK_F64(width, 800);
}
