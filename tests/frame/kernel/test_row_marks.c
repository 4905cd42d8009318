/* Bits as marks and back: every number of bitmaps, at awkward lengths, against the bits one by one. */
#include "kernel/row_marks.h"

#include <string.h>

#include "frame/frame.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 520, WORDS = MOST / 64 + 1 };

static bool bit(const uint64_t *bits, size_t i) { return bits[i / 64] >> (i % 64) & 1; }

static void check_marks(size_t n_bits, size_t n, uint64_t seed)
{
    uint64_t bits[FR_MARK_BITS][WORDS], back[FR_MARK_BITS][WORDS], *to[FR_MARK_BITS];
    const uint64_t *from[FR_MARK_BITS];
    uint8_t marks[WORDS * 64] = { 0 };
    for (size_t k = 0; k < FR_MARK_BITS; k++) {
        for (size_t w = 0; w < WORDS; w++) bits[k][w] = fr_test_random(&seed);
        from[k] = bits[k], to[k] = back[k];
    }
    memset(back, 0xa5, sizeof back);
    fr_marks_join(from, n_bits, n, marks);
    fr_marks_part(marks, n, to, n_bits);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < FR_MARK_BITS; k++) CHECK((marks[i] >> k & 1) == (k < n_bits && bit(bits[k], i)));
    for (size_t k = 0; k < n_bits; k++)
        for (size_t i = 0; i < (n + 63) / 64 * 64; i++) CHECK(bit(back[k], i) == (i < n && bit(bits[k], i)));
    for (size_t k = 0; k < FR_MARK_BITS; k++)
        CHECK(back[k][k < n_bits ? (n + 63) / 64 : 0] == UINT64_C(0xa5a5a5a5a5a5a5a5));      /* nothing beyond */
}

TEST(marks_give_back_the_bits_they_were_made_of)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t n_bits = 0; n_bits <= FR_MARK_BITS; n_bits++) check_marks(n_bits, lengths[i], 10 * i + n_bits);
}
