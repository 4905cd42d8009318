/* date_stamp.c — see date_stamp.h. A stamp is copied, then its places are filled, two digits at a time. */
#include "base/date_stamp.h"

#include <string.h>

#include "base/date_reader.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* ---- reading a format -------------------------------------------------------------------------------------------- */
static bool add_text(fr_date_stamp *stamp, char c)
{
    if (stamp->n_bytes == FR_STAMP_BYTES) return false;
    stamp->text[stamp->n_bytes++] = c;
    return true;
}

static bool add_field(fr_date_stamp *stamp, char letter, size_t width)
{
    if (stamp->n_fields == FR_STAMP_FIELDS || stamp->n_bytes + width > FR_STAMP_BYTES) return false;
    stamp->fields[stamp->n_fields++] = (fr_stamp_field){ letter, (uint8_t)stamp->n_bytes };
    stamp->n_bytes += width;
    return true;
}

static bool add_format(fr_date_stamp *stamp, const char *format, size_t n);

static bool add_letter(fr_date_stamp *stamp, char letter)
{
    switch (letter) {
    case 'Y': return add_field(stamp, letter, 4);
    case 'y': case 'm': case 'd': case 'e': case 'H': case 'I': case 'M': case 'S': case 'p':
        return add_field(stamp, letter, 2);
    case 'b': case 'a': case 'j': return add_field(stamp, letter, 3);
    case 'f': return add_field(stamp, '6', 6);
    case 'F': return add_format(stamp, "%Y-%m-%d", 8);
    case 'T': return add_format(stamp, "%H:%M:%S", 8);
    case 'D': return add_format(stamp, "%m/%d/%y", 8);
    case 'R': return add_format(stamp, "%H:%M", 5);
    case '%': return add_text(stamp, '%');
    default:  return false;
    }
}

static bool add_format(fr_date_stamp *stamp, const char *format, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (format[i] != '%') {
            if (!add_text(stamp, format[i])) return false;
            continue;
        }
        if (++i == n) return false;
        if (i + 1 < n && format[i + 1] == 'f' && format[i] && strchr("369", format[i])) {
            if (!add_field(stamp, format[i], (size_t)(format[i] - '0'))) return false;
            i++;
        } else if (!add_letter(stamp, format[i])) {
            return false;
        }
    }
    return true;
}

bool fr_date_stamp_read(fr_date_stamp *stamp, const char *format, size_t n)
{
    *stamp = (fr_date_stamp){ 0 };
    return add_format(stamp, format, n);
}

/* ---- the calendar ------------------------------------------------------------------------------------------------ */
typedef struct day { uint32_t year, month, day; } day;

/* Of years 0 … 9999, without a division that is not by a constant, and none of 64 bits.
 * Source: C. Neri, L. Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022). */
FR_TEMPLATE_FN day day_of(int64_t days)
{
    enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_EPOCH = 719468 };
    const uint32_t n = (uint32_t)(days + DAYS_TO_EPOCH + DAYS_PER_ERA);            /* since 1 March of the year -400 */
    const uint32_t n1 = 4 * n + 3, century = n1 / DAYS_PER_ERA, n2 = (n1 % DAYS_PER_ERA) | 3;
    const uint64_t product = (uint64_t)2939745 * n2;
    const uint32_t of_century = (uint32_t)(product >> 32), day_of_year = (uint32_t)product / 2939745 / 4;
    const uint32_t n3 = 2141 * day_of_year + 197913, month = n3 >> 16;
    const bool next = day_of_year >= 306;
    const uint32_t year = 100 * century + of_century + next - YEARS_PER_ERA;
    return (day){ year, next ? month - 12 : month, (n3 & 0xFFFF) / 2141 + 1 };
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */
static const char two_digits[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960"
    "6162636465666768697071727374757677787980818283848586878889909192939495969798" "99";

static inline void two(char *to, uint32_t x) { memcpy(to, two_digits + 2 * x, 2); }

static void put_digits(char *to, uint32_t x, size_t n)
{
    for (; n; x /= 10) to[--n] = (char)('0' + x % 10);
}

static void put_field(char letter, const day *d, fr_stamp_time time, char *to)
{
    const uint32_t second = (uint32_t)(time.ns / NS_PER_SECOND), hour = second / 3600;
    switch (letter) {
    case 'Y': two(to, d->year / 100), two(to + 2, d->year % 100); break;
    case 'y': two(to, d->year % 100); break;
    case 'm': two(to, d->month); break;
    case 'd': two(to, d->day); break;
    case 'e': two(to, d->day), *to = d->day < 10 ? ' ' : *to; break;
    case 'H': two(to, hour); break;
    case 'I': two(to, (hour + 11) % 12 + 1); break;
    case 'M': two(to, second / 60 % 60); break;
    case 'S': two(to, second % 60); break;
    case 'p': memcpy(to, hour < 12 ? "AM" : "PM", 2); break;
    case 'b': memcpy(to, fr_month_names[d->month - 1], 3); break;
    case 'a': memcpy(to, fr_weekday_names[fr_civil_weekday(time.days)], 3); break;
    case 'j': put_digits(to, (uint32_t)fr_civil_day_of_year(time.days), 3); break;
    case '3': put_digits(to, (uint32_t)(time.ns % NS_PER_SECOND / 1000000), 3); break;
    case '6': put_digits(to, (uint32_t)(time.ns % NS_PER_SECOND / 1000), 6); break;
    default:  put_digits(to, (uint32_t)(time.ns % NS_PER_SECOND), 9); break;
    }
}

bool fr_date_stamp_print(const fr_date_stamp *stamp, fr_stamp_time time, char *out)
{
    enum { FIRST_DAY = -719528, LAST_DAY = 2932896 };      /* 0000-01-01 and 9999-12-31 */
    if (time.days < FIRST_DAY || time.days > LAST_DAY) return false;
    const day d = day_of(time.days);
    for (size_t i = 0; i < stamp->n_bytes; i += 16) memcpy(out + i, stamp->text + i, 16);
    for (size_t i = 0; i < stamp->n_fields; i++)
        put_field(stamp->fields[i].letter, &d, time, out + stamp->fields[i].at);
    return true;
}
