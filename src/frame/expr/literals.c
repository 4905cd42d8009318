/* literals.c — date '2024-01-31', datetime '2024-01-31 10:00', time '10:00', duration '1d 2h': reading and writing. */
#include "expr/literals.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>

int64_t fr_unit_per_second(fr_unit unit)
{
    switch (unit) {
    case FR_S: return 1;
    case FR_MS: return 1000;
    case FR_NS: return 1000000000;
    case FR_US: break;
    }
    return 1000000;
}

static bool read_duration(const char *text, size_t n, fr_value *out)
{
    *out = (fr_value){ .kind = FR_DURATION, .valid = true, .unit = FR_US };
    if (fr_parse_duration(text, n, 1000000, &out->as.i, NULL)) return true;
    out->unit = FR_NS;
    return fr_parse_duration(text, n, 1000000000, &out->as.i, NULL);
}

bool fr_read_moment(fr_kind kind, const char *text, size_t n, fr_value *out)
{
    fr_moment m;
    if (kind == FR_DURATION) return read_duration(text, n, out);
    *out = (fr_value){ .kind = (uint8_t)kind, .valid = true };
    if (!fr_parse_iso(text, n, &m, NULL)) return false;
    switch (kind) {
    case FR_DATE:
        out->as.i = fr_moment_days(&m);
        return m.has_date && !m.has_time && !m.has_offset && out->as.i == (int32_t)out->as.i;
    case FR_TIME: case FR_DATETIME:
        if ((kind == FR_TIME) == m.has_date || (kind == FR_TIME && m.has_offset)) return false;
        out->unit = m.nanosecond % 1000 ? FR_NS : FR_US;
        return fr_moment_ticks(&m, fr_unit_per_second((fr_unit)out->unit), &out->as.i, NULL);
    default: return false;
    }
}

size_t fr_write_moment(const fr_value *v, char out[FR_MOMENT_ROOM])
{
    char room[FR_DATE_BYTES];
    int64_t per_second = fr_unit_per_second((fr_unit)v->unit);
    const char *word = "date";
    switch ((fr_kind)v->kind) {
    case FR_TIME: word = "time"; fr_print_time(v->as.i, per_second, room); break;
    case FR_DATETIME: word = "datetime"; fr_print_datetime(v->as.i, per_second, room); break;
    case FR_DURATION: word = "duration"; fr_print_duration(v->as.i, per_second, room); break;
    default: fr_print_date(v->as.i, room); break;
    }
    int n = snprintf(out, FR_MOMENT_ROOM, "%s '%s'", word, room);
    return n < 0 ? 0 : (size_t)n;
}

size_t fr_write_literal_f64(double value, char out[FR_MOMENT_ROOM])
{
    if (isnan(value)) return (size_t)snprintf(out, FR_MOMENT_ROOM, "(0 / 0)");
    if (isinf(value)) return (size_t)snprintf(out, FR_MOMENT_ROOM, value < 0 ? "(-1 / 0)" : "(1 / 0)");
    return fr_print_f64(value, out);
}
