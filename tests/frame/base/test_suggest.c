/* Did you mean …? */
#include "base/suggest.h"

#include <string.h>

#include "support/test.h"

static const char *const columns[] = { "quantity", "unit_price", "region", NULL, "Order Date", "product_id", "x",
                                       "größe" };

static const char *meant(const char *wanted)
{
    return fr_suggest(wanted, columns, FR_COUNT_OF(columns));
}

TEST(one_typing_error_is_understood)
{
    CHECK_STR(meant("quantiy"), "quantity");          /* missing */
    CHECK_STR(meant("quantitty"), "quantity");        /* too many */
    CHECK_STR(meant("quantiti"), "quantity");         /* wrong */
    CHECK_STR(meant("qauntity"), "quantity");         /* swapped */
    CHECK_STR(meant("regoin"), "region");
    CHECK_STR(meant("productid"), "product_id");
    CHECK_STR(meant("grösse"), "größe");
}

TEST(case_alone_comes_first)
{
    static const char *const names[] = { "namee", "NAME", "name2" };
    CHECK_STR(fr_suggest("name", names, 3), "NAME");
    CHECK_STR(meant("order date"), "Order Date");
    CHECK_STR(meant("unit-price"), "unit_price");
}

TEST(an_abbreviation_is_understood)
{
    CHECK_STR(meant("qty"), "quantity");
    CHECK_STR(meant("price"), NULL);                  /* does not begin as unit_price does */
}

TEST(what_is_not_near_is_not_suggested)
{
    CHECK_STR(meant("customer"), NULL);
    CHECK_STR(meant("y"), NULL);
    CHECK_STR(meant(""), NULL);
    CHECK_STR(fr_suggest(NULL, columns, 3), NULL);
    CHECK_STR(fr_suggest("x", NULL, 0), NULL);
}

TEST(of_equals_the_first)
{
    static const char *const names[] = { "cat", "car", "cab" };
    CHECK_STR(fr_suggest("cak", names, 3), "cat");
}

TEST(a_wrong_first_letter_is_the_least_likely_error)
{
    static const char *const verbs[] = { "drop", "group", "head" };
    CHECK_STR(fr_suggest("grop", verbs, 3), "group");
    CHECK_STR(fr_suggest("rop", verbs, 3), "drop");
    CHECK_STR(fr_suggest("heap", verbs, 3), "head");
}

TEST(names_may_come_one_by_one)
{
    static const char *const orders[][3] = { { "cat", "car", "dog" }, { "car", "dog", "cat" } };
    for (size_t i = 0; i < 2; i++) {
        fr_suggestion s;
        fr_suggestion_begin(&s, "cak");
        for (size_t k = 0; k < 3; k++) fr_suggestion_consider(&s, orders[i][k]);
        CHECK_STR(s.best, "car");                     /* in whatever order they come */
        fr_suggestion_consider(&s, "CAK");
        CHECK_STR(s.best, "CAK");
    }
    fr_suggestion none;
    fr_suggestion_begin(&none, "zebra");
    fr_suggestion_consider(&none, "cat");
    CHECK_STR(none.best, "");
}

TEST(very_long_names_do_no_harm)
{
    char name[1000];
    memset(name, 'a', sizeof name);
    name[999] = 0;
    const char *const names[] = { name, "b" };
    CHECK_STR(fr_suggest(name, names, 2), name);
    CHECK_STR(fr_suggest("aaaa", names, 2), NULL);
    char room[FR_HINT_ROOM];
    CHECK(fr_suggest_hint(room, "aaaa", names, 2) == NULL);
    CHECK_STR(fr_suggest_hint(room, "qty", columns, 8), "did you mean 'quantity'?");
}

TEST(of_equals_the_first_in_the_alphabet_whatever_the_order)
{
    static const char *const names[] = { "file.cs", "fil.csv", "ile.csv" };
    for (size_t first = 0; first < 3; first++) {
        fr_suggestion near;
        fr_suggestion_begin(&near, "file.csv");
        for (size_t i = 0; i < 3; i++) fr_suggestion_consider(&near, names[(first + i) % 3]);
        CHECK_STR(near.best, "fil.csv");
    }
}
