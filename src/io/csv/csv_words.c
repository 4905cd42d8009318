/* csv_words.c — splits the lists that options are given as.
 *
 *     zip: str, `odd, name`: decimal(18,2), 'N/A'    →    zip / str,  odd, name / decimal(18,2),  N/A
 *
 * Backticks and single or double quotes protect commas, colons and outer blanks; a comma inside ( ) or [ ] belongs to a
 * type.
 */
#include "io/csv/csv_words.h"

#include <string.h>

typedef struct cursor {
    fr_call    *call;
    fr_arena   *arena;
    const char *option, *text, *at;
    bool        types;
} cursor;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_spaces(cursor *c)
{
    while (is_space(*c->at)) c->at++;
}

static bool wrong(const cursor *c, const char *what)
{
    return fr_fail_at(c->call, fr_place_at(.source = c->text, .position = c->at - c->text), FR_ERR_ARGUMENT,
                      ".%s: %s", c->option, what);
}

/* A protected text or everything up to a comma (or colon), without blanks at its end. */
static bool read_name(cursor *c, fr_csv_word *word)
{
    char mark = *c->at;
    const char *begin = c->at, *end;
    if (mark == '`' || mark == '\'' || mark == '"') {
        end = strchr(++begin, mark);
        if (!end) return wrong(c, "a quoted name has no end");
        c->at = end + 1;
    } else {
        while (*c->at && *c->at != ',' && !(c->types && *c->at == ':')) c->at++;
        for (end = c->at; end > begin && is_space(end[-1]);) end--;
        if (end == begin) return wrong(c, "an item is empty");
    }
    word->length = (size_t)(end - begin);
    word->text = fr_arena_text(c->call, c->arena, begin, word->length);
    return word->text != NULL;
}

static bool read_type(cursor *c, fr_csv_word *word)
{
    if (*c->at != ':') return wrong(c, "a name must be followed by ':' and a type");
    c->at++;
    skip_spaces(c);
    const char *begin = c->at;
    int depth = 0;
    for (; *c->at && (depth > 0 || *c->at != ','); c->at++)
        depth += (*c->at == '(' || *c->at == '[') - (*c->at == ')' || *c->at == ']');
    const char *end = c->at;
    while (end > begin && is_space(end[-1])) end--;
    word->type = fr_arena_text(c->call, c->arena, begin, (size_t)(end - begin));
    return word->type != NULL;
}

static size_t count_commas(const char *text)
{
    size_t n = 0;
    for (; *text; text++) n += *text == ',';
    return n;
}

bool fr_csv_words_read(fr_call *call, fr_arena *arena, const char *option, const char *text, bool types,
                       fr_csv_words *out)
{
    *out = (fr_csv_words){ 0 };
    cursor c = { .call = call, .arena = arena, .option = option, .text = text, .at = text, .types = types };
    if (!text) return true;
    skip_spaces(&c);
    if (!*c.at) return true;
    out->items = fr_arena_array(call, arena, count_commas(text) + 1, sizeof *out->items);
    if (!out->items) return false;
    for (;;) {
        fr_csv_word *word = &out->items[out->n++];
        if (!read_name(&c, word)) return false;
        skip_spaces(&c);
        if (types && !read_type(&c, word)) return false;
        if (!*c.at) return true;
        if (*c.at != ',') return wrong(&c, "a comma is missing");
        c.at++;
        skip_spaces(&c);
    }
}

int64_t fr_csv_words_find(const fr_csv_words *words, const char *text, size_t n)
{
    for (size_t i = 0; i < words->n; i++)
        if (words->items[i].length == n && !memcmp(words->items[i].text, text, n)) return (int64_t)i;
    return -1;
}
