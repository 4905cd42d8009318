/* numbers.c — see numbers.h. Plain digits come from the library (fr_cell_text), so they are exact; only their grouping
 * is done here. Locales play no part: the command never sets one.
 */
#include "numbers.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Digits up to the point in groups of three; what follows the point as it is. */
static void group_into(const char *digits, const char *currency, char *out, size_t room)
{
    size_t used = 0;
    if (*digits == '-') {
        used = (size_t)snprintf(out, room, "−");
        digits++;
    }
    for (; *currency && used + 1 < room; currency++) out[used++] = *currency;
    const size_t whole = strspn(digits, "0123456789");
    for (size_t i = 0; i < whole && used + 2 < room; i++) {
        if (i && (whole - i) % 3 == 0) out[used++] = ',';
        out[used++] = digits[i];
    }
    for (digits += whole; *digits && used + 1 < room; digits++) out[used++] = *digits;
    out[used] = 0;
}

const char *grouped_text(store *s, const char *digits)
{
    char out[160];
    group_into(digits, "", out, sizeof out);
    return keep(s, out);
}

const char *grouped(store *s, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    return grouped_text(s, digits);
}

const char *counted(store *s, int64_t number, const char *what)
{
    return keep_format(s, "%s %s%s", grouped(s, number), what, number == 1 ? "" : "s");
}

/* 1234.5 → 1,234.50, 1234.5600 → 1,234.56, 1234.1250 stays: no digit that counts is dropped. Whole numbers stay whole
 * unless they carry a currency. */
const char *money_text(store *s, const char *digits, const char *currency)
{
    char plain[128], out[200];
    if (strlen(digits) + 4 > sizeof plain) return grouped_text(s, digits);
    memcpy(plain, digits, strlen(digits) + 1);
    char *point = strchr(plain, '.');
    size_t n = strlen(plain);
    if (strchr(plain, 'e') || strchr(plain, 'n')) return keep(s, plain);        /* 1e300, nan, inf */
    if (point) {
        while (n > (size_t)(point - plain) + 3 && plain[n - 1] == '0') plain[--n] = 0;
        while (n < (size_t)(point - plain) + 3) plain[n++] = '0';
        plain[n] = 0;
    }
    group_into(plain, currency ? currency : "", out, sizeof out);
    return keep(s, out);
}

const char *share_text(store *s, double share)
{
    if (isnan(share)) return "–";
    if (share > 0 && share < 0.0005) return "< 0.1 %";
    return keep_format(s, share < 0 ? "−%.1f %%" : "%.1f %%", fabs(100 * share));
}

const char *change_text(store *s, double change)
{
    if (isnan(change)) return "–";
    const double percent = fabs(100 * change);
    const char *sign = percent < 0.05 ? "±" : change < 0 ? "−" : "+";
    return percent >= 999.95 ? keep_format(s, "%s%.0f %%", sign, percent) : keep_format(s, "%s%.1f %%", sign, percent);
}

const char *short_number(store *s, double number)
{
    char digits[64];
    const double size = fabs(number);
    if (isnan(number)) return "–";
    if (isinf(number)) return number < 0 ? "−∞" : "∞";
    if (size >= 1e15 || (size > 0 && size < 1e-4)) return keep_format(s, "%.3g", number);
    const int decimals = size == floor(size) || size >= 1e5 ? 0 : size >= 1000 ? 1 : size >= 100 ? 2 : size >= 1 ? 3 : 4;
    snprintf(digits, sizeof digits, "%.*f", decimals, number);
    char *end = digits + strlen(digits);
    while (strchr(digits, '.') && end[-1] == '0') *--end = 0;
    if (end > digits && end[-1] == '.') *--end = 0;
    if (!strcmp(digits, "-0")) return "0";
    return grouped_text(s, digits);
}
