/* csv_field.h — from the place of a field to its text: line ends, quotes and escapes come off (csv_field.c). */
#ifndef FR_IO_CSV_FIELD_H
#define FR_IO_CSV_FIELD_H

#include "io/csv/csv_dialect.h"
#include "io/csv/csv_value.h"

/* Text of the quoted or escaped field text[begin … end), without its marks; `quoted` says which of the two it was. A text
 * with doubled quotes or escapes is rewritten into the arena. false: no memory. */
bool fr_csv_field_unmark(fr_call *call, fr_arena *arena, const fr_csv_dialect *dialect, const char *begin, const char *end,
                         fr_csv_field *out) FR_MUST_USE;

/* Of a field without its quotes: of two quotes inside one stays. */
bool fr_csv_field_undouble(fr_call *call, fr_arena *arena, const fr_csv_dialect *dialect, fr_csv_field *field) FR_MUST_USE;

/* fr_csv_field_unmark for any field; the plain ones cost a comparison. end < begin stands for a field that is not there. */
static inline bool fr_csv_field_at(fr_call *call, fr_arena *arena, const fr_csv_dialect *dialect, const char *begin,
                                   const char *end, bool last, fr_csv_field *out)
{
    if (last && end > begin && end[-1] == '\r') end--;
    if (end > begin && (*begin == dialect->quote || dialect->escape || dialect->trim))
        return fr_csv_field_unmark(call, arena, dialect, begin, end, out);
    *out = (fr_csv_field){ .text = begin, .length = end > begin ? (uint32_t)(end - begin) : 0 };
    return true;
}

#endif
