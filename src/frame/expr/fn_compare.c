/* fn_compare.c — == != < <= > >=, exact whatever the types.
 *
 * Numbers of one layout go through kernels that write bits; an i64 is compared with a u64 or a float without rounding
 * either. Text is compared by bytes (which is by code point). A text literal beside a date is read as one. nan equals
 * nothing, null gives null.
 */
#include "data/pieced_column.h"
#include "expr/decimal_rules.h"
#include "expr/functions.h"
#include "expr/formula.h"
#include "kernel/scaled_bound.h"
#include "kernel/view_keys.h"
#include "kernel/view_scan.h"

#include <math.h>
#include <string.h>

static const char *const names[] = { "==", "!=", "<", "<=", ">", ">=" };

/* Does an order (-1, 0, 1; 2 = unordered) satisfy the operator? */
static inline bool satisfies(fr_compare_op op, int order)
{
    switch (op) {
    case FR_EQUAL: return order == 0;
    case FR_UNEQUAL: return order != 0;
    case FR_LESS: return order == -1;
    case FR_LESS_EQUAL: return order == -1 || order == 0;
    case FR_GREATER: return order == 1;
    default: return order == 1 || order == 0;
    }
}

/* ---- runs -------------------------------------------------------------------------------------------------------- */
/* Integers in a narrow layout are compared with a constant as they lie. One that the layout does not hold lies above
 * or below all of them. */
static void run_narrow(const fr_run *run, fr_compare_op op, const fr_vector *x, int64_t y, uint64_t *out)
{
    const fr_compare_kernels *k = FR_ISA_PICK(fr_compare_kernels);
    const int8_t y8 = (int8_t)y;
    const int16_t y16 = (int16_t)y;
    const int32_t y32 = (int32_t)y;
    const fr_lanes a = { x->values, 1 };
    if (fr_integer_phys(y, y) > x->narrow) memset(out, satisfies(op, y < 0 ? 1 : -1) ? 0xFF : 0, fr_words(run->n) * 8);
    else if (x->narrow == FR_PHYS_I8) k->i8[op](out, a, (fr_lanes){ &y8, 0 }, run->n);
    else if (x->narrow == FR_PHYS_I16) k->i16[op](out, a, (fr_lanes){ &y16, 0 }, run->n);
    else k->i32[op](out, a, (fr_lanes){ &y32, 0 }, run->n);
}

/* Scaled numbers are compared as whole numbers. */
static void run_scaled(const fr_run *run, fr_compare_op op, const fr_vector *x, double y, uint64_t *out)
{
    const fr_scaled_bound bound = fr_scaled_bound_of(op, y, x->digits);
    FR_ISA_PICK(fr_compare_kernels)->i32[bound.op](out, (fr_lanes){ x->values, 1 }, (fr_lanes){ &bound.whole, 0 }, run->n);
}

static bool run_kernel(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_compare_kernels *k = FR_ISA_PICK(fr_compare_kernels);
    fr_phys phys = term->args[0]->phys;
    fr_compare_kernel *const *table = phys == FR_PHYS_F64   ? k->f64
                                      : phys == FR_PHYS_U64 ? k->u64
                                      : phys == FR_PHYS_I32 ? k->i32
                                                            : k->i64;
    if (args[0].narrow)
        return run_narrow(run, (fr_compare_op)term->i, &args[0], *(const int64_t *)args[1].values, out->room), true;
    if (args[0].digits) return run_scaled(run, (fr_compare_op)term->i, &args[0], fr_at_f64(&args[1], 0), out->room), true;
    table[term->i](out->room, (fr_lanes){ args[0].values, args[0].step }, (fr_lanes){ args[1].values, args[1].step },
                   run->n);
    return true;
}

#define ROW_BY_ROW(name, ORDER)                                                                             \
    static bool name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)               \
    {                                                                                                       \
        fr_compare_op op = (fr_compare_op)term->i;                                                          \
        uint64_t *to = out->room;                                                                           \
        for (size_t i = 0; i < run->n; i += 64) {                                                           \
            uint64_t word = 0;                                                                              \
            size_t rows = run->n - i < 64 ? run->n - i : 64;                                                \
            for (size_t j = 0; j < rows; j++) {                                                             \
                size_t r = i + j;                                                                           \
                word |= (uint64_t)satisfies(op, ORDER) << j;                                                \
            }                                                                                               \
            to[i >> 6] = word;                                                                              \
        }                                                                                                   \
        return true;                                                                                        \
    }

static inline int order_texts(fr_piece a, fr_piece b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.text, b.text, n) : 0;
    if (!order) return (a.n > b.n) - (a.n < b.n);
    return order < 0 ? -1 : 1;
}
static inline int order_decimals(const fr_term *t, const fr_vector *v, size_t r)
{
    return fr_decimal_compare(((const fr_i128 *)v[0].values)[r * v[0].step], t->args[0]->type->scale,
                              ((const fr_i128 *)v[1].values)[r * v[1].step], t->args[1]->type->scale);
}
/* ticks of different units: compare in the finer one, where the coarser may be out of 64 bits */
static inline int order_ticks(const fr_term *t, const fr_vector *v, size_t r)
{
    fr_i128 a = (fr_i128)fr_at_i64(v, r) * fr_unit_per_second(t->args[1]->type->unit),
            b = (fr_i128)fr_at_i64(v + 1, r) * fr_unit_per_second(t->args[0]->type->unit);
    return (a > b) - (a < b);
}
/* texts of null rows point nowhere */
ROW_BY_ROW(run_texts, fr_vector_has(out, r) ? order_texts(fr_at_text(args, r), fr_at_text(args + 1, r)) : 0)
ROW_BY_ROW(run_decimals, order_decimals(term, args, r))
ROW_BY_ROW(run_i64_u64, fr_compare_i64_u64(fr_at_i64(args, r), (uint64_t)fr_at_i64(args + 1, r)))
ROW_BY_ROW(run_i64_f64, fr_compare_i64_f64(fr_at_i64(args, r), fr_at_f64(args + 1, r)))
ROW_BY_ROW(run_u64_f64, fr_compare_u64_f64((uint64_t)fr_at_i64(args, r), fr_at_f64(args + 1, r)))
ROW_BY_ROW(run_ticks, order_ticks(term, args, r))

/* false < true, 64 rows at a time */
static bool run_bools(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const uint64_t *a = args[0].values, *b = args[1].values;
    uint64_t *to = out->room;
    for (size_t w = 0; w < fr_words(run->n); w++)
        to[w] = term->i == FR_EQUAL        ? ~(a[w] ^ b[w])
                : term->i == FR_UNEQUAL    ? a[w] ^ b[w]
                : term->i == FR_LESS       ? ~a[w] & b[w]
                : term->i == FR_LESS_EQUAL ? ~a[w] | b[w]
                : term->i == FR_GREATER    ? a[w] & ~b[w]
                                           : a[w] | ~b[w];
    return true;
}

/* equality against a constant text, the commonest filter: length first */
static bool run_text_is(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    uint64_t *to = out->room;
    fr_piece wanted = fr_at_text(args + 1, 0);
    const fr_piece *x = args[0].values;
    uint64_t flip = term->i == FR_UNEQUAL ? UINT64_MAX : 0;
    if (!args[0].step || args[1].step) return run_texts(run, term, args, out);
    for (size_t i = 0; i < run->n; i += 64) {
        uint64_t word = 0;
        size_t rows = run->n - i < 64 ? run->n - i : 64;
        uint64_t valid = out->valid ? out->valid[i >> 6] : UINT64_MAX;
        for (size_t j = 0; j < rows; j++)
            word |= (uint64_t)(x[i + j].n == wanted.n && (valid >> j & 1) &&
                               (!wanted.n || !memcmp(x[i + j].text, wanted.text, wanted.n))) << j;
        to[i >> 6] = word ^ flip;
    }
    return true;
}

static bool is_views(const fr_term *term) { return term->kind == FR_TERM_COLUMN && term->column->phys == FR_PHYS_VIEW; }

/* The same straight from a column of views: the first eight bytes settle most rows. */
static bool run_view_is(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_term *x = term->args[0];
    if (!is_views(x)) return fr_run_strict(run, term, out);
    if (!fr_run_slot(run, out)) return false;
    const fr_piece wanted = term->args[1]->constant.text;
    const fr_viewed texts = { (const fr_view *)x->column->values + run->first, x->column->heap ? x->column->heap->bases : NULL };
    uint64_t *to = out->room;
    if (wanted.n <= FR_VIEW_INLINE) {
        const fr_view key = fr_view_short(wanted.text, wanted.n);
        FR_ISA_PICK(fr_view_key_kernels)->find(to, texts.views, run->n, &(fr_view_key){ key.words.first, key.words.second }, 1);
    } else {
        FR_ISA_PICK(fr_view_scan_kernels)->equal(to, &texts, run->n, wanted);
    }
    for (size_t w = 0; w < fr_words(run->n) && term->i == FR_UNEQUAL; w++) to[w] = ~to[w];
    if (x->column->valid) out->valid = x->column->valid + (run->first >> 6);
    return true;
}

/* ---- views beside views ------------------------------------------------------------------------------------------ */
/* Texts as views: a column's where they lie, those of codes gathered into a slot, a constant's one. */
typedef struct side {
    const fr_view     *views;
    const char *const *bases;
    size_t             step;
    fr_vector          room;       /* of gathered ones */
    fr_view            one;
    const char        *text;
} side;

#define GATHER(T) for (size_t i = 0; i < run->n; i++) to[i] = d->values[((const T *)c->values)[(size_t)run->first + i]]
static bool gather_views(fr_run *run, const fr_column *c, side *s)
{
    const fr_dictionary *d = c->dictionary;
    if (!fr_run_slot(run, &s->room)) return false;
    fr_view *to = s->room.room;
    s->views = to;
    s->bases = fr_dictionary_bases(d);
    if (!d->length) memset(to, 0, run->n * sizeof *to);
    else if (c->phys == FR_PHYS_U8) GATHER(uint8_t);
    else if (c->phys == FR_PHYS_U16) GATHER(uint16_t);
    else GATHER(uint32_t);
    return true;
}
#undef GATHER

static bool take_side(fr_run *run, const fr_term *term, side *s)
{
    *s = (side){ .step = 1 };
    const fr_column *c = term->column;
    if (term->kind == FR_TERM_CONSTANT) {
        const fr_piece t = term->constant.text;
        s->text = t.text;
        s->one = t.n <= FR_VIEW_INLINE ? fr_view_short(t.text, t.n) : fr_view_long(t.text, t.n, 0, 0);
        s->views = &s->one, s->bases = &s->text, s->step = 0;
        return true;
    }
    if (c->dictionary) return gather_views(run, c, s);
    s->views = (const fr_view *)c->values + run->first;
    s->bases = c->heap ? c->heap->bases : NULL;
    return true;
}

static bool has_views(const fr_term *term)
{
    if (term->kind == FR_TERM_CONSTANT) return term->valid;
    const fr_column *c = term->kind == FR_TERM_COLUMN ? term->column : NULL;
    return c && !c->pieced && (c->phys == FR_PHYS_VIEW || c->dictionary);
}

static inline uint64_t first_word(const side *s, size_t i) { return s->views[i * s->step].words.first; }

/* The length and first four bytes, one word, are all that most rows need. */
static uint64_t equal_views(const side *a, const side *b, size_t first, size_t n)
{
    uint64_t alike = 0;
    for (size_t j = 0; j < n; j++)
        alike |= (uint64_t)(first_word(a, first + j) == first_word(b, first + j)) << j;
    for (uint64_t left = alike; left; left &= left - 1) {
        const size_t i = first + (size_t)__builtin_ctzll(left);
        if (!fr_view_equal(a->views + i * a->step, a->bases, b->views + i * b->step, b->bases)) alike ^= left & (0 - left);
    }
    return alike;
}

static inline uint32_t beginning(const side *s, size_t i)
{
    return __builtin_bswap32((uint32_t)(first_word(s, i) >> 32));
}

/* Bytes 4 to 11 as a number in the order of texts; short texts end with zeros. */
static inline uint64_t middle(const fr_view *view, const char *const *bases)
{
    uint64_t word = view->words.second;
    if (view->in.length > FR_VIEW_INLINE) memcpy(&word, fr_view_text(view, bases) + 4, sizeof word);
    return __builtin_bswap64(word);
}

/* Of views that begin alike. */
static inline int order_rest(const fr_view *a, const char *const *a_bases, const fr_view *b, const char *const *b_bases)
{
    const uint64_t x = middle(a, a_bases), y = middle(b, b_bases);
    return x < y ? -1 : x > y ? 1 : fr_view_compare(a, a_bases, b, b_bases);
}

/* Bits of `less` and, where not `less`, of `equal`. */
static uint64_t order_views(const side *a, const side *b, size_t first, size_t n, uint64_t *equal)
{
    uint64_t less = 0, alike = 0;
    for (size_t j = 0; j < n; j++) {
        const uint32_t x = beginning(a, first + j), y = beginning(b, first + j);
        less |= (uint64_t)(x < y) << j;
        alike |= (uint64_t)(x == y) << j;
    }
    *equal = 0;
    for (uint64_t left = alike; left; left &= left - 1) {
        const size_t i = first + (size_t)__builtin_ctzll(left);
        const int order = order_rest(a->views + i * a->step, a->bases, b->views + i * b->step, b->bases);
        if (order < 0) less |= left & (0 - left);
        if (order == 0) *equal |= left & (0 - left);
    }
    return less;
}

static void compare_views(const fr_run *run, fr_compare_op op, const side *a, const side *b, uint64_t *out)
{
    for (size_t i = 0; i < run->n; i += 64) {
        const size_t n = run->n - i < 64 ? run->n - i : 64;
        uint64_t less = 0, equal = 0;
        if (op <= FR_UNEQUAL) equal = equal_views(a, b, i, n);
        else less = order_views(a, b, i, n, &equal);
        out[i >> 6] = op == FR_EQUAL        ? equal
                      : op == FR_UNEQUAL    ? ~equal
                      : op == FR_LESS       ? less
                      : op == FR_LESS_EQUAL ? less | equal
                      : op == FR_GREATER    ? ~(less | equal)
                                            : ~less;
    }
}

static void and_columns(const fr_run *run, const fr_term *term, fr_vector *out)
{
    for (size_t k = 0; k < 2; k++) {
        const fr_column *c = term->args[k]->kind == FR_TERM_COLUMN ? term->args[k]->column : NULL;
        const uint64_t *valid = c && c->valid ? c->valid + (run->first >> 6) : NULL;
        for (size_t w = 0; valid && w < fr_words(run->n); w++)
            out->slot->valid[w] = out->valid ? out->slot->valid[w] & valid[w] : valid[w];
        if (valid) out->valid = out->slot->valid;
    }
}

/* Texts of columns, and of a constant beside one, without a look at most of them. */
static bool run_view_pair(fr_run *run, const fr_term *term, fr_vector *out)
{
    side a, b = { 0 };
    if (!has_views(term->args[0]) || !has_views(term->args[1])) return fr_run_strict(run, term, out);
    if (!fr_run_slot(run, out)) return false;
    const bool ok = take_side(run, term->args[0], &a) && take_side(run, term->args[1], &b);
    if (ok) compare_views(run, (fr_compare_op)term->i, &a, &b, out->room), and_columns(run, term, out);
    fr_run_release(run, &a.room);
    fr_run_release(run, &b.room);
    if (!ok) fr_run_release(run, out);
    return ok;
}

/* ---- the check --------------------------------------------------------------------------------------------------- */
static fr_compare_op mirrored(fr_compare_op op)
{
    static const fr_compare_op mirror[] = { FR_EQUAL, FR_UNEQUAL, FR_GREATER, FR_GREATER_EQUAL, FR_LESS,
                                            FR_LESS_EQUAL };
    return mirror[op];
}

static void swap_sides(fr_term *term)
{
    fr_term *first = term->args[0];
    term->args[0] = term->args[1];
    term->args[1] = first;
    term->i = mirrored((fr_compare_op)term->i);
}

bool fr_check_widest(fr_checker *c, fr_term *term, size_t i)
{
    fr_kind kind = term->args[i]->type->kind;
    if (kind == FR_DECIMAL) return true;
    return fr_check_as(c, term, i, fr_type_of(fr_kind_is_float(kind) ? FR_F64 : kind == FR_U64 ? FR_U64 : FR_I64));
}

/* A constant that the other side's type holds exactly becomes one of it: `x > 1` needs no mixed comparison. */
static bool adapt_constant(fr_checker *c, fr_term *term, size_t i)
{
    fr_term *t = term->args[i];
    fr_kind other = term->args[1 - i]->type->kind, kind = t->type->kind;
    if (t->kind != FR_TERM_CONSTANT || !t->valid || kind == other) return true;
    bool to_float =
        kind == FR_I64 && other == FR_F64 && t->constant.i >= -(INT64_C(1) << 53) && t->constant.i <= INT64_C(1) << 53;
    bool to_integer =
        kind == FR_F64 && other == FR_I64 && t->constant.f == trunc(t->constant.f) && fabs(t->constant.f) < 0x1p63;
    bool to_unsigned = kind == FR_I64 && other == FR_U64 && t->constant.i >= 0;
    if (!to_float && !to_integer && !to_unsigned) return true;
    fr_term *as = fr_cast_term(c, t, term->args[1 - i]->type, FR_CAST_STRICT);
    if (!as || !fr_check_fold(c, as)) return false;
    term->args[i] = as;
    return true;
}

static bool compare_numbers(fr_checker *c, fr_term *term)
{
    for (size_t i = 0; i < 2; i++)
        if (term->args[1 - i]->type->kind == FR_F32 && !fr_literal_beside_f32(c, &term->args[i])) return false;
    if (!fr_check_widest(c, term, 0) || !fr_check_widest(c, term, 1)) return false;
    if (!adapt_constant(c, term, 0) || !adapt_constant(c, term, 1)) return false;
    fr_kind a = term->args[0]->type->kind, b = term->args[1]->type->kind;
    if (a == FR_DECIMAL || b == FR_DECIMAL) {
        if (a == FR_F64 || b == FR_F64) {
            size_t i = a == FR_F64 ? 0 : 1;
            int precision, scale;
            if (!fr_literal_decimal(term->args[i], &precision, &scale)) {       /* a float column: compared as floats */
                term->run = run_kernel;
                return fr_check_as(c, term, 1 - i, fr_type_of(FR_F64));
            }
        }
        term->run = run_decimals;
        return fr_check_as_decimal(c, term, 0) && fr_check_as_decimal(c, term, 1);
    }
    term->run = run_kernel;
    if (a == b && (a == FR_I64 || a == FR_F64)) {
        if (term->args[0]->kind == FR_TERM_CONSTANT && term->args[1]->kind != FR_TERM_CONSTANT) swap_sides(term);
        const bool is_bound = term->args[1]->kind == FR_TERM_CONSTANT && term->args[1]->valid;
        term->takes_narrow = is_bound && a == FR_I64;
        term->takes_scaled = is_bound && a == FR_F64;
    }
    if (a == b) return true;
    if (a == FR_F64 || (a == FR_U64 && b == FR_I64)) {
        swap_sides(term);
        a = term->args[0]->type->kind, b = term->args[1]->type->kind;
    }
    term->run = b == FR_U64 ? run_i64_u64 : a == FR_U64 ? run_u64_f64 : run_i64_f64;
    return true;
}

bool fr_compares_doubles(const fr_term *term, fr_compare_op *op)
{
    const fr_phys phys = term->args[0]->phys;
    *op = (fr_compare_op)term->i;
    return term->run == run_kernel && (phys == FR_PHYS_F64 || phys == FR_PHYS_I64) && term->args[1]->phys == phys;
}

bool fr_compare_is_scan(const fr_term *term)
{
    if (term->kind != FR_TERM_CALL) return false;
    if (term->lazy == run_view_is) return is_views(term->args[0]);
    if (term->run != run_kernel) return false;
    const fr_term *x = term->args[0], *y = term->args[1];
    const fr_column *column = term->takes_narrow ? fr_narrow_integers(x) : term->takes_scaled ? fr_scaled_numbers(x) : NULL;
    if (!column && x->kind == FR_TERM_COLUMN && x->column->phys == x->phys) column = x->column;
    return column && fr_lies_in_one(column) && !column->null_count && y->kind == FR_TERM_CONSTANT && y->valid;
}

/* == and != of lists and structs: all items, all fields. */
static fr_column *whole_equal(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    const int64_t n = whole->n_rows;
    const size_t words = fr_words((size_t)n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(whole->call, words * 8);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = bits ? fr_buffer_zeroed(whole->call, words * 8) : NULL;
    if (!valid) return NULL;
    for (int64_t i = 0; i < n; i++) {
        if (!fr_is_valid(args[0], i) || !fr_is_valid(args[1], i)) continue;
        const bool equal = fr_cells_equal(args[0], i, args[1], i) == (term->i == FR_EQUAL);
        ((uint64_t *)valid->data)[i >> 6] |= (uint64_t)1 << (i & 63);
        ((uint64_t *)bits->data)[i >> 6] |= (uint64_t)equal << (i & 63);
    }
    const int64_t n_null = n - fr_bits_count(valid->data, n);
    return fr_column_new(whole->call, &(fr_column_parts){ .type = term->type, .phys = FR_PHYS_BOOL, .length = n,
                                                          .null_count = n_null, .values = bits,
                                                          .valid = n_null ? valid : NULL });
}

/* A text that is no such moment is so beside every row: it is told of itself. */
static bool no_moment(fr_checker *c, const fr_term *written, const fr_type *type)
{
    static const struct { const char *word, *hint; } moments[FR_KIND_COUNT] = {
        [FR_DATE] = { "date", "a date is written '2024-01-31'" },
        [FR_DATETIME] = { "datetime", "a datetime is written '2024-01-31 10:00:00'" },
        [FR_TIME] = { "time", "a time is written '10:00:00'" }, [FR_DURATION] = { "duration", "a duration is written '1d 2h'" },
    };
    const fr_piece text = written->constant.text;
    fr_room room;
    const char *shown = fr_quoted(room.text, text.text, text.n);
    fr_moment moment;
    const bool read = fr_parse_iso(text.text, text.n, &moment, NULL);
    if (read && moment.has_offset && !type->zone)
        return fr_check_fail(c, written, FR_ERR_SYNTAX, "localize(x, 'UTC') says which zone the other side is in",
                             "%s has an offset, and %s none", shown, type->kind == FR_TIME ? "a time" : "the other side");
    if (read && moment.has_date == (type->kind != FR_TIME) && type->kind != FR_DURATION) return true;      /* too far away */
    return fr_check_fail(c, written, FR_ERR_SYNTAX, moments[type->kind].hint, "%s is no %s", shown, moments[type->kind].word);
}

/* A text beside a time, in the unit that it is written in where the other side's has no such value:
 * datetime[ns] < '9999-12-31'. */
static bool moment_beside(fr_checker *c, fr_term *term, size_t i, const fr_type *other)
{
    fr_term *written = term->args[i], keep = { 0 };
    fr_piece t = written->constant.text;
    fr_value value;
    if (!fr_literal_as(c, term, i, other)) return false;
    if (term->args[i]->kind == FR_TERM_CONSTANT) return true;
    const bool in_units = other->kind == FR_DATETIME || other->kind == FR_TIME;
    if (!in_units || !fr_read_moment(other->kind, t.text, t.n, &value) || (fr_unit)value.unit == other->unit)
        return no_moment(c, written, other);
    const fr_type *type = other->kind == FR_TIME ? fr_type_time(c->call, (fr_unit)value.unit)
                                                 : fr_type_datetime(c->call, (fr_unit)value.unit, other->zone);
    if (!fr_term_yields_owned(c, &keep, type)) return false;
    term->args[i] = written;
    if (!fr_literal_as(c, term, i, type)) return false;
    return term->args[i]->kind == FR_TERM_CONSTANT || no_moment(c, written, other);
}

/* A date beside a datetime: its midnight, in seconds where nanoseconds do not reach so far. */
static bool midnight_beside(fr_checker *c, fr_term *term, size_t i, const fr_type *datetime)
{
    fr_term *day = term->args[i];
    if (datetime->unit == FR_NS && day->kind != FR_TERM_CONSTANT) datetime = fr_type_datetime_of(c, FR_S);
    if (!datetime || !fr_check_as(c, term, i, datetime)) return false;
    if (term->args[i]->kind == FR_TERM_CONSTANT || day->kind != FR_TERM_CONSTANT) return true;
    term->args[i] = day;
    datetime = fr_type_datetime_of(c, FR_S);
    return datetime && fr_check_as(c, term, i, datetime);
}

static bool compare_times(fr_checker *c, fr_term *term)
{
    char x[FR_TYPE_TEXT_BYTES], y[FR_TYPE_TEXT_BYTES];
    for (size_t i = 0; i < 2; i++) {
        fr_term *arg = term->args[i];
        const fr_type *other = term->args[1 - i]->type;
        fr_value value;
        if (fr_kind_is_text(arg->type->kind) && fr_term_is_literal(arg)) {
            fr_piece t = arg->constant.text;
            if (other->kind == FR_DATE && !fr_read_moment(FR_DATE, t.text, t.n, &value) &&
                fr_read_moment(FR_DATETIME, t.text, t.n, &value))
                other = fr_type_datetime_of(c, (fr_unit)value.unit);
            if (!other || !moment_beside(c, term, i, other)) return false;
        }
    }
    const fr_type *a = term->args[0]->type, *b = term->args[1]->type;
    if (a->kind == FR_DATE && b->kind == FR_DATETIME && !b->zone && !midnight_beside(c, term, 0, b)) return false;
    if (b->kind == FR_DATE && a->kind == FR_DATETIME && !a->zone && !midnight_beside(c, term, 1, a)) return false;
    a = term->args[0]->type, b = term->args[1]->type;
    if (a->kind != b->kind || (a->kind == FR_DATETIME && !a->zone != !b->zone))
        return fr_check_fail(c, term, FR_ERR_TYPE, a->kind == FR_DATETIME && b->kind == FR_DATETIME
                             ? "localize(x, 'Europe/Berlin') gives a zone, wall_time(x) takes it away" : NULL,
                             "%s and %s cannot be compared", fr_type_name(a, x), fr_type_name(b, y));
    term->run = a->kind == FR_DATE || a->unit == b->unit ? run_kernel : run_ticks;
    return true;
}

static bool is_day(fr_kind kind) { return kind == FR_DATE || kind == FR_DATETIME; }

bool fr_check_compare(fr_checker *c, fr_term *term)
{
    char a[FR_TYPE_TEXT_BYTES], b[FR_TYPE_TEXT_BYTES];
    for (int i = 0; i < (int)FR_COUNT_OF(names); i++)
        if (!strcmp(names[i], term->node->name) || (term->function && !strcmp(names[i], term->function->name)))
            term->i = i;
    fr_term_yields(term, fr_type_of(FR_BOOL));
    for (size_t i = 0; i < 2; i++)
        if (term->args[i]->type->kind == FR_NULL && !fr_check_as(c, term, i, term->args[1 - i]->type)) return false;
    fr_kind x = term->args[0]->type->kind, y = term->args[1]->type->kind;
    if (x == FR_NULL && y == FR_NULL)
        return fr_check_as(c, term, 0, fr_type_of(FR_I64)) && fr_check_as(c, term, 1, fr_type_of(FR_I64)) &&
               (term->run = run_kernel);
    if (fr_kind_is_number(x) && fr_kind_is_number(y)) return compare_numbers(c, term);
    if ((fr_kind_is_text(x) && fr_kind_is_text(y)) || (x == FR_BINARY && y == FR_BINARY)) {
        if (term->args[0]->kind == FR_TERM_CONSTANT && term->args[1]->kind != FR_TERM_CONSTANT) swap_sides(term);
        bool same = term->args[1]->kind == FR_TERM_CONSTANT && term->i <= FR_UNEQUAL;
        term->run = same ? run_text_is : run_texts;
        if (same && term->args[1]->valid) term->lazy = run_view_is;
        else if (x != FR_BINARY) term->lazy = run_view_pair;
        return true;
    }
    if (x == FR_BOOL && y == FR_BOOL) return term->run = run_bools, true;
    bool literal = (fr_kind_is_text(x) && fr_term_is_literal(term->args[0])) ||
                   (fr_kind_is_text(y) && fr_term_is_literal(term->args[1]));
    bool times = fr_kind_is_temporal(x) || fr_kind_is_temporal(y);
    if (times && (literal || (fr_kind_is_temporal(x) && fr_kind_is_temporal(y)))) return compare_times(c, term);
    if ((x == FR_LIST || x == FR_STRUCT) && term->i <= FR_UNEQUAL &&
        fr_type_equal(term->args[0]->type, term->args[1]->type)) {
        term->kind = FR_TERM_WHOLE;
        return term->whole = whole_equal, true;
    }
    const char *hint = fr_kind_is_text(x) && fr_kind_is_number(y) ? "cast(x, 'f64') reads the text as a number" :
                       fr_kind_is_number(x) && fr_kind_is_text(y) ? "write the number without quotes" :
                       x == FR_DURATION || y == FR_DURATION       ? "a duration is written duration '30min'" :
                       (fr_kind_is_text(x) && is_day(y)) || (is_day(x) && fr_kind_is_text(y)) ? FR_HINT_OF_TEXT_DATES :
                       fr_kind_is_temporal(x) && fr_kind_is_number(y) ? "a date is written date '2024-02-29'" : NULL;
    return fr_check_fail(c, term, FR_ERR_TYPE, hint, "%s and %s cannot be compared", fr_term_type(term->args[0], a),
                         fr_term_type(term->args[1], b));
}
