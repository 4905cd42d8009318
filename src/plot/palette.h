/* palette.h — which colour a role has in a theme, and the arithmetic of colour.
 *
 * Two themes, light and dark, hold the same hues. The first three series are Okabe and Ito's blue, vermillion and
 * green; the other five were searched for in OKLab so that all eight have a contrast of 3 : 1 with the surface, and
 * any two a distance of 8 (fr_lab_distance) for normal sight and for the three kinds of colour blindness: most of that
 * distance is lightness. Okabe and Ito's own orange, sky blue and yellow reach only 2.3, 2.3 and 1.3 : 1 on white.
 * Colours of a scale are computed in OKLab, where equal steps look equal. tests/plot/test_palette.c computes all of
 * this.
 *
 * Source   M. Okabe, K. Ito, Color Universal Design (2008); B. Ottosson, A perceptual color space for image processing (2020);
 *          WCAG 2.2, relative luminance and contrast ratio; G. Machado et al., A physiologically-based model for simulation
 *          of color vision deficiency (2009), for the search and the tests.
 */
#ifndef FR_PLOT_PALETTE_H
#define FR_PLOT_PALETTE_H

#include "plot/paint.h"

typedef struct fr_rgba { uint8_t red, green, blue; float alpha; } fr_rgba;

typedef struct fr_theme {
    const char *name;                       /* "light", "dark"                                                        */
    uint32_t text, muted, grid, axis, surface, other, positive, negative, highlight;          /* 0xRRGGBB             */
    uint32_t series[FR_N_SERIES];
    uint32_t low, high;                     /* ends of the diverging scale                                            */
    uint32_t over_dark, over_light;         /* text over a dark fill, over a light one                                */
} fr_theme;

extern const fr_theme fr_theme_light, fr_theme_dark;

/* A colour's own hue, darker or lighter until it has a contrast of 4.5 with the surface: for words in a series'
 * colour. */
uint32_t fr_readable_rgb(uint32_t rgb, uint32_t surface);

/* The colour of a paint. DIVERGING is an end of the scale over the surface, so it has an alpha; NONE is alpha 0. */
fr_rgba fr_resolve(const fr_theme *theme, fr_paint paint);
/* The same as an opaque colour on the theme's surface, 0xRRGGBB. */
uint32_t fr_resolve_opaque(const fr_theme *theme, fr_paint paint);

/* t in 0 … 1 → 0xRRGGBB, dark violet to light yellow; lightness rises evenly. The same in both themes. */
uint32_t fr_sequential_rgb(double t);

/* ---- arithmetic -------------------------------------------------------------------------------------------------- */
typedef struct fr_lab { double l, a, b; } fr_lab;       /* OKLab: lightness 0 … 1 */
fr_lab   fr_lab_of(uint32_t rgb);
uint32_t fr_rgb_of(fr_lab lab);                         /* colours outside sRGB are clipped */
double   fr_lab_distance(uint32_t a, uint32_t b);       /* Euclidean, ×100: 2 is just visible side by side */
double   fr_contrast(uint32_t a, uint32_t b);           /* WCAG: 1 … 21 */

#endif
