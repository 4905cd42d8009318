/* metrics.c — any bytes become a label that can be measured; long labels are cut or wrapped to a width.
 *
 *     fr_text_fit  "Northern Ireland", 60 px          → "Northern Ir…"
 *     fr_text_wrap "Widget Pro with a long name", 90  → "Widget Pro\nwith a long\nname"
 */
#include "plot/metrics.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* ---- cleaning ---------------------------------------------------------------------------------------------------- */

/* What stands for the character at `text`: itself, a blank, or U+FFFD; → its bytes. XML knows no noncharacters either. */
static size_t clean_character(const char *text, size_t n, char out[4], size_t *written)
{
    size_t bytes = fr_character_length(text, n);
    uint32_t code = 0xfffd;
    if (bytes) fr_utf8_decode(text, n, &code);
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
    if (control && code != '\n') code = ' ';
    if ((code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code < 0xfdf0)) code = 0xfffd;
    *written = fr_utf8_encode(code, out);
    return bytes ? bytes : 1;
}

/* Bytes at the start that need no cleaning. */
static size_t clean_prefix(const char *text, size_t n)
{
    size_t at = 0, written;
    for (char out[4]; at < n;) {
        size_t bytes = clean_character(text + at, n - at, out, &written);
        if (bytes != written || memcmp(text + at, out, bytes) != 0) break;
        at += bytes;
    }
    return at;
}

const char *fr_text_clean(fr_call *call, fr_arena *arena, const char *text)
{
    if (!text) return "";
    size_t n = strnlen(text, FR_LONGEST_LABEL + 1);
    bool cut = n > FR_LONGEST_LABEL;
    if (cut) n = FR_LONGEST_LABEL;
    if (!cut && clean_prefix(text, n) == n) return text;
    char *copy = fr_arena_array(call, arena, n * 3 + sizeof ELLIPSIS, 1);     /* one bad byte may become three */
    if (!copy) return NULL;
    size_t used = 0, written;
    for (size_t at = 0; at < n; used += written) {
        if (cut && at + 4 > n) break;                                         /* a character may have been cut in two */
        at += clean_character(text + at, n - at, copy + used, &written);
    }
    if (cut) memcpy(copy + used, ELLIPSIS, sizeof ELLIPSIS);
    return copy;
}

/* ---- measuring --------------------------------------------------------------------------------------------------- */

static bool measure(fr_call *call, const fr_metrics *metrics, const char *text, size_t n, const fr_font *font,
                    fr_extents *out)
{
    return metrics->measure(call, metrics, text, n, font, out);
}

bool fr_measure(fr_call *call, const fr_metrics *metrics, const char *text, const fr_font *font, fr_extents *out)
{
    size_t n = strcspn(text, "\n");
    if (n <= FR_LONGEST_LABEL && clean_prefix(text, n) == n) return measure(call, metrics, text, n, font, out);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const char *clean = fr_text_clean(call, &arena, text);
    return clean && measure(call, metrics, clean, strcspn(clean, "\n"), font, out);
}

void fr_metrics_clear(fr_metrics *metrics)
{
    if (metrics->clear) metrics->clear(metrics);
    *metrics = (fr_metrics){ 0 };
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

enum { CELL_WIDTH = 8, CELL_HEIGHT = 16 };

static bool measure_cells(fr_call *call, const fr_metrics *metrics, const char *text, size_t n, const fr_font *font,
                          fr_extents *out)
{
    (void)call;
    (void)font;                                                    /* a terminal has one size */
    *out = (fr_extents){ .width = (double)fr_utf8_width(text, n) * metrics->cell_width,
                         .ascent = metrics->cell_height * 0.75, .descent = metrics->cell_height * 0.25,
                         .cap_height = metrics->cell_height * 0.5 };
    return true;
}

void fr_metrics_cells(fr_metrics *out)
{
    *out = (fr_metrics){ .measure = measure_cells, .cell_width = CELL_WIDTH, .cell_height = CELL_HEIGHT };
}

/* ---- cutting ----------------------------------------------------------------------------------------------------- */

typedef struct fitting {
    const fr_metrics *metrics;
    const fr_font    *font;
    double            width;
} fitting;

static bool fits(fr_call *call, const fitting *f, const char *text, size_t n, bool *yes)
{
    fr_extents size;
    if (!measure(call, f->metrics, text, n, f->font, &size)) return false;
    *yes = size.width <= f->width + 1e-6;
    return true;
}

/* `n` bytes of the text, blanks at their end taken off, and "…". */
static char *with_ellipsis(fr_call *call, fr_arena *arena, const char *text, size_t n)
{
    while (n && text[n - 1] == ' ') n--;
    return fr_arena_format(call, arena, "%.*s" ELLIPSIS, (int)n, text);
}

/* Would a cut after `bytes` part a letter from its accent, or an emoji from what is joined to it? */
static bool joins_what_follows(const char *text, size_t n, size_t bytes)
{
    size_t next = fr_character_length(text + bytes, n - bytes);
    return next && fr_utf8_width(text, bytes + next) == fr_utf8_width(text, bytes);
}

/* The longest beginning that fits together with "…", found by halving over code points. */
static char *cut(fr_call *call, fr_arena *arena, const fitting *f, const char *text, size_t n)
{
    size_t most = fr_utf8_length(text, n), least = 0;              /* `least` is taken to fit: at least "…" is shown */
    while (least < most) {
        size_t middle = (least + most + 1) / 2;
        char *attempt = with_ellipsis(call, arena, text, fr_utf8_offset(text, n, middle));
        bool yes;
        if (!attempt || !fits(call, f, attempt, strlen(attempt), &yes)) return NULL;
        if (yes) least = middle;
        else most = middle - 1;
    }
    size_t bytes = fr_utf8_offset(text, n, least);
    while (bytes && bytes < n && joins_what_follows(text, n, bytes)) bytes = fr_utf8_before(text, bytes);
    return with_ellipsis(call, arena, text, bytes);
}

const char *fr_text_fit(fr_call *call, fr_arena *arena, const fr_metrics *metrics, const char *text, const fr_font *font,
                        double width)
{
    const char *clean = fr_text_clean(call, arena, text);
    if (!clean) return NULL;
    fitting f = { metrics, font, width };
    size_t n = strlen(clean), line = strcspn(clean, "\n");
    bool yes;
    if (!fits(call, &f, clean, line, &yes)) return NULL;
    return yes && line == n ? clean : cut(call, arena, &f, clean, line);
}

/* ---- wrapping ---------------------------------------------------------------------------------------------------- */

/* Where a line that began at `from` may end next: bytes up to the break, and where the following line begins. */
static size_t next_break(const char *text, size_t from, size_t *next)
{
    size_t at = from;
    while (text[at] == ' ') at++;
    for (; text[at] && text[at] != '\n'; at++) {
        if (text[at] == ' ') break;
        if ((text[at] == '-' || text[at] == '/') && at > from && text[at + 1] && text[at + 1] != ' ') {
            *next = at + 1;
            return at + 1;
        }
    }
    *next = at;
    while (text[*next] == ' ') (*next)++;
    if (text[*next] == '\n') (*next)++;
    return at;
}

/* The first line of `text` at `from` that `f` holds: its end, and where the next begins. A word too wide is a line. */
static bool fill_line(fr_call *call, const fitting *f, const char *text, size_t from, size_t end_next[2])
{
    size_t next = from, end = next_break(text, from, &next);
    end_next[0] = end;
    end_next[1] = next;
    while (text[next] && text[end] != '\n' && text[next - 1] != '\n') {
        end = next_break(text, next, &next);
        bool yes;
        if (!fits(call, f, text + from, end - from, &yes)) return false;
        if (!yes) return true;
        end_next[0] = end;
        end_next[1] = next;
    }
    return true;
}

static bool count_lines(fr_call *call, const fitting *f, const char *text, int most, int *lines)
{
    size_t at[2] = { 0, 0 };
    for (*lines = 0; text[at[1]] && *lines <= most; (*lines)++)
        if (!fill_line(call, f, text, at[1], at)) return false;
    return true;
}

/* The narrowest width, in steps of a twentieth, that needs no more lines than `f` and cuts no more words. */
static bool even_out(fr_call *call, fitting *f, const char *text, double widest, int lines)
{
    fitting trial = *f;
    for (int part = 19; part >= 10; part--) {
        trial.width = f->width * part / 20;
        int needed;
        if (trial.width < widest) return true;
        if (!count_lines(call, &trial, text, lines, &needed)) return false;
        if (needed > lines) break;
    }
    trial.width = fmin(f->width, trial.width + f->width / 20);
    *f = trial;
    return true;
}

/* Width of the widest piece that cannot be broken. */
static bool widest_word(fr_call *call, const fitting *f, const char *text, double *widest)
{
    *widest = 0;
    for (size_t from = 0, next; text[from]; from = next) {
        fr_extents size;
        size_t end = next_break(text, from, &next);
        if (!measure(call, f->metrics, text + from, end - from, f->font, &size)) return false;
        *widest = fmax(*widest, size.width);
    }
    return true;
}

/* Append one line; the last one takes all that is left and is cut. */
static bool add_line(fr_call *call, fr_arena *arena, const fitting *f, const char *text, fr_text *out)
{
    const char *line = fr_text_fit(call, arena, f->metrics, text, f->font, f->width);
    return line && (out->length == 0 || fr_text_add(call, out, "\n")) && fr_text_add(call, out, line);
}

static bool fill(fr_call *call, fr_arena *arena, const fitting *f, const char *text, int most, fr_text *out)
{
    size_t at[2] = { 0, 0 };
    for (int line = 1; text[at[1]]; line++) {
        size_t from = at[1];
        if (line == most) {
            char *rest = fr_arena_text(call, arena, text + from, strlen(text + from));
            if (!rest) return false;
            for (char *p = rest; *p; p++) if (*p == '\n') *p = ' ';
            return add_line(call, arena, f, rest, out);
        }
        if (!fill_line(call, f, text, from, at)) return false;
        const char *piece = fr_arena_text(call, arena, text + from, at[0] - from);
        if (!piece || !add_line(call, arena, f, piece, out)) return false;
    }
    return true;
}

const char *fr_text_wrap(fr_call *call, fr_arena *arena, const fr_metrics *metrics, const char *text, const fr_font *font,
                         double width, int most)
{
    const char *clean = fr_text_clean(call, arena, text);
    fitting f = { metrics, font, width };
    bool whole;
    if (!clean || !fits(call, &f, clean, strcspn(clean, "\n"), &whole)) return NULL;
    if (whole && !strchr(clean, '\n')) return clean;
    int lines;
    double widest;
    if (!count_lines(call, &f, clean, most, &lines) || !widest_word(call, &f, clean, &widest)) return NULL;
    if (lines <= most && widest <= width && !even_out(call, &f, clean, widest, lines)) return NULL;
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(call);
    if (!fill(call, arena, &f, clean, most < 1 ? 1 : most, &out)) return NULL;
    return fr_arena_text(call, arena, out.bytes ? out.bytes : "", out.length);
}
