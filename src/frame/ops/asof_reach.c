/* asof_reach.c — a tolerance in what the key counts, what is left of a unit cut off (see asof_reach.h).
 *
 * Keys lie whole units apart, so a tolerance of 2.5 and one of 2 mean the same to integers.
 */
#include "ops/asof_reach.h"

#include "base/date_text.h"
#include "base/decimal.h"
#include "expr/literals.h"

#include <math.h>
#include <string.h>

#define NS_A_SECOND INT64_C(1000000000)
#define SECONDS_A_DAY 86400

static bool unsuited(fr_call *call, const fr_type *key, const char *wanted)
{
    char room[FR_TYPE_TEXT_BYTES];
    return fr_fail(call, FR_ERR_TYPE, "the tolerance for a key of type %s is %s", fr_type_name(key, room), wanted);
}

static bool negative(fr_call *call)
{
    return fr_fail(call, FR_ERR_ARGUMENT, "tolerance is below 0: keys are never less than 0 apart");
}

/* ---- of times ---------------------------------------------------------------------------------------------------- */
static fr_i128 ns_of_unit(fr_unit unit)
{
    return NS_A_SECOND / fr_unit_per_second(unit);
}

static bool duration_of_text(fr_call *call, const fr_value *text, fr_i128 *ns)
{
    int64_t ticks;
    size_t bad;
    const bool fits = fr_parse_duration(text->as.s, text->length, NS_A_SECOND, &ticks, &bad);
    if (fits) return *ns = ticks, true;
    if (fr_parse_duration(text->as.s, text->length, 1, &ticks, &bad)) return *ns = (fr_i128)ticks * NS_A_SECOND, true;
    return fr_fail_at(call, fr_place_at(.hint = "'30s', '1h30min', '2d'"), FR_ERR_VALUE, "tolerance '%.*s' is no duration",
                      text->length < 60 ? (int)text->length : 60, text->as.s);
}

static bool of_time(fr_call *call, const fr_value *value, const fr_type *key, fr_u128 *out)
{
    const fr_i128 tick = key->kind == FR_DATE ? (fr_i128)SECONDS_A_DAY * NS_A_SECOND : ns_of_unit(key->unit);
    fr_i128 ns = 0;
    if (value->kind == FR_DURATION) ns = value->as.i * ns_of_unit((fr_unit)value->unit);
    else if (value->kind != FR_STR) return unsuited(call, key, "a duration: '30s', '1h30min', '2d'");
    else if (!duration_of_text(call, value, &ns)) return false;
    if (ns < 0) return negative(call);
    *out = (fr_u128)(ns / tick);
    return true;
}

/* ---- of numbers -------------------------------------------------------------------------------------------------- */
static double as_double(const fr_value *value)
{
    if (value->kind == FR_F64) return value->as.f;
    if (value->kind == FR_U64) return (double)value->as.u;
    if (value->kind == FR_DECIMAL)
        return fr_decimal_to_f64(fr_decimal_join(value->as.decimal.high, value->as.decimal.low), value->scale);
    return (double)value->as.i;
}

/* Whole units of 10^-scale; what no 128 bits hold reaches everywhere. */
static fr_asof_reach units_of_float(double x, int scale)
{
    char text[FR_NUMBER_BYTES];
    fr_i128 units;
    const size_t n = fr_print_f64(x, text);
    if (fr_parse_decimal(text, n, FR_DECIMAL_DIGITS, scale, &units) == FR_PARSE_OK)      /* 0.29 is 29 hundredths */
        return (fr_asof_reach){ .limited = true, .whole = (fr_u128)units };
    const double whole = floor(x * (double)fr_decimal_pow10(scale));
    return whole < 0x1p127 ? (fr_asof_reach){ .limited = true, .whole = (fr_u128)whole } : (fr_asof_reach){ 0 };
}

static fr_asof_reach units_of_whole(fr_u128 x, int scale)
{
    fr_u128 units;
    if (__builtin_mul_overflow(x, (fr_u128)fr_decimal_pow10(scale), &units)) return (fr_asof_reach){ 0 };
    return (fr_asof_reach){ .limited = true, .whole = units };
}

static fr_asof_reach units_of_decimal(fr_i128 x, int from, int scale)
{
    if (from <= scale) return units_of_whole((fr_u128)x, scale - from);
    return (fr_asof_reach){ .limited = true, .whole = (fr_u128)(x / fr_decimal_pow10(from - scale)) };
}

static bool of_number(fr_call *call, const fr_value *value, const fr_type *key, fr_asof_reach *out)
{
    const fr_kind kind = (fr_kind)value->kind;
    if (!fr_kind_is_number(kind)) return unsuited(call, key, "a number");
    const double x = as_double(value);
    const int scale = key->kind == FR_DECIMAL ? key->scale : 0;
    if (isnan(x)) return fr_fail(call, FR_ERR_ARGUMENT, "tolerance is nan");
    if (x < 0) return negative(call);
    if (isinf(x)) return *out = (fr_asof_reach){ 0 }, true;
    if (fr_kind_is_float(key->kind)) *out = (fr_asof_reach){ .limited = true, .real = x };
    else if (kind == FR_F64) *out = units_of_float(x, scale);
    else if (kind == FR_DECIMAL)
        *out = units_of_decimal(fr_decimal_join(value->as.decimal.high, value->as.decimal.low), value->scale, scale);
    else *out = units_of_whole(kind == FR_U64 ? value->as.u : (uint64_t)value->as.i, scale);
    return true;
}

bool fr_asof_reach_read(fr_call *call, const fr_value *tolerance, const fr_type *key, fr_asof_reach *out)
{
    *out = (fr_asof_reach){ 0 };
    if (!tolerance->valid || key->kind == FR_NULL) return true;
    if (!fr_kind_is_temporal(key->kind)) return of_number(call, tolerance, key, out);
    out->limited = true;
    return of_time(call, tolerance, key, &out->whole);
}
