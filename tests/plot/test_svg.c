/* test_svg.c — scenes as SVG: well-formed, compact, one file for light and dark, the same from run to run. */
#include "plot/sample_scene.h"

#include <string.h>

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
