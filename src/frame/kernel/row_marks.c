/* row_marks.c — squares of 8 x 8 bits turned over their diagonal, in a word each (see row_marks.h).
 *
 * Source: H. S. Warren, Hacker's Delight, 7-3: swap single bits across the diagonal, then pairs, then fours.
 */
#include "kernel/row_marks.h"

#include <string.h>

#include "kernel/bits.h"

/* Bit j of byte k becomes bit k of byte j. */
static inline uint64_t turn(uint64_t x)
{
    uint64_t swap = (x ^ x >> 7) & UINT64_C(0x00aa00aa00aa00aa);
    x ^= swap ^ swap << 7;
    swap = (x ^ x >> 14) & UINT64_C(0x0000cccc0000cccc);
    x ^= swap ^ swap << 14;
    swap = (x ^ x >> 28) & UINT64_C(0x00000000f0f0f0f0);
    return x ^ swap ^ swap << 28;
}

/* Byte k of to[j] = byte j of from[k]. */
static inline void turn_bytes(uint64_t to[static 8], const uint64_t from[static 8])
{
    for (unsigned j = 0; j < 8; j++) {
        to[j] = 0;
        for (unsigned k = 0; k < 8; k++) to[j] |= (from[k] >> 8 * j & 0xff) << 8 * k;
    }
}

void fr_marks_join(const uint64_t *const *bits, size_t n_bits, size_t n, uint8_t *marks)
{
    uint64_t words[8] = { 0 }, bytes[8];
    for (size_t word = 0; word < (n + 63) / 64; word++) {
        for (size_t k = 0; k < n_bits; k++) words[k] = bits[k][word];
        turn_bytes(bytes, words);
        for (size_t j = 0; j < 8; j++) bytes[j] = turn(bytes[j]);
        memcpy(marks + 64 * word, bytes, sizeof bytes);
    }
}

void fr_marks_part(const uint8_t *marks, size_t n, uint64_t *const *bits, size_t n_bits)
{
    uint64_t words[8], bytes[8];
    for (size_t word = 0; word < (n + 63) / 64; word++) {
        memcpy(bytes, marks + 64 * word, sizeof bytes);
        for (size_t j = 0; j < 8; j++) bytes[j] = turn(bytes[j]);
        turn_bytes(words, bytes);
        for (size_t k = 0; k < n_bits; k++) bits[k][word] = words[k] & fr_bits_below((int64_t)word, (int64_t)n);
    }
}
