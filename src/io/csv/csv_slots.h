/* csv_slots.h — cells of one column of a strip, each in a slot of the same width.
 *
 *     id0000042202,··13      5,·····2      37.211254⏎·····10
 *
 * A slot holds the cell and the separator or line end behind it; its last byte says how many bytes that is, so that it
 * can be copied whole and the next one laid over its end. A cell that is longer than a slot is far: the slot says where
 * it lies.
 */
#ifndef FR_IO_CSV_SLOTS_H
#define FR_IO_CSV_SLOTS_H

#include "base/compiler.h"

#include <string.h>

enum { FR_CSV_TINY = 8, FR_CSV_NEAR = 16, FR_CSV_WIDE = 32,        /* bytes of a slot                                 */
       FR_CSV_FAR = 255 };                       /* the length that stands for a far cell, which only wide slots hold */

typedef struct fr_csv_far { const char *text; size_t n; } fr_csv_far;

typedef struct fr_csv_slots {
    char   *bytes;
    size_t  width;                               /* FR_CSV_TINY, FR_CSV_NEAR or FR_CSV_WIDE                           */
    size_t  far_bytes;                           /* of all far cells                                                  */
} fr_csv_slots;

typedef struct fr_csv_ending { char text[2]; uint16_t n; } fr_csv_ending;      /* what stands behind a column's cells */

static inline char *fr_csv_slot(const fr_csv_slots *s, size_t i)
{
    return s->bytes + i * s->width;
}

FR_TEMPLATE_FN void fr_csv_slot_set_length(fr_csv_slots *s, size_t i, size_t n)
{
    fr_csv_slot(s, i)[s->width - 1] = (char)n;
}

FR_TEMPLATE_FN size_t fr_csv_slot_length(const fr_csv_slots *s, size_t i)
{
    return (uint8_t)fr_csv_slot(s, i)[s->width - 1];
}

/* Of slots for cells of n bytes and the ending. */
static inline size_t fr_csv_slot_width(const fr_csv_ending *end, size_t n)
{
    n += end->n;
    return n < FR_CSV_TINY ? FR_CSV_TINY : n < FR_CSV_NEAR ? FR_CSV_NEAR : FR_CSV_WIDE;
}

/* n bytes of the cell are in the slot. */
FR_TEMPLATE_FN void fr_csv_slot_end(const fr_csv_ending *end, fr_csv_slots *s, size_t i, size_t n)
{
    memcpy(fr_csv_slot(s, i) + n, end->text, sizeof end->text);
    fr_csv_slot_set_length(s, i, n + end->n);
}

static inline void fr_csv_slot_put_far(fr_csv_slots *s, size_t i, const char *text, size_t n)
{
    const fr_csv_far cell = { text, n };
    memcpy(fr_csv_slot(s, i), &cell, sizeof cell);
    fr_csv_slot_set_length(s, i, FR_CSV_FAR);
    s->far_bytes += n;
}

/* The text stays where it is when it does not fit, which it may only in wide slots. */
static inline void fr_csv_slot_put(const fr_csv_ending *end, fr_csv_slots *s, size_t i, const char *text, size_t n)
{
    if (n >= s->width - end->n) {
        fr_csv_slot_put_far(s, i, text, n);
        return;
    }
    memcpy(fr_csv_slot(s, i), text, n);
    fr_csv_slot_end(end, s, i, n);
}

/* From the last on: a wider slot begins behind those that are still to be moved, or where its own began. */
static inline void fr_csv_slots_widen(fr_csv_slots *s, size_t n, size_t width)
{
    const fr_csv_slots old = *s;
    s->width = width;
    for (size_t i = n; i-- > 0;) {
        const size_t length = fr_csv_slot_length(&old, i);
        memmove(fr_csv_slot(s, i), fr_csv_slot(&old, i), old.width);
        fr_csv_slot_set_length(s, i, length);
    }
}

#endif
