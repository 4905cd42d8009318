/* font.c — measuring with the fonts that will draw: pango on a font map of this object's own.
 *
 * Pango's default font map is per thread and lives for ever; ours is made with the metrics and goes with it. What is
 * process-wide is fontconfig's configuration, which that library reads once behind its own lock (2.10.91 and later) and
 * keeps; FONTCONFIG_FILE chooses it. Hinting is off and positions are not rounded, so sizes scale exactly: a label that
 * fits at 96 dpi fits at 192, in the PDF and in the SVG.
 *
 * The same few hundred labels are measured over and over while margins settle: a table of 512 entries remembers them.
 * Pango matches fonts in a thread of its own, which it starts with the first label and keeps.
 * Pango and fontconfig allocate through glib and malloc, outside the context's allocator and budget; glib ends the
 * process when malloc fails, which a page of text cannot bring about by its size (labels are cut at FR_LONGEST_LABEL
 * bytes).
 */
#include "plot/font.h"

#include <fontconfig/fontconfig.h>
#include <string.h>

#include "base/hash.h"

enum { REMEMBERED = 512, LONGEST_REMEMBERED = 48 };

typedef struct memory {
    char       text[LONGEST_REMEMBERED];
    uint32_t   n;                           /* 0: free */
    uint16_t   weight;
    bool       italic;
    uint8_t    room_;
    float      size;
    fr_extents extents;
} memory;

typedef struct pango_metrics {
    fr_context   *context;
    PangoFontMap *map;
    PangoContext *pango;
    PangoLayout  *layout;                   /* one, reused: making one costs as much as a short text */
    double        cap_share;                /* height of a capital, in ems */
    memory        remembered[REMEMBERED];
} pango_metrics;

bool fr_fonts_present(fr_call *call)
{
    FcConfig *config = FcConfigReference(NULL);
    FcFontSet *system = config ? FcConfigGetFonts(config, FcSetSystem) : NULL;
    FcFontSet *own = config ? FcConfigGetFonts(config, FcSetApplication) : NULL;
    bool any = (system && system->nfont > 0) || (own && own->nfont > 0);
    if (config) FcConfigDestroy(config);
    if (any) return true;
    return fr_fail_at(call, fr_place_at(.hint = "install one, on Debian: apt install fonts-dejavu-core"), FR_ERR_NOT_FOUND,
                      "no font to write labels with: fontconfig knows none");
}

PangoContext *fr_font_context(PangoFontMap *map)
{
    PangoContext *pango = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango, options);
    pango_cairo_context_set_resolution(pango, 96);
    pango_context_set_round_glyph_positions(pango, FALSE);
    cairo_font_options_destroy(options);
    return pango;
}

PangoLayout *fr_font_layout(PangoContext *pango)
{
    PangoLayout *layout = pango_layout_new(pango);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));     /* digits of one width */
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_attr_list_unref(attributes);
    return layout;
}

void fr_font_set(PangoLayout *layout, const fr_font *font, const char *text, size_t n)
{
    PangoFontDescription *description = pango_font_description_new();
    pango_font_description_set_family_static(description, FR_FONT_NAMES);
    pango_font_description_set_absolute_size(description, (double)font->size * PANGO_SCALE);
    if (font->weight) pango_font_description_set_weight(description, (PangoWeight)font->weight);
    if (font->italic) pango_font_description_set_style(description, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
    pango_layout_set_text(layout, text, (int)n);
}

/* ---- measuring --------------------------------------------------------------------------------------------------- */

static bool same(const memory *m, const char *text, size_t n, const fr_font *font)
{
    return m->n == n && m->size == font->size && m->weight == font->weight && m->italic == font->italic &&
           memcmp(m->text, text, n) == 0;
}

static void measure_now(pango_metrics *state, const char *text, size_t n, const fr_font *font, fr_extents *out)
{
    fr_font_set(state->layout, font, text, n);
    PangoRectangle logical;
    pango_layout_get_extents(state->layout, NULL, &logical);
    double baseline = (double)pango_layout_get_baseline(state->layout) / PANGO_SCALE;
    *out = (fr_extents){ .width = (double)logical.width / PANGO_SCALE, .ascent = baseline,
                         .descent = (double)logical.height / PANGO_SCALE - baseline,
                         .cap_height = state->cap_share * (double)font->size };
}

static bool measure(fr_call *call, const fr_metrics *metrics, const char *text, size_t n, const fr_font *font,
                    fr_extents *out)
{
    (void)call;
    pango_metrics *state = metrics->state;
    if (n == 0 || n > LONGEST_REMEMBERED) return measure_now(state, text, n, font, out), true;
    memory *m = &state->remembered[fr_hash_bytes(text, n, (uint64_t)(font->size * 64) + font->weight) % REMEMBERED];
    if (!same(m, text, n, font)) {
        memcpy(m->text, text, n);
        m->n = (uint32_t)n;
        m->weight = font->weight;
        m->italic = font->italic;
        m->size = font->size;
        measure_now(state, text, n, font, &m->extents);
    }
    *out = m->extents;
    return true;
}

static double share_of_capital(PangoLayout *layout)
{
    PangoRectangle ink;
    fr_font_set(layout, &(fr_font){ .size = 100 }, "H", 1);
    pango_layout_get_extents(layout, &ink, NULL);
    return (double)ink.height / PANGO_SCALE / 100;
}

static void clear(fr_metrics *metrics)
{
    pango_metrics *state = metrics->state;
    g_object_unref(state->layout);
    g_object_unref(state->pango);
    g_object_unref(state->map);
    fr_free(state->context, state, sizeof *state);
}

bool fr_metrics_pango(fr_call *call, fr_metrics *out)
{
    if (!fr_fonts_present(call)) return false;
    pango_metrics *state = fr_new(call, sizeof *state);
    if (!state) return false;
    state->context = call->context;
    state->map = pango_cairo_font_map_new();
    state->pango = fr_font_context(state->map);
    state->layout = fr_font_layout(state->pango);
    state->cap_share = share_of_capital(state->layout);
    *out = (fr_metrics){ .measure = measure, .clear = clear, .state = state };
    return true;
}
