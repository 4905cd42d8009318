/* screen_text.c — a grid of cells as lines of text: the nearest block character, braille, colours as the terminal has
 * them.
 *
 *     samples of a cell     ........        the character with the fewest differing samples among the eighth blocks from
 *                           ........        below and from the left, the halves and quarters, each also with foreground and
 *                           ########        background exchanged: here ▆
 *                           …
 *
 * Without colour, areas of different series differ by their fill (█ ▓ ▒ ░), in ASCII by letters.
 */
#include "plot/render/screen.h"

#include <string.h>

#include "base/utf8.h"

enum { LIGHTEST = 3, LEAST_SEEN = 8 };      /* shades; samples of 64 that are worth one */

typedef struct look { int32_t fore, back; uint8_t series, back_series; bool reversed, bold; } look;

typedef struct screen_writer {
    fr_call                 *call;
    const fr_render_options *options;
    fr_text                 *out;
    look                     now;           /* what the terminal is set to */
} screen_writer;

static const look plain = { .fore = FR_COLOUR_TEXT, .back = FR_COLOUR_NONE };

/* ---- colours ----------------------------------------------------------------------------------------------------- */

static const uint32_t sixteen[16] = {       /* as xterm shows them */
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static int nearest_of_16(uint32_t rgb, uint8_t series)
{
    static const uint8_t fixed[FR_N_SERIES] = { 4, 1, 2, 5, 13, 8, 3, 6 };      /* eight that differ, like the palette */
    int best = 0;
    if (series) return fixed[(series - 1) % FR_N_SERIES];
    for (int i = 1; i < 16; i++)
        if (fr_lab_distance(sixteen[i], rgb) < fr_lab_distance(sixteen[best], rgb)) best = i;
    return best;
}

/* The xterm cube has levels 0 95 135 175 215 255, then 24 greys from 8 in steps of 10. */
static uint32_t cube_level(uint32_t c) { return c < 48 ? 0 : c < 115 ? 1 : (c - 35) / 40; }
static uint32_t level_value(uint32_t level) { return level ? 55 + 40 * level : 0; }

static int nearest_of_256(uint32_t rgb)
{
    uint32_t r = cube_level(rgb >> 16 & 255), g = cube_level(rgb >> 8 & 255), b = cube_level(rgb & 255);
    uint32_t mean = ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3;
    uint32_t step = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10, grey = 8 + 10 * step;
    uint32_t cube = level_value(r) << 16 | level_value(g) << 8 | level_value(b);
    bool use_grey = fr_lab_distance(grey << 16 | grey << 8 | grey, rgb) < fr_lab_distance(cube, rgb);
    return (int)(use_grey ? 232 + step : 16 + 36 * r + 6 * g + b);
}

/* ";38;2;0;114;178": the part of an escape that sets a colour; layer 30 for the foreground, 40 for the background. */
static bool put_colour(screen_writer *w, int layer, int32_t colour, uint8_t series)
{
    if (colour < 0) return true;
    uint32_t rgb = (uint32_t)colour;
    if (w->options->depth == FR_DEPTH_TRUE)
        return fr_text_format(w->call, w->out, ";%d;2;%u;%u;%u", layer + 8, rgb >> 16, rgb >> 8 & 255, rgb & 255);
    if (w->options->depth == FR_DEPTH_256)
        return fr_text_format(w->call, w->out, ";%d;5;%d", layer + 8, nearest_of_256(rgb));
    int number = nearest_of_16(rgb, series);
    return fr_text_format(w->call, w->out, ";%d", number < 8 ? layer + number : layer + 60 + number - 8);
}

static bool same_look(look a, look b)
{
    return a.fore == b.fore && a.back == b.back && a.series == b.series && a.back_series == b.back_series &&
           a.reversed == b.reversed && a.bold == b.bold;
}

static bool set_look(screen_writer *w, look next)
{
    if (w->options->depth == FR_DEPTH_NONE || same_look(w->now, next)) return true;
    w->now = next;
    return fr_text_add(w->call, w->out, "\x1b[0") && (!next.bold || fr_text_add(w->call, w->out, ";1")) &&
           (next.fore != FR_COLOUR_DIM || fr_text_add(w->call, w->out, ";2")) &&
           (!next.reversed || fr_text_add(w->call, w->out, ";7")) && put_colour(w, 30, next.fore, next.series) &&
           put_colour(w, 40, next.back, next.back_series) && fr_text_add(w->call, w->out, "m");
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

#define ROWS_FROM(k) (~UINT64_C(0) << (64 - 8 * (k)))               /* the lowest k of 8 lines of samples */
#define COLUMNS(k)   (UINT64_C(0x0101010101010101) * ((1u << (k)) - 1))
#define TOP_LEFT     (UINT64_C(0x0f0f0f0f))
#define TOP_RIGHT    (UINT64_C(0xf0f0f0f0))
#define LOW_LEFT     (TOP_LEFT << 32)
#define LOW_RIGHT    (TOP_RIGHT << 32)

typedef struct block { uint64_t mask; uint16_t code; char ascii; } block;

static const block blocks[] = {
    { 0, ' ', ' ' },                        { UINT64_MAX, 0x2588, '#' },
    { ROWS_FROM(1), 0x2581, '_' },          { ROWS_FROM(2), 0x2582, '_' },          { ROWS_FROM(3), 0x2583, '.' },
    { ROWS_FROM(4), 0x2584, '.' },          { ROWS_FROM(5), 0x2585, 'o' },          { ROWS_FROM(6), 0x2586, 'o' },
    { ROWS_FROM(7), 0x2587, '#' },          { COLUMNS(1), 0x258f, '|' },            { COLUMNS(2), 0x258e, '|' },
    { COLUMNS(3), 0x258d, '|' },            { COLUMNS(4), 0x258c, '|' },            { COLUMNS(5), 0x258b, '|' },
    { COLUMNS(6), 0x258a, '#' },            { COLUMNS(7), 0x2589, '#' },            { ~COLUMNS(4), 0x2590, '|' },
    { ~ROWS_FROM(4), 0x2580, '\'' },        { LOW_LEFT, 0x2596, '.' },              { LOW_RIGHT, 0x2597, '.' },
    { TOP_LEFT, 0x2598, '\'' },             { TOP_RIGHT, 0x259d, '\'' },            { ~TOP_RIGHT, 0x2599, '#' },
    { ~LOW_RIGHT, 0x259b, '#' },            { ~LOW_LEFT, 0x259c, '#' },             { ~TOP_LEFT, 0x259f, '#' },
    { TOP_LEFT | LOW_RIGHT, 0x259a, '\\' }, { TOP_RIGHT | LOW_LEFT, 0x259e, '/' },
};

/* The block that differs least; *reversed when its complement does. */
static const block *nearest_block(uint64_t mask, bool may_reverse, bool *reversed)
{
    const block *best = blocks;
    int least = 65;
    for (size_t i = 0; i < FR_COUNT_OF(blocks); i++) {
        int d = __builtin_popcountll(mask ^ blocks[i].mask), opposite = 64 - d;
        if (d < least) best = &blocks[i], least = d, *reversed = false;
        if (may_reverse && opposite < least && i > 1) best = &blocks[i], least = opposite, *reversed = true;
    }
    return best;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static bool put_code(screen_writer *w, uint32_t code)
{
    char text[4];
    return fr_text_append(w->call, w->out, text, fr_utf8_encode(code, text));
}

static bool put_look_and_code(screen_writer *w, look l, uint32_t code, char ascii)
{
    return set_look(w, l) && put_code(w, w->options->ascii ? (uint32_t)(unsigned char)ascii : code);
}

/* The fill of a whole cell where no background can be set: by series, or lighter for what shines through. */
static bool put_fill(screen_writer *w, fr_tint tint, look l)
{
    static const uint16_t shades[] = { 0x2588, 0x2593, 0x2592, 0x2591 };
    static const char letters[] = "#%=+*o-.";
    size_t kind = tint.shade ? tint.shade : tint.series ? (size_t)(tint.series - 1) % 4 : 0;
    char ascii = tint.shade ? ".:-"[3 - tint.shade] : letters[tint.series ? (size_t)(tint.series - 1) % 8 : 0];
    l.fore = tint.colour;
    l.series = tint.series;
    return put_look_and_code(w, l, shades[w->options->depth == FR_DEPTH_NONE || tint.shade ? kind : 0], ascii);
}

static bool put_area(screen_writer *w, const fr_screen_cell *cell, look l)
{
    bool colours = w->options->depth != FR_DEPTH_NONE && !w->options->ascii, reversed = false;
    if (cell->area.shade || (!colours && cell->mask == UINT64_MAX)) {
        int samples = __builtin_popcountll(cell->mask);
        fr_tint tint = cell->area;
        if (samples < 32) tint.shade = LIGHTEST;
        return samples >= LEAST_SEEN ? put_fill(w, tint, l) : put_look_and_code(w, l, ' ', ' ');
    }
    const block *b = nearest_block(cell->mask, colours, &reversed);
    l.fore = cell->area.colour;
    l.series = cell->area.series;
    if (reversed && l.back != FR_COLOUR_NONE) {                       /* both are known: exchange them */
        look other = { .fore = l.back, .back = l.fore, .series = l.back_series, .back_series = l.series };
        return put_look_and_code(w, other, b->code, b->ascii);
    }
    l.reversed = reversed;
    return put_look_and_code(w, l, b->code, b->ascii);
}

static bool put_rule(screen_writer *w, const fr_screen_cell *cell, look l)
{
    bool light = cell->rules & FR_RULE_LIGHT, upright = cell->rules & FR_RULE_UPRIGHT;
    bool flat = cell->rules & (FR_RULE_TOP | FR_RULE_MIDDLE | FR_RULE_BOTTOM);
    uint32_t code = upright && flat ? 0x253c : upright ? (light ? 0x250a : 0x2502) : light ? 0x2508 : 0x2500;
    if (flat && !upright && !light && cell->rules & FR_RULE_TOP) code = 0x2594;
    if (flat && !upright && !light && cell->rules & FR_RULE_BOTTOM) code = 0x2581;
    l.fore = cell->rule.colour;
    l.series = cell->rule.series;
    return put_look_and_code(w, l, code, upright && flat ? '+' : upright ? '|' : light ? '.' : '-');
}

static bool put_dots(screen_writer *w, const fr_screen_cell *cell, look l)
{
    bool high = cell->dots & 0x1b, low = cell->dots & 0xe4;
    l.fore = cell->dot.colour;
    l.series = cell->dot.series;
    return put_look_and_code(w, l, 0x2800u + cell->dots, high && low ? '*' : high ? '\'' : '.');
}

static bool put_text(screen_writer *w, const fr_screen_cell *cell, look l)
{
    l.fore = cell->ink.colour;
    l.series = cell->ink.series;
    l.bold = cell->bold;
    return set_look(w, l) && fr_text_append(w->call, w->out, cell->text, cell->n_text);
}

static bool put_cell(screen_writer *w, const fr_screen_cell *cell)
{
    if (cell->continues) return true;
    bool area = cell->area.colour != FR_COLOUR_NONE && cell->mask, most = area && __builtin_popcountll(cell->mask) >= 32;
    fr_tint behind = (cell->n_text || cell->dots) && most && cell->area.shade == 0 ? cell->area : cell->back;
    look l = { .fore = FR_COLOUR_TEXT, .back = behind.colour, .back_series = behind.series };
    if (w->options->depth == FR_DEPTH_NONE) l = plain;
    if (cell->n_text) return put_text(w, cell, l);
    if (cell->dots) return put_dots(w, cell, l);
    if (cell->rules && cell->rule.colour != FR_COLOUR_DIM) return put_rule(w, cell, l);       /* a limit, over what it cuts */
    if (area) return put_area(w, cell, l);
    if (cell->back.colour != FR_COLOUR_NONE) return put_fill(w, cell->back, plain);
    if (cell->rules) return put_rule(w, cell, l);
    return put_look_and_code(w, plain, ' ', ' ');
}

static bool is_blank(const fr_screen_cell *cell)
{
    return !cell->continues && !cell->n_text && !cell->dots && !cell->rules && cell->back.colour == FR_COLOUR_NONE &&
           (cell->area.colour == FR_COLOUR_NONE || !cell->mask);
}

bool fr_screen_write(fr_call *call, const fr_screen *screen, const fr_render_options *options, fr_text *out)
{
    screen_writer w = { .call = call, .options = options, .out = out, .now = plain };
    for (int row = 0; row < screen->rows; row++) {
        const fr_screen_cell *cells = screen->cells + (size_t)row * (size_t)screen->columns;
        int n = screen->columns;
        while (n > 0 && is_blank(&cells[n - 1])) n--;
        for (int i = 0; i < n; i++)
            if (!put_cell(&w, &cells[i])) return false;
        if (!same_look(w.now, plain) && !fr_text_add(call, out, "\x1b[0m")) return false;
        w.now = plain;
        if (!fr_text_add(call, out, "\n")) return false;
    }
    return true;
}
