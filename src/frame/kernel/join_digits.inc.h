/* join_digits.inc.h — digits side by side become numbers: neighbours are multiplied together, three times.
 *
 *     bytes      0 0 4 2 7 1 9 9
 *     fours         42    7199        fours_…: words of 32 bits
 *     eights         427199           eights_…: of two registers of fours, in the order of packs
 *
 * The first digit is the lowest byte, and no byte is above 9. A template for files x.isa.c.
 */
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>

#define FR_ONES_AND_TENS       0x010a                /* of 16 bits: 10 × the lower byte + the upper                  */
#define FR_ONES_AND_HUNDREDS   0x00010064            /* of 32: 100 × the lower half + the upper                      */
#define FR_ONES_AND_MYRIADS    0x00012710            /* of 32: 10,000 × the lower half + the upper                   */

FR_TEMPLATE_FN __m128i fours_128(__m128i digits)
{
    return _mm_madd_epi16(_mm_maddubs_epi16(digits, _mm_set1_epi16(FR_ONES_AND_TENS)), _mm_set1_epi32(FR_ONES_AND_HUNDREDS));
}

FR_TEMPLATE_FN __m128i eights_128(__m128i a, __m128i b)
{
    return _mm_madd_epi16(_mm_packus_epi32(a, b), _mm_set1_epi32(FR_ONES_AND_MYRIADS));
}
#endif

#if FR_ISA_LEVEL >= 3
FR_TEMPLATE_FN __m256i fours_256(__m256i digits)
{
    return _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(FR_ONES_AND_TENS)),
                             _mm256_set1_epi32(FR_ONES_AND_HUNDREDS));
}

FR_TEMPLATE_FN __m256i eights_256(__m256i a, __m256i b)
{
    return _mm256_madd_epi16(_mm256_packus_epi32(a, b), _mm256_set1_epi32(FR_ONES_AND_MYRIADS));
}
#endif

#if FR_ISA_LEVEL >= 4
FR_TEMPLATE_FN __m512i fours_512(__m512i digits)
{
    return _mm512_madd_epi16(_mm512_maddubs_epi16(digits, _mm512_set1_epi16(FR_ONES_AND_TENS)),
                             _mm512_set1_epi32(FR_ONES_AND_HUNDREDS));
}

FR_TEMPLATE_FN __m512i eights_512(__m512i a, __m512i b)
{
    return _mm512_madd_epi16(_mm512_packus_epi32(a, b), _mm512_set1_epi32(FR_ONES_AND_MYRIADS));
}
#endif
