/* fn_logic.c — and, or, not, if, when, coalesce, is null, in, between: three-valued logic on bits.
 *
 * A bool vector is two words per 64 rows: true (under valid) and valid. Kleene's tables in bit operations, T = value &
 * valid, F = ~value & valid:
 *
 *     and:  T = Ta & Tb    F = Fa | Fb        or:  T = Ta | Tb    F = Fa & Fb
 *
 * The operands of `and` after the first are computed with `selected` narrowed to the rows that are not false yet (a
 * null may still become false), those of `or` to the rows not true yet; when no row is left they are not computed at
 * all.
 */
#include "expr/functions.h"
#include "expr/formula.h"
#include "kernel/blend.h"

#include <string.h>

/* ---- selections -----------------------------------------------------------------------------------------------------
 */
static uint64_t word_mask(size_t w, size_t n)
{
    size_t left = n - w * 64;
    return left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
}

static uint64_t selected_word(const fr_run *run, size_t w)
{
    return (run->selected ? run->selected[w] : UINT64_MAX) & word_mask(w, run->n);
}

static bool any_bit(const uint64_t *words, size_t n)
{
    uint64_t any = 0;
    for (size_t w = 0; w < n; w++) any |= words[w];
    return any != 0;
}

/* Compute `term` for the rows in `rows`; what other rows hold does not matter. */
static bool run_selected(fr_run *run, const fr_term *term, const uint64_t *rows, fr_vector *out)
{
    const uint64_t *before = run->selected;
    run->selected = rows;
    bool ok = fr_run_term(run, term, out);
    run->selected = before;
    return ok;
}

/* ---- and, or --------------------------------------------------------------------------------------------------------
 */
/* `or` is `and` with true and false exchanged: of each operand (T, F) → (F, T), and of the result. */
static bool run_and_or(fr_run *run, const fr_term *term, fr_vector *out, bool is_or)
{
    size_t words = fr_words(run->n);
    uint64_t decided[FR_VECTOR_WORDS] = { 0 }, open[FR_VECTOR_WORDS], rows[FR_VECTOR_WORDS];
    if (!fr_run_slot(run, out)) return false;
    for (size_t w = 0; w < words; w++) open[w] = UINT64_MAX;         /* neutral in every operand so far */
    for (size_t i = 0; i < term->n_args; i++) {
        fr_vector x;
        for (size_t w = 0; w < words; w++) rows[w] = selected_word(run, w) & ~decided[w];
        if (i && !any_bit(rows, words)) break;
        if (!run_selected(run, term->args[i], i ? rows : run->selected, &x)) return fr_run_release(run, out), false;
        for (size_t w = 0; w < words; w++) {
            uint64_t valid = x.valid ? x.valid[w] : UINT64_MAX, value = ((const uint64_t *)x.values)[w];
            if (is_or) value = ~value;
            decided[w] |= ~value & valid;
            open[w] &= value & valid;
        }
        fr_run_release(run, &x);
    }
    uint64_t *to = out->room, nulls = 0;
    for (size_t w = 0; w < words; w++) {
        to[w] = is_or ? decided[w] : open[w];
        out->slot->valid[w] = decided[w] | open[w];
        nulls |= ~out->slot->valid[w] & word_mask(w, run->n);
    }
    out->valid = nulls ? out->slot->valid : NULL;
    return true;
}

static bool run_and(fr_run *run, const fr_term *term, fr_vector *out) { return run_and_or(run, term, out, false); }
static bool run_or(fr_run *run, const fr_term *term, fr_vector *out) { return run_and_or(run, term, out, true); }

static bool check_bools(fr_checker *c, fr_term *term)
{
    for (size_t i = 0; i < term->n_args; i++) {
        if (term->args[i]->type->kind != FR_BOOL && term->args[i]->type->kind != FR_NULL) {
            char room[FR_TYPE_TEXT_BYTES];
            const fr_type *type = term->args[i]->type;
            return fr_check_fail(c, term->args[i], FR_ERR_TYPE,
                                 i && fr_term_is_literal(term->args[i]) ? "one of several values: x in (1, 2)"
                                 : fr_kind_is_number(type->kind)        ? "compare it, e.g. x != 0" : NULL,
                                 "'%s' needs true or false, not %s", term->node->name, fr_type_name(type, room));
        }
        if (!fr_check_as(c, term, i, fr_type_of(FR_BOOL))) return false;
    }
    fr_term_yields(term, fr_type_of(FR_BOOL));
    return true;
}

bool fr_check_and(fr_checker *c, fr_term *term) { return term->lazy = run_and, check_bools(c, term); }
bool fr_check_or(fr_checker *c, fr_term *term) { return term->lazy = run_or, check_bools(c, term); }

static bool run_not(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    const uint64_t *from = args[0].values;
    uint64_t *to = out->room;
    for (size_t w = 0; w < fr_words(run->n); w++) to[w] = ~from[w];
    return true;
}
bool fr_check_not(fr_checker *c, fr_term *term) { return term->run = run_not, check_bools(c, term); }

static bool run_xor(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    const uint64_t *a = args[0].values, *b = args[1].values;
    uint64_t *to = out->room;
    for (size_t w = 0; w < fr_words(run->n); w++) to[w] = a[w] ^ b[w];
    return true;
}
bool fr_check_xor(fr_checker *c, fr_term *term) { return term->run = run_xor, check_bools(c, term); }

/* ---- is null --------------------------------------------------------------------------------------------------------
 */
static bool run_is_null(fr_run *run, const fr_term *term, fr_vector *out)
{
    fr_vector x;
    if (!fr_run_slot(run, out)) return false;
    if (!fr_run_valid(run, term->args[0], &x)) return fr_run_release(run, out), false;
    uint64_t *to = out->room, flip = term->i ? 0 : UINT64_MAX;             /* i: asked for not null */
    for (size_t w = 0; w < fr_words(run->n); w++) to[w] = (x.valid ? x.valid[w] : UINT64_MAX) ^ flip;
    fr_run_release(run, &x);
    return true;
}

bool fr_check_is_null(fr_checker *c, fr_term *term)
{
    (void)c;
    term->lazy = run_is_null;
    fr_term_yields(term, fr_type_of(FR_BOOL));
    return true;
}
bool fr_check_is_not_null(fr_checker *c, fr_term *term) { return term->i = 1, fr_check_is_null(c, term); }

/* ---- choosing: if, when, coalesce -------------------------------------------------------------------------------- */
/* Copy the values of the rows in `rows` from x to out. */
static void blend(const fr_run *run, fr_phys phys, const uint64_t *rows, const fr_vector *x, fr_vector *out)
{
    size_t width = phys == FR_PHYS_VIEW || phys == FR_PHYS_I128 ? 16 : fr_phys_width(phys);
    for (size_t w = 0; w < fr_words(run->n); w++) {
        uint64_t bits = rows[w], valid = x->valid ? x->valid[w] : UINT64_MAX;
        uint64_t *to = (uint64_t *)out->room + w;
        if (phys == FR_PHYS_BOOL) *to = (*to & ~bits) | (((const uint64_t *)x->values)[w] & bits);
        out->slot->valid[w] = (out->slot->valid[w] & ~bits) | (valid & bits);
    }
    if (phys == FR_PHYS_BOOL || !width || !x->values) return;
    FR_ISA_PICK(fr_blend_kernels)->blend[fr_select_width(width)](out->room, x->values, x->step, rows, run->n);
}

static bool begin_choice(fr_run *run, const fr_term *term, fr_vector *out)
{
    if (!fr_run_slot(run, out)) return false;
    memset(out->slot->valid, 0, sizeof out->slot->valid);
    out->valid = out->slot->valid;
    if (term == run->root && run->target) out->room = run->target, out->values = run->target;
    return true;
}

/* Put the value of `term` into the rows of `rows`. */
static bool choose(fr_run *run, const fr_term *term, const uint64_t *rows, fr_vector *out)
{
    fr_vector x;
    if (!any_bit(rows, fr_words(run->n))) return true;
    if (!run_selected(run, term, rows, &x)) return false;
    blend(run, term->phys, rows, &x, out);
    fr_run_release(run, &x);
    return true;
}

/* when(c1, v1, c2, v2, …, otherwise); `if` is the shortest of these. A null condition counts as false. */
static bool run_when(fr_run *run, const fr_term *term, fr_vector *out)
{
    size_t words = fr_words(run->n), i = 0;
    uint64_t left[FR_VECTOR_WORDS], rows[FR_VECTOR_WORDS];
    bool ok = begin_choice(run, term, out);
    for (size_t w = 0; w < words; w++) left[w] = word_mask(w, run->n);
    for (; ok && i + 1 < term->n_args; i += 2) {
        fr_vector condition;
        for (size_t w = 0; w < words; w++) rows[w] = left[w] & selected_word(run, w);
        if (!(ok = run_selected(run, term->args[i], rows, &condition))) break;
        for (size_t w = 0; w < words; w++) {
            rows[w] =
                left[w] & ((const uint64_t *)condition.values)[w] & (condition.valid ? condition.valid[w] : UINT64_MAX);
            left[w] &= ~rows[w];
            rows[w] &= selected_word(run, w);
        }
        fr_run_release(run, &condition);
        ok = choose(run, term->args[i + 1], rows, out);
    }
    for (size_t w = 0; w < words; w++) left[w] &= selected_word(run, w);
    if (ok && i < term->n_args) ok = choose(run, term->args[i], left, out);
    if (!ok) fr_run_release(run, out);
    return ok;
}

/* The first two in one pass, which writes each row once. `left`: rows asked for, then those that are still null. */
static bool choose_first_two(fr_run *run, const fr_term *term, uint64_t *left, fr_vector *out)
{
    const size_t words = fr_words(run->n), width = term->phys == FR_PHYS_VIEW || term->phys == FR_PHYS_I128
                                                       ? 16 : fr_phys_width(term->phys);
    uint64_t *valid = out->slot->valid, asked[FR_VECTOR_WORDS], first[FR_VECTOR_WORDS];
    fr_vector a, b;
    if (!run_selected(run, term->args[0], left, &a)) return false;
    for (size_t w = 0; w < words; w++) {
        first[w] = a.valid ? a.valid[w] : UINT64_MAX;
        asked[w] = left[w] & ~first[w];
    }
    bool ok = true;
    const bool apart = !a.step || !a.values;
    if (apart || !any_bit(asked, words)) {
        blend(run, term->phys, left, &a, out);
        ok = !apart || choose(run, term->args[1], asked, out);
    } else if ((ok = run_selected(run, term->args[1], asked, &b))) {
        FR_ISA_PICK(fr_blend_kernels)->either[fr_select_width(width)](out->room, a.values, first, b.values, b.step, run->n);
        for (size_t w = 0; w < words; w++) valid[w] = left[w] & (first[w] | (b.valid ? b.valid[w] : UINT64_MAX));
        fr_run_release(run, &b);
    }
    fr_run_release(run, &a);
    for (size_t w = 0; ok && w < words; w++) left[w] &= ~valid[w];
    return ok;
}

static bool run_coalesce(fr_run *run, const fr_term *term, fr_vector *out)
{
    size_t words = fr_words(run->n);
    uint64_t left[FR_VECTOR_WORDS] = { 0 };
    const bool has_two = term->n_args > 1 && term->phys != FR_PHYS_BOOL && term->phys != FR_PHYS_NONE;
    bool ok = begin_choice(run, term, out);
    for (size_t w = 0; ok && w < words; w++) left[w] = selected_word(run, w);
    if (ok && has_two) ok = choose_first_two(run, term, left, out);
    for (size_t i = has_two ? 2 : 0; ok && i < term->n_args; i++) {
        ok = choose(run, term->args[i], left, out);
        for (size_t w = 0; ok && w < words; w++) left[w] &= ~out->slot->valid[w];
    }
    if (!ok) fr_run_release(run, out);
    return ok;
}

bool fr_is_choice(const fr_term *term)
{
    return term->lazy == run_when;
}

bool fr_logic_of(const fr_term *term, fr_reals_op *op)
{
    *op = term->lazy == run_and ? FR_REALS_AND : term->lazy == run_or ? FR_REALS_OR : FR_REALS_NOT;
    return term->lazy == run_and || term->lazy == run_or || term->run == run_not;
}

/* The values of a choice: every second argument and the last one. */
static bool unify_choices(fr_checker *c, fr_term *term)
{
    fr_term *values[FR_MOST_ARGS], **args = term->args;
    size_t n = 0, total = term->n_args;
    for (size_t i = 1; i < total; i += 2) values[n++] = args[i];
    if (total % 2) values[n++] = args[total - 1];
    term->args = values;
    term->n_args = n;
    bool ok = fr_check_unify(c, term, 0, n);
    term->args = args;
    term->n_args = total;
    n = 0;
    for (size_t i = 1; i < total; i += 2) args[i] = values[n++];
    if (total % 2) args[total - 1] = values[n];
    return ok;
}

bool fr_check_when(fr_checker *c, fr_term *term)
{
    for (size_t i = 0; i + 1 < term->n_args; i += 2) {
        fr_kind kind = term->args[i]->type->kind;
        if (kind != FR_BOOL && kind != FR_NULL) return fr_check_wrong(c, term, i, "a condition (true or false)");
        if (!fr_check_as(c, term, i, fr_type_of(FR_BOOL))) return false;
    }
    term->lazy = run_when;
    if (!unify_choices(c, term)) return false;
    fr_choose_whole(term, false);
    return true;
}

bool fr_check_coalesce(fr_checker *c, fr_term *term)
{
    term->lazy = run_coalesce;
    if (!fr_check_unify(c, term, 0, term->n_args)) return false;
    fr_choose_whole(term, true);
    return true;
}

/* nullif(x, y): null where x equals y */
static bool run_nullif(fr_run *run, const fr_term *term, fr_vector *out)
{
    fr_vector x, same;
    const fr_term *equal = term->args[1];
    if (!begin_choice(run, term, out)) return false;
    uint64_t rows[FR_VECTOR_WORDS] = { 0 };
    for (size_t w = 0; w < fr_words(run->n); w++) rows[w] = word_mask(w, run->n);
    if (!fr_run_term(run, term->args[0], &x)) return fr_run_release(run, out), false;
    blend(run, term->phys, rows, &x, out);
    fr_run_release(run, &x);
    if (!fr_run_term(run, equal, &same)) return fr_run_release(run, out), false;
    for (size_t w = 0; w < fr_words(run->n); w++)
        out->slot->valid[w] &= ~(((const uint64_t *)same.values)[w] & (same.valid ? same.valid[w] : UINT64_MAX));
    fr_run_release(run, &same);
    return true;
}

bool fr_check_nullif(fr_checker *c, fr_term *term)
{
    fr_term *equal = fr_check_call(c, term->node, "==", term->args, 2);
    if (!equal) return false;
    fr_kind kind = term->args[0]->type->kind;
    if (kind == FR_LIST || kind == FR_STRUCT) {
        fr_term **parts = fr_arena_array(c->call, &c->typed->arena, 3, sizeof *parts);
        if (!parts || !(parts[1] = fr_check_constant(c, term->node, fr_v_null()))) return false;
        parts[0] = equal;
        parts[2] = term->args[0];
        term->args = parts;
        term->n_args = 3;
        return fr_check_when(c, term);
    }
    term->args[1] = equal;
    term->lazy = run_nullif;
    fr_term_yields(term, term->args[0]->type);
    return true;
}

/* ---- between ----------------------------------------------------------------------------------------------------- */
/* x between a and b = x >= a and x <= b; x is computed twice, which costs less than a third kind of term. */
bool fr_check_between(fr_checker *c, fr_term *term)
{
    fr_term *low[2] = { term->args[0], term->args[1] }, *high[2] = { term->args[0], term->args[2] };
    fr_term **parts = fr_arena_array(c->call, &c->typed->arena, 2, sizeof *parts);
    if (!parts) return false;
    parts[0] = fr_check_call(c, term->node, ">=", low, 2);
    parts[1] = parts[0] ? fr_check_call(c, term->node, "<=", high, 2) : NULL;
    if (!parts[1]) return false;
    term->args = parts;
    term->n_args = 2;
    return fr_check_and(c, term);
}
