/* bounds.h — the lower or higher of two vectors' numbers, lane by lane.
 *
 *     lower     b where b < a, else a          a nan of a stays, one of b is never taken
 *     least     the same, but a nan of either spreads
 *
 * Equal numbers (0 and -0.0) are a's. A step of 0 repeats the first value; `out` may be `a` where its step is 1.
 */
#ifndef FR_KERNEL_BOUNDS_H
#define FR_KERNEL_BOUNDS_H

#include "kernel/arith.h"

enum { FR_BOUND_TYPES = 10 };

typedef void fr_bound_kernel(void *out, fr_lanes a, fr_lanes b, size_t n);
typedef struct fr_bounds_kernels {      /* of i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 */
    fr_bound_kernel *lower[FR_BOUND_TYPES], *higher[FR_BOUND_TYPES], *least[FR_BOUND_TYPES],
        *greatest[FR_BOUND_TYPES];
} fr_bounds_kernels;
FR_ISA_DECLARE(fr_bounds_kernels, fr_bounds_kernels);

#endif
