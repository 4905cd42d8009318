/* eval_block.c — computes one term for one vector of at most 4096 rows (of more where eval_run.c scans a column).
 *
 * Vectors live in slots, 64 KiB pieces on a free list of the worker, so the few that are alive at once stay in cache. What
 * is in them before is nobody's: clearing the first was half the instructions of a filter of 1,000 rows.
 * Bools are bits and validity is bits: `and` is 64 rows an instruction. Nulls are no matter of the loops: the driver
 * ANDs validity words, the loops compute every lane.
 *
 * Which errors count: `run->selected` marks the rows somebody asked for. `and`, `or`, `if`, `when` and `coalesce`
 * narrow it for the arguments that decide nothing in some rows, and skip arguments that nobody needs at all; so in
 * `a < 1000 and a * a > b` no error comes from the rows where a is large.
 */
#include "expr/eval_mapped.h"

#include "base/threads.h"
#include "data/pieced_column.h"
#include "data/scaled_column.h"
#include "data/text_form.h"
#include "expr/fn.h"
#include "kernel/view_texts.h"

#include <stdio.h>
#include <string.h>

static const uint64_t all_ones[FR_VECTOR_WORDS] = {
#define ONES4 UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX
#define ONES16 ONES4, ONES4, ONES4, ONES4
    ONES16, ONES16, ONES16, ONES16
};
static const uint64_t all_zeros[FR_VECTOR_WORDS];
_Static_assert(FR_VECTOR_WORDS == 64, "all_ones has 64 words");

/* ---- room -----------------------------------------------------------------------------------------------------------
 */
bool fr_run_slot(fr_run *run, fr_vector *out)
{
    *out = (fr_vector){ .step = 1 };
    fr_slot *slot = run->slots;
    if (slot) run->slots = slot->next;
    else if (!(slot = fr_new_undefined(run->call, sizeof *slot))) return false;
    out->slot = slot;
    out->room = slot->values;
    out->values = slot->values;
    return true;
}

void fr_run_release(fr_run *run, fr_vector *vector)
{
    if (!vector->slot) return;
    vector->slot->next = run->slots;
    run->slots = vector->slot;
    vector->slot = NULL;
}

/* Texts of one vector lie in slots as well, all given back when the next vector begins; a very long one is on its
 * own. */
char *fr_run_text(fr_run *run, size_t n)
{
    if (!n) n = 1;                                     /* a text of no bytes still lies somewhere */
    if (n > run->room_left) {
        fr_vector block;
        if (n > sizeof run->slots->values / 4) {
            run->long_texts = true;
            return fr_arena_new(run->call, &run->texts, n);
        }
        if (!fr_run_slot(run, &block)) return NULL;
        block.slot->next = run->text_slots;
        run->text_slots = block.slot;
        run->room = block.room;
        run->room_left = sizeof block.slot->values;
    }
    char *room = run->room;
    run->room += n;
    run->room_left -= n;
    return room;
}

void fr_run_forget_texts(fr_run *run)
{
    while (run->text_slots) {
        fr_slot *slot = run->text_slots;
        run->text_slots = slot->next;
        slot->next = run->slots;
        run->slots = slot;
    }
    run->room = NULL;
    run->room_left = 0;
    if (!run->long_texts) return;
    fr_context *context = run->texts.context;
    fr_arena_clear(&run->texts);
    fr_arena_init(&run->texts, context);
    run->long_texts = false;
}

bool fr_run_fail(fr_run *run, const fr_term *term, size_t i, fr_code code, const char *format, ...)
{
    char room[512];
    if (run->selected && !(run->selected[i >> 6] >> (i & 63) & 1)) return true;
    if (run->failed < 0 || (int64_t)i < run->failed) run->failed = (int64_t)i;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(room, sizeof room, format, args);
    va_end(args);
    return fr_fail_at(run->call,
                      fr_place_at(.source = run->typed->source, .position = term->node ? term->node->position : -1,
                                  .row = run->folding ? 0 : run->base + run->first + (int64_t)i),
                      code, "%s", room);
}

/* ---- leaves ---------------------------------------------------------------------------------------------------------
 */
static void load_constant(const fr_term *term, fr_vector *out)
{
    *out = (fr_vector){ .values = &term->constant, .step = 0, .valid = term->valid ? NULL : all_zeros };
    if (term->phys == FR_PHYS_BOOL) {
        out->values = term->constant.i ? all_ones : all_zeros;
        out->step = 1;
    }
}

static bool load_text(fr_run *run, const fr_column *c, fr_vector *out)
{
    if (!fr_run_slot(run, out)) return false;
    fr_piece *to = out->room;
    const fr_view *views;
    const char *const *bases;
    int64_t first = run->first;
    if (!c->dictionary) {
        views = (const fr_view *)c->values + first;
        bases = c->heap ? c->heap->bases : NULL;
        FR_ISA_PICK(fr_view_text_kernels)->find(to, views, run->n, bases);
        return true;
    }
    views = c->dictionary->values;
    bases = fr_dictionary_bases(c->dictionary);
    if (c->dictionary->length == 0) {
        memset(to, 0, run->n * sizeof *to);
        return true;
    }
#define GATHER(T) for (size_t i = 0; i < run->n; i++) {                                                  \
        const fr_view *view = views + ((const T *)c->values + first)[i];                                  \
        to[i] = (fr_piece){ fr_view_text(view, bases), view->in.length };                                  \
    }
    if (c->phys == FR_PHYS_U8) GATHER(uint8_t)
    else if (c->phys == FR_PHYS_U16) GATHER(uint16_t)
    else GATHER(uint32_t)
#undef GATHER
    return true;
}

static void empty_nulls(const uint64_t *valid, size_t n, fr_piece *texts)
{
    for (size_t w = 0; valid && w < fr_words(n); w++)
        for (uint64_t null = ~fr_valid_word(valid, (int64_t)w * 64, (int64_t)n); null; null &= null - 1) {
            const size_t i = w * 64 + (size_t)__builtin_ctzll(null);
            if (i < n) texts[i].n = 0;
        }
}

enum { FORMED_ROWS = 512 };                /* whose texts are a small part of a slot */

/* Numbers that stand for texts: these are made for the vector (data/text_form.h). */
static bool load_formed(fr_run *run, const fr_column *c, fr_vector *out)
{
    const fr_text_form *form = &c->form->bits;
    fr_vector texts, here = *out;
    if (!fr_run_slot(run, &texts)) return false;
    fr_piece *to = texts.room;
    for (size_t at = 0, n; at < run->n; at += n) {
        n = run->n - at < FORMED_ROWS ? run->n - at : FORMED_ROWS;
        char *room = fr_run_text(run, n * fr_form_stride(form));
        if (!room) return fr_run_release(run, &texts), false;
        fr_form_pieces(form, (const char *)here.values + at * form->width, n, room, to + at);
    }
    empty_nulls(here.valid, run->n, to);
    if (here.valid && here.slot && here.valid == here.slot->valid) {
        memcpy(texts.slot->valid, here.valid, sizeof texts.slot->valid);
        here.valid = texts.slot->valid;
    }
    texts.valid = here.valid;
    fr_run_release(run, &here);
    *out = texts;
    return true;
}

/* The rows of a column as they lie. Those of one in pieces may have to be copied: into a slot. */
static bool lay_out(fr_run *run, const fr_column *c, fr_vector *out)
{
    *out = (fr_vector){ .step = 1 };
    if (c->pieced && !fr_run_slot(run, out)) return false;
    const fr_window_room room = { out->room, out->slot ? out->slot->valid : NULL };
    const fr_window rows = fr_column_window(c, run->first, (int64_t)run->n, &room);
    out->values = rows.values;
    out->valid = rows.valid;
    return true;
}

static void widen(const fr_run *run, const fr_column *c, const void *from, void *out)
{
    fr_i128 *to = out;
    if (c->digits) FR_ISA_PICK(fr_scaled_kernels)->reals(from, run->n, c->digits, out);
    else if (c->type->kind == FR_DECIMAL) for (size_t i = 0; i < run->n; i++) to[i] = ((const int64_t *)from)[i];
    else fr_integers_copy(FR_PHYS_I64, out, c->phys, from, run->n);
}

/* Decimals as 128 bits, integers as their type's 64, scaled numbers as doubles. */
static bool load_wider(fr_run *run, const fr_column *c, fr_vector *out)
{
    fr_vector wide, here = *out;
    if (!fr_run_slot(run, &wide)) return false;
    widen(run, c, here.values, wide.room);
    if (here.slot && here.valid == here.slot->valid) {
        memcpy(wide.slot->valid, here.valid, sizeof wide.slot->valid);
        here.valid = wide.slot->valid;
    }
    wide.valid = here.valid;
    fr_run_release(run, &here);
    *out = wide;
    return true;
}

static bool load_column(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_column *c = term->column;
    if (c->type->kind == FR_NULL) return *out = (fr_vector){ .values = all_zeros, .valid = all_zeros }, true;
    if (!lay_out(run, c, out)) return false;
    const uint64_t *valid = out->valid;
    bool ok = true;
    if (c->form) ok = load_formed(run, c, out);
    else if (term->phys == FR_PHYS_VIEW) ok = load_text(run, c, out), out->valid = valid;
    else if ((term->phys == FR_PHYS_I128 && c->phys != FR_PHYS_I128) || fr_is_narrow(c) || c->digits) ok = load_wider(run, c, out);
    if (!ok) fr_run_release(run, out);
    return ok;
}

bool fr_run_valid(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_column *c = term->kind == FR_TERM_COLUMN ? term->column : NULL;
    return c && c->type->kind != FR_NULL ? lay_out(run, c, out) : fr_run_term(run, term, out);
}

/* ---- calls ----------------------------------------------------------------------------------------------------------
 */
static void and_valid(fr_vector *out, const fr_vector *arg, size_t words)
{
    if (!arg->valid) return;
    uint64_t *valid = out->slot->valid;
    if (!out->valid) memcpy(valid, arg->valid, words * 8);
    else for (size_t w = 0; w < words; w++) valid[w] &= arg->valid[w];
    out->valid = valid;
}

static bool run_argument(fr_run *run, const fr_term *term, const fr_term *arg, fr_vector *out)
{
    const fr_column *narrow = term->takes_narrow ? fr_narrow_integers(arg) : NULL;
    const fr_column *c = term->takes_scaled && !narrow ? fr_scaled_numbers(arg) : narrow;
    if (!c) return fr_run_term(run, arg, out);
    if (!lay_out(run, c, out)) return false;
    if (narrow) out->narrow = c->phys;
    out->digits = c->digits;
    return true;
}

bool fr_run_strict(fr_run *run, const fr_term *term, fr_vector *out)
{
    fr_vector args[FR_MOST_ARGS];
    size_t n = 0;
    bool ok = fr_run_slot(run, out);
    if (ok && term == run->root && run->target) out->room = run->target, out->values = run->target;
    for (; ok && n < term->n_args; n++)
        if (!(ok = run_argument(run, term, term->args[n], args + n))) break;
    for (size_t i = 0; ok && i < n; i++) and_valid(out, args + i, fr_words(run->n));
    ok = ok && term->run(run, term, args, out);
    while (n) fr_run_release(run, args + --n);
    return ok;
}

bool fr_run_term(fr_run *run, const fr_term *term, fr_vector *out)
{
    *out = (fr_vector){ .step = 1 };
    switch (term->kind) {
    case FR_TERM_CONSTANT: return load_constant(term, out), true;
    case FR_TERM_COLUMN: return load_column(run, term, out);
    case FR_TERM_MAPPED: return fr_run_mapped(run, term, out);
    case FR_TERM_CALL: break;
    case FR_TERM_WHOLE: case FR_TERM_AGGREGATE:
        return fr_fail(run->call, FR_ERR_INTERNAL, "a whole-column function was not computed beforehand");
    }
    bool ok = term->lazy ? term->lazy(run, term, out) : fr_run_strict(run, term, out);
    if (!ok) fr_run_release(run, out);
    return ok;
}
