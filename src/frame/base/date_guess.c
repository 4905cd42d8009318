/* date_guess.c — which of the usual shapes a date has.
 *
 * Each text answers with the set of shapes it fits; the sets of a whole column are ANDed:
 *
 *     01/02/2024    D/M/Y  M/D/Y
 *     13/02/2024    D/M/Y            → together D/M/Y, and nobody had to guess
 */
#include "base/date_reader.h"

#include <string.h>

static const char *const formats[FR_DATE_SHAPE_COUNT] = {
    [FR_DATE_ISO] = "%Y-%m-%d",           [FR_DATE_COMPACT] = "%Y%m%d",         [FR_DATE_YMD_SLASH] = "%Y/%m/%d",
    [FR_DATE_DMY_SLASH] = "%d/%m/%Y",     [FR_DATE_MDY_SLASH] = "%m/%d/%Y",     [FR_DATE_DMY_DOT] = "%d.%m.%Y",
    [FR_DATE_YMD_DOT] = "%Y.%m.%d",       [FR_DATE_DMY_DASH] = "%d-%m-%Y",      [FR_DATE_MDY_DASH] = "%m-%d-%Y",
    [FR_DATE_D_MON_Y_DASH] = "%d-%b-%Y",  [FR_DATE_D_MON_Y] = "%d %b %Y",       [FR_DATE_D_MONTH_Y] = "%d %B %Y",
    [FR_DATE_MON_D_Y] = "%b %d, %Y",      [FR_DATE_MONTH_D_Y] = "%B %d, %Y",    [FR_DATE_DMY2_SLASH] = "%d/%m/%y",
    [FR_DATE_MDY2_SLASH] = "%m/%d/%y",    [FR_DATE_DMY2_DOT] = "%d.%m.%y",      [FR_DATE_D_MON_Y2_DASH] = "%d-%b-%y",
    [FR_DATE_MON_D_Y_BLANK] = "%b %d %Y", [FR_DATE_MONTH_D_Y_BLANK] = "%B %d %Y",
    [FR_DATE_TIME_ONLY] = "%H:%M:%S",
};

const char *fr_date_shape_format(fr_date_shape shape)
{
    return (unsigned)shape < FR_DATE_SHAPE_COUNT ? formats[shape] : NULL;
}

/* Where the date ends: at the 'T' between two digits, else before the blanks in front of the first "dd:"; n when
 * neither is there. A compact time (20240229T123005) follows a 'T' only. */
static size_t date_length(const char *text, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (text[i] == 'T' && i + 1 < n && fr_date_is_digit(text[i - 1]) && fr_date_is_digit(text[i + 1])) return i;
        if (text[i] != ':') continue;
        while (i > 0 && fr_date_is_digit(text[i - 1])) i--;
        while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t')) i--;
        return i;
    }
    return n;
}

/* The time of day, "9:05" too; *bits get its shape. */
static bool read_time(fr_date_reader *r, fr_moment *m, uint64_t *bits)
{
    size_t start = r->at;
    bool pm;
    if (!fr_date_clock(r, m, *bits & FR_DATE_BIT(FR_TIME_ISO_T) ? FR_CLOCK_COMPACT : FR_CLOCK_SHORT)) return false;
    bool seconds = r->at - start > 5;
    size_t before = r->at;
    fr_date_skip_blanks(r);
    if (fr_date_meridiem(r, &pm)) {
        if (m->hour < 1 || m->hour > 12) return fr_date_stop(r, start);
        m->hour = (int8_t)(m->hour % 12 + (pm ? 12 : 0));
        *bits |= FR_DATE_BIT(seconds ? FR_TIME_SECONDS_12 : FR_TIME_MINUTES_12);
    } else {
        r->at = before;
        *bits |= FR_DATE_BIT(m->fraction_digits ? FR_TIME_FRACTION : seconds ? FR_TIME_SECONDS : FR_TIME_MINUTES);
    }
    return true;
}

/* What follows the date, to the end of the text. */
static bool read_rest(fr_date_reader *r, fr_moment *m, uint64_t *bits)
{
    if (r->at == r->n) {
        *bits |= FR_DATE_BIT(FR_TIME_NONE);
        return true;
    }
    if (fr_date_at(r, 'T')) *bits |= FR_DATE_BIT(FR_TIME_ISO_T);
    if (!fr_date_skip(r, 'T') && m->has_date && !fr_date_skip_blanks(r)) return fr_date_stop(r, r->at);
    if (!read_time(r, m, bits)) return false;
    if (r->at == r->n) return true;
    *bits |= FR_DATE_BIT(FR_TIME_OFFSET);
    fr_date_skip_blanks(r);
    return fr_date_offset(r, m) && (r->at == r->n || fr_date_stop(r, r->at));
}

static bool read_shape(fr_date_shape shape, const char *text, size_t n, size_t n_date, fr_moment *m, uint64_t *bits,
                       size_t *bad)
{
    fr_date_reader r = { .text = text, .n = n, .at = n_date };
    *m = (fr_moment){ .year = 1970, .month = 1, .day = 1 };
    *bits = 0;
    *bad = 0;
    if (shape == FR_DATE_TIME_ONLY) {
        if (n_date != 0) return false;
    } else {
        if (shape == FR_DATE_COMPACT && n_date != 8) return false;
        if (!fr_parse_date_format(formats[shape], strlen(formats[shape]), text, n_date, m, bad)) return false;
        if (fr_date_at(&r, 'T') && shape != FR_DATE_ISO && shape != FR_DATE_COMPACT) return *bad = n_date, false;
    }
    bool ok = (n_date < n || shape != FR_DATE_TIME_ONLY) && read_rest(&r, m, bits);
    *bad = r.bad;
    return ok;
}

bool fr_parse_date_shape(fr_date_shape shape, const char *text, size_t n, fr_moment *out, size_t *bad)
{
    fr_moment moment;
    uint64_t bits;
    size_t stop;
    if ((unsigned)shape >= FR_DATE_SHAPE_COUNT || !read_shape(shape, text, n, date_length(text, n), &moment, &bits,
                                                              &stop)) {
        if (bad) *bad = (unsigned)shape >= FR_DATE_SHAPE_COUNT ? 0 : stop;
        return false;
    }
    *out = moment;
    return true;
}

uint64_t fr_date_guess(const char *text, size_t n)
{
    size_t n_date = date_length(text, n), bad;
    uint64_t found = 0, bits;
    fr_moment moment;
    if (n < 4 || n > 64) return 0;
    for (int shape = 0; shape < FR_DATE_SHAPE_COUNT; shape++)
        if (read_shape((fr_date_shape)shape, text, n, n_date, &moment, &bits, &bad)) found |= FR_DATE_BIT(shape) | bits;
    return found;
}
