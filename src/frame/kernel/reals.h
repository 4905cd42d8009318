/* reals.h — a formula of doubles, 64 rows at a time from the first operand to the result.
 *
 *     y = v1 * v3 + v2 / 2       0: v1 as doubles   1: v3 where it lies   2: 0 * 1   3: v2 as doubles   4: 3 * 0.5   5: 2 + 4
 *
 * What lies between two steps are 64 numbers in the first-level cache, and the columns are read evenly: memory brings
 * the next rows while these are computed. Call by call over vectors of 4,096 rows the same takes twice as long
 * (10^7 rows, one core of a busy machine: 16.0 ms, and 8.8 so). Conditions are words of bits, and so is what is not
 * null: one word of a place for 64 rows, made beside its numbers. A comparison with a null is neither true nor false, and
 * a condition that is not true chooses the other number.
 */
#ifndef FR_KERNEL_REALS_H
#define FR_KERNEL_REALS_H

#include "kernel/compare.h"

enum { FR_REALS_ROWS = 64, FR_REALS_STEPS = 32, FR_REALS_PLACES = 16, FR_REALS_INPUTS = 8 };

typedef enum fr_reals_op {
    FR_REALS_I8, FR_REALS_I16, FR_REALS_I32, FR_REALS_I64, FR_REALS_F64,      /* input a */
    FR_REALS_SCALED,                                                          /* input a, of b digits (kernel/scaled.h) */
    FR_REALS_IF_I8, FR_REALS_IF_I16, FR_REALS_IF_I32, FR_REALS_IF_I64,        /* input a with constant b, which it holds;
                                                                                 `how` → a condition */
    FR_REALS_COMPARE,                                                         /* places a and b; `how` → a condition */
    FR_REALS_AND, FR_REALS_OR, FR_REALS_NOT,                                  /* conditions a and b */
    FR_REALS_ADD, FR_REALS_SUB, FR_REALS_MUL, FR_REALS_DIV,                   /* places a and b */
    FR_REALS_CHOOSE,                                                          /* a where the condition is true, else b */
} fr_reals_op;

typedef struct fr_reals_step { uint8_t op, out, a, b, condition, how; } fr_reals_step;

typedef struct fr_reals {
    size_t        n_steps, n_inputs;
    fr_reals_step steps[FR_REALS_STEPS];       /* the last computes or chooses: what it gives is the result */
    const void   *inputs[FR_REALS_INPUTS];
    const uint64_t *valids[FR_REALS_INPUTS];   /* of inputs with nulls, else NULL                              */
    bool          has_nulls;                   /* an input has                                                 */
    uint8_t       widths[FR_REALS_INPUTS];
    double        constants[FR_REALS_PLACES];
    uint32_t      is_constant;                 /* places that hold one, as bits */
} fr_reals;

typedef struct fr_reals_kernels {
    /* Rows first … first + n - 1 into out; past the caches if `stream`: then out is aligned to 64 bytes, and the caller
     * says when it is to be seen (fr_stream_end). Where inputs have nulls, `first` is a multiple of 64, which rows are
     * not null goes to valid, and a null row has a zero; → how many there are. */
    size_t (*run)(const fr_reals *reals, size_t first, size_t n, double *out, uint64_t *valid, bool stream);
} fr_reals_kernels;
FR_ISA_DECLARE(fr_reals_kernels, fr_reals_kernels);

#endif
