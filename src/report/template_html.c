/* template_html.c — reading HTML just closely enough to know where a value would stand.
 *
 *     <a href="{{ url }}" title='{{ text }}'>{{ text }}</a>  <p {{ no }}>  <script>{{ no }}</script>
 *              address            attribute   text              refused             refused
 *
 * The states are those of the tokenizer of the HTML standard, cut down: what they do not know (unquoted values, CDATA) is
 * where no value may stand, so not knowing is safe.
 */
#include "template_inside.h"

#include <string.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }
static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static void begin_name(fr_html_state *s) { s->n_name = 0; }

static void add_to_name(fr_html_state *s, char c)
{
    if (s->n_name + 1u < sizeof s->name) s->name[s->n_name++] = lower(c);
    s->name[s->n_name] = 0;
}

static bool named(const fr_html_state *s, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(s->name, *names)) return true;
    return false;
}

/* ---- tags and attributes ----------------------------------------------------------------------------------------- */
static void end_tag_name(fr_html_state *s)
{
    s->raw = !strcmp(s->name, "script") ? FR_HTML_SCRIPT : !strcmp(s->name, "style") ? FR_HTML_STYLE
           : !strcmp(s->name, "title") || !strcmp(s->name, "textarea") ? FR_HTML_TITLE : FR_HTML_TEXT;
}

static void end_tag(fr_html_state *s)
{
    s->where = (fr_html_where)s->raw;
    begin_name(s);
}

static void end_attribute_name(fr_html_state *s)
{
    static const char *const urls[] = { "href", "src", "action", "formaction", "cite", "data", "poster", "xlink:href",
                                        "background", "ping", "manifest", "longdesc", NULL };
    static const char *const codes[] = { "style", "srcdoc", "srcset", "http-equiv", NULL };
    s->is_url = named(s, urls);
    s->is_code = named(s, codes) || !strncmp(s->name, "on", 2) || s->n_name + 1u >= sizeof s->name;
    s->started = s->safe_start = false;
}

static void in_tag(fr_html_state *s, char c)
{
    if (c == '>') end_tag(s);
    else if (!blank(c) && c != '/') {
        s->where = FR_HTML_ATTRIBUTE;
        begin_name(s);
        add_to_name(s, c);
    }
}

static void in_attribute_name(fr_html_state *s, char c)
{
    if (c == '=') {
        end_attribute_name(s);
        s->where = FR_HTML_BEFORE_VALUE;
    } else if (c == '>') end_tag(s);
    else if (blank(c) || c == '/') s->where = FR_HTML_TAG;
    else add_to_name(s, c);
}

static void before_value(fr_html_state *s, char c)
{
    if (c == '"') s->where = FR_HTML_QUOTED;
    else if (c == '\'') s->where = FR_HTML_SINGLE;
    else if (c == '>') end_tag(s);
    else if (!blank(c)) s->where = FR_HTML_UNQUOTED;
}

static void in_value(fr_html_state *s, char c, char quote)
{
    s->started = true;
    if (c == quote) s->where = FR_HTML_TAG;
    else if (strchr("/?#", c)) s->safe_start = true;
}

/* ---- text and raw text ------------------------------------------------------------------------------------------- */
static size_t in_text(fr_html_state *s, const char *p, size_t n)
{
    if (p[0] != '<' || n < 2) return 1;
    if (n >= 4 && !memcmp(p, "<!--", 4)) return s->where = FR_HTML_COMMENT, 4;
    if (p[1] == '!' || p[1] == '?') return s->where = FR_HTML_DECLARATION, 2;
    bool closing = p[1] == '/';
    if (!letter(closing && n > 2 ? p[2] : p[1])) return 1;
    s->where = FR_HTML_TAG_NAME;
    begin_name(s);
    s->name[0] = 0;
    if (closing) add_to_name(s, '/');
    return closing ? 2 : 1;
}

static bool closes(const char *p, size_t n, const char *tag)
{
    size_t length = strlen(tag);
    if (n < length + 2 || p[0] != '<' || p[1] != '/') return false;
    for (size_t i = 0; i < length; i++)
        if (lower(p[2 + i]) != tag[i]) return false;
    return true;
}

static void in_raw(fr_html_state *s, const char *p, size_t n)
{
    bool end = s->where == FR_HTML_SCRIPT ? closes(p, n, "script") : s->where == FR_HTML_STYLE ? closes(p, n, "style")
             : closes(p, n, "title") || closes(p, n, "textarea");
    if (!end) return;
    s->where = FR_HTML_TAG_NAME;
    begin_name(s);
    s->name[0] = 0;
}

static void in_tag_name(fr_html_state *s, char c)
{
    if (c == '>') {
        end_tag_name(s);
        end_tag(s);
    } else if (blank(c) || (c == '/' && s->n_name)) {
        end_tag_name(s);
        s->where = FR_HTML_TAG;
    } else add_to_name(s, c);
}

static size_t one_step(fr_html_state *s, const char *p, size_t n)
{
    switch (s->where) {
    case FR_HTML_TEXT: return in_text(s, p, n);
    case FR_HTML_TAG_NAME: in_tag_name(s, *p); break;
    case FR_HTML_TAG: in_tag(s, *p); break;
    case FR_HTML_ATTRIBUTE: in_attribute_name(s, *p); break;
    case FR_HTML_BEFORE_VALUE: before_value(s, *p); break;
    case FR_HTML_QUOTED: in_value(s, *p, '"'); break;
    case FR_HTML_SINGLE: in_value(s, *p, '\''); break;
    case FR_HTML_UNQUOTED:
        if (*p == '>') end_tag(s);
        else if (blank(*p)) s->where = FR_HTML_TAG;
        break;
    case FR_HTML_COMMENT:
        if (n >= 3 && !memcmp(p, "-->", 3)) return s->where = FR_HTML_TEXT, 3;
        break;
    case FR_HTML_DECLARATION:
        if (*p == '>') s->where = FR_HTML_TEXT;
        break;
    default: in_raw(s, p, n);
    }
    return 1;
}

void fr_html_step(fr_html_state *state, const char *text, size_t n)
{
    for (size_t i = 0; i < n;) i += one_step(state, text + i, n - i);
    state->cut = state->where == FR_HTML_TEXT && n && (text[n - 1] == '<' || (n > 1 && !memcmp(text + n - 2, "</", 2)));
}

/* ---- values ------------------------------------------------------------------------------------------------------ */
const char *fr_html_value(fr_html_state *s)
{
    switch (s->where) {
    case FR_HTML_TEXT: case FR_HTML_TITLE: case FR_HTML_STYLE: return NULL;
    case FR_HTML_SCRIPT: return "in a script";
    case FR_HTML_COMMENT: return "in a comment";
    case FR_HTML_BEFORE_VALUE: case FR_HTML_UNQUOTED: return "in an attribute without quotes";
    case FR_HTML_QUOTED: case FR_HTML_SINGLE:
        if (s->is_code) return "in an attribute that holds code";
        if (s->is_url && s->started && !s->safe_start)
            return "in the middle of an address that could become another one; begin it with a path, or make it one value";
        s->started = true;
        return NULL;
    default: return "inside a tag";
    }
}

bool fr_html_same(const fr_html_state *a, const fr_html_state *b)
{
    if (a->where != b->where) return false;
    if (a->where == FR_HTML_TEXT || a->where == FR_HTML_TITLE || a->where == FR_HTML_STYLE || a->where == FR_HTML_SCRIPT)
        return true;
    return a->is_url == b->is_url && a->is_code == b->is_code && a->started == b->started &&
           a->safe_start == b->safe_start && a->raw == b->raw;
}
