/* arrow_abi.h — between the files that speak the Arrow C interfaces. */
#ifndef FR_DATA_ARROW_ABI_H
#define FR_DATA_ARROW_ABI_H

#include <frame/arrow.h>

#include "data/frame.h"

/* ---- in ---------------------------------------------------------------------------------------------------------- */
/* An array that was taken over; buffers that look into it keep it alive. */
typedef struct fr_arrow_owner {
    _Atomic(int64_t)  refs;
    fr_context       *context;            /* owned reference */
    struct ArrowArray array;
} fr_arrow_owner;
/* Takes the array over (it is marked released); on failure it has been released. */
fr_arrow_owner *fr_arrow_take_over(fr_call *call, struct ArrowArray *array) FR_MUST_USE;
void            fr_arrow_owner_unref(fr_arrow_owner *owner);
fr_buffer      *fr_arrow_buffer(fr_call *call, fr_arrow_owner *owner, const void *data, size_t bytes) FR_MUST_USE;

/* What is being read: rows [offset, offset + length) of an array and its children. */
typedef struct fr_arrow_from {
    fr_arrow_owner           *owner;
    const struct ArrowSchema *schema;
    const struct ArrowArray  *array;
    const fr_type            *type;        /* of the column that comes out */
    int64_t                   offset, length;
    const char               *column;      /* for messages */
    int64_t                   row;         /* for messages: the frame's row of the first value; -1: items, entries */
    bool                      is_batch;    /* a struct whose fields are the frame's columns */
} fr_arrow_from;

/* The frame's row of a value, for messages. */
static inline int64_t fr_arrow_row(const fr_arrow_from *from, int64_t i) { return from->row < 0 ? -1 : from->row + i; }

/* The type a schema stands for; an owned reference. */
const fr_type *fr_arrow_type(fr_call *call, const struct ArrowSchema *schema, size_t depth) FR_MUST_USE;
/* Fields (in the arena; types are owned references) of a struct schema. */
struct fr_arena;
bool fr_arrow_fields(fr_call *call, const struct ArrowSchema *schema, size_t depth, fr_field *fields) FR_MUST_USE;

fr_column *fr_arrow_column(fr_call *call, const fr_arrow_from *from) FR_MUST_USE;
/* Validity as bits of our own (NULL: no nulls); checks the stated null count. */
bool fr_arrow_valid(fr_call *call, const fr_arrow_from *from, fr_buffer **valid, int64_t *null_count) FR_MUST_USE;
fr_column *fr_arrow_text_column(fr_call *call, const fr_arrow_from *from) FR_MUST_USE;       /* u U z Z vu vz w:n */
fr_column *fr_arrow_dictionary_column(fr_call *call, const fr_arrow_from *from) FR_MUST_USE;
fr_column *fr_arrow_decimal_column(fr_call *call, const fr_arrow_from *from) FR_MUST_USE;
fr_column *fr_arrow_nested_column(fr_call *call, const fr_arrow_from *from) FR_MUST_USE;     /* lists, structs */

/* FORMAT with the column named; returns false. */
bool fr_arrow_wrong(fr_call *call, const fr_arrow_from *from, const char *format, ...) FR_PRINTF(3, 4) FR_COLD;
bool fr_arrow_needs_buffers(fr_call *call, const fr_arrow_from *from, int64_t n) FR_MUST_USE;
/* Buffer i, which must exist (and be aligned to `align`) when there is something in it. */
bool fr_arrow_data(fr_call *call, const fr_arrow_from *from, int64_t i, const void **data) FR_MUST_USE;
/* Element i of little-endian signed integers of a width, at any alignment. */
int64_t fr_arrow_integer(const void *data, int64_t i, size_t width);

/* ---- out --------------------------------------------------------------------------------------------------------- */
bool fr_arrow_export_type(fr_call *call, const fr_type *type, const fr_field *field, bool large_text,
                          struct ArrowSchema *out) FR_MUST_USE;
bool fr_arrow_export_fields(fr_call *call, const fr_schema *schema, bool large_text,
                            struct ArrowSchema *out) FR_MUST_USE;
bool fr_arrow_export_column(fr_call *call, const fr_column *column, bool large_text,
                            struct ArrowArray *out) FR_MUST_USE;
bool fr_arrow_export_rows(fr_call *call, const fr_frame *frame, bool large_text, struct ArrowArray *out) FR_MUST_USE;

#endif
