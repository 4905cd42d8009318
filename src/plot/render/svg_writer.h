/* svg_writer.h — writing the parts of an SVG: numbers and texts, styles (svg_writer.c), paths (svg_path.c). */
#ifndef FR_PLOT_RENDER_SVG_WRITER_H
#define FR_PLOT_RENDER_SVG_WRITER_H

#include "plot/render/svg_style.h"

enum { FR_SVG_DENSE = 100, FR_SVG_PREFIX = 40 };    /* a line of more points has one decimal; the longest prefix of ids */

typedef struct fr_svg_writer {
    fr_call                 *call;
    const fr_scene          *scene;
    const fr_render_options *options;
    const fr_theme          *theme;             /* NULL: both, through classes                                        */
    fr_text                 *out;
    uint64_t                 fills, strokes;    /* slots that were used                                               */
    char                     prefix[FR_SVG_PREFIX + 1];
} fr_svg_writer;

/* Text with & < > " escaped. */
bool fr_svg_put_escaped(fr_svg_writer *w, const char *text) FR_MUST_USE;
/* So many hundredths as a number: 1250 → 12.5, -7 → -.07; returns its bytes, at most 24. */
size_t fr_svg_hundredths(int64_t hundredths, char *out);
bool fr_svg_put_number(fr_svg_writer *w, double x) FR_MUST_USE;
/* ` name="12.5"` */
bool fr_svg_put_attribute(fr_svg_writer *w, const char *name, double x) FR_MUST_USE;

/* The attributes of an item's fill, stroke and font; parts of them. `name` is "fill" or "stroke". */
bool fr_svg_put_style(fr_svg_writer *w, const fr_item *item) FR_MUST_USE;
bool fr_svg_put_classes(fr_svg_writer *w, fr_paint fill, fr_paint stroke) FR_MUST_USE;
bool fr_svg_put_colour(fr_svg_writer *w, const char *name, fr_paint paint) FR_MUST_USE;

/* What stands in the attribute d. */
bool fr_svg_put_polyline(fr_svg_writer *w, const fr_item *item) FR_MUST_USE;
bool fr_svg_put_segments(fr_svg_writer *w, const fr_item *item) FR_MUST_USE;

/* Elements up to their style: a line, many discs (number `at` in the scene) as one path; and rectangles as one path. */
bool fr_svg_put_line(fr_svg_writer *w, const fr_item *item) FR_MUST_USE;
bool fr_svg_put_dots(fr_svg_writer *w, const fr_item *item) FR_MUST_USE;
bool fr_svg_put_markers(fr_svg_writer *w, const fr_item *item, size_t at) FR_MUST_USE;
bool fr_svg_is_mosaic(const fr_scene *scene, size_t at, size_t n);
bool fr_svg_put_mosaic(fr_svg_writer *w, size_t at, size_t n) FR_MUST_USE;

#endif
