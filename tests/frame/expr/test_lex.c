/* test_lex.c — tokens, and where they end. */
#include "expr/lex.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

/* "NAME(a) SYMBOL(+) INTEGER(1)", or "error N: message" */
static const char *tokens_of(const char *text, char *room, size_t n)
{
    static const char *const names[] = { "END",    "NAME",      "QUOTED", "INTEGER", "FLOAT",
                                         "STRING", "PARAMETER", "NAMED",  "SYMBOL" };
    fr_call call;
    fr_arena arena;
    fr_lexer lexer;
    size_t at = 0;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_arena_init(&arena, call.context);
    bool ok = fr_lex_begin(&lexer, &call, &arena, text, 0, strlen(text));
    room[0] = 0;
    for (; ok && lexer.token.kind != FR_TOKEN_END; ok = fr_lex_next(&lexer))
        at += (size_t)snprintf(room + at, n - at, "%s%s(%.*s)", at ? " " : "", names[lexer.token.kind],
                               (int)lexer.token.length, lexer.token.text);
    if (!ok) (void)snprintf(room, n, "error");
    fr_arena_clear(&arena);
    fr_call_end(&call);
    return room;
}

TEST(tokens)
{
    char room[512];
    CHECK_STR(tokens_of("a+1", room, sizeof room), "NAME(a) SYMBOL(+) INTEGER(1)");
    CHECK_STR(tokens_of("x**2//3", room, sizeof room), "NAME(x) SYMBOL(**) INTEGER(2) SYMBOL(//) INTEGER(3)");
    CHECK_STR(tokens_of("'it\\'s' \"a\\nb\" r'\\d' '\\d'", room, sizeof room),
              "STRING(it's) STRING(a\nb) STRING(\\d) STRING(\\d)");
    CHECK_STR(tokens_of("`odd ``name` größe $12 :who", room, sizeof room),
              "QUOTED(odd `name) NAME(größe) PARAMETER($12) NAMED(who)");
    CHECK_STR(tokens_of("'\\u00e9\\U0001F600'", room, sizeof room), "STRING(é😀)");
    CHECK_STR(tokens_of("18446744073709551615", room, sizeof room), "INTEGER(18446744073709551615)");
}

TEST(what_is_no_token)
{
    char room[512];
    const char *bad[] = {
        "18446744073709551616", "'open", "`open", "1abc", "$", "#", "'\\u12'", "'\\ud800'", "a \x01", "``"
    };
    for (size_t i = 0; i < FR_COUNT_OF(bad); i++) CHECK_STR(tokens_of(bad[i], room, sizeof room), "error");
}
