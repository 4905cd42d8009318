/* page_svg.c — an SVG document becomes markup of a page only after every element and attribute was looked at.
 *
 * The reader below knows just enough XML: tags with quoted attributes, text, comments (dropped), one declaration at the
 * start (dropped). Everything must be well-formed, balanced and on the lists; what is not, fails the page. References
 * between elements (url(#clip), href="#a") point into the same drawing: ids get the drawing's number, so that two drawings
 * on a page do not meet.
 *
 *     <clipPath id="plot">… <g clip-path="url(#plot)">   →   <clipPath id="f3-plot">… <g clip-path="url(#f3-plot)">
 */
#include "page_inside.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_DEPTH = 64, MOST_NAME = 40 };

typedef struct name {
    const char *text;
    size_t      n;
} name;

typedef struct reader {
    fr_page    *page;
    const char *begin, *p, *end;
    fr_ink     *out;
    name        open[MOST_DEPTH];
    name        root;               /* the id of the <svg>: style sheets begin their selectors with it */
    size_t      depth;
    unsigned    number;
    const char *wrong;
} reader;

/* ---- the lists --------------------------------------------------------------------------------------------------- */
static const char elements[] = " svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath "
    "linearGradient radialGradient stop use symbol marker pattern mask style ";

static const char attributes[] = " aria-describedby aria-hidden aria-label aria-labelledby class clip-path clip-rule "
    "clipPathUnits cx cy d direction dominant-baseline dx dy fill fill-opacity fill-rule font-family font-feature-settings "
    "font-size font-style font-variant font-variant-numeric font-weight gradientTransform gradientUnits height href id lang "
    "letter-spacing marker-end marker-mid marker-start mask maskUnits offset opacity orient overflow paint-order "
    "patternTransform patternUnits points preserveAspectRatio r refX refY role rotate rx ry shape-rendering stop-color "
    "stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit "
    "stroke-opacity stroke-width style tabindex text-anchor text-decoration text-rendering textLength lengthAdjust "
    "transform transform-origin vector-effect version viewBox visibility width word-spacing x x1 x2 xml:lang xml:space "
    "xmlns y y1 y2 ";

static bool listed(const char *list, name word)
{
    char wanted[MOST_NAME + 3];
    if (!word.n || word.n > MOST_NAME) return false;
    snprintf(wanted, sizeof wanted, " %.*s ", (int)word.n, word.text);
    return strstr(list, wanted) != NULL;
}

/* data-part and the like mean nothing to a browser. */
static bool is_data(name word)
{
    return word.n > 5 && word.n <= MOST_NAME && !memcmp(word.text, "data-", 5) && !memchr(word.text, ':', word.n);
}

static bool same(name a, const char *b) { return strlen(b) == a.n && !memcmp(a.text, b, a.n); }

/* ---- reading ----------------------------------------------------------------------------------------------------- */
static bool refuse(reader *r, const char *what)
{
    if (!r->wrong) r->wrong = what;
    return false;
}

static bool at(const reader *r, const char *text)
{
    size_t n = strlen(text);
    return (size_t)(r->end - r->p) >= n && !memcmp(r->p, text, n);
}

static bool skip_past(reader *r, const char *text, const char *what)
{
    for (; r->p < r->end; r->p++)
        if (at(r, text)) return r->p += strlen(text), true;
    return refuse(r, what);
}

static void skip_blanks(reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r')) r->p++;
}

static name read_name(reader *r)
{
    name word = { r->p, 0 };
    while (r->p < r->end && (isalnum((unsigned char)*r->p) || *r->p == '-' || *r->p == ':' || *r->p == '_')) r->p++;
    word.n = (size_t)(r->p - word.text);
    return word;
}

/* Text between tags and in attributes: & begins a reference, everything else but < stands for itself. */
static bool reference_fits(const char *p, const char *end)
{
    const char *q = p + 1;
    while (q < end && q < p + 12 && (isalnum((unsigned char)*q) || *q == '#')) q++;
    return q > p + 1 && q < end && *q == ';';
}

static bool put_checked_text(reader *r, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '<') return refuse(r, "a < where none may stand");
        if (text[i] == '&' && !reference_fits(text + i, text + n)) return refuse(r, "an & that begins no reference");
    }
    fr_put(r->out, text, n);
    return true;
}

/* ---- styles and addresses ---------------------------------------------------------------------------------------- */
static bool holds(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= n; i++) {
        size_t k = 0;
        while (k < length && tolower((unsigned char)text[i + k]) == word[k]) k++;
        if (k == length) return true;
    }
    return false;
}

/* Style may set how things look and must not fetch: url() only of a fragment, no @import, no escapes to hide one. */
static bool style_is_harmless(const char *text, size_t n)
{
    if (holds(text, n, "@import") || holds(text, n, "expression(") || holds(text, n, "image(") || holds(text, n, "image-set(") ||
        memchr(text, '\\', n))
        return false;
    for (size_t i = 0; i + 4 <= n; i++)
        if (holds(text + i, 4, "url(") && (i + 4 >= n || text[i + 4] != '#')) return false;
    return true;
}

/* url(#a) → url(#f3-a), wherever it stands. */
static bool put_with_own_ids(reader *r, const char *text, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i + 5 <= n; i++) {
        if (memcmp(text + i, "url(#", 5) != 0) continue;
        if (!put_checked_text(r, text + kept, i + 5 - kept)) return false;
        fr_putf(r->out, "f%u-", r->number);
        kept = i + 5;
    }
    return put_checked_text(r, text + kept, n - kept);
}

/* A list of ids, each of them numbered. */
static void put_ids(reader *r, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] != ' ' && (i == 0 || text[i - 1] == ' ')) fr_putf(r->out, "f%u-", r->number);
        fr_put(r->out, text + i, 1);
    }
}

/* Values that a browser shows or reads out; a reference in another one could write url( so that nobody sees it. */
static bool is_words(name key) { return is_data(key) || (key.n > 5 && !memcmp(key.text, "aria-", 5)); }

static bool put_value(reader *r, name key, const char *text, size_t n)
{
    if (same(key, "id") || same(key, "aria-labelledby") || same(key, "aria-describedby")) {
        for (size_t i = 0; i < n; i++)
            if (!isalnum((unsigned char)text[i]) && !strchr("-_. ", text[i])) return refuse(r, "an id of odd characters");
        if (r->depth == 0 && same(key, "id")) r->root = (name){ text, n };
        put_ids(r, text, n);
        return true;
    }
    if (same(key, "href")) {
        if (!n || text[0] != '#') return refuse(r, "a link out of the drawing");
        fr_putf(r->out, "#f%u-", r->number);
        return put_checked_text(r, text + 1, n - 1);
    }
    if (!style_is_harmless(text, n) || (memchr(text, '&', n) && !is_words(key)))
        return refuse(r, "a value that fetches something");
    return put_with_own_ids(r, text, n);
}

/* ---- tags -------------------------------------------------------------------------------------------------------- */
static bool read_attribute(reader *r)
{
    name key = read_name(r);
    if (!listed(attributes, key) && !is_data(key)) return refuse(r, "an attribute that is not on the list");
    if (r->p + 1 >= r->end || *r->p != '=' || (r->p[1] != '"' && r->p[1] != '\'')) return refuse(r, "an attribute without value");
    char quote = r->p[1];
    const char *text = r->p + 2, *stop = memchr(text, quote, (size_t)(r->end - text));
    if (!stop) return refuse(r, "an open quote");
    r->p = stop + 1;
    bool foreign = same(key, "xmlns");
    if (foreign && !same((name){ text, (size_t)(stop - text) }, "http://www.w3.org/2000/svg"))
        return refuse(r, "another namespace");
    fr_putf(r->out, " %.*s=%c", (int)key.n, key.text, quote);
    bool fine = foreign ? (fr_put(r->out, text, (size_t)(stop - text)), true) : put_value(r, key, text, (size_t)(stop - text));
    fr_put(r->out, &quote, 1);
    return fine;
}

static bool at_root_id(const reader *r, const char *p, const char *end)
{
    size_t n = r->root.n;
    if (!n || (size_t)(end - p) < n + 1 || *p != '#' || memcmp(p + 1, r->root.text, n) != 0) return false;
    return p + 1 + n == end || !(isalnum((unsigned char)p[1 + n]) || p[1 + n] == '-' || p[1 + n] == '_');
}

/* Paper is white, whatever the reader's screen: @media(prefers-color-scheme:dark) becomes @media screen and (…). */
static bool is_dark_query(const reader *r, const char *text, const char *p)
{
    static const char query[] = "@media(prefers-color-scheme:dark)";
    size_t n = sizeof query - 1, before = sizeof "@media" - 2;
    return (size_t)(p - text) >= before && (size_t)(r->end - p) >= n - before && !memcmp(p - before, query, n);
}

/* The rules of a style sheet inside a drawing hold for the whole page: whoever wrote it begins each selector with the id
 * of the <svg>, which is renamed here as the id is; and it fetches nothing. */
static bool read_style(reader *r)
{
    const char *text = r->p;
    while (r->p < r->end && *r->p != '<') r->p++;
    size_t n = (size_t)(r->p - text);
    if (!style_is_harmless(text, n) || memchr(text, '&', n)) return refuse(r, "a style sheet that fetches something");
    for (const char *p = text; p < text + n; p++) {
        if (at_root_id(r, p, text + n)) fr_putf(r->out, "#f%u-", r->number);
        else fr_put(r->out, p, 1);
        if (is_dark_query(r, text, p)) fr_puts(r->out, " screen and ");
    }
    return true;
}

static bool open_tag(reader *r)
{
    name tag = read_name(r);
    if (!listed(elements, tag)) return refuse(r, "an element that is not on the list");
    if (r->depth == MOST_DEPTH) return refuse(r, "elements too deep");
    if (r->depth == 0 && (!same(tag, "svg") || r->out->n)) return refuse(r, "something beside its one <svg>");
    fr_putf(r->out, "<%.*s", (int)tag.n, tag.text);
    for (skip_blanks(r); r->p < r->end && *r->p != '>' && *r->p != '/'; skip_blanks(r))
        if (!read_attribute(r)) return false;
    bool empty = at(r, "/>");
    if (!empty && !at(r, ">")) return refuse(r, "an open tag");
    r->p += empty ? 2 : 1;
    fr_puts(r->out, empty ? "/>" : ">");
    if (!empty) r->open[r->depth++] = tag;
    return empty || !same(tag, "style") || read_style(r);
}

static bool close_tag(reader *r)
{
    name tag = read_name(r);
    skip_blanks(r);
    if (!at(r, ">") || !r->depth) return refuse(r, "a closing tag that closes nothing");
    r->p++;
    name opened = r->open[--r->depth];
    if (opened.n != tag.n || memcmp(opened.text, tag.text, tag.n) != 0) return refuse(r, "tags that cross");
    fr_putf(r->out, "</%.*s>", (int)tag.n, tag.text);
    return true;
}

static bool read_text(reader *r)
{
    const char *text = r->p;
    while (r->p < r->end && *r->p != '<') r->p++;
    size_t n = (size_t)(r->p - text);
    if (r->depth) return put_checked_text(r, text, n);
    for (size_t i = 0; i < n; i++)
        if (!isspace((unsigned char)text[i])) return refuse(r, "text outside of it");
    return true;
}

static bool read_piece(reader *r)
{
    if (*r->p != '<') return read_text(r);
    if (at(r, "<!--")) return skip_past(r, "-->", "an open comment");
    if (at(r, "<?xml") && !r->out->n) return skip_past(r, "?>", "an open declaration");
    if (at(r, "</")) return r->p += 2, close_tag(r);
    r->p++;
    return open_tag(r);
}

fr_markup fr_page_svg(fr_page *page, const char *svg, size_t n)
{
    fr_markup none = { "", 0 };
    if (!svg || !fr_page_works(page)) return none;
    if (!n) n = strlen(svg);
    fr_ink out = { .room = &page->room };
    reader r = { .page = page, .begin = svg, .p = svg, .end = svg + n, .out = &out, .number = ++page->n_svgs };
    while (r.p < r.end && read_piece(&r)) { }
    if (page->room.failed) {                       /* what looks wrong then may not be */
        fr_ink_free(&out);
        return none;
    }
    if (!r.wrong && (r.depth || !out.n)) refuse(&r, "no complete <svg>");
    if (r.wrong) fr_troubled(&page->trouble, FR_ERR_VALUE, "a drawing is not fit for a page: at byte %td it has %s", r.p - r.begin,
                             r.wrong);
    fr_markup markup = { r.wrong ? "" : fr_store_text(&page->room, out.bytes, out.n), r.wrong ? 0 : out.n };
    fr_ink_free(&out);
    return markup.html ? markup : none;
}

/* ---- sparklines -------------------------------------------------------------------------------------------------- */
/* Hundredths, written without printf's locale. */
static void put_hundredths(fr_ink *out, double value)
{
    int hundredths = (int)lround(value * 100);
    fr_putf(out, "%d.%02d", hundredths / 100, hundredths % 100);
}

static void put_spark_path(fr_ink *out, const double *values, size_t n, double low, double high)
{
    bool pen = false;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            pen = false;
            continue;
        }
        fr_puts(out, pen ? "L" : "M");
        put_hundredths(out, 2 + 96.0 * (double)i / (double)(n > 1 ? n - 1 : 1));
        fr_puts(out, " ");
        put_hundredths(out, high > low ? 21 - 18 * (values[i] - low) / (high - low) : 12);
        pen = true;
    }
}

static void put_spark(fr_ink *out, const double *values, size_t n)
{
    double low = INFINITY, high = -INFINITY;
    size_t last = n;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
        last = i;
    }
    if (last == n) return;
    fr_puts(out, "<svg class=\"spark\" viewBox=\"0 0 100 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"");
    put_spark_path(out, values, n, low, high);
    fr_puts(out, "\"/></svg>");
}

void fr_page_put_spark(fr_page *page, const double *values, size_t n) { put_spark(&page->body, values, n); }

fr_markup fr_page_spark(fr_page *page, const double *values, size_t n)
{
    fr_ink out = { .room = &page->room };
    put_spark(&out, values, n);
    fr_markup markup = { out.n ? fr_store_text(&page->room, out.bytes, out.n) : "", out.n };
    fr_ink_free(&out);
    return markup.html ? markup : (fr_markup){ "", 0 };
}
