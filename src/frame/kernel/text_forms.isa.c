/* text_forms.isa.c — the loops of text_forms.h, once per instruction set. */
#include "kernel/text_forms.h"

#include <string.h>

/* What of eight registers is put together stays in them. */
enum { LANES = FR_ISA_LEVEL >= 4 ? 8 : FR_ISA_LEVEL == 3 ? 4 : 2, TOGETHER = 8, STEP = LANES * TOGETHER };
typedef uint64_t lanes __attribute__((vector_size(LANES * 8)));
_Static_assert(FR_FORM_ROWS % STEP == 0, "rows are taken by whole registers");

static inline uint64_t ones(unsigned n) { return UINT64_MAX >> (64 - n); }                /* n > 0 */

/* To each of STEP sums n bits of x, moved from one place to another. */
static inline void move_bits(lanes *sums, const uint64_t *x, unsigned from, unsigned to, unsigned n)
{
    for (size_t k = 0; k < TOGETHER; k++) {
        lanes some;
        memcpy(&some, x + k * LANES, sizeof some);
        sums[k] |= ((some >> from) & ones(n)) << to;
    }
}

static bool numbers(const fr_text_form *form, const fr_form_words *words, size_t n, uint64_t *out)
{
    uint64_t strange = 0;
    for (size_t at = 0; at < FR_FORM_ROWS; at += STEP) {
        lanes sums[TOGETHER] = { { 0 } };
        for (const fr_form_run *run = form->runs, *end = run + form->n_runs; run < end; run++)
            move_bits(sums, words->at[run->word] + at, run->from, run->to, run->n);
        memcpy(out + at, sums, sizeof sums);
    }
    for (size_t w = 0; w < form->n_words; w++) {
        const uint64_t fixed = form->within[w] & ~form->mask[w], base = form->base[w];
        for (size_t i = 0; i < n; i++) strange |= (words->at[w][i] ^ base) & fixed;
    }
    return !strange;
}

/* Numbers as eight bytes each, those behind the last one zero. */
static void widen(const fr_text_form *form, const void *from, size_t n, uint64_t *to)
{
    if (form->width == 8) {
        memcpy(to, from, n * 8);
    } else {
        for (size_t i = 0; i < n; i++) to[i] = ((const uint32_t *)from)[i];
    }
    if (n < FR_FORM_ROWS) memset(to + n, 0, (FR_FORM_ROWS - n) * 8);
}

static void words(const fr_text_form *form, const void *from, size_t n, fr_form_words *out)
{
    uint64_t wide[FR_FORM_ROWS];
    widen(form, from, n, wide);
    for (size_t at = 0; at < FR_FORM_ROWS && at < n; at += STEP) {
        const fr_form_run *run = form->runs, *end = run + form->n_runs;
        for (unsigned w = 0; w < form->n_words; w++) {
            lanes sums[TOGETHER];
            for (size_t k = 0; k < TOGETHER; k++) sums[k] = form->base[w] | (lanes){ 0 };
            for (; run < end && run->word == w; run++) move_bits(sums, wide + at, run->to, run->from, run->n);
            memcpy(out->at[w] + at, sums, sizeof sums);
        }
    }
}

const fr_text_form_kernels FR_ISA_NAME(fr_text_form_kernels) = { .numbers = numbers, .words = words };
