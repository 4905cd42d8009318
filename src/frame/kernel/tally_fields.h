/* tally_fields.h — rows added to records: the states of several aggregates of one group side by side.
 *
 * A record is what a block of at most 2^20 rows knows of one group, so that counts fit 32 bits and sums of small
 * numbers 32 or 64; `fr_tally_merge` kernels add the records of a block to totals, which are as wide as the states of
 * accumulate.h. A record of zero bits is the record of no rows.
 *
 *     rows      record of a group: n, sum of v1 (i32), sum of v3 (pair)        stride 24
 *     at[i]     slot of row i × stride: where its record begins
 *
 * A kernel adds one field; `field` points at the field of the first record.
 */
#ifndef FR_KERNEL_TALLY_FIELDS_H
#define FR_KERNEL_TALLY_FIELDS_H

#include "kernel/accumulate.h"

typedef struct fr_tally_input {
    const void     *x, *y;                 /* values of the rows; bools: words */
    const uint64_t *valid_x, *valid_y;     /* NULL: all */
    uint32_t        end;                   /* least: the largest value; most: the smallest; ends: row within the block */
} fr_tally_input;

typedef void fr_tally_kernel(char *field, const uint32_t *at, size_t n, const fr_tally_input *in);

/* Pairs of small integers that both have a value: sums fit 64 bits within a block. */
typedef struct fr_small_pairs { int64_t n, x, y, xx, yy, xy; } fr_small_pairs;
typedef struct fr_exact_pairs { fr_i128 n, x, y, xx, yy, xy; } fr_exact_pairs;
typedef struct fr_small_ends { uint32_t first, last; } fr_small_ends;              /* row within the block + 1; 0: none */

fr_tally_kernel
    fr_tally_rows,                         /* uint32_t                                                             */
    fr_tally_values,                       /* uint32_t: rows that are valid_x                                      */
    fr_tally_bits,                         /* int32_t: sum of bools                                                */
    fr_tally_sum_i32,                      /* int32_t += int32_t                                                   */
    fr_tally_sum_i32_wide,                 /* int64_t += int32_t                                                   */
    fr_tally_sum_i64,                      /* int64_t += int64_t                                                   */
    fr_tally_sum_f32, fr_tally_sum_f64,    /* fr_pair                                                              */
    fr_tally_squares,                      /* int64_t += int32_t squared                                           */
    fr_tally_least, fr_tally_most,         /* uint32_t: distance of int32_t from `end`, + 1, the largest; 0: none  */
    fr_tally_ends,                         /* fr_small_ends                                                        */
    fr_tally_pairs;                        /* fr_small_pairs of int32_t                                            */

/* totals[i] += field of record i, for n records `stride` bytes apart. `first_row` is the block's. */
typedef struct fr_tally_source { const char *field; size_t stride, n; int64_t first_row; } fr_tally_source;
typedef void fr_tally_merge(void *totals, const fr_tally_source *from);

fr_tally_merge
    fr_tally_merge_counts,                 /* uint32_t → uint64_t                                                  */
    fr_tally_merge_i32, fr_tally_merge_i64,                                                         /* → fr_i128   */
    fr_tally_merge_pairs,                  /* fr_pair → fr_pair                                                    */
    fr_tally_merge_ranks,                  /* uint32_t → uint32_t: the larger                                      */
    fr_tally_merge_ends,                   /* fr_small_ends → fr_ends                                              */
    fr_tally_merge_small_pairs;            /* fr_small_pairs → fr_exact_pairs                                      */

#endif
