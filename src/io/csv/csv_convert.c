/* csv_convert.c — fields of one column become values, a thousand at a time.
 *
 * Each loop has a fast reading for what columns of its type nearly always hold; everything else goes through the one slow
 * reading (csv_value.c for types that are guessed, csv_typed.c for declared ones), so the fast ones only have to be right
 * about what they accept. Up to 16 bytes behind a field may be read: windows and rewritten fields have that slack.
 */
#include "io/csv/csv_column.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "io/csv/csv_dates.h"
#include "io/csv/csv_view.h"

typedef struct loop {
    fr_call            *call;
    const fr_csv_rules *rules;
    fr_csv_column      *column;
    fr_csv_block       *block;
    size_t              from;
    char               *out;              /* where the value of fields[0] goes                                          */
} loop;

/* ---- the slow reading --------------------------------------------------------------------------------------------- */
/* A classified field as a value of the inferred kind the column has. */
static bool store_scalar(const loop *l, const fr_csv_field *field, const fr_csv_scalar *s, void *out)
{
    const fr_type *type = l->column->type;
    const uint32_t class_ = s->class_ & ~(uint32_t)FR_CSV_NEGATIVE;
    const fr_csv_field f = fr_csv_trimmed(field);
    bool leading_zero;
    fr_i128 big;
    int64_t ticks = s->as.i;
    switch (type->kind) {
        case FR_BOOL:
            *(uint8_t *)out = s->as.i != 0;
            return class_ == FR_CSV_BOOL;
        case FR_I64:
            memcpy(out, &s->as.i, 8);
            return class_ == FR_CSV_INT;
        case FR_U64:
            memcpy(out, &s->as.u, 8);
            return class_ == FR_CSV_UINT || s->class_ == FR_CSV_INT;
        case FR_F64:
            return class_ & (FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG | FR_CSV_FLOAT) &&
                   fr_csv_read_float(l->rules, f.text, f.length, out, &leading_zero);
        case FR_DECIMAL:
            if (!(class_ & (FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG)) ||
                !fr_csv_read_integer(l->rules, f.text, f.length, &big, &leading_zero)) return false;
            memcpy(out, &big, 16);
            return true;
        case FR_DATE: {
            int32_t days = (int32_t)s->as.i;
            memcpy(out, &days, 4);
            return class_ == FR_CSV_DATE;
        }
        case FR_DATETIME:
            if (class_ == FR_CSV_DATE) ticks *= INT64_C(86400) * 1000000;
            memcpy(out, &ticks, 8);
            return type->zone ? class_ == FR_CSV_ZONED : class_ == FR_CSV_DATETIME || class_ == FR_CSV_DATE;
        default:
            return false;
    }
}

static fr_csv_read_result read_slowly(const loop *l, size_t i, void *out)
{
    const fr_csv_field *field = &l->block->fields[i];
    if (l->column->date_shape >= 0) return fr_csv_dates_read(l->rules, l->column, field, out);
    if (l->column->declared) return fr_csv_read_typed(l->rules, l->column->type, field, out);
    fr_csv_scalar scalar;
    fr_csv_classify(l->rules, field, &scalar);
    l->block->seen |= scalar.class_;
    if (scalar.class_ == FR_CSV_EMPTY) return FR_CSV_READ_NULL;
    bool is_word = scalar.class_ & (FR_CSV_NA_WORD | FR_CSV_EMPTY_QUOTED);
    if (is_word) return l->column->type->kind == FR_NULL ? FR_CSV_READ_WRONG : FR_CSV_READ_NULL;
    return store_scalar(l, field, &scalar, out) ? FR_CSV_READ : FR_CSV_READ_WRONG;
}

static void set_null(fr_csv_block *block, size_t i)
{
    block->nulls[i / 64] |= (uint64_t)1 << (i % 64);
    block->any_null = true;
}

/* Value i the slow way; false when it does not fit. The value of a null is zero. */
static bool store_slowly(const loop *l, size_t i, size_t width)
{
    _Alignas(16) char value[16] = { 0 };
    fr_csv_read_result result = read_slowly(l, i, value);
    if (result == FR_CSV_READ_NULL) {
        memset(value, 0, sizeof value);
        set_null(l->block, i);
    }
    memcpy(l->out + i * width, value, width);
    return result != FR_CSV_READ_WRONG;
}

static size_t convert_slowly(loop *l, size_t width)
{
    for (size_t i = l->from; i < l->block->n; i++)
        if (!store_slowly(l, i, width)) return i;
    return l->block->n;
}

/* ---- whole numbers ------------------------------------------------------------------------------------------------ */
FR_TEMPLATE_FN uint64_t load8(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Eight characters, the first in the lowest byte, as a number; false when one is no digit. */
FR_TEMPLATE_FN bool eight_digits(uint64_t word, uint64_t *out)
{
    uint64_t digits = word - 0x3030303030303030u;
    bool fine = ((digits | (digits + 0x7676767676767676u)) & 0x8080808080808080u) == 0;
    digits = digits * 10 + (digits >> 8);                                            /* pairs                         */
    digits = ((digits & 0x000000ff000000ffu) * 0x000f424000000064u +
              (digits >> 16 & 0x000000ff000000ffu) * 0x0000271000000001u) >> 32;
    *out = digits;
    return fine;
}

/* n = 1 … 16 digits; reads up to 8 bytes behind them. */
FR_TEMPLATE_FN bool read_digits(const char *p, uint32_t n, uint64_t *out)
{
    uint64_t low;
    if (n <= 8) {
        uint64_t zeros = n < 8 ? 0x3030303030303030u >> (8 * n) : 0;
        return eight_digits(load8(p) << (64 - 8 * n) | zeros, out);
    }
    uint32_t head = n - 8;
    uint64_t zeros = head < 8 ? 0x3030303030303030u >> (8 * head) : 0;
    if (!eight_digits(load8(p) << (64 - 8 * head) | zeros, out) || !eight_digits(load8(p + head), &low)) return false;
    *out = *out * 100000000 + low;
    return true;
}

/* Fields that the fast reading may look at: all, unless words for null look like numbers, or quotes make text. */
typedef struct sight { bool any, quoted; } sight;

static sight first_sight(const loop *l)
{
    return (sight){ .any = !l->rules->na_like_number, .quoted = !l->rules->quoted_is_string };
}

static size_t convert_i64(loop *l)
{
    fr_csv_block *b = l->block;
    const sight see = first_sight(l);
    int64_t *out = (int64_t *)(void *)l->out, min = INT64_MAX, max = INT64_MIN;
    size_t i = l->from;
    for (; i < b->n; i++) {
        const fr_csv_field *f = &b->fields[i];
        const char *p = f->text;
        uint32_t n = f->length;
        uint64_t value;
        while (n && *p == ' ') p++, n--;
        uint32_t negative = *p == '-';               /* what follows a field may be read */
        p += negative;
        n -= negative;
        bool plain = n - 1 < 16 && (*p != '0' || n == 1) && see.any && (see.quoted || !f->quoted);
        if (plain && read_digits(p, n, &value)) {
            out[i] = negative ? -(int64_t)value : (int64_t)value;
        } else {
            if (!store_slowly(l, i, sizeof *out)) break;
            if (b->nulls[i / 64] >> (i % 64) & 1) continue;
        }
        min = out[i] < min ? out[i] : min;
        max = out[i] > max ? out[i] : max;
    }
    if (min > max) return i;
    fr_csv_facts *facts = &l->column->facts[b->worker];
    if (!facts->any || min < facts->min.i) facts->min.i = min;
    if (!facts->any || max > facts->max.i) facts->max.i = max;
    facts->any = true;
    b->seen |= FR_CSV_INT | (min < 0 ? FR_CSV_NEGATIVE : 0u);
    return i;
}

/* ---- floats ------------------------------------------------------------------------------------------------------- */
static const double powers_of_ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* Sixteen bytes as one number, the first byte lowest. */
FR_TEMPLATE_FN fr_u128 load16(const char *p)
{
    return load8(p) | (fr_u128)load8(p + 8) << 64;
}

/* Where among the first n (at most 16) bytes the mark stands; n when it does not. */
FR_TEMPLATE_FN uint32_t find_mark(fr_u128 bytes, uint32_t n, char mark)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u, pattern = ones * (uint8_t)mark;
    for (uint32_t half = 0; half < 2; half++) {
        uint64_t x = (uint64_t)(bytes >> (64 * half)) ^ pattern, zero = (x - ones) & ~x & tops;    /* lowest one is exact */
        if (zero) {
            uint32_t at = 8 * half + ((uint32_t)__builtin_ctzll(zero) >> 3);
            return at < n ? at : n;
        }
    }
    return n;
}

FR_TEMPLATE_FN bool scale_float(uint64_t mantissa, uint32_t after, bool negative, double *out)
{
    if (mantissa >> 53) return fr_parse_f64_digits(mantissa, -(int)after, negative, out);
    double value = (double)mantissa / powers_of_ten[after];
    *out = negative ? -value : value;
    return true;
}

/* The same for at most 8 bytes, in one word. */
FR_TEMPLATE_FN bool read_short_float(const char *p, uint32_t length, char decimal, bool negative, double *out)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t bytes = load8(p) << (64 - 8 * length), x = bytes ^ ones * (uint8_t)decimal;
    uint64_t zero = (x - ones) & ~x & tops & UINT64_MAX << (64 - 8 * length);         /* lowest one is exact */
    uint32_t n = length, after = 0;
    if (zero) {                                      /* what stands before the mark moves up by a byte */
        uint32_t mark = (uint32_t)__builtin_ctzll(zero) - 7;
        uint64_t before = ((uint64_t)1 << mark) - 1;
        bytes = (bytes & before) << 8 | (bytes & ~(before << 8 | 0xff));
        after = 7 - mark / 8;
        if (--n == 0) return false;
    }
    uint64_t mantissa;
    if (n < 8) bytes |= 0x3030303030303030u >> (8 * n);
    return eight_digits(bytes, &mantissa) && scale_float(mantissa, after, negative, out);
}

/* [-]digits[.digits] of at most 16 bytes after the sign: the mark is squeezed out, what is left are up to 16 digits, read as
 * two halves. Exact when mantissa and power of ten are (Clinger 1990), else by fr_parse_f64_digits. */
FR_TEMPLATE_FN bool read_plain_float(const char *p, uint32_t length, char decimal, double *out)
{
    bool negative = length && *p == '-';
    p += negative;
    length -= negative;
    if (length - 1 >= 16 || (*p == '0' && length > 1 && p[1] != decimal)) return false;
    if (length <= 8) return read_short_float(p, length, decimal, negative, out);
    fr_u128 bytes = load16(p);
    uint32_t mark = find_mark(bytes, length, decimal), n = length, after = 0;
    if (mark < length) {
        fr_u128 before = ((fr_u128)1 << (8 * mark)) - 1;
        bytes = (bytes & before) | (bytes >> 8 & ~before);
        after = length - 1 - mark;
        n--;
    }
    const fr_u128 zeros = (fr_u128)0x3030303030303030u << 64 | 0x3030303030303030u;
    if (n < 16) bytes = bytes << (8 * (16 - n)) | zeros >> (8 * n);
    uint64_t high, low;
    if (!eight_digits((uint64_t)bytes, &high) || !eight_digits((uint64_t)(bytes >> 64), &low)) return false;
    return scale_float(high * 100000000 + low, after, negative, out);
}

/* Longer ones, and those with an exponent: the general parser, for what begins with a digit. */
static bool read_long_float(const loop *l, const char *p, uint32_t n, double *out)
{
    if (l->rules->decimal != '.' || l->rules->thousands || !n) return false;
    uint32_t sign = *p == '-';
    if (n == sign || (unsigned char)(p[sign] - '0') > 9 || fr_has_leading_zero(p, n)) return false;
    return fr_parse_f64(p, n, out) && *out - *out == 0;          /* not infinite */
}

static size_t convert_f64(loop *l)
{
    fr_csv_block *b = l->block;
    double *out = (double *)(void *)l->out, min = __builtin_inf(), max = -__builtin_inf();
    fr_csv_facts *facts = &l->column->facts[b->worker];
    const sight see = first_sight(l);
    const char decimal = l->rules->decimal;
    bool any = false;
    size_t i = l->from;
    for (; i < b->n; i++) {
        const fr_csv_field *f = &b->fields[i];
        const char *p = f->text;
        uint32_t n = f->length;
        while (n && *p == ' ') p++, n--;
        bool plain = see.any && (see.quoted || !f->quoted);
        if (!plain || !(read_plain_float(p, n, decimal, &out[i]) || read_long_float(l, p, n, &out[i]))) {
            if (!store_slowly(l, i, sizeof *out)) break;
            if (b->nulls[i / 64] >> (i % 64) & 1) continue;
            if (out[i] != out[i]) {
                facts->has_nan = true;
                continue;
            }
        }
        any = true;
        min = out[i] < min ? out[i] : min;
        max = out[i] > max ? out[i] : max;
    }
    if (!any) return i;
    if (!facts->any || min < facts->min.f) facts->min.f = min;
    if (!facts->any || max > facts->max.f) facts->max.f = max;
    facts->any = true;
    b->seen |= FR_CSV_FLOAT;
    return i;
}

/* ---- dates -------------------------------------------------------------------------------------------------------- */
static void widen_facts(fr_csv_facts *facts, int64_t value)
{
    if (!facts->any || value < facts->min.i) facts->min.i = value;
    if (!facts->any || value > facts->max.i) facts->max.i = value;
    facts->any = true;
}

/* ISO, as nearly all are, into a column of dates or of datetimes in microseconds. */
static bool store_iso(const loop *l, size_t i, size_t width)
{
    const fr_type *type = l->column->type;
    const fr_csv_field f = l->block->fields[i];
    fr_csv_scalar scalar;
    int32_t nanoseconds;
    if (l->column->date_shape >= 0 || (f.quoted && l->rules->quoted_is_string) || l->rules->na_like_number) return false;
    if (width == 8 && type->unit != FR_US) return false;
    if (!fr_csv_read_iso(f.text, f.length, &scalar, &nanoseconds) || nanoseconds % 1000) return false;
    if (l->column->declared && scalar.class_ != (width == 4 ? FR_CSV_DATE : type->zone ? FR_CSV_ZONED : FR_CSV_DATETIME))
        return false;
    l->block->seen |= scalar.class_;
    return store_scalar(l, &f, &scalar, l->out + i * width);
}

static size_t convert_temporal(loop *l, size_t width)
{
    fr_csv_block *b = l->block;
    fr_csv_facts *facts = &l->column->facts[b->worker];
    for (size_t i = l->from; i < b->n; i++) {
        if (!store_iso(l, i, width)) {
            if (!store_slowly(l, i, width)) return i;
            if (b->nulls[i / 64] >> (i % 64) & 1) continue;
        }
        int64_t value = 0;
        int32_t days;
        if (width == 4) memcpy(&days, l->out + i * 4, 4), value = days;
        else memcpy(&value, l->out + i * 8, 8);
        widen_facts(facts, value);
    }
    return b->n;
}

/* ---- truth values --------------------------------------------------------------------------------------------------- */
static size_t convert_bool(loop *l)
{
    fr_csv_block *b = l->block;
    for (size_t i = l->from; i < b->n; i++) {
        const fr_csv_field f = b->fields[i];
        char *out = l->out + i;
        bool yes = f.length == 4 && (!memcmp(f.text, "True", 4) || !memcmp(f.text, "true", 4) || !memcmp(f.text, "TRUE", 4));
        bool no = f.length == 5 && (!memcmp(f.text, "False", 5) || !memcmp(f.text, "false", 5) || !memcmp(f.text, "FALSE", 5));
        if ((yes || no) && !(f.quoted && l->rules->quoted_is_string) && l->rules->na->n == 0) {
            *out = yes;
            b->seen |= FR_CSV_BOOL;
        } else if (!store_slowly(l, i, 1)) {
            return i;
        }
    }
    return b->n;
}

/* ---- text --------------------------------------------------------------------------------------------------------- */
static bool hex_digit(char c, unsigned *out)
{
    *out = (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Binary is written as hexadecimal digits; 1: read, 0: wrong, -1: failed. */
static int store_binary(const loop *l, const fr_csv_field *f, fr_view *out)
{
    char room[256];
    size_t n = f->length / 2;
    if (f->length % 2) return 0;
    char *bytes = n <= sizeof room ? room : fr_new(l->call, n);
    if (!bytes) return -1;
    int result = 1;
    for (size_t i = 0; i < n && result == 1; i++) {
        unsigned high = 0, low = 0;
        result = hex_digit(f->text[2 * i], &high) && hex_digit(f->text[2 * i + 1], &low);
        bytes[i] = (char)(high << 4 | low);
    }
    if (result == 1 && n <= FR_VIEW_INLINE) *out = fr_view_short(bytes, n);
    else if (result == 1 && !fr_csv_text_long(l->call, &l->column->text, l->block->worker, bytes, n, out)) result = -1;
    if (bytes != room) fr_free(l->call->context, bytes, n);
    return result;
}

/* Codes: nulls first, then all look-ups in one go. */
static size_t convert_coded(loop *l)
{
    fr_csv_block *b = l->block;
    for (size_t i = l->from; i < b->n; i++)
        if (fr_csv_is_null(l->rules, &b->fields[i])) set_null(b, i);
    b->seen |= FR_CSV_TEXT;
    return fr_csv_codes_look_up(l->call, &l->column->codes, &l->column->text, b->worker, b->fields, b->n, b->nulls, b->row,
                                (uint32_t *)(void *)l->out) ? b->n : SIZE_MAX;
}

static size_t convert_text(loop *l)
{
    fr_csv_block *b = l->block;
    if (l->column->coded) return convert_coded(l);
    fr_view *out = (fr_view *)(void *)l->out;
    bool binary = l->column->type->kind == FR_BINARY;
    for (size_t i = l->from; i < b->n; i++) {
        const fr_csv_field f = b->fields[i];
        if (fr_csv_is_null(l->rules, &f)) {
            out[i] = (fr_view){ .words = { 0, 0 } };
            set_null(b, i);
        } else if (binary) {
            out[i] = (fr_view){ .words = { 0, 0 } };
            int result = store_binary(l, &f, &out[i]);
            if (result < 1) return result < 0 ? SIZE_MAX : i;
        } else if (f.length <= FR_VIEW_INLINE) {
            out[i] = fr_csv_short_view(f.text, f.length);
        } else if (!fr_csv_text_long(l->call, &l->column->text, b->worker, f.text, f.length, &out[i])) {
            return SIZE_MAX;
        }
    }
    b->seen |= FR_CSV_TEXT;
    return b->n;
}

size_t fr_csv_convert(fr_call *call, const fr_csv_rules *rules, fr_csv_column *column, fr_csv_block *block, size_t from)
{
    loop l = { .call = call, .rules = rules, .column = column, .block = block, .from = from,
               .out = fr_csv_column_at(column, block->row) };
    char none[1];
    if (!l.out) l.out = none;
    switch (column->type->kind) {
        case FR_NULL: return convert_slowly(&l, 0);
        case FR_I64: return convert_i64(&l);
        case FR_F64: return convert_f64(&l);
        case FR_DATE: return convert_temporal(&l, 4);
        case FR_DATETIME: return convert_temporal(&l, 8);
        case FR_STR: case FR_CAT: case FR_BINARY: return convert_text(&l);
        case FR_BOOL: return convert_bool(&l);
        default: return convert_slowly(&l, fr_phys_width(fr_type_phys(column->type)));
    }
}
