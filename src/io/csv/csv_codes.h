/* csv_codes.h — text columns as codes while they are read: one growing dictionary per worker, merged at the end.
 *
 * A worker's code is the number of the text among those this worker has seen, plus one; 0 is null. Since a worker sees rows
 * in increasing order, its texts are ordered by their first row. Merging the workers' lists by first row therefore gives
 * codes in order of first appearance in the file, whoever read what.
 */
#ifndef FR_IO_CSV_CODES_H
#define FR_IO_CSV_CODES_H

#include "io/csv/csv_dictionary.h"
#include "io/csv/csv_text.h"
#include "io/csv/csv_value.h"

typedef struct fr_csv_span { int64_t row, n; size_t worker; } fr_csv_span;    /* rows whose codes are of one worker     */

typedef struct fr_csv_codes {
    fr_context        *context;        /* borrowed; NULL: not in use                                                    */
    size_t             n_workers;
    fr_csv_dictionary *workers;        /* owned                                                                         */
    fr_csv_span       *spans;          /* owned: those of finished windows, then those of the current one               */
    size_t             n_spans, span_capacity;
} fr_csv_codes;

bool fr_csv_codes_begin(fr_call *call, fr_csv_codes *codes, size_t n_workers) FR_MUST_USE;
void fr_csv_codes_clear(fr_csv_codes *codes);
/* A window of n_ranges ranges comes; ranges then say who reads them; afterwards the window is finished. */
bool fr_csv_codes_expect(fr_call *call, fr_csv_codes *codes, size_t n_ranges) FR_MUST_USE;
static inline void fr_csv_codes_set_span(fr_csv_codes *codes, size_t range, fr_csv_span span)
{
    codes->spans[codes->n_spans + range] = span;
}

/* Codes of n fields, field i being row + i. Null are those whose bit of `nulls` is set, and empty ones without quotes, of
 * which the bit is set. Long texts are kept in `text`. */
bool fr_csv_codes_look_up(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, fr_csv_fields *fields,
                          size_t n, uint64_t *nulls, int64_t row, uint32_t *out) FR_MUST_USE;

/* ---- at the end --------------------------------------------------------------------------------------------------------- */
typedef struct fr_csv_merged {
    fr_context  *context;
    fr_buffer   *views;                /* of the distinct texts, in order of first appearance; owned                     */
    size_t       n;
    size_t       n_late;               /* first seen in rows late_from … late_to-1                                       */
    uint32_t   **maps;                 /* owned: for each worker, its codes → codes, 0 → 0                               */
    size_t      *map_lengths;
    size_t       n_workers;
} fr_csv_merged;

bool fr_csv_codes_merge(fr_call *call, const fr_csv_codes *codes, int64_t late_from, int64_t late_to,
                        fr_csv_merged *out) FR_MUST_USE;
/* Texts that workers saw first in those rows: the distinct ones first seen there are at most as many. */
size_t fr_csv_codes_most_new(const fr_csv_codes *codes, int64_t from, int64_t to);
void fr_csv_merged_clear(fr_csv_merged *merged);
/* The workers' codes of spans first … end-1, of 1, 2 or 4 bytes, become codes of the merged dictionary; `to` may be `from`
 * where they do not get wider, if all spans come in order where they get narrower. */
void fr_csv_codes_settle(const fr_csv_codes *codes, const fr_csv_merged *merged, const void *from, size_t from_width,
                         void *to, size_t to_width, size_t first, size_t end);
/* … or views, 16 bytes each. */
void fr_csv_codes_expand(const fr_csv_codes *codes, const void *from, size_t from_width, fr_view *out);

#endif
