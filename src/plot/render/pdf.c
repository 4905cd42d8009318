/* pdf.c — a scene as a PDF of one page: real text, lines as lines, 72 points for 96 logical pixels.
 *
 * Cairo would write the hour of making into the file; the same chart should be the same file, so the date is left
 * empty.
 */
#include "plot/render/cairo.h"

#include <cairo-pdf.h>

typedef struct sink { fr_call *call; fr_text *out; } sink;

static cairo_status_t take(void *closure, const unsigned char *bytes, unsigned int n)
{
    sink *s = closure;
    return fr_text_append(s->call, s->out, (const char *)bytes, n) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool draw_page(fr_call *call, cairo_surface_t *surface, const fr_scene *scene, const fr_render_options *options)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, scene->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, scene->description);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, 0.75, 0.75);
    fr_cairo target = { .cr = cr, .theme = fr_theme_of(options), .transparent = options->transparent };
    bool done = fr_cairo_draw(call, &target, scene);
    cairo_destroy(cr);
    return done;
}

static bool render(fr_call *call, const fr_scene *scene, const fr_render_options *options, fr_text *out)
{
    sink to = { call, out };
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, &to, scene->width * 0.75, scene->height * 0.75);
    bool done = draw_page(call, surface, scene, options);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return done && !fr_failed(call) && fr_cairo_fine(call, status);
}

const fr_renderer fr_pdf_renderer = {
    .name = "pdf", .extensions = ".pdf", .media_type = "application/pdf", .metrics = fr_metrics_pango, .render = render,
};
