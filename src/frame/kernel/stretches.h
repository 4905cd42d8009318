/* stretches.h — reading memory at several places at once.
 *
 * What a core asks for beforehand, by itself, ends with the page of 4 KiB that it reads: each one begins with a wait, also
 * within a huge page. A loop whose rows do not depend on each other reads four stretches side by side, and while it
 * waits for one, the others come. GB/s of one core of a busy machine (AMD EPYC, AVX2, 40 MB), one stretch → four:
 *
 *                            small pages     huge pages
 *     a code equal to one    10.2 → 16.2     15.5 → 21.4
 *     a double above one      8.9 → 16.3     15.2 → 20.9
 *
 * The longer the better: with 8 KiB each, four are hardly better than one, and with less than a page worse (2 KiB: half
 * as fast).
 */
#ifndef FR_KERNEL_STRETCHES_H
#define FR_KERNEL_STRETCHES_H

#include "base/compiler.h"

enum { FR_STRETCHES = 4, FR_LEAST_STRETCH_BYTES = 4096 };

/* Rows of each, whole words of bits; what is left over lies behind the last. 0: there is too little. */
static inline size_t fr_stretch(size_t n, size_t row_bytes)
{
    return n / FR_STRETCHES * row_bytes < FR_LEAST_STRETCH_BYTES ? 0 : n / (FR_STRETCHES * 64) * 64;
}

#endif
