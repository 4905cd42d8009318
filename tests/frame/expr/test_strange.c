/* test_strange.c — what holds for every expression holds for strange ones (support/strange.h). fuzz-strange draws more of
 * them, for as long as one likes. */
#include "support/strange_try.h"
#include "support/test.h"

static bool draw_call(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n)
{
    return fr_strange_expr(choices, rows->plain->schema, 1, text, n);
}

static bool draw_call_of_calls(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n)
{
    return fr_strange_expr(choices, rows->plain->schema, 2, text, n);
}

static const fr_strange_law calls = { draw_call, fr_strange_holds }, calls_of_calls = { draw_call_of_calls, fr_strange_holds };

TEST(strange_calls_hold) { for (uint64_t s = 1; s <= 4; s++) fr_strange_try(&calls, 24, s, 150); }
TEST(strange_calls_of_calls_hold) { for (uint64_t s = 5; s <= 8; s++) fr_strange_try(&calls_of_calls, 20, s, 60); }
TEST(strange_calls_of_no_rows_and_one_row_hold) { fr_strange_try(&calls, 0, 9, 150), fr_strange_try(&calls, 1, 10, 150); }
