/* tally_visits.h — what one visit to a record adds to several fields at once (see tally_fields.h).
 *
 *     sum_f64_and_words     field: a pair, += x; beside it a word, += words
 *     …_seen                the same of words below 2^63, whose highest bit tells records that were visited, and lists
 *                           the rows that found it clear
 *     words                 field: a word
 *     packed                field: fr_packed_pairs of x and y
 *     packed_halves         the same where each word is shifted by 32: two sums of 32 bits
 *     best                  field: two ranks, each at least the one in words: uint16_t, uint32_t or uint64_t of two
 *     nulls                 field: a uint32_t, += 1 for each row that is not valid_x, of which there are few
 *     sum_f64_lanes         as sum_f64_and_words, or without words, of rows of FR_TALLY_LANES pieces by turns
 *
 * Rows go by 64 at a time: between them the lines that the next vector will begin with are asked for. Eight are visited
 * in one turn of a loop, so that none waits for the one before it (kernel/together.h).
 */
#ifndef FR_KERNEL_TALLY_VISITS_H
#define FR_KERNEL_TALLY_VISITS_H

#include "kernel/isa.h"
#include "kernel/tally_fields.h"

/* Pieces of so many rows, one behind the other in `at` and `words`; n is the number of rows of each. Rows of pieces with
 * records of their own do not wait for one another. */
enum { FR_TALLY_LANES = 4, FR_LANE_ROWS = 512 };

/* words[i]: rank of x in the low half, rank of y in the high one; of a null 0. */
typedef void fr_rank_words(void *words, size_t n, const fr_tally_input *in);

#define FR_SEEN_BIT ((uint64_t)1 << 63)

typedef struct fr_visit_kernels {
    fr_tally_kernel *words, *sum_f64_and_words, *sum_f64_and_words_seen, *sum_f64_lanes, *packed, *packed_halves, *nulls;
    fr_tally_kernel *best[3];              /* ranks of 1, 2 and 4 bytes */
    fr_rank_words   *rank_words[3];
} fr_visit_kernels;
FR_ISA_DECLARE(fr_visit_kernels, fr_visit_kernels);

/* Where ranks of so many bytes stand in the arrays above. */
static inline size_t fr_rank_layout(size_t width) { return width / 2; }

#endif
