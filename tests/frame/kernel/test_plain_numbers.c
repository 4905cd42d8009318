/* Plainly written numbers at every level of instructions, against one character at a time. Texts lie in blocks of their own
 * size, so that the sanitizer sees what is read beyond them. */
#include "kernel/plain_numbers.h"

#include <stdlib.h>
#include <string.h>

#include "support/columns.h"
#include "support/test.h"

typedef struct slow { bool plain, negative; uint64_t digits; size_t after; } slow;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static slow slow_read(const char *text, size_t n)
{
    slow s = { .negative = n && text[0] == '-' };
    size_t points = 0;
    text += s.negative, n -= s.negative;
    if (!n || n > 18 || !is_digit(text[0]) || !is_digit(text[n - 1])) return s;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '.') { points++; continue; }
        if (!is_digit(text[i])) return s;
        s.digits = s.digits * 10 + (uint64_t)(text[i] - '0');
        s.after += points;
    }
    s.plain = points < 2;
    return s;
}

static void check(const fr_piece texts[64], uint64_t rows)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        fr_plain_numbers plain;
        const uint64_t done = FR_ISA_AT(fr_plain_number_kernels, isa)->read(&plain, texts, rows);
        CHECK_INT(done & ~rows, 0);
        for (size_t i = 0; i < 64; i++) {
            if (!(rows >> i & 1)) continue;
            const slow s = slow_read(texts[i].text, texts[i].n);
            CHECK_INT(done >> i & 1, s.plain);
            if (!s.plain || !(done >> i & 1)) continue;
            CHECK(plain.digits[i] == s.digits && plain.after[i] == s.after && (plain.negative >> i & 1) == s.negative);
        }
    }
}

/* Mostly digits, now and then a sign, a point or anything that none is. */
static void write_number(char *text, size_t n, uint64_t *state)
{
    static const char others[] = "--..+eE /:\xC3 ";
    const uint64_t odd = fr_test_random(state) % 4;
    for (size_t i = 0; i < n; i++) text[i] = (char)('0' + fr_test_random(state) % 10);
    if (n && fr_test_random(state) % 2) text[0] = '-';
    if (n && fr_test_random(state) % 2) text[fr_test_random(state) % n] = '.';
    for (uint64_t k = 0; n && odd == 0 && k < 2; k++)
        text[fr_test_random(state) % n] = others[fr_test_random(state) % (sizeof others - 1)];
}

TEST(plain_numbers_are_read_at_every_level)
{
    uint64_t state = 9;
    for (int turn = 0; turn < 400; turn++) {
        fr_piece texts[64];
        for (size_t i = 0; i < 64; i++) {
            const size_t n = (i + (size_t)turn) % 22;
            char *text = malloc(n ? n : 1);
            REQUIRE(text != NULL);
            write_number(text, n, &state);
            texts[i] = (fr_piece){ text, n };
        }
        check(texts, turn % 3 ? UINT64_MAX : fr_test_random(&state));
        for (size_t i = 0; i < 64; i++) free((void *)(uintptr_t)texts[i].text);
    }
}
