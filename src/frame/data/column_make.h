/* column_make.h — what the files that make columns share: parts to start from, bitmaps, blocks that do not split
 * words. */
#ifndef FR_DATA_COLUMN_MAKE_H
#define FR_DATA_COLUMN_MAKE_H

#include "base/memory.h"
#include "base/threads.h"
#include "data/column.h"
#include "kernel/bits.h"
#include "kernel/records.h"
#include "kernel/select.h"

/* The rows of a parallel block, a multiple of 64, so that no two blocks share a word of a bitmap. */
static inline int64_t fr_bit_block_rows(const fr_call *call)
{
    return (int64_t)((fr_block_rows(call) + 63) / 64 * 64);
}
static inline int64_t fr_smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/* A buffer for n bits, zeroed. */
fr_buffer *fr_bits_new(fr_call *call, int64_t n) FR_MUST_USE;

/* Parts of a column of the same type, layout, dictionary, heap and children; everything that belongs to rows is
 * unset. */
fr_column_parts fr_parts_like(const fr_column *column);

/* The column of parts that hold some rows of `column`: texts that use little of a large heap leave it. */
fr_column *fr_column_of_few(fr_call *call, const fr_column *column, const fr_column_parts *parts) FR_MUST_USE;

/* What stays known about the values of a column when only some of its rows are kept: in order, or in any. */
fr_facts fr_facts_of_some(const fr_column *column, bool in_order);
/* … when all of them are, in another order. */
fr_facts fr_facts_reordered(const fr_column *column);
/* What stays known when nulls are replaced by the value of a column of one row, of the same layout. */
bool     fr_facts_filled(fr_call *call, const fr_column *column, const fr_column *value, fr_facts *out) FR_MUST_USE;

/* Rows selected by bits, with the number of kept rows before each block: shared by all columns of a frame. */
typedef struct fr_selection {
    fr_context     *context;
    const uint64_t *keep;
    int64_t         n, n_kept;
    int64_t         block_rows;
    size_t          n_blocks;
    int64_t        *starts;            /* owned; n_blocks + 1 */
    uint32_t       *rows;              /* owned; the kept rows where they are few, else NULL */
    bool            far;               /* … and mostly lie in cache lines of their own */
    bool            apart;             /* … so do their views */
} fr_selection;
bool       fr_selection_make(fr_call *call, const uint64_t *keep, int64_t n, int64_t n_kept,
                             fr_selection *out) FR_MUST_USE;
void       fr_selection_clear(fr_selection *selection);
fr_column *fr_column_select(fr_call *call, const fr_column *column, const fr_selection *selection) FR_MUST_USE;

/* Does the next row mostly lie in another cache line? By a sample. */
bool fr_rows_are_scattered(const fr_rows *rows);
/* … or at least so many rows on? */
bool fr_rows_are_apart(const fr_rows *rows, int64_t least);
/* out[i] = values[rows[from + i]] for n rows, of a table so large that values are better asked for early. */
void fr_take_far_values(const fr_rows *rows, int64_t from, int64_t n, const void *values, size_t width, char *out);
/* fr_column_take with what fr_columns_take knows; found may be NULL. */
fr_column *fr_column_take_found(fr_call *call, const fr_column *column, const fr_rows *rows,
                                const fr_found *found) FR_MUST_USE;
/* The column itself, or its texts as codes where they are taken at very many rows. */
fr_column *fr_column_for_many(fr_call *call, const fr_column *column, int64_t n_rows) FR_MUST_USE;
/* As fr_column_take_found for fixed-width columns whose values were taken already. */
fr_column *fr_column_taken(fr_call *call, const fr_column *column, const fr_rows *rows, const fr_found *found,
                           fr_buffer *values) FR_MUST_USE;

/* A column in a record: as wide as its values, or narrower where their range is known. */
fr_record_field fr_record_field_of(const fr_column *column, bool may_miss);
/* Is a table of such columns so long, and so wide, that they should follow the deal of a sort (kernel/row_deal.h)? */
bool fr_columns_may_follow(const fr_column *const *columns, size_t n, int64_t length);
/* All columns at rows that were dealt; *dealt is false where there was no memory for it, or no use. `own` is NULL, or the
 * columns once more, as references that are given up one after the other. */
bool fr_columns_deal(fr_call *call, const fr_column *const *columns, size_t n, const fr_rows *rows, fr_column **own,
                     fr_column **out, bool *dealt) FR_MUST_USE;
/* Column i, of which no more is needed; own may be NULL. */
void fr_column_give_up(fr_column **own, size_t i);

/* The smallest layout whose codes can number `length` texts. */
fr_phys fr_codes_phys(uint32_t length);

/* The first of n times that has a value and is none of its day (fr_is_time_of_day), -1: all are. valid NULL: no nulls. */
int64_t fr_find_beyond_day(fr_unit unit, const int64_t *ticks, const uint64_t *valid, int64_t n);
/* The type of a value by name, for messages: in room, or "decimal", of which a value does not tell the precision. */
const char *fr_value_type_name(const fr_value *value, char room[FR_TYPE_TEXT_BYTES]);
/* One value as the bytes a column of the type holds (at most 16, not for text, lists and structs). TYPE or OVERFLOW
 * when it does not fit; nothing is rounded, but for floats to f32. */
bool fr_value_bytes(fr_call *call, const fr_type *type, fr_value value, void *bytes) FR_MUST_USE;

#endif
