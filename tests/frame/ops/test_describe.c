/* describe: the statistics of numbers, texts and times. */
#include "frame/ops/apply.h"

TEST(numbers_have_quantiles)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 3 4 _; y f64: 1 2 3 4 10", NULL);
    GIVES(frame, fr_describe(),
          "statistic x y|count 4 5|mean 2.5 4|std 1.29099444874 3.53553390593|min 1 1|25% 1.75 2|50% 2.5 3|75% 3.25 4|max 4 10");
}

TEST(texts_have_a_top_value_and_the_columns_share_the_rows)
{
    fr_auto(frame) frame = fr_test_frame("t: b a a b _; x: 1 2 3 4 5; f bool: true true false _ _", NULL);
    GIVES(frame, fr_describe("t, f"), "statistic t f|count 4 3|unique 2 2|top b true|freq 2 2");
    fr_auto(frame) mixed = fr_test_apply(frame, fr_describe("t, x"));
    CHECK_STR(fr_test_text(mixed), "statistic t x|count 4 5|unique 2 _|top b _|freq 2 _|mean _ 3|std _ 1.58113883008|min _ 1|"
                                   "25% _ 2|50% _ 3|75% _ 4|max _ 5");
}

TEST(an_empty_frame_is_described)
{
    fr_auto(frame) frame = fr_test_frame("x f64: ; t str: ", NULL);
    GIVES(frame, fr_describe(), "statistic x t|count 0 0|unique _ 0|top _ _|freq _ _|mean _ _|std _ _|min _ _|25% _ _|"
                                "50% _ _|75% _ _|max _ _");
}

TEST(bytes_have_a_top_value_as_they_are_printed)
{
    fr_auto(frame) frame = fr_test_frame("b binary: a z z _; x binary: _ _ _ _", NULL);
    GIVES(frame, fr_describe(), "statistic b x|count 3 0|unique 2 0|top 0x7a _|freq 2 _");
}

/* As doubles: the mean of decimals has six places, of which 0.001667 would be left. */
TEST(the_mean_of_decimals_is_not_cut_to_their_places)
{
    fr_auto(frame) texts = fr_test_frame("x str: 1.100 2.205 _ -3.3; y str: 0.1 0.2 _ _; z str: _ _ _ _", NULL);
    fr_auto(frame) frame = fr_test_apply(texts, fr_cast("x: decimal(18,3), y: decimal(18,1), z: decimal(9,2)"));
    fr_auto(frame) described = fr_test_apply(frame, fr_describe());
    fr_auto(frame) wide = fr_test_apply(texts, fr_cast("x: decimal(38,3), y: decimal(38,1), z: decimal(38,2)"));
    fr_auto(frame) widely = fr_test_apply(wide, fr_describe());
    CHECK(fr_get(described, 1, "x").as.f == 0.005 / 3);
    CHECK(fr_get(described, 1, "y").as.f == 0.15);
    CHECK(!fr_get(described, 1, "z").valid);
    CHECK(fr_get(widely, 1, "x").as.f > 0.00166666 && fr_get(widely, 1, "x").as.f < 0.00166667);
    CHECK(!fr_get(widely, 1, "z").valid);
}

TEST(a_column_called_statistic_keeps_its_name)
{
    fr_auto(frame) frame = fr_test_frame("statistic: a b", NULL);
    GIVES(frame, fr_describe(), "statistic_1 statistic|count 2|unique 2|top a|freq 1");
}
