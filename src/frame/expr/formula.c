/* formula.c — terms into steps (see formula.h). A place is given back when the step that reads it is written. */
#include "expr/formula.h"

#include "expr/fn.h"

enum { NOWHERE = FR_REALS_PLACES - 1 };        /* the place of steps that give a condition */

typedef struct writer {
    fr_reals *reals;
    uint32_t  places, conditions;              /* taken, as bits                                        */
    uint32_t  written;                         /* places that steps ever write, where no constant can be */
    unsigned  n_operations;
} writer;

static bool numbers(writer *w, const fr_term *term, bool exact, uint8_t *place);

static bool take(uint32_t *taken, uint8_t *which)
{
    const unsigned free = (unsigned)__builtin_ctz(~*taken);
    *taken |= UINT32_C(1) << (free & 31);
    *which = (uint8_t)free;
    return free < FR_REALS_PLACES;
}

static bool add_step(writer *w, fr_reals_step step)
{
    if (w->reals->n_steps == FR_REALS_STEPS) return false;
    w->written |= UINT32_C(1) << step.out;
    w->reals->steps[w->reals->n_steps++] = step;
    return true;
}

static void give_back(writer *w, uint8_t place)
{
    if (!(w->reals->is_constant >> place & 1)) w->places &= ~(UINT32_C(1) << place);
}

/* ---- operands ---------------------------------------------------------------------------------------------------- */
/* From the last place on, where it stays; results of steps come from the first. */
static bool constant(writer *w, double value, uint8_t *place)
{
    for (*place = NOWHERE; w->places >> *place & 1; --*place)
        if (!*place) return false;
    if (w->written >> *place & 1) return false;
    w->places |= UINT32_C(1) << *place;
    w->reals->is_constant |= UINT32_C(1) << *place;
    w->reals->constants[*place] = value;
    return true;
}

static bool find_input(writer *w, const fr_column *c, uint8_t *which)
{
    fr_reals *r = w->reals;
    size_t i = 0;
    if (c->pieced) return false;
    while (i < r->n_inputs && (r->inputs[i] != c->values || r->valids[i] != c->valid)) i++;
    if (i == FR_REALS_INPUTS) return false;
    if (i == r->n_inputs) r->n_inputs++;
    r->inputs[i] = c->values;
    r->valids[i] = c->valid;
    r->has_nulls |= c->valid != NULL;
    r->widths[i] = (uint8_t)fr_phys_width(c->phys);
    *which = (uint8_t)i;
    return true;
}

static bool input(writer *w, const fr_column *c, fr_reals_op op, uint8_t *place)
{
    uint8_t which;
    return find_input(w, c, &which) && take(&w->places, place) &&
           add_step(w, (fr_reals_step){ .op = (uint8_t)op, .out = *place, .a = which });
}

/* The column of an i64 term, in whatever layout; NULL: another term. */
static const fr_column *whole_numbers(const fr_term *term)
{
    const fr_column *narrow = fr_narrow_integers(term), *c = term->kind == FR_TERM_COLUMN ? term->column : NULL;
    if (narrow) return narrow;
    return c && term->type->kind == FR_I64 && c->phys == FR_PHYS_I64 ? c : NULL;
}

/* exact: an integer must be the double it becomes. */
static bool column(writer *w, const fr_term *term, bool exact, uint8_t *place)
{
    const fr_column *whole = whole_numbers(term), *c = term->kind == FR_TERM_COLUMN ? term->column : NULL;
    if (whole && exact && whole->phys == FR_PHYS_I64) return false;
    if (whole) return input(w, whole, FR_REALS_I8 + (whole->phys - FR_PHYS_I8), place);
    return c && c->type->kind == FR_F64 && c->phys == FR_PHYS_F64 && input(w, c, FR_REALS_F64, place);
}

static bool value_of(const fr_term *term, bool exact, double *value)
{
    if (term->kind != FR_TERM_CONSTANT || !term->valid) return false;
    if (term->type->kind == FR_F64) return *value = term->constant.f, true;
    if (term->type->kind != FR_I64) return false;
    *value = (double)term->constant.i;
    return !exact || (term->constant.i >= -(INT64_C(1) << 53) && term->constant.i <= INT64_C(1) << 53);
}

/* ---- operations -------------------------------------------------------------------------------------------------- */
static bool arithmetic(writer *w, const fr_term *term, fr_arith_op op, uint8_t *place)
{
    fr_reals_step step = { .op = (uint8_t)(FR_REALS_ADD + (op - FR_ADD)) };
    double divisor;
    if (!numbers(w, term->args[0], false, &step.a)) return false;
    if (op == FR_DIV && value_of(term->args[1], false, &divisor) && fr_has_exact_reciprocal(divisor)) {
        step.op = FR_REALS_MUL;
        if (!constant(w, 1 / divisor, &step.b)) return false;
    } else if (!numbers(w, term->args[1], false, &step.b)) {
        return false;
    }
    w->n_operations++;
    if (!take(&w->places, &step.out)) return false;
    give_back(w, step.a), give_back(w, step.b);
    *place = step.out;
    return add_step(w, step);
}

static bool condition(writer *w, const fr_term *term, uint8_t *which);

/* Of integers with a constant of their layout: as they lie. */
static bool is_of_layout(const fr_column *whole, const fr_term *term)
{
    double same;
    return whole && term->type->kind == FR_I64 && value_of(term, true, &same) &&
           fr_integer_phys(term->constant.i, term->constant.i) <= whole->phys;
}

static bool comparison(writer *w, const fr_term *term, fr_compare_op op, uint8_t *which)
{
    fr_reals_step step = { .op = FR_REALS_COMPARE, .out = NOWHERE, .how = (uint8_t)op };
    const fr_column *whole = whole_numbers(term->args[0]);
    if (is_of_layout(whole, term->args[1])) {
        step.op = (uint8_t)(FR_REALS_IF_I8 + (whole->phys - FR_PHYS_I8));
        if (!find_input(w, whole, &step.a) || !numbers(w, term->args[1], true, &step.b)) return false;
        if (!take(&w->conditions, &step.condition)) return false;
        *which = step.condition;
        return add_step(w, step);
    }
    if (!numbers(w, term->args[0], true, &step.a) || !numbers(w, term->args[1], true, &step.b)) return false;
    if (!take(&w->conditions, &step.condition)) return false;
    give_back(w, step.a), give_back(w, step.b);
    *which = step.condition;
    return add_step(w, step);
}

/* and, or, not. */
static bool logic(writer *w, const fr_term *term, fr_reals_op op, uint8_t *which)
{
    if (!condition(w, term->args[0], which)) return false;
    if (op == FR_REALS_NOT) return add_step(w, (fr_reals_step){ .op = FR_REALS_NOT, .a = *which, .condition = *which,
                                                                .out = NOWHERE });
    for (size_t i = 1; i < term->n_args; i++) {
        uint8_t other;
        if (!condition(w, term->args[i], &other)) return false;
        w->conditions &= ~(UINT32_C(1) << other);
        if (!add_step(w, (fr_reals_step){ .op = (uint8_t)op, .a = *which, .b = other, .condition = *which,
                                          .out = NOWHERE })) return false;
    }
    return true;
}

static bool condition(writer *w, const fr_term *term, uint8_t *which)
{
    fr_compare_op how;
    fr_reals_op op;
    if (term->kind != FR_TERM_CALL) return false;
    if (fr_compares_doubles(term, &how)) return comparison(w, term, how, which);
    return fr_logic_of(term, &op) && logic(w, term, op, which);
}

/* when(c1, v1, c2, v2, otherwise), from the last to the first. */
static bool choice(writer *w, const fr_term *term, uint8_t *place)
{
    const size_t n = term->n_args;
    if (n % 2 == 0 || !numbers(w, term->args[n - 1], false, place)) return false;
    for (size_t i = n - 1; i > 0; i -= 2) {
        fr_reals_step step = { .op = FR_REALS_CHOOSE, .b = *place };
        if (!numbers(w, term->args[i - 1], false, &step.a) || !condition(w, term->args[i - 2], &step.condition)) return false;
        if (!take(&w->places, &step.out) || !add_step(w, step)) return false;
        give_back(w, step.a), give_back(w, step.b);
        w->conditions &= ~(UINT32_C(1) << step.condition);
        *place = step.out;
    }
    w->n_operations++;
    return true;
}

static bool numbers(writer *w, const fr_term *term, bool exact, uint8_t *place)
{
    fr_arith_op op;
    double value;
    if (value_of(term, exact, &value)) return constant(w, value, place);
    if (column(w, term, exact, place)) return true;
    if (term->kind != FR_TERM_CALL || term->type->kind != FR_F64) return false;
    if (fr_adds_doubles(term, &op)) return arithmetic(w, term, op, place);
    return fr_is_choice(term) && choice(w, term, place);
}

bool fr_reals_of(const fr_term *term, fr_reals *reals)
{
    *reals = (fr_reals){ 0 };
    writer w = { .reals = reals, .places = UINT32_C(1) << NOWHERE };
    uint8_t result;
    if (term->kind != FR_TERM_CALL || term->type->kind != FR_F64) return false;
    return numbers(&w, term, false, &result) && w.n_operations && reals->n_inputs;
}
