/* codes.inc.h — loops over codes of one width. Template: T the code, FN(name) the name of this pass's function,
 * SIFT_ALL(places, in, sieve): places of those of SIFTED codes that may be among the sieve's, SIFTED where nothing is
 * known; → how many. */

/* Below AVX-512 bit by bit, in four words side by side: of bytes a compiler makes vectors, put together lane by lane
 * (10^7 codes, one thread of a busy machine with AVX2: 15.5 -> 7.7 ms). */
FR_TEMPLATE_FN uint64_t FN(test64)(const T *in, const uint64_t *bits)
{
#if FR_ISA_LEVEL >= 4
    uint8_t bytes[64];
    for (int j = 0; j < 64; j++) bytes[j] = (uint8_t)(bits[in[j] >> 6] >> (in[j] & 63));
    return fr_pack64(bytes, 0);
#else
    uint64_t a = 0, b = 0, c = 0, d = 0;
#pragma GCC unroll 16
    for (int j = 15; j >= 0; j--) {
        a = 2 * a + (bits[in[j] >> 6] >> (in[j] & 63) & 1);
        b = 2 * b + (bits[in[j + 16] >> 6] >> (in[j + 16] & 63) & 1);
        c = 2 * c + (bits[in[j + 32] >> 6] >> (in[j + 32] & 63) & 1);
        d = 2 * d + (bits[in[j + 48] >> 6] >> (in[j + 48] & 63) & 1);
    }
    return a | b << 16 | c << 32 | d << 48;
#endif
}

static void FN(test)(uint64_t *out, const void *codes, const uint64_t *bits, int64_t n)
{
    const T *in = codes;
    int64_t i = 0;
    for (; i + 64 <= n; i += 64) out[i >> 6] = FN(test64)(in + i, bits);
    if (i < n) out[i >> 6] = 0;
    for (int64_t j = i; j < n; j++) out[i >> 6] |= (uint64_t)(bits[in[j] >> 6] >> (in[j] & 63) & 1) << (j - i);
}

static void FN(sift)(uint64_t *out, const void *codes, const fr_code_sieve *sieve, int64_t n)
{
    const T *in = codes;
    const uint64_t *bits = sieve->bits;
    int64_t i = 0;
    for (; i + SIFTED <= n; i += SIFTED) {
        uint32_t places[SIFTED + 16];
        uint64_t *words = out + (i >> 6);
        const size_t some = SIFT_ALL(places, in + i, sieve);
        if (some > SIFTED_WELL) {
            for (int64_t k = 0; k < SIFTED; k += 64) words[k >> 6] = FN(test64)(in + i + k, bits);
            continue;
        }
        memset(words, 0, SIFTED / 8);
        for (size_t k = 0; k < some; k++) {
            const uint32_t place = places[k];
            const T code = in[i + place];
            words[place >> 6] |= (bits[code >> 6] >> (code & 63) & 1) << (place & 63);
        }
    }
    if (i < n) FN(test)(out + (i >> 6), in + i, bits, n - i);
}

static void FN(widen)(uint32_t *out, const void *codes, int64_t n)
{
    const T *in = codes;
    for (int64_t i = 0; i < n; i++) out[i] = in[i];
}

#define TO uint8_t
#define RECODE recode_to_1
#include "kernel/recode.inc.h"
#define TO uint16_t
#define RECODE recode_to_2
#include "kernel/recode.inc.h"
#define TO uint32_t
#define RECODE recode_to_4
#include "kernel/recode.inc.h"
