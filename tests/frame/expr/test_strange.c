/* test_strange.c — what holds for every expression holds for strange ones (support/strange.h). fuzz-strange draws more of
 * them, for as long as one likes. */
#include "support/columns.h"
#include "support/strange.h"
#include "support/test.h"

#include <stdio.h>

static void try_many(int64_t n_rows, uint64_t seed, int count, int depth)
{
    char text[1300], why[3000], shown[4500];
    uint8_t bytes[400];
    fr_strange_rows rows;
    int drawn = 0, wrong = 0;
    REQUIRE(fr_strange_rows_begin(&rows, n_rows, seed));
    for (int i = 0; i < count && wrong < 5; i++) {
        for (size_t k = 0; k < sizeof bytes; k++) bytes[k] = (uint8_t)fr_test_random(&seed);
        fr_choices choices = { bytes, sizeof bytes, 0 };
        if (!fr_strange_expr(&choices, rows.plain->schema, depth, text, sizeof text)) continue;
        drawn++;
        if (fr_strange_holds(&rows, text, why, sizeof why)) continue;
        (void)snprintf(shown, sizeof shown, "%s\n  %s", text, why);
        CHECK_STR(shown, "");
        wrong++;
    }
    CHECK(drawn > count / 2);
    fr_strange_rows_end(&rows);
}

TEST(strange_calls_hold) { for (uint64_t s = 1; s <= 4; s++) try_many(24, s, 150, 1); }
TEST(strange_calls_of_calls_hold) { for (uint64_t s = 5; s <= 8; s++) try_many(20, s, 60, 2); }
TEST(strange_calls_of_no_rows_and_one_row_hold) { try_many(0, 9, 150, 1), try_many(1, 10, 150, 1); }
