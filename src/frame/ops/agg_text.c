/* agg_text.c — "mean(numeric())" written out: one statement for each column.
 *
 *     by region:   mean(numeric(), skipnan = true); orders = size()
 *     becomes      `quantity` = mean(`quantity`, skipnan = true); `price` = mean(`price`, skipnan = true); orders = size()
 *
 * The text is cut into tokens by the lexer of expressions; a statement is rewritten when it has no name and its first
 * argument is a call of a selector. Whatever else it may be is left for the parser of expressions to judge.
 */
#include "ops/agg_text.h"

#include "expr/expr.h"
#include "expr/lex.h"

#include <string.h>

typedef struct tokens {
    const char *text;
    fr_token   *at;                        /* in the arena */
    size_t      n, capacity;
} tokens;

static bool read_tokens(fr_call *call, fr_arena *arena, tokens *t)
{
    fr_lexer lexer;
    if (!fr_lex_begin(&lexer, call, arena, t->text, 0, strlen(t->text))) return false;
    while (lexer.token.kind != FR_TOKEN_END) {
        if (t->n == t->capacity) {
            fr_token *more = fr_arena_array(call, arena, t->capacity * 2 + 32, sizeof *more);
            if (!more) return false;
            if (t->n) memcpy(more, t->at, t->n * sizeof *more);
            t->at = more;
            t->capacity = t->capacity * 2 + 32;
        }
        t->at[t->n++] = lexer.token;
        if (!fr_lex_next(&lexer)) return false;
    }
    return true;
}

static bool is_symbol(const tokens *t, size_t i, char symbol)
{
    const fr_token *token = &t->at[i];
    return i < t->n && token->kind == FR_TOKEN_SYMBOL && token->end - token->start == 1 &&
        t->text[token->start] == symbol;
}

static bool is_selector(const tokens *t, size_t i)
{
    static const char *const names[] = { "all", "numeric", "integer", "float", "text", "temporal", "boolean",
                                         "starts_with",
                                         "ends_with", "contains", "matches", "type", "except" };
    if (i + 1 >= t->n || t->at[i].kind != FR_TOKEN_NAME || !is_symbol(t, i + 1, '(')) return false;
    const size_t n = t->at[i].end - t->at[i].start;
    for (size_t k = 0; k < FR_COUNT_OF(names); k++)
        if (strlen(names[k]) == n && !memcmp(names[k], t->text + t->at[i].start, n)) return true;
    return false;
}

/* The token after the one that closes the bracket at `open`. */
static size_t after_bracket(const tokens *t, size_t open)
{
    size_t depth = 0, i = open;
    for (; i < t->n; i++) {
        if (is_symbol(t, i, '(') || is_symbol(t, i, '[')) depth++;
        if ((is_symbol(t, i, ')') || is_symbol(t, i, ']')) && --depth == 0) return i + 1;
    }
    return i;
}

static size_t statement_end(const tokens *t, size_t begin)
{
    size_t i = begin;
    while (i < t->n && !is_symbol(t, i, ';') && !(i > begin && t->at[i].after_newline))
        i = is_symbol(t, i, '(') || is_symbol(t, i, '[') ? after_bracket(t, i) : i + 1;
    return i;
}

/* aggregate ( selector ( … ) [, …] ), nothing before and nothing after */
static bool stands_for_columns(const tokens *t, size_t begin, size_t end)
{
    return begin + 4 < end && t->at[begin].kind == FR_TOKEN_NAME && is_symbol(t, begin + 1, '(')
        && is_selector(t, begin + 2) && after_bracket(t, begin + 1) == end;
}

static bool add_statement(fr_call *call, fr_text *out, const tokens *t, size_t begin, size_t rest, size_t end,
                          const char *name)
{
    const fr_token *function = &t->at[begin];
    const size_t from = t->at[rest - 1].end, to = t->at[end - 1].start;         /* the options between the brackets */
    return fr_text_add_name(call, out, name) && fr_text_add(call, out, " = ")
        && fr_text_append(call, out, t->text + function->start, function->end - function->start)
        && fr_text_add(call, out, "(") && fr_text_add_name(call, out, name)
        && fr_text_append(call, out, t->text + from, to - from) && fr_text_add(call, out, "); ");
}

typedef bool read_list(fr_call *call, const char *text, const fr_schema *schema, unsigned allow, bool all_when_empty,
                       fr_list *out);

static bool expand_statement(fr_call *call, fr_arena *arena, fr_text *out, const tokens *t, size_t begin, size_t end,
                             const fr_schema *schema, const bool *is_key, read_list *parse)
{
    const size_t rest = after_bracket(t, begin + 3), start = t->at[begin + 2].start;
    const char *selector = fr_arena_text(call, arena, t->text + start, t->at[rest - 1].end - start);
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!selector || !parse(call, selector, schema, FR_LIST_SELECTORS, false, &list)) return false;
    for (size_t i = 0; i < list.n; i++) {
        if (is_key[list.items[i].field]) continue;
        if (!add_statement(call, out, t, begin, rest, end, list.items[i].name)) return false;
    }
    return true;
}

static bool expand(fr_call *call, fr_arena *arena, const char *text, const fr_schema *schema, const bool *is_key,
                   read_list *parse, const char **out)
{
    tokens t = { .text = text };
    FR_CLEANUP(fr_text_clear) fr_text expanded = FR_TEXT_INIT(call);
    bool changed = false;
    *out = text;
    if (!read_tokens(call, arena, &t)) return false;
    for (size_t begin = 0, end; begin < t.n; begin = end + is_symbol(&t, end, ';')) {
        end = statement_end(&t, begin);
        if (end == begin) continue;
        if (stands_for_columns(&t, begin, end)) {
            changed = true;
            if (!expand_statement(call, arena, &expanded, &t, begin, end, schema, is_key, parse)) return false;
        } else {
            const size_t from = t.at[begin].start, to = t.at[end - 1].end;
            if (!fr_text_append(call, &expanded, text + from, to - from) || !fr_text_add(call, &expanded, "; "))
                return false;
        }
    }
    if (changed) *out = expanded.length ? fr_arena_text(call, arena, expanded.bytes, expanded.length) : "";
    return *out != NULL;
}

bool fr_agg_text_expand(fr_call *call, fr_arena *arena, const char *text, const fr_schema *schema, const bool *is_key,
                        const char **out)
{
    return expand(call, arena, text, schema, is_key, fr_list_parse, out);
}

bool fr_agg_text_expand_told(fr_call *call, fr_arena *arena, const char *text, const fr_schema *schema, const bool *is_key,
                             const char **out)
{
    return expand(call, arena, text, schema, is_key, fr_list_parse_told, out);
}
