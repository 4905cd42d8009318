/* pow10.h — powers of ten: 128 leading bits of 1e-342 … 1e324, and the exact small ones. */
#ifndef FR_BASE_POW10_H
#define FR_BASE_POW10_H

#include "base/compiler.h"

#define FR_POW10_FIRST (-342)
#define FR_POW10_LAST  324

typedef struct fr_pow10 { uint64_t high, low; } fr_pow10;
extern const fr_pow10 fr_pow10_table[FR_POW10_LAST - FR_POW10_FIRST + 1];
extern const uint64_t fr_pow10_u64[20];          /* 10^0 … 10^19 */

/* The bits are cut off, not rounded, except that 1e-27 … 1e-1 are rounded up (tools/make_pow10.py says why). */
static inline const fr_pow10 *fr_pow10_bits(int exponent) { return &fr_pow10_table[exponent - FR_POW10_FIRST]; }

#endif
