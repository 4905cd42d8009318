/* test_svg.c — scenes as SVG: well-formed, compact, one file for light and dark, the same from run to run. */
#include <frame/plot.h>

#include "plot/sample_scene.h"

#include <math.h>
#include <string.h>

#include "plot/xml_check.h"
#include "support/test.h"

static bool sample(fr_call *call, const fr_render_options *options, fr_text *out)
{
    FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };
    return fr_metrics_pango(call, &metrics) && sample_scene(call, &metrics, &scene) &&
           fr_svg_renderer.render(call, &scene, options, out);
}

static bool holds(const fr_text *svg, const char *what)
{
    return svg->bytes && strstr(svg->bytes, what) != NULL;
}

TEST(an_svg_says_its_title_and_description)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text svg = FR_TEXT_INIT(&call);
    CHECK(sample(&call, &(fr_render_options){ .id_prefix = "c7" }, &svg));
    CHECK(holds(&svg, "role=\"img\" aria-labelledby=\"c7-t c7-d\">"));
    CHECK(holds(&svg, "<title id=\"c7-t\">Sample &lt;1&gt;</title>"));
    CHECK(holds(&svg, "<desc id=\"c7-d\">Three bars, a line &amp; a ring.</desc>"));
    CHECK(holds(&svg, "<title>South &amp; &quot;&lt;East&gt;&quot;</title>"));
    fr_call_end(&call);
}

TEST(the_same_scene_gives_the_same_svg)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text one = FR_TEXT_INIT(&call), two = FR_TEXT_INIT(&call);
    CHECK(sample(&call, &(fr_render_options){ 0 }, &one) && sample(&call, &(fr_render_options){ 0 }, &two));
    CHECK_STR(one.bytes, two.bytes);
    fr_call_end(&call);
}

TEST(roles_are_variables_for_light_and_dark)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text both = FR_TEXT_INIT(&call), dark = FR_TEXT_INIT(&call), page = FR_TEXT_INIT(&call);
    CHECK(sample(&call, &(fr_render_options){ 0 }, &both));
    CHECK(holds(&both, "class=\"f-s1\" fill=\"#0072b2\"") && holds(&both, "@media(prefers-color-scheme:dark)"));
    CHECK(sample(&call, &(fr_render_options){ .theme = FR_THEMES_DARK }, &dark));
    CHECK(!holds(&dark, "<style>") && !holds(&dark, "#0072b2"));
    CHECK(sample(&call, &(fr_render_options){ .embedded = true }, &page));
    CHECK(!holds(&page, "<style>") && holds(&page, "class=\"f-s1\"") && !holds(&page, "f-surface"));
    fr_call_end(&call);
}

/* ---- by hand: what single items become --------------------------------------------------------------------------- */

#define SCENE                                                                                                          \
    fr_call call;                                                                                                      \
    fr_metrics metrics;                                                                                                \
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };                                                                 \
    fr_call_begin(&call, NULL, __FILE__, __LINE__);                                                                    \
    FR_CLEANUP(fr_text_clear) fr_text svg = FR_TEXT_INIT(&call);                                                       \
    fr_metrics_cells(&metrics);                                                                                        \
    fr_scene_init(&call, &scene, &metrics, 100, 50)

static const fr_render_options bare = { .theme = FR_THEMES_LIGHT, .embedded = true, .id_prefix = "p" };
static const fr_style line = { .stroke = { .paint = { .ink = FR_INK_SERIES }, .width = 2 } };
static const fr_style area = { .fill = { .ink = FR_INK_RGB, .rgb = 0x112233 } };

/* What stands between the head and the end. */
static const char *body(const fr_scene *scene, fr_call *call, const fr_render_options *options, fr_text *svg)
{
    static const char end[] = "</svg>\n";
    if (!fr_svg_renderer.render(call, scene, options, svg) || svg->length < sizeof end) return "failed";
    svg->bytes[svg->length - sizeof end + 1] = 0;
    return strstr(svg->bytes, "aria-label=\"chart\">\n") + strlen("aria-label=\"chart\">\n");
}

TEST(numbers_have_two_decimals_at_most_and_nothing_to_spare)
{
    SCENE;
    CHECK(fr_scene_rect(&call, &scene, (fr_box){ 0.5, 1.004, 10.25, 1.0 / 3 }, 0, &area));
    CHECK_STR(body(&scene, &call, &bare, &svg), "<rect x=\".5\" y=\"1\" width=\"10.25\" height=\".33\" fill=\"#123\"/>\n");
    fr_call_end(&call);
}

TEST(paths_are_relative_and_gaps_begin_anew)
{
    SCENE;
    const fr_point points[] = { { 1, 2 }, { 3.5, 1.25 }, { 3.501, 1.251 }, { 4, 10 }, { 0, (double)NAN }, { 7, 7 } };
    CHECK(fr_scene_polyline(&call, &scene, points, 6, &line));
    CHECK_STR(body(&scene, &call, &bare, &svg),
              "<path d=\"M1 2l2.5-.75 .5 8.75M7 7h0\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>\n");
    fr_call_end(&call);
}

TEST(neighbours_of_one_style_share_a_group)
{
    SCENE;
    for (int i = 0; i < 2; i++) CHECK(fr_scene_rect(&call, &scene, (fr_box){ i, 0, 1, 1 }, 0, &area));
    CHECK(fr_scene_line(&call, &scene, (fr_point){ 0, 0 }, (fr_point){ 5, 0 }, &line));
    CHECK_STR(body(&scene, &call, &bare, &svg),
              "<g fill=\"#123\"><rect x=\"0\" y=\"0\" width=\"1\" height=\"1\"/>"
              "<rect x=\"1\" y=\"0\" width=\"1\" height=\"1\"/></g>\n"
              "<path d=\"M0 0l5 0\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>\n");
    fr_call_end(&call);
}

TEST(a_clip_is_written_once_for_groups_of_one_rectangle)
{
    SCENE;
    const fr_box box = { 1, 2, 30, 40 };
    for (int i = 0; i < 2; i++)
        CHECK(fr_scene_begin(&call, &scene, &(fr_group){ .name = "a & b", .clip = &box }) && fr_scene_end(&call, &scene));
    CHECK_STR(body(&scene, &call, &bare, &svg),
              "<clipPath id=\"p-c0\"><rect x=\"1\" y=\"2\" width=\"30\" height=\"40\"/></clipPath>"
              "<g clip-path=\"url(#p-c0)\" data-part=\"a &amp; b\"></g>\n"
              "<g clip-path=\"url(#p-c0)\" data-part=\"a &amp; b\"></g>\n");
    fr_call_end(&call);
}

TEST(discs_of_one_colour_are_dots_of_a_pen_and_others_circles)
{
    SCENE;
    const fr_point points[] = { { 1, 2 }, { 3, 4 } };
    fr_style faded = { .fill = fr_paint_faded(area.fill, 0.5f) };
    CHECK(fr_scene_points(&call, &scene, points, 2, 1.5, &area) && fr_scene_points(&call, &scene, points, 2, 1.5, &faded));
    CHECK_STR(body(&scene, &call, &bare, &svg),
              "<path stroke=\"#123\" stroke-width=\"3\" fill=\"none\" d=\"M1 2h0m2 2h0\"/>\n"
              "<g fill=\"#123\" fill-opacity=\".5\"><circle cx=\"1\" cy=\"2\" r=\"1.5\"/>"
              "<circle cx=\"3\" cy=\"4\" r=\"1.5\"/></g>\n");
    fr_call_end(&call);
}

TEST(many_transparent_discs_are_markers_of_one_path)
{
    SCENE;
    fr_point points[120];
    for (int i = 0; i < 120; i++) points[i] = (fr_point){ i, i % 2 };
    fr_style faded = { .fill = fr_paint_faded(area.fill, 0.5f) };
    CHECK(fr_scene_points(&call, &scene, points, 120, 1.5, &faded));
    CHECK(body(&scene, &call, &bare, &svg));
    CHECK(holds(&svg, "<marker id=\"p-m0\" markerUnits=\"userSpaceOnUse\" overflow=\"visible\">"
                      "<circle r=\"1.5\" fill=\"#123\" fill-opacity=\".5\"/></marker>"));
    CHECK(holds(&svg, "marker-mid=\"url(#p-m0)\"") && holds(&svg, " d=\"M0 0l1 1 1-1 1 1"));
    fr_call_end(&call);
}

TEST(plain_rectangles_of_one_colour_are_one_path_unless_one_shines_through_another)
{
    SCENE;
    fr_style faded = { .fill = fr_paint_faded(area.fill, 0.5f) };
    for (int i = 0; i < 8; i++) CHECK(fr_scene_rect(&call, &scene, (fr_box){ 5 * i, 0, 4, 4 }, 0, &faded));
    CHECK(strstr(body(&scene, &call, &bare, &svg), "d=\"M0 0h4v4h-4zM5 0h4v4h-4z") != NULL);
    fr_text_clear(&svg);
    CHECK(fr_scene_rect(&call, &scene, (fr_box){ 2, 2, 4, 4 }, 0, &faded));
    CHECK(strstr(body(&scene, &call, &bare, &svg), "<rect x=\"2\" y=\"2\"") != NULL);
    fr_call_end(&call);
}

TEST(text_is_text_and_its_lines_are_spans)
{
    SCENE;
    fr_label label = { .text = "a<b\nc", .x = 10, .y = 20, .font = { .size = 10, .weight = FR_WEIGHT_BOLD }, .angle = -35,
                       .anchor = FR_ANCHOR_END, .paint = fr_paint_rgb(0) };
    CHECK(fr_scene_text(&call, &scene, &label));
    CHECK_STR(body(&scene, &call, &bare, &svg),
              "<text x=\"10\" y=\"20\" transform=\"rotate(-35 10 20)\" fill=\"#000\" font-size=\"10\" text-anchor=\"end\""
              " font-weight=\"700\"><tspan x=\"10\">a&lt;b</tspan><tspan x=\"10\" dy=\"16\">c</tspan></text>\n");
    fr_call_end(&call);
}

TEST(the_unseen_is_left_out_unless_it_can_be_pointed_at)
{
    SCENE;
    CHECK(fr_scene_rect(&call, &scene, (fr_box){ 0, 0, 9, 9 }, 0, &(fr_style){ .tooltip = NULL }) &&
          fr_scene_rect(&call, &scene, (fr_box){ 0, 0, 9, 9 }, 0, &(fr_style){ .tooltip = "here" }));
    CHECK_STR(body(&scene, &call, &bare, &svg), "<rect x=\"0\" y=\"0\" width=\"9\" height=\"9\" fill=\"none\""
              " pointer-events=\"all\"><title>here</title></rect>\n");
    fr_call_end(&call);
}

TEST(a_prefix_becomes_an_id_whatever_it_holds)
{
    SCENE;
    CHECK(fr_svg_renderer.render(&call, &scene, &(fr_render_options){ .id_prefix = "1\"><script>" }, &svg));
    CHECK(holds(&svg, " id=\"xxxxscriptx\" "));
    fr_call_end(&call);
}

TEST(svgs_are_well_formed)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    for (unsigned i = 0; i < 6; i++) {
        FR_CLEANUP(fr_text_clear) fr_text svg = FR_TEXT_INIT(&call);
        const char *why = NULL;
        size_t at = 0;
        CHECK(sample(&call, &(fr_render_options){ .theme = (uint8_t)(i % 3), .embedded = i > 2 }, &svg));
        CHECK(xml_well_formed(svg.bytes, svg.length, &why, &at));
        CHECK_STR(why ? why : "", "");
    }
    const char *why;
    size_t at;
    CHECK(!xml_well_formed("<a><b></a></b>", 14, &why, &at) && !xml_well_formed("<a>&x</a>", 9, &why, &at));
    CHECK(!xml_well_formed("<a x=\"1\" x=\"2\"/>", 16, &why, &at) && !xml_well_formed("<a>", 3, &why, &at));
    fr_call_end(&call);
}

TEST(a_page_can_carry_the_colours_of_all_its_charts)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text css = FR_TEXT_INIT(&call);
    CHECK(fr_svg_css(&call, ":root", &css));
    CHECK(holds(&css, ":root{--fr-ink:#1f2937;"));
    CHECK(holds(&css, "@media(prefers-color-scheme:dark){:root:not([data-theme=light]){--fr-ink:#e5e7eb;"));
    CHECK(holds(&css, ":root[data-theme=dark]{--fr-ink:#e5e7eb;"));
    CHECK(holds(&css, ".fr-plot .f-s8{fill:var(--fr-s8)}.fr-plot .s-s8{stroke:var(--fr-s8)}"));
    fr_call_end(&call);
}

TEST(the_css_of_a_page_is_public)
{
    char css[8192], few[8];
    size_t n = fr_figure_css(NULL, css, sizeof css);
    CHECK(n > 1000 && n < sizeof css && strlen(css) == n);
    CHECK(strncmp(css, ":root{--fr-ink:#1f2937;", 23) == 0);
    CHECK(fr_figure_css(".chart", few, sizeof few) > n);
    CHECK_STR(few, ".chart{");
}

/* ---- which renderer ---------------------------------------------------------------------------------------------- */

TEST(a_path_names_its_renderer)
{
    CHECK(fr_renderer_find("chart.svg") == &fr_svg_renderer && fr_renderer_find("a/B.SVG") == &fr_svg_renderer);
    CHECK(fr_renderer_find("png") == &fr_png_renderer && fr_renderer_find("x.pdf") == &fr_pdf_renderer);
    CHECK(fr_renderer_find("terminal") == &fr_terminal_renderer);
    CHECK(!fr_renderer_find("chart") && !fr_renderer_find("chart.bmp") && !fr_renderer_find(""));
}
