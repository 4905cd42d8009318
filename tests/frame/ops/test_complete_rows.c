/* complete: combinations, steps of numbers and times, groups, rows that are on no step. */
#include "frame/ops/apply.h"
#include "support/columns.h"

#include <stdio.h>

static fr_frame *dated(const char *spec, const char *type)
{
    char types[64];
    fr_auto(frame) texts = fr_test_frame(spec, NULL);
    snprintf(types, sizeof types, "d: %s", type);
    return fr_test_apply(texts, fr_cast(types));
}

/* As GIVES, with d as text. */
#define DATES(input, step, expected)                                                                          \
    do {                                                                                                      \
        fr_auto(frame) made_ = fr_test_apply((input), (step));                                                \
        fr_auto(frame) texts_ = fr_test_apply(made_, fr_cast("d: str"));                                      \
        CHECK_STR(fr_test_text(texts_), (expected));                                                          \
    } while (0)

/* ---- combinations -------------------------------------------------------------------------------------------------- */
TEST(complete_adds_the_combinations_that_no_row_has)
{
    fr_auto(frame) frame = fr_test_frame("k: b a b; x: 2 1 1; v: 5 6 7", NULL);
    GIVES(frame, fr_complete("k, x"), "k x v|a 1 6|a 2 _|b 1 7|b 2 5");
    GIVES(frame, fr_complete("x, k"), "k x v|a 1 6|b 1 7|a 2 _|b 2 5");
    GIVES(frame, fr_complete("k"), "k x v|a 1 6|b 2 5|b 1 7");
    GIVES(frame, fr_complete("k, x, v"), "k x v|a 1 5|a 1 6|a 1 7|a 2 5|a 2 6|a 2 7|b 1 5|b 1 6|b 1 7|b 2 5|b 2 6|b 2 7");
}

TEST(complete_keeps_every_row_and_rows_of_one_key_in_their_order)
{
    fr_auto(frame) frame = fr_test_frame("k: b _ b a _; x: 1 1 1 _ _; v: 5 6 7 8 9", NULL);
    GIVES(frame, fr_complete("k, x"), "k x v|a 1 _|a _ 8|b 1 5|b 1 7|b _ _|_ 1 6|_ _ 9");
}

TEST(rows_keep_their_own_zeros_and_nans)
{
    fr_auto(frame) frame = fr_test_frame("k: a b a a b b; x f64: 0 -0 nan _ -0 0; v: 1 2 3 4 5 6", NULL);
    fr_auto(frame) made = fr_test_apply(frame, fr_complete("x, k"));
    CHECK_STR(fr_test_text(made), "k x v|a 0 1|b -0 2|b -0 5|b 0 6|a nan 3|b nan _|a _ 4|b _ _");
}

TEST(a_complete_frame_stays_as_it_is)
{
    fr_auto(frame) frame = fr_test_frame("k: a a b b; x: 1 2 1 2", NULL);
    GIVES(frame, fr_complete("k, x"), "k x|a 1|a 2|b 1|b 2");
    fr_auto(frame) none = fr_test_apply(frame, fr_head(0));
    GIVES(none, fr_complete("k, x"), "k x");
    GIVES(none, fr_complete("x", fr_v(1)), "k x");
    GIVES(none, fr_complete("x", fr_v(1), "k"), "k x");
    GIVES(none, fr_complete("x", fr_v(2), .start = fr_v(1), .end = fr_v(4)), "k x|_ 1|_ 3");
}

TEST(within_groups_only_their_own_values_are_combined)
{
    fr_auto(frame) frame = fr_test_frame("g: q p p q; k: a a b c; x: 1 1 2 1", NULL);
    GIVES(frame, fr_complete("k, x", .by = "g"), "g k x|p a 1|p a 2|p b 1|p b 2|q a 1|q c 1");
    GIVES(frame, fr_complete("x", fr_v(1), "g"), "g k x|p a 1|p b 2|q a 1|q c 1");
}

/* ---- steps --------------------------------------------------------------------------------------------------------- */
TEST(steps_go_from_the_smallest_to_the_largest_value)
{
    fr_auto(frame) frame = fr_test_frame("x: 7 1 _ 4; v: 1 2 3 4", NULL);
    GIVES(frame, fr_complete("x", fr_v(3)), "x v|1 2|4 4|7 1|_ 3");
    GIVES(frame, fr_complete("x", fr_v(2)), "x v|1 2|3 _|4 4|5 _|7 1|_ 3");
    GIVES(frame, fr_complete("x", fr_v(5), .start = fr_v(-4), .end = fr_v(6)), "x v|-4 _|1 2|4 4|6 _|7 1|_ 3");
    GIVES(frame, fr_complete("x", fr_v(5), .start = fr_v(9)), "x v|1 2|4 4|7 1|_ 3");
}

TEST(steps_of_a_narrow_integer_stay_in_its_type_up_to_its_end)
{
    fr_auto(frame) frame = fr_test_frame("x i8: 121 127", NULL);
    fr_auto(frame) made = fr_test_apply(frame, fr_complete("x", fr_v(3)));
    CHECK_STR(fr_test_text(made), "x|121|124|127");
    CHECK_INT(fr_type_kind(fr_type_at(made, 0)), FR_I8);
    GIVES(frame, fr_complete("x", fr_v(5)), "x|121|126|127");
}

TEST(steps_are_combined_with_the_values_of_other_keys)
{
    fr_auto(frame) frame = fr_test_frame("k: b a; x: 3 1; v: 5 6", NULL);
    GIVES(frame, fr_complete("k, x", fr_v(1)), "k x v|a 1 6|a 2 _|a 3 _|b 1 _|b 2 _|b 3 5");
}

TEST(days_weeks_and_business_days_are_steps)
{
    fr_auto(frame) frame = dated("d str: 2024-02-28 2024-03-04; v: 1 2", "date");
    DATES(frame, fr_complete("d", fr_v("1d")),
          "d v|2024-02-28 1|2024-02-29 _|2024-03-01 _|2024-03-02 _|2024-03-03 _|2024-03-04 2");
    DATES(frame, fr_complete("d", fr_v("B")), "d v|2024-02-28 1|2024-02-29 _|2024-03-01 _|2024-03-04 2");
    DATES(frame, fr_complete("d", fr_v("week"), .end = fr_v("2024-03-13")),
          "d v|2024-02-28 1|2024-03-04 2|2024-03-06 _|2024-03-13 _");
    DATES(frame, fr_complete("d", fr_v("2 days")), "d v|2024-02-28 1|2024-03-01 _|2024-03-03 _|2024-03-04 2");
}

/* Each from the first, not from the one before: after a 29th of February comes a 31st of March. */
TEST(months_are_clipped_one_by_one)
{
    fr_auto(frame) frame = dated("d str: 2024-01-31 2024-04-30; v: 1 2", "date");
    DATES(frame, fr_complete("d", fr_v("month")), "d v|2024-01-31 1|2024-02-29 _|2024-03-31 _|2024-04-30 2");
    fr_auto(frame) ends = dated("d str: 2024-02-29 2024-05-31; v: 1 2", "date");
    DATES(ends, fr_complete("d", fr_v("ME")), "d v|2024-02-29 1|2024-03-31 _|2024-04-30 _|2024-05-31 2");
    DATES(ends, fr_complete("d", fr_v("MS")), "d v|2024-02-29 1|2024-03-29 _|2024-04-29 _|2024-05-29 _|2024-05-31 2");
    DATES(ends, fr_complete("d", fr_v("year"), .end = fr_v("2027-01-01")),
          "d v|2024-02-29 1|2024-05-31 2|2025-02-28 _|2026-02-28 _");
    fr_auto(frame) quarters = dated("d str: 2023-12-31 2024-09-30", "date");
    DATES(quarters, fr_complete("d", fr_v("QE")), "d|2023-12-31|2024-03-31|2024-06-30|2024-09-30");
}

TEST(times_step_by_the_clock_of_their_zone_in_days_and_by_time_in_hours)
{
    fr_auto(frame) frame = dated("d str: 2024-03-30T12:00 2024-04-01T12:00", "datetime[s]");
    fr_auto(frame) zoned = fr_test_apply(frame, fr_with("d = localize(d, 'Europe/Berlin')"));
    fr_auto(frame) days = fr_test_apply(zoned, fr_complete("d", fr_v("1d")));
    fr_auto(frame) clock = fr_test_apply(days, fr_with("d = hour(d)"));
    CHECK_STR(fr_test_text(clock), "d|12|12|12");
    fr_auto(frame) hours = fr_test_apply(zoned, fr_complete("d", fr_v("24h")));
    CHECK_INT(fr_length(hours), 3);
    fr_auto(frame) halves = fr_test_apply(zoned, fr_complete("d", fr_v("12h")));
    CHECK_INT(fr_length(halves), 5);                               /* 47 hours: 0, 12, 24, 36, and the row at 47 */
    CHECK(fr_type_equal(fr_type_at(halves, 0), fr_type_at(zoned, 0)));
}

TEST(ends_without_an_offset_are_on_the_clock_of_the_zone)
{
    fr_auto(frame) frame = dated("d str: 2024-03-30T12:00 2024-03-31T12:00", "datetime[ms]");
    fr_auto(frame) zoned = fr_test_apply(frame, fr_with("d = localize(d, 'Europe/Berlin')"));
    const fr_value starts[] = { fr_v("2024-03-29 12:00"), fr_v("2024-03-29 11:00Z"), fr_v("2024-03-29T12:00+01:00") };
    for (size_t i = 0; i < FR_COUNT_OF(starts); i++) {
        fr_auto(frame) made = fr_test_apply(zoned, fr_complete("d", fr_v("1d"), .start = starts[i], .end = fr_v("2024-04-02")));
        fr_auto(frame) clock = fr_test_apply(made, fr_with("d = strftime(d, '%d %H')"));
        CHECK_STR(fr_test_text(clock), "d|29 12|30 12|31 12|01 12");
        CHECK(fr_type_equal(fr_type_at(made, 0), fr_type_at(zoned, 0)));
    }
}

TEST(steps_finer_than_a_day_keep_the_unit)
{
    fr_auto(frame) frame = dated("d str: 2024-01-01T23:30 2024-01-02T00:15; v: 1 2", "datetime[ms]");
    DATES(frame, fr_complete("d", fr_v("15min")), "d v|2024-01-01 23:30:00 1|2024-01-01 23:45:00 _|2024-01-02 00:00:00 _"
                                                   "|2024-01-02 00:15:00 2");
    DATES(frame, fr_complete("d", fr_v("30min"), .start = fr_v("2024-01-01 23:00")),
          "d v|2024-01-01 23:00:00 _|2024-01-01 23:30:00 1|2024-01-02 00:00:00 _|2024-01-02 00:15:00 2");
}

TEST(rows_between_the_steps_are_kept_and_told)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 5", NULL);
    fr_auto(frame) made = fr_test_apply(frame, fr_complete("x", fr_v(2)));
    CHECK_STR(fr_test_text(made), "x|1|2|3|5");
    REQUIRE(fr_warning_count(made) == 1);
    CHECK_STR(fr_warning(made, 0),
              "complete: 1 row lies between the steps of 'x' (floor(x, …) in a step before puts them on one)");
    fr_auto(frame) beyond = fr_test_apply(frame, fr_complete("x", fr_v(2), .start = fr_v(3)));
    CHECK_INT(fr_warning_count(beyond), 0);
}

/* ---- errors -------------------------------------------------------------------------------------------------------- */
TEST(what_complete_cannot_do_is_told)
{
    fr_auto(frame) frame = fr_test_frame("k: a b; x: 1 2; y f64: 1 2; u u64: 1 2", NULL);
    fr_auto(frame) dates = dated("d str: 2024-01-01 2024-01-05", "date");
    FAILS(frame, fr_complete(), FR_ERR_ARGUMENT, "needs the columns");
    FAILS(frame, fr_complete("nope"), FR_ERR_NOT_FOUND, "nope");
    FAILS(frame, fr_complete("k", .by = "k"), FR_ERR_ARGUMENT, "both in columns and in by");
    FAILS(frame, fr_complete("x", .start = fr_v(1)), FR_ERR_ARGUMENT, "need every");
    FAILS(frame, fr_complete("x", fr_v(0)), FR_ERR_ARGUMENT, "not above 0");
    FAILS(frame, fr_complete("x", fr_v("1d")), FR_ERR_TYPE, "no such steps");
    FAILS(frame, fr_complete("y", fr_v(1)), FR_ERR_TYPE, "no such steps");
    FAILS(frame, fr_complete("u", fr_v(1)), FR_ERR_TYPE, "no such steps");
    FAILS(frame, fr_complete("k", fr_v(1)), FR_ERR_TYPE, "no such steps");
    FAILS(frame, fr_complete("x", fr_v(1), .start = fr_v("a")), FR_ERR_PARSE, "a");
    FAILS(dates, fr_complete("d", fr_v(1)), FR_ERR_TYPE, "no such steps");
    FAILS(dates, fr_complete("d", fr_v("1h")), FR_ERR_VALUE, "lie between what date counts");
    FAILS(dates, fr_complete("d", fr_v("M")), FR_ERR_ARGUMENT, "the first or the last day");
    FAILS(dates, fr_complete("d", fr_v("soon")), FR_ERR_VALUE, "no unit of time");
    FAILS(dates, fr_complete("d", fr_v("-1d")), FR_ERR_ARGUMENT, "not above 0");
    FAILS(dates, fr_complete("d", fr_v("1d"), .end = fr_v_bool(true)), FR_ERR_TYPE, "end of type bool");
    FAILS(dates, fr_complete("d", fr_v("1d"), .end = fr_v(9)), FR_ERR_TYPE, "end of type i64");
}

TEST(the_account_says_how_many_rows_were_added)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 4", NULL);
    fr_auto(frame) made = fr_test_apply(frame, fr_complete("x", fr_v(1)));
    fr_auto(frame) account = fr_account(made);
    CHECK_STR(fr_get(account, fr_length(account) - 1, "note").as.s, "2 rows added");
    CHECK_INT(fr_get(account, fr_length(account) - 1, "rows_kept").as.i, 2);
}
