/* template_parse.c — from text to nodes; every mistake in a template is found here, before any data.
 *
 *     Hello {{ name }}!{{#if x}} yes {{else}} no {{/if}}
 *     text   value     text  if   text        text
 */
#include "template_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SOURCE = 16 << 20 };

/* An open section: its node, its name for the closing tag, and where HTML was when it began. */
typedef struct open_section {
    size_t        node;
    const char   *name;
    size_t        n;
    bool          has_else;
    fr_html_state state;
} open_section;

typedef struct parser {
    fr_template  *t;
    fr_store      *room;
    fr_trouble   *trouble;
    size_t        at;
    open_section  open[FR_TEMPLATE_DEPTH];
    size_t        depth;
    fr_html_state state;
} parser;

/* ---- places ------------------------------------------------------------------------------------------------------ */
bool fr_troubled_at(fr_trouble *trouble, fr_spot place, fr_code code, const char *format, ...)
{
    char text[700];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    size_t line = 1, begin = 0;
    for (size_t i = 0; i < place.offset; i++)
        if (place.source[i] == '\n') line++, begin = i + 1;
    size_t column = 1;
    for (size_t i = begin; i < place.offset; i++) column += ((unsigned char)place.source[i] & 0xc0) != 0x80;
    return fr_troubled(trouble, code, "%.200s:%zu:%zu: %s", place.file ? place.file : "template", line, column, text);
}

static bool wrong(parser *p, size_t offset, const char *what, const char *word, size_t n)
{
    fr_spot place = { p->t->file, p->t->source, offset };
    return fr_troubled_at(p->trouble, place, FR_ERR_SYNTAX, "%s%s%.*s%s", what, word ? " '" : "", (int)(n < 60 ? n : 60),
                          word ? word : "", word ? "'" : "");
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */
static fr_node *add_node(parser *p, fr_node_kind kind, size_t offset)
{
    void *nodes = p->t->nodes;
    if (p->t->n_nodes == FR_TEMPLATE_NODES) return wrong(p, offset, "too many parts in this template", NULL, 0), NULL;
    bool room = fr_store_grow(p->room, &nodes, &p->t->space, p->t->n_nodes, sizeof *p->t->nodes);
    p->t->nodes = nodes;
    if (!room) return fr_out_of_memory(p->trouble), NULL;
    fr_node *node = &p->t->nodes[p->t->n_nodes++];
    *node = (fr_node){ .kind = kind, .offset = offset };
    return node;
}

static bool add_text(parser *p, size_t from, size_t to)
{
    if (to <= from) return true;
    fr_node *node = add_node(p, FR_NODE_TEXT, from);
    if (!node) return false;
    node->text = p->t->source + from;
    node->n = to - from;
    if (p->t->mode == FR_TEMPLATE_HTML) fr_html_step(&p->state, node->text, node->n);
    return true;
}

/* ---- inside the braces ------------------------------------------------------------------------------------------- */
static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static void trim(const char **text, size_t *n)
{
    while (*n && blank(**text)) ++*text, --*n;
    while (*n && blank((*text)[*n - 1])) --*n;
}

/* The next | that stands in no quotes and no brackets. */
static size_t to_bar(const char *text, size_t n)
{
    char quote = 0;
    int depth = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (quote) {
            if (c == '\\' && i + 1 < n) i++;
            else if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'' || c == '`') quote = c;
        else if (c == '(' || c == '[') depth++;
        else if (c == ')' || c == ']') depth--;
        else if (c == '|' && depth <= 0) return i;
    }
    return n;
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* One argument of a filter: a whole number or a text in quotes. */
static bool read_argument(parser *p, fr_filter *f, const char **text, size_t *n, size_t offset)
{
    char quote = **text;
    if (quote == '"' || quote == '\'') {
        const char *end = memchr(*text + 1, quote, *n - 1);
        if (!end || f->has_text) return wrong(p, offset, end ? "two texts for one filter" : "an open quote", NULL, 0);
        f->has_text = true;
        f->text = fr_store_text(p->room, *text + 1, (size_t)(end - *text - 1));
        *n -= (size_t)(end + 1 - *text);
        *text = end + 1;
        return f->text || fr_out_of_memory(p->trouble);
    }
    if (!digit(quote) || f->has_number) return wrong(p, offset, "no argument of a filter:", *text, *n);
    f->has_number = true;
    for (; *n && digit(**text) && f->number < 1000; ++*text, --*n) f->number = 10 * f->number + (**text - '0');
    return true;
}

static bool read_filter(parser *p, fr_node *node, const char *text, size_t n)
{
    size_t offset = (size_t)(text - p->t->source);
    trim(&text, &n);
    if (node->n_filters == FR_TEMPLATE_FILTERS) return wrong(p, offset, "too many filters", NULL, 0);
    fr_filter *f = &node->filters[node->n_filters++];
    f->name = text;
    while (f->n < n && ((text[f->n] >= 'a' && text[f->n] <= 'z') || text[f->n] == '_')) f->n++;
    if (!f->n) return wrong(p, offset, "a filter's name is missing", NULL, 0);
    text += f->n;
    n -= f->n;
    for (trim(&text, &n); n; trim(&text, &n))
        if (!read_argument(p, f, &text, &n, offset)) return false;
    return true;
}

static bool read_value(parser *p, const char *text, size_t n, size_t offset)
{
    size_t bar = to_bar(text, n), rest = n - bar;
    const char *filters = text + bar;
    fr_node *node = add_node(p, FR_NODE_VALUE, offset);
    if (!node) return false;
    node->text = text;
    node->n = bar;
    trim(&node->text, &node->n);
    if (!node->n) return wrong(p, offset, "a value is missing", NULL, 0);
    while (rest) {
        size_t next = to_bar(filters + 1, rest - 1);
        if (!read_filter(p, node, filters + 1, next)) return false;
        filters += 1 + next;
        rest -= 1 + next;
    }
    if (!fr_filters_check(node, (fr_spot){ p->t->file, p->t->source, offset }, p->trouble)) return false;
    const char *refused = p->t->mode == FR_TEMPLATE_HTML ? fr_html_value(&p->state) : NULL;
    node->state = p->state;
    return !refused || fr_troubled_at(p->trouble, (fr_spot){ p->t->file, p->t->source, offset }, FR_ERR_SYNTAX,
                                      "a value may not stand %s", refused);
}

/* ---- sections ---------------------------------------------------------------------------------------------------- */
static bool word_is(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && !memcmp(text, word, n);
}

static bool begins_with_word(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);
    return n > length && !memcmp(text, word, length) && blank(text[length]);
}

static bool open_(parser *p, char mark, const char *text, size_t n, size_t offset)
{
    bool if_ = mark == '#' && begins_with_word(text, n, "if"), each = mark == '#' && begins_with_word(text, n, "each");
    const char *name = text;
    size_t n_name = if_ ? 2 : each ? 4 : n;
    if (if_ || each) text += n_name, n -= n_name, trim(&text, &n);
    if (!n) return wrong(p, offset, "a section's name is missing", NULL, 0);
    if (p->depth == FR_TEMPLATE_DEPTH) return wrong(p, offset, "sections are too deep", NULL, 0);
    p->open[p->depth++] = (open_section){ p->t->n_nodes, name, n_name, false, p->state };
    fr_node *node = add_node(p, mark == '^' ? FR_NODE_NOT : if_ ? FR_NODE_IF : FR_NODE_EACH, offset);
    if (!node) return false;
    node->text = text;
    node->n = n;
    return true;
}

static bool same_state(parser *p, const open_section *o, size_t offset)
{
    if (p->t->mode != FR_TEMPLATE_HTML || fr_html_same(&o->state, &p->state)) return true;
    return wrong(p, offset, "a section must end where in HTML it began, after whole elements or inside one attribute", NULL, 0);
}

static bool else_(parser *p, size_t offset)
{
    open_section *o = p->depth ? &p->open[p->depth - 1] : NULL;
    if (!o || o->has_else) return wrong(p, offset, o ? "a second {{else}}" : "an {{else}} outside of a section", NULL, 0);
    if (!same_state(p, o, offset)) return false;
    o->has_else = true;
    p->t->nodes[o->node].other = (uint32_t)p->t->n_nodes;
    p->state = o->state;
    return true;
}

static bool close_(parser *p, const char *text, size_t n, size_t offset)
{
    open_section *o = p->depth ? &p->open[p->depth - 1] : NULL;
    if (!o) return wrong(p, offset, "nothing is open that could be closed by", text, n);
    if (o->n != n || memcmp(o->name, text, n) != 0) {
        fr_spot place = { p->t->file, p->t->source, offset };
        return fr_troubled_at(p->trouble, place, FR_ERR_SYNTAX, "{{/%.*s}} closes what was opened as '%.*s'",
                              (int)(n < 60 ? n : 60), text, (int)(o->n < 60 ? o->n : 60), o->name);
    }
    if (!same_state(p, o, offset)) return false;
    fr_node *node = &p->t->nodes[o->node];
    node->end = (uint32_t)p->t->n_nodes;
    if (!o->has_else) node->other = node->end;
    p->depth--;
    return true;
}

static bool partial(parser *p, const char *text, size_t n, size_t offset)
{
    trim(&text, &n);
    if (!n) return wrong(p, offset, "a partial's name is missing", NULL, 0);
    if (p->t->mode == FR_TEMPLATE_HTML && p->state.where != FR_HTML_TEXT)
        return wrong(p, offset, "a partial may stand between elements only", NULL, 0);
    fr_node *node = add_node(p, FR_NODE_PARTIAL, offset);
    if (!node) return false;
    node->text = text;
    node->n = n;
    return true;
}

/* ---- tags -------------------------------------------------------------------------------------------------------- */
static bool take_tag(parser *p, const char *text, size_t n, size_t offset)
{
    trim(&text, &n);
    char mark = n ? *text : 0;
    const char *rest = text + 1;
    size_t n_rest = n ? n - 1 : 0;
    if (mark && strchr("#^/>!", mark)) trim(&rest, &n_rest);
    switch (mark) {
    case '!': return true;
    case '#': case '^': return open_(p, mark, rest, n_rest, offset);
    case '/': return close_(p, rest, n_rest, offset);
    case '>': return partial(p, rest, n_rest, offset);
    case '{': case '&': return wrong(p, offset, "values are always escaped: two braces and a name, please", NULL, 0);
    default: return word_is(text, n, "else") ? else_(p, offset) : read_value(p, text, n, offset);
    }
}

/* Does the tag from `from` to `to` stand alone on its line, and is it one that prints nothing? Then *line_begin and *next
 * take the blanks before it and the line end with it. */
static bool alone(const parser *p, size_t from, size_t to, size_t text_from, size_t *line_begin, size_t *next)
{
    const char *s = p->t->source, *inside = s + from + 2;
    while (blank(*inside)) inside++;
    if (!strchr("#^/!", *inside) && strncmp(inside, "else", 4) != 0) return false;
    size_t begin = from, end = to;
    while (begin > text_from && (s[begin - 1] == ' ' || s[begin - 1] == '\t')) begin--;
    while (end < p->t->n_source && (s[end] == ' ' || s[end] == '\t' || s[end] == '\r')) end++;
    if ((begin && s[begin - 1] != '\n') || (end < p->t->n_source && s[end] != '\n')) return false;
    *line_begin = begin;
    *next = end < p->t->n_source ? end + 1 : end;
    return true;
}

static const char *find(const char *text, const char *end, const char *two)
{
    for (; text + 1 < end; text++)
        if (text[0] == two[0] && text[1] == two[1]) return text;
    return NULL;
}

static bool next_piece(parser *p)
{
    const char *s = p->t->source, *end = s + p->t->n_source, *tag = find(s + p->at, end, "{{");
    if (!tag) {
        bool fine = add_text(p, p->at, p->t->n_source);
        p->at = p->t->n_source;
        return fine;
    }
    size_t from = (size_t)(tag - s), text_from = p->at;
    if (from > p->at && s[from - 1] == '\\') {                       /* \{{ : the braces themselves */
        p->at = from + 2;
        return add_text(p, text_from, from - 1) && add_text(p, from, from + 2);
    }
    const char *close = find(tag + 2, end, "}}");
    if (!close) return wrong(p, from, "a {{ that is never closed", NULL, 0);
    size_t to = (size_t)(close + 2 - s), text_to = from, next = to;
    (void)alone(p, from, to, text_from, &text_to, &next);
    p->at = next;
    if (!add_text(p, text_from, text_to)) return false;
    if (p->state.cut) return wrong(p, from, "a tag of a template may not stand right after a <", NULL, 0);
    return take_tag(p, tag + 2, (size_t)(close - tag - 2), from);
}

fr_template *fr_template_parse(const char *source, size_t n, const char *file, fr_template_mode mode, fr_store *room,
                               fr_trouble *trouble)
{
    fr_template *t = fr_store_take(room, 1, sizeof *t);
    parser *p = fr_store_take(room, 1, sizeof *p);
    if (!t || !p) return fr_out_of_memory(trouble), NULL;
    *t = (fr_template){ .source = source, .file = file, .n_source = n, .mode = mode };
    *p = (parser){ .t = t, .room = room, .trouble = trouble };
    if (n > MOST_SOURCE) return fr_troubled(trouble, FR_ERR_LIMIT, "%s: a template of more than 16 MB", file), NULL;
    while (p->at < n)
        if (!next_piece(p)) return NULL;
    if (p->depth)
        return wrong(p, t->nodes[p->open[p->depth - 1].node].offset, "a section is never closed:",
                     p->open[p->depth - 1].name, p->open[p->depth - 1].n), NULL;
    if (mode == FR_TEMPLATE_HTML && p->state.where != FR_HTML_TEXT)
        return wrong(p, n, "the template ends inside a tag, a comment or raw text", NULL, 0), NULL;
    return t;
}
