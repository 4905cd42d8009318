/* codes.inc.h — loops over codes of one width. Template: T the code, FN(name) the name of this pass's function,
 * EQUAL64(in, wanted): which of 64 codes it is, as a word. */

static void FN(equal)(uint64_t *out, const void *codes, uint32_t code, int64_t n)
{
    const T *in = codes, wanted = (T)code;
    int64_t i = 0;
    for (; i + 64 <= n; i += 64) out[i >> 6] = EQUAL64(in + i, wanted);
    if (i < n) out[i >> 6] = 0;
    for (int64_t j = i; j < n; j++) out[i >> 6] |= (uint64_t)(in[j] == wanted) << (j - i);
}

static void FN(test)(uint64_t *out, const void *codes, const uint64_t *bits, int64_t n)
{
    const T *in = codes;
    int64_t i = 0;
    for (; i + 64 <= n; i += 64) {
        uint8_t bytes[64];
        for (int j = 0; j < 64; j++) bytes[j] = (uint8_t)(bits[in[i + j] >> 6] >> (in[i + j] & 63));
        out[i >> 6] = fr_pack64(bytes, 0);
    }
    if (i < n) out[i >> 6] = 0;
    for (int64_t j = i; j < n; j++) out[i >> 6] |= (uint64_t)(bits[in[j] >> 6] >> (in[j] & 63) & 1) << (j - i);
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
