/* filter: null is not true, order stays, the account adds up. */
#include "frame/ops/apply.h"

#include <string.h>

TEST(filter_keeps_what_is_true_and_counts_the_rest)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 _ 3 0; k: a b _ d", NULL);
    GIVES(frame, fr_filter("x > 0"), "x k|1 a|3 _");
    GIVES(frame, fr_filter("not (x > 0)"), "x k|0 d");
    GIVES(frame, fr_filter("x is null or k is null"), "x k|_ b|3 _");
    GIVES(frame, fr_filter("x > $1", .bind = { fr_v(1) }), "x k|3 _");
    GIVES(frame, fr_filter("x > :low", .bind = { fr_named("low", 1) }), "x k|3 _");
    FAILS(frame, fr_filter("x > $1"), FR_ERR_ARGUMENT, "parameter $1 is not bound");
    FAILS(frame, fr_filter("x > $2", .bind = { fr_v(1) }), FR_ERR_ARGUMENT, "parameter $2 is not bound");
    GIVES(frame, fr_filter("coalesce($1, x) > $2", .bind = { fr_v_null(), fr_v(1) }), "x k|3 _");
    fr_auto(frame) kept = fr_test_apply(frame, fr_filter("x > 0"));
    CHECK_STR(fr_test_account(kept), "filter 4 2 0 0 2 0 0");
    fr_auto(frame) all = fr_test_apply(frame, fr_filter("true"));
    CHECK_STR(fr_test_account(all), "filter 4 4 0 0 0 0 0");
    CHECK_STR(fr_test_account(frame), "");
}

static void warned(const fr_frame *frame, fr_step step, const char *warning)
{
    fr_auto(frame) kept = fr_test_apply(frame, step);
    CHECK_INT(fr_warning_count(kept), warning != NULL);
    const char *said = fr_warning_count(kept) ? fr_warning(kept, 0) : fr_ok(kept) ? "nothing" : fr_error(kept)->message;
    if (warning && !strstr(said, warning)) CHECK_STR(said, warning);
}

TEST(comparing_with_null_itself_is_warned_of)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 _ 3; k: a b _", NULL);
    GIVES(frame, fr_filter("x == null"), "x k");
    warned(frame, fr_filter("x == null"), "since a comparison with null is null; did you mean 'x is null'?");
    warned(frame, fr_filter("null != x + 1"), "did you mean 'x + 1 is not null'?");
    warned(frame, fr_filter("k == 'a' or not (x < null)"), "'x < null' is true for no row");
    warned(frame, fr_filter("x == $1", .bind = { fr_v_null() }), "is true for no row");
    fr_auto(frame) kept = fr_test_apply(frame, fr_filter("null == 7"));
    CHECK_STR(fr_warning(kept, 0), "'null == 7' is true for no row, since a comparison with null is null");
    warned(frame, fr_filter("x is null"), NULL);
    warned(frame, fr_filter("x > 1 and k == 'a'"), NULL);
    warned(frame, fr_filter("coalesce(x == $1, true)", .bind = { fr_v_null() }), NULL);
}

TEST(ordering_texts_by_a_date_is_warned_of)
{
    fr_auto(frame) texts = fr_test_frame("k str: 31/12/2024 01/02/2024 _; x: 19723 19754 _", NULL);
    fr_auto(frame) frame = fr_test_apply(texts, fr_with("d = cast(x, 'date'); iso = cast(d, 'str')"));
    REQUIRE(fr_ok(frame));
    static const char *const warned_of[] = { "k > '2024-01-01'", "'2024-01-01' <= k", "not (k < '2024-01-01 10:00')",
                                             "d > '2023-01-01' and k between '2024-01-01' and '2024-02-01'" };
    static const char *const asked[] = { "k == '2024-01-01'", "x > 0 and '2024-12-31' != k",
                                         "k in ('2024-12-31', '2024-02-01')" };
    static const char *const fine[] = { "k == '31/12/2024'", "iso == '2024-01-01'", "iso in ('2024-01-01')", "k == 'x'",
                                        "k > '2024-01'", "k > 'x'", "d > '2024-01-01'", "k > k",
                                        "len(k) > 3" };
    for (size_t i = 0; i < sizeof warned_of / sizeof *warned_of; i++)
        warned(frame, fr_filter(warned_of[i]), "column 'k' is text and is compared letter by letter, not as dates");
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        warned(frame, fr_filter(asked[i]), "column 'k' is text and is compared as text, not as dates; parse_dates makes");
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) warned(frame, fr_filter(fine[i]), NULL);
}

TEST(a_filter_may_look_at_the_whole_column)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 9", NULL);
    GIVES(frame, fr_filter("x > mean(x)"), "x|9");
}

TEST(filter_says_what_is_wrong)
{
    fr_auto(frame) frame = fr_test_frame("x: 1", NULL);
    FAILS(frame, fr_filter("x"), FR_ERR_TYPE, "");
    FAILS(frame, fr_filter("y > 0"), FR_ERR_NOT_FOUND, "y");
    FAILS(frame, fr_filter(""), FR_ERR_ARGUMENT, "no condition");
}
