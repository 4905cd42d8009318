/* png.c — a scene as a PNG: drawn by cairo at dpi / 96 device pixels a logical one, written by png_write.c. */
#include "plot/render/cairo.h"
#include "plot/render/png_write.h"

#include <math.h>

enum { USUAL_DPI = 192, LEAST_DPI = 24, MOST_DPI = 1200, LONGEST_SIDE = 32767 };     /* cairo's own limit */

typedef struct bitmap {
    fr_call  *call;
    uint32_t *pixels;               /* owned, width × height */
    size_t    width, height;
    double    dpi;
} bitmap;

static bool size_bitmap(fr_call *call, const fr_scene *scene, const fr_render_options *options, bitmap *out)
{
    double dpi = options->dpi == 0 ? USUAL_DPI : options->dpi;
    if (!(dpi >= LEAST_DPI && dpi <= MOST_DPI))
        return fr_fail(call, FR_ERR_ARGUMENT, "%g dots an inch: it should be from %d to %d", dpi, LEAST_DPI, MOST_DPI);
    double width = ceil(scene->width * dpi / 96 - 1e-6), height = ceil(scene->height * dpi / 96 - 1e-6);
    if (!(width >= 1 && height >= 1 && width <= LONGEST_SIDE && height <= LONGEST_SIDE))
        return fr_fail(call, FR_ERR_LIMIT, "a picture of %.0f × %.0f pixels: at most %d a side", width, height,
                       LONGEST_SIDE);
    *out = (bitmap){ .call = call, .width = (size_t)width, .height = (size_t)height, .dpi = dpi };
    return true;
}

static bool draw(const bitmap *b, const fr_scene *scene, const fr_render_options *options)
{
    cairo_surface_t *surface = cairo_image_surface_create_for_data((unsigned char *)b->pixels, CAIRO_FORMAT_ARGB32,
        (int)b->width, (int)b->height, (int)b->width * 4);
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, b->dpi / 96, b->dpi / 96);
    fr_cairo target = { .cr = cr, .theme = fr_theme_of(options), .transparent = options->transparent, .pixels = true };
    bool done = fr_cairo_draw(b->call, &target, scene);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    return done;
}

static bool render(fr_call *call, const fr_scene *scene, const fr_render_options *options, fr_text *out)
{
    bitmap b = { 0 };
    if (!size_bitmap(call, scene, options, &b)) return false;
    if (!(b.pixels = fr_new_array(call, b.width * b.height, 4))) return false;
    fr_picture picture = { .pixels = b.pixels, .stride = b.width, .width = b.width, .height = b.height, .dpi = b.dpi,
                           .title = scene->title, .description = scene->description };
    bool done = draw(&b, scene, options) && fr_png_write(call, &picture, out);
    fr_free_array(call->context, b.pixels, b.width * b.height, 4);
    return done;
}

const fr_renderer fr_png_renderer = {
    .name = "png", .extensions = ".png", .media_type = "image/png", .metrics = fr_metrics_pango, .render = render,
};
