/* svg_style.c — one SVG for light and dark: roles become CSS variables, and classes that use them.
 *
 *     <style>#fr1{--fr-s1:#0072b2}@media(prefers-color-scheme:dark){#fr1{--fr-s1:#4da3e0}}#fr1 .f-s1{fill:var(--fr-s1)}</style>
 *     <rect class="f-s1" fill="#0072b2" …/>
 *
 * The attribute is for programs that know no variables (librsvg, Inkscape): they ignore the rule and keep the light
 * colour. Every selector begins with the chart's own id, so two charts in a page leave each other alone. In a page of
 * embedded charts the rules stand once in the page (fr_svg_css), begin with .fr-plot, and the page may set the
 * variables itself.
 */
#include "plot/render/svg_style.h"

#include <string.h>

enum {
    FIRST_SERIES = 11, FIRST_OVER = FIRST_SERIES + FR_N_SERIES, FIRST_WORD = FIRST_OVER + 2,
    FIRST_WORD_ROLE = FIRST_WORD + FR_N_SERIES
};
enum { OTHER = 5 };             /* and positive, negative, highlight: the roles that words may have */

static const fr_svg_slot no_slot = { "", 0, 0 };

/* Texts on fills that are dark in one theme and light in the other. */
static fr_svg_slot over_slot(int slot)
{
    const fr_theme *l = &fr_theme_light, *d = &fr_theme_dark;
    if (slot == FIRST_OVER) return (fr_svg_slot){ "over-dl", l->over_dark, d->over_light };
    return (fr_svg_slot){ "over-ld", l->over_light, d->over_dark };
}

/* Words in the colour of a series or a role: the shade that can be read. */
static fr_svg_slot word_slot(int slot)
{
    static const char *const names[FR_N_SERIES + 4] = {
        "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "other-text", "positive-text", "negative-text", "highlight-text",
    };
    bool series = slot < FIRST_WORD_ROLE;
    fr_svg_slot of = fr_svg_slot_at(series ? FIRST_SERIES + slot - FIRST_WORD : OTHER + slot - FIRST_WORD_ROLE);
    return (fr_svg_slot){ names[slot - FIRST_WORD], fr_readable_rgb(of.light, fr_theme_light.surface),
                          fr_readable_rgb(of.dark, fr_theme_dark.surface) };
}

fr_svg_slot fr_svg_slot_at(int slot)
{
    static const char *const series[FR_N_SERIES] = { "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8" };
    const fr_theme *l = &fr_theme_light, *d = &fr_theme_dark;
    const fr_svg_slot roles[FIRST_SERIES] = {
        { "ink", l->text, d->text },             { "muted", l->muted, d->muted },          { "grid", l->grid, d->grid },
        { "axis", l->axis, d->axis },            { "surface", l->surface, d->surface },    { "other", l->other, d->other },
        { "positive", l->positive, d->positive }, { "negative", l->negative, d->negative },
        { "highlight", l->highlight, d->highlight }, { "low", l->low, d->low },            { "high", l->high, d->high },
    };
    if (slot < 0 || slot >= FR_N_SVG_SLOTS) return no_slot;
    if (slot >= FIRST_WORD) return word_slot(slot);
    if (slot >= FIRST_OVER) return over_slot(slot);
    if (slot < FIRST_SERIES) return roles[slot];
    int i = slot - FIRST_SERIES;
    return (fr_svg_slot){ series[i], l->series[i], d->series[i] };
}

static uint32_t rgb_of(fr_rgba colour)
{
    return (uint32_t)colour.red << 16 | (uint32_t)colour.green << 8 | colour.blue;
}

int fr_svg_slot_of(fr_paint paint)
{
    static const int8_t slots[FR_N_INKS] = {
        [FR_INK_NONE] = -1, [FR_INK_RGB] = -1, [FR_INK_SEQUENTIAL] = -1, [FR_INK_TEXT] = 0, [FR_INK_MUTED] = 1,
        [FR_INK_GRID] = 2, [FR_INK_AXIS] = 3, [FR_INK_SURFACE] = 4, [FR_INK_OTHER] = 5, [FR_INK_POSITIVE] = 6,
        [FR_INK_NEGATIVE] = 7, [FR_INK_HIGHLIGHT] = 8, [FR_INK_DIVERGING] = 9, [FR_INK_SERIES] = FIRST_SERIES,
    };
    if (paint.ink == FR_INK_NONE || paint.ink >= FR_N_INKS) return -1;
    if (paint.over) {
        bool light = rgb_of(fr_resolve(&fr_theme_light, paint)) == fr_theme_light.over_light;
        bool dark = rgb_of(fr_resolve(&fr_theme_dark, paint)) == fr_theme_dark.over_light;
        return light == dark ? -1 : FIRST_OVER + light;
    }
    bool scale = paint.ink == FR_INK_SEQUENTIAL || paint.ink == FR_INK_DIVERGING;
    if (scale && paint.t != paint.t) return slots[FR_INK_OTHER];
    if (paint.ink == FR_INK_DIVERGING) return slots[FR_INK_DIVERGING] + (paint.t >= 0.5f);
    if (paint.ink == FR_INK_SERIES) return (paint.text ? FIRST_WORD : FIRST_SERIES) + paint.index % FR_N_SERIES;
    int slot = slots[paint.ink];
    return paint.text && slot >= OTHER && slot < OTHER + 4 ? FIRST_WORD_ROLE + slot - OTHER : slot;
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static bool variables(fr_call *call, const char *selector, uint64_t used, bool dark, fr_text *out)
{
    if (!fr_text_format(call, out, "%s{", selector)) return false;
    for (int i = 0; i < FR_N_SVG_SLOTS; i++) {
        fr_svg_slot slot = fr_svg_slot_at(i);
        if (!(used >> i & 1)) continue;
        if (!fr_text_format(call, out, "--fr-%s:#%06x;", slot.name, dark ? slot.dark : slot.light)) return false;
    }
    return fr_text_add(call, out, "}");
}

static bool classes(fr_call *call, const char *scope, uint64_t fills, uint64_t strokes, fr_text *out)
{
    for (int i = 0; i < FR_N_SVG_SLOTS; i++) {
        const char *name = fr_svg_slot_at(i).name;
        if (fills >> i & 1 && !fr_text_format(call, out, "%s .f-%s{fill:var(--fr-%s)}", scope, name, name)) return false;
        if (strokes >> i & 1 && !fr_text_format(call, out, "%s .s-%s{stroke:var(--fr-%s)}", scope, name, name)) return false;
    }
    return fr_text_format(call, out, "%s text{font-variant-numeric:tabular-nums}", scope);
}

bool fr_svg_style(fr_call *call, const char *scope, uint64_t fills, uint64_t strokes, fr_text *out)
{
    uint64_t used = fills | strokes;
    return variables(call, scope, used, false, out) && fr_text_add(call, out, "@media(prefers-color-scheme:dark){") &&
           variables(call, scope, used, true, out) && fr_text_add(call, out, "}") &&
           classes(call, scope, fills, strokes, out);
}

bool fr_svg_css(fr_call *call, const char *selector, fr_text *out)
{
    const uint64_t all = (UINT64_C(1) << FR_N_SVG_SLOTS) - 1;
    FR_CLEANUP(fr_text_clear) fr_text light = FR_TEXT_INIT(call), dark = FR_TEXT_INIT(call), preferred = FR_TEXT_INIT(call);
    return fr_text_format(call, &light, "%s", selector) &&
           fr_text_format(call, &dark, "%s[data-theme=dark]", selector) &&
           fr_text_format(call, &preferred, "%s:not([data-theme=light])", selector) &&
           variables(call, light.bytes, all, false, out) && fr_text_add(call, out, "@media(prefers-color-scheme:dark){") &&
           variables(call, preferred.bytes, all, true, out) && fr_text_add(call, out, "}") &&
           variables(call, dark.bytes, all, true, out) && classes(call, ".fr-plot", all, all, out) &&
           fr_text_add(call, out, ".fr-plot{max-width:100%;height:auto}");
}
