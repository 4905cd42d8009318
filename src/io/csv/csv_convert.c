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
#include "io/csv/csv_formed.h"
#include "io/csv/csv_json.h"
#include "io/csv/csv_numbers.h"
#include "io/csv/csv_view.h"
#include "kernel/iso_times.h"

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
            return class_ & (FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG | FR_CSV_HUGE | FR_CSV_FLOAT) &&
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
    const fr_csv_field *field = &l->block->fields.items[i];
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

/* An empty field is null in a column of any type, and the most frequent thing that is no value. */
static void store_empty(const loop *l, size_t i, size_t width)
{
    memset(l->out + i * width, 0, width);
    fr_csv_block_null(l->block, i);
    if (!l->column->declared && l->column->date_shape < 0) l->block->seen |= FR_CSV_EMPTY;
}

/* Value i the slow way; false when it does not fit. The value of a null is zero. */
static bool store_slowly(const loop *l, size_t i, size_t width)
{
    _Alignas(16) char value[16] = { 0 };
    if (!l->block->fields.items[i].length && !l->block->fields.items[i].quoted) return store_empty(l, i, width), true;
    fr_csv_read_result result = read_slowly(l, i, value);
    if (result == FR_CSV_READ_NULL) {
        memset(value, 0, sizeof value);
        fr_csv_block_null(l->block, i);
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

/* ---- numbers ------------------------------------------------------------------------------------------------------ */
/* The first field from `at` on that is left; n when none is. */
static size_t next_left(const fr_csv_block *b, size_t at)
{
    for (size_t word = at / 64; word * 64 < b->n; word++) {
        uint64_t bits = b->left[word] & (word == at / 64 ? UINT64_MAX << (at % 64) : UINT64_MAX);
        if (!bits) continue;
        size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
        return i < b->n ? i : b->n;
    }
    return b->n;
}

/* The plain ones first, all of them at once (csv_numbers.isa.c); the others come in order, until one does not fit, from
 * which the next call goes on. Words for null that look like numbers leave nothing plain. */
static void read_plain(const loop *l, fr_csv_numbers *numbers, bool whole)
{
    fr_csv_block *b = l->block;
    const fr_csv_number_kernels *kernels = FR_ISA_PICK(fr_csv_number_kernels);
    if (!kernels->takes_places) fr_csv_fields_cut(&b->fields);
    *numbers = (fr_csv_numbers){ .fields = b->fields.items, .places = b->fields.cut ? NULL : &b->fields.places, .n = b->n,
                                 .quoted = !l->rules->quoted_is_string, .decimal = l->rules->decimal, .out = l->out,
                                 .left = b->left };
    if (l->rules->na_like_number) memset(b->left, 0xff, sizeof b->left);
    else if (whole) kernels->i64(numbers);
    else kernels->f64(numbers);
    if (next_left(b, 0) < b->n) fr_csv_fields_cut(&b->fields);
}

static bool is_null_at(const fr_csv_block *b, size_t i)
{
    return b->nulls[i / 64] >> (i % 64) & 1;
}

static void widen_facts(fr_csv_facts *facts, int64_t min, int64_t max)
{
    if (!facts->any || min < facts->min.i) facts->min.i = min;
    if (!facts->any || max > facts->max.i) facts->max.i = max;
    facts->any = true;
}

static size_t convert_i64(loop *l)
{
    fr_csv_block *b = l->block;
    fr_csv_facts *facts = &l->column->facts[b->worker];
    const int64_t *out = (const int64_t *)(const void *)l->out;
    if (l->from == 0) {
        fr_csv_numbers plain;
        read_plain(l, &plain, true);
        if (plain.any) {
            widen_facts(facts, plain.min.i, plain.max.i);
            b->seen |= FR_CSV_INT | (plain.min.i < 0 ? FR_CSV_NEGATIVE : 0u);
        }
    }
    for (size_t i = next_left(b, l->from); i < b->n; i = next_left(b, i + 1)) {
        if (!store_slowly(l, i, sizeof *out)) return i;
        if (!is_null_at(b, i)) widen_facts(facts, out[i], out[i]);
    }
    return b->n;
}

/* Longer ones, and those with an exponent: the general parser, for what begins with a digit. */
static bool read_long_float(const loop *l, size_t i, double *out)
{
    const fr_csv_field *f = &l->block->fields.items[i];
    const char *p = f->text;
    uint32_t n = f->length;
    if (l->rules->decimal != '.' || l->rules->thousands || l->rules->na_like_number) return false;
    if (f->quoted && l->rules->quoted_is_string) return false;
    while (n && *p == ' ') p++, n--;
    uint32_t sign = n && *p == '-';
    if (n == sign || (unsigned char)(p[sign] - '0') > 9 || fr_has_leading_zero(p, n)) return false;
    return fr_parse_f64(p, n, out) && *out - *out == 0;          /* not infinite */
}

static void widen_float_facts(fr_csv_facts *facts, double min, double max)
{
    if (!facts->any || min < facts->min.f) facts->min.f = min;
    if (!facts->any || max > facts->max.f) facts->max.f = max;
    facts->any = true;
}

static size_t convert_f64(loop *l)
{
    fr_csv_block *b = l->block;
    fr_csv_facts *facts = &l->column->facts[b->worker];
    double *out = (double *)(void *)l->out;
    if (l->from == 0) {
        fr_csv_numbers plain;
        read_plain(l, &plain, false);
        if (plain.any) {
            widen_float_facts(facts, plain.min.f, plain.max.f);
            b->seen |= FR_CSV_FLOAT;
        }
    }
    for (size_t i = next_left(b, l->from); i < b->n; i = next_left(b, i + 1)) {
        if (read_long_float(l, i, &out[i])) b->seen |= FR_CSV_FLOAT;
        else if (!store_slowly(l, i, sizeof *out)) return i;
        if (is_null_at(b, i)) continue;
        if (out[i] != out[i]) facts->has_nan = true;
        else widen_float_facts(facts, out[i], out[i]);
    }
    return b->n;
}

/* ---- dates -------------------------------------------------------------------------------------------------------- */
#define FIRST_DAY (-719162)               /* 0001-01-01 */

/* ISO, as nearly all are, into a column of dates or of datetimes in microseconds. */
static bool store_iso(const loop *l, size_t i, size_t width)
{
    const fr_type *type = l->column->type;
    const fr_csv_field f = l->block->fields.items[i];
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

/* A field that the usual form may be; of no length otherwise. A comma before decimals is none here. */
static size_t usual_length(const loop *l, const fr_csv_field *f)
{
    const bool text = f->quoted && l->rules->quoted_is_string;
    return text || (f->length > 19 && f->text[19] != '.') ? 0 : f->length;
}

/* Of up to 64 fields from `at` on, bits of those that are dates and of those that are datetimes. */
static uint64_t read_usual(const loop *l, size_t at, size_t n, fr_iso_times *times, uint64_t *dates)
{
    const fr_csv_field *fields = l->block->fields.items + at;
    fr_iso_words words;
    *dates = 0;
    for (size_t i = 0; i < n; i++) {
        fr_iso_take(&words, i, fields[i].text, usual_length(l, &fields[i]));
        *dates |= (uint64_t)(fields[i].length == 10) << i;
    }
    uint64_t good = FR_ISA_PICK(fr_iso_kernels)->read(&words, n, times);
    for (size_t i = 0; i < n; i++) good &= ~((uint64_t)(times->days[i] < FIRST_DAY) << i);
    *dates &= good;
    return good & ~*dates;
}

/* Those of one form at once, as read_plain; dates into dates, and both into datetimes unless these were declared. */
FR_TEMPLATE_FN void read_usual_times(const loop *l, size_t width)
{
    fr_csv_block *b = l->block;
    const fr_csv_column *c = l->column;
    fr_csv_facts *facts = &c->facts[b->worker];
    memset(b->left, 0xff, sizeof b->left);
    if (c->date_shape >= 0 || l->rules->na_like_number) return;
    if (width == 8 && (c->type->unit != FR_US || c->type->zone)) return;
    for (size_t at = 0; at < b->n; at += FR_ISO_TEXTS) {
        const size_t n = b->n - at < FR_ISO_TEXTS ? b->n - at : FR_ISO_TEXTS;
        fr_iso_times times;
        uint64_t dates, datetimes = read_usual(l, at, n, &times, &dates), good = width == 4 ? dates : datetimes;
        if (width == 8 && !c->declared) good |= dates;
        for (size_t i = 0; i < n; i++) {
            const int64_t value = width == 4 ? times.days[i] : fr_iso_us(&times, i);
            memcpy(l->out + (at + i) * width, &value, width);
            if (good >> i & 1) widen_facts(facts, value, value);
        }
        b->seen |= (good & dates ? FR_CSV_DATE : 0u) | (good & datetimes ? FR_CSV_DATETIME : 0u);
        b->left[at / 64] = ~good;
    }
}

FR_TEMPLATE_FN size_t convert_temporal(loop *l, size_t width)
{
    fr_csv_block *b = l->block;
    fr_csv_facts *facts = &l->column->facts[b->worker];
    if (l->from == 0) read_usual_times(l, width);
    for (size_t i = next_left(b, l->from); i < b->n; i = next_left(b, i + 1)) {
        if (!store_iso(l, i, width)) {
            if (!store_slowly(l, i, width)) return i;
            if (b->nulls[i / 64] >> (i % 64) & 1) continue;
        }
        int64_t value = 0;
        int32_t days;
        if (width == 4) memcpy(&days, l->out + i * 4, 4), value = days;
        else memcpy(&value, l->out + i * 8, 8);
        widen_facts(facts, value, value);
    }
    return b->n;
}

/* ---- truth values --------------------------------------------------------------------------------------------------- */
static size_t convert_bool(loop *l)
{
    fr_csv_block *b = l->block;
    for (size_t i = l->from; i < b->n; i++) {
        const fr_csv_field f = b->fields.items[i];
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

/* Codes: words for null first, if there are any, then all look-ups in one go. */
static size_t convert_coded(loop *l)
{
    fr_csv_block *b = l->block;
    if (l->rules->na->n) {
        const fr_csv_field *fields = fr_csv_fields_cut(&b->fields);
        for (size_t i = l->from; i < b->n; i++)
            if (fr_csv_is_null(l->rules, &fields[i])) fr_csv_block_null(b, i);
    }
    b->seen |= FR_CSV_TEXT;
    if (!fr_csv_codes_look_up(l->call, &l->column->codes, &l->column->text, b->worker, &b->fields, b->n, b->nulls, b->row,
                              (uint32_t *)(void *)l->out)) return SIZE_MAX;
    for (size_t i = 0; i * 64 < b->n; i++) b->any_null |= b->nulls[i] != 0;
    return b->n;
}

/* A view of any text, kept in the column's heap when it is long. */
static bool keep_text(const loop *l, const fr_csv_field *f, fr_view *out)
{
    if (f->length > FR_VIEW_INLINE)
        return fr_csv_text_long(l->call, &l->column->text, l->block->worker, f->text, f->length, out);
    *out = fr_csv_short_view(f->text, f->length);
    return true;
}

/* Lists and structs stay JSON until all are read; here is seen whether each fits the type. */
static size_t convert_json(loop *l)
{
    fr_csv_block *b = l->block;
    fr_view *out = (fr_view *)(void *)l->out;
    for (size_t i = l->from; i < b->n; i++) {
        const fr_csv_field f = fr_csv_trimmed(&b->fields.items[i]);
        out[i] = (fr_view){ .words = { 0, 0 } };
        bool null = fr_csv_is_null(l->rules, &b->fields.items[i]) || !f.length || fr_csv_is_na_word(l->rules, &f);
        bool fits = !null && fr_csv_json_fits(l->call, l->column->type, f.text, f.length);
        if (fr_failed(l->call) || (fits && !keep_text(l, &f, &out[i]))) return SIZE_MAX;
        if (fits) continue;
        fr_csv_block_null(b, i);                     /* rejected or null: nothing is to be read at the end */
        if (!null) return i;
    }
    b->seen |= FR_CSV_TEXT;
    return b->n;
}

static size_t convert_text(loop *l)
{
    fr_csv_block *b = l->block;
    if (l->column->coded) return convert_coded(l);
    fr_view *out = (fr_view *)(void *)l->out;
    bool binary = l->column->type->kind == FR_BINARY;
    for (size_t i = l->from; i < b->n; i++) {
        const fr_csv_field f = b->fields.items[i];
        if (fr_csv_is_null(l->rules, &f)) {
            out[i] = (fr_view){ .words = { 0, 0 } };
            fr_csv_block_null(b, i);
        } else if (binary) {
            out[i] = (fr_view){ .words = { 0, 0 } };
            int result = store_binary(l, &f, &out[i]);
            if (result < 1) return result < 0 ? SIZE_MAX : i;
        } else if (!keep_text(l, &f, &out[i])) {
            return SIZE_MAX;
        }
    }
    b->seen |= FR_CSV_TEXT;
    return b->n;
}

/* Fields of such columns are cut only where they have to be. */
static bool reads_places(const fr_csv_column *column)
{
    return column->type->kind == FR_I64 || column->type->kind == FR_F64 || column->coded;
}

size_t fr_csv_convert(fr_call *call, const fr_csv_rules *rules, fr_csv_column *column, fr_csv_block *block, size_t from)
{
    loop l = { .call = call, .rules = rules, .column = column, .block = block, .from = from,
               .out = fr_csv_column_is_packed(column) ? (char *)block->room : fr_csv_column_at(column, block->row) };
    char none[1];
    if (!l.out) l.out = none;
    if (!reads_places(column)) fr_csv_fields_cut(&block->fields);
    if (column->form) return fr_csv_formed_convert(call, rules, column, block) ? block->n : SIZE_MAX;
    switch (column->type->kind) {
        case FR_NULL: return convert_slowly(&l, 0);
        case FR_I64: return convert_i64(&l);
        case FR_F64: return convert_f64(&l);
        case FR_DATE: return convert_temporal(&l, 4);
        case FR_DATETIME: return convert_temporal(&l, 8);
        case FR_STR: case FR_CAT: case FR_BINARY: return convert_text(&l);
        case FR_LIST: case FR_STRUCT: return convert_json(&l);
        case FR_BOOL: return convert_bool(&l);
        default: return convert_slowly(&l, fr_phys_width(fr_type_phys(column->type)));
    }
}
