/* records.h — values of several columns side by side, so that a row read at random costs one cache line, not one each.
 *
 *     id u16    price f64    region u8        a record of 16 bytes: price, id, region, 5 unused
 *     4000      1.5          2
 *
 * A field is as wide as its values, or narrower where they lie close together: it then holds value − base, and id,
 * were all of them in 4000 … 4200, a single byte. Records are 8, 16, 32 or 64 bytes, so none lies across two lines, or 24,
 * where a quarter of them do: what that costs is spared by writing less. Those that follow a deal (kernel/row_deal.h) are
 * 8 or 16: they are read in a cache, where they need not be few, and lie where a column of the result will.
 */
#ifndef FR_KERNEL_RECORDS_H
#define FR_KERNEL_RECORDS_H

#include "kernel/bucket_plan.h"
#include "kernel/isa.h"
#include "kernel/row_deal.h"
#include "kernel/rows.h"

#define FR_RECORD_MOST_BYTES  64
#define FR_RECORD_MOST_FIELDS 64

typedef struct fr_record_field {
    const void *values;                /* packed from                                                         */
    void       *out;                   /* unpacked to                                                         */
    uint64_t    base;                  /* of integers stored narrower than they are, else 0                   */
    uint8_t     at;                    /* first byte in the record                                            */
    uint8_t     width, stored;         /* bytes of a value: 1, 2, 4, 8, 16; in the record: the same or fewer, not of 16 */
    bool        streams;               /* written past the caches; `out` is 64-byte aligned then                      */
} fr_record_field;

typedef struct fr_records {
    fr_record_field fields[FR_RECORD_MOST_FIELDS];
    size_t          n_fields;
    size_t          bytes;             /* of a record */
    char           *at;                /* record 0; 64-byte aligned */
    bool            streams;           /* packed past the caches */
} fr_records;

/* Records on their way to the buckets of a deal. */
enum { FR_DEAL_LINE = 128 };               /* bytes gathered for a bucket before they are written */
typedef struct fr_record_lines {
    size_t written[FR_MOST_BUCKETS], next[FR_MOST_BUCKETS];
    _Alignas(64) char slots[FR_MOST_BUCKETS][FR_DEAL_LINE];
} fr_record_lines;

/* Where something is streamed, `from` is a multiple of 64. */
typedef struct fr_records_kernels {
    /* Fill records from … from+n-1 with the fields' values. */
    void (*pack)(const fr_records *records, int64_t from, int64_t n);
    /* The same, each to the next place of the bucket buckets[i] of row i; `lines` begins with those in both of its arrays. */
    void (*deal)(const fr_records *records, int64_t from, int64_t n, const uint16_t *buckets, size_t n_buckets,
                 fr_record_lines *lines);
    /* out[i] of every field = its value in record rows[i], for i in from … from+n-1; zero bits where the row is missing. */
    void (*take)(const fr_records *records, const fr_rows *rows, int64_t from, int64_t n);
    /* The same of a bucket's n records, from `begin` on: out[begin + i] is of the one at places[i] (of a deal). They are
     * copied to `stage` first, so one field's `out` may be where the records are, if it is all of them. */
    void (*settle)(const fr_records *records, const fr_row_deal *deal, size_t begin, size_t n, void *stage);
    /* The same of n records that lie in order. */
    void (*spread)(const fr_records *records, size_t begin, size_t n);
} fr_records_kernels;
FR_ISA_DECLARE(fr_records_kernels, fr_records_kernels);

#endif
