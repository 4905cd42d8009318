/* fill_value.c — a value that a caller gave, for a column: what suits, and one row of it. */
#include "ops/fill_value.h"

#include "base/decimal.h"
#include "base/number.h"
#include "data/column_make.h"
#include "expr/time_text.h"

#include <math.h>

/* As in comparisons, a text stands for the date, time or duration that it reads as. */
static bool reads_as_time(const fr_value *value, const fr_type *type, int64_t *ticks)
{
    return value->kind == FR_STR && value->valid && fr_kind_is_temporal(type->kind)
        && fr_time_from_text(type, value->as.s, value->length, ticks);
}

bool fr_value_suits(const fr_value *value, const fr_type *type)
{
    const fr_kind kind = (fr_kind)value->kind;
    int64_t ticks;
    if (kind == FR_STR) return fr_kind_is_text(type->kind) || reads_as_time(value, type, &ticks);
    if (kind == FR_BINARY) return type->kind == FR_BINARY;
    if (kind == FR_BOOL) return type->kind == FR_BOOL;
    if (fr_kind_is_number(kind)) return fr_kind_is_number(type->kind);
    return kind == type->kind;
}

#define METHODS "values that come from the column are a method: mean, median, mode, forward, backward"

/* 'mean', 'median(age)', 'ffill' as the value to fill with. */
static bool names_a_method(const fr_value *value)
{
    static const char *const names[] = { "mean", "median", "mode", "forward", "backward", "ffill", "bfill", "previous", "next" };
    if (value->kind != FR_STR || !value->as.s) return false;
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) {
        const size_t n = strlen(names[i]);
        if (value->length >= n && !memcmp(value->as.s, names[i], n) && (value->length == n || value->as.s[n] == '(')) return true;
    }
    return false;
}

static const char *hint_of(const fr_value *value, const fr_type *type)
{
    if (names_a_method(value)) return METHODS;
    if (value->kind != FR_STR) return fr_kind_is_text(type->kind) ? "in quotes it is a text: '0'" : NULL;
    switch (type->kind) {
    case FR_DATE:     return "a date is written like 2024-01-31";
    case FR_TIME:     return "a time is written like 10:30:00";
    case FR_DURATION: return "a duration is written like 1d 2h";
    case FR_DATETIME: return type->zone ? "a datetime of a zone is written like 2024-01-31 10:00:00+01:00"
                                        : "a datetime is written like 2024-01-31 10:00:00";
    default:          return NULL;
    }
}

bool fr_value_unsuited(fr_call *call, const fr_value *value, const fr_type *type, const char *name)
{
    char room[FR_TYPE_TEXT_BYTES], value_room[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(call, fr_place_at(.column = name, .hint = hint_of(value, type)), FR_ERR_TYPE,
                      "column '%s' of type %s cannot be filled by a value of type %s", name, fr_type_name(type, room),
                      fr_value_type_name(value, value_room));
}

/* A float as the decimal that its shortest text is, where the type holds that: 1.5 is 1.50. */
static fr_value as_decimal(fr_value value, const fr_type *type)
{
    char text[FR_NUMBER_BYTES];
    fr_i128 x;
    const size_t n = fr_print_f64(value.as.f, text);
    if (fr_parse_decimal(text, n, type->precision, type->scale, &x) != FR_PARSE_OK) return value;
    value.kind = FR_DECIMAL;
    value.scale = type->scale;
    value.as.decimal.low = (uint64_t)x;
    value.as.decimal.high = (int64_t)(x >> 64);
    return value;
}

fr_column *fr_value_as_row(fr_call *call, fr_value value, const fr_type *type)
{
    if (fr_kind_is_integer(type->kind) && value.kind == FR_F64 && value.as.f == rint(value.as.f)
        && fabs(value.as.f) < 0x1p63) value = fr_v_i64((int64_t)value.as.f);               /* 2.0 is 2 */
    if (type->kind == FR_DECIMAL && value.kind == FR_F64) value = as_decimal(value, type);
    int64_t ticks;
    if (reads_as_time(&value, type, &ticks)) {
        value = fr_v_i64(ticks);
        value.kind = (uint8_t)type->kind;
        value.unit = (uint8_t)type->unit;
    }
    return fr_column_repeat(call, type, value, 1);
}
