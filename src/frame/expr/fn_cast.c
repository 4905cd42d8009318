/* fn_cast.c — cast(x, 'type'), try_cast, and every conversion the checker puts in by itself.
 *
 * One run converts one vector from one layout to another; what it does not handle is no cast. Three modes: WIDEN (put
 * in by the checker; floats may round, nothing may overflow silently), STRICT (a value that does not fit is an error)
 * and TRY (it becomes null).
 *
 *     integer → integer    must fit                          float → integer    cut towards zero; nan does not fit
 *     integer → float      must be exact (strict)            f64 → f32          rounded; too large does not fit
 *     bool ↔ number        0 and 1; any number but 0 is true
 *     anything → str       as printed                        str → anything     blanks around are ignored
 *     date ↔ datetime      midnight; the day                 units              must fit; finer digits are cut (floor)
 *     integer ↔ date, datetime, duration, time               days or ticks
 *     decimal              rounded half to even; must fit
 */
#include "base/context_state.h"
#include "base/decimal.h"
#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/text_out.h"
#include "expr/time_text.h"
#include "kernel/convert.h"
#include "kernel/floors.h"
#include "kernel/number_slots.h"
#include "kernel/plain_numbers.h"

#include "base/zone.h"
#include "data/zone_file.h"

#include <math.h>
#include <string.h>

typedef struct cast {
    fr_kind        from, to;
    fr_phys        from_phys, to_phys;
    const fr_type *from_type, *to_type;
    fr_cast_mode   mode;
    const struct fr_zone *zone; /* of the datetime side, where text or days are the other                    */
} cast;

/* 31/12/2024 as a date. */
static const char *hint_of_dates(const cast *k, const char *shown)
{
    const fr_kind to = k->to_type->kind;
    const bool dates = k->from_phys == FR_PHYS_VIEW && (to == FR_DATE || to == FR_DATETIME);
    if (!dates || fr_looks_like_iso_date(shown + 1, strlen(shown + 1))) return "";
    return " (of other forms than 2024-12-31 parse_dates makes dates, and parse_date(x, '%d/%m/%Y'))";
}

/* Value i does not fit: an error, or a null. */
static bool reject(fr_run *run, const fr_term *term, const cast *k, fr_vector *out, size_t i, const char *shown)
{
    char room[FR_TYPE_TEXT_BYTES];
    if (k->mode != FR_CAST_TRY && !fr_run_fail(run, term, i, k->from_phys == FR_PHYS_VIEW ? FR_ERR_PARSE : FR_ERR_VALUE,
                                               "%s does not fit %s%s", shown, fr_type_name(k->to_type, room),
                                               hint_of_dates(k, shown)))
        return false;
    fr_vector_null(out, i);
    return true;
}

/* ---- reading a value of any layout ------------------------------------------------------------------------------- */
static int64_t signed_at(const fr_vector *v, fr_phys phys, size_t i)
{
    i *= v->step;
    switch (phys) {
    case FR_PHYS_I8: return ((const int8_t *)v->values)[i];
    case FR_PHYS_I16: return ((const int16_t *)v->values)[i];
    case FR_PHYS_I32: return ((const int32_t *)v->values)[i];
    case FR_PHYS_U8: return ((const uint8_t *)v->values)[i];
    case FR_PHYS_U16: return ((const uint16_t *)v->values)[i];
    case FR_PHYS_U32: return ((const uint32_t *)v->values)[i];
    default: return ((const int64_t *)v->values)[i];
    }
}

/* An integer of any layout, exactly. */
static fr_i128 integer_at(const fr_vector *v, fr_phys phys, size_t i)
{
    if (phys == FR_PHYS_BOOL) return fr_at_bool(v, i);
    return phys == FR_PHYS_U64 ? (fr_i128)((const uint64_t *)v->values)[i * v->step] : (fr_i128)signed_at(v, phys, i);
}

static double float_at(const fr_vector *v, fr_phys phys, size_t i)
{
    return phys == FR_PHYS_F32 ? (double)((const float *)v->values)[i * v->step] : fr_at_f64(v, i);
}

/* Store an integer; false when it does not fit. */
static bool put_integer(fr_vector *out, fr_phys phys, size_t i, fr_i128 x)
{
#define PUT(TAG, T, LOW, HIGH)                                                                                         \
    case FR_PHYS_##TAG:                                                                                                \
        if (x < (fr_i128)(LOW) || x > (fr_i128)(HIGH)) return false;                                                   \
        ((T *)out->room)[i] = (T)x;                                                                                    \
        return true;
    switch (phys) {
        PUT(I8, int8_t, INT8_MIN, INT8_MAX)
        PUT(I16, int16_t, INT16_MIN, INT16_MAX) PUT(I32, int32_t, INT32_MIN, INT32_MAX)
            PUT(I64, int64_t, INT64_MIN, INT64_MAX) PUT(U8, uint8_t, 0, UINT8_MAX) PUT(U16, uint16_t, 0, UINT16_MAX)
                PUT(U32, uint32_t, 0, UINT32_MAX) PUT(U64, uint64_t, 0, UINT64_MAX) case FR_PHYS_BOOL
            : fr_put_bool(out, i, x != 0);
        return true;
    default: return false;
    }
#undef PUT
}

/* ---- to integers ------------------------------------------------------------------------------------------------- */
static const char *show_integer(fr_i128 x, char room[FR_NUMBER_BYTES]) { return (void)fr_print_i128(x, room), room; }

/* The frequent widenings are kernels. */
_Static_assert(FR_PHYS_F32 - FR_PHYS_I8 == FR_FROM_F32 && FR_PHYS_U64 - FR_PHYS_I8 == FR_FROM_U64, "one order");

static bool widen_numbers(const cast *k, const fr_vector *in, fr_vector *out, size_t n)
{
    const fr_convert_kernels *kernels = FR_ISA_PICK(fr_convert_kernels);
    bool wide = k->from_phys == FR_PHYS_I64 || k->from_phys == FR_PHYS_U64;      /* strict: must be exact */
    if (in->step == 0 || k->from_phys < FR_PHYS_I8 || k->from_phys > FR_PHYS_F32) return false;
    if (wide && k->mode != FR_CAST_WIDEN) return false;
    fr_convert_kernel *const *to = k->to_phys == FR_PHYS_I64   ? kernels->to_i64
                                   : k->to_phys == FR_PHYS_U64 ? kernels->to_u64
                                   : k->to_phys == FR_PHYS_F64 ? kernels->to_f64
                                                               : NULL;
    fr_convert_kernel *convert = to ? to[k->from_phys - FR_PHYS_I8] : NULL;
    if (convert) convert(out->room, in->values, n);
    return convert != NULL;
}

/* Integers to 64 bits and doubles to i64 and back, where all of them fit or are exact: one that does not, perhaps under a
 * null, is found row by row. */
static bool quick_numbers(const cast *k, const fr_vector *in, fr_vector *out, size_t n)
{
    const fr_convert_kernels *kernels = FR_ISA_PICK(fr_convert_kernels);
    if (!in->step) return false;
    if (k->from_phys == FR_PHYS_F64 && k->to_phys == FR_PHYS_I64) return kernels->trunc_i64(out->room, in->values, n);
    if (k->from_phys == FR_PHYS_I64 && k->to_phys == FR_PHYS_F64) return kernels->exact_f64(out->room, in->values, n);
    if (k->from_phys == FR_PHYS_I64 && k->to_phys == FR_PHYS_I32) return kernels->fit_i32(out->room, in->values, n);
    return false;
}

static bool integers_to_integers(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[FR_NUMBER_BYTES];
    if (k->from_phys == FR_PHYS_BOOL && k->to_phys == FR_PHYS_I64) {
        for (size_t i = 0; i < run->n; i++) ((int64_t *)out->room)[i] = fr_at_bool(in, i);
        return true;
    }
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i)) continue;
        fr_i128 x = integer_at(in, k->from_phys, i);
        const bool in_day = k->to != FR_TIME || fr_is_time_of_day(k->to_type->unit, (int64_t)x);
        if (!(in_day && put_integer(out, k->to_phys, i, x)) && !reject(run, term, k, out, i, show_integer(x, room))) return false;
    }
    return true;
}

static bool floats_to_integers(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[FR_NUMBER_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i)) continue;
        double x = float_at(in, k->from_phys, i);
        bool ok = k->to_phys == FR_PHYS_BOOL ? !isnan(x) && put_integer(out, k->to_phys, i, x != 0)
                                             : fabs(x) < 0x1p65 && put_integer(out, k->to_phys, i, (fr_i128)x);
        if (!ok && !reject(run, term, k, out, i, ((void)fr_print_f64(x, room), room))) return false;
    }
    return true;
}

/* ---- to floats --------------------------------------------------------------------------------------------------- */
static bool put_float(fr_vector *out, fr_phys phys, size_t i, double x)
{
    if (phys == FR_PHYS_F64) return ((double *)out->room)[i] = x, true;
    ((float *)out->room)[i] = (float)x;
    return isinf(x) || !isinf((float)x);
}

static bool integers_to_floats(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[FR_NUMBER_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i)) continue;
        fr_i128 x = integer_at(in, k->from_phys, i);
        double y = k->to_phys == FR_PHYS_F32 ? (double)(float)x : (double)x;
        (void)put_float(out, k->to_phys, i, y);
        bool exact = (fr_i128)y == x;
        if (k->mode != FR_CAST_WIDEN && !exact && !reject(run, term, k, out, i, show_integer(x, room))) return false;
    }
    return true;
}

static bool floats_to_floats(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[FR_NUMBER_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i)) continue;
        double x = float_at(in, k->from_phys, i);
        if (!put_float(out, k->to_phys, i, x) && !reject(run, term, k, out, i, ((void)fr_print_f64(x, room), room)))
            return false;
    }
    return true;
}

/* ---- decimals ---------------------------------------------------------------------------------------------------- */
static bool decimal_of(const cast *k, const fr_vector *in, size_t i, fr_i128 *out)
{
    int precision = k->to_type->precision, scale = k->to_type->scale;
    if (k->from_phys == FR_PHYS_I128)
        return fr_decimal_rescale(((const fr_i128 *)in->values)[i * in->step], k->from_type->scale, scale, precision,
                                  out);
    if (fr_kind_is_float(k->from)) return fr_decimal_from_f64(float_at(in, k->from_phys, i), precision, scale, out);
    return fr_decimal_rescale(integer_at(in, k->from_phys, i), 0, scale, precision, out);
}

static const char *show_number(const cast *k, const fr_vector *in, size_t i, char room[FR_NUMBER_BYTES])
{
    if (k->from_phys == FR_PHYS_I128)
        (void)fr_print_decimal(((const fr_i128 *)in->values)[i * in->step], k->from_type->scale, room);
    else if (fr_kind_is_float(k->from)) (void)fr_print_f64(float_at(in, k->from_phys, i), room);
    else (void)fr_print_i128(integer_at(in, k->from_phys, i), room);
    return room;
}

static bool to_decimals(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[FR_NUMBER_BYTES];
    for (size_t i = 0; i < run->n; i++)
        if (fr_vector_has(out, i) && !decimal_of(k, in, i, (fr_i128 *)out->room + i) &&
            !reject(run, term, k, out, i, show_number(k, in, i, room))) return false;
    return true;
}

static bool from_decimals(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[FR_NUMBER_BYTES];
    int scale = k->from_type->scale;
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i)) continue;
        fr_i128 x = ((const fr_i128 *)in->values)[i * in->step];
        bool ok = fr_kind_is_float(k->to)
                      ? put_float(out, k->to_phys, i, fr_decimal_to_f64(x, scale))
                      : put_integer(out, k->to_phys, i, k->to == FR_BOOL ? x : x / fr_decimal_pow10(scale));
        if (!ok && !reject(run, term, k, out, i, show_number(k, in, i, room))) return false;
    }
    return true;
}

/* ---- one value as text ------------------------------------------------------------------------------------------ */
static size_t print_value(const cast *k, const fr_vector *in, size_t i, char room[128])
{
    int64_t per_second = fr_unit_per_second(k->from_type->unit), x;
    switch (k->from) {
    case FR_BOOL: return fr_at_bool(in, i) ? (memcpy(room, "true", 5), (size_t)4)
        : (memcpy(room, "false", 6), (size_t)5);
    case FR_F32: return fr_print_f32(((const float *)in->values)[i * in->step], room);
    case FR_F64: return fr_print_f64(fr_at_f64(in, i), room);
    case FR_DECIMAL: return fr_print_decimal(((const fr_i128 *)in->values)[i * in->step], k->from_type->scale, room);
    case FR_DATE: return fr_print_date(signed_at(in, k->from_phys, i), room);
    case FR_TIME: return fr_print_time(fr_at_i64(in, i), per_second, room);
    case FR_DURATION: return fr_print_duration(fr_at_i64(in, i), per_second, room);
    case FR_DATETIME:
        x = fr_at_i64(in, i);
        if (!k->zone) return fr_print_datetime(x, per_second, room);
        return fr_print_datetime_offset(x, per_second, fr_zone_utc_to_offset(k->zone, fr_floor_div(x, per_second)),
                                        room);
    default: return fr_print_i128(integer_at(in, k->from_phys, i), room);
    }
}

/* ---- time -------------------------------------------------------------------------------------------------------- */
/* Ticks of a moment (date: midnight) in the unit of `to`; aware datetimes become the day of their own clock. */
static bool convert_time(const cast *k, int64_t x, int64_t *out)
{
    int64_t from = fr_unit_per_second(k->from_type->unit), to = fr_unit_per_second(k->to_type->unit);
    if (k->from == FR_DATE && k->to == FR_DATE) return *out = x, true;
    if (k->from == FR_DATE) return !__builtin_mul_overflow(x, to * FR_SECONDS_PER_DAY, out);
    if (k->from == FR_DATETIME && k->to != FR_DATETIME) {       /* day and time of day by themselves: x + offset may wrap */
        int64_t per_day = from * FR_SECONDS_PER_DAY, day = fr_floor_div(x, per_day);
        int32_t offset = k->zone ? fr_zone_utc_to_offset(k->zone, fr_floor_div(x, from)) : 0;
        x = fr_floor_mod(x, per_day) + from * offset;
        if (k->to == FR_DATE) return *out = day + fr_floor_div(x, per_day), true;
        x = fr_floor_mod(x, per_day);
    }
    if (from >= to) return *out = fr_floor_div(x, from / to), true;
    return !__builtin_mul_overflow(x, to / from, out);
}

/* Ticks of one kind in another unit: where all fit, or a null's do not, in which case each is looked at. */
static bool quick_ticks(const cast *k, const fr_vector *in, fr_vector *out, size_t n)
{
    const int64_t from = fr_unit_per_second(k->from_type->unit), to = fr_unit_per_second(k->to_type->unit);
    const int64_t finer = to / from;
    if (k->from != k->to || k->from == FR_DATE || !in->step) return false;
    if (from >= to) {
        const fr_divisor by = fr_divisor_of(from / to);
        return FR_ISA_PICK(fr_floors_kernels)->quotients(out->room, in->values, n, &by), true;
    }
    return !FR_ISA_PICK(fr_arith_kernels)->i64[FR_MUL](out->room, (fr_lanes){ in->values, 1 }, (fr_lanes){ &finer, 0 }, n);
}

static bool times_to_times(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    char room[128];
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = signed_at(in, k->from_phys, i), y = 0;
        if (!fr_vector_has(out, i)) continue;
        bool ok = convert_time(k, x, &y) && put_integer(out, k->to_phys, i, y);
        if (ok) continue;
        room[print_value(k, in, i, room)] = 0;
        if (!reject(run, term, k, out, i, room)) return false;
    }
    return true;
}

/* ---- to text ----------------------------------------------------------------------------------------------------- */
/* The text of a slot as a view; n <= 12. */
static fr_view view_of_slot(const fr_number_slot *slot, size_t n)
{
    const uint64_t low = n >= 8 ? slot->low : slot->low & (((uint64_t)1 << 8 * n) - 1);
    const uint64_t high = n > 8 ? slot->high & (((uint64_t)1 << 8 * (n - 8)) - 1) : 0;
    return (fr_view){ .words = { n | low << 32, low >> 32 | high << 32 } };
}

static bool put_slot(fr_text_out *o, size_t i, const fr_number_slot *slot)
{
    const size_t n = fr_number_slot_length(slot);
    if (o->views && n <= FR_VIEW_INLINE) return o->views[i] = view_of_slot(slot, n), true;
    char *room = fr_text_out_room(o, n);
    if (!room) return false;
    memcpy(room, slot, sizeof *slot);
    fr_text_out_put(o, i, n);
    return true;
}

static bool put_printed(fr_text_out *o, const cast *k, const fr_vector *in, size_t i)
{
    enum { LONGEST = 128 };
    char *room = fr_text_out_room(o, LONGEST);
    if (room) fr_text_out_put(o, i, print_value(k, in, i, room));
    return room != NULL;
}

/* Up to a strip of f64, or of signed integers. fits[i] == 0: number i has no slot. */
static void slots_of(const cast *k, const fr_vector *in, size_t first, size_t n, fr_number_slot *slots, uint64_t *fits)
{
    const fr_number_slot_kernels *print = FR_ISA_PICK(fr_number_slot_kernels);
    const char nothing[2] = { 0 };
    int64_t wide[FR_NUMBER_STRIP];
    if (k->from_phys == FR_PHYS_F64) {
        if (print->f64((const double *)in->values + first, n, nothing, 0, slots, fits) == n) memset(fits, 0, n * sizeof *fits);
        return;
    }
    for (size_t i = 0; i < n; i++) wide[i] = signed_at(in, k->from_phys, first + i);
    memset(fits, print->near(wide, n, nothing, 0, slots) ? 0xFF : 0, n * sizeof *fits);
}

static bool numbers_to_text(fr_run *run, const cast *k, const fr_vector *in, const fr_vector *out, fr_text_out *o)
{
    fr_number_slot slots[FR_NUMBER_STRIP];
    uint64_t fits[FR_NUMBER_STRIP];
    for (size_t first = 0; first < run->n; first += FR_NUMBER_STRIP) {
        const size_t n = run->n - first < FR_NUMBER_STRIP ? run->n - first : FR_NUMBER_STRIP;
        slots_of(k, in, first, n, slots, fits);
        for (size_t i = 0; i < n; i++) {
            if (!fr_vector_has(out, first + i)) continue;
            if (!(fits[i] ? put_slot(o, first + i, &slots[i]) : put_printed(o, k, in, first + i))) return false;
        }
    }
    return true;
}

static bool to_text(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    const bool numbers = (k->from == FR_F64 || fr_kind_is_signed(k->from)) && in->step;
    fr_text_out o = fr_text_out_begin(run, term, out);
    if (numbers && !numbers_to_text(run, k, in, out, &o)) return false;
    for (size_t i = 0; i < run->n && !numbers; i++)
        if (fr_vector_has(out, i) && !put_printed(&o, k, in, i)) return false;
    fr_text_out_end(&o);
    return true;
}

/* ---- from text --------------------------------------------------------------------------------------------------- */
static bool read_bool(fr_piece t, bool *out)
{
    static const char *const words[] = { "false", "true", "0", "1", "no", "yes", "f", "t", "n", "y", "off", "on" };
    char low[6];
    if (t.n == 0 || t.n > 5) return false;
    for (size_t i = 0; i < t.n; i++) low[i] = (char)(t.text[i] >= 'A' && t.text[i] <= 'Z' ? t.text[i] + 32 : t.text[i]);
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        if (strlen(words[i]) == t.n && !memcmp(words[i], low, t.n)) return *out = i % 2, true;
    return false;
}

static bool read_text(const cast *k, fr_piece t, fr_vector *out, size_t i)
{
    bool flag;
    int64_t x;
    uint64_t u;
    size_t blanks = fr_utf8_space_prefix(t.text, t.n);
    t.text += blanks, t.n -= blanks;
    t.n -= fr_utf8_space_suffix(t.text, t.n);
    switch (k->to) {
    case FR_BOOL: return read_bool(t, &flag) && put_integer(out, k->to_phys, i, flag);
    case FR_F32: {
        float *real = (float *)out->room + i;
        return fr_parse_f32(t.text, t.n, real) && !fr_went_infinite(t.text, t.n, (double)*real);
    }
    case FR_F64: {
        double *real = (double *)out->room + i;
        return fr_parse_f64(t.text, t.n, real) && !fr_went_infinite(t.text, t.n, *real);
    }
    case FR_DECIMAL:
        return fr_parse_decimal(t.text, t.n, k->to_type->precision, k->to_type->scale, (fr_i128 *)out->room + i) ==
               FR_PARSE_OK;
    case FR_DATE:
    case FR_TIME:
    case FR_DATETIME:
    case FR_DURATION: return fr_time_from_text(k->to_type, t.text, t.n, &x) && put_integer(out, k->to_phys, i, x);
    case FR_U64: return fr_parse_u64(t.text, t.n, &u) == FR_PARSE_OK && put_integer(out, k->to_phys, i, (fr_i128)u);
    default: return fr_parse_i64(t.text, t.n, &x) == FR_PARSE_OK && put_integer(out, k->to_phys, i, x);
    }
}

/* Of 64 texts those that are written plainly as f64 or i64, as most numbers are. → bits of those that were read. */
static uint64_t read_plain_numbers(const cast *k, const fr_vector *in, size_t first, uint64_t rows, void *out)
{
    fr_plain_numbers plain;
    uint64_t done = FR_ISA_PICK(fr_plain_number_kernels)->read(&plain, (const fr_piece *)in->values + first, rows);
    for (uint64_t left = done; left; left &= left - 1) {
        const size_t i = (size_t)__builtin_ctzll(left);
        const bool negative = plain.negative >> i & 1;
        const int64_t whole = (int64_t)plain.digits[i];
        bool ok = true;
        if (k->to == FR_F64) ok = fr_parse_f64_digits(plain.digits[i], -(int)plain.after[i], negative, (double *)out + first + i);
        else if (plain.after[i]) ok = false;
        else ((int64_t *)out)[first + i] = negative ? -whole : whole;
        if (!ok) done ^= left & (0 - left);
    }
    return done;
}

static bool from_text(fr_run *run, const fr_term *term, const cast *k, const fr_vector *in, fr_vector *out)
{
    const bool usual = k->to == FR_DATE || (k->to == FR_DATETIME && k->to_type->unit == FR_US && !k->to_type->zone);
    const bool number = (k->to == FR_F64 || k->to == FR_I64) && in->step;
    char shown[64];
    for (size_t first = 0; first < run->n; first += 64) {
        const size_t n = run->n - first < 64 ? run->n - first : 64;
        uint64_t left = n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
        if (out->valid) left &= out->valid[first / 64];
        if (usual) left &= ~fr_read_usual_times(k->to, in, first, n, left, out->room);
        if (number) left &= ~read_plain_numbers(k, in, first, left, out->room);
        for (; left; left &= left - 1) {
            const size_t i = first + (size_t)__builtin_ctzll(left);
            const fr_piece t = fr_at_text(in, i);
            if (!read_text(k, t, out, i) && !reject(run, term, k, out, i, fr_show_text(t, shown))) return false;
        }
    }
    return true;
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */
static bool run_cast(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const cast *k = term->data;
    const fr_vector *in = args;
    bool from_time = fr_kind_is_temporal(k->from), to_time = fr_kind_is_temporal(k->to);
    if (k->from_phys == FR_PHYS_VIEW && k->to_phys == FR_PHYS_VIEW) {
        for (size_t i = 0; i < run->n; i++) ((fr_piece *)out->room)[i] = fr_at_text(in, i);
        return true;
    }
    if (k->to_phys == FR_PHYS_VIEW) return to_text(run, term, k, in, out);
    if (k->from_phys == FR_PHYS_VIEW) return from_text(run, term, k, in, out);
    if (!(from_time && to_time) && k->to != FR_TIME && widen_numbers(k, in, out, run->n)) return true;
    if (!from_time && !to_time && quick_numbers(k, in, out, run->n)) return true;
    if (k->to_phys == FR_PHYS_I128) return to_decimals(run, term, k, in, out);
    if (k->from_phys == FR_PHYS_I128) return from_decimals(run, term, k, in, out);
    if (from_time && to_time) return quick_ticks(k, in, out, run->n) || times_to_times(run, term, k, in, out);
    bool from_float = fr_kind_is_float(k->from), to_float = fr_kind_is_float(k->to);
    if (from_float)
        return to_float ? floats_to_floats(run, term, k, in, out) : floats_to_integers(run, term, k, in, out);
    return to_float ? integers_to_floats(run, term, k, in, out) : integers_to_integers(run, term, k, in, out);
}

bool fr_cast_exists(const fr_type *from, const fr_type *to)
{
    fr_kind a = from->kind, b = to->kind;
    bool a_number = fr_kind_is_number(a) || a == FR_BOOL, b_number = fr_kind_is_number(b) || b == FR_BOOL;
    bool a_time = fr_kind_is_temporal(a), b_time = fr_kind_is_temporal(b);
    if (a == FR_NULL) return true;
    if (fr_kind_is_text(a)) return b_number || b_time || fr_kind_is_text(b);
    if (fr_kind_is_text(b)) return a_number || a_time;
    if (a_number && b_number) return true;
    if (a_time && b_time) {
        if (a == FR_DATETIME && b == FR_DATETIME) return !from->zone == !to->zone;
        return a == b || (a == FR_DATE && b == FR_DATETIME && !to->zone) ||
               (a == FR_DATETIME && (b == FR_DATE || b == FR_TIME));
    }
    return (a_time && fr_kind_is_integer(b)) || (fr_kind_is_integer(a) && b_time);
}

static bool integers_fit(const fr_type *from, const fr_type *to)
{
    const size_t bits = fr_phys_width(fr_type_phys(from)), room = fr_phys_width(fr_type_phys(to));
    if (fr_kind_is_signed(from->kind) == fr_kind_is_signed(to->kind)) return room >= bits;
    return fr_kind_is_signed(to->kind) && room > bits;
}

static int whole_digits(const fr_type *type)
{
    return type->kind == FR_DECIMAL ? type->precision - type->scale : type->kind == FR_U64 ? 20 : 19;
}

static bool ticks_fit(const fr_type *from, const fr_type *to)
{
    if (from->kind == FR_DATE) return to->kind == FR_DATE || to->unit == FR_S || to->unit == FR_MS;
    return fr_unit_per_second(to->unit) <= fr_unit_per_second(from->unit);
}

/* Does every value of a type that is widened fit the other one? The common type of u64 and i8 holds not all of them, nor do
 * microseconds all dates. */
static bool always_fits(const fr_type *from, const fr_type *to)
{
    if (fr_kind_is_text(from->kind)) return fr_kind_is_text(to->kind);
    if (fr_kind_is_temporal(from->kind) && fr_kind_is_temporal(to->kind)) return ticks_fit(from, to);
    if (to->kind == FR_DECIMAL) return whole_digits(from) <= whole_digits(to);
    if (fr_kind_is_integer(from->kind) && fr_kind_is_integer(to->kind)) return integers_fit(from, to);
    return from->kind != FR_F64 || to->kind != FR_F32;
}

fr_term *fr_cast_term(fr_checker *c, fr_term *inner, const fr_type *type, fr_cast_mode mode)
{
    char a[FR_TYPE_TEXT_BYTES], b[FR_TYPE_TEXT_BYTES];
    const fr_type *from = inner->type;
    const char *zone = from->kind == FR_DATETIME && from->zone ? from->zone : NULL;
    if (!fr_cast_exists(from, type)) {
        bool zones = from->kind == FR_DATETIME && type->kind == FR_DATETIME;
        fr_check_fail(c, inner, FR_ERR_TYPE,
                      zones ? "localize(x, 'Europe/Berlin') gives a zone, wall_time(x) takes it away" : NULL,
                      "%s cannot become %s", fr_type_name(from, a), fr_type_name(type, b));
        return NULL;
    }
    cast *k = fr_arena_new(c->call, &c->typed->arena, sizeof *k);
    if (!k) return NULL;
    *k = (cast){ from->kind, type->kind, inner->phys, fr_lane_of(type), from, type, mode, NULL };
    if (zone && !(k->zone = fr_zone_of(c, inner, zone))) return NULL;
    fr_term *term = fr_check_wrap(c, inner, type, run_cast, k, 0, 0);
    if (term) term->can_fail = mode == FR_CAST_STRICT || (mode == FR_CAST_WIDEN && !always_fits(from, type));
    return term;
}

fr_term *fr_cast_from_i64(const fr_term *term)
{
    const cast *k = term->kind == FR_TERM_CALL && term->run == run_cast ? term->data : NULL;
    return k && k->mode == FR_CAST_WIDEN && k->from == FR_I64 && k->to == FR_F64 ? term->args[0] : NULL;
}

const fr_column *fr_narrow_integers(const fr_term *term)
{
    const cast *k = term->kind == FR_TERM_CALL && term->run == run_cast ? term->data : NULL;
    if (k && k->mode == FR_CAST_WIDEN && k->to == FR_I64) term = term->args[0];
    if (term->kind != FR_TERM_COLUMN || !term->column) return NULL;
    const bool signed_type = term->type->kind >= FR_I8 && term->type->kind <= FR_I64;
    return signed_type && term->column->phys >= FR_PHYS_I8 && term->column->phys < FR_PHYS_I64 ? term->column : NULL;
}

/* cast(x, 'i32'), try_cast(x, 'date'); what has the type already stays what it is */
static bool check_cast(fr_checker *c, fr_term *term, fr_cast_mode mode)
{
    fr_piece text;
    if (!fr_check_text(c, term, 1, &text)) return false;
    const fr_type *type = fr_type_read(c->call, text.text, text.n);
    if (!type) return fr_point_at(c, term->args[1]);
    if (!fr_term_yields_owned(c, term, type)) return false;
    if (!fr_type_zones_known(c->call, type, NULL)) return fr_point_at(c, term->args[1]);
    fr_term *inner = term->args[0];
    if (fr_type_equal(inner->type, type)) return *term = *inner, true;
    if (inner->type->kind == FR_NULL) {
        term->n_args = 1;
        if (!fr_check_as(c, term, 0, type)) return false;
        *term = *term->args[0];
        return true;
    }
    if (type->kind == FR_CAT) {
        fr_term_yields(term, type);
        term->n_args = 1;
        if (!fr_kind_is_text(inner->type->kind)) {
            fr_term *as_text = fr_cast_term(c, inner, fr_type_of(FR_STR), mode);
            if (!as_text) return false;
            term->args[0] = as_text;
        }
        term->kind = FR_TERM_WHOLE;
        term->whole = fr_whole_category;
        return true;
    }
    fr_term *as = fr_cast_term(c, inner, type, mode);
    if (!as) return false;
    const fr_node *node = term->node;
    const fr_function *function = term->function;
    *term = *as;
    term->node = node;
    term->function = function;
    return true;
}

bool fr_check_cast(fr_checker *c, fr_term *term) { return check_cast(c, term, FR_CAST_STRICT); }
bool fr_check_try_cast(fr_checker *c, fr_term *term) { return check_cast(c, term, FR_CAST_TRY); }
