/* time_text.c — texts of times by ISO 8601 (see time_text.h). */
#include "expr/time_text.h"

#include "base/date_text.h"
#include "expr/fn.h"
#include "expr/literals.h"

bool fr_looks_like_iso_date(const char *text, size_t n)
{
    for (size_t i = 0; i < 4; i++)
        if (i >= n || text[i] < '0' || text[i] > '9') return false;
    return n > 4 && text[4] == '-';
}

bool fr_time_from_text(const fr_type *type, const char *text, size_t n, int64_t *out)
{
    const int64_t per_second = fr_unit_per_second(type->unit);
    fr_moment m;
    bool inexact = false;
    if (type->kind == FR_DURATION) return fr_parse_duration(text, n, per_second, out, NULL);
    if (!fr_parse_iso(text, n, &m, NULL)) return false;
    if (type->kind == FR_DATE) return *out = fr_moment_days(&m), m.has_date && !m.has_time;
    if ((type->kind == FR_TIME) == m.has_date) return false;
    if (type->kind == FR_TIME && m.has_offset) return false;
    if (type->kind == FR_DATETIME && m.has_offset != (type->zone != NULL)) return false;
    return fr_moment_ticks(&m, per_second, out, &inexact) && !inexact;
}
