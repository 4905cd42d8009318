/* cell_text.h — one cell as text, for printing and for writers of other formats. */
#ifndef FR_DATA_CELL_TEXT_H
#define FR_DATA_CELL_TEXT_H

#include "base/memory.h"
#include "data/column.h"

typedef struct fr_cell_style {
    size_t most_bytes;       /* 0: all; else text and lists are cut with … soon after so many bytes                    */
    bool   escape;           /* control characters as \n, \x1b …                                                       */
    const struct fr_zone *zone;      /* of datetimes whose type names zone_name; others are written in UTC               */
    const char           *zone_name;
} fr_cell_style;

/* The zone that the datetimes of a type are in, for the style; in the arena. False only when memory ran out. */
FR_PRIVATE bool fr_cell_find_zone(fr_call *call, fr_arena *arena, const fr_type *type, fr_cell_style *style) FR_MUST_USE;

/* The same for a column, read once and kept with it: for callers that ask cell by cell. */
bool fr_cell_zone_of(fr_call *call, const fr_column *column, fr_cell_style *style) FR_MUST_USE;
void fr_cell_zone_free(struct fr_cell_zone *zone);        /* NULL does nothing */

/* Append the cell's text; a null appends `null` only inside lists and structs. */
FR_PRIVATE bool fr_cell_append(fr_call *call, fr_text *out, const fr_column *column, int64_t row,
                               const fr_cell_style *style) FR_MUST_USE;

#endif
