/* svg_writer.c — numbers, texts and styles of an SVG, with nothing to spare.
 *
 *     12.50 → 12.5    0.25 → .25    -0.004 → 0    #aabbcc → #abc    Black & "white" → Black &amp; &quot;white&quot;
 */
#include "plot/render/svg_writer.h"

#include <string.h>

static bool put(fr_svg_writer *w, const char *text) { return fr_text_add(w->call, w->out, text); }

/* ---- texts and numbers ------------------------------------------------------------------------------------------- */

bool fr_svg_put_escaped(fr_svg_writer *w, const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "&<>\"\n");
        if (n && !fr_text_append(w->call, w->out, text, n)) return false;
        if (!text[n]) return true;
        const char *instead = text[n] == '&' ? "&amp;" : text[n] == '<' ? "&lt;" : text[n] == '>' ? "&gt;"
                            : text[n] == '"' ? "&quot;" : "\n";
        if (!put(w, instead)) return false;
        text += n + 1;
    }
}

/* So many hundredths as a number: 1250 → 12.5, -7 → -.07. */
size_t fr_svg_hundredths(int64_t hundredths, char *out)
{
    char digits[24];
    size_t n = 0, d = 0;
    uint64_t x = hundredths < 0 ? (uint64_t)-hundredths : (uint64_t)hundredths;
    uint64_t whole = x / 100, part = x % 100;
    if (hundredths < 0) out[n++] = '-';
    for (; whole; whole /= 10) digits[d++] = (char)('0' + whole % 10);
    if (d == 0 && part == 0) digits[d++] = '0';
    while (d) out[n++] = digits[--d];
    if (part) {
        out[n++] = '.';
        out[n++] = (char)('0' + part / 10);
        if (part % 10) out[n++] = (char)('0' + part % 10);
    }
    return n;
}

static int64_t hundredths_of(double x)
{
    double scaled = x * 100;
    return (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

bool fr_svg_put_number(fr_svg_writer *w, double x)
{
    char text[32];
    return fr_text_append(w->call, w->out, text, fr_svg_hundredths(hundredths_of(x), text));
}

/* ` name="12.5"` */
bool fr_svg_put_attribute(fr_svg_writer *w, const char *name, double x)
{
    return put(w, " ") && put(w, name) && put(w, "=\"") && fr_svg_put_number(w, x) && put(w, "\"");
}

/* ---- style ------------------------------------------------------------------------------------------------------- */

/* The class of a paint, when themes differ: remembers that its rule is needed. */
static bool put_class(fr_svg_writer *w, const char *kind, fr_paint paint, bool *open)
{
    int slot = w->theme ? -1 : fr_svg_slot_of(paint);
    if (slot < 0) return true;
    *(kind[0] == 'f' ? &w->fills : &w->strokes) |= UINT64_C(1) << slot;
    bool first = !*open;
    *open = true;
    return put(w, first ? " class=\"" : " ") && put(w, kind) && put(w, fr_svg_slot_at(slot).name);
}

bool fr_svg_put_classes(fr_svg_writer *w, fr_paint fill, fr_paint stroke)
{
    bool open = false;
    if (fr_paints(fill) && !put_class(w, "f-", fill, &open)) return false;
    if (fr_paints(stroke) && !put_class(w, "s-", stroke, &open)) return false;
    return !open || put(w, "\"");
}

/* ` fill="#0072b2" fill-opacity=".2"`; `name` is "fill" or "stroke". */
bool fr_svg_put_colour(fr_svg_writer *w, const char *name, fr_paint paint)
{
    fr_rgba c = fr_resolve(w->theme ? w->theme : &fr_theme_light, paint);
    uint32_t rgb = (uint32_t)c.red << 16 | (uint32_t)c.green << 8 | c.blue;
    bool brief = (rgb >> 4 & 0x0f0f0f) == (rgb & 0x0f0f0f);
    bool done = brief ? fr_text_format(w->call, w->out, " %s=\"#%x%x%x\"", name, rgb >> 16 & 15, rgb >> 8 & 15, rgb & 15)
                      : fr_text_format(w->call, w->out, " %s=\"#%06x\"", name, rgb);
    if (!done || c.alpha >= 1) return done;
    return put(w, " ") && put(w, name) && put(w, "-opacity=\"") && fr_svg_put_number(w, (double)c.alpha) && put(w, "\"");
}

static bool put_stroke(fr_svg_writer *w, fr_stroke stroke)
{
    double dash[2];
    if (!fr_svg_put_colour(w, "stroke", stroke.paint)) return false;
    if (stroke.width != 1 && !fr_svg_put_attribute(w, "stroke-width", (double)stroke.width)) return false;
    if (stroke.square && !put(w, " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"")) return false;
    if (!fr_dash_lengths(stroke, dash)) return true;
    return put(w, " stroke-dasharray=\"") && fr_svg_put_number(w, dash[0]) && put(w, " ") && fr_svg_put_number(w, dash[1]) &&
           put(w, "\"");
}

static bool put_shape_style(fr_svg_writer *w, const fr_item *item)
{
    bool stroked = fr_strokes(item->stroke), filled = fr_paints(item->fill);
    if (!fr_svg_put_classes(w, item->fill, stroked ? item->stroke.paint : (fr_paint){ 0 })) return false;
    if (!(filled ? fr_svg_put_colour(w, "fill", item->fill) : put(w, " fill=\"none\""))) return false;
    if (stroked) return put_stroke(w, item->stroke);
    return filled || !item->tooltip || put(w, " pointer-events=\"all\"");     /* unseen, but to be pointed at */
}

static bool put_text_style(fr_svg_writer *w, const fr_item *item)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    fr_paint halo = item->halo > 0 ? fr_paint_ink(FR_INK_SURFACE) : (fr_paint){ 0 };
    if (!fr_svg_put_classes(w, item->fill, halo) || !fr_svg_put_colour(w, "fill", item->fill)) return false;
    if (!fr_svg_put_attribute(w, "font-size", (double)item->font.size) || !put(w, anchors[item->anchor % 3])) return false;
    if (item->font.weight && !fr_text_format(w->call, w->out, " font-weight=\"%u\"", item->font.weight)) return false;
    if (item->font.italic && !put(w, " font-style=\"italic\"")) return false;
    return !fr_paints(halo) || (fr_svg_put_colour(w, "stroke", halo) && put(w, " paint-order=\"stroke\"") &&
                                fr_svg_put_attribute(w, "stroke-width", 2 * (double)item->halo));
}

bool fr_svg_put_style(fr_svg_writer *w, const fr_item *item)
{
    return item->kind == FR_ITEM_TEXT ? put_text_style(w, item) : put_shape_style(w, item);
}
