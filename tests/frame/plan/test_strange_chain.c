/* test_strange_chain.c — chains of strange steps give the same, planned and as written, over the same rows wherever they
 * lie (support/strange_chain.h). fuzz-strange draws more of them. */
#include "support/strange_chain.h"
#include "support/strange_try.h"
#include "support/test.h"

static bool draw_key(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n)
{
    return fr_strange_expr(choices, rows->plain->schema, 1, text, n);
}

static bool draw_aggregate(fr_choices *choices, const fr_strange_rows *rows, char *text, size_t n)
{
    return fr_strange_aggregate(choices, rows->plain->schema, 0, text, n);
}

static const fr_strange_law keys = { draw_key, fr_strange_key_holds };
static const fr_strange_law aggregates = { draw_aggregate, fr_strange_aggregate_holds };
static const fr_strange_law chains = { fr_strange_chain, fr_strange_chain_holds };

TEST(strange_keys_are_columns_made_before) { fr_strange_try(&keys, 24, 21, 100), fr_strange_try(&keys, 1, 22, 30); }
TEST(strange_aggregates_by_groups_of_one_group_and_over)
{
    for (uint64_t s = 31; s <= 32; s++) fr_strange_try(&aggregates, 24, s, 200);
}
TEST(strange_chains_hold) { for (uint64_t s = 1; s <= 3; s++) fr_strange_try(&chains, 24, s, 100); }
TEST(strange_chains_of_no_rows_and_one_row_hold) { fr_strange_try(&chains, 0, 4, 50), fr_strange_try(&chains, 1, 5, 50); }
