/* iso_times.isa.c — times of one form out of machine words: the form in lanes of 64 bits, one to a text, pairs of digits
 * in lanes of 16, numbers in lanes of 32, since a product of 64 bits costs many instructions.
 *
 *     "2024-02-" ^ "0000-00-"  →  2 0 2 4 0 0 2 0      not of the form: a digit above 9, or a mark that is not 0
 *
 * No branch and no table: the compiler makes vectors of the loop at each level. Days are counted from March, so that
 * the leap day is a year's last; 400 years more keep the year 0 positive.
 * Source: C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022).
 */
#include "kernel/iso_times.h"

#define DATE_FORM     UINT64_C(0x2d30302d30303030)             /* "0000-00-"                                          */
#define DATE_LIMITS   UINT64_C(0x7f76767f76767676)             /* make a 10, or a 1 that should be a mark, negative   */
#define HOUR_FORM     UINT64_C(0x30303a3030203030)             /* "00 00:00"                                          */
#define HOUR_LIMITS   UINT64_C(0x76767f76767f7676)
#define SECOND_FORM   UINT64_C(0x30303a30303a3030)             /* "00:00:00"                                          */
#define SECOND_LIMITS UINT64_C(0x76767f76767f7676)
#define DIGIT_FORM    UINT64_C(0x3030303030303030)
#define DIGIT_LIMITS  UINT64_C(0x7676767676767676)
#define SIGNS         UINT64_C(0x8080808080808080)
#define LETTER_T      UINT64_C(0x740000)                       /* "T" ^ " ", for which it may stand                   */

/* Zero when every byte keeps its limit. A carry can only come from a byte that does not. */
FR_TEMPLATE_FN uint64_t beyond(uint64_t digits, uint64_t limits)
{
    return (digits | (digits + limits)) & SIGNS;
}

/* Eight digits a text, and then as many bytes that hold pairs of them as numbers of 16 bits. */
typedef union digits {
    uint64_t eight[FR_ISO_TEXTS];
    uint32_t four[2 * FR_ISO_TEXTS];
    uint16_t two[4 * FR_ISO_TEXTS];
} digits;

FR_TEMPLATE_FN void pair_up(digits *x, size_t n)
{
    for (size_t i = 0; i < 4 * n; i++) x->two[i] = (uint16_t)((x->two[i] & 15) * 10 + (x->two[i] >> 8 & 15));
}

/* The number of four digits of which pairs were made. */
FR_TEMPLATE_FN int32_t number(uint32_t pairs, int32_t factor)
{
    return (int32_t)(pairs & 0xffff) * factor + (int32_t)(pairs >> 16);
}

/* "2024-02-29 12:30:05" → 20240229 and 12300500; bytes that break the form leave something in `wrong`. */
FR_TEMPLATE_FN void check_form(const fr_iso_words *restrict words, size_t n, digits *restrict date,
                               digits *restrict time, uint64_t *restrict wrong)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t d = words->day[i] ^ DATE_FORM, s = words->second[i] ^ SECOND_FORM;
        uint64_t h = (words->hour[i] ^ HOUR_FORM) & UINT64_C(0xffffff);
        h ^= h >> 16 == LETTER_T >> 16 ? LETTER_T : 0;
        wrong[i] = beyond(d, DATE_LIMITS) | beyond(h, HOUR_LIMITS) | beyond(s, SECOND_LIMITS);
        date->eight[i] = (d & 0xffffffffu) | (d >> 8 & UINT64_C(0xffff00000000)) | h << 48;
        time->eight[i] = (s & 0xffffu) | (s >> 8 & 0xffff0000u) | (s >> 16 & UINT64_C(0xffff00000000));
    }
}

/* Most times have none, and nothing is to be done for them. */
FR_TEMPLATE_FN void read_fractions(const fr_iso_words *restrict words, size_t n, uint32_t *restrict us,
                                   uint64_t *restrict wrong)
{
    digits f;
    uint64_t some = 0;
    for (size_t i = 0; i < n; i++) {
        f.eight[i] = words->fraction[i] ^ DIGIT_FORM;
        some |= f.eight[i];
        us[i] = 0;
    }
    if (!some) return;
    for (size_t i = 0; i < n; i++) wrong[i] |= beyond(f.eight[i], DIGIT_LIMITS);
    pair_up(&f, n);
    for (size_t i = 0; i < n; i++)
        us[i] = (uint32_t)(number(f.four[2 * i], 100) * 10000 + number(f.four[2 * i + 1], 100));
}

/* y / 100 for y < 43,699 */
FR_TEMPLATE_FN int32_t centuries(int32_t y)
{
    return y * 5243 >> 19;
}

FR_TEMPLATE_FN int32_t days_of(int32_t year, int32_t month, int32_t day)
{
    const int32_t early = month <= 2, y = year + 400 - early, m = month + 12 * early, c = centuries(y);
    return 365 * y + (y >> 2) - c + (c >> 2) + ((979 * m - 2919) >> 5) + day - 1 - 719468 - 146097;
}

static uint64_t read_times(const fr_iso_words *restrict words, size_t n, fr_iso_times *restrict out)
{
    digits date, time;
    uint64_t wrong[FR_ISO_TEXTS], good = 0;
    uint32_t fine[FR_ISO_TEXTS];
    check_form(words, n, &date, &time, wrong);
    read_fractions(words, n, out->us, wrong);
    pair_up(&date, n);
    pair_up(&time, n);
    for (size_t i = 0; i < n; i++) {
        const uint32_t years = date.four[2 * i], rest = date.four[2 * i + 1];
        const int32_t year = number(years, 100), month = rest & 0xffff, day = (int32_t)(rest >> 16);
        const int32_t minutes = number(time.four[2 * i], 60), second = time.four[2 * i + 1] & 0xffff;
        const int32_t leap = ((year & 3) == 0) & ((years >> 16 != 0) | ((year & 15) == 0));
        const int32_t last = month == 2 ? 28 + leap : 30 + ((month + (month >> 3)) & 1);
        fine[i] = (month >= 1) & (month <= 12) & (day >= 1) & (day <= last) & (minutes < 24 * 60) &
                  (time.four[2 * i] >> 16 <= 59) & (second <= 59);
        out->days[i] = days_of(year, month, day);
        out->seconds[i] = (uint32_t)(minutes * 60 + second);
    }
    for (size_t i = 0; i < n; i++) good |= (uint64_t)(fine[i] & (wrong[i] == 0)) << i;
    return good;
}

const fr_iso_kernels FR_ISA_NAME(fr_iso_kernels) = { .read = read_times };
