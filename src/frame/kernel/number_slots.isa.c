/* number_slots.isa.c — short numbers become slots, one to a lane.
 *
 * Every step is arithmetic on whole lanes without a branch, so the compiler makes vectors of the loops at each level.
 * Lanes are as narrow as a step allows, since a product of 64 bits costs many instructions, one of 16 bits one:
 *
 *     5971  →  0000 5971  →  00 00 59 71  →  0 0 0 0 5 9 7 1  →  "5971" (four bytes shifted out)
 *     of 32 bits             of 16 bits                          of 64 bits
 *
 * A float is taken for k / 10^6 with k = round(x × 10^6), and that is believed only when the division, which rounds
 * correctly, gives x back. Two decimals of at most 15 digits are never the same double, so k / 10^6 without zeros at
 * its end then is the shortest text, the one fr_print_f64 gives; k has at most 13 digits here.
 *
 *     37.211254  →  k = 37211254  →  "37" and ".211254"             6.25  →  k = 6250000  →  "6" and ".25"
 */
#include "kernel/number_slots.h"

#include <string.h>

#define ZEROS UINT64_C(0x3030303030303030)

/* Eight digits a number, as values 0 … 9, the first in the lowest byte. */
typedef union digits {
    uint64_t eight[FR_NUMBER_STRIP];
    uint32_t four[2 * FR_NUMBER_STRIP];
    uint16_t two[4 * FR_NUMBER_STRIP];
} digits;

/* Of numbers below 10^8. Of x = ab, a in front of b is x shifted less a × (10 shifted - 1). */
FR_TEMPLATE_FN void split(const uint32_t *restrict x, size_t n, digits *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t top = (uint32_t)((uint64_t)x[i] * 3518437209u >> 45), rest = x[i] - 10000 * top;    /* / 10^4  */
        out->four[2 * i] = (top << 16) - (top * 5243 >> 19) * ((100u << 16) - 1);                          /* / 100   */
        out->four[2 * i + 1] = (rest << 16) - (rest * 5243 >> 19) * ((100u << 16) - 1);
    }
    for (size_t i = 0; i < 4 * n; i++) {
        const uint16_t tens = (uint16_t)(out->two[i] * 103) >> 10;                                         /* / 10    */
        out->two[i] = (uint16_t)((out->two[i] << 8) - tens * ((10 << 8) - 1));
    }
}

/* How many digits x < 10^8 has. */
FR_TEMPLATE_FN uint32_t count_digits(int32_t x)
{
    return (uint32_t)1 + (x >= 10) + (x >= 100) + (x >= 1000) + (x >= 10000) + (x >= 100000) + (x >= 1000000) +
           (x >= 10000000);
}

/* The last n of eight digits, n > 0, with a sign in front when `negative` is 1; at most eight bytes. */
FR_TEMPLATE_FN uint64_t text_of(uint64_t eight, uint64_t n, uint64_t negative)
{
    const uint64_t text = (eight | ZEROS) >> (64 - 8 * n);
    return negative ? text << 8 | '-' : text;
}

/* Two texts of up to eight bytes that make one of at most fourteen. */
typedef struct halves {
    uint64_t first[FR_NUMBER_STRIP], n[FR_NUMBER_STRIP], second[FR_NUMBER_STRIP], length[FR_NUMBER_STRIP];
} halves;

/* Each is laid over the end of the one before it. */
FR_TEMPLATE_FN void join(const halves *restrict x, size_t n, const char ending[2], size_t n_ending,
                         fr_number_slot *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        char *slot = (char *)&out[i];
        memcpy(slot, &x->first[i], 8);
        memcpy(slot + x->n[i], &x->second[i], 8);
        memcpy(slot + x->length[i], ending, 2);
        slot[sizeof *out - 1] = (char)(x->length[i] + n_ending);
    }
}

/* ---- whole numbers ----------------------------------------------------------------------------------------------- */
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

/* The text of x < 10^4: half the work, and twice as many to a vector. */
FR_TEMPLATE_FN uint32_t short_text(uint32_t x, uint32_t *length)
{
    const uint32_t two = (x << 16) - (x * 5243 >> 19) * ((100u << 16) - 1), tens = (two * 103 >> 10) & 0x000f000fu;
    *length = (uint32_t)1 + (x >= 10) + (x >= 100) + (x >= 1000);
    return (tens | (two - 10 * tens) << 8 | (uint32_t)ZEROS) >> (32 - 8 * *length);
}

FR_TEMPLATE_FN uint64_t tiny(uint64_t text, uint64_t length, uint64_t ending, uint64_t n_ending)
{
    return text | ending << (8 * length) | (length + n_ending) << 56;
}

static bool print_tiny(const int64_t *restrict values, size_t n, const char ending[2], size_t n_ending,
                       uint64_t *restrict out)
{
    const range r = range_of(values, n);
    const int64_t limit = n_ending == 1 ? 1000000 : 100000;
    const uint64_t end = (uint8_t)ending[0] | (n_ending == 1 ? 0 : (uint64_t)(uint8_t)ending[1] << 8);
    uint32_t size[FR_NUMBER_STRIP], length[FR_NUMBER_STRIP], text[FR_NUMBER_STRIP];
    digits x;
    if (r.least <= -limit / 10 || r.most >= limit) return false;
    if (r.least == 0 && r.most < 10000) {
        for (size_t i = 0; i < n; i++) text[i] = short_text((uint32_t)values[i], &length[i]);
        for (size_t i = 0; i < n; i++) out[i] = tiny(text[i], length[i], end, n_ending);
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        const int32_t value = (int32_t)values[i];
        size[i] = (uint32_t)(value < 0 ? -value : value);
        length[i] = count_digits((int32_t)size[i]);
    }
    split(size, n, &x);
    for (size_t i = 0; i < n; i++) {
        const uint64_t negative = (uint64_t)values[i] >> 63;
        out[i] = tiny(text_of(x.eight[i], length[i], negative), length[i] + negative, end, n_ending);
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

FR_TEMPLATE_FN double double_of(uint64_t whole)
{
    double x;
    whole |= bits_of(SHIFT);
    memcpy(&x, &whole, sizeof x);
    return x - SHIFT;
}

/* Of at most eight bytes. */
static void print_eight(const int64_t *restrict values, size_t n, halves *restrict out)
{
    uint32_t size[FR_NUMBER_STRIP];
    digits x;
    for (size_t i = 0; i < n; i++) size[i] = (uint32_t)(values[i] < 0 ? -values[i] : values[i]);
    split(size, n, &x);
    for (size_t i = 0; i < n; i++) {
        const uint64_t negative = (uint64_t)values[i] >> 63, n_digits = count_digits((int32_t)size[i]);
        out->first[i] = text_of(x.eight[i], n_digits, negative);
        out->second[i] = 0;
        out->length[i] = out->n[i] = negative + n_digits;
    }
}

/* Of at most twelve digits: what is above the last eight, if anything, and those. */
static void print_twelve(const int64_t *restrict values, size_t n, halves *restrict out)
{
    uint32_t above[FR_NUMBER_STRIP], rest[FR_NUMBER_STRIP];
    digits x, y;
    for (size_t i = 0; i < n; i++) {
        const uint64_t size = (uint64_t)(values[i] < 0 ? -values[i] : values[i]);
        above[i] = (uint32_t)(int32_t)(double_of(size) * 1e-8);              /* the factor is a little above 10^-8   */
        rest[i] = (uint32_t)size - 100000000 * above[i];
    }
    split(above, n, &x);
    split(rest, n, &y);
    for (size_t i = 0; i < n; i++) {
        const uint64_t negative = (uint64_t)values[i] >> 63, n_above = count_digits((int32_t)above[i]);
        const uint64_t n_rest = above[i] ? 8 : count_digits((int32_t)rest[i]);
        out->first[i] = text_of(x.eight[i], n_above, negative);
        out->n[i] = negative + (above[i] ? n_above : 0);
        out->second[i] = text_of(y.eight[i], n_rest, 0);
        out->length[i] = out->n[i] + n_rest;
    }
}

static bool print_near(const int64_t *restrict values, size_t n, const char ending[2], size_t n_ending,
                       fr_number_slot *restrict out)
{
    const range r = range_of(values, n);
    const int64_t eight = 100000000, twelve = INT64_C(1000000000000);
    halves h;
    if (r.least <= -twelve || r.most >= twelve) return false;
    if (r.least > -eight / 10 && r.most < eight) print_eight(values, n, &h);
    else print_twelve(values, n, &h);
    join(&h, n, ending, n_ending, out);
    return true;
}

/* ---- floats ------------------------------------------------------------------------------------------------------ */
/* Decimals before the zeros at the end, one at least: which byte is the last that is not zero, the exponent says. */
FR_TEMPLATE_FN uint64_t count_decimals(uint64_t eight)
{
    return (bits_of(double_of(eight << 1 | 2)) >> 55) - 127;
}

/* The whole part of k / 10^6 and its six decimals, two zeros behind them; of other values 0. False when all are. */
FR_TEMPLATE_FN bool part(const double *restrict values, size_t n, uint32_t *restrict whole, uint32_t *restrict decimals,
                         uint64_t *restrict fits)
{
    double x[FR_NUMBER_STRIP], k[FR_NUMBER_STRIP];
    uint64_t some = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = __builtin_fabs(values[i]);
        k[i] = x[i] * 1e6 + SHIFT - SHIFT;                                            /* to the nearest whole number  */
        const bool fine = (k[i] / 1e6 == x[i]) & (x[i] < 1e7) & ((x[i] >= 1e-4) | (x[i] == 0));      /* else exponent */
        x[i] = fine ? x[i] : 0;
        k[i] = fine ? k[i] : 0;
        fits[i] = fine;
        some |= fits[i];
    }
    if (!some) return false;
    for (size_t i = 0; i < n; i++) {
        const int32_t floor = (int32_t)x[i];
        whole[i] = (uint32_t)floor;
        decimals[i] = 100 * (uint32_t)(int32_t)(k[i] - floor * 1e6);
    }
    return true;
}

static size_t print_f64(const double *restrict values, size_t n, const char ending[2], size_t n_ending,
                        fr_number_slot *restrict out, uint64_t *restrict fits)
{
    uint32_t whole[FR_NUMBER_STRIP], decimals[FR_NUMBER_STRIP];
    uint64_t n_fits = 0;
    digits x, y;
    halves h;
    if (!part(values, n, whole, decimals, fits)) return n;
    split(whole, n, &x);
    split(decimals, n, &y);
    for (size_t i = 0; i < n; i++) {
        const uint64_t negative = bits_of(values[i]) >> 63, n_digits = count_digits((int32_t)whole[i]);
        const uint64_t length = negative + n_digits + 1 + count_decimals(y.eight[i]);
        h.first[i] = text_of(x.eight[i], n_digits, negative);
        h.n[i] = negative + n_digits;
        h.second[i] = (y.eight[i] | ZEROS) << 8 | '.';
        fits[i] &= length + (n_ending ? n_ending : 1) < sizeof *out;      /* two bytes are laid behind it */
        h.length[i] = fits[i] ? length : 0;
        n_fits += fits[i];
    }
    join(&h, n, ending, n_ending, out);
    return n - n_fits;
}

const fr_number_slot_kernels FR_ISA_NAME(fr_number_slot_kernels) = { .tiny = print_tiny, .near = print_near, .f64 = print_f64 };
