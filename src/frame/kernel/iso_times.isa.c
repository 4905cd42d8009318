/* iso_times.isa.c — times of one form out of machine words, one text to a 64-bit lane.
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

FR_TEMPLATE_FN int64_t pair(uint64_t digits, unsigned at)
{
    return (int64_t)((digits >> (8 * at) & 15) * 10 + (digits >> (8 * at + 8) & 15));
}

FR_TEMPLATE_FN int64_t eight_digits(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);                                                           /* pairs */
    return (int64_t)(((digits & 0x000000ff000000ffu) * 0x000f424000000064u +
                      (digits >> 16 & 0x000000ff000000ffu) * 0x0000271000000001u) >> 32);
}

/* y / 100 for y < 43,699 */
FR_TEMPLATE_FN int64_t centuries(int64_t y)
{
    return y * 5243 >> 19;
}

/* 1 for a year 0 … 9999 with a February of 29 days */
FR_TEMPLATE_FN int64_t is_leap(int64_t year)
{
    const int64_t each_100 = year - 100 * centuries(year) == 0;
    return ((year & 3) == 0) & ((each_100 ^ 1) | ((year & 15) == 0));
}

FR_TEMPLATE_FN int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    const int64_t early = month <= 2, y = year + 400 - early, m = month + 12 * early, c = centuries(y);
    return 365 * y + (y >> 2) - c + (c >> 2) + ((979 * m - 2919) >> 5) + day - 1 - 719468 - 146097;
}

static uint64_t read_times(const fr_iso_words *restrict words, size_t n, fr_iso_times *restrict out)
{
    uint64_t good = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t d = words->day[i] ^ DATE_FORM, s = words->second[i] ^ SECOND_FORM;
        const uint64_t f = words->fraction[i] ^ DIGIT_FORM;
        uint64_t h = words->hour[i] ^ HOUR_FORM;
        h ^= (h & UINT64_C(0xff0000)) == LETTER_T ? LETTER_T : 0;
        const uint64_t wrong = beyond(d, DATE_LIMITS) | beyond(h, HOUR_LIMITS) | beyond(s, SECOND_LIMITS) |
                               beyond(f, DIGIT_LIMITS);
        const int64_t year = pair(d, 0) * 100 + pair(d, 2), month = pair(d, 5), day = pair(h, 0);
        const int64_t hour = pair(s, 0), minute = pair(s, 3), second = pair(s, 6);
        const int64_t february = 28 + is_leap(year), other = 30 + ((month + (month >> 3)) & 1);
        const int64_t last = month == 2 ? february : other;
        const uint64_t fine = (wrong == 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last) & (hour <= 23) &
                              (minute <= 59) & (second <= 59);
        out->days[i] = days_of(year, month, day);
        out->us[i] = ((hour * 60 + minute) * 60 + second) * 1000000 + eight_digits(f);
        good |= fine << i;
    }
    return good;
}

const fr_iso_kernels FR_ISA_NAME(fr_iso_kernels) = { .read = read_times };
