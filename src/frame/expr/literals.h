/* literals.h — dates, times and durations written in an expression. */
#ifndef FR_EXPR_LITERALS_H
#define FR_EXPR_LITERALS_H

#include <frame/type.h>

#include "base/date_text.h"

/* Read "2024-01-31", "2024-01-31 10:00", "10:00" or "1d 2h" as a value of `kind` (datetime, time and duration in
 * microseconds, or nanoseconds where the text is that fine). False when it is none. */
bool fr_read_moment(fr_kind kind, const char *text, size_t n, fr_value *out);

/* Write such a value as it can be read again: date '2024-01-31'. → length */
#define FR_MOMENT_ROOM 96
size_t fr_write_moment(const fr_value *value, char out[FR_MOMENT_ROOM]);

/* A float as a literal: 1.5, 1e+16; inf and nan as the expressions that make them. */
size_t fr_write_literal_f64(double value, char out[FR_MOMENT_ROOM]);

/* Ticks of a unit in a second. */
int64_t fr_unit_per_second(fr_unit unit);

#endif
