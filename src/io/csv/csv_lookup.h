/* csv_lookup.h — codes of short texts, a whole group of fields at a time (csv_lookup.isa.c).
 *
 * Nearly all texts that repeat are short. A text of 1 to 12 bytes is its own key: the bytes, followed by zeros. Four keys
 * with their codes fill one cache line, a bucket, so a text that is known is found by one comparison of a line. What does
 * not fit is left to csv_codes.c: longer texts, the empty one, those that end with NUL (their keys would be those of
 * shorter texts), new ones, and those whose bucket was full.
 */
#ifndef FR_IO_CSV_LOOKUP_H
#define FR_IO_CSV_LOOKUP_H

#include <string.h>

#include "data/view.h"
#include "io/csv/csv_value.h"
#include "kernel/isa.h"

#define FR_CSV_GROUP 64                                         /* fields of one call: one word of bits                   */

typedef struct fr_csv_key { uint64_t low, high; } fr_csv_key;   /* `high` has four bytes                                  */

typedef struct fr_csv_bucket { uint32_t words[16]; } fr_csv_bucket;        /* four of { 12 bytes, code }; code 0: free    */

typedef struct fr_csv_buckets {
    fr_csv_bucket *buckets;            /* owned by csv_codes.c; NULL: none yet                                          */
    size_t         n_buckets;          /* a power of two, at least 4                                                    */
    uint32_t       shift;              /* the bucket of a hash is hash >> shift                                         */
    uint32_t       n_free;             /* entries that may still be added                                               */
    uint64_t       odd_low, odd_high;  /* secret multipliers                                                            */
} fr_csv_buckets;

typedef struct fr_csv_lookup_kernels {
    /* Codes of n (at most 64) fields; 0 for the null ones. *nulls: bits of fields known to be null, to which the empty and
     * unquoted ones are added. → bits of the fields whose code was not found. b->buckets must not be NULL. Reads sixteen
     * bytes of each text and, however long it is, no more. */
    uint64_t (*find)(const fr_csv_buckets *b, const fr_csv_field *fields, size_t n, uint32_t *codes, uint64_t *nulls);
} fr_csv_lookup_kernels;

FR_ISA_DECLARE(fr_csv_lookup_kernels, fr_csv_lookup_kernels);

/* Multiply-shift with secret odd factors: nobody can prepare texts that share a bucket (Dietzfelbinger et al., 1997). */
static inline uint64_t fr_csv_key_hash(const fr_csv_buckets *b, fr_csv_key key)
{
    return key.low * b->odd_low + key.high * b->odd_high;
}

/* The key of a text; false when it has none. Reads sixteen bytes. */
static inline bool fr_csv_key_of(const char *text, uint32_t n, fr_csv_key *out)
{
    static const uint64_t masks[] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
                                      UINT64_MAX };
    if (n - 1 >= FR_VIEW_INLINE) return false;
    memcpy(out, text, sizeof *out);
    out->low &= masks[n < 8 ? n : 8];
    out->high &= masks[n < 8 ? 0 : n - 8];
    return (n <= 8 ? out->low >> (8 * n - 8) : out->high >> (8 * n - 72)) != 0;
}

/* A view of up to 12 bytes holds its key behind its length. */
static inline bool fr_csv_key_of_view(const fr_view *view, fr_csv_key *out)
{
    const uint32_t n = view->in.length;
    if (n - 1 >= FR_VIEW_INLINE || !view->in.text[n - 1]) return false;
    *out = (fr_csv_key){ view->words.first >> 32 | view->words.second << 32, view->words.second >> 32 };
    return true;
}

#endif
