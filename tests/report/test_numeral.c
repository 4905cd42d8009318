/* Figures as people read them. */
#include "report/numeral.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

static const char *shown(fr_value value, fr_numeral_format format)
{
    static _Thread_local char rooms[8][512];
    static _Thread_local unsigned next;
    char *room = rooms[next++ % 8];
    size_t n = fr_numeral_text(value, format, room, 512);
    CHECK_INT(n, strlen(room));
    return room;
}

#define AS(kind_, ...) ((fr_numeral_format){ .kind = FR_NUMERAL_##kind_, __VA_ARGS__ })
#define F(x) fr_v_f64(x)
#define I(x) fr_v_i64(x)

TEST(numbers_are_grouped_and_rounded_half_away_from_zero)
{
    CHECK_STR(shown(I(1234567), AS(NUMBER, 0)), "1,234,567");
    CHECK_STR(shown(I(-1234), AS(NUMBER, 0)), "−1,234");
    CHECK_STR(shown(I(0), AS(NUMBER, 0)), "0");
    CHECK_STR(shown(I(INT64_MIN), AS(NUMBER, 0)), "−9,223,372,036,854,775,808");
    CHECK_STR(shown(fr_v_u64(UINT64_MAX), AS(NUMBER, 0)), "18,446,744,073,709,551,615");
    CHECK_STR(shown(F(1234.5), AS(NUMBER, 0)), "1,234.5");
    CHECK_STR(shown(F(1234.567), AS(NUMBER, 0)), "1,234.57");
    CHECK_STR(shown(F(0.5), AS(NUMBER, FR_PLACES(0))), "1");
    CHECK_STR(shown(F(-2.5), AS(NUMBER, FR_PLACES(0))), "−3");
    CHECK_STR(shown(F(2.675), AS(NUMBER, FR_PLACES(2))), "2.68");       /* of its decimal text, not of its bits */
    CHECK_STR(shown(F(999.995), AS(NUMBER, FR_PLACES(2))), "1,000.00");
    CHECK_STR(shown(F(0.05), AS(NUMBER, FR_PLACES(3))), "0.050");
    CHECK_STR(shown(F(-0.001), AS(NUMBER, FR_PLACES(2))), "0.00");      /* no minus before a zero */
    CHECK_STR(shown(F(0.000123456), AS(NUMBER, 0)), "0.0001235");
    CHECK_STR(shown(F(3), AS(NUMBER, .signed_ = true)), "+3");
}

TEST(extremes_are_scientific_unless_places_are_asked_for)
{
    CHECK_STR(shown(F(1.5e300), AS(NUMBER, 0)), "1.50e+300");
    CHECK_STR(shown(F(-2.5e-9), AS(NUMBER, 0)), "−2.50e-9");
    CHECK_STR(shown(F(9.999e21), AS(AUTO, 0)), "1.00e+22");
    CHECK_STR(shown(F(1e-300), AS(NUMBER, FR_PLACES(2))), "0.00");
    CHECK_INT(fr_numeral_text(F(1.7e308), AS(NUMBER, FR_PLACES(2)), NULL, 0), 309 + 102 + 3);
    CHECK_STR(shown(F(INFINITY), AS(MONEY, .unit = "$")), "∞");
    CHECK_STR(shown(F(NAN), AS(PERCENT, 0)), "not a number");
}

TEST(money_has_two_places_and_its_unit)
{
    CHECK_STR(shown(F(1234567.891), AS(MONEY, .unit = "$")), "$1,234,567.89");
    CHECK_STR(shown(F(-3), AS(MONEY, .unit = "€")), "−€3.00");
    CHECK_STR(shown(F(3), AS(MONEY, .unit = "EUR")), "EUR\xc2\xa0" "3.00");
    CHECK_STR(shown(I(5), AS(MONEY, .places = FR_PLACES(0), .unit = "$")), "$5");
    fr_value exact = { .kind = FR_DECIMAL, .valid = true, .scale = 2 };
    exact.as.decimal.low = 12345678901234567890u;
    CHECK_STR(shown(exact, AS(MONEY, .unit = "$")), "$123,456,789,012,345,678.90");
    exact.as.decimal.low = (uint64_t)-150;
    exact.as.decimal.high = -1;
    CHECK_STR(shown(exact, AS(MONEY, 0)), "−1.50");
}

TEST(percent_multiplies_exactly)
{
    CHECK_STR(shown(F(0.083), AS(PERCENT, 0)), "8.3\xc2\xa0%");
    CHECK_STR(shown(F(0.29), AS(PERCENT, FR_PLACES(0))), "29\xc2\xa0%");
    CHECK_STR(shown(F(1.005), AS(PERCENT, FR_PLACES(1))), "100.5\xc2\xa0%");
    CHECK_STR(shown(I(2), AS(PERCENT, 0)), "200.0\xc2\xa0%");
    CHECK_STR(shown(F(0.00014), AS(PERCENT, 0)), "<\xc2\xa0" "0.1\xc2\xa0%");
    CHECK_STR(shown(F(0.004), AS(PERCENT, FR_PLACES(0))), "<\xc2\xa0" "1\xc2\xa0%");
    CHECK_STR(shown(F(0), AS(PERCENT, 0)), "0.0\xc2\xa0%");
    CHECK_STR(shown(F(-0.00014), AS(PERCENT, 0)), "0.0\xc2\xa0%");
}

TEST(short_figures_have_three_digits)
{
    CHECK_STR(shown(F(1234567), AS(SHORT, 0)), "1.23\xc2\xa0M");
    CHECK_STR(shown(F(999999), AS(SHORT, 0)), "1\xc2\xa0M");
    CHECK_STR(shown(F(12345), AS(SHORT, .unit = "$")), "$12.3\xc2\xa0k");
    CHECK_STR(shown(I(1234), AS(SHORT, 0)), "1,234");
    CHECK_STR(shown(I(7), AS(SHORT, 0)), "7");
    CHECK_STR(shown(F(2.5e9), AS(SHORT, 0)), "2.5\xc2\xa0" "B");
    CHECK_STR(shown(F(-45e12), AS(SHORT, 0)), "−45\xc2\xa0T");
    CHECK_STR(shown(I(184321), AS(BYTES, 0)), "184\xc2\xa0kB");
    CHECK_STR(shown(I(512), AS(BYTES, 0)), "512\xc2\xa0" "B");
}

TEST(dates_are_written_out)
{
    fr_value day = { .kind = FR_DATE, .valid = true, .as.i = 20088 };         /* python: (date(2024,12,31)-date(1970,1,1)).days */
    CHECK_STR(shown(day, AS(AUTO, 0)), "31\xc2\xa0" "Dec\xc2\xa0" "2024");
    CHECK_STR(shown(day, AS(ISO, 0)), "2024-12-31");
    CHECK_STR(shown(day, AS(MONTH, 0)), "Dec 2024");
    day.as.i = -719162;
    CHECK_STR(shown(day, AS(ISO, 0)), "0001-01-01");
    fr_value time = { .kind = FR_DATETIME, .valid = true, .unit = FR_S, .as.i = -1 };
    CHECK_STR(shown(time, AS(ISO, 0)), "1969-12-31 23:59");
}

TEST(what_may_be_a_year_is_not_grouped_unasked)
{
    CHECK_STR(shown(I(2024), AS(AUTO, 0)), "2024");
    CHECK_STR(shown(I(2024), AS(NUMBER, 0)), "2,024");
    CHECK_STR(shown(I(12024), AS(AUTO, 0)), "12,024");
    CHECK_STR(shown(I(1234567), AS(PLAIN, 0)), "1234567");
}

TEST(nulls_texts_and_truths)
{
    CHECK_STR(shown(fr_v_null(), AS(MONEY, 0)), "–");
    CHECK_STR(shown(fr_v_str("<b>"), AS(MONEY, 0)), "<b>");
    CHECK_STR(shown(fr_v_bool(true), AS(AUTO, 0)), "true");
    char cut[4];
    CHECK_INT(fr_numeral_text(I(123456), AS(NUMBER, 0), cut, sizeof cut), 7);
    CHECK_STR(cut, "123");
}

TEST(numbers_as_doubles)
{
    fr_value small = { .kind = FR_DECIMAL, .valid = true, .scale = 2, .as.decimal = { .low = (uint64_t)-500, .high = -1 } };
    fr_value large = { .kind = FR_DECIMAL, .valid = true, .as.decimal = { .low = 0, .high = 1 } };
    CHECK(fr_numeral_double(small) == -5);
    CHECK(fr_numeral_double(large) == 0x1p64);
    CHECK(fr_numeral_double(I(-7)) == -7);
    CHECK(fr_numeral_double(fr_v_u64(UINT64_MAX)) == 0x1p64);
    CHECK(fr_numeral_double(fr_v_bool(true)) == 1);
    CHECK(isnan(fr_numeral_double(fr_v_null())));
    CHECK(isnan(fr_numeral_double(fr_v_str("7"))));
}

TEST(decimals_are_shared_within_a_column)
{
    double price[] = { 3, 2.5, 1.125, 7 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("price", FR_F64, price));
    CHECK_INT(fr_numeral_places(frame, 0, 1, 2), 0);
    CHECK_INT(fr_numeral_places(frame, 0, 2, 2), 1);
    CHECK_INT(fr_numeral_places(frame, 0, 4, 2), 2);
    CHECK_INT(fr_numeral_places(frame, 0, 4, 6), 3);
}
