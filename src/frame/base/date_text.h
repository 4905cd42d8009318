/* date_text.h — dates, times and durations from text and to text.
 *
 *     fr_parse_iso("2024-02-29 12:30:05.25+01:00", 28, &when, &bad)    → true
 *     fr_parse_date_format("%d.%m.%Y", 8, "30.02.2024", 10, &when, &bad) → false, bad = 0 … where it stopped fitting
 *
 * Strict: 2020-02-30, 24:00 and second 60 are errors, and so is anything left over. Two-digit years 69 … 99 are 1969 …
 * 1999, 00 … 68 are 2000 … 2068. Names of months and weekdays are English, in any case. Nothing depends on the locale.
 */
#ifndef FR_BASE_DATE_TEXT_H
#define FR_BASE_DATE_TEXT_H

#include "base/civil.h"
#include "base/compiler.h"

/* A moment as it was written. What the text did not say is 1970-01-01, 00:00:00. */
typedef struct fr_moment {
    int64_t year;
    int8_t  month, day;
    int8_t  hour, minute, second;
    bool    has_date, has_time, has_offset;
    int8_t  fraction_digits;        /* as written, at most 9                                   */
    int32_t nanosecond;
    int32_t offset_seconds;         /* east of UTC is positive                                 */
} fr_moment;

/* ---- ISO 8601 ---------------------------------------------------------------------------------------------------- */
/**
 * Read the whole text as an ISO 8601 date, datetime or time.
 *
 * 2024-02-29, 20240229, 2024-02, 2024; then 'T' or ' ' and 12:30, 12:30:05, 12:30:05.25 (or ','), 123005; then nothing,
 * 'Z', +01:00, +0100 or +01 (a blank may stand before it). Or a time alone: 12:30, 12:30:05.25. Digits of the fraction
 * beyond nine are an error unless they are zeros.
 *
 * Returns  false with *bad (may be NULL) = offset of the first byte that does not fit; of a value out of range, its
 *          first byte.
 */
bool fr_parse_iso(const char *text, size_t n, fr_moment *out, size_t *bad);

/* ---- formats as of strptime -------------------------------------------------------------------------------------- */
/* %Y %y %m %d %H %I %M %S %f %p %b %B %a %A %j %z %Z %%, the unions %F (%Y-%m-%d) %T (%H:%M:%S) %D (%m/%d/%y) %R
 * (%H:%M), %e (day, blank padded) and %s (seconds since 1970, printing and reading). Numbers may have fewer digits than
 * their field ("1/2/2024" is read by %d/%m/%Y); %f takes 1 … 9 digits and prints 6 (%3f, %9f print as many). A blank in
 * the format stands for any number of blanks, also none. %Z reads UTC, GMT or Z only. */

#define FR_DATE_FORMAT_HINT "as in strftime: %Y-%m-%d %H:%M:%S"

/** True when the format is well formed; *bad = offset of the '%' that is not. */
FR_PRIVATE bool fr_date_format_check(const char *format, size_t n_format, size_t *bad);

/** Read the whole text by a format; errors as fr_parse_iso. A weekday that contradicts the date is an error. */
bool fr_parse_date_format(const char *format, size_t n_format, const char *text, size_t n, fr_moment *out, size_t *bad);

/** Write a moment by a format. Returns the full length, as snprintf; `out` gets at most n - 1 bytes and a
 * terminator. */
FR_PRIVATE size_t fr_print_date_format(const char *format, size_t n_format, const fr_moment *moment, char *out,
                                       size_t n);

/* ---- moments and numbers ----------------------------------------------------------------------------------------- */
/** Days since 1970 of the date part. */
int64_t fr_moment_days(const fr_moment *moment);

/**
 * Ticks since 1970-01-01 00:00 UTC; the offset, where given, is taken off.
 *
 * Returns  false when int64 overflows. Ticks coarser than the nanosecond cut the rest off: *inexact (may be NULL) tells.
 */
bool fr_moment_ticks(const fr_moment *moment, int64_t per_second, int64_t *ticks, bool *inexact);

/** The moment of a count of ticks (UTC, no offset). */
void fr_moment_from_ticks(int64_t ticks, int64_t per_second, fr_moment *out);

/* ---- printing ---------------------------------------------------------------------------------------------------- */
/* Room FR_DATE_BYTES; all return the length and terminate. Fractions: none when zero, else 3, 6 or 9 digits. */
#define FR_DATE_BYTES 64

size_t fr_print_date(int64_t days, char out[FR_DATE_BYTES]);                               /* 2024-02-29              */
size_t fr_print_time(int64_t ticks, int64_t per_second, char out[FR_DATE_BYTES]);          /* 12:30:05.250            */
size_t fr_print_datetime(int64_t ticks, int64_t per_second, char out[FR_DATE_BYTES]);      /* 2024-02-29 12:30:05.250 */

/** The same followed by an offset; `ticks` are UTC: 2024-02-29 12:30:05+01:00. */
size_t fr_print_datetime_offset(int64_t ticks, int64_t per_second, int32_t offset_seconds, char out[FR_DATE_BYTES]);

/* ---- durations --------------------------------------------------------------------------------------------------- */
/** pandas' form: "1 days 02:03:04.500000", "-1 days +23:59:59", "0 days 00:00:00"; 6 or 9 digits when not whole. */
size_t fr_print_duration(int64_t ticks, int64_t per_second, char out[FR_DATE_BYTES]);

/**
 * Read "1d2h", "1 days 02:03:04.5", "-1 days +23:59:59", "90min", "1.5h", "02:03:04", "P1DT2H", "PT0.5S".
 *
 * Units: w d h m/min s ms us ns and their English names; months and years have no fixed length and are errors.
 * Returns  false with *bad (may be NULL) when it does not fit, overflows or is finer than a tick.
 */
bool fr_parse_duration(const char *text, size_t n, int64_t per_second, int64_t *ticks, size_t *bad);

/* ---- guessing ---------------------------------------------------------------------------------------------------- */
/* The formats a column of text may have. fr_date_guess says for one text which fit; a caller ANDs the sets of all
 * texts. What remains is the answer: one bit → clear; both D_M_Y and M_D_Y (of the same mark) → ambiguous, ask. */
typedef enum fr_date_shape {
    FR_DATE_ISO,            /* 2024-02-29                       */
    FR_DATE_COMPACT,        /* 20240229                         */
    FR_DATE_YMD_SLASH,      /* 2024/02/29                       */
    FR_DATE_DMY_SLASH,      /* 29/02/2024                       */
    FR_DATE_MDY_SLASH,      /* 02/29/2024                       */
    FR_DATE_DMY_DOT,        /* 29.02.2024                       */
    FR_DATE_YMD_DOT,        /* 2024.02.29                       */
    FR_DATE_DMY_DASH,       /* 29-02-2024                       */
    FR_DATE_MDY_DASH,       /* 02-29-2024                       */
    FR_DATE_D_MON_Y_DASH,   /* 29-Feb-2024                      */
    FR_DATE_D_MON_Y,        /* 29 Feb 2024                      */
    FR_DATE_D_MONTH_Y,      /* 29 February 2024                 */
    FR_DATE_MON_D_Y,        /* Feb 29, 2024                     */
    FR_DATE_MONTH_D_Y,      /* February 29, 2024                */
    FR_DATE_MON_D_Y_BLANK,  /* Feb 29 2024                      */
    FR_DATE_MONTH_D_Y_BLANK, /* February 29 2024                */
    FR_DATE_DMY2_SLASH,     /* 29/02/24                         */
    FR_DATE_MDY2_SLASH,     /* 02/29/24                         */
    FR_DATE_DMY2_DOT,       /* 29.02.24                         */
    FR_DATE_D_MON_Y2_DASH,  /* 29-Feb-24                        */
    FR_DATE_TIME_ONLY,      /* 12:30, 12:30:05, 12:30:05.25     */
    FR_DATE_SHAPE_COUNT
} fr_date_shape;

/* What may follow the date: bits 32 … of the set. */
typedef enum fr_time_shape {
    FR_TIME_NONE = 32,
    FR_TIME_MINUTES,        /* 12:30            */
    FR_TIME_SECONDS,        /* 12:30:05         */
    FR_TIME_FRACTION,       /* 12:30:05.25      */
    FR_TIME_MINUTES_12,     /* 12:30 PM         */
    FR_TIME_SECONDS_12,     /* 12:30:05 PM      */
    FR_TIME_OFFSET = 40,    /* Z, +01:00 …      */
    FR_TIME_ISO_T           /* 'T' before it    */
} fr_time_shape;

#define FR_DATE_BIT(shape) (UINT64_C(1) << (shape))
#define FR_DATE_DATES      (FR_DATE_BIT(FR_DATE_SHAPE_COUNT) - 1)                  /* the date bits of a set */
#define FR_DATE_DAY_FIRST  (FR_DATE_BIT(FR_DATE_DMY_SLASH) | FR_DATE_BIT(FR_DATE_DMY_DASH) | FR_DATE_BIT(FR_DATE_DMY2_SLASH))
#define FR_DATE_MONTH_FIRST (FR_DATE_BIT(FR_DATE_MDY_SLASH) | FR_DATE_BIT(FR_DATE_MDY_DASH) | FR_DATE_BIT(FR_DATE_MDY2_SLASH))

/**
 * The set of shapes a text fits: date bits, exactly one time bit, and OFFSET and ISO_T where they apply; 0 when none.
 *
 * Blanks around the text are not accepted. AND the date bits of all texts; time bits tell what occurs (OR them).
 */
FR_PRIVATE uint64_t fr_date_guess(const char *text, size_t n);

/** The date format of a shape for fr_parse_date_format: "%d/%m/%Y"; NULL for no shape. */
const char *fr_date_shape_format(fr_date_shape shape);

/** Read a text by a date shape, whatever time of day follows: date [T or blanks] [time] [AM|PM] [offset]. */
bool fr_parse_date_shape(fr_date_shape shape, const char *text, size_t n, fr_moment *out, size_t *bad);

#endif
