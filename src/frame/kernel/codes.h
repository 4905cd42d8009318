/* codes.h — loops over a column's codes when the answer is known per code.
 *
 * Indexed by the logarithm of a code's width: 0, 1, 2 for 1, 2, 4 bytes. Every code must lie within the table.
 */
#ifndef FR_KERNEL_CODES_H
#define FR_KERNEL_CODES_H

#include "kernel/isa.h"

#define FR_CODE_WIDTHS 3

/* A few codes, so that most others are told apart in registers: a bit for the lowest ten bits of each and one for ten
 * that begin two words higher. A code that has both may be one of them, and is looked up. */
typedef struct fr_code_sieve {
    const uint64_t *bits;                  /* by code: is it one of them? */
    uint32_t        low[32], high[32];
} fr_code_sieve;

enum { FR_SIEVE_CODES = 400 };             /* with more, too many others have both bits */

static inline void fr_sieve_add(fr_code_sieve *sieve, uint32_t code)
{
    sieve->low[code & 31] |= UINT32_C(1) << (code >> 5 & 31);
    sieve->high[code >> 7 & 31] |= UINT32_C(1) << (code >> 12 & 31);
}

typedef struct fr_codes_kernels {
    /* Bits of whole words, those beyond n are zero: is it this code? Is its bit set? */
    void (*equal[FR_CODE_WIDTHS])(uint64_t *out, const void *codes, uint32_t code, int64_t n);
    void (*test[FR_CODE_WIDTHS])(uint64_t *out, const void *codes, const uint64_t *bits, int64_t n);
    /* As test, for the few codes of a sieve. */
    void (*sift[FR_CODE_WIDTHS])(uint64_t *out, const void *codes, const fr_code_sieve *sieve, int64_t n);
    /* out[i] = map[codes[i]], by the width of the old and of the new codes; map holds new codes of that width */
    void (*recode[FR_CODE_WIDTHS][FR_CODE_WIDTHS])(void *out, const void *codes, const void *map, int64_t n);
    void (*widen[FR_CODE_WIDTHS])(uint32_t *out, const void *codes, int64_t n);
} fr_codes_kernels;
FR_ISA_DECLARE(fr_codes_kernels, fr_codes_kernels);

#endif
