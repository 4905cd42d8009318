/* common_type.c — the one type that values of two types can share, and literals that adapt to their neighbours.
 *
 *     i8 + i32 → i32        u8 + i16 → i16      u32 + i32 → i64     u64 + any signed → i64 (checked)
 *     i16 + f32 → f32       i32 + f32 → f64     i64 + f64 → f64     decimal + float → f64
 *     decimal(p,s) + decimal(q,t) → digits of both sides of the point kept, at most 38
 *     decimal + integer → the integer counts as decimal(20,0) or fewer
 *     str + cat → str       date + datetime[u] → datetime[u]        units of time → the finer one
 *     list[a] + list[b] → list[common]        null + x → x
 */
#include "base/decimal.h"
#include "base/number.h"
#include "expr/fn.h"

#include <math.h>

#include <string.h>

static int bits_of(fr_kind kind)
{
    return fr_kind_is_signed(kind) ? 8 << (kind - FR_I8) : 8 << (kind - FR_U8);
}

static const fr_type *common_integer(fr_kind a, fr_kind b)
{
    if (fr_kind_is_signed(a) == fr_kind_is_signed(b)) return fr_type_of(a > b ? a : b);
    fr_kind signed_kind = fr_kind_is_signed(a) ? a : b, unsigned_kind = fr_kind_is_signed(a) ? b : a;
    if (bits_of(signed_kind) > bits_of(unsigned_kind)) return fr_type_of(signed_kind);
    int bits = bits_of(unsigned_kind) * 2;
    return fr_type_of(bits == 16 ? FR_I16 : bits == 32 ? FR_I32 : FR_I64);
}

static int digits_of(fr_kind kind)
{
    static const int signed_digits[] = { 3, 5, 10, 19 }, unsigned_digits[] = { 3, 5, 10, 20 };
    return fr_kind_is_signed(kind) ? signed_digits[kind - FR_I8] : unsigned_digits[kind - FR_U8];
}

static const fr_type *common_decimal(fr_call *call, const fr_type *a, const fr_type *b)
{
    int scale_a = a->kind == FR_DECIMAL ? a->scale : 0, scale_b = b->kind == FR_DECIMAL ? b->scale : 0;
    int whole_a = a->kind == FR_DECIMAL ? a->precision - scale_a : digits_of(a->kind);
    int whole_b = b->kind == FR_DECIMAL ? b->precision - scale_b : digits_of(b->kind);
    int scale = scale_a > scale_b ? scale_a : scale_b, whole = whole_a > whole_b ? whole_a : whole_b;
    return fr_type_decimal(call, scale + whole < FR_DECIMAL_DIGITS ? scale + whole : FR_DECIMAL_DIGITS, scale);
}

static const fr_type *common_number(fr_call *call, const fr_type *a, const fr_type *b)
{
    fr_kind x = a->kind, y = b->kind;
    if (fr_kind_is_integer(x) && fr_kind_is_integer(y)) return common_integer(x, y);
    bool a_float = fr_kind_is_float(x), b_float = fr_kind_is_float(y);
    if (a_float && b_float) return fr_type_of(x == FR_F32 && y == FR_F32 ? FR_F32 : FR_F64);
    if (!a_float && !b_float) return common_decimal(call, a, b);
    fr_kind other = a_float ? y : x;
    bool small = other == FR_I8 || other == FR_I16 || other == FR_U8 || other == FR_U16;
    return fr_type_of(small && (x == FR_F32 || y == FR_F32) ? FR_F32 : FR_F64);
}

static fr_unit finer(const fr_type *a, const fr_type *b)
{
    return fr_unit_per_second(a->unit) > fr_unit_per_second(b->unit) ? a->unit : b->unit;
}

static const fr_type *common_time(fr_call *call, const fr_type *a, const fr_type *b)
{
    if (a->kind == FR_DATE && b->kind == FR_DATETIME) return b->zone ? NULL : fr_type_ref(b);
    if (a->kind == FR_DATETIME && b->kind == FR_DATE) return a->zone ? NULL : fr_type_ref(a);
    if (a->kind != b->kind) return NULL;
    if (a->kind == FR_TIME) return fr_type_time(call, finer(a, b));
    if (a->kind == FR_DURATION) return fr_type_duration(call, finer(a, b));
    if (!a->zone != !b->zone || (a->zone && strcmp(a->zone, b->zone))) return NULL;
    return fr_type_datetime(call, finer(a, b), a->zone);
}

const fr_type *fr_common_type(fr_call *call, const fr_type *a, const fr_type *b)
{
    if (fr_type_equal(a, b)) return fr_type_ref(a);
    if (a->kind == FR_NULL) return fr_type_ref(b);
    if (b->kind == FR_NULL) return fr_type_ref(a);
    if (fr_kind_is_number(a->kind) && fr_kind_is_number(b->kind)) return common_number(call, a, b);
    if (fr_kind_is_text(a->kind) && fr_kind_is_text(b->kind)) return fr_type_of(FR_STR);
    if (fr_kind_is_temporal(a->kind) && fr_kind_is_temporal(b->kind)) return common_time(call, a, b);
    if (a->kind != FR_LIST || b->kind != FR_LIST) return NULL;
    const fr_type *item = fr_common_type(call, a->fields[0].type, b->fields[0].type);
    if (!item) return NULL;
    const fr_type *list = fr_type_list(call, item);
    fr_type_unref(item);
    return list;
}

const fr_type *fr_type_common(fr_call *call, const fr_type *a, const fr_type *b)
{
    char room_a[FR_TYPE_TEXT_BYTES], room_b[FR_TYPE_TEXT_BYTES];
    const fr_type *common = fr_common_type(call, a, b);
    if (!common && !fr_failed(call))
        fr_fail(call, FR_ERR_TYPE, "%s and %s have no common type", fr_type_name(a, room_a), fr_type_name(b, room_b));
    return common;
}

/* ---- literals ---------------------------------------------------------------------------------------------------- */
bool fr_literal_decimal(const fr_term *literal, int *precision, int *scale)
{
    const char *text =
        fr_term_is_literal(literal) && fr_kind_is_number(literal->type->kind) ? literal->node->written : NULL;
    if (!text) return false;
    int digits = 0, after = 0;
    bool point = false;
    for (; *text; text++) {
        if (*text == '-') continue;
        if (*text == '.') { point = true; continue; }
        if (*text < '0' || *text > '9') return false;            /* an exponent: meant as a float */
        digits++;
        after += point;
    }
    *scale = after;
    *precision = digits > after ? digits : after + 1;
    return *precision <= FR_DECIMAL_DIGITS;
}

/* x == 1.1 finds what was read from "1.1" into an f32: the literal is read as the column's values were, and then compared
 * exactly. What would become infinite, or zero, says something about every f32 as it is written. */
bool fr_literal_beside_f32(fr_checker *c, fr_term **literal)
{
    const fr_term *t = *literal;
    if (!fr_term_is_literal(t) || !t->valid || t->type->kind != FR_F64) return true;
    float near = (float)t->constant.f;
    const char *text = t->node->written;
    if (text && !fr_parse_f32(text, strlen(text), &near)) near = (float)t->constant.f;
    if (!isfinite(near) || (near == 0 && t->constant.f != 0)) return true;
    fr_term *as = fr_arena_new(c->call, &c->typed->arena, sizeof *as);
    if (!as) return false;
    *as = *t;
    as->constant.f = (double)near;
    *literal = as;
    return true;
}

static bool integer_fits(int64_t x, fr_kind kind)
{
    if (!fr_kind_is_integer(kind)) return fr_kind_is_float(kind) && x >= -(1 << 24) && x <= 1 << 24;
    int bits = bits_of(kind);
    if (fr_kind_is_signed(kind))
        return bits == 64 || (x >= -(INT64_C(1) << (bits - 1)) && x < INT64_C(1) << (bits - 1));
    return x >= 0 && (bits == 64 || x < INT64_C(1) << bits);
}

bool fr_literal_fits(fr_checker *c, const fr_term *literal, const fr_type *type)
{
    (void)c;
    int precision, scale;
    fr_value value;
    if (!literal->valid || literal->type->kind == FR_NULL) return true;
    if (fr_type_equal(literal->type, type)) return true;
    if (literal->type->kind == FR_STR) {
        if (type->kind == FR_DATETIME &&
            fr_read_moment(FR_DATE, literal->constant.text.text, literal->constant.text.n, &value))
            return true;
        return type->kind == FR_CAT || (fr_kind_is_temporal(type->kind) &&
               fr_read_moment(type->kind, literal->constant.text.text, literal->constant.text.n, &value));
    }
    if (type->kind == FR_DECIMAL)
        return fr_literal_decimal(literal, &precision, &scale) && scale <= type->scale &&
               precision - scale <= type->precision - type->scale;
    if (literal->type->kind == FR_F64) return type->kind == FR_F32;
    return literal->type->kind == FR_I64 && integer_fits(literal->constant.i, type->kind);
}

/* '2024-01-31' next to a date or datetime */
static bool text_as_time(fr_checker *c, fr_term *term, size_t arg, const fr_type *type)
{
    fr_term *literal = term->args[arg];
    fr_piece text = literal->constant.text;
    fr_moment moment;
    if (type->kind == FR_DATETIME && type->zone) { /* with an offset: that instant; without: wall-clock time */
        if (!fr_parse_iso(text.text, text.n, &moment, NULL) || moment.has_offset)
            return fr_check_as(c, term, arg, type);
        fr_term *args[2] = { fr_cast_term(c, literal, fr_type_datetime_of(c, type->unit), FR_CAST_STRICT),
                             fr_check_constant(c, NULL, fr_v_str(type->zone)) };
        if (!args[0] || !args[1] || !fr_check_fold(c, args[0])) return false;
        return (term->args[arg] = fr_check_call(c, literal->node, "localize", args, 2)) != NULL;
    }
    fr_term *as = fr_cast_term(c, literal, type, FR_CAST_STRICT);
    if (!as || !fr_check_fold(c, as)) return false;
    term->args[arg] = as;
    return true;
}

bool fr_literal_as(fr_checker *c, fr_term *term, size_t arg, const fr_type *type)
{
    fr_term *t = term->args[arg];
    int precision, scale;
    if (!fr_term_is_literal(t) || !t->valid) return fr_check_as(c, term, arg, type);
    if (t->type->kind == FR_STR && fr_kind_is_temporal(type->kind)) return text_as_time(c, term, arg, type);
    if (type->kind == FR_DECIMAL && fr_literal_decimal(t, &precision, &scale)) {
        fr_term *as = fr_arena_new(c->call, &c->typed->arena, sizeof *as);
        if (!as) return false;
        *as = *t;
        if (fr_parse_decimal(t->node->written, strlen(t->node->written), type->precision, type->scale,
                             &as->constant.d) == FR_PARSE_OK) {
            fr_term_yields(as, type);
            term->args[arg] = as;
            return true;
        }
    }
    if (!fr_literal_fits(c, t, type)) return fr_check_as(c, term, arg, type);
    fr_term *as = fr_type_equal(t->type, type) ? t : fr_cast_term(c, t, type, FR_CAST_STRICT);
    if (!as || !fr_check_fold(c, as)) return false;
    term->args[arg] = as;
    return true;
}
