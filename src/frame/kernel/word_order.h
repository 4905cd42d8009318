/* word_order.h — rows that are numbers of a few words (kernel/row_words.h), dealt to buckets and put in order there.
 *
 * kernel/row_order.h finds the order of rows, by which every column is then looked up, or dealt once more. Here all that a
 * row has goes with its key: each row is written once, to its bucket, and read once, where the cache holds the bucket.
 *
 *     keys     2 1 5 0 | 9 7         rows  dealt  2a 1b 5c 0d | 9e 7f      unpacked  d b a c f e
 */
#ifndef FR_KERNEL_WORD_ORDER_H
#define FR_KERNEL_WORD_ORDER_H

#include "base/buffer.h"
#include "kernel/row_words.h"

typedef struct fr_word_deal {              /* zero: none */
    fr_row_words  *words;                  /* borrowed */
    fr_bucket_plan plan;                   /* of the arena */
    fr_buffer     *rows;                   /* owned */
} fr_word_deal;

/* Is this the way for so many rows, by keys of so many bits? */
bool fr_words_are_dealt(size_t n_rows, unsigned key_bits);

/* Deal n rows by their keys, all below 2^key_bits; neither these nor what was packed is read afterwards. parallel: blocks. */
bool fr_words_deal(fr_call *call, fr_arena *arena, fr_row_words *words, const uint64_t *keys, size_t n, fr_word_deal *out)
    FR_MUST_USE;
/* The fields of all rows, in the order of their keys; stable. parallel: buckets. */
bool fr_words_unpack(fr_call *call, const fr_word_deal *deal) FR_MUST_USE;
void fr_word_deal_clear(fr_word_deal *deal);       /* works as FR_CLEANUP */

#endif
