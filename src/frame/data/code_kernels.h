/* code_kernels.h — which kernels make codes of a layout. */
#ifndef FR_DATA_CODE_KERNELS_H
#define FR_DATA_CODE_KERNELS_H

#include "data/type.h"
#include "kernel/key_codes.h"

/* NULL for layouts that are no numbers: views, lists, structs. */
static inline const fr_code_kernels *fr_code_kernels_of(fr_phys phys)
{
#define CASE(TAG, suffix, type) case FR_PHYS_##TAG: return &fr_codes_##suffix;
    switch (phys) {
    FR_NUMBER_LAYOUTS(CASE)
    case FR_PHYS_BOOL: return &fr_codes_bits;
    case FR_PHYS_I128: return &fr_codes_i128;
    default: return NULL;
    }
#undef CASE
}

#endif
