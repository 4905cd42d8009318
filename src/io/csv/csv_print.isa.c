/* csv_print.isa.c — short numbers become text, one to a 64-bit lane.
 *
 * Every step is arithmetic on whole lanes without a branch, so the compiler makes vectors of the loops at each level:
 *
 *     5971  →  0000 5971  →  00 00 59 71  →  0 0 0 0 5 9 7 1  →  "5971" (four bytes shifted out)
 *
 * A float is taken for k / 10^6 with k = round(x × 10^6), and that is believed only when the division, which rounds
 * correctly, gives x back. Two decimals of at most 15 digits are never the same double, so k / 10^6 without zeros at
 * its end then is the shortest text, the one fr_print_f64 gives; k has at most 13 digits here.
 *
 *     37.211254  →  k = 37211254  →  "37" and ".211254"             6.25  →  k = 6250000  →  "6" and ".25"
 */
#include "io/csv/csv_print.h"

#include <string.h>

#define ZEROS UINT64_C(0x3030303030303030)

/* Eight digits of x < 10^8, as values 0 … 9, the first in the lowest byte: halved three times, all parts at once. */
FR_TEMPLATE_FN uint64_t eight_digits(uint64_t x)
{
    uint64_t top = x * 3518437209u >> 45;                                             /* x / 10^4                     */
    uint64_t v = top | (x - 10000 * top) << 32;
    uint64_t hundreds = (v * 10486 >> 20) & UINT64_C(0x0000007f0000007f);             /* / 100 of what is below 10^4  */
    v = hundreds | (v - 100 * hundreds) << 16;
    uint64_t tens = (v * 103 >> 10) & UINT64_C(0x000f000f000f000f);                   /* / 10 of what is below 100    */
    return tens | (v - 10 * tens) << 8;
}

/* How many digits x < 10^8 has. */
FR_TEMPLATE_FN uint64_t count_digits(int64_t x)
{
    return (uint64_t)1 + (x >= 10) + (x >= 100) + (x >= 1000) + (x >= 10000) + (x >= 100000) + (x >= 1000000) +
           (x >= 10000000);
}

/* The text of x, with a sign in front when `negative` is 1; at most eight bytes. */
FR_TEMPLATE_FN uint64_t whole_text(int64_t x, uint64_t negative, uint64_t *length)
{
    uint64_t n = count_digits(x), text = (eight_digits((uint64_t)x) | ZEROS) >> (64 - 8 * n);
    *length = n + negative;
    return text << (8 * negative) | (negative * '-');
}

/* The same for x < 10^4 without a sign: half the work, and twice as many to a vector. */
FR_TEMPLATE_FN uint32_t short_text(uint32_t x, uint32_t *length)
{
    uint32_t top = x * 5243 >> 19, v = top | (x - 100 * top) << 16;                   /* x / 100                      */
    uint32_t tens = (v * 103 >> 10) & 0x000f000fu;
    *length = (uint32_t)1 + (x >= 10) + (x >= 100) + (x >= 1000);
    return (tens | (v - 10 * tens) << 8 | 0x30303030u) >> (32 - 8 * *length);
}

static void print_short(const int64_t *restrict values, size_t n, fr_csv_words8 *restrict out)
{
    uint32_t text[FR_CSV_STRIP], length[FR_CSV_STRIP];
    for (size_t i = 0; i < n; i++) text[i] = short_text((uint32_t)values[i], &length[i]);
    for (size_t i = 0; i < n; i++) out->text[i] = text[i], out->length[i] = length[i];
}

typedef struct range { int64_t least, most; } range;

/* Of the values and 0. */
FR_TEMPLATE_FN range range_of(const int64_t *values, size_t n)
{
    int64_t least = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    return (range){ least, most };
}

static bool print_i64(const int64_t *restrict values, size_t n, fr_csv_words8 *restrict out)
{
    const range r = range_of(values, n);
    const int64_t least = r.least, most = r.most;
    if (least <= -10000000 || most >= 100000000) return false;
    if (least == 0 && most < 10000) return print_short(values, n, out), true;
    for (size_t i = 0; i < n; i++) {
        uint64_t negative = values[i] < 0;
        out->text[i] = whole_text(negative ? -values[i] : values[i], negative, &out->length[i]);
    }
    return true;
}

FR_TEMPLATE_FN uint64_t cell_of(uint64_t text, uint64_t length, uint64_t ending, uint64_t n_ending)
{
    return text | ending << (8 * length) | (length + n_ending) << 56;
}

static bool print_cells(const int64_t *restrict values, size_t n, const char ending[2], size_t n_ending,
                        uint64_t *restrict out)
{
    const range r = range_of(values, n);
    const int64_t limit = n_ending == 1 ? 1000000 : 100000;
    const uint64_t end = (uint8_t)ending[0] | (n_ending == 1 ? 0 : (uint64_t)(uint8_t)ending[1] << 8);
    if (r.least <= -limit / 10 || r.most >= limit) return false;
    if (r.least == 0 && r.most < 10000) {
        uint32_t text[FR_CSV_STRIP], length[FR_CSV_STRIP];
        for (size_t i = 0; i < n; i++) text[i] = short_text((uint32_t)values[i], &length[i]);
        for (size_t i = 0; i < n; i++) out[i] = cell_of(text[i], length[i], end, n_ending);
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t negative = values[i] < 0, length;
        uint64_t text = whole_text(negative ? -values[i] : values[i], negative, &length);
        out[i] = cell_of(text, length, end, n_ending);
    }
    return true;
}

#define SHIFT 0x1p52                   /* added to a whole number below it, its bits are those of the integer         */

FR_TEMPLATE_FN uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

FR_TEMPLATE_FN int64_t integer_of(double whole)
{
    return (int64_t)(bits_of(whole + SHIFT) ^ bits_of(SHIFT));
}

/* Point and digits of part / 10^6, zeros at the end not counted except for the first. */
FR_TEMPLATE_FN uint64_t decimal_text(int64_t part, uint64_t *length)
{
    const int64_t one = 1, digits = (int64_t)eight_digits((uint64_t)part * 100);
    *length = (uint64_t)2 + (digits >= one << 8) + (digits >= one << 16) + (digits >= one << 24)
              + (digits >= one << 32) + (digits >= one << 40);
    return ((uint64_t)digits | ZEROS) << 8 | '.';
}

static size_t print_f64(const double *restrict values, size_t n, fr_csv_words8 *restrict whole,
                        fr_csv_words8 *restrict decimals, uint64_t *restrict plain)
{
    uint64_t n_short = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = bits_of(values[i]), negative = bits >> 63;
        double x = __builtin_fabs(values[i]);
        double k = x * 1e6 + SHIFT - SHIFT;                                           /* to the nearest whole number  */
        bool fine = (k / 1e6 == x) & (x < 1e7) & ((x >= 1e-4) | (x == 0));            /* smaller ones have exponents  */
        x = fine ? x : 0;
        k = fine ? k : 0;
        double floor = x + SHIFT - SHIFT;
        floor -= floor > x ? 1 : 0;
        whole->text[i] = whole_text(integer_of(floor), negative, &whole->length[i]);
        decimals->text[i] = decimal_text(integer_of(k - floor * 1e6), &decimals->length[i]);
        plain[i] = fine;
    }
    for (size_t i = 0; i < n; i++) n_short += plain[i] & (whole->length[i] + decimals->length[i] <= 13);
    return n - n_short;
}

const fr_csv_print_kernels FR_ISA_NAME(fr_csv_print_kernels) = { .cells = print_cells, .i64 = print_i64, .f64 = print_f64 };
