/* html_text.c — five characters have a name, invalid bytes become U+FFFD, everything else stays as it is. */
#include "html_text.h"

#include <string.h>

/* ---- UTF-8 ------------------------------------------------------------------------------------------------------- */
/* Length of the well-formed sequence at p (table 3-7 of the Unicode Standard), 0 when there is none; *c receives it. */
static size_t one_character(const unsigned char *p, size_t n, uint32_t *c)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (!length || length > n) return 0;
    *c = length == 1 ? p[0] : p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0;
        *c = *c << 6 | (p[i] & 0x3f);
    }
    return *c < least[length] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff) ? 0 : length;
}

/* Controls other than tab and line feed, and noncharacters, are errors in HTML. */
static bool forbidden(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f) || (c >= 0xfdd0 && c <= 0xfdef) ||
           (c & 0xfffe) == 0xfffe;
}

static const char *named(uint32_t c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
void fr_put_text_n(fr_ink *out, const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t kept = 0, i = 0;
    while (i < n) {
        uint32_t c = 0;
        size_t length = one_character(p + i, n - i, &c);
        const char *instead = !length || forbidden(c) ? "\xef\xbf\xbd" : named(c);
        if (length == 1 && c == '\r') instead = i + 1 < n && p[i + 1] == '\n' ? "" : "\n";
        if (instead) {
            fr_put(out, text + kept, i - kept);
            fr_puts(out, instead);
            kept = i + (length ? length : 1);
        }
        i += length ? length : 1;
    }
    fr_put(out, text + kept, n - kept);
}

void fr_put_text(fr_ink *out, const char *text)
{
    if (text) fr_put_text_n(out, text, strlen(text));
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* How many bytes of a number with hyphens inside begin here, as 2024-11 or 2024-01-31; 0: none. */
static size_t hyphened(const char *text, size_t n)
{
    enum { MOST_UNBROKEN = 24 };
    size_t end = 0, hyphens = 0;
    while (end < n && (is_digit(text[end]) || (end && text[end] == '-' && end + 1 < n && is_digit(text[end + 1]))))
        hyphens += text[end++] == '-';
    return hyphens && end <= MOST_UNBROKEN ? end : 0;
}

void fr_put_prose_n(fr_ink *out, const char *text, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const bool percent = i && text[i] == ' ' && is_digit(text[i - 1]) && i + 1 < n && text[i + 1] == '%';
        const bool inside = i && (is_digit(text[i - 1]) || text[i - 1] == '-');
        const size_t number = inside ? 0 : hyphened(text + i, n - i);
        if (!percent && !number) continue;
        fr_put_text_n(out, text + kept, i - kept);
        if (percent) fr_puts(out, "\xc2\xa0");
        else fr_putf(out, "<span class=\"t\">%.*s</span>", (int)number, text + i);
        kept = i + (percent ? 1 : number);
        i = kept - 1;
    }
    fr_put_text_n(out, text + kept, n - kept);
}

void fr_put_prose(fr_ink *out, const char *text)
{
    if (text) fr_put_prose_n(out, text, strlen(text));
}

void fr_put_attribute(fr_ink *out, const char *name, const char *value)
{
    fr_putf(out, " %s=\"", name);
    fr_put_text(out, value);
    fr_puts(out, "\"");
}

/* ---- addresses --------------------------------------------------------------------------------------------------- */
static bool begins(const char *url, size_t n, const char *scheme)
{
    size_t length = strlen(scheme);
    for (size_t i = 0; i < length; i++)
        if (i >= n || (url[i] | (url[i] >= 'A' && url[i] <= 'Z' ? 0x20 : 0)) != scheme[i]) return false;
    return true;
}

/* What a browser would take for a scheme ends at the first colon before any of / ? #; blanks and controls, which browsers
 * drop, make it harmful as well. "//host" would leave the page without saying so. */
bool fr_url_is_harmless(const char *url, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)url[i] <= 0x20 || url[i] == 0x7f || url[i] == '\\') return false;
    if (begins(url, n, "http://") || begins(url, n, "https://") || begins(url, n, "mailto:")) return true;
    if (n >= 2 && url[0] == '/' && url[1] == '/') return false;
    for (size_t i = 0; i < n && !strchr("/?#", url[i]); i++)
        if (url[i] == ':') return false;
    return true;
}

void fr_put_url(fr_ink *out, const char *name, const char *url)
{
    fr_put_attribute(out, name, url && fr_url_is_harmless(url, strlen(url)) ? url : "#");
}
