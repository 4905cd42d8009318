/* Numbers: every bit right, every text shortest, nonsense refused. libc's strtod and printf are the slow twins. */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
static double f64_of(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }
static uint32_t bits_of32(float x) { uint32_t b; memcpy(&b, &x, 4); return b; }
static float f32_of(uint32_t b) { float x; memcpy(&x, &b, 4); return x; }

/* A small generator of the test's own. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
static void check_file(const char *name)
{
    const char *path = fr_test_data(name);
    if (!path) SKIP("no test numbers beside the repository");
    FILE *file = fopen(path, "r");
    REQUIRE(file != NULL);
    static char line[1 << 16];
    long lines = 0, wrong = 0;
    while (fgets(line, sizeof line, file)) {
        size_t n = strcspn(line, "\n");
        line[n] = 0;
        uint32_t want32 = (uint32_t)strtoul(line + 5, NULL, 16);
        uint64_t want64 = strtoull(line + 14, NULL, 16);
        const char *text = line + 31;
        double got64 = 0;
        float got32 = 0;
        bool ok = fr_parse_f64(text, n - 31, &got64) && fr_parse_f32(text, n - 31, &got32);
        bool nan = isnan(f64_of(want64));
        if (!ok || (nan ? !isnan(got64) || !isnan(got32) : bits_of(got64) != want64 || bits_of32(got32) != want32)) {
            if (wrong++ < 5) fprintf(stderr, "%s: %.60s\n", name, line);
        }
        lines++;
    }
    fclose(file);
    CHECK(lines > 50);
    CHECK_INT(wrong, 0);
}

TEST(numbers_of_google_wuffs_have_every_bit_right)      { check_file("numbers/google-wuffs.txt"); }
TEST(numbers_of_tencent_rapidjson_have_every_bit_right) { check_file("numbers/tencent-rapidjson.txt"); }
TEST(more_numbers_have_every_bit_right)                 { check_file("numbers/more-test-cases.txt"); }

static double parsed(const char *text)
{
    double x = -12345.678;
    return fr_parse_f64(text, strlen(text), &x) ? x : -12345.678;
}

TEST(floats_are_read_whole_or_not_at_all)
{
    CHECK_F64(parsed("0.1"), 0.1);
    CHECK_F64(parsed("-0"), -0.0);
    CHECK_F64(parsed("+.5"), 0.5);
    CHECK_F64(parsed("5."), 5.0);
    CHECK_F64(parsed("1e400"), INFINITY);
    CHECK_F64(parsed("-1e999999999999999999999"), -INFINITY);
    CHECK_F64(parsed("0e999999999999999999999"), 0.0);
    CHECK_F64(parsed("1e-400"), 0.0);
    CHECK_F64(parsed("4.9406564584124654e-324"), 0x1p-1074);
    CHECK_F64(parsed("2.4703282292062327208e-324"), 0.0);                 /* just below half of the smallest */
    CHECK_F64(parsed("2.4703282292062328e-324"), 0x1p-1074);
    CHECK_F64(parsed("1.7976931348623158079e308"), 0x1.fffffffffffffp1023);
    CHECK_F64(parsed("1.7976931348623159e308"), INFINITY);
    CHECK_F64(parsed("9007199254740993"), 9007199254740992.0);            /* a tie goes to even */
    CHECK_F64(parsed("9007199254740993.00000000000000000000000000000000000001"), 9007199254740994.0);
    CHECK_F64(parsed("inf"), INFINITY);
    CHECK_F64(parsed("-InFiNiTy"), -INFINITY);
    CHECK_F64(parsed("NaN"), NAN);
    static const char *const nonsense[] = { "", ".", "-", "+", "e5", ".e5", "1e", "1e+", "1.5.2", " 1", "1 ", "0x10",
                                            "1_0",
                                            "in", "infinit", "nanx", "--1", "1,5", "1e5.5" };
    for (size_t i = 0; i < FR_COUNT_OF(nonsense); i++) CHECK_F64(parsed(nonsense[i]), -12345.678);
}

TEST(scan_takes_the_longest_prefix)
{
    double x = 0;
    CHECK_INT(fr_scan_f64("1e5;x", 5, &x), 3);
    CHECK_F64(x, 1e5);
    CHECK_INT(fr_scan_f64("1ex", 3, &x), 1);
    CHECK_INT(fr_scan_f64("1e+", 3, &x), 1);
    CHECK_INT(fr_scan_f64("1.5.2", 5, &x), 3);
    CHECK_INT(fr_scan_f64("infinit", 7, &x), 3);
    CHECK_INT(fr_scan_f64("-", 1, &x), 0);
    CHECK_INT(fr_scan_f64("12345678", 3, &x), 3);                         /* the length rules, not a terminator */
    CHECK_F64(x, 123.0);
}

TEST(long_digit_strings_are_exact)
{
    static char text[4000];
    uint64_t state = 7;
    for (int round = 0; round < 2000; round++) {
        size_t digits = 18 + next_random(&state) % (round % 10 == 0 ? 3000 : 40);
        size_t point = next_random(&state) % digits, n = 0;
        for (size_t i = 0; i < digits; i++) {
            if (i == point) text[n++] = '.';
            text[n++] = (char)('0' + (round % 3 == 0 ? (i < 20 ? next_random(&state) % 10 : 0)
                                      : next_random(&state) % 10));
        }
        n += (size_t)snprintf(text + n, 20, "e%d", (int)(next_random(&state) % 700) - 350);
        double x = -1;
        float f = -1;
        CHECK(fr_parse_f64(text, n, &x) && fr_parse_f32(text, n, &f));
        CHECK_F64(x, strtod(text, NULL));
        CHECK_INT(bits_of32(f), bits_of32(strtof(text, NULL)));
    }
}

/* The decimal expansion of the point halfway between two floats, and one unit beside it in the last place. */
TEST(halfway_points_are_decided_by_the_last_digit)
{
    static char text[1600];
    uint64_t state = 3;
    for (int round = 0; round < 300; round++) {
        uint64_t bits = next_random(&state) >> 1;
        if ((bits >> 52) >= 0x7FE) continue;
        if (round % 5 == 0) bits &= UINT64_C(0x000FFFFFFFFFFFFF);         /* subnormals */
        long double half = ((long double)f64_of(bits) + (long double)f64_of(bits + 1)) / 2;
        int n = snprintf(text, sizeof text, "%.1100Lf", half);
        double x;
        CHECK(fr_parse_f64(text, (size_t)n, &x));
        CHECK_INT(bits_of(x), bits + (bits & 1));
        text[n - 1] = '1';                                                 /* a little above */
        CHECK(fr_parse_f64(text, (size_t)n, &x));
        CHECK_INT(bits_of(x), bits + 1);
    }
}

TEST(digits_found_by_others_give_the_same_float)
{
    uint64_t state = 11;
    int wrong = 0;
    for (int i = 0; i < 200000; i++) {
        uint64_t mantissa = next_random(&state) >> (next_random(&state) % 60);
        int exponent = (int)(next_random(&state) % (i % 2 ? 60 : 720)) - (i % 2 ? 30 : 360);
        if (mantissa > UINT64_C(9999999999999999999)) continue;
        char text[64];
        int n = snprintf(text, sizeof text, "-%llue%d", (unsigned long long)mantissa, exponent);
        double x = 0, y = 0;
        if (!fr_parse_f64_digits(mantissa, exponent, true, &x)) continue;
        wrong += !fr_parse_f64(text, (size_t)n, &y) || bits_of(x) != bits_of(y) ||
                 bits_of(x) != bits_of(strtod(text, NULL));
    }
    CHECK_INT(wrong, 0);
}

TEST(thousands_stand_in_groups_of_three)
{
    static const fr_number_format english = { '.', ',' }, german = { ',', '.' };
    static const char *const right[] = { "1,234", "-12,345", "+1,234,567.25", "1234567", "0.5", ".5" };
    static const char *const wrong[] = { "1,23", "12,34,567", ",123", "1,,234", "1234,567", "1,234,", "1,2345" };
    for (size_t i = 0; i < FR_COUNT_OF(right); i++) CHECK(fr_number_grouped(right[i], strlen(right[i]), english));
    for (size_t i = 0; i < FR_COUNT_OF(wrong); i++) CHECK(!fr_number_grouped(wrong[i], strlen(wrong[i]), english));
    CHECK(fr_number_grouped("1.234.567,89", 12, german));
    CHECK(!fr_number_grouped("1.23", 4, german));
}

/* ---- integers ---------------------------------------------------------------------------------------------------- */
static fr_parse i64(const char *text, int64_t *x) { return fr_parse_i64(text, strlen(text), x); }
static fr_parse u64(const char *text, uint64_t *x) { return fr_parse_u64(text, strlen(text), x); }

TEST(integers_stop_at_their_ends)
{
    int64_t i = 0;
    uint64_t u = 0;
    CHECK_INT(i64("9223372036854775807", &i), FR_PARSE_OK);
    CHECK_INT(i, INT64_MAX);
    CHECK_INT(i64("-9223372036854775808", &i), FR_PARSE_OK);
    CHECK_INT(i, INT64_MIN);
    CHECK_INT(i64("9223372036854775808", &i), FR_PARSE_RANGE);
    CHECK_INT(i64("-9223372036854775809", &i), FR_PARSE_RANGE);
    CHECK_INT(i64("99999999999999999999999999999999", &i), FR_PARSE_RANGE);
    CHECK_INT(i64("99999999999999999999999999999x", &i), FR_PARSE_BAD);
    CHECK_INT(i64("+000000000000000000000000000042", &i), FR_PARSE_OK);
    CHECK_INT(i, 42);
    CHECK_INT(u64("18446744073709551615", &u), FR_PARSE_OK);
    CHECK(u == UINT64_MAX);
    CHECK_INT(u64("18446744073709551616", &u), FR_PARSE_RANGE);
    CHECK_INT(u64("-1", &u), FR_PARSE_RANGE);
    CHECK_INT(u64("-0", &u), FR_PARSE_OK);
    static const char *const wrong[] = { "", "-", "+", "1.0", " 1", "1 ", "--1", "1e3", "0x1", "1234567:",
        "12345678901234/6", "123456789a" };
    for (size_t k = 0; k < FR_COUNT_OF(wrong); k++) CHECK_INT(i64(wrong[k], &i), FR_PARSE_BAD);
}

TEST(leading_zeros_are_told)
{
    CHECK(fr_has_leading_zero("007", 3) && fr_has_leading_zero("-01", 3) && fr_has_leading_zero("00.5", 4) &&
          fr_has_leading_zero("00", 2));
    CHECK(!fr_has_leading_zero("0", 1) && !fr_has_leading_zero("-0", 2) && !fr_has_leading_zero("0.5", 3) &&
          !fr_has_leading_zero("10", 2) && !fr_has_leading_zero("", 0) && !fr_has_leading_zero("-", 1));
}

TEST(integers_come_back)
{
    uint64_t state = 5;
    char text[FR_NUMBER_BYTES], twin[FR_NUMBER_BYTES];
    int wrong = 0;
    for (int k = 0; k < 300000; k++) {
        uint64_t u = next_random(&state) >> (k % 64), back_u = 0;
        if (k < 20) { u = 1; for (int j = 0; j < k; j++) u *= 10; }
        if (k >= 20 && k < 40) { u = 1; for (int j = 20; j < k; j++) u *= 10; u--; }
        int64_t i = (int64_t)u, back_i = 0;
        size_t n = fr_print_u64(u, text);
        wrong += (int)n != snprintf(twin, sizeof twin, "%llu", (unsigned long long)u) || strcmp(text, twin) != 0;
        wrong += fr_parse_u64(text, n, &back_u) != FR_PARSE_OK || back_u != u;
        n = fr_print_i64(i, text);
        wrong += (int)n != snprintf(twin, sizeof twin, "%lld", (long long)i) || strcmp(text, twin) != 0;
        wrong += fr_parse_i64(text, n, &back_i) != FR_PARSE_OK || back_i != i;
        if (k % 2 == 0) wrong += fr_print_i128(i, text) != n || strcmp(text, twin) != 0;
    }
    CHECK_INT(wrong, 0);
    fr_print_i64(INT64_MIN, text);
    CHECK_STR(text, "-9223372036854775808");
    fr_print_i128((fr_i128)((fr_u128)1 << 127), text);
    CHECK_STR(text, "-170141183460469231731687303715884105728");
    fr_print_i128((fr_i128)INT64_C(10000000000000000) * 1000, text);
    CHECK_STR(text, "10000000000000000000");
    fr_print_i128((fr_i128)INT64_C(10000000000000000) * 10000 * 5 + 7, text);
    CHECK_STR(text, "500000000000000000007");
}

/* ---- printing floats --------------------------------------------------------------------------------------------- */
static const char *printed(double x)
{
    static char room[8][FR_NUMBER_BYTES];
    static int at;
    char *out = room[at++ % 8];
    fr_print_f64(x, out);
    return out;
}

TEST(floats_look_as_in_python)
{
    CHECK_STR(printed(0.1), "0.1");
    CHECK_STR(printed(1), "1.0");
    CHECK_STR(printed(-0.0), "-0.0");
    CHECK_STR(printed(1e16), "1e+16");
    CHECK_STR(printed(1e15), "1000000000000000.0");
    CHECK_STR(printed(9007199254740992.0), "9007199254740992.0");
    CHECK_STR(printed(9999999999999998.0), "9999999999999998.0");
    CHECK_STR(printed(12345678901234567890.0), "1.2345678901234567e+19");
    CHECK_STR(printed(0.0001), "0.0001");
    CHECK_STR(printed(0.00001), "1e-05");
    CHECK_STR(printed(1.5e-7), "1.5e-07");
    CHECK_STR(printed(1e100), "1e+100");
    CHECK_STR(printed(1e23), "1e+23");
    CHECK_STR(printed(9.5367431640625e-07), "9.5367431640625e-07");
    CHECK_STR(printed(5e-324), "5e-324");
    CHECK_STR(printed(2.2250738585072014e-308), "2.2250738585072014e-308");
    CHECK_STR(printed(1.7976931348623157e308), "1.7976931348623157e+308");
    CHECK_STR(printed(123456.789), "123456.789");
    CHECK_STR(printed(100), "100.0");
    CHECK_STR(printed(NAN), "nan");
    CHECK_STR(printed(-NAN), "nan");
    CHECK_STR(printed(-INFINITY), "-inf");
    char out[FR_NUMBER_BYTES];
    fr_print_f32(0.1f, out);
    CHECK_STR(out, "0.1");
    fr_print_f32(16777216.0f, out);
    CHECK_STR(out, "16777216.0");
    fr_print_f32(1e-45f, out);
    CHECK_STR(out, "1e-45");
    fr_print_f32(3.4028235e38f, out);
    CHECK_STR(out, "3.4028235e+38");
}

/* The fewest significant digits that read back; the closest of that length (libc prints it). */
static int fewest_digits(double x, char *best)
{
    for (int digits = 0; digits < 17; digits++) {
        snprintf(best, 40, "%.*e", digits, x);
        if (bits_of(strtod(best, NULL)) == bits_of(x)) return digits + 1;
    }
    return 17;
}

static int significant(const char *text)
{
    int n = 0, zeros = 0;
    for (const char *p = text; *p && *p != 'e'; p++) {
        if (*p < '0' || *p > '9') continue;
        if (*p == '0') zeros += n > 0;
        else n += zeros + 1, zeros = 0;
    }
    return n;
}

/* The significant digits alone: "1.50e+07" and "15000000.0" both give "15". */
static const char *digits_of(const char *text, char *out)
{
    size_t n = 0;
    for (const char *p = text; *p && *p != 'e'; p++)
        if (*p >= '0' && *p <= '9' && (n || *p != '0')) out[n++] = *p;
    while (n && out[n - 1] == '0') n--;
    out[n] = 0;
    return out;
}

/* `denser_below`: x may be a power of two, where a text may be shorter than libc's, whose last digit is rounded. */
static bool is_printed_shortest(double x, bool denser_below)
{
    char best[40], a[40], b[40];
    const char *text = printed(x);
    int fewest = fewest_digits(x, best), n = significant(text);
    bool right = n == fewest ? strcmp(digits_of(text, a), digits_of(best, b)) == 0 : n < fewest && denser_below;
    right = right && bits_of(strtod(text, NULL)) == bits_of(x);
    if (!right) fprintf(stderr, "%s %s\n", text, best);
    return right;
}

TEST(floats_are_printed_with_the_fewest_digits)
{
    uint64_t state = 17;
    int wrong = 0;
    for (int k = 0; k < 20000 && wrong < 5; k++) {
        uint64_t bits = next_random(&state);
        if (k % 4 == 1) bits &= ~((UINT64_C(1) << 52) - 1);                      /* powers of two */
        if (k % 4 == 2) bits = bits_of((double)(next_random(&state) % 1000000) / 100);
        if (k % 4 == 3) bits &= UINT64_C(0x800FFFFFFFFFFFFF) >> (k % 50);        /* subnormals */
        double x = f64_of(bits);
        if (isfinite(x) && x != 0) wrong += !is_printed_shortest(x, k % 4 == 1);
    }
    CHECK_INT(wrong, 0);
}

/* The nearest to a short decimal, and those beside it: where a product that is cut might be believed too early. */
TEST(floats_beside_short_decimals_are_printed_with_the_fewest_digits)
{
    int wrong = 0;
    for (int exponent = -320; exponent < 308; exponent += 1 + (exponent < -25 || exponent > 25 ? 16 : 0))
        for (int digits = 1; digits < 100 && wrong < 5; digits += 1 + digits / 10) {
            char text[40];
            snprintf(text, sizeof text, "%de%d", digits, exponent);
            for (uint64_t step = 0; step < 5; step++) {
                const uint64_t bits = bits_of(strtod(text, NULL)) + step - 2;
                wrong += !is_printed_shortest(f64_of(bits), bits << 12 == 0);
            }
        }
    CHECK_INT(wrong, 0);
}

TEST(whole_floats_are_printed_whole)
{
    uint64_t state = 19;
    for (int k = 0; k < 20000; k++) {
        const double x = (k % 2 ? -1.0 : 1.0) * (double)(next_random(&state) >> (11 + k % 53));
        char twin[40];
        snprintf(twin, sizeof twin, "%.1f", x);
        if (fabs(x) >= 1e16) continue;
        CHECK_STR(printed(x), twin);
    }
}

TEST(a_million_floats_come_back)
{
    uint64_t state = 23;
    int wrong = 0;
    for (int k = 0; k < 1000000; k++) {
        double x = f64_of(next_random(&state)), back = 0;
        char text[FR_NUMBER_BYTES];
        size_t n = fr_print_f64(x, text);
        wrong += !fr_parse_f64(text, n, &back) || (bits_of(back) != bits_of(x) && !isnan(x)) || n != strlen(text);
    }
    CHECK_INT(wrong, 0);
    for (uint64_t k = 0; k < 1000000; k++) {
        uint32_t bits = (uint32_t)next_random(&state);
        float x = f32_of(bits), back = 0;
        char text[FR_NUMBER_BYTES];
        size_t n = fr_print_f32(x, text);
        wrong += !fr_parse_f32(text, n, &back) || (bits_of32(back) != bits && x == x);
        if (k % 64 == 0 && isfinite(x) && x != 0) {
            char twin[40];
            int digits = 0;
            do snprintf(twin, sizeof twin, "%.*e", digits++, (double)x); while (bits_of32(strtof(twin, NULL)) != bits);
            wrong += significant(text) != digits;
        }
    }
    CHECK_INT(wrong, 0);
}

TEST(fixed_notation_is_what_printf_gives)
{
    uint64_t state = 29;
    int wrong = 0;
    static char text[2048], twin[2048];
    static const double chosen[] = { 0, -0.0, 0.125, 0.375, 2.675, 0.5, 1.5, 2.5, -0.001, 1e22, 1e300, 5e-324,
        1.7976931348623157e308,
                                     999.9995, 0.05, 1e-10, 123456789.987654321, 9007199254740993.0 };
    for (int k = 0; k < 30000; k++) {
        double x = k < 3000 ? chosen[(size_t)k % FR_COUNT_OF(chosen)] : f64_of(next_random(&state));
        if (k % 3 == 1 && k > 3000) x = (double)(int64_t)(next_random(&state) >> 20) / 1000;
        if (!isfinite(x)) continue;
        int decimals = (int)(next_random(&state) % (k % 50 == 0 ? 1200 : 30));
        size_t n = fr_print_f64_fixed(x, decimals, text, sizeof text);
        wrong += (int)n != snprintf(twin, sizeof twin, "%.*f", decimals, x) || strcmp(text, twin) != 0;
        if (wrong && wrong < 5) fprintf(stderr, "%d: %.60s %.60s\n", decimals, text, twin);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(fr_print_f64_fixed(-1234.5, 1, text, 5), 7);
    CHECK_STR(text, "-123");
    CHECK_INT(fr_print_f64_fixed(1, 2, NULL, 0), 4);
    fr_print_f64_fixed(-NAN, 2, text, sizeof text);
    CHECK_STR(text, "nan");
    fr_print_f64_fixed(-INFINITY, 2, text, sizeof text);
    CHECK_STR(text, "-inf");
}
