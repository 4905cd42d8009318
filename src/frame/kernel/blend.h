/* blend.h — values put where a bit is set: out[i] = in[i] in the rows of `rows`, the others stay.
 *
 * Indexed by the logarithm of the value's width, as select.h. A step of 0 repeats the first value. Bits beyond n are
 * ignored.
 */
#ifndef FR_KERNEL_BLEND_H
#define FR_KERNEL_BLEND_H

#include "kernel/select.h"

typedef void fr_blend_kernel(void *out, const void *in, size_t step, const uint64_t *rows, size_t n);
typedef struct fr_blend_kernels { fr_blend_kernel *blend[FR_SELECT_WIDTHS]; } fr_blend_kernels;
FR_ISA_DECLARE(fr_blend_kernels, fr_blend_kernels);

#endif
