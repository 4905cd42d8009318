/* iso_times.h — dates and times of the one usual form, up to 64 texts at a time (iso_times.isa.c).
 *
 *     2024-02-29    2024-02-29 12:30:05    2024-02-29T12:30:05.25 (up to six decimals, also after a comma)
 */
#ifndef FR_KERNEL_ISO_TIMES_H
#define FR_KERNEL_ISO_TIMES_H

#include <string.h>

#include "kernel/isa.h"

#define FR_ISO_TEXTS 64

/* Eight characters of each text, the first in the lowest byte. */
typedef struct fr_iso_words {
    uint64_t day[FR_ISO_TEXTS];        /* "2024-02-"                                                        */
    uint64_t hour[FR_ISO_TEXTS];       /*         "29 12:30"                                                */
    uint64_t second[FR_ISO_TEXTS];     /*            "12:30:05"                                             */
    uint64_t fraction[FR_ISO_TEXTS];   /* "00250000": six decimals                                           */
} fr_iso_words;

typedef struct fr_iso_times {
    int32_t  days[FR_ISO_TEXTS];       /* since 1970-01-01                                                  */
    uint32_t seconds[FR_ISO_TEXTS];    /* of the day                                                        */
    uint32_t us[FR_ISO_TEXTS];         /* of the second                                                     */
} fr_iso_times;

typedef struct fr_iso_kernels {
    /* Bit i: text i < n is of the form and such a day and time exist; the others' times are undefined. */
    uint64_t (*read)(const fr_iso_words *words, size_t n, fr_iso_times *out);
} fr_iso_kernels;

FR_ISA_DECLARE(fr_iso_kernels, fr_iso_kernels);

static inline uint64_t fr_iso_load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* Put the text at place i; one whose length is not of the form is never read. */
static inline void fr_iso_take(fr_iso_words *words, size_t i, const char *text, size_t n)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    words->fraction[i] = zeros;
    words->day[i] = n >= 10 ? fr_iso_load(text) : 0;
    if (n >= 19) {
        words->hour[i] = fr_iso_load(text + 8);
        words->second[i] = fr_iso_load(text + 11);
        if (n == 19) return;
        const unsigned shift = 8 * (28 - (unsigned)n);                              /* bits that are no decimals     */
        if (n == 20 || n > 26 || (text[19] != '.' && text[19] != ',')) words->day[i] = 0;
        else words->fraction[i] = (fr_iso_load(text + n - 8) >> shift | zeros << (64 - shift)) << 16 | (zeros & 0xffff);
    } else {
        words->hour[i] = UINT64_C(0x30303a3030200000);                              /* "\0\0 00:00"                  */
        words->second[i] = UINT64_C(0x30303a30303a3030);                            /* "00:00:00"                    */
        if (n == 10) words->hour[i] |= (uint64_t)(unsigned char)text[8] | (uint64_t)(unsigned char)text[9] << 8;
    }
}

static inline int64_t fr_iso_us_of_day(const fr_iso_times *times, size_t i)
{
    return times->seconds[i] * INT64_C(1000000) + times->us[i];
}

/* Since 1970-01-01. */
static inline int64_t fr_iso_us(const fr_iso_times *times, size_t i)
{
    return times->days[i] * INT64_C(86400000000) + fr_iso_us_of_day(times, i);
}

#endif
