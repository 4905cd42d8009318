/* png_write.h — pixels as a PNG of few bytes (png_write.c). */
#ifndef FR_PLOT_RENDER_PNG_WRITE_H
#define FR_PLOT_RENDER_PNG_WRITE_H

#include "base/memory.h"

typedef struct fr_picture {
    const uint32_t *pixels;         /* 0xAARRGGBB, colours multiplied by alpha, as cairo draws                        */
    size_t          stride;         /* in pixels                                                                      */
    size_t          width, height;
    double          dpi;
    const char     *title, *description;        /* "" for none */
} fr_picture;

/* Appends the file's bytes. Colours of areas are the picture's own, shades of edges may differ by up to 12 of 255
 * (png_palette.c). Cost O(pixels); memory: the packed pixels twice. */
bool fr_png_write(fr_call *call, const fr_picture *picture, fr_text *out) FR_MUST_USE;

#endif
