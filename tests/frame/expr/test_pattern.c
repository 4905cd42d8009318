/* test_pattern.c — a pattern as machine code finds what the interpreter finds, and nothing takes for ever. */
#include "expr/pattern.h"

#include <frame/frame.h>

#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static const char *const patterns[] = {
    "-([0-9]+)", "^[a-z]+$", "(a)(b)?(c)*", "a*", "", "$", "^", "\\bé", "\\w+", "\\d{2,3}", "[^-]+-", "(?i)ÄB",
    "(a|ab)(c|bcd)", "(?<=-)\\d", "(?=b)", "x|y|", ".", "..$", "\\s+$", "(\\w)\\1", "[äöü]+", "(?:ab)+c?",
    "(?<word>b+)", "\\p{Lu}", "a.c", "[[:alpha:]]+1",
};

static const char *const texts[] = {
    "", "a", "-", "-1", "B17-004211-K", "abc", "aabcbcd", "äb ÄB", "é 12 345", "x\ny", "abababc",
    "no match at all - or", "öäü123", "a text of more than sixteen bytes-42 and so on",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bb\n", "abc1", " \t ",
};

static void compare(fr_call *call, fr_matcher *fast, fr_matcher *slow, const fr_pattern *hasty, const fr_pattern *plain,
                    const char *text)
{
    const size_t n = strlen(text);
    for (size_t from = 0; from <= n; from++) {
        const size_t *a = NULL, *b = NULL;
        if (((unsigned char)text[from] & 0xC0) == 0x80) continue;
        const int x = fr_pattern_find(call, fast, hasty, text, n, from, &a);
        const int y = fr_pattern_find(call, slow, plain, text, n, from, &b);
        CHECK_INT(x, y);
        if (x == 1 && y == 1) CHECK(!memcmp(a, b, 2 * (fr_pattern_groups(plain) + 1) * sizeof *a));
        CHECK_INT(fr_pattern_find_whole(call, fast, hasty, text, n), fr_pattern_find_whole(call, slow, plain, text, n));
    }
}

TEST(a_pattern_as_machine_code_finds_the_same)
{
    WITH_CALL;
    fr_matcher fast = { .context = call->context }, slow = { .context = call->context };
    for (size_t p = 0; p < FR_COUNT_OF(patterns); p++) {
        FR_CLEANUP(fr_drop_pattern) fr_pattern *hasty = fr_pattern_new(call, patterns[p], strlen(patterns[p]), NULL, 0);
        FR_CLEANUP(fr_drop_pattern) fr_pattern *plain = fr_pattern_new(call, patterns[p], strlen(patterns[p]), NULL, 0);
        REQUIRE(hasty && plain);
        fr_pattern_hasten(hasty, 1000000);
        for (size_t t = 0; t < FR_COUNT_OF(texts); t++) compare(call, &fast, &slow, hasty, plain, texts[t]);
    }
    fr_matcher_clear(&fast);
    fr_matcher_clear(&slow);
}

/* What the machine code gives up is decided by the interpreter: too many steps on one text, enough on another, and the
 * matcher then goes on with ordinary limits. */
TEST(a_pattern_that_takes_too_many_steps_stops_either_way)
{
    static char many[20001];
    const size_t *spans;
    WITH_CALL;
    fr_matcher matcher = { .context = call->context };
    FR_CLEANUP(fr_drop_pattern) fr_pattern *pattern = fr_pattern_new(call, "^(?:a+)+[bc]|(d)", 16, NULL, 0);
    REQUIRE(pattern);
    fr_pattern_hasten(pattern, 1000000);
    memset(many, 'a', sizeof many - 1);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, many, 30, 0, &spans), -2);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, many, sizeof many - 1, 0, &spans), -2);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, "aab", 3, 0, &spans), 1);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, many, 10, 0, &spans), 0);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, "aaad", 4, 0, &spans), 1);
    CHECK_INT((int)spans[2], 3);
    fr_matcher_clear(&matcher);
}

/* Two letters and more, from each place on to the end: too long for a simple pattern, which leaves it to the library. */
TEST(a_simple_pattern_that_gives_up_is_decided_by_the_library)
{
    enum { LONG = 20000 };
    static char many[LONG + 1];
    const size_t *spans;
    WITH_CALL;
    fr_matcher matcher = { .context = call->context };
    FR_CLEANUP(fr_drop_pattern) fr_pattern *pattern = fr_pattern_new(call, "[a-z]+1", 7, NULL, 0);
    REQUIRE(pattern);
    fr_pattern_hasten(pattern, 1000000);
    memset(many, 'a', LONG);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, many, LONG, 0, &spans), 0);
    many[LONG - 1] = '1';
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, many, LONG, 0, &spans), 1);
    memcpy(many + LONG - 4, "-aa1", 4);
    CHECK_INT(fr_pattern_find(call, &matcher, pattern, many, LONG, 0, &spans), 1);
    CHECK_INT((int)spans[0], LONG - 3);
    fr_matcher_clear(&matcher);
}

static fr_frame *answers(const fr_frame *numbers)
{
    return fr_pipe(numbers, fr_with("t = concat('a', x, '-', x % 7)"), fr_with("m = matches(t, '[13]-')"),
                   fr_with("e = extract(t, '([0-9]+)-')"), fr_with("n = count_regex(t, '[0-4]+')"),
                   fr_with("r = replace_regex(t, '([0-9])-', '<\\\\1>')"),
                   fr_with("u = concat(t, ' 12 12', t) if x % 3 > 0 else concat(t, repeat(' 12', x % 40))"),
                   fr_with("p = matches(u, '12[0-9]+'), q = extract(u, '12([a-z0-9]*)-'), z = extract(u, ' 12a[0-9]+', 0)"),
                   fr_with("v = replace_regex(u, '12 ?(a?)', '[\\\\1]')"),
                   fr_with("w = count_regex(u, '12[0-9]'), y = extract(u, ' 12(a[0-9])[0-9]*-([0-9])', 2)"));
}

/* Rows enough for machine code; the twin is the same text in a frame of one row. */
TEST(patterns_on_many_rows_give_what_they_give_on_one)
{
    enum { ROWS = 5000 };
    static int64_t x[ROWS];
    static uint8_t valid[ROWS];
    uint64_t seed = 7;
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = (int64_t)(fr_test_random(&seed) % (i % 2 ? 100000 : 130));
        valid[i] = i % 11 != 0;
    }
    fr_auto(frame) numbers = fr_frame_new(ROWS, fr_array("x", FR_I64, x, .valid = valid));
    fr_auto(frame) all = answers(numbers);
    REQUIRE(fr_ok(all));
    for (int64_t i = 0; i < ROWS; i += 97) {
        fr_auto(frame) number = fr_pipe(numbers, fr_slice(i, .n = 1));
        fr_auto(frame) one = answers(number);
        fr_auto(frame) same = fr_pipe(all, fr_slice(i, .n = 1));
        REQUIRE(fr_ok(one) && fr_ok(same));
        CHECK(fr_equal(one, same));
    }
}
