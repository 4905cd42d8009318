/* date_stamp.h — formats of strftime whose text always has the same length, made ready for many moments.
 *
 *     "%Y-%m-%d at %H:%M"  →  "    -  -   at   :  " with Y at byte 0, m at 5, d at 8, H at 14 and M at 17
 *
 * So are most formats, for years of four digits. What fr_print_date_format (base/date_text.h) writes is written here, too,
 * only sooner.
 */
#ifndef FR_BASE_DATE_STAMP_H
#define FR_BASE_DATE_STAMP_H

#include "base/civil.h"

enum { FR_STAMP_BYTES = 48, FR_STAMP_FIELDS = 16 };

typedef struct fr_stamp_field { char letter; uint8_t at; } fr_stamp_field;

typedef struct fr_date_stamp {
    size_t         n_bytes, n_fields;
    char           text[FR_STAMP_BYTES];
    fr_stamp_field fields[FR_STAMP_FIELDS];      /* letters as in strftime; '3', '6', '9': so many digits of a second */
} fr_date_stamp;

/* False: the length depends on the moment, or it is long, or no format at all. */
bool fr_date_stamp_read(fr_date_stamp *stamp, const char *format, size_t n) FR_MUST_USE;

/* A moment: days since 1970, and nanoseconds of the day. */
typedef struct fr_stamp_time { int64_t days, ns; } fr_stamp_time;

/* Write n_bytes, and perhaps up to fifteen more; false, with nothing written, for years beyond 0 … 9999. */
bool fr_date_stamp_print(const fr_date_stamp *stamp, fr_stamp_time time, char *out) FR_MUST_USE;

#endif
