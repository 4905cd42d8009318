/* parse_dates: inference from all values, ambiguity, mixed formats, given formats, errors. */
#include "frame/ops/apply.h"

enum { DAY = 86400 };

TEST(iso_dates_are_dates)
{
    fr_auto(frame) frame = fr_test_frame("d str: 1970-01-02 _ 1970-02-01", NULL);
    fr_auto(frame) dates = fr_test_apply(frame, fr_parse_dates("d"));
    CHECK_STR(fr_test_text(dates), "d|1|_|31");
    CHECK_INT(fr_type_kind(fr_type_at(dates, 0)), FR_DATE);
    CHECK_STR(fr_test_account(dates), "parse_dates 3 3 0 0 0 0 2");
}

TEST(a_time_of_day_makes_datetimes)
{
    fr_auto(frame) frame = fr_test_frame("d str: '1970-01-02' '1970-01-03 10:00'", NULL);
    fr_auto(frame) dates = fr_test_apply(frame, fr_parse_dates("d"));
    CHECK_STR(fr_test_text(dates), "d|86400000000|208800000000");
    CHECK_INT(fr_type_kind(fr_type_at(dates, 0)), FR_DATETIME);
}

TEST(day_and_month_are_told_apart_by_any_value)
{
    fr_auto(frame) late = fr_test_frame("d str: 01/02/1970 13/02/1970", NULL);
    fr_auto(frame) early = fr_test_frame("d str: 13/02/1970 01/02/1970", NULL);
    fr_auto(frame) american = fr_test_frame("d str: 01/02/1970 02/13/1970", NULL);
    GIVES(late, fr_parse_dates("d"), "d|31|43");
    GIVES(early, fr_parse_dates("d"), "d|43|31");
    GIVES(american, fr_parse_dates("d"), "d|1|43");
}

TEST(day_and_month_that_cannot_be_told_apart_are_refused_with_their_rows)
{
    fr_auto(frame) frame = fr_test_frame("d str: 05/05/1970 01/02/1970 03/04/1970", NULL);
    fr_auto(frame) same = fr_test_frame("d str: 05/05/1970 02/02/1970", NULL);
    FAILS(frame, fr_parse_dates("d"), FR_ERR_VALUE, "row 1 '01/02/1970', row 2 '03/04/1970'");
    FAILS(frame, fr_parse_dates("d", .mixed = true), FR_ERR_VALUE, "row 1 '01/02/1970'");
    FAILS(frame, fr_parse_dates("d", .errors = FR_ERRORS_COERCE), FR_ERR_VALUE, "row 1");
    GIVES(frame, fr_parse_dates("d", .day_first = true), "d|124|31|92");
    GIVES(frame, fr_parse_dates("d", .month_first = true), "d|124|1|62");
    GIVES(same, fr_parse_dates("d"), "d|124|32");
}

TEST(one_column_has_one_format_unless_mixed)
{
    fr_auto(frame) frame = fr_test_frame("d str: '1970-01-02' '13/01/1970' 'Feb 1, 1970' '02/01/1970'", NULL);
    FAILS(frame, fr_parse_dates("d"), FR_ERR_PARSE, "'1970-01-02' is not a date by %d/%m/%Y");
    fr_auto(frame) unknown = fr_test_frame("d str: 'spring' 'May 68'", NULL);
    FAILS(unknown, fr_parse_dates("d"), FR_ERR_PARSE, "'spring' is not a date by any known format");
    GIVES(frame, fr_parse_dates("d", .mixed = true), "d|1|12|31|1");
    GIVES(frame, fr_parse_dates("d", .errors = FR_ERRORS_COERCE), "d|_|12|_|1");
}

TEST(given_formats_are_tried_in_turn)
{
    fr_auto(frame) frame = fr_test_frame("d str: 01.02.1970 1970-02-02", NULL);
    GIVES(frame, fr_parse_dates("d", .format = "%d.%m.%Y|%Y-%m-%d"), "d|31|32");
    FAILS(frame, fr_parse_dates("d", .format = "%d.%m.%Y"), FR_ERR_PARSE, "1970-02-02");
    FAILS(frame, fr_parse_dates("d", .format = "%Q"), FR_ERR_SYNTAX, "");
    FAILS(frame, fr_parse_dates("d", .format = "%Y", .mixed = true), FR_ERR_ARGUMENT, "inferred");
}

TEST(days_that_do_not_exist_are_errors_nulls_or_rejects)
{
    fr_auto(frame) frame = fr_test_frame("d str: 1970-01-02 1970-02-30 never; x: 1 2 3", NULL);
    FAILS(frame, fr_parse_dates("d"), FR_ERR_PARSE, "'1970-02-30'");
    fr_auto(frame) nulls = fr_test_apply(frame, fr_parse_dates("d", .errors = FR_ERRORS_COERCE));
    CHECK_STR(fr_test_text(nulls), "d x|1 1|_ 2|_ 3");
    CHECK_STR(fr_test_account(nulls), "parse_dates 3 3 0 0 0 0 1");
    fr_auto(frame) kept = fr_test_apply(frame, fr_parse_dates("d", .errors = FR_ERRORS_REJECT));
    fr_auto(frame) rejects = fr_rejects(kept);
    CHECK_STR(fr_test_text(kept), "d x|1 1");
    CHECK_STR(fr_test_account(kept), "parse_dates 3 1 0 2 0 0 1");
    CHECK_STR(fr_test_text(rejects),
              "line column reason text file|_ d not a date (row 1) 1970-02-30 _|_ d not a date (row 2) never _");
}

TEST(offsets_make_utc_and_do_not_mix_with_none)
{
    fr_auto(frame) frame = fr_test_frame("d str: '1970-01-01T01:00:00+01:00' '1970-01-01T00:00:01Z'", NULL);
    fr_auto(frame) mixed = fr_test_frame("d str: '1970-01-01T01:00:00+01:00' '1970-01-01T00:00:01'", NULL);
    GIVES(frame, fr_parse_dates("d"), "d|0|1000000");
    FAILS(mixed, fr_parse_dates("d"), FR_ERR_VALUE, "offset");
}

TEST(other_types_stay_or_are_refused)
{
    fr_auto(frame) frame = fr_test_frame("d date: 5; x: 1", NULL);
    GIVES(frame, fr_parse_dates("d"), "d x|5 1");
    FAILS(frame, fr_parse_dates("x"), FR_ERR_TYPE, "not text");
    fr_auto(frame) number = fr_test_apply(frame, fr_parse_dates("x"));
    CHECK_STR(fr_error(number)->hint, "cast it to str for dates such as 20240131; from_epoch(x, 's') takes counts since 1970");
    fr_auto(frame) empty = fr_test_apply(frame, fr_with("n = null"));
    GIVES(empty, fr_parse_dates("n"), "d x n|5 1 _");
    FAILS(frame, fr_parse_dates("d", .day_first = true, .month_first = true), FR_ERR_ARGUMENT, "not both");
    FAILS(frame, fr_parse_dates("d", .format = "dd/mm/yyyy"), FR_ERR_SYNTAX, "a date format without a single %");
}
