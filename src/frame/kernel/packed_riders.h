/* packed_riders.h — rows of 8 bytes that bring a scaled number (kernel/scaled.h) and two small integers at most.
 *
 *     row, from the lowest bit on     15 of the code | 15 of the place | number less the lowest | two integers
 *     price 12.75, v1 3, v2 9         code 7, place 12, 1275, 3 of 3 bits, 9 of 4
 *
 * A rider with a double is 16 bytes (kernel/riders.h); where this fits, half is written and read. Numbers become doubles, and
 * the integers what they add to a word, when the row is visited, 64 rows at a time.
 */
#ifndef FR_KERNEL_PACKED_RIDERS_H
#define FR_KERNEL_PACKED_RIDERS_H

#include "kernel/riders.h"

enum { FR_PACKED_CODE_BITS = 15, FR_PACKED_PLACE_BITS = 15, FR_PACKED_AT = FR_PACKED_CODE_BITS + FR_PACKED_PLACE_BITS };

typedef struct fr_packed_part { unsigned from, bits, shift; } fr_packed_part;     /* where in words of 32 bits, and in words */
typedef struct fr_packing {
    unsigned       digits, bits;           /* of numbers, less the lowest */
    int32_t        low;
    fr_packed_part part[2];                /* 0 bits: none */
    uint64_t       every;                  /* what each row adds beside */
} fr_packing;

/* Rows to pack: n codes, of which `mask` is kept, the first one's place, numbers, and words, NULL where there are none. */
typedef struct fr_packed_rows {
    const uint32_t *codes;
    uint32_t        mask, place;
    const int32_t  *wholes;
    const uint32_t *words;
    size_t          n;
} fr_packed_rows;

/* As fr_rider_visit of sums, or of sums and words. */
typedef uint32_t fr_packed_visit(char *records, const fr_riders *riders, uint32_t *firsts, uint32_t next,
                                 const fr_packing *packing);

typedef struct fr_packed_kernels {
    void (*pack)(uint64_t *out, const fr_packed_rows *rows, const fr_packing *packing);
    fr_packed_visit *sums, *sums_and_words;
} fr_packed_kernels;
FR_ISA_DECLARE(fr_packed_kernels, fr_packed_kernels);

#endif
