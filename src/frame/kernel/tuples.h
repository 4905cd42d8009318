/* tuples.h — what a row brings along, packed, dealt out to parts.
 *
 *     slot u16  v1 i8  v3 f64                  tuples of 12 bytes, one unused
 *     part 0    (7, 1, 0.5) (3, 4, 2.5) …      those of a part one after the other, in the order they are dealt
 *     part 1    (9, 2, 1.5) …
 *
 * A part's tuples gather in a hand until they fill whole cache lines, which are then written past the caches: a store to
 * each of hundreds of parts would read its line first, and lose it before it is full.
 */
#ifndef FR_KERNEL_TUPLES_H
#define FR_KERNEL_TUPLES_H

#include "base/compiler.h"

#include <stdint.h>

enum { FR_TUPLE_UNIT = 4,                  /* tuples are multiples of so many bytes … */
       FR_TUPLE_MOST = 32,                 /* … and, to be dealt fast, at most so many */
       FR_TUPLE_HAND = 16 };               /* laid down together; a part begins at a multiple of it */

/* Field `to` (tuple 0's) of n tuples from values of 1, 2, 4 or 8 bytes, and back. */
void fr_tuples_put(char *to, size_t tuple_bytes, const void *values, size_t width, size_t n);
void fr_tuples_get(void *out, const char *from, size_t tuple_bytes, size_t width, size_t n);

typedef struct fr_tuple_hands {
    size_t          bytes;                 /* of a tuple */
    char           *to;                    /* tuple 0 of part 0; 64-byte aligned */
    char           *held;                  /* [n_parts × FR_TUPLE_HAND] tuples */
    uint64_t       *places;                /* by part: where its next tuple goes; changed */
    const uint64_t *begins;                /* where it went first: what lies before is not ours */
} fr_tuple_hands;

/* Tuple i goes to part parts[i]. */
void fr_tuples_deal(const fr_tuple_hands *hands, const char *tuples, const uint32_t *parts, size_t n);
/* What is still held, in the end. */
void fr_tuples_deal_rest(const fr_tuple_hands *hands, size_t n_parts);

#endif
