/* test_png.c — PNGs: what the file says, that pixels come back, that it is smaller than cairo's; PDFs; picture
 * comparison. */
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/picture_compare.h"
#include "plot/render/png_write.h"
#include "plot/sample_scene.h"
#include "support/test.h"
#include "support/torture.h"

static bool render_as(fr_call *call, const fr_renderer *renderer, const fr_render_options *options, fr_text *out)
{
    FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };
    return renderer->metrics(call, &metrics) && sample_scene(call, &metrics, &scene) &&
           renderer->render(call, &scene, options, out);
}

/* The body of a chunk, or NULL. */
static const uint8_t *chunk(const fr_text *png, const char *name, size_t *n)
{
    for (size_t at = 8; at + 12 <= png->length; at += *n + 12) {
        const uint8_t *p = (const uint8_t *)png->bytes + at;
        *n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        if (memcmp(p + 4, name, 4) == 0) return p + 8;
    }
    return NULL;
}

static uint32_t u32(const uint8_t *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }

TEST(a_png_says_its_size_resolution_and_title)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text png = FR_TEXT_INIT(&call);
    REQUIRE(render_as(&call, &fr_png_renderer, &(fr_render_options){ 0 }, &png));
    size_t n = 0;
    const uint8_t *header = chunk(&png, "IHDR", &n);
    REQUIRE(header && n == 13);
    CHECK_INT(u32(header), 960);                                    /* twice 480 */
    CHECK_INT(u32(header + 4), 600);
    CHECK_INT(header[9], 3);                                        /* few shades: a palette */
    const uint8_t *density = chunk(&png, "pHYs", &n);
    CHECK(density && n == 9 && u32(density) == 7559 && density[8] == 1);      /* 192 / 0.0254 */
    const uint8_t *title = chunk(&png, "tEXt", &n);
    CHECK(title && n == 16 && memcmp(title, "Title\0Sample <1>", 16) == 0);
    CHECK(chunk(&png, "sRGB", &n) && chunk(&png, "IEND", &n) && n == 0);
    fr_call_end(&call);
}

TEST(a_png_refuses_resolutions_that_make_no_picture)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text png = FR_TEXT_INIT(&call);
    CHECK(!render_as(&call, &fr_png_renderer, &(fr_render_options){ .dpi = 1e9 }, &png));
    fr_call_forgive(&call);
    CHECK(!render_as(&call, &fr_png_renderer, &(fr_render_options){ .dpi = -1 }, &png));
    fr_call_forgive(&call);
    FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
    FR_CLEANUP(fr_scene_clear) fr_scene scene = { 0 };
    fr_metrics_cells(&metrics);
    fr_scene_init(&call, &scene, &metrics, 100000, 10);
    CHECK(!fr_png_renderer.render(&call, &scene, &(fr_render_options){ 0 }, &png));
    CHECK_INT(png.length, 0);
    fr_call_end(&call);
}

/* ---- the writer -------------------------------------------------------------------------------------------------- */

static bool roundtrip(fr_call *call, uint32_t *pixels, size_t width, size_t height, picture_difference *out)
{
    fr_text png = FR_TEXT_INIT(call);
    fr_picture picture = { .pixels = pixels, .stride = width, .width = width, .height = height, .dpi = 96, .title = "",
                           .description = "" };
    bool done = fr_png_write(call, &picture, &png) && picture_compare_pixels(&png, pixels, width, height, out);
    fr_text_clear(&png);
    return done;
}

TEST(pixels_come_back_whatever_the_number_of_colours)
{
    enum { W = 37, H = 29 };
    static uint32_t pixels[W * H];
    static const int colours[] = { 1, 2, 3, 4, 5, 16, 17, 256 };
    fr_call call;
    picture_difference d;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    for (size_t k = 0; k < FR_COUNT_OF(colours); k++) {
        for (int i = 0; i < W * H; i++) {
            uint32_t c = (uint32_t)(i * 7 % colours[k]);
            pixels[i] = 0xff000000u | c << 16 | (255 - c) << 8 | (c * 37 & 255);
        }
        REQUIRE(roundtrip(&call, pixels, W, H, &d));
        CHECK_INT(d.most, 0);
    }
    fr_call_end(&call);
}

TEST(many_shades_move_a_little_and_many_colours_not_at_all)
{
    enum { W = 64, H = 64 };
    static uint32_t pixels[W * H];
    fr_call call;
    picture_difference d;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    for (uint32_t i = 0; i < W * H; i++) pixels[i] = 0xff000000u | (i % 512 / 2) << 16 | (i % 2);      /* 512 shades of red */
    REQUIRE(roundtrip(&call, pixels, W, H, &d));
    CHECK_INT(d.most, 1);
    for (uint32_t i = 0; i < W * H; i++) pixels[i] = 0xff000000u | i * 4099u % 0xffffffu;
    REQUIRE(roundtrip(&call, pixels, W, H, &d));
    CHECK_INT(d.most, 0);
    fr_call_end(&call);
}

TEST(transparent_pixels_come_back)
{
    enum { W = 40, H = 40 };
    static uint32_t pixels[W * H];
    fr_call call;
    picture_difference d;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    for (uint32_t i = 0; i < W * H; i++) pixels[i] = (i % 5) * 0x33000000u | (i % 5) * 0x0011u;
    REQUIRE(roundtrip(&call, pixels, W, H, &d));
    CHECK_INT(d.most, 0);
    for (uint32_t i = 0; i < W * H; i++) {
        uint32_t alpha = i % 251, red = alpha * (i % 7) / 7, blue = alpha * (i % 11) / 11;
        pixels[i] = alpha << 24 | red << 16 | blue;
    }
    REQUIRE(roundtrip(&call, pixels, W, H, &d));
    CHECK(d.most <= 2);                                               /* undone and multiplied again */
    fr_call_end(&call);
}

static cairo_status_t count_bytes(void *closure, const unsigned char *bytes, unsigned int n)
{
    (void)bytes;
    *(size_t *)closure += n;
    return CAIRO_STATUS_SUCCESS;
}

TEST(a_png_is_smaller_than_cairo_s_own)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text png = FR_TEXT_INIT(&call);
    REQUIRE(render_as(&call, &fr_png_renderer, &(fr_render_options){ 0 }, &png));
    cairo_surface_t *picture = picture_read(&png);
    size_t theirs = 0;
    REQUIRE(picture && cairo_surface_write_to_png_stream(picture, count_bytes, &theirs) == CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(picture);
    CHECK(png.length * 2 < theirs);
    fr_call_end(&call);
}

/* ---- pictures ---------------------------------------------------------------------------------------------------- */

TEST(light_and_dark_differ_and_the_same_is_the_same)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text light = FR_TEXT_INIT(&call), dark = FR_TEXT_INIT(&call), again = FR_TEXT_INIT(&call);
    REQUIRE(render_as(&call, &fr_png_renderer, &(fr_render_options){ .theme = FR_THEMES_LIGHT }, &light));
    REQUIRE(render_as(&call, &fr_png_renderer, &(fr_render_options){ .theme = FR_THEMES_DARK }, &dark));
    REQUIRE(render_as(&call, &fr_png_renderer, &(fr_render_options){ .theme = FR_THEMES_AUTO }, &again));
    CHECK(again.length == light.length && memcmp(again.bytes, light.bytes, light.length) == 0);
    picture_difference d;
    REQUIRE(picture_compare(&light, &dark, &d));
    CHECK(d.mean > 100);
    fr_call_end(&call);
}

TEST(a_pdf_has_a_title_and_is_the_same_each_time)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    FR_CLEANUP(fr_text_clear) fr_text one = FR_TEXT_INIT(&call), two = FR_TEXT_INIT(&call);
    REQUIRE(render_as(&call, &fr_pdf_renderer, &(fr_render_options){ 0 }, &one));
    REQUIRE(render_as(&call, &fr_pdf_renderer, &(fr_render_options){ 0 }, &two));
    CHECK(one.length == two.length && memcmp(one.bytes, two.bytes, one.length) == 0);
    CHECK(memcmp(one.bytes, "%PDF-1.", 7) == 0);
    CHECK(memmem(one.bytes, one.length, "/Title (Sample <1>)", 19) != NULL);
    CHECK(memmem(one.bytes, one.length, "/CreationDate", 13) == NULL);
    fr_call_end(&call);
}

/* ---- failures ---------------------------------------------------------------------------------------------------- */

static fr_outcome render_once(fr_context *context, void *renderer)
{
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    {
        FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(&call);
        if (render_as(&call, renderer, &(fr_render_options){ .dpi = 24, .depth = FR_DEPTH_TRUE }, &out))
            digest = fr_digest(0, out.bytes, out.length);
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(rendering_a_png_survives_every_failure)      { TORTURE(render_once, (void *)(uintptr_t)&fr_png_renderer); }
TEST(rendering_a_pdf_survives_every_failure)      { TORTURE(render_once, (void *)(uintptr_t)&fr_pdf_renderer); }
TEST(rendering_an_svg_survives_every_failure)     { TORTURE(render_once, (void *)(uintptr_t)&fr_svg_renderer); }
TEST(rendering_cells_survives_every_failure)      { TORTURE(render_once, (void *)(uintptr_t)&fr_terminal_renderer); }
