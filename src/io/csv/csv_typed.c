/* csv_typed.c — a field as a value of a type somebody asked for.
 *
 * Declared types are read more generously than types are guessed: leading zeros are fine, a float may overflow to infinity,
 * a decimal may have fewer digits than its scale, datetimes with an offset are converted to UTC where the type has a zone.
 * What would lose digits is refused.
 */
#include "base/date_text.h"
#include "base/decimal.h"
#include "base/number.h"
#include "io/csv/csv_value.h"

#include <string.h>

static bool read_words(const fr_csv_rules *rules, const fr_csv_field *f, bool *out)
{
    fr_csv_scalar scalar;
    fr_csv_classify(rules, f, &scalar);
    bool digit = f->length == 1 && (f->text[0] == '0' || f->text[0] == '1');
    *out = digit ? f->text[0] == '1' : scalar.as.i != 0;
    return digit || scalar.class_ == FR_CSV_BOOL;
}

static bool read_whole(const fr_csv_rules *rules, fr_kind kind, const fr_csv_field *f, void *out)
{
    static const struct { int64_t min; uint64_t max; uint8_t width; } ranges[FR_KIND_COUNT] = {
        [FR_I8] = { INT8_MIN, INT8_MAX, 1 }, [FR_I16] = { INT16_MIN, INT16_MAX, 2 },
        [FR_I32] = { INT32_MIN, INT32_MAX, 4 }, [FR_I64] = { INT64_MIN, INT64_MAX, 8 }, [FR_U8] = { 0, UINT8_MAX, 1 },
        [FR_U16] = { 0, UINT16_MAX, 2 }, [FR_U32] = { 0, UINT32_MAX, 4 }, [FR_U64] = { 0, UINT64_MAX, 8 },
    };
    fr_i128 value;
    bool leading_zero;
    if (!fr_csv_read_integer(rules, f->text, f->length, &value, &leading_zero)) return false;
    if (value < ranges[kind].min || value > ranges[kind].max) return false;
    memcpy(out, &value, ranges[kind].width);
    return true;
}

static bool read_real(const fr_csv_rules *rules, fr_kind kind, const fr_csv_field *f, void *out)
{
    double wide = __builtin_nan("");
    float narrow = __builtin_nanf("");
    bool leading_zero, is_nan = fr_csv_is_na_word(rules, f) || (f->length == 3 && !memcmp(f->text, "nan", 3));
    if (kind == FR_F64) {
        if (!is_nan && !fr_csv_read_float(rules, f->text, f->length, &wide, &leading_zero)) return false;
        memcpy(out, &wide, sizeof wide);
    } else {
        if (!is_nan && !fr_csv_read_float32(rules, f->text, f->length, &narrow)) return false;
        memcpy(out, &narrow, sizeof narrow);
    }
    return true;
}

static bool read_decimal(const fr_csv_rules *rules, const fr_type *type, const fr_csv_field *f, void *out)
{
    const fr_number_format format = { .decimal = rules->decimal, .thousands = rules->thousands };
    fr_i128 value;
    if (fr_parse_decimal_with(f->text, f->length, format, type->precision, type->scale, &value) != FR_PARSE_OK) return false;
    memcpy(out, &value, fr_phys_width(fr_type_phys(type)));
    return true;
}

static int64_t per_second(fr_unit unit)
{
    return unit == FR_S ? 1 : unit == FR_MS ? 1000 : unit == FR_US ? 1000000 : 1000000000;
}

static bool read_moment(const fr_type *type, const fr_csv_field *f, void *out)
{
    fr_moment moment;
    bool inexact = false;
    if (!fr_parse_iso(f->text, f->length, &moment, NULL)) return false;
    if (type->kind == FR_DATE) {
        int32_t days = (int32_t)fr_moment_days(&moment);
        bool midnight = !moment.hour && !moment.minute && !moment.second && !moment.nanosecond && !moment.has_offset;
        memcpy(out, &days, sizeof days);
        return moment.has_date && midnight;
    }
    if (moment.has_offset ? !type->zone : type->zone && strcmp(type->zone, "UTC") != 0) return false;
    if (type->kind == FR_DATETIME ? !moment.has_date : moment.has_date || !moment.has_time) return false;
    int64_t ticks;
    if (!fr_moment_ticks(&moment, per_second(type->unit), &ticks, &inexact) || inexact) return false;
    memcpy(out, &ticks, sizeof ticks);
    return true;
}

static bool read_span(const fr_type *type, const fr_csv_field *f, void *out)
{
    int64_t ticks;
    if (!fr_parse_duration(f->text, f->length, per_second(type->unit), &ticks, NULL)) return false;
    memcpy(out, &ticks, sizeof ticks);
    return true;
}

static bool read_one(const fr_csv_rules *rules, const fr_type *type, const fr_csv_field *f, void *out)
{
    switch (type->kind) {
        case FR_BOOL: return read_words(rules, f, out);
        case FR_F32: case FR_F64: return read_real(rules, type->kind, f, out);
        case FR_DECIMAL: return read_decimal(rules, type, f, out);
        case FR_DATE: case FR_TIME: case FR_DATETIME: return read_moment(type, f, out);
        case FR_DURATION: return read_span(type, f, out);
        default: return fr_kind_is_integer(type->kind) && read_whole(rules, type->kind, f, out);
    }
}

fr_csv_read_result fr_csv_read_typed(const fr_csv_rules *rules, const fr_type *type, const fr_csv_field *field, void *out)
{
    if (fr_csv_is_null(rules, field)) return FR_CSV_READ_NULL;
    const fr_csv_field f = fr_csv_trimmed(field);
    if (!f.length) return FR_CSV_READ_NULL;
    bool nan_counts = fr_kind_is_float(type->kind) && f.length <= 4 && (f.text[f.length - 1] | 32) == 'n';
    if (!nan_counts && fr_csv_is_na_word(rules, &f)) return FR_CSV_READ_NULL;
    return read_one(rules, type, &f, out) ? FR_CSV_READ : FR_CSV_READ_WRONG;
}
