/* metrics.h — how large a text will be: the only thing in which one renderer's layout differs from another's.
 *
 * The layout asks for widths and heights through this table of functions. Pango answers for SVG, PNG and PDF (real
 * fonts, tabular figures); for the terminal a character is a cell of 8 × 16 logical pixels, East Asian text and emoji
 * two cells.
 *
 *     FR_CLEANUP(fr_metrics_clear) fr_metrics metrics = { 0 };
 *     if (!fr_metrics_pango(call, &metrics)) return false;
 *     fr_extents size;
 *     if (!fr_measure(call, &metrics, "Revenue", &(fr_font){ .size = 11 }, &size)) return false;
 *
 * Lines of a text are separated by '\n'; a line's height is fr_line_height. Control characters, invalid UTF-8 and
 * texts of more than FR_LONGEST_LABEL bytes are never measured as such: fr_scene_text and the functions here clean
 * them first.
 */
#ifndef FR_PLOT_METRICS_H
#define FR_PLOT_METRICS_H

#include "base/call.h"
#include "base/memory.h"

/* Inter when installed, then what most machines have. In an SVG the same list goes into the file. */
#define FR_FONT_FAMILIES "Inter, 'Source Sans 3', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

enum { FR_WEIGHT_NORMAL = 0, FR_WEIGHT_SEMIBOLD = 600, FR_WEIGHT_BOLD = 700 };
enum { FR_LONGEST_LABEL = 4096 };    /* bytes; longer texts are cut with "…" before anything measures them            */

typedef struct fr_font {
    float    size;          /* logical pixels: the em                                                                 */
    uint16_t weight;        /* 0: normal (400)                                                                        */
    bool     italic;
    uint8_t  room_;
} fr_font;

typedef struct fr_extents {
    double width;           /* the advance: where a next character would begin                                        */
    double ascent, descent; /* of the font's line, both positive                                                      */
    double cap_height;      /* of a capital or a digit: text is centred on y with its baseline at y + cap_height / 2  */
} fr_extents;

typedef struct fr_metrics fr_metrics;
struct fr_metrics {
    /* One line of valid UTF-8 without control characters. */
    bool (*measure)(fr_call *call, const fr_metrics *metrics, const char *text, size_t n, const fr_font *font,
                    fr_extents *out);
    void (*clear)(fr_metrics *metrics);
    double cell_width, cell_height;     /* logical pixels of a character cell; 0 where positions are continuous       */
    void  *state;                       /* owned by the implementation                                                */
};

/* Real fonts through pango. Errors NOT_FOUND when fontconfig knows no font at all (the message names
 * fonts-dejavu-core). Cost: the first in a process reads fontconfig's cache (about 10 ms); a label some 10 µs, the
 * same again 0.1 µs. */
bool fr_metrics_pango(fr_call *call, fr_metrics *out) FR_MUST_USE;
/* Character cells of 8 × 16; needs no clearing and no fonts. */
void fr_metrics_cells(fr_metrics *out);
void fr_metrics_clear(fr_metrics *metrics);                                       /* works as FR_CLEANUP; harmless on zeros */

/* ---- measuring and fitting (metrics.c) --------------------------------------------------------------------------------
 * All take any bytes: what is invalid becomes U+FFFD, control characters become blanks. */

/* One line, up to the first '\n'. Cost O(length) through a cache. */
bool fr_measure(fr_call *call, const fr_metrics *metrics, const char *text, const fr_font *font, fr_extents *out) FR_MUST_USE;

/* Distance of the baselines of two lines. */
static inline double fr_line_height(const fr_metrics *metrics, const fr_font *font)
{
    return metrics->cell_height > 0 ? metrics->cell_height : (double)font->size * 1.3;
}

/* The text if it fits `width`, else cut at a character with "…" ("Northern Irel…"); at least "…". NULL on failure.
 * Cost O(log n) measurements. The result lives in the arena (it may be the text itself). */
const char *fr_text_fit(fr_call *call, fr_arena *arena, const fr_metrics *metrics, const char *text, const fr_font *font,
                        double width) FR_MUST_USE;

/* The text in at most `most` lines (1 … 3 looks well) of `width`, broken at blanks and after hyphens and slashes,
 * lines separated by '\n'; the last one is cut with "…" when more would be needed. The greedy fill of a paragraph,
 * with lines made as even as the same number of lines allows. A word wider than `width` is cut. NULL on failure. */
const char *fr_text_wrap(fr_call *call, fr_arena *arena, const fr_metrics *metrics, const char *text, const fr_font *font,
                         double width, int most) FR_MUST_USE;

/* Any bytes as a label: valid UTF-8 without control characters ('\n' stays), cut after FR_LONGEST_LABEL bytes with
 * "…". NULL text gives "". The text itself is returned when nothing is to be done; else a copy in the arena; NULL on
 * failure. */
const char *fr_text_clean(fr_call *call, fr_arena *arena, const char *text) FR_MUST_USE;

#endif
