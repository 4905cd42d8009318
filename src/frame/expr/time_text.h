/* time_text.h — a text as a date, time, datetime or duration, as a cast reads it.
 *
 *     date                "2024-02-29"                    19782 days
 *     datetime[us]        "2024-02-29 12:30"              ticks; a zone in the text only where the type has one
 *     duration[ms]        "1d 2h", "90min"                93600000
 */
#ifndef FR_EXPR_TIME_TEXT_H
#define FR_EXPR_TIME_TEXT_H

#include "data/type.h"

/* The whole text, without blanks around it; false: it is none of a temporal type's, or not exactly one in its unit. */
bool fr_time_from_text(const fr_type *type, const char *text, size_t n, int64_t *out);

#endif
