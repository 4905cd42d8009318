/* Values for the parameters of a step: each is used, and those of a stored plan are given by name or by place. */
#include <frame/frame.h>

#include "support/test.h"

#include <string.h>

static const int64_t numbers[] = { 1, 5, 9 };
#define NUMBERS fr_array("x", FR_I64, numbers)

#define PIPE_FAILS(step, part)                                                                                          \
    do {                                                                                                                \
        fr_auto(frame) frame_ = fr_frame_new(3, NUMBERS);                                                               \
        fr_auto(frame) result_ = fr_pipe(frame_, step);                                                                 \
        char text_[400];                                                                                                \
        (void)fr_error_text(result_, text_, sizeof text_);                                                              \
        CHECK_INT(fr_error_code(result_), FR_ERR_ARGUMENT);                                                             \
        fr_test_check(strstr(text_, (part)) != NULL, text_, __FILE__, __LINE__);                                        \
    } while (0)

/* A second condition given as a value would be no condition at all. */
TEST(a_value_that_no_text_names_is_an_error)
{
    PIPE_FAILS(fr_filter("x > 2", .bind = { fr_v("x < 8") }),
               "filter: there is a value for $1, which the text does not name (conditions are joined by 'and')");
    PIPE_FAILS(fr_filter("x > $1", .bind = { fr_v(2), fr_v(8) }),
               "value for $2, which the text does not name (each value");
    PIPE_FAILS(fr_filter("x in $1", .bind = { fr_v(2), fr_v(8) }), "(each value has its place: x in ($1, $2))");
    PIPE_FAILS(fr_filter("x > $1", .bind = { fr_v(2), fr_named("high", 8) }), "value for :high, which");
    PIPE_FAILS(fr_with("y = x + $2", .bind = { fr_v(2), fr_v(8) }), "value for $1, which");
    PIPE_FAILS(fr_group("", "y = sum(x)", .bind = { fr_v_null() }), "group: there is a value for $1, which");
    PIPE_FAILS(fr_filter("x > 2 and '12:30' != ''", .bind = { fr_v(8) }), "value for $1, which");
}

TEST(a_parameter_without_a_value_is_said_first)
{
    PIPE_FAILS(fr_filter("x > $2", .bind = { fr_v(1) }), "parameter $2 is not bound");
    PIPE_FAILS(fr_filter("x > :lo", .bind = { fr_named("low", 1) }), "parameter :lo is not bound (did you mean ':low'?)");
}

TEST(a_value_may_serve_several_times)
{
    fr_auto(frame) frame = fr_frame_new(3, NUMBERS);
    fr_auto(frame) one = fr_pipe(frame, fr_filter("x > $1 or x + $1 > :top", .bind = { fr_v(5), fr_named("top", 13) }));
    CHECK_INT(fr_length(one), 1);
    fr_auto(frame) with = fr_pipe(frame, fr_with("y = x + $1; z = $1 * :k", .bind = { fr_v(5), fr_named("k", 2) }));
    CHECK_INT(fr_get(with, 0, "z").as.i, 10);
}

TEST(a_stored_plan_is_given_values_by_place)
{
    fr_auto(frame) frame = fr_frame_new(3, NUMBERS);
    fr_auto(steps) plan = fr_steps_new(fr_filter("x > $1 and x < $2"), fr_sort("x"));
    fr_auto(steps) low = fr_steps_bind(plan, "1", fr_v(1));
    fr_auto(steps) both = fr_steps_bind(low, "2", fr_v(9));
    fr_auto(frame) one = fr_run(frame, both);
    CHECK_INT(fr_length(one), 1);
    CHECK_INT(fr_get(one, 0, "x").as.i, 5);
    fr_auto(steps) third = fr_steps_bind(plan, "3", fr_v(1));
    fr_auto(steps) seventh = fr_steps_bind(plan, "7", fr_v(1));
    CHECK_INT(fr_error_code(third), FR_ERR_NOT_FOUND);
    CHECK_STR(fr_error(third)->message, "no step has a parameter $3");
    CHECK_INT(fr_error_code(seventh), FR_ERR_NOT_FOUND);
}

TEST(a_wrong_name_is_told_with_those_there_are)
{
    fr_auto(steps) plan = fr_steps_new(fr_filter("x > :least and x < :most or x == $1 or '12:30' == ':least'"), fr_sort("x"),
                                       fr_with("y = x + :step"));
    fr_auto(steps) near = fr_steps_bind(plan, "leest", fr_v(1));
    fr_auto(steps) far = fr_steps_bind(plan, "region", fr_v(1));
    fr_auto(steps) place = fr_steps_bind(plan, "3", fr_v(1));
    fr_auto(steps) none = fr_steps_new(fr_head(1));
    fr_auto(steps) nowhere = fr_steps_bind(none, "least", fr_v(1));
    CHECK_STR(fr_error(near)->hint, "did you mean ':least'?");
    CHECK_STR(fr_error(far)->hint, "there is :least, :most, $1, :step");
    CHECK_STR(fr_error(place)->hint, "there is :least, :most, $1, :step");
    CHECK(!fr_error(nowhere)->hint);
}

/* As many digits as any price has; what has more goes by place. */
TEST(a_decimal_may_have_a_name)
{
    static const struct { uint64_t low; int64_t high; } numbers_[] = { { 110, 0 }, { (uint64_t)-110, -1 },
                                                                       { 0x0123456789ABCDEF, 0x10203040 }, { 1, -0x50607080 } };
    fr_auto(frame) frame = fr_frame_new(3, NUMBERS);
    for (size_t i = 0; i < sizeof numbers_ / sizeof *numbers_; i++) {
        fr_value value = { .kind = FR_DECIMAL, .valid = true, .scale = 2 };
        value.as.decimal.low = numbers_[i].low;
        value.as.decimal.high = numbers_[i].high;
        fr_auto(frame) named = fr_pipe(frame, fr_with("p = :price; q = p * 2", .bind = { fr_v_named("price", value) }));
        fr_auto(frame) placed = fr_pipe(frame, fr_with("p = $1; q = p * 2", .bind = { value }));
        fr_auto(steps) plan = fr_steps_new(fr_with("p = :price; q = p * 2"));
        fr_auto(steps) bound = fr_steps_bind(plan, "price", value);
        char job[2000];
        REQUIRE(fr_ok(bound) && fr_steps_text(bound, job, sizeof job) < sizeof job);
        fr_auto(steps) again = fr_steps_parse(job, NULL);
        fr_auto(frame) later = fr_run(frame, again);
        REQUIRE(fr_ok(named) && fr_ok(later));
        CHECK(fr_equal(named, placed) && fr_equal(later, placed));
    }
    fr_value large = { .kind = FR_DECIMAL, .valid = true };
    large.as.decimal.high = (int64_t)1 << 40;
    fr_auto(steps) plan = fr_steps_new(fr_filter("x > :price"));
    fr_auto(steps) refused = fr_steps_bind(plan, "price", large);
    fr_auto(steps) placed = fr_steps_bind(plan, "1", large);
    CHECK_STR(fr_error(refused)->message, "a decimal with a name has at most 28 digits");
    CHECK_INT(fr_error_code(placed), FR_ERR_NOT_FOUND);
}
