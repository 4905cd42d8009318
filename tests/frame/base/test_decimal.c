/* Decimals: exact both ways, ties to even, ends respected. */
#include "base/decimal.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

static const char *text_of(fr_i128 value, int scale)
{
    static char room[8][FR_NUMBER_BYTES];
    static int at;
    char *out = room[at++ % 8];
    fr_print_decimal(value, scale, out);
    return out;
}

static fr_parse parse(const char *text, int precision, int scale, fr_i128 *out)
{
    return fr_parse_decimal(text, strlen(text), precision, scale, out);
}

TEST(decimals_are_read_exactly_or_say_so)
{
    static const struct { const char *text; int precision, scale; fr_parse result; int64_t value; } cases[] = {
        { "-12.5", 18, 2, FR_PARSE_OK, -1250 },       { "12.50", 18, 2, FR_PARSE_OK, 1250 },
        { "0.1250", 18, 3, FR_PARSE_OK, 125 },        { "12.345", 18, 2, FR_PARSE_INEXACT, 1234 },
        { "12.355", 18, 2, FR_PARSE_INEXACT, 1236 },  { "12.3450001", 18, 2, FR_PARSE_INEXACT, 1235 },
        { "1.5e3", 18, 2, FR_PARSE_OK, 150000 },      { "1500e-4", 18, 2, FR_PARSE_OK, 15 },
        { "1e-5", 18, 2, FR_PARSE_INEXACT, 0 },       { "0.005", 18, 2, FR_PARSE_INEXACT, 0 },
        { "0.015", 18, 2, FR_PARSE_INEXACT, 2 },      { "999.99", 5, 2, FR_PARSE_OK, 99999 },
        { "1000", 5, 2, FR_PARSE_RANGE, 0 },          { "999.995", 5, 2, FR_PARSE_RANGE, 0 },
        { "1e60", 38, 0, FR_PARSE_RANGE, 0 },         { "0e99999999999999999999", 5, 2, FR_PARSE_OK, 0 },
        { "1e-99999999999999999999", 5, 2, FR_PARSE_INEXACT, 0 }, { "+.5", 5, 2, FR_PARSE_OK, 50 },
        { "5.", 5, 2, FR_PARSE_OK, 500 },             { "", 5, 2, FR_PARSE_BAD, 0 },
        { ".", 5, 2, FR_PARSE_BAD, 0 },               { "1.2.3", 5, 2, FR_PARSE_BAD, 0 },
        { "1e", 5, 2, FR_PARSE_BAD, 0 },              { "nan", 5, 2, FR_PARSE_BAD, 0 },
        { "1 ", 5, 2, FR_PARSE_BAD, 0 },              { "00000000000000000000000000000000000000000000001", 5, 2,
                                                        FR_PARSE_OK, 100 },
    };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        fr_i128 x = 0;
        CHECK_INT(parse(cases[i].text, cases[i].precision, cases[i].scale, &x), cases[i].result);
        CHECK_INT(x, cases[i].value);
    }
    fr_i128 x = 0;
    CHECK_INT(fr_parse_decimal_with("1.234.567,89", 12, (fr_number_format){ ',', '.' }, 18, 2, &x), FR_PARSE_OK);
    CHECK_INT(x, 123456789);
    CHECK_INT(fr_parse_decimal_with("1.23", 4, (fr_number_format){ ',', '.' }, 18, 2, &x), FR_PARSE_BAD);
}

TEST(rounding_up_the_largest_128_bits_is_out_of_range)
{
    fr_i128 x = 7;
    CHECK_INT(fr_parse_decimal("340282366920938463463374607431768211455.5", 41, 38, 0, &x), FR_PARSE_RANGE);
    CHECK(x == 7);
}

TEST(decimals_of_38_digits_come_back)
{
    const char *most = "99999999999999999999999999999999999999";
    fr_i128 x = 0;
    CHECK_INT(parse(most, 38, 0, &x), FR_PARSE_OK);
    CHECK(x == fr_decimal_pow10(38) - 1);
    CHECK_STR(text_of(x, 0), most);
    CHECK_STR(text_of(-x, 38), "-0.99999999999999999999999999999999999999");
    CHECK_STR(text_of(x, 1), "9999999999999999999999999999999999999.9");
    CHECK_INT(parse("100000000000000000000000000000000000000", 38, 0, &x), FR_PARSE_RANGE);
    CHECK_INT(parse("0.99999999999999999999999999999999999999", 38, 38, &x), FR_PARSE_OK);
    CHECK(x == fr_decimal_pow10(38) - 1);
    CHECK_STR(text_of(5, 3), "0.005");
    CHECK_STR(text_of(-1250, 2), "-12.50");
    CHECK_STR(text_of(0, 2), "0.00");
    CHECK_STR(text_of(-7, 0), "-7");
}

TEST(rescaling_rounds_half_to_even_and_checks)
{
    fr_i128 x = 0;
    CHECK(fr_decimal_rescale(-1250, 2, 0, 38, &x) && x == -12);
    CHECK(fr_decimal_rescale(1350, 2, 0, 38, &x) && x == 14);
    CHECK(fr_decimal_rescale(1351, 2, 0, 38, &x) && x == 14);
    CHECK(fr_decimal_rescale(5, 0, 30, 38, &x) && x == 5 * fr_decimal_pow10(30));
    CHECK(!fr_decimal_rescale(5, 0, 38, 38, &x));
    CHECK(!fr_decimal_rescale(999995, 2, 1, 5, &x));
    CHECK(fr_decimal_rescale(fr_decimal_pow10(38) - 1, 38, 0, 38, &x) && x == 1);
    CHECK(fr_decimal_rescale(0, 0, 38, 38, &x) && x == 0);
    CHECK(fr_decimal_fits(-99999, 5) && !fr_decimal_fits(100000, 5));
}

TEST(decimals_and_doubles)
{
    fr_i128 x = 0;
    CHECK_F64(fr_decimal_to_f64(-1250, 2), -12.5);
    CHECK_F64(fr_decimal_to_f64(1, 1), 0.1);
    CHECK_F64(fr_decimal_to_f64(fr_decimal_pow10(38) - 1, 0), 1e38);
    CHECK_F64(fr_decimal_to_f64(fr_decimal_pow10(25) + 1, 25), 1.0);
    CHECK(fr_decimal_from_f64(2.675, 18, 2, &x) && x == 267);             /* the double is below the tie */
    CHECK(fr_decimal_from_f64(-0.125, 18, 2, &x) && x == -12);
    CHECK(!fr_decimal_from_f64(NAN, 18, 2, &x) && !fr_decimal_from_f64(INFINITY, 18, 2, &x));
    CHECK(!fr_decimal_from_f64(1e16, 18, 2, &x) && !fr_decimal_from_f64(-1e39, 38, 0, &x));
    CHECK(fr_decimal_from_f64(0x1p100, 38, 0, &x) && x == (fr_i128)1 << 100);
}
