/* palette.c — the two themes, and colours computed in OKLab.
 *
 * OKLab is a cube root of cone responses turned so that L is lightness and (a, b) are green–red and blue–yellow; equal
 * distances look about equal. From sRGB: undo the gamma, a 3 × 3 matrix to cone responses, cube roots, a second matrix.
 *
 *     #0072B2  →  linear (0, 0.168, 0.445)  →  L 0.535  a -0.050  b -0.127
 */
#include "plot/palette.h"

#include <math.h>

const fr_theme fr_theme_light = {
    .name = "light",
    .text = 0x1f2937, .muted = 0x6b7280, .grid = 0xe5e7eb, .axis = 0x9ca3af, .surface = 0xffffff, .other = 0x8a92a0,
    .positive = 0x009e73, .negative = 0xd55e00, .highlight = 0xd55e00,
    /*          blue      vermillion green    purple    magenta   charcoal  brown     lavender */
    .series = { 0x0072b2, 0xd55e00, 0x009e73, 0x66238c, 0xa7377a, 0x343b47, 0x7d4306, 0x9682f0 },
    .low = 0x0072b2, .high = 0xd55e00,
    .over_dark = 0xffffff, .over_light = 0x000000,
};

const fr_theme fr_theme_dark = {
    .name = "dark",
    .text = 0xe5e7eb, .muted = 0x9ca3af, .grid = 0x374151, .axis = 0x6b7280, .surface = 0x111827, .other = 0x6b7280,
    .positive = 0x5fe19e, .negative = 0xf0843c, .highlight = 0xf0843c,
    .series = { 0x46acf7, 0xf0843c, 0x5fe19e, 0x8a63c2, 0xd08ab4, 0xdce6f3, 0xb56535, 0xc9c2fc },
    .low = 0x46acf7, .high = 0xf0843c,
    .over_dark = 0xffffff, .over_light = 0x000000,      /* of white and black one has 4.5 : 1 on every colour */
};

/* ---- arithmetic -------------------------------------------------------------------------------------------------- */

static double linear_of(uint32_t channel)
{
    double c = (double)(channel & 255) / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static uint32_t channel_of(double linear)
{
    double c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055;
    return c <= 0 ? 0 : c >= 1 ? 255 : (uint32_t)(c * 255 + 0.5);
}

fr_lab fr_lab_of(uint32_t rgb)
{
    double r = linear_of(rgb >> 16), g = linear_of(rgb >> 8), b = linear_of(rgb);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return (fr_lab){ 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
                     1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                     0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s };
}

uint32_t fr_rgb_of(fr_lab lab)
{
    double l = lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b;
    double m = lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b;
    double s = lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b;
    l *= l * l;
    m *= m * m;
    s *= s * s;
    return channel_of(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16 |
           channel_of(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8 |
           channel_of(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
}

double fr_lab_distance(uint32_t x, uint32_t y)
{
    fr_lab p = fr_lab_of(x), q = fr_lab_of(y);
    return 100 * sqrt((p.l - q.l) * (p.l - q.l) + (p.a - q.a) * (p.a - q.a) + (p.b - q.b) * (p.b - q.b));
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * linear_of(rgb >> 16) + 0.7152 * linear_of(rgb >> 8) + 0.0722 * linear_of(rgb);
}

double fr_contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

/* ---- scales ------------------------------------------------------------------------------------------------------ */

static double held(double t) { return t > 0 ? (t < 1 ? t : 1) : 0; }

/* Lightness and hue (degrees) run straight, from dark violet through blue and green to light yellow, so the order can
 * be told by either; chroma stays a little inside what sRGB can show along that way (0.139 at the start, 0.102 in the
 * blue-greens, 0.198 at the end). As in viridis, which this resembles, but computed. */
uint32_t fr_sequential_rgb(double t)
{
    double x = held(t), hue = (308 - 200 * x) * M_PI / 180;
    double chroma = 0.13 - 0.16 * x * (1 - x) + 0.05 * x * x * x;
    return fr_rgb_of((fr_lab){ 0.27 + 0.65 * x, chroma * cos(hue), chroma * sin(hue) });
}

/* ---- paints ------------------------------------------------------------------------------------------------------ */

static fr_rgba rgba_of(uint32_t rgb, double alpha)
{
    return (fr_rgba){ (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, (float)alpha };
}

/* The distance from the middle, 0 … 1, as an opacity. Mixing sRGB values with the surface is close to even in OKLab. */
static fr_rgba diverging(const fr_theme *theme, double t)
{
    double x = 2 * held(t) - 1;
    return rgba_of(x < 0 ? theme->low : theme->high, fabs(x));
}

static fr_rgba plain(const fr_theme *theme, fr_paint paint)
{
    const uint32_t fixed[FR_N_INKS] = {
        [FR_INK_TEXT] = theme->text, [FR_INK_MUTED] = theme->muted, [FR_INK_GRID] = theme->grid,
        [FR_INK_AXIS] = theme->axis, [FR_INK_SURFACE] = theme->surface, [FR_INK_OTHER] = theme->other,
        [FR_INK_SERIES] = theme->series[paint.index % FR_N_SERIES], [FR_INK_POSITIVE] = theme->positive,
        [FR_INK_NEGATIVE] = theme->negative, [FR_INK_HIGHLIGHT] = theme->highlight, [FR_INK_RGB] = paint.rgb,
    };
    bool scale = paint.ink == FR_INK_SEQUENTIAL || paint.ink == FR_INK_DIVERGING;
    if (paint.ink == FR_INK_NONE || paint.ink >= FR_N_INKS) return rgba_of(0, 0);
    if (scale && isnan(paint.t)) return rgba_of(theme->other, 1);
    if (paint.ink == FR_INK_SEQUENTIAL) return rgba_of(fr_sequential_rgb((double)paint.t), 1);
    if (paint.ink == FR_INK_DIVERGING) return diverging(theme, (double)paint.t);
    return rgba_of(fixed[paint.ink], 1);
}

/* Roles whose colour has 3 : 1, enough for lines and areas; a letter needs 4.5. The user's own colours stay as they
 * are. */
static bool is_coloured(fr_paint paint)
{
    return paint.ink == FR_INK_SERIES || paint.ink == FR_INK_OTHER || paint.ink == FR_INK_POSITIVE ||
           paint.ink == FR_INK_NEGATIVE || paint.ink == FR_INK_HIGHLIGHT;
}

uint32_t fr_readable_rgb(uint32_t rgb, uint32_t surface)
{
    double step = luminance(surface) > 0.18 ? -0.01 : 0.01;
    fr_lab lab = fr_lab_of(rgb);
    while (fr_contrast(rgb, surface) < 4.5 && lab.l > 0 && lab.l < 1) {
        lab.l += step;
        rgb = fr_rgb_of(lab);
    }
    return rgb;
}

static uint32_t rgb_of(fr_rgba c) { return (uint32_t)c.red << 16 | (uint32_t)c.green << 8 | c.blue; }

static uint32_t mixed(uint32_t under, fr_rgba over, int shift)
{
    uint32_t top = shift == 16 ? over.red : shift == 8 ? over.green : over.blue;
    double low = (double)(under >> shift & 255);
    return (uint32_t)(low + ((double)top - low) * (double)over.alpha + 0.5) << shift;
}

static uint32_t on_surface(const fr_theme *theme, fr_rgba colour)
{
    return mixed(theme->surface, colour, 16) | mixed(theme->surface, colour, 8) | mixed(theme->surface, colour, 0);
}

fr_rgba fr_resolve(const fr_theme *theme, fr_paint paint)
{
    double opacity = paint.transparency > 0 ? 1 - (double)paint.transparency : 1;
    fr_rgba colour = plain(theme, paint);
    if (paint.text && !paint.over && is_coloured(paint))
        colour = rgba_of(fr_readable_rgb(rgb_of(colour), theme->surface), 1);
    if (paint.over && paint.ink != FR_INK_NONE) {
        uint32_t under = on_surface(theme, colour);
        bool light = fr_contrast(under, theme->over_light) >= fr_contrast(under, theme->over_dark);
        colour = rgba_of(light ? theme->over_light : theme->over_dark, 1);
    }
    colour.alpha = (float)((double)colour.alpha * (opacity > 0 ? opacity : 0));
    return colour;
}

uint32_t fr_resolve_opaque(const fr_theme *theme, fr_paint paint)
{
    return on_surface(theme, fr_resolve(theme, paint));
}
