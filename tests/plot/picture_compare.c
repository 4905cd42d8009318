/* picture_compare.c — reads PNGs with cairo (libpng), which is not what wrote them. */
#include "plot/picture_compare.h"

#include <string.h>

typedef struct source { const fr_text *text; size_t at; } source;

static cairo_status_t give(void *closure, unsigned char *to, unsigned int n)
{
    source *s = closure;
    if (n > s->text->length - s->at) return CAIRO_STATUS_READ_ERROR;
    memcpy(to, s->text->bytes + s->at, n);
    s->at += n;
    return CAIRO_STATUS_SUCCESS;
}

cairo_surface_t *picture_read(const fr_text *png)
{
    source s = { png, 0 };
    cairo_surface_t *picture = cairo_image_surface_create_from_png_stream(give, &s);
    if (cairo_surface_status(picture) == CAIRO_STATUS_SUCCESS) return picture;
    cairo_surface_destroy(picture);
    return NULL;
}

/* A pixel of a picture; RGB pictures keep nothing of use in the highest byte. */
static uint32_t pixel_at(cairo_surface_t *picture, size_t x, size_t y)
{
    const unsigned char *row = cairo_image_surface_get_data(picture) + y * (size_t)cairo_image_surface_get_stride(picture);
    uint32_t pixel;
    memcpy(&pixel, row + 4 * x, 4);
    return cairo_image_surface_get_format(picture) == CAIRO_FORMAT_RGB24 ? pixel | 0xff000000u : pixel;
}

static void add_pixels(uint32_t a, uint32_t b, picture_difference *d)
{
    int most = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        int difference = (int)(a >> shift & 255) - (int)(b >> shift & 255);
        if (difference < 0) difference = -difference;
        d->mean += difference;
        if (difference > most) most = difference;
    }
    if (most > d->most) d->most = most;
    if (most > 16) d->share += 1;
}

bool picture_compare_pixels(const fr_text *png, const uint32_t *pixels, size_t width, size_t height, picture_difference *out)
{
    cairo_surface_t *picture = picture_read(png);
    *out = (picture_difference){ 0 };
    if (!picture) return false;
    bool same_size = (size_t)cairo_image_surface_get_width(picture) == width &&
                     (size_t)cairo_image_surface_get_height(picture) == height;
    for (size_t y = 0; same_size && y < height; y++)
        for (size_t x = 0; x < width; x++) add_pixels(pixel_at(picture, x, y), pixels[y * width + x], out);
    out->mean /= 4 * (double)(width * height);
    out->share /= (double)(width * height);
    cairo_surface_destroy(picture);
    return same_size;
}

bool picture_compare(const fr_text *png, const fr_text *png2, picture_difference *out)
{
    cairo_surface_t *a = picture_read(png), *b = picture_read(png2);
    *out = (picture_difference){ 0 };
    int width = a ? cairo_image_surface_get_width(a) : 0, height = a ? cairo_image_surface_get_height(a) : 0;
    bool same_size = a && b && cairo_image_surface_get_width(b) == width && cairo_image_surface_get_height(b) == height;
    for (int y = 0; same_size && y < height; y++)
        for (int x = 0; x < width; x++)
            add_pixels(pixel_at(a, (size_t)x, (size_t)y), pixel_at(b, (size_t)x, (size_t)y), out);
    if (same_size) {
        out->mean /= 4.0 * width * height;
        out->share /= (double)width * height;
    }
    if (a) cairo_surface_destroy(a);
    if (b) cairo_surface_destroy(b);
    return same_size;
}
