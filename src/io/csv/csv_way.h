/* csv_way.h — how one column is written: which way its values become cells in slots (csv_way.c). */
#ifndef FR_IO_CSV_WAY_H
#define FR_IO_CSV_WAY_H

#include "io/csv/csv_cells.h"
#include "io/csv/csv_slots.h"
#include "kernel/number_slots.h"

#define FR_CSV_STRIP FR_NUMBER_STRIP

typedef struct fr_csv_way fr_csv_way;
typedef bool fr_csv_fill_fn(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out,
                            fr_text *room);

struct fr_csv_way {
    const fr_csv_style *style;                   /* borrowed                                                          */
    const fr_column    *column;                  /* borrowed                                                          */
    fr_csv_fill_fn     *fill;
    fr_csv_ending       end;                     /* what stands behind its cells                                      */
    size_t              least;                   /* width of slots that nulls fit into                                */
    bool                is_large;                /* its entries lie beyond the second-level cache                     */
    fr_csv_slots        entries;                 /* of a dictionary or the integers of a byte, when laid out          */
    fr_arena            arena;                   /* holds the entries                                                 */
};

void fr_csv_way_begin(fr_call *call, fr_csv_way *w, const fr_csv_style *style, const fr_column *column, bool last);
/* Before the first row: lays out its entries, where it has some. */
bool fr_csv_way_prepare(fr_call *call, fr_csv_way *w) FR_MUST_USE;
void fr_csv_way_clear(fr_csv_way *w);
/* At most FR_CSV_STRIP cells from row `from` on, into slots that have room for wide ones; texts that have to be made
 * lie in the room. By several threads at once. */
bool fr_csv_way_fill(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out,
                     fr_text *room) FR_MUST_USE;

#endif
