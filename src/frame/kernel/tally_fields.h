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
 *
 * A word is a field of several sums, each in the bits that the sum of a block can need:
 *
 *     n and v1 of a row     1 and 5     word 1 + (5 << 21)     one addition a row
 *     their lowest sums     0 and 0     of a record: n = word & (2^21 - 1), v1 = word >> 21
 *
 * Sums below zero borrow from those above; taking the lowest possible sums off first gives everything back.
 *
 * Pairs of numbers in a small range are three words of two sums each, of x and y less the lowest of each:
 *
 *     x y + (x << shift[0])     x x + (y << shift[1])     y y + (1 << shift[2])
 */
#ifndef FR_KERNEL_TALLY_FIELDS_H
#define FR_KERNEL_TALLY_FIELDS_H

#include "kernel/accumulate.h"

/* Values that the next vector of rows will begin with: asked for while records are visited, which leaves memory time.
 * 10^7 rows, 100 groups, three means: 31 ms of CPU, 26 with them. */
enum { FR_TALLY_AHEAD = 6 };
typedef struct fr_tally_ahead {
    const char *values[FR_TALLY_AHEAD];
    size_t      width[FR_TALLY_AHEAD], n;
} fr_tally_ahead;

/* Rank of an int32_t: (x ^ flip) + add, 1 … from the worst value to the best; 0: none. */
typedef struct fr_tally_ranking {
    uint32_t flip, add, width;             /* width: 1, 2 or 4 bytes a rank */
    bool     bytes;                        /* of a byte each: so are the values, which come as they lie */
} fr_tally_ranking;

/* Small words of rows that are parts of a word from bit `by` on: (small << by) + every. every 0: small words are words. */
typedef struct fr_tally_rise { uint64_t every; unsigned by; } fr_tally_rise;

/* How pairs are packed. */
typedef struct fr_tally_packing { int32_t low_x, low_y; uint8_t shift[3]; } fr_tally_packing;

/* Rows, of a vector, whose record had no row before; room for one more. */
typedef struct fr_tally_firsts { size_t n; uint16_t rows[(1 << 11) + 1]; } fr_tally_firsts;

typedef struct fr_tally_input {
    const void     *x, *y;                 /* values of the rows; bools: words */
    const uint64_t *valid_x, *valid_y;     /* NULL: all */
    const uint64_t *words;                 /* of the rows; of two ranks: of narrower ones too */
    const uint32_t *small_words;           /* in their place, where not NULL … */
    fr_tally_rise   rise;                  /* … and what makes words of them */
    size_t          beside;                /* from the field to that of words in the same record */
    const uint32_t *soon;                  /* visits: records asked for, one with each of n_soon rows; NULL: none … */
    size_t          n_soon;
    bool            far;                   /* … from memory, into the second-level cache */
    bool            lined;                 /* … none of which lies in two lines */
    bool            many;                  /* records: four rows are likely of four */
    fr_tally_firsts *firsts;               /* sum_f64_and_words_seen: more of them are listed */
    size_t          lane_apart;            /* of lanes: values of x between one lane's and the next's */
    fr_tally_ahead  ahead;                 /* visits */
    fr_tally_ranking ranking_x, ranking_y;
    fr_tally_packing packing;              /* of packed pairs */
    uint32_t        first_row;             /* of ends: within the block */
} fr_tally_input;

/* Rows that may be added at once where all are of one record. */
enum { FR_RUN = 64 };
static inline bool fr_is_run(const uint32_t *at)
{
    uint32_t others = 0;
    if (at[0] != at[FR_RUN - 1]) return false;
    for (size_t i = 0; i < FR_RUN; i++) others |= at[i] ^ at[0];
    return !others;
}

typedef void fr_tally_kernel(char *field, const uint32_t *at, size_t n, const fr_tally_input *in);

/* Pairs of small integers that both have a value: sums fit 64 bits within a block. */
typedef struct fr_small_pairs { int64_t n, x, y, xx, yy, xy; } fr_small_pairs;
typedef struct fr_packed_pairs { uint64_t xy_x, xx_y, yy_n; } fr_packed_pairs;
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
    fr_tally_ranks,                        /* uint8_t, uint16_t or uint32_t: the best rank of an int32_t           */
    fr_tally_ends,                         /* fr_small_ends                                                        */
    fr_tally_pairs;                        /* fr_small_pairs of int32_t                                            */

typedef struct fr_tally_part {             /* of a word */
    uint64_t lowest;                       /* the word of the lowest possible sums */
    uint64_t mask;
    int64_t  low;                          /* this one's */
    unsigned shift;
    fr_tally_packing packing;              /* of packed pairs, which are no part of a word */
} fr_tally_part;
typedef struct fr_tally_source {
    const char   *field;
    size_t        stride, n;
    int64_t       first_row;
    fr_tally_part part;
} fr_tally_source;
/* Of n records `stride` bytes apart. add: totals[i] += field of record i; `first_row` is the block's. put: totals[to[i]] = what
 * adding makes of nothing, to NULL: totals[i]. One that a field has not is NULL. */
typedef struct fr_tally_merge {
    void (*add)(void *totals, const fr_tally_source *from);
    void (*put)(void *totals, const fr_tally_source *from, const uint32_t *to);
} fr_tally_merge;

extern const fr_tally_merge
    fr_tally_merge_counts,                 /* uint32_t → uint64_t                                                  */
    fr_tally_merge_words,                  /* uint64_t → uint64_t                                                  */
    fr_tally_merge_part_counts,            /* part of a word → uint64_t, or int64_t                                */
    fr_tally_merge_part_sums,              /* part of a word → fr_i128                                             */
    fr_tally_merge_i32, fr_tally_merge_i64,                                                         /* → fr_i128   */
    fr_tally_merge_i32_narrow,             /* int32_t → int64_t                                                    */
    fr_tally_merge_pairs,                  /* fr_pair → fr_pair                                                    */
    fr_tally_merge_rounded,                /* fr_pair → double                                                     */
    fr_tally_merge_ranks_u8, fr_tally_merge_ranks_u16, fr_tally_merge_ranks_u32,        /* → the same: the larger  */
    fr_tally_merge_ends,                   /* fr_small_ends → fr_ends                                              */
    fr_tally_merge_small_pairs,            /* fr_small_pairs → fr_exact_pairs                                      */
    fr_tally_merge_packed;                 /* fr_packed_pairs → fr_exact_pairs                                     */

#endif
