/* xml_check.c — a strict little reader of XML without declarations, comments and processing instructions. */
#include "plot/xml_check.h"

#include <string.h>

#include "base/utf8.h"

enum { DEEPEST = 100, MOST_ATTRIBUTES = 40, MOST_IDS = 1000 };

typedef struct piece { const char *text; size_t n; } piece;

typedef struct reader {
    const char *text;
    size_t      n, at;
    const char *why;
    piece       open[DEEPEST], ids[MOST_IDS];
    size_t      depth, n_ids;
} reader;

static bool fail(reader *r, const char *why)
{
    if (!r->why) r->why = why;
    return false;
}

static bool next_is(const reader *r, const char *what)
{
    size_t n = strlen(what);
    return r->n - r->at >= n && memcmp(r->text + r->at, what, n) == 0;
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

static piece read_name(reader *r)
{
    piece name = { r->text + r->at, 0 };
    while (r->at < r->n && name_byte(r->text[r->at])) r->at++, name.n++;
    return name;
}

static bool same(piece a, piece b) { return a.n == b.n && memcmp(a.text, b.text, a.n) == 0; }

static bool read_entity(reader *r)
{
    static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
    for (size_t i = 0; i < 4; i++)
        if (next_is(r, known[i])) return r->at += strlen(known[i]), true;
    return fail(r, "an & that begins no entity");
}

/* Characters up to `end`, which is not read. */
static bool read_characters(reader *r, char end)
{
    while (r->at < r->n && r->text[r->at] != end) {
        uint32_t code;
        size_t bytes = fr_character_length(r->text + r->at, r->n - r->at);
        if (!bytes) return fail(r, "invalid UTF-8");
        fr_utf8_decode(r->text + r->at, r->n - r->at, &code);
        if ((code < 0x20 && code != '\n') || code == 0xfffe || code == 0xffff) return fail(r, "a character XML does not allow");
        if (code == '<') return fail(r, "a < within");
        if (code == '&' ? !read_entity(r) : (r->at += bytes, false)) return false;
    }
    return true;
}

static bool add_id(reader *r, piece id)
{
    for (size_t i = 0; i < r->n_ids; i++)
        if (same(r->ids[i], id)) return fail(r, "an id twice");
    if (r->n_ids < MOST_IDS) r->ids[r->n_ids++] = id;
    return true;
}

static bool read_attributes(reader *r)
{
    piece names[MOST_ATTRIBUTES];
    for (size_t n = 0; r->at < r->n && r->text[r->at] == ' '; n++) {
        r->at++;
        piece name = read_name(r);
        for (size_t i = 0; i < n; i++)
            if (same(names[i], name)) return fail(r, "an attribute twice");
        if (name.n == 0 || n == MOST_ATTRIBUTES || !next_is(r, "=\"")) return fail(r, "no attribute");
        names[n] = name;
        r->at += 2;
        piece value = { r->text + r->at, r->at };
        if (!read_characters(r, '"')) return false;
        value.n = r->at - value.n;
        if (r->at++ >= r->n) return fail(r, "an attribute without end");
        if (name.n == 2 && memcmp(name.text, "id", 2) == 0 && !add_id(r, value)) return false;
    }
    return true;
}

static bool read_tag(reader *r)
{
    bool ends = next_is(r, "</");
    r->at += ends ? 2 : 1;
    piece name = read_name(r);
    if (name.n == 0) return fail(r, "a < without a name");
    if (ends) {
        if (r->depth == 0 || !same(r->open[--r->depth], name)) return fail(r, "an end that does not match");
        return next_is(r, ">") ? (r->at++, true) : fail(r, "an end tag without >");
    }
    if (!read_attributes(r)) return false;
    if (next_is(r, "/>")) return r->at += 2, true;
    if (!next_is(r, ">") || r->depth == DEEPEST) return fail(r, "a tag without >");
    r->open[r->depth++] = name;
    r->at++;
    return true;
}

bool xml_well_formed(const char *text, size_t n, const char **why, size_t *at)
{
    static const char *const outside = "text outside of the root element";
    reader r = { .text = text, .n = n };
    bool fine = n > 0 && text[0] == '<';
    while (fine && r.at < n) {
        size_t from = r.at;
        fine = text[r.at] == '<' ? read_tag(&r) : read_characters(&r, '<');
        if (fine && r.depth == 0 && r.at < n && strspn(text + r.at, "\n") < n - r.at) fine = fail(&r, outside);
        if (r.at == from) fine = false;
    }
    if (fine && r.depth) fine = fail(&r, "an element without end");
    *why = r.why;
    *at = r.at;
    return fine;
}
