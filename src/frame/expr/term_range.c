/* term_range.c — between which bounds the whole numbers of a term lie. */
#include "expr/term_range.h"

#include "expr/fn.h"
#include "expr/formula.h"

fr_range fr_range_of_type(fr_kind kind)
{
    if (!fr_kind_is_integer(kind)) return (fr_range){ INT64_MIN, UINT64_MAX };
    int bits = 8 << (fr_kind_is_signed(kind) ? kind - FR_I8 : kind - FR_U8);
    if (fr_kind_is_signed(kind)) return (fr_range){ -((fr_i128)1 << (bits - 1)), ((fr_i128)1 << (bits - 1)) - 1 };
    return (fr_range){ 0, ((fr_i128)1 << bits) - 1 };
}

static fr_range range_of_column(const fr_column *column, fr_kind kind)
{
    const fr_facts *f = column && !column->foreign ? &column->facts : NULL;
    if (!f || !(f->known & FR_FACT_RANGE) || (f->known & FR_FACT_NO_VALUES)) return fr_range_of_type(kind);
    return fr_kind_is_signed(kind) ? (fr_range){ f->min.i, f->max.i } : (fr_range){ f->min.u, f->max.u };
}

/* u64 × u64 is more than 127 bits hold: then any value that no type can hold does. */
static fr_i128 product(fr_i128 a, fr_i128 b)
{
    fr_i128 r;
    return __builtin_mul_overflow(a, b, &r) ? (fr_i128)1 << 126 : r;
}

static void widen(fr_range *r, fr_i128 low, fr_i128 high)
{
    if (low < r->low) r->low = low;
    if (high > r->high) r->high = high;
}

fr_range fr_range_combine(fr_arith_op op, fr_range a, fr_range b)
{
    if (op == FR_ADD) return (fr_range){ a.low + b.low, a.high + b.high };
    if (op == FR_SUB) return (fr_range){ a.low - b.high, a.high - b.low };
    fr_i128 p[] = { product(a.low, b.low), product(a.low, b.high), product(a.high, b.low), product(a.high, b.high) };
    fr_range r = { p[0], p[0] };
    for (int i = 1; i < 4; i++) widen(&r, p[i], p[i]);
    return r;
}

static fr_range range_of_constant(const fr_term *t)
{
    const fr_value v = fr_term_value(t);
    const fr_i128 x = t->valid ? (fr_kind_is_signed(t->type->kind) ? (fr_i128)v.as.i : (fr_i128)v.as.u) : 0;
    return (fr_range){ x, x };
}

/* Of the values to choose among: every second argument and the last one. */
static fr_range range_of_choice(const fr_term *t)
{
    fr_range r = fr_term_range(t->args[t->n_args - 1]);                /* a value, be their number odd or even */
    for (size_t i = 1; i < t->n_args; i += 2) {
        const fr_range value = fr_term_range(t->args[i]);
        widen(&r, value.low, value.high);
    }
    return r;
}

static fr_range range_of_call(const fr_term *t)
{
    fr_arith_op op;
    if (t->ranged) return (fr_range){ t->low, t->high };
    if (fr_is_arith(t, &op)) return fr_range_combine(op, fr_term_range(t->args[0]), fr_term_range(t->args[1]));
    if (fr_is_choice(t)) return range_of_choice(t);
    if (!t->function && t->n_args == 1 && fr_kind_is_integer(t->args[0]->type->kind))
        return fr_term_range(t->args[0]);                              /* a conversion put in by the checker */
    return fr_range_of_type(t->type->kind);
}

fr_range fr_term_range(const fr_term *t)
{
    const fr_range all = fr_range_of_type(t->type->kind);
    if (!fr_kind_is_integer(t->type->kind)) return all;
    fr_range r = t->kind == FR_TERM_CONSTANT ? range_of_constant(t)
               : t->kind == FR_TERM_COLUMN   ? range_of_column(t->column, t->type->kind)
               : t->kind == FR_TERM_CALL     ? range_of_call(t)
                                             : all;
    if (r.low < all.low || r.low > all.high) r.low = all.low;
    if (r.high > all.high || r.high < all.low) r.high = all.high;
    return r;
}

bool fr_term_within(fr_term *term, int64_t low, int64_t high)
{
    term->ranged = true;
    term->low = low;
    term->high = high;
    return true;
}

fr_phys fr_term_layout(const fr_term *term)
{
    const fr_phys phys = fr_type_phys(term->type);
    if (term->type->kind != FR_I64 || term->kind != FR_TERM_CALL) return phys;
    const fr_range r = fr_term_range(term);
    return fr_integer_phys((int64_t)r.low, (int64_t)r.high);
}
