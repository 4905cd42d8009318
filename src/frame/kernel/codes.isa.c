/* codes.isa.c — the loops of codes.h, once per instruction set. */
#include "kernel/codes.h"

#include "kernel/pack64.h"

#define JOIN(name, width)     name##_##width
#define CODES_OF(name, width) JOIN(name, width)          /* after RECODE has become a name */

#define T uint8_t
#define FN(name) CODES_OF(name, 1)
#include "kernel/codes.inc.h"
#undef T
#undef FN

#define T uint16_t
#define FN(name) CODES_OF(name, 2)
#include "kernel/codes.inc.h"
#undef T
#undef FN

#define T uint32_t
#define FN(name) CODES_OF(name, 4)
#include "kernel/codes.inc.h"

#define ALL(name)     { name##_1, name##_2, name##_4 }
#define TO_ALL(width) { recode_to_1_##width, recode_to_2_##width, recode_to_4_##width }
const fr_codes_kernels FR_ISA_NAME(fr_codes_kernels) = {
    .equal = ALL(equal),
    .test = ALL(test),
    .recode = { TO_ALL(1), TO_ALL(2), TO_ALL(4) },
    .widen = ALL(widen),
};
