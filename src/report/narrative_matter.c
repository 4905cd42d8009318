/* narrative_matter.c — the lines between two --- at the top of a report.
 *
 *     ---
 *     title: Sales 2024            # a comment
 *     currency: "$"
 *     account: clean               # the query whose rows the footer accounts for
 *     data:
 *       sales: sales_data.csv
 *       products: products.csv
 *     ---
 *
 * `key: value` and, under data, indented `name: file`. Quotes around a value are taken off.
 */
#include "narrative_inside.h"

#include <string.h>

typedef struct matter_line {
    const char *key, *value;         /* terminated copies */
    size_t      offset;
    bool        indented, empty;
} matter_line;

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static size_t line_end(const char *text, size_t from, size_t n)
{
    const char *end = memchr(text + from, '\n', n - from);
    return end ? (size_t)(end - text) : n;
}

static bool is_fence(const char *text, size_t from, size_t to)
{
    while (to > from && blank(text[to - 1])) to--;
    return to - from == 3 && !memcmp(text + from, "---", 3);
}

static const char *trimmed(fr_narrative *n, size_t from, size_t to)
{
    while (from < to && blank(n->source[from])) from++;
    while (to > from && blank(n->source[to - 1])) to--;
    char quote = to - from >= 2 ? n->source[from] : 0;
    if ((quote == '"' || quote == '\'') && n->source[to - 1] == quote) from++, to--;
    return fr_store_text(&n->store, n->source + from, to - from);
}

/* A # after a blank begins a comment, outside of quotes. */
static size_t without_comment(const char *text, size_t from, size_t to)
{
    char quote = 0;
    for (size_t i = from; i < to; i++) {
        if (quote) quote = text[i] == quote ? 0 : quote;
        else if ((text[i] == '"' || text[i] == '\'') && i > from && blank(text[i - 1])) quote = text[i];
        else if (text[i] == '#' && (i == from || blank(text[i - 1]))) return i;
    }
    return to;
}

static bool read_line(fr_narrative *n, size_t from, size_t to, matter_line *line)
{
    *line = (matter_line){ .offset = from, .indented = from < to && blank(n->source[from]) };
    to = without_comment(n->source, from, to);
    size_t i = from;
    while (i < to && blank(n->source[i])) i++;
    line->empty = i == to;
    if (line->empty) return true;
    const char *colon = memchr(n->source + i, ':', to - i);
    if (!colon) return fr_troubled_at(n->trouble, fr_narrative_spot(n, i), FR_ERR_SYNTAX, "a line here is `key: value`");
    size_t at = (size_t)(colon - n->source);
    line->key = trimmed(n, i, at);
    line->value = trimmed(n, at + 1, to);
    return (line->key && line->value) || fr_out_of_memory(n->trouble);
}

static bool add_data(fr_narrative *n, const matter_line *line)
{
    fr_query *query = fr_narrative_add(n);
    if (!query) return false;
    query->name = line->key;
    query->data = true;
    query->offset = line->offset;
    query->frame = fr_narrative_read(n, line->value, false);
    if (!query->frame) return false;
    if (fr_ok(query->frame)) return true;
    char text[900];
    fr_error_text(query->frame, text, sizeof text);
    return fr_troubled_at(n->trouble, fr_narrative_spot(n, line->offset), fr_error_code(query->frame), "%s", text);
}

static bool set(fr_narrative *n, const matter_line *line, bool *in_data)
{
    struct { const char *key, **to; } keys[] = { { "title", &n->title }, { "subtitle", &n->subtitle }, { "lang", &n->lang },
                                                 { "made", &n->made }, { "currency", &n->currency },
                                                 { "account", &n->account } };
    if (line->indented && *in_data) return add_data(n, line);
    *in_data = !strcmp(line->key, "data") && !*line->value;
    if (*in_data) return true;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!strcmp(line->key, keys[i].key)) {
            if (keys[i].to == &n->account) n->account_at = line->offset;
            return *keys[i].to = line->value, true;
        }
    return fr_troubled_at(n->trouble, fr_narrative_spot(n, line->offset), FR_ERR_NOT_FOUND,
                          "no setting '%s' (there are title, subtitle, lang, made, currency, account, data)", line->key);
}

bool fr_narrative_matter(fr_narrative *n)
{
    size_t from = 0, to = line_end(n->source, 0, n->n);
    bool in_data = false;
    if (!is_fence(n->source, from, to)) return true;
    for (from = to + 1; from <= n->n; from = to + 1) {
        matter_line line;
        to = line_end(n->source, from, n->n);
        if (is_fence(n->source, from, to)) return n->body = to < n->n ? to + 1 : to, true;
        if (!read_line(n, from, to, &line) || (!line.empty && !set(n, &line, &in_data))) return false;
    }
    return fr_troubled_at(n->trouble, fr_narrative_spot(n, 0), FR_ERR_SYNTAX, "the --- at the top is never closed by another");
}
