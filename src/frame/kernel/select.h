/* select.h — values out of an array: those whose bit is set, those at given rows, those that codes stand for.
 *
 * Indexed by the logarithm of the value's width: 0 … 4 for 1, 2, 4, 8, 16 bytes. Nothing is read or written outside
 * the arrays as counted, so blocks of one result can be filled at once by several threads.
 */
#ifndef FR_KERNEL_SELECT_H
#define FR_KERNEL_SELECT_H

#include "kernel/isa.h"

#define FR_SELECT_WIDTHS 5
#define FR_SELECT_CODES  3

typedef struct fr_select_kernels {
    /* The values among n whose bit in `keep` is set, in order, to out[0 … n_kept-1]; n_kept is their number. */
    void (*keep[FR_SELECT_WIDTHS])(void *out, int64_t n_kept, const void *values, const uint64_t *keep, int64_t n);
    /* out[i] = values[rows[i]]; UINT32_MAX and -1 give zero bits. Every other row must exist. */
    void (*narrow[FR_SELECT_WIDTHS])(void *out, const void *values, const uint32_t *rows, int64_t n);
    void (*wide[FR_SELECT_WIDTHS])(void *out, const void *values, const int64_t *rows, int64_t n);
    /* The same where no row is missing. */
    void (*narrow_all[FR_SELECT_WIDTHS])(void *out, const void *values, const uint32_t *rows, int64_t n);
    void (*wide_all[FR_SELECT_WIDTHS])(void *out, const void *values, const int64_t *rows, int64_t n);
    /* out[i] = values[codes[i]], by the logarithm of a code's width (1, 2, 4 bytes) first. Every code is in the array; where
     * codes are of one byte, it has all 256. */
    void (*coded[FR_SELECT_CODES][FR_SELECT_WIDTHS])(void *out, const void *values, const void *codes, int64_t n);
    /* At rows again, for bits; `bits` NULL: all ones (so that out tells which rows were not missing). → how many are set. */
    int64_t (*narrow_bits)(uint64_t *out, const uint64_t *bits, const uint32_t *rows, int64_t n);
    int64_t (*wide_bits)(uint64_t *out, const uint64_t *bits, const int64_t *rows, int64_t n);
} fr_select_kernels;
FR_ISA_DECLARE(fr_select_kernels, fr_select_kernels);

static inline size_t fr_select_width(size_t bytes) { return (size_t)__builtin_ctzll(bytes); }      /* 8 → 3 */

#endif
