/* terminal_text.c — see terminal_text.h.
 *
 *     ████▏    41.5 % of ten columns: four whole ones and an eighth
 *     ▁▂▅█▃    a histogram in five columns
 *
 * Blocks and signs beyond ASCII are written first and replaced at the end where the terminal has no UTF-8, so that
 * every line is laid out once.
 */
#include "terminal_text.h"

#include <math.h>
#include <string.h>

enum { LABEL_WIDTH = 17 };

/* ---- widths ------------------------------------------------------------------------------------------------------ */
/* One code point; 0 at the end. Invalid bytes cannot occur: the library checks its texts. */
static uint32_t next_point(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    uint32_t point = *c;
    int more = point >= 0xf0 ? 3 : point >= 0xe0 ? 2 : point >= 0xc0 ? 1 : 0;
    if (!point) return 0;
    if (more) point &= 0x3fu >> more;
    c++;
    for (; more && (*c & 0xc0) == 0x80; more--) point = point << 6 | (*c++ & 0x3f);
    *at = (const char *)c;
    return point;
}

static size_t width_of(uint32_t p)
{
    if ((p >= 0x300 && p <= 0x36f) || (p >= 0x200b && p <= 0x200f) || (p >= 0xfe00 && p <= 0xfe0f) || p == 0xfeff
        || p == 0x2060) return 0;
    const bool wide = (p >= 0x1100 && p <= 0x115f) || (p >= 0x2e80 && p <= 0xa4cf) || (p >= 0xac00 && p <= 0xd7a3) ||
                      (p >= 0xf900 && p <= 0xfaff) || (p >= 0xfe30 && p <= 0xfe6f) || (p >= 0xff00 && p <= 0xff60) ||
                      (p >= 0x1f300 && p <= 0x1faff) || (p >= 0x20000 && p <= 0x3fffd);
    return wide ? 2 : 1;
}

size_t shown_width(const char *text)
{
    size_t width = 0;
    bool escaped = false;
    for (uint32_t p; (p = next_point(&text));) {
        if (p == 0x1b) escaped = true;
        if (!escaped) width += width_of(p);
        if (escaped && p == 'm') escaped = false;
    }
    return width;
}

static bool is_control(uint32_t p)
{
    return p < 0x20 || (p >= 0x7f && p < 0xa0) || (p >= 0x202a && p <= 0x202e) || (p >= 0x2066 && p <= 0x2069);
}

const char *fit_text(store *s, const char *text, size_t most)
{
    growing out = { .bytes = NULL };
    size_t width = 0;
    bool cut = false;
    for (const char *at = text; *at && !cut;) {
        const char *begin = at;
        const uint32_t p = next_point(&at);
        const size_t w = is_control(p) ? (p < 0x100 ? 4 : 6) : width_of(p);
        cut = width + w > most || (width + w == most && *at);
        if (cut) break;
        if (is_control(p)) grow_format(&out, p < 0x100 ? "\\x%02x" : "\\u%04x", p);
        else grow_bytes(&out, begin, (size_t)(at - begin));
        width += w;
    }
    if (cut) grow(&out, "…");
    const char *kept = keep(s, out.bytes ? out.bytes : "");
    growing_clear(&out);
    return kept;
}

static void put_blanks(growing *out, size_t n)
{
    while (n--) grow_char(out, ' ');
}

void put_left(growing *out, const char *text, size_t width)
{
    const size_t w = shown_width(text);
    grow(out, text);
    if (w < width) put_blanks(out, width - w);
}

void put_right(growing *out, const char *text, size_t width)
{
    const size_t w = shown_width(text);
    if (w < width) put_blanks(out, width - w);
    grow(out, text);
}

/* ---- bars -------------------------------------------------------------------------------------------------------- */
void put_bar(growing *out, const look *how, double share, size_t width)
{
    static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
    if (!(share > 0) || !isfinite(share)) return;
    size_t n = (size_t)(share * 8 * (double)width + 0.5);
    if (n == 0) n = 1;
    if (how->ascii) n = (n + 4) / 8 * 8;
    if (how->color) grow(out, "\033[34m");
    for (; n >= 8; n -= 8) grow(out, how->ascii ? "#" : eighths[8]);
    grow(out, eighths[n]);
    if (how->color) grow(out, "\033[0m");
}

void put_spark(growing *out, const look *how, const double *values, size_t n)
{
    static const char *const levels[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    static const char *const plain[] = { " ", ".", ".", ":", ":", "-", "=", "+", "#" };
    double most = 0;
    for (size_t i = 0; i < n; i++) most = values[i] > most ? values[i] : most;
    for (size_t i = 0; i < n; i++) {
        int level = most > 0 && values[i] > 0 ? (int)ceil(8 * values[i] / most) : 0;
        grow(out, (how->ascii ? plain : levels)[level > 8 ? 8 : level]);
    }
}

void put_strong(growing *out, const look *how, const char *text)
{
    grow_format(out, how->color ? "\033[1m%s\033[0m" : "%s", text);
}

void put_faint(growing *out, const look *how, const char *text)
{
    grow_format(out, how->color ? "\033[2m%s\033[0m" : "%s", text);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
static size_t line_length(const char *text)
{
    const char *end = strchr(text, '\n');
    return end ? (size_t)(end - text) : strlen(text);
}

static size_t block_width(const char *block)
{
    size_t most = 0;
    char line[2048];
    while (*block) {
        const size_t n = line_length(block);
        snprintf(line, sizeof line, "%.*s", (int)n, block);
        if (shown_width(line) > most) most = shown_width(line);
        block += n + (block[n] == '\n');
    }
    return most;
}

static void put_line(growing *out, const char **block, size_t width)
{
    char line[2048];
    const size_t n = line_length(*block);
    snprintf(line, sizeof line, "%.*s", (int)n, *block);
    put_left(out, line, width);
    *block += n + ((*block)[n] == '\n');
}

static void trim_line(growing *out)
{
    while (out->n && out->bytes[out->n - 1] == ' ') out->bytes[--out->n] = 0;
    grow_char(out, '\n');
}

enum { GAP = 5 };

bool beside_fits(const look *how, const char *left, const char *right, size_t more)
{
    return block_width(left) + GAP + block_width(right) + more <= how->width;
}

void put_beside(growing *out, const look *how, const char *left, const char *right)
{
    const size_t width = block_width(left), gap = GAP;
    if (!*right || !beside_fits(how, left, right, 0)) {
        grow(out, left);
        if (*left && *right) grow_char(out, '\n');
        grow(out, right);
        return;
    }
    while (*left || *right) {
        put_line(out, &left, *right ? width + gap : 0);
        put_line(out, &right, 0);
        trim_line(out);
    }
}

void put_labelled(growing *out, const look *how, const char *label, const char *text)
{
    char word[2048];
    size_t at = LABEL_WIDTH;
    const size_t width = how->width > 2 * LABEL_WIDTH ? how->width : 2 * LABEL_WIDTH;
    if (shown_width(label) + 2 > LABEL_WIDTH) at = shown_width(label) + 2;
    if (how->color) grow(out, "\033[1m");
    put_left(out, label, at);
    if (how->color) grow(out, "\033[0m");
    bool first = true;
    while (*text) {
        const size_t n = strcspn(text, " \n");
        snprintf(word, sizeof word, "%.*s", (int)n, text);
        const size_t w = shown_width(word);
        if (!first && at + 1 + w > width) {
            grow_char(out, '\n');
            put_blanks(out, LABEL_WIDTH);
            at = LABEL_WIDTH;
        } else if (!first) {
            grow_char(out, ' ');
            at++;
        }
        grow(out, word);
        at += w;
        first = false;
        text += n + (text[n] == ' ');
        if (*text == '\n') {
            grow_char(out, '\n');
            put_blanks(out, LABEL_WIDTH);
            at = LABEL_WIDTH;
            first = true;
            text++;
        }
    }
    grow_char(out, '\n');
}

/* ---- what data may not do to a terminal -------------------------------------------------------------------------- */
static size_t own_colour(const char *at)
{
    static const char *const ours[] = { "\033[0m", "\033[1m", "\033[2m", "\033[34m" };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (!strncmp(at, ours[i], strlen(ours[i]))) return strlen(ours[i]);
    return 0;
}

void make_safe(growing *text, bool color)
{
    growing out = { .bytes = NULL };
    for (const char *at = text->bytes ? text->bytes : ""; *at;) {
        const char *begin = at;
        const size_t n = color && *at == '\033' ? own_colour(at) : 0;
        const uint32_t p = n ? 0 : next_point(&at);
        at += n;
        if (n || p == '\n' || !is_control(p)) grow_bytes(&out, begin, (size_t)(at - begin));
        else grow_format(&out, p < 0x100 ? "\\x%02x" : "\\u%04x", p);
    }
    growing_clear(text);
    *text = out;
}

/* ---- ASCII ------------------------------------------------------------------------------------------------------- */
static const char *nearest_ascii(uint32_t p)
{
    switch (p) {
    case 0x2212: case 0x2013: case 0x2014: case 0x2500: return "-";
    case 0x2192: return "->";
    case 0x2026: return "...";
    case 0x00d7: return "x";
    case 0x00b7: return "|";
    case 0x00b1: return "+-";
    case 0x2713: return "ok";
    case 0x20ac: return "EUR ";
    case 0x00a3: return "GBP ";
    default: return "?";
    }
}

void to_ascii(growing *text)
{
    growing out = { .bytes = NULL };
    for (const char *at = text->bytes ? text->bytes : ""; *at;) {
        const char *begin = at;
        const uint32_t p = next_point(&at);
        if (p < 0x80) grow_bytes(&out, begin, 1);
        else grow(&out, nearest_ascii(p));
    }
    growing_clear(text);
    *text = out;
}
