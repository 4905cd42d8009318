/* text_digits.h — texts of sixteen bytes as numbers, where each place has the bytes of a range.
 *
 *     low  i d 0 0 0       id042      digits  0 0 0 4 2       pairs  0 × 1 + 0,  0 × 10 + 4 …       42
 *     high i d 9 9 9
 *
 * Digits of two places, of four and of all are added in steps of twice the width, three multiplications a text.
 */
#ifndef FR_KERNEL_TEXT_DIGITS_H
#define FR_KERNEL_TEXT_DIGITS_H

#include "kernel/isa.h"

enum { FR_DIGIT_PLACES = 16 };

typedef struct fr_byte_ends { uint8_t low[FR_DIGIT_PLACES], high[FR_DIGIT_PLACES]; } fr_byte_ends;

typedef struct fr_text_digits {
    uint8_t  low[FR_DIGIT_PLACES];
    int8_t   pairs[FR_DIGIT_PLACES];       /* what a digit is worth in its pair … */
    int16_t  fours[FR_DIGIT_PLACES / 2];   /* … that in its four … */
    uint32_t worth[FR_DIGIT_PLACES / 4];   /* … and that in the number, of which the low 32 bits are found */
} fr_text_digits;

/* How texts between the ends are numbered, in their order; false: the range of some place, or of two, is too large. */
static inline bool fr_text_digits_of(const fr_byte_ends *ends, fr_text_digits *out)
{
    uint32_t worth = 1;
    for (size_t four = FR_DIGIT_PLACES / 4; four-- > 0;) {
        uint32_t pair[2];
        for (size_t k = 0; k < 2; k++) {
            const size_t at = 4 * four + 2 * k;
            const uint32_t first = (uint32_t)(ends->high[at] - ends->low[at]) + 1;
            const uint32_t second = (uint32_t)(ends->high[at + 1] - ends->low[at + 1]) + 1;
            pair[k] = first * second;
            if (second > INT8_MAX || pair[k] > INT16_MAX) return false;
            out->low[at] = ends->low[at], out->low[at + 1] = ends->low[at + 1];
            out->pairs[at] = (int8_t)second, out->pairs[at + 1] = 1;
        }
        out->fours[2 * four] = (int16_t)pair[1], out->fours[2 * four + 1] = 1;
        out->worth[four] = worth;
        worth *= pair[0] * pair[1];
    }
    return true;
}

typedef struct fr_text_digits_kernels {
    /* Numbers of n texts; *ends is widened by their bytes. Of bytes beyond those that `digits` knows numbers are any. */
    void (*number)(uint32_t *out, const void *texts, size_t n, const fr_text_digits *digits, fr_byte_ends *ends);
} fr_text_digits_kernels;
FR_ISA_DECLARE(fr_text_digits_kernels, fr_text_digits_kernels);

#endif
