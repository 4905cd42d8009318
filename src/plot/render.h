/* render.h — a renderer turns a scene into bytes: one const table each, listed in renderers.def.h.
 *
 *     const fr_renderer *renderer = fr_renderer_find("chart.svg");
 *     FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
 *     if (!renderer->metrics(call, &metrics)) return false;
 *     … lay the figure out on a canvas of renderer->canvas(&options, &width, &height) with these metrics …
 *     if (!renderer->render(call, &scene, &options, &bytes)) return false;
 *
 * A new renderer is one file in render/ and one line in renderers.def.h. Rendering has no state: the same scene and
 * options give the same bytes, and scenes may be rendered from several threads.
 */
#ifndef FR_PLOT_RENDER_H
#define FR_PLOT_RENDER_H

#include "plot/palette.h"
#include "plot/scene.h"

typedef enum fr_theme_choice {
    FR_THEMES_AUTO,             /* SVG: light, or dark where the page or the reader prefers it; elsewhere light       */
    FR_THEMES_LIGHT,
    FR_THEMES_DARK
} fr_theme_choice;

typedef enum fr_colour_depth {  /* of a terminal */
    FR_DEPTH_NONE,              /* no escapes at all: NO_COLOR, a pipe                                                */
    FR_DEPTH_16, FR_DEPTH_256, FR_DEPTH_TRUE
} fr_colour_depth;

typedef struct fr_render_options {
    uint8_t     theme;          /* fr_theme_choice                                                                    */
    uint8_t     depth;          /* terminal: fr_colour_depth                                                          */
    bool        ascii;          /* terminal: no character beyond ASCII is drawn for shapes; text keeps its own        */
    bool        transparent;    /* the surface is not painted. SVG: never painted when `embedded`                     */
    bool        embedded;       /* SVG: part of an HTML page, which carries fr_svg_css: no <style>, no XML declaration */
    uint8_t     room_[3];
    const char *id_prefix;      /* SVG: begins every id; NULL: made from the scene, so that two charts differ         */
    double      dpi;            /* PNG: 0 means 192, twice the logical resolution                                     */
    int         columns, rows;  /* terminal: cells; 0: 100 × 30                                                       */
} fr_render_options;

typedef struct fr_renderer {
    const char *name;           /* "svg"                                                                              */
    const char *extensions;     /* ".svg .svgz", separated by blanks; "" for none                                     */
    const char *media_type;     /* "image/svg+xml"                                                                    */
    bool (*metrics)(fr_call *call, fr_metrics *out);
    /* Changes the canvas a figure asked for into one this renderer can draw: whole cells. NULL: any will do. */
    void (*canvas)(const fr_render_options *options, double *width, double *height);
    /* Appends to `out`. */
    bool (*render)(fr_call *call, const fr_scene *scene, const fr_render_options *options, fr_text *out);
} fr_renderer;

extern const fr_renderer fr_png_renderer, fr_svg_renderer, fr_pdf_renderer, fr_terminal_renderer;

/* By name ("svg"), or by the ending of a path in either case; NULL when none has it. */
const fr_renderer *fr_renderer_find(const char *name_or_path);
/* All of them, in the order of renderers.def.h. */
const fr_renderer *const *fr_renderers(size_t *n);
/* The endings that are known, for messages: "png, svg, pdf". */
bool fr_renderer_endings(fr_call *call, fr_text *out) FR_MUST_USE;

/* The theme for pictures that have only one. */
const fr_theme *fr_theme_of(const fr_render_options *options);

/* The rules that a page with embedded SVGs needs once: variables (--fr-ink, --fr-s1 …) for light and dark, and the
 * classes that use them. `selector` names what the variables are set on (":root"). A page that switches by hand sets
 * data-theme="dark" or "light" on that element. */
bool fr_svg_css(fr_call *call, const char *selector, fr_text *out) FR_MUST_USE;

#endif
