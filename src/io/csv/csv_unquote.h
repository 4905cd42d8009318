/* csv_unquote.h — the fields of one column of a block, out of their quotes (csv_unquote.isa.c). */
#ifndef FR_IO_CSV_UNQUOTE_H
#define FR_IO_CSV_UNQUOTE_H

#include "io/csv/csv_index.h"
#include "io/csv/csv_value.h"
#include "kernel/isa.h"

typedef struct fr_csv_places {         /* where fields are: field r reaches from before[r] + step to ends[r]             */
    const char     *text;
    const uint32_t *before, *ends;     /* as csv_index.h has them, without FR_CSV_END_OF_RECORD                         */
    uint32_t        step;              /* 0 or 1                                                                        */
    bool            quoted;            /* some may be in quotes                                                         */
    size_t          n;
} fr_csv_places;

/* Where field r begins, its quote before it. */
static inline uint32_t fr_csv_places_begin(const fr_csv_places *p, size_t r)
{
    return (p->before[r] & FR_CSV_PLACE) + p->step;
}

/* Where its text begins. */
static inline const char *fr_csv_places_text(const fr_csv_places *p, size_t r)
{
    return p->text + p->step + (p->before[r] & FR_CSV_PLACE) + (p->ends[r] >> 30);
}

/* Field r, out of its quotes, if it ends at `end`. */
static inline fr_csv_field fr_csv_places_until(const fr_csv_places *p, size_t r, uint32_t end)
{
    const uint32_t begin = fr_csv_places_begin(p, r), quoted = (p->ends[r] & FR_CSV_QUOTED) != 0;
    const uint32_t length = end > begin ? end - begin - 2 * quoted : 0;
    return (fr_csv_field){ .text = p->text + begin + quoted, .length = length, .quoted = quoted };
}

static inline fr_csv_field fr_csv_places_field(const fr_csv_places *p, size_t r)
{
    return fr_csv_places_until(p, r, p->ends[r] & FR_CSV_PLACE);
}

typedef struct fr_csv_unquote_kernels {
    /* One that ends before it begins is empty; those of FR_CSV_QUOTED lose their first and last byte. What stands between
     * the quotes is not looked at. */
    void (*fields)(const fr_csv_places *places, fr_csv_field *out);
    /* The same for the last column, where a CR before the end belongs to the line end. */
    void (*last_fields)(const fr_csv_places *places, fr_csv_field *out);
} fr_csv_unquote_kernels;

FR_ISA_DECLARE(fr_csv_unquote_kernels, fr_csv_unquote_kernels);

#endif
