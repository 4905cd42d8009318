/* test_simple_pattern.c — what is matched by masks is what the library finds, in every span; what is not simple is left. */
#include "expr/pattern.h"
#include "expr/simple_pattern.h"

#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_simple(const char *pattern)
{
    fr_simple_pattern p;
    return fr_simple_pattern_read(&p, pattern, strlen(pattern));
}

TEST(which_patterns_are_simple)
{
    static const char *const simple[] = {
        "a", "-([0-9]+)", "([A-Z][0-9]+)-([0-9]{6})-[A-Z]", "a+b*c", "[^,]+,", "x{2,3}y", "([a-z]+)@([a-z]+)\\.com",
        "[+-]", "[.]", "ab?", "(a)(b)", "a[^-]*-", "ab{2}",
    };
    static const char *const others[] = {
        "", "a*", "a?", "a+a", "[a-z]+[0-9]*x", "[0-9]+[5-7]", "a|b", "^a", "a$", ".", "\\d", "\\w+", "(a)+", "((a))", "()",
        "a+?", "a++", "(?:a)", "(*UTF)a", "[[:alpha:]]", "[]a]", "[\\d]", "[a-Z]", "[^a]", "[^a]{2}", "a{", "a{0}", "a{3,2}",
        "a{2,3", "\xC3\xA4", "[\xC3\xA4]", "a+b*a", "[^a]+b", "(", ")", "a(", "[a", "[z-a]", "a{1000,}", "\\Qa",
        "abcdefghijklmn", "[abcde]",
    };
    for (size_t i = 0; i < FR_COUNT_OF(simple); i++) CHECK_STR(is_simple(simple[i]) ? simple[i] : "another", simple[i]);
    for (size_t i = 0; i < FR_COUNT_OF(others); i++) CHECK_STR(is_simple(others[i]) ? "simple" : others[i], others[i]);
}

/* ---- against the library ----------------------------------------------------------------------------------------- */
static void any_pattern(char out[256], uint64_t *state)
{
    static const char *const atoms[] = { "a", "b", "-", "1", "[0-9]", "[ab]", "[^-]", "[^a1]", "\\.", "[a-c]", "[.1-]", "[^,]" };
    static const char *const counts[] = { "", "", "", "+", "*", "?", "{2}", "{1,3}", "{2,}" };
    const size_t n = 1 + fr_test_random(state) % 4;
    out[0] = 0;
    for (size_t i = 0; i < n; i++) {
        const bool group = fr_test_random(state) % 3 == 0;
        const char *atom = atoms[fr_test_random(state) % FR_COUNT_OF(atoms)];
        const char *count = counts[fr_test_random(state) % FR_COUNT_OF(counts)];
        snprintf(out + strlen(out), 256 - strlen(out), "%s%s%s%s", group ? "(" : "", atom, count, group ? ")" : "");
    }
}

static size_t any_text(char out[256], uint64_t *state)
{
    static const char *const parts[] = { "a", "b", "c", "-", "1", "2", ".", ",", "aa", "11", "\xC3\xA4", "\xE2\x82\xAC", "\n" };
    static const size_t lengths[] = { 0, 1, 2, 3, 4, 7, 8, 9, 12, 15, 16, 17, 31, 33, 63, 64, 65, 130 };
    const size_t most = lengths[fr_test_random(state) % FR_COUNT_OF(lengths)];
    size_t n = 0;
    for (;;) {
        const char *part = parts[fr_test_random(state) % FR_COUNT_OF(parts)];
        if (n + strlen(part) > most) return n;
        memcpy(out + n, part, strlen(part));
        n += strlen(part);
    }
}

static void compare(fr_call *call, fr_matcher *matcher, const fr_simple_pattern *simple, const fr_pattern *pattern,
                    const char *source, const char *text, size_t n)
{
    const size_t groups = fr_pattern_groups(pattern) + 1;
    for (size_t from = 0; from <= n; from += 1 + n / 7) {
        const size_t *same = NULL;
        size_t spans[2 * (FR_SIMPLE_GROUPS + 1)];
        if (from < n && ((unsigned char)text[from] & 0xC0) == 0x80) continue;
        const int found = fr_simple_pattern_find(simple, text, n, from, spans);
        const int expected = fr_pattern_find(call, matcher, pattern, text, n, from, &same);
        const bool right = found == expected && (found != 1 || !memcmp(spans, same, 2 * groups * sizeof *spans));
        if (!right) printf("'%s' in '%.*s' from %zu: %d, should be %d\n", source, (int)n, text, from, found, expected);
        CHECK(right);
    }
}

/* Each text in a block of its own, so that a sanitizer sees a byte too many. */
TEST(simple_patterns_find_what_the_library_finds)
{
    WITH_CALL;
    fr_matcher matcher = { .context = call->context };
    uint64_t state = 5;
    size_t n_simple = 0;
    for (int round = 0; round < 3000; round++) {
        char source[256], room[256];
        fr_simple_pattern simple;
        any_pattern(source, &state);
        if (!fr_simple_pattern_read(&simple, source, strlen(source))) continue;
        FR_CLEANUP(fr_drop_pattern) fr_pattern *pattern = fr_pattern_new(call, source, strlen(source), NULL, 0);
        REQUIRE(pattern != NULL);
        CHECK_INT(fr_pattern_groups(pattern), simple.n_groups);
        n_simple++;
        for (int k = 0; k < 12; k++) {
            const size_t n = any_text(room, &state);
            char *text = malloc(n + !n);
            REQUIRE(text != NULL);
            memcpy(text, room, n);
            compare(call, &matcher, &simple, pattern, source, text, n);
            free(text);
        }
    }
    CHECK(n_simple > 300);
    fr_matcher_clear(&matcher);
}

/* Quadratic in a long text: given up, and decided by the interpreter. */
TEST(a_simple_pattern_does_not_take_for_ever)
{
    enum { MANY = 1 << 16 };
    static char many[MANY];
    fr_simple_pattern simple;
    size_t spans[2 * (FR_SIMPLE_GROUPS + 1)];
    memset(many, 'a', sizeof many);
    REQUIRE(fr_simple_pattern_read(&simple, "a+-", 3));
    CHECK_INT(fr_simple_pattern_find(&simple, many, sizeof many, 0, spans), -1);
    many[MANY - 1] = '-';
    CHECK_INT(fr_simple_pattern_find(&simple, many, sizeof many, 0, spans), 1);
    CHECK_INT(spans[0], 0);
    CHECK_INT(spans[1], MANY);
}
