/* Stamps are what formats write, moment by moment. */
#include "base/date_stamp.h"

#include <string.h>

#include "base/date_text.h"
#include "support/columns.h"
#include "support/test.h"

#define NS_PER_DAY INT64_C(86400000000000)

static const char *const formats[] = {
    "%Y-%m", "%Y-%m-%d %H:%M:%S", "%F %T.%3f", "%D", "%R", "%d.%m.%y", "%I:%M %p", "%e %b %Y", "%a %j", "%6f%9f%f", "", "100%%",
    "on the %d of %b in %Y", "%Y%Y%Y%Y",
};

static void check(const char *format, fr_stamp_time time)
{
    char wanted[100], got[FR_STAMP_BYTES + 16];
    fr_date_stamp stamp;
    fr_moment m, clock;
    REQUIRE(fr_date_stamp_read(&stamp, format, strlen(format)));
    fr_moment_from_ticks(time.days, 1, &m);
    fr_moment_from_ticks(time.ns, 1000000000, &clock);
    const fr_civil date = fr_civil_from_days(time.days);
    m = clock;
    m.year = date.year, m.month = (int8_t)date.month, m.day = (int8_t)date.day;
    const size_t n = fr_print_date_format(format, strlen(format), &m, wanted, sizeof wanted);
    REQUIRE(fr_date_stamp_print(&stamp, time, got));
    got[stamp.n_bytes] = 0;
    CHECK_INT(stamp.n_bytes, n);
    CHECK_STR(got, wanted);
}

TEST(stamps_are_what_formats_write)
{
    uint64_t state = 4;
    for (size_t f = 0; f < FR_COUNT_OF(formats); f++) {
        for (int64_t days = -719528; days <= 2932896; days += 997)
            check(formats[f], (fr_stamp_time){ days, (int64_t)(fr_test_random(&state) % (uint64_t)NS_PER_DAY) });
        for (int64_t days = -800; days <= 800; days++) check(formats[f], (fr_stamp_time){ days, days & 1 ? NS_PER_DAY - 1 : 0 });
        check(formats[f], (fr_stamp_time){ -719528, 0 });
        check(formats[f], (fr_stamp_time){ 2932896, NS_PER_DAY - 1 });
    }
}

TEST(years_of_other_than_four_digits_are_left)
{
    char out[FR_STAMP_BYTES + 16];
    fr_date_stamp stamp;
    REQUIRE(fr_date_stamp_read(&stamp, "%F", 2));
    CHECK(!fr_date_stamp_print(&stamp, (fr_stamp_time){ -719529, 0 }, out));
    CHECK(!fr_date_stamp_print(&stamp, (fr_stamp_time){ 2932897, 0 }, out));
}

TEST(formats_of_other_lengths_are_left)
{
    static const char *const others[] = { "%B", "%A", "%-d", "%z", "%Z", "%s", "%", "%Q", "%3", "%3d",
                                          "a text that is much too long to be one of the usual formats" };
    fr_date_stamp stamp;
    for (size_t i = 0; i < FR_COUNT_OF(others); i++) CHECK(!fr_date_stamp_read(&stamp, others[i], strlen(others[i])));
}
