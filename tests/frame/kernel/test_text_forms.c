/* Texts as numbers of the bits in which they differ, at every level of instructions, against moving bit by bit. */
#include "kernel/text_forms.h"

#include <string.h>

#include "support/columns.h"
#include "support/test.h"

/* A form of texts of that length, of which at most `bits` bits differ. */
static fr_text_form some_form(uint32_t length, unsigned bits, uint64_t *state)
{
    fr_text_form form = { .length = length, .n_words = (length + 7) / 8, .width = bits <= 32 ? 4 : 8 };
    for (unsigned i = 0; i < bits; i++) {
        const unsigned at = (unsigned)(fr_test_random(state) % (8 * length));
        form.mask[at / 64] |= (uint64_t)1 << at % 64;
    }
    unsigned to = 0;
    for (unsigned at = 0; at < 64 * form.n_words; at++) {
        const uint64_t bit = (uint64_t)1 << at % 64;
        if (at < 8 * length) form.within[at / 64] |= bit;
        if (at < 8 * length && !(form.mask[at / 64] & bit) && fr_test_random(state) % 2) form.base[at / 64] |= bit;
        if (!(form.mask[at / 64] & bit)) continue;
        fr_form_run *last = form.n_runs ? &form.runs[form.n_runs - 1] : NULL;
        if (last && last->word == at / 64 && last->from + last->n == at % 64) last->n++;
        else form.runs[form.n_runs++] = (fr_form_run){ (uint8_t)(at / 64), (uint8_t)(at % 64), (uint8_t)to, 1 };
        to++;
    }
    return form;
}

static uint64_t slow_number(const fr_text_form *form, const fr_form_words *words, size_t i)
{
    uint64_t number = 0;
    for (unsigned at = 0, to = 0; at < 64 * form->n_words; at++)
        if (form->mask[at / 64] >> at % 64 & 1) number |= (words->at[at / 64][i] >> at % 64 & 1) << to++;
    return number;
}

static void check(const fr_text_form_kernels *k, const fr_text_form *form, size_t n, uint64_t *state)
{
    fr_form_words words, again;
    uint64_t numbers[FR_FORM_ROWS], narrow_room[FR_FORM_ROWS];
    uint32_t *narrow = (uint32_t *)(void *)narrow_room;
    for (unsigned w = 0; w < form->n_words; w++)
        for (size_t i = 0; i < FR_FORM_ROWS; i++)       /* behind the text, and behind the last one, lies anything */
            words.at[w][i] = form->base[w] | (fr_test_random(state) & (form->mask[w] | (i < n ? ~form->within[w] : UINT64_MAX)));
    CHECK(k->numbers(form, &words, n, numbers));
    for (size_t i = 0; i < n; i++) {
        const uint64_t expected = slow_number(form, &words, i);
        if (numbers[i] != expected) CHECK(false);
    }
    for (size_t i = 0; i < n; i++) narrow[i] = (uint32_t)numbers[i];
    k->words(form, form->width == 4 ? (const void *)narrow : numbers, n, &again);
    for (unsigned w = 0; w < form->n_words; w++)
        for (size_t i = 0; i < n; i++)
            if (again.at[w][i] != (words.at[w][i] & form->within[w])) CHECK(false);
    if (!n) return;
    const unsigned at = (unsigned)(fr_test_random(state) % (8 * form->length));       /* another text: a bit is otherwise */
    if (form->mask[at / 64] >> at % 64 & 1) return;
    words.at[at / 64][n - 1] ^= (uint64_t)1 << at % 64;
    CHECK(!k->numbers(form, &words, n, numbers));
}

TEST(numbers_of_texts_are_their_differing_bits_at_every_level)
{
    static const size_t rows[] = { 0, 1, 3, 7, 8, 9, 63, 64 };
    uint64_t state = 7;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (uint32_t length = 1; length <= FR_FORM_BYTES; length++)
            for (unsigned bits = 0; bits <= 64; bits += 8)
                for (size_t i = 0; i < FR_COUNT_OF(rows); i++) {
                    const fr_text_form form = some_form(length, bits < 8 * length ? bits : 8 * length, &state);
                    check(FR_ISA_AT(fr_text_form_kernels, isa), &form, rows[i], &state);
                }
}
