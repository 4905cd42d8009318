/* csv_shape.h — what the beginning of a file says about the whole: separator, header, names (csv_shape.c). */
#ifndef FR_IO_CSV_SHAPE_H
#define FR_IO_CSV_SHAPE_H

#include "io/csv/csv_dialect.h"
#include "io/csv/csv_value.h"

typedef struct fr_csv_shape {
    fr_csv_dialect dialect;
    size_t         n_columns;
    const char   **names;             /* unique, valid; in the arena                                                   */
    uint32_t      *seen;              /* classes of each column's fields in the sample                                 */
    bool           has_header, header_is_guess;      /* guess: nothing told the first record from the rest             */
    size_t         data_begin;        /* offset of the first data record                                               */
    int64_t        data_line;         /* its line, from 1                                                              */
    int64_t        sample_rows;       /* data records looked at                                                        */
    const char    *sep_evidence, *header_evidence;
    const char    *other_format;      /* a hint, when the first bytes are those of something else; NULL                */
} fr_csv_shape;

typedef enum fr_csv_shape_result { FR_CSV_SHAPE_FAILED, FR_CSV_SHAPE_FOUND, FR_CSV_SHAPE_NEEDS_MORE } fr_csv_shape_result;

/* Look at the first n bytes of the text; `last`: that is all of it. NEEDS_MORE: the first record is not complete. */
fr_csv_shape_result fr_csv_shape_find(fr_call *call, const char *text, size_t n, bool last, const char *path,
                                      const fr_csv_options *options, fr_arena *arena, fr_csv_shape *out);

#endif
