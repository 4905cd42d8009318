/* fn_in.c — x in (…): is a value one of a list.
 *
 * Constants become a set once. A few numbers are compared with all rows one after the other, 64 rows a word; integers
 * that lie close together become bits; everything else is looked up in a hash table. With anything but constants in the
 * list it is a row of == joined by `or`, which is also what it means: a null in the list makes null of what is not
 * found.
 *
 * 10^7 rows, CPU ms by hashing → so: two integers and a select 116 → 8, three floats 88 → 6, 18 integers as bits
 * 94 → 9.
 *
 * A few short texts are compared with the views of a column (kernel/view_keys.h).
 */
#include "base/hash.h"
#include "expr/functions.h"
#include "kernel/scaled_bound.h"
#include "kernel/view_keys.h"

#include <math.h>
#include <string.h>

/* ---- the list as a set ------------------------------------------------------------------------------------------- */
enum { FEW = 16,                           /* values that are compared one after the other                    */
       NEAR = 1 << 16 };                   /* integers less than this apart are bits                          */

typedef struct value_set {
    fr_phys      phys;
    bool         has_null;
    size_t       slots, n;                 /* of the hash table; values in it                                 */
    uint8_t     *used;
    fr_constant *values;
    int64_t      low;                      /* of integers; the highest is `range` above                       */
    uint64_t     range;
    uint64_t    *bits;                     /* bit i: low + i is in the set; NULL: too far apart, or no integers */
    fr_view_key  keys[FEW];                /* few short texts; n_keys 0: they are not                         */
    size_t       n_keys;
} value_set;

static uint64_t hash_of(fr_phys phys, fr_constant x)
{
    if (phys == FR_PHYS_VIEW) return fr_hash_bytes(x.text.text, x.text.n, 1);
    if (phys == FR_PHYS_I128) return fr_hash_combine(fr_hash_u64((uint64_t)x.d, 1), (uint64_t)(x.d >> 64));
    if (phys == FR_PHYS_F64 && x.f == 0) x.u = 0;
    return fr_hash_u64(x.u, 1);
}

static bool same_value(fr_phys phys, fr_constant a, fr_constant b)
{
    if (phys == FR_PHYS_VIEW) return a.text.n == b.text.n && (!a.text.n || !memcmp(a.text.text, b.text.text, a.text.n));
    if (phys == FR_PHYS_I128) return a.d == b.d;
    if (phys == FR_PHYS_F64) return a.f == b.f;
    return a.i == b.i;
}

static bool set_find(const value_set *set, fr_constant x, size_t *at)
{
    size_t mask = set->slots - 1;
    for (*at = hash_of(set->phys, x) & mask; set->used[*at]; *at = (*at + 1) & mask)
        if (same_value(set->phys, set->values[*at], x)) return true;
    return false;
}

static fr_constant constant_at(fr_phys phys, const fr_vector *v, size_t i)
{
    fr_constant x = { 0 };
    i *= v->step;
    if (phys == FR_PHYS_VIEW) x.text = ((const fr_piece *)v->values)[i];
    else if (phys == FR_PHYS_I128) x.d = ((const fr_i128 *)v->values)[i];
    else if (phys == FR_PHYS_I32) x.i = ((const int32_t *)v->values)[i];
    else if (phys == FR_PHYS_BOOL) x.i = fr_at_bool(v, i);
    else x.i = ((const int64_t *)v->values)[i];
    return x;
}

static bool run_in(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const value_set *set = term->data;
    size_t at;
    for (size_t i = 0; i < run->n; i++) {
        bool found = fr_vector_has(out, i) && set_find(set, constant_at(set->phys, args, i), &at);
        fr_put_bool(out, i, found);
        if (!found && set->has_null && fr_vector_has(out, i)) fr_vector_null(out, i);
    }
    return true;
}

/* ---- numbers, 64 rows at a time ---------------------------------------------------------------------------------- */
/* A whole number of so many digits (data/scaled_column.h) that the value is, if there is one. */
static void find_scaled(const fr_vector *x, double value, size_t n, uint64_t *same)
{
    const fr_scaled_bound bound = fr_scaled_bound_of(FR_EQUAL, value, x->digits);
    FR_ISA_PICK(fr_compare_kernels)->i32[bound.op](same, (fr_lanes){ x->values, 1 }, (fr_lanes){ &bound.whole, 0 }, n);
}

static void find_few(const value_set *set, const fr_vector *x, size_t n, uint64_t *found)
{
    const fr_compare_kernels *k = FR_ISA_PICK(fr_compare_kernels);
    fr_compare_kernel *const *table = set->phys == FR_PHYS_F64 ? k->f64 : set->phys == FR_PHYS_I32 ? k->i32 : k->i64;
    uint64_t same[FR_VECTOR_WORDS];
    memset(found, 0, fr_words(n) * sizeof *found);
    for (size_t slot = 0; slot < set->slots; slot++) {
        if (!set->used[slot]) continue;
        if (x->digits) find_scaled(x, set->values[slot].f, n, same);
        else table[FR_EQUAL](same, (fr_lanes){ x->values, x->step }, (fr_lanes){ &set->values[slot], 0 }, n);
        for (size_t w = 0; w < fr_words(n); w++) found[w] |= same[w];
    }
}

FR_TEMPLATE_FN void find_bits(const value_set *set, const fr_vector *x, size_t n, bool narrow, uint64_t *found)
{
    for (size_t i = 0; i < n; i += 64) {
        const size_t rows = n - i < 64 ? n - i : 64;
        uint64_t word = 0;
        for (size_t j = 0; j < rows; j++) {
            const size_t at = (i + j) * x->step;
            const int64_t value = narrow ? ((const int32_t *)x->values)[at] : ((const int64_t *)x->values)[at];
            const uint64_t above = (uint64_t)value - (uint64_t)set->low, bit = above <= set->range ? above : 0;
            word |= (uint64_t)(above <= set->range && (set->bits[bit >> 6] >> (bit & 63) & 1)) << j;
        }
        found[i >> 6] = word;
    }
}

/* A null in the list makes null of what is not found. */
static void null_the_rest(const fr_run *run, const value_set *set, fr_vector *out)
{
    const uint64_t *found = out->room;
    uint64_t *valid = out->slot->valid;
    if (!set->has_null) return;
    for (size_t w = 0; w < fr_words(run->n); w++) valid[w] = out->valid ? out->valid[w] & found[w] : found[w];
    out->valid = valid;
}

static bool run_in_numbers(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const value_set *set = term->data;
    uint64_t *found = out->room;
    if (!set->bits) find_few(set, args, run->n, found);
    else if (set->phys == FR_PHYS_I32) find_bits(set, args, run->n, true, found);
    else find_bits(set, args, run->n, false, found);
    null_the_rest(run, set, out);
    return true;
}

/* ---- texts, by their views --------------------------------------------------------------------------------------- */
static bool run_in_views(fr_run *run, const fr_term *term, fr_vector *out)
{
    const value_set *set = term->data;
    const fr_column *column = term->args[0]->kind == FR_TERM_COLUMN ? term->args[0]->column : NULL;
    if (!column || column->phys != FR_PHYS_VIEW || column->pieced) return fr_run_strict(run, term, out);
    if (!fr_run_slot(run, out)) return false;
    FR_ISA_PICK(fr_view_key_kernels)->find(out->room, (const fr_view *)column->values + run->first, run->n, set->keys,
                                           set->n_keys);
    if (column->valid) out->valid = column->valid + (run->first >> 6);
    null_the_rest(run, set, out);
    return true;
}

static void add_keys(value_set *set)
{
    size_t n = 0;
    for (size_t slot = 0; slot < set->slots; slot++) {
        if (!set->used[slot]) continue;
        const fr_piece t = set->values[slot].text;
        if (t.n > FR_VIEW_INLINE) return;
        const fr_view view = fr_view_short(t.text, t.n);
        set->keys[n++] = (fr_view_key){ view.words.first, view.words.second };
    }
    set->n_keys = n;
}

/* ---- the check --------------------------------------------------------------------------------------------------- */
static bool add_values(fr_checker *c, value_set *set, fr_term *const *items, size_t n)
{
    set->used = fr_arena_array(c->call, &c->typed->arena, set->slots, 1);
    set->values = set->used ? fr_arena_array(c->call, &c->typed->arena, set->slots, sizeof *set->values) : NULL;
    if (!set->values) return false;
    for (size_t i = 0, at; i < n; i++) {
        if (!items[i]->valid) { set->has_null = true; continue; }
        if (set->phys == FR_PHYS_F64 && isnan(items[i]->constant.f)) continue;
        if (set_find(set, items[i]->constant, &at)) continue;
        set->used[at] = 1;
        set->values[at] = items[i]->constant;
        set->n++;
    }
    return true;
}

/* Bits for integers that lie close together. */
static bool add_bits(fr_checker *c, value_set *set)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (size_t slot = 0; slot < set->slots; slot++) {
        if (!set->used[slot]) continue;
        low = set->values[slot].i < low ? set->values[slot].i : low;
        high = set->values[slot].i > high ? set->values[slot].i : high;
    }
    set->low = low;
    set->range = (uint64_t)high - (uint64_t)low;
    if (set->range >= NEAR) return true;
    set->bits = fr_arena_array(c->call, &c->typed->arena, set->range / 64 + 1, sizeof *set->bits);
    for (size_t slot = 0; set->bits && slot < set->slots; slot++) {
        const uint64_t bit = (uint64_t)set->values[slot].i - (uint64_t)low;
        if (set->used[slot]) set->bits[bit >> 6] |= (uint64_t)1 << (bit & 63);
    }
    return set->bits != NULL;
}

static bool build_set(fr_checker *c, fr_term *term, fr_term *const *items, size_t n)
{
    value_set *set = fr_arena_new(c->call, &c->typed->arena, sizeof *set);
    if (!set) return false;
    set->phys = term->args[0]->phys;
    set->slots = 16;
    while (set->slots < n * 2) set->slots *= 2;
    if (!add_values(c, set, items, n)) return false;
    const bool integers = set->phys == FR_PHYS_I64 || set->phys == FR_PHYS_U64 || set->phys == FR_PHYS_I32;
    const bool few = set->n <= FEW && (integers || set->phys == FR_PHYS_F64);
    if (!few && integers && !add_bits(c, set)) return false;
    if (set->phys == FR_PHYS_VIEW && set->n && set->n <= FEW) add_keys(set);
    term->data = set;
    term->run = few || set->bits ? run_in_numbers : run_in;
    term->takes_scaled = few && set->phys == FR_PHYS_F64;
    if (set->n_keys) term->lazy = run_in_views;
    term->n_args = 1;
    return true;
}

/* Can every item be a value of x's own layout, so that equality is equality of bits? */
static bool fit_set(fr_checker *c, fr_term *list, const fr_type *type)
{
    for (size_t i = 0; i < list->n_args; i++) {
        fr_term *item = list->args[i];
        if (item->kind != FR_TERM_CONSTANT) return false;
        bool fits = item->type->kind == FR_NULL || fr_type_equal(item->type, type) ||
                    (fr_kind_is_text(type->kind) && fr_kind_is_text(item->type->kind)) ||
                    (item->type->kind == FR_I64 && type->kind == FR_F64 && item->constant.i >= -(1 << 24) &&
                     item->constant.i <= 1 << 24) ||
                    (fr_term_is_literal(item) && type->kind != FR_F64 && fr_literal_fits(c, item, type));
        if (!fits) return false;
    }
    return true;
}

static bool in_as_or(fr_checker *c, fr_term *term, fr_term *list)
{
    fr_term *x = term->args[0], **parts = fr_arena_array(c->call, &c->typed->arena, list->n_args, sizeof *parts);
    if (!parts) return false;
    for (size_t i = 0; i < list->n_args; i++) {
        fr_term *pair[2] = { x, list->args[i] };
        if (!(parts[i] = fr_check_call(c, term->node, "==", pair, 2))) return false;
    }
    term->args = parts;
    term->n_args = list->n_args;
    return fr_check_or(c, term);
}

bool fr_check_in(fr_checker *c, fr_term *term)
{
    fr_term *list = term->args[1];
    fr_term_yields(term, fr_type_of(FR_BOOL));
    if (!list->function || strcmp(list->function->name, "list"))
        return fr_check_fail(c, term, FR_ERR_TYPE, "write x in (1, 2, 3)", "'in' needs a list");
    fr_kind kind = term->args[0]->type->kind;
    if (kind == FR_NULL || kind == FR_LIST || kind == FR_STRUCT || !list->n_args) return in_as_or(c, term, list);
    for (size_t i = 0; kind == FR_F32 && i < list->n_args; i++)
        if (!fr_literal_beside_f32(c, &list->args[i])) return false;
    if (fr_kind_is_integer(kind) || fr_kind_is_float(kind))
        if (!fr_check_widest(c, term, 0)) return false;
    const fr_type *type = term->args[0]->type;
    if (!fit_set(c, list, type)) return in_as_or(c, term, list);
    fr_term typed = *list;                              /* the items as values of x's type; some may be none */
    typed.args = fr_arena_array(c->call, &c->typed->arena, list->n_args, sizeof *typed.args);
    if (!typed.args) return false;
    memcpy(typed.args, list->args, list->n_args * sizeof *typed.args);
    for (size_t i = 0; i < list->n_args; i++) {
        if (!fr_literal_as(c, &typed, i, type)) return false;
        if (typed.args[i]->kind != FR_TERM_CONSTANT) return in_as_or(c, term, list);
    }
    return build_set(c, term, typed.args, list->n_args);
}

bool fr_check_list(fr_checker *c, fr_term *term)
{
    (void)c;
    fr_term_yields(term, fr_type_of(FR_NULL));
    term->kind = FR_TERM_WHOLE;                  /* never folded, never computed by itself */
    return true;
}
