/* test_strange_chain.c — chains of strange steps give the same, planned and as written, over the same rows wherever they
 * lie (support/strange_chain.h). fuzz-strange draws more of them. */
#include "support/strange_chain.h"

#include <stdio.h>

#include "support/columns.h"
#include "support/test.h"

static void try_many(int64_t n_rows, uint64_t seed, int count)
{
    char text[3000], why[3000], shown[6500];
    uint8_t bytes[600];
    fr_strange_rows rows;
    int drawn = 0, wrong = 0;
    REQUIRE(fr_strange_rows_begin(&rows, n_rows, seed));
    for (int i = 0; i < count && wrong < 5; i++) {
        for (size_t k = 0; k < sizeof bytes; k++) bytes[k] = (uint8_t)fr_test_random(&seed);
        fr_choices choices = { bytes, sizeof bytes, 0 };
        if (!fr_strange_chain(&choices, &rows, text, sizeof text)) continue;
        drawn++;
        if (fr_strange_chain_holds(&rows, text, why, sizeof why)) continue;
        (void)snprintf(shown, sizeof shown, "%s\n  %s", text, why);
        CHECK_STR(shown, "");
        wrong++;
    }
    CHECK(drawn > count / 2);
    fr_strange_rows_end(&rows);
}

typedef bool holds_fn(const fr_strange_rows *rows, const char *text, char *why, size_t n);

static void try_laws(int64_t n_rows, uint64_t seed, int count, bool aggregates)
{
    char text[1300], why[3000], shown[4500];
    uint8_t bytes[400];
    fr_strange_rows rows;
    int drawn = 0, wrong = 0;
    REQUIRE(fr_strange_rows_begin(&rows, n_rows, seed));
    holds_fn *holds = aggregates ? fr_strange_aggregate_holds : fr_strange_key_holds;
    for (int i = 0; i < count && wrong < 5; i++) {
        for (size_t k = 0; k < sizeof bytes; k++) bytes[k] = (uint8_t)fr_test_random(&seed);
        fr_choices choices = { bytes, sizeof bytes, 0 };
        if (!(aggregates ? fr_strange_aggregate(&choices, rows.plain->schema, 0, text, sizeof text)
                         : fr_strange_expr(&choices, rows.plain->schema, 1, text, sizeof text))) continue;
        drawn++;
        if (holds(&rows, text, why, sizeof why)) continue;
        (void)snprintf(shown, sizeof shown, "%s\n  %s", text, why);
        CHECK_STR(shown, "");
        wrong++;
    }
    CHECK(drawn > count / 2);
    fr_strange_rows_end(&rows);
}

TEST(strange_keys_are_columns_made_before) { try_laws(24, 21, 100, false), try_laws(1, 22, 30, false); }
TEST(strange_aggregates_by_groups_of_one_group_and_over) { try_laws(24, 31, 200, true), try_laws(24, 32, 200, true); }
TEST(strange_chains_hold) { for (uint64_t s = 1; s <= 3; s++) try_many(24, s, 100); }
TEST(strange_chains_of_no_rows_and_one_row_hold) { try_many(0, 4, 50), try_many(1, 5, 50); }
