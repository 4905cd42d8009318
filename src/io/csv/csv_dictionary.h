/* csv_dictionary.h — the distinct texts that one worker has seen in a column, in order of their first row (csv_dictionary.c).
 *
 * Codes begin with 1; 0 is null, and what functions here return for a text that is not there or after a failure.
 */
#ifndef FR_IO_CSV_DICTIONARY_H
#define FR_IO_CSV_DICTIONARY_H

#include "io/csv/csv_fields.h"
#include "io/csv/csv_lookup.h"
#include "io/csv/csv_serial.h"

typedef struct fr_csv_entry {          /* beside its view                                                               */
    const char *text;                  /* of a long one                                                                 */
    int64_t     first_row;
    uint64_t    hash;                  /* of one without a key                                                          */
} fr_csv_entry;

typedef struct fr_csv_dictionary {     /* 192 bytes: workers do not write to one another's cache lines                  */
    fr_csv_serial  serial;             /* the texts that are a prefix and a number                                      */
    fr_csv_buckets buckets;            /* the others that have a key                                                    */
    uint64_t      *slots;              /* owned: the rest: high half of a hash, code in the low half; 0: free           */
    size_t         n_slots, n_odd;     /* n_odd: entries that have a slot                                               */
    fr_view       *views;              /* owned                                                                         */
    fr_csv_entry  *entries;            /* owned                                                                         */
    size_t         n, capacity, view_capacity;     /* of entries, of views                                             */
    uint64_t       seed;
    uint64_t       apart_[2];
} fr_csv_dictionary;
_Static_assert(sizeof(fr_csv_dictionary) == 192, "three cache lines");

void fr_csv_dictionary_clear(fr_context *context, fr_csv_dictionary *d);
/* Codes of n (at most 64) fields, as fr_csv_lookup_kernels.find. → bits of those for which fr_csv_dictionary_find has to be
 * asked, since they are not found at once. */
uint64_t fr_csv_dictionary_find_group(const fr_csv_dictionary *d, const fr_csv_field *fields, size_t n, uint32_t *codes,
                                      uint64_t *nulls);
/* The same for those of a column from `from` on; where some are missing, all are cut. */
uint64_t fr_csv_dictionary_find_placed(const fr_csv_dictionary *d, fr_csv_fields *fields, size_t from, size_t n,
                                       uint32_t *codes, uint64_t *nulls);
/* The code of a text; `hash`: fr_hash_bytes of one without a key. */
uint32_t fr_csv_dictionary_find(const fr_csv_dictionary *d, const char *text, uint32_t n, uint64_t hash);
/* Add a text that is not there. The entry has what is said of it above. */
uint32_t fr_csv_dictionary_add(fr_call *call, fr_csv_dictionary *d, const fr_view *view, const fr_csv_entry *entry);

#endif
