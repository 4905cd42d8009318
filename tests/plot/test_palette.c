/* test_palette.c — can the colours be told apart, read, and ordered, also by people who see fewer of them? */
#include "plot/palette.h"

#include <math.h>
#include <stdio.h>

#include "support/test.h"

static const fr_theme *const themes[] = { &fr_theme_light, &fr_theme_dark };
enum { NORMAL, PROTAN, DEUTAN, TRITAN, N_SIGHTS };

/* ---- what colour-blind people see -------------------------------------------------------------------------------- */

/* G. Machado, M. Oliveira, L. Fernandes, IEEE TVCG 15(6), 2009, severity 1.0, on linear RGB. */
static const double sight[N_SIGHTS][3][3] = {
    { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
    { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },
    { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
    { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },
};

static double linear(uint32_t channel)
{
    double c = (double)(channel & 255) / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static uint32_t channel(double x)
{
    double c = x <= 0 ? 0 : x >= 1 ? 1 : x;
    return (uint32_t)((c <= 0.0031308 ? c * 12.92 : 1.055 * pow(c, 1 / 2.4) - 0.055) * 255 + 0.5);
}

static uint32_t seen(uint32_t rgb, int kind)
{
    const double in[3] = { linear(rgb >> 16), linear(rgb >> 8), linear(rgb) };
    uint32_t out = 0;
    for (int i = 0; i < 3; i++)
        out = out << 8 | channel(sight[kind][i][0] * in[0] + sight[kind][i][1] * in[1] + sight[kind][i][2] * in[2]);
    return out;
}

/* ---- arithmetic -------------------------------------------------------------------------------------------------- */

TEST(contrast_is_that_of_wcag)
{
    CHECK_NEAR(fr_contrast(0xffffff, 0x000000), 21, 1e-12);
    CHECK_NEAR(fr_contrast(0x777777, 0xffffff), 4.478, 1e-3);         /* the well-known grey that just fails 4.5 */
    CHECK_NEAR(fr_contrast(0x0072b2, 0xffffff), 5.19, 1e-2);
    CHECK_F64(fr_contrast(0x123456, 0x654321), fr_contrast(0x654321, 0x123456));
}

TEST(oklab_is_that_of_its_author)
{
    fr_lab white = fr_lab_of(0xffffff), red = fr_lab_of(0xff0000);    /* https://bottosson.github.io/posts/oklab */
    CHECK(fabs(white.l - 1) < 1e-4 && fabs(white.a) < 1e-4 && fabs(white.b) < 1e-4);
    CHECK(fabs(red.l - 0.62796) < 1e-4 && fabs(red.a - 0.22486) < 1e-4 && fabs(red.b - 0.12585) < 1e-4);
    for (uint32_t rgb = 0; rgb < 0x1000000; rgb += 65793 / 2 + 17) CHECK_INT(fr_rgb_of(fr_lab_of(rgb)), rgb);
}

/* ---- series ------------------------------------------------------------------------------------------------------ */

TEST(every_line_stands_out_from_its_surface)
{
    for (int t = 0; t < 2; t++) {
        const fr_theme *theme = themes[t];
        for (int i = 0; i < FR_N_SERIES; i++) CHECK(fr_contrast(theme->series[i], theme->surface) >= 3);
        CHECK(fr_contrast(theme->positive, theme->surface) >= 3 && fr_contrast(theme->negative, theme->surface) >= 3);
        CHECK(fr_contrast(theme->highlight, theme->surface) >= 3 && fr_contrast(theme->other, theme->surface) >= 3);
    }
}

TEST(any_two_series_can_be_told_apart_by_everyone)
{
    for (int t = 0; t < 2; t++)
        for (int kind = 0; kind < N_SIGHTS; kind++)
            for (int i = 0; i < FR_N_SERIES; i++)
                for (int k = 0; k < i; k++) {
                    double d = fr_lab_distance(seen(themes[t]->series[i], kind), seen(themes[t]->series[k], kind));
                    if (d < 8) printf("      %s: %d and %d, sight %d: %.1f\n", themes[t]->name, k + 1, i + 1, kind, d);
                    CHECK(d >= 8);
                }
}

TEST(gain_and_loss_can_be_told_apart_by_everyone)
{
    for (int t = 0; t < 2; t++)
        for (int kind = 0; kind < N_SIGHTS; kind++)
            CHECK(fr_lab_distance(seen(themes[t]->positive, kind), seen(themes[t]->negative, kind)) >= 10);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

TEST(text_can_be_read_on_its_surface)
{
    for (int t = 0; t < 2; t++) {
        CHECK(fr_contrast(themes[t]->text, themes[t]->surface) >= 7);
        CHECK(fr_contrast(themes[t]->muted, themes[t]->surface) >= 4.5);
    }
}

TEST(words_in_the_colour_of_a_series_can_be_read)
{
    static const fr_ink roles[] = { FR_INK_OTHER, FR_INK_POSITIVE, FR_INK_NEGATIVE, FR_INK_HIGHLIGHT };
    for (int t = 0; t < 2; t++) {
        for (size_t i = 0; i < FR_N_SERIES + FR_COUNT_OF(roles); i++) {
            fr_paint paint = i < FR_N_SERIES ? fr_paint_series(i) : fr_paint_ink(roles[i - FR_N_SERIES]);
            uint32_t area = fr_resolve_opaque(themes[t], paint);
            paint.text = true;
            uint32_t word = fr_resolve_opaque(themes[t], paint);
            CHECK(fr_contrast(word, themes[t]->surface) >= 4.5);
            CHECK(fr_lab_distance(word, area) < 15);                     /* still seen as the same colour */
        }
    }
    fr_paint own = fr_paint_rgb(0xffff00);
    own.text = true;
    CHECK_INT(fr_resolve_opaque(&fr_theme_light, own), 0xffff00);
}

TEST(text_over_any_fill_can_be_read)
{
    for (int t = 0; t < 2; t++) {
        for (uint32_t rgb = 0; rgb < 0x1000000; rgb += 4099) {
            fr_paint over = fr_paint_over(fr_paint_rgb(rgb));
            CHECK(fr_contrast(fr_resolve_opaque(themes[t], over), rgb) >= 4.5);
        }
        for (double x = 0; x <= 1; x += 0.01) {
            fr_paint fill = fr_paint_diverging(x);
            CHECK(fr_contrast(fr_resolve_opaque(themes[t], fr_paint_over(fill)), fr_resolve_opaque(themes[t], fill)) >= 4.5);
        }
    }
}

/* ---- scales ------------------------------------------------------------------------------------------------------ */

TEST(the_sequential_scale_grows_lighter_in_even_steps)
{
    for (int kind = 0; kind < N_SIGHTS; kind++) {
        double before = 0, least = INFINITY, most = 0;
        for (int i = 0; i <= 32; i++) {
            uint32_t colour = seen(fr_sequential_rgb(i / 32.0), kind);
            double lightness = fr_lab_of(colour).l;
            if (i) CHECK(lightness > before + 0.01);
            if (i) least = fmin(least, lightness - before), most = fmax(most, lightness - before);
            before = lightness;
        }
        if (kind == NORMAL) CHECK(most < 1.25 * least);
    }
    CHECK(fr_sequential_rgb(-1) == fr_sequential_rgb(0) && fr_sequential_rgb(2) == fr_sequential_rgb(1));
}

TEST(the_diverging_scale_has_the_surface_in_its_middle)
{
    for (int t = 0; t < 2; t++) {
        CHECK_INT(fr_resolve_opaque(themes[t], fr_paint_diverging(0.5)), themes[t]->surface);
        CHECK_INT(fr_resolve_opaque(themes[t], fr_paint_diverging(0)), themes[t]->low);
        CHECK_INT(fr_resolve_opaque(themes[t], fr_paint_diverging(1)), themes[t]->high);
        for (int kind = 0; kind < N_SIGHTS; kind++) {
            uint32_t low = seen(fr_resolve_opaque(themes[t], fr_paint_diverging(0.2)), kind);
            uint32_t high = seen(fr_resolve_opaque(themes[t], fr_paint_diverging(0.8)), kind);
            CHECK(fr_lab_distance(low, high) >= 8);
        }
    }
}

TEST(paints_resolve_to_what_they_say)
{
    CHECK_INT(fr_resolve_opaque(&fr_theme_light, fr_paint_rgb(0x123456)), 0x123456);
    CHECK_INT(fr_resolve_opaque(&fr_theme_light, fr_paint_faded(fr_paint_rgb(0x000000), 0.5f)), 0x808080);
    CHECK_INT(fr_resolve_opaque(&fr_theme_light, fr_paint_series(8)), fr_theme_light.series[0]);
    CHECK_INT(fr_resolve_opaque(&fr_theme_dark, fr_paint_sequential(NAN)), fr_theme_dark.other);
    CHECK(fr_resolve(&fr_theme_light, (fr_paint){ 0 }).alpha == 0);
    CHECK(!fr_paints(fr_paint_faded(fr_paint_series(0), 1)) && fr_paints(fr_paint_series(0)));
}
