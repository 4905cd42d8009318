/* blend.h — values put where a bit is set.
 *
 *     blend    out[i] = in[i] in the rows of `rows`, the others stay; a step of 0 repeats the first value
 *     fill     out[i] = in[i] in the rows of `valid`, *value in the others; `stream` writes past the caches, then `out`
 *              is at a multiple of 16 bytes
 *     either   out[i] = a[i] in the rows of `rows`, b[i] in the others; a step of 0 repeats the first of b
 *
 * Indexed by the logarithm of the value's width, as select.h. Bits beyond n are ignored.
 */
#ifndef FR_KERNEL_BLEND_H
#define FR_KERNEL_BLEND_H

#include "kernel/select.h"

typedef void fr_blend_kernel(void *out, const void *in, size_t step, const uint64_t *rows, size_t n);
typedef void fr_fill_kernel(void *out, const void *in, const void *value, const uint64_t *valid, size_t n, bool stream);
typedef void fr_either_kernel(void *out, const void *a, const uint64_t *rows, const void *b, size_t step, size_t n);
typedef struct fr_blend_kernels {
    fr_blend_kernel *blend[FR_SELECT_WIDTHS];
    fr_fill_kernel  *fill[FR_SELECT_WIDTHS];
    fr_either_kernel *either[FR_SELECT_WIDTHS];
} fr_blend_kernels;
FR_ISA_DECLARE(fr_blend_kernels, fr_blend_kernels);

#endif
