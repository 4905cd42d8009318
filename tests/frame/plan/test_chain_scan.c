/* Stages and words of a chain. */
#include "plan/chain_scan.h"

#include <string.h>

#include "support/test.h"

static fr_piece whole(const char *text) { return (fr_piece){ 0, strlen(text) }; }

/* Where the first '|' is, -1 for a syntax error. */
static int64_t bar_in(const char *text)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    size_t at;
    bool ok = fr_piece_find(&call, text, whole(text), '|', &at);
    fr_call_end(&call);
    return ok ? (int64_t)at : -1;
}

TEST(a_bar_in_quotes_backticks_or_brackets_does_not_end_a_stage)
{
    CHECK_INT(bar_in("a|b"), 1);
    CHECK_INT(bar_in("'|'|"), 3);
    CHECK_INT(bar_in("\"|\"|"), 3);
    CHECK_INT(bar_in("`|`|"), 3);
    CHECK_INT(bar_in("f(|)|"), 4);
    CHECK_INT(bar_in("'it\\'s|'|"), 8);
    CHECK_INT(bar_in("r'\\'|"), 4);                  /* a raw text knows no escapes */
    CHECK_INT(bar_in("for'\\'|"), -1);               /* but the r of a longer word does not make one */
    CHECK_INT(bar_in("none"), 4);
    CHECK_INT(bar_in(""), 0);
}

TEST(what_is_not_closed_is_a_syntax_error)
{
    CHECK_INT(bar_in("'open"), -1);
    CHECK_INT(bar_in("`open"), -1);
    CHECK_INT(bar_in("f(a"), -1);
    CHECK_INT(bar_in("a)"), -1);
    CHECK_INT(bar_in("'open\\'"), -1);
}

TEST(words_end_at_blanks_and_commas)
{
    static const char text[] = " region, `odd name` f(a, b) ";
    static const char *const words[] = { "region", ",", "`odd name`", "f(a, b)", "" };
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    size_t at = 0;
    for (size_t i = 0; i < 5; i++) {
        fr_piece word;
        CHECK(fr_piece_word(&call, text, whole(text), &at, &word));
        CHECK(fr_piece_is(text, word, words[i]));
    }
    fr_call_end(&call);
}

TEST(quotes_around_a_whole_text_are_undone_and_commas_become_semicolons)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    CHECK_STR(fr_piece_text(&call, &arena, "'a \\'b\\''", whole("'a \\'b\\''")), "a 'b'");
    CHECK_STR(fr_piece_text(&call, &arena, "'a' + 'b'", whole("'a' + 'b'")), "'a' + 'b'");
    const char *statements = "a = f(x, y), b = ',', c = 1";
    CHECK_STR(fr_piece_statements(&call, &arena, statements, whole(statements)), "a = f(x, y); b = ','; c = 1");
    fr_call_end(&call);
}
