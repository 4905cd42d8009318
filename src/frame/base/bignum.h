/* bignum.h — unsigned integers of up to 8,192 bits on the stack: just enough for exact decimal ↔ binary conversion.
 *
 * The largest case is 768 digits times 10^324, or 2^53 times 5^1100: under 4,000 bits.
 */
#ifndef FR_BASE_BIGNUM_H
#define FR_BASE_BIGNUM_H

#include "base/compiler.h"

#define FR_BIG_WORDS 128

typedef struct fr_big {
    size_t   n;                        /* words in use; the top one is not 0 */
    uint64_t word[FR_BIG_WORDS];       /* least significant first */
} fr_big;

void fr_big_set(fr_big *big, uint64_t value);
void fr_big_muladd(fr_big *big, uint64_t factor, uint64_t addend);       /* big = big × factor + addend */
void fr_big_mul_pow5(fr_big *big, int exponent);                         /* exponent ≥ 0 */
void fr_big_shift_left(fr_big *big, int bits);
int  fr_big_compare(const fr_big *a, const fr_big *b);                   /* -1, 0, 1 */
/* big = round half to even (big / 2^bits) */
void fr_big_round_right(fr_big *big, int bits);
uint64_t fr_big_divide(fr_big *big, uint64_t divisor);                   /* big /= divisor, returns the remainder */

#endif
