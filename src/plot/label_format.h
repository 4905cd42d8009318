/* label_format.h — numbers as an axis writes them.
 *
 * An axis has one unit and one number of decimals: 0.2 M, 0.4 M … 1.2 M, never 200 k beside 1.2 M. Both follow from the
 * step between ticks and the largest tick, and are fixed in a plan; every label is then written by the plan. Ticks are
 * exact decimals (fr_exact), so no label ever says 0.30000000000000004, and no two ticks get the same text.
 *
 *     step 200,000, largest 1,200,000     → 0.2 M  0.4 M … 1.2 M
 *     step 0.05, percent                  → 0 %  5 %  10 %
 *     step 250, largest 1,000, "$"        → 250  500  750  $1,000        the symbol stands on the top tick alone
 *     step 2e-9                           → 2×10⁻⁹  4×10⁻⁹
 *
 * Minus is U+2212, the blank before a unit does not break (U+00A0). Thousands are grouped: 12,000, but 2024.
 */
#ifndef FR_PLOT_LABEL_FORMAT_H
#define FR_PLOT_LABEL_FORMAT_H

#include "base/call.h"
#include "base/number.h"

/* digits × 10^exponent, exactly. */
typedef struct fr_exact { int64_t digits; int32_t exponent; } fr_exact;
double   fr_exact_value(fr_exact number);          /* the nearest double                                              */
fr_exact fr_exact_reduced(fr_exact number);        /* without trailing zeros; 0 has exponent 0                        */
fr_exact fr_exact_of(double value);                /* the shortest decimal that reads back to a finite value's bits   */

typedef enum fr_notation {
    FR_NOTATION_SHORT,             /* from 100,000 on: k, M, B, T; beyond that and below 0.0001 powers of ten         */
    FR_NOTATION_SI,                /* p, n, µ, m, k, M, G, T, P, E, from 1,000 on                                     */
    FR_NOTATION_PLAIN,             /* all digits                                                                      */
    FR_NOTATION_SCIENTIFIC         /* 1.5×10⁶                                                                         */
} fr_notation;

/* How numbers are to be written. Zero-initialised it is the house's default. */
typedef struct fr_number_style {
    fr_notation      notation;
    bool             percent;              /* values are fractions, written times 100 with %                          */
    bool             grouped;              /* 1,000, also of a whole number that could be a year                      */
    bool             symbol_after;         /* "12 €" instead of "€12"                                                 */
    bool             symbol_everywhere;    /* on every tick instead of the top one                                    */
    const char      *symbol;               /* "$", "€", "kWh" …; NULL: none                                           */
    const char      *format;               /* the user's own (below); overrides what stands above; NULL: none         */
    fr_number_format marks;                /* decimal mark and thousands separator; zero: '.' and ','                 */
} fr_number_style;

/**
 * Check a style: its symbol, and the user's format.
 *
 *     [+][symbol][,][.N][type]       symbol: one of $ € £ ¥; N decimals; type: f fixed, % percent, e scientific, s SI,
 *                                    d whole, g or nothing: plain, as many decimals as the ticks need if N is missing
 *     before{…}after                 the same in braces with any text around it: "{,.1f} km"
 *
 * ",.2f" → 1,234.50    "$,.0f" → $1,235    ".1%" → 12.3%    "+.1f" → +1.5    "{,d} pcs" → 1,234 pcs    ".2s" → 1.23M
 *
 * Decimals are raised where two ticks would otherwise read the same.
 * Errors   ARGUMENT, with the character that does not fit; texts of more than 39 bytes.
 * Source   a subset of Python's format specification and of d3-format, which share it; N counts decimals for every
 *          type.
 */
bool fr_number_style_check(fr_call *call, const fr_number_style *style) FR_MUST_USE;

/* The decimals a checked style's format fixes (percent: of the fraction, so ".1%" is 3), or -1: the ticks decide. */
int fr_number_style_decimals(const fr_number_style *style);

#define FR_AFFIX_BYTES 44                  /* a text around a number, with a blank */

/* ---- one unit and one number of decimals for an axis ------------------------------------------------------------- */
typedef struct fr_label_plan {
    int         unit_exponent;             /* values are divided by 10^this                                           */
    int         decimals;
    bool        grouped, powers, plus;     /* 1,000; ×10ⁿ (n is the unit exponent); + before positive numbers         */
    bool        bare_powers;               /* 10⁶ for 1×10⁶                                                           */
    bool        own;                       /* by a format of the user's                                               */
    bool        everywhere;                /* before and after on every tick, not only on the top one                 */
    char        unit[8];                   /* with the blank before it: " M", " %"                                    */
    char        before[FR_AFFIX_BYTES], after[FR_AFFIX_BYTES];     /* the symbol and the user's texts                 */
    fr_number_format marks;
} fr_label_plan;

/* Every tick is a multiple of 10^finest, and the largest magnitude among them is `largest`. The style must have passed
 * fr_number_style_check. */
fr_label_plan fr_label_plan_make(const fr_number_style *style, int finest, double largest);

/* Groups of thousands for an axis from low to high: from four digits on, unless the values are whole numbers and all
 * ticks are from 1000 to 2999, which are years. Formats of the user's stay as they are. */
void fr_label_plan_group(fr_label_plan *plan, double low, double high, bool whole);

/* The plan of values written beside their marks: one unit and number of decimals for all, so that the smallest has so many
 * significant digits (2; 3 where readers add them up) where the largest then has at most four; 1,200 k, 310 k, 45 k, not
 * 1.20 M, 0.31 M, 0.05 M. What would then be a nought and is none: fr_label_planned. */
fr_label_plan fr_label_plan_values(const fr_number_style *style, const double *values, size_t n, int digits);

/* The plan of one label of a log axis, a number of magnitude 10^top. What all labels have in common follows from the
 * magnitudes of the first and last: plain up to 100,000, then k M B T, powers of ten for what spans more. */
fr_label_plan fr_label_plan_log(const fr_number_style *style, int top, int first, int last);

#define FR_LABEL_BYTES 400                 /* room for any label: 310 digits in groups, symbols, unit                 */

/* A tick's label; `top`: it is the highest of its axis, which carries the symbol. Returns the length; terminated. */
size_t fr_label_exact(const fr_label_plan *plan, fr_exact value, bool top, char out[FR_LABEL_BYTES]);

/* A value that is no tick, in the axis's unit, with `more` decimals beyond the axis's; with the symbol. */
size_t fr_label_value(const fr_label_plan *plan, double value, int more, char out[FR_LABEL_BYTES]);

/* "2¹⁰" */
size_t fr_label_power(int base, int exponent, char out[FR_LABEL_BYTES]);

/* A value by a plan of values; one that the plan would round to zero is written on its own: 451 among millions. */
size_t fr_label_planned(const fr_label_plan *plan, const fr_number_style *style, double value, char out[FR_LABEL_BYTES]);

/**
 * A number on its own: in tooltips, beside bars, in a description.
 *
 * Three significant digits, all digits of the whole part below 100,000, no trailing zeros, a unit of its own: 1234567 →
 * 1.23 M, 0.12345 → 0.123, 12 → 12, 1234.56 → 1,235; percent 0.4149 → 41.5 %; amounts have two decimals or none:
 * $12.50. NaN → "NaN", infinities "∞" and "−∞". The decimal that is rounded (half up) is the shortest one of the
 * double: 2.675 → 2.68.
 */
size_t fr_label_number(const fr_number_style *style, double value, char out[FR_LABEL_BYTES]);

#endif
