/* picture_compare.h — how far two PNGs are apart: golden pictures are compared with a tolerance. */
#ifndef FR_TEST_PLOT_PICTURE_COMPARE_H
#define FR_TEST_PLOT_PICTURE_COMPARE_H

#include <cairo.h>

#include "base/memory.h"

typedef struct picture_difference {
    double mean;        /* of all channels of all pixels, 0 … 255                                                     */
    int    most;
    double share;       /* of pixels of which a channel differs by more than 16                                       */
} picture_difference;

cairo_surface_t *picture_read(const fr_text *png);     /* owned; NULL when it is no PNG */
/* False when one is no PNG or their sizes differ. */
bool picture_compare(const fr_text *png, const fr_text *png2, picture_difference *out);
/* The same with pixels as cairo keeps them. */
bool picture_compare_pixels(const fr_text *png, const uint32_t *pixels, size_t width, size_t height, picture_difference *out);

#endif
