/* row_words.h — a row as a number of a few words: its key in the highest bits, what else it has below, bit by bit.
 *
 *     key 17 bits | v3 57 | id6 17 | id4 7 | id5 7 | v2 4 | v1 3        112 bits: two words, 16 bytes
 *
 * So a whole row is dealt to the bucket of its key at once (kernel/word_order.h), and read once more when the bucket is put
 * in order. A field holds what lies between a value and the least one of its column. Fields that belong to the key are not
 * packed: they are read off the key's bits, from which on `at` says; those of other fields count from the lowest bit of the
 * first word. The key is in the last word.
 */
#ifndef FR_KERNEL_ROW_WORDS_H
#define FR_KERNEL_ROW_WORDS_H

#include "kernel/bucket_plan.h"
#include "kernel/isa.h"

enum { FR_MOST_ROW_WORDS = 4, FR_MOST_WORD_FIELDS = 64,
       FR_WORD_LINE = 256 };               /* bytes gathered for a bucket at most */

typedef enum fr_word_kind {
    FR_WORD_WHOLE,                         /* an integer, or any bits */
    FR_WORD_F64,                           /* by ordered bits (kernel/key_codes.h), of which -0 and NaN have their own */
    FR_WORD_F32,                           /* of a key: a float by the ordered bits of the double that it is */
    FR_WORD_MAPPED,                        /* of a key: map[…] is the value */
    FR_WORD_SCALED                         /* packed as int32_t, unpacked as the doubles that these stand for */
} fr_word_kind;                            /* (kernel/scaled.h) */

typedef struct fr_word_field {
    const void     *values;                /* packed from, by row; NULL: read off the key */
    void           *out;                   /* unpacked to, in order */
    const uint32_t *map;
    uint64_t        base;                  /* value = base + field, or base - field where it falls; in ordered bits of floats */
    bool            falls;                 /* only of a key */
    uint8_t         width, bits;           /* bytes of a value, 1, 2, 4 or 8; of the field, at least 1 */
    uint8_t         digits;                /* of scaled ones */
    uint16_t        at;                    /* its lowest bit, of 64 * n_words */
    fr_word_kind    kind;
} fr_word_field;

/* Bytes of a value in `out`. */
static inline size_t fr_word_out_bytes(const fr_word_field *field)
{
    return field->kind == FR_WORD_SCALED ? sizeof(double) : field->width;
}

typedef struct fr_row_words {
    fr_word_field fields[FR_MOST_WORD_FIELDS];
    size_t        n_fields, n_words;
    unsigned      key_bits;                /* 1 … 64, the highest of a row */
    uint64_t     *at;                      /* rows as they are dealt; 64-byte aligned */
} fr_row_words;

static inline unsigned fr_words_key_shift(const fr_row_words *words) { return 64 - words->key_bits; }

/* Rows on their way to buckets. */
typedef struct fr_word_lines {
    size_t written[FR_MOST_BUCKETS];
    _Alignas(64) char slots[FR_MOST_BUCKETS * FR_WORD_LINE];
} fr_word_lines;

typedef struct fr_row_words_kernels {
    /* Rows begin … end-1, whose keys the plan has, each to the next place of its bucket, next[bucket]. */
    void (*deal)(const fr_row_words *words, const fr_bucket_plan *plan, size_t begin, size_t end, size_t *next,
                 fr_word_lines *lines);
    /* Values begin … begin+n-1 of every field = those of the rows numbers[i] & mask behind `rows`, or i where numbers is
     * NULL. */
    void (*unpack)(const fr_row_words *words, const uint64_t *rows, const uint64_t *numbers, uint64_t mask, size_t begin,
                   size_t n);
} fr_row_words_kernels;
FR_ISA_DECLARE(fr_row_words_kernels, fr_row_words_kernels);

#endif
