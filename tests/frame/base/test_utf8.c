/* UTF-8: what is valid, what is counted, case, classes and columns. Expected values as Python 3 gives them. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static size_t check(const char *text) { return fr_utf8_check(text, strlen(text)); }

/* The obvious validation: decode, encode again, compare. */
static size_t slow_check(const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t code;
        char again[4];
        size_t length = fr_utf8_decode(text + i, n - i, &code);
        if (fr_utf8_encode(code, again) != length || memcmp(again, text + i, length) != 0) return i;
        i += length;
    }
    return n;
}

TEST(bad_bytes_are_found_where_they_are)
{
    CHECK_INT(check(""), 0);
    CHECK_INT(check("plain"), 5);
    CHECK_INT(check("aé€😀"), 10);
    CHECK_INT(check("ab\x80"), 2);
    CHECK_INT(check("ab\xc0\xaf"), 2);              /* overlong */
    CHECK_INT(check("\xe0\x80\xaf"), 0);
    CHECK_INT(check("x\xed\xa0\x80"), 1);           /* surrogate */
    CHECK_INT(check("\xf4\x90\x80\x80"), 0);        /* beyond U+10FFFF */
    CHECK_INT(check("\xf0\x8f\xbf\xbf"), 0);
    CHECK_INT(check("abc\xe2\x82"), 3);             /* cut short */
    CHECK_INT(fr_utf8_check("a\0b", 3), 3);
}

TEST(fast_checks_agree_with_the_slow_one)
{
    uint64_t state = 1;
    static const char *const pieces[] = { "a", "bcdefgh", "é", "€", "😀", "\x80", "\xc3", "\xe2\x82", "\xed\xa0\x80",
        "0123456789abcdef" };
    char text[256];
    for (int round = 0; round < 20000; round++) {
        size_t n = 0, count = (size_t)(round % 13);
        for (size_t k = 0; k < count; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            const char *piece = pieces[(state >> 33) % (round % 3 ? 5 : 10)];
            if (round % 7 == 0) piece = pieces[(state >> 33) % 2 * 8 + 1];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        }
        CHECK_INT(fr_utf8_check(text, n), slow_check(text, n));
        bool ascii = true;
        size_t length = 0;
        for (size_t i = 0; i < n; i++) {
            ascii &= !(text[i] & 0x80);
            if (((unsigned char)text[i] & 0xc0) == 0x80) continue;
            CHECK_INT(fr_utf8_offset(text, n, length), i);
            length++;
        }
        CHECK(fr_utf8_is_ascii(text, n) == ascii);
        CHECK_INT(fr_utf8_length(text, n), length);
        CHECK_INT(fr_utf8_offset(text, n, length), n);
    }
}

TEST(every_code_point_comes_back)
{
    int wrong = 0;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        if (code >= 0xd800 && code < 0xe000) continue;
        char text[4];
        uint32_t back;
        size_t n = fr_utf8_encode(code, text);
        wrong += fr_utf8_check(text, n) != n || fr_utf8_decode(text, n, &back) != n || back != code ||
            fr_utf8_length(text, n) != 1;
        /* case mapping never needs more room than promised, and stays valid */
        char upper[8], lower[8];
        size_t nu = fr_utf8_upper(text, n, upper), nl = fr_utf8_lower(text, n, lower);
        wrong += nu > fr_utf8_case_room(n) || nl > fr_utf8_case_room(n) || fr_utf8_check(upper, nu) != nu ||
            fr_utf8_check(lower, nl) != nl;
        wrong += fr_utf8_title(text, n, upper) > fr_utf8_case_room(n);
    }
    CHECK_INT(wrong, 0);
    char text[4];
    CHECK_INT(fr_utf8_encode(0xd800, text), 3);
    CHECK_BYTES(text, "\xef\xbf\xbd", 3);
}

static const char *mapped(size_t (*map)(const char *, size_t, char *), const char *text)
{
    static char room[8][300];
    static int at;
    char *out = room[at++ % 8];
    out[map(text, strlen(text), out)] = 0;
    return out;
}

TEST(case_follows_unicode)
{
    CHECK_STR(mapped(fr_utf8_upper, "straße"), "STRASSE");
    CHECK_STR(mapped(fr_utf8_upper, "hello, wörld {|}~`@[z"), "HELLO, WÖRLD {|}~`@[Z");
    CHECK_STR(mapped(fr_utf8_lower, "HELLO, WÖRLD @[\\]^_`AZ"), "hello, wörld @[\\]^_`az");
    CHECK_STR(mapped(fr_utf8_lower, "ΑΣ"), "ασ");        /* no final sigma */
    CHECK_STR(mapped(fr_utf8_upper, "ŷɐж"), "ŶⱯЖ");
    CHECK_STR(mapped(fr_utf8_title, "o'neil mc-x ßa ǆ"), "O'Neil Mc-X Ssa ǅ");
    CHECK_STR(mapped(fr_utf8_capitalize, "éCOLE Normale"), "École normale");
    CHECK_STR(mapped(fr_utf8_swapcase, "aBcÉ1"), "AbCé1");
    CHECK_STR(mapped(fr_utf8_upper, ""), "");
    /* broken bytes are kept */
    CHECK_STR(mapped(fr_utf8_upper, "a\xff\xfe\xfd\xfc\xfb\xfa z"), "A\xff\xfe\xfd\xfc\xfb\xfa Z");
}

TEST(classes_follow_python)
{
    CHECK(fr_code_is_digit(0xb2) && !fr_code_is_decimal(0xb2) && fr_code_is_numeric(0xbd) && !fr_code_is_digit(0xbd));
    CHECK(fr_code_is_decimal('7') && fr_code_is_decimal(0x0665) && !fr_code_is_decimal('x'));
    CHECK(fr_code_is_alpha('z') && fr_code_is_alpha(0xe9) && fr_code_is_alpha(0x4e2d) && !fr_code_is_alpha('_') &&
        !fr_code_is_alpha(0x301));
    CHECK(fr_code_is_alnum(0xb2) && fr_code_is_alnum('a') && !fr_code_is_alnum('-'));
    CHECK(fr_code_is_space(' ') && fr_code_is_space('\n') && fr_code_is_space(0xa0) && fr_code_is_space(0x3000) &&
          !fr_code_is_space(0x200b) && !fr_code_is_space(0x1c) && !fr_code_is_space(0));
    CHECK(fr_code_is_upper('A') && fr_code_is_upper(0xc9) && fr_code_is_upper(0x2160) && !fr_code_is_upper(0xe9) &&
        !fr_code_is_upper('1'));
    CHECK(fr_code_is_lower('a') && fr_code_is_lower(0xdf) && fr_code_is_lower(0xaa) && !fr_code_is_lower(0xc9) &&
        !fr_code_is_lower(0x4e2d));
    CHECK(fr_code_is_title(0x1c5) && !fr_code_is_title('A'));
    CHECK(!fr_code_is_alpha(0x110000) && !fr_code_is_upper(UINT32_MAX));
    CHECK_INT(fr_utf8_space_prefix("\xc2\xa0 \tx ", 6), 4);
    CHECK_INT(fr_utf8_space_suffix(" x \xe3\x80\x80", 6), 4);
    CHECK_INT(fr_utf8_space_prefix("  ", 2), 2);
    CHECK_INT(fr_utf8_space_suffix("  ", 2), 0);
}

TEST(columns_are_those_of_a_terminal)
{
    static const struct { const char *text; size_t width; } cases[] = {
        { "", 0 }, { "abc", 3 }, { "é", 1 }, { "e\u0301", 1 }, { "中文", 4 }, { "ﾊﾝ", 2 }, { "😀", 2 }, { "👍🏽", 2 },
            { "👩‍👩‍👧", 2 },
        { "🇩🇪", 2 }, { "🇩🇪🇫🇷", 4 }, { "❤️", 2 }, { "a\u200bb", 2 }, { "한글", 4 }, { "\t", 0 }, { "…", 1 }, { "x🇩🇪y", 4 },
    };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) CHECK_INT(fr_utf8_width(cases[i].text, strlen(cases[i].text)),
        cases[i].width);
}

TEST(walking_backwards)
{
    const char *text = "aé€😀";
    CHECK_INT(fr_utf8_before(text, 10), 6);
    CHECK_INT(fr_utf8_before(text, 6), 3);
    CHECK_INT(fr_utf8_before(text, 3), 1);
    CHECK_INT(fr_utf8_before(text, 1), 0);
    CHECK_INT(fr_utf8_before(text, 0), 0);
}
