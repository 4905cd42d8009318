/* eight_digits.h — eight digits in a machine word as a number, by three multiplications.
 *
 *     fr_eight_digits("20240229…", &x)      x = 20240229
 *
 * Source: Lemire, "Quickly parsing eight digits" (2018).
 */
#ifndef FR_BASE_EIGHT_DIGITS_H
#define FR_BASE_EIGHT_DIGITS_H

#include "base/compiler.h"

/* Eight characters, the first in the lowest byte, as a number; false when one is no digit, and *out is then anything. */
FR_TEMPLATE_FN bool fr_eight_digits_of(uint64_t word, uint64_t *out)
{
    const uint64_t each = UINT64_C(0x000000ff000000ff);
    uint64_t digits = word - UINT64_C(0x3030303030303030);
    const bool fine = ((digits | (digits + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) == 0;
    digits = digits * 10 + (digits >> 8);                                             /* pairs                        */
    *out = ((digits & each) * UINT64_C(0x000f424000000064) +
            (digits >> 16 & each) * UINT64_C(0x0000271000000001)) >> 32 & UINT32_MAX;
    return fine;
}

FR_TEMPLATE_FN bool fr_eight_digits(const char *p, uint64_t *out)
{
    uint64_t word;
    __builtin_memcpy(&word, p, sizeof word);
    return fr_eight_digits_of(word, out);
}

#endif
