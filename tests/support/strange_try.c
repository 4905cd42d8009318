/* strange_try.c — see strange_try.h. */
#include "support/strange_try.h"

#include <stdio.h>

#include "support/columns.h"
#include "support/test.h"

enum { MOST_WRONG = 5, ROOM = 3000 };

/* Does it hold, as far as anything was drawn? */
static bool try_one(const fr_strange_law *law, const fr_strange_rows *rows, uint64_t *seed, int *drawn)
{
    char text[ROOM], why[ROOM], shown[2 * ROOM + 4];
    uint8_t bytes[600];
    for (size_t k = 0; k < sizeof bytes; k++) bytes[k] = (uint8_t)fr_test_random(seed);
    fr_choices choices = { bytes, sizeof bytes, 0 };
    if (!law->draw(&choices, rows, text, sizeof text)) return true;
    ++*drawn;
    if (law->holds(rows, text, why, sizeof why)) return true;
    (void)snprintf(shown, sizeof shown, "%s\n  %s", text, why);
    CHECK_STR(shown, "");
    return false;
}

void fr_strange_try(const fr_strange_law *law, int64_t n_rows, uint64_t seed, int count)
{
    fr_strange_rows rows;
    int drawn = 0, wrong = 0;
    REQUIRE(fr_strange_rows_begin(&rows, n_rows, seed));
    for (int i = 0; i < count && wrong < MOST_WRONG; i++) wrong += !try_one(law, &rows, &seed, &drawn);
    CHECK(wrong || drawn > count / 2);
    fr_strange_rows_end(&rows);
}
