/* habits.c — what people write by habit of SQL, pandas, R or Excel, and what it is here: hints for who meets a token that
 * cannot stand where it does.
 */
#include "expr/habits.h"

#include <stdio.h>
#include <string.h>

#include "base/letters.h"
#include "base/suggest.h"
#include "expr/functions.h"
#include "expr/tree.h"

typedef struct habit { const char *symbol, *hint; } habit;

/* What people write by habit, and what it is here; words in any case. */
#define PATTERNS "use matches(x, 'pattern'), contains, startswith or endswith"
#define OWN_STEP "a step of its own, behind a bar: "
static const habit anywhere[] = {
    { "=", "use == to compare" }, { "&", "use 'and'" }, { "&&", "use 'and'" }, { "|", "use 'or'" }, { "||", "use 'or'" },
    { "~", "use 'not'" }, { "!", "use 'not'" }, { "<>", "use !=" }, { "=>", "use >=" }, { "=<", "use <=" },
    { "===", "use ==" }, { "^", "use ** for powers" }, { "≥", "use >=" }, { "≤", "use <=" }, { "≠", "use !=" },
    { "×", "use *" }, { "÷", "use /" }, { "−", "use -" }, { "–", "use -" },
    { "::", "cast(x, 'f64') changes the type" }, { ":=", "use = to name a result" },
    { "?", "use 'a if condition else b'" }, { "when", "use 'a if condition else b'" },
    { "then", "use 'a if condition else b'" }, { "like", PATTERNS }, { "rlike", PATTERNS }, { "regexp", PATTERNS },
    { "ilike", "use contains(lower(x), 'part')" }, { "isnull", "use 'is null'" }, { "notnull", "use 'is not null'" },
    { "mod", "use %" }, { "div", "use //" }, { "as", "the name stands before: total = sum(x)" },
    { ",", "'and' joins conditions; digits stand side by side" }, { ";", "'and' joins conditions" },
    { "order", OWN_STEP "sort x" }, { "having", OWN_STEP "where n > 5" }, { "limit", OWN_STEP "head 5" },
    { "[", "use slice(x, first, end), get(x, place), or x.name for the field of a struct" },
    { "over", "it stands right behind a function: sum(x) over region" },
};
#undef PATTERNS
#undef OWN_STEP

/* the same where a value should be, and behind 'is' */
static const habit of_values[] = { { "*", "size() counts rows" } };
#define BY_ITSELF "a condition stands by itself: x, not x"
static const habit behind_is[] = {
    { "true", BY_ITSELF }, { "false", BY_ITSELF }, { "nan", "is_nan(x) asks for it" }, { "none", "write null" },
    { "na", "write null" }, { "missing", "write null" }, { "empty", "x == '' asks for it" },
};
#undef BY_ITSELF

/* names that a text follows: interval '1 day' */
static const habit before_texts[] = {
    { "interval", "a span of time is duration '1d 2h'; months: add_months(date, 1)" },
    { "f", "texts are put together by concat(a, ' ', b), or +" }, { "b", "a text is written 'abc'" },
    { "u", "a text is written 'abc'" }, { "date", "write date '2024-01-31'" }, { "timestamp", "write datetime '2024-01-31 10:00'" },
};

/* the same among the keys of over: (partition by region order by day rows between …), as SQL says it */
#define OVER_KEYS "over takes keys alone, over (region, year); rows come in the frame's order, so sort before it"
#define OVER_ROWS "over takes keys alone; rolling_sum(x, n) and the like are of the last n rows, cum_sum(x) of all so far"
static const habit of_windows[] = {
    { "by", OVER_KEYS }, { "order", OVER_KEYS }, { "desc", OVER_KEYS }, { "rows", OVER_ROWS },
};
#undef OVER_KEYS
#undef OVER_ROWS

/* ---- hints ------------------------------------------------------------------------------------------------------- */
bool fr_token_says(const fr_token *token, const char *word)
{
    return token->kind == FR_TOKEN_NAME && fr_same_word(token->text, token->length, word);
}

static const char *hint_among(const fr_lexer *lexer, const habit *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fr_lex_is(lexer, list[i].symbol) || fr_token_says(&lexer->token, list[i].symbol)) return list[i].hint;
    return NULL;
}

static const char *hint_where(const fr_lexer *lexer, fr_habits where)
{
    switch (where) {
    case FR_HABITS_OF_VALUES:  return hint_among(lexer, of_values, FR_COUNT_OF(of_values));
    case FR_HABITS_BEHIND_IS:  return hint_among(lexer, behind_is, FR_COUNT_OF(behind_is));
    case FR_HABITS_OF_WINDOWS: return hint_among(lexer, of_windows, FR_COUNT_OF(of_windows));
    case FR_HABITS_ANYWHERE:   break;
    }
    return NULL;
}

/* AND, Not: a reserved word in another case. */
static const char *hint_of_capitals(const fr_token *t, char room[FR_HINT_ROOM])
{
    char small[16];
    if (t->kind != FR_TOKEN_NAME || t->length >= sizeof small || fr_word_is_reserved(t->text, t->length)) return NULL;
    for (size_t i = 0; i < t->length; i++) small[i] = fr_small_letter(t->text[i]);
    if (!fr_word_is_reserved(small, t->length)) return NULL;
    snprintf(room, FR_HINT_ROOM, "use '%.*s'", (int)t->length, small);
    return room;
}

/* A function where an operator should be, SQL's two quotes for one: what the token itself tells. */
static const char *hint_of_token(const fr_lexer *lexer, char room[FR_HINT_ROOM])
{
    const fr_token *t = &lexer->token;
    const fr_function *function = t->kind == FR_TOKEN_NAME ? fr_function_find(t->text, t->length) : NULL;
    if (function) {
        snprintf(room, FR_HINT_ROOM, "a function stands before its arguments: %s(%s)", function->name, function->params);
        return room;
    }
    const char *at = lexer->source + t->start;
    const bool doubled = t->kind == FR_TOKEN_STRING && t->start && at[-1] == *at;
    return doubled ? "a quote in a text is written \\'" : NULL;
}

const char *fr_habit_hint(const fr_lexer *lexer, fr_habits where, char room[FR_HINT_ROOM])
{
    const char *hint = hint_where(lexer, where);
    if (!hint) hint = hint_among(lexer, anywhere, FR_COUNT_OF(anywhere));
    if (!hint) hint = hint_of_capitals(&lexer->token, room);
    return hint ? hint : hint_of_token(lexer, room);
}

const char *fr_text_habit(const fr_token *name)
{
    for (size_t i = 0; i < FR_COUNT_OF(before_texts); i++)
        if (fr_token_says(name, before_texts[i].symbol)) return before_texts[i].hint;
    return NULL;
}
