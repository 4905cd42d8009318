/* Texts as numbers at every level of instructions, against place times place. */
#include "kernel/text_digits.h"

#include <string.h>

#include "support/columns.h"
#include "support/test.h"

enum { MOST = 511 };

typedef struct texts { uint8_t at[MOST][FR_DIGIT_PLACES]; fr_byte_ends ends; } texts;

/* Bytes of places that differ in so many, from a low one on. */
static void make_texts(texts *t, uint64_t *random, const uint8_t radix[FR_DIGIT_PLACES])
{
    for (size_t p = 0; p < FR_DIGIT_PLACES; p++) {
        t->ends.low[p] = (uint8_t)(fr_test_random(random) % (257u - radix[p]));
        t->ends.high[p] = (uint8_t)(t->ends.low[p] + radix[p] - 1);
        for (size_t i = 0; i < MOST; i++) t->at[i][p] = (uint8_t)(t->ends.low[p] + fr_test_random(random) % radix[p]);
    }
}

static uint32_t plain_number(const texts *t, size_t i)
{
    uint32_t number = 0;
    for (size_t p = 0; p < FR_DIGIT_PLACES; p++)
        number = number * (uint32_t)(t->ends.high[p] - t->ends.low[p] + 1) + (uint32_t)(t->at[i][p] - t->ends.low[p]);
    return number;
}

static bool ends_are_right(const texts *t, size_t n, const fr_byte_ends *ends)
{
    fr_byte_ends e = { .high = { 0 } };
    memset(e.low, UINT8_MAX, sizeof e.low);
    for (size_t i = 0; i < n; i++)
        for (size_t p = 0; p < FR_DIGIT_PLACES; p++) {
            if (t->at[i][p] < e.low[p]) e.low[p] = t->at[i][p];
            if (t->at[i][p] > e.high[p]) e.high[p] = t->at[i][p];
        }
    return memcmp(&e, ends, sizeof e) == 0;
}

static bool numbers_are_right(const texts *t, size_t n, fr_isa isa)
{
    uint32_t numbers[MOST + 1];
    fr_byte_ends ends = { .high = { 0 } };
    fr_text_digits digits;
    memset(ends.low, UINT8_MAX, sizeof ends.low);
    numbers[n] = 4711;
    if (!fr_text_digits_of(&t->ends, &digits)) return false;
    FR_ISA_AT(fr_text_digits_kernels, isa)->number(numbers, t->at, n, &digits, &ends);
    bool fine = numbers[n] == 4711 && ends_are_right(t, n, &ends);
    for (size_t i = 0; fine && i < n; i++) fine = numbers[i] == plain_number(t, i);
    return fine;
}

TEST(texts_are_numbered_alike_at_every_level)
{
    static const uint8_t radices[][FR_DIGIT_PLACES] = {
        { 1, 1, 1, 1, 1, 1, 1, 1, 1, 10, 10, 10, 10, 10, 10, 10 }, { 1, 1, 1, 1, 2, 1, 3, 1, 5, 7, 1, 11, 13, 1, 1, 2 },
        { 255, 127, 255, 127, 255, 127, 255, 127, 255, 127, 255, 127, 255, 127, 255, 127 },        /* beyond 32 bits */
        { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, { 3, 1, 1, 1, 255, 127, 1, 1, 1, 100, 90, 1, 1, 1, 1, 9 } };
    static const size_t lengths[] = { 0, 1, 3, 4, 5, 7, 63, 64, 65, MOST };
    static texts t;
    uint64_t random = 7;
    for (size_t r = 0; r < FR_COUNT_OF(radices); r++) {
        make_texts(&t, &random, radices[r]);
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) CHECK(numbers_are_right(&t, lengths[k], isa));
    }
}

TEST(places_of_too_many_bytes_are_not_numbered_so)
{
    fr_byte_ends ends = { .high = { 0 } };
    fr_text_digits digits;
    CHECK(fr_text_digits_of(&ends, &digits));
    ends.high[0] = 255, ends.high[1] = 126;
    CHECK(fr_text_digits_of(&ends, &digits));
    ends.high[1] = 127;
    CHECK(!fr_text_digits_of(&ends, &digits));
}
