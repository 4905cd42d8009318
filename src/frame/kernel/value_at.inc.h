/* value_at.inc.h — values of 1, 2, 4 or 8 bytes as words, where the width is known when it is compiled. Template for .isa.c
 * files. */
#include "kernel/isa.h"

#include <stddef.h>
#include <stdint.h>

FR_TEMPLATE_FN uint64_t value_at(const void *values, size_t i, size_t width)
{
    return width == 1 ? ((const uint8_t *)values)[i] : width == 2 ? ((const uint16_t *)values)[i]
         : width == 4 ? ((const uint32_t *)values)[i] : ((const uint64_t *)values)[i];
}

FR_TEMPLATE_FN void set_value(void *values, size_t i, size_t width, uint64_t x)
{
    if (width == 1) ((uint8_t *)values)[i] = (uint8_t)x;
    else if (width == 2) ((uint16_t *)values)[i] = (uint16_t)x;
    else if (width == 4) ((uint32_t *)values)[i] = (uint32_t)x;
    else ((uint64_t *)values)[i] = x;
}
