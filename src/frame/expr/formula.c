/* formula.c — terms into steps (see formula.h). A place is given back when the step that reads it is written. */
#include "expr/formula.h"

#include "data/pieced_column.h"
#include "expr/fn.h"
#include "kernel/scaled_bound.h"

enum { NOWHERE = FR_REALS_PLACES - 1 };        /* the place of steps that give a condition */

typedef struct writer {
    fr_formula *formula;
    fr_reals *reals;                           /* the formula's                                         */
    uint32_t  places, conditions;              /* taken, as bits                                        */
    uint32_t  written;                         /* places that steps ever write, where no constant can be */
    uint32_t  scaled;                          /* inputs that are scaled numbers, and the place of each, …    */
    uint8_t   place_of[FR_REALS_INPUTS];
    uint32_t  held;                            /* … which is not given back: they become doubles once    */
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
    if (!((w->reals->is_constant | w->held) >> place & 1)) w->places &= ~(UINT32_C(1) << place);
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

static bool are_same(const fr_column *a, const fr_column *b)
{
    if (a->pieced || b->pieced) return a->pieced && b->pieced && a->pieced->late == b->pieced->late;
    return a->values == b->values && a->valid == b->valid;
}

static bool find_input(writer *w, const fr_column *c, uint8_t *which)
{
    fr_reals *r = w->reals;
    size_t i = 0;
    while (i < r->n_inputs && !are_same(w->formula->columns[i], c)) i++;
    if (i == FR_REALS_INPUTS) return false;
    if (i == r->n_inputs) r->n_inputs++;
    w->formula->columns[i] = c;
    w->formula->in_pieces |= c->pieced != NULL;
    r->inputs[i] = c->values;
    r->valids[i] = c->valid;
    r->has_nulls |= c->null_count != 0;
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

static bool scaled_input(writer *w, const fr_column *c, uint8_t *place)
{
    uint8_t which;
    if (!find_input(w, c, &which)) return false;
    if (w->scaled >> which & 1) return *place = w->place_of[which], true;
    if (!take(&w->places, place)) return false;
    w->scaled |= UINT32_C(1) << which;
    w->held |= UINT32_C(1) << *place;
    w->place_of[which] = *place;
    return add_step(w, (fr_reals_step){ .op = FR_REALS_SCALED, .out = *place, .a = which, .b = c->digits });
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
    if (c && c->digits) return scaled_input(w, c, place);
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

/* A whole number as its layout lies, with a constant. */
static bool comparison_with(writer *w, const fr_column *whole, fr_compare_op op, double bound, uint8_t *which)
{
    fr_reals_step step = { .op = (uint8_t)(FR_REALS_IF_I8 + (whole->phys - FR_PHYS_I8)), .out = NOWHERE, .how = (uint8_t)op };
    if (!find_input(w, whole, &step.a) || !constant(w, bound, &step.b)) return false;
    if (!take(&w->conditions, &step.condition)) return false;
    *which = step.condition;
    return add_step(w, step);
}

static bool comparison(writer *w, const fr_term *term, fr_compare_op op, uint8_t *which)
{
    fr_reals_step step = { .op = FR_REALS_COMPARE, .out = NOWHERE, .how = (uint8_t)op };
    const fr_column *whole = whole_numbers(term->args[0]), *scaled = fr_scaled_numbers(term->args[0]);
    double value;
    if (is_of_layout(whole, term->args[1]) && value_of(term->args[1], true, &value))
        return comparison_with(w, whole, op, value, which);
    if (scaled && value_of(term->args[1], true, &value)) {
        const fr_scaled_bound bound = fr_scaled_bound_of(op, value, scaled->digits);
        return comparison_with(w, scaled, bound.op, bound.whole, which);
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

bool fr_formula_of(const fr_term *term, fr_formula *formula)
{
    *formula = (fr_formula){ .in_pieces = false };
    writer w = { .formula = formula, .reals = &formula->reals, .places = UINT32_C(1) << NOWHERE };
    uint8_t result;
    if (term->kind != FR_TERM_CALL || term->type->kind != FR_F64) return false;
    return numbers(&w, term, false, &result) && w.n_operations && formula->reals.n_inputs;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */
/* Of columns in pieces; false: there is no memory. */
static bool take_rooms(const fr_formula *f, fr_run *run, fr_vector *rooms)
{
    bool fine = true;
    for (size_t i = 0; fine && i < f->reals.n_inputs; i++)
        if (f->columns[i]->pieced) fine = fr_run_slot(run, &rooms[i]);
    return fine;
}

static size_t run_windows(const fr_formula *f, const fr_vector *rooms, size_t first, size_t n, double *out, uint64_t *valid,
                          bool stream)
{
    const fr_reals_kernels *kernels = FR_ISA_PICK(fr_reals_kernels);
    fr_reals some = f->reals;
    size_t n_null = 0;
    for (size_t at = 0, rows; at < n; at += rows) {
        rows = n - at < FR_VECTOR_ROWS ? n - at : FR_VECTOR_ROWS;
        for (size_t i = 0; i < some.n_inputs; i++) {
            const fr_window_room room = { rooms[i].room, rooms[i].slot ? rooms[i].slot->valid : NULL };
            const fr_window window = fr_column_window(f->columns[i], (int64_t)(first + at), (int64_t)rows, &room);
            some.inputs[i] = window.values;
            some.valids[i] = window.valid;
        }
        n_null += kernels->run(&some, 0, rows, out + at, valid + at / 64, stream);
    }
    return n_null;
}

bool fr_formula_run(const fr_formula *f, fr_run *run, size_t first, size_t n, double *out, uint64_t *valid, bool stream,
                    size_t *n_null)
{
    fr_vector rooms[FR_REALS_INPUTS] = { { 0 } };
    if (!f->in_pieces) return *n_null = FR_ISA_PICK(fr_reals_kernels)->run(&f->reals, first, n, out, valid, stream), true;
    const bool fine = take_rooms(f, run, rooms);
    if (fine) *n_null = run_windows(f, rooms, first, n, out, valid, stream);
    for (size_t i = 0; i < f->reals.n_inputs; i++) fr_run_release(run, &rooms[i]);
    return fine;
}
