/* bignum.c — schoolbook arithmetic on little-endian words. Words beyond FR_BIG_WORDS never occur for the callers of
 * number.h (see bignum.h); should they, the top is cut, which the round-trip tests would show. */
#include "base/bignum.h"

#include <string.h>

static void trim(fr_big *big)
{
    while (big->n && !big->word[big->n - 1]) big->n--;
}

void fr_big_set(fr_big *big, uint64_t value)
{
    big->n = value != 0;
    big->word[0] = value;
}

void fr_big_muladd(fr_big *big, uint64_t factor, uint64_t addend)
{
    uint64_t carry = addend;
    for (size_t i = 0; i < big->n; i++) {
        fr_u128 product = (fr_u128)big->word[i] * factor + carry;
        big->word[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (carry && big->n < FR_BIG_WORDS) big->word[big->n++] = carry;
}

void fr_big_mul_pow5(fr_big *big, int exponent)
{
    const uint64_t pow5_27 = UINT64_C(7450580596923828125);
    for (; exponent >= 27; exponent -= 27) fr_big_muladd(big, pow5_27, 0);
    for (; exponent > 0; exponent--) fr_big_muladd(big, 5, 0);
}

void fr_big_shift_left(fr_big *big, int bits)
{
    size_t words = (size_t)bits / 64;
    unsigned rest = (unsigned)bits % 64;
    if (!big->n || big->n + words + 1 > FR_BIG_WORDS) return;
    memmove(big->word + words, big->word, big->n * sizeof big->word[0]);
    memset(big->word, 0, words * sizeof big->word[0]);
    big->n += words;
    if (!rest) return;
    uint64_t carry = 0;
    for (size_t i = words; i < big->n; i++) {
        uint64_t word = big->word[i];
        big->word[i] = word << rest | carry;
        carry = word >> (64 - rest);
    }
    if (carry) big->word[big->n++] = carry;
}

int fr_big_compare(const fr_big *a, const fr_big *b)
{
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (size_t i = a->n; i-- > 0;)
        if (a->word[i] != b->word[i]) return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

static bool bit_at(const fr_big *big, size_t bit)
{
    return bit / 64 < big->n && big->word[bit / 64] >> bit % 64 & 1;
}

static bool any_below(const fr_big *big, size_t bit)
{
    for (size_t i = 0; i < bit / 64 && i < big->n; i++)
        if (big->word[i]) return true;
    return bit / 64 < big->n && bit % 64 && big->word[bit / 64] << (64 - bit % 64);
}

void fr_big_round_right(fr_big *big, int bits)
{
    if (bits <= 0) return;
    bool half = bit_at(big, (size_t)bits - 1), rest = any_below(big, (size_t)bits - 1);
    size_t words = (size_t)bits / 64;
    unsigned shift = (unsigned)bits % 64;
    size_t kept = big->n > words ? big->n - words : 0;
    for (size_t i = 0; i < kept; i++) {
        uint64_t high = i + words + 1 < big->n ? big->word[i + words + 1] : 0;
        big->word[i] = shift ? big->word[i + words] >> shift | high << (64 - shift) : big->word[i + words];
    }
    big->n = kept;
    trim(big);
    if (half && (rest || (big->n && big->word[0] & 1))) {
        if (!big->n) fr_big_set(big, 1);
        else fr_big_muladd(big, 1, 1);
    }
}

uint64_t fr_big_divide(fr_big *big, uint64_t divisor)
{
    uint64_t remainder = 0;
    for (size_t i = big->n; i-- > 0;) {
        fr_u128 part = (fr_u128)remainder << 64 | big->word[i];
        big->word[i] = (uint64_t)(part / divisor);
        remainder = (uint64_t)(part % divisor);
    }
    trim(big);
    return remainder;
}
