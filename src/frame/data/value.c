/* value.c — a single value as the bytes of a column's type.
 *
 * A bind parameter is an i64, u64, f64, bool or text; the column it meets may be an i16 or a decimal(18,2). What fits
 * exactly is taken, everything else is refused: 300 is no i8, 0.5 is no i64, 12.345 is no decimal(18,2).
 */
#include <math.h>
#include <string.h>

#include "data/column_make.h"

const char *fr_value_type_name(const fr_value *value, char room[FR_TYPE_TEXT_BYTES])
{
    return value->kind == FR_DECIMAL ? "decimal" : fr_type_name(fr_type_of((fr_kind)value->kind), room);
}

int64_t fr_find_beyond_day(fr_unit unit, const int64_t *ticks, const uint64_t *valid, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if ((!valid || fr_bit(valid, i)) && !fr_is_time_of_day(unit, ticks[i])) return i;
    return -1;
}

static bool wrong_type(fr_call *call, const fr_type *type, fr_value value)
{
    char name[FR_TYPE_TEXT_BYTES], other[FR_TYPE_TEXT_BYTES];
    return fr_fail(call, FR_ERR_TYPE, "a value of type %s cannot be stored as %s", fr_value_type_name(&value, other),
                   fr_type_name(type, name));
}

static bool too_large(fr_call *call, const fr_type *type)
{
    char name[FR_TYPE_TEXT_BYTES];
    return fr_fail(call, FR_ERR_OVERFLOW, "a value does not fit %s", fr_type_name(type, name));
}

static bool is_whole(const fr_value *value)
{
    return value->kind == FR_BOOL || fr_kind_is_integer((fr_kind)value->kind);
}

/* An integer of any kind, 128 bits wide. */
static fr_i128 whole_of(const fr_value *value)
{
    return value->kind >= FR_U8 && value->kind <= FR_U64 ? (fr_i128)value->as.u : (fr_i128)value->as.i;
}

static bool put_integer(fr_call *call, const fr_type *type, fr_i128 number, void *bytes)
{
    size_t width = fr_phys_width(fr_type_phys(type));
    bool is_signed = !(type->kind >= FR_U8 && type->kind <= FR_U64);
    fr_i128 one = 1, low = is_signed ? -(one << (8 * width - 1)) : 0;
    fr_i128 high = is_signed ? (one << (8 * width - 1)) - 1 : (one << (8 * width)) - 1;
    if (number < low || number > high) return too_large(call, type);
    memcpy(bytes, &number, width);
    return true;
}

static bool put_float(fr_call *call, const fr_type *type, const fr_value *value, void *bytes)
{
    double number = value->as.f;
    if (is_whole(value)) {
        fr_i128 whole = whole_of(value);
        number = (double)whole;
        if (type->kind == FR_F32) number = (float)whole;
        if ((fr_i128)number != whole) return too_large(call, type);
    } else if (!fr_kind_is_float((fr_kind)value->kind)) {
        return wrong_type(call, type, *value);
    }
    float narrow = (float)number;                     /* rounded as everywhere, but not to infinity */
    if (type->kind == FR_F32 && !isfinite(narrow) && isfinite(number)) return too_large(call, type);
    if (type->kind == FR_F64) memcpy(bytes, &number, sizeof number);
    else memcpy(bytes, &narrow, sizeof narrow);
    return true;
}

static fr_i128 power_of_ten(int exponent)
{
    fr_i128 power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

static bool put_decimal(fr_call *call, const fr_type *type, const fr_value *value, void *bytes)
{
    fr_i128 number;
    int scale = 0;
    if (value->kind == FR_DECIMAL) {
        memcpy(&number, &value->as.decimal, sizeof number);
        scale = value->scale;
    } else if (is_whole(value)) {
        number = whole_of(value);
    } else {
        return wrong_type(call, type, *value);
    }
    for (; scale > type->scale; scale--) {
        if (number % 10 != 0) return too_large(call, type);
        number /= 10;
    }
    if (scale < type->scale && __builtin_mul_overflow(number, power_of_ten(type->scale - scale), &number))
        return too_large(call, type);
    fr_i128 limit = power_of_ten(type->precision);
    if (number <= -limit || number >= limit) return too_large(call, type);
    memcpy(bytes, &number, fr_phys_width(fr_type_phys(type)));
    return true;
}

static int64_t units_per_second(uint8_t unit)
{
    return unit == FR_S ? 1 : unit == FR_MS ? 1000 : unit == FR_US ? 1000000 : 1000000000;
}

/* A moment or span in another unit, if that is exact. */
static bool put_temporal(fr_call *call, const fr_type *type, const fr_value *value, void *bytes)
{
    fr_i128 number = value->as.i;
    if (value->kind == type->kind && type->kind != FR_DATE) {
        number *= units_per_second((uint8_t)type->unit);
        if (number % units_per_second(value->unit) != 0) return too_large(call, type);
        number /= units_per_second(value->unit);
    } else if (value->kind == FR_DATE && type->kind == FR_DATETIME) {
        number = number * 86400 * units_per_second((uint8_t)type->unit);
    } else if (value->kind != type->kind && value->kind != FR_I64) {
        return wrong_type(call, type, *value);
    }
    if (type->kind == FR_TIME && (number != (int64_t)number || !fr_is_time_of_day(type->unit, (int64_t)number)))
        return too_large(call, type);
    return put_integer(call, type, number, bytes);
}

bool fr_value_bytes(fr_call *call, const fr_type *type, fr_value value, void *bytes)
{
    if (fr_kind_is_float(type->kind)) return put_float(call, type, &value, bytes);
    if (type->kind == FR_DECIMAL) return put_decimal(call, type, &value, bytes);
    if (fr_kind_is_temporal(type->kind)) return put_temporal(call, type, &value, bytes);
    if (type->kind == FR_BOOL && value.kind == FR_BOOL) {
        *(unsigned char *)bytes = value.as.i != 0;
        return true;
    }
    if (fr_kind_is_integer(type->kind) && is_whole(&value) && value.kind != FR_BOOL)
        return put_integer(call, type, whole_of(&value), bytes);
    return wrong_type(call, type, value);
}
