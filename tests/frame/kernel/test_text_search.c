/* Looking through texts at every level of instructions, against byte by byte. Texts lie in blocks of their own size, so that
 * the sanitizer sees what is read beyond them. */
#include "kernel/text_search.h"

#include <stdlib.h>
#include <string.h>

#include "support/columns.h"
#include "support/test.h"

enum { MOST = 130 };

static const char *slow_find(fr_piece t, fr_piece part)
{
    for (size_t at = 0; at + part.n <= t.n; at++)
        if (!memcmp(t.text + at, part.text, part.n)) return t.text + at;
    return NULL;
}

static int64_t slow_length(fr_piece t)
{
    int64_t n = 0;
    for (size_t i = 0; i < t.n; i++) n += ((unsigned char)t.text[i] & 0xC0) != 0x80;
    return n;
}

/* Of few letters, so that parts are nearly there everywhere. */
static fr_piece any_text(size_t n, uint64_t *state)
{
    static const char *const letters[] = { "a", "b", "ab", "c", "\xC3\xA4", "\xE2\x82\xAC", "aa" };
    char *text = malloc(n ? n : 1);
    for (size_t at = 0; text && at < n;) {
        const char *letter = letters[fr_test_random(state) % FR_COUNT_OF(letters)];
        const size_t bytes = strlen(letter) <= n - at ? strlen(letter) : 1;
        memcpy(text + at, bytes == strlen(letter) ? letter : "b", bytes);
        at += bytes;
    }
    return (fr_piece){ text, text ? n : 0 };
}

static void check_find(fr_piece t, fr_piece part)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        CHECK(FR_ISA_AT(fr_text_search_kernels, isa)->find(t, part) == slow_find(t, part));
}

TEST(parts_are_found_where_they_come_first)
{
    uint64_t state = 5;
    for (size_t n = 0; n <= 70; n++)
        for (size_t m = 1; m <= 70; m += m < 8 ? 1 : 7) {
            fr_piece t = any_text(n, &state), part = any_text(m, &state);
            check_find(t, part);
            if (m <= n) memcpy((char *)(uintptr_t)t.text + fr_test_random(&state) % (n - m + 1), part.text, m);
            check_find(t, part);
            free((void *)(uintptr_t)t.text);
            free((void *)(uintptr_t)part.text);
        }
}

TEST(long_texts_are_searched_through)
{
    uint64_t state = 6;
    for (size_t n = 100; n < 400; n += 17)
        for (size_t m = 1; m < n; m = m * 2 + 1) {
            fr_piece t = any_text(n, &state), part = any_text(m, &state);
            memcpy((char *)(uintptr_t)t.text + n - m, part.text, m);
            check_find(t, part);
            free((void *)(uintptr_t)t.text);
            free((void *)(uintptr_t)part.text);
        }
}

static void check_rows(const fr_piece *texts, size_t n, const uint64_t *valid)
{
    const fr_piece part = { "ab", 2 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        uint64_t bits[4];
        int64_t lengths[MOST];
        FR_ISA_AT(fr_text_search_kernels, isa)->contain(bits, texts, n, part, valid);
        FR_ISA_AT(fr_text_search_kernels, isa)->lengths(lengths, texts, n, valid);
        for (size_t i = 0; i < n; i++) {
            const bool there = !valid || (valid[i / 64] >> (i & 63) & 1);
            CHECK_INT(bits[i / 64] >> (i & 63) & 1, there && slow_find(texts[i], part));
            CHECK_INT(lengths[i], there ? slow_length(texts[i]) : 0);
        }
    }
}

TEST(rows_are_tested_and_counted)
{
    uint64_t state = 7;
    fr_piece texts[MOST];
    for (size_t i = 0; i < MOST; i++) texts[i] = any_text(fr_test_random(&state) % 200, &state);
    const uint64_t valid[] = { UINT64_C(0x5555aaaaffff0001), UINT64_C(0x8000000000000003), 1 };
    for (size_t n = 0; n <= MOST; n += n < 4 ? 1 : 31) {
        check_rows(texts, n, NULL);
        check_rows(texts, n, valid);
    }
    check_rows(texts, 64, valid);
    for (size_t i = 0; i < MOST; i++) free((void *)(uintptr_t)texts[i].text);
}

TEST(texts_of_rows_that_are_not_valid_are_not_looked_at)
{
    const fr_piece nowhere[2] = { { (const char *)1, 100 }, { "ab", 2 } };
    const uint64_t valid[] = { 2 };
    check_rows(nowhere, 2, valid);
}

static void check_places(const fr_piece texts[64], uint64_t rows, fr_piece part)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        uint64_t places[64];
        FR_ISA_AT(fr_text_search_kernels, isa)->places(places, texts, rows, part);
        for (size_t i = 0; i < 64; i++) {
            uint64_t wanted = 0;
            if (!(rows >> i & 1) || texts[i].n > FR_SHORT_TEXT) continue;
            for (size_t at = 0; at + part.n <= texts[i].n; at++)
                wanted |= (uint64_t)!memcmp(texts[i].text + at, part.text, part.n) << at;
            CHECK(places[i] == wanted);
        }
    }
}

TEST(all_places_in_short_texts_are_known)
{
    uint64_t state = 11;
    fr_piece texts[64];
    for (size_t i = 0; i < 64; i++) texts[i] = any_text(i < 60 ? i + 5 : i - 60, &state);
    for (size_t m = 1; m < 70; m += m < 12 ? 1 : 11) {
        fr_piece part = any_text(m, &state);
        for (size_t i = 0; i < 64; i += 3)
            if (m <= texts[i].n)
                memcpy((char *)(uintptr_t)texts[i].text + fr_test_random(&state) % (texts[i].n - m + 1), part.text, m);
        check_places(texts, UINT64_MAX, part);
        check_places(texts, fr_test_random(&state), part);
        free((void *)(uintptr_t)part.text);
    }
    for (size_t i = 0; i < 64; i++) free((void *)(uintptr_t)texts[i].text);
}

TEST(places_that_overlap_count_once)
{
    CHECK_INT(fr_places_count(0, 1), 0);
    CHECK_INT(fr_places_count(0xFF, 1), 8);
    CHECK_INT(fr_places_count(0xFF, 3), 3);
    CHECK_INT(fr_places_count(UINT64_C(1) << 63, 2), 1);
    CHECK(fr_places_from(UINT64_MAX, 64) == 0);
    CHECK(fr_places_from(UINT64_MAX, 60) == UINT64_C(0xF) << 60);
}
