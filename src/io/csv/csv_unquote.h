/* csv_unquote.h — the fields of one column of a block, out of their quotes (csv_unquote.isa.c). */
#ifndef FR_IO_CSV_UNQUOTE_H
#define FR_IO_CSV_UNQUOTE_H

#include "io/csv/csv_value.h"
#include "kernel/isa.h"

typedef struct fr_csv_places {         /* where fields are: field r reaches from before[r] + step to ends[r]             */
    const char     *text;
    const uint32_t *before, *ends;     /* as csv_index.h has them, without FR_CSV_END_OF_RECORD                         */
    uint32_t        step;              /* 0 or 1                                                                        */
    size_t          n;
} fr_csv_places;

typedef struct fr_csv_unquote_kernels {
    /* One that ends before it begins is empty; those of FR_CSV_QUOTED lose their first and last byte. What stands between
     * the quotes is not looked at. */
    void (*fields)(const fr_csv_places *places, fr_csv_field *out);
    /* The same for the last column, where a CR before the end belongs to the line end. */
    void (*last_fields)(const fr_csv_places *places, fr_csv_field *out);
} fr_csv_unquote_kernels;

FR_ISA_DECLARE(fr_csv_unquote_kernels, fr_csv_unquote_kernels);

#endif
