/* Labels of numbers: units, decimals, signs and symbols by eye, formats of the user's, and labels that read back. */
#include "plot/label_format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define M "\xe2\x88\x92"              /* minus */
#define B "\xc2\xa0"                  /* blank that does not break */

/* The labels of n ticks first, first + step, … separated by " | ". */
static const char *axis(const fr_number_style *style, fr_exact first, fr_exact step, int n)
{
    static char room[4][1024];
    static int at;
    char *out = room[at++ % 4], one[FR_LABEL_BYTES];
    const int exponent = first.digits && first.exponent < step.exponent ? first.exponent : step.exponent;
    int64_t digits = first.digits, by = step.digits;
    for (int e = first.exponent; digits && e > exponent; e--) digits *= 10;
    for (int e = step.exponent; e > exponent; e--) by *= 10;
    const double a = fabs(fr_exact_value((fr_exact){ digits, exponent }));
    const double b = fabs(fr_exact_value((fr_exact){ digits + by * (n - 1), exponent }));
    const fr_label_plan plan = fr_label_plan_make(style, fr_exact_reduced((fr_exact){ by, exponent }).exponent, fmax(a, b));
    out[0] = 0;
    for (int i = 0; i < n; i++) {
        fr_label_exact(&plan, (fr_exact){ digits + by * i, exponent }, i == n - 1, one);
        snprintf(out + strlen(out), 1024 - strlen(out), "%s%s", i ? " | " : "", one);
    }
    return out;
}

TEST(an_axis_has_one_unit_and_one_number_of_decimals)
{
    const fr_number_style plain = { 0 };
    CHECK_STR(axis(&plain, (fr_exact){ 0, 0 }, (fr_exact){ 4, 5 }, 4), "0 | 0.4" B "M | 0.8" B "M | 1.2" B "M");
    CHECK_STR(axis(&plain, (fr_exact){ 0, 0 }, (fr_exact){ 2, 5 }, 4), "0 | 200" B "k | 400" B "k | 600" B "k");
    CHECK_STR(axis(&plain, (fr_exact){ 0, 0 }, (fr_exact){ 5, 3 }, 3), "0 | 5,000 | 10,000");
    CHECK_STR(axis(&plain, (fr_exact){ 2020, 0 }, (fr_exact){ 2, 0 }, 3), "2020 | 2022 | 2024");
    CHECK_STR(axis(&plain, (fr_exact){ 1, -1 }, (fr_exact){ 1, -1 }, 3), "0.1 | 0.2 | 0.3");
    CHECK_STR(axis(&plain, (fr_exact){ -25, -1 }, (fr_exact){ 25, -1 }, 3), M "2.5 | 0.0 | 2.5");
    CHECK_STR(axis(&plain, (fr_exact){ 1, 6 }, (fr_exact){ 1, 3 }, 3), "1,000" B "k | 1,001" B "k | 1,002" B "k");
    CHECK_STR(axis(&plain, (fr_exact){ 1, 6 }, (fr_exact){ 1, 0 }, 2), "1,000,000 | 1,000,001");
    CHECK_STR(axis(&plain, (fr_exact){ 1, 15 }, (fr_exact){ 2, 0 }, 2), "1,000,000,000,000,000 | 1,000,000,000,000,002");
}

TEST(very_large_and_very_small_numbers_are_powers_of_ten)
{
    const fr_number_style plain = { 0 };
    CHECK_STR(axis(&plain, (fr_exact){ 0, 0 }, (fr_exact){ 2, -9 }, 3), "0 | 2×10⁻⁹ | 4×10⁻⁹");
    CHECK_STR(axis(&plain, (fr_exact){ 0, 0 }, (fr_exact){ 5, -10 }, 3), "0 | 5×10⁻¹⁰ | 10×10⁻¹⁰");
    CHECK_STR(axis(&plain, (fr_exact){ 5, -10 }, (fr_exact){ 5, -10 }, 3), "0.5×10⁻⁹ | 1.0×10⁻⁹ | 1.5×10⁻⁹");
    CHECK_STR(axis(&plain, (fr_exact){ 1, 300 }, (fr_exact){ 1, 300 }, 2), "1×10³⁰⁰ | 2×10³⁰⁰");
    CHECK_STR(axis(&plain, (fr_exact){ -1, 300 }, (fr_exact){ 1, 300 }, 2), M "1×10³⁰⁰ | 0");
}

TEST(notations_and_marks_are_options)
{
    const fr_number_style si = { .notation = FR_NOTATION_SI }, all = { .notation = FR_NOTATION_PLAIN };
    const fr_number_style power = { .notation = FR_NOTATION_SCIENTIFIC }, watt = { .notation = FR_NOTATION_SI, .symbol = "W",
        .symbol_after = true, .symbol_everywhere = true };
    const fr_number_style german = { .marks = { ',', '.' } };
    CHECK_STR(axis(&si, (fr_exact){ 0, 0 }, (fr_exact){ 5, 2 }, 3), "0 | 0.5" B "k | 1.0" B "k");
    CHECK_STR(axis(&si, (fr_exact){ 2, -3 }, (fr_exact){ 2, -3 }, 2), "2" B "m | 4" B "m");
    CHECK_STR(axis(&si, (fr_exact){ 1, 0 }, (fr_exact){ 1, -3 }, 2), "1.000 | 1.001");
    CHECK_STR(axis(&all, (fr_exact){ 0, 0 }, (fr_exact){ 5, 6 }, 2), "0 | 5,000,000");
    CHECK_STR(axis(&power, (fr_exact){ 0, 0 }, (fr_exact){ 5, 2 }, 3), "0 | 5×10² | 10×10²");
    CHECK_STR(axis(&watt, (fr_exact){ 15, 2 }, (fr_exact){ 5, 2 }, 2), "1.5" B "kW | 2.0" B "kW");
    CHECK_STR(axis(&german, (fr_exact){ 0, 0 }, (fr_exact){ 5, 3 }, 3), "0 | 5.000 | 10.000");
    CHECK_STR(axis(&german, (fr_exact){ 0, 0 }, (fr_exact){ 5, -1 }, 2), "0,0 | 0,5");
}

TEST(money_and_percent_say_so)
{
    const fr_number_style dollars = { .symbol = "$" }, euros = { .symbol = "€", .symbol_after = true };
    const fr_number_style percent = { .percent = true };
    CHECK_STR(axis(&dollars, (fr_exact){ 0, 0 }, (fr_exact){ 250, 0 }, 3), "0 | 250 | $500");
    CHECK_STR(axis(&dollars, (fr_exact){ 0, 0 }, (fr_exact){ 4, 5 }, 4), "0 | 0.4" B "M | 0.8" B "M | $1.2" B "M");
    CHECK_STR(axis(&dollars, (fr_exact){ 0, 0 }, (fr_exact){ 5, -1 }, 3), "0.00 | 0.50 | $1.00");
    CHECK_STR(axis(&euros, (fr_exact){ 1, 6 }, (fr_exact){ 1, 6 }, 2), "1" B "M | 2" B "M" B "€");
    CHECK_STR(axis(&dollars, (fr_exact){ -20, 0 }, (fr_exact){ 10, 0 }, 2), M "20 | " M "$10");
    CHECK_STR(axis(&percent, (fr_exact){ 0, 0 }, (fr_exact){ 5, -2 }, 3), "0" B "% | 5" B "% | 10" B "%");
    CHECK_STR(axis(&percent, (fr_exact){ 0, 0 }, (fr_exact){ 25, -3 }, 2), "0" B "% | 2.5" B "%");
}

static const char *formatted(const char *format, fr_exact first, fr_exact step, int n)
{
    const fr_number_style style = { .format = format };
    return axis(&style, first, step, n);
}

TEST(a_format_of_the_user_is_followed)
{
    CHECK_STR(formatted(",.2f", (fr_exact){ 1234, 0 }, (fr_exact){ 1, 0 }, 2), "1,234.00 | 1,235.00");
    CHECK_STR(formatted("$,.0f", (fr_exact){ 0, 0 }, (fr_exact){ 5, 5 }, 3), "$0 | $500,000 | $1,000,000");
    CHECK_STR(formatted(".1%", (fr_exact){ 0, 0 }, (fr_exact){ 5, -2 }, 2), "0.0% | 5.0%");
    CHECK_STR(formatted("+.1f", (fr_exact){ -1, 0 }, (fr_exact){ 1, 0 }, 3), M "1.0 | 0.0 | +1.0");
    CHECK_STR(formatted("{,d} pcs", (fr_exact){ 1, 3 }, (fr_exact){ 1, 3 }, 2), "1,000 pcs | 2,000 pcs");
    CHECK_STR(formatted("€{,.1f} net", (fr_exact){ 5, -1 }, (fr_exact){ 5, -1 }, 2), "€0.5 net | €1.0 net");
    CHECK_STR(formatted(".1s", (fr_exact){ 5, 5 }, (fr_exact){ 5, 5 }, 2), "0.5M | 1.0M");
    CHECK_STR(formatted("s", (fr_exact){ 2, -6 }, (fr_exact){ 2, -6 }, 2), "2µ | 4µ");
    CHECK_STR(formatted(".1e", (fr_exact){ 5, 5 }, (fr_exact){ 5, 5 }, 2), "0.5×10⁶ | 1.0×10⁶");
    CHECK_STR(formatted("g", (fr_exact){ 5, -1 }, (fr_exact){ 5, -1 }, 2), "0.5 | 1.0");
    CHECK_STR(formatted(".0f", (fr_exact){ 0, 0 }, (fr_exact){ 5, -1 }, 3), "0.0 | 0.5 | 1.0");      /* raised */
}

static bool is_format(const char *format)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    const bool fine = fr_number_style_check(&call, &(fr_number_style){ .format = format });
    fr_call_end(&call);
    return fine;
}

TEST(what_is_no_format_is_refused)
{
    CHECK(is_format(",.2f") && is_format("{}") && is_format("€,.0f") && is_format("x{d}y"));
    CHECK(!is_format(""));
    CHECK(!is_format("x"));
    CHECK(!is_format(",.2ff"));
    CHECK(!is_format(".f"));
    CHECK(!is_format(".99f"));
    CHECK(!is_format("{.2f"));
    CHECK(!is_format(".2f}"));
    CHECK(!is_format("{d}{d}"));
    CHECK(!is_format("%b %Y"));
    CHECK(!is_format("{d} of forty bytes and more, which is too many"));
}

static const char *number(const fr_number_style *style, double value)
{
    static char room[8][FR_LABEL_BYTES];
    static int at;
    char *out = room[at++ % 8];
    fr_label_number(style, value, out);
    return out;
}

TEST(a_number_on_its_own_has_three_digits_and_a_unit)
{
    const fr_number_style plain = { 0 }, dollars = { .symbol = "$" }, percent = { .percent = true };
    const fr_number_style si = { .notation = FR_NOTATION_SI }, all = { .notation = FR_NOTATION_PLAIN };
    CHECK_STR(number(&plain, 1234567), "1.23" B "M");
    CHECK_STR(number(&plain, 999999), "1" B "M");
    CHECK_STR(number(&plain, 123456), "123" B "k");
    CHECK_STR(number(&plain, 12345.6), "12,346");
    CHECK_STR(number(&plain, 1234.56), "1235");
    const fr_number_style no_years = { .grouped = true };
    CHECK_STR(number(&no_years, 2012), "2,012");
    CHECK_STR(number(&no_years, -2012), "\xe2\x88\x92" "2,012");
    CHECK_STR(number(&no_years, 999), "999");
    CHECK_STR(number(&no_years, 1234567), "1.23" B "M");
    CHECK_STR(number(&plain, 12), "12");
    CHECK_STR(number(&plain, 12.345), "12.3");
    CHECK_STR(number(&plain, 0.12345), "0.123");
    CHECK_STR(number(&plain, -0.5), M "0.5");
    CHECK_STR(number(&plain, 1.5e-9), "1.5×10⁻⁹");
    CHECK_STR(number(&plain, 0), "0");
    CHECK_STR(number(&plain, -0.0), "0");
    CHECK_STR(number(&plain, (double)NAN), "NaN");
    CHECK_STR(number(&plain, -(double)INFINITY), M "∞");
    CHECK_STR(number(&dollars, 12.5), "$12.50");
    CHECK_STR(number(&dollars, 1234567), "$1.23" B "M");
    CHECK_STR(number(&dollars, -3), M "$3");
    CHECK_STR(number(&percent, 0.4149), "41.5" B "%");
    CHECK_STR(number(&percent, 1.234), "123" B "%");
    CHECK_STR(number(&si, 0.00123), "1.23" B "m");
    CHECK_STR(number(&all, 0.1234567), "0.1234567");
    CHECK_STR(number(&(fr_number_style){ .format = ",.2f" }, 1234.567), "1,234.57");
    CHECK_STR(number(&(fr_number_style){ .format = ".2f" }, 2.675), "2.68");
}

/* The labels of three values beside their marks. */
static const char *beside(const fr_number_style *style, double a, double b, double c)
{
    static char room[4][1024];
    static int at;
    char *out = room[at++ % 4], one[FR_LABEL_BYTES];
    const double values[] = { a, b, c };
    const fr_label_plan plan = fr_label_plan_values(style, values, 3, 2);
    out[0] = 0;
    for (int i = 0; i < 3; i++) {
        fr_label_planned(&plan, style, values[i], one);
        snprintf(out + strlen(out), 1024 - strlen(out), "%s%s", i ? " | " : "", one);
    }
    return out;
}

TEST(values_beside_marks_that_the_unit_would_make_zero_are_written_on_their_own)
{
    const fr_number_style plain = { 0 }, dollars = { .symbol = "$" };
    CHECK_STR(beside(&plain, 990e9, 12345.678, 1e-9), "990" B "B | 12,346 | 1\xc3\x97" "10\xe2\x81\xbb\xe2\x81\xb9");
    CHECK_STR(beside(&dollars, 1194812, 750160, 451), "$1,195" B "k | $750" B "k | $451");
    CHECK_STR(beside(&plain, 1194812, 0, -451), "1,195" B "k | 0 | " M "451");
}

TEST(values_beside_marks_share_a_unit_that_shows_the_smallest)
{
    const fr_number_style plain = { 0 }, dollars = { .symbol = "$" }, own = { .format = ".1f" };
    CHECK_STR(beside(&plain, 1200000, 310000, -45000), "1,200" B "k | 310" B "k | " M "45" B "k");
    CHECK_STR(beside(&plain, 1200000, 750000, 810000), "1.20" B "M | 0.75" B "M | 0.81" B "M");
    CHECK_STR(beside(&plain, 900, 1200, 0), "900 | 1,200 | 0");
    CHECK_STR(beside(&plain, 2019, 2024, 1999), "2019 | 2024 | 1999");
    CHECK_STR(beside(&plain, 12.34, 4.567, 7), "12.3 | 4.6 | 7.0");
    CHECK_STR(beside(&dollars, 12.5, 3, 40), "$12.50 | $3.00 | $40.00");
    CHECK_STR(beside(&own, 1234.56, 0.04, 1), "1234.6 | 0.0 | 1.0");
    CHECK_STR(beside(&plain, (double)NAN, 0, 0), "NaN | 0 | 0");
}

TEST(exact_decimals_come_from_doubles_and_go_back)
{
    CHECK_INT(fr_exact_of(0.3).digits, 3);
    CHECK_INT(fr_exact_of(0.3).exponent, -1);
    CHECK_INT(fr_exact_of(-1.5e-7).digits, -15);
    CHECK_INT(fr_exact_of(-1.5e-7).exponent, -8);
    CHECK_INT(fr_exact_of(1e22).exponent, 22);
    CHECK_F64(fr_exact_value((fr_exact){ 3, -1 }), 0.3);
    CHECK_F64(fr_exact_value((fr_exact){ -25, 300 }), -2.5e301);
    CHECK_F64(fr_exact_value((fr_exact){ 0, -1 }), 0);
    CHECK_F64(fr_exact_value((fr_exact){ 5, -324 }), 5e-324);
    for (double x = 1e-310; x < 1e305; x *= 7.3) CHECK_F64(fr_exact_value(fr_exact_of(x)), x);
}
