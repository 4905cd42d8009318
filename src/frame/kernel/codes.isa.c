/* codes.isa.c — the loops of codes.h, once per instruction set. */
#include "kernel/codes.h"

#include "kernel/pack64.h"

#define RECODE(name, T, TO)                                                                  \
    static void name(void *out_, const void *codes_, const void *map_, int64_t n)             \
    {                                                                                         \
        TO *restrict out = out_;                                                              \
        const T *restrict codes = codes_;                                                     \
        const TO *map = map_;                                                                 \
        for (int64_t i = 0; i < n; i++) out[i] = map[codes[i]];                               \
    }

#define T uint8_t
#define FN(name) name##_1
#include "kernel/codes.inc.h"
#undef T
#undef FN
RECODE(recode_1_1, uint8_t, uint8_t)
RECODE(recode_1_2, uint8_t, uint16_t)
RECODE(recode_1_4, uint8_t, uint32_t)

#define T uint16_t
#define FN(name) name##_2
#include "kernel/codes.inc.h"
#undef T
#undef FN
RECODE(recode_2_1, uint16_t, uint8_t)
RECODE(recode_2_2, uint16_t, uint16_t)
RECODE(recode_2_4, uint16_t, uint32_t)

#define T uint32_t
#define FN(name) name##_4
#include "kernel/codes.inc.h"
RECODE(recode_4_1, uint32_t, uint8_t)
RECODE(recode_4_2, uint32_t, uint16_t)
RECODE(recode_4_4, uint32_t, uint32_t)

#define ALL(name) { name##_1, name##_2, name##_4 }
const fr_codes_kernels FR_ISA_NAME(fr_codes_kernels) = {
    .equal = ALL(equal),
    .test = ALL(test),
    .recode = { ALL(recode_1), ALL(recode_2), ALL(recode_4) },
    .widen = ALL(widen),
};
