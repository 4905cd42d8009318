/* parse.c — text → tree, by precedence climbing.
 *
 * Loosest first, as in Python:  a if c else b · or · and · not · comparisons (== != < <= > >= in between is) · + - ·
 * * / // % · unary - · ** · calls and .methods.  `x.f(y)`, `x.str.f(y)` and `f(x, y)` are the same call, `x.f` is f(x),
 * or the field f where x is a struct (fn_field.c); x.`odd name` can only be a field.
 * A chain of comparisons becomes an `and` of its links; a run of `and`s one node with many operands, so that a long
 * generated condition is wide, not deep.
 *
 * Both the parser's own recursion and the depth of the tree are bounded by the context's `nesting` limit, the number of
 * nodes by `expression_nodes`: hostile text ends in an error, not in a stack overflow.
 */
#include "base/context_state.h"
#include "base/date_text.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "expr/habits.h"
#include "expr/lex.h"
#include "expr/literals.h"
#include "expr/tree.h"

#include <stdio.h>
#include <string.h>

typedef struct parser {
    fr_call        *call;
    fr_expr        *expr;
    const fr_value *bind;
    size_t          n_bind;
    size_t          n_nodes, most_nodes;
    uint32_t        depth, most_depth;
    fr_lexer        lexer;
} parser;

enum { RANK_OR = 1, RANK_AND, RANK_NOT, RANK_COMPARE, RANK_SUM, RANK_PRODUCT, RANK_UNARY, RANK_POWER };

static const struct { const char *name; int rank; } operators[] = {
    { "or", RANK_OR }, { "and", RANK_AND }, { "==", RANK_COMPARE }, { "!=", RANK_COMPARE }, { "<", RANK_COMPARE },
    { "<=", RANK_COMPARE }, { ">", RANK_COMPARE }, { ">=", RANK_COMPARE }, { "in", RANK_COMPARE },
        { "is", RANK_COMPARE },
    { "between", RANK_COMPARE }, { "+", RANK_SUM }, { "-", RANK_SUM }, { "*", RANK_PRODUCT }, { "/", RANK_PRODUCT },
    { "//", RANK_PRODUCT }, { "%", RANK_PRODUCT }, { "**", RANK_POWER },
};
static const char *const reserved[] = { "and",  "or",    "not", "in",   "is",   "between", "null",
                                        "true", "false", "if",  "else", "over", "as" };

static fr_node *parse_expression(parser *p);
static fr_node *parse_binary(parser *p, int least);

bool fr_word_is_reserved(const char *word, size_t n)
{
    for (size_t i = 0; i < FR_COUNT_OF(reserved); i++)
        if (strlen(reserved[i]) == n && !memcmp(reserved[i], word, n)) return true;
    return false;
}

int fr_operator_rank(const char *name)
{
    for (size_t i = 0; i < FR_COUNT_OF(operators); i++)
        if (!strcmp(operators[i].name, name)) return operators[i].rank;
    if (!strcmp(name, "not")) return RANK_NOT;
    if (!strcmp(name, "neg")) return RANK_UNARY;
    return 0;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */
static fr_node *new_node(parser *p, fr_node_kind kind, size_t position)
{
    if (++p->n_nodes > p->most_nodes) {
        fr_fail_at(p->call, fr_place_at(.source = p->expr->text, .position = (int64_t)position,
                                        .hint = "a long list of values can be a table: semi join values.csv on x"), FR_ERR_LIMIT,
                   "expression has more than %zu parts (limit expression_nodes)", p->most_nodes);
        return NULL;
    }
    fr_node *node = fr_arena_new(p->call, &p->expr->arena, sizeof *node);
    if (!node) return NULL;
    node->kind = kind;
    node->position = (int64_t)position;
    node->depth = 1;
    return node;
}

static bool too_deep(parser *p, uint32_t depth, size_t position)
{
    if (depth <= p->most_depth) return false;
    fr_fail_at(p->call, fr_place_at(.source = p->expr->text, .position = (int64_t)position,
                                    .hint = "compute it in parts, each a column: with t = …, then u = t + …"), FR_ERR_LIMIT,
               "expression is nested more than %u deep (limit nesting)", p->most_depth);
    return true;
}

/* Operands while they are collected. */
typedef struct nodes {
    fr_node    **items;
    const char **names;              /* keywords; NULL until one was given */
    size_t       n, capacity;
} nodes;

static bool add_node(parser *p, nodes *list, fr_node *node, const char *name)
{
    if (!node) return false;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4;
        fr_node **items = fr_arena_array(p->call, &p->expr->arena, capacity, sizeof *items);
        const char **names = items ? fr_arena_array(p->call, &p->expr->arena, capacity, sizeof *names) : NULL;
        if (!names) return false;
        if (list->n) memcpy(items, list->items, list->n * sizeof *items);
        if (list->n) memcpy(names, list->names, list->n * sizeof *names);
        list->items = items;
        list->names = names;
        list->capacity = capacity;
    }
    list->items[list->n] = node;
    list->names[list->n++] = name;
    return true;
}

static fr_node *new_call(parser *p, const char *name, size_t position, const nodes *args)
{
    fr_node *node = new_node(p, FR_NODE_CALL, position);
    if (!node) return NULL;
    node->name = name;
    node->args = args->items;
    node->n_args = args->n;
    for (size_t i = 0; i < args->n; i++) {
        if (args->names[i]) node->arg_names = args->names;
        if (args->items[i]->depth >= node->depth) node->depth = args->items[i]->depth + 1;
    }
    return too_deep(p, node->depth, position) ? NULL : node;
}

static fr_node *call1(parser *p, const char *name, size_t position, fr_node *a)
{
    nodes args = { 0 };
    return add_node(p, &args, a, NULL) ? new_call(p, name, position, &args) : NULL;
}

static fr_node *call2(parser *p, const char *name, size_t position, fr_node *a, fr_node *b)
{
    nodes args = { 0 };
    return add_node(p, &args, a, NULL) && add_node(p, &args, b, NULL) ? new_call(p, name, position, &args) : NULL;
}

static fr_node *call3(parser *p, const char *name, size_t position, fr_node *a, fr_node *b, fr_node *c)
{
    nodes args = { 0 };
    return add_node(p, &args, a, NULL) && add_node(p, &args, b, NULL) && add_node(p, &args, c, NULL)
               ? new_call(p, name, position, &args) : NULL;
}

/* ---- errors ------------------------------------------------------------------------------------------------------ */
static fr_node *unexpected_at(parser *p, const char *wanted, fr_habits where)
{
    char room[64], hint_room[FR_HINT_ROOM];
    const char *hint = fr_habit_hint(&p->lexer, where, hint_room);
    fr_lex_fail(&p->lexer, p->lexer.token.start, hint, "expected %s, found %s", wanted, fr_lex_found(&p->lexer, room));
    return NULL;
}

static fr_node *unexpected(parser *p, const char *wanted) { return unexpected_at(p, wanted, FR_HABITS_ANYWHERE); }

static bool expect(parser *p, const char *symbol, const char *wanted)
{
    if (!fr_lex_is(&p->lexer, symbol) && !fr_lex_is_word(&p->lexer, symbol)) return unexpected(p, wanted) != NULL;
    return fr_lex_next(&p->lexer);
}

/* ---- leaves ------------------------------------------------------------------------------------------------------ */
static fr_node *new_value(parser *p, fr_value value, size_t position)
{
    fr_node *node = new_node(p, FR_NODE_VALUE, position);
    if (node) node->value = value;
    return node;
}

static fr_node *parse_number(parser *p)
{
    fr_token t = p->lexer.token;
    fr_value value = t.kind == FR_TOKEN_FLOAT ? fr_v_f64(t.number)
                     : t.integer <= INT64_MAX ? fr_v_i64((int64_t)t.integer) : fr_v_u64(t.integer);
    fr_node *node = new_value(p, value, t.start);
    if (!node || !fr_lex_next(&p->lexer)) return NULL;
    node->written = fr_arena_text(p->call, &p->expr->arena, t.text, t.length);
    return node->written ? node : NULL;
}

static fr_node *parse_text(parser *p)
{
    fr_token t = p->lexer.token;
    if (t.length > UINT32_MAX) return unexpected(p, "a shorter text");
    return fr_lex_next(&p->lexer) ? new_value(p, fr_v_text(t.text, t.length), t.start) : NULL;
}

static fr_node *bound_value(parser *p, const fr_token *t, fr_value value)
{
    if (value.valid && (value.kind == FR_STR || value.kind == FR_CAT) &&
        fr_utf8_check(value.as.s, value.length) < value.length)
        return fr_lex_fail(&p->lexer, t->start, NULL, "the text given here is not valid UTF-8"), NULL;
    if (value.valid && (value.kind == FR_STR || value.kind == FR_BINARY || value.kind == FR_CAT)) {
        if (value.kind == FR_CAT) value.kind = FR_STR;
        value.as.s = fr_arena_text(p->call, &p->expr->arena, value.as.s, value.length);
        if (!value.as.s) return NULL;
    }
    return fr_lex_next(&p->lexer) ? new_value(p, value, t->start) : NULL;
}

/* All zeros: what a caller's list of values holds behind those he gave. */
static bool is_left_out(const fr_value *value)
{
    static const fr_value none;
    return !memcmp(value, &none, sizeof none);
}

static fr_node *parse_parameter(parser *p)
{
    fr_token t = p->lexer.token;
    if (t.integer == 0 || t.integer > p->n_bind || is_left_out(&p->bind[t.integer - 1])) {
        fr_fail_at(
            p->call,
            fr_place_at(.source = p->expr->text, .position = (int64_t)t.start, .hint = "give its value in .bind"),
            FR_ERR_ARGUMENT, "parameter $%d is not bound", (int)t.integer);
        return NULL;
    }
    return bound_value(p, &t, fr_value_unnamed(p->bind[t.integer - 1]));
}

static fr_node *parse_named(parser *p)
{
    fr_token t = p->lexer.token;
    fr_suggestion near;
    char hint[FR_HINT_ROOM];
    fr_suggestion_begin(&near, t.text);
    for (size_t i = 0; i < p->n_bind; i++) {
        const char *name = fr_value_name(&p->bind[i]);
        if (name && !strcmp(name, t.text)) return bound_value(p, &t, fr_value_unnamed(p->bind[i]));
        if (name) fr_suggestion_consider(&near, name);
    }
    if (near.best[0]) snprintf(hint, sizeof hint, "did you mean ':%.100s'?", near.best);
    fr_fail_at(p->call,
               fr_place_at(.source = p->expr->text, .position = (int64_t)t.start,
                           .hint = near.best[0] ? hint : "give its value in .bind"),
               FR_ERR_ARGUMENT, "parameter :%s is not bound", t.text);
    return NULL;
}

/* A datetime literal has no zone, so an offset would be forgotten once it is applied. */
static bool has_offset(fr_kind kind, const fr_token *text)
{
    fr_moment moment;
    return kind == FR_DATETIME && fr_parse_iso(text->text, text->length, &moment, NULL) && moment.has_offset;
}

/* "date '2024-01-31'": the name was just read and a text follows. */
static fr_node *parse_typed_text(parser *p, const fr_token *name)
{
    static const struct { const char *word; fr_kind kind;
    } words[] = {
        { "date", FR_DATE }, { "datetime", FR_DATETIME }, { "timestamp", FR_DATETIME },
        { "time", FR_TIME }, { "duration", FR_DURATION },
    };
    for (size_t i = 0; i < FR_COUNT_OF(words); i++) {
        if (strcmp(words[i].word, name->text)) continue;
        fr_value value;
        fr_token t = p->lexer.token;
        if (has_offset(words[i].kind, &t)) {
            fr_lex_fail(&p->lexer, t.start, "write localize(datetime '2024-01-31 10:00', '+02:00')",
                        "a datetime literal has no offset");
            return NULL;
        }
        if (!fr_read_moment(words[i].kind, t.text, t.length, &value)) {
            fr_lex_fail(
                &p->lexer, t.start,
                "write them like date '2024-01-31', datetime '2024-01-31 10:00:00', time '10:00', duration '1d 2h'",
                "not a %s", words[i].word);
            return NULL;
        }
        return fr_lex_next(&p->lexer) ? new_value(p, value, name->start) : NULL;
    }
    const char *hint = fr_text_habit(name);
    if (hint) return fr_lex_fail(&p->lexer, name->start, hint, "%s and a text are no value", name->text), NULL;
    return unexpected(p, "an operator");
}

/* count(distinct x): SQL's word stands where an argument could. */
static bool ends_with_distinct(const nodes *args)
{
    const fr_node *last = args->n ? args->items[args->n - 1] : NULL;
    return last && last->kind == FR_NODE_NAME && !strcmp(last->name, "distinct");
}

/* name = value, or value; up to the closing symbol, which is taken. of_over: they are keys of a window. */
static bool parse_arguments(parser *p, nodes *args, const char *close, bool of_over)
{
    const char *wanted = *close == ')' ? "',' or ')'" : "',' or ']'";
    while (!fr_lex_is(&p->lexer, close)) {
        fr_token t = p->lexer.token;
        const char *keyword = NULL;
        fr_lexer before = p->lexer;
        if (t.kind == FR_TOKEN_NAME && !fr_word_is_reserved(t.text, t.length)) {
            if (!fr_lex_next(&p->lexer)) return false;
            if (fr_lex_is(&p->lexer, "=")) {
                keyword = t.text;
                if (!fr_lex_next(&p->lexer)) return false;
            } else {
                p->lexer = before;
            }
        }
        if (!add_node(p, args, parse_expression(p), keyword)) return false;
        if (fr_lex_is(&p->lexer, close)) break;
        if (of_over && !fr_lex_is(&p->lexer, ","))
            return unexpected_at(p, wanted, FR_HABITS_OF_WINDOWS) != NULL;
        if (!fr_lex_is(&p->lexer, ",") && ends_with_distinct(args))
            return fr_lex_fail(&p->lexer, p->lexer.token.start, "nunique(x) counts distinct values", "expected %s", wanted);
        if (!expect(p, ",", wanted)) return false;
    }
    return fr_lex_next(&p->lexer);
}

static bool parse_over(parser *p, fr_node *call)
{
    nodes keys = { 0 };
    if (!fr_lex_next(&p->lexer)) return false;
    call->over = true;
    if (fr_lex_is(&p->lexer, "(")) {
        if (!fr_lex_next(&p->lexer) || !parse_arguments(p, &keys, ")", true)) return false;
    } else if (fr_lex_is(&p->lexer, "[")) {
        return fr_lex_fail(&p->lexer, p->lexer.token.start, "write over (region, year)", "the keys of over stand in ( )");
    } else if (!add_node(p, &keys, parse_binary(p, RANK_POWER + 1), NULL)) {
        return false;
    }
    call->keys = keys.items;
    call->n_keys = keys.n;
    for (size_t i = 0; i < keys.n; i++)
        if (keys.items[i]->depth >= call->depth) call->depth = keys.items[i]->depth + 1;
    return !too_deep(p, call->depth, (size_t)call->position);
}

/* A call whose "(" is the current token; `first` (may be NULL) is what stood before the dot. */
static fr_node *parse_call(parser *p, const fr_token *name, fr_node *first)
{
    nodes args = { 0 };
    const bool dotted = first && !fr_lex_is(&p->lexer, "(");
    if (first && !add_node(p, &args, first, NULL)) return NULL;
    if (fr_lex_is(&p->lexer, "(")) {
        if (!fr_lex_next(&p->lexer) || !parse_arguments(p, &args, ")", false)) return NULL;
    }
    fr_node *call = new_call(p, name->text, name->start, &args);
    if (call) call->dotted = dotted;
    if (call && fr_lex_is_word(&p->lexer, "over") && !parse_over(p, call)) return NULL;
    return call;
}

static const char *reserved_hint(const parser *p, const fr_token *word)
{
    if (!strcmp(word->text, "in")) return "write x in (1, 2)";
    if (strcmp(word->text, "if") != 0) return "a column of this name is written in backticks";
    return fr_lex_is(&p->lexer, "(") ? "write when(x > 3, 'a', 'b')" : "write 'a' if x > 3 else 'b'";
}

/* NOT x: a name, and behind it what no operator begins with. */
static bool is_capital_not(const parser *p, const fr_token *word)
{
    const fr_token_kind next = p->lexer.token.kind;
    const bool value = next == FR_TOKEN_QUOTED || next == FR_TOKEN_INTEGER || next == FR_TOKEN_FLOAT || next == FR_TOKEN_STRING ||
                       (next == FR_TOKEN_NAME && !fr_word_is_reserved(p->lexer.token.text, p->lexer.token.length));
    return value && fr_token_says(word, "not");
}

static fr_node *parse_word(parser *p)
{
    fr_token t = p->lexer.token;
    bool plain = t.kind == FR_TOKEN_NAME;
    if (!fr_lex_next(&p->lexer)) return NULL;
    if (plain && !strcmp(t.text, "true")) return new_value(p, fr_v_bool(true), t.start);
    if (plain && !strcmp(t.text, "false")) return new_value(p, fr_v_bool(false), t.start);
    if (plain && !strcmp(t.text, "null")) return new_value(p, fr_v_null(), t.start);
    if (plain && fr_word_is_reserved(t.text, t.length)) {
        fr_lex_fail(&p->lexer, t.start, reserved_hint(p, &t), "expected a value, found '%s'", t.text);
        return NULL;
    }
    if (is_capital_not(p, &t))
        return fr_lex_fail(&p->lexer, t.start, "use 'not'", "expected a value, found '%s'", t.text), NULL;
    if (plain && fr_lex_is(&p->lexer, "(")) return parse_call(p, &t, NULL);
    if (plain && p->lexer.token.kind == FR_TOKEN_STRING) return parse_typed_text(p, &t);
    fr_node *node = new_node(p, FR_NODE_NAME, t.start);
    if (!node) return NULL;
    node->name = fr_arena_text(p->call, &p->expr->arena, t.text, t.length);
    return node->name ? node : NULL;
}

static fr_node *parse_list(parser *p, const char *open, const char *close)
{
    nodes items = { 0 };
    size_t start = p->lexer.token.start;
    if (!expect(p, open, "a list") || !parse_arguments(p, &items, close, false)) return NULL;
    return new_call(p, "list", start, &items);
}

static fr_node *parse_primary(parser *p)
{
    switch (p->lexer.token.kind) {
    case FR_TOKEN_INTEGER: case FR_TOKEN_FLOAT: return parse_number(p);
    case FR_TOKEN_STRING: return parse_text(p);
    case FR_TOKEN_PARAMETER: return parse_parameter(p);
    case FR_TOKEN_NAME: case FR_TOKEN_QUOTED: return parse_word(p);
    case FR_TOKEN_NAMED: return parse_named(p);
    case FR_TOKEN_END: case FR_TOKEN_SYMBOL: break;
    }
    if (fr_lex_is(&p->lexer, "[")) return parse_list(p, "[", "]");
    if (!fr_lex_is(&p->lexer, "(")) return unexpected_at(p, "a value", FR_HABITS_OF_VALUES);
    if (!fr_lex_next(&p->lexer)) return NULL;
    fr_node *inner = parse_expression(p);
    if (inner && fr_lex_is(&p->lexer, ",")) {
        fr_lex_fail(&p->lexer, p->lexer.token.start, "lists stand after 'in' and 'over', or in [ ]",
                    "expected ')', found ','");
        return NULL;
    }
    return inner && expect(p, ")", "')'") ? inner : NULL;
}

bool fr_word_is_accessor(const char *word)
{
    static const char *const words[] = { "str", "dt", "cat", "list", "struct" };
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        if (!strcmp(words[i], word)) return true;
    return false;
}

/* s.`odd name` */
static fr_node *parse_quoted_field(parser *p, const fr_token *name, fr_node *of)
{
    const char *text = fr_arena_text(p->call, &p->expr->arena, name->text, name->length);
    fr_node *field = text ? new_value(p, fr_v_text(text, name->length), name->start) : NULL;
    return field ? call2(p, "field", name->start, of, field) : NULL;
}

static fr_node *no_function_name(parser *p, const fr_token *t)
{
    if (t->kind != FR_TOKEN_NAME) return unexpected(p, "the name of a function or field");
    fr_lex_fail(&p->lexer, t->start, "a field of this name stands in backticks",
                "expected the name of a function or field, found '%s'", t->text);
    return NULL;
}

static fr_node *parse_postfix(parser *p)
{
    fr_node *node = parse_primary(p);
    bool function = false;                               /* behind x.dt. stands no field */
    while (node && fr_lex_is(&p->lexer, ".")) {
        if (!fr_lex_next(&p->lexer)) return NULL;
        fr_token t = p->lexer.token;
        const bool quoted = t.kind == FR_TOKEN_QUOTED;
        if (!quoted && (t.kind != FR_TOKEN_NAME || fr_word_is_reserved(t.text, t.length))) return no_function_name(p, &t);
        if (!fr_lex_next(&p->lexer)) return NULL;
        if (quoted) {
            node = parse_quoted_field(p, &t, node);
            continue;
        }
        if (fr_word_is_accessor(t.text) && fr_lex_is(&p->lexer, ".")) {
            function = strcmp(t.text, "struct") != 0;
            continue;
        }
        node = parse_call(p, &t, node);
        if (node && function) node->dotted = false;
        function = false;
    }
    return node;
}

/* ---- operators --------------------------------------------------------------------------------------------------- */
/* -5 is a value; so is -9223372036854775808, whose digits alone do not fit. */
static fr_node *negate(parser *p, size_t position, fr_node *operand)
{
    if (!operand) return NULL;
    fr_value *value = &operand->value;
    if (operand->kind != FR_NODE_VALUE || !operand->written || operand->written[0] == '-')
        return call1(p, "neg", position, operand);
    if (value->kind == FR_F64) value->as.f = -value->as.f;
    else if (value->kind == FR_I64) value->as.i = -value->as.i;
    else if (value->as.u == (uint64_t)1 << 63) *value = fr_v_i64(INT64_MIN);
    else return fr_lex_fail(&p->lexer, position, "write it with a decimal point to mean a float",
                            "integer is too large for 64 bits"), NULL;
    operand->written = fr_arena_format(p->call, &p->expr->arena, "-%s", operand->written);
    operand->position = (int64_t)position;
    return operand->written ? operand : NULL;
}

static fr_node *parse_prefix(parser *p)
{
    size_t position = p->lexer.token.start;
    if (fr_lex_is_word(&p->lexer, "not")) {
        if (!fr_lex_next(&p->lexer)) return NULL;
        fr_node *operand = parse_binary(p, RANK_NOT);
        return operand ? call1(p, "not", position, operand) : NULL;
    }
    if (fr_lex_is(&p->lexer, "-"))
        return fr_lex_next(&p->lexer) ? negate(p, position, parse_binary(p, RANK_UNARY)) : NULL;
    if (fr_lex_is(&p->lexer, "+")) return fr_lex_next(&p->lexer) ? parse_binary(p, RANK_UNARY) : NULL;
    return parse_postfix(p);
}

/* The operator at the current token, NULL if there is none; "not" counts where "in" or "between" must follow. */
static const char *operator_here(const parser *p)
{
    const fr_token *t = &p->lexer.token;
    if (t->kind != FR_TOKEN_SYMBOL && t->kind != FR_TOKEN_NAME) return NULL;
    for (size_t i = 0; i < FR_COUNT_OF(operators); i++) {
        const char *name = operators[i].name;
        if (name[0] == t->text[0] && (fr_lex_is(&p->lexer, name) || fr_lex_is_word(&p->lexer, name))) return name;
    }
    return fr_lex_is_word(&p->lexer, "not") ? "not" : NULL;
}

static fr_node *parse_in(parser *p, fr_node *left, size_t position)
{
    fr_node *list = fr_lex_is(&p->lexer, "(")   ? parse_list(p, "(", ")")
                    : fr_lex_is(&p->lexer, "[") ? parse_list(p, "[", "]") : unexpected(p, "a list such as (1, 2)");
    return list ? call2(p, "in", position, left, list) : NULL;
}

static fr_node *parse_between(parser *p, fr_node *left, size_t position)
{
    fr_node *low = parse_binary(p, RANK_SUM);
    if (!low || !expect(p, "and", "'and' of between")) return NULL;
    fr_node *high = parse_binary(p, RANK_SUM);
    return high ? call3(p, "between", position, left, low, high) : NULL;
}

static fr_node *parse_is(parser *p, fr_node *left, size_t position)
{
    bool negated = fr_lex_is_word(&p->lexer, "not");
    if (negated && !fr_lex_next(&p->lexer)) return NULL;
    const fr_token_kind next = p->lexer.token.kind;
    if (next == FR_TOKEN_INTEGER || next == FR_TOKEN_FLOAT || next == FR_TOKEN_STRING)
        return fr_lex_fail(&p->lexer, p->lexer.token.start, "use == to compare", "expected null behind 'is'"), NULL;
    if (!fr_lex_is_word(&p->lexer, "null"))
        return unexpected_at(p, "null (x is null, x is not null)", FR_HABITS_BEHIND_IS);
    if (!fr_lex_next(&p->lexer)) return NULL;
    return call1(p, negated ? "is_not_null" : "is_null", position, left);
}

/* One link of a comparison whose left side is `left`; *right is its right side when a further link can start there. */
static fr_node *parse_link(parser *p, fr_node *left, fr_node **right)
{
    size_t position = p->lexer.token.start;
    const char *name = operator_here(p);
    bool negated = !strcmp(name, "not");
    *right = NULL;
    if (!fr_lex_next(&p->lexer)) return NULL;
    if (negated) {
        name = operator_here(p);
        if (!name || (strcmp(name, "in") && strcmp(name, "between")))
            return unexpected(p, "'in' or 'between' after 'not'");
        if (!fr_lex_next(&p->lexer)) return NULL;
    }
    fr_node *link;
    if (!strcmp(name, "in")) link = parse_in(p, left, position);
    else if (!strcmp(name, "between")) link = parse_between(p, left, position);
    else if (!strcmp(name, "is")) link = parse_is(p, left, position);
    else {
        *right = parse_binary(p, RANK_SUM);
        return *right ? call2(p, name, position, left, *right) : NULL;
    }
    return link && negated ? call1(p, "not", position, link) : link;
}

static bool comparison_follows(const parser *p)
{
    const char *name = operator_here(p);
    return name && (!strcmp(name, "not") || fr_operator_rank(name) == RANK_COMPARE);
}

static fr_node *parse_comparison(parser *p, fr_node *left)
{
    nodes links = { 0 };
    size_t position = p->lexer.token.start;
    while (comparison_follows(p)) {
        fr_node *right, *link = parse_link(p, left, &right);
        if (!link) return NULL;
        if (!right) {                                    /* in, between, is: the whole so far is what follows on */
            if (links.n) {
                if (!add_node(p, &links, link, NULL) || !(link = new_call(p, "and", position, &links))) return NULL;
                links = (nodes){ 0 };
            }
            left = link;
            continue;
        }
        if (!add_node(p, &links, link, NULL)) return NULL;
        left = right;
    }
    if (!links.n) return left;
    return links.n == 1 ? links.items[0] : new_call(p, "and", position, &links);
}

/* `and` and `or`: all operands of one run in one node */
static fr_node *parse_run(parser *p, fr_node *left, const char *name, int rank)
{
    nodes operands = { 0 };
    size_t position = p->lexer.token.start;
    if (!add_node(p, &operands, left, NULL)) return NULL;
    while (fr_lex_is_word(&p->lexer, name))
        if (!fr_lex_next(&p->lexer) || !add_node(p, &operands, parse_binary(p, rank + 1), NULL)) return NULL;
    return new_call(p, name, position, &operands);
}

static fr_node *parse_operators(parser *p, int least)
{
    fr_node *left = parse_prefix(p);
    const char *name;
    while (left && (name = operator_here(p))) {
        int rank = !strcmp(name, "not") ? RANK_COMPARE : fr_operator_rank(name);
        size_t position = p->lexer.token.start;
        if (rank < least) break;
        if (rank == RANK_COMPARE) left = parse_comparison(p, left);
        else if (rank <= RANK_AND) left = parse_run(p, left, name, rank);
        else {
            if (!fr_lex_next(&p->lexer)) return NULL;
            fr_node *right = parse_binary(p, rank == RANK_POWER ? RANK_UNARY : rank + 1);
            left = right ? call2(p, name, position, left, right) : NULL;
        }
    }
    return left;
}

static fr_node *parse_binary(parser *p, int least)
{
    if (too_deep(p, ++p->depth, p->lexer.token.start)) return NULL;
    fr_node *node = parse_operators(p, least);
    p->depth--;
    return node;
}

static fr_node *parse_expression(parser *p)
{
    fr_node *node = parse_binary(p, 0);
    size_t position = p->lexer.token.start;
    if (!node || !fr_lex_is_word(&p->lexer, "if")) return node;
    if (!fr_lex_next(&p->lexer)) return NULL;
    fr_node *condition = parse_binary(p, 0);
    if (condition && !fr_lex_is_word(&p->lexer, "else") && p->lexer.token.kind == FR_TOKEN_END)
        return fr_lex_fail(&p->lexer, p->lexer.token.start, "else null, where there is no other value",
                           "expected 'else', found the end"), NULL;
    if (!condition || !expect(p, "else", "'else'")) return NULL;
    if (too_deep(p, ++p->depth, position)) return NULL;
    fr_node *other = parse_expression(p);
    p->depth--;
    return other ? call3(p, "if", position, condition, node, other) : NULL;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------
 */
/* The text is copied and checked once, however many parts it has. */
static bool take_text(fr_call *call, fr_expr *expr, const char *text, const fr_expr *other)
{
    if (other) {
        expr->owner = fr_expr_ref(other->owner ? other->owner : other);
        expr->text = other->text;
        return true;
    }
    size_t n = strlen(text), bad = fr_utf8_check(text, n);
    if (bad < n)
        return fr_fail_at(call, fr_place_at(.source = text, .position = (int64_t)bad), FR_ERR_SYNTAX,
                          "the text is not valid UTF-8");
    return (expr->text = fr_arena_text(call, &expr->arena, text, n));
}

static bool parse_all(parser *p, size_t start, size_t end)
{
    if (!fr_lex_begin(&p->lexer, p->call, &p->expr->arena, p->expr->text, start, end)) return false;
    if (p->lexer.token.kind == FR_TOKEN_END) return fr_lex_fail(&p->lexer, start, NULL, "the expression is empty");
    p->expr->root = parse_expression(p);
    if (!p->expr->root) return false;
    if (p->lexer.token.kind != FR_TOKEN_END) return unexpected(p, "an operator") != NULL;
    return true;
}

fr_expr *fr_expr_parse_part(fr_call *call, const char *text, size_t start, size_t end, const fr_value *bind,
                            size_t n_bind, const fr_expr *other)
{
    fr_expr *expr = fr_new(call, sizeof *expr);
    if (!expr) return NULL;
    atomic_init(&expr->refs, 1);
    expr->context = fr_object_ref(call->context);
    fr_arena_init(&expr->arena, call->context);
    fr_limits limits = fr_context_limits(call->context);
    parser p = { .call = call, .expr = expr, .bind = bind, .n_bind = bind ? n_bind : 0,
                 .most_nodes = limits.expression_nodes,
                 .most_depth = limits.nesting < UINT32_MAX ? (uint32_t)limits.nesting : UINT32_MAX };
    if (!take_text(call, expr, text, other) || !parse_all(&p, start, end)) fr_drop_expr(&expr);
    return expr;
}

fr_expr *fr_expr_parse(fr_call *call, const char *text, const fr_value *bind, size_t n_bind)
{
    if (text) return fr_expr_parse_part(call, text, 0, strlen(text), bind, n_bind, NULL);
    fr_fail(call, FR_ERR_ARGUMENT, "the expression is NULL");
    return NULL;
}

fr_expr *fr_expr_ref(const fr_expr *expr)
{
    fr_expr *own = (fr_expr *)(uintptr_t)expr;
    atomic_fetch_add_explicit(&own->refs, 1, memory_order_relaxed);
    return own;
}

void fr_expr_unref(fr_expr *expr)
{
    if (!expr || atomic_fetch_sub_explicit(&expr->refs, 1, memory_order_acq_rel) != 1) return;
    fr_context *context = expr->context;
    fr_expr_unref(expr->owner);
    fr_arena_clear(&expr->arena);
    fr_free(context, expr, sizeof *expr);
    fr_object_unref(context);
}

void fr_drop_expr(fr_expr **slot)
{
    fr_expr_unref(*slot);
    *slot = NULL;
}
