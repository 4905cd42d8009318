/* numeral.h — numbers and dates as people read them: 1,234,567.89 · $1.2 M · 41.5 % · 31 Dec 2024.
 *
 *     fr_numeral_text(fr_v_f64(1234567.891), (fr_numeral_format){ .kind = FR_NUMERAL_MONEY, .unit = "$" }, room, sizeof room);
 *         "$1,234,567.89"
 *
 * Digits are grouped by commas (a whole number of four digits, which may be a year, only when a format asks for it), the
 * decimal mark is a point, a negative number begins with − (U+2212), and nothing depends on a locale. Rounding is half away
 * from zero of the shortest decimal text of the number; a decimal is exact.
 */
#ifndef FR_REPORT_NUMERAL_H
#define FR_REPORT_NUMERAL_H

#include <frame/table.h>

typedef enum fr_numeral_kind {
    FR_NUMERAL_AUTO,            /* by the value's type: 2024, 12,345.67, "31 Dec 2024", text as it is                 */
    FR_NUMERAL_NUMBER,          /* grouped, .decimals places                                                          */
    FR_NUMERAL_MONEY,           /* the unit before the number, two places                                             */
    FR_NUMERAL_PERCENT,         /* times 100, one place, " %"; what would round to zero: "< 0.1 %"                    */
    FR_NUMERAL_SHORT,           /* three digits and k, M, B, T, as on axes: 1.23 M; with .unit before it              */
    FR_NUMERAL_DATE,            /* 31 Dec 2024                                                                        */
    FR_NUMERAL_ISO,             /* 2024-12-31                                                                         */
    FR_NUMERAL_MONTH,           /* Dec 2024                                                                           */
    FR_NUMERAL_BYTES,           /* 184 kB                                                                             */
    FR_NUMERAL_PLAIN,           /* digits as they are: ids, years                                                     */
} fr_numeral_kind;

typedef struct fr_numeral_format {
    fr_numeral_kind kind;
    int            places;     /* decimals + 1; 0: the kind's own. FR_PLACES(2) is two decimals                       */
    const char    *unit;       /* money: NULL is none; "EUR" and other words of letters stand with a blank            */
    bool           signed_;    /* + before positive numbers                                                           */
} fr_numeral_format;

#define FR_PLACES(decimals) ((decimals) + 1)

/* One value. Returns the length of the full text (as snprintf); a null is "–". */
size_t fr_numeral_text(fr_value value, fr_numeral_format format, char *out, size_t n);

/* A number as a double, for lengths and shares: bools are 0 and 1, dates and times counts of their unit; NaN for null and
 * for what is no number. */
double fr_numeral_double(fr_value value);

/* One cell of a frame; types fr_value cannot hold (lists …) are as fr_cell_text writes them. */
size_t fr_numeral_cell(const fr_frame *frame, int64_t row, size_t column, fr_numeral_format format, char *out, size_t n);

/* Decimals that the cells of a column need in common: at most `most`; 0 for integers. */
int fr_numeral_places(const fr_frame *frame, size_t column, int64_t rows, int most);

#endif
