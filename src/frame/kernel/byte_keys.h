/* byte_keys.h — rows whose keys are bytes: where their records begin, and sums of bytes added there.
 *
 *     region  store      slot = region × 3 + store      record of 4 bytes begins at
 *          1      2         5                              20
 *          0      1         1                               4
 *
 * Tables of up to 64 KiB have places of 16 bits, which are made 16 rows an instruction from the first key to the place, and
 * come to the loop that adds four in a word; with places and values of 32 bits, made one step after the other, adding
 * values of one byte took 1.4 to 1.7 times as long.
 */
#ifndef FR_KERNEL_BYTE_KEYS_H
#define FR_KERNEL_BYTE_KEYS_H

#include "kernel/isa.h"

enum { FR_BYTE_KEYS = 4,                   /* of a row at most */
       FR_BYTE_PLACES = 1 << 16,           /* all are below it */
       FR_BYTE_COPIES = 8,                 /* of a table, which rows take by turns */
       FR_BYTE_RUN = 64 };                 /* rows that are added at once where all go to one place */

typedef struct fr_byte_key {
    const uint8_t  *values;                /* of all rows */
    const uint64_t *valid;                 /* NULL: all are */
    uint8_t         flip;                  /* code = (value ^ flip) + add, of signed values too … */
    uint16_t        add, null_add;         /* … + null_add where null, whose value is 0 */
    uint16_t        span;                  /* slot = slot of the keys before × span + code */
} fr_byte_key;

/* place = slot × by + begin + (i % FR_BYTE_COPIES) × apart, modulo FR_BYTE_PLACES */
typedef struct fr_byte_table { uint16_t by, begin, apart; } fr_byte_table;

typedef struct fr_byte_kernels {
    /* out[i]: of row first + i, i < n. first is a multiple of 64, and there is a key at least. */
    void (*places)(uint16_t *out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n, fr_byte_table table);
    void (*wide_places)(uint32_t *out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n, fr_byte_table table);
    /* The same of the slots themselves, all of which are below 256. */
    void (*slots)(uint8_t *out, const fr_byte_key *keys, size_t n_keys, size_t first, size_t n);
    /* *(int32_t *)(field + at[i]) += x[i], bytes */
    void (*sum_signed)(char *field, const uint16_t *at, const void *x, size_t n);
    void (*sum_unsigned)(char *field, const uint16_t *at, const void *x, size_t n);
} fr_byte_kernels;

FR_ISA_DECLARE(fr_byte_kernels, fr_byte_kernels);

#endif
