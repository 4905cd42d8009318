/* date_reader.h — the pieces from which dates are read: a place in a text, numbers of so many digits, names, offsets.
 *
 * A reader walks over a text once; what does not fit leaves its offset in `bad` and false behind.
 */
#ifndef FR_BASE_DATE_READER_H
#define FR_BASE_DATE_READER_H

#include "base/date_text.h"

typedef struct fr_date_reader {
    const char *text;
    size_t      n, at, bad;
} fr_date_reader;

static inline bool fr_date_stop(fr_date_reader *r, size_t at)
{
    r->bad = at;
    return false;
}

static inline bool fr_date_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool fr_date_at(const fr_date_reader *r, char c) { return r->at < r->n && r->text[r->at] == c; }
static inline bool fr_date_at_digit(const fr_date_reader *r)
{
    return r->at < r->n && fr_date_is_digit(r->text[r->at]);
}
static inline bool fr_date_skip(fr_date_reader *r, char c) { return fr_date_at(r, c) && (r->at++, true); }
bool fr_date_expect(fr_date_reader *r, char c);
bool fr_date_skip_blanks(fr_date_reader *r);                         /* true if there were any */

/* A number of `least` … `most` digits, least ≤ value ≤ most; the offset of the whole field is reported when out of
 * range */
typedef struct fr_date_field { int8_t least_digits, most_digits; int32_t least, most; } fr_date_field;
bool fr_date_number(fr_date_reader *r, fr_date_field field, int32_t *out);

bool fr_date_fraction(fr_date_reader *r, fr_moment *out);            /* 1 … 9 digits, then zeros */
/* hh:mm[:ss[.fraction]]; on request also hhmm[ss[.fraction]], and h:mm */
typedef enum fr_clock_forms { FR_CLOCK_PLAIN, FR_CLOCK_COMPACT = 1, FR_CLOCK_SHORT = 2 } fr_clock_forms;
bool fr_date_clock(fr_date_reader *r, fr_moment *out, unsigned forms);
bool fr_date_offset(fr_date_reader *r, fr_moment *out);              /* Z or +hh[:mm] */
bool fr_date_meridiem(fr_date_reader *r, bool *pm);                  /* AM PM am pm */
/* 0: the whole name */
bool fr_date_name(fr_date_reader *r, const char *const *names, int n, size_t letters, int *which);

extern const char *const fr_month_names[12];
extern const char *const fr_weekday_names[7];                        /* Monday first */

#endif
